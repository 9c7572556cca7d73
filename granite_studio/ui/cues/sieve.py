"""Which cues the list shows: all of them, or those alone that somebody wants to see now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QTableView, QToolButton

from granite_studio.core.checks import Problem, Severity
from granite_studio.core.cues import Cue
from granite_studio.ui.cell_editing import finish_writing
from granite_studio.ui.cues.model import TEXT, CueModel
from granite_studio.ui.subtitles import Subtitles

Found = Sequence[tuple[Cue, tuple[Problem, ...]]]
"""Every cue with something wrong, and what."""


class Only(Enum):
    """What a cue must have to be listed."""

    ALL = "all"
    FINDINGS = "findings"
    ERRORS = "errors"
    BY_HAND = "by hand"


class Sieve(QObject):
    """Gives rows of the table to the cues that are wanted, and keeps those chosen that were."""

    sifted = Signal()
    """Other cues are listed, or there are others to list."""

    def __init__(self, model: CueModel, table: QTableView, subtitles: Subtitles) -> None:
        super().__init__(table)
        self._model = model
        self._table = table
        self._subtitles = subtitles
        self._only = Only.ALL
        self._found: Found | None = None
        self._held: tuple[frozenset[int], int] = (frozenset(), -1)
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._restore)

    @property
    def only(self) -> Only:
        """What a cue must have to be listed."""
        return self._only

    def list_only(self, only: Only) -> None:
        """List these; what is being written in one of them is taken first."""
        finish_writing(self._table)
        self._only = only
        self.sift()

    def begin(self) -> None:
        """What comes lists all its cues, of which nobody has judged any."""
        self._only, self._found = Only.ALL, None
        self.sift()

    def set_found(self, found: Found) -> None:
        """What the style says against the cues that there are now."""
        self._found = found
        self.sift()

    def sift(self) -> None:
        """List what is wanted of the cues that there are; the rows stay while one is written."""
        if self._table.state() != QTableView.State.EditingState:
            wanted = _firsts(self._only, self._subtitles.cues, self._found or ())
            self._model.list_only(wanted)
        self.sifted.emit()

    def summary(self) -> str:
        """How many cues are listed, or nothing where there are none."""
        shown, count = self._model.rowCount(), len(self._subtitles.cues)
        if count and self._only is not Only.ALL:
            return self.tr("{shown} of {count} cues").format(shown=shown, count=count)
        return self.tr("{count} cues").format(count=count) if count else ""

    def why_empty(self) -> str:
        """What is said where no cue is listed."""
        if not self._subtitles.cues:
            return self.tr(
                "Subtitles appear here as soon as there is text. They are cut from the words "
                "in the style chosen above."
            )
        if self._found is None and self._only is not Only.BY_HAND:
            return self.tr("The cues are being judged …")
        reasons = {
            Only.FINDINGS: self.tr("No cue breaks a rule of the style chosen above."),
            Only.ERRORS: self.tr("No cue has an error in the style chosen above."),
            Only.BY_HAND: self.tr("No cue was made by hand."),
        }
        back = self.tr("“List all cues” brings the others back.")
        return f"{reasons.get(self._only, '')} {back}".strip()

    def _hold(self) -> None:
        """Remember which cues are chosen while the rows are made anew."""
        chosen = self._table.selectionModel().selectedRows()
        firsts = frozenset(self._model.cue(index.row()).first for index in chosen)
        self._held = firsts, self._table.currentIndex().row()

    def _restore(self) -> None:
        """Choose the same cues; where they are gone, what stands in their place."""
        held, current = self._held
        count = self._model.rowCount()
        rows = [row for row in range(count) if held and self._model.cue(row).first in held]
        if not rows and current >= 0 and count and self._table.hasFocus():
            rows = [min(current, count - 1)]
        if not rows:
            return
        index = self._model.index(rows[0], TEXT)
        chosen = QItemSelection()
        for first, last in _runs(rows):
            chosen.select(self._model.index(first, 0), self._model.index(last, TEXT))
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self._table.selectionModel().select(chosen, flags.ClearAndSelect)
        self._table.scrollTo(index, QTableView.ScrollHint.PositionAtCenter)


class SieveButton(QToolButton):
    """Says above the list what is listed: one click does the usual, a menu the rest."""

    def offer(self, usual: QAction, actions: Sequence[QAction]) -> None:
        menu = QMenu(self)
        menu.addActions(list(actions))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        usual.setIconVisibleInMenu(False)  # it would stand in the place of its check mark
        self.setDefaultAction(usual)
        self.setAccessibleName(self.tr("Which cues are listed"))


def _firsts(only: Only, cues: Sequence[Cue], found: Found) -> frozenset[int] | None:
    """The first words of the cues to be listed, by their ids; None for all of them."""
    if only is Only.ALL:
        return None
    if only is Only.BY_HAND:
        return frozenset(cue.first for cue in cues if cue.fixed)
    return frozenset(
        cue.first
        for cue, problems in found
        if only is Only.FINDINGS or problems[0].severity is Severity.ERROR
    )


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each unbroken run of these, which are in order."""
    begin = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] != rows[place - 1] + 1:
            yield rows[begin], rows[place - 1]
            begin = place
