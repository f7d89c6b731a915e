"""Settings are kept whole, and a broken file costs nothing but itself."""

import stat
import sys
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.settings import FORMAT, Settings, from_table, load, save


def test_what_is_saved_is_loaded_again(tmp_path):
    path = tmp_path / "config" / "settings.toml"
    chosen = Settings(theme="dark", breaths_per_minute=5.3, strap_name="Gürtel 🫀", minutes=12)
    save(path, chosen)
    assert load(path) == chosen


def test_without_a_file_there_are_defaults(tmp_path):
    assert load(tmp_path / "none.toml") == Settings()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_only_the_person_can_read_the_settings(tmp_path):
    path = tmp_path / "config" / "settings.toml"
    save(path, Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@given(st.binary(max_size=200))
def test_any_bytes_give_usable_settings_and_are_set_aside(tmp_path_factory, junk):
    path = tmp_path_factory.mktemp("s") / "settings.toml"
    path.write_bytes(junk)
    settings = load(path)
    assert 3.0 <= settings.breaths_per_minute <= 12.0
    save(path, settings)
    assert load(path) == settings


def test_a_value_out_of_range_or_of_another_type_becomes_its_default():
    wild = {"breaths_per_minute": 400, "theme": "pink", "minutes": True, "show_words": "yes"}
    assert from_table(wild | {"format": FORMAT}) == Settings()


def test_settings_of_a_newer_version_stay_of_that_version(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("format = 9\nminutes = 7\n")
    save(path, replace(load(path), theme="dark"))
    assert tomllib.loads(path.read_text())["format"] == 9
    assert load(path).minutes == 7


def test_keys_of_a_newer_version_survive(tmp_path):
    path = tmp_path / "settings.toml"
    save(path, from_table({"voice": "kind", "format": FORMAT}))
    assert "kind" in path.read_text()
