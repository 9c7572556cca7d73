"""How a paragraph and its translation are painted, and edited in their place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QApplication,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from granite_studio.ui import theme
from granite_studio.ui.translation.model import OriginalRole

Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_LINES = 3
"""Of a translation so many lines are shown;"""
_EDITED = 6
"""so many while it is edited, and the others can be scrolled to."""


class TranslationDelegate(QStyledItemDelegate):
    """The original in one quiet line, the translation below it; every row has the same height."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.icon = QIcon()
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setFont(option.font)
        place = option.rect.adjusted(theme.GRID, theme.GRID // 2, -theme.GRID, 0)
        mark = index.data(Qt.ItemDataRole.DecorationRole)
        if mark is not None:
            line = option.fontMetrics.lineSpacing()
            mark.paint(painter, QRect(place.right() - _ICON, place.top(), _ICON, line))
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = theme.current()
        painter.setPen(colours.chosen_quiet if is_selected else colours.quiet)
        self._paint_original(painter, place.adjusted(0, 0, -_ICON * (mark is not None), 0), index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or colours.text
        painter.setPen(colours.on_selection(ink) if is_selected else ink)
        self._paint_lines(painter, place, str(index.data()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = (_LINES + 1) * option.fontMetrics.lineSpacing()
        return QSize(0, lines + theme.GRID * 3 // 2)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QPlainTextEdit:
        editor = QPlainTextEdit(parent)
        editor.setAccessibleName(self.tr("Translation of this paragraph"))
        editor.setTabChangesFocus(True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            index.model().setData(index, editor.toPlainText())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Below the original, and over the next row where that gives more room to write in."""
        line = option.fontMetrics.lineSpacing()
        place = option.rect.adjusted(0, line + theme.GRID // 2, 0, 0)
        place.setHeight(max(place.height(), _EDITED * line + theme.GRID * 2))
        editor.setGeometry(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_enter = (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        )
        if is_enter and isinstance(watched, QWidget):
            self.commitData.emit(watched)
            self.closeEditor.emit(watched)
            return True
        return super().eventFilter(watched, event)

    def _paint_original(self, painter: QPainter, place: QRect, index: Index) -> None:
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        shown = metrics.elidedText(index.data(OriginalRole), elide, place.width())
        painter.drawText(place.left(), place.top() + metrics.ascent(), shown)

    def _paint_lines(self, painter: QPainter, place: QRect, text: str) -> None:
        """The first lines, and three dots where there are more."""
        metrics = painter.fontMetrics()
        layout = QTextLayout(text, painter.font())
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeading))
        layout.beginLayout()
        for number in range(1, _LINES + 1):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(place.width())
            start = line.textStart()
            shown = text[start : start + line.textLength()]
            if number == _LINES:
                shown = metrics.elidedText(
                    text[start:], Qt.TextElideMode.ElideRight, place.width()
                )
            top = place.top() + number * metrics.lineSpacing()
            painter.drawText(place.left(), top + metrics.ascent(), shown)
        layout.endLayout()
