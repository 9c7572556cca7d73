"""The cues of the open document, derived once for every view that shows them."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from granite_studio.core.cues import Cue, Deriver
from granite_studio.core.document import Document
from granite_studio.core.emphasis import Emphasised
from granite_studio.core.shots import Film
from granite_studio.core.styles import DEFAULT, Style, style
from granite_studio.services.session import Session

_PAUSE_MS = 150
"""So long the hand rests before the cues are cut again,"""
_LONGEST_MS = 500
"""but so long after a change at most: words that stream in must not hold them back."""
_WORDS = 2000
"""So many words are cut at a time, about a frame's work; then the window has its turn."""


_GROWTH = 1.25
"""The first cues of a document are shown again with so many times as many words behind them."""


class Subtitles(QObject):
    """What `core.cues` makes of the document now, a moment after it changed."""

    changed = Signal()
    """Other cues, another style, or both."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._guide = style(DEFAULT)
        self._deriver = Deriver(self._guide)
        self._film: Film | None = None
        self._cues: tuple[Cue, ...] = ()
        self._starts: list[int] = []
        self._looks: Emphasised | None = None
        self._cut_of = Document()
        self._is_opening = True
        self._cut_words = 0.0
        self._shown_words = 0.0
        self._since = QElapsedTimer()
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._derive)
        session.changed.connect(self._derive_soon)
        session.replaced.connect(self._open)
        self._derive()

    @property
    def cues(self) -> tuple[Cue, ...]:
        """In order of their start; while a long document is being opened, the first of them."""
        return self._cues

    @property
    def is_opening(self) -> bool:
        """Whether a document was opened and not all of its cues are known yet."""
        return self._is_opening

    @property
    def guide(self) -> Style:
        """The style as it was chosen."""
        return self._guide

    @property
    def style(self) -> Style:
        """The style that cues are cut and judged by: made for the film's frame rate, if known."""
        return self._deriver.style

    def set_style(self, guide: Style) -> None:
        """Cut by this style from now on."""
        self._guide = guide
        self._deriver = Deriver(guide.at(self._film.rate if self._film else None), self._film)
        self._derive()

    @property
    def shots(self) -> tuple[int, ...]:
        """The cuts of the film that cues begin and end with, in ms."""
        return self._film.times if self._film else ()

    @property
    def film(self) -> Film | None:
        """These cuts with the frame rate; None where nobody looked for them."""
        return self._film

    def set_film(self, film: Film | None) -> None:
        """Let cues begin and end with these cuts of the film where words allow."""
        if film != self._film:
            self._film = film
            self.set_style(self._guide)

    @property
    def looks(self) -> Emphasised | None:
        """How the words of these cues look; None where all look alike."""
        if self._looks is None and self._cut_of.emphases:
            self._looks = Emphasised(self._cut_of)
        return self._looks

    def catch_up(self) -> None:
        """Cut the cues of the document now, where somebody waits for them."""
        if self._cut_of is not self._session.document:
            self._derive()

    def at(self, ms: int) -> Cue | None:
        """The cue on screen at this moment; the later one where two overlap."""
        row = bisect_right(self._starts, ms) - 1
        return self._cues[row] if row >= 0 and ms < self._cues[row].end else None

    @Slot()
    def _derive_soon(self) -> None:
        if not self._since.isValid():
            self._since.start()
        left = max(0, _LONGEST_MS - self._since.elapsed())
        self._wait.start(min(_PAUSE_MS, left))

    @Slot()
    def _open(self) -> None:
        """Those of a long transcript take a while; what is known of them is shown meanwhile."""
        self._is_opening, self._cut_words, self._shown_words = True, 0.0, 0.0
        if self._cues:
            self._take(())
        self._derive()

    @Slot()
    def _derive(self) -> None:
        if not self._deriver.prepare(self._session.document, words=_WORDS):
            self._wait.start(0)
            if self._is_opening:
                self._show_first()
            return
        self._wait.stop()
        self._since.invalidate()
        self._is_opening = False
        self._show_of(self._session.document)
        self._take(self._deriver.derive(self._cut_of))

    def _show_first(self) -> None:
        """Take the cues that are known by now, more and more at a time."""
        self._cut_words += _WORDS
        if self._cut_words >= _GROWTH * self._shown_words:
            self._shown_words = self._cut_words
            if len(cues := self._deriver.settled()) > len(self._cues):
                self._show_of(self._session.document)
                self._take(cues)

    def _show_of(self, document: Document) -> None:
        """From now on cues are of this document."""
        if self._cut_of is not document:
            self._cut_of, self._looks = document, None

    def _take(self, cues: tuple[Cue, ...]) -> None:
        self._cues = cues
        self._starts = [cue.start for cue in cues]
        self.changed.emit()
