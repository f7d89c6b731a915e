"""What suits the person in each part of a practice: length, words, breath, and the heart seen."""

from collections.abc import Sequence

from biobreath.practice.carried import Carried
from biobreath.practice.display import Display, effective, least
from biobreath.practice.packs import Pack
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.practice.person import Person, Shared
from biobreath.practice.phases import GROUND, Line, Phase, PhaseType
from biobreath.practice.timing import laid_out, lines_for, share_for, timed

GENTLE_MOST_S = 300.0
"""How long somebody who breathes gently is paced in one sitting, if they do not choose more."""
SENSOR_FLAG = "sensor"
"""What the sentences about the heart need; not told by the person but by the strap."""
SOUND_FLAG = "sound"
"""What the sentences about the practice's own sound need."""
_GROUND_TAIL_S = 14.0


class Tailoring:
    """One practice, cut for one person; what they tell on the way counts at once."""

    def __init__(
        self, pack: Pack, shared: Shared, person: Person, carried: Carried, minutes: float | None
    ) -> None:
        self._pack = pack
        self._shared = shared
        self._person = person
        self._carried = carried
        self.flags = person.flags | carried.flags
        self.has_sound = person.has_sound
        """Whether the practice's own sound is heard now."""
        halved = "short_sessions" in self.flags or (carried.easier > 0 and pack.imagery is None)
        self._share = share_for(pack, minutes, halved=halved, flags=self.flags)

    def add_flag(self, flag: str) -> None:
        """Mind something that the person tells now."""
        self.flags = self.flags | {flag}

    def length_s(self, phase: Phase) -> tuple[float | None, tuple[Line, ...]]:
        """Return how long a part is, None where it waits, and its sentences in time."""
        if phase.use:
            lines = self._shared.ground
            return laid_out(lines[-1].at_s + _GROUND_TAIL_S, 1.0, lines)
        lines = lines_for(phase.lines, self._all_flags(phase), self._person.safety_words)
        if phase.timeout is not None:
            return phase.timeout.seconds, lines
        if not phase.timed:
            return None, lines
        return timed(phase, self._share, self._carried.shorten, lines)

    def _all_flags(self, phase: Phase) -> frozenset[str]:
        """Return what the person told, and what else sentences may be about."""
        seen = self._person.has_sensor and self.display(phase).has_wave
        there = {SENSOR_FLAG: seen, SOUND_FLAG: self.has_sound}
        return self.flags | {flag for flag, is_there in there.items() if is_there}

    def display(self, phase: Phase, *, patchy: bool = False) -> Display:
        """Return how much of the heart is shown in a part."""
        if phase.id == GROUND or not self._pack.uses_sensor:
            return Display.HIDDEN
        wanted = phase.display
        if wanted is None:
            # The heart's line belongs to learning to breathe; elsewhere a pack must ask for it.
            paced = phase.type is PhaseType.BREATHE
            of_pack = self._pack.display
            wanted = of_pack if paced else least((of_pack, Display.AMBIENT))
        return effective(wanted, self._person.display, self.flags, patchy=patchy)

    def pattern(self, phase: Phase) -> Pattern | None:
        """Return the breath that a part guides; None where it is free."""
        if phase.type is not PhaseType.BREATHE:
            return None
        patterns = self._shared.patterns
        found = patterns.get(phase.pattern, patterns.get("long-out", LONG_OUT))
        gentle = "gentle_breath" in self.flags or self._carried.pattern == GENTLE.id
        if found is not None and gentle:
            return patterns.get(GENTLE.id) or GENTLE
        return found

    def most_paced_s(self) -> float | None:
        """Return for how long the breath is guided in one sitting; None for no end."""
        most = self._carried.most_paced_s
        if "gentle_breath" in self.flags:
            most = GENTLE_MOST_S if most is None else min(most, GENTLE_MOST_S)
        return most

    def unchecked(self) -> Sequence[str]:
        """Return what the practice needs to know, and the person has not told."""
        return [flag for flag in self._pack.asks_flags if flag not in self.flags]
