"""Where the heart of a sitting comes from: what the person chose, and how it is listened to."""

import uuid
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from biobreath.app.hearts import SensorFor, demo_heart
from biobreath.app.practising import NO_HEART
from biobreath.app.strap_watch import StrapWatch
from biobreath.app.ways import Ways
from biobreath.events import HeartRateMeasurement
from biobreath.sensors.replay import ReplaySensor, heart_only
from biobreath.store.recordings import read_recording
from biobreath.store.unreadable import UnreadableRecording
from biobreath.ui.window import Window

_RECORDINGS = "Recordings (*.biobreath *.txt *.csv);;All files (*)"
_GONE = "“{name}” cannot be read any more. This is the demo heart."


class HeartChoice:
    """The page about the heart, and the heart that a sitting begins with."""

    def __init__(self, ways: Ways, strap: StrapWatch) -> None:
        self._ways = ways
        self._strap = strap
        self._gone = ""
        """The recording that was to be the heart and cannot be read any more, until it is said."""

    def connect(self, window: Window) -> None:
        """Listen to the page about the heart; it is made anew with every theme."""
        page = window.heart
        page.strap_chosen.connect(self._take_strap)
        page.ecg_chosen.connect(self._keep_ecg)
        page.demo_chosen.connect(lambda: self._take_source("simulated"))
        page.none_chosen.connect(lambda: self._take_source(NO_HEART))
        page.recording_wanted.connect(self._ask_for_recording)

    def _take_strap(self, address: str, name: str) -> None:
        self._ways.choose(
            replace(self._ways.settings, source="strap", strap_address=address, strap_name=name)
        )
        if not self._strap.open:
            # The same one as before; the search need not go on.
            self._strap.watch()
        self._ways.go("today")

    def _keep_ecg(self, keep: bool) -> None:  # noqa: FBT001 - a signal's value
        self._ways.choose(replace(self._ways.settings, keep_ecg=keep))

    def _take_source(self, source: str) -> None:
        self._ways.choose(replace(self._ways.settings, source=source))
        self._ways.go("today")

    def _ask_for_recording(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._ways.window, "Open a recording", str(Path.home()), _RECORDINGS
        )
        if path:
            self.take_recording(Path(path))

    def take_recording(self, path: Path) -> None:
        """Use a file as the heart, if it can be read."""
        page = self._ways.window.heart
        try:
            facts = read_recording(path)
        except UnreadableRecording as error:
            page.say_trouble(str(error))
            return
        if not any(isinstance(fact, HeartRateMeasurement) for fact in facts):
            page.say_trouble(f"“{path.name}” holds no heartbeats.")
            return
        self._ways.choose(replace(self._ways.settings, source="recording", recording=str(path)))
        self._ways.go("today")

    # -- a sitting begins ------------------------------------------------------------------

    def begin(self, *, demo: bool) -> tuple[str, SensorFor | None]:
        """Return where the heart will come from, as the library calls it, and how to listen.

        The strap needs no listening to: its line is open.
        """
        settings = self._ways.settings
        if not demo and settings.source in ("strap", NO_HEART):
            return settings.source, None
        if not demo and settings.source == "recording":
            path = Path(settings.recording)
            try:
                facts = heart_only(read_recording(path))
            except UnreadableRecording:
                self._ways.choose(replace(settings, source="simulated"))
                self._gone = path.name
            else:
                return f"file:{path.name}", lambda _sitting: ReplaySensor(facts, path.name)
        seed = uuid.uuid4().int % 1_000_000
        return f"simulated:{seed}", lambda sitting: demo_heart(seed, sitting)

    def trouble(self) -> str:
        """Return, once, why the heart is another one than the person chose; empty for nothing."""
        gone, self._gone = self._gone, ""
        return _GONE.format(name=gone) if gone else ""
