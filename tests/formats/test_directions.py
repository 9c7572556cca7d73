"""Text that is read from the right: TTML says so, and so do documents, pages and paper."""

import io
import re
import zipfile

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.importing import from_captions
from granite_studio.formats import FORMATS, Content, Layout
from granite_studio.formats.base import Source
from granite_studio.formats.print_page import printable

HEBREW, MIXED, LATIN, NUMBERS = "מה שלומך?!", "NASA הודיעה.", "OK?!", "- 1948?!"
TTML = ("ttml", "ebu-tt-d", "itt")


def captions(*texts: str, language: str = "") -> Captions:
    cues = (Caption(n * 2000, n * 2000 + 1000, text) for n, text in enumerate(texts))
    return Captions(tuple(cues), language=language)


def dumped(name: str, *texts: str, language: str = "") -> str:
    return FORMATS[name].dump(Content(captions=captions(*texts, language=language))).decode()


def turned(name: str, *texts: str, language: str = "") -> list[bool]:
    """Which paragraphs name the style that says from where they are read."""
    file = dumped(name, *texts, language=language)
    return ['style="rtl' in p for p in re.findall("<p [^>]*>", file)]


@pytest.mark.parametrize("name", TTML)
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("he", [True, True, False, True]),
        ("", [True, False, False, False]),
        ("en", [True, False, False, False]),
    ],
)
def test_ttml_turns_the_paragraphs_that_are_read_from_the_right(
    name: str, language: str, expected: list[bool]
) -> None:
    assert turned(name, HEBREW, MIXED, LATIN, NUMBERS, language=language) == expected


@pytest.mark.parametrize("name", TTML)
def test_the_direction_is_a_style_in_the_head_alone(name: str) -> None:
    file = dumped(name, HEBREW, language="he")
    style = '<style xml:id="rtl" tts:direction="rtl" tts:unicodeBidi="embed"/>'

    assert file.count("direction") == file.count("unicodeBidi") == file.count(style) == 1
    assert "rtl" not in dumped(name, LATIN, "日本語", "123", language="ja")


def test_names_of_speakers_and_tags_do_not_turn_a_paragraph() -> None:
    assert turned("ttml", "<v דנה>Hello", "<v Dana><i>שלום</i>") == [False, True]


def test_a_paragraph_that_is_turned_keeps_its_alignment_and_place() -> None:
    cue = Caption(0, 1000, HEBREW, settings="line:0 align:start")
    file = FORMATS["ttml"].dump(Content(captions=Captions((cue,)))).decode()

    assert 'style="rtl alignStart"' in file
    read = FORMATS["ttml"].read
    assert read is not None
    back = read(Source(file.encode()))
    assert isinstance(back, Captions)
    assert back.cues == (cue,)


@pytest.mark.parametrize("name", TTML)
def test_what_is_read_again_is_written_again_and_nothing_is_lost(name: str) -> None:
    known = FORMATS[name]
    assert known.read is not None
    first = known.dump(Content(captions=captions(HEBREW, MIXED, LATIN, language="he")))
    back = known.read(Source(first))
    assert isinstance(back, Captions)

    assert (back.language, back.unread) == ("he", ())
    assert known.dump(Content(captions=back)) == first


def unread(attributes: str, text: str, language: str = "", head: str = "") -> list[str]:
    file = (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
        f'xml:lang="{language}"><head>{head}</head><body><div>'
        f'<p begin="1s" end="2s" {attributes}>{text}</p></div></body></tt>'
    )
    read = FORMATS["ttml"].read
    assert read is not None
    found = read(Source(file.encode()))
    assert isinstance(found, Captions)
    return [f"{count} {one}" for count, one, _ in found.unread]


REGION = '<layout><region xml:id="r" tts:writingMode="rltb"/></layout>'


@pytest.mark.parametrize(
    ("attributes", "text", "language", "head"),
    [
        ('tts:direction="rtl" tts:unicodeBidi="embed"', HEBREW, "", ""),
        ('tts:direction="rtl"', NUMBERS, "ar", ""),
        ('tts:unicodeBidi="isolate"', HEBREW, "he", ""),
        ('region="r"', HEBREW, "he", REGION),
        ('tts:direction="ltr"', LATIN, "en", ""),
    ],
)
def test_a_direction_that_the_text_has_itself_is_not_missed(
    attributes: str, text: str, language: str, head: str
) -> None:
    assert unread(attributes, text, language, head) == []


@pytest.mark.parametrize(
    ("attributes", "text", "language", "head"),
    [
        ('tts:direction="rtl"', LATIN, "en", ""),
        ('tts:unicodeBidi="bidiOverride"', HEBREW, "he", ""),
        ('region="r"', LATIN, "", REGION),
    ],
)
def test_a_direction_that_is_lost_is_named(
    attributes: str, text: str, language: str, head: str
) -> None:
    assert unread(attributes, text, language, head) == ["1 direction of writing"]


@pytest.mark.parametrize(
    ("text", "language", "is_turned"),
    [(HEBREW, "he", True), (HEBREW, "", True), (LATIN, "he", True), (LATIN, "", False)],
)
def test_documents_pages_and_paper_say_from_where_they_are_read(
    text: str, language: str, is_turned: bool
) -> None:
    content = Content(captions=captions(text, language=language))
    table = Content(document=from_captions(captions(text, language=language)), layout=Layout.CUES)

    assert (' dir="rtl">' in FORMATS["html"].dump(content).decode()) is is_turned
    assert ('<p dir="rtl">' in printable(content)) is is_turned
    for name, part, said in (
        ("docx", "word/styles.xml", "<w:bidi/>"),
        ("odt", "styles.xml", 'writing-mode="rl-tb"'),
    ):
        for wanted in (content, table):
            with zipfile.ZipFile(io.BytesIO(FORMATS[name].dump(wanted))) as archive:
                assert (said in archive.read(part).decode()) is is_turned, name


@pytest.mark.parametrize(
    ("texts", "direction"),
    [
        (("שלום and welcome to the programme", "Thank you."), "ltr"),
        ((HEBREW, "OK, שלום"), "rtl"),
    ],
)
def test_a_greeting_does_not_turn_a_transcript_around(
    texts: tuple[str, ...], direction: str
) -> None:
    document = from_captions(captions(*texts))

    assert f'dir="{direction}"' in FORMATS["html"].dump(Content(document=document)).decode()
