"""Reading the parts and the rules of a pack, each key checked by what its type may have."""

from collections.abc import Callable, Sequence
from typing import Any

from biobreath.practice.display import Display
from biobreath.practice.phases import (
    COMPARISONS,
    Line,
    Option,
    Phase,
    PhaseType,
    Question,
    Timeout,
    When,
)
from biobreath.practice.plain_tables import (
    BadTable,
    Table,
    as_table,
    inner,
    number,
    several,
    whole,
    words,
    yes,
)
from biobreath.practice.profile import SOFTER_FLAGS
from biobreath.practice.rules import RISES, About, Change, If, Rule, Then

LONGEST_LINE = 400
LONGEST_S = 3600.0
_MOST = 40
_TINY = 40

GROUND = "core.safety#ground"
SAFETY_LIST = "safety_list"
SHOWS = ("red_flags", "support")
PICTURES = ("ladder.current", "easy", "target.small", "target.full", "target.life", "choice.")
DOES = ("pick", "predict", "act", "learn", "plan")
MODES = ("laterality", "watch", "imagine", "scene")
FEELS = ("ease", "sensation", "pleasant")


def one_of(table: Table, key: str, allowed: Sequence[str], *, default: str | None = None) -> str:
    """Return the word under ``key``, one of ``allowed``; ``default`` where there is none."""
    if default is not None and key not in table:
        return default
    found = words(table, key, most=_TINY)
    if found not in allowed:
        raise BadTable(f"“{key}” is “{found}”; it may be {', '.join(allowed)}")
    return found


def name_of(table: Table, key: str, *, empty: bool = False) -> str:
    """Return an id under ``key``."""
    return words(table, key, most=80, empty=empty)


def _list(table: Table, key: str, most: int = _MOST) -> tuple[str, ...]:
    if key not in table:
        return ()
    return tuple(words({key: item}, key) for item in several(table, key, most))


# --- parts -------------------------------------------------------------------------------------

_COMMON = frozenset(("id", "type", "title", "seconds", "stretch", "skip")) | frozenset(
    ("side", "next", "when", "display", "lines")
)
_OF_TYPE: dict[PhaseType, frozenset[str]] = {
    PhaseType.PROMPT: frozenset({"use", "read"}),
    PhaseType.BREATHE: frozenset({"pattern"}),
    PhaseType.TIMER: frozenset(),
    PhaseType.BODY_MAP: frozenset(
        ("select", "feel", "ask", "qualities", "qualities_max", "outside_option", "none_option")
    ),
    PhaseType.RATING: frozenset({"scales", "compare_to"}),
    PhaseType.CHOICE: frozenset({"ask", "options", "multi", "save_as", "timeout"}),
    PhaseType.LADDER_STEP: frozenset(
        ("do", "ask", "ask_2", "options", "examples", "scale", "timer")
    ),
    PhaseType.IMAGERY: frozenset(("mode", "picture", "set", "trials", "seconds_each", "reps")),
    PhaseType.QUIZ: frozenset({"questions"}),
    PhaseType.JOURNAL: frozenset(("ask", "hint", "chips", "fields", "save_as", "win")),
}


def phase_of(table: Table) -> Phase:
    """Read one ``[[phase]]``; raise ``BadTable`` in plain words."""
    kind = PhaseType(one_of(table, "type", tuple(PhaseType)))
    odd = sorted(set(table) - _COMMON - _OF_TYPE[kind])
    if odd:
        raise BadTable(f"“{odd[0]}” does not belong to a part of the type “{kind}”")
    common: dict[str, Any] = {
        "id": name_of(table, "id"),
        "type": kind,
        "title": words(table, "title", most=80),
        "seconds": number(table, "seconds", 1, LONGEST_S) if "seconds" in table else None,
        "stretch": yes(table, "stretch"),
        "skip": yes(table, "skip"),
        "side": yes(table, "side"),
        "next": name_of(table, "next", empty=True),
        "when": When.parse(words(table, "when", most=80)) if "when" in table else None,
        "display": Display(one_of(table, "display", tuple(Display)))
        if "display" in table
        else None,
        "lines": _lines(table),
    }
    phase = Phase(**common, **_READERS[kind](table))
    _check_times(phase)
    return phase


def _lines(table: Table) -> tuple[Line, ...]:
    if "lines" not in table:
        return ()
    return tuple(_line(as_table(item, "a line")) for item in several(table, "lines", _MOST))


def _line(table: Table) -> Line:
    source = one_of(table, "from", (SAFETY_LIST,), default="")
    return Line(
        at_s=number(table, "at", 0, LONGEST_S),
        text=words(table, "text", most=LONGEST_LINE),
        if_flag=words(table, "if", most=_TINY, empty=True),
        if_not=words(table, "if_not", most=_TINY, empty=True),
        source=source,
    )


def _check_times(phase: Phase) -> None:
    times = [line.at_s for line in phase.lines]
    if times != sorted(times):
        raise BadTable("its lines are not in the order of their times")
    if phase.seconds is not None and times and times[-1] > phase.seconds:
        raise BadTable("a line comes after its end")
    paced = phase.type in (PhaseType.BREATHE, PhaseType.TIMER)
    spoken = phase.type is PhaseType.PROMPT and not phase.use
    if (paced or spoken) and phase.seconds is None:
        raise BadTable("“seconds” is missing")
    if spoken and not phase.lines:
        raise BadTable("“lines” is missing")


def _prompt(table: Table) -> dict[str, Any]:
    return {"use": one_of(table, "use", (GROUND,), default=""), "read": yes(table, "read")}


def _breathe(table: Table) -> dict[str, Any]:
    return {"pattern": name_of(table, "pattern")}


def _timer(_table: Table) -> dict[str, Any]:
    return {}


def _body_map(table: Table) -> dict[str, Any]:
    return {
        "many": one_of(table, "select", ("one", "many")) == "many",
        "feel": one_of(table, "feel", FEELS),
        "ask": words(table, "ask"),
        "qualities": _list(table, "qualities"),
        "qualities_max": whole(table, "qualities_max", 0, 12) if "qualities_max" in table else 0,
        "outside_option": words(table, "outside_option", empty=True),
        "none_option": words(table, "none_option", empty=True),
    }


def _rating(table: Table) -> dict[str, Any]:
    scales = _list(table, "scales", 3)
    if not scales:
        raise BadTable("“scales” is missing")
    return {"scales": scales, "compare_to": name_of(table, "compare_to", empty=True)}


def _choice(table: Table) -> dict[str, Any]:
    items = several(table, "options", 20)
    options = tuple(_option(as_table(item, "an option")) for item in items)
    ids = [option.id for option in options]
    if len(options) < 2 or len(ids) != len(set(ids)):
        raise BadTable("a choice needs two options or more, each with an id of its own")
    timeout = None
    if "timeout" in table:
        wait = inner(table, "timeout")
        timeout = Timeout(number(wait, "seconds", 5, LONGEST_S), one_of(wait, "pick", ids))
    return {
        "ask": words(table, "ask"),
        "options": options,
        "many": yes(table, "multi"),
        "save_as": one_of(table, "save_as", (SAFETY_LIST,), default=""),
        "timeout": timeout,
    }


def _option(table: Table) -> Option:
    return Option(
        id=name_of(table, "id"),
        label=words(table, "label", most=160),
        goto=name_of(table, "goto", empty=True),
        say=words(table, "say", empty=True),
        show=one_of(table, "show", SHOWS, default=""),
        stop=name_of(table, "stop", empty=True),
        set_flags=_flags(table, "set_flags"),
        input=yes(table, "input"),
    )


def _flags(table: Table, key: str) -> tuple[str, ...]:
    """Read flags that make a practice softer: that a pain was checked only the person can tell."""
    found = _list(table, key)
    for flag in found:
        if flag not in SOFTER_FLAGS:
            raise BadTable(f"“{key}” may not set “{flag}”")
    return found


def _ladder_step(table: Table) -> dict[str, Any]:
    return {
        "do": one_of(table, "do", DOES),
        "ask": words(table, "ask", empty=True),
        "ask_2": words(table, "ask_2", empty=True),
        "labels": _list(table, "options"),
        "examples": _list(table, "examples"),
        "scale": name_of(table, "scale", empty=True),
        "timer": one_of(table, "timer", ("ladder.current.seconds",), default=""),
    }


def _imagery(table: Table) -> dict[str, Any]:
    mode = one_of(table, "mode", MODES)
    picture = name_of(table, "picture", empty=True)
    if picture and not (picture in PICTURES or picture.startswith("choice.")):
        raise BadTable(f"there is no picture “{picture}”")
    laterality = mode == "laterality"
    if not laterality and "seconds" not in table:
        raise BadTable("“seconds” is missing")
    return {
        "mode": mode,
        "picture": picture,
        "picture_set": name_of(table, "set", empty=not laterality),
        "trials": whole(table, "trials", 1, 100) if laterality else 0,
        "seconds_each": number(table, "seconds_each", 1, 120) if laterality else 0.0,
        "reps": whole(table, "reps", 1, 50) if "reps" in table else 0,
    }


def _quiz(table: Table) -> dict[str, Any]:
    items = several(table, "questions", 10)
    if not items:
        raise BadTable("“questions” is empty")
    return {"questions": tuple(question_of(as_table(item, "a question")) for item in items)}


def question_of(table: Table) -> Question:
    """Read a question with its answers; raise ``BadTable`` in plain words."""
    options = _list(table, "options", 8)
    if len(options) < 2:
        raise BadTable("a question needs two answers or more")
    return Question(
        ask=words(table, "ask"),
        options=options,
        answer=whole(table, "answer", 0, len(options) - 1),
        why=words(table, "why"),
    )


def _journal(table: Table) -> dict[str, Any]:
    return {
        "ask": words(table, "ask"),
        "hint": words(table, "hint", empty=True),
        "chips": _list(table, "chips"),
        "fields": whole(table, "fields", 1, 5) if "fields" in table else 1,
        "save_as": one_of(table, "save_as", (SAFETY_LIST,), default=""),
        "win": yes(table, "win"),
    }


_READERS: dict[PhaseType, Callable[[Table], dict[str, Any]]] = {
    PhaseType.PROMPT: _prompt,
    PhaseType.BREATHE: _breathe,
    PhaseType.TIMER: _timer,
    PhaseType.BODY_MAP: _body_map,
    PhaseType.RATING: _rating,
    PhaseType.CHOICE: _choice,
    PhaseType.LADDER_STEP: _ladder_step,
    PhaseType.IMAGERY: _imagery,
    PhaseType.QUIZ: _quiz,
    PhaseType.JOURNAL: _journal,
}


# --- rules -------------------------------------------------------------------------------------


def rule_of(table: Table) -> Rule:
    """Read one ``[[rule]]``; raise ``BadTable`` in plain words."""
    return Rule(
        after=name_of(table, "after"),
        condition=_if(inner(table, "if")),
        then=_then(inner(table, "then")),
    )


def _if(table: Table) -> If:
    about = next((one for one in About if one in table), None)
    if about is None:
        raise BadTable("“if” looks at a scale, a choice or a value_of")
    compared = about is not About.CHOICE
    op = one_of(table, "op", (*COMPARISONS, *RISES)) if compared else "=="
    if op in RISES and "from" not in table:
        raise BadTable(f"“{op}” needs “from”, the part to compare with")
    return If(
        about=about,
        name=name_of(table, about),
        op=op,
        value=number(table, "value", -100, 100) if compared else 0.0,
        earlier=name_of(table, "from", empty=True),
        sessions=whole(table, "sessions", 1, 50) if "sessions" in table else 1,
        days=number(table, "days", 1, 366) if "days" in table else None,
    )


def _then(table: Table) -> Then:
    odd = sorted(set(table) - {"goto", "offer", "suggest", "say", "show", "next_time"})
    if odd or not table:
        raise BadTable(f"“then” does not know “{odd[0]}”" if odd else "“then” is empty")
    return Then(
        goto=name_of(table, "goto", empty=True),
        offer=name_of(table, "offer", empty=True),
        suggest=name_of(table, "suggest", empty=True),
        say=words(table, "say", empty=True),
        show=one_of(table, "show", SHOWS, default=""),
        changes=changes_of(inner(table, "next_time")) if "next_time" in table else (),
    )


def changes_of(table: Table) -> tuple[Change, ...]:
    """Read a ``next_time``: what will be different; raise ``BadTable`` in plain words."""
    found: list[Change] = []
    for key in table:
        match key:
            case "ladder" | "imagery_level":
                found.append(Change(key, one_of(table, key, ("down",))))
            case "pattern" | "goto":
                found.append(Change(key, name_of(table, key)))
            case "max_minutes" | "easier":
                found.append(Change(key, str(whole(table, key, 1, 60))))
            case "flags":
                found += [Change("flag", flag) for flag in _flags(table, key)]
            case "shorten":
                share = number(table, "by", 0.1, 1.0)
                found += [Change("shorten", f"{one}:{share:g}") for one in _list(table, key)]
            case "by":
                pass
            case _:
                raise BadTable(f"“next_time” does not know “{key}”")
    return tuple(found)
