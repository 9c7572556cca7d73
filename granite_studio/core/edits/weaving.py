"""Weave heard words into the paragraphs that stay, and make new paragraphs of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from granite_studio.core.document import Segment, Span, Speaker, Word
from granite_studio.core.edits.incoming import PAUSE, Incoming
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.edits.turns import Turns
from granite_studio.core.sentences import ends_sentence

BREATH = 250
"""A silence in ms at which a long paragraph without punctuation may end."""
LONG = 60
"""A paragraph of more words ends with its sentence."""

_NUMBERED = re.compile(r"speaker \d+", re.IGNORECASE)

Voice = int | str | None
"""Who speaks: a speaker's id, the name of one who is not in the transcript yet, or nobody."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph that reaches into the window: which of its words no machine may replace, which
    start in the window, and so which ones stay; and whether it waits for its words."""

    row: int
    segment: Segment
    protected: tuple[bool, ...]
    inside: tuple[bool, ...]
    stays: tuple[bool, ...]
    waits: bool = False

    @property
    def kept(self) -> list[Word]:
        return [w for w, stays in zip(self.segment.words, self.stays, strict=True) if stays]

    @property
    def going(self) -> list[Word]:
        return [w for w, stays in zip(self.segment.words, self.stays, strict=True) if not stays]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that become a segment; heard ones have no id yet. `base` is the one they carry on."""

    words: list[Word]
    voice: Voice
    base: Segment | None = None


def woven(
    rows: Sequence[Row],
    new: Sequence[Incoming],
    span: Span,
    *,
    speakers: Sequence[Speaker],
    voices: Mapping[str, int],
) -> list[Paragraph]:
    """The paragraphs that take the place of these rows.

    A heard word inside a paragraph of which words stay goes in between those; the others make new
    paragraphs, turn by turn.
    """
    who = _Voices(speakers, voices, rows)
    hosts = [_Host(row) for row in rows if any(row.stays)]
    free: list[Incoming] = []
    for heard in new:
        claimants = [host for host in hosts if host.claims(heard.word)]
        if claimants:
            voice = who.of_label(heard.label)
            best = max(claimants, key=lambda host: host.fits(heard.word, voice))
            best.claimed.append(heard)
        else:
            free.append(heard)
    paragraphs = [paragraph for host in hosts for paragraph in host.woven(who, span.end - 1)]
    return paragraphs + _new(free, who)


def goes_on(before: Sequence[Word], start: int) -> bool:
    """Whether a word that starts then belongs to the same paragraph as these words before it."""
    last = before[-1]
    silence = start - last.end
    if silence >= PAUSE or len(before) <= LONG:
        return silence < PAUSE
    if ends_sentence(last.text):
        return False
    # An engine without punctuation: a breath is the best end that a long paragraph can have.
    return silence < BREATH or any(ends_sentence(word.text) for word in before[-LONG:])


class _Voices:
    """Which speaker a label means, and when a name that a person gave outranks it."""

    def __init__(
        self, speakers: Sequence[Speaker], voices: Mapping[str, int], rows: Sequence[Row]
    ) -> None:
        self._ids = {speaker.name: speaker.id for speaker in speakers}
        known = set(self._ids.values())
        self._ids |= {clean_name(v): speaker for v, speaker in voices.items() if speaker in known}
        self._named = {s.id for s in speakers if not _NUMBERED.fullmatch(s.name)}
        self._awaited = Turns(
            (Span(word.start, word.end), row.segment.speaker)
            for row in rows
            for word in row.going
            if row.waits and row.segment.speaker is not None
        )
        self._before = [
            (word.start, max(word.end, word.start + 1), row.segment.speaker)
            for row in rows
            for word in row.going
            if row.segment.speaker is not None
        ]

    def is_named(self, speaker: int | None) -> bool:
        """Whether a person named this speaker, or an engine that knows names."""
        return speaker in self._named

    def of_label(self, label: str | None) -> Voice:
        name = clean_name(label or "")
        return self._ids.get(name, name) or None

    def awaited(self, word: Word, before: int | None) -> int | None:
        """Who is known to speak here, where paragraphs wait for their words."""
        return self._awaited.speaker_of(word, (before,))

    def beside(self, speaker: int | None, label: str | None) -> Voice:
        """Who says a word that is heard where this speaker was known to speak."""
        voice = self.of_label(label)
        if voice is None:
            return speaker
        numbered = label is not None and _NUMBERED.fullmatch(clean_name(label))
        return speaker if numbered and self.is_named(speaker) else voice

    def of_new(self, words: Sequence[Word], label: str | None) -> Voice:
        """Who says these words: the label, unless a person had named somebody at that time."""
        start, end = words[0].start, words[-1].end
        shares: dict[int, int] = {}
        for begins, ends, speaker in self._before:
            common = min(end, ends) - max(start, begins)
            if common > 0:
                shares[speaker] = shares.get(speaker, 0) + common
        most = max(shares, key=lambda speaker: shares[speaker], default=None)
        return self.beside(most, label)


class _Host:
    """A paragraph of which words stay, and the heard words that go in between them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.claimed: list[Incoming] = []
        self._kept = row.kept
        self._going = row.going
        places = [place for place, stays in enumerate(row.stays) if stays]
        # Beyond the first and last word that stays, only a person's words hold on to a paragraph.
        first, last = self._kept[0].start, self._kept[-1].end
        self._start = row.segment.start if row.protected[places[0]] else first
        self._end = row.segment.end if row.protected[places[-1]] else last

    def claims(self, word: Word) -> bool:
        return self._start <= word.start < self._end

    def fits(self, word: Word, voice: Voice) -> tuple[bool, bool]:
        """How much a word belongs here: one that stands for words that go, one of this voice."""
        end = max(word.end, word.start + 1)
        replaces = any(w.start < end and word.start < max(w.end, w.start + 1) for w in self._going)
        return replaces, self.row.segment.speaker == voice

    def woven(self, voices: _Voices, latest: int) -> list[Paragraph]:
        segment = self.row.segment
        if not self.claimed:
            whole = len(self._kept) == len(segment.words)
            words = list(segment.words) if whole else self._kept
            return [Paragraph(words, segment.speaker, segment)]
        line: list[tuple[Word, Voice]] = [
            (heard.word, voices.beside(segment.speaker, heard.label)) for heard in self.claimed
        ]
        line += self._said(voices)
        line.sort(key=lambda item: _rank(item[0]))
        words = [word for word, _ in line]
        said_by = _without_gaps([voice for _, voice in line], segment.speaker)
        paragraphs: list[Paragraph] = []
        base: Segment | None = segment
        for voice, group in groupby(zip(words, said_by, strict=True), key=lambda item: item[1]):
            said = [word for word, _ in group]
            carries_on = base if any(word.id for word in said) else None
            base = None if carries_on else base
            paragraphs.append(Paragraph(_fitted_between(said, latest), voice, carries_on))
        return paragraphs

    def _said(self, voices: _Voices) -> list[tuple[Word, Voice]]:
        """The words that stay and who says them: a run of words that a person corrected in the
        window is said by whom the machine hears around it, unless a person named the speaker."""
        row, speaker = self.row, self.row.segment.speaker
        words = row.segment.words
        runs = [0]
        for place in range(1, len(words)):
            parted = row.protected[place] != row.protected[place - 1]
            pause = words[place].start - words[place - 1].end >= PAUSE
            runs.append(runs[-1] + (parted or pause))
        states = zip(runs, row.protected, row.inside, strict=True)
        corrected = {run for run, shielded, inside in states if shielded and inside}
        if voices.is_named(speaker):
            corrected.clear()
        return [
            (word, None if run in corrected else speaker)
            for word, run, stays in zip(words, runs, row.stays, strict=True)
            if stays
        ]


def _rank(word: Word) -> tuple[int, int]:
    """By start; of two that start together, one has no length and goes first."""
    if word.id:
        return word.start, 1
    return word.start, 0 if word.start == word.end else 2


def _fitted_between(words: Sequence[Word], latest: int) -> list[Word]:
    """Cut heard words (id 0) so that they run forward between those that stay, and none starts
    after `latest`: it would belong to the next window then."""
    line: list[Word] = []
    reached = 0
    for word in words:
        line.append(word if word.id else _clamped(word, reached, max(word.end, reached)))
        reached = line[-1].end
    limit = reached
    for place in range(len(line) - 1, -1, -1):
        if not line[place].id:
            line[place] = _clamped(line[place], 0, limit, latest)
        limit = line[place].start
    return line


def _clamped(word: Word, floor: int, ceiling: int, latest: int | None = None) -> Word:
    start = min(max(word.start, floor), ceiling)
    start = start if latest is None else min(start, latest)
    end = max(start, min(word.end, ceiling))
    if (start, end) == (word.start, word.end):
        return word
    return replace(word, start=start, end=end)


def _without_gaps(voices: Sequence[Voice], otherwise: Voice) -> list[Voice]:
    """A word by nobody known is said by whom the word before is, or else the first one known."""
    known = next((voice for voice in voices if voice is not None), otherwise)
    filled: list[Voice] = []
    for voice in voices:
        known = known if voice is None else voice
        filled.append(known)
    return filled


def _new(free: Sequence[Incoming], voices: _Voices) -> list[Paragraph]:
    stretches: list[tuple[list[Word], str | None, int | None]] = []
    before: Incoming | None = None
    words: list[Word] = []
    speaker: int | None = None
    for heard in free:
        awaited = voices.awaited(heard.word, speaker)
        follows = (
            before is not None
            and before.turn == heard.turn
            and before.index + 1 == heard.index
            and awaited == speaker
            and goes_on(words, heard.word.start)
        )
        if follows:
            words.append(heard.word)
        else:
            words = [heard.word]
            stretches.append((words, heard.label, awaited))
        before, speaker = heard, awaited
    return [
        Paragraph(
            words,
            voices.of_new(words, label) if speaker is None else voices.beside(speaker, label),
        )
        for words, label, speaker in stretches
    ]
