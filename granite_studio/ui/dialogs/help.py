"""Help: the first ten minutes, every key, and what this program is."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QTabWidget,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_studio import __version__
from granite_studio.ui import theme
from granite_studio.ui.acting import MENUS, Action, translated
from granite_studio.ui.action_set import plain, shown_keys


class HelpPanel(QDialog):
    """Three pages; it can stay open beside the work."""

    def __init__(self, table: Iterable[Action], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = tuple(table)
        self.setWindowTitle(self.tr("Help"))
        self.resize(theme.GRID * 80, theme.GRID * 72)
        self._pages = QTabWidget()
        self._pages.setDocumentMode(True)
        self._pages.setAccessibleName(self.tr("Help"))
        self._pages.addTab(self._first_steps(), self.tr("First steps"))
        self._pages.addTab(self._keys(), self.tr("Keys"))
        self._pages.addTab(self._about(), self.tr("About"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._pages)

    def show_page(self, number: int) -> None:
        """0 for the first steps, 1 for the keys, 2 for what this program is."""
        self._pages.setCurrentIndex(number)

    def _first_steps(self) -> QWidget:
        page = QTextBrowser()
        page.setAccessibleName(self.tr("First steps"))
        page.document().setDocumentMargin(theme.GRID * 3)
        steps = (
            self.tr("Drop a recording on the window, or open the sample interview."),
            self.tr(
                "Press F9 to hear it. The words appear as they are heard, and you can correct "
                "them at once: what you have typed is never changed by an engine."
            ),
            self.tr(
                "Ctrl+Space plays and pauses while you type; resuming goes back a second. F1 and "
                "F2 jump five seconds, F3 and F4 change the speed."
            ),
            self.tr(
                "Click a word to go there. Enter splits a paragraph, Backspace at its start joins "
                "it again, Ctrl+R starts a new speaker, Ctrl+1 to Ctrl+9 say who speaks."
            ),
            self.tr(
                "Red marks speech without text. F8 goes from one thing that is worth a look to "
                "the next; Ctrl+Shift+1 writes what else was heard there, F7 says that it is "
                "right as it is."
            ),
            self.tr(
                "Alt+2 puts the cues in the middle, for subtitles; Alt+1 goes back to the "
                "transcript. The cues follow the text; what you set by hand stays."
            ),
            self.tr("Ctrl+Shift+E writes Word, subtitle and text files."),
            self.tr(
                "Nothing has to be saved: every change is on the disk a moment later, and undo "
                "reaches back over restarts."
            ),
        )
        items = "".join(f"<li style='margin-bottom: 8px'>{step}</li>" for step in steps)
        page.setHtml(f"<ol style='margin-left: 16px; -qt-list-indent: 0'>{items}</ol>")
        return page

    def _keys(self) -> QWidget:
        self._tree = QTreeWidget()
        self._tree.setAccessibleName(self.tr("Actions and their keys"))
        self._tree.setHeaderHidden(True)
        self._tree.setColumnCount(2)
        self._tree.setRootIsDecorated(False)
        self._tree.setIndentation(theme.GRID * 2)
        for menu in MENUS:
            title = plain(translated(menu))
            group = QTreeWidgetItem([title])
            group.setFont(0, theme.ui_font(bold=True))
            for row in self._table:
                if row.menu == menu and row.keys:
                    text = plain(translated(row.text)).format(number=row.id[-1:])
                    group.addChild(QTreeWidgetItem([text, "   ".join(shown_keys(row))]))
            if group.childCount():
                self._tree.addTopLevelItem(group)
        self._tree.expandAll()
        self._tree.resizeColumnToContents(0)
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Find an action or a key"))
        field.setAccessibleName(self.tr("Find an action or a key"))
        field.textChanged.connect(self._search)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.GRID * 2, theme.GRID * 2, theme.GRID * 2, 0)
        rows.setSpacing(theme.GRID)
        rows.addWidget(field)
        rows.addWidget(self._tree)
        return page

    def _search(self, text: str) -> None:
        wanted = text.casefold()
        for place in range(self._tree.topLevelItemCount()):
            group = self._tree.topLevelItem(place)
            if group is None:
                continue
            shown = 0
            for item in group.takeChildren():
                group.addChild(item)
                fits = wanted in f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(not fits)
                shown += fits
            group.setHidden(not shown)

    def _about(self) -> QWidget:
        text = QLabel(
            self.tr(
                "<p><b>Granite Studio {version}</b></p>"
                "<p>Turns interviews into correct transcripts and speech into well-timed "
                "subtitles, on your own machine. Nothing you open leaves it.</p>"
                "<p>Apache License 2.0. The licences of the libraries it is made with come with "
                "the program.</p>"
            ).format(version=__version__)
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        text.setContentsMargins(*(theme.GRID * 3,) * 4)
        return text
