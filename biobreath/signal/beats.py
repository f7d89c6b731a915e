"""Judging beats as they come: which intervals are the heart's own, and what stands for the rest.

Raw intervals are never changed; verdicts and corrected intervals are labels beside them. The judge
looks two beats ahead and asks which explanation leaves the smoothest rhythm: nothing odd, a
premature beat with its pause, a beat that was missed, a beat that was one too many, or an interval
that is best left out. Smoothness is the sum of |ln(next / last)| over the corrected intervals.

Every explanation but the first costs a price, so it has to make the rhythm clearly smoother.
A premature beat dips on both sides, so joining it with its pause saves three jumps. One big step in
slow breathing, which comes back gradually, saves at most one and is left alone, however big it is.

What the heart lately did by itself counts (`UsualRhythm`): a restless rhythm raises the prices, a
jump to where no accepted beat was for a while costs extra, and where premature beats come again and
again the next one is expected. Three intervals alike are a rhythm, however far from the one before;
but three that come much earlier at once, and quicker than for many minutes, are a run of premature
beats: a heart slows down in one beat, and takes several to quicken as much. And a big step to a
slower rate that came before, breath after breath, is hardly a step at all; but where it fits the
earlier ones better as the last two intervals before the step, the beat between them was missed.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, log, nan
from statistics import median

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.beat_rules import RULES, Rules
from biobreath.signal.time_base import LONGEST_RR_MS, TimedBeat
from biobreath.signal.usual_rhythm import UsualRhythm

LOOK_AHEAD = 2
"""Beats after the one that is judged."""
SHORTEST_RR_MS = 240.0
"""No heart beats twice within less; straps send such values as codes or for noise."""
LONGEST_BEAT_MS = 3000.0
FAR = 1.4
"""A step by this ratio is far: it may hide a missed beat, or begin another rhythm."""
STAYS = 0.16
"""A slow breath goes on within this step after its big one; a pause is over."""
MOST_DOUBTS = 3
"""After so many corrections in a row the rhythm itself is taken to have changed."""
RUN_DOUBTS = 2.0
"""A run of premature beats is taken for one twice; what goes on after that is another rhythm."""
LESS_DOUBT = 0.4
"""What a normal beat between them takes from the count."""
TWICE = 0.15
"""Intervals this near to twice another hold a beat that was missed."""
FITS = 0.08
"""Two intervals known in sum fit that lie at most this step beyond those before and after them."""
FITS_WHOLE = 0.05
"""The same of one that an extra beat parted: it is taken for measured, so more is asked of it."""


class Verdict(StrEnum):
    """What an interval is taken for; everything but normal is kept out of differences."""

    NORMAL = "normal"
    ECTOPIC = "ectopic"
    """It ends with a premature beat, or is the pause after one."""
    MISSED = "missed"
    """The sensor missed one or more beats within it."""
    EXTRA = "extra"
    """Half of a true interval: the sensor saw a beat that was none."""
    LONG = "long"
    SHORT = "short"
    NOISE = "noise"
    """No interval of a heart at all."""


@dataclass(frozen=True, slots=True)
class JudgedBeat:
    """A beat with its verdict and the corrected intervals (ms) that stand for it.

    Normal, long and short intervals stand for themselves. A missed one is split into equal parts.
    Of the halves of an extra beat the first has none and the second the sum. A premature beat and
    its pause share their time; three in a row stand for one to three beats of the rhythm before,
    the first of them for none. Noise has none, and its time is left open. The sum over ``nn_ms``
    is the sum over ``rr_ms`` without the noise.

    ``fits`` tells of a correction that what it makes is no longer and no shorter than the
    intervals around it: of an extra beat, and where one interval stands for two or two stand for
    two. The others do not say.
    """

    index: int
    t: float
    rr_ms: float
    segment: int
    verdict: Verdict
    nn_ms: tuple[float, ...]
    fits: bool = False

    @property
    def measured(self) -> bool:
        """Whether ``nn_ms`` is the distance of two true beats, with none of the heart's between.

        So it is of a normal interval, and of the halves of an extra beat: what was no beat parted
        one interval, and their sum is that interval exactly.
        """
        return self.verdict is Verdict.NORMAL or (self.verdict is Verdict.EXTRA and self.fits)

    @property
    def known_in_sum(self) -> bool:
        """Whether it is of two intervals of which only the sum was measured."""
        return self.fits and self.verdict in (Verdict.MISSED, Verdict.ECTOPIC)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An explanation of the next ``count`` intervals."""

    verdict: Verdict
    count: int
    price: float
    parts: int = 1
    """How many true beats they stand for; none when the piece is left out."""
    doubt: float = 0.0
    """What it adds to the doubt that the rhythm around it still is the old one."""


_NORMAL = _Piece(Verdict.NORMAL, 1, 0.0)
_OF_KNOWN_LENGTH = {(Verdict.EXTRA, 1), (Verdict.MISSED, 2), (Verdict.ECTOPIC, 2)}
"""One interval, or two of which the sum is known."""


class BeatJudge:
    """Beats in, judged beats out, at most two beats later.

    Examples
    --------
    >>> judge = BeatJudge()
    >>> judge.feed(TimedBeat(0, 0.8, 800.0, 0))
    []
    >>> [beat.verdict.value for beat in judge.flush()]
    ['normal']
    """

    def __init__(self, rules: Rules = RULES) -> None:
        self._rules = rules
        self._usual = UsualRhythm(rules)
        self._pending: deque[TimedBeat] = deque()
        self._levels: deque[float] = deque()
        """Their logarithms; ``nan`` for what is no interval of a heart."""
        self._segment: int | None = None
        self._last_ms: float | None = None
        """The newest corrected interval of this segment."""
        self._last_level = 0.0
        """Its logarithm."""
        self._after_normal = False
        self._doubts = 0.0
        """Pieces that are neither normal nor a single premature beat, lately."""
        self._ectopic = _Piece(Verdict.ECTOPIC, 2, rules.ectopic, 2)
        self._left_out = _Piece(Verdict.NOISE, 1, rules.left_out, 0, 1.0)
        self._least_price = min(rules.extra, rules.missed, rules.left_out)

    def feed(self, beat: TimedBeat) -> list[JudgedBeat]:
        """Take the next beat; return the beats whose verdict is now confirmed, in order."""
        judged: list[JudgedBeat] = []
        if beat.segment != self._segment:
            judged += self.flush()
            self._segment = beat.segment
        pending = self._pending
        pending.append(beat)
        self._levels.append(log(beat.rr_ms) if _is_possible(beat.rr_ms) else nan)
        while len(pending) > LOOK_AHEAD:
            judged += self._judge_first()
        return judged

    def flush(self) -> list[JudgedBeat]:
        """Confirm what is waiting, with what is known: a segment or the record is over."""
        judged: list[JudgedBeat] = []
        while self._pending:
            judged += self._judge_first()
        self._forget()
        return judged

    def _forget(self) -> None:
        self._last_ms = None
        self._after_normal = False
        self._doubts = 0.0

    def _judge_first(self) -> list[JudgedBeat]:
        if len(self._pending) > LOOK_AHEAD and self._is_plain():
            return [self._accept()]
        ahead = [beat.rr_ms for beat in self._pending]
        if ahead[0] > LONGEST_RR_MS:
            return self._take(self._left_out, ahead)
        if self._doubts >= MOST_DOUBTS:
            self._forget()
            last_ms = self._begin(_mean_of_turns(ahead) or median(ahead))
        else:
            last_ms = self._last_ms or self._begin(_first_level_ms(ahead))
        if len(ahead) > LOOK_AHEAD and self._is_another_rhythm(last_ms, ahead):
            return [self._accept()]
        _, piece = self._explain(last_ms, ahead)
        return [self._accept()] if piece is _NORMAL else self._take(piece, ahead)

    def _begin(self, level_ms: float) -> float:
        """Take what comes for a rhythm of its own, at this level (ms)."""
        self._usual.begin(level_ms)
        self._last_level = log(level_ms)
        return level_ms

    def _is_plain(self) -> bool:
        """Tell whether no explanation could be cheaper than three normal beats; most beats are."""
        if self._last_ms is None or self._doubts >= MOST_DOUBTS:
            return False
        usual = self._usual
        cheapest = usual.surcharge + self._least_price
        ectopic = (usual.surcharge + self._rules.ectopic) * usual.ectopic_share
        if ectopic < cheapest:
            cheapest = ectopic
        before, steps, low, high = self._last_level, 0.0, usual.low, usual.high
        for level in self._levels:
            steps += abs(level - before)
            # What is no interval of a heart is in no span either.
            if steps > cheapest or not low <= level <= high:
                return False
            before = level
        return True

    def _is_another_rhythm(self, last_ms: float, ahead: Sequence[float]) -> bool:
        """Tell whether three intervals are alike, and far from the one before."""
        if 1 / FAR < ahead[0] / last_ms < FAR:
            return False
        if self._is_run(last_ms, ahead) or self._hides_foot(last_ms, ahead):
            return False
        return self._are_alike(ahead) and _is_possible(min(ahead)) and _is_possible(max(ahead))

    def _are_alike(self, ahead: Sequence[float]) -> bool:
        return max(ahead) < self._rules.alike * min(ahead)

    def _explain(
        self,
        last_ms: float,
        ahead: Sequence[float],
        *,
        after_early: bool = False,
        dip: float | None = None,
    ) -> tuple[float, _Piece]:
        """Return the cost of the best explanation of ``ahead``, and its first piece.

        ``after_early`` tells that the interval before was taken for normal although it came early:
        where premature beats are frequent, what is long now is a pause and no missed beat. ``dip``
        is by how many steps it was shorter than the one before it, where it is judged with these.
        """
        best = self._as_it_is(last_ms, ahead, dip)
        chosen = _NORMAL
        for piece in self._candidates(last_ms, ahead):
            cost = self._cost(piece)
            if after_early and piece.count == 1 and ahead[0] > last_ms:
                cost += self._rules.no_pause * self._usual.ectopy
            if cost >= best:
                continue
            rest = ahead[piece.count :]
            if piece.parts:
                part_ms = sum(ahead[: piece.count]) / piece.parts
                dip = log(last_ms / part_ms)
                cost += abs(dip)
                dip = dip if piece.parts == 1 else 0.0
            else:
                part_ms, dip = last_ms, None
            if cost < best:
                cost += self._rest(part_ms, rest, dip)
            if cost < best:
                best, chosen = cost, piece
        return best, chosen

    def _cost(self, piece: _Piece) -> float:
        whole = piece.price + self._usual.surcharge
        return whole * self._usual.ectopic_share if piece.verdict is Verdict.ECTOPIC else whole

    def _as_it_is(self, last_ms: float, ahead: Sequence[float], dip: float | None) -> float:
        """Return the cost of taking the first interval for a normal one."""
        first = ahead[0]
        if not _is_possible(first):
            return inf
        step = abs(log(first / last_ms))
        if first > FAR * last_ms and self._usual.is_known_step(log(last_ms), log(first), dip):
            step = step if self._hides_foot(last_ms, ahead) else self._rules.known_step
        # A step within a new rhythm is small, however far that is from what was usual.
        step += self._rules.beyond * min(step, self._usual.beyond(log(first)))
        if len(ahead) == 1:
            # What follows is not known yet: it may turn out to be odd, at the price of that.
            early = first < self._rules.premature * last_ms
            odd = self._rules.ectopic if early else self._rules.missed
            return min(step, odd + self._usual.surcharge)
        early = first < self._rules.premature * last_ms
        dip = log(last_ms / first)
        return step + self._explain(first, ahead[1:], after_early=early, dip=dip)[0]

    def _hides_foot(self, last_ms: float, ahead: Sequence[float]) -> bool:
        """Tell whether the first interval is two before a known step, and the next its top."""
        if len(ahead) < 2 or not (_is_possible(ahead[0]) and _is_possible(ahead[1])):
            return False
        return self._usual.hides_foot(log(last_ms), log(ahead[0]), log(ahead[1]))

    def _rest(self, last_ms: float, rest: Sequence[float], dip: float | None) -> float:
        return self._explain(last_ms, rest, dip=dip)[0] if rest else 0.0

    def _candidates(self, last_ms: float, ahead: Sequence[float]) -> list[_Piece]:
        """Return the explanations that the first interval gives cause for."""
        first = ahead[0]
        found = self._pairs(last_ms, ahead) if len(ahead) > 1 else []
        if first > FAR * last_ms:
            parts = max(2, int(first / last_ms))
            price = self._rules.missed
            found += [_Piece(Verdict.MISSED, 1, price, n, 1.0) for n in (parts, parts + 1)]
        if not (0.8 < first / last_ms < 1.25 and _is_possible(first)):
            found.append(self._left_out)
        return found

    def _pairs(self, last_ms: float, ahead: Sequence[float]) -> list[_Piece]:
        """Return the explanations of more than one interval."""
        rules, (first, second) = self._rules, ahead[:2]
        found: list[_Piece] = []
        if first + second < 1.5 * last_ms:
            price = rules.extra + self._if_usual(min(first, second))
            found.append(_Piece(Verdict.EXTRA, 2, price, doubt=1.0))
        early = SHORTEST_RR_MS <= first < rules.premature * last_ms and second > first
        if early and (self._ends_soon(last_ms, ahead) or self._is_deep(last_ms, first)):
            found.append(self._ectopic)
        if len(ahead) > 2 and max(first, second) < rules.coupled * last_ms and ahead[2] > first:
            price = rules.couplet + self._if_usual(min(first, second))
            found.append(_Piece(Verdict.ECTOPIC, 3, price, 3))
        if self._is_run(last_ms, ahead):
            parts = max(1, round(sum(ahead) / last_ms))
            found.append(_Piece(Verdict.ECTOPIC, 3, rules.run, parts, RUN_DOUBTS))
        return found

    def _is_run(self, last_ms: float, ahead: Sequence[float]) -> bool:
        """Tell whether three beats come early one after another, and faster than lately usual.

        A heart's own rhythm slows down in one beat, but takes several to grow so much faster.
        """
        together = len(ahead) > LOOK_AHEAD and self._are_alike(ahead)
        early = together and max(ahead) < self._rules.coupled * last_ms
        return early and self._usual.is_unusually_fast(max(ahead))

    def _if_usual(self, shortest_ms: float) -> float:
        return 0.0 if self._usual.is_unusually_short(shortest_ms) else self._rules.usual

    def _ends_soon(self, last_ms: float, ahead: Sequence[float]) -> bool:
        """Tell whether the interval after a short one is a pause, not the slow part of a breath."""
        if len(ahead) < 3 or ahead[1] < self._rules.long_pause * last_ms:
            return True
        return ahead[2] < self._rules.stays_long * ahead[1]

    def _is_deep(self, last_ms: float, first_ms: float) -> bool:
        """Tell whether an interval is too early, and too short, for the foot of a slow breath."""
        early = first_ms < self._rules.deep * last_ms and self._usual.is_unusually_short(first_ms)
        return early and self._usual.is_deeper(log(last_ms / first_ms))

    def _accept(self) -> JudgedBeat:
        """Confirm the first beat as the heart's own."""
        beat, level = self._pending.popleft(), self._levels.popleft()
        far = self._last_ms and beat.rr_ms > FAR * self._last_ms
        if far and self._after_normal and self._stays(level):
            self._usual.remember_step(level, self._levels[0])
        self._usual.accept(level, self._last_level if self._after_normal else None)
        self._last_ms, self._last_level = beat.rr_ms, level
        self._after_normal = True
        self._doubts = max(0.0, self._doubts - LESS_DOUBT)
        return JudgedBeat(
            beat.index, beat.t, beat.rr_ms, beat.segment, Verdict.NORMAL, (beat.rr_ms,)
        )

    def _stays(self, level: float) -> bool:
        """Tell whether the interval after the newest is about as long; after a pause it is not."""
        return bool(self._levels) and abs(self._levels[0] - level) < STAYS

    def _take(self, piece: _Piece, ahead: Sequence[float]) -> list[JudgedBeat]:
        """Confirm the beats of a correction and remember the rhythm they leave."""
        beats = [self._pending.popleft() for _ in range(piece.count)]
        for _ in beats:
            self._levels.popleft()
        odd = piece is self._left_out
        verdict = self._left_out_as(beats[0].rr_ms) if odd else piece.verdict
        shares = self._shares(piece, verdict, ahead)
        fits = not odd and self._fits(piece, ahead)
        ectopic = verdict is Verdict.ECTOPIC
        self._usual.correct(ectopic=ectopic)
        self._doubts += piece.doubt
        self._after_normal = False
        if piece.parts:
            self._last_ms = shares[-1][-1]
            self._last_level = log(self._last_ms)
        return [
            JudgedBeat(beat.index, beat.t, beat.rr_ms, beat.segment, verdict, nn_ms, fits)
            for beat, nn_ms in zip(beats, shares, strict=True)
        ]

    def _fits(self, piece: _Piece, ahead: Sequence[float]) -> bool:
        """Tell whether what a piece makes of one or two intervals lies among those around it.

        At the end of a segment nothing comes after it, and nobody knows.
        """
        parts, after = piece.parts, ahead[piece.count :]
        as_many = (piece.verdict, parts) in _OF_KNOWN_LENGTH and piece.count <= 2
        if not (as_many and self._last_ms and after and _is_possible(after[0])):
            return False
        level = log(sum(ahead[: piece.count]) / parts)
        around = (self._last_level, log(after[0]))
        beyond = FITS_WHOLE if piece.verdict is Verdict.EXTRA else FITS
        return min(around) - beyond <= level <= max(around) + beyond

    def _left_out_as(self, rr_ms: float) -> Verdict:
        if not _is_possible(rr_ms):
            return Verdict.NOISE
        return Verdict.SHORT if rr_ms < (self._last_ms or rr_ms) else Verdict.LONG

    def _shares(
        self, piece: _Piece, verdict: Verdict, ahead: Sequence[float]
    ) -> list[tuple[float, ...]]:
        """Return the corrected intervals of each beat of a piece."""
        if verdict is Verdict.NOISE:
            return [()]
        if verdict is Verdict.EXTRA:
            return [(), (ahead[0] + ahead[1],)]
        if verdict is Verdict.MISSED:
            return [(ahead[0] / piece.parts,) * piece.parts]
        if verdict is Verdict.ECTOPIC:
            after_ms = ahead[piece.count] if len(ahead) > piece.count else None
            shares = self._shared_time(sum(ahead[: piece.count]), piece.parts, after_ms)
            # A run stands for fewer beats than came.
            return [()] * (piece.count - piece.parts) + shares
        return [(ahead[0],)]

    def _shared_time(
        self, total_ms: float, count: int, after_ms: float | None
    ) -> list[tuple[float, ...]]:
        """Share the time of a premature beat and its pause along the rhythm around them."""
        slope = 0.0
        if self._last_ms and after_ms and 0.8 < after_ms / self._last_ms < 1.25:
            slope = log(after_ms / self._last_ms)
        weights = [exp(slope * ((i + 1) / (count + 1) - 0.5)) for i in range(count)]
        scale = total_ms / sum(weights)
        return [(weight * scale,) for weight in weights]


def _mean_of_turns(ahead: Sequence[float]) -> float | None:
    """Return the mean of short and long where they take turns: each pair is a premature beat.

    None where they do not, and where the long one is twice the short one.
    """
    if len(ahead) <= LOOK_AHEAD:
        return None
    short_ms, long_ms = (ahead[0] + ahead[2]) / 2.0, ahead[1]
    turns = max(ahead[0], ahead[2]) < long_ms and abs(log(ahead[0] / ahead[2])) < 0.2
    return (short_ms + long_ms) / 2.0 if turns and abs(long_ms / short_ms - 2) > TWICE else None


def _first_level_ms(ahead: Sequence[float]) -> float:
    """Return what the first interval of a segment is held against.

    Itself, for nothing before it could show a dip; the middle of three where it is far from that.
    """
    middle_ms = median(ahead)
    return ahead[0] if 1 / FAR < ahead[0] / middle_ms < FAR else middle_ms


def _is_possible(rr_ms: float) -> bool:
    return SHORTEST_RR_MS <= rr_ms <= LONGEST_BEAT_MS


def judge(beats: Iterable[TimedBeat]) -> list[JudgedBeat]:
    """Judge a whole record, exactly as it would have been judged live."""
    court = BeatJudge()
    judged: list[JudgedBeat] = []
    for beat in beats:
        judged += court.feed(beat)
    return judged + court.flush()


def judge_intervals(rr_ms: Iterable[float]) -> list[JudgedBeat]:
    """Judge a plain series of raw intervals in ms that no gap interrupts; time begins at 0 s."""
    t = 0.0
    beats: list[TimedBeat] = []
    for index, interval_ms in enumerate(rr_ms):
        t += float(interval_ms) / 1000.0
        beats.append(TimedBeat(index, t, float(interval_ms), 0))
    return judge(beats)


def runs_of_nn(judged: Iterable[JudgedBeat]) -> list[NDArray[np.float64]]:
    """Return the runs (ms) of adjacent measured intervals within one segment.

    These are the normal ones and those that an extra beat had parted, whole again. A successive
    difference taken within a run never spans a gap or a beat that was missed, left out or
    premature. Each run is an array of shape (n,); all of them together are what `hrv` takes.
    """
    runs: list[list[float]] = []
    segment: int | None = None
    for beat in judged:
        if not beat.measured:
            segment = None
            continue
        if beat.segment != segment:
            runs.append([])
            segment = beat.segment
        runs[-1] += beat.nn_ms
    return [np.array(run) for run in runs if run]


def corrected_share(judged: Sequence[JudgedBeat]) -> float:
    """Return the share (0-1) of raw intervals that are not normal; 0 without beats."""
    if not judged:
        return 0.0
    return sum(beat.verdict is not Verdict.NORMAL for beat in judged) / len(judged)
