"""The transcript in another language: which texts are there, which fit, and as a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, count, pairwise

from granite_studio.core.document import (
    Document,
    Segment,
    Span,
    TranslatedText,
    Word,
)
from granite_studio.core.sentences import ends_sentence
from granite_studio.core.unspaced import words_of

SOURCE = "translation"
"""What words of a translated document name as where they come from."""

_PAUSE = 400
"""A silence of so many ms parts what is said before it from what is said behind it."""


def languages(document: Document) -> tuple[str, ...]:
    """The languages that at least one paragraph was translated to."""
    return tuple(lane.language for lane in document.translations if lane.texts)


def texts_in(document: Document, language: str) -> dict[int, TranslatedText]:
    """The texts in this language by the id of their segment; none for an unknown language."""
    return {
        text.segment: text
        for lane in document.translations
        if lane.language == language
        for text in lane.texts
    }


def mark_of(words: Sequence[Word]) -> str:
    """A short name for what these words say: the same for other case and punctuation."""
    said = "".join(sign for word in words for sign in word.text.casefold() if sign.isalnum())
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def is_stale(text: TranslatedText, words: Sequence[Word]) -> bool:
    """Whether the words of its paragraph are others now than those that were translated.

    Edits keep the texts of a paragraph that lives on (split: of its first half), since a person
    may have worked on them; what no longer fits is told apart here.
    """
    return text.source != "" and text.source != mark_of(words)


def untranslated(document: Document, language: str) -> tuple[Segment, ...]:
    """The paragraphs that wait for a machine: without a text, or with a stale one of its own."""
    texts = texts_in(document, language)

    def waits(segment: Segment) -> bool:
        text = texts.get(segment.id)
        return text is None or (not text.touched and is_stale(text, segment.words))

    return tuple(segment for segment in document if waits(segment))


def translated(document: Document, language: str) -> Document:
    """The document as if it had been spoken in this language: same paragraphs, times, speakers.

    Paragraphs without a text are left out. Words share out the time of their sentence, or of their
    paragraph where it has another number of sentences, and keep out of its pauses; their times are
    estimates. Cues made by hand, quotes and notes stay behind: they are pinned to other words.
    """
    texts = texts_in(document, language)
    ids = count(document.next_id)
    segments = []
    for segment in document:
        text = texts.get(segment.id)
        words = words_of(text.text) if text else []
        if text and words:
            timed = (
                Word(next(ids), word, span.start, span.end, None, SOURCE, text.touched, True)
                for word, span in zip(words, _spans(segment.words, words), strict=True)
            )
            segments.append(replace(segment, words=tuple(timed)))
    return replace(
        document,
        segments=tuple(segments),
        language=language,
        cue_overrides=(),
        emphases=(),
        highlights=(),
        notes=(),
        translations=(),
        next_id=next(ids),
        extras="",
    )


def _spans(source: Sequence[Word], texts: Sequence[str]) -> Iterator[Span]:
    """A time for each of these words, in order, inside that of the source."""
    old = _sentences([word.text for word in source])
    new = _sentences(texts)
    if len(old) != len(new):
        old, new = [(0, len(source))], [(0, len(texts))]
    for (first, last), (begin, end) in zip(old, new, strict=True):
        yield from _shared(source[first:last], texts[begin:end])


def _sentences(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Where each sentence begins, and the place behind its end."""
    ends = [place for place, text in enumerate(texts, 1) if ends_sentence(text)]
    if not ends or ends[-1] != len(texts):
        ends.append(len(texts))
    return list(pairwise([0, *ends]))


def _shared(source: Sequence[Word], texts: Sequence[str]) -> Iterator[Span]:
    """The time in which these source words sound, shared out by length of text."""
    sounds = _sounds(source)
    reached = list(accumulate((sound.end - sound.start for sound in sounds), initial=0))
    weights = list(accumulate((len(text) + 1 for text in texts), initial=0))
    edges = [reached[-1] * weight // weights[-1] for weight in weights]
    # Each word belongs to the stretch of sound that its middle lies in, and fills it with others;
    # the first one begins with the sound.
    homes: list[list[int]] = [[] for _ in sounds]
    home = 0
    for place, (start, end) in enumerate(pairwise(edges)):
        while place and home < len(sounds) - 1 and (start + end) // 2 >= reached[home + 1]:
            home += 1
        homes[home].append(place)
    for sound, places in zip(sounds, homes, strict=True):
        if places:
            first, last = weights[places[0]], weights[places[-1] + 1]
            times = [
                sound.start + (sound.end - sound.start) * (weight - first) // (last - first)
                for weight in weights[places[0] : places[-1] + 2]
            ]
            yield from (Span(start, end) for start, end in pairwise(times))


def _sounds(words: Sequence[Word]) -> list[Span]:
    """The time of these words without the pauses between them."""
    sounds: list[Span] = []
    for word in words:
        if sounds and word.start - sounds[-1].end < _PAUSE:
            sounds[-1] = Span(sounds[-1].start, word.end)
        else:
            sounds.append(Span(word.start, word.end))
    return sounds
