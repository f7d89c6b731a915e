"""What can happen to a strap, what the person reads, and what is on the disk: one line each.

Every line goes through an unmodified bleak, the recorder and the library. ``docs/straps.md`` shows
the same table; a test keeps the two alike.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from bluez_stand_in import PolarService, StandIn, private_bus
from strap_rig import CALM, HERS, QUICK, TWIN, Heard, begin_receiving, following

from biobreath import places
from biobreath.clock import WallTime
from biobreath.events import HeartRateMeasurement, LinkChanged, PacketRefused
from biobreath.sensors.strap import StrapSensor
from biobreath.session.live import LiveSession
from biobreath.session.words import intervals_sentence, link_sentence
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart

DOCS = Path(__file__).parent.parent / "docs" / "straps.md"
NAME = "Strap"


@dataclass
class Scene:
    """One strap, one recorded sitting."""

    bluez: StandIn
    strap: object
    timings: object = QUICK
    address: str | None = HERS
    kept: list = field(default_factory=list)

    @asynccontextmanager
    async def sitting(self):
        """Follow the strap and record it, as the program does."""
        recorder = Recorder(places.library_path())
        recorder.start()
        recorder.begin(
            SittingStart(
                "1" * 8 + "-0000-4000-8000-000000000000", WallTime(0, 0, ""), "t", "strap", "0"
            )
        )
        sensor = StrapSensor(self.address, timings=self.timings)
        try:
            async with following(sensor, recorder.add) as heard:
                yield heard
                await heard.until(lambda: heard.payloads == self.strap.delivered or self.loose)
        finally:
            recorder.end(60.0)
            assert recorder.close(5.0)
        self.kept = Library(places.library_path()).facts(1)

    places: ExitStack = field(default_factory=ExitStack)
    """The bus and what is on it; closed, they are gone."""
    sent_rr_ms: list = field(default_factory=list)
    loose: bool = False
    """Whether packets may reach nobody, because the service under them was gone."""

    @property
    def sentences(self) -> list[str]:
        """What the person reads, one after another."""
        live = LiveSession()
        read = []
        for fact in self.kept:
            live.feed(fact)
            doubt = intervals_sentence(live.intervals)
            said = [link_sentence(fact, NAME)] if isinstance(fact, LinkChanged) else []
            read += [s for s in [*said, doubt] if s and s not in read[-1:]]
        return read

    @property
    def rr_ms(self) -> list[float]:
        return [rr for f in self.kept if isinstance(f, HeartRateMeasurement) for rr in f.rr_ms]

    @property
    def segments(self) -> int:
        """How many runs of beats the analysis makes of what was kept."""
        live = LiveSession()
        for fact in self.kept:
            live.feed(fact)
        live.finish()
        return len({beat.segment for beat in live.heart.beats})

    def of(self, kind):
        return [fact for fact in self.kept if isinstance(fact, kind)]


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    reads: tuple[str, ...]
    """Sentences that are read in this order, whatever is read between them."""
    on_disk: str
    happens: Callable[[Scene], Coroutine]
    is_kept: Callable[[Scene], bool]


def every_beat_once(scene: Scene) -> bool:
    return scene.rr_ms == scene.strap.sent_rr_ms() and bool(scene.rr_ms)


def in_two_runs(scene: Scene) -> bool:
    return every_beat_once(scene) and scene.segments == 2


def no_beat(scene: Scene) -> bool:
    return not scene.rr_ms


def beats_of_hers_only(scene: Scene) -> bool:
    return every_beat_once(scene) and scene.segments == 1


async def until_read(heard: Heard, sentence: str) -> None:
    await heard.until(lambda: sentence in [link_sentence(e, NAME) for e in heard.of(LinkChanged)])


async def beat(heard: Heard, scene: Scene, packets: int = 5) -> None:
    await begin_receiving(heard, scene.strap)
    for rr in range(packets):
        scene.strap.send([900 + 7 * rr])
    await heard.until(lambda: heard.payloads[-1:] == scene.strap.delivered[-1:])


def breaking(break_it, mend_it=lambda _scene: None, *, sentence: str):
    """Beat, break until the sentence is read, mend, beat again."""

    async def happens(scene: Scene) -> None:
        async with scene.sitting() as heard:
            await beat(heard, scene)
            break_it(scene)
            await heard.until(
                lambda: sentence in [link_sentence(e, NAME) for e in heard.of(LinkChanged)]
            )
            mend_it(scene)
            await beat(heard, scene)

    return happens


def from_the_start(before, mend_it=None, *, sentence: str):
    """Begin with trouble; beat only if it is mended."""

    async def happens(scene: Scene) -> None:
        before(scene)
        async with scene.sitting() as heard:
            await heard.until(
                lambda: sentence in [link_sentence(e, NAME) for e in heard.of(LinkChanged)]
            )
            if mend_it is not None:
                mend_it(scene)
                await beat(heard, scene)

    return happens


async def link_loss_twenty_times(scene: Scene) -> None:
    async with scene.sitting() as heard:
        for _ in range(20):
            await beat(heard, scene, 2)
            scene.strap.drop_link()
        await beat(heard, scene, 2)


async def contact_lost(scene: Scene) -> None:
    async with scene.sitting() as heard:
        await beat(heard, scene)
        for _ in range(6):
            scene.strap.send([], heart_rate_bpm=0, contact=False)
        await until_read(heard, SKIN)
        await beat(heard, scene)


async def four_a_packet(scene: Scene) -> None:
    async with scene.sitting() as heard:
        await begin_receiving(heard, scene.strap)
        for rr in range(5):
            scene.strap.send([900 + rr, 910 + rr, 920 + rr, 930 + rr])


async def garbage(scene: Scene) -> None:
    scene.loose = True
    async with scene.sitting() as heard:
        await beat(heard, scene)
        for payload in (b"", b"\x10", b"\x08\x3c", b"\xff" * 600):
            scene.strap.send_bytes(payload)
        scene.strap.send([901])
        await heard.until(lambda: 901 * 125 / 128 in heard.rr_ms)


async def zero_rr(scene: Scene) -> None:
    async with scene.sitting() as heard:
        await beat(heard, scene)
        scene.strap.send([0, 0, 905])
        scene.strap.send([0])


async def two_straps(scene: Scene) -> None:
    other = scene.bluez.add_strap("Strap of somebody else", TWIN, rssi=-20)
    other.start_beating(count(300), every_s=0.02)
    async with scene.sitting() as heard:
        await beat(heard, scene)
    assert other.connections == 0


async def same_named_twin(scene: Scene) -> None:
    scene.strap.go_out_of_range()
    twin = scene.bluez.add_strap(NAME, TWIN, rssi=-20)
    async with scene.sitting() as heard:
        await heard.until(
            lambda: NOT_FOUND in [link_sentence(e, NAME) for e in heard.of(LinkChanged)]
        )
        scene.strap.come_back()
        await beat(heard, scene)
    assert twin.connections == 0


async def left_over_link(scene: Scene) -> None:
    scene.strap.be_held_by_the_system()
    scene.bluez.calls.clear()
    async with scene.sitting() as heard:
        await beat(heard, scene)
    assert "StartDiscovery" not in [member for _, member in scene.bluez.calls]


def behind_another_adapter(scene: Scene) -> None:
    scene.bluez.add_another_adapter("hci1")
    scene.strap.adapter = "hci1"


def forgotten_after_the_search(scene: Scene) -> None:
    scene.bluez.forgets_after_search = True


async def hangs_up_when_asked_to_stream(scene: Scene) -> None:
    strap = scene.strap
    strap.polar = PolarService()

    def hang_up(_command: bytes) -> list[bytes]:
        scene.bluez.unlink(strap)
        return []

    strap.polar.answer = hang_up
    async with scene.sitting() as heard:
        await heard.until(lambda: strap.connections == 3 and strap.notifying)
        await beat(heard, scene)
    assert strap.connections == 3


async def doubled(scene: Scene) -> None:
    scene.timings = CALM
    async with scene.sitting() as heard:
        await begin_receiving(heard, scene.strap)
        for rr in range(600):
            scene.strap.send([800 + rr % 90])
            scene.strap.send([800 + rr % 90])
            if rr % 50 == 0:
                await asyncio.sleep(0)
    # Half a minute of it, told at once: the arrivals are put where a strap would have put them.
    arrivals = iter(range(1, 10_000))
    scene.kept = [
        replace(fact, t=next(arrivals) / 4)
        if isinstance(fact, HeartRateMeasurement)
        else replace(fact, t=0.0)
        for fact in scene.kept
    ]


async def bus_goes_away(scene: Scene) -> None:
    """Two buses, one after the other, each with the same strap on it."""
    scene.loose = True
    async with scene.sitting() as heard:
        await beat(heard, scene)
        scene.sent_rr_ms = scene.strap.sent_rr_ms()
        scene.places.close()
        await until_read(heard, NO_BUS)
        with private_bus() as address, StandIn(address) as bluez:
            scene.strap = bluez.add_strap(NAME, HERS)
            await beat(heard, scene)
            scene.sent_rr_ms += scene.strap.sent_rr_ms()


LOOKING = "Looking for Strap…"
OURS = "Strap"
NO_ADAPTER = "This computer has no Bluetooth, or it is unplugged. Breathing works without it."
OFF = "Bluetooth is off. Turn it on and we will find the strap."
NOT_ALLOWED = "biobreath may not use Bluetooth yet. Please allow it in the system's settings."
NOT_FOUND = (
    "We cannot see the strap yet. Wear it, with a little water under the pads. "
    "It may also be connected to a watch or a phone."
)
SLOW = "The strap answers slowly. We will try again in a moment."
GONE = "The strap is out of reach for a moment. We are looking for it."
QUIET = "The strap has gone quiet. We are waking it up."
SKIN = "The strap does not feel your skin. A little water under it helps."
NO_SERVICE = "The Bluetooth service is not running. Breathing works without it; we keep looking."
NO_BUS = "This computer's Bluetooth cannot be reached. Breathing works without it."
PAIR = "This strap wants to be paired first, in the system's settings."
ADD_UP = "This strap's beats do not add up, so we show only the rate. That is about the strap."

LINES = (
    Line(
        "No Bluetooth adapter, then one is plugged in",
        (NO_ADAPTER, LOOKING, OURS),
        "the time without, then every beat",
        from_the_start(
            lambda s: s.bluez.remove_adapter(), lambda s: s.bluez.add_adapter(), sentence=NO_ADAPTER
        ),
        every_beat_once,
    ),
    Line(
        "Bluetooth is off, then on",
        (OFF, LOOKING, OURS),
        "the time without, then every beat",
        from_the_start(
            lambda s: s.bluez.power(on=False), lambda s: s.bluez.power(on=True), sentence=OFF
        ),
        every_beat_once,
    ),
    Line(
        "Bluetooth is not allowed, then it is",
        (NOT_ALLOWED, LOOKING, OURS),
        "the time without, then every beat",
        from_the_start(
            lambda s: s.bluez.refuse("StartDiscovery", "org.bluez.Error.NotAuthorized", "no"),
            lambda s: s.bluez.heal(),
            sentence=NOT_ALLOWED,
        ),
        every_beat_once,
    ),
    Line(
        "The strap is nowhere",
        (LOOKING, NOT_FOUND),
        "the search, no beats",
        from_the_start(lambda s: s.strap.go_out_of_range(), sentence=NOT_FOUND),
        no_beat,
    ),
    Line(
        "Connecting takes too long, then it works",
        (LOOKING, SLOW, OURS),
        "every beat",
        from_the_start(
            lambda s: s.bluez.slow("Connect", 5.0), lambda s: s.bluez.heal(), sentence=SLOW
        ),
        every_beat_once,
    ),
    Line(
        "The link is lost twenty times",
        (LOOKING, OURS, *[GONE, OURS] * 20),
        "every beat once, in 21 runs",
        link_loss_twenty_times,
        lambda s: every_beat_once(s) and s.segments == 21,
    ),
    Line(
        "Out of range and back",
        (OURS, GONE, OURS),
        "every beat once, a gap between two runs",
        breaking(lambda s: s.strap.go_out_of_range(), lambda s: s.strap.come_back(), sentence=GONE),
        in_two_runs,
    ),
    Line(
        "Connected and silent",
        (OURS, QUIET, OURS),
        "every beat once, a gap between two runs",
        breaking(lambda s: s.strap.mute(), lambda s: s.strap.unmute(), sentence=QUIET),
        in_two_runs,
    ),
    Line(
        "The strap lost the skin",
        (OURS, SKIN, OURS),
        "every packet, also those without beats; a gap between two runs",
        contact_lost,
        in_two_runs,
    ),
    Line(
        "Four beats in one packet",
        (LOOKING, OURS),
        "every beat once and in order",
        four_a_packet,
        lambda s: every_beat_once(s) and len(s.rr_ms) > 20,
    ),
    Line(
        "Garbage between good packets",
        (LOOKING, OURS),
        "every beat; the garbage beside it, as it came",
        garbage,
        lambda s: s.segments == 1 and len(s.of(PacketRefused)) == 4 and 901 * 125 / 128 in s.rr_ms,
    ),
    Line(
        "Intervals of zero",
        (LOOKING, OURS),
        "every beat; a zero is no beat",
        zero_rr,
        lambda s: beats_of_hers_only(s) and 0.0 not in s.rr_ms,
    ),
    Line(
        "Two straps in range, the other one nearer",
        (LOOKING, OURS),
        "the beats of the chosen strap only",
        two_straps,
        beats_of_hers_only,
    ),
    Line(
        "The Bluetooth service is restarted in order",
        (OURS, NO_ADAPTER, OURS),
        "every beat once, a gap between two runs",
        breaking(lambda s: s.bluez.stop(), lambda s: s.bluez.start(), sentence=NO_ADAPTER),
        in_two_runs,
    ),
    Line(
        "The Bluetooth service crashes without a word",
        (OURS, QUIET, NO_SERVICE, OURS),
        "every beat once, a gap between two runs",
        breaking(
            lambda s: s.bluez.stop(orderly=False),
            lambda s: s.bluez.start(announce=False),
            sentence=NO_SERVICE,
        ),
        in_two_runs,
    ),
    Line(
        "The message bus goes away and comes back",
        (OURS, GONE, NO_BUS, LOOKING, OURS),
        "every beat once, a gap between two runs",
        bus_goes_away,
        lambda s: s.rr_ms == s.sent_rr_ms and s.segments == 2,
    ),
    Line(
        "The adapter is pulled out, and put back",
        (OURS, QUIET, NO_ADAPTER, OURS),
        "every beat once, a gap between two runs",
        breaking(
            lambda s: s.bluez.remove_adapter(orderly=False),
            lambda s: s.bluez.add_adapter(),
            sentence=NO_ADAPTER,
        ),
        in_two_runs,
    ),
    Line(
        "The strap wants to be paired, and then is",
        (PAIR, OURS),
        "every beat once it is paired",
        from_the_start(
            lambda s: s.bluez.refuse("StartNotify", "org.bluez.Error.NotPermitted", "Not paired"),
            lambda s: s.bluez.heal(),
            sentence=PAIR,
        ),
        every_beat_once,
    ),
    Line(
        "A killed program left its link behind",
        (OURS,),
        "every beat, without a search",
        left_over_link,
        beats_of_hers_only,
    ),
    Line(
        "A strap of the same name at another address",
        (NOT_FOUND, OURS),
        "the beats of the chosen strap only",
        same_named_twin,
        beats_of_hers_only,
    ),
    Line(
        "Two adapters, the strap in reach of the second only",
        (LOOKING, OURS),
        "every beat",
        from_the_start(behind_another_adapter, lambda _s: None, sentence=LOOKING),
        beats_of_hers_only,
    ),
    Line(
        "A system that forgets the strap when the search ends",
        (LOOKING, NOT_FOUND, OURS),
        "every beat",
        from_the_start(forgotten_after_the_search, lambda _s: None, sentence=NOT_FOUND),
        beats_of_hers_only,
    ),
    Line(
        "The strap hangs up when it is asked for more than beats",
        (LOOKING, OURS),
        "every beat; after the second time only beats are asked for",
        hangs_up_when_asked_to_stream,
        every_beat_once,
    ),
    Line(
        "The strap sends each beat twice",
        (OURS, ADD_UP),
        "every packet as it came; no number is made of it",
        doubled,
        lambda s: s.rr_ms == s.strap.sent_rr_ms(),
    ),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.what)
def test_what_the_person_reads_and_what_is_kept(line, monkeypatch):
    # Where a bus of our own is gone there is none, whatever this computer has.
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with ExitStack() as around:
        bluez = around.enter_context(StandIn(around.enter_context(private_bus())))
        scene = Scene(bluez, bluez.add_strap(NAME, HERS, battery=70), places=around)
        asyncio.run(line.happens(scene))
    read = iter(scene.sentences)
    assert all(sentence in read for sentence in line.reads), scene.sentences
    assert line.is_kept(scene), (scene.rr_ms, scene.strap.sent_rr_ms(), scene.segments)


def test_the_table_in_the_docs_is_this_one():
    assert table() in DOCS.read_text(encoding="utf-8")


def table() -> str:
    """Return the table as Markdown."""
    rows = ["| what happens | what the person reads | on the disk |", "|---|---|---|"]
    for line in LINES:
        read = " → ".join(f"“{sentence}”" for sentence in dict.fromkeys(line.reads))
        rows.append(f"| {line.what} | {read} | {line.on_disk} |")
    return "\n".join(rows)
