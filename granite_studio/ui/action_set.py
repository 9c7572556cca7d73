"""Turns the table of actions into Qt's actions, menus and shortcuts, and keeps them true."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from granite_studio.core.errors import StudioError
from granite_studio.ui import theme
from granite_studio.ui.acting import CONTEXTS, MENUS, WINDOW, Action, translated
from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.studio import Studio

log = logging.getLogger(__name__)


class ActionSet(QObject):
    """Everything is disabled until `connect_studio`; from then on it follows the state."""

    failed = Signal(str)
    """What somebody asked for cannot be done: a sentence."""

    def __init__(self, window: QWidget, table: tuple[Action, ...] = ACTIONS) -> None:
        super().__init__(window)
        self._window = window
        self._table = table
        self._studio: Studio | None = None
        self._is_dressed = False
        self._faces: dict[str, str] = {}
        self._submenus: dict[str, QMenu] = {}
        blank = QPixmap(32, 32)
        blank.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(blank)
        self.actions: Mapping[str, QAction] = {row.id: self._made(row) for row in table}
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self.refresh)

    @property
    def table(self) -> tuple[Action, ...]:
        return self._table

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Build the menus in the order of the table."""
        menus = {name: bar.addMenu(translated(name)) for name in MENUS}
        for row in self._table:
            menu = menus[row.menu]
            if row.rule:
                menu.addSeparator()
            menu.addAction(self.actions[row.id])
        for menu in menus.values():
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self.refresh)

    def submenu(self, action_id: str) -> QMenu:
        """The menu that this action opens; KeyError if it opens none."""
        return self._submenus[action_id]

    def popup(self, action_ids: Iterable[str], point: QPoint) -> None:
        """Show a menu of these actions at a point of the screen; "" draws a line."""
        self.refresh()
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in action_ids:
            if name:
                menu.addAction(self.actions[name])
            else:
                menu.addSeparator()
        menu.popup(point)

    def connect_studio(self, studio: Studio) -> None:
        """Let the actions work, and give single panels the keys that are theirs alone."""
        self._studio = studio
        panels: dict[str, QWidget] = {
            "transcript": studio.transcript,
            "cues": studio.cues,
            "timeline": studio.timeline,
            "video": studio.video,
        }
        for row in self._table:
            for context, sequence in row.keys:
                if context != WINDOW:
                    self._bind(row, panels[context], sequence)
        self._follow(studio)
        self.refresh()

    def refresh_soon(self, *_anything: object) -> None:
        """Something changed: look again when the event loop is free."""
        self._later.start()

    def refresh(self) -> None:
        """Enable what can be done now, and tell the state in texts, icons and check marks."""
        studio = self._studio
        if studio is None:
            return
        for row in self._table:
            action = self.actions[row.id]
            can_be_done = row.when(studio)
            action.setVisible(can_be_done or not row.hides)
            action.setEnabled(can_be_done)  # after it is shown: a hidden action stays disabled
            if row.label is not None:
                self._set_text(row, action, row.label(studio))
            if row.checked is not None:
                action.setChecked(row.checked(studio))
            if row.why is not None:
                reason = "" if can_be_done else row.why(studio)
                action.setToolTip("\n".join(filter(None, (tool_tip(row), reason))))
            if row.face is not None and self._is_dressed:
                self._set_face(row, action, row.face(studio))

    def dress(self) -> None:
        """Fetch the icons, which is not done before the first paint."""
        self._is_dressed = True
        self._faces.clear()
        for row in self._table:
            if row.icon:
                self._set_face(row, self.actions[row.id], row.icon)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_recoloured = event.type() == QEvent.Type.PaletteChange and self._is_dressed
        if watched is self._window and is_recoloured:
            self.dress()
        return False

    def _made(self, row: Action) -> QAction:
        action = QAction(_menu_text(row, translated(row.text)), self._window)
        action.setObjectName(row.id)
        if row.icon:
            action.setIcon(self._blank)  # a button without an icon would show its whole text
        action.setEnabled(False)
        action.setCheckable(row.checked is not None)
        sequences = [QKeySequence(keys) for context, keys in row.keys if context == WINDOW]
        action.setShortcuts(sequences)
        action.setToolTip(tool_tip(row))
        action.setStatusTip("")
        if row.fill is not None:
            menu = QMenu(translated(row.text), self._window)
            menu.aboutToShow.connect(partial(self._fill, row, menu))
            action.setMenu(menu)
            self._submenus[row.id] = menu
        else:
            action.triggered.connect(partial(self._run, row))
        self._window.addAction(action)
        return action

    def _bind(self, row: Action, panel: QWidget, sequence: str) -> None:
        shortcut = QShortcut(QKeySequence(sequence), panel)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.actions[row.id].trigger)

    def _run(self, row: Action, _checked: bool = False) -> None:
        if self._studio is None:
            return
        try:
            row.call(self._studio)
        except StudioError as error:
            log.info("%s: %s", row.id, error)
            self.failed.emit(str(error))
        self.refresh_soon()

    def _fill(self, row: Action, menu: QMenu) -> None:
        menu.clear()
        if row.fill is not None and self._studio is not None:
            row.fill(self._studio, menu)

    def _set_text(self, row: Action, action: QAction, text: str) -> None:
        shown = _menu_text(row, text.replace("&", "&&"))
        if action.text() != shown:
            action.setText(shown)
            action.setToolTip(tool_tip(row, text))

    def _set_face(self, row: Action, action: QAction, icon: str) -> None:
        if self._faces.get(row.id) != icon:
            self._faces[row.id] = icon
            action.setIcon(theme.icon(icon))

    def _follow(self, studio: Studio) -> None:
        for signal in (
            studio.session.changed,
            studio.session.replaced,
            studio.hearing.started,
            studio.hearing.ended,
            studio.translating.started,
            studio.translating.ended,
            studio.aligning.started,
            studio.aligning.ended,
            studio.matching.started,
            studio.matching.ended,
            studio.shots.started,
            studio.shots.ended,
            studio.shots.changed,
            studio.burning.started,
            studio.burning.ended,
            studio.playback.playing_changed,
            studio.playback.duration_changed,
            studio.recording.drawn,
            studio.recording.settled,
            studio.subtitles.changed,
            studio.findings.counted,
            studio.findings.choice_changed,
            studio.transcript.selectionChanged,
            studio.timeline.span_selected,
            studio.timeline.span_cleared,
            studio.timeline.place_selected,
            studio.timeline.cue_selected,
            studio.settings.changed,
        ):
            signal.connect(self.refresh_soon)
        self._window.installEventFilter(self)


def plain(text: str) -> str:
    """The text of an action without mnemonic, keys and dots."""
    text = text.partition("\t")[0]
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix(" …")


def shown_keys(row: Action) -> tuple[str, ...]:
    """The keys of an action as the desktop writes them, those for the whole window first."""
    ordered = sorted(row.keys, key=lambda pair: CONTEXTS.index(pair[0]))
    form = QKeySequence.SequenceFormat.NativeText
    return tuple(dict.fromkeys(QKeySequence(keys).toString(form) for _, keys in ordered))


def tool_tip(row: Action, text: str = "") -> str:
    """What an action does, and its first key."""
    said = (text or translated(row.text)).removesuffix(" …")
    found = shown_keys(row)
    first = f"{said} ({found[0]})" if found else said
    return f"{first}\n{translated(row.tip)}" if row.tip else first


def _menu_text(row: Action, text: str) -> str:
    """Qt writes the keys of the whole window beside a text; those of one panel we must."""
    alone = all(context != WINDOW for context, _ in row.keys)
    return f"{text}\t{shown_keys(row)[0]}" if row.keys and alone else text
