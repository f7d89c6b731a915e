"""What a sitting with a practice shows first afterwards, as its pack asks: words before numbers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from biobreath.practice.body import REGIONS
from biobreath.practice.display import NO_WAVE_FLAGS
from biobreath.practice.imagery import LEVELS
from biobreath.practice.ladder_words import Learned
from biobreath.practice.laterality import GameResult
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastSitting
from biobreath.practice.phases import PhaseType

_NAMES = {
    "sensation": "The feeling",
    "bother": "How much it bothered you",
    "fear": "On guard",
    "peace": "Peace",
    "warmth": "Warmth",
    "confidence": "How sure of the step",
    "prediction": "How sure of the guess",
    "hurt_harm": "How sure that hurt means harm",
    "vivid": "How real the picture felt",
}
_REGION_NAMES = {region.id: region.name for region in REGIONS}


@dataclass(frozen=True, slots=True)
class LookedBackOn:
    """A practice in words: what comes first, what follows, and what is folded away."""

    title: str
    words: str
    first: tuple[str, ...]
    then: tuple[str, ...]
    folded: tuple[str, ...]
    shows_heart: bool
    """Whether the heart is shown with it, or folded away."""
    learned: Learned | None = None
    """What was feared and what happened, where a step was taken."""


def looked_back_on(
    pack: Pack,
    past: PastSitting,
    level: int | None = None,
    learned: Learned | None = None,
    flags: Collection[str] = (),
) -> LookedBackOn:
    """Put an earlier sitting into words, in the order of the pack that was played then.

    ``level`` was practised in the mind, ``learned`` in a step; ``flags`` hold now.
    """
    order = pack.looked_back
    hidden = bool(NO_WAVE_FLAGS & {*past.flags, *flags})
    in_sight = any(name.startswith("heart") for name in (*order.first, *order.then))
    return LookedBackOn(
        title=pack.title,
        words=order.words,
        first=_lines(order.first, pack, past, level),
        then=_lines(order.then, pack, past, level),
        folded=_lines(order.folded, pack, past, level),
        shows_heart=in_sight and not hidden,
        learned=learned,
    )


def _lines(
    names: tuple[str, ...], pack: Pack, past: PastSitting, level: int | None
) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        tell = _TELL.get(name.partition(".")[0], _rating_line)
        found += tell(name, pack, past) if name != "imagery_level" else _level_lines(level)
    return tuple(line for line in found if line)


def _level_lines(level: int | None) -> list[str]:
    return [] if level is None else [f"You practised {LEVELS[level]}."]


def _rating_line(name: str, _pack: Pack, past: PastSitting) -> list[str]:
    """Say a scale before and after; what was skipped is left out."""
    told = [rating for rating in past.ratings if rating.scale == name and rating.value is not None]
    if name not in _NAMES or not told:
        return []
    before = next((one.value for one in told if one.phase == "before"), None)
    after = next((one.value for one in reversed(told) if one.phase != "before"), None)
    if before is None or after is None:
        return [f"{_NAMES[name]}: {after if before is None else before}"]
    return [f"{_NAMES[name]}: {before} before, {after} after"]


def _notes(_name: str, _pack: Pack, past: PastSitting) -> list[str]:
    return [f"“{note.text}”" for note in past.notes]


def _choice(name: str, pack: Pack, past: PastSitting) -> list[str]:
    phase_id = name.partition(".")[2]
    answer = next((one for one in reversed(past.answers) if one.phase == phase_id), None)
    if answer is None or not pack.has(phase_id):
        return []
    phase = pack.phase(phase_id)
    labels = [option.label for one in answer.options if (option := phase.option(one)) is not None]
    said = ", ".join([*labels, answer.own] if answer.own else labels)
    return [f"{phase.title} {said}" if phase.title.endswith("?") else f"{phase.title}: {said}"]


def _body(_name: str, _pack: Pack, past: PastSitting) -> list[str]:
    found: list[str] = []
    for mark in past.marks:
        if mark.feel == "sensation" and mark.regions:
            where = ", ".join(_REGION_NAMES.get(one, one) for one in mark.regions)
            like = f": {', '.join(mark.qualities)}" if mark.qualities else ""
            found.append(f"You looked at {where}{like}.")
    return found


def _quiz(_name: str, pack: Pack, past: PastSitting) -> list[str]:
    found: list[str] = []
    for quizzed in past.quizzed:
        if not pack.has(quizzed.phase) or pack.phase(quizzed.phase).type is not PhaseType.QUIZ:
            continue
        questions = pack.phase(quizzed.phase).questions
        if quizzed.question < len(questions):
            question = questions[quizzed.question]
            if quizzed.option < len(question.options):
                found.append(f"{question.ask} {question.options[quizzed.option]}")
    return found


def _game(_name: str, pack: Pack, past: PastSitting) -> list[str]:
    """Say how the left and right game went, and that it is no test."""
    played = [
        found
        for answer in past.answers
        if pack.has(answer.phase) and pack.phase(answer.phase).mode == "laterality"
        if (found := GameResult.from_told(answer.options)) is not None and found.answered
    ]
    if not played:
        return []
    game = played[-1]
    said = f"Left or right: {game.right} of {game.answered} answers were as it was drawn"
    if game.median_ms is not None:
        said += f", half of them within {game.median_ms / 1000:.1f} s"
    return [f"{said}. {game.words}"]


def _prediction(_name: str, _pack: Pack, past: PastSitting) -> list[str]:
    """Say how sure of the guess, before the step and after it."""
    told = {r.phase: r.value for r in past.ratings if r.scale == "prediction"}
    before, after = told.get("predict"), told.get("learn")
    if before is None or after is None:
        return []
    return [f"How sure you were of your guess: {before} of 100 before, {after} after"]


def _nothing(_name: str, _pack: Pack, _past: PastSitting) -> list[str]:
    """Say nothing here: a picture shows it."""
    return []


_TELL: Mapping[str, Callable[[str, Pack, PastSitting], list[str]]] = {
    "note": _notes,
    "mine": _notes,
    "choice": _choice,
    "body_map": _body,
    "quiz": _quiz,
    "prediction": _prediction,
    "heart": _nothing,
    "breath": _nothing,
    "ladder": _nothing,
    "laterality": _game,
}
