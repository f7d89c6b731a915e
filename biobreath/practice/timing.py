"""How long the parts of a practice are: shorter or longer, and never shorter than their words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from biobreath.practice.packs import Pack
from biobreath.practice.phases import SPOKEN_WORDS_A_SECOND, Line, Phase, PhaseType

BETWEEN_LINES_S = 0.5
SHORTENED_BETWEEN_S = 2.0
"""Between sentences that had to move together: a breath of quiet is part of the practice."""
MOST_SHARE = 3.0
_LOOKS = 14


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
    between_s = SHORTENED_BETWEEN_S if share < 1.0 else BETWEEN_LINES_S
    placed: list[Line] = []
    free_from = 0.0
    for line in lines:
        at_s = max(line.at_s * share, free_from)
        placed.append(replace(line, at_s=at_s))
        free_from = at_s + line.spoken_s + between_s
    return max(seconds * share, free_from - between_s), tuple(placed)


def share_for(
    pack: Pack,
    minutes: float | None,
    *,
    halved: bool = False,
    flags: frozenset[str] = frozenset(),
) -> float:
    """Return how much of its length a stretching part gets, so that all takes ``minutes``.

    ``None`` is the whole practice. Where the words alone take longer, the least there is: 0. A
    longer practice than the pack's own is made by stretching, at most ``MOST_SHARE`` times.
    """
    share = 1.0
    if minutes is not None:
        share = _looked_for(lambda share: length_s(pack, share, flags), 60.0 * minutes)
    return share * (0.5 if halved else 1.0)


def share_for_breath(pack: Pack, minutes: float, flags: frozenset[str]) -> float:
    """Return the share at which the breath is guided for ``minutes`` in all."""
    return _looked_for(lambda share: guided_s(pack, share, flags), 60.0 * minutes)


def _looked_for(length_of: Callable[[float], float], wanted_s: float) -> float:
    """Return the largest share with at most this length; words keep their time, so it bends."""
    low, high = 0.0, MOST_SHARE
    for _ in range(_LOOKS):
        share = (low + high) / 2
        if length_of(share) > wanted_s:
            high = share
        else:
            low = share
    return low


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


def guided_s(pack: Pack, share: float, flags: frozenset[str]) -> float:
    """Return for how long the breath is guided on the way through a practice, in s."""
    return sum(
        timed(phase, share, {}, lines_for(phase.lines, flags, ()))[0]
        for phase in pack.phases
        if not phase.side and phase.type is PhaseType.BREATHE and phase.seconds is not None
    )


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
