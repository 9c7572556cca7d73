"""Setting times by hand, and vouching for words."""

import pytest

from granite_studio.core import edits
from granite_studio.core.document import Span
from granite_studio.core.edits import Place
from tests.core.pictures import picture, times, transcript


def test_a_word_is_moved_as_far_as_its_neighbours_allow() -> None:
    before = transcript("one two three")
    assert times(edits.retime_word(before, Place(0, 1), 50, 150))[1] == "two* 100-150"
    assert times(edits.retime_word(before, Place(0, 1), 120, 180))[1] == "two* 120-180"
    assert times(edits.retime_word(before, Place(0, 2), 250, 900))[2] == "three* 250-900"


def test_a_word_that_does_not_move_changes_nothing() -> None:
    before = transcript("one two three")
    assert edits.retime_word(before, Place(0, 1), 100, 200) is before


def test_a_time_set_by_hand_is_no_estimate() -> None:
    before = edits.retype(transcript("seawall"), 0, "sea wall")
    after = edits.retime_word(before, Place(0, 1), 60, 90)
    assert [word.estimated for word in after.words()] == [True, False]


def test_a_paragraph_moved_past_the_next_changes_its_row() -> None:
    after = edits.retime_segment(transcript("one two", "three"), 0, 5000, 5200)
    assert picture(after) == ["three", "one two"]
    assert times(after) == ["three 200-300", "one 5000-5100", "two 5100-5200"]


def test_a_stretched_paragraph_shares_its_time_as_before() -> None:
    after = edits.retime_segment(transcript("one two"), 0, 1000, 1400)
    assert times(after) == ["one 1000-1200", "two 1200-1400"]
    assert all(word.estimated for word in after.words())


def test_a_moved_paragraph_keeps_exact_times() -> None:
    after = edits.retime_segment(transcript("one two"), 0, 1000, 1200)
    assert times(after) == ["one 1000-1100", "two 1100-1200"]
    assert not any(word.estimated for word in after.words())


def test_a_paragraph_without_length_can_be_stretched() -> None:
    after = edits.retime_segment(transcript("one two", step=0), 0, 100, 300)
    assert times(after) == ["one 100-100", "two 100-300"]


@pytest.mark.parametrize(("start", "end"), [(5, 1), (-1, 4)])
def test_times_that_run_backwards_are_refused(start: int, end: int) -> None:
    before = transcript("one")
    with pytest.raises(ValueError, match="cannot run"):
        edits.retime_segment(before, 0, start, end)


def test_confirmed_words_are_touched_and_nothing_else_changes() -> None:
    before = transcript("one two", "three", "four")
    after = edits.confirm(before, Place(0, 1), Place(1, 1))
    assert times(after) == ["one 0-100", "two* 100-200", "three* 200-300", "four 300-400"]
    assert after.segments[2] is before.segments[2]
    assert edits.confirm(after, Place(0, 1), Place(1, 1)) is after


def test_words_are_put_where_they_were_found() -> None:
    document = transcript("one two three")
    after = edits.align_words(document, 0, {1: Span(20, 80), 3: Span(240, 350)}, estimated={3})
    assert times(after) == ["one 20-80", "two 100-200", "three 240-350"]
    assert [word.estimated for word in after.words()] == [False, False, True]


def test_words_that_were_found_keep_between_those_that_stay() -> None:
    document = edits.confirm(transcript("one two three"), Place(0, 1), Place(0, 2))
    found = {1: Span(150, 180), 2: Span(0, 10), 3: Span(0, 120)}
    assert times(edits.align_words(document, 0, found)) == [
        "one 100-100",
        "two* 100-200",
        "three 200-200",
    ]


def test_a_word_that_was_typed_and_never_timed_may_still_be_found() -> None:
    document = edits.retype(transcript("one three"), 0, "one two three")
    typed = document.segments[0].words[1]
    assert not edits.is_settled(typed)
    after = edits.align_words(document, 0, {typed.id: Span(100, 100)})
    assert edits.is_settled(after.segments[0].words[1])


def test_words_found_where_they_are_leave_the_document_as_it_is() -> None:
    document = transcript("one two")
    assert edits.align_words(document, 0, {1: Span(0, 100), 2: Span(100, 200)}) is document
