"""Which kinds of files are to be written: boxes for the common ones, a menu for the others."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QVBoxLayout

from granite_studio import formats
from granite_studio.ui import theme

_NAMED = 3
"""A button names so many formats that are chosen in its menu."""


def _offered() -> list[formats.Format]:
    """Those that people hand on, the common ones first."""
    known = (each for each in formats.FORMATS.values() if each.kind is not formats.Kind.CORPUS)
    return sorted(known, key=lambda each: not each.is_common)


class FormatChoice(QVBoxLayout):
    """Any number of formats, from none to all."""

    changed = Signal()
    """Another one is chosen, or one less."""

    def __init__(self, chosen: Collection[str]) -> None:
        """`chosen` are the names of those that are chosen at first."""
        super().__init__()
        self._more = QPushButton()
        self._more.setAutoDefault(False)
        self._more.setMenu(QMenu(self._more))
        self._boxes = {known.name: self._box(known) for known in _offered()}
        for name, box in self._boxes.items():
            box.setChecked(name in chosen)
            box.toggled.connect(self._follow)
        self._name_others()
        self.setSpacing(theme.GRID // 2)
        self.setContentsMargins(0, 0, 0, theme.GRID)  # the button is higher than Qt believes
        for box in self._boxes.values():
            if isinstance(box, QCheckBox):
                self.addWidget(box)
        self.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignLeft)
        self._more.setVisible(not self._more.menu().isEmpty())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the chosen ones."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    @property
    def chosen(self) -> list[formats.Format]:
        return [formats.FORMATS[name] for name in self.names]

    def _box(self, known: formats.Format) -> QCheckBox | QAction:
        """What switches a format on: a box for a common one, a line of the menu for another."""
        text = f"{known.title}  ({known.extensions[0]})"
        if known.is_common:
            return QCheckBox(text)
        action = self._more.menu().addAction(text)
        action.setCheckable(True)
        return action

    def _follow(self) -> None:
        self._name_others()
        self.changed.emit()

    def _name_others(self) -> None:
        """Say which formats of the menu are chosen."""
        chosen = [
            formats.FORMATS[name].extensions[0]
            for name, box in self._boxes.items()
            if isinstance(box, QAction) and box.isChecked()
        ]
        text, shown = self.tr("More formats"), ", ".join(chosen[:_NAMED])
        more = " …" if len(chosen) > _NAMED else ""
        self._more.setText(f"{text}: {shown}{more}" if chosen else text)
