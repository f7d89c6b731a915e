"""What the program says: kind, plain, and true."""

import re
from pathlib import Path
from types import CodeType

import pytest

from biobreath.clock import WallTime
from biobreath.events import LinkChanged, LinkReason, LinkState
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern, paced
from biobreath.practice.wording import (
    HARDEST_SENTENCE,
    avoided_in,
    claims_safety,
    reading_grade,
    whole_sentences,
)
from biobreath.session import words

PACKAGE = Path(words.__file__).parent.parent
AVOIDED = [
    r"\bdeep(ly)? breath", r"\bbreathe deep", r"\bfailed\b", r"\bmissed a day", r"\bstreak",
    r"\bscore\b", r"\bshould\b", r"\bcure", r"\bheal(s|ed|ing)?\b", r"\bpatient\b", r"\bvictim",
    r"\bsuffer", r"\bdamage", r"\bwarning\b", r"\bdanger", r"\bpush through\b", r"\bjust relax",
    r"\bgood job\b", r"\bwell done\b",
]  # fmt: skip


@pytest.mark.parametrize("reason", list(LinkReason))
def test_every_reason_has_a_kind_sentence(reason):
    sentence = words.trouble_sentence(reason)
    if reason not in (LinkReason.NONE, LinkReason.STOPPED):
        assert sentence.endswith(".")
        assert not re.search(r"error|fail|exception|invalid", sentence, re.IGNORECASE)
        assert len(sentence) <= 150


@pytest.mark.parametrize("state", list(LinkState))
def test_every_state_can_be_said(state):
    sentence = words.link_sentence(LinkChanged(0.0, state, device_name="Polar H10"))
    assert sentence or state is LinkState.ENDED


def test_a_strap_that_is_heard_is_called_by_its_name():
    link = LinkChanged(0.0, LinkState.RECEIVING, device_name="Polar H10")
    assert words.link_sentence(link) == "Polar H10"


def spoken_texts():
    """Every text of the window and of the words module, docstrings left out, with its place."""
    folders = (PACKAGE / "ui", PACKAGE / "app", PACKAGE / "commands")
    paths = [path for folder in folders for path in folder.glob("*.py")]
    for path in [*paths, PACKAGE / "session" / "words.py"]:
        code = compile(path.read_text(encoding="utf-8"), path, "exec", optimize=2)
        yield from ((path.name, text) for text in texts_in(code))


def texts_in(constant):
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, tuple):
        for part in constant:
            yield from texts_in(part)
    elif isinstance(constant, CodeType):
        yield from texts_in(constant.co_consts)


def test_texts_inside_functions_are_found():
    assert ("today.py", "A hard day?") in set(spoken_texts())


def better_not_said(text):
    """Return what is wrong with a text: by our list, by that of the packs, by its grade."""
    found = [avoided for avoided in AVOIDED if re.search(avoided, text, re.IGNORECASE)]
    found += avoided_in(text)
    found += ["says that all is safe"] if claims_safety(text) else []
    hard = [one for one in whole_sentences([text]) if reading_grade(one) > HARDEST_SENTENCE]
    return found + hard


def test_no_text_of_the_window_blames_scares_scores_promises_or_is_hard_to_read():
    for place, text in spoken_texts():
        assert better_not_said(text) == [], f"{place}: “{text}”"


@pytest.mark.parametrize(
    "planted",
    ["Take a deep breath.", "A streak of 3 days", "You are safe.", "Your pain is not dangerous.",
     "Neuroplasticity facilitates considerable reorganisation of nociceptive representations.",
     "You missed a day", "It will heal your back.", "You should feel better now."],
)  # fmt: skip
def test_one_bad_text_planted_in_a_page_is_found(planted):
    page = (PACKAGE / "ui" / "today.py").read_text(encoding="utf-8")
    spoiled = page.replace("A hard day?", planted)
    code = compile(spoiled, "today.py", "exec", optimize=2)
    assert [text for text in texts_in(code) if better_not_said(text)] == [planted]


def test_patterns_are_named_as_people_know_them():
    assert words.pattern_name(LONG_OUT) == "Long out-breath"
    assert words.pattern_name(GENTLE) == "Gentle"
    assert words.pattern_name(paced(5.5, 0.5)) == "Even breath"
    assert words.pattern_name(Pattern("own", 4, 4, 4, 4)) == "Your own breath shape"


@pytest.mark.parametrize(
    ("left_s", "said"),
    [
        (None, "as long as you like"),
        (300.0, "5 min left"),
        (239.0, "4 min left"),
        (61.0, "1 min left"),
        (59.0, "less than a minute left"),
        (-2.0, "the last breath"),
    ],
)
def test_time_is_left_in_words(left_s, said):
    assert words.time_left(left_s) == said


def test_rates_are_said_without_needless_digits():
    assert words.pace(6.0) == "6 a minute"
    assert words.pace(5.5) == "5.5 a minute"


def test_a_sitting_is_dated_by_the_clock_on_its_own_wall():
    assert words.when(WallTime(1_795_545_600_000, 3600, "CET")).startswith("Tuesday 24 November, ")


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("simulated:7", "demo heart", "demo heart"),
        ("strap", "Polar H10", "Polar H10"),
        ("strap", "", "strap"),
        ("file:walk.txt", "", "walk.txt"),
    ],
)
def test_a_heart_is_named_by_where_it_came_from(kind, name, said):
    assert words.source(kind, name) == said
