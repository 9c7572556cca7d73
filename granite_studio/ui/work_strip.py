"""One piece of work at the foot of the window: how far it is, how long it takes, and Stop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from granite_studio.core.timing import short_clock
from granite_studio.ui import theme

if TYPE_CHECKING:
    from granite_studio.pipeline.results import Progress

_WARM_UP_S = 1.5
"""Before so many seconds of work no time left is told: it would jump."""
_LEAST = theme.GRID * 6


class WorkStrip(QWidget):
    """Shows; decides nothing. Hidden while nothing goes on."""

    stop_pressed = Signal()

    def __init__(self, stop: str, tip: str, *, width: int, parent: QWidget | None = None) -> None:
        """`stop` is what a screen reader says of the button, `tip` what usually becomes of the
        work; the bar has this width."""
        super().__init__(parent)
        self._tip = tip
        self._first: tuple[float, int] | None = None
        self._work = self._label(self.tr("Work going on"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(_LEAST)
        self._bar.setMaximumWidth(width)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._device = self._label(self.tr("Device in use"))
        self._device.setProperty("quiet", True)
        self._stop = QToolButton()
        self._stop.setText(self.tr("Stop"))
        self._stop.setAccessibleName(stop)
        self._stop.clicked.connect(lambda: self.stop_pressed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID * 2)
        for part in (self._work, self._bar, self._device, self._stop):
            row.addWidget(part)
        self.hide()

    def show_started(self, message: str, *, tip: str = "") -> None:
        """Work began, of which nothing is known yet; `tip` says what becomes of it on Stop."""
        self._stop.setToolTip(tip or self._tip)
        self._first = None
        self._work.setText(message)
        self._bar.setRange(0, 0)
        self._device.hide()
        self._stop.setEnabled(True)
        self.show()

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

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says now."""
        parts = (self._work, self._device) if not self.isHidden() else ()
        return tuple(part.text() for part in parts if not part.isHidden() and part.text())

    def dress(self) -> None:
        """Fetch the icon, which is not done before the first paint."""
        self._stop.setIcon(theme.icon("stop-circle-outline"))
        self._stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _left_ms(self, progress: Progress) -> int | None:
        now = time.monotonic()
        # What a resumed run passes over costs nothing and must not make the rest look cheap.
        if self._first is None or progress.message == "Resuming":
            self._first = (now, progress.done_ms)
        since, done = now - self._first[0], progress.done_ms - self._first[1]
        if since < _WARM_UP_S or done <= 0:
            return None
        return round(since * 1000 * (progress.total_ms - progress.done_ms) / done)

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        label.setMinimumWidth(_LEAST)  # two works at once must not widen a small window
        return label
