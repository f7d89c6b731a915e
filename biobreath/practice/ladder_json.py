"""Ladder entries as plain tables for storing; what comes back is checked as a stranger's."""

from dataclasses import asdict

from biobreath.practice.ladder import (
    Attempt,
    Entry,
    Plan,
    Step,
    StepAdded,
    StepEdited,
    StepRemoved,
    StepsOrdered,
    StepSplit,
    StepTried,
)
from biobreath.practice.plain_tables import (
    BadTable,
    Table,
    as_table,
    inner,
    maybe_number,
    number,
    several,
    whole,
    words,
    yes,
)

_LONGEST_ID = 64
_MOST_STEPS = 50
_LONGEST_STEP_S = 4 * 3600.0
LAST_T = 1e11
"""UTC seconds; a year beyond 5000 is no time at which somebody tried a step."""


def entry_to_table(entry: Entry) -> dict[str, object]:
    """Return an entry as a table of plain values."""
    match entry:
        case StepAdded(step, above):
            return {"do": "added", "step": asdict(step), "above": above}
        case StepEdited(step):
            return {"do": "edited", "step": asdict(step)}
        case StepRemoved(step_id):
            return {"do": "removed", "step_id": step_id}
        case StepsOrdered(step_ids):
            return {"do": "ordered", "step_ids": list(step_ids)}
        case StepSplit(step_id, parts):
            return {"do": "split", "step_id": step_id, "parts": [asdict(part) for part in parts]}
        case StepTried(attempt):
            told = asdict(attempt)
            del told["reply"]
            return {"do": "tried", "attempt": told}


def entry_from_table(value: object) -> Entry:
    """Read an entry; raise ValueError in plain words for anything that is none."""
    table = as_table(value, "an entry of the ladder")
    do = words(table, "do", most=20)
    match do:
        case "added":
            above = None if table.get("above") is None else _id(table, "above")
            return StepAdded(_step(inner(table, "step")), above)
        case "edited":
            return StepEdited(_step(inner(table, "step")))
        case "removed":
            return StepRemoved(_id(table, "step_id"))
        case "ordered":
            return StepsOrdered(_ids(table))
        case "split":
            parts = several(table, "parts", _MOST_STEPS)
            steps = tuple(_step(as_table(part, "a part of a step")) for part in parts)
            return StepSplit(_id(table, "step_id"), steps)
        case "tried":
            return StepTried(_attempt(inner(table, "attempt")))
        case _:
            raise ValueError(f"“{do}” is not something a ladder knows")


def _id(table: Table, key: str) -> str:
    return words(table, key, most=_LONGEST_ID)


def _ids(table: Table) -> tuple[str, ...]:
    items = several(table, "step_ids", _MOST_STEPS)
    return tuple(_id({"step_ids": item}, "step_ids") for item in items)


def _step(table: Table) -> Step:
    return Step(
        id=_id(table, "id"),
        text=words(table, "text"),
        fear=number(table, "fear", 0, 10),
        seconds=maybe_number(table, "seconds", 1, _LONGEST_STEP_S),
    )


def _attempt(table: Table) -> Attempt:
    skipped = table.get("came_true") is None
    return Attempt(
        step_id=_id(table, "step_id"),
        t=number(table, "t", 0, LAST_T),
        prediction=words(table, "prediction", empty=True),
        sure_before=maybe_number(table, "sure_before", 0, 100),
        came_true=None if skipped else whole(table, "came_true", 0, 3),
        surprise=words(table, "surprise", empty=True),
        sure_after=maybe_number(table, "sure_after", 0, 100),
        fear_before=maybe_number(table, "fear_before", 0, 10),
        fear_after=maybe_number(table, "fear_after", 0, 10),
        sensation_before=maybe_number(table, "sensation_before", 0, 10),
        sensation_after=maybe_number(table, "sensation_after", 0, 10),
        stopped=yes(table, "stopped"),
        varied=yes(table, "varied"),
        imagined=yes(table, "imagined"),
        was_much=yes(table, "was_much"),
        plan=_plan(table),
    )


def _plan(table: Table) -> Plan | None:
    if table.get("plan") is None:
        return None
    plan = words(table, "plan", most=20)
    if plan not in list(Plan):
        raise BadTable(f"“{plan}” is no plan for next time")
    return Plan(plan)
