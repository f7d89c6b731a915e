"""Reasons to stop, and what each does: the same in every practice."""

from dataclasses import dataclass

from biobreath.practice.phase_reading import changes_of
from biobreath.practice.plain_tables import BadTable, Table, inner, number, words, yes
from biobreath.practice.rules import Change


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason to stop: what is said, where it leads, and what changes next time.

    ``goto`` leads on inside of the practice; ``quiet_s`` is so long a time of free, small breath,
    after which it ends; ``show`` is a card, after which it ends.
    """

    id: str
    label: str
    tell: str
    goto: str = ""
    quiet_s: float = 0.0
    show: str = ""
    changes: tuple[Change, ...] = ()

    @classmethod
    def from_table(cls, table: Table) -> "Stop":
        """Read one ``[[stop]]``; raise ``BadTable`` in plain words."""
        then = inner(table, "then")
        goto = words(then, "goto", most=40, empty=True)
        quiet = number(then, "seconds", 10, 600) if "pattern" in then else 0.0
        show = words(then, "show", most=40, empty=True)
        if goto not in ("", "ground", "rest"):
            raise BadTable("“goto” may be ground or rest: every practice has them")
        if show not in ("", "red_flags.emergency"):
            raise BadTable(f"“show” does not know “{show}”")
        if not (goto or quiet or (show and yes(then, "end"))):
            raise BadTable("“then” leads nowhere")
        return cls(
            id=words(table, "id", most=40),
            label=words(table, "label", most=80),
            tell=words(table, "tell"),
            goto=goto,
            quiet_s=quiet,
            show=show,
            changes=changes_of(inner(table, "next_time")) if "next_time" in table else (),
        )


ALWAYS = (
    Stop("dizzy", "Dizzy or tingling", "Let your breath be small and quiet.", quiet_s=120.0),
    Stop("panic", "Too much", "Let us stop here. You are in charge.", goto="ground"),
    Stop(
        "chest",
        "Chest pain, fainting, or hard to breathe",
        "Please stop and call your emergency number now.",
        show="red_flags.emergency",
    ),
)
"""Where the content cannot be read: stopping must always work."""


def stops_of(items: list[Stop]) -> tuple[Stop, ...]:
    """Return the reasons that were read, with those that must never be missing."""
    known = {stop.id for stop in items}
    return (*items, *(stop for stop in ALWAYS if stop.id not in known))
