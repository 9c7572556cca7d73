"""Cutting paragraphs apart, joining them, and who speaks in them."""

import pytest

from granite_studio.core import edits
from granite_studio.core.document import Document, Segment, TranslatedText, Translation, Word
from granite_studio.core.edits import Place
from tests.core.pictures import picture, times, transcript


def test_a_split_gives_the_second_half_a_new_id() -> None:
    before = transcript("ANNA: one two three")
    after = edits.split(before, Place(0, 1))
    assert picture(after) == ["ANNA: one", "ANNA: two three"]
    assert [s.id for s in after.segments] == [before.segments[0].id, before.next_id]


def test_a_split_at_either_end_changes_nothing() -> None:
    before = transcript("one two")
    assert edits.split(before, Place(0, 0)) is before
    assert edits.split(before, Place(0, 2)) is before


def test_a_merge_undoes_a_split() -> None:
    before = transcript("one two three", "four")
    assert edits.merge(edits.split(before, Place(0, 1)), 0).segments == before.segments


def test_a_merge_keeps_the_first_speaker_or_takes_the_second() -> None:
    assert picture(edits.merge(transcript("ANNA: one", "BEN: two"), 0)) == ["ANNA: one two"]
    assert picture(edits.merge(transcript("one", "BEN: two"), 0)) == ["BEN: one two"]


def test_a_merge_of_voices_at_once_puts_them_one_behind_the_other() -> None:
    before = Document(
        (
            Segment(3, (Word(1, "long", 0, 500),)),
            Segment(4, (Word(2, "short", 300, 600),)),
        ),
        next_id=5,
    )
    after = edits.merge(before, 0)
    assert times(after) == ["long 0-500", "short 500-600"]
    assert after.segments[0].words[1].estimated


def test_a_merge_joins_the_translations() -> None:
    before = transcript("one", "two")
    first, second = (segment.id for segment in before)
    lane = Translation("de", (TranslatedText(first, "eins"), TranslatedText(second, "zwei")))
    before = Document(before.segments, translations=(lane,), next_id=before.next_id)
    after = edits.merge(before, 0)
    assert after.translations == (Translation("de", (TranslatedText(first, "eins zwei"),)),)


def test_the_last_paragraph_has_nothing_to_merge_with() -> None:
    with pytest.raises(ValueError, match="no paragraph 1"):
        edits.merge(transcript("one"), 0)


def test_a_speaker_is_added_once() -> None:
    document, anna = edits.add_speaker(transcript("one"), " Anna\n Berg\x00 ")
    assert anna.name == "Anna Berg"
    again, same = edits.add_speaker(document, "Anna Berg")
    assert again is document
    assert same is anna


def test_names_are_cut_to_eighty_characters() -> None:
    assert edits.add_speaker(Document(), "x" * 200)[1].name == "x" * 80


def test_a_name_needs_something_to_show() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        edits.add_speaker(Document(), " \x07 ")


def test_assigning_a_speaker_leaves_other_rows_the_same_objects() -> None:
    before = transcript("ANNA: one", "two", "three")
    after = edits.assign_speaker(before, [1], before.speakers[0].id)
    assert picture(after) == ["ANNA: one", "ANNA: two", "three"]
    assert after.segments[2] is before.segments[2]
    assert edits.assign_speaker(after, [0, 1], before.speakers[0].id) is after
    assert picture(edits.assign_speaker(after, [0, 1], None)) == ["one", "two", "three"]


def test_a_speaker_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no speaker 99"):
        edits.assign_speaker(transcript("one"), [0], 99)


def test_a_rename_shows_everywhere_and_touches_no_segment() -> None:
    before = transcript("ANNA: one", "BEN: two", "ANNA: three")
    after = edits.rename_speaker(before, before.speakers[0].id, "Carla")
    assert picture(after) == ["Carla: one", "BEN: two", "Carla: three"]
    assert after.segments is before.segments


def test_a_rename_to_the_name_of_another_makes_them_one() -> None:
    before = transcript("ANNA: one", "BEN: two")
    anna, ben = before.speakers
    after = edits.rename_speaker(before, ben.id, "ANNA")
    assert picture(after) == ["ANNA: one", "ANNA: two"]
    assert after.speakers == (anna,)


def test_a_rename_to_the_same_name_changes_nothing() -> None:
    before = transcript("ANNA: one")
    assert edits.rename_speaker(before, before.speakers[0].id, " ANNA ") is before


def test_speaker_from_here_splits_the_paragraph() -> None:
    before = transcript("ANNA: one two three", "BEN: four")
    after = edits.speaker_from(before, Place(0, 2), before.speakers[1].id)
    assert picture(after) == ["ANNA: one two", "BEN: three", "BEN: four"]


def test_speaker_from_the_first_word_is_the_whole_paragraph() -> None:
    before = transcript("ANNA: one two", "BEN: four")
    after = edits.speaker_from(before, Place(0, 0), before.speakers[1].id)
    assert picture(after) == ["BEN: one two", "BEN: four"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (1, ["ANNA: one two three", "BEN: four"]),
        (2, ["ANNA: one two three four"]),
        (9, ["ANNA: one two three four"]),
        (-1, ["ANNA: one", "BEN: two three four"]),
        (-2, ["BEN: one two three four"]),
        (0, ["ANNA: one two", "BEN: three four"]),
    ],
)
def test_the_border_moves_by_words(words: int, expected: list[str]) -> None:
    before = transcript("ANNA: one two", "BEN: three four")
    after = edits.move_boundary(before, 1, words)
    assert picture(after) == expected
    assert (after is before) == (words == 0)


def test_no_border_lies_before_the_first_paragraph() -> None:
    with pytest.raises(ValueError, match="none before it"):
        edits.move_boundary(transcript("one", "two"), 0, 1)
