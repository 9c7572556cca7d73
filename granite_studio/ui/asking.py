"""Questions for the person: dialogs that stop nothing, and answer a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget


def ask_open(
    parent: QWidget,
    title: str,
    filters: Sequence[str],
    answered: Callable[[list[Path]], None],
    *,
    refused: Callable[[], None] | None = None,
    folder: Path | None = None,
) -> None:
    """Ask for files to open. `refused` is called when the person wants none."""
    dialog = QFileDialog(parent, title, str(folder or ""))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(list(filters))
    dialog.filesSelected.connect(lambda names: answered([Path(name) for name in names]))
    _open(dialog, refused)


def ask_save(
    parent: QWidget,
    title: str,
    start: Path,
    filters: Sequence[str],
    answered: Callable[[Path], object],
) -> None:
    """Ask where to write a file; the desktop's own dialog asks before it takes one's place."""
    dialog = QFileDialog(parent, title, str(start.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(start.suffix.removeprefix("."))
    dialog.selectFile(start.name)
    dialog.fileSelected.connect(lambda name: answered(Path(name)))
    _open(dialog, None)


def ask_text(
    parent: QWidget, title: str, question: str, answered: Callable[[str], None], *, text: str = ""
) -> None:
    """Ask for a line of text; an empty one is no answer."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(question)
    dialog.setTextValue(text)
    dialog.textValueSelected.connect(lambda value: answered(value.strip()) if value.strip() else 0)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def ask_choice(
    parent: QWidget,
    title: str,
    question: str,
    choices: Sequence[str],
    answered: Callable[[int], None],
) -> None:
    """Ask for one of these; answers with its place in the list."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(question)
    dialog.setComboBoxItems(list(choices))
    dialog.setComboBoxEditable(False)
    dialog.textValueSelected.connect(lambda value: answered(list(choices).index(value)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def ask_folder(
    parent: QWidget, title: str, answered: Callable[[Path], None], *, start: Path | None = None
) -> None:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title, str(start or ""))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: answered(Path(name)))
    _open(dialog, None)


def ask_sure(
    parent: QWidget, question: str, facts: str, deed: str, meant: Callable[[], None]
) -> None:
    """Ask whether something is meant; the button that does it is called `deed`."""
    _question(parent, question, facts, ((deed, meant),), usual=1)


def ask_way(
    parent: QWidget, question: str, facts: str, ways: Sequence[tuple[str, Callable[[], None]]]
) -> None:
    """Ask which of these ways to go, the first being the usual one; Cancel does nothing."""
    _question(parent, question, facts, ways, usual=0)


def _question(
    parent: QWidget,
    question: str,
    facts: str,
    ways: Sequence[tuple[str, Callable[[], None]]],
    *,
    usual: int,
) -> None:
    """Ask with a button for each way and Cancel behind them; Return presses the `usual` one."""
    box = QMessageBox(QMessageBox.Icon.Question, "", question, parent=parent)
    box.setInformativeText(facts)
    deeds = {box.addButton(text, QMessageBox.ButtonRole.AcceptRole): deed for text, deed in ways}
    buttons = [*deeds, box.addButton(QMessageBox.StandardButton.Cancel)]
    box.setDefaultButton(buttons[usual])
    box.buttonClicked.connect(lambda button: deeds[button]() if button in deeds else None)
    box.finished.connect(box.deleteLater)
    box.open()


def _open(dialog: QFileDialog, refused: Callable[[], None] | None) -> None:
    if refused is not None:
        dialog.rejected.connect(refused)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
