"""How far the numbers of a moment can be trusted: said of the signal, never of the person."""

from enum import StrEnum

PATCHY_SHARE = 0.05
PAUSED_SHARE = 0.2


class SignalState(StrEnum):
    """What the newest window of beats is worth."""

    GOOD = "good"
    PATCHY = "patchy"
    """Some beats were corrected: numbers are shown, with a mark."""
    PAUSED = "paused"
    """Too many were, or none came: no number is shown."""


class SignalReason(StrEnum):
    """Why it is not good."""

    NONE = "none"
    NO_BEATS = "no_beats"
    SOME_CORRECTED = "some_corrected"
    MANY_CORRECTED = "many_corrected"
    IRREGULAR = "irregular"
    """Beats come as no breath makes them come; see `irregularity`."""
    DOUBTFUL_STRAP = "doubtful_strap"


UNSURE = frozenset(
    (SignalReason.MANY_CORRECTED, SignalReason.IRREGULAR, SignalReason.DOUBTFUL_STRAP)
)
"""Beats come, and nothing may be read from them."""


def signal_state(
    corrected_share: float | None, *, doubtful_strap: bool = False, irregular: bool = False
) -> tuple[SignalState, SignalReason]:
    """Judge a window by the share (0-1) of its beats that were corrected; None without beats.

    More than 5 % is patchy; more than 20 %, or an irregular rhythm, pauses feedback and
    assessment (SCIENCE, beats).
    """
    if doubtful_strap:
        return SignalState.PAUSED, SignalReason.DOUBTFUL_STRAP
    if corrected_share is None:
        return SignalState.PAUSED, SignalReason.NO_BEATS
    if corrected_share > PAUSED_SHARE:
        return SignalState.PAUSED, SignalReason.MANY_CORRECTED
    if irregular:
        return SignalState.PAUSED, SignalReason.IRREGULAR
    if corrected_share > PATCHY_SHARE:
        return SignalState.PATCHY, SignalReason.SOME_CORRECTED
    return SignalState.GOOD, SignalReason.NONE
