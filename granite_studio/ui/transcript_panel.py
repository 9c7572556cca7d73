"""The transcript with the find bar above it, and what to do while it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from granite_studio.services.hearing import Hearing
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.transcript.find_bar import FindBar
from granite_studio.ui.transcript.surface import TranscriptView

_WIDTH = theme.GRID * 52


class TranscriptPanel(QWidget):
    """Places the two; a hint with the Hear button lies over an empty transcript."""

    def __init__(
        self,
        session: Session,
        hearing: Hearing,
        transcript: TranscriptView,
        find_bar: FindBar,
        hear: QAction,
    ) -> None:
        super().__init__()
        self._session = session
        self._hearing = hearing
        self._transcript = transcript
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(find_bar)
        rows.addWidget(transcript, 1)
        self.setFocusProxy(transcript)
        self._hint = _Hint(hear, transcript.viewport())
        transcript.viewport().installEventFilter(self)
        transcript.textChanged.connect(self._look)
        session.replaced.connect(self._look)
        session.changed.connect(self._look)
        hearing.started.connect(self._look)
        hearing.ended.connect(self._look)
        self._look()

    @property
    def hint(self) -> str:
        """What is said over the empty transcript, or nothing."""
        return "" if self._hint.isHidden() else self._hint.text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _look(self) -> None:
        is_empty = not self._session.document.segments and not self._transcript.toPlainText()
        shows = is_empty and self._session.project is not None
        self._hint.setVisible(shows)
        if not shows:
            return
        if self._hearing.is_running:
            self._hint.tell(
                self.tr("Listening …"),
                self.tr("The words appear here as they are heard. You can correct them at once."),
                hears=False,
            )
        elif self._session.media_path is None:
            self._hint.tell(
                self.tr("No words yet"), self.tr("There is no recording to hear."), hears=False
            )
        else:
            self._hint.tell(
                self.tr("No words yet"),
                self.tr(
                    "Hear writes down what is said, with the time of every word. You can also "
                    "click here and type."
                ),
                hears=not self._session.is_read_only,
            )
        self._place()

    def _place(self) -> None:
        """In the middle of the page, a little above its centre."""
        page = self._transcript.viewport().rect()
        width = min(_WIDTH, page.width() - theme.GRID * 4)
        height = self._hint.heightForWidth(width)
        top = max(0, (page.height() - height) * 2 // 5)
        self._hint.setGeometry((page.width() - width) // 2, top, width, height)


class _Hint(QWidget):
    """A title, a sentence and perhaps a button; clicks beside the button reach the page."""

    def __init__(self, hear: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setFont(theme.reading_font(bold=True))
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("quiet", True)
        self._button = QPushButton()
        self._button.setProperty("primary", True)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.setText(self.tr("Hear this recording"))
        self._button.setAccessibleName(self.tr("Hear this recording"))
        self._button.setToolTip(hear.toolTip())
        self._button.clicked.connect(lambda: hear.trigger())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.GRID)
        for part in (self._title, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            rows.addWidget(part)
        rows.addSpacing(theme.GRID)
        rows.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)

    @property
    def text(self) -> str:
        return f"{self._title.text()}. {self._words.text()}"

    def tell(self, title: str, words: str, *, hears: bool) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._button.setVisible(hears)
