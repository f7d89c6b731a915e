"""``biobreath monitor``: beats and numbers as they come, one line each."""

import asyncio
import contextlib
import signal
import uuid
from contextlib import aclosing
from dataclasses import dataclass, replace

from biobreath import __version__, places
from biobreath.clock import Clock, SessionClock, VirtualClock, wall_time
from biobreath.commands.output import CannotDo, WrongUse, complain, say, say_json
from biobreath.commands.sources import Source, open_source
from biobreath.commands.ticking import Tick, with_ticks
from biobreath.events import Event, LinkChanged
from biobreath.practice.patterns import FASTEST_PER_MINUTE, SLOWEST_PER_MINUTE, Pattern, paced
from biobreath.sensors.replay import ReplaySensor, heart_only
from biobreath.sensors.sensor import Sensor
from biobreath.session.live import Reading
from biobreath.session.review import summary
from biobreath.session.sitting import Sitting
from biobreath.session.words import intervals_sentence, link_sentence
from biobreath.signal.beats import JudgedBeat
from biobreath.signal.time_base import GapFound
from biobreath.store.recorder import Recorder
from biobreath.store.schema import LibraryError
from biobreath.store.tasks import SittingStart

SIMULATED_PACE = 6.0
"""The demo heart follows a guide unless told otherwise; a real heart in a terminal sees none."""
_READINGS_KEPT = 5000
_CLOSE_S = 20.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked on the command line."""

    source: str
    pace: float | None = None
    seconds: float | None = None
    speed: float = 1.0
    as_json: bool = False
    record: bool = False
    ecg: bool = False


def run(wish: Wish) -> int:
    """Listen to the source until it ends, the time is over, or the person stops it.

    Raises
    ------
    CannotDo
        When the source or the library cannot be opened.
    WrongUse
        When the options do not fit together.
    """
    return asyncio.run(_run(wish))


async def _run(wish: Wish) -> int:
    guide = _Guide()
    source = open_source(wish.source, guide.breath_at, ecg=wish.ecg)
    if source.live and wish.speed != 1.0:
        raise WrongUse("A real strap beats in real time: leave out --speed.")
    pattern = _pattern(wish, source)
    if pattern is not None and source.facts:
        # One guide at a time: the one asked for here, not the recording's own.
        source = replace(source, sensor=ReplaySensor(heart_only(source.facts), source.sensor.name))
    recorder = _recorder(wish, source, paced_by_us=pattern is not None)
    clock = VirtualClock() if wish.speed == 0 else SessionClock(wish.speed)
    monitor = _Monitor(wish, source, recorder, clock, pattern)
    guide.sitting = monitor.sitting if pattern is not None else None
    try:
        with _stopped_by_signals(asyncio.current_task()):
            await monitor.listen()
    except asyncio.CancelledError:
        pass  # Ctrl-C is a way to end a sitting, not a fault
    finally:
        kept = monitor.finish()
    return 0 if kept else 1


class _Guide:
    """What the demo heart follows; there is no sitting yet when the demo heart is made."""

    sitting: Sitting | None = None

    def breath_at(self, t: float) -> float | None:
        return None if self.sitting is None else self.sitting.fullness_for_demo(t)


def _pattern(wish: Wish, source: Source) -> Pattern | None:
    pace = wish.pace
    if pace is None and source.kind.startswith("simulated"):
        pace = SIMULATED_PACE
    if not pace:
        return None
    if not SLOWEST_PER_MINUTE <= pace <= FASTEST_PER_MINUTE:
        raise WrongUse("The pace is between 3 and 12 breaths a minute, or 0 for none.")
    return paced(pace)


def _recorder(wish: Wish, source: Source, *, paced_by_us: bool) -> Recorder | None:
    if not wish.record:
        return None
    recorder = Recorder(places.library_path())
    try:
        recorder.start()
    except LibraryError as error:
        raise CannotDo(str(error)) from error
    start = SittingStart(
        uuid=str(uuid.uuid4()),
        wall=wall_time(),
        practice="paced_breathing" if paced_by_us else "free_breathing",
        source=source.kind,
        app_version=__version__,
    )
    recorder.begin(start)
    return recorder


class _Monitor:
    """Listens, records, and prints."""

    def __init__(
        self,
        wish: Wish,
        source: Source,
        recorder: Recorder | None,
        clock: Clock,
        pattern: Pattern | None,
    ) -> None:
        self._wish = wish
        self._sensor: Sensor = source.sensor
        self._recorder = recorder
        self._clock = clock
        self._last_t = 0.0
        self._seen: list[Reading] = []
        self._doubt = ""
        self._told = 0
        self.sitting = Sitting(
            clock, self._keep, pattern or paced(SIMULATED_PACE), 0.0, guided=pattern is not None
        )

    def _keep(self, fact: Event) -> None:
        if self._recorder is not None:
            self._recorder.add(fact)

    async def listen(self) -> None:
        """Follow the source until it ends or the time is over."""
        limit = self._wish.seconds
        async with aclosing(with_ticks(self._sensor, self._clock, limit)) as steps:
            async for step in steps:
                self._last_t = max(self._last_t, step.t)
                if isinstance(step, Tick):
                    self._tell_metrics(step.t)
                else:
                    self._take(step)

    def _take(self, event: Event) -> None:
        self._keep(event)
        if isinstance(event, LinkChanged):
            self._tell_link(event)
        beats = self.sitting.feed(event)
        self._tell_moved(self.sitting.live.moved)
        for beat in beats:
            self._tell_beat(beat)

    def finish(self) -> bool:
        """Confirm the last beats, and close the recording; False if it could not be kept whole."""
        last = self.sitting.live.finish()
        kept = True
        # The disk first: whoever reads the lines may be gone already.
        if self._recorder is not None:
            self._recorder.end(self._last_t, summary(self.sitting.live, self._seen))
            kept = self._recorder.close(timeout_s=_CLOSE_S)
            if not kept:
                complain("The sitting could not be written to the end: is the disk full?")
        for beat in last:
            self._tell_beat(beat)
        return kept

    def _tell_link(self, link: LinkChanged) -> None:
        if self._wish.as_json:
            say_json({"event": "link", "state": link.state, "reason": link.reason})
        else:
            say(link_sentence(link, self._sensor.name) or link.state.value)

    def _tell_moved(self, gap: GapFound | None) -> None:
        """Say that beats told before stand later, from the line of number ``first_index`` on."""
        if gap is not None and gap.first_index < self._told and self._wish.as_json:
            moved = {"first_index": gap.first_index, "shift_s": gap.shift_s}
            say_json({"event": "moved", **moved, "missing_s": gap.missing_s})

    def _tell_beat(self, beat: JudgedBeat) -> None:
        self._told += 1
        if self._wish.as_json:
            say_json(
                {
                    "event": "beat",
                    "t": beat.t,
                    "rr_ms": beat.rr_ms,
                    "verdict": beat.verdict,
                    "nn_ms": list(beat.nn_ms),
                }
            )

    def _tell_intervals(self, reading: Reading) -> None:
        """Say it when a strap's intervals cannot be used, and when they can again."""
        doubt = intervals_sentence(reading.intervals)
        if doubt == self._doubt:
            return
        self._doubt = doubt
        if self._wish.as_json:
            say_json({"event": "intervals", "quality": reading.intervals})
        else:
            say(doubt or "The strap's beats add up again.")

    def _tell_metrics(self, t: float) -> None:
        reading = self.sitting.live.reading(t)
        self._tell_intervals(reading)
        self._seen.append(reading)
        if len(self._seen) > _READINGS_KEPT:
            # Half of them still describe the whole sitting; a day must not fill the memory.
            self._seen = self._seen[::2]
        if self._wish.as_json:
            say_json(metrics_object(reading))
        else:
            say(metrics_line(reading))


def metrics_object(reading: Reading) -> dict[str, object]:
    """Return the metrics line of ``monitor --json``; unknown is null."""
    return {
        "event": "metrics",
        "t": reading.t,
        "hr_bpm": reading.heart_rate_bpm,
        "rmssd_ms": reading.rmssd_ms,
        "swing_bpm": reading.swing_bpm,
        "coherence": reading.coherence,
        "coherence_state": reading.coherence_state,
        "lag_s": reading.lag_s,
        "breaths_per_minute": reading.breaths_per_minute,
        "corrected_share": reading.corrected_share,
    }


def metrics_line(reading: Reading) -> str:
    """Return the same for people: what is not known is left out."""
    minutes, seconds = divmod(int(reading.t), 60)
    parts = [f"{minutes}:{seconds:02d}"]
    for value, form in (
        (reading.heart_rate_bpm, "heart {:.0f} a minute"),
        (reading.swing_bpm, "swing {:.1f} a minute"),
        (reading.rmssd_ms, "RMSSD {:.0f} ms"),
        (reading.coherence, "rhythm coherence {:.2f}"),
        (reading.breaths_per_minute, "breath {:.1f} a minute"),
    ):
        if value is not None:
            parts.append(form.format(value))
    return "   ".join(parts)


@contextlib.contextmanager
def _stopped_by_signals(task: "asyncio.Task[int] | None"):  # noqa: ANN202
    """Let Ctrl-C and a polite kill end the sitting as the person would."""
    loop = asyncio.get_running_loop()
    names = [signal.SIGINT, signal.SIGTERM]
    taken: list[signal.Signals] = []
    for name in names:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            if task is not None:
                loop.add_signal_handler(name, task.cancel)
                taken.append(name)
    try:
        yield
    finally:
        for name in taken:
            loop.remove_signal_handler(name)
