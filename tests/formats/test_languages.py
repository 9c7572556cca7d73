"""The language of a file: read where the file says it, written where the format can."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.importing import from_captions
from granite_studio.formats import FORMATS, Content, losses
from granite_studio.formats.base import Source
from granite_studio.formats.languages import is_right_to_left, runs_from_right, tag_of

TAGS = ("ar", "de", "en", "fr-CA", "he", "pt-BR", "sr-Latn-RS", "zh-Hant-TW")
WHOLE = ("ttml", "ebu-tt-d", "itt", "fcpxml", "docx", "odt", "md", "html", "json")
"""The formats that keep a whole tag."""
SILENT = ("srt", "vtt", "sbv", "scc", "csv", "edl", "premiere", "otio", "fcpxml-titles")
HELLO = Captions((Caption(0, 1000, "Hello."),))


def written(name: str, content: Content) -> Captions | Document:
    known = FORMATS[name]
    assert known.read is not None
    return known.read(Source(known.dump(content), f"film{known.extensions[0]}"))


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=8, deadline=None)
@given(tag=st.sampled_from(TAGS))
def test_what_was_written_in_a_language_is_read_in_it(name: str, tag: str) -> None:
    captions = Captions(HELLO.items, language=tag)
    said = (Segment(1, (Word(2, "Hello.", 0, 1000),)),)
    document = Document(said, language=tag, media=Media("a.wav", 2000), next_id=3)

    assert written(name, Content(captions=captions)).language == tag
    assert written(name, Content(document=document)).language == tag


@pytest.mark.parametrize(("tag", "code", "back"), [("de-AT", b"08", "de"), ("no", b"1E", "no")])
def test_the_head_of_ebu_stl_keeps_the_language_without_its_region(
    tag: str, code: bytes, back: str
) -> None:
    data = FORMATS["stl"].dump(Content(captions=Captions(HELLO.items, language=tag)))

    assert data[14:16] == code
    assert written("stl", Content(captions=Captions(HELLO.items, language=tag))).language == back


def test_a_code_of_ebu_stl_that_no_language_has_stays_with_the_file() -> None:
    data = FORMATS["stl"].dump(Content(captions=HELLO))
    read = FORMATS["stl"].read
    assert read is not None
    odd = read(Source(data[:14] + b"7e" + data[16:], "film.stl"))
    unknown = read(Source(data[:14] + b"44" + data[16:], "film.stl"))
    assert isinstance(unknown, Captions)

    assert (odd.language, unknown.language) == ("ar", "")
    assert FORMATS["stl"].dump(Content(captions=unknown))[14:16] == b"44"
    assert FORMATS["stl"].dump(Content(captions=unknown, language="de"))[14:16] == b"08"
    assert FORMATS["stl"].dump(Content(captions=unknown, language="tlh"))[14:16] == b"00"


@pytest.mark.parametrize("name", SILENT)
def test_a_format_without_a_place_for_the_language_says_nothing_of_it(name: str) -> None:
    content = Content(captions=Captions(HELLO.items, language="de"))

    assert written(name, content).language == ""
    assert losses(FORMATS[name], content) == losses(FORMATS[name], Content(captions=HELLO))


def test_what_the_head_of_webvtt_says_of_the_file_itself_is_no_heading() -> None:
    plain, talk = "\nKind: captions\nLanguage: de", "- Talk\nKind: captions"

    assert losses(FORMATS["ttml"], Content(captions=Captions(HELLO.items, plain))) == ()
    assert losses(FORMATS["ttml"], Content(captions=Captions(HELLO.items, talk)))


def test_where_nobody_says_a_language_files_are_as_they_were() -> None:
    content = Content(captions=HELLO)

    assert b'xml:lang="und"' in FORMATS["ttml"].dump(content)
    assert b"ITT.en" in FORMATS["fcpxml"].dump(content)
    assert FORMATS["vtt"].dump(content).startswith(b"WEBVTT\n\n")
    assert FORMATS["stl"].dump(content)[14:16] == b"00"
    assert from_captions(HELLO).language == "en"


def test_a_language_that_is_asked_for_goes_before_that_of_the_file() -> None:
    captions = Captions(HELLO.items, "- Talk\nLanguage: fr", language="fr")

    assert written("ttml", Content(captions=captions, language="de")).language == "de"
    assert (
        FORMATS["vtt"]
        .dump(Content(captions=captions, language="de"))
        .startswith(b"WEBVTT - Talk\nLanguage: de\n\n")
    )
    assert from_captions(captions, language="de").language == "de"
    assert from_captions(captions).language == "fr"


@pytest.mark.parametrize(
    ("head", "language", "header"),
    [
        ("WEBVTT\nLanguage: de", "de", "\nLanguage: de"),
        ("WEBVTT - A\nlanguage:pt_BR\nKind: b", "pt-BR", "- A\nlanguage:pt_BR\nKind: b"),
        ("WEBVTT\nKind: captions\nLanguage: German", "", "\nKind: captions\nLanguage: German"),
        ("WEBVTT Language: de", "", "Language: de"),
    ],
)
def test_the_head_of_webvtt_names_a_language(head: str, language: str, header: str) -> None:
    read = FORMATS["vtt"].read
    assert read is not None
    captions = read(Source(f"{head}\n\n00:01.000 --> 00:02.000\nHallo\n".encode()))

    assert isinstance(captions, Captions)
    assert (captions.language, captions.header, len(captions.cues)) == (language, header, 1)


def ttml(root: str = "", body: str = "", div: str = "", p: str = "") -> Captions:
    text = (
        f'<tt xmlns="http://www.w3.org/ns/ttml" {root}><body {body}><div {div}>'
        f'<p begin="1s" end="2s" {p}>Hallo</p></div></body></tt>'
    )
    read = FORMATS["ttml"].read
    assert read is not None
    captions = read(Source(text.encode(), "film.ttml"))
    assert isinstance(captions, Captions)
    return captions


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({"root": 'xml:lang="de"'}, "de"),
        ({"root": 'xml:lang=" de_CH "'}, "de-CH"),
        ({"root": 'xml:lang="und"'}, ""),
        ({"root": 'xml:lang=""', "div": 'xml:lang="de"'}, "de"),
        ({"root": 'xml:lang=""', "p": 'xml:lang="de"'}, "de"),
        ({"root": 'xml:lang="en"', "body": 'xml:lang="de"'}, "de"),
        ({"root": 'xml:lang="en"', "div": 'xml:lang="de"'}, "de"),
        ({}, ""),
    ],
)
def test_the_language_of_ttml_is_that_of_its_text(said: dict[str, str], language: str) -> None:
    captions = ttml(**said)

    assert (captions.language, captions.unread) == (language, ())


def test_other_languages_of_passages_in_ttml_are_named() -> None:
    captions = ttml('xml:lang="en"', p='xml:lang="de"')

    assert captions.language == "en"
    assert captions.unread[0][1] == "other language of a passage"


@pytest.mark.parametrize(
    ("said", "tag"),
    [("de", "de"), (" pt_BR ", "pt-BR"), ("und", ""), ("zxx-Latn", ""), ("German", ""), ("", "")],
)
def test_a_tag_is_one_that_names_a_language(said: str, tag: str) -> None:
    assert tag_of(said) == tag


@pytest.mark.parametrize("tag", ["he", "ar-EG", "fa", "ur-PK", "iw", "az-Arab", "YI"])
def test_a_language_is_written_from_the_right(tag: str) -> None:
    assert is_right_to_left(tag)


@pytest.mark.parametrize("tag", ["de", "", "az", "ar-Latn", "hebrew-ish"])
def test_a_language_is_written_from_the_left(tag: str) -> None:
    assert not is_right_to_left(tag)


@pytest.mark.parametrize(
    ("text", "language", "from_right"),
    [
        ("מה?!", "", True),
        ("- مرحبا.", "en", True),
        ("OK, שלום", "", False),
        ("NASA הודיעה.", "he", True),
        ("OK?!", "he", False),
        ("123 …?!", "he", True),
        ("123 …?!", "", False),
        ("日本語。", "ja", False),
        ("", "ar", True),
    ],
)
def test_a_passage_is_read_from_the_side_of_its_letters(
    text: str, language: str, from_right: bool
) -> None:
    assert runs_from_right(text, language) is from_right
