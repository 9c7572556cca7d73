"""The box in which a subtitle style is chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from granite_studio.core.styles import DEFAULT
from granite_studio.services.styles import StyleKeeper

_SHOWN = 24
_LETTERS = 16
"""Rows of the open list, and letters that the closed box has room for at least."""


class StyleBox(QComboBox):
    """Offers all styles, a person's own above those of the program; the data is the name.

    Empty until it follows a keeper.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._styles: StyleKeeper | None = None
        self.setAccessibleName(self.tr("Subtitle style"))
        self.setMaxVisibleItems(_SHOWN)
        self.setMinimumContentsLength(_LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def follow(self, styles: StyleKeeper, chosen: str = DEFAULT) -> None:
        """Offer the styles of this keeper from now on, this one chosen first."""
        self._styles = styles
        styles.changed.connect(self._fill)
        self._fill()
        self.choose(chosen)

    def choose(self, name: str) -> None:
        """Show this style; the general one where there is none of that name."""
        place = self.findData(name)
        self.setCurrentIndex(place if place >= 0 else self.findData(DEFAULT))

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()

    def _fill(self) -> None:
        """List them anew; the same one stays chosen."""
        if self._styles is None:
            return
        chosen, known = self.currentData(), self._styles.now
        self.clear()
        for guide in known:
            self.addItem(guide.title, guide.name)
        if known.own:
            self.insertSeparator(1 + len(known.own))
            self.insertSeparator(1)
        self.choose(chosen)
