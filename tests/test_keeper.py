"""What the window gives is kept or it is said why not; what is erased is told once it is gone."""

import sqlite3
from uuid import uuid4

import pytest

from biobreath import places
from biobreath.app.keeper import Keeper
from biobreath.clock import WallTime
from biobreath.store.library import Library
from biobreath.store.tasks import SittingStart
from biobreath.ui.bridge import Bridge

NOW = WallTime(1_790_000_000_123, 7200, "CEST")


@pytest.fixture
def notices():
    return []


@pytest.fixture
def keeper(qapp, notices):  # noqa: ARG001  the bridge needs a running program
    keeper = Keeper(places.library_path(), Bridge())
    keeper.on_notice = notices.append
    yield keeper
    keeper.close()


def bodies():
    return [entry.body for entry in Library(places.library_path()).journal()]


def test_what_is_written_before_any_sitting_is_kept(keeper, notices):
    keeper.write("crumb", {"text": "sun"}, NOW)
    keeper.close()
    assert bodies() == [{"text": "sun"}]
    assert notices == []


def test_what_was_erased_is_told_once_it_is_gone(keeper, qtbot):
    keeper.write("crumb", {"text": "a private word"}, NOW)
    keeper.write("crumb", {"text": "sun"}, NOW)
    told = []
    keeper.erase(1, told.append)
    qtbot.waitUntil(lambda: told == [True])
    assert bodies() == [{"text": "sun"}]
    assert b"a private word" not in places.library_path().read_bytes()


def test_everything_can_be_erased(keeper, qtbot):
    keeper.begin(SittingStart(str(uuid4()), NOW, "core.calm", "none", "0.1.0"))
    keeper.write("crumb", {"text": "sun"}, NOW)
    told = []
    keeper.erase_all(told.append)
    qtbot.waitUntil(lambda: told == [True])
    assert (bodies(), Library(places.library_path()).sittings()) == ([], [])


def test_where_nothing_can_be_written_it_is_said_and_nothing_fails(keeper, notices, qtbot):
    path = places.library_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Dear diary. " * 100)
    keeper.write("crumb", {"text": "sun"}, NOW)
    told = []
    keeper.erase(1, told.append)
    qtbot.waitUntil(lambda: told == [False])
    (notice,) = notices
    assert "could not be kept" in notice


def test_only_what_was_said_of_the_disk_is_taken_back(keeper, notices, qtbot, monkeypatch):
    def full(*_arguments):
        raise sqlite3.OperationalError("database or disk is full")

    keeper.begin(SittingStart(str(uuid4()), NOW, "core.calm", "none", "0.1.0"))
    assert keeper._recorder.wait_begun(10.0)
    kept = []
    keeper.end(1.0, lambda session_id, sentence: kept.append((session_id, sentence)))
    qtbot.waitUntil(lambda: bool(kept))
    assert notices == [""]  # that of the beginning: recording and ending said nothing
    with monkeypatch.context() as refusing:
        refusing.setattr("biobreath.store.pen.Pen.write", full)
        keeper.write("crumb", {"text": "sun"}, NOW)
        qtbot.waitUntil(lambda: len(notices) == 2)
        assert "try again every second" in notices[1]
    qtbot.waitUntil(lambda: len(notices) == 3)
    assert notices[2] == ""
