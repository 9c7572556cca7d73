"""How a cue is painted where there is no room for columns: its figures above its lines."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from granite_studio.ui import theme
from granite_studio.ui.cues.editors import CellDelegate, runs_of
from granite_studio.ui.cues.model import CPL, CPS, DURATION, NUMBER, START, TEXT
from granite_studio.ui.runs import draw, in_own_direction

_ICON = 16


class CompactDelegate(CellDelegate):
    """Paints the text column alone as a small card; for every row of the same height."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.icon = QIcon()
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setFont(option.font)
        place = option.rect.adjusted(theme.GRID, theme.GRID // 2, -theme.GRID, 0)
        line = option.fontMetrics.lineSpacing()
        figures = QRect(place.left(), place.top(), place.width(), line)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_figures(painter, figures, index, is_selected=is_selected)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        looks = runs_of(index)
        for number, text in enumerate(str(index.data()).split("\n")[:2], start=1):
            row = QRect(place.left(), place.top() + number * line, place.width(), line)
            if looks is not None:
                draw(painter, QRectF(row), looks[number - 1], option.font)
                continue
            text = in_own_direction(text)
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(option.rect.width(), 3 * option.fontMetrics.lineSpacing() + theme.GRID)

    def _paint_figures(
        self,
        painter: QPainter,
        place: QRect,
        index: QModelIndex | QPersistentModelIndex,
        *,
        is_selected: bool,
    ) -> None:
        """Number, start, length, CPS and CPL in one quiet line, the mark at its end."""
        colours = theme.current()
        left = place.left()
        for column, form in (
            (NUMBER, "{}"),
            (START, "{}"),
            (DURATION, self.tr("{} s")),
            (CPS, self.tr("{} CPS")),
            (CPL, self.tr("{} CPL")),
        ):
            cell = index.sibling(index.row(), column)
            text = form.format(cell.data())
            ink = cell.data(Qt.ItemDataRole.ForegroundRole) or colours.quiet
            painter.setPen(colours.on_selection(ink) if is_selected else ink)
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(left, place.top(), width, place.height(), 0, text)
            left += width + theme.GRID * 3 // 2
        mark = index.sibling(index.row(), TEXT).data(Qt.ItemDataRole.DecorationRole)
        if mark is not None:
            mark.paint(painter, QRect(place.right() - _ICON, place.top(), _ICON, place.height()))
