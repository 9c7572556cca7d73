"""What a machine heard gets into a transcript, and never over what a person did."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import Document, EngineUse, Span
from granite_studio.core.edits import Place, apply_heard
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from tests.core.pictures import DRAFT, GRANITE, check, heard, ids, picture, times, transcript
from tests.core.strategies import WINDOW, WINDOWS, documents, window_at, windows

COUNTED = settings(max_examples=150, deadline=None)
FIRST = heard(
    0,
    2000,
    "Speaker 1: The 0-100 work 100-400 began. 400-700",
    "Speaker 2: How 800-1000 much? 1000-1400",
)


def said(document: Document) -> Counter[tuple[str, str]]:
    return Counter((word.text, word.source) for word in document.words())


def test_turns_become_paragraphs_and_labels_speakers() -> None:
    after = apply_heard(Document(), FIRST)
    assert picture(after) == ["Speaker 1: The work began.", "Speaker 2: How much?"]
    assert times(after)[:2] == ["The 0-100", "work 100-400"]
    assert after.engines == (GRANITE,)
    assert {word.source for word in after.words()} == {"granite"}


def test_the_same_label_in_the_next_window_is_the_same_speaker() -> None:
    after = apply_heard(Document(), FIRST)
    after = apply_heard(after, heard(5000, 7000, "Speaker 2: Well 5000-5300"))
    assert picture(after)[2] == "Speaker 2: Well"
    assert len(after.speakers) == 2
    assert after.engines == (GRANITE,)


def test_the_same_result_again_changes_nothing() -> None:
    after = apply_heard(Document(), FIRST)
    assert apply_heard(after, FIRST) is after


def test_a_window_joined_anew_is_written_though_a_neighbour_gave_its_first_words() -> None:
    before = apply_heard(Document(), heard(0, 2000, "one 0-400 two 1200-1500"))
    joined = heard(1000, 3000, "two 1200-1500 three 2000-2400")
    after = apply_heard(before, replace(joined, rejoined=True))
    assert [word.text for word in after.words()] == ["one", "two", "three"]
    assert apply_heard(after, replace(joined, rejoined=True)) is after


def test_a_deleted_word_does_not_come_back_with_the_same_result() -> None:
    after = edits.retype(apply_heard(Document(), FIRST), 0, "The began.")
    assert apply_heard(after, FIRST) is after


def test_a_deleted_word_comes_back_when_a_person_asks_to_hear_again() -> None:
    before = edits.retype(apply_heard(Document(), FIRST), 0, "The began.")
    after = apply_heard(before, Heard(FIRST.span, FIRST.turns, GRANITE, again=True))
    assert picture(after) == ["Speaker 1: The work began.", "Speaker 2: How much?"]
    assert ids(after)[0] == ids(before)[0]


def test_a_corrected_word_stays_and_its_twin_is_not_added() -> None:
    before = edits.retype(apply_heard(Document(), FIRST), 0, "The wall began.")
    again = heard(0, 2000, "Speaker 1: The 10-90 work 130-420 begun. 420-700", again=True)
    after = apply_heard(before, again)
    assert times(after)[:3] == ["The 10-90", "wall* 100-400", "begun. 420-700"]
    assert len(after.segments) == 1


def test_a_word_confirmed_by_a_person_has_its_twin_some_way_off() -> None:
    before = edits.confirm(apply_heard(Document(), FIRST), Place(0, 0), Place(0, 1))
    again = heard(0, 2000, "Speaker 1: the 150-300 work 300-500 began. 500-700", again=True)
    assert times(apply_heard(before, again))[:2] == ["The* 0-100", "work 300-500"]


def test_a_heard_word_that_reaches_a_little_into_a_corrected_one_is_cut() -> None:
    before = edits.retype(apply_heard(Document(), FIRST), 0, "The wall began.")
    again = heard(0, 2000, "Speaker 1: big 0-160 news 390-800", again=True)
    assert times(apply_heard(before, again)) == ["big 0-100", "wall* 100-400", "news 400-800"]


def test_a_run_of_typed_words_is_all_that_was_said_there() -> None:
    before = edits.retype(apply_heard(Document(), FIRST), 0, "All is new here.")
    before = edits.retime_word(before, Place(0, 0), 0, 50)
    again = heard(0, 700, "Speaker 1: The 50-90 work 90-400 began. 400-700", again=True)
    assert picture(apply_heard(before, again))[0] == "Speaker 1: All is new here."


def test_a_word_typed_without_length_takes_nothing_away() -> None:
    before = edits.retype(apply_heard(Document(), FIRST), 0, "The new work began.")
    again = heard(0, 2000, "Speaker 1: That 0-120 work 120-400 began. 400-700", again=True)
    after = apply_heard(before, again)
    assert picture(after) == ["Speaker 1: That new work began."]


def test_the_better_engine_takes_the_place_of_the_draft_and_of_its_name() -> None:
    draft = heard(0, 2000, "the 0-100 wok 100-400 began 400-700 how 800-1000", engine=DRAFT)
    before = apply_heard(Document(), draft)
    assert before.is_draft
    after = apply_heard(before, FIRST)
    assert picture(after) == ["Speaker 1: The work began.", "Speaker 2: How much?"]
    assert after.engines == (GRANITE,)


def test_the_draft_stays_where_the_better_engine_has_not_been() -> None:
    draft = heard(0, 9000, "the 0-100 wok 100-400 began 400-700 how 2900-3000", engine=DRAFT)
    after = apply_heard(apply_heard(Document(), draft), FIRST)
    assert picture(after)[-1] == "how"
    assert after.is_draft


def test_a_draft_never_replaces_the_better_engine() -> None:
    before = apply_heard(Document(), FIRST)
    draft = heard(0, 2000, "the 0-100 wok 100-400 began 400-700", engine=DRAFT)
    assert picture(apply_heard(before, draft)) == picture(before)


def test_imported_words_stay_until_a_person_asks_to_hear_again() -> None:
    from granite_studio.core.captions import Caption, Captions
    from granite_studio.core.importing import from_captions

    before = from_captions(Captions((Caption(0, 2000, "Quite other words."),)))
    assert apply_heard(before, FIRST).segments is before.segments
    after = apply_heard(before, Heard(FIRST.span, FIRST.turns, GRANITE, again=True))
    assert picture(after) == ["Speaker 1: The work began.", "Speaker 2: How much?"]


def test_a_name_that_a_person_gave_outlives_the_label() -> None:
    before = apply_heard(Document(), FIRST)
    before = edits.rename_speaker(before, before.speakers[0].id, "Anna")
    again = Heard(FIRST.span, FIRST.turns, EngineUse("other"), again=True)
    assert picture(apply_heard(before, again))[0] == "Anna: The work began."


def test_a_renamed_speaker_goes_on_under_the_new_name_where_the_run_says_so() -> None:
    before = apply_heard(Document(), FIRST)
    voices = {speaker.name: speaker.id for speaker in before.speakers}
    before = edits.rename_speaker(before, voices["Speaker 1"], "Anna")
    more = heard(5000, 7000, "Speaker 1: More 5000-5500")
    assert picture(apply_heard(before, more, voices=voices))[-1] == "Anna: More"
    assert picture(apply_heard(before, more))[-1] == "Speaker 1: More"


def test_another_speaker_heard_inside_a_paragraph_parts_it() -> None:
    one = heard(0, 3000, "Speaker 1: a 0-500 b 500-1000 c 1000-1500 d 1500-2000")
    before = apply_heard(Document(), one)
    again = heard(500, 1500, "Speaker 2: x 500-1000 y 1000-1400", again=True)
    after = apply_heard(before, again)
    assert picture(after) == ["Speaker 1: a", "Speaker 2: x y", "Speaker 1: d"]
    assert after.segments[0].id == before.segments[0].id


def test_what_is_heard_in_the_middle_of_a_paragraph_stays_in_it() -> None:
    one = heard(0, 3000, "Speaker 1: a 0-500 b 500-1000 c 1000-1500 d 1500-2000")
    before = apply_heard(Document(), one)
    after = apply_heard(before, heard(500, 1500, "x 500-1000 y 1000-1400", again=True))
    assert picture(after) == ["Speaker 1: a x y d"]
    assert [s.id for s in after.segments] == [s.id for s in before.segments]


def test_a_paragraph_ends_at_a_pause_of_a_second() -> None:
    after = apply_heard(Document(), heard(0, 5000, "a 0-500 b 1499-1600 c 2600-3000"))
    assert picture(after) == ["a b", "c"]


def test_a_long_paragraph_ends_with_its_sentence() -> None:
    words = [f"w{n}{'.' if n in (30, 70) else ''} {n * 10}-{n * 10 + 10}" for n in range(100)]
    after = apply_heard(Document(), heard(0, 5000, " ".join(words)))
    assert [len(segment.words) for segment in after.segments] == [71, 29]


def test_the_edge_of_a_window_does_not_part_a_paragraph() -> None:
    one = heard(0, 1000, "Speaker 1: it 0-400 goes 400-900")
    two = heard(1000, 2000, "Speaker 1: on. 1000-1500")
    for order in ((one, two), (two, one)):
        document = Document()
        for window in order:
            document = apply_heard(document, window)
        assert picture(document) == ["Speaker 1: it goes on."]


def test_times_that_run_backwards_are_put_in_order_at_the_door() -> None:
    after = apply_heard(Document(), heard(0, 1000, "a 100-300 b 250-200 c 200-900 d 2000-3000"))
    assert times(after) == ["a 100-300", "b 300-300", "c 300-900", "d 999-1000"]


def test_a_text_of_several_words_is_several_words_and_an_empty_one_none() -> None:
    words = (HeardWord("a\u2028bc", 0, 500), HeardWord("\x00", 500, 600))
    after = apply_heard(Document(), Heard(Span(0, 1000), (HeardTurn(words),), GRANITE))
    assert times(after) == ["a 0-200", "bc 200-500"]
    assert all(word.estimated for word in after.words())


def test_a_window_without_words_takes_nothing_away_unless_asked_again() -> None:
    before = apply_heard(Document(), FIRST)
    assert apply_heard(before, heard(0, 2000)) is before
    assert apply_heard(before, heard(0, 2000, again=True)).segments == ()


def test_quotes_and_notes_stay_with_the_moment_when_words_are_heard_anew() -> None:
    draft = heard(0, 2000, "the 0-100 wok 100-400 began 400-700", engine=DRAFT)
    before = apply_heard(Document(), draft)
    before = edits.add_highlight(before, Place(0, 1), Place(0, 3))
    before = edits.add_note(before, Place(0, 1), "which work?")
    after = apply_heard(before, FIRST)
    words = {word.id: word.text for word in after.words()}
    assert words[after.highlights[0].first] == "work"
    assert words[after.highlights[0].last] == "began."
    assert words[after.notes[0].word] == "work"


def test_speech_without_text_is_what_the_last_result_says_of_its_window() -> None:
    before = edits.set_untranscribed(Document(), [Span(0, 9000)])
    window = Heard(Span(2000, 4000), (), GRANITE, unheard=(Span(2500, 3000), Span(3900, 4500)))
    after = apply_heard(before, window)
    assert after.untranscribed == (
        Span(0, 2000),
        Span(2500, 3000),
        Span(3900, 4000),
        Span(4000, 9000),
    )
    assert apply_heard(after, window) is after


def test_speech_that_a_person_wrote_down_is_not_without_text() -> None:
    before = edits.confirm(transcript("typed words here", step=300), Place(0, 0), Place(0, 3))
    after = apply_heard(before, Heard(Span(0, 2000), (), GRANITE, unheard=(Span(0, 1000),)))
    assert after.untranscribed == ()


@COUNTED
@given(documents(), windows())
def test_touched_words_survive_byte_for_byte(document: Document, window: Heard) -> None:
    after = edits.apply_heard(document, window)
    left = set(after.words())
    assert all(word in left for word in document.words() if word.touched)
    check(after)


@COUNTED
@given(documents(), windows())
def test_hearing_the_same_window_twice_doubles_nothing(document: Document, window: Heard) -> None:
    once = edits.apply_heard(document, window)
    assert said(edits.apply_heard(once, window)) <= said(once)


@COUNTED
@given(documents(apart=True), windows())
def test_hearing_the_same_window_twice_is_hearing_it_once(
    document: Document, window: Heard
) -> None:
    once = edits.apply_heard(document, window)
    assert said(edits.apply_heard(once, window)) == said(once)


@COUNTED
@given(documents(), windows())
def test_words_outside_the_window_stay(document: Document, window: Heard) -> None:
    span = window.span
    left = set(edits.apply_heard(document, window).words())
    for word in document.words():
        assert span.start <= word.start < span.end or word in left


@COUNTED
@given(st.data(), documents(only_touched=True), st.permutations(range(WINDOWS)))
def test_windows_in_any_order_give_the_same_words(
    data: st.DataObject, document: Document, order: list[int]
) -> None:
    heards = [data.draw(window_at(n * WINDOW, engine=GRANITE)) for n in range(WINDOWS)]
    forward, shuffled = document, document
    for window in heards:
        forward = edits.apply_heard(forward, window)
    for number in order:
        shuffled = edits.apply_heard(shuffled, heards[number])
    assert said(forward) == said(shuffled)


@COUNTED
@given(documents(), windows())
def test_no_heard_word_overlaps_a_touched_one_in_its_paragraph(
    document: Document, window: Heard
) -> None:
    check(edits.apply_heard(document, window))  # a segment refuses words that overlap
