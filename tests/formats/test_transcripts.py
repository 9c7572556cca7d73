"""Transcripts as people read them (DOCX, TXT) and as programs do (JSON)."""

import contextlib
import io
import json
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import (
    Document,
    EngineUse,
    Highlight,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    Word,
    joined,
    tokens,
)
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, Labels, dump, json_file, srt
from granite_studio.formats.base import Source


def segment(number: int, start: int, text: str, speaker: int | None = None) -> Segment:
    """Words of 500 ms each; the segment's id is `number`, its words' follow."""
    words = tuple(
        Word(number + 1 + n, word, start + n * 500, start + n * 500 + 400)
        for n, word in enumerate(text.split())
    )
    return Segment(number, words, speaker)


INTERVIEW = Document(
    segments=(
        segment(10, 0, "When did you come to the harbour?", 1),
        segment(20, 62_000, "In the spring of ninety-one.", 2),
        segment(30, 130_000, "Nobody was there.", None),
        segment(40, 3_700_000, "Thank you.", 1),
    ),
    speakers=(Speaker(1, "Anna"), Speaker(2, "Tom O'Neil")),
    language="en",
    media=Media("harbour.wav", 3_723_500),
    engines=(EngineUse("granite-plus", "r2"), EngineUse("sphinx", "", draft=True)),
    untranscribed=(Span(100_000, 112_500),),
    highlights=(Highlight(50, 22, 24),),
    notes=(Note(51, 23, "1991?\nAsk again."),),
    next_id=60,
)
CHECKED = replace(INTERVIEW, engines=(EngineUse("granite-plus", "r2"),))
DRAFT = "Draft: this text was written by a machine and nobody has checked it."


def txt(document: Document, timecodes: str = "paragraph", title: str = "") -> str:
    content = Content(document=document, timecodes=timecodes, title=title)
    return dump("txt", content).decode()


def word(content: Content) -> "docx.document.Document":
    return docx.Document(io.BytesIO(dump("docx", content)))


def test_plain_text_has_a_time_code_at_each_paragraph() -> None:
    assert txt(CHECKED) == (
        "[00:00:00] Anna: When did you come to the harbour?\n\n"
        "[00:01:02] Tom O'Neil: In the spring of ninety-one.\n\n"
        "[00:01:40 - 00:01:52 speech not transcribed]\n\n"
        "[00:02:10] Nobody was there.\n\n"
        "[01:01:40] Anna: Thank you.\n"
    )


def test_plain_text_with_a_time_code_every_two_minutes() -> None:
    assert txt(CHECKED, "minutes:2").split("\n\n")[0] == (
        "Anna: [00:00:00] When did you come to the harbour?"
    )
    assert txt(CHECKED, "minutes:2").split("\n\n")[1:] == [
        "Tom O'Neil: In the spring of ninety-one.",
        "[00:01:40 - 00:01:52 speech not transcribed]",
        "[00:02:10] Nobody was there.",
        "Anna: [01:01:40] Thank you.\n",
    ]


def test_a_time_code_may_stand_in_the_middle_of_a_paragraph() -> None:
    document = Document((segment(1, 59_000, "one two three four"),), next_id=9)

    assert txt(document, "minutes:1") == "[00:00:59] one two [00:01:00] three four\n"


def test_plain_text_without_time_codes_still_says_what_is_missing() -> None:
    assert "\n\n[00:01:40 - 00:01:52 speech not transcribed]\n\nNobody" in txt(CHECKED, "off")


def test_a_draft_says_so_first() -> None:
    assert txt(INTERVIEW, title="Harbour").startswith(f"{DRAFT}\n\nHarbour\n\n[00:00:00] Anna")


def test_added_words_can_be_in_the_readers_language() -> None:
    labels = Labels(draft="Entwurf.", untranscribed="nicht verschriftet", file="Datei")
    content = Content(document=INTERVIEW, labels=labels)

    assert dump("txt", content).decode().startswith("Entwurf.\n\n")
    assert "[00:01:40 - 00:01:52 nicht verschriftet]" in dump("txt", content).decode()
    assert "NOTE Entwurf.\n" in dump("vtt", content).decode()
    assert styled(content, "Transcript Fact")[0] == "Datei: harbour.wav"
    assert styled(content, "Transcript Draft") == ["Entwurf."]


def test_an_empty_document_is_an_empty_text() -> None:
    assert txt(Document()) == ""


@pytest.mark.parametrize("timecodes", ["", "minutes:0", "minutes:", "always", "minutes:1.5"])
def test_unknown_time_codes_are_a_programmers_mistake(timecodes: str) -> None:
    with pytest.raises(ValueError, match="time codes are"):
        Content(document=CHECKED, timecodes=timecodes)


def test_content_is_one_thing() -> None:
    with pytest.raises(ValueError, match="either captions or a document"):
        Content()
    with pytest.raises(ValueError, match="either captions or a document"):
        Content(document=CHECKED, captions=Captions())


def test_a_word_document_reads_like_the_transcript() -> None:
    file = word(Content(document=INTERVIEW, title="Harbour", date="2026-11-21"))

    assert [(part.style and part.style.name, part.text) for part in file.paragraphs] == [
        ("Title", "Harbour"),
        ("Transcript Fact", "File: harbour.wav"),
        ("Transcript Fact", "Length: 01:02:03"),
        ("Transcript Fact", "Language: English (en)"),
        ("Transcript Fact", "Engine: granite-plus r2, sphinx"),
        ("Transcript Fact", "Date: 2026-11-21"),
        ("Transcript Draft", DRAFT),
        ("Transcript", "[00:00:00] Anna: When did you come to the harbour?"),
        ("Transcript", "[00:01:02] Tom O'Neil: In the spring of ninety-one."),
        ("Untranscribed", "[00:01:40 – 00:01:52 speech not transcribed]"),  # noqa: RUF001
        ("Transcript", "[00:02:10] Nobody was there."),
        ("Transcript", "[01:01:40] Anna: Thank you."),
    ]


def test_everything_in_a_word_document_has_a_style() -> None:
    file = word(Content(document=CHECKED))
    answer = file.paragraphs[-4]

    assert [(run.style.name, run.text) for run in answer.runs if run.text] == [
        ("Time Code", "[00:01:02] "),
        ("Speaker 2", "Tom O'Neil:"),
        ("Default Paragraph Font", " "),
        ("Default Paragraph Font", "In"),
        ("Highlighted", " the spring"),
        ("Highlighted", " of"),
        ("Default Paragraph Font", " ninety-one."),
    ]
    speaker = file.styles["Speaker 2"]
    assert speaker.base_style.name == "Speaker"
    assert speaker.base_style.font.bold
    assert speaker.base_style.font.small_caps
    assert str(file.styles["Untranscribed"].font.color.rgb) == "C00000"


def test_notes_become_comments() -> None:
    assert [comment.text for comment in word(Content(document=CHECKED)).comments] == [
        "1991?\nAsk again."
    ]


def test_word_checks_the_spelling_of_the_right_language() -> None:
    file = word(Content(document=replace(CHECKED, language="de")))

    (element,) = file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    assert element.get(qn("w:val")) == "de-DE"
    assert file.core_properties.language == "de"


def test_right_to_left_languages_are_set_from_the_right() -> None:
    styles = word(Content(document=replace(CHECKED, language="he"))).styles

    assert styles["Transcript"].font.rtl
    assert styles["Transcript"].element.pPr.find(qn("w:bidi")) is not None


def test_pages_are_numbered() -> None:
    footer = word(Content(document=CHECKED)).sections[0].footer.paragraphs[0]

    fields = footer._p.findall(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]


def test_a_word_document_says_what_it_is_and_not_what_made_its_template() -> None:
    properties = word(
        Content(document=CHECKED, title="Harbour", date="2026-11-21")
    ).core_properties

    assert (properties.title, properties.author) == ("Harbour", "Granite Studio")
    assert properties.comments == ""
    assert properties.created is not None
    assert properties.created.date().isoformat() == "2026-11-21"


def test_the_same_content_gives_the_same_bytes() -> None:
    content = Content(document=INTERVIEW, title="Harbour")

    data = dump("docx", content)

    assert data == dump("docx", content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_captions_become_a_transcript_on_the_way_to_text() -> None:
    captions = Captions((Caption(0, 2000, "<v Anna>Hello &amp; welcome"),))

    assert dump("txt", Content(captions=captions)) == b"[00:00:00] Anna: Hello & welcome\n"


def test_a_document_becomes_cues_in_a_style() -> None:
    read = srt.read(Source(dump("srt", Content(document=CHECKED, speaker_names=False)))).cues

    assert " ".join(cue.text for cue in read).replace("\n", " ") == joined(
        word.text for word in CHECKED.words()
    )
    assert read[0].start == 0


def test_json_holds_a_word_on_a_line_and_comes_back_whole() -> None:
    data = dump("json", Content(document=INTERVIEW))

    lines = data.decode().split("\n")
    assert lines[:3] == ["{", ' "format": "granite-studio",', ' "version": 1,']
    assert sum('"text": "harbour?"' in line and '"start_ms": 3000' in line for line in lines) == 1
    assert json.loads(data)["segments"][0]["words"][0]["text"] == "When"
    assert json_file.read(Source(data)) == INTERVIEW


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "“x.json” is not whole JSON; save it again from where it came."),
        (b"[" * 100_000, "“x.json” is not whole JSON; save it again from where it came."),
        (b'{"a": 1' + b"0" * 9999 + b"}", "not"),
        (b'{"format": "other"}', "“x.json” is no transcript of ours, nor of another tool"),
        (b"[]", "is no transcript of ours"),
        (
            b'{"format": "granite-studio", "version": 2}',
            "“x.json”: This transcript comes from a newer Granite Studio; "
            "update the program to open it.",
        ),
    ],
)
def test_other_json_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        json_file.read(Source(data, "x.json"))

    assert sentence in str(refusal.value)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "words", "text", "start_ms", "end_ms", "name", "speaker", "first"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["segments", "speakers", "media", "language", "notes", "cue_overrides"]),
        JSON_VALUES,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_json_gives_a_transcript_or_a_sentence(fields: dict[str, object]) -> None:
    data = json.dumps({"format": "granite-studio", "version": 1, **fields}).encode()

    with contextlib.suppress(FormatError):
        assert isinstance(json_file.read(Source(data)), Document)


NASTY = [
    *("-->", "<script>alert(1)</script>", "</w:t>", "]]>", "{\\p1}", "=cmd|'/C", "&amp;", "<b>"),
    *("\0", "\x01", "\x0b", "\x1b", "\u202e", "\ud800", "\ufffe", "\ufeff", "\u2028", "\xad"),
    *('"', "\\", "\\u0000", "e\u0301", "東京", "\U0001f469\u200d\U0001f52c", "\t", " ", "-", "%s"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), min_size=1, max_size=8).map("".join)


@given(texts=st.lists(texts.filter(tokens), min_size=1, max_size=4), name=texts, title=texts)
@settings(max_examples=100, deadline=None)
def test_hostile_text_reaches_every_file_unharmed(texts: list[str], name: str, title: str) -> None:
    segments, number = [], 10
    for text in texts:
        segments.append(segment(number, number * 1000, " ".join(tokens(text)), 1))
        number += 100
    document = Document(
        tuple(segments), (Speaker(1, name),), notes=(Note(2, 11, title),), next_id=number
    )
    spoken = [part.text for part in document]
    content = Content(document=document, timecodes="off", title=title)

    assert [
        text[-len(said) :] for text, said in zip(styled(content), spoken, strict=True)
    ] == spoken
    in_text = dump("txt", content).decode().removesuffix("\n").split("\n\n")[-len(spoken) :]
    assert [text[-len(said) :] for text, said in zip(in_text, spoken, strict=True)] == spoken
    assert [part.text for part in json_file.read(Source(dump("json", content)))] == spoken


def styled(content: Content, style: str = "Transcript") -> list[str]:
    paragraphs = word(content).paragraphs
    return [p.text for p in paragraphs if p.style is not None and p.style.name == style]
