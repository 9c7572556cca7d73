"""Subtitles derived from the words of a transcript and a style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.cuts import Cut
from granite_studio.core.cutting import Cutter
from granite_studio.core.document import Document, alike
from granite_studio.core.emphasis import Emphasised, marked_up
from granite_studio.core.measure import lengths, speed
from granite_studio.core.putting import Places
from granite_studio.core.shaping import Shaper
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style
from granite_studio.core.voices import Voices


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: the ids of its first and last word, its times in ms and its lines.

    `speaker` is None where nobody is known or two people speak; `fixed` says that a person made
    it; `settings` are WebVTT cue settings; `sound` is when the last of its words ends, where
    their times are known, and `voice` when the first begins, where that was measured.
    """

    first: int
    last: int
    start: int
    end: int
    lines: tuple[str, ...]
    speaker: int | None = None
    fixed: bool = False
    settings: str = ""
    sound: int | None = None
    voice: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cps(cue: Cue) -> float:
    """Characters a second that a viewer has to read; line breaks do not count."""
    return speed(sum(lengths(cue.lines)), cue.end - cue.start)


def derive(document: Document, style: Style, film: Film | None = None) -> tuple[Cue, ...]:
    """The subtitles of a transcript in this style, in order of their start.

    They begin and end with the cuts of the film where words allow; where the style has a rule for
    these, they are put by it to the frame as far as no other rule is broken.

    What a person fixed is as it was fixed. No other cue overlaps its neighbours or has no time,
    except one for which fixed cues leave no room at all.
    """
    return Deriver(style, film).derive(document)


class Deriver:
    """Derives the cues of one document after another and cuts only what changed between them.

    It keeps the last document and its cues; cues that did not change stay the same objects.
    """

    def __init__(self, style: Style, film: Film | None = None) -> None:
        self.style = style
        self._shaper = Shaper(style, film)
        self._cutter = Cutter(style, film.times if film else ())
        self._putter = _Putter(style, film) if film and style.shot_frames else None
        self._shaped_of: Document | None = None
        self._cuts: list[Cut] = []
        self._cues: list[Cue] = []
        self._reached: list[int] = []

    def prepare(self, document: Document, *, words: float) -> bool:
        """Do part of the work for `derive`, about so many words; whether that was the last."""
        if not self._cutter.prepare(document, words=words):
            return False
        return not self._putter or self._putter.prepare(self._shape(document), seams=words / 8)

    def settled(self) -> tuple[Cue, ...]:
        """The first cues of a document that is being prepared and none before it was; none where
        cuts of a film may move them."""
        self._shaped_of = None
        return () if self._putter else tuple(self._shape_cuts(self._cutter.settled()))

    def derive(self, document: Document) -> tuple[Cue, ...]:
        """The cues of this document, quickest when it is an edit of the one before."""
        cues = self._shape(document)
        return tuple(self._putter.put(cues) if self._putter else cues)

    def _shape(self, document: Document) -> list[Cue]:
        """The cues before they are put by the cuts of the film."""
        if self._shaped_of is not document:
            self._shape_cuts(self._cutter.cuts(document))
            self._shaped_of = document
        return self._cues

    def _shape_cuts(self, new: list[Cut]) -> list[Cue]:
        old = self._cuts
        head, tail = alike(old, new)
        # The end of a cue hangs on the start of the next one, so one cue more is shaped anew.
        place = max(head - 1, 0)
        shift = len(old) - len(new)
        cues, reached = self._cues[:place], self._reached[:place]
        end = reached[-1] if reached else -self.style.gap_ms
        while place < len(new):
            cue = _shaped(new[place], *self._shaper.times(new, place, end))
            end = max(end, cue.end)
            earlier = place + shift
            if place >= len(new) - tail and self._cues[earlier] == cue:
                if self._reached[earlier] == end:
                    cues += self._cues[earlier:]
                    reached += self._reached[earlier:]
                    break
                cue = self._cues[earlier]
            cues.append(cue)
            reached.append(end)
            place += 1
        self._cuts, self._cues, self._reached = new, cues, reached
        return cues


class _Putter:
    """Puts the cues of one document after another by the cuts of their film, and of each only
    what changed and what hangs together with it."""

    def __init__(self, style: Style, film: Film) -> None:
        self._style = style
        self._film = film
        self._before: Sequence[Cue] = ()
        self._put: list[Cue] = []
        self._under: _Putting | None = None

    def prepare(self, cues: Sequence[Cue], *, seams: float) -> bool:
        """Do part of the work for `put`, at so many seams; whether that was the last."""
        if self._under is None or self._under.cues is not cues:
            self._under = self._begun(cues)
        under = self._under
        behind = int(min(under.last + 1, under.reached + seams))
        under.moved |= under.places.put(range(under.reached, behind))
        under.reached = behind
        return behind > under.last

    def put(self, cues: Sequence[Cue]) -> list[Cue]:
        """These cues; those made by hand stay."""
        if self._before is cues:
            return self._put
        self.prepare(cues, seams=math.inf)
        assert self._under
        places, moved = self._under.places, self._under.moved
        begin, behind = max(self._under.first - 1, 0), self._under.last + 1
        put = [
            replace(cue, start=places.starts[place], end=places.ends[place])
            if place in moved
            else cue
            for place, cue in enumerate(cues[begin:behind], begin)
        ]
        kept = self._put[len(self._before) - len(cues) + behind :] if behind < len(cues) else []
        self._put = [*self._put[:begin], *put, *kept]
        self._before, self._under = cues, None
        return self._put

    def _begun(self, cues: Sequence[Cue]) -> _Putting:
        """What has to be put anew."""
        by_hand = {place for place, cue in enumerate(cues) if cue.fixed}
        places = Places(cues, self._film, self._style, by_hand)
        head, tail = alike(self._before, cues)
        first, last = head, len(cues) - tail  # the seams that are not what they were
        while first > 0 and places.is_beside(first - 1):
            first -= 1
        while last < len(cues) and places.is_beside(last + 1):
            last += 1
        return _Putting(cues, places, first, last, first)


@dataclass(slots=True)
class _Putting:
    """Cues that are being put at the seams from `first` to `last`, and how far that is."""

    cues: Sequence[Cue]
    places: Places
    first: int
    last: int
    reached: int
    moved: set[int] = field(default_factory=set)


def _shaped(cut: Cut, start: int, end: int) -> Cue:
    hand = cut.override
    return Cue(
        cut.first,
        cut.last,
        start,
        end,
        cut.lines,
        cut.speaker,
        hand is not None,
        hand.settings if hand else "",
        cut.sound,
        cut.voice,
    )


def to_captions(
    document: Document, cues: Iterable[Cue], *, speaker_names: bool = True
) -> Captions:
    """The cues as a caption file holds them; named speakers as voice tags where asked for, one for
    each of those who share a cue."""
    cues = tuple(cues)
    names = {speaker.id: speaker.name for speaker in document.speakers if speaker_names}
    looks = Emphasised(document) if document.emphases else None
    is_shared = any(names.values()) and any(cue.speaker is None for cue in cues)
    voices = Voices(document) if is_shared else None
    captions: list[Caption] = []
    for cue in cues:
        lines = looks.lines(cue.first, cue.last, cue.lines) if looks else None
        if voices and cue.speaker is None:
            runs = lines or [[((), line)] for line in cue.lines]
            text = voices.marked_up(cue.first, cue.last, runs)
        else:
            text = "\n".join(map(marked_up, lines)) if lines else escape(cue.text)
        name = names.get(cue.speaker, "") if cue.speaker is not None else ""
        if name:
            text = f"<v {escape(name)}>{text}"
        captions.append(Caption(cue.start, cue.end, text, settings=cue.settings))
    return Captions(tuple(captions), language=document.language)
