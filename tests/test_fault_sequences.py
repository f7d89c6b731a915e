"""Whatever breaks, in whatever order: the beats come back, each once and in order."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest
from bluez_stand_in import private_bus
from fault_sequences import run_sequence
from strap_rig import QUICK

SEQUENCES = 8


@pytest.mark.skipif(sys.platform != "linux", reason="needs a private D-Bus, which Linux has")
def test_random_faults_in_random_order_lose_and_double_nothing():
    with private_bus():
        pass  # skips here, and not in a child, where there is no dbus-daemon
    run = partial(run_sequence, timings=QUICK, faults=4, pause_s=0.4)
    # One bus has one Bluetooth service, and a process has one system bus.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(6, mp_context=spawn) as pool:
        outcomes = list(pool.map(run, range(SEQUENCES)))
    for outcome in outcomes:
        told = (outcome.crashed, outcome.lost, outcome.doubled, outcome.out_of_order)
        assert told == ("", 0, 0, 0), outcome
        assert len(outcome.returns_s) == 4, outcome
    assert sum(outcome.heard for outcome in outcomes) > 50 * SEQUENCES
