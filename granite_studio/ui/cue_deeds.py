"""What can be done with the cue at the playhead from anywhere in the window."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from granite_studio.core import edits
from granite_studio.core.cue_merging import merged
from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document, Word
from granite_studio.core.fixing import Fix, fix, mended
from granite_studio.services.session import Session
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles


class CueDeeds(QObject):
    """Works on the cue on screen now, else mostly on the last one before; `refused` tells why
    nothing came of it."""

    refused = Signal(str)
    """A sentence."""

    def __init__(
        self,
        session: Session,
        playback: Playback,
        subtitles: Subtitles,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._playback = playback
        self._subtitles = subtitles

    def go_to_next(self) -> None:
        """Move to the start of the next cue."""
        starts = [cue.start for cue in self._subtitles.cues]
        place = bisect_right(starts, self._playback.position)
        if place < len(starts):
            self._playback.seek(starts[place])

    def go_to_previous(self) -> None:
        """Move to the start of the cue before."""
        starts = [cue.start for cue in self._subtitles.cues]
        place = bisect_left(starts, self._playback.position) - 1
        if place >= 0:
            self._playback.seek(starts[place])

    def play(self) -> None:
        """Play the cue from its start to its end."""
        if (place := self._place()) is not None:
            cue = self._subtitles.cues[place]
            self._playback.play_span(cue.start, cue.end)

    def set_start(self) -> None:
        """The cue begins now; where none is on screen, the next one does."""
        place, now = self._place(), self._playback.position
        cues = self._subtitles.cues
        if place is None or now >= cues[place].end:
            place = 0 if place is None else place + 1
        if place < len(cues):
            self._fix(replace(self._as_is(place), start=now), self.tr("Set cue start"))
        else:
            self.refused.emit(self.tr("The last cue is over; there is none that could start now."))

    def set_end(self) -> None:
        """The cue ends now."""
        place, now = self._place(), self._playback.position
        if place is None or now <= self._subtitles.cues[place].start:
            self.refused.emit(self.tr("No cue has begun before the playhead that could end now."))
        else:
            self._fix(replace(self._as_is(place), end=now), self.tr("Set cue end"))

    def set_end_and_go_on(self) -> None:
        """The cue ends now, and the next one is wanted."""
        self.set_end()
        self.go_to_next()

    def split(self) -> None:
        """Two cues of one, parted at the word that is heard now."""
        place, now = self._place(), self._playback.position
        cues = self._subtitles.cues
        words = [] if place is None else _words(self._session.document, cues[place])
        second = bisect_left([(word.start + word.end) // 2 for word in words], now)
        if not 0 < second < len(words):
            self.refused.emit(
                self.tr("A cue is split between two of its words: put the playhead there.")
            )
            return
        after = edits.split_cue(self._session.document, [word.id for word in words], second)
        self._session.commit(after, self.tr("Split cue"))

    def merge(self, chosen: Sequence[Cue]) -> None:
        """One cue of all these, which follow one another; of one, or none, and the next."""
        place, cues = self._place(), self._subtitles.cues
        if len(chosen) < 2 and place is not None:
            chosen = cues[place : place + 2]
        if len(chosen) < 2:
            self.refused.emit(self.tr("There is no next cue to merge this one with."))
        elif made := merged(self._session.document, chosen, cues):
            self._fix(made, self.tr("Merge cues"))
        else:
            self.refused.emit(
                self.tr(
                    "Merge takes cues that follow one another; list all cues to see what stands "
                    "between these."
                )
            )

    def mend(self) -> tuple[Fix, ...]:
        """Make the smallest change to the cue after which it breaks fewer rules of its style, and
        return what was done, if anything."""
        place, cues = self._place(), self._subtitles.cues
        if place is None:
            return ()
        document, style, film = self._session.document, self._subtitles.style, self._subtitles.film
        found = fix(cues, place, style, language=document.language, film=film)
        if found:
            after = mended(document, cues, found)
            self._session.commit(after, self.tr("Mend the cue"))
        return found

    def release(self, chosen: Sequence[Cue]) -> None:
        """Let the style cut these cues again."""
        firsts = (cue.first for cue in chosen)
        after = edits.release_cue(self._session.document, *firsts)
        self._session.commit(after, self.tr("Let the style cut the cue"))

    def _place(self) -> int | None:
        self._subtitles.catch_up()  # what was changed a moment ago counts
        starts = [cue.start for cue in self._subtitles.cues]
        place = bisect_right(starts, self._playback.position) - 1
        return place if place >= 0 else None

    def _as_is(self, place: int) -> CueOverride:
        """What a person has fixed of this cue so far; only its words if nothing."""
        cue = self._subtitles.cues[place]
        return edits.hand_made(self._session.document, cue.first, cue.last)

    def _fix(self, override: CueOverride, label: str) -> None:
        after = edits.fix_cue(self._session.document, override)
        self._session.commit(after, label)


def _words(document: Document, cue: Cue) -> list[Word]:
    words: list[Word] = []
    for word in document.words():
        if words or word.id == cue.first:
            words.append(word)
        if word.id == cue.last:
            break
    return words
