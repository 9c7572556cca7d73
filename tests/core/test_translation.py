"""The same paragraphs in another language: kept by edits, told when stale, timed for cues."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.edits import Place
from granite_studio.core.styles import style
from granite_studio.core.translation import (
    is_stale,
    languages,
    mark_of,
    texts_in,
    translated,
    untranslated,
)
from tests.core.pictures import check, picture, times, transcript
from tests.core.strategies import documents


def with_french(document: Document, *texts: str) -> Document:
    """A machine translated each paragraph; "" stands for none."""
    for segment, text in zip(document.segments, texts, strict=True):
        mark = mark_of(segment.words)
        document = edits.add_translation(document, segment.id, "fr", text, source=mark)
    return document


def french(document: Document) -> list[str]:
    """The text of each paragraph; a star where a person wrote it, a question mark if stale."""
    texts = texts_in(document, "fr")
    return [
        f"{text.text}{'*' * text.touched}{'?' * is_stale(text, segment.words)}"
        if (text := texts.get(segment.id))
        else ""
        for segment in document
    ]


def test_a_translated_document_has_the_same_paragraphs_times_and_speakers() -> None:
    document = with_french(transcript("ANNA: good day", "BEN: it was so"), "bonjour", "oui oui")
    after = translated(document, "fr")
    assert picture(after) == ["ANNA: bonjour", "BEN: oui oui"]
    assert times(after) == ["bonjour 0-200", "oui 200-350", "oui 350-500"]
    assert after.language == "fr"
    assert all(word.estimated for word in after.words())
    check(after)


def test_words_share_out_the_time_of_their_own_sentence() -> None:
    document = with_french(transcript("Yes. I do think so."), "Mais oui. Je crois.")
    assert times(translated(document, "fr")) == [
        "Mais 0-50",
        "oui. 50-100",
        "Je 100-220",
        "crois. 220-500",
    ]


def test_words_keep_out_of_a_pause() -> None:
    words = (Word(1, "one", 0, 1000), Word(2, "two", 5000, 6000))
    document = with_french(Document((Segment(3, words),), next_id=4), "un deux trois quatre")
    spoken = translated(document, "fr").segments[0].words
    assert [word.end <= 1000 or word.start >= 5000 for word in spoken] == [True] * 4
    assert (spoken[0].start, spoken[-1].end) == (0, 6000)


def test_japanese_is_cut_into_words_that_cues_can_be_made_of() -> None:
    document = edits.set_translation(transcript("good day"), 3, "ja", "今日は、良い天気です。")
    words = [word.text for word in translated(document, "ja").words()]
    assert len(words) > 1
    assert "".join(words) == "今日は、良い天気です。"


def test_a_paragraph_without_a_text_is_left_out() -> None:
    document = with_french(transcript("one", "two", "three"), "un", "", "trois")
    assert picture(translated(document, "fr")) == ["un", "trois"]
    assert picture(translated(document, "de")) == []


def test_a_language_is_there_as_long_as_one_text_is() -> None:
    document = with_french(transcript("one", "two"), "un", "deux")
    assert languages(document) == ("fr",)
    for segment in document.segments:
        document = edits.set_translation(document, segment.id, "fr", " ")
    assert languages(document) == ()
    assert document.translations == ()


def test_a_text_whose_paragraph_says_something_else_now_is_stale() -> None:
    document = with_french(transcript("four pounds", "five"), "quatre livres", "cinq")
    assert french(edits.retype(document, 0, "forty pounds")) == ["quatre livres?", "cinq"]


def test_case_and_punctuation_make_no_text_stale() -> None:
    document = with_french(transcript("four pounds"), "quatre livres")
    assert french(edits.retype(document, 0, "Four pounds!")) == ["quatre livres"]


def test_after_a_split_the_first_half_has_the_text_and_it_is_stale() -> None:
    document = with_french(transcript("one two"), "un deux")
    assert french(edits.split(document, Place(0, 1))) == ["un deux?", ""]


def test_two_paragraphs_joined_have_a_text_that_fits() -> None:
    document = with_french(transcript("one", "two"), "un", "deux")
    assert french(edits.merge(document, 0)) == ["un deux"]


def test_a_stale_half_or_one_without_a_text_makes_the_whole_stale() -> None:
    document = with_french(transcript("one", "two"), "un", "deux")
    assert french(edits.merge(edits.retype(document, 1, "three"), 0)) == ["un deux?"]
    assert french(edits.merge(with_french(transcript("one", "two"), "", "deux"), 0)) == ["deux?"]


def test_a_machine_is_asked_for_what_is_missing_and_for_its_own_stale_texts() -> None:
    document = with_french(transcript("one", "two", "three", "four"), "un", "", "trois", "quatre")
    document = edits.set_translation(document, document.segments[3].id, "fr", "les quatre")
    document = edits.retype(edits.retype(document, 2, "thirty"), 3, "forty")
    assert [segment.text for segment in untranslated(document, "fr")] == ["two", "thirty"]


def test_no_machine_changes_what_a_person_wrote() -> None:
    document = edits.set_translation(transcript("one"), 2, "fr", "  le \n premier ")
    assert french(document) == ["le premier*"]
    assert edits.add_translation(document, 2, "fr", "un", source="") is document


def test_a_machine_that_comes_too_late_changes_nothing() -> None:
    document = transcript("one")
    assert edits.add_translation(document, 99, "fr", "un", source="") is document
    assert edits.add_translation(document, 2, "fr", " ", source="") is document


def test_the_same_text_again_is_the_same_document() -> None:
    document = edits.set_translation(transcript("one"), 2, "fr", "un")
    assert edits.set_translation(document, 2, "fr", "un ") is document


@pytest.mark.parametrize(("segment", "language"), [(99, "fr"), (2, "")])
def test_there_must_be_a_paragraph_and_a_language(segment: int, language: str) -> None:
    with pytest.raises(ValueError, match="to translate"):
        edits.set_translation(transcript("one"), segment, language, "un")


@given(documents(), st.lists(st.text("un. 世を、」deux !\u0000\ud800", max_size=40), max_size=4))
def test_a_translated_document_is_sound_and_can_be_cut_into_cues(
    document: Document, texts: list[str]
) -> None:
    for segment, text in zip(document.segments, texts, strict=False):
        document = edits.set_translation(document, segment.id, "ja", text)
    after = translated(document, "ja")
    check(after)
    for segment in after:
        old = document.segments[document.row_of(segment.id)]
        assert old.start <= segment.start <= segment.end <= old.end
        assert all(a.end <= b.start for a, b in pairwise(segment.words))
        assert segment.text == texts_in(document, "ja")[segment.id].text
    derive(after, style())
