"""A sitting saved as a file of its own, for somebody else or another program."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from biobreath.store.library import Library
from biobreath.store.schema import LibraryError
from biobreath.store.transfer import NOTE, file_name, write_biobreath, write_rr

WHOLE = "The whole sitting, with your words (*.biobreath)"
WITHOUT_WORDS = "The sitting without your words (*.biobreath)"
HEARTBEATS = "Only the heartbeats, as text (*.txt)"
_ENDINGS = {WHOLE: ".biobreath", WITHOUT_WORDS: ".biobreath", HEARTBEATS: ".txt"}
_SAVED = {
    WHOLE: "Saved as “{name}”, with what you wrote.",
    WITHOUT_WORDS: "Saved as “{name}”, without what you wrote.",
    HEARTBEATS: "Saved as “{name}”. Only heartbeats are in it.",
}


def save_copy(window: QWidget, library_path: Path, session_id: int, *, has_heart: bool) -> str:
    """Ask where to and write the file; return the sentence to show, empty where nobody chose."""
    forms = [WHOLE, WITHOUT_WORDS] + ([HEARTBEATS] if has_heart else [])
    try:
        row = Library(library_path).sitting(session_id)
        suggested = Path.home() / file_name(row, _ENDINGS[WHOLE])
        chosen, form = QFileDialog.getSaveFileName(
            window, "Save a copy", str(suggested), ";;".join(forms)
        )
        if not chosen:
            return ""
        target = _named(Path(chosen), form)
        if target != Path(chosen) and target.exists():
            # The dialog asked about another name: nothing is written over unasked.
            return f"“{target.name}” is there already. Please choose another name."
        _write(library_path, session_id, target, form)
    except LibraryError as error:
        return str(error)
    except OSError as error:
        return f"It could not be saved: {error.strerror}."
    return f"{_SAVED[form].format(name=target.name)} {NOTE}"


def _named(chosen: Path, form: str) -> Path:
    """Give the file the ending of its form: some systems leave it to the program."""
    ending = _ENDINGS[form]
    if chosen.suffix.lower() == ending:
        return chosen
    known = chosen.suffix.lower() in _ENDINGS.values()
    return chosen.with_suffix(ending) if known else chosen.with_name(chosen.name + ending)


def _write(library_path: Path, session_id: int, target: Path, form: str) -> None:
    if form == HEARTBEATS:
        write_rr(library_path, session_id, target)
    else:
        write_biobreath(library_path, session_id, target, with_words=form == WHOLE)
