"""The list of cues with their reading speed and line length, in the chosen style."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.cues import Cue
from granite_studio.core.unspaced import edge_of_word
from granite_studio.services.session import Session
from granite_studio.services.styles import StyleKeeper
from granite_studio.ui import theme
from granite_studio.ui.cell_editing import finish_writing
from granite_studio.ui.cues.delegate import CompactDelegate
from granite_studio.ui.cues.editors import CellDelegate, LinesEditor
from granite_studio.ui.cues.model import (
    CPL,
    CPS,
    DURATION,
    END,
    FIGURES,
    GAP,
    NUMBER,
    START,
    TEXT,
    CueModel,
    Index,
)
from granite_studio.ui.cues.sieve import Sieve, SieveButton
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.style_box import StyleBox
from granite_studio.ui.subtitles import Subtitles

_ROOMY = theme.GRID * 76
"""From this width on every figure has a column of its own."""
_WIDEST = {
    NUMBER: "00000",
    START: "00:00.000",
    END: "00:00.000",
    DURATION: "Length",
    GAP: "000.00",
    CPS: "CPS",
    CPL: "CPL",
}
"""Where the last cue comes later, times are as wide as its end."""
_PADDING = theme.GRID * 3 // 2
_FIRST_TO_GO = (GAP, END, CPL)
"""Where the lines would have no room, these columns go one after another."""
_LETTERS = 34
"""Characters of a line that have room at least; the rest of a longer one is left out."""
_FLAGS = QItemSelectionModel.SelectionFlag
_ALONE = _FLAGS.ClearAndSelect | _FLAGS.Rows
"""So that a row is not added to the chosen ones where Shift or Ctrl is held."""


class CueList(QWidget):
    """Shows the cues, follows playback, and plays from the cue that is chosen."""

    style_chosen = Signal(str)
    """The name of the style that a person picked."""
    menu_asked = Signal(QPoint)
    """What can be done with the chosen cues is wanted at this point of the screen."""
    columns_asked = Signal(QPoint)
    """Which columns there are is to be chosen at this point of the screen."""
    refused = Signal(str)
    """What was written in a cell cannot be: a sentence."""

    def __init__(
        self,
        session: Session,
        playback: Playback,
        subtitles: Subtitles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._subtitles = subtitles
        self._model = CueModel(session, subtitles, self)
        self._table = _Table(self)
        self._table.setModel(self._model)
        self._table.setAccessibleName(self.tr("Cues"))
        self._table.chosen.connect(self._go_to)
        self._table.play_asked.connect(self.play_current)
        self._table.went_on.connect(self._write_next)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(
            lambda point: self.menu_asked.emit(self._table.viewport().mapToGlobal(point))
        )
        self._table.columns_asked.connect(self.columns_asked)
        self._model.refused.connect(self.refused)
        self._listed = Sieve(self._model, self._table, subtitles)
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("quiet", True)
        self._empty.setContentsMargins(theme.GRID * 3, 0, theme.GRID * 3, 0)
        self._styles = StyleBox()
        self._styles.setToolTip(self.tr("The guide by which subtitles are cut and checked"))
        self._edit_styles = QToolButton()
        self._sieve = SieveButton()
        self._styles.activated.connect(
            lambda row: self.style_chosen.emit(self._styles.itemData(row))
        )
        self._summary = QLabel()
        self._summary.setProperty("quiet", True)
        self._pages = QStackedLayout()
        self._lay_out()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().Base)
        self.setFocusProxy(self._table)
        self._table.left.connect(self._listed.sift)
        self._listed.sifted.connect(self._tell_sifted)
        session.leaving.connect(self.finish_writing)
        session.leaving.connect(self._listed.begin)
        subtitles.changed.connect(self._refresh)
        playback.moved.connect(self._follow_playback)
        self._refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        top.setSpacing(theme.GRID)
        top.addWidget(self._styles, 1)
        top.addWidget(self._edit_styles)
        top.addWidget(self._sieve)
        top.addWidget(self._summary)
        pages = QWidget()
        pages.setLayout(self._pages)
        self._pages.addWidget(self._table)
        self._pages.addWidget(self._empty)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(top)
        rows.addWidget(pages, 1)

    def set_styles(self, styles: StyleKeeper, edit: QAction) -> None:
        """Offer the styles of this keeper, and beside them the action that edits them."""
        self._styles.follow(styles, self._subtitles.style.name)
        self._edit_styles.setDefaultAction(edit)
        self._edit_styles.setAccessibleName(self.tr("Edit styles"))

    def set_sieve(self, usual: QAction, actions: Sequence[QAction]) -> None:
        """Offer these actions, which say what is listed, and the usual one with one click."""
        self._sieve.offer(usual, actions)

    @property
    def listed(self) -> Sieve:
        """Which cues have rows."""
        return self._listed

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these of `FIGURES`, or with "auto" as many as there is room for."""
        wanted = {FIGURES[name] for name in names if name in FIGURES}
        self._table.want(None if "auto" in names else wanted)

    def columns(self) -> dict[str, tuple[str, bool]]:
        """By their names in `FIGURES`, the titles of the columns and whether each is shown."""
        titles = Qt.Orientation.Horizontal
        return {
            name: (self._model.headerData(column, titles), not self._table.isColumnHidden(column))
            for name, column in FIGURES.items()
        }

    def play_current(self) -> None:
        """Play the chosen cue, once."""
        row = self._table.currentIndex().row()
        if row >= 0:
            cue = self._model.cue(row)
            self._playback.play_span(cue.start, cue.end)

    def chosen(self) -> list[Cue]:
        """The cues that are selected, in order."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return [self._model.cue(row) for row in rows]

    def split_in_text(self) -> bool:
        """Split the cue that is being written at the cursor, or beside the word that it stands in;
        whether one was."""
        found = self._table.viewport().findChildren(LinesEditor)
        editor = next((each for each in found if each.isVisible()), None)
        if editor is None or not editor.place.isValid():
            return False
        text = editor.toPlainText()
        # Qt counts UTF-16 units.
        before = text.encode("utf-16-le")[: 2 * editor.textCursor().position()]
        cursor = edge_of_word(text, len(before.decode("utf-16-le")))
        if self._model.part(editor.cue, text[:cursor], text[cursor:]):
            self._table.leave(editor)
        return True

    def finish_writing(self) -> None:
        """Take what is being written in a cell, and stop."""
        finish_writing(self._table)

    def choose(self, first_word: int) -> None:
        """Mark the cue that begins with the word of this id; another id changes nothing."""
        for place, cue in enumerate(self._subtitles.cues):
            if cue.first == first_word:
                self._mark_or_none(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._table.fit()

    def _write_next(self, row: int) -> None:
        """Go on writing in the cue below."""
        if row + 1 < self._model.rowCount():
            index = self._model.index(row + 1, TEXT)
            self._mark(row + 1)
            self._playback.seek(self._model.cue(row + 1).start)
            self._table.edit(index)

    def _go_to(self, row: int) -> None:
        self._playback.seek(self._model.cue(row).start)

    def _refresh(self) -> None:
        self._styles.choose(self._subtitles.style.name)
        self._starts = [cue.start for cue in self._subtitles.cues]
        self._table.fit_times(self._model.latest)
        self._listed.sift()
        self._follow_playback(self._playback.position)

    def _tell_sifted(self) -> None:
        self._summary.setText(self._listed.summary())
        self._empty.setText(self._listed.why_empty())
        self._pages.setCurrentIndex(0 if self._model.rowCount() else 1)

    def _follow_playback(self, ms: int) -> None:
        """Mark the cue on screen, unless the hand is in the list."""
        if self._table.is_writing or (self._table.hasFocus() and not self._playback.is_playing):
            return
        place = bisect_right(self._starts, ms) - 1
        if place >= 0:
            self._mark_or_none(place)

    def _mark_or_none(self, place: int) -> None:
        """Make the cue at this place among all the current one; none where it is not listed."""
        row = self._model.row_of(place)
        if row < 0:
            self._table.selectionModel().clear()
        elif row != self._table.currentIndex().row():
            self._mark(row)

    def _mark(self, row: int) -> None:
        """Make this the current row, with its neighbours in sight."""
        index = self._model.index(row, TEXT)
        around = self._table.visualRect(index).adjusted(0, 0, 0, self._table.rowHeight(row))
        if not 0 <= around.top() < around.bottom() < self._table.viewport().height():
            self._table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._table.selectionModel().setCurrentIndex(index, _ALONE)


class _Table(QTableView):
    """A table without a grid whose rows are as high as two lines of text.

    A double click or Return writes in a cell, Space plays.
    """

    chosen = Signal(int)
    play_asked = Signal()
    went_on = Signal(int)
    columns_asked = Signal(QPoint)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self._latest = ""
        self._wanted: set[int] | None = None
        self._plain = CellDelegate(self)
        self._compact = CompactDelegate(self)
        for delegate in (self._plain, self._compact):
            delegate.went_on.connect(self.went_on)
            delegate.closeEditor.connect(lambda: QTimer.singleShot(0, self, self.left.emit))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda point: self.columns_asked.emit(header.mapToGlobal(point))
        )
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.setIconSize(QSize(16, 16))

    @property
    def is_writing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Keep what is being written in a row that goes, as where cues are cut otherwise."""
        model = self.model()
        for editor in self.viewport().findChildren(LinesEditor):
            is_going = editor.isVisible() and start <= editor.place.row() <= end
            if is_going and editor.is_changed and isinstance(model, CueModel):
                QTimer.singleShot(0, partial(model.write, editor.cue, editor.toPlainText()))
        super().rowsAboutToBeRemoved(parent, start, end)

    def leave(self, editor: QWidget) -> None:
        """Stop writing; what is in the editor is not taken."""
        self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)

    def want(self, columns: set[int] | None) -> None:
        """Show these figures wherever there are columns; None: as many as there is room for."""
        if columns != self._wanted:
            self._wanted = columns
            self.fit()

    def fit_times(self, latest: str) -> None:
        """Make room for times as long as this one."""
        if len(latest) != len(self._latest):
            self._latest = latest
            self.fit()

    def fit(self) -> None:
        """Make columns and rows fit the letters and the room there is."""
        is_roomy = self.width() >= _ROOMY
        metrics = QFontMetrics(self.font())
        self.horizontalHeader().setVisible(is_roomy)
        wide = {
            column: metrics.horizontalAdvance(widest) + _PADDING
            for column, widest in _WIDEST.items()
        }
        for column in (START, END):
            latest = metrics.horizontalAdvance(self._latest) + _PADDING
            wide[column] = max(wide[column], latest)
        if self._wanted is not None and is_roomy:
            for column in set(FIGURES.values()) - self._wanted:
                del wide[column]
        mark = self.iconSize().width() + theme.GRID
        free = self.width() - sum(wide.values()) - mark - _LETTERS * metrics.averageCharWidth()
        for column in _FIRST_TO_GO if is_roomy else tuple(wide):
            if is_roomy and (free >= 0 or self._wanted is not None):
                break
            free += wide.pop(column)
        for column in _WIDEST:
            self.setColumnHidden(column, column not in wide)
            if column in wide:
                self.setColumnWidth(column, wide[column])
        self.setItemDelegate(self._plain if is_roomy else self._compact)
        lines = 2 if is_roomy else 3
        height = lines * metrics.lineSpacing() + theme.GRID * 3 // 2
        if height != self.verticalHeader().defaultSectionSize():
            self.verticalHeader().setDefaultSectionSize(height)
            # Rows of another height would push the current one out of sight.
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A focus that comes by key must be seen."""
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_writing:
            event.accept()  # what a cell's editor leaves is meant for nobody else
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            self.currentIndex().isValid()
        ):
            index = self.model().index(self.currentIndex().row(), TEXT)
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
        elif event.key() == Qt.Key.Key_Space:
            self.play_asked.emit()
        else:
            super().keyPressEvent(event)
