"""Find and replace."""

import pytest

from granite_studio.core import edits
from granite_studio.core.document import Document
from granite_studio.core.edits import Place
from granite_studio.core.errors import StudioError
from granite_studio.core.search import Match, find, replace_all
from tests.core.pictures import picture, times, transcript


def found(document: Document, query: str, **how: bool) -> list[tuple[int, int, int, str]]:
    return [
        (match.start.row, match.start.word, match.end.word, match.text)
        for match in find(document, query, **how)
    ]


def test_a_text_is_found_inside_and_across_words() -> None:
    document = transcript("the sea wall", "The sea wallpaper")
    assert found(document, "sea wall") == [(0, 1, 3, "sea wall"), (1, 1, 3, "sea wall")]
    assert found(document, "al") == [(0, 2, 3, "al"), (1, 2, 3, "al")]
    assert found(document, "the ") == [(0, 0, 1, "the "), (1, 0, 1, "The ")]
    assert found(document, "") == []


def test_case_and_whole_words_count_where_asked() -> None:
    document = transcript("the sea wall", "The sea wallpaper")
    assert found(document, "the", match_case=True) == [(0, 0, 1, "the")]
    assert found(document, "wall", whole_words=True) == [(0, 2, 3, "wall")]


def test_typed_signs_find_typographic_ones() -> None:
    document = edits.insert(Document(), Place(0, 0), "it\u2019s \u201cso\u201d 20\u00a0km")
    assert len(find(document, "it's")) == 1
    assert len(find(document, '"so"')) == 1
    assert len(find(document, "20 km")) == 1


def test_plain_text_is_no_pattern() -> None:
    assert found(transcript("a.c abc"), "a.c") == [(0, 0, 1, "a.c")]
    assert len(find(transcript("a.c abc"), "a.c", regex=True)) == 2


def test_a_pattern_that_makes_no_sense_is_said_so() -> None:
    with pytest.raises(StudioError, match="search pattern cannot be read"):
        find(transcript("a"), "(", regex=True)


def test_patterns_that_match_nothing_are_passed_over() -> None:
    assert find(transcript("aa b"), "x*", regex=True) == ()


def test_japanese_is_found_across_its_phrases() -> None:
    document = edits.insert(Document(), Place(0, 0), "今日は天気がいい")
    assert found(document, "は天") == [(0, 0, 2, "は天")]


def test_replacing_keeps_the_times_of_the_words_around() -> None:
    document = transcript("the see wall and the see")
    after = replace_all(document, find(document, "see"), "sea")
    assert picture(after) == ["the sea wall and the sea"]
    assert times(after) == [
        "the 0-100",
        "sea* 100-200",
        "wall 200-300",
        "and 300-400",
        "the 400-500",
        "sea* 500-600",
    ]


def test_replacing_everything_by_nothing_takes_paragraphs_out() -> None:
    document = transcript("um", "yes um no", "um um")
    after = replace_all(document, find(document, "um"), "")
    assert picture(after) == ["yes no"]


def test_replacing_with_the_same_text_returns_the_same_document() -> None:
    document = transcript("one two")
    assert replace_all(document, find(document, "two"), "two") is document


def test_brackets_of_a_pattern_are_written_back() -> None:
    document = transcript("Smith, Anna said")
    matches = find(document, r"(\w+), (\w+)", regex=True)
    assert picture(replace_all(document, matches, "$2 \\1 $0 $9")) == [
        "Anna Smith Smith, Anna $9 said"
    ]


def test_a_dollar_in_a_plain_replacement_is_a_dollar() -> None:
    document = transcript("five dollars")
    assert picture(replace_all(document, find(document, "five dollars"), "$1")) == ["$1"]


def test_matches_of_another_state_are_refused() -> None:
    stale = Match(Place(0, 0), Place(0, 1), "two", 0, 3)
    with pytest.raises(ValueError, match="no longer in paragraph 0"):
        replace_all(transcript("one"), [stale], "x")
