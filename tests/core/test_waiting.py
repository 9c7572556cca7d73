"""Paragraphs of which it is known who speaks and when wait for what is said, and are replaced."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import Document, Segment, Span, Speaker, Word
from granite_studio.core.edits import Place, apply_heard, is_waiting
from granite_studio.core.heard import Heard
from tests.core.pictures import DRAFT, GRANITE, check, heard, picture, times
from tests.core.strategies import WINDOW, WINDOWS, windows


def waiting(*turns: str) -> Document:
    """`waiting("Anna 0-500")`: a paragraph for each turn, without its words."""
    ids = iter(range(1, 1000))
    told = [turn.partition(" ") for turn in turns]
    speakers = {name: Speaker(next(ids), name) for name in dict.fromkeys(t[0] for t in told)}
    segments = []
    for name, _, time in told:
        start, end = map(int, time.split("-"))
        word = Word(next(ids), "…", start, end, source="import")
        segments.append(Segment(next(ids), (word,), speakers[name].id))
    return Document(tuple(segments), tuple(speakers.values()), next_id=next(ids))


def test_what_is_heard_takes_the_place_of_turns_and_has_their_speakers() -> None:
    after = apply_heard(
        waiting("Anna 0-1000", "Tom 1000-2000"),
        heard(0, 3000, "How 0-300 much? 400-900 A 1050-1200 lot. 1200-1800"),
    )
    check(after)
    assert picture(after) == ["Anna: How much?", "Tom: A lot."]


def test_a_numbered_speaker_gives_way_to_the_name_of_a_turn_and_a_name_does_not() -> None:
    before = waiting("Anna 0-1000", "Tom 1000-2000")
    numbered = heard(0, 3000, "Speaker 1: How 0-300 A 1050-1200", "Speaker 2: lot. 1200-1800")
    assert picture(apply_heard(before, numbered)) == ["Anna: How", "Tom: A", "Tom: lot."]
    named = heard(0, 3000, "Eve: How 0-300 A 1050-1200")
    assert picture(apply_heard(before, named)) == ["Eve: How", "Eve: A"]


def test_a_turn_waits_on_where_it_was_not_heard_yet() -> None:
    before = waiting("Anna 500-7000")
    middle = apply_heard(before, heard(2000, 4000, "so 2500-2900"))
    check(middle)
    assert picture(middle) == ["Anna: …", "Anna: so", "Anna: …"]
    assert times(middle) == ["… 500-2000", "so 2500-2900", "… 4000-7000"]
    assert all(map(is_waiting, (middle.segments[0], middle.segments[2])))
    after = apply_heard(middle, heard(4000, 8000, "be 4100-4300 it 4300-4600"))
    after = apply_heard(after, heard(0, 2000, "may 600-900"))
    check(after)
    assert [word.text for word in after.words()] == ["may", "so", "be", "it"]
    assert {segment.speaker for segment in after} == {before.speakers[0].id}


def test_where_nothing_was_heard_turns_wait_on() -> None:
    before = waiting("Anna 0-1000")
    assert apply_heard(before, heard(0, 3000)) is before
    silent = replace(heard(0, 3000), unheard=(Span(0, 1000),))
    after = apply_heard(before, silent)
    assert after.segments is before.segments
    assert after.untranscribed == (Span(0, 1000),)
    assert apply_heard(before, heard(0, 3000, again=True)).segments == ()


def test_a_draft_fills_turns_too_and_a_better_engine_that() -> None:
    draft = apply_heard(waiting("Anna 0-900"), heard(0, 3000, "how 0-300", engine=DRAFT))
    assert picture(draft) == ["Anna: how"]
    assert picture(apply_heard(draft, heard(0, 3000, "How? 0-300"))) == ["Anna: How?"]


def test_what_a_person_wrote_in_place_of_a_turn_stays() -> None:
    before = edits.retype(waiting("Anna 0-900"), 0, "Well then")
    assert not is_waiting(before.segments[0])
    after = apply_heard(before, heard(0, 3000, "Welt 0-300 wenn 300-900"))
    assert picture(after) == ["Anna: Well then"]


def test_words_out_of_subtitles_stay_also_where_they_are_three_dots() -> None:
    words = (Word(1, "…", 0, 900, source="import", estimated=True),)
    before = Document((Segment(2, words),), next_id=3)
    after = apply_heard(before, heard(0, 3000, "no 100-500"))
    assert "…" in [word.text for word in after.words()]
    spoken = (Word(1, "Yes", 0, 300, source="import"), Word(2, "…", 300, 900, source="import"))
    before = Document((Segment(3, spoken),), next_id=4)
    assert apply_heard(before, heard(0, 3000, "no 100-500")).segments == before.segments


def test_a_note_on_a_turn_goes_to_what_was_said_in_it() -> None:
    before = edits.add_note(waiting("Anna 0-900"), Place(0, 0), "listen")
    after = apply_heard(before, heard(0, 3000, "How 0-300 much? 400-900"))
    check(after)
    (note,) = after.notes
    assert note.word == after.segments[0].words[0].id


def test_hearing_one_channel_leaves_the_turns_of_the_others() -> None:
    before = waiting("Anna 0-3000", "Tom 100-3000")
    lane = replace(heard(0, 2000, "Anna: so 500-900"), lane="Anna")
    after = apply_heard(before, lane)
    check(after)
    assert sorted(picture(after)) == ["Anna: so", "Anna: …", "Tom: …"]


turn_lists = st.lists(
    st.tuples(
        st.sampled_from(["Anna", "Tom", "Speaker_1"]),
        st.integers(0, WINDOW * WINDOWS),
        st.integers(1, 5000),
    ),
    max_size=5,
)


@given(turns=turn_lists, results=st.lists(windows(engine=GRANITE), max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_turn_waits_where_words_were_heard(
    turns: list[tuple[str, int, int]], results: list[Heard]
) -> None:
    turns.sort(key=lambda turn: turn[1])
    document = waiting(*(f"{name} {start}-{start + length}" for name, start, length in turns))
    for result in results:
        document = apply_heard(document, result)
        check(document)
        if any(word.text.strip() for turn in result.turns for word in turn.words):
            assert not any(
                is_waiting(segment)
                and Span(segment.start, max(segment.end, segment.start + 1)).overlaps(result.span)
                for segment in document
            )
        assert apply_heard(document, result) is document or result.again
