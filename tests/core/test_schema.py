"""The JSON of a transcript: what is written, read back, mended, kept and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.document import (
    CueOverride,
    Document,
    EngineUse,
    Finding,
    Highlight,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    TranslatedText,
    Translation,
    Word,
)
from granite_studio.core.errors import FormatError
from granite_studio.core.schema import from_dict, to_dict
from tests.core.strategies import documents

FULL = Document(
    segments=(
        Segment(1, (Word(2, "Hello", 0, 400, 0.5, "draft", touched=True),), 3),
        Segment(4, (Word(5, "日本", 500, 900, estimated=True), Word(6, "x", 900, 900))),
    ),
    speakers=(Speaker(3, "Anna"),),
    language="de",
    media=Media("talk.wav", 61_000, "12-ab"),
    engines=(EngineUse("sphinx", "5", draft=True),),
    untranscribed=(Span(1_000, 2_000),),
    findings=(Finding("doubt", Span(1, 2), "No.", ("yes", "perhaps")),),
    cue_overrides=(CueOverride(2, 5, 10, None, (2,), "line:0"), CueOverride(6, 6)),
    highlights=(Highlight(7, 2, 5, "quote"),),
    notes=(Note(8, 5, "Check\nthis"),),
    translations=(Translation("fr", (TranslatedText(1, "Bonjour", "ab12", touched=True),)),),
    next_id=9,
)


def test_a_small_transcript_looks_like_this() -> None:
    document = Document(
        segments=(Segment(1, (Word(2, "Hello", 0, 400, 0.5, "draft", touched=True),), 3),),
        speakers=(Speaker(3, "Anna"),),
        media=Media("talk.wav", 61_000, "12-ab"),
        engines=(EngineUse("sphinx", "5", draft=True),),
        untranscribed=(Span(1_000, 2_000),),
        findings=(Finding("doubt", Span(1, 2), "No.", ("yes", "perhaps")),),
        next_id=4,
    )
    assert to_dict(document) == {
        "format": "granite-studio",
        "version": 1,
        "media": {"name": "talk.wav", "duration_ms": 61_000, "fingerprint": "12-ab"},
        "language": "en",
        "engines": [{"name": "sphinx", "revision": "5", "draft": True}],
        "speakers": [{"id": 3, "name": "Anna"}],
        "segments": [
            {
                "id": 1,
                "speaker": 3,
                "start_ms": 0,
                "end_ms": 400,
                "words": [
                    {
                        "id": 2,
                        "text": "Hello",
                        "start_ms": 0,
                        "end_ms": 400,
                        "confidence": 0.5,
                        "source": "draft",
                        "touched": True,
                    }
                ],
            }
        ],
        "untranscribed": [{"start_ms": 1_000, "end_ms": 2_000}],
        "findings": [
            {
                "kind": "doubt",
                "start_ms": 1,
                "end_ms": 2,
                "message": "No.",
                "alternatives": ["yes", "perhaps"],
            }
        ],
        "next_id": 4,
    }


@pytest.mark.parametrize("document", [Document(), FULL])
def test_what_was_written_is_read_back(document: Document) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(document)))) == document


@given(documents())
def test_any_document_is_read_back(document: Document) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(document)))) == document


def transcript(*words: dict[str, Any], **top: Any) -> dict[str, Any]:
    segments = [{"id": 1, "speaker": None, "words": list(words)}]
    return {"format": "granite-studio", "version": 1, "segments": segments, **top}


def word(given: object, text: str, start: object, end: object, **more: Any) -> dict[str, Any]:
    return {"id": given, "text": text, "start_ms": start, "end_ms": end, **more}


def test_unknown_fields_are_kept_and_written_again() -> None:
    values = to_dict(FULL)
    values["tool"] = {"name": "other", "run": [1, None]}
    values["media"]["codec"] = "flac"
    values["segments"][0]["mood"] = "calm"
    values["segments"][1]["words"][0]["norm"] = "japan"
    document = from_dict(values)
    assert to_dict(document) == values
    assert from_dict(to_dict(document)) == document


def test_an_unknown_field_never_replaces_a_known_one() -> None:
    document = from_dict({**to_dict(FULL), "tool": 1})
    forged = document.extras.replace('"tool":1', '"language":"xx"')
    assert to_dict(Document(extras=forged))["language"] == "en"
    assert to_dict(Document(extras="nonsense"))["language"] == "en"


def times(document: Document) -> list[tuple[str, int, int]]:
    return [(word.text, word.start, word.end) for word in document.words()]


def test_times_out_of_order_are_mended_and_the_words_keep_theirs() -> None:
    document = from_dict(
        transcript(
            word(2, "one", 100, 900),
            word(3, "two", 600, 700),
            word(4, "three", 650, 640),
            word(5, "four", 10, 20.4),
            word(6, "five", -5, 2_000),
        )
    )
    assert times(document) == [
        ("one", 100, 600),
        ("two", 600, 650),
        ("three", 650, 650),
        ("four", 650, 650),
        ("five", 650, 2_000),
    ]


def test_segments_out_of_order_are_sorted() -> None:
    values = transcript()
    values["segments"] = [
        {"id": 1, "words": [word(2, "late", 900, 950)]},
        {"id": 3, "words": [word(4, "early", 100, 200)]},
    ]
    assert [segment.text for segment in from_dict(values)] == ["early", "late"]


def test_a_word_that_is_several_is_parted_and_one_that_is_none_is_dropped() -> None:
    document = from_dict(
        transcript(
            word(2, " two  words ", 0, 1_000), word(3, " ", 1_000, 1_100), word(4, "x", 5, 9)
        )
    )
    assert times(document) == [("two", 0, 2), ("words", 2, 5), ("x", 5, 9)]
    assert [w.id for w in document.words()] == [2, 5, 4]
    assert [w.estimated for w in document.words()] == [True, True, False]
    assert document.next_id == 6


def test_a_paragraph_without_words_is_dropped() -> None:
    assert from_dict(transcript()).segments == ()


def test_ids_that_are_missing_strange_or_used_twice_are_given_anew() -> None:
    document = from_dict(
        transcript(
            word(1, "a", 0, 1),  # the segment has this one
            word(7, "b", 1, 2),
            word(7, "c", 2, 3),
            word("w1", "d", 3, 4),
            word(None, "e", 4, 5),
            word(-3, "f", 5, 6),
            word(True, "g", 6, 7),
            {"text": "h", "start_ms": 7, "end_ms": 8},
            cue_overrides=[{"first": 7, "last": 7}],
            next_id=3,
        )
    )
    assert [w.id for w in document.words()] == [8, 7, 9, 10, 11, 12, 13, 14]
    assert document.cue_overrides == (CueOverride(7, 7),)
    assert document.next_id == 15


def test_speakers_may_be_named_as_other_programs_do() -> None:
    values = transcript()
    values["speakers"] = [{"id": "SPEAKER_00", "name": "Anna"}]
    values["segments"] = [
        {"id": 1, "speaker": "SPEAKER_00", "words": [word(2, "a", 0, 1)]},
        {"id": 3, "speaker": "Ben", "words": [word(4, "b", 1, 2)]},
        {"id": 5, "speaker": 99, "words": [word(6, "c", 2, 3)]},
    ]
    document = from_dict(values)
    names = {speaker.id: speaker.name for speaker in document.speakers}
    found = [None if s.speaker is None else names[s.speaker] for s in document]
    assert found == ["Anna", "Ben", None]


def test_facts_about_words_that_are_not_there_are_dropped() -> None:
    document = from_dict(
        transcript(
            word(2, "a", 0, 1),
            cue_overrides=[{"first": 2, "last": 9}, {"first": 2, "last": 2, "breaks": [2, 9]}],
            highlights=[{"id": 5, "first": 9, "last": 2}],
            notes=[{"id": 6, "word": 9, "text": "gone"}],
            translations=[{"language": "fr", "texts": [{"segment": 9, "text": "x"}]}],
        )
    )
    assert document.cue_overrides == (CueOverride(2, 2, breaks=(2,)),)
    assert document.highlights == ()
    assert document.notes == ()
    assert document.translations == (Translation("fr"),)


def test_a_confidence_that_is_none_is_none() -> None:
    for raw in (None, "high", True, -1, 7, float("nan"), [0.5]):
        assert (
            next(from_dict(transcript(word(2, "a", 0, 1, confidence=raw))).words()).confidence
            is None
        )
    assert next(from_dict(transcript(word(2, "a", 0, 1, confidence=1))).words()).confidence == 1.0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (None, "the file should be an object"),
        ([], "the file should be an object"),
        ({}, "This JSON file is not a Granite Studio transcript."),
        ({"format": "srt"}, "This JSON file is not a Granite Studio transcript."),
        (transcript(version=2), "newer Granite Studio"),
        (transcript(version="1"), "the file.version should be a whole number"),
        (transcript(segments={}), "segments should be a list"),
        (transcript(segments=[3]), r"segments\[0\] should be an object"),
        (transcript(segments=[{"id": 1}]), r"segments\[0\].words should be a list"),
        (transcript(word(2, "a", "0", 1)), r"words\[0\].start_ms should be a time"),
        (transcript(word(2, "a", True, 1)), r"words\[0\].start_ms should be a time"),
        (transcript(word(2, "a", float("nan"), 1)), r"words\[0\].start_ms should be a time"),
        (transcript({"id": 2, "text": "a"}), r"words\[0\].start_ms should be a time"),
        (transcript({"id": 2, "start_ms": 0, "end_ms": 1}), r"words\[0\].text should be text"),
        (transcript(language=5), "the file.language should be text"),
        (transcript(media=5), "media should be an object"),
        (transcript(media={}), "media.duration_ms should be a time"),
        (transcript(speakers=[{"id": 1}]), r"speakers\[0\].name should be text"),
        (transcript(notes=[{"id": 1, "text": "x"}]), r"notes\[0\].word should be a whole number"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(values: object, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        from_dict(values)


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["granite-studio", "\ud800", 1e999, 2**70]),
)
nonsense = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def spoiled(values: Any, draw: st.DrawFn) -> Any:
    if isinstance(values, list) and values and draw(st.booleans()):
        place = draw(st.integers(0, len(values) - 1))
        return [*values[:place], spoiled(values[place], draw), *values[place + 1 :]]
    if isinstance(values, dict) and values and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(values)))
        return {**values, name: spoiled(values[name], draw)}
    return draw(nonsense)


@st.composite
def spoiled_transcripts(draw: st.DrawFn) -> Any:
    values: Any = to_dict(FULL)
    for _ in range(draw(st.integers(1, 3))):
        values = spoiled(values, draw)
    return values


@given(spoiled_transcripts())
def test_a_spoiled_transcript_is_refused_or_read_and_never_crashes(values: object) -> None:
    try:
        document = from_dict(values)
    except FormatError as error:
        sentence = str(error)
    else:
        used = [word.id for word in document.words()]
        for things in (document.segments, document.speakers, document.notes):
            used += [thing.id for thing in things]
        assert len(set(used)) == len(used)
        assert all(document.next_id > number for number in used)
        starts = [segment.start for segment in document]
        assert starts == sorted(starts)
        assert from_dict(to_dict(document)) == document
        sentence = "Read."
    assert sentence.endswith(".")


def test_a_deeply_nested_field_is_refused_or_kept() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(FormatError, match="nested too deeply"):
        from_dict(transcript(tool=deep))
