"""Writing in a cell of the cue grid: the lines of a cue, and its times."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from granite_studio.core.emphasis import Tags
from granite_studio.core.measure import is_wide, lengths, line_limit, speed, speed_limits
from granite_studio.ui import theme
from granite_studio.ui.cues.model import TEXT, CueModel
from granite_studio.ui.runs import draw, in_own_direction, is_plain

Index = QModelIndex | QPersistentModelIndex
_LINES = 3
"""So many lines can be seen while they are written; more are scrolled to."""
_SPARE = 8
"""Characters beyond a full line that there is room for while it is written."""
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


def runs_of(index: Index) -> list[list[tuple[Tags, str]]] | None:
    """The lines of the cue in this row where some of its words look different."""
    model = index.model()
    looks = model.runs(index.row()) if isinstance(model, CueModel) else None
    return None if is_plain(looks) else looks


class LinesEditor(QPlainTextEdit):
    """The lines of one cue, with their lengths and their reading speed below while one writes."""

    def __init__(self, parent: QWidget, index: Index, model: CueModel) -> None:
        super().__init__(parent)
        self.place = QPersistentModelIndex(index)
        self.cue = cue = model.cue(index.row())
        self.is_taken = False
        self._ms = cue.end - cue.start
        self._style = model.style
        self.setAccessibleName(self.tr("Lines of the cue"))
        self.setTabChangesFocus(True)
        self.setProperty("field", True)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.viewport().update)

    @property
    def limit(self) -> int:
        """Characters that a line may have."""
        return line_limit(self._style, wide=is_wide(self.toPlainText()))

    @property
    def is_changed(self) -> bool:
        """Whether there is something here that the cue does not have yet."""
        return not self.is_taken and self.toPlainText().strip() != self.cue.text.strip()

    def lines(self) -> list[str]:
        return self.toPlainText().split("\n")

    def figures(self) -> tuple[str, bool]:
        """What stands below the text, and whether a limit of the style is broken."""
        style, text = self._style, self.toPlainText()
        counts = lengths(self.lines())
        fast = speed(sum(counts), self._ms)
        _, limit = speed_limits(style, wide=is_wide(text))
        is_bad = max(counts) > self.limit or fast > limit
        is_bad = is_bad or len(counts) > style.lines
        lines = " / ".join(f"{each:g}" for each in counts)
        return self.tr("{lines} characters, {speed} CPS").format(
            lines=lines, speed=f"{fast:.0f}"
        ), is_bad

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        text, is_bad = self.figures()
        colours = theme.current()
        painter = QPainter(self.viewport())
        painter.setFont(theme.font(colours.small))
        painter.setPen(colours.red if is_bad else colours.quiet)
        place = self.viewport().rect().adjusted(0, 0, -theme.GRID // 2, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, right, text)
        painter.end()


class CellDelegate(QStyledItemDelegate):
    """Makes the editors. Return keeps what was written and goes to the next cue; Tab keeps it and
    goes back to the list; Shift+Return begins another line; Esc leaves everything as it was."""

    went_on = Signal(int)
    """A cue was written to its end, in this row."""

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        return super().displayText(in_own_direction(str(value)), locale)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """A row that is selected keeps the colours of its figures."""
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        if ink is not None and option.state & QStyle.StateFlag.State_Selected:
            shown = theme.current().on_selection(ink)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, shown)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        looks = runs_of(index) if index.column() == TEXT else None
        if looks is None:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        part = QStyle.SubElement.SE_ItemViewItemText
        option.text = str(index.data())
        place = QRectF(style.subElementRect(part, option, option.widget))
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, option.widget)
        place.adjust(margin + 1, 0, 0, 0)
        height = option.fontMetrics.lineSpacing()
        top = place.center().y() - height * len(looks) / 2
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        for number, runs in enumerate(looks):
            row = QRectF(place.left(), top + number * height, place.width(), height)
            draw(painter, row, runs, option.font)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, CueModel)
        if index.column() == TEXT:
            return LinesEditor(parent, index, model)
        editor = QLineEdit(parent)
        editor.setAccessibleName(str(model.headerData(index.column(), Qt.Orientation.Horizontal)))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What somebody has begun to write stays when the cues change meanwhile."""
        if isinstance(editor, LinesEditor):
            if not (editor.toPlainText() or editor.document().isModified()):
                editor.setPlainText(editor.cue.text)
                editor.moveCursor(editor.textCursor().MoveOperation.End)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, LinesEditor):
            if editor.is_changed and isinstance(model, CueModel):
                editor.is_taken = True
                model.write(editor.cue, editor.toPlainText())
        elif isinstance(editor, QLineEdit):
            index.model().setData(index, editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lines get room for themselves and their figures, over the next row if need be."""
        place = QRect(option.rect)
        if isinstance(editor, LinesEditor):
            metrics = QFontMetrics(option.font)
            needed = (_LINES + 1) * metrics.lineSpacing() + theme.GRID
            place.setHeight(max(place.height(), needed))
            letters = editor.limit + _SPARE
            place.setLeft(min(place.left(), place.right() - letters * metrics.averageCharWidth()))
            parent = editor.parentWidget()
            if parent is not None:
                place.setLeft(max(place.left(), 0))
                place.moveBottom(min(place.bottom(), parent.height() - 1))
        else:
            place.adjust(-theme.GRID * 2, 0, 0, 0)
        editor.setGeometry(place)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            not isinstance(event, QKeyEvent)
            or not isinstance(editor, LinesEditor)
            or event.type() != QEvent.Type.KeyPress
            or event.key() not in (*_RETURN, *_TAB)
        ):
            return QStyledItemDelegate.eventFilter(self, editor, event)
        if event.key() in _TAB:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
            return True
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            editor.insertPlainText("\n")
            return True
        place, row = editor.place, editor.place.row()
        model = place.model()
        assert isinstance(model, CueModel)
        if editor.is_changed and not model.write(editor.cue, editor.toPlainText()):
            return True  # what cannot be stays, to be written otherwise
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self.went_on.emit(place.row() if place.isValid() else row - 1)  # an emptied cue is gone
        return True
