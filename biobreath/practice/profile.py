"""What a person told of themselves, folded from the journal: it decides what they are offered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from biobreath.practice.entries import Contact, Dated, FlagsTold, Preferred, SafetyWords
from biobreath.practice.plain_tables import Table, several, words

FLAGS = frozenset(
    {
        "hrv_off",
        "gentle_breath",
        "hide_heart",
        "anchor_outside",
        "eyes_open",
        "short_sessions",
        "no_body_focus",
        "pain_checked",
        "no_exposure",
    }
)
"""Everything a flag can say; PRACTICE.md tells what each means."""

GENTLE_BREATH = "gentle_breath"
HRV_OFF = "hrv_off"
PAIN_CHECKED = "pain_checked"
SOFTER_FLAGS = FLAGS - {PAIN_CHECKED}
"""Those that only make things softer; the other opens what needs a health worker's word."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the questions of the first start; ``yes_flags`` and ``no_flags`` follow an answer."""

    id: str
    ask: str
    yes_flags: tuple[str, ...]
    no_flags: tuple[str, ...] = ()
    tell: str = ""

    @classmethod
    def from_table(cls, table: Table) -> "Question":
        """Read one ``[[question]]``; raise ValueError in plain words where it makes no sense."""
        return cls(
            words(table, "id", most=40),
            words(table, "ask"),
            _flags(table, "yes_flags"),
            _flags(table, "no_flags") if "no_flags" in table else (),
            words(table, "tell", empty=True),
        )


def _flags(table: Table, key: str) -> tuple[str, ...]:
    found = tuple(words({key: flag}, key, most=40) for flag in several(table, key, len(FLAGS)))
    for flag in found:
        if flag not in FLAGS:
            raise ValueError(f"“{flag}” in “{key}” is not a flag")
    return found


def answers_to_flags(
    questions: Iterable[Question], answers: Mapping[str, bool | None]
) -> frozenset[str]:
    """Return the flags that follow from the answers; None or no answer is "prefer not to say".

    That sets no flag, but it grants nothing either: where a plain no has consequences, they hold.
    """
    found: set[str] = set()
    for question in questions:
        said_yes = answers.get(question.id) is True
        found.update(question.yes_flags if said_yes else question.no_flags)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Profile:
    """What holds now.

    ``safety_words`` are the reasons to feel safe, active ones first, each group in the order in
    which it was first written. ``told`` are the questions that were answered; ``contacts`` the
    people to turn to, as they were written down.
    """

    flags: frozenset[str] = frozenset()
    safety_words: tuple[SafetyWords, ...] = ()
    preferences: Mapping[str, str] = field(default_factory=dict[str, str])
    told: frozenset[str] = frozenset()
    contacts: tuple[Contact, ...] = ()


def profile_of(entries: Iterable[Dated]) -> Profile:
    """Fold the journal, oldest entry first; flags that nobody knows are left out."""
    told = FlagsTold(())
    reasons: dict[str, SafetyWords] = {}
    contacts: dict[str, Contact] = {}
    preferences: dict[str, str] = {}
    for dated in entries:
        match dated.entry:
            case FlagsTold() as told:
                pass
            case SafetyWords() as reason:
                reasons[reason.id] = reason
            case Contact() as contact:
                contacts[contact.id] = contact
            case Preferred(what, value):
                preferences.pop(what, None)
                if value:
                    preferences[what] = value
            case _:
                pass
    return Profile(
        flags=FLAGS.intersection(told.flags),
        safety_words=tuple(sorted(reasons.values(), key=lambda reason: not reason.active)),
        preferences=preferences,
        told=frozenset(told.told),
        contacts=tuple(contact for contact in contacts.values() if contact.active),
    )
