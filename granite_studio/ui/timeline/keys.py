"""The keyboard on the timeline, while it has the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier

Keys = dict[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[], bool | None]]
"""What each key does. A handler that returns False leaves the key to the window."""


class Keyboard(QObject):
    """Takes its keys before the window's shortcuts see them, and no others."""

    def __init__(self, widget: QWidget, keys: Keys) -> None:
        super().__init__(widget)
        self._keys = keys
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is QEvent.Type.KeyRelease:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            modifiers = modifiers & ~SHIFT  # where "+" lies depends on the keyboard
        handler = self._keys.get((modifiers, key))
        if handler is None:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return handler() is not False
