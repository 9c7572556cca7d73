"""The strip above everything: play, the time, speed, volume, and the two main deeds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)

from granite_studio.core.timing import clock, parse_clock, short_clock
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback

SPEEDS = (0.5, 0.6, 0.75, 0.9, 1.0, 1.25, 1.5, 1.75, 2.0)
_ICON = QSize(20, 20)
_BIG = QSize(28, 28)


class TimeField(QLineEdit):
    """Shows the moment; clicked, takes another one ("12:41", "754.3") and goes there."""

    entered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ms = 0
        self.setAccessibleName(self.tr("Time; type another to go there"))
        self.setToolTip(self.tr("Click and type a time to go there"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFrame(False)
        self.setProperty("flat", True)
        self.returnPressed.connect(self._enter)
        self.show_time(0)

    def show_time(self, ms: int) -> None:
        """Show this moment, unless somebody is typing another."""
        self._ms = ms
        if not self.hasFocus():
            self.setText(clock(ms))

    def edit(self) -> None:
        """Let the person type a time."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.show_time(self._ms)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        try:
            ms = parse_clock(self.text())
        except ValueError:
            self.selectAll()
            return
        self.clearFocus()
        self.entered.emit(ms)


class MediaBar(QWidget):
    """Buttons are the actions of the table, by id; what is disabled there is disabled here."""

    def __init__(
        self, playback: Playback, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._actions = actions
        self.time_field = TimeField()
        self.time_field.entered.connect(playback.seek)
        self._length = QLabel()
        self._length.setProperty("quiet", True)
        self._length.setAccessibleName(self.tr("Length of the recording"))
        self._speed = self._speed_button()
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setValue(round(playback.volume * 100))
        self._volume.setFixedWidth(theme.GRID * 10)
        self._volume.setAccessibleName(self.tr("Volume"))
        self._volume.setToolTip(self.tr("Volume"))
        self._volume.valueChanged.connect(lambda value: playback.set_volume(value / 100))
        self._loud = QLabel()
        self.hear_button = self._button("listen.hear", words=True)
        self.hear_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._play = self._button("listen.play")
        self._play.setIconSize(_BIG)
        self._arrange()
        playback.moved.connect(self.time_field.show_time)
        playback.duration_changed.connect(self._show_length)
        playback.rate_changed.connect(self._show_rate)
        playback.volume_changed.connect(self._show_volume)
        self._show_length(playback.duration)
        self._show_rate(playback.rate)
        self._size_time()

    def set_engine_menu(self, menu: QMenu) -> None:
        """The choice of engine behind the arrow of the Hear button."""
        self.hear_button.setMenu(menu)

    def dress(self) -> None:
        """Fetch the icons, which is not done before the first paint."""
        self._loud.setPixmap(theme.icon("volume-high", theme.current().quiet).pixmap(_ICON))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_time()
        elif event.type() == QEvent.Type.PaletteChange and not self._loud.pixmap().isNull():
            self.dress()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        row.setSpacing(theme.GRID // 2)
        row.addWidget(self._button("file.open", words=True))
        row.addWidget(self.hear_button)
        row.addStretch(1)
        for which in ("listen.previous", "listen.back"):
            row.addWidget(self._button(which))
        row.addWidget(self._play)
        for which in ("listen.forward", "listen.next"):
            row.addWidget(self._button(which))
        row.addSpacing(theme.GRID * 2)
        row.addWidget(self.time_field)
        row.addWidget(self._length)
        row.addSpacing(theme.GRID * 2)
        row.addWidget(self._speed)
        row.addSpacing(theme.GRID)
        row.addWidget(self._loud)
        row.addWidget(self._volume)
        row.addStretch(1)
        row.addWidget(self._button("file.export", words=True))
        self.setFixedHeight(theme.GRID * 6)

    def _button(self, action: str, *, words: bool = False) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[action])
        button.setIconSize(_ICON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self._actions[action].text().partition("\t")[0])
        if words:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _speed_button(self) -> QToolButton:
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(self.tr("Speed, with the pitch kept (F3 slower, F4 faster)"))
        menu = QMenu(button)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            choice = menu.addAction(_times(speed))
            choice.setCheckable(True)
            choice.setData(speed)
            choice.triggered.connect(partial(self._choose_speed, speed))
            self._speeds.addAction(choice)
        button.setMenu(menu)
        return button

    def _choose_speed(self, speed: float, _checked: bool = False) -> None:
        self._playback.set_rate(speed)

    def _show_rate(self, rate: float) -> None:
        self._speed.setText(_times(rate))
        self._speed.setAccessibleName(self.tr("Speed {rate}").format(rate=_times(rate)))
        for choice in self._speeds.actions():
            choice.setChecked(choice.data() == rate)

    def _show_length(self, ms: int) -> None:
        self._length.setText(f"/ {short_clock(ms)}")

    def _show_volume(self, volume: float) -> None:
        self._volume.setValue(round(volume * 100))

    def _size_time(self) -> None:
        width = QFontMetrics(self.font()).horizontalAdvance("00:00:00.0000")
        self.time_field.setFixedWidth(width + theme.GRID * 3)


def _times(rate: float) -> str:
    return f"{rate:g}\N{MULTIPLICATION SIGN}"
