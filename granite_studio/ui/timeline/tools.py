"""The few buttons beside the map of the whole recording."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from granite_studio.ui import theme


class Tools(QWidget):
    """Zoom out, zoom in, show everything, follow the playhead."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons: list[tuple[QToolButton, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 4, 0)
        self._row.setSpacing(4)
        self.zoom_out = self._button("magnify-minus-outline", self.tr("Zoom out (-)"))
        self.zoom_in = self._button("magnify-plus-outline", self.tr("Zoom in (+)"))
        self.fit = self._button("arrow-expand-horizontal", self.tr("Show the whole recording"))
        self.follow = self._button("crosshairs-gps", self.tr("Follow the playhead"))
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self._row.addStretch()

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        self._row.addWidget(button)
        self._icons.append((button, icon))
        return button

    def dress(self) -> None:
        """Fetch the icons in the theme's colours."""
        for button, icon in self._icons:
            button.setIcon(theme.icon(icon))
