"""Random faults, one after another, on a strap that beats all the time; and whether all is well.

One sequence is one strap on a stand-in service, followed by the real ``StrapSensor`` through an
unmodified bleak. Everything that breaks is mended again after a while. At the end: did beats come
back every time, how soon, and was each beat that a standing link delivered heard once and in order?
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count, pairwise

from bluez_stand_in import StandIn, Strap, private_bus

from biobreath.clock import SessionClock
from biobreath.events import HeartRateMeasurement, LinkChanged, LinkState
from biobreath.sensors.listening import StrapTimings
from biobreath.sensors.strap import StrapSensor

ADDRESS = "AA:BB:CC:DD:EE:01"
RETURN_LIMIT_S = 60.0
LONGEST_GARBAGE = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that breaks, and how it is mended."""

    name: str
    break_it: Callable[["Scene"], object]
    mend_it: Callable[["Scene"], object] = lambda _scene: None


@dataclass
class Scene:
    """One sequence: the service, the strap, chance, and what was heard."""

    bluez: StandIn
    strap: Strap
    chance: random.Random
    events: list = field(default_factory=list)

    @property
    def packets(self) -> list[HeartRateMeasurement]:
        return [e for e in self.events if isinstance(e, HeartRateMeasurement)]

    def garbage(self) -> None:
        for _ in range(self.chance.randint(1, 20)):
            self.strap.send_bytes(self.chance.randbytes(self.chance.randint(0, LONGEST_GARBAGE)))

    def refuse(self) -> None:
        member = self.chance.choice(["Connect", "StartNotify", "StartDiscovery", "ReadValue"])
        error = self.chance.choice(["Failed", "InProgress", "NotReady", "NotAuthorized"])
        self.bluez.refuse(member, f"org.bluez.Error.{error}", "refused by chance")
        self.strap.drop_link()

    def slow(self) -> None:
        self.bluez.slow(self.chance.choice(["Connect", "StartNotify", "ReadValue"]), 0.3)
        self.strap.drop_link()

    def twin(self) -> None:
        number = len(self.bluez.straps) + 1
        self.bluez.add_strap(self.strap.name, f"AA:BB:CC:DD:EE:{number:02X}", rssi=-30)
        self.strap.drop_link()


FAULTS = (
    Fault("link lost", lambda s: s.strap.drop_link()),
    Fault(
        "out of range",
        lambda s: s.strap.go_out_of_range(supervision_s=0.1),
        lambda s: s.strap.come_back(),
    ),
    Fault("mute", lambda s: s.strap.mute(), lambda s: s.strap.unmute()),
    Fault("forgotten by the system", lambda s: s.strap.vanish()),
    Fault("service stopped", lambda s: s.bluez.stop(), lambda s: s.bluez.start()),
    Fault(
        "service crashed",
        lambda s: s.bluez.stop(orderly=False),
        lambda s: s.bluez.start(announce=False),
    ),
    Fault("off", lambda s: s.bluez.power(on=False), lambda s: s.bluez.power(on=True)),
    Fault("unplugged", lambda s: s.bluez.remove_adapter(), lambda s: s.bluez.add_adapter()),
    Fault(
        "yanked",
        lambda s: s.bluez.remove_adapter(orderly=False),
        lambda s: s.bluez.add_adapter(),
    ),
    Fault("refused", Scene.refuse, lambda s: s.bluez.heal()),
    Fault("slow", Scene.slow, lambda s: s.bluez.heal()),
    Fault("garbage", Scene.garbage),
    Fault("a twin", Scene.twin),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one sequence showed; times in s."""

    seed: int
    faults: tuple[str, ...]
    returns_s: tuple[float, ...]
    """From each mending to the next packet heard."""
    delivered: int
    heard: int
    doubled: int
    lost: int
    """Delivered on a link that we called received and that stood, and not heard."""
    out_of_order: int
    crashed: str = ""


def run_sequence(seed: int, timings: StrapTimings, *, faults: int, pause_s: float) -> Outcome:
    """Run one sequence of so many faults, each standing for about ``pause_s``."""
    chance = random.Random(seed)
    with private_bus() as address, StandIn(address) as bluez:
        strap = bluez.add_strap("Strap", ADDRESS, battery=70)
        scene = Scene(bluez, strap, chance)
        # Every payload is unlike any other: beats can be told apart.
        strap.start_beating(count(300), every_s=0.02)
        names = tuple(chance.choice(FAULTS) for _ in range(faults))
        try:
            returns = asyncio.run(_sit(scene, timings, names, pause_s))
            crashed = ""
        except Exception as error:  # noqa: BLE001 - it is what is being measured
            returns, crashed = (), repr(error)
        strap.stop_beating()
        return _judged(scene, seed, tuple(fault.name for fault in names), returns, crashed)


async def _sit(
    scene: Scene, timings: StrapTimings, faults: tuple[Fault, ...], pause_s: float
) -> tuple[float, ...]:
    async def follow() -> None:
        sensor = StrapSensor(ADDRESS, timings=timings)
        async with aclosing(sensor.stream(SessionClock())) as events:
            async for event in events:
                scene.events.append(event)

    task = asyncio.create_task(follow())
    loop = asyncio.get_running_loop()
    returns = []
    try:
        await _heard_more(scene, 5)
        for fault in faults:
            await loop.run_in_executor(None, fault.break_it, scene)
            await asyncio.sleep(scene.chance.uniform(0.2, 1.8) * pause_s)
            await loop.run_in_executor(None, fault.mend_it, scene)
            mended = loop.time()
            await _heard_more(scene, 1)
            returns.append(loop.time() - mended)
            await _heard_more(scene, scene.chance.randint(1, 30))
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=10)
        if not task.done():
            raise TimeoutError("the sensor hung at its end")
    return tuple(returns)


async def _heard_more(scene: Scene, packets: int) -> None:
    """Wait until so many packets that were sent from now on have been heard."""
    newest = len(scene.strap.truth)
    async with asyncio.timeout(RETURN_LIMIT_S):
        while True:
            since = {sent.payload for sent in scene.strap.truth[newest:]}
            if sum(packet.payload in since for packet in scene.packets[-100:]) >= packets:
                return
            await asyncio.sleep(0.01)


def _judged(
    scene: Scene, seed: int, names: tuple[str, ...], returns: tuple[float, ...], crashed: str
) -> Outcome:
    heard = [packet.payload for packet in scene.packets]
    known = set(heard)
    position = {sent.payload: i for i, sent in enumerate(scene.strap.truth)}
    order = [position[payload] for payload in heard]
    return Outcome(
        seed=seed,
        faults=names,
        returns_s=returns,
        delivered=sum(len(payload) > LONGEST_GARBAGE for payload in scene.strap.delivered),
        heard=len(heard),
        doubled=len(heard) - len(known),
        lost=_lost_on_a_standing_link(scene, known),
        out_of_order=sum(b < a for a, b in pairwise(order)),
        crashed=crashed,
    )


def _lost_on_a_standing_link(scene: Scene, heard: set[bytes]) -> int:
    """Count packets that went out between two heard ones of one standing link, and are missing."""
    sent = [p for p in scene.strap.truth if p.delivered and len(p.payload) > LONGEST_GARBAGE]
    position = {packet.payload: i for i, packet in enumerate(sent)}
    lost = 0
    before = None
    for event in scene.events:
        if isinstance(event, LinkChanged) and event.state is not LinkState.RECEIVING:
            before = None
        elif isinstance(event, HeartRateMeasurement):
            now = position.get(event.payload)
            if before is not None and now is not None:
                lost += sum(p.payload not in heard for p in sent[before + 1 : now])
            before = now
    return lost
