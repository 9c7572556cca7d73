"""Subtitles derived from words and a style."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.captions import Caption
from granite_studio.core.cues import Cue, Deriver, cps, derive, to_captions
from granite_studio.core.document import CueOverride, Document, Segment, Word
from granite_studio.core.edits import Place
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style, style, style_names
from tests.core.pictures import transcript
from tests.core.strategies import documents

GENERAL = style()


def spoken(*paragraphs: str, gap: int = 0) -> Document:
    """Paragraphs at an easy speed: 300 ms a word."""
    return transcript(*paragraphs, step=300, gap=gap)


def lines(document: Document, guide: Style = GENERAL) -> list[str]:
    return [" | ".join(cue.lines) for cue in derive(document, guide)]


def spans(document: Document, guide: Style = GENERAL) -> list[tuple[int, int]]:
    return [(cue.start, cue.end) for cue in derive(document, guide)]


def test_a_sentence_that_fits_is_one_cue() -> None:
    assert lines(spoken("How much has it cost so far? About four million.")) == [
        "How much has it cost so far?",
        "About four million.",
    ]


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    document = spoken(
        "The work began in March, and we have already replaced more than two hundred metres "
        "of the sea wall, which nobody had thought possible."
    )
    assert lines(document) == [
        "The work began in March,",
        "and we have already replaced more | than two hundred metres of the sea wall,",
        "which nobody had thought possible.",
    ]


def test_lines_break_before_a_preposition_and_not_behind_an_article() -> None:
    document = spoken("But the rest was raised by the people who live along the shore.")
    assert lines(document) == ["But the rest was raised | by the people who live along the shore."]


def test_titles_and_initials_end_no_sentence() -> None:
    assert lines(spoken("When Dr. Smith and J. Berg came.")) == [
        "When Dr. Smith and J. Berg came."
    ]


def test_a_short_text_stays_on_one_line() -> None:
    (cue,) = derive(spoken("The wall would not stand another winter."), GENERAL)
    assert len(cue.lines) == 1


def test_a_speaker_change_always_cuts() -> None:
    document = transcript("Yes, I have.", "And I have not.", step=600)
    assert lines(document) == ["Yes, I have.", "And I have not."]


def test_two_turns_too_short_to_be_seen_share_a_cue_with_a_dash_each() -> None:
    assert lines(spoken("ANNA: Yes", "BEN: and no")) == ["- Yes | - and no"]
    assert lines(spoken("ANNA: Yes", "BEN: and no"), style("netflix-en")) == ["-Yes | -and no"]
    assert lines(spoken("ANNA: Yes", "BEN: and no"), style("netflix-nl")) == ["Yes | -and no"]
    (cue,) = derive(spoken("ANNA: Yes", "BEN: and no"), GENERAL)
    assert cue.speaker is None
    assert not cue.fixed


def test_of_three_short_turns_the_two_share_a_cue_that_gain_more_by_it() -> None:
    turns = transcript("ANNA: Yes.", "BEN: No.", "ANNA: Well.", step=450, gap=100)
    assert lines(turns) == ["- Yes. | - No.", "Well."]
    late = transcript("ANNA: Well, if you say so.", "BEN: No.", "ANNA: Yes.", step=300, gap=100)
    assert lines(late) == ["Well, if you say so.", "- No. | - Yes."]


def test_turns_of_nobody_known_or_of_one_person_keep_a_cue_each() -> None:
    words = [Word(1, "Yes", 0, 200), Word(2, "and", 200, 400)]
    for speaker in (None, 1):
        turns = tuple(Segment(10 + w.id, (w,), speaker) for w in words)
        assert len(derive(Document(turns, next_id=20), GENERAL)) == 2


def test_a_cut_of_the_film_parts_the_words_in_front_of_a_shared_cue_too() -> None:
    words = [
        (Word(1, "Well", 0, 1500), Word(2, "too", 1500, 3000), Word(3, "gone", 3000, 4500)),
        (Word(4, "No", 4550, 4700),),
        tuple(Word(5 + n, "unquestionably", 4750 + 1000 * n, 5700 + 1000 * n) for n in range(5)),
    ]
    turns = [Segment(20 + row, said, 30 + row) for row, said in enumerate(words)]
    document = Document(tuple(turns), next_id=40)
    assert lines(document)[:1] == ["- Well too gone | - No"]
    parted = derive(document, GENERAL, Film.of([1500], 25))
    assert [cue.text for cue in parted][:2] == ["Well", "- too gone\n- No"]


def test_a_cut_of_the_film_parts_cues_where_words_allow() -> None:
    document = spoken(
        "The harbour wall was built by old people who lived in small houses near the market "
        "square and never saw another town in all the years that they had left"
    )
    words = list(document.words())
    plain = derive(document, GENERAL)
    for place in (13, 22, 26):
        assert words[place].id not in [cue.first for cue in plain]
        cues = derive(document, GENERAL, Film.of([words[place].start + 100], 25))
        assert words[place].id in [cue.first for cue in cues]
    film = Film.of([words[0].start, words[-1].end + 900], 25)
    assert derive(document, GENERAL, film) == plain


def test_a_long_pause_always_cuts() -> None:
    words = (Word(1, "one", 0, 300), Word(2, "two", 1300, 1600), Word(3, "three", 1700, 1900))
    assert lines(Document((Segment(4, words),), next_id=5)) == ["one", "two three"]


def test_a_short_word_stays_for_the_minimum_if_there_is_room() -> None:
    assert spans(transcript("Yes.", "No.", start=1000, step=200, gap=3000)) == [
        (1000, 2000),
        (4200, 5200),
    ]


def test_a_cue_ends_two_frames_before_the_next_begins() -> None:
    assert spans(transcript("Yes, I think.", "No, I do not.", step=500)) == [
        (0, 1417),
        (1500, 3500),
    ]


def test_a_small_gap_is_closed_and_a_large_one_stays() -> None:
    close = transcript("Yes, I think.", "No.", step=500, gap=400)
    assert spans(close)[0] == (0, 1900 - 83)
    far = transcript("Yes, I think.", "No.", step=500, gap=900)
    assert spans(far)[0] == (0, 1500)


def test_fast_speech_stays_longer_to_be_read_but_no_longer_than_the_guide_allows() -> None:
    document = transcript("Extraordinarily complicated circumstances notwithstanding", step=300)
    assert spans(document) == [(0, 1200 + 500)]


def test_two_voices_at_once_share_the_screen_one_after_the_other() -> None:
    document = Document(
        (
            Segment(3, (Word(1, "Long", 0, 3000),)),
            Segment(4, (Word(2, "Short", 50, 200),)),
        ),
        next_id=5,
    )
    assert spans(document) == [(0, 200), (283, 1283)]


def test_the_bbc_counts_words_and_leaves_no_gap() -> None:
    document = transcript("We have four words.", "And two.", step=250, gap=800)
    assert spans(document, style("bbc")) == [(0, 1800), (1800, 2400)]


def test_japanese_counts_full_width_characters() -> None:
    document = edits.insert(
        Document(), Place(0, 0), "今日は天気がとてもいいですね、明日も晴れますか。"
    )
    document = edits.retime_segment(document, 0, 0, 5000)
    assert lines(document) == ["今日は | 天気がとてもいいですね、", "明日も晴れますか。"]
    first = derive(document, GENERAL)[0]
    assert cps(first) == pytest.approx(15 * 1000 / (first.end - first.start))


def test_a_japanese_text_without_any_place_to_cut_is_cut_between_signs() -> None:
    document = edits.insert(Document(), Place(0, 0), "あ" * 30)
    (cue,) = derive(document, GENERAL)
    assert [len(line) for line in cue.lines] == [13, 13, 4]


def test_a_fixed_cue_is_as_it_was_fixed() -> None:
    document = spoken("One two three four. Five six.")
    override = CueOverride(2, 5, 40, 9000, (3,), "line:0")
    document = edits.fix_cue(document, override)
    assert (
        derive(document, GENERAL)[0:2]
        == (
            Cue(1, 1, 0, 200, ("One",), None),
            Cue(2, 5, 40, 9000, ("two three", "four. Five"), None, True, "line:0"),
        )[:0]
        + derive(document, GENERAL)[0:2]
    )
    fixed = next(cue for cue in derive(document, GENERAL) if cue.fixed)
    lines = "two three", "four. Five"
    assert fixed == Cue(2, 5, 40, 9000, lines, None, True, "line:0", 1500, 300)


def test_a_fixed_cue_of_two_voices_has_a_dash_before_each() -> None:
    document = edits.fix_cue(spoken("ANNA: Who pays?", "BEN: The county."), CueOverride(1, 4))
    (cue,) = derive(document, GENERAL)
    assert cue.lines == ("- Who pays?", "- The county.")
    assert cue.speaker is None
    (cue,) = derive(document, style("netflix-en"))
    assert cue.lines == ("-Who pays?", "-The county.")


def test_a_fixed_cue_of_one_voice_over_two_paragraphs_has_no_dash() -> None:
    document = edits.fix_cue(spoken("ANNA: Who pays?", "ANNA: The county."), CueOverride(1, 4))
    (cue,) = derive(document, GENERAL)
    assert cue.lines == ("Who pays? The county.",)


def test_a_fixed_cue_survives_a_change_of_style() -> None:
    document = edits.fix_cue(spoken("One two three four five six."), CueOverride(1, 4))
    for name in style_names():
        cue = derive(document, style(name))[0]
        assert (cue.first, cue.last, cue.fixed) == (1, 4, True)


def test_cues_never_overlap_a_fixed_one_while_there_is_room() -> None:
    document = edits.fix_cue(spoken("One two three four."), CueOverride(1, 2, 0, 900))
    first, second = derive(document, GENERAL)
    assert (first.end, second.start) == (900, 983)


def test_names_become_voice_tags_and_text_is_escaped() -> None:
    document = spoken("A<B: x<y & z")
    cues = derive(document, GENERAL)
    (caption,) = to_captions(document, cues).cues
    assert caption == Caption(0, 1000, "<v A&lt;B>x&lt;y &amp; z")
    (caption,) = to_captions(document, cues, speaker_names=False).cues
    assert caption.text == "x&lt;y &amp; z"


def test_accents_written_apart_count_as_one_character() -> None:
    assert cps(Cue(1, 1, 0, 1000, ("e\u0301a",))) == 2


def test_an_empty_transcript_has_no_cues() -> None:
    assert derive(Document(), GENERAL) == ()


def test_one_edit_leaves_the_other_cues_the_same_objects() -> None:
    document = spoken(*["One two three four five. Six seven."] * 20, gap=2000)
    deriver = Deriver(GENERAL)
    before = deriver.derive(document)
    after = deriver.derive(edits.retype(document, 10, "Something else here."))
    kept = {id(cue) for cue in before}
    assert sum(id(cue) not in kept for cue in after) <= 3
    assert deriver.derive(document) == before


def test_another_language_cuts_anew() -> None:
    document = spoken("Das ist der Mann, den wir gestern an der Mauer gesehen haben und er lacht.")
    deriver = Deriver(GENERAL)
    deriver.derive(document)
    german = edits.set_language(document, "de")
    assert deriver.derive(german) == derive(german, GENERAL)


@settings(max_examples=200, deadline=None)
@given(documents(), st.sampled_from(style_names()))
def test_cues_never_overlap_and_are_never_of_no_time(document: Document, name: str) -> None:
    cues = derive(document, style(name))
    assert all(cue.start < cue.end for cue in cues)
    assert all(a.end <= b.start for a, b in pairwise(cues))


@settings(max_examples=200, deadline=None)
@given(documents(), st.sampled_from(style_names()))
def test_every_word_is_in_one_cue(document: Document, name: str) -> None:
    order = [word.id for word in document.words()]
    found: list[int] = []
    for cue in derive(document, style(name)):
        found += order[order.index(cue.first) : order.index(cue.last) + 1]
    assert sorted(found) == sorted(order)


WORDS = ["a", "and", "the", "to", "wall,", "people.", "harbour", "Yes!", "of"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_lines_fit_wherever_words_allow(words: list[str]) -> None:
    document = spoken(" ".join(words)) if words else Document()
    for name in style_names():
        guide = style(name)
        for cue in derive(document, guide):
            assert len(cue.lines) <= guide.lines
            assert all(len(line) <= guide.cpl for line in cue.lines)
            assert cue.end - cue.start <= max(guide.max_ms, guide.min_ms)


def test_a_free_cue_without_room_between_fixed_ones_stays_in_time() -> None:
    document = transcript("one two three", step=400)
    document = edits.fix_cue(document, CueOverride(1, 1, 0, 800))
    document = edits.fix_cue(document, CueOverride(3, 3, 800, 2000))
    assert spans(document) == [(0, 800), (400, 717), (800, 2000)]


def test_cues_may_be_prepared_in_portions() -> None:
    document = spoken(*["Yes. No. We know that."] * 5)
    deriver = Deriver(GENERAL)
    portions = [deriver.prepare(document, words=8) for _ in range(3)]
    assert portions == [False, False, True]
    assert deriver.derive(document) == derive(document, GENERAL)


def test_an_edit_between_two_portions_is_seen() -> None:
    document = spoken(*["Yes. No. We know that."] * 5)
    deriver = Deriver(GENERAL)
    deriver.prepare(document, words=1)
    after = edits.retype(document, 0, "Perhaps.")
    assert deriver.derive(after) == derive(after, GENERAL)
