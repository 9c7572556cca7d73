"""The panel of the translation: choose a language, read, correct, and make what is missing."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.document import Change, Document
from granite_studio.core.translation import languages, texts_in
from granite_studio.engines.catalog import language_name
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.cell_editing import finish_writing
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.translation.delegate import TranslationDelegate
from granite_studio.ui.translation.model import TranslationModel


class TranslationPanel(QWidget):
    """Shows one language at a time; a row that is chosen moves the playback."""

    def __init__(
        self, session: Session, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._wanted = ""
        self._model = TranslationModel(session, self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(TranslationDelegate(self))
        self._list.setAccessibleName(self.tr("Translation"))
        self._list.setUniformItemSizes(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self._list.clicked.connect(self._go_to)
        session.leaving.connect(self._finish_writing)
        self._languages = QComboBox()
        self._languages.setAccessibleName(self.tr("Language of the translation"))
        self._languages.currentIndexChanged.connect(self._choose)
        self._summary = QLabel()
        self._summary.setProperty("quiet", True)
        self._more = QPushButton(self.tr("Translate …"))
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        top.setSpacing(theme.GRID)
        for part, stretch in ((self._languages, 1), (self._summary, 0), (self._more, 0)):
            top.addWidget(part, stretch)
        self._hint = QLabel()
        self._first = QPushButton(self.tr("Translate …"))
        self._first.setProperty("primary", True)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty_page())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._top)
        rows.addWidget(pages, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().Base)
        self.setFocusProxy(self._list)
        session.changed.connect(self._follow)
        session.replaced.connect(self._look)
        self._look()

    @property
    def language(self) -> str:
        """The tag of the language that is shown; empty for none."""
        return self._model.language

    @property
    def hint(self) -> str:
        """What is said while there is no translation, or nothing."""
        return self._hint.text() if self._pages.currentIndex() else ""

    def show_language(self, tag: str) -> None:
        """Show this language, now or as soon as there is a text in it."""
        self._wanted = tag
        self._look()

    def set_action(self, translate: QAction) -> None:
        """What the buttons do; they can be pressed when it can be done."""
        for button in (self._more, self._first):
            button.setToolTip(translate.toolTip())
            button.clicked.connect(lambda _checked=False: translate.trigger())
            translate.enabledChanged.connect(button.setEnabled)
            button.setEnabled(translate.isEnabled())

    def _empty_page(self) -> QWidget:
        page = QWidget()
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("quiet", True)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.GRID * 3, 0, theme.GRID * 3, 0)
        rows.setSpacing(theme.GRID * 2)
        rows.addStretch(1)
        rows.addWidget(self._hint)
        rows.addWidget(self._first, 0, Qt.AlignmentFlag.AlignCenter)
        rows.addStretch(2)
        return page

    def _follow(self, before: Document, after: Document, change: Change) -> None:
        is_count_other = change.removed != change.inserted
        if before.translations is not after.translations or is_count_other:
            self._look()

    def _look(self) -> None:
        """Offer the languages there are, and say how much is translated or what to do first."""
        document = self._session.document
        there = list(languages(document))
        shown = self._wanted if self._wanted in there else self._model.language
        shown = shown if shown in there else next(iter(there), "")
        if there != [self._languages.itemData(n) for n in range(self._languages.count())]:
            self._languages.blockSignals(True)
            self._languages.clear()
            for tag in there:
                self._languages.addItem(language_name(tag), tag)
            self._languages.blockSignals(False)
        if self._languages.currentData() != shown or self._model.language != shown:
            self._languages.setCurrentIndex(self._languages.findData(shown))
            self._model.set_language(shown)
        count, total = len(texts_in(document, shown)), len(document.segments)
        self._summary.setText(
            self.tr("{count} of {total}").format(count=count, total=total) if shown else ""
        )
        self._top.setVisible(bool(there))
        self._pages.setCurrentIndex(0 if there else 1)
        self._first.setVisible(bool(document.segments))
        self._hint.setText(
            self.tr(
                "Translate writes down what every paragraph says in another language, from its "
                "sound. You can correct it here, and every export can be written in it."
            )
            if document.segments
            else self.tr("Once something was heard, it can be translated here.")
        )

    def _choose(self, place: int) -> None:
        tag = self._languages.itemData(place)
        if tag:
            self._wanted = tag
            self._model.set_language(tag)
            self._look()

    def _finish_writing(self) -> None:
        finish_writing(self._list)

    def _go_to(self, index: QModelIndex) -> None:
        self._playback.seek(self._model.segment(index.row()).start)
