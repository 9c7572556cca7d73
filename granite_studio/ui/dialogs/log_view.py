"""The local logs, to read and to copy into a report; they leave the machine by hand only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.store import logs
from granite_studio.ui import theme

_TAIL = 200_000
"""Bytes of a log's end that are shown."""


class LogPanel(QDialog):
    """Shows the end of each part's log."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Log"))
        self.resize(theme.GRID * 100, theme.GRID * 64)
        self._which = QComboBox()
        self._which.setAccessibleName(self.tr("Part of the program"))
        for name, title in (
            ("window", self.tr("Window")),
            ("engine", self.tr("Engine process")),
            ("media", self.tr("Media reader")),
            ("command", self.tr("Command line")),
            ("window-crash", self.tr("Crashes of the window")),
        ):
            self._which.addItem(title, name)
        self._which.currentIndexChanged.connect(self.read)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Log"))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        top = QHBoxLayout()
        top.setSpacing(theme.GRID)
        top.addWidget(self._which)
        top.addStretch(1)
        for title, deed in (
            (self.tr("Read again"), self.read),
            (self.tr("Copy"), self._copy),
            (self.tr("Show folder"), self._show_folder),
        ):
            button = QPushButton(title)
            button.clicked.connect(deed)
            top.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 2,) * 4)
        rows.setSpacing(theme.GRID)
        rows.addLayout(top)
        rows.addWidget(self._text)
        self.read()

    def read(self) -> None:
        """Show the end of the chosen log as it is now."""
        text = _tail(logs.path_of(self._which.currentData()))
        self._text.setPlainText(text or self.tr("Nothing was logged here yet."))
        self._text.verticalScrollBar().setValue(self._text.verticalScrollBar().maximum())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    def _show_folder(self) -> None:
        folder = logs.path_of("window").parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
