"""Typing, deleting, copying and pasting."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.edits import Place
from tests.core.pictures import check, ids, picture, times, transcript

HERE = Place(0, 0)


def test_retyping_one_word_keeps_its_id_and_time_and_marks_it() -> None:
    before = transcript("the see wall")
    after = edits.retype(before, 0, "the sea wall")
    assert times(after) == ["the 0-100", "sea* 100-200", "wall 200-300"]
    assert ids(after) == [1, 2, 3]
    assert after.segments[0].words[1].source == "typed"
    assert not after.segments[0].words[1].estimated


def test_words_that_did_not_change_stay_the_same_objects() -> None:
    before = transcript("the see wall", "other words")
    after = edits.retype(before, 0, "the sea wall")
    assert after.segments[0].words[0] is before.segments[0].words[0]
    assert after.segments[1] is before.segments[1]


def test_retyping_the_same_text_returns_the_same_document() -> None:
    before = transcript("the sea wall")
    assert edits.retype(before, 0, " the  sea\nwall ") is before


def test_several_words_share_out_the_time_of_the_one_they_replace() -> None:
    after = edits.retype(transcript("the seawall stands"), 0, "the sea wall stands")
    assert times(after) == ["the 0-100", "sea* 100-144", "wall* 144-200", "stands 200-300"]
    assert ids(after) == [1, 2, 5, 3]
    assert [word.estimated for word in after.words()] == [False, True, True, False]


def test_one_word_takes_the_time_of_the_two_it_replaces() -> None:
    after = edits.retype(transcript("the sea wall stands"), 0, "the seawall stands")
    assert times(after) == ["the 0-100", "seawall* 100-300", "stands 300-400"]


def test_the_same_word_in_other_dress_keeps_its_own_time_among_changes() -> None:
    after = edits.retype(transcript("foo Wall, stands"), 0, "wall and bar stands")
    assert times(after)[0] == "wall* 100-200"
    assert ids(after)[0] == 2


def test_a_word_typed_where_there_is_no_silence_has_no_length() -> None:
    after = edits.retype(transcript("the wall"), 0, "the sea wall")
    assert times(after) == ["the 0-100", "sea* 100-100", "wall 100-200"]


def test_a_word_typed_into_silence_follows_the_word_in_front() -> None:
    before = Document(
        (Segment(3, (Word(1, "the", 0, 100), Word(2, "wall", 900, 999))),), next_id=4
    )
    assert times(edits.retype(before, 0, "the sea wall"))[1] == "sea* 100-350"


def test_a_word_typed_before_a_paragraph_leans_on_its_first_word() -> None:
    after = edits.retype(transcript("wall", start=2000), 0, "sea wall")
    assert times(after) == ["sea* 1750-2000", "wall 2000-2100"]


def test_a_word_typed_behind_the_last_one_stays_inside_the_recording() -> None:
    before = edits.set_media(transcript("the"), Media("a.wav", 180))
    assert times(edits.retype(before, 0, "the wall"))[1] == "wall* 100-180"


def test_emptying_a_paragraph_takes_it_out() -> None:
    assert picture(edits.retype(transcript("one", "two"), 0, " \n ")) == ["two"]


def test_what_cannot_be_shown_is_not_typed() -> None:
    assert picture(edits.retype(transcript("one"), 0, "o\x00ne \x1b")) == ["one"]


def test_japanese_is_typed_as_phrases_and_reads_the_same() -> None:
    text = "今日は天気がいいですね。明日も晴れます"
    after = edits.retype(transcript("x"), 0, text)
    assert [word.text for word in after.words()] == [
        "今日は",
        "天気がいいですね。",
        "明日も",
        "晴れます",
    ]
    assert picture(after) == [text]


def test_typing_over_a_range_across_paragraphs_joins_them() -> None:
    before = transcript("ANNA: one two", "three", "BEN: four five")
    after = edits.replace_text(before, Place(0, 1), Place(2, 1), "and")
    assert picture(after) == ["ANNA: one and five"]
    assert after.segments[0].id == before.segments[0].id


def test_newlines_typed_begin_paragraphs() -> None:
    before = transcript("ANNA: one two three")
    after = edits.replace_text(before, Place(0, 1), Place(0, 2), "a\nb\nc")
    assert picture(after) == ["ANNA: one a", "ANNA: b", "ANNA: c three"]


def test_a_newline_typed_over_two_paragraphs_leaves_the_second_its_speaker() -> None:
    before = transcript("ANNA: one two", "BEN: three four")
    after = edits.replace_text(before, Place(0, 1), Place(1, 1), "a\nb")
    assert picture(after) == ["ANNA: one a", "BEN: b four"]
    assert [s.id for s in after.segments] == [s.id for s in before.segments]


def test_a_newline_at_the_edge_of_a_paragraph_changes_nothing() -> None:
    before = transcript("one two", "three")
    assert edits.insert(before, Place(0, 2), "\n") is before
    assert edits.insert(before, Place(1, 0), "\n") is before


def test_an_empty_document_is_written_into() -> None:
    after = edits.insert(Document(), HERE, "one two\nthree")
    assert picture(after) == ["one two", "three"]
    assert times(after) == ["one* 0-214", "two* 214-428", "three* 428-750"]


def test_deleting_whole_paragraphs_leaves_the_others_as_they_are() -> None:
    before = transcript("ANNA: one", "BEN: two", "three")
    after = edits.delete(before, Place(0, 0), Place(1, 0))
    assert picture(after) == ["BEN: two", "three"]
    assert after.segments == before.segments[1:]


def test_deleting_across_the_border_joins_under_the_first_speaker() -> None:
    before = transcript("ANNA: one two", "BEN: three four")
    assert picture(edits.delete(before, Place(0, 1), Place(1, 1))) == ["ANNA: one four"]


def test_deleting_everything_leaves_an_empty_document() -> None:
    before = transcript("one", "two")
    after = edits.delete(before, Place(0, 0), Place(1, 1))
    assert after.segments == ()
    assert after.next_id == before.next_id


def test_deleting_nothing_returns_the_same_document() -> None:
    before = transcript("one two")
    assert edits.delete(before, Place(0, 1), Place(0, 1)) is before


def test_what_was_cut_and_pasted_back_keeps_its_times() -> None:
    before = transcript("one two three four")
    clip = edits.copy(before, Place(0, 1), Place(0, 3))
    cut = edits.delete(before, Place(0, 1), Place(0, 3))
    after = edits.paste(cut, Place(0, 1), clip)
    assert times(after) == ["one 0-100", "two* 100-200", "three* 200-300", "four 300-400"]
    assert ids(after) == [1, 6, 7, 4]


def test_what_is_pasted_elsewhere_is_fitted_between_the_words_there() -> None:
    before = transcript("one two", "three")
    clip = edits.copy(before, Place(1, 0), Place(1, 1))
    after = edits.paste(before, Place(0, 1), clip)
    assert times(after) == ["one 0-100", "three* 100-100", "two 100-200", "three 200-300"]


def test_pasted_paragraphs_bring_their_speakers() -> None:
    other = transcript("ANNA: one two", "BEN: three", "ANNA: four")
    clip = edits.copy(other, Place(0, 1), Place(2, 1))
    assert clip.text == "two\nthree\nfour"
    after = edits.paste(transcript("x y"), Place(0, 1), clip)
    assert picture(after) == ["x two", "BEN: three", "four y"]


def test_a_clip_that_ends_with_a_paragraph_keeps_what_follows_apart() -> None:
    before = transcript("one", "two")
    clip = edits.copy(before, Place(0, 0), Place(1, 0))
    assert clip.text == "one\n"
    assert picture(edits.paste(before, Place(1, 0), clip)) == ["one", "one", "two"]


def test_pasting_nothing_changes_nothing() -> None:
    before = transcript("one")
    assert edits.paste(before, HERE, edits.Clip()) is before
    assert edits.paste(before, HERE, edits.copy(before, HERE, HERE)) is before


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Place(0, 3), Place(0, 3)),
        (Place(2, 0), Place(2, 0)),
        (Place(-1, 0), Place(0, 0)),
        (Place(0, 1), Place(0, 0)),
    ],
)
def test_places_that_are_not_there_are_refused(start: Place, end: Place) -> None:
    before = transcript("one two", "three")
    with pytest.raises(ValueError, match=r"there is no|lies before"):
        edits.replace_text(before, start, end, "x")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8), st.data())
def test_any_retyping_gives_that_text_and_keeps_the_times_in_order(
    new: list[str], data: st.DataObject
) -> None:
    old = data.draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=8))
    before = transcript("first", " ".join(old), "last", gap=300)
    after = edits.retype(before, 1, " ".join(new))
    check(after)
    assert picture(after) == ["first", *([" ".join(new)] if new else []), "last"]
    words = list(after.words())
    assert all(a.end <= b.start for a, b in pairwise(words))
    untouched = [word for word in words if not word.touched]
    assert set(untouched) <= set(before.words())
