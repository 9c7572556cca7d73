"""The foot of the window: work going on, what is worth a look, and that all is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTime, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from granite_studio.ui import theme
from granite_studio.ui.work_strip import WorkStrip

if TYPE_CHECKING:
    from granite_studio.pipeline.results import Progress


class JobBar(QWidget):
    """Shows; decides nothing. What an engine does stands first, other work beside it."""

    stop_pressed = Signal()
    findings_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_dressed = False
        self._is_open = False
        self._engine = WorkStrip(
            self.tr("Stop hearing"),
            self.tr("Stop; what was heard is kept, and Hear goes on from there"),
            width=theme.GRID * 20,
        )
        self._engine.stop_pressed.connect(self.stop_pressed)
        self.side = WorkStrip(
            self.tr("Stop the work on the picture"),
            self.tr("Stop; nothing of this is kept"),
            width=theme.GRID * 12,
        )
        self._notice = _Remark()
        self._notice.setAccessibleName(self.tr("Notice"))
        self._notice.setProperty("quiet", True)
        self._draft = self._label(self.tr("Kind of text"), quiet=True)
        self._findings = QToolButton()
        self._findings.setAccessibleName(self.tr("Findings"))
        self._findings.clicked.connect(lambda: self.findings_pressed.emit())
        self._saved = self._label(self.tr("Saved state"), quiet=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID * 2, 0, theme.GRID * 2, 0)
        row.setSpacing(theme.GRID * 2)
        for strip in (self._engine, self.side):
            row.addWidget(strip)
        row.addWidget(self._notice, 1)
        for part in (self._draft, self._findings, self._saved):
            row.addWidget(part)
        self.setFixedHeight(theme.GRID * 4)
        self.show_idle()
        self.show_project(False)

    def show_project(self, is_open: bool) -> None:
        """Hide what only a project has."""
        self._is_open = is_open
        for part in (self._draft, self._findings, self._saved):
            part.setVisible(is_open)
        if not is_open:
            self.show_idle()

    def show_started(self, message: str, *, tip: str = "") -> None:
        """Work of an engine began, of which nothing is known yet; `tip` is that of Stop."""
        self._notice.clear()
        self._engine.show_started(message, tip=tip)

    def show_progress(self, progress: Progress) -> None:
        """The engine's work is so far."""
        self._engine.show_progress(progress)

    def show_stopping(self) -> None:
        self._engine.show_stopping()

    def show_idle(self, notice: str = "") -> None:
        """The engine does nothing; perhaps a sentence about how it ended."""
        self._engine.hide()
        self.show_notice(notice)

    def show_notice(self, text: str) -> None:
        """A passing remark, until the next one. Where it has no room, the kind of text gives way;
        the tip has what is cut off even so."""
        self._notice.setText(text)
        self._notice.setToolTip(text)
        self._make_room()

    def show_draft(self, engine: str) -> None:
        """That the words are a draft by this engine; nothing when the name is empty."""
        self._draft.setText(self.tr("Text: {engine}").format(engine=engine) if engine else "")

    def show_findings(self, count: int) -> None:
        if count == 0:
            text = self.tr("No findings")
        elif count == 1:
            text = self.tr("1 finding")
        else:
            text = self.tr("{count} findings").format(count=count)
        self._findings.setText(text)
        self._findings.setToolTip(self.tr("Show what is worth a look (F8 goes to the next)"))

    def show_saving(self) -> None:
        self._saved.setText(self.tr("saving …"))

    def show_saved(self) -> None:
        now = QTime.currentTime().toString("HH:mm:ss")
        self._saved.setText(self.tr("saved {time}").format(time=now))
        self._set_bad(False)

    def show_unsaved(self) -> None:
        """The disk refuses; the banner says why."""
        self._saved.setText(self.tr("not saved"))
        self._set_bad(True)

    def show_read_only(self) -> None:
        self._saved.setText(self.tr("read only"))

    @property
    def text(self) -> str:
        """Everything it says now, for tests and screen readers."""
        parts = (self._notice, self._draft, self._findings, self._saved)
        said = [part.text() for part in parts if not part.isHidden() and part.text()]
        return " | ".join([*self._engine.texts, *self.side.texts, *said])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self._draft.setVisible(self._is_open)
        row = self.layout()
        taken = row.sizeHint().width() if row is not None else 0
        wanted = self._notice.fontMetrics().horizontalAdvance(self._notice.text())
        if wanted > self.width() - taken:
            self._draft.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_dressed:
            self.dress()

    def dress(self) -> None:
        """Fetch the icons, which is not done before the first paint."""
        self._is_dressed = True
        self._engine.dress()
        self.side.dress()
        self._findings.setIcon(theme.icon("flag-outline"))
        self._findings.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _label(self, name: str, *, quiet: bool = False) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        label.setProperty("quiet", quiet)
        return label

    def _set_bad(self, bad: bool) -> None:
        if self._saved.property("bad") != bad:
            self._saved.setProperty("bad", bad)
            self._saved.style().unpolish(self._saved)
            self._saved.style().polish(self._saved)


class _Remark(QLabel):
    """A line of text that takes the room that is left, and ends in dots where it is too long."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        dots = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), dots, self.width())
        painter = QPainter(self)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.style().drawItemText(
            painter, self.rect(), left, self.palette(), True, shown, self.foregroundRole()
        )
        painter.end()
