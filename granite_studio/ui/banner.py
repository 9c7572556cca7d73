"""Sentences about the project as a whole, in a strip that stays until it no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from granite_studio.ui import theme

_ICONS = {"bad": "alert-circle-outline", "warning": "alert-outline", "note": "information-outline"}

Button = tuple[str, Callable[[], object]]


class Banners(QWidget):
    """A stack of banners, each under a key: showing a key again replaces what it said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[str, _Banner] = {}
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(1)
        self.hide()

    def show_banner(
        self,
        key: str,
        text: str,
        *,
        kind: str = "note",
        buttons: tuple[Button, ...] = (),
        closable: bool = True,
    ) -> None:
        """Show a sentence; `kind` is "bad", "warning" or "note"."""
        self.clear(key)
        banner = _Banner(text, kind, buttons)
        if closable:
            banner.add_close(partial(self.clear, key))
        self._shown[key] = banner
        self._stack.addWidget(banner)
        self.show()

    def clear(self, key: str) -> None:
        """Take this banner away, if it is there."""
        banner = self._shown.pop(key, None)
        if banner is not None:
            if banner.isAncestorOf(self.focusWidget()):
                self.setFocus()  # else the focus would jump to whatever comes next
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def clear_all(self) -> None:
        for key in list(self._shown):
            self.clear(key)

    def text(self, key: str) -> str:
        """What the banner of this key says, or nothing."""
        return self._shown[key].text if key in self._shown else ""


class _Banner(QWidget):
    def __init__(self, text: str, kind: str, buttons: tuple[Button, ...]) -> None:
        super().__init__()
        self.text = text
        self._kind = kind
        self.setAccessibleName(text)
        self._icon = QLabel()
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID * 2, theme.GRID, theme.GRID, theme.GRID)
        row.setSpacing(theme.GRID)
        row.addWidget(self._icon)
        row.addWidget(label, 1)
        for caption, act in buttons:
            button = QPushButton(caption)
            button.setAccessibleName(caption)
            button.clicked.connect(partial(_call, act))
            row.addWidget(button)
        self._row = row
        self._close: QToolButton | None = None
        self._dress()

    def add_close(self, act: Callable[[], object]) -> None:
        self._close = QToolButton()
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setIcon(theme.icon("close"))
        self._close.clicked.connect(partial(_call, act))
        self._row.addWidget(self._close)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._colours()[0])

    def _colours(self) -> tuple[QColor, QColor]:
        """What lies behind the words, and the colour of the sign."""
        colours = theme.current()
        return {
            "bad": (colours.red_soft, colours.red),
            "warning": (colours.amber_soft, colours.amber),
            "note": (colours.spoken, colours.accent),
        }[self._kind]

    def _dress(self) -> None:
        _, front = self._colours()
        self._icon.setPixmap(theme.icon(_ICONS[self._kind], front).pixmap(20, 20))
        if self._close:
            self._close.setIcon(theme.icon("close"))


def _call(act: Callable[[], object], _checked: bool = False) -> None:
    act()
