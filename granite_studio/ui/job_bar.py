"""The foot of the window: work going on, what is worth a look, and that all is saved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from granite_studio.core.timing import short_clock
from granite_studio.ui import theme

if TYPE_CHECKING:
    from granite_studio.pipeline.results import Progress

_WARM_UP_S = 1.5
"""Before so many seconds of work no time left is told: it would jump."""


class JobBar(QWidget):
    """Shows; decides nothing."""

    stop_pressed = Signal()
    findings_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_dressed = False
        self._first: tuple[float, int] | None = None
        self._work = self._label(self.tr("Work going on"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.GRID * 20)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._device = self._label(self.tr("Device in use"), quiet=True)
        self._stop = QToolButton()
        self._stop.setText(self.tr("Stop"))
        self._stop.setAccessibleName(self.tr("Stop hearing"))
        self._stop.setToolTip(self.tr("Stop; what was heard is kept, and Hear goes on from there"))
        self._stop.clicked.connect(lambda: self.stop_pressed.emit())
        self._notice = self._label(self.tr("Notice"), quiet=True)
        self._draft = self._label(self.tr("Kind of text"), quiet=True)
        self._findings = QToolButton()
        self._findings.setAccessibleName(self.tr("Findings"))
        self._findings.clicked.connect(lambda: self.findings_pressed.emit())
        self._saved = self._label(self.tr("Saved state"), quiet=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID * 2, 0, theme.GRID * 2, 0)
        row.setSpacing(theme.GRID * 2)
        for part in (self._work, self._bar, self._device, self._stop):
            row.addWidget(part)
        row.addWidget(self._notice, 1)
        for part in (self._draft, self._findings, self._saved):
            row.addWidget(part)
        self.setFixedHeight(theme.GRID * 4)
        self.show_idle()
        self.show_project(False)

    def show_project(self, is_open: bool) -> None:
        """Hide what only a project has."""
        for part in (self._draft, self._findings, self._saved):
            part.setVisible(is_open)
        if not is_open:
            self.show_idle()

    def show_started(self, message: str) -> None:
        """Work began, of which nothing is known yet."""
        self._first = None
        self._notice.clear()
        self._work.setText(message)
        self._bar.setRange(0, 0)
        for part in (self._work, self._bar, self._stop):
            part.show()
        self._stop.setEnabled(True)

    def show_progress(self, progress: Progress) -> None:
        """Work is so far: a share, the time left once it can be told, and the device."""
        share = 100 * progress.done_ms // max(1, progress.total_ms)
        parts = [f"{self.tr(progress.message)} {share} %"]
        left = self._left_ms(progress)
        if left is not None:
            parts.append(self.tr("{time} left").format(time=short_clock(left)))
        self._work.setText(", ".join(parts))
        self._bar.setRange(0, max(1, progress.total_ms))
        self._bar.setValue(progress.done_ms)
        # A reason may stand beside the device ("no room on the GPU"); it must not widen us.
        metrics = self._device.fontMetrics()
        elide, width = Qt.TextElideMode.ElideRight, theme.GRID * 40
        self._device.setText(metrics.elidedText(progress.device, elide, width))
        self._device.setToolTip(progress.device)
        self._device.setVisible(bool(progress.device))

    def show_stopping(self) -> None:
        self._work.setText(self.tr("Stopping …"))
        self._stop.setEnabled(False)

    def show_idle(self, notice: str = "") -> None:
        """Nothing is going on; perhaps a sentence about how it ended."""
        for part in (self._work, self._bar, self._device, self._stop):
            part.hide()
        self.show_notice(notice)

    def show_notice(self, text: str) -> None:
        """A passing remark, until the next one."""
        self._notice.setText(text)

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
        parts = (self._work, self._device, self._notice, self._draft, self._findings, self._saved)
        return " | ".join(part.text() for part in parts if not part.isHidden() and part.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_dressed:
            self.dress()

    def dress(self) -> None:
        """Fetch the icons, which is not done before the first paint."""
        self._is_dressed = True
        self._stop.setIcon(theme.icon("stop-circle-outline"))
        self._stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._findings.setIcon(theme.icon("flag-outline"))
        self._findings.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _left_ms(self, progress: Progress) -> int | None:
        now = time.monotonic()
        # What a resumed run passes over costs nothing and must not make the rest look cheap.
        if self._first is None or progress.message == "Resuming":
            self._first = (now, progress.done_ms)
        since, done = now - self._first[0], progress.done_ms - self._first[1]
        if since < _WARM_UP_S or done <= 0:
            return None
        return round(since * 1000 * (progress.total_ms - progress.done_ms) / done)

    def _label(self, name: str, *, quiet: bool = False) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        label.setProperty("quiet", quiet)
        if name == self.tr("Notice"):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def _set_bad(self, bad: bool) -> None:
        if self._saved.property("bad") != bad:
            self._saved.setProperty("bad", bad)
            self._saved.style().unpolish(self._saved)
            self._saved.style().polish(self._saved)
