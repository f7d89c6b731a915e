"""What calms a person: quiet scenes, a picture and a voice of their own, all of it at home."""

import wave

import numpy as np
import pytest
from packs import content
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from biobreath import places
from biobreath.app import own_calm
from biobreath.app.program import Program
from biobreath.practice.calm import CalmScene, load_calm
from biobreath.settings import Settings, load, save
from biobreath.ui import theme as look
from biobreath.ui.calm_picture import CalmPicture


@pytest.fixture
def program(qapp, qtbot):
    look.load_fonts()
    save(places.settings_path(), Settings(source="none"))
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path):
    """A picture that tells where it was taken."""
    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.setText("GPS", "48.1 11.5 secret")
    path = tmp_path / "photo.png"
    assert image.save(str(path))
    return path


@pytest.fixture
def voice(tmp_path):
    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((1000 * np.sin(np.arange(4000))).astype("<i2").tobytes())
    return path


def stage_of(program, phase):
    view = program.window.practice
    view.player.card = None
    view.player._enter_phase(view.player.pack.phase(phase), view._playing.now())
    view.refresh()
    return view._stage


def test_the_scenes_of_the_content_are_there_lightest_first():
    scenes = {scene.id: scene for scene in content().calm.scenes}
    assert set(scenes) == {"dusk", "forest", "paper"}
    assert scenes["dusk"].colours[0] == "#F2D6B3"
    assert scenes["paper"].colours[0] == "#FBF7EF"


@pytest.mark.parametrize("colours", ['["red", "blue", "green"]', '["#112233"]', "3", "[1, 2, 3]"])
def test_a_scene_without_colours_leaves_the_words_out_and_does_no_harm(tmp_path, colours):
    text = (places.assets() / "content" / "en" / "calm.toml").read_text(encoding="utf-8")
    spoiled = text.replace('["#1F2A44", "#3B4A6B", "#8FA3BF", "#F2D6B3"]', colours)
    assert spoiled != text
    (tmp_path / "calm.toml").write_text(spoiled, encoding="utf-8")
    assert load_calm(tmp_path / "calm.toml").scenes == ()


def test_a_scene_stands_above_the_words_where_nothing_else_is_shown(program):
    program.go("about_me")
    program.window.about_me.calm._scenes["dusk"].click()
    assert load_after_saving(program).calm_scene == "dusk"
    program.begin_practice("core.somatic-tracking", 0)
    assert stage_of(program, "look").findChildren(CalmPicture)
    for busy in ("settle", "rest"):
        assert not stage_of(program, busy).findChildren(CalmPicture)


def test_without_a_choice_there_is_no_picture(program):
    program.begin_practice("core.somatic-tracking", 0)
    assert not stage_of(program, "look").findChildren(CalmPicture)


def load_after_saving(program):
    program.choices.save()
    return load(places.settings_path())


def test_a_scene_is_painted_from_light_to_dark(qtbot):
    scene = CalmScene("x", "X", ("#FFFFFF", "#888888", "#000000"))
    picture = CalmPicture(look.LIGHT, scene)
    qtbot.addWidget(picture)
    picture.resize(400, 300)
    image = picture.grab().toImage()
    lights = [image.pixelColor(200, y).lightness() for y in (20, 150, 290)]
    assert lights == sorted(lights, reverse=True)
    assert lights[0] > lights[2] + 200
    at_night = CalmPicture(look.BEDTIME, scene)
    qtbot.addWidget(at_night)
    at_night.resize(400, 300)
    assert at_night.grab().toImage().pixelColor(200, 20).lightness() < lights[0] / 2


def test_a_picture_of_ones_own_is_copied_without_what_the_camera_wrote(program, photo):
    program.go("about_me")
    program.calm.take_picture(photo)
    kept = places.calm_dir() / "picture.png"
    assert b"secret" in photo.read_bytes()
    assert b"secret" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert QImage(str(kept)).width() <= 1640
    program.begin_practice("core.somatic-tracking", 0)
    (shown,) = stage_of(program, "look").findChildren(CalmPicture)
    shown.resize(400, 300)
    assert shown.grab().toImage().pixelColor(200, 150) == QColor("#336699")


def test_where_the_folder_cannot_be_written_a_sentence_says_so(photo, voice):
    places.calm_dir().parent.mkdir(parents=True, exist_ok=True)
    places.calm_dir().write_text("a file stands in the way")
    assert own_calm.take_picture(photo) == own_calm.NOT_KEPT
    assert own_calm.take_voice(voice) == own_calm.NOT_KEPT


@pytest.mark.parametrize("content_of_it", [b"", b"nonsense", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_and_no_voice_is_refused_in_a_sentence(
    program, tmp_path, content_of_it, monkeypatch
):
    bad = tmp_path / "bad.png"
    bad.write_bytes(content_of_it)
    program.go("about_me")
    card = program.window.about_me.calm
    program.calm.take_picture(bad)
    assert card._trouble.text() == own_calm.NOT_A_PICTURE
    sound = tmp_path / "bad.wav"
    sound.write_bytes(content_of_it)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(sound), ""))
    program.calm._ask_for_voice()
    assert card._trouble.text() == own_calm.NOT_A_VOICE
    assert (own_calm.picture(), own_calm.voice()) == (None, None)


def test_a_kind_voice_is_heard_with_the_own_reasons_and_when_grounding(program, voice, monkeypatch):
    assert own_calm.take_voice(voice) == ""
    heard = []
    monkeypatch.setattr(program.hearing.clips, "play", lambda path, _: heard.append(path.name))
    program.about_person.add_reason("My scan was clear")
    program.begin_practice("core.somatic-tracking", 0)
    view = program.window.practice
    for phase, times in (("look", 0), ("safe", 1), ("ground", 2)):
        stage = stage_of(program, phase)
        for line in view.player._visit.lines:
            stage.said.show_said([line.text])
        assert heard == ["voice.wav"] * times, phase
    program.hearing.mute(muted=True)
    stage_of(program, "ground").said.show_said([view.player._visit.lines[-1].text])
    assert len(heard) == 2


def test_picture_and_voice_go_at_a_press_and_with_everything(program, photo, voice, qtbot):
    program.go("about_me")
    card = program.window.about_me.calm
    assert not card.away.isVisibleTo(card)
    for way in (card.away.click, program.kept.remove_everything):
        program.calm.take_picture(photo)
        own_calm.take_voice(voice)
        way()
        qtbot.waitUntil(
            lambda: own_calm.picture() is None and own_calm.voice() is None, timeout=15_000
        )
        assert program.settings.calm_scene == "none"
