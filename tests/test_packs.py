"""Packs: what is written is read exactly, what is wrong is said plainly, strangers do no harm."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import SMALL, content

from biobreath import places
from biobreath.cli import main
from biobreath.practice.content import known_content
from biobreath.practice.pack_check import Known, check
from biobreath.practice.pack_library import load_packs, lock_of
from biobreath.practice.pack_reading import LARGEST_BYTES, BadPack, read_practice
from biobreath.practice.profile import FLAGS
from biobreath.practice.structure import differences
from biobreath.practice.timing import lines_for
from biobreath.practice.wording import avoided_in, claims_safety, reading_grade

CONTENT = places.assets() / "content" / "en"
FILES = sorted(CONTENT.glob("*.toml"))
SIX = {
    "core.mindful-breath": 16, "core.somatic-tracking": 18, "core.positive-affect": 17,
    "core.graded-exposure": 18, "core.motor-imagery": 19, "core.pain-lesson-alarm": 14,
}  # fmt: skip


def trouble(text):
    with pytest.raises(BadPack) as caught:
        read_practice(text if isinstance(text, bytes) else text.encode())
    return str(caught.value)


# --- what comes with the program ---------------------------------------------------------------


def test_all_six_practices_are_there_whole():
    found = {pack.id: len(pack.phases) for pack in content().library.packs}
    assert found.items() >= SIX.items()
    assert content().library.refused == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_content_passes_its_own_checker(path):
    found = check(path.name, path.read_bytes(), known_content(places.assets()))
    assert found.problems == ()


@pytest.mark.parametrize("pack", content().library.packs, ids=lambda pack: pack.id)
def test_no_practice_claims_a_review_that_nobody_made(pack):
    assert not pack.review_state.signed
    assert pack.text.startswith("schema")


# --- what is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "before"', 'id = "welcome"', "phase “welcome”: there are two phases of this name"),
        ('type = "rating"', 'type = "dance"', "phase “before”: “type” is “dance”"),
        ("seconds = 60", "seconds = -1", "phase “breathe”: “seconds” must be from 1 to 3600"),
        ("seconds = 60", "", "phase “breathe”: “seconds” is missing"),
        ("seconds = 60", "seconds = nan", "“seconds” must be from 1"),
        ("seconds = 60", "seconds = 20", "phase “breathe”: a line comes after its end"),
        ('goto = "close"', 'goto = "moon"', "phase “ask”: it leads to “moon”"),
        ('id = "ground"', 'id = "grund"', "there is no phase “ground”"),
        ('id = "soft"', 'id = "sift"', "there is no phase “soft”"),
        ('pick = "on"', 'pick = "of"', "phase “ask”: “pick” is “of”"),
        ('op = ">="', 'op = "=~"', "rule 1: “op” is “=~”"),
        ('{ pattern = "gentle" }', '{ code = "x" }', "“next_time” does not know “code”"),
        ('{ pattern = "gentle" }', '{ flags = ["pain_checked"] }', "“flags” may not set “pain_c"),
        ('label = "New"', 'label = "New", set_flags = ["pain_checked"]', "may not set “pain_c"),
        ('label = "New"', 'label = "New", set_flags = ["king"]', "“set_flags” may not set “king”"),
        ('title = "Ask"', "", ""),
        ('use = "core.safety#ground"', 'use = "file:///etc/passwd"', "phase “ground”: “use” is"),
        ('schema = "biobreath-pack/1"', 'schema = "biobreath-pack/2"', "header: “schema” is"),
        ('kind = "practice"', 'kind = "refs"', "this is a pack of refs"),
        ('licence = "CC0-1.0"', "", "header: “licence” is missing"),
        ('easier = "soft"', 'easier = "soft"\nneeds_flags = ["king"]', "which nobody is asked"),
        ('save_as = "safety_list"', 'save_as = "/tmp/x"', "phase “note”: “save_as” is"),
        ('stretch = true', 'code = "import os"', "phase “breathe”: “code” does not belong"),
        ('stretch = true', 'when = "1 == 1 or x"', "phase “breathe”: “when” is not understood"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(old, new, said):
    assert old in SMALL or not said
    if said:
        assert said in trouble(SMALL.replace(old, new, 1))


def test_everything_that_is_wrong_is_said_at_once():
    said = trouble(SMALL.replace("seconds = 60", "", 1).replace('op = ">="', 'op = "?"', 1))
    assert "breathe" in said
    assert "rule 1" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a = [" + b"[" * 5000, b"x = 1" * 10, b"a = " + b"9" * 5000,
     b"#" * (LARGEST_BYTES + 1), b"phase = 3", SMALL.encode() + b"\n[[phase]]\nid = 4\n"],
    ids=["empty", "not UTF-8", "deep", "not TOML", "a long number", "huge", "odd", "odd phase"],
)  # fmt: skip
def test_hostile_bytes_are_refused_in_plain_words(content):
    assert trouble(content)


_tokens = st.sampled_from(
    ['""', '"x"', "1e999", "nan", "-1", "[]", "{}", "true", "[[[]]]", '"\\u0000"', "1979-05-27"]
)
PACKS = [path.read_text(encoding="utf-8") for path in FILES]


def mutated(text, data):
    """Change a pack in some places: values, keys, letters, whole lines."""
    for _ in range(data.draw(st.integers(1, 4))):
        lines = text.split("\n")
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.integers(0, 4)):
            case 0:
                lines[at] = re.sub(r"= .*", lambda _: f"= {data.draw(_tokens)}", lines[at])
            case 1:
                del lines[at]
            case 2:
                lines[at] = lines[data.draw(st.integers(0, len(lines) - 1))]
            case 3:
                lines[at] = re.sub(r'"[^"]*"', lambda _: data.draw(_tokens), lines[at], count=1)
            case _:
                place = data.draw(st.integers(0, max(0, len(lines[at]) - 1)))
                letter = data.draw(st.characters())
                lines[at] = lines[at][:place] + letter + lines[at][place + 1 :]
        text = "\n".join(lines)
    return text


@settings(max_examples=150)
@given(st.sampled_from(PACKS), st.data())
def test_a_changed_pack_is_read_or_refused_and_never_more(text, data):
    content = mutated(text, data).encode("utf-8", "surrogatepass")
    try:
        pack = read_practice(content)
    except BadPack:
        pass
    else:
        assert pack.phases
    check("changed", content, Known())


# --- the person's own packs --------------------------------------------------------------------


def own_library(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return load_packs(places.assets() / "content", folder, known_content(places.assets()))


def test_a_pack_of_ones_own_is_offered_after_ours_and_marked(tmp_path):
    library = own_library(tmp_path / "packs", mine=SMALL)
    assert library.packs[-1].id == "test.small"
    assert not library.packs[-1].own
    assert all(pack.own for pack in library.packs[:-1])


def test_a_bad_pack_keeps_no_other_away(tmp_path):
    bad = SMALL.replace("seconds = 60", "seconds = 0", 1)
    library = own_library(tmp_path / "packs", bad=bad, mine=SMALL)
    assert library.pack("test.small") is not None
    (refused,) = library.refused
    assert str(refused).startswith("bad.toml: phase “breathe”: “seconds” must be")


def test_a_pack_cannot_take_the_place_of_one_of_ours(tmp_path):
    taken = SMALL.replace("test.small", "core.mindful-breath")
    library = own_library(tmp_path / "packs", mine=taken)
    assert library.pack("core.mindful-breath").own
    assert "already" in str(library.refused[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [('pattern = "long-out"', 'pattern = "storm"'), ('"fear", "peace"', '"fear", "wrath"'),
     ('stop = "dizzy"', 'stop = "fly"')],
)  # fmt: skip
def test_a_pack_that_refers_to_nothing_is_left_out(tmp_path, old, new):
    library = own_library(tmp_path / "packs", mine=SMALL.replace(old, new))
    assert library.pack("test.small") is None
    assert "there is no" in str(library.refused[0])


def test_what_is_no_file_is_no_pack(tmp_path):
    (tmp_path / "packs" / "folder.toml").mkdir(parents=True)
    assert own_library(tmp_path / "packs").refused == ()


# --- translations ------------------------------------------------------------------------------


@pytest.fixture
def translated(tmp_path):
    """Return a way to put a changed copy of the content beside it, and what is then offered."""
    shutil.copytree(places.assets() / "content", tmp_path / "content")

    def translate(change, name="mindful-breath"):
        folder = tmp_path / "content" / "xx"
        folder.mkdir(exist_ok=True)
        text = (CONTENT / f"{name}.toml").read_text(encoding="utf-8")
        text = text.replace('lang = "en"', 'lang = "xx"')
        (folder / f"{name}.toml").write_text(change(text), encoding="utf-8")
        known = known_content(places.assets())
        return load_packs(tmp_path / "content", tmp_path / "none", known, lang="xx")

    return translate


def test_a_translation_takes_the_place_of_the_original(translated):
    library = translated(lambda text: text.replace("Slow and easy", "Langsam und leicht"))
    assert library.pack("core.mindful-breath").title == "Langsam und leicht"
    assert library.pack("core.somatic-tracking").title == "A gentle look"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [('id = "uneasy"', 'id = "bang"', "phase “ok” is not the same"),
     ("value = 2, from", "value = 3, from", "its rules"),
     ('id = "posture"', 'id = "haltung"', "its phases differ from “posture” on"),
     ('display = "wave"', 'display = "numbers"', "not the same")],
)  # fmt: skip
def test_a_translation_that_is_another_practice_is_not_used(translated, old, new, said):
    library = translated(lambda text: text.replace(old, new, 1))
    assert library.pack("core.mindful-breath").header.lang == "en"
    assert said in str(library.refused[0])


def test_a_translation_may_take_its_own_time():
    original = read_practice(SMALL.encode())
    slower = read_practice(SMALL.replace("seconds = 60", "seconds = 75").encode())
    assert differences(original, slower) == []


# --- who may do what ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("practice", "flags", "instead"),
    [
        ("core.graded-exposure", {"pain_checked"}, None),
        ("core.graded-exposure", set(), "core.motor-imagery"),
        ("core.graded-exposure", {"pain_checked", "no_exposure"}, "core.motor-imagery"),
        ("core.motor-imagery", {"pain_checked", "no_body_focus"}, "core.positive-affect"),
        ("core.somatic-tracking", {"no_body_focus"}, "core.mindful-breath"),
        ("core.somatic-tracking", set(), None),
        ("core.mindful-breath", set(), None),
    ],
)
def test_what_does_not_suit_is_locked_with_a_reason_and_something_else(practice, flags, instead):
    lock = lock_of(content().library.pack(practice), frozenset(flags))
    assert (lock.instead if lock else None) == instead
    if lock:
        assert "About me" in lock.sentence


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Take a deep breath.", "You broke your streak", "It is all in your head", "push through it",
     "this will heal your back", "Well done!", "You should feel better"],
)  # fmt: skip
def test_hurtful_words_are_found(text):
    assert avoided_in(text)


def test_hard_sentences_are_found():
    assert reading_grade("The cat sat on the mat. It was warm.") < 3
    hard = "Neuroplasticity facilitates considerable reorganisation of nociceptive representations."
    assert reading_grade(hard) > 12
    assert any(
        "hard to read" in str(p) for p in problems_of(SMALL.replace("Small and slow.", hard))
    )


PLANTED = [
    "Take a deep breath now.", "You are safe now.", "It is not a sign of harm.", "Push through it.",
    "Nociceptive sensitization necessitates multidisciplinary rehabilitation considerations.",
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("name", ["mindful-breath", "somatic-tracking", "pain-lesson-alarm"])
def test_one_bad_sentence_planted_in_a_pack_is_found(name, planted):
    text = (CONTENT / f"{name}.toml").read_text(encoding="utf-8")
    first = read_practice(text.encode()).phases[0].lines[0].text
    spoiled = text.replace(f'"{first}"', f'"{planted}"', 1)
    assert problems_of(text) == ()
    assert problems_of(spoiled)


@pytest.mark.parametrize("pack", content().library.packs, ids=lambda pack: pack.id)
def test_nothing_says_that_all_is_safe_to_who_had_no_pain_checked(pack):
    if "pain_checked" in pack.needs_flags:
        assert lock_of(pack, frozenset()) is not None
        return
    for flags in (frozenset(), *(frozenset([flag]) for flag in FLAGS - {"pain_checked"})):
        for phase in pack.phases:
            said = [line.text for line in lines_for(phase.lines, flags, ())]
            assert not [text for text in said if claims_safety(text)]


@pytest.mark.parametrize("wish", ["May you be safe.", "You can rest here.", "One safe step."])
def test_a_wish_is_no_claim(wish):
    assert not claims_safety(wish)


def problems_of(text):
    return check("x", text.encode(), Known()).problems


def test_a_line_that_cannot_be_said_in_its_time_is_found():
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    said = problems_of(SMALL.replace("Hello.", words))
    assert any("needs 6 s, and has 5 s" in str(one) for one in said)


def test_a_phase_that_nothing_leads_to_is_found():
    extra = '\n[[phase]]\nid = "lost"\ntype = "timer"\ntitle = "Lost"\nside = true\nseconds = 5\n'
    assert "phase “lost”: nothing leads there" in [str(one) for one in problems_of(SMALL + extra)]


# --- the command -------------------------------------------------------------------------------


def run(capsys, *words):
    code = main(list(words))
    return code, *capsys.readouterr()


def test_packs_are_checked_from_the_command_line(capsys, tmp_path):
    code, out, err = run(capsys, "packs", "check", str(CONTENT))
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(FILES)
    bad = tmp_path / "bad.toml"
    bad.write_text(SMALL.replace("seconds = 60", "seconds = 0", 1))
    code, out, err = run(capsys, "packs", "check", str(bad))
    assert code == 1
    assert "bad.toml: one thing to mend" in out
    code, out, err = run(capsys, "packs", "check", str(bad), "--json")
    assert json.loads(out)["problems"][0]["place"] == "phase “breathe”"


def test_where_there_is_no_pack_it_is_said(capsys, tmp_path):
    for path in (tmp_path, tmp_path / "none.toml"):
        code, out, err = run(capsys, "packs", "check", str(path))
        assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_the_content_refers_to_nothing_outside():
    for path in FILES:
        assert "shared" not in Path(path).read_text(encoding="utf-8").split("core.")[0]
