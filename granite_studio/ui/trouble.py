"""When the program itself is at fault: the log has it all, the person gets one sentence."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from granite_studio.core.errors import StudioError
from granite_studio.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Trouble(QObject):
    """Takes the place of `sys.excepthook`, which Qt calls for exceptions in slots."""

    _told = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_known = False
        # The hook may be called on any thread.
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def tell(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Log it, and say it once: a fault that repeats must not bury the window."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        log.critical("unexpected error", exc_info=(kind, error, traceback))
        if isinstance(error, StudioError):
            self._told.emit(str(error))
        elif not self._is_known:
            self._is_known = True
            self._told.emit(
                self.tr(
                    "Something went wrong inside the program. Your work is saved; what happened "
                    "is noted in Help > Show the log."
                )
            )

    def _show(self, text: str) -> None:
        self._window.banners.show_banner("trouble", text, kind="bad")
