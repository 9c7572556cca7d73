"""What stands at single words of a transcript, in files that people read, there and back:
looks, quotes, notes, and speech without text."""

import contextlib
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import (
    Document,
    Emphasis,
    Highlight,
    Note,
    Segment,
    Span,
    Speaker,
)
from granite_studio.core.edits import Place
from granite_studio.core.emphasis import TAGS, Emphasised, Tags
from granite_studio.core.errors import FormatError
from granite_studio.formats import FORMATS, Carries, Content, Layout, dump, losses
from granite_studio.formats.base import Source
from granite_studio.formats.print_page import printable
from tests.formats.test_documents import READERS, body, documents, parts, read, repacked, words
from tests.formats.wordfiles import paragraph, run, word

SIMPLE = ("i", "b")
RICH = Document(
    segments=(
        Segment(10, words(11, 0, "We saw the sea wall"), 1),
        Segment(20, words(21, 5000, "and it was long")),
    ),
    speakers=(Speaker(1, "Anna"),),
    untranscribed=(Span(3000, 4000), Span(60_500, 75_250)),
    emphases=(
        Emphasis(12, 14, "i"),
        Emphasis(13, 15, "b"),
        Emphasis(14, 14, "u"),
        Emphasis(15, 21, "c.yellow"),
        Emphasis(21, 21, "b"),
    ),
    highlights=(Highlight(50, 12, 13), Highlight(51, 22, 23)),
    notes=(Note(60, 13, "Which?\nAsk."), Note(61, 13, "Again"), Note(62, 24, "How long?")),
    next_id=70,
)


def looks(document: Document, known: tuple[str, ...] = TAGS) -> list[tuple[str, Tags]]:
    """Each word with its tags."""
    found = Emphasised(document)
    return [
        (word.text, tuple(tag for tag in found.tags(word.id) if tag in known))
        for word in document.words()
    ]


def marked(document: Document) -> list[tuple[str, bool, list[str]]]:
    """Each word, whether it is quoted, and what is noted at it."""
    place = {word.id: n for n, word in enumerate(document.words())}
    quoted = {
        n for each in document.highlights for n in range(place[each.first], place[each.last] + 1)
    }
    notes: dict[int, list[str]] = {}
    for note in document.notes:
        notes.setdefault(place[note.word], []).append(note.text)
    return [(w.text, n in quoted, notes.get(n, [])) for n, w in enumerate(document.words())]


def written(name: str, document: Document = RICH, **options: str) -> bytes:
    return dump(name, Content(document=document, **options))


def again(name: str, document: Document = RICH, **options: str) -> Document:
    return read(name, written(name, document, **options))


def known_to(name: str) -> tuple[str, ...]:
    return TAGS if Carries.STYLING in FORMATS[name].carries else SIMPLE


# ---- there and back


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("timecodes", ["paragraph", "minutes:1"])
def test_words_come_back_as_they_looked(name: str, timecodes: str) -> None:
    found = again(name, timecodes=timecodes)

    assert looks(found) == looks(RICH, known_to(name))


@pytest.mark.parametrize("name", READERS)
def test_quotes_and_notes_come_back_at_their_words(name: str) -> None:
    found = again(name)

    assert marked(found) == marked(RICH)
    assert len(found.highlights) == 2


@pytest.mark.parametrize("name", READERS)
def test_speech_without_text_comes_back(name: str) -> None:
    exact = name == "html"

    assert again(name).untranscribed == (
        Span(3000, 4000),
        Span(60_500, 75_250) if exact else Span(60_000, 75_000),
    )


@pytest.mark.parametrize("name", READERS)
def test_paragraphs_stay_whole_over_pauses(name: str) -> None:
    first, second = words(1, 0, "one"), words(2, 9000, "two")
    document = Document((Segment(5, (*first, *second)), Segment(6, words(3, 90_000, "three"))))

    assert [s.text for s in again(name, replace(document, next_id=9))] == ["one two", "three"]


@pytest.mark.parametrize("name", READERS)
def test_what_is_read_can_be_written_the_same(name: str) -> None:
    once = written(name)

    assert written(name, replace(read(name, once), media=RICH.media)) == once


@pytest.mark.parametrize("name", READERS)
def test_japanese_words_without_spaces_keep_their_looks(name: str) -> None:
    text = words(1, 0, "\u6d77\u306f \u9752\u3044\u3002 \u7a7a\u3082")
    document = Document(
        (Segment(9, text),), emphases=(Emphasis(2, 2, "b"), Emphasis(3, 3, "i")), next_id=10
    )

    assert looks(again(name, document)) == looks(document)


@pytest.mark.parametrize("name", READERS)
def test_what_other_tools_write_where_they_heard_nothing_is_a_word_here(name: str) -> None:
    document = Document((Segment(9, words(1, 0, "Then %hesitation <unk> yes")),), next_id=10)

    assert again(name, document).segments[0].text == "Then %hesitation <unk> yes"


@pytest.mark.parametrize("name", ["md", "odt", "html", "docx"])
@pytest.mark.parametrize("text", ["Anna: yes", "::: yes", ":smile: yes"])
@pytest.mark.parametrize("speaker", [None, 1])
@pytest.mark.parametrize("timecodes", ["paragraph", "minutes:1"])
def test_colons_that_were_said_stay(
    name: str, text: str, speaker: int | None, timecodes: str
) -> None:
    document = Document(
        (Segment(9, words(2, 0, text), speaker),), (Speaker(1, "Tom"),), next_id=10
    )
    data = written(name, document, timecodes=timecodes)

    found = read_word(data) if name == "docx" else read(name, data)

    assert [(segment.text, len(found.speakers)) for segment in found] == [
        (text, 1 if speaker else 0)
    ]


# ---- how it is written


def test_markdown_has_stars() -> None:
    lines = written("md").decode().split("\n\n")

    assert lines[3] == ("[00:00:00] **Anna:** We ==*saw* ***the***==[^1][^2] ***sea*** **wall**")
    assert lines[5] == "[00:00:05] <b>and</b> ==it was== long[^3]"


def test_a_page_has_tags_and_a_class_for_a_colour() -> None:
    page = written("html").decode()
    bare = re.sub(r'<span data-start="[0-9]+" data-end="[0-9]+">([^<]*)</span>', r"\1", page)

    assert "<p>We <mark><i>saw </i><i><b>the</b></i></mark>" in bare
    assert '<i><b><u>sea</u></b></i><b> </b><b><span class="yellow">wall</span></b>' in bare
    assert ".yellow { box-shadow: 0 3px #ffff00" in page


def test_an_opendocument_text_has_styles_without_names() -> None:
    found = parts(written("odt"))["content.xml"].decode()

    styles = dict(
        re.findall(r'<style:style style:name="(T[0-9])"[^>]*>(.*?)</style:style>', found)
    )
    assert 'fo:font-style="italic"' in styles["T1"]
    assert 'style:text-underline-color="#ffff00"' in found
    assert body(written("odt")).count("sea") == 1


def test_paper_shows_looks() -> None:
    page = printable(Content(document=RICH))

    assert "<i><b><u>sea</u></b></i>" in page
    assert "text-decoration-color: #b2b200" in page


@pytest.mark.parametrize("name", ["html", "odt", "md"])
def test_an_underlined_word_may_have_a_colour_too(name: str) -> None:
    both = replace(RICH, emphases=(Emphasis(12, 12, "u"), Emphasis(12, 12, "c.lime")))

    assert looks(again(name, both)) == looks(both, known_to(name))


# ---- what is left out


def test_formats_that_drop_looks_say_so() -> None:
    def lost(name: str) -> bool:
        told = losses(FORMATS[name], Content(document=replace(RICH, notes=(), highlights=())))
        return any("emphasised" in each for each in told)

    assert not any(map(lost, ("html", "odt", "json", "vtt")))
    assert all(map(lost, ("txt", "ctm", "csv", "rttm", "sbv")))
    markdown = FORMATS["md"]
    assert losses(markdown, Content(document=RICH)) == ("2 emphasised passages",)
    simple = replace(RICH, emphases=RICH.emphases[:2])
    assert losses(markdown, Content(document=simple)) == ()


# ---- what people do to such files


def test_stars_and_tags_that_people_write_are_looks() -> None:
    text = b"**Anna:** *one* __two__ <u>three</u> ***four*** five*six ==seven== **eight\n"

    assert looks(read("md", text)) == [
        ("one", ("i",)), ("two", ("b",)), ("three", ("u",)), ("four", ("i", "b")),
        ("fivesix", ()), ("seven", ()), ("eight", ()),
    ]  # fmt: skip


def test_footnotes_that_people_write_are_notes() -> None:
    text = b"**Anna:** one two[^a] three\n\n[^a]: Is *that*\n   so?\n\n[^b]: Nowhere.\n"

    assert marked(read("md", text)) == [
        ("one", False, []), ("two", False, ["Is that\nso?"]), ("three", False, []),
    ]  # fmt: skip


def test_letters_in_italics_do_not_cut_a_word() -> None:
    page = written("html", replace(RICH, emphases=())).decode()
    page = page.replace(">sea<", "><i>se</i>a<")
    page = page.replace(">long<", ">lo<i>ng</i><")

    found = looks(read("html", page.encode()))

    assert found[3] == ("sea", ("i",))
    assert found[-1] == ("long", ())


def test_looks_that_an_office_program_gave_are_read() -> None:
    content = parts(written("odt", replace(RICH, emphases=())))["content.xml"].decode()
    style = '<style:style style:name="{}" style:family="text"{}><style:text-properties {}/>'
    automatic = "".join(
        style.format(*each) + "</style:style>"
        for each in (
            ("T1", "", 'fo:font-weight="700"'),
            ("T2", ' style:parent-style-name="Highlighted"', 'fo:font-style="oblique"'),
            ("T3", "", 'fo:font-weight="normal" style:text-underline-style="solid"'),
        )
    )
    content = content.replace(
        "<office:body>", f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        "<office:body>",
    )  # fmt: skip
    spans = (
        '<text:span text:style-name="T1">we<text:span text:style-name="T3">re</text:span> '
        '<text:span text:style-name="T3">all</text:span></text:span> '
        '<text:span text:style-name="T2">long</text:span>'
    )
    content = content.replace("long", spans)

    found = read("odt", repacked(written("odt"), content=content.encode()))

    assert looks(found)[-3:] == [("were", ("b",)), ("all", ("u",)), ("long", ("i",))]
    assert marked(found)[-1][:2] == ("long", True)


def test_a_remark_without_an_end_stands_at_the_word_before() -> None:
    content = parts(written("odt"))["content.xml"].decode()
    remark = (
        "<office:annotation><dc:creator>x</dc:creator><text:p>Hm?</text:p></office:annotation>"
    )
    content = content.replace(" was", f"{remark} was").replace("annotation-end", "bookmark")

    found = marked(read("odt", repacked(written("odt"), content=content.encode())))

    assert ("it", True, ["Hm?"]) in found


# ---- hostile text


@st.composite
def emphasised(draw: st.DrawFn) -> Document:
    """Paragraphs of hostile text with looks from anywhere to anywhere."""
    document = draw(documents())
    places = [
        Place(row, word)
        for row, segment in enumerate(document.segments)
        for word in range(len(segment.words))
    ]
    for tag in draw(st.lists(st.sampled_from(TAGS), max_size=4)):
        start, end = sorted(
            (draw(st.sampled_from(places)), draw(st.sampled_from(places))),
            key=lambda place: (place.row, place.word),
        )
        document = edits.emphasize(document, start, Place(end.row, end.word + 1), tag)
    spans = draw(st.lists(st.integers(0, 90), max_size=4, unique=True).map(sorted))
    gaps = tuple(Span(s * 1000, s * 1000 + 1000) for s in spans)
    return replace(document, untranscribed=gaps)


def by_sign(document: Document, known: tuple[str, ...]) -> list[tuple[str, Tags, bool]]:
    """Each letter with its looks and whether it is quoted: words may be cut in another way."""
    return [
        (sign, tags, quoted)
        for (text, tags), (_, quoted, _) in zip(
            looks(document, known), marked(document), strict=True
        )
        for sign in text
    ]


def noted(document: Document) -> list[str]:
    """What is noted, with its white space as one space."""
    return [" ".join(note.text.split()) for note in document.notes]


@pytest.mark.parametrize("name", READERS)
@given(document=emphasised(), timecodes=st.sampled_from(["paragraph", "minutes:1"]))
@settings(max_examples=150, deadline=None)
def test_all_that_stands_at_words_comes_back(
    name: str, document: Document, timecodes: str
) -> None:
    found = again(name, document, timecodes=timecodes)

    assert by_sign(found, TAGS) == by_sign(document, known_to(name))
    assert [n for n in noted(found) if n] == [n for n in noted(document) if n]
    assert found.untranscribed == document.untranscribed
    assert [s.text for s in found] == [s.text for s in document]


PIECES = st.sampled_from(
    [
        *(
            "*",
            "**",
            "***",
            "_",
            "==",
            "<i>",
            "</i>",
            "<b>",
            "<u>",
            "[^1]",
            "[^1]: x",
            "\n\n",
            "a",
        ),
        *(
            "[00:00:01]",
            "**A:**",
            "<section>",
            "<mark>",
            "</mark>",
            "<span class='red'>",
            "</span>",
        ),
        *("<span data-start='1' data-end='2'>", "<sup>", "<a href='#note-1'>", "</a>", "</sup>"),
        *("<li id='note-1'>", "</li>", "<p class='untranscribed' data-start='9' data-end='3'>"),
        *("*[00:00:09 \N{EN DASH} 00:00:03 x]*", "\\", " ", "\u6d77", "b c"),
    ]
)


@pytest.mark.parametrize("name", ["md", "html"])
@given(pieces=st.lists(PIECES, max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_markup_gives_a_whole_transcript_or_one_sentence(name: str, pieces: list[str]) -> None:
    with contextlib.suppress(FormatError):
        found = read(name, "".join(pieces).encode())
        assert len(looks(found)) == len(marked(found)) > 0


# ---- Word


def test_a_word_document_says_how_words_look() -> None:
    found = read_word(written("docx", both()))

    assert looks(found) == looks(both())
    assert [quoted for _, quoted, _ in marked(found)] == [q for _, q, _ in marked(RICH)]
    assert losses(FORMATS["docx"], Content(document=RICH)) == ()


def test_a_table_of_word_keeps_looks_too() -> None:
    data = dump("docx", Content(document=both(), layout=Layout.SCRIPT))

    assert looks(read_word(data)) == looks(both())


def test_what_word_says_of_a_run_that_was_changed_back_is_heeded() -> None:
    runs = (
        run("[00:00:01] ", "Zeit"),
        '<w:r><w:rPr><w:b w:val="0"/><w:i/></w:rPr><w:t>one</w:t></w:r>',
        '<w:r><w:rPr><w:u w:val="none"/></w:rPr><w:t> two </w:t></w:r>',
        '<w:r><w:rPr><w:u w:val="wave" w:color="auto"/><w:b w:val="true"/></w:rPr>'
        "<w:t>three</w:t></w:r>",
    )  # fmt: skip
    found = read_word(word(paragraph(*runs)))

    assert looks(found) == [("one", ("i",)), ("two", ()), ("three", ("b", "u"))]


@given(document=emphasised())
@settings(max_examples=40, deadline=None)
def test_looks_in_a_word_document_come_back(document: Document) -> None:
    found = read_word(written("docx", document))

    assert [sign for sign, _, _ in by_sign(found, TAGS)] == [
        sign for sign, _, _ in by_sign(document, TAGS)
    ]
    assert by_sign(found, TAGS) == by_sign(document, TAGS)


def both() -> Document:
    """Also a word that is underlined and has a colour."""
    return replace(
        RICH, emphases=(*RICH.emphases, Emphasis(22, 23, "u"), Emphasis(22, 22, "c.red"))
    )


def read_word(data: bytes) -> Document:
    found = FORMATS["docx"].read
    assert found is not None
    document = found(Source(data, "x.docx"))
    assert isinstance(document, Document)
    return document
