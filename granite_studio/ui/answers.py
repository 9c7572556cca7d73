"""What a person can answer to the chosen finding, as buttons below the list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from granite_studio.ui import theme
from granite_studio.ui.action_set import plain
from granite_studio.ui.review_deeds import MOST_ALTERNATIVES


class Answers(QWidget):
    """Alternatives one below the other, and what can be done about every finding beside each
    other. The actions do the work, so that keys, menu and palette do the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = QLabel()
        self._now.setTextFormat(Qt.TextFormat.PlainText)
        self._now.setProperty("quiet", True)
        self._now.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choices = [_Choice(number + 1) for number in range(MOST_ALTERNATIVES)]
        self._keep = QPushButton()
        self._play = QPushButton(self.tr("Play"))
        self._hear = QPushButton(self.tr("Hear again"))
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        rows = QVBoxLayout()
        rows.setContentsMargins(*(theme.GRID * 3 // 2,) * 4)
        rows.setSpacing(theme.GRID // 2)
        rows.addWidget(self._now)
        for choice in self._choices:
            rows.addWidget(choice)
        deeds = QHBoxLayout()
        deeds.setSpacing(theme.GRID // 2)
        for button in (self._keep, self._play, self._hear):
            deeds.addWidget(button)
        deeds.addStretch(1)
        rows.addSpacing(theme.GRID // 2)
        rows.addLayout(deeds)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(rule)
        whole.addLayout(rows)

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """What the buttons do; they can be pressed when it can be done."""
        buttons: dict[str, QPushButton] = {
            f"review.take_{choice.number}": choice for choice in self._choices
        }
        buttons |= {
            "review.keep": self._keep,
            "review.play": self._play,
            "review.hear": self._hear,
        }
        for name, button in buttons.items():
            action = actions[name]
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the hands on the text
            button.clicked.connect(partial(_trigger, action))
            action.changed.connect(partial(_follow, action, button))
            _follow(action, button)
        keep = actions["review.keep"]
        keep.changed.connect(lambda: self._keep.setText(plain(keep.text())))
        self._keep.setText(plain(keep.text()))

    def offer(self, now: str, alternatives: tuple[str, ...]) -> None:
        """What is in the text now, and what else may have been said; with nothing in it, it is
        two speakers who may be one."""
        written = self.tr("Written: “{words}”").format(words=now)
        self._now.setText(written if now else self.tr("If they are one person, this is:"))
        self._now.setToolTip(now)
        self._now.setVisible(bool(alternatives))
        for choice in self._choices:
            found = alternatives[choice.number - 1 : choice.number]
            choice.set_words(found[0] if found else "")
            choice.setVisible(bool(found))


class _Choice(QPushButton):
    """One alternative with its number, cut short where there is no room for all of it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.setProperty("choice", True)
        self.set_words("")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        text = f"{self.number}   {self._words}"
        room = self.width() - 4 * theme.GRID
        short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.setText(short.replace("&", "&&"))


def _trigger(action: QAction, _checked: bool = False) -> None:
    action.trigger()


def _follow(action: QAction, button: QPushButton) -> None:
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
