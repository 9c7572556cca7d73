"""Subtitles derived from the words of a transcript and a style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.cutting import Cut, Cutter
from granite_studio.core.document import Document, alike
from granite_studio.core.emphasis import Emphasised, marked_up
from granite_studio.core.measure import length, speed, speed_limits
from granite_studio.core.partition import SHOWN
from granite_studio.core.styles import Style


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: the ids of its first and last word, its times in ms and its lines.

    `speaker` is None where nobody is known or two people speak; `fixed` says that a person made
    it; `settings` are WebVTT cue settings.
    """

    first: int
    last: int
    start: int
    end: int
    lines: tuple[str, ...]
    speaker: int | None = None
    fixed: bool = False
    settings: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cps(cue: Cue) -> float:
    """Characters a second that a viewer has to read; line breaks do not count."""
    return speed(sum(map(length, cue.lines)), cue.end - cue.start)


def derive(document: Document, style: Style, shots: Sequence[int] = ()) -> tuple[Cue, ...]:
    """The subtitles of a transcript in this style, in order of their start.

    They begin and end with a cut of the film where words allow; `shots` are those in ms, in order.

    What a person fixed is as it was fixed. No other cue overlaps its neighbours or has no time,
    except one for which fixed cues leave no room at all.
    """
    return Deriver(style, shots).derive(document)


class Deriver:
    """Derives the cues of one document after another and cuts only what changed between them.

    It keeps the last document and its cues; cues that did not change stay the same objects.
    """

    def __init__(self, style: Style, shots: Sequence[int] = ()) -> None:
        self.style = style
        self._cutter = Cutter(style, shots)
        self._cuts: list[Cut] = []
        self._cues: list[Cue] = []
        self._reached: list[int] = []

    def prepare(self, document: Document, *, words: float) -> bool:
        """Do part of the work for `derive`, about so many words; whether that was the last."""
        return self._cutter.prepare(document, words=words)

    def derive(self, document: Document) -> tuple[Cue, ...]:
        """The cues of this document, quickest when it is an edit of the one before."""
        old, new = self._cuts, self._cutter.cuts(document)
        head, tail = alike(old, new)
        # The end of a cue hangs on the start of the next one, so one cue more is shaped anew.
        place = max(head - 1, 0)
        shift = len(old) - len(new)
        cues, reached = self._cues[:place], self._reached[:place]
        end = reached[-1] if reached else -self.style.gap_ms
        while place < len(new):
            following = new[place + 1] if place + 1 < len(new) else None
            cue = _shaped(new[place], end, following, self.style)
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
        return tuple(cues)


def to_captions(
    document: Document, cues: Iterable[Cue], *, speaker_names: bool = True
) -> Captions:
    """The cues as a caption file holds them; named speakers as voice tags where asked for."""
    names = {speaker.id: speaker.name for speaker in document.speakers}
    looks = Emphasised(document) if document.emphases else None
    captions: list[Caption] = []
    for cue in cues:
        if looks:
            text = "\n".join(map(marked_up, looks.lines(cue.first, cue.last, cue.lines)))
        else:
            text = escape(cue.text)
        name = names.get(cue.speaker, "") if speaker_names and cue.speaker is not None else ""
        if name:
            text = f"<v {escape(name)}>{text}"
        captions.append(Caption(cue.start, cue.end, text, settings=cue.settings))
    return Captions(tuple(captions))


def _shaped(cut: Cut, reached: int, following: Cut | None, style: Style) -> Cue:
    """Give a cue its time, between the latest end so far and the start of the next one."""
    hand = cut.override
    start = cut.start
    if not (hand and hand.start is not None):
        start = max(start, reached + style.gap_ms)
        if following and following.is_pinned and start >= following.start:
            start = cut.start  # fixed cues leave no room: better in time than far away
    if hand and hand.end is not None:
        end = max(hand.end, start + 1)
    else:
        end = _free_end(cut, start, following, style)
    return Cue(
        cut.first,
        cut.last,
        start,
        end,
        cut.lines,
        cut.speaker,
        hand is not None,
        hand.settings if hand else "",
    )


def _free_end(cut: Cut, start: int, following: Cut | None, style: Style) -> int:
    """Long enough to be seen and read, as far as the next cue allows."""
    sound = max(cut.end, start + 1)
    text = "".join(cut.lines)
    comfortable, _ = speed_limits(text, style)
    to_read = start + math.ceil(sum(map(length, cut.lines)) * 1000 / comfortable)
    wanted = max(
        sound,
        start + style.min_ms,
        start + style.word_ms * cut.words,
        min(to_read, sound + style.linger_ms),
    )
    latest = max(sound, start + style.max_ms)
    wanted = min(wanted, latest)
    if following is None:
        return wanted
    limit = following.start - style.gap_ms
    if wanted > following.start - max(style.chain_ms, style.gap_ms):
        wanted = min(limit, latest)
    if following.is_pinned:
        if start >= following.start:
            return sound
        return wanted if wanted > start else following.start
    return max(wanted, start + SHOWN)
