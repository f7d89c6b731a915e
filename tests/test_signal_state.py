"""What the signal is worth, and why."""

import pytest

from biobreath.session.live import Reading
from biobreath.signal.coherence import CoherenceState
from biobreath.signal.signal_state import SignalReason, SignalState, signal_state
from biobreath.ui.breathing_texts import answer


@pytest.mark.parametrize(
    ("share", "state", "reason"),
    [
        (None, SignalState.PAUSED, SignalReason.NO_BEATS),
        (0.0, SignalState.GOOD, SignalReason.NONE),
        (0.05, SignalState.GOOD, SignalReason.NONE),
        (0.051, SignalState.PATCHY, SignalReason.SOME_CORRECTED),
        (0.2, SignalState.PATCHY, SignalReason.SOME_CORRECTED),
        (0.21, SignalState.PAUSED, SignalReason.MANY_CORRECTED),
    ],
)
def test_the_share_of_corrected_beats_decides(share, state, reason):
    assert signal_state(share) == (state, reason)


def test_a_doubtful_strap_pauses_whatever_its_beats_look_like():
    paused = (SignalState.PAUSED, SignalReason.DOUBTFUL_STRAP)
    assert signal_state(0.0, doubtful_strap=True) == paused


def test_a_patchy_signal_is_said_to_be_the_straps_business():
    reading = Reading(
        60.0,
        heart_rate_bpm=60.0,
        together=0.7,
        coherence_state=CoherenceState.READY,
        signal=SignalState.PATCHY,
    )
    assert answer(reading).endswith("that is the strap")
    assert "together" in answer(reading)
