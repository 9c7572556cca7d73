"""Thousands of edits in a row leave a sound document behind."""

import random
from collections.abc import Callable

import pytest

from granite_studio.core import edits
from granite_studio.core.cues import Deriver, derive
from granite_studio.core.document import (
    CueOverride,
    Document,
    Finding,
    Media,
    Span,
    difference,
)
from granite_studio.core.edits import Place
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.styles import style
from granite_studio.core.translation import mark_of
from tests.core.pictures import DRAFT, GRANITE, check, transcript

WORDS = ["the", "work", "in", "March,", "and", "have.", "Yes!", "世界", "sea-wall", "it's", "4"]


class Walk:
    """Draws random edits with sensible arguments."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.clip = edits.Clip()

    def text(self, most: int = 6) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(0, most)))

    def row(self, document: Document) -> int:
        return self.random.randrange(len(document.segments))

    def place(self, document: Document) -> Place:
        row = self.row(document)
        return Place(row, self.random.randint(0, len(document.segments[row].words)))

    def range(self, document: Document) -> tuple[Place, Place]:
        start = self.place(document)
        row = min(start.row + self.random.choice((0, 0, 0, 1, 2)), len(document.segments) - 1)
        end = Place(row, self.random.randint(0, len(document.segments[row].words)))
        return min(start, end), max(start, end)

    def word(self, document: Document) -> Place:
        row = self.row(document)
        return Place(row, self.random.randrange(len(document.segments[row].words)))

    def speaker(self, document: Document) -> int | None:
        return self.random.choice([None, *(speaker.id for speaker in document.speakers)])

    def retype(self, document: Document) -> Document:
        row = self.row(document)
        words = document.segments[row].text.split()
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randint(0, len(words))
            words[at : at + self.random.randint(0, 2)] = self.text(2).split()
        return edits.retype(document, row, " ".join(words))

    def replace_text(self, document: Document) -> Document:
        text = "\n".join(self.text() for _ in range(self.random.choice((1, 1, 1, 2, 3))))
        return edits.replace_text(document, *self.range(document), text)

    def delete(self, document: Document) -> Document:
        return edits.delete(document, *self.range(document))

    def insert(self, document: Document) -> Document:
        return edits.insert(document, self.place(document), self.text())

    def copy(self, document: Document) -> Document:
        self.clip = edits.copy(document, *self.range(document))
        return document

    def paste(self, document: Document) -> Document:
        return edits.paste(document, self.place(document), self.clip)

    def split(self, document: Document) -> Document:
        return edits.split(document, self.place(document))

    def merge(self, document: Document) -> Document:
        if len(document.segments) < 2:
            return document
        return edits.merge(document, self.random.randrange(len(document.segments) - 1))

    def add_speaker(self, document: Document) -> Document:
        return edits.add_speaker(document, self.random.choice(("Anna", "Ben", "Speaker 1")))[0]

    def assign(self, document: Document) -> Document:
        return edits.assign_speaker(document, (self.row(document),), self.speaker(document))

    def rename(self, document: Document) -> Document:
        speaker = self.speaker(document)
        name = self.random.choice(("Anna", "Carla", "Dora"))
        return document if speaker is None else edits.rename_speaker(document, speaker, name)

    def merge_speakers(self, document: Document) -> Document:
        gone, kept = self.speaker(document), self.speaker(document)
        if gone is None or kept is None:
            return document
        return edits.merge_speakers(document, gone, kept)

    def speaker_from(self, document: Document) -> Document:
        return edits.speaker_from(document, self.place(document), self.speaker(document))

    def move_boundary(self, document: Document) -> Document:
        if len(document.segments) < 2:
            return document
        row = self.random.randrange(1, len(document.segments))
        return edits.move_boundary(document, row, self.random.randint(-4, 4))

    def retime_word(self, document: Document) -> Document:
        start = self.random.randint(0, 20_000)
        end = start + self.random.randint(0, 900)
        return edits.retime_word(document, self.word(document), start, end)

    def retime_segment(self, document: Document) -> Document:
        start = self.random.randint(0, 20_000)
        end = start + self.random.randint(0, 3_000)
        return edits.retime_segment(document, self.row(document), start, end)

    def confirm(self, document: Document) -> Document:
        return edits.confirm(document, *self.range(document))

    def hear(self, document: Document) -> Document:
        start = self.random.randrange(0, 20_000, 1_000)
        turns = []
        for _ in range(self.random.randint(0, 3)):
            time = start + self.random.randint(0, 1_500)
            words = []
            for _ in range(self.random.randint(0, 6)):
                end = time + self.random.randint(-100, 500)
                words.append(HeardWord(self.text(2), time, max(end, 0)))
                time = max(end + self.random.randint(-50, 400), 0)
            label = self.random.choice((None, "Speaker 1", "Speaker 2", "Anna"))
            turns.append(HeardTurn(tuple(words), label))
        engine = self.random.choice((GRANITE, DRAFT))
        span = Span(start, start + 3_000)
        again = self.random.random() < 0.3
        return edits.apply_heard(document, Heard(span, tuple(turns), engine, again=again))

    def fix_cue(self, document: Document) -> Document:
        start, end = self.range(document)
        words = [
            document.segments[row].words[index]
            for row in range(start.row, end.row + 1)
            for index in range(len(document.segments[row].words))
            if start <= Place(row, index) < end
        ]
        if not words:
            return document
        breaks = tuple(word.id for word in words[:-1] if self.random.random() < 0.2) or None
        return edits.fix_cue(document, CueOverride(words[0].id, words[-1].id, breaks=breaks))

    def release_cue(self, document: Document) -> Document:
        for override in document.cue_overrides[:1]:
            return edits.release_cue(document, override.first)
        return document

    def highlight(self, document: Document) -> Document:
        word = self.word(document)
        return edits.add_highlight(document, word, Place(word.row, word.word + 1), "quote")

    def note(self, document: Document) -> Document:
        return edits.add_note(document, self.word(document), "look")

    def unmark(self, document: Document) -> Document:
        for highlight in document.highlights[:1]:
            document = edits.remove_highlight(document, highlight.id)
        for note in document.notes[:1]:
            document = edits.remove_note(document, note.id)
        return document

    def translate(self, document: Document) -> Document:
        row = self.row(document)
        segment = document.segments[row]
        text = self.random.choice(("etwas", "etwas anderes.", ""))
        if self.random.random() < 0.5:
            return edits.set_translation(document, segment.id, "de", text)
        source = mark_of(segment.words)
        return edits.add_translation(document, segment.id, "de", text, source=source)

    def find(self, document: Document) -> Document:
        finding = Finding("odd", Span(0, self.random.randint(1, 9)), "Look here.")
        return edits.add_finding(document, finding)

    def media(self, document: Document) -> Document:
        return edits.set_media(document, Media("a.wav", self.random.choice((20_000, 60_000))))

    def all(self) -> list[Callable[[Document], Document]]:
        often = [self.retype, self.replace_text, self.hear, self.hear, self.insert, self.paste]
        return often + [
            getattr(self, name)
            for name, value in vars(Walk).items()
            if callable(value)
            and name[0] != "_"
            and name not in ("text", "row", "place", "range", "word", "speaker", "all")
        ]


@pytest.mark.parametrize("seed", range(4))
def test_two_thousand_random_edits_leave_a_sound_document_each_time(seed: int) -> None:
    walk = Walk(seed)
    choices = walk.all()
    document = transcript("one two three", "ANNA: four five")
    deriver = Deriver(style())
    for number in range(500):
        before = document
        document = walk.random.choice(choices)(before)
        if not document.segments:
            document = edits.insert(document, Place(0, 0), "begin again here")
        check(document)
        assert document.next_id >= before.next_id
        assert document is before or document != before
        change = difference(before, document)
        rows = list(before.segments)
        rows[change.first : change.first + change.removed] = document.segments[
            change.first : change.first + change.inserted
        ]
        assert tuple(rows) == document.segments
        for segment in document.segments:
            twins = [old for old in before.segments if old == segment]
            assert not twins or any(old is segment for old in twins)
        cues = deriver.derive(document)
        if number % 10 == 0:
            assert cues == derive(document, style())
        if len(document.segments) > 60:
            document = edits.delete(document, Place(10, 0), Place(50, 0))
