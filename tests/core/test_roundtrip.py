"""A text that was corrected elsewhere comes back onto the words of the project."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Document, Media, Segment, Speaker, Word
from granite_studio.core.edits import Place
from granite_studio.core.errors import FormatError
from granite_studio.core.roundtrip.differences import Deed, Side
from granite_studio.core.roundtrip.handed import Brought, Came, handed
from granite_studio.core.roundtrip.returning import Returned, returned
from granite_studio.core.translation import is_stale, texts_in
from granite_studio.core.unspaced import words_of
from tests.core import strategies
from tests.core.pictures import picture, times, transcript

ANNA = "ANNA: the sea wall was built in March"
ASKS = "REPORTER: how much did it cost so far"
SAYS = "ANNA: about four million pounds we think"
ENDS = "REPORTER: and who pays for all this work"


def project() -> Document:
    document = transcript(ANNA, ASKS, SAYS, ENDS, gap=500)
    return replace(document, media=Media("wall.wav", 60_000, "fingerprint"))


def came(*paragraphs: str) -> tuple[Came, ...]:
    parts = (paragraph.rpartition(": ") for paragraph in paragraphs)
    return tuple(Came(text, name) for name, _, text in parts)


def back(
    document: Document,
    *paragraphs: str,
    exported: Document | None = None,
    keep: Side = Side.RETURNED,
    earlier: tuple[Document, ...] = (),
) -> Returned:
    """What comes of these paragraphs, which were exported from `exported` or the document."""
    marks = handed(exported or document)
    return returned(document, Brought(came(*paragraphs), marks), keep=keep, earlier=earlier)


def told(result: Returned) -> list[tuple[str, str, str]]:
    return [(d.deed.value, d.old, d.new) for d in result.differences]


def test_a_text_that_nobody_changed_changes_nothing() -> None:
    document = project()
    result = back(document, ANNA, ASKS, SAYS, ENDS)
    assert result.document is document
    assert result.differences == ()


def test_what_writing_programs_change_unasked_is_no_change() -> None:
    document = transcript("ANNA: it's the co-operative's \"big\" day", "REPORTER: is it")
    result = back(
        document,
        "ANNA: it\u2019s the co\u2011operative\u2019s \u201cbig\u201d d\u00aday",
        "REPORTER: is it",
    )
    assert result.document is document


def test_a_changed_word_takes_the_place_of_the_old_one() -> None:
    result = back(project(), ANNA.replace("March", "May"), ASKS, SAYS, ENDS)
    assert picture(result.document)[0] == "ANNA: the sea wall was built in May"
    assert times(result.document)[5:8] == ["in 500-600", "May* 600-700", "how 1200-1300"]
    assert [word.id for word in result.document.segments[0].words] == [1, 2, 3, 4, 5, 6, 7]
    assert told(result) == [("changed", ANNA[6:], ANNA[6:].replace("March", "May"))]


def test_a_split_paragraph_keeps_its_id_in_front_and_its_speaker_in_both() -> None:
    document = project()
    result = back(document, "ANNA: the sea wall", "was built in March", ASKS, SAYS, ENDS)
    assert picture(result.document)[:2] == ["ANNA: the sea wall", "ANNA: was built in March"]
    assert result.document.segments[0].id == document.segments[0].id
    assert list(result.document.words()) == list(document.words())
    assert [d.deed for d in result.differences] == [Deed.SPLIT]


def test_joined_paragraphs_are_one_with_both_translations() -> None:
    document = project()
    for segment, text in zip(document.segments, ("le mur", "combien"), strict=False):
        document = edits.set_translation(document, segment.id, "fr", text)
    result = back(document, f"{ANNA} {ASKS[10:]}", SAYS, ENDS)
    assert list(result.document.words()) == list(document.words())
    [text] = texts_in(result.document, "fr").values()
    assert text.text == "le mur combien"
    assert not is_stale(text, result.document.segments[0].words)
    assert [d.deed for d in result.differences] == [Deed.JOINED]


def test_words_that_went_over_to_the_next_paragraph_keep_their_times() -> None:
    document = project()
    result = back(
        document, "ANNA: the sea wall was built", "REPORTER: in March how much did it cost so far",
        SAYS, ENDS,
    )  # fmt: skip
    assert list(result.document.words()) == list(document.words())
    assert [d.deed for d in result.differences] == [Deed.BORDER]


def test_a_moved_paragraph_stays_where_it_was_said() -> None:
    document = project()
    result = back(document, SAYS, ANNA, ASKS, ENDS)
    assert result.document is document
    assert told(result) == [("moved", SAYS[6:], SAYS[6:])]


def test_a_moved_and_corrected_paragraph_is_found_by_its_time() -> None:
    document = project()
    paragraphs = (
        Came(SAYS[6:].replace("four", "five"), "ANNA", 2000),
        Came(ANNA[6:], "ANNA", 0),
        Came(ASKS[10:], "REPORTER", 1000),
        Came(ENDS[10:], "REPORTER", 3000),
    )
    result = returned(document, Brought(paragraphs, handed(document)))
    assert picture(result.document) == [ANNA, ASKS, SAYS.replace("four", "five"), ENDS]
    assert [d.deed for d in result.differences] == [Deed.MOVED]


def test_an_added_paragraph_is_said_in_the_silence_and_by_whom_it_says() -> None:
    result = back(project(), ANNA, "REPORTER: yes", ASKS, SAYS, ENDS)
    assert picture(result.document)[1] == "REPORTER: yes"
    assert times(result.document)[7] == "yes* 700-950"
    assert [(d.deed, d.speaker) for d in result.differences] == [(Deed.ADDED, "REPORTER")]


def test_a_deleted_paragraph_goes_with_what_was_pinned_to_it() -> None:
    document = edits.add_note(project(), Place(1, 2), "check")
    result = back(document, ANNA, SAYS, ENDS)
    assert picture(result.document) == [ANNA, SAYS, ENDS]
    assert result.document.notes == ()
    assert told(result) == [("deleted", ASKS[10:], "")]


def test_a_paragraph_written_anew_takes_the_place_of_the_old_one() -> None:
    document = project()
    result = back(document, ANNA, "REPORTER: what is the price", SAYS, ENDS)
    assert result.document.segments[1].id == document.segments[1].id
    assert result.document.segments[1].start == document.segments[1].start
    assert [d.deed for d in result.differences] == [Deed.CHANGED]


def test_quotes_cues_and_notes_stay_with_their_words() -> None:
    document = edits.add_highlight(project(), Place(0, 1), Place(0, 3))
    document = edits.add_note(document, Place(2, 1), "check")
    document = edits.fix_cue(document, CueOverride(15, 20))
    result = back(document, ANNA.replace("the", "The old"), ASKS, SAYS.replace("we", "I"), ENDS)
    assert result.document.highlights == document.highlights
    assert result.document.notes == document.notes
    assert result.document.cue_overrides == document.cue_overrides


def test_remarks_of_the_editor_become_notes_once() -> None:
    document = edits.add_note(project(), Place(0, 1), "which sea?")
    first, *rest = came(ANNA, ASKS, SAYS, ENDS)
    first = replace(first, notes=((1, "which sea?"), (6, "really March?")))
    result = returned(document, Brought((first, *rest), handed(document)))
    assert [(note.word, note.text) for note in result.document.notes] == [
        (2, "which sea?"),
        (7, "really March?"),
    ]
    assert told(result) == [("note", "", "really March?")]
    assert returned(result.document, Brought((first, *rest))).document is result.document


# ---- names


def test_a_name_changed_everywhere_renames_the_speaker() -> None:
    document = project()
    new = [line.replace("ANNA", "Helen Marsh") for line in (ANNA, ASKS, SAYS, ENDS)]
    result = back(document, *new)
    assert picture(result.document) == new
    assert [speaker.id for speaker in result.document.speakers] == [
        speaker.id for speaker in document.speakers
    ]
    assert told(result) == [("renamed", "ANNA", "Helen Marsh")]


def test_a_name_changed_once_changes_who_speaks_there() -> None:
    result = back(project(), ANNA, ASKS.replace("REPORTER", "ANNA"), SAYS, ENDS)
    assert picture(result.document)[1] == ASKS.replace("REPORTER", "ANNA")
    assert told(result) == [("speaker", "REPORTER", "ANNA")]


def test_a_name_that_was_taken_out_changes_nothing() -> None:
    document = project()
    assert back(document, ANNA[6:], ASKS[10:], SAYS[6:], ENDS[10:]).document is document


def test_a_name_that_is_known_is_no_text_even_where_its_style_is_lost() -> None:
    document = project()
    paragraphs = tuple(Came(line) for line in (ANNA, ASKS, SAYS, ENDS))
    assert returned(document, Brought(paragraphs)).document is document


# ---- what the project changed since the export


def test_what_only_the_project_changed_stays() -> None:
    exported = project()
    now = edits.retype(exported, 0, "the sea wall was built in April")
    now = edits.split(now, Place(1, 3))
    now = edits.rename_speaker(now, now.speakers[0].id, "Anna Berg")
    result = back(now, ANNA, ASKS, SAYS.replace("four", "five"), ENDS, exported=exported)
    assert picture(result.document) == [
        "Anna Berg: the sea wall was built in April",
        "REPORTER: how much did",
        "REPORTER: it cost so far",
        "Anna Berg: about five million pounds we think",
        ENDS,
    ]
    assert [(d.deed, d.conflict) for d in result.differences] == [(Deed.CHANGED, False)]


def test_what_the_project_took_out_or_joined_does_not_come_back() -> None:
    exported = project()
    now = edits.merge(edits.retype(exported, 3, ""), 0)
    result = back(now, ANNA, ASKS, SAYS, ENDS, exported=exported)
    assert result.document is now


def test_what_was_heard_since_the_export_stays() -> None:
    exported = project()
    later = Segment(500, (Word(501, "Later", 9_000, 9_100), Word(502, "words.", 9_100, 9_200)))
    now = replace(exported, segments=(*exported.segments, later), next_id=600)
    result = back(now, ANNA, ASKS, SAYS, ENDS.replace("work", "trouble"), exported=exported)
    assert result.document.segments[-1] is later
    assert picture(result.document)[3] == ENDS.replace("work", "trouble")


def test_changes_of_both_in_one_paragraph_are_both_taken_where_the_export_is_known() -> None:
    exported = project()
    now = edits.retype(exported, 0, "the sea wall was built in April")
    edited = (ANNA.replace("sea", "long"), ASKS, SAYS, ENDS)
    result = back(now, *edited, exported=exported, earlier=(now, exported))
    assert picture(result.document)[0] == "ANNA: the long wall was built in April"
    assert result.conflicts == 0


@pytest.mark.parametrize(
    ("keep", "text"),
    [
        (Side.RETURNED, "the sea wall was built in May"),
        (Side.PROJECT, "the sea wall was built in April"),
    ],
)
def test_a_word_that_both_changed_is_a_conflict_and_told_first(keep: Side, text: str) -> None:
    exported = project()
    now = edits.retype(exported, 2, "about four million pounds I think")
    now = edits.retype(now, 0, "the sea wall was built in April")
    edited = (ANNA.replace("March", "May"), ASKS.replace("how", "So how"), SAYS, ENDS)
    result = back(now, *edited, exported=exported, keep=keep, earlier=(now, exported))
    assert result.document.segments[0].text == text
    assert result.document.segments[1].text == "So how much did it cost so far"
    assert [(d.old, d.new, d.conflict) for d in result.differences] == [
        ("the sea wall was built in April", "the sea wall was built in May", True),
        (ASKS[10:], "So how much did it cost so far", False),
    ]


def test_what_was_heard_anew_since_the_export_and_edited_there_is_a_conflict() -> None:
    exported = project()
    anew = replace(exported.segments[1], id=700)
    now = replace(exported, segments=(exported.segments[0], anew, *exported.segments[2:]))
    now = replace(now, next_id=800)
    assert back(now, ANNA, ASKS, SAYS, ENDS, exported=exported).document is now
    result = back(now, ANNA, ASKS.replace("far", "now"), SAYS, ENDS, exported=exported)
    assert [(d.deed, d.conflict) for d in result.differences] == [(Deed.CHANGED, True)]


def test_a_paragraph_deleted_there_and_changed_here_stays_and_is_told() -> None:
    exported = project()
    now = edits.retype(exported, 1, "how much did it cost them so far")
    result = back(now, ANNA, SAYS, ENDS, exported=exported)
    assert result.document is now
    assert [(d.deed, d.conflict) for d in result.differences] == [(Deed.KEPT, True)]


def test_without_marks_the_text_that_came_back_is_taken() -> None:
    now = edits.retype(project(), 0, "the sea wall was built in April")
    result = returned(now, Brought(came(ANNA, ASKS, SAYS, ENDS)))
    assert picture(result.document)[0] == ANNA
    assert not result.knows_export


def test_the_marks_of_another_recording_count_for_nothing() -> None:
    document = project()
    other = replace(document, media=Media("other.wav", 60_000, "another"))
    assert not back(document, ANNA, ASKS, SAYS, ENDS, exported=other).knows_export


def test_marks_do_not_tell_what_was_said_without_the_recording() -> None:
    one, two = project(), replace(project(), media=Media("a", 1, "another"))
    assert set(handed(one).texts.values()).isdisjoint(handed(two).texts.values())


def test_the_text_of_another_recording_is_refused() -> None:
    foreign = " ".join(f"word{number}" for number in range(30))
    with pytest.raises(FormatError, match="hardly a word in common"):
        returned(project(), Brought((Came(foreign),)))
    with pytest.raises(FormatError, match="holds no words"):
        returned(project(), Brought((Came("  "),)))


# ---- any edits


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Paragraphs of words of which every one is there once."""
    number, time, segments = 10, 0, []
    for _ in range(draw(st.integers(1, 8))):
        words = []
        for _ in range(draw(st.integers(1, 9))):
            time += draw(st.sampled_from([0, 40, 700]))
            words.append(Word(number, f"w{number}", time, time + 100, 0.5, "granite"))
            number, time = number + 1, time + 100
        segments.append(Segment(number, tuple(words), draw(st.sampled_from([None, 1, 2]))))
        number += 1
    return Document(
        tuple(segments),
        (Speaker(1, "Anna"), Speaker(2, "Bob")),
        media=Media("a.wav", time + 5_000, "salt"),
        next_id=number,
    )


@st.composite
def edited(draw: st.DrawFn, document: Document) -> list[Came]:
    """The paragraphs after a person has worked on them: in order, and with all that may happen."""
    names = {None: ""} | {speaker.id: speaker.name for speaker in document.speakers}
    lines = [
        (names[segment.speaker], [word.text for word in segment.words], segment.start)
        for segment in document
    ]
    result: list[Came] = []
    is_whole = False
    for name, texts, start in lines:
        deed = draw(st.sampled_from(["", "", "", "change", "split", "join", "delete", "add"]))
        said = list(texts)
        if deed == "delete":
            is_whole = False
            continue
        # Of a paragraph rewritten and joined, a word that is left may be anybody's.
        joins, is_whole = deed == "join" and is_whole, deed != "change"
        if deed == "change":
            for _ in range(draw(st.integers(1, 3))):
                place = draw(st.integers(0, len(said)))
                size = draw(st.integers(0, 2))
                said[place : place + size] = draw(
                    st.lists(st.sampled_from(["x", "y"]), max_size=2)
                )
        if deed == "split" and len(said) > 1:
            cut = draw(st.integers(1, len(said) - 1))
            result.append(Came(" ".join(said[:cut]), name, start // 1000 * 1000))
            said, name = said[cut:], ""
        if joins:
            before = result.pop()
            result.append(replace(before, text=f"{before.text} {' '.join(said)}"))
            continue
        if deed == "add":
            result.append(Came("z z", "Bob"))
        result.append(Came(" ".join(said), name))
    return result


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_edits_give_the_edited_text_with_the_times_of_the_words_that_stay(
    data: st.DataObject,
) -> None:
    document = data.draw(documents())
    paragraphs = data.draw(edited(document))
    if not any(each.text.strip() for each in paragraphs):
        return
    result = returned(document, Brought(tuple(paragraphs), handed(document)))

    written = [" ".join(each.text.split()) for each in paragraphs if each.text.strip()]
    assert [segment.text for segment in result.document] == written
    known = {word.text: word for word in document.words()}
    for word in result.document.words():
        assert word == known[word.text] if word.text in known else word.touched
    ids = [word.id for word in result.document.words()] + [s.id for s in result.document]
    assert len(set(ids)) == len(ids)
    assert max(ids) < result.document.next_id
    starts = [segment.start for segment in result.document]
    assert starts == sorted(starts)
    again = returned(result.document, Brought(tuple(paragraphs)))
    assert [s.text for s in again.document] == [s.text for s in result.document]


@settings(max_examples=100, deadline=None)
@given(strategies.documents())
def test_what_nobody_changed_stays_the_same_though_voices_overlap(document: Document) -> None:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    paragraphs = tuple(
        Came(each.text, names.get(each.speaker or 0, ""), each.start // 1000 * 1000)
        for each in document
    )
    if paragraphs:
        assert returned(document, Brought(paragraphs, handed(document))).document is document
        assert returned(document, Brought(paragraphs)).document is document


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_edits_of_voices_that_overlap_leave_a_sound_document(data: st.DataObject) -> None:
    document = data.draw(strategies.documents())
    paragraphs = data.draw(edited(document))
    if not any(each.text.strip() for each in paragraphs):
        return
    result = returned(document, Brought(tuple(paragraphs), handed(document))).document
    written = sorted(token for each in paragraphs for token in words_of(each.text))
    assert sorted(word.text for word in result.words()) == written
    starts = [segment.start for segment in result]
    assert starts == sorted(starts)
    ids = [word.id for word in result.words()] + [segment.id for segment in result]
    assert len(set(ids)) == len(ids)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_edits_of_both_sides_lose_nothing_silently(data: st.DataObject) -> None:
    exported = data.draw(documents())
    row = data.draw(st.integers(0, len(exported.segments) - 1))
    now = edits.retype(exported, row, f"{exported.segments[row].text} ours")
    paragraphs = data.draw(edited(exported))
    if not any(each.text.strip() for each in paragraphs):
        return
    result = returned(now, Brought(tuple(paragraphs), handed(exported)))

    is_there = any(word.text == "ours" for word in result.document.words())
    is_told = any(d.conflict and "ours" in d.old for d in result.differences)
    assert is_there or is_told
