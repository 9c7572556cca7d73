"""Giving words to turns by their times."""

import random

import pytest

from granite_studio.core.bytime import by_time
from granite_studio.core.document import Span


def test_a_word_goes_to_the_turn_it_overlaps_longest() -> None:
    words = [Span(0, 100), Span(150, 300), Span(250, 320), Span(300, 400)]
    assert by_time(words, [Span(0, 200), Span(200, 400)]) == [0, 1, 1, 1]


def test_a_word_beside_all_turns_goes_to_the_nearest() -> None:
    turns = [Span(100, 200), Span(500, 600)]
    words = [Span(0, 10), Span(210, 300), Span(400, 450), Span(700, 710)]
    assert by_time(words, turns) == [0, 0, 1, 1]


def test_a_short_turn_inside_a_long_one_gets_what_it_covers() -> None:
    turns = [Span(0, 1000), Span(400, 500)]
    assert by_time([Span(380, 420), Span(300, 380)], turns) == [0, 0]
    assert by_time([Span(480, 620), Span(600, 700)], turns) == [0, 0]
    assert by_time([Span(700, 900), Span(950, 1100)], [Span(0, 800), Span(0, 960)]) == [1, 1]


def test_words_and_turns_may_stand_in_any_order() -> None:
    words = [Span(300, 400), Span(0, 100)]
    assert by_time(words, [Span(200, 400), Span(0, 200)]) == [0, 1]


def test_without_a_turn_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="without any turn"):
        by_time([Span(0, 1)], [])
    assert by_time([], [Span(0, 1)]) == []


def test_no_turn_is_nearer_than_the_one_that_was_found() -> None:
    def common(word: Span, turn: Span) -> int:
        """How long both last together; below nought, how far they are apart."""
        return min(max(word.end, word.start + 1), turn.end) - max(word.start, turn.start)

    for seed in range(300):
        chance = random.Random(seed)
        starts = [chance.randint(0, 60) for _ in range(17)]
        spans = [Span(start, start + chance.randint(0, 12)) for start in starts]
        words, turns = spans[:12], spans[12:]
        for word, found in zip(words, by_time(words, turns), strict=True):
            assert common(word, turns[found]) == max(common(word, turn) for turn in turns)
