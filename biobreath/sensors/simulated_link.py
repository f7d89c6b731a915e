"""How the link to a simulated strap stands, told as a real strap's is."""

from biobreath.events import HeartRateMeasurement, LinkChanged, LinkReason, LinkState

NAME = "demo heart"
SILENT_AFTER_S, GONE_AFTER_S = 5.0, 10.0
"""Silence that the person should know of, and that ends a link: as with a real strap."""
PACKETS_WITHOUT_CONTACT = 5
"""So many packets in a row without beats and without contact make a hint."""


class SimulatedLink:
    """One line to one strap; a link that is lost and comes back is another link."""

    def __init__(self) -> None:
        self.number = 0
        """Of this link; what was under way on an older one is lost."""
        self._said: tuple[LinkState, LinkReason] | None = None
        self._without_beats = 0

    @property
    def is_up(self) -> bool:
        """Whether something was heard on this link."""
        return self._said is not None and self._said[0] in (LinkState.RECEIVING, LinkState.SILENT)

    def say(
        self, t: float, state: LinkState, reason: LinkReason = LinkReason.NONE
    ) -> list[LinkChanged]:
        """Tell how the link stands, where that is news."""
        if (state, reason) == self._said:
            return []
        self._said = (state, reason)
        return [LinkChanged(t, state, reason, NAME)]

    def hear(self, measurement: HeartRateMeasurement) -> list[LinkChanged]:
        """Take in a packet that arrived."""
        is_bare = measurement.contact is False and not measurement.rr_ms
        self._without_beats = self._without_beats + 1 if is_bare else 0
        if self._without_beats >= PACKETS_WITHOUT_CONTACT:
            return self.say(measurement.t, LinkState.SILENT, LinkReason.NO_CONTACT)
        return self.say(measurement.t, LinkState.RECEIVING)

    def lose(self, t: float, reason: LinkReason) -> list[LinkChanged]:
        """End this link; before anything was heard on it we only go on searching."""
        self.number += 1
        self._without_beats = 0
        return self.say(t, LinkState.LOST, reason) if self.is_up else []
