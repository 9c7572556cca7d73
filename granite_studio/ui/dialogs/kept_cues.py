"""The list of cues made by hand: what was kept of them, and what no longer fits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core import edits
from granite_studio.core.kept import Kept, kept
from granite_studio.core.timing import clock
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import line
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles


class KeptCues(QDialog):
    """Follows the document. A row chosen moves the playhead; rows can be left to the style."""

    def __init__(
        self,
        session: Session,
        subtitles: Subtitles,
        playback: Playback,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._subtitles = subtitles
        self._playback = playback
        self._rows: list[Kept] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Cues made by hand"))
        self.resize(theme.GRID * 90, theme.GRID * 54)
        self._told = line()
        self._table = QTableWidget(0, 4)
        self._table.setAccessibleName(self.tr("Cues made by hand"))
        self._table.setHorizontalHeaderLabels(
            [self.tr("Start"), self.tr("Text"), self.tr("Fixed"), self.tr("No longer fits")]
        )
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        header = self._table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._table.itemSelectionChanged.connect(self._chosen)
        self._release = QPushButton(self.tr("Let the style cut the chosen ones"))
        self._release.clicked.connect(self._release_chosen)
        self._misfits = QPushButton(self.tr("Choose those that no longer fit"))
        self._misfits.clicked.connect(self._choose_misfits)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        for button in (self._misfits, self._release):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        for button in (self._misfits, self._release, close):
            button.setAutoDefault(False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        rows.addWidget(self._told)
        rows.addWidget(self._table, 1)
        rows.addLayout(foot)
        subtitles.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        document, style = self._session.document, self._subtitles.style
        chosen = {each.hand.first for each in self._selected()}
        self._rows = kept(document, self._subtitles.cues, style, self._subtitles.film)
        misfits = sum(not row.fits for row in self._rows)
        self._told.setText(
            self.tr(
                "Made by hand and kept, whatever the style says: {count}. "
                "No longer fit for “{style}”: {misfits}."
            ).format(count=len(self._rows), misfits=misfits, style=style.title)
            if self._rows
            else self.tr("All cues are cut by the style; none is made by hand.")
        )
        self._table.setRowCount(len(self._rows))
        for row, each in enumerate(self._rows):
            for column, text in enumerate(self._texts(each)):
                item = QTableWidgetItem(text)
                if column == 3 and not each.fits:
                    item.setForeground(theme.current().amber)
                    item.setToolTip(text)
                self._table.setItem(row, column, item)
        self._misfits.setEnabled(misfits > 0)
        self._table.blockSignals(True)  # the playhead stays
        self._choose(lambda each: each.hand.first in chosen)
        self._table.blockSignals(False)
        self._offer()

    def _texts(self, each: Kept) -> tuple[str, str, str, str]:
        hand, cue = each.hand, each.cue
        fixed = [
            name
            for name, is_set in (
                (self.tr("start"), hand.start is not None),
                (self.tr("end"), hand.end is not None),
                (self.tr("lines"), hand.breaks is not None),
                (self.tr("place"), bool(hand.settings)),
            )
            if is_set
        ]
        told = " ".join(problem.message for problem in each.problems)
        if cue is None:
            told = self.tr("Its words do not follow one another any more, so it makes no cue.")
        return (
            clock(cue.start) if cue else "",
            " ".join(cue.lines) if cue else "",
            ", ".join(fixed or [self.tr("words")]),
            told,
        )

    def _selected(self) -> list[Kept]:
        rows = sorted({index.row() for index in self._table.selectedIndexes()})
        return [self._rows[row] for row in rows]

    def _offer(self) -> None:
        self._release.setEnabled(bool(self._selected()) and not self._session.is_read_only)

    def _chosen(self) -> None:
        self._offer()
        chosen = self._selected()
        if len(chosen) == 1 and chosen[0].cue is not None:
            self._playback.seek(chosen[0].cue.start)

    def _choose_misfits(self) -> None:
        self._choose(lambda each: not each.fits)

    def _choose(self, wanted: Callable[[Kept], bool]) -> None:
        self._table.clearSelection()
        mode = self._table.selectionMode()
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        for row, each in enumerate(self._rows):
            if wanted(each):
                self._table.selectRow(row)
        self._table.setSelectionMode(mode)

    def _release_chosen(self) -> None:
        firsts = (each.hand.first for each in self._selected())
        after = edits.release_cue(self._session.document, *firsts)
        self._session.commit(after, self.tr("Let the style cut cues"))
        self._subtitles.catch_up()
