"""What a person tells of themselves: answers, reasons to feel safe, people to turn to, lessons."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from biobreath.app.memory import Memory
from biobreath.practice.entries import (
    Contact,
    FlagsTold,
    LessonChecked,
    LessonRead,
    Preferred,
    SafetyWords,
)
from biobreath.practice.profile import answers_to_flags

_WELCOMED = "welcome"


class AboutPerson:
    """Keeps what is told, and tells it again."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    # -- lessons ---------------------------------------------------------------------------

    def lessons_read(self) -> frozenset[str]:
        """Return which lessons were read to their end."""
        told = (dated.entry for dated in self._memory.entries)
        return frozenset(entry.lesson_id for entry in told if isinstance(entry, LessonRead))

    def lesson_read(self, lesson_id: str) -> None:
        """Keep that a lesson was read."""
        self._memory.write(LessonRead(lesson_id))

    def lesson_thought(self, lesson_id: str, question: int, option: int) -> None:
        """Keep an answer of a lesson; it is for the person only and counts for nothing."""
        self._memory.write(LessonChecked(lesson_id, question, option))

    # -- about me --------------------------------------------------------------------------

    def answers(self) -> dict[str, bool | None]:
        """Return what the person answered so far, by question."""
        said = {"yes": True, "no": False, "rather_not": None}
        told = (one.partition("=") for one in self._memory.profile.told)
        return {question: said[word] for question, _, word in told if word in said}

    def answer(self, question_id: str, value: bool | None) -> None:  # noqa: FBT001  an answer
        """Keep an answer; what follows from all answers together holds from now on."""
        answers = {**self.answers(), question_id: value}
        flags = answers_to_flags(self._memory.content.questions, answers)
        words = {True: "yes", False: "no", None: "rather_not"}
        self.tell_flags(flags, [f"{one}={words[said]}" for one, said in answers.items()])

    def tell_flags(self, flags: Iterable[str], told: Iterable[str]) -> None:
        """Keep what the person told of themselves."""
        self._memory.write(FlagsTold(tuple(sorted(flags)), tuple(sorted(told))))

    @property
    def was_welcomed(self) -> bool:
        """Whether the first card of all was answered, or put away."""
        profile = self._memory.profile
        return bool(profile.told or profile.preferences.get(_WELCOMED))

    def welcomed(self) -> None:
        """Keep that the first card need not come again."""
        self._memory.write(Preferred(_WELCOMED, "seen"))

    def reasons(self) -> list[tuple[str, str]]:
        """Return the person's own reasons to feel safe, by id and words."""
        return [(one.id, one.text) for one in self._memory.profile.safety_words if one.active]

    def add_reason(self, text: str) -> None:
        """Keep a reason to feel safe."""
        self._memory.write(SafetyWords(id_of(text), text, source="about_me"))

    def remove_reason(self, reason_id: str) -> None:
        """Put a reason away."""
        found = next(
            (one for one in self._memory.profile.safety_words if one.id == reason_id), None
        )
        if found is not None:
            self._memory.write(replace(found, active=False))

    def contacts(self) -> list[tuple[str, str]]:
        """Return the people to turn to, by id and words."""
        return [(one.id, one.text) for one in self._memory.profile.contacts]

    def add_contact(self, text: str) -> None:
        """Keep somebody to turn to."""
        self._memory.write(Contact(id_of(text), text))

    def remove_contact(self, contact_id: str) -> None:
        """Put a contact away."""
        found = next((one for one in self._memory.profile.contacts if one.id == contact_id), None)
        if found is not None:
            self._memory.write(replace(found, active=False))

    def prefer_lighter(self, *, on: bool) -> None:
        """Begin with the lighter pace from now on, or as it was made."""
        self._memory.write(Preferred("pattern", "gentle" if on else ""))


def id_of(text: str) -> str:
    """Return an id by which the same sentence is kept once."""
    return sha256(text.casefold().encode()).hexdigest()[:32]
