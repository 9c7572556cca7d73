"""The window: it places the panels, remembers where they are, and takes what is dropped on it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.ui import theme
from granite_studio.ui.banner import Banners
from granite_studio.ui.job_bar import JobBar
from granite_studio.ui.player.media_bar import MediaBar
from granite_studio.ui.welcome import Welcome

LAYOUTS = ("interview", "subtitles")
_SIDE = theme.GRID * 52
_BARS = theme.GRID * 15
"""About what menus, media bar and the foot of the window take."""
_STATE = 1
"""Raise it when docks are added: an older state is then not applied."""


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window places once it has been painted for the first time."""

    transcript: QWidget
    cues: QWidget
    findings: QWidget
    translation: QWidget
    video: QWidget
    timeline: QWidget


class MainWindow(QMainWindow):
    """Owns no document and decides nothing: it shows, and tells what was asked of it."""

    first_painted = Signal()
    open_requested = Signal(list)
    """Paths that were dropped on the window."""
    closing = Signal()
    """The window is about to close."""

    def __init__(self) -> None:
        super().__init__()
        self.may_close: Callable[[], bool] = lambda: True
        """Asked before the window closes; whoever says no tells the person why."""
        self._panels: Panels | None = None
        self._layout = LAYOUTS[0]
        self._states: dict[str, QByteArray] = {}
        self._was_painted = False
        self.setWindowTitle(self.tr("Granite Studio"))
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
        )
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.banners = Banners()
        self.job_bar = JobBar()
        self.welcome = Welcome()
        self._main = _Place()
        self._centre = QStackedWidget()
        self.banners.setFocusProxy(self._main)
        self._first = QScrollArea()  # so that its size does not bind the window's
        self._first.setWidget(self.welcome)
        self._first.setWidgetResizable(True)
        self._centre.addWidget(self._first)
        self._centre.addWidget(self._main)
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.banners)
        rows.addWidget(self._centre, 1)
        self.setCentralWidget(centre)
        status = self.statusBar()
        status.setSizeGripEnabled(False)
        status.addWidget(self.job_bar, 1)
        self.resize(1280, 800)

    @property
    def layout_name(self) -> str:
        """ "interview" or "subtitles"."""
        return self._layout

    @property
    def docks(self) -> Mapping[str, QDockWidget]:
        """The panels that can be hidden, moved and floated, by name."""
        return {dock.objectName(): dock for dock in self.findChildren(QDockWidget)}

    def place_bar(self, bar: MediaBar, find_action: QAction) -> None:
        """Put the media bar on top and the door to the palette at the end of the menus."""
        bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        strip = QToolBar(self.tr("Media bar"))
        strip.setObjectName("media bar")
        strip.setMovable(False)
        strip.setFloatable(False)
        strip.addWidget(bar)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, strip)
        find = QToolButton(self.menuBar())  # the bar alone does not keep it alive
        keys = find_action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        find.setText(f"{self.tr('Find an action')}   {keys}")
        find.setAccessibleName(self.tr("Find an action"))
        find.setToolTip(find_action.toolTip())
        find.setProperty("quiet", True)
        find.clicked.connect(find_action.trigger)
        find.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menuBar().setCornerWidget(find)

    def place(self, panels: Panels) -> None:
        """Put the panels in their places; they are shown with the first project."""
        self._panels = panels
        self._side = QTabWidget()
        self._side.setDocumentMode(True)
        self._side.setAccessibleName(self.tr("Cues, findings and translation"))
        self._video_dock = self._dock("video", self.tr("Picture"), panels.video)
        self._side_dock = self._dock("side", self.tr("Cues and findings"), self._side)
        self._timeline_dock = self._dock("timeline", self.tr("Timeline"), panels.timeline)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._video_dock)
        self.splitDockWidget(self._video_dock, self._side_dock, Qt.Orientation.Vertical)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._timeline_dock)
        self._arrange()

    def show_project(self, is_open: bool) -> None:
        """Show the panels, or the welcome page when nothing is open."""
        if self._panels is None:
            return
        if is_open == (self._centre.currentWidget() is self._main):
            return
        if not is_open:
            self._states[self._layout] = self.saveState(_STATE)
        self._centre.setCurrentWidget(self._main if is_open else self._first)
        for dock in self.docks.values():
            dock.setVisible(is_open)
        if is_open:
            self._restore_docks()
            self._main.setFocus(Qt.FocusReason.OtherFocusReason)

    def use_layout(self, name: str) -> None:
        """Arrange the panels for this work: ValueError unless it is one of `LAYOUTS`."""
        if name not in LAYOUTS:
            raise ValueError(f"no layout is called {name!r}")
        if name == self._layout or self._panels is None:
            self._layout = name
            return
        if self._centre.currentWidget() is self._main:
            self._states[self._layout] = self.saveState(_STATE)
        self._layout = name
        self._arrange()
        if self._centre.currentWidget() is self._main:
            for dock in self.docks.values():
                dock.show()
            self._restore_docks()
            self._main.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_findings(self, *, focus: bool = True) -> None:
        """Bring the list of findings to the front; without `focus` the keys stay where they go."""
        self._raise("findings", focus=focus)

    def show_cues(self) -> None:
        """Bring the list of cues to the front."""
        self._raise("cues")

    def show_translation(self) -> None:
        """Bring the translation to the front."""
        self._raise("translation")

    def layout_state(self) -> dict[str, str]:
        """Where everything is, as plain text to be kept and given to `restore_layout_state`."""
        if self._panels is not None and self._centre.currentWidget() is self._main:
            self._states[self._layout] = self.saveState(_STATE)
        kept = {name: _text(state) for name, state in self._states.items()}
        return {**kept, "layout": self._layout, "geometry": _text(self.saveGeometry())}

    def restore_layout_state(self, state: Mapping[str, str]) -> None:
        """Arrange everything as it was; what cannot be understood is left as it is."""
        for name in LAYOUTS:
            if data := _bytes(state.get(name, "")):
                self._states[name] = data
        if geometry := _bytes(state.get("geometry", "")):
            self.restoreGeometry(geometry)
        if state.get("layout") in LAYOUTS:
            self.use_layout(state["layout"])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.first_painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let what is beside the cues keep its share: Qt would take all from them alone."""
        super().resizeEvent(event)
        before, now = event.oldSize().width(), event.size().width()
        if self._layout != "subtitles" or self._panels is None or before == now or before <= 0:
            return
        for dock in (self._video_dock, self._side_dock):
            if dock.isVisible() and not dock.isFloating():
                wide = round(dock.width() * now / before)
                self.resizeDocks([dock], [wide], Qt.Orientation.Horizontal)
                return

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def abandon(self) -> None:
        """Close whatever is lost by it."""
        self.may_close = lambda: True
        self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()
            self.welcome.set_dropping(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.welcome.set_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.welcome.set_dropping(False)
        if paths := _dropped(event):
            event.acceptProposedAction()
            self.open_requested.emit(paths)

    def _dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = _Dock(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.hide()
        return dock

    def _arrange(self) -> None:
        """In "subtitles" the cues have the middle, and the transcript the side."""
        if self._panels is None:
            return
        panels = self._panels
        middle, side = panels.transcript, panels.cues
        titles = (self.tr("Cues"), self.tr("Findings"), self.tr("Translation"))
        if self._layout == "subtitles":
            middle, side = side, middle
            titles = (self.tr("Transcript"), *titles[1:])
        self._main.hold(middle)
        self._side.clear()
        self._side.addTab(side, titles[0])
        self._side.addTab(panels.findings, titles[1])
        self._side.addTab(panels.translation, titles[2])
        middle.show()

    def _restore_docks(self) -> None:
        state = self._states.get(self._layout)
        if state is not None and self.restoreState(state, _STATE):
            return
        is_film = self._layout == "subtitles"
        wide = self.width() // 2 if is_film else min(_SIDE, self.width() // 3)
        foot = self.height() * 30 // 100
        room = self.height() - foot - _BARS
        picture = min(wide * 9 // 16, room * 6 // 10)
        upright = [self._video_dock, self._side_dock]
        self.resizeDocks(upright, [wide, wide], Qt.Orientation.Horizontal)
        self.resizeDocks([self._timeline_dock], [foot], Qt.Orientation.Vertical)
        self.resizeDocks(upright, [picture, room - picture], Qt.Orientation.Vertical)

    def _raise(self, which: str, *, focus: bool = True) -> None:
        if self._panels is None:
            return
        panel: QWidget = getattr(self._panels, which)
        if self._side.indexOf(panel) >= 0:
            self._side_dock.show()
            self._side.setCurrentWidget(panel)
        if focus:
            panel.setFocus(Qt.FocusReason.ShortcutFocusReason)


class _Place(QWidget):
    """The middle of the window, which holds one panel at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)

    def hold(self, panel: QWidget) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None and old is not panel:
                old.setParent(None)
        self._rows.addWidget(panel)
        self.setFocusProxy(panel)


class _Dock(QDockWidget):
    """A panel without a title bar inside the window, and with the desktop's own when it floats."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._bare = QWidget()
        self.setTitleBarWidget(self._bare)
        self.topLevelChanged.connect(self._dress_title)

    def _dress_title(self, floats: bool) -> None:
        # None gives the desktop's frame back, which the stub does not allow.
        self.setTitleBarWidget(None if floats else self._bare)  # type: ignore[arg-type]


def _dropped(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _text(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _bytes(text: str) -> QByteArray | None:
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except (binascii.Error, ValueError):
        return None
