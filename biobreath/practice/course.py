"""The way through a practice: which part follows, which are meant for today, what rules say."""

from biobreath.practice.carried import Carried
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastSitting
from biobreath.practice.person import Person
from biobreath.practice.phases import Phase, PhaseType
from biobreath.practice.rule_engine import Told, fires
from biobreath.practice.rules import Rule

_QUESTIONS = (
    PhaseType.RATING,
    PhaseType.CHOICE,
    PhaseType.QUIZ,
    PhaseType.JOURNAL,
    PhaseType.BODY_MAP,
    PhaseType.LADDER_STEP,
)


class Course:
    """One way through one practice; it reads what the person told and changes nothing of it."""

    def __init__(
        self,
        pack: Pack,
        person: Person,
        carried: Carried,
        told: Told,
        *,
        flare: bool,
        now_utc_s: float,
    ) -> None:
        self._pack = pack
        self._levels = person.imagery_levels
        self._easier = carried.easier
        self._told = told
        self._flare = flare
        self._now_utc_s = now_utc_s
        self._fired: set[int] = set()
        self.before: tuple[PastSitting, ...] = tuple(
            past for past in person.history if past.pack == pack.id
        )
        """The sittings with the same practice, oldest first."""

    @property
    def imagery_level(self) -> int | None:
        """The level of the part of the body that was chosen; None where there are no levels."""
        levels = self._levels
        chosen = [one for ids in self._told.answers.values() for one in ids if one in levels]
        level = levels.get(chosen[0] if chosen else "")
        return None if level is None else max(0, level - self._easier)

    def place(self, phase: Phase) -> tuple[int, int] | None:
        """Return which part of how many on the usual way it is; None beside it."""
        usual = [one.id for one in self._pack.phases if not one.side and self._is_meant(one)]
        if phase.id not in usual:
            return None
        return usual.index(phase.id) + 1, len(usual)

    def following(self, phase: Phase) -> str:
        """Return the part that comes next in order; empty at the end."""
        if phase.next:
            return phase.next
        ids = [one.id for one in self._pack.phases]
        rest = self._pack.phases[ids.index(phase.id) + 1 :]
        return next((one.id for one in rest if not one.side), "")

    def fitting(self, phase: Phase) -> str:
        """Return the part, or the next one in order that is meant for today; empty for none."""
        seen: set[str] = set()
        while not self._is_meant(phase):
            seen.add(phase.id)
            following = self.following(phase)
            if not following or following in seen:
                return ""
            phase = self._pack.phase(following)
        return phase.id

    def _is_meant(self, phase: Phase) -> bool:
        if self._flare and phase.type in _QUESTIONS:
            return False
        level = self.imagery_level
        values = {} if level is None else {"imagery_level": float(level)}
        return phase.when is None or phase.when.holds(values)

    def fired(self, left: Phase) -> list[Rule]:
        """Let the rules of a part that is left fire, each once a sitting; return those that did."""
        fired: list[Rule] = []
        for number, rule in enumerate(self._pack.rules):
            if rule.after != left.id or number in self._fired:
                continue
            if fires(rule, self._told, self.before, self._now_utc_s):
                self._fired.add(number)
                fired.append(rule)
        return fired
