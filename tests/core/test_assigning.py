"""Who speaks when, found out elsewhere, goes onto the words that are there."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Segment,
    Span,
    Speaker,
    TranslatedText,
    Translation,
    Word,
)
from granite_studio.core.edits import Place, Turn, assign_turns
from granite_studio.core.edits.turns import NEAR
from granite_studio.core.translation import is_stale, mark_of, texts_in
from tests.core.pictures import check, ids, picture, times, transcript
from tests.core.strategies import documents
from tests.core.test_speed import long_transcript, quickest_ms


def turns(*said: str) -> list[Turn]:
    """`turns("Anna 0-500")`."""
    made = []
    for turn in said:
        name, _, time = turn.rpartition(" ")
        start, _, end = time.partition("-")
        made.append(Turn(Span(int(start), int(end)), name))
    return made


def test_a_paragraph_is_parted_where_another_person_speaks() -> None:
    before = transcript("how much was it a lot")
    done = assign_turns(before, turns("Anna 0-400", "Tom 400-600"))
    check(done.document)
    assert picture(done.document) == ["Anna: how much was it", "Tom: a lot"]
    assert (done.changed, done.outside) == (6, 0)
    assert times(done.document) == times(before)
    assert ids(done.document) == ids(before)


def test_a_word_goes_where_most_of_it_lies_and_is_never_cut() -> None:
    before = transcript("one two three")
    done = assign_turns(before, turns("Anna 0-149", "Tom 149-300"))
    assert picture(done.document) == ["Anna: one", "Tom: two three"]


def test_of_several_turns_the_longest_overlap_counts_also_a_short_one_inside() -> None:
    before = transcript("one two three", step=1000)
    said = turns("Anna 0-1100", "Tom 1200-1900", "Eve 1850-2100", "Anna 2200-3000")
    assert picture(assign_turns(before, said).document) == [
        "Anna: one",
        "Tom: two",
        "Anna: three",
    ]


def test_a_word_near_a_turn_belongs_to_it_and_one_far_from_all_stays() -> None:
    before = transcript("Eve: one two three", step=NEAR)
    done = assign_turns(before, turns(f"Anna 0-{NEAR - 100}"))
    assert picture(done.document) == ["Anna: one two", "Eve: three"]
    assert (done.changed, done.outside) == (2, 1)


def test_two_paragraphs_that_only_their_speakers_parted_become_one() -> None:
    before = transcript("A: yes we", "B: did", "A: that", "A: in May")
    done = assign_turns(before, turns("anna 0-9999"))
    check(done.document)
    assert picture(done.document) == ["anna: yes we did that", "anna: in May"]
    assert [speaker.name for speaker in done.document.speakers] == ["anna"]


def test_a_word_on_the_wrong_side_goes_over_to_the_paragraph_that_was_there() -> None:
    before = transcript("A: so", "B: fine you see that", gap=100)
    done = assign_turns(before, turns("A 0-300", "B 300-9999"))
    assert picture(done.document) == ["A: so fine", "B: you see that"]
    assert done.document.segments[0].id == before.segments[0].id
    after = assign_turns(done.document, turns("A 0-150", "B 150-9999"))
    assert picture(after.document) == ["A: so", "B: fine you see that"]
    assert after.document.segments[1].id == done.document.segments[1].id


def test_a_pause_still_parts_the_paragraphs_of_one_speaker() -> None:
    before = transcript("A: yes", "B: no", gap=1500)
    assert picture(assign_turns(before, turns("Tom 0-9999")).document) == ["Tom: yes", "Tom: no"]


def test_a_known_speaker_is_found_in_other_letters() -> None:
    before = transcript("Anna Berg: one", "Tom: two")
    done = assign_turns(before, turns("TOM 0-100", "anna_berg 100-200", " Tom 200-300"))
    assert picture(done.document) == ["Tom: one", "Anna Berg: two"]
    assert done.document.speakers == before.speakers


def test_new_speakers_who_differ_in_their_letters_are_two() -> None:
    done = assign_turns(transcript("one two"), turns("a 0-100", "A 100-200"))
    assert picture(done.document) == ["a: one", "A: two"]


def test_a_speaker_without_a_name_and_one_without_a_word_change_nothing() -> None:
    before = transcript("Anna: one two")
    done = assign_turns(before, [Turn(Span(0, 200), None), *turns("Tom 5000-6000", "\x07 0-200")])
    assert done.document is before
    assert (done.changed, done.outside) == (0, 2)


def test_where_two_speak_at_once_a_word_stays_with_its_speaker_or_the_one_before() -> None:
    both = turns("Anna 0-400", "Tom 100-800")
    before = transcript("Tom: one two three four five")
    assert picture(assign_turns(before, both).document) == [
        "Anna: one",
        "Tom: two three four five",
    ]
    before = transcript("one two three four five")
    assert picture(assign_turns(before, both).document) == [
        "Anna: one two three four",
        "Tom: five",
    ]


def test_words_that_a_person_wrote_keep_their_text_and_time() -> None:
    before = edits.confirm(transcript("A: one two"), Place(0, 0), Place(0, 2))
    done = assign_turns(before, turns("Tom 0-100", "Eve 100-200"))
    assert picture(done.document) == ["Tom: one", "Eve: two"]
    assert list(done.document.words()) == list(before.words())


def test_marks_stay_on_their_words() -> None:
    before = transcript("A: one two three", "B: four five")
    before = replace(
        before,
        cue_overrides=(CueOverride(1, 2, 0, 180), CueOverride(3, 5)),
        emphases=(Emphasis(2, 3, "i"),),
    )
    before = edits.add_highlight(before, Place(0, 1), Place(1, 1))
    before = edits.add_note(before, Place(0, 2), "check")
    after = assign_turns(before, turns("A 0-100", "Tom 100-240", "B 240-900")).document
    check(after)
    assert picture(after) == ["A: one", "Tom: two", "B: three four five"]
    assert (after.cue_overrides, after.emphases) == (before.cue_overrides, before.emphases)
    assert (after.highlights, after.notes) == (before.highlights, before.notes)


def test_translations_go_with_their_paragraphs_as_by_hand() -> None:
    before = transcript("A: one two", "B: three", "A: four")
    texts = tuple(
        TranslatedText(segment.id, f"<{segment.text}>", mark_of(segment.words))
        for segment in before
    )
    before = replace(before, translations=(Translation("fr", texts),))
    after = assign_turns(before, turns("A 0-100", "B 100-9999")).document
    check(after)
    assert picture(after) == ["A: one", "B: two three four"]
    first, second = after.segments
    by_id = texts_in(after, "fr")
    assert [by_id[s.id].text for s in (first, second)] == ["<one two>", "<three> <four>"]
    assert is_stale(by_id[first.id], first.words)
    assert is_stale(by_id[second.id], second.words)

    whole = assign_turns(before, turns("A 0-9999")).document
    (one,) = whole.segments
    assert texts_in(whole, "fr")[one.id].text == "<one two> <three> <four>"
    assert not is_stale(texts_in(whole, "fr")[one.id], one.words)


def test_paragraphs_that_overlap_are_put_in_order() -> None:
    first = Segment(1, (Word(2, "one", 0, 300), Word(3, "two", 900, 1200)), 9)
    second = Segment(4, (Word(5, "yes", 400, 800),), 9)
    before = Document((first, second), (Speaker(9, "A"),), next_id=10)
    after = assign_turns(before, turns("Tom 0-350", "Eve 350-850", "Max 850-2000")).document
    check(after)
    assert picture(after) == ["Tom: one", "Eve: yes", "Max: two"]


spans = st.tuples(st.integers(0, 9000), st.integers(0, 3000)).map(lambda t: Span(t[0], sum(t)))
told = st.lists(
    st.builds(Turn, spans, st.sampled_from([None, "Anna", "speaker_1", "Tom"])), max_size=8
)


@given(before=documents(), said=told)
@settings(max_examples=200, deadline=None)
def test_each_word_has_the_speaker_of_a_turn_it_overlaps_most(
    before: Document, said: list[Turn]
) -> None:
    done = assign_turns(before, said)
    after = done.document
    check(after)
    assert sorted(after.words(), key=id_of) == sorted(before.words(), key=id_of)
    assert assign_turns(after, said).document is after
    names = {speaker.id: speaker.name for speaker in after.speakers}
    was = {word.id: segment.speaker for segment in before for word in segment.words}
    moved = 0
    for segment in after:
        for word in segment.words:
            best = fitting(word, said)
            moved += segment.speaker != was[word.id]
            if best:
                assert loose(names[segment.speaker or 0]) in best
            else:
                assert segment.speaker == was[word.id]
    assert moved == done.changed


def test_many_short_turns_in_one_long_word_are_looked_through_in_blocks() -> None:
    short = [Turn(Span(at * 10, at * 10 + 5), f"P{at % 7}") for at in range(2_000)]
    short[1_234] = Turn(Span(12_340, 12_349), "Eve")
    word = Word(1, "so", 7, 19_700)
    done = assign_turns(Document((Segment(2, (word,)),), next_id=3), short)
    assert picture(done.document) == ["Eve: so"]


def test_a_long_transcript_is_given_its_speakers_in_a_moment() -> None:
    before = long_transcript(1_500)  # 50,000 words
    said = [Turn(Span(at * 3_600, at * 3_600 + 3_500), f"P{at % 5}") for at in range(5_000)]
    assert quickest_ms(lambda: assign_turns(before, said)) < 600


def id_of(word: Word) -> int:
    return word.id


def loose(name: str) -> str:
    return name.casefold().replace("_", " ")


def fitting(word: Word, said: list[Turn]) -> set[str]:
    """Who may have this word, found by looking at every turn; a speaker's own overlaps are one."""
    joined: dict[str, list[Span]] = {}
    for turn in sorted(said, key=lambda turn: turn.span.start):
        if turn.speaker is None or turn.span.start == turn.span.end:
            continue
        mine = joined.setdefault(loose(turn.speaker), [])
        if mine and turn.span.start <= mine[-1].end:
            mine[-1] = Span(mine[-1].start, max(mine[-1].end, turn.span.end))
        else:
            mine.append(turn.span)
    end = max(word.end, word.start + 1)
    common = {
        name: max(min(end, span.end) - max(word.start, span.start) for span in mine)
        for name, mine in joined.items()
    }
    most = max(common.values(), default=-NEAR - 1)
    return {name for name, found in common.items() if found == most and most >= -NEAR}
