"""What the window says while no project is open: how to begin, and with which engines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.ui import theme

_WIDTH = theme.GRID * 88
_RECENT = 6


class Welcome(QWidget):
    """A place to drop a recording, the sample, recent projects and the state of the engines."""

    open_pressed = Signal()
    sample_pressed = Signal()
    recent_pressed = Signal(Path)
    models_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[tuple[tuple[str, str, bool], ...], str] = ((), "")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().Base)
        self._drop = _DropPlace()
        self._open = QPushButton(self.tr("Open …"))
        self._open.setProperty("primary", True)
        self._open.setAccessibleName(self.tr("Open a recording, project or subtitle file"))
        self._open.clicked.connect(lambda: self.open_pressed.emit())
        self._sample = QPushButton(self.tr("Open the sample interview"))
        self._sample.setAccessibleName(self.tr("Open the sample interview"))
        self._sample.clicked.connect(lambda: self.sample_pressed.emit())
        self._drop.add_buttons(self._open, self._sample)
        self._recent = _Column(self.tr("Recent"))
        self._engines = _Column(self.tr("Engines"))
        columns = QHBoxLayout()
        columns.setSpacing(theme.GRID * 6)
        columns.addWidget(self._recent, 1)
        columns.addWidget(self._engines, 1)
        page = QWidget()
        page.setMaximumWidth(_WIDTH)
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.GRID * 3, theme.GRID * 3, theme.GRID * 3, theme.GRID * 3)
        rows.setSpacing(theme.GRID * 5)
        rows.addWidget(self._drop)
        rows.addLayout(columns)
        middle = QGridLayout(self)
        middle.setRowStretch(0, 2)
        middle.addWidget(page, 1, 1)
        middle.setColumnStretch(0, 1)
        middle.setColumnStretch(1, 20)
        middle.setColumnStretch(2, 1)
        middle.setRowStretch(2, 3)
        self.set_recent(())

    def set_recent(self, paths: Sequence[Path]) -> None:
        """List what was open lately, the latest first."""
        self._recent.clear()
        stems = [path.stem for path in paths]
        for path in paths[:_RECENT]:
            is_only = stems.count(path.stem) == 1
            name = path.stem if is_only else f"{path.stem} ({path.parent.name})"
            button = QToolButton()
            button.setText(name)
            button.setToolTip(str(path))
            button.setAccessibleName(self.tr("Open {name}").format(name=name))
            button.clicked.connect(partial(self._press_recent, path))
            self._recent.add(button)
        if not paths:
            self._recent.add_line(self.tr("What you open will be listed here."), quiet=True)

    def set_engines(self, engines: Sequence[tuple[str, str, bool]], offer: str = "") -> None:
        """Tell each engine's title, what to know of it, and whether it is ready.

        `offer` is the text of a button that leads to the models, where there is need for one.
        """
        if self._told != (told := (tuple(engines), offer)):
            self._told = told
            self._fill_engines()

    def _fill_engines(self) -> None:
        engines, offer = self._told
        self._engines.clear()
        for title, remark, is_ready in engines:
            self._engines.add_engine(title, remark, is_ready=is_ready)
        if offer:
            button = QPushButton(offer)
            button.setAccessibleName(self.tr("See the models that can be got"))
            button.clicked.connect(lambda: self.models_pressed.emit())
            self._engines.add_button(button)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._told[0]:
            self._fill_engines()

    def set_waiting(self, text: str) -> None:
        """Say what is being opened; nothing when the text is empty."""
        self._drop.set_waiting(text)

    def set_dropping(self, is_over: bool) -> None:
        """Show that what is held over the window may be dropped."""
        self._drop.set_lit(is_over)

    def _press_recent(self, path: Path, _checked: bool = False) -> None:
        self.recent_pressed.emit(path)


class _DropPlace(QWidget):
    """The dashed field in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self._is_lit = False
        self._title = QLabel()
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = QLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setProperty("quiet", True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.GRID * 4, theme.GRID * 11, theme.GRID * 4, theme.GRID * 5)
        rows.setSpacing(theme.GRID)
        rows.addWidget(self._title)
        rows.addWidget(self._hint)
        rows.addSpacing(theme.GRID * 2)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GRID)
        rows.addLayout(self._buttons)
        self.set_waiting("")
        self._dress()

    def add_buttons(self, *buttons: QPushButton) -> None:
        self._buttons.addStretch()
        for button in buttons:
            self._buttons.addWidget(button)
        self._buttons.addStretch()

    def set_waiting(self, text: str) -> None:
        self._title.setText(text or self.tr("Drop a recording here"))
        self._hint.setText(
            ""
            if text
            else self.tr(
                "Any sound or video file. Drop a project to go on with it, or subtitles "
                "(SRT, VTT, ASS, TTML and many others) to correct them against their recording."
            )
        )

    def set_lit(self, is_lit: bool) -> None:
        self._is_lit = is_lit
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colours.accent if self._is_lit else colours.wave_quiet, 1.5)
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(colours.spoken if self._is_lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        self._paint_sound(painter, colours)

    def _paint_sound(self, painter: QPainter, colours: theme.Theme) -> None:
        """A few bars of sound that turn into words: the whole program in one small picture."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.accent)
        heights = (10, 22, 34, 18, 40, 26, 12)
        left = self.width() / 2 - 76
        middle = theme.GRID * 6.5
        for n, height in enumerate(heights):
            bar = QRectF(left + n * 10, middle - height / 2, 5, height)
            painter.drawRoundedRect(bar, 2.5, 2.5)
        soft = QColor(colours.accent)
        soft.setAlphaF(0.35)
        painter.setBrush(soft)
        for row, width in enumerate((58, 70, 40)):
            line = QRectF(QPointF(left + 82, middle - 17 + row * 14), QPointF())
            line.setWidth(width)
            line.setHeight(6)
            painter.drawRoundedRect(line, 3, 3)

    def _dress(self) -> None:
        self._title.setFont(theme.reading_font(bold=True))


class _Column(QWidget):
    """A small heading and lines below it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        heading = QLabel(title)
        heading.setFont(theme.ui_font(bold=True))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.GRID // 2)
        self._rows.addWidget(heading)
        self._rows.addStretch()

    def clear(self) -> None:
        while self._rows.count() > 2:
            item = self._rows.takeAt(1)
            if item and (widget := item.widget()):
                widget.hide()
                widget.deleteLater()

    def add(self, widget: QWidget) -> None:
        self._rows.insertWidget(self._rows.count() - 1, widget)

    def add_line(self, text: str, *, quiet: bool = False) -> None:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("quiet", quiet)
        self.add(label)

    def add_engine(self, title: str, remark: str, *, is_ready: bool) -> None:
        colours = theme.current()
        mark = QLabel("\N{BLACK CIRCLE}" if is_ready else "\N{WHITE CIRCLE}")
        mark.setStyleSheet(f"color: {(colours.green if is_ready else colours.quiet).name()}")
        name = QLabel(title)
        note = QLabel(remark)
        note.setWordWrap(True)
        note.setProperty("quiet", True)
        line = QWidget()
        grid = QGridLayout(line)
        grid.setContentsMargins(0, theme.GRID // 2, 0, theme.GRID // 2)
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(2)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)
        grid.addWidget(mark, 0, 0)
        grid.addWidget(name, 0, 1)
        grid.addWidget(note, 1, 1)
        grid.setColumnStretch(1, 1)
        line.setAccessibleName(f"{title}: {remark}")
        self.add(line)
        self._last = grid

    def add_button(self, button: QPushButton) -> None:
        """Below the words of the engine that was added last."""
        self._last.setRowMinimumHeight(2, theme.GRID // 2)
        self._last.addWidget(button, 3, 1, Qt.AlignmentFlag.AlignLeft)
