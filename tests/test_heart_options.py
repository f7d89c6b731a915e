"""The demo heart can be ordered on the command line; what makes no sense is said in a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath import cli
from biobreath.commands.heart_options import demo_heart
from biobreath.commands.output import WrongUse
from biobreath.commands.sources import open_source
from biobreath.sensors.people import FLARE, PEOPLE, on_day, person_of
from biobreath.sensors.simulated import no_guide
from biobreath.sensors.simulated_faults import NO_FAULTS, Spell, often


def ordered(text):
    return demo_heart(text, no_guide)


@pytest.mark.parametrize(("text", "seed"), [("", 0), ("7", 7), ("7?", 7), ("?", 0)])
def test_without_options_it_is_the_person_of_the_seed(text, seed):
    sensor = ordered(text)
    assert (sensor.seed, sensor.person, sensor.faults) == (seed, person_of(seed), NO_FAULTS)


def test_person_and_day_are_ordered_by_name():
    assert ordered("?person=athlete").person == PEOPLE["athlete"]
    assert ordered("3?day=flare").person == on_day(person_of(3), FLARE)


def test_adherence_and_resonance_are_ordered_by_number():
    person = ordered("3?adherence=0.5&follows=90&resonance=5.2").person
    assert (person.adherence, person.follows_until_s, person.resonance_per_minute) == (0.5, 90, 5.2)
    assert person.age == person_of(3).age


def test_faults_are_ordered_by_share_and_by_time():
    faults = ordered("?missed=0.05&dropout=60+10,120+5&nocontact=0.5@30+20").faults
    assert faults.missed == often(0.05)
    assert faults.dropouts == (Spell(60, 10), Spell(120, 5))
    assert faults.contact_loss == (Spell(30, 20, 0.5),)


def test_the_other_faults_have_numbers():
    faults = ordered("?jitter=1.5&battery=12&run=3&ectopics=0.05").faults
    assert (faults.jitter_s, faults.battery_percent, faults.run_length) == (1.5, 12, 3)
    assert faults.ventricular[0].share + faults.atrial[0].share == pytest.approx(0.05)


@pytest.mark.parametrize(
    "option",
    [
        "ventricular",
        "atrial",
        "missed",
        "extra",
        "nocontact",
        "dropout",
        "linkloss",
        "stall",
        "duplicate",
        "garbage",
    ],
)
def test_every_fault_can_be_ordered(option):
    assert ordered(f"?{option}=60+10").faults != NO_FAULTS


def test_the_library_keeps_the_whole_order():
    assert open_source("simulated?day=flare", no_guide).kind == "simulated:0?day=flare"
    assert open_source("simulated:7?missed=0.1", no_guide).kind == "simulated:7?missed=0.1"
    assert open_source("simulated:7", no_guide).kind == "simulated:7"


def test_an_ordered_heart_is_still_called_the_demo_heart(capsys):
    order = "simulated:7?day=flare&person=athlete&linkloss=20+8"
    wish = ["--speed", "0", "--seconds", "40", "--record"]
    assert cli.main(["monitor", order, *wish]) == 0
    assert "demo heart" in capsys.readouterr().out.lower()
    assert cli.main(["sessions"]) == 0
    told = capsys.readouterr().out
    assert "demo heart" in told
    assert "flare" not in told
    assert cli.main(["monitor", order, "--json", *wish[:-1]]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    states = [line["state"] for line in lines if line["event"] == "link"]
    assert states == ["searching", "receiving", "lost", "receiving"]


@pytest.mark.parametrize(
    "order",
    [
        "-1",
        "x",
        "1?day=bad",
        "1?person=nobody",
        "1?unknown=2",
        "1?day",
        "1?=flare",
        "1?missed=many",
        "1?missed=2",
        "1?missed=60+0",
        "1?missed=0.1&missed=0.2",
        "1?jitter=9",
        "1?adherence=nan",
        "1?battery=0",
        "1?run=0",
    ],
)
def test_a_wrong_order_is_one_plain_sentence_and_exit_2(capsys, order):
    assert cli.main(["monitor", f"simulated:{order}", "--speed", "0"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert told.err.strip().endswith(".")


WORDS = ["7", "?", "&", "=", "+", "@", ",", ".", "-", "60", "0.5", "day", "flare", "missed", "run"]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12).map("".join))
def test_any_order_makes_a_heart_or_a_sentence(text):
    try:
        sentence = f"{ordered(text).name}."
    except WrongUse as refusal:
        sentence = str(refusal)
    assert sentence.endswith(".")
