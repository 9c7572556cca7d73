"""The paragraphs and what they say in another language, as rows of a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from granite_studio.core import edits
from granite_studio.core.document import Change, Document, Segment, TranslatedText
from granite_studio.core.timing import short_clock
from granite_studio.core.translation import is_stale, texts_in
from granite_studio.services.session import Session
from granite_studio.ui import theme

Index = QModelIndex | QPersistentModelIndex
OriginalRole = Qt.ItemDataRole.UserRole
"""When the paragraph begins, and its text in the language that is spoken."""


class TranslationModel(QAbstractListModel):
    """Follows the session. A text that is edited here is committed as one that a person wrote."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._language = ""
        self._segments: tuple[Segment, ...] = ()
        self._texts: dict[int, TranslatedText] = {}
        session.replaced.connect(self._reset)
        session.changed.connect(self._follow)
        self._reset()

    @property
    def language(self) -> str:
        """The language that is shown; empty for none."""
        return self._language

    def set_language(self, language: str) -> None:
        """Show the texts in this language from now on."""
        if language != self._language:
            self._language = language
            self._texts = texts_in(self._session.document, language)
            self._tell(0, len(self._segments))

    def segment(self, row: int) -> Segment:
        return self._segments[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._segments)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self._language and not self._session.is_read_only:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        segment = self._segments[index.row()]
        text = self._texts.get(segment.id)
        if role == OriginalRole:
            return f"{short_clock(segment.start)}   {segment.text}"
        if role == Qt.ItemDataRole.EditRole:
            return text.text if text else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text.text if text else self.tr("Not translated yet")
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._doubt(segment, text) or segment.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = str(self.data(index))
            return " ".join(filter(None, (shown, self._doubt(segment, text), segment.text)))
        if role == Qt.ItemDataRole.ForegroundRole and text is None:
            return theme.current().quiet
        if role == Qt.ItemDataRole.DecorationRole and self._doubt(segment, text):
            return theme.icon("alert-outline", theme.current().amber)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not self._language:
            return False
        segment = self._segments[index.row()]
        after = edits.set_translation(
            self._session.document, segment.id, self._language, str(value)
        )
        if after is self._session.document:
            return False
        self._session.commit(after, self.tr("Correct the translation"))
        return True

    def _doubt(self, segment: Segment, text: TranslatedText | None) -> str:
        if text is None or not is_stale(text, segment.words):
            return ""
        return self.tr("The paragraph was changed after it was translated; check this text.")

    def _reset(self) -> None:
        self.beginResetModel()
        document = self._session.document
        self._segments, self._texts = document.segments, texts_in(document, self._language)
        self.endResetModel()

    def _follow(self, before: Document, after: Document, change: Change) -> None:
        """Change as few rows as possible, so that the choice and an open editor stay."""
        old, new = self._segments, after.segments
        kept = min(change.removed, change.inserted)
        place = change.first + kept
        if kept:
            self._segments = (*old[: change.first], *new[change.first : place], *old[place:])
            self._tell(change.first, kept)
        if change.removed > kept:
            self.beginRemoveRows(QModelIndex(), place, change.first + change.removed - 1)
            self._segments = new
            self.endRemoveRows()
        elif change.inserted > kept:
            self.beginInsertRows(QModelIndex(), place, change.first + change.inserted - 1)
            self._segments = new
            self.endInsertRows()
        self._segments = new
        if before.translations is not after.translations:
            known, self._texts = self._texts, texts_in(after, self._language)
            for row, segment in enumerate(new):
                if known.get(segment.id) != self._texts.get(segment.id):
                    self._tell(row, 1)

    def _tell(self, first: int, count: int) -> None:
        if count:
            self.dataChanged.emit(self.index(first), self.index(first + count - 1))
