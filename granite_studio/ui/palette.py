"""The command palette: type a few letters of anything the program can do, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from granite_studio.ui import theme
from granite_studio.ui.acting import Action, translated
from granite_studio.ui.action_set import ActionSet, plain, shown_keys

_WIDTH = theme.GRID * 76
_ROWS = 11
_ROW = theme.GRID * 4
_KEYS = Qt.ItemDataRole.UserRole + 1
_MENU = Qt.ItemDataRole.UserRole + 2


def fuzzy(query: str, text: str) -> int | None:
    """How neatly all letters of the query come in this order in the text: more is better.

    Letters at the start of a word and letters in a row count most, a short text before a long
    one; None if a letter is missing. An empty query fits everything alike.
    """
    wanted, given = query.casefold().replace(" ", ""), text.casefold()
    best: dict[int, int] = {-1: 0}  # where the last letter was found -> best score so far
    for letter in wanted:
        found: dict[int, int] = {}
        for place, character in enumerate(given):
            if character != letter:
                continue
            starts_word = place == 0 or not given[place - 1].isalnum()
            for before, score in best.items():
                if before >= place:
                    continue
                gain = 6 if starts_word else 1
                gain += 5 if before == place - 1 and before >= 0 else 0
                found[place] = max(found.get(place, -99), score + gain)
        if not found:
            return None
        best = found
    return max(best.values()) * 100 - len(text)


class Palette(QFrame):
    """A field over a list, on top of the window; Escape or a click elsewhere closes it."""

    def __init__(self, actions: ActionSet, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._actions = actions
        self._window = window
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("What do you want to do?"))
        self._field.setAccessibleName(self.tr("Find an action"))
        self._field.setClearButtonEnabled(False)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Actions"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(_Line(self._list))
        self._none = QLabel(self.tr("Nothing is called like that."))
        self._none.setProperty("quiet", True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setFixedHeight(_ROW * 2)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        rows.setSpacing(theme.GRID)
        rows.addWidget(self._field)
        rows.addWidget(self._list)
        rows.addWidget(self._none)
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Find an action"))
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._search)
        self._list.itemClicked.connect(lambda _item: self._run())

    @property
    def shown(self) -> Sequence[str]:
        """The ids of the actions in the list, best first."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items]

    def open(self) -> None:
        """Show it in the upper middle of the window with an empty field."""
        self._actions.refresh()
        self._field.clear()
        self._search("")
        width = min(_WIDTH, self._window.width() - theme.GRID * 8)
        height = _ROW * (_ROWS + 2) + theme.GRID * 3
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        left = corner.x() + (self._window.width() - width) // 2
        self.setGeometry(QRect(left, corner.y() + theme.GRID * 10, width, height))
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._field or event.type() != QEvent.Type.KeyPress:
            return False
        return isinstance(event, QKeyEvent) and self._take_key(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _ROWS,
            Qt.Key.Key_PageUp: -_ROWS,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        count = self._list.count()
        if count:
            row = self._list.currentRow() + by
            row = row % count if abs(by) == 1 else max(0, min(count - 1, row))
            self._list.setCurrentRow(row)

    def _search(self, query: str) -> None:
        """What can be done now comes first, in the order of the match, then of the table."""
        ranked = []
        for place, row in enumerate(self._actions.table):
            action = self._actions.actions[row.id]
            text = plain(action.text())
            score = fuzzy(query, text)
            if score is None:
                score = fuzzy(query, f"{plain(translated(row.menu))} {text}")
            listed = action.isVisible() and row.fill is None and row.id != "view.palette"
            if score is not None and listed:
                ranked.append((not action.isEnabled(), -score if query else 0, place))
        self._list.clear()
        for _, _, place in sorted(ranked):
            self._list.addItem(self._item(self._actions.table[place]))
        self._list.setCurrentRow(0)
        self._list.setVisible(bool(ranked))
        self._none.setVisible(not ranked)

    def _item(self, row: Action) -> QListWidgetItem:
        action = self._actions.actions[row.id]
        item = QListWidgetItem(plain(action.text()))
        item.setData(Qt.ItemDataRole.UserRole, row.id)
        item.setData(_KEYS, "  ".join(shown_keys(row)[:2]))
        item.setData(_MENU, plain(translated(row.menu)))
        if not action.isEnabled():
            item.setFlags(Qt.ItemFlag.ItemIsSelectable)
        return item

    def _run(self) -> None:
        item = self._list.currentItem()
        if item is None:
            return
        action = self._actions.actions[item.data(Qt.ItemDataRole.UserRole)]
        if action.isEnabled():
            self.hide()
            action.trigger()


class _Line(QStyledItemDelegate):
    """The menu quietly in front, the action, its keys at the end."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(_WIDTH // 2, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colours = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.selection)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(rect, 6, 6)
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        room = rect.adjusted(theme.GRID, 0, -theme.GRID, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(colours.text if selected else colours.quiet)
        menu_width = theme.GRID * 11
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, index.data(_MENU))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, index.data(_KEYS))
        painter.setPen(colours.text if enabled else colours.wave_quiet)
        text = room.adjusted(menu_width, 0, -theme.GRID * 18, 0)
        painter.drawText(text, middle | Qt.AlignmentFlag.AlignLeft, index.data())
        painter.restore()
