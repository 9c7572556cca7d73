"""Make a transcript of a subtitle file, every cue kept as a person cut it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from granite_studio.core.bulk import collector_at_rest
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import CueText, Said
from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Media,
    Segment,
    Span,
    Speaker,
    Word,
)
from granite_studio.core.edits.cues import settings_of
from granite_studio.core.edits.fitting import shared
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.emphasis import emphases_of
from granite_studio.core.sentences import ends_sentence

PAUSE = 1_500
"""A gap of more ms between cues ends a paragraph."""
LONG, LONGEST = 40, 80
"""So many words, and a paragraph ends with its sentence; so many, and it ends anyway."""


def from_captions(
    captions: Captions, *, language: str = "", media: Media | None = None
) -> Document:
    """A transcript of these cues; deriving its cues gives them back, times and lines.

    It is in this `language`, else in that of the captions, else in English.
    Words share the time of their cue, so they are `estimated`. Voice tags, `ANNA:` and, in a cue
    of two voices, dashes become speakers and leave the text. Cues without words are left out; a
    cue that ends before it starts keeps its start alone. Cues are put in order of their start.
    """
    with collector_at_rest():
        return _Import(captions).document(language or captions.language or "en", media)


@dataclass(slots=True)
class _Paragraph:
    words: list[Word]
    speaker: str


class _Import:
    def __init__(self, captions: Captions) -> None:
        self._cues = sorted(
            (cue for cue in captions.cues if cue.start >= 0), key=lambda cue: cue.start
        )
        self._text = CueText(cue.text for cue in self._cues)
        self._ids = count(1)
        self._paragraphs: list[_Paragraph] = []
        self._overrides: list[CueOverride] = []
        self._emphases: list[Emphasis] = []

    def document(self, language: str, media: Media | None) -> Document:
        for number, cue in enumerate(self._cues):
            parts = self._text.read(cue.text)
            end = max(cue.end, cue.start)
            if len(parts) > 1 and number + 1 < len(self._cues):
                # Paragraphs stand by their start: no other cue may come in between these.
                end = min(end, self._cues[number + 1].start)
            if parts:
                self._add(cue, parts, Span(cue.start, end))
        names = dict.fromkeys(p.speaker for p in self._paragraphs if p.speaker)
        speakers = {name: Speaker(next(self._ids), name) for name in names}
        segments = [
            Segment(next(self._ids), tuple(p.words), speakers[p.speaker].id if p.speaker else None)
            for p in self._paragraphs
        ]
        return Document(
            segments=tuple(segments),
            speakers=tuple(speakers.values()),
            language=language,
            media=media,
            cue_overrides=tuple(self._overrides),
            emphases=tuple(self._emphases),
            next_id=next(self._ids),
        )

    def _add(self, cue: Caption, parts: list[Said], span: Span) -> None:
        """Add the words of a cue, and the override that keeps it as it is."""
        texts = [word for part in parts for line in part.lines for word in line]
        words = [
            Word(number, text, start, end, None, IMPORTED, False, True)
            for text, (start, end), number in zip(
                texts, shared(texts, span.start, span.end), self._ids, strict=False
            )
        ]
        lines: list[list[Word]] = []
        reached = 0
        for number, part in enumerate(parts):
            begun = reached
            for line in part.lines:
                lines.append(words[reached : reached + len(line)])
                reached += len(line)
            self._place(part, words[begun:reached], leads=number == 0)
        if "<" in cue.text:
            self._emphases += emphases_of(cue.text, words)
        self._overrides.append(
            CueOverride(
                lines[0][0].id,
                lines[-1][-1].id,
                cue.start,
                cue.end if cue.end > cue.start else None,
                tuple(line[-1].id for line in lines[:-1]),
                cue.settings or settings_of(cue.alignment),
            )
        )

    def _place(self, part: Said, words: list[Word], *, leads: bool) -> None:
        """Let words go on in the last paragraph, or begin a new one."""
        last = self._paragraphs[-1] if self._paragraphs else None
        speaker = clean_name(part.speaker or "")
        # Where names stand in the text they mark the change: nobody else speaks up to the next.
        if last and not part.begins and not self._text.has_voices:
            speaker = last.speaker
        if last and leads and last.speaker == speaker and _goes_on(last.words, part, words[0]):
            last.words += words
        else:
            self._paragraphs.append(_Paragraph(words, speaker))


def _goes_on(before: list[Word], part: Said, word: Word) -> bool:
    last = before[-1]
    changes = part.begins and not part.speaker
    is_full = len(before) >= LONG and ends_sentence(last.text)
    return (
        not changes
        and not is_full
        and len(before) < LONGEST
        and not word.text.startswith(("-", "\u2013", "\u2014"))
        and 0 <= word.start - last.end <= PAUSE
    )


def is_untimed(document: Document) -> bool:
    """Whether all times are guesses, each paragraph where the one before ends: those of a text
    that has none."""
    reached = 0
    for segment in document.segments:
        if segment.start != reached or not all(word.estimated for word in segment.words):
            return False
        reached = segment.end
    return bool(document.segments)
