"""What a person answers to findings: before, the answer, and what is there then."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import Document, Finding, Span
from granite_studio.core.edits import Place
from tests.core.pictures import check, heard, picture, times, transcript


def doubt(start: int, end: int, *alternatives: str) -> Finding:
    return Finding("doubt", Span(start, end), "Perhaps another word.", alternatives)


def with_doubt(document: Document, finding: Finding) -> Document:
    return edits.add_finding(document, finding)


KORSHANE = doubt(200, 300, "Courchesne", "Corps Chaîne,")


def test_an_alternative_takes_the_place_and_the_time_of_the_doubted_word() -> None:
    before = with_doubt(transcript("ANNA: Mister Joe Korshane said"), KORSHANE)
    after = edits.take_alternative(before, KORSHANE, 1)
    assert picture(after) == ["ANNA: Mister Joe Courchesne said"]
    assert times(after) == ["Mister 0-100", "Joe 100-200", "Courchesne* 200-300", "said 300-400"]
    assert after.findings == ()


def test_more_words_than_were_there_share_out_their_time() -> None:
    before = with_doubt(transcript("Joe Korshane said", start=100), KORSHANE)
    after = edits.take_alternative(before, KORSHANE, 2)
    assert times(after) == ["Joe 100-200", "Corps* 200-242", "Chaîne,* 242-300", "said 300-400"]


def test_what_the_alternative_leaves_as_it_was_is_chosen_too() -> None:
    finding = doubt(0, 300, "the old Wall")
    before = with_doubt(transcript("the old wall."), finding)
    after = edits.take_alternative(before, finding, 1)
    assert times(after) == ["the* 0-100", "old* 100-200", "Wall* 200-300"]


def test_words_only_half_inside_the_span_stay() -> None:
    finding = doubt(140, 220, "two")
    before = with_doubt(transcript("one too three"), finding)
    after = edits.take_alternative(before, finding, 1)
    assert picture(after) == ["one two three"]


def test_a_word_without_length_can_be_doubted_alone() -> None:
    before = transcript("one too three")
    words = before.segments[0].words
    flat = replace(words[1], start=100, end=100)
    segment = replace(before.segments[0], words=(words[0], flat, words[2]))
    finding = doubt(100, 100, "two")
    after = edits.take_alternative(
        with_doubt(replace(before, segments=(segment,)), finding), finding, 1
    )
    assert times(after) == ["one 0-100", "two* 100-100", "three 200-300"]


def test_a_doubt_over_the_end_of_a_paragraph_makes_one_of_two_by_the_same_speaker() -> None:
    finding = doubt(100, 300, "Courchesne")
    before = with_doubt(transcript("ANNA: Joe kor", "ANNA: shane said"), finding)
    after = edits.take_alternative(before, finding, 1)
    assert picture(after) == ["ANNA: Joe Courchesne said"]


def test_who_speaks_at_the_same_time_is_not_written_over() -> None:
    before = with_doubt(transcript("ANNA: one two three", "BEN: yes"), doubt(0, 300, "four"))
    anna, ben = before.segments
    at_once = replace(ben, words=(replace(ben.words[0], start=120, end=180),))
    after = edits.take_alternative(
        replace(before, segments=(anna, at_once)), before.findings[0], 1
    )
    assert picture(after) == ["ANNA: four", "BEN: yes"]


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_an_alternative_that_is_not_there_cannot_be_taken(number: int) -> None:
    before = with_doubt(transcript("Mister Joe Korshane"), KORSHANE)
    with pytest.raises(ValueError, match="no alternative"):
        edits.take_alternative(before, KORSHANE, number)


def test_words_that_are_gone_cannot_be_written_over() -> None:
    before = with_doubt(transcript("Mister Joe"), KORSHANE)
    with pytest.raises(ValueError, match="none to write over"):
        edits.take_alternative(before, KORSHANE, 1)


def test_a_finding_of_another_transcript_is_not_answered() -> None:
    for answer in (edits.dismiss, lambda d, f: edits.take_alternative(d, f, 1)):
        with pytest.raises(ValueError, match="not in the transcript"):
            answer(transcript("Mister Joe Korshane"), KORSHANE)


def test_right_as_it_is_vouches_for_the_words_and_ends_the_doubt() -> None:
    before = with_doubt(transcript("Mister Joe Korshane said"), KORSHANE)
    after = edits.dismiss(before, KORSHANE)
    assert times(after) == ["Mister 0-100", "Joe 100-200", "Korshane* 200-300", "said 300-400"]
    assert after.findings == ()
    again = edits.apply_heard(after, heard(0, 400, "Mister 0-100 Jo 100-200 Coat 200-300"))
    assert "Korshane" in picture(again)[0]


@pytest.mark.parametrize("kind", ["window-doubtful", "cut-off", "translation-doubtful"])
def test_what_is_not_about_the_words_goes_and_leaves_them_alone(kind: str) -> None:
    finding = Finding(kind, Span(0, 300), "Look.")
    before = with_doubt(transcript("one two three"), finding)
    after = edits.dismiss(before, finding)
    assert after.findings == ()
    assert after.segments is before.segments


def test_other_findings_stay() -> None:
    other = doubt(0, 100, "Master")
    before = with_doubt(with_doubt(transcript("Mister Joe Korshane"), KORSHANE), other)
    assert edits.dismiss(before, KORSHANE).findings == (other,)
    assert edits.take_alternative(before, KORSHANE, 1).findings == (other,)


def test_a_doubt_is_open_until_all_of_its_words_were_typed_or_confirmed() -> None:
    finding, failed = doubt(0, 200, "Courchesne"), Finding("window-failed", Span(0, 200), "Lost.")
    before = transcript("kor shane said")
    half = edits.confirm(before, Place(0, 0), Place(0, 1))
    typed = edits.replace_text(before, Place(0, 0), Place(0, 2), "Courchesne")
    gone = edits.delete(before, Place(0, 0), Place(0, 2))
    for document, left in (
        (before, (finding, failed)),
        (half, (finding, failed)),
        (typed, (failed,)),
        (gone, (failed,)),
    ):
        assert edits.unanswered(document, (finding, failed)) == left


def test_the_paragraphs_around_a_doubt_are_heard_again() -> None:
    document = transcript("one two three", "four", gap=500)
    assert edits.stretch_to_hear(document, Span(100, 200)) == Span(0, 300)
    assert edits.stretch_to_hear(document, Span(300, 700)) == Span(300, 700)
    assert edits.stretch_to_hear(document, Span(250, 9000)) == Span(0, 9000)


@given(
    st.lists(st.sampled_from(["one two", "A: three", "B: four five six"]), max_size=6),
    st.integers(0, 1500),
    st.integers(0, 600),
    st.sampled_from(["x", "one two", "海が 青い", "a b c d"]),
)
def test_any_answer_leaves_a_whole_transcript(
    paragraphs: list[str], start: int, length: int, text: str
) -> None:
    finding = doubt(start, start + length, text)
    before = with_doubt(transcript(*paragraphs), finding)
    check(edits.dismiss(before, finding))
    if edits.words_at(before, finding.span):
        after = edits.take_alternative(before, finding, 1)
        check(after)
        assert edits.unanswered(after, [finding]) == ()
