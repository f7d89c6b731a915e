"""start.py makes a bare machine ready: what it asks for, what it leaves alone, what it says."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def start_module():
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


start = start_module()


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An empty place for a .venv, in stead of the real one."""
    folder = tmp_path / ".venv"
    guard = tmp_path / "guard"
    guard.touch()
    monkeypatch.setattr(start, "GUARD", guard)  # tests beside this one set up, too
    monkeypatch.setattr(start, "VENV", folder)
    monkeypatch.setattr(start, "PYTHON", folder / start.PYTHON.relative_to(ROOT / ".venv"))
    monkeypatch.setattr(start, "STAMP", folder / start.STAMP.name)
    monkeypatch.setattr(start, "UNFINISHED", folder / start.UNFINISHED.name)
    return folder


def lay_out(venv, *, version=f"{sys.version_info[0]}.{sys.version_info[1]}.1"):
    """Lay out what a virtual environment looks like from outside."""
    (venv / "lib" / "python3" / "site-packages" / "pip").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    start.PYTHON.parent.mkdir(exist_ok=True)
    start.PYTHON.touch()


def stamp(lines):
    start.STAMP.write_text("\n".join(lines))


# ---- Python


@pytest.mark.parametrize("version", [(3, 7), (3, 8), (3, 10)])
def test_an_older_python_is_told_in_one_sentence_and_nothing_is_done(version, venv, capsys):
    assert start.main([], version) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert f"Python 3.11 or newer, and this is Python 3.{version[1]}" in told.err
    assert not venv.exists()


def test_an_older_python_can_read_the_files_at_all():
    """In a Python of its own: Debian's 3.11.2 may stumble over ast in a long-lived one."""
    for name in ("start.py", "biobreath/__init__.py", "biobreath/system_libraries.py"):
        read = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 7))"
        subprocess.run([sys.executable, "-c", read, ROOT / name], check=True)


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_newer_pythons_are_welcome(version):
    assert start.too_old(version) == ""


def test_debian_keeps_venv_apart_under_the_name_of_the_python():
    assert start.venv_package(11, is_system_python=True) == "python3-venv"
    assert start.venv_package(13, is_system_python=False) == "python3.13-venv"


# ---- system libraries


def test_without_a_screen_the_plain_run_asks_for_no_library():
    assert start.wanted_parts({}, testing=False) == {}


def test_a_window_asks_for_the_libraries_of_its_own_screen_only():
    on_x11 = start.wanted_parts({"DISPLAY": ":0"}, testing=False)
    on_wayland = start.wanted_parts({"WAYLAND_DISPLAY": "wayland-0"}, testing=False)
    assert {"libGL.so.1", "libxcb-cursor.so.0"} <= on_x11.keys()
    assert {"libGL.so.1", "libwayland-cursor.so.0"} <= on_wayland.keys()
    assert "libwayland-cursor.so.0" not in on_x11
    assert "libxcb-cursor.so.0" not in on_wayland


def test_the_tests_ask_for_a_screen_and_a_bus_of_their_own():
    wanted = start.wanted_parts({}, testing=True)
    assert wanted["Xvfb"] == "xvfb"
    assert wanted["dbus-daemon"] == "dbus"
    assert "libxcb-cursor.so.0" in wanted


def test_a_library_that_does_not_load_and_a_program_that_is_not_there_are_missing(monkeypatch):
    assert start.is_lacking("libnobody-has-this.so.9")
    monkeypatch.setenv("PATH", "/nowhere")
    assert start.is_lacking("Xvfb")


def test_a_package_goes_by_its_newer_name_where_the_system_knows_it():
    assert start.newer_name("libglib2.0-0", lambda _: True) == "libglib2.0-0t64"
    assert start.newer_name("libglib2.0-0", lambda _: False) == "libglib2.0-0"
    assert start.newer_name("libgl1", lambda _: True) == "libgl1"


def test_each_package_is_named_once(monkeypatch):
    monkeypatch.setattr(start, "known_to_apt", lambda _: False)
    assert start.apt_names(["libgl1", "libegl1", "libgl1"]) == ["libgl1", "libegl1"]


def test_who_may_not_install_gets_one_line_to_type(monkeypatch, capsys):
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(start, "known_to_apt", lambda _: False)
    assert start.provide(["libgl1", "libegl1"]) is False
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "sudo apt install libgl1 libegl1" in lines


# What comes with any of the packages named in start.py, with Debian itself, or with PySide6.
BROUGHT_ALONG = re.compile(
    r"lib(Qt6|pyside6|shiboken6|icu|c\.|m\.|dl\.|rt\.|pthread\.|gcc_s|stdc\+\+|z\.|zstd)"
    r"|libgthread-2.0|libxcb\.so"
)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the libraries of Linux")
@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("Qt/lib/libQt6Core.so.6", "QT_LIBRARIES"),
        ("Qt/lib/libQt6Gui.so.6", "QT_LIBRARIES"),
        ("Qt/lib/libQt6Widgets.so.6", "QT_LIBRARIES"),
        ("Qt/lib/libQt6DBus.so.6", "QT_LIBRARIES"),
        ("Qt/plugins/platforms/libqxcb.so", "X11_LIBRARIES"),
        ("Qt/plugins/platforms/libqwayland.so", "WAYLAND_LIBRARIES"),
    ],
)
def test_every_library_that_qt_opens_is_looked_for(part, named):
    folder = Path(importlib.util.find_spec("PySide6").origin).parent
    opened = set(re.findall(rb"\0(lib[\w.+-]+\.so\.\d+)(?=\0)", (folder / part).read_bytes()))
    wanted = {name.decode() for name in opened if not BROUGHT_ALONG.match(name.decode())}
    assert wanted <= {**start.QT_LIBRARIES, **getattr(start, named)}.keys()


# ---- the folder .venv


def test_a_finished_set_up_is_not_touched_again(venv, monkeypatch, capsys):
    lay_out(venv)
    stamp(start.stamp_lines("run"))
    monkeypatch.setattr(start, "fill_venv", lambda _: pytest.fail("it was set up again"))
    start.set_up("run")
    assert capsys.readouterr().out == ""


def test_a_set_up_for_testing_also_serves_for_running_but_not_the_other_way(venv):
    assert start.stamp_lines("run") < start.stamp_lines("dev")
    lay_out(venv)
    stamp(start.stamp_lines("run"))
    assert start.is_usable(start.read_stamp())
    assert not start.stamp_lines("dev") <= start.read_stamp()


@pytest.mark.usefixtures("venv")
def test_without_a_venv_one_must_be_made():
    assert not start.is_usable(start.read_stamp())


def test_one_that_was_left_unfinished_is_made_anew(venv):
    lay_out(venv)
    stamp(start.stamp_lines("run"))
    start.follow("Installing collected packages: numpy, scipy\n")
    assert not start.is_usable(start.read_stamp())


def test_an_interrupted_download_does_no_harm(venv):
    lay_out(venv)
    stamp(start.stamp_lines("run"))
    start.follow("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.9 MB)\n")
    assert start.is_usable(start.read_stamp())


@pytest.mark.parametrize("left", ["for cpython-38 linux in /elsewhere", "rubbish"])
def test_one_for_another_python_or_folder_is_made_anew(venv, left):
    lay_out(venv)
    stamp([left])
    assert not start.is_usable(start.read_stamp())


@pytest.mark.parametrize(("version", "usable"), [(None, True), ("3.8.18", False)])
def test_one_made_by_hand_will_do_if_it_has_this_python(venv, version, usable):
    lay_out(venv, **({"version": version} if version else {}))
    assert start.is_usable(start.read_stamp()) is usable


def test_one_without_pip_is_made_anew(venv):
    lay_out(venv)
    (venv / "lib" / "python3" / "site-packages" / "pip").rmdir()
    assert not start.is_usable(start.read_stamp())


def test_a_half_made_venv_heals(venv, monkeypatch):
    """Really make one (Python brings its own pip along, so no network is asked)."""
    venv.mkdir()
    (venv / "half").touch()
    start.UNFINISHED.touch()
    monkeypatch.setattr(start, "pip", lambda *_: None)
    start.set_up("run")
    assert not (venv / "half").exists()
    assert not start.UNFINISHED.exists()
    assert start.stamp_lines("run") <= start.read_stamp()
    subprocess.run([start.PYTHON, "-c", "import pip"], check=True)


def test_a_set_up_that_fails_leaves_no_stamp(venv, monkeypatch):
    lay_out(venv)

    def no_network(*_):
        raise start.SetUpError("The packages could not be installed.")

    monkeypatch.setattr(start, "pip", no_network)
    with pytest.raises(start.SetUpError):
        start.set_up("run")
    assert start.read_stamp() == set()


def test_a_file_called_venv_is_left_alone_and_told(venv):
    venv.touch()
    with pytest.raises(start.SetUpError, match="not a folder"):
        start.make_venv()
    assert venv.is_file()


def test_only_what_decides_the_packages_changes_the_fingerprint(tmp_path, monkeypatch):
    lock, project = tmp_path / "run.txt", tmp_path / "pyproject.toml"
    lock.write_text("numpy==2.4.6")
    project.write_text((ROOT / "pyproject.toml").read_text())
    monkeypatch.setattr(start, "LOCKS", {"run": lock})
    monkeypatch.setattr(start, "ROOT", tmp_path)
    before = start.fingerprint("run")
    project.write_text(project.read_text().replace("line-length = 100", "line-length = 99"))
    assert start.fingerprint("run") == before
    project.write_text(project.read_text().replace('version = "', 'version = "9'))
    assert start.fingerprint("run") != before
    before = start.fingerprint("run")
    lock.write_text("numpy==2.4.7")
    assert start.fingerprint("run") != before


# ---- what is said and done


def test_progress_is_told_in_plain_words(venv, capsys):
    venv.mkdir()
    start.follow("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.9 MB)\n")
    start.follow("  Downloading tomli_w-1.2.0-py3-none-any.whl (6.7 kB)\n")
    start.follow("Collecting numpy==2.4.6\n")
    start.follow("Installing collected packages: numpy, scipy\n")
    start.follow("Installing collected packages: biobreath\n")
    assert capsys.readouterr().out.splitlines() == [
        "  fetching numpy (16.9 MB)",
        "  installing 2 packages",
        "  installing biobreath",
    ]


def test_trouble_is_one_sentence_and_exit_code_one(monkeypatch, capsys):
    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(start, "start", full_disk)
    assert start.main([]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "The set-up could not go on: [Errno 28] No space left on device"
    ]


def test_help_sets_nothing_up(venv, capsys):
    assert start.main(["--help"]) == 0
    assert "python3 start.py test" in capsys.readouterr().out
    assert not venv.exists()


def test_every_check_runs_though_an_earlier_one_failed(monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(start, "passes", lambda check: ran.append(check) or check[0] != "pyright")
    assert start.run_checks(["-k", "pacer"]) == 1
    assert [check[0] for check in ran] == ["ruff", "ruff", "lint-imports", "pyright", "pytest"]
    assert ran[-1] == ["pytest", "-k", "pacer"]
    assert "pyright failed" in capsys.readouterr().out


def test_when_all_is_well_pytest_has_the_last_word(monkeypatch, capsys):
    monkeypatch.setattr(start, "passes", lambda _: True)
    assert start.run_checks([]) == 0
    assert capsys.readouterr().out == ""


def test_the_whole_suite_is_shared_out_over_the_cores(monkeypatch):
    ran = []
    monkeypatch.setattr(start, "passes", lambda check: ran.append(check) or True)
    monkeypatch.setattr(start.os, "cpu_count", lambda: 2)
    start.run_checks([])
    assert ran[-1] == ["pytest", "-n", "4", "--dist", "loadgroup"]
    monkeypatch.setattr(start.os, "cpu_count", lambda: 96)
    assert start.shared_out()[1] == "9"


def test_the_checks_run_without_a_screen_and_without_other_peoples_settings():
    astray = {
        "PYTHONPATH": "/x",
        "PYRIGHT_PYTHON_FORCE_VERSION": "latest",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environ = start.check_environment({"PATH": "/bin", **astray})
    assert environ["QT_QPA_PLATFORM"] == "offscreen"
    assert environ["PATH"] == "/bin"
    assert not astray.keys() & environ.keys()


def test_pip_keeps_the_persons_mirror_but_installs_into_the_venv():
    environ = start.pip_environment(
        {"PIP_INDEX_URL": "a mirror", "PIP_USER": "1", "PIP_TARGET": "x"}
    )
    assert environ["PIP_INDEX_URL"] == "a mirror"
    assert environ["PIP_USER"] == "0"
    assert "PIP_TARGET" not in environ


# ---- the lock


def locked(which):
    text = start.LOCKS[which].read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {Requirement(line.split(" --hash")[0]).name: line for line in lines}


def pinned(line):
    return next(iter(Requirement(line.split(" --hash")[0]).specifier)).version


@pytest.mark.parametrize("which", ["run", "dev"])
def test_every_locked_package_has_one_version_and_its_hashes_and_no_address(which):
    for line in locked(which).values():
        assert re.match(r"[\w-]+==[^*\s]+ ", line)
        assert "--hash=sha256:" in line
    assert "://" not in start.LOCKS[which].read_text()


def test_what_is_tested_is_what_runs():
    run, dev = (
        {name: pinned(line) for name, line in locked(which).items()} for which in ("run", "dev")
    )
    assert run.items() <= dev.items()


def test_qt_is_the_version_that_does_not_abort():
    assert pinned(locked("run")["pyside6-essentials"]) == "6.11.3"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_keeps_within_the_ranges_for_users(python):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "run": project["project"]["dependencies"] + project["build-system"]["requires"],
        "dev": groups["dev"] + groups["build"],
    }
    for which, requirements in wanted.items():
        lines = locked(which)
        for requirement in map(Requirement, requirements):
            if (requirement.marker or Marker("python_version > '3'")).evaluate(
                {"python_version": python}
            ):
                name = requirement.name.lower().replace("_", "-")
                assert requirement.specifier.contains(pinned(lines[name])), requirement
