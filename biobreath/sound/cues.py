"""Which turn of the breath is told next: each one once, and none late.

A voice takes a moment before it sounds, so a turn is told a little ahead of itself. Between being
told and being there the person may rest, or take another pace; what was told is remembered until it
has come.
"""

from biobreath.practice.pacer import BreathCue, BreathPhase

LATEST_S = 0.5
"""A turn that nobody saw ahead (the first of all) is told so late at most, else left out."""
SHORTEST_S = 1.2
"""In a shorter part of the breath a word would reach into the next."""
_NEAR = 0.05
"""Seconds, and shares of a part: a change of pace alone does not move a breath back so far."""
_RISING = (BreathPhase.INHALE, BreathPhase.TOP)


class Turns:
    """Looked at again and again, it says what to tell; it knows no clock.

    Examples
    --------
    >>> from biobreath.practice.pacer import Pacer
    >>> from biobreath.practice.patterns import LONG_OUT
    >>> turns, pacer = Turns(), Pacer(LONG_OUT)
    >>> [turns.due(pacer.at(t), pacer.at(t + 0.2)) for t in (0.0, 3.9, 4.1)]
    [<BreathPhase.INHALE: 'inhale'>, <BreathPhase.EXHALE: 'exhale'>, None]
    """

    def __init__(self) -> None:
        self._seen: BreathCue | None = None
        """Where the breath was at the last look."""
        self._coming: list[BreathPhase] = []
        """What has been told, or left out, and is not there yet."""

    def due(self, here: BreathCue | None, ahead: BreathCue | None) -> BreathPhase | None:
        """Return the part of the breath to tell now, None for most of the time.

        Parameters
        ----------
        here
            Where the guide's breath is; None while it rests: then nothing is told.
        ahead
            Where it will be by the time a word sounds that is begun now.
        """
        if here is None:
            return None
        begun = self._has_begun(here)
        self._seen = here
        if begun:
            if here.phase is not BreathPhase.TOP:
                self._coming.clear()  # a sip that a new pattern put in still has the turn ahead
            return here.phase if _into_s(here) <= LATEST_S and _tellable(here) else None
        if ahead is None or ahead.phase in (here.phase, *self._coming):
            return None
        self._coming.append(ahead.phase)
        return ahead.phase if _tellable(ahead) else None

    def _has_begun(self, here: BreathCue) -> bool:
        """Tell whether a part of the breath is there that was not told ahead."""
        seen = self._seen
        if seen is None or _goes_anew(seen, here):
            return True
        if here.phase is seen.phase:
            return False
        if here.phase in self._coming:
            del self._coming[: self._coming.index(here.phase) + 1]
            return False
        # Another pattern may have the same in-breath in one part, or in two.
        return not (here.phase is BreathPhase.INHALE and seen.phase in _RISING)


def _goes_anew(seen: BreathCue, here: BreathCue) -> bool:
    """Tell whether the same part has begun again: after free breathing, or a computer's sleep."""
    earlier = here.done < seen.done - _NEAR and _into_s(here) < _into_s(seen) - _NEAR
    return here.phase is seen.phase and earlier


def _length_s(cue: BreathCue) -> float:
    return cue.left_s / (1.0 - cue.done) if cue.done < 1.0 else 0.0


def _into_s(cue: BreathCue) -> float:
    return _length_s(cue) * cue.done


def _tellable(cue: BreathCue) -> bool:
    return _length_s(cue) >= SHORTEST_S
