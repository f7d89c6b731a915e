"""How a sitting is made: its clock, its heart, its place in the library."""

import json
import uuid
from dataclasses import asdict, dataclass

from biobreath import __version__
from biobreath.app.heart_choice import HeartChoice
from biobreath.app.hearts import SensorFor
from biobreath.app.keeper import Keeper
from biobreath.app.looking_back import LookingBack
from biobreath.app.practising import Practising
from biobreath.app.ways import Ways
from biobreath.clock import Clock, SessionClock, wall_time
from biobreath.events import Event
from biobreath.practice import pace_steps
from biobreath.practice.packs import Pack
from biobreath.practice.patterns import LONG_OUT, Pattern
from biobreath.practice.protocols import ONE_STEP, Protocol
from biobreath.sensors.replay import ReplaySensor
from biobreath.sensors.sensor import Sensor
from biobreath.session import words
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.store.tasks import SittingStart
from biobreath.ui.breathe import pattern_of

FREE_S = 60.0
"""How long the free breathing before and after is: long enough to compare."""


@dataclass(frozen=True, slots=True)
class Start:
    """A sitting that is about to begin."""

    sitting: Sitting
    clock: Clock
    source: str
    """Where the heart comes from, as the library calls it."""
    label: str
    """How the screen calls that; a strap says for itself who it is."""
    sensor: Sensor | None
    keep: bool = True
    """Whether what the sensor says is kept."""


class Starting:
    """Makes sittings, and lets the library know before their first fact."""

    def __init__(
        self,
        ways: Ways,
        keeper: Keeper,
        heart: HeartChoice,
        practising: Practising,
        looking_back: LookingBack,
    ) -> None:
        self._ways = ways
        self._keeper = keeper
        self._heart = heart
        self._practising = practising
        self._looking_back = looking_back

    def breath(
        self,
        pattern: Pattern,
        minutes: int,
        *,
        demo: bool,
        planned: bool,
        protocol: Protocol | None,
    ) -> Start:
        """Make a sitting with the breath; ``planned`` as the person set it up."""
        clock = SessionClock()
        source, sensor_for = self._keep_from_now(_practice(protocol), demo=demo)
        settings = self._ways.settings
        sitting = Sitting(
            clock,
            self._keeper.add,
            pattern,
            minutes * 60.0,
            free_s=FREE_S if planned and settings.compare else 0.0,
            ramp=planned and settings.follow_me,
            protocol=protocol,
        )
        return Start(sitting, clock, source, _label(source), _sensor(sensor_for, sitting))

    def practice(self, pack: Pack) -> Start:
        """Make a sitting that waits to be led through a practice."""
        clock = SessionClock()
        source, sensor_for = self._keep_from_now(pack.id)
        sitting = Sitting(clock, self._keeper.add, LONG_OUT, 0.0, led=True)
        sensor = _sensor(sensor_for, sitting)
        return Start(sitting, clock, source, _label(source), sensor, keep=pack.record)

    def replay(self, session_id: int, speed: float) -> Start:
        """Make a sitting out of one that was, ``speed`` times as quick; it is there already."""
        facts = self._looking_back.facts(session_id)
        clock = SessionClock(speed)
        sitting = Sitting(clock, _forget, pattern_of(self._ways.settings), 0.0, guided=False)
        label = "replay" if speed == 1.0 else f"replay ×{speed:.0f}"
        sensor = ReplaySensor(facts, label)
        return Start(sitting, clock, "session", label, sensor, keep=False)

    def _keep_from_now(self, practice: str, *, demo: bool = False) -> tuple[str, SensorFor | None]:
        """Begin to keep a sitting; return where its heart comes from, and how to listen to it."""
        source, sensor_for = self._heart.begin(demo=demo)
        self._practising.uuid = str(uuid.uuid4())
        self._keeper.begin(
            SittingStart(
                uuid=self._practising.uuid,
                wall=wall_time(),
                practice=practice,
                source=source,
                app_version=__version__,
                settings_json=_settings_json(self._ways.settings),
            )
        )
        return source, sensor_for


def _practice(protocol: Protocol | None) -> str:
    """Return what the library calls a sitting with the breath."""
    if protocol is None:
        return "paced_breathing"
    return pace_steps.PRACTICE if protocol.id == ONE_STEP else "pace_finder"


def _forget(_fact: Event) -> None:
    """Keep nothing: a replay is there already."""


def _sensor(sensor_for: SensorFor | None, sitting: Sitting) -> Sensor | None:
    return None if sensor_for is None else sensor_for(sitting)


def _label(source: str) -> str:
    return "" if source == "strap" else words.source(source)


def _settings_json(settings: Settings) -> str:
    """Return the settings of a sitting, without anything that names a device or a person."""
    kept = asdict(settings)
    for key in ("strap_address", "strap_name", "recording", "unknown"):
        del kept[key]
    return json.dumps(kept)
