"""Small documents and edits for the tests of the store."""

from __future__ import annotations

import random
from dataclasses import replace

from granite_studio.core.document import (
    CueOverride,
    Document,
    EngineUse,
    Finding,
    Highlight,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    TranslatedText,
    Translation,
    Word,
)
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.history import History, Step


def paragraphs(*texts: str) -> Document:
    """One segment for each text, a word every 400 ms."""
    document = Document()
    for text in texts:
        document = with_paragraph(document, len(document.segments), text)
    return document


def with_paragraph(document: Document, row: int, text: str) -> Document:
    number = document.next_id
    words = tuple(
        Word(number + 1 + place, word, place * 400, place * 400 + 300, 0.5, "draft")
        for place, word in enumerate(text.split())
    )
    segment = Segment(number, words)
    segments = (*document.segments[:row], segment, *document.segments[row:])
    return replace(document, segments=segments, next_id=number + 1 + len(words))


def with_text(document: Document, row: int, text: str) -> Document:
    """Change the first word of a paragraph."""
    old = document.segments[row]
    word = replace(old.words[0], text=text, touched=True)
    segment = replace(old, words=(word, *old.words[1:]))
    return replace(
        document, segments=(*document.segments[:row], segment, *document.segments[row + 1 :])
    )


def with_everything() -> Document:
    """A document that uses every fact there is."""
    document = paragraphs("Good morning, Anna.", "日本語 です", "And then?")
    first, second, third = document.segments
    return replace(
        document,
        segments=(
            replace(first, speaker=20),
            replace(second, words=tuple(replace(w, estimated=True) for w in second.words)),
            replace(third, words=tuple(replace(w, confidence=None) for w in third.words)),
        ),
        speakers=(Speaker(20, "Anna"), Speaker(21, 'B "quoted" \ud800')),
        language="de",
        media=Media("talk.wav", 61_000, "12-abc"),
        engines=(EngineUse("Sphinx", "5", draft=True), EngineUse("Granite")),
        untranscribed=(Span(9_000, 12_000),),
        findings=(Finding("doubt", Span(1, 2), "No.", ("yes", "perhaps")),),
        cue_overrides=(
            CueOverride(2, 3, 10, None, (2,), "line:0"),
            CueOverride(4, 4),
            CueOverride(6, 6, None, 900, ()),
        ),
        highlights=(Highlight(22, 2, 3, "quote"),),
        notes=(Note(23, 4, "Check\nthis"),),
        translations=(Translation("fr", (TranslatedText(1, "Bonjour", "ab12", touched=True),)),),
        next_id=24,
        extras='{"top":{"tool":"x"},"media":{},"segments":{},"words":{}}',
    )


def heard(key: str, text: str = "so it is", start: int = 0) -> Heard:
    words = tuple(
        HeardWord(word, start + place * 10, start + place * 10 + 9, 0.9, place == 0, "NAR")
        for place, word in enumerate(text.split())
    )
    turns = (HeardTurn(words, "Speaker 1"), HeardTurn(words))
    return Heard(Span(start, start + 1_000), turns, EngineUse("Sphinx", "5", True), key)


def random_edit(document: Document, dice: random.Random) -> Document:
    """Type, add, remove, or change something beside the text; never the same document again."""
    kind = dice.randrange(5)
    rows = len(document.segments)
    if kind == 0 or rows == 0:
        return with_paragraph(document, dice.randint(0, rows), f"p{document.next_id} und dann")
    if kind == 1 and rows > 1:
        row = dice.randrange(rows)
        return replace(document, segments=document.segments[:row] + document.segments[row + 1 :])
    if kind == 2:
        note = Note(document.next_id, 1, f"n{dice.random()}")
        kept = document.notes[dice.randint(0, 1) :]
        return replace(document, notes=(*kept, note), next_id=document.next_id + 1)
    if kind == 3:
        names = tuple(Speaker(n, f"S{dice.random()}") for n in range(dice.randint(0, 3)))
        return replace(document, speakers=names, language=dice.choice(("en", "de")))
    return with_text(document, dice.randrange(rows), f"t{dice.random()}")


def picture(history: History) -> tuple[list[Step], int]:
    """Everything that must come back: documents, labels, merge keys, numbers, and the place."""
    steps = history.steps
    return list(steps), history.step.number - steps[0].number
