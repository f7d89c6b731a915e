"""How long the parts of a practice are: shorter or longer, and never shorter than their words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from biobreath.practice.packs import Pack
from biobreath.practice.phases import SPOKEN_WORDS_A_SECOND, Line, Phase

BETWEEN_LINES_S = 0.5


def lines_for(lines: Iterable[Line], flags: frozenset[str], own: Sequence[str]) -> tuple[Line, ...]:
    """Return the sentences that are for this person, their ``own`` reasons where they belong.

    A sentence that needs a flag is never there without it.
    """
    found: list[Line] = []
    for line in lines:
        if line.if_flag and line.if_flag not in flags:
            continue
        if line.if_not and line.if_not in flags:
            continue
        if line.source and not own:
            continue
        text = f"{line.text.rstrip('.:')}: {' '.join(_ended(one) for one in own)}"
        found.append(replace(line, text=text) if line.source else line)
    return tuple(found)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def laid_out(seconds: float, share: float, lines: Sequence[Line]) -> tuple[float, tuple[Line, ...]]:
    """Return how long a part of ``seconds`` is at ``share`` of it, and its sentences in time.

    The sentences move together with the part, and each is given the time to be said.
    """
    placed: list[Line] = []
    free_from = 0.0
    for line in lines:
        at_s = max(line.at_s * share, free_from)
        placed.append(replace(line, at_s=at_s))
        free_from = at_s + line.spoken_s + BETWEEN_LINES_S
    return max(seconds * share, free_from - BETWEEN_LINES_S), tuple(placed)


def share_for(pack: Pack, minutes: float | None, *, halved: bool = False) -> float:
    """Return how much of its length a stretching part gets, so that all takes ``minutes``.

    ``None`` is the whole practice. The parts that do not stretch stay as they are.
    """
    share = 1.0
    if minutes is not None:
        phases = [phase for phase in pack.phases if not phase.side]
        fixed_s = sum(phase.typical_s for phase in phases if not phase.stretch)
        stretch_s = sum(phase.typical_s for phase in phases if phase.stretch)
        share = (60.0 * minutes - fixed_s) / stretch_s if stretch_s else 1.0
    return min(1.0, max(0.0, share)) * (0.5 if halved else 1.0)


def length_s(pack: Pack, share: float, flags: frozenset[str]) -> float:
    """Return how long the way through a practice is at ``share``, in s, as far as one can know."""
    total_s = 0.0
    for phase in pack.phases:
        if phase.side:
            continue
        if phase.seconds is None:
            total_s += phase.typical_s
        else:
            total_s += timed(phase, share, {}, lines_for(phase.lines, flags, ()))[0]
    return total_s


def timed(
    phase: Phase, share: float, shorten: Mapping[str, float], lines: Sequence[Line]
) -> tuple[float, tuple[Line, ...]]:
    """Return how long a timed part is now, and its sentences in time."""
    assert phase.seconds is not None
    own = (share if phase.stretch else 1.0) * shorten.get(phase.id, 1.0)
    return laid_out(phase.seconds, own, lines)


def spoken_s(text: str) -> float:
    """Return how long a calm voice takes for ``text``, in s."""
    return len(text.split()) / SPOKEN_WORDS_A_SECOND
