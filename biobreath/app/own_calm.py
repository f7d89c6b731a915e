"""The person's own picture and kind voice: copies of our own, without what a camera wrote down."""

import contextlib
import os
import shutil
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap, Qt

from biobreath import places
from biobreath.places import private_dir
from biobreath.sound.clips import KINDS, LARGEST_BYTES, samples_of
from biobreath.sound.player import NoSound

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp)"
VOICES = "Recordings (" + " ".join(f"*{kind}" for kind in KINDS) + ")"
_PICTURE = "picture.png"
_VOICE = "voice"
_LARGEST = QSize(1640, 1000)
NOT_A_PICTURE = "This file cannot be read as a picture."
NOT_A_VOICE = "This recording cannot be read, or is longer than a few minutes."
NOT_KEPT = "It could not be copied: the folder cannot be written."


def picture() -> QPixmap | None:
    """Return the person's own picture, if there is one."""
    found = QPixmap(str(places.calm_dir() / _PICTURE))
    return None if found.isNull() else found


def voice() -> Path | None:
    """Return the recording of a kind voice, if there is one."""
    found = (places.calm_dir() / f"{_VOICE}{kind}" for kind in KINDS)
    return next((path for path in found if path.is_file()), None)


def take_picture(path: Path) -> str:
    """Keep a copy of a picture; return why not, in a sentence, or nothing.

    Its dots alone are copied: where and when it was taken stays behind.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > _LARGEST.width() or size.height() > _LARGEST.height():
        reader.setScaledSize(size.scaled(_LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    read = reader.read()
    if read.isNull():
        return NOT_A_PICTURE
    bare = QImage(read.size(), QImage.Format.Format_RGB32)
    bare.fill(Qt.GlobalColor.white)
    with QPainter(bare) as painter:
        painter.drawImage(0, 0, read)
    try:
        target = private_dir(places.calm_dir()) / _PICTURE
        if not bare.save(str(target)):
            return NOT_KEPT
        target.chmod(0o600)
    except OSError:
        return NOT_KEPT
    return ""


def take_voice(path: Path) -> str:
    """Keep a copy of a recording; return why not, in a sentence, or nothing."""
    kind = path.suffix.lower()
    try:
        if kind not in KINDS or path.stat().st_size > LARGEST_BYTES:
            return NOT_A_VOICE
        samples_of(path)
        folder = private_dir(places.calm_dir())
        before = voice()
        draft = folder / f"{_VOICE}.part"
        shutil.copyfile(path, draft)
        draft.chmod(0o600)
        target = folder / f"{_VOICE}{kind}"
        os.replace(draft, target)  # noqa: PTH105  onto a file of that name on every system
        if before is not None and before != target:
            before.unlink()
    except NoSound:
        return NOT_A_VOICE
    except OSError:
        return NOT_KEPT
    return ""


def take_away() -> None:
    """Delete both."""
    for path in [places.calm_dir() / _PICTURE, voice()]:
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
