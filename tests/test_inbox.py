"""Facts of the sensor reach the window at once, or in bunches while nobody looks."""

import threading

import pytest
from fakes import packets, receiving

from biobreath.app.inbox import Inbox
from biobreath.ui.bridge import Bridge

pytestmark = pytest.mark.usefixtures("qapp")
SITTING = object()


@pytest.fixture
def taken():
    return []


@pytest.fixture
def inbox(taken):
    return Inbox(Bridge(), lambda _sitting, fact: taken.append(fact))


def beats(count):
    return packets([1000.0] * count)


def test_what_is_seen_is_taken_fact_by_fact(inbox, taken, qapp):
    for fact in beats(3):
        inbox.put(SITTING, fact)
        qapp.processEvents()
        assert taken[-1] is fact


def test_unseen_beats_wait_for_others_and_come_in_order(inbox, taken, qapp):
    inbox.catch_up(seen=False)
    facts = beats(25)
    sizes = []
    for fact in facts:
        inbox.put(SITTING, fact)
        qapp.processEvents()
        sizes.append(len(taken))
    assert sizes == 9 * [0] + 10 * [10] + 6 * [20]
    assert taken == facts[:20]


def test_how_the_link_stands_never_waits_and_comes_behind_what_was_before(inbox, taken, qapp):
    inbox.catch_up(seen=False)
    facts = [*beats(2), receiving(5.0)]
    for fact in facts:
        inbox.put(SITTING, fact)
    qapp.processEvents()
    assert taken == facts


def test_who_looks_again_has_everything_at_once(inbox, taken):
    inbox.catch_up(seen=False)
    facts = beats(3)
    for fact in facts:
        inbox.put(SITTING, fact)
    inbox.catch_up(seen=True)
    assert taken == facts


def test_looking_and_looking_away_while_facts_come_loses_none(inbox, taken, qapp):
    facts = beats(3000)
    filling = threading.Thread(target=lambda: [inbox.put(SITTING, fact) for fact in facts])
    filling.start()
    while filling.is_alive():
        inbox.catch_up(seen=False)
        inbox.catch_up(seen=True)
    filling.join()
    qapp.processEvents()
    assert taken == facts


def test_one_that_cannot_be_taken_does_not_keep_back_the_next(qapp):
    taken = []

    def take(_sitting, fact):
        if not taken:
            taken.append(None)
            raise ValueError("no")
        taken.append(fact)

    inbox = Inbox(Bridge(), take)
    inbox.catch_up(seen=False)
    facts = beats(2)
    for fact in facts:
        inbox.put(SITTING, fact)
    with pytest.raises(ValueError, match="no"):
        inbox.empty()
    qapp.processEvents()
    assert taken == [None, facts[1]]
