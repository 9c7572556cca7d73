"""A paragraph in windows that an engine can hear."""

from dataclasses import replace

from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.pipeline.paragraphs import windows_of


def paragraphs(*texts, step=500, gap=1000):
    """Words of `step` ms without pauses, `gap` ms between paragraphs."""
    at, number, segments = 0, 1, []
    for row, text in enumerate(texts):
        words = []
        for word in text.split():
            words.append(Word(number, word, at, at + step))
            at, number = at + step, number + 1
        segments.append(Segment(1000 + row, tuple(words)))
        at += gap
    return Document(tuple(segments), next_id=2000)


def test_a_short_one_is_one_window_with_a_little_silence_around_it():
    document = paragraphs("one two", "three", "four", gap=300)
    assert windows_of(document, 1, 30_000) == (Span(1150, 1950),)


def test_it_does_not_reach_into_words_of_others():
    document = paragraphs("one two", "three", "four", gap=0)
    assert windows_of(document, 1, 30_000) == (Span(1000, 1500),)


def test_a_long_one_is_cut_behind_the_last_sentence_that_fits():
    document = paragraphs("a b c dd. e f gg. h i j k l")
    assert windows_of(document, 0, 5000) == (Span(0, 3500), Span(3500, 6200))


def test_without_sentences_it_is_cut_at_the_longest_pause():
    document = paragraphs("a b c d e f g h i j k l")
    first = document.segments[0]
    words = tuple(
        replace(word, start=word.start + 400 * (n > 6), end=word.end + 400 * (n > 6))
        for n, word in enumerate(first.words)
    )
    document = replace(document, segments=(replace(first, words=words),))
    assert windows_of(document, 0, 5000) == (Span(0, 3700), Span(3700, 6600))


def test_without_pauses_it_is_cut_where_it_is_full():
    document = paragraphs("a b c d e f g h i j k l")
    spans = windows_of(document, 0, 3000)
    assert spans == (Span(0, 2500), Span(2500, 5000), Span(5000, 6200))


def test_a_word_longer_than_a_window_is_heard_as_far_as_it_fits():
    document = paragraphs("a", step=9000)
    assert windows_of(document, 0, 3000) == (Span(0, 3000),)
