"""The quality report of the open project's subtitles: what breaks its style, and files of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor
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

from granite_studio.core.cancel import CancelToken
from granite_studio.core.checks import Severity
from granite_studio.core.cues import Cue
from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write
from granite_studio.core.fixing import fixes
from granite_studio.core.quality import Quality, faults, quality
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style
from granite_studio.formats import report
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_save
from granite_studio.ui.dialogs.parts import line
from granite_studio.ui.dialogs.style_form import translated
from granite_studio.ui.subtitles import Subtitles

_REST_MS = 300
"""So long the cues stay as they are before they are judged."""


class QualityPanel(QDialog):
    """Judges the cues on a background thread whenever they have changed while it is shown."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        subtitles: Subtitles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._subtitles = subtitles
        self._quality: Quality | None = None
        self._judging: Job | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Quality report"))
        self.resize(theme.GRID * 96, theme.GRID * 56)
        self._style = line(quiet=True)
        self._sum = line()
        self._sum.setFont(theme.font(theme.current().large))
        self._rules = self._table()
        self._told = line(quiet=True)
        self._saves = (
            self._button(self.tr("Save as a table …"), self.tr("A table (*.csv)"), ".csv"),
            self._button(self.tr("Save as a page …"), self.tr("A page (*.html)"), ".html"),
        )
        self._saves[-1].setProperty("primary", True)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        foot.addWidget(self._told, 1)
        for button in self._saves:
            foot.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        for part in (self._sum, self._style):
            rows.addWidget(part)
        rows.addWidget(self._rules, 1)
        rows.addLayout(foot)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self.judge)
        subtitles.changed.connect(self._rest.start)
        self.judge()

    @property
    def quality(self) -> Quality | None:
        """The report that is shown; None while the first is made."""
        return self._quality

    def judge(self) -> None:
        """Make the report of the cues as they are now."""
        if self._judging is not None:
            self._judging.cancel()
        cues, guide = self._subtitles.cues, self._subtitles.style
        film = self._subtitles.film if guide.knows_shots else None
        work = partial(_judged, cues, guide, film, self._session.document.language)
        self._offer(False)
        self._told.setText(self.tr("Reading the subtitles …"))
        self._judging = self._jobs.start(self.tr("Quality report"), work)
        self._judging.yielded.connect(self._show)
        self._judging.failed.connect(self._tell_failure)

    def write(self, path: Path) -> None:
        """Write the report that is shown, in the background, and say how it went."""
        made = self._quality
        if made is None:
            return
        project = self._session.project
        title = project.path.stem if project else self.windowTitle()

        def work(_cancel: CancelToken) -> Iterator[Path]:
            data = report.writer_for(path)(
                made, title=title, date=datetime.date.today().isoformat()
            )
            atomic_write(path, data)
            yield path

        job = self._jobs.start(self.tr("Quality report"), work)
        job.yielded.connect(self._tell_written)
        job.failed.connect(self._tell_failure)

    def done(self, result: int) -> None:
        """Close it, whatever is still being read."""
        if self._judging is not None:
            self._judging.cancel()
        super().done(result)

    def _table(self) -> QTableWidget:
        made = QTableWidget(0, 3)
        made.setObjectName("rules")
        made.setAccessibleName(self.tr("Rules that are broken"))
        made.setHorizontalHeaderLabels([self.tr("Cues"), self.tr("Rule"), self.tr("Why")])
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setTabKeyNavigation(False)
        made.setShowGrid(False)
        made.setWordWrap(True)
        made.verticalHeader().hide()
        header = made.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        queued = Qt.ConnectionType.QueuedConnection  # the section has its new width only then
        header.sectionResized.connect(self._fit_rows, queued)
        return made

    def _show(self, made: Quality) -> None:
        self._quality, self._judging = made, None
        self._sum.setText(self._headline(made))
        self._style.setText(self.tr("Style: {title}").format(title=made.style.title))
        self._told.setText("")
        self._offer(bool(made.cues))
        self._rules.setRowCount(len(made.broken))
        for row, each in enumerate(made.broken):
            is_bad = each.severity is Severity.ERROR
            colour = theme.current().red if is_bad else theme.current().amber
            kind = self.tr("errors") if is_bad else self.tr("warnings")
            self._fill(row, 0, f"{len(each.faults):,} {kind}", colour)
            self._fill(row, 1, translated(report.NAMES[each.rule]))
            self._fill(row, 2, each.reason)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """As high as their lines; Qt does not count the padding that our cells have."""
        metrics = self._rules.fontMetrics()
        room = QRect(0, 0, self._rules.columnWidth(2) - theme.GRID * 4, 0)
        for row in range(self._rules.rowCount()):
            item = self._rules.item(row, 2)
            text = item.text() if item else ""
            lines = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
            self._rules.setRowHeight(row, lines.height() + theme.GRID * 3 // 2)

    def _headline(self, made: Quality) -> str:
        if not made.cues:
            return self.tr("There are no cues.")
        return self.tr(
            "{cues} cues: {errors} errors, {warnings} warnings; {share} % break no rule"
        ).format(
            cues=f"{made.cues:,}",
            errors=f"{made.errors:,}",
            warnings=f"{made.warnings:,}",
            share=100 * made.clean // made.cues,
        )

    def _fill(self, row: int, column: int, text: str, colour: QColor | None = None) -> None:
        item = QTableWidgetItem(text)
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        if colour is not None:
            item.setForeground(colour)
        self._rules.setItem(row, column, item)

    def _button(self, text: str, kind: str, ending: str) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _checked=False: self._ask_place(kind, ending))
        return button

    def _offer(self, can_save: bool) -> None:
        for button in self._saves:
            button.setEnabled(can_save)

    def _ask_place(self, kind: str, ending: str) -> None:
        project = self._session.project
        if project is not None:
            place = project.path.with_suffix(f".quality{ending}")
            ask_save(self, self.tr("Save the quality report"), place, [kind], self.write)

    def _tell_written(self, path: Path) -> None:
        self._told.setText(self.tr("The report is in {path}.").format(path=path))

    def _tell_failure(self, error: Exception) -> None:
        text = str(error) if isinstance(error, StudioError) else self.tr("An unexpected error.")
        self._told.setText(text)


def _judged(
    cues: tuple[Cue, ...], guide: Style, film: Film | None, language: str, cancel: CancelToken
) -> Iterator[Quality]:
    made = fixes(cues, guide, language=language, film=film)
    cancel.check()
    found = faults(cues, guide, made, film=film)
    cancel.check()
    yield quality(cues, guide, found)
