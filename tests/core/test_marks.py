"""Facts beside the words, and what becomes of them when the words change."""

from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.document import (
    CueOverride,
    Document,
    Finding,
    Highlight,
    Media,
    Note,
    Span,
    TranslatedText,
    Translation,
)
from granite_studio.core.edits import Place
from tests.core.pictures import check, transcript


def cue(first: int, last: int, *breaks: int) -> CueOverride:
    return CueOverride(first, last, breaks=breaks or None)


def fixed(document: Document) -> list[tuple[int, int, tuple[int, ...] | None]]:
    return [(o.first, o.last, o.breaks) for o in document.cue_overrides]


def test_a_fixed_cue_takes_the_place_of_those_it_shares_words_with() -> None:
    document = transcript("a b c d e f")
    for override in (cue(1, 2), cue(3, 4), cue(5, 6), cue(2, 3)):
        document = edits.fix_cue(document, override)
    assert fixed(document) == [(5, 6, None), (2, 3, None)]


def test_a_fixed_cue_inside_a_longer_one_takes_its_place() -> None:
    document = edits.fix_cue(transcript("a b", "c d"), cue(1, 4))
    assert fixed(edits.fix_cue(document, cue(2, 3))) == [(2, 3, None)]


def test_dragging_the_edge_of_a_fixed_cue_changes_only_that() -> None:
    document = edits.fix_cue(transcript("a b c"), cue(1, 2, 1))
    dragged = replace(document.cue_overrides[0], end=900)
    after = edits.fix_cue(document, dragged)
    assert after.cue_overrides == (dragged,)
    assert edits.fix_cue(after, dragged) is after


@pytest.mark.parametrize(
    "override",
    [
        cue(1, 99),
        cue(99, 1),
        cue(2, 1),
        CueOverride(1, 2, start=-5),
        CueOverride(1, 2, start=50, end=50),
        CueOverride(1, 2, breaks=(2,)),
        CueOverride(1, 2, breaks=(3,)),
    ],
)
def test_a_cue_that_makes_no_sense_is_refused(override: CueOverride) -> None:
    with pytest.raises(ValueError, match="cue"):
        edits.fix_cue(transcript("a b c"), override)


def test_a_released_cue_is_gone() -> None:
    document = edits.fix_cue(transcript("a b"), cue(1, 2))
    assert edits.release_cue(document, 1).cue_overrides == ()
    assert edits.release_cue(document, 2) is document


def test_a_fixed_cue_shrinks_to_the_words_that_are_left() -> None:
    document = edits.fix_cue(transcript("a b c d"), cue(1, 3, 1, 2))
    assert fixed(edits.retype(document, 0, "b c d")) == [(2, 3, (2,))]
    assert fixed(edits.retype(document, 0, "a b d")) == [(1, 2, (1,))]
    assert fixed(edits.retype(document, 0, "a d")) == [(1, 1, None)]
    assert fixed(edits.retype(document, 0, "d")) == []


def test_a_fixed_cue_over_two_paragraphs_survives_the_loss_of_one() -> None:
    document = edits.fix_cue(transcript("a b", "c d", "e"), cue(2, 5))
    assert fixed(edits.delete(document, Place(1, 0), Place(2, 0))) == [(2, 5, None)]
    assert fixed(edits.delete(document, Place(2, 0), Place(2, 1))) == [(2, 4, None)]


def test_a_corrected_word_keeps_the_cue_that_begins_with_it() -> None:
    document = edits.fix_cue(transcript("see wall"), cue(1, 2))
    assert fixed(edits.retype(document, 0, "sea wall")) == [(1, 2, None)]


def test_words_typed_between_fixed_cues_belong_to_the_one_in_front() -> None:
    document = transcript("a b c")
    for override in (cue(1, 1), cue(2, 3)):
        document = edits.fix_cue(document, override)
    after = edits.retype(document, 0, "a x b c")
    new = after.segments[0].words[1].id
    assert fixed(after) == [(1, new, None), (2, 3, None)]


def test_words_typed_behind_a_finished_sentence_belong_to_the_next_cue() -> None:
    document = transcript("aha. b c")
    for override in (cue(1, 1), cue(2, 3)):
        document = edits.fix_cue(document, override)
    after = edits.retype(document, 0, "aha. x b c y")
    first, last = after.segments[0].words[1].id, after.segments[0].words[4].id
    assert fixed(after) == [(1, 1, None), (first, last, None)]


def test_words_typed_beside_free_ones_stay_free() -> None:
    document = edits.fix_cue(transcript("a b c"), cue(1, 1))
    assert fixed(edits.retype(document, 0, "a x b c")) == [(1, 1, None)]


def test_a_quote_shrinks_and_goes_with_its_words() -> None:
    document = edits.add_highlight(transcript("a b c d"), Place(0, 1), Place(0, 3), "money")
    (quote,) = document.highlights
    assert (quote.first, quote.last, quote.label) == (2, 3, "money")
    shrunk = edits.retype(document, 0, "a c d")
    assert shrunk.highlights == (replace(quote, first=3),)
    assert edits.retype(document, 0, "a d").highlights == ()


def test_a_quote_begins_with_a_word_even_if_its_place_is_a_border() -> None:
    document = edits.add_highlight(transcript("a", "b", "c"), Place(0, 1), Place(2, 0))
    assert [(h.first, h.last) for h in document.highlights] == [(2, 2)]
    with pytest.raises(ValueError, match="a quote needs a word"):
        edits.add_highlight(document, Place(0, 1), Place(1, 0))


def test_quotes_are_labelled_and_taken_away() -> None:
    document = edits.add_highlight(transcript("a b"), Place(0, 0), Place(0, 1))
    (quote,) = document.highlights
    named = edits.label_highlight(document, quote.id, "key")
    assert named.highlights == (Highlight(quote.id, 1, 1, "key"),)
    assert edits.label_highlight(named, quote.id, "key") is named
    assert edits.remove_highlight(named, quote.id).highlights == ()
    with pytest.raises(ValueError, match="no mark"):
        edits.remove_highlight(named, 1)


def test_a_note_moves_to_the_neighbour_and_goes_with_its_paragraph() -> None:
    document = edits.add_note(transcript("a b", "c"), Place(0, 1), "check")
    (note,) = document.notes
    assert edits.retype(document, 0, "a").notes == (replace(note, word=1),)
    assert edits.retype(document, 0, "").notes == ()


def test_notes_are_changed_and_taken_away() -> None:
    document = edits.add_note(transcript("a"), Place(0, 0), "check")
    (note,) = document.notes
    changed = edits.change_note(document, note.id, "checked")
    assert changed.notes == (Note(note.id, 1, "checked"),)
    assert edits.change_note(changed, note.id, "checked") is changed
    assert edits.remove_note(changed, note.id).notes == ()


def test_ids_are_never_given_twice() -> None:
    document = edits.add_note(transcript("a"), Place(0, 0), "one")
    (first,) = document.notes
    document = edits.remove_note(document, first.id)
    document = edits.add_note(document, Place(0, 0), "two")
    assert document.notes[0].id > first.id


def test_rows_that_change_places_drop_what_can_no_longer_be() -> None:
    document = edits.fix_cue(transcript("a b", "c d"), cue(2, 3))
    document = edits.add_highlight(document, Place(0, 1), Place(1, 1))
    after = edits.retime_segment(document, 0, 5000, 5200)
    assert after.cue_overrides == ()
    assert after.highlights == ()
    check(after)


def test_translations_go_with_their_paragraph() -> None:
    document = transcript("a", "b")
    lane = Translation("de", tuple(TranslatedText(segment.id, "x") for segment in document))
    document = replace(document, translations=(lane,))
    kept = document.segments[1].id
    after = edits.retype(document, 0, "")
    assert after.translations == (Translation("de", (TranslatedText(kept, "x"),)),)


def test_what_is_said_again_returns_the_same_document() -> None:
    finding = Finding("odd", Span(0, 5), "Look here.")
    document = edits.add_finding(transcript("a"), finding)
    document = edits.set_untranscribed(document, [Span(5, 9)])
    document = edits.set_media(edits.set_language(document, "de"), Media("a.wav", 9))
    assert document.findings == (finding,)
    assert edits.add_finding(document, finding) is document
    assert edits.set_findings(document, [finding]) is document
    assert edits.set_untranscribed(document, [Span(5, 9)]) is document
    assert edits.set_language(document, "de") is document
    assert edits.set_media(document, Media("a.wav", 9)) is document
