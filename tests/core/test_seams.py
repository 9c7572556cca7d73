"""Two windows that overlap become one text."""

import random

import pytest

from granite_studio.core.document import Span
from granite_studio.core.forms import forms
from granite_studio.core.heard import HeardWord
from granite_studio.core.seams import joined


def words(text: str) -> list[HeardWord]:
    """`words("one 0-200 two 200-500")`."""
    parts = text.split()
    return [
        HeardWord(word, *(int(edge) for edge in time.split("-")))
        for word, time in zip(parts[::2], parts[1::2], strict=True)
    ]


def seam(before: str, after: str, start: int, end: int) -> str:
    """What remains, with a bar where the second window takes over."""
    one, two = joined(words(before), words(after), Span(start, end), language="en")
    return " ".join([*(word.text for word in one), "|", *(word.text for word in two)])


def test_the_overlap_is_there_once() -> None:
    assert (
        seam(
            "a 0-400 cold 1000-1400 grey 1500-1900 sea 2000-2400",
            "cold 1010-1390 Grey, 1480-1900 sea 2010-2400 and 2500-2700 so 3000-3300",
            1000,
            2500,
        )
        == "a cold grey | sea and so"
    )


def test_a_word_cut_in_half_at_either_edge_gives_way_to_the_whole_one() -> None:
    assert (
        seam(
            "understand 800-1300 the 1400-1500 old 1600-1800 har 1850-2000",
            "stand 1000-1300 the 1400-1500 old 1600-1800 harbour 1850-2300 wall 2400-2600",
            1000,
            2000,
        )
        == "understand the | old harbour wall"
    )


def test_repeated_words_all_stay() -> None:
    assert (
        seam(
            "no 500-700 no 800-1000 no 1100-1300 no 1400-1500",
            "no 1120-1310 no 1390-1600 no 1700-1900 no 2000-2200",
            1000,
            1500,
        ).count("no")
        == 6
    )


def test_a_word_that_only_one_window_heard_stays() -> None:
    assert (
        seam(
            "we 1000-1200 went 1300-1500 home 2000-2300 late 2400-2700",
            "we 1000-1200 went 1300-1500 right 1600-1900 home 2000-2300 late 2400-2700",
            800,
            3000,
        )
        == "we went | right home late"
    )


def test_words_that_read_otherwise_at_one_time_are_one_word() -> None:
    assert seam("sea 1000-1300", "see 1010-1300", 800, 1600) in ("sea |", "| see")


def test_windows_without_common_words_stay_as_they_are() -> None:
    assert seam("one 0-500", "two 2500-2700", 1000, 2000) == "one | two"
    assert seam("", "two 2500-2700", 1000, 2000) == "| two"


def test_times_do_not_overlap_afterwards() -> None:
    one, two = joined(
        words("one 1000-1300 two 1300-1620"),
        words("two 1290-1600 three 1600-1900"),
        Span(900, 1700),
        language="en",
    )
    assert [(word.text, word.start, word.end) for word in one + two] == [
        ("one", 1000, 1290),
        ("two", 1290, 1600),
        ("three", 1600, 1900),
    ]


VOCABULARY = (
    *("no", "no", "yes", "well", "the", "the", "a", "of", "I", "you", "know", "think", "harbour"),
    *("was", "nobody", "why", "had", "dawn", "don't", "twenty-one", "Courchesne", "and", "then"),
)


def spoken(chance: random.Random, length: int) -> list[HeardWord]:
    """Words without much pause, every seventh said twice."""
    said: list[HeardWord] = []
    at = 0
    while at < length:
        text = said[-1].text if said and chance.random() < 0.15 else chance.choice(VOCABULARY)
        end = at + chance.randint(90, 200) + chance.randint(20, 60) * min(len(text), 9)
        said.append(HeardWord(text, at, end))
        at = end + (chance.randint(0, 40) if chance.random() < 0.85 else chance.randint(100, 900))
    return said


def heard(chance: random.Random, said: list[HeardWord], window: Span) -> list[HeardWord]:
    """What an engine makes of a window: times that are off, words at the edges in half, made
    into others, or missed."""
    found: list[HeardWord] = []
    reached = window.start
    for word in said:
        if word.end <= window.start or word.start >= window.end:
            continue
        inside = min(word.end, window.end) - max(word.start, window.start)
        share = inside / (word.end - word.start)
        if share < 0.3 and chance.random() < 0.5:
            continue
        text = chance.choice((word.text, word.text.capitalize(), f"{word.text},"))
        if share < 1 and chance.random() < 0.8:
            letters = max(1, round(share * len(word.text)))
            half = word.text[:letters] if word.end > window.end else word.text[-letters:]
            text = half if chance.random() < 0.6 else chance.choice(VOCABULARY)
        start = min(max(word.start + round(chance.gauss(0, 40)), reached), window.end)
        reached = min(max(word.end + round(chance.gauss(0, 40)), start), window.end)
        found.append(HeardWord(text, start, reached))
    return found


@pytest.mark.parametrize("length", [1000, 2000, 5000])
def test_no_word_is_lost_or_doubled_at_a_thousand_seams(length: int) -> None:
    for seed in range(334):
        chance = random.Random(seed)
        said = spoken(chance, 16_000)
        middle = 8_000 + chance.randint(-1000, 1000)
        overlap = Span(middle - length // 2, middle + length // 2)
        before = heard(chance, said, Span(0, overlap.end))
        after = heard(chance, said, Span(overlap.start, 20_000))
        one, two = joined(before, after, overlap, language="en")
        found = [form for word in one + two for form in forms(word.text, "en")]
        assert found == [form for word in said for form in forms(word.text, "en")], seed
        starts = [word.start for word in one + two]
        assert starts == sorted(starts)
