"""What the program says: links, paces and times in kind, plain sentences."""

from biobreath.clock import WallTime
from biobreath.events import LinkChanged, LinkReason, LinkState
from biobreath.practice.pacer import BreathPhase
from biobreath.practice.pattern_library import offer_of
from biobreath.practice.patterns import LONG_OUT, Pattern
from biobreath.practice.protocols import ONE_STEP, PROTOCOLS
from biobreath.signal.interval_quality import IntervalQuality
from biobreath.signal.resonance import NoResonance, Resonance
from biobreath.signal.response import Change, Response

DEMO_HEART = "demo heart"

_REASONS = {
    LinkReason.NONE: "",
    LinkReason.NO_BUS: "This computer's Bluetooth cannot be reached. Breathing works without it.",
    LinkReason.NO_BLUETOOTH_SERVICE: (
        "The Bluetooth service is not running. Breathing works without it; we keep looking."
    ),
    LinkReason.NO_ADAPTER: (
        "This computer has no Bluetooth, or it is unplugged. Breathing works without it."
    ),
    LinkReason.POWERED_OFF: "Bluetooth is off. Turn it on and we will find the strap.",
    LinkReason.PERMISSION_DENIED: (
        "biobreath may not use Bluetooth yet. Please allow it in the system's settings."
    ),
    LinkReason.BUSY: "Another program is using Bluetooth. We will try again in a moment.",
    LinkReason.NOT_FOUND: (
        "We cannot see the strap yet. Wear it, with a little water under the pads. "
        "It may also be connected to a watch or a phone."
    ),
    LinkReason.CONNECT_FAILED: "The strap did not let us in. We will try again in a moment.",
    LinkReason.CONNECT_TIMEOUT: "The strap answers slowly. We will try again in a moment.",
    LinkReason.NOT_PAIRED: "This strap wants to be paired first, in the system's settings.",
    LinkReason.NO_HEART_RATE: "This device does not send a heart rate.",
    LinkReason.LINK_LOST: "The strap is out of reach for a moment. We are looking for it.",
    LinkReason.NO_DATA: "The strap has gone quiet. We are waking it up.",
    LinkReason.NO_CONTACT: "The strap does not feel your skin. A little water under it helps.",
    LinkReason.BEATS_MISSING: "Some beats are missing in the recording here.",
    LinkReason.RECORDING_ENDED: "The recording is over.",
    LinkReason.STOPPED: "",
    LinkReason.UNKNOWN: "Something went wrong with the strap. We will try again in a moment.",
}
_STATES = {
    LinkState.SEARCHING: "Looking for {name}…",
    LinkState.CONNECTING: "Connecting to {name}…",
    LinkState.RECEIVING: "{Name}",
    LinkState.SILENT: "{Name} is quiet for a moment.",
    LinkState.LOST: "{Name} is out of reach for a moment. We are looking for it.",
    LinkState.UNAVAILABLE: "Bluetooth cannot be used right now. We keep trying.",
    LinkState.ENDED: "",
}


_PARTS = {
    BreathPhase.INHALE: "in",
    BreathPhase.TOP: "a sip",
    BreathPhase.HOLD_FULL: "rest",
    BreathPhase.EXHALE: "out",
    BreathPhase.HOLD_EMPTY: "rest",
}


def breath_part(phase: BreathPhase) -> str:
    """Return the guide's word for a part of the breath, the same to be read and to be heard."""
    return _PARTS[phase]


def link_sentence(link: LinkChanged | None, name: str = "") -> str:
    """Say how the line to the heart stands, in one kind sentence."""
    if link is None:
        return ""
    if link.reason is not LinkReason.NONE and link.state is not LinkState.RECEIVING:
        return _REASONS[link.reason]
    shown = link.device_name or name or "the strap"
    sentence = _STATES[link.state]
    return sentence.format(name=shown, Name=shown[:1].upper() + shown[1:])


_INTERVALS = {
    IntervalQuality.RATE_ONLY: (
        "This strap tells the heart rate, but not each beat. The guide works as always."
    ),
    IntervalQuality.DOUBTFUL: (
        "This strap's beats do not add up, so we show only the rate. That is about the strap."
    ),
}


def intervals_sentence(quality: IntervalQuality) -> str:
    """Say where a strap's intervals cannot be used; nothing where they can."""
    return _INTERVALS.get(quality, "")


LOW_BATTERY_PERCENT = 20


def battery_sentence(percent: int) -> str:
    """Say that a strap's battery is getting low; nothing while it is not."""
    return "Its battery is getting low." if percent <= LOW_BATTERY_PERCENT else ""


def trouble_sentence(reason: LinkReason) -> str:
    """Say what stands in the way of the strap, and what to do."""
    return _REASONS.get(reason, _REASONS[LinkReason.UNKNOWN])


def source(kind: str, device_name: str = "") -> str:
    """Say where the heart of a sitting came from."""
    name, _, rest = kind.partition(":")
    if name == "simulated":
        return DEMO_HEART
    if name == "strap":
        return device_name or "strap"
    if name == "session":
        return "replay of a sitting"
    if name == "none":
        return "without a heart"
    return rest or kind


def own_breath(breaths_per_minute: float, *, own: bool, short: bool = False) -> str:
    """Say a breathing rate and where it is known from; ``own`` where the heart is the person's."""
    rate = pace(breaths_per_minute)
    if short:
        rate = rate.removesuffix(" a minute")
    if own:
        return f"your breath about {rate}, from your heart's swing"
    return f"the breath about {rate}, from the heart's swing"


def pattern_name(pattern: Pattern) -> str:
    """Name a pattern as the person knows it."""
    offer = offer_of(pattern.id)
    if offer is not None:
        return offer.name
    if pattern.id in PROTOCOLS or pattern.id == ONE_STEP:
        return "Finding my pace"
    if pattern.hold_full_s or pattern.hold_empty_s or pattern.top_s:
        return "Your own breath shape"
    share = pattern.inhale_s / (pattern.inhale_s + pattern.exhale_s)
    if abs(share - LONG_OUT.inhale_s / LONG_OUT.cycle_s) < 0.005:
        return "Long out-breath"
    return "Even breath" if abs(share - 0.5) < 0.005 else "Your own breath shape"


def pace(breaths_per_minute: float) -> str:
    """Say a rate as people do: ``6 a minute``, ``5.5 a minute``."""
    return f"{breaths_per_minute:.1f}".removesuffix(".0") + " a minute"


def time_left(left_s: float | None) -> str:
    """Say the time left without a ticking clock."""
    if left_s is None:
        return "as long as you like"
    if left_s <= 0:
        return "the last breath"
    if left_s < 60:
        return "less than a minute left"
    return f"{round(left_s / 60 + 0.2)} min left"


def length(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 59.5:
        whole = round(seconds)
        return "a second" if whole == 1 else f"{whole} seconds"
    if seconds < 90:
        return "a minute"
    return f"{round(seconds / 60)} minutes"


def day_part(hour: int) -> str:
    """Name the part of the day."""
    if 5 <= hour < 12:
        return "morning"
    if 12 <= hour < 17:
        return "afternoon"
    return "evening" if 17 <= hour < 22 else "night"


def together(share: float | None) -> str:
    """Say how heart and breath go together, without a grade."""
    if share is None:
        return ""
    if share >= 0.5:
        return "heart and breath are moving together"
    if share >= 0.25:
        return "heart and breath are finding each other"
    return "the heart goes its own way for now"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def when(wall: WallTime) -> str:
    """Say when a sitting was, in the time of the place where it was."""
    moment = wall.local()
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}, {moment:%H:%M}"


_RATE_CHANGES = {
    Change.LOWER: "Your heart beat a little slower afterwards, more than it usually wanders.",
    Change.SAME: "Your heart rate was about the same before and after.",
    Change.HIGHER: "Your heart beat a little faster afterwards. That can have many reasons.",
}


def response_sentence(response: Response | None) -> str:
    """Say what the heart did from free breathing before to free breathing after."""
    return "" if response is None else _RATE_CHANGES.get(response.heart_rate, "")


def pace_found_sentence(found: Resonance) -> str:
    """Say at which pace heart and breath went together, with how sure that is."""
    if found.breaths_per_minute is None or found.low is None or found.high is None:
        return ""
    return (
        f"Heart and breath went together best at about {found.breaths_per_minute:.1f} breaths a "
        f"minute, likely between {found.low:.1f} and {found.high:.1f}."
    )


_NO_PACE = {
    NoResonance.TOO_FEW_BREATHS: "There were too few whole breaths with every heartbeat.",
    NoResonance.NOT_FOLLOWED: "The heart went its own way; that happens, and says nothing of you.",
    NoResonance.FLAT: "The heart moved too little with the breath to tell one pace from another.",
    NoResonance.AT_THE_EDGE: "The best pace may lie beyond the ones that were tried.",
    NoResonance.BAD_SIGNAL: "The strap's beats do not add up; that is about the strap.",
    NoResonance.UNSURE_BEATS: "Too few beats were sure; this is about the signal, not you.",
}


def no_pace_sentence(reason: NoResonance) -> str:
    """Say why no pace was found."""
    return "No clear pace this time. " + _NO_PACE[reason]


def pace_sentence(found: Resonance) -> str:
    """Say what the pace finder found, or why it found nothing."""
    if found.reason is not None:
        return no_pace_sentence(found.reason)
    return pace_found_sentence(found) + " If it felt comfortable, you may keep it."
