"""What was given to the wrong speaker goes to the right one once it is known who is who."""

from granite_studio.core import edits
from granite_studio.core.document import Document, Span
from granite_studio.core.edits import Place, apply_heard, relabel
from granite_studio.core.heard import Relabelled
from tests.core.pictures import check, heard, ids, picture

FIRST, SECOND, THIRD = Span(0, 3000), Span(3000, 6000), Span(6000, 9000)


def interview() -> Document:
    """Three windows; in the second and the third, the labels were guessed."""
    document = Document()
    for window in (
        heard(
            0, 3000, "Speaker 1: How 0-300 much? 300-600", "Speaker 2: A 800-1000 lot. 1000-1400"
        ),
        heard(3000, 6000, "Speaker 3: More 3000-3400 than 3400-3800", "Speaker 1: Oh? 4000-4300"),
        heard(6000, 9000, "Speaker 3: Yes. 7500-7900"),
    ):
        document = apply_heard(document, window)
    return document


def test_paragraphs_of_a_window_go_to_the_right_speaker() -> None:
    after = relabel(interview(), [Relabelled(SECOND, "Speaker 3", "Speaker 2")])
    check(after)
    assert picture(after) == [
        "Speaker 1: How much?",
        "Speaker 2: A lot.",
        "Speaker 2: More than",
        "Speaker 1: Oh?",
        "Speaker 3: Yes.",
    ]


def test_a_speaker_left_without_words_goes() -> None:
    before = interview()
    facts = [Relabelled(span, "Speaker 3", "Speaker 2") for span in (SECOND, THIRD)]
    after = relabel(before, facts)
    assert [speaker.name for speaker in after.speakers] == ["Speaker 1", "Speaker 2"]
    assert ids(after) == ids(before)
    assert relabel(after, facts) is after


def test_a_speaker_who_was_not_known_is_added() -> None:
    after = relabel(interview(), [Relabelled(THIRD, "Speaker 3", "Speaker 4")])
    check(after)
    assert picture(after)[-1] == "Speaker 4: Yes."
    assert [speaker.name for speaker in after.speakers][-1] == "Speaker 4"


def test_two_speakers_change_places() -> None:
    facts = [
        Relabelled(FIRST, "Speaker 1", "Speaker 2"),
        Relabelled(FIRST, "Speaker 2", "Speaker 1"),
    ]
    assert picture(relabel(interview(), facts))[:2] == [
        "Speaker 2: How much?",
        "Speaker 1: A lot.",
    ]


def test_a_speaker_whom_a_person_renamed_keeps_everything() -> None:
    before = interview()
    before = edits.rename_speaker(before, before.speakers[2].id, "Anna")
    assert relabel(before, [Relabelled(SECOND, "Speaker 3", "Speaker 2")]) is before


def test_words_go_to_the_person_whom_a_label_has_become() -> None:
    before = interview()
    voices = {speaker.name: speaker.id for speaker in before.speakers}
    before = edits.rename_speaker(before, voices["Speaker 2"], "Anna")
    facts = [Relabelled(THIRD, "Speaker 3", "Speaker 2")]
    assert picture(relabel(before, facts, voices=voices))[-1] == "Anna: Yes."
    assert picture(relabel(before, facts))[-1] == "Speaker 2: Yes."


def test_a_paragraph_that_a_person_gave_to_somebody_else_stays_there() -> None:
    before = edits.assign_speaker(interview(), [4], interview().speakers[0].id)
    assert relabel(before, [Relabelled(THIRD, "Speaker 3", "Speaker 2")]) is before


def test_what_a_person_wrote_alone_stays_and_what_they_corrected_moves() -> None:
    written = edits.retype(interview(), 4, "Certainly.")
    facts = [Relabelled(span, "Speaker 3", "Speaker 2") for span in (SECOND, THIRD)]
    assert picture(relabel(written, facts))[-1] == "Speaker 3: Certainly."
    corrected = edits.retype(interview(), 2, "More then")
    after = relabel(corrected, facts)
    assert picture(after)[2] == "Speaker 2: More then"
    assert [word.touched for word in after.segments[2].words] == [False, True]


def over_the_edge() -> Document:
    document = apply_heard(Document(), heard(0, 3000, "Speaker 1: It 2000-2400 was 2500-2900"))
    return apply_heard(document, heard(3000, 6000, "Speaker 1: a 3000-3200 lot. 3300-3600"))


def test_a_paragraph_over_the_edge_of_a_window_is_parted_where_one_side_changes() -> None:
    before = over_the_edge()
    assert picture(before) == ["Speaker 1: It was a lot."]
    after = relabel(before, [Relabelled(SECOND, "Speaker 1", "Speaker 2")])
    check(after)
    assert picture(after) == ["Speaker 1: It was", "Speaker 2: a lot."]
    assert after.segments[0].id == before.segments[0].id


def test_a_paragraph_over_the_edge_stays_whole_where_both_sides_change() -> None:
    facts = [Relabelled(span, "Speaker 1", "Speaker 2") for span in (FIRST, SECOND)]
    after = relabel(over_the_edge(), facts)
    assert picture(after) == ["Speaker 2: It was a lot."]
    assert after.segments[0].id == over_the_edge().segments[0].id


def test_paragraphs_that_only_a_wrong_label_parted_become_one() -> None:
    before = relabel(over_the_edge(), [Relabelled(SECOND, "Speaker 1", "Speaker 2")])
    for segment, text in zip(before.segments, ("Es war", "viel."), strict=True):
        before = edits.add_translation(before, segment.id, "de", text, source="")
    after = relabel(before, [Relabelled(SECOND, "Speaker 2", "Speaker 1")])
    check(after)
    assert picture(after) == ["Speaker 1: It was a lot."]
    assert [text.text for text in after.translations[0].texts] == ["Es war viel."]


def test_marks_stay_on_their_words() -> None:
    before = edits.add_note(over_the_edge(), Place(0, 3), "How much?")
    after = relabel(before, [Relabelled(SECOND, "Speaker 1", "Speaker 2")])
    assert after.notes == before.notes


def test_two_same_speakers_are_made_one_by_merging_them() -> None:
    before = interview()
    after = edits.merge_speakers(before, before.speakers[2].id, before.speakers[1].id)
    assert picture(after)[-1] == "Speaker 2: Yes."
