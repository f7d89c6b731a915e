"""Whether a case went as it should, told in figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.real_bluetooth.comparing import Comparison, Fate, compare


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet as the strap logged it."""

    t: float
    payload: bytes
    ticks: tuple[int, ...]
    """Its intervals in 1/1024 s, oldest first."""
    fate: Fate


@dataclass(frozen=True, slots=True)
class Said:
    """A state of the link that the program told, and when; ``t`` is the time of its source."""

    t: float
    state: str
    reason: str = "none"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was done to the program, and when the way was free again."""

    what: str
    begun: float
    healed: float
    in_silence: bool = False
    """Whether nobody says that the link is gone, so that only the watchdog can know."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What is in a file of the program."""

    payloads: tuple[bytes, ...]
    links: tuple[Said, ...]
    battery_percent: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What everybody said in one case. All times but a recording's are the machine's."""

    packets: tuple[Packet, ...]
    unlinked: tuple[float, ...]
    """When the strap saw a link end."""
    beats: tuple[float, ...]
    """The intervals in ms that the program printed."""
    links: tuple[Said, ...]
    troubles: tuple[Trouble, ...]
    deaf: tuple[float, ...]
    """When the one who listened was taken away, until the strap saw its link end."""
    library: Recording
    exported: Recording
    exit_code: int | None
    failure: str = ""
    """What the story waited for in vain."""


@dataclass(slots=True)
class Verdict:
    """The figures of a case, and what is wrong."""

    facts: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


DEAF_EARLIER_S = 0.5
"""A packet on its way when the listener is taken away reaches nobody either."""
TICK_MS = 1000 / 1024


def judge(evidence: Evidence) -> Verdict:
    """Compare what the program got with what the strap sent."""
    verdict = Verdict()
    if evidence.failure:
        verdict.faults.append(evidence.failure)
    if evidence.exit_code != 0:
        verdict.faults.append(f"the program ended with {evidence.exit_code}")
    sent = [packet for packet in evidence.packets if packet.fate is Fate.NOTIFIED]
    _judge_beats(evidence, sent, verdict)
    _judge_recording("recording", evidence.library, evidence, sent, verdict)
    _judge_recording("exported file", evidence.exported, evidence, sent, verdict)
    if evidence.library.battery_percent is None:
        verdict.faults.append("no battery level was recorded")
    for trouble in evidence.troubles:
        _judge_trouble(trouble, evidence.links, verdict)
    _judge_gaps(evidence, verdict)
    return verdict


def is_deaf(t: float, evidence: Evidence) -> bool:
    """Tell whether at ``t`` the strap had a link, but nobody was left to listen."""
    for begun in evidence.deaf:
        ends = min((end for end in evidence.unlinked if end >= begun), default=float("inf"))
        if begun - DEAF_EARLIER_S <= t <= ends:
            return True
    return False


def _judge_beats(evidence: Evidence, sent: Sequence[Packet], verdict: Verdict) -> None:
    beats = [(tick, packet.t) for packet in sent for tick in packet.ticks]
    received = [round(rr_ms / TICK_MS) for rr_ms in evidence.beats]
    comparison = compare([tick for tick, _ in beats], received)
    unheard = [place for place in comparison.lost if is_deaf(beats[place][1], evidence)]
    verdict.facts.append(
        f"{len(beats) - len(unheard)} beats sent while subscribed, {comparison.received} received, "
        f"{comparison.doubled} doubled, {len(comparison.lost) - len(unheard)} lost, "
        f"{comparison.foreign} foreign"
    )
    if unheard:
        verdict.facts.append(
            f"beats sent when nobody was left to listen, not counted: {len(unheard)}"
        )
    away = sum(len(packet.ticks) for packet in evidence.packets) - len(beats)
    verdict.facts.append(f"beats without link, subscription or range, not counted: {away}")
    _note_faults("beats", comparison, len(unheard), verdict)


def _judge_recording(
    name: str, kept: Recording, evidence: Evidence, sent: Sequence[Packet], verdict: Verdict
) -> None:
    comparison = compare([packet.payload for packet in sent], kept.payloads)
    unheard = sum(is_deaf(sent[place].t, evidence) for place in comparison.lost)
    equal = sum(a == b for a, b in zip(kept.payloads, kept.payloads[1:], strict=False))
    verdict.facts.append(
        f"{name}: {comparison.received} packets kept of {comparison.sent - unheard} sent while "
        f"subscribed; equal to the one before: {equal}"
    )
    _note_faults(f"packets of the {name}", comparison, unheard, verdict)


def _faults(comparison: Comparison, unheard: int) -> list[str]:
    figures = {
        "lost": len(comparison.lost) - unheard,
        "doubled": comparison.doubled,
        "foreign": comparison.foreign,
    }
    faults = [f"{number} {fault}" for fault, number in figures.items() if number]
    return faults if comparison.received else [*faults, "none received"]


def _note_faults(what: str, comparison: Comparison, unheard: int, verdict: Verdict) -> None:
    if faults := _faults(comparison, unheard):
        verdict.faults.append(f"{what}: {', '.join(faults)}")


def _judge_trouble(trouble: Trouble, links: Sequence[Said], verdict: Verdict) -> None:
    after = [said for said in links if said.t >= trouble.begun]
    noticed = next((said for said in after if said.state != "receiving"), None)
    again = next(
        (said for said in after if said.t >= trouble.healed and said.state == "receiving"), None
    )
    if noticed is None or again is None:
        verdict.faults.append(f"{trouble.what}: not noticed, or never received again")
        return
    between = [said for said in after if said.t < again.t]
    if trouble.in_silence and all(said.reason != "no_data" for said in between):
        verdict.faults.append(f"{trouble.what}: the watchdog did not fire")
    told = ", ".join(f"{said.state} ({said.reason})" for said in between)
    verdict.facts.append(
        f"{trouble.what}: told after {noticed.t - trouble.begun:.1f} s; received again "
        f"{again.t - trouble.healed:.1f} s after the way was free; said: {told}"
    )


def gaps_s(links: Sequence[Said]) -> list[float]:
    """Return how long each recorded gap is: from the end of receiving to its return."""
    found: list[float] = []
    since: float | None = None
    received = False
    for said in links:
        if said.state == "receiving":
            if since is not None:
                found.append(said.t - since)
            received, since = True, None
        elif received and since is None:
            since = said.t
    return found


def _judge_gaps(evidence: Evidence, verdict: Verdict) -> None:
    found = gaps_s(evidence.library.links)
    if found:
        verdict.facts.append("recorded gaps: " + ", ".join(f"{gap:.1f} s" for gap in found))
    if len(found) != len(evidence.troubles):
        verdict.faults.append(f"{len(found)} recorded gaps for {len(evidence.troubles)} troubles")
