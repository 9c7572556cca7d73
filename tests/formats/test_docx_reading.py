"""Word documents that come in: tracked changes, lost styles, tables, and hostile files."""

import contextlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Captions
from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.importing import from_captions
from granite_studio.core.roundtrip.differences import Deed
from granite_studio.core.roundtrip.handed import Came, handed
from granite_studio.core.roundtrip.returning import returned
from granite_studio.formats import Content, Layout, dump, load
from granite_studio.formats.base import Source
from granite_studio.formats.docx_reading import brought, read
from tests.core.pictures import picture, transcript
from tests.formats.wordfiles import HEAD, TYPES, W, change, deleted, paragraph, run, word


def paragraphs(data: bytes) -> list[Came]:
    return list(brought(Source(data, "edited.docx")).paragraphs)


def project() -> Document:
    document = transcript(
        "Anna Berg: the sea wall was built in March",
        "Tom O'Neil: how much did it cost so far",
        "Anna Berg: about four million pounds we think",
        gap=1500,
    )
    return replace(document, media=Media("wall.wav", 60_000, "fingerprint"))


# ---- what Word does


def test_tracked_changes_are_taken() -> None:
    body = (
        paragraph(run("The wall", style="Zeit"), style="Titel")
        + paragraph(
            run("[00:01:02] ", "Zeit"), run("Anna:", "S1"), run(" the "), deleted("see"),
            change("ins", run("sea")), run(" wa"), run("ll was "),
            change("moveFrom", run("long ")), run("built"),
        )
        + paragraph(deleted("all of this went"), mark=change("del"))
        + paragraph(run("[00:01:09] ", "Zeit"), run("and then"), mark=change("del"))
        + paragraph(run(" it fell"), change("moveTo", run(" again")))
        + paragraph(change("ins", run("nobody saw it")), mark=change("ins"))
    )  # fmt: skip
    assert paragraphs(word(body)) == [
        Came("the sea wall was built", "Anna", 62_000),
        Came("and then it fell again", "", 69_000),
        Came("nobody saw it", "", None),
    ]


def test_breaks_tabs_hyphens_links_and_fields_are_read_as_text() -> None:
    body = paragraph(
        run("[00:00:01] ", "Zeit"),
        "<w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>thr</w:t><w:softHyphen/>"
        "<w:t>ee-</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r>",
        f"<w:hyperlink>{run(' five')}</w:hyperlink>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>',
        f'<w:fldSimple w:instr="X">{run(" six")}</w:fldSimple>',
        f"<w:sdt><w:sdtContent>{run(' seven')}</w:sdtContent></w:sdt>",
    )
    assert paragraphs(word(body)) == [Came("one two three-\u2011four five six seven", "", 1000)]


def test_text_in_drawings_and_formulas_is_not_what_was_said() -> None:
    body = paragraph(
        run("[00:00:01] ", "Zeit"),
        run("said"),
        '<mc:AlternateContent xmlns:mc="urn:x"><mc:Choice><w:r><w:t>box</w:t></w:r></mc:Choice>'
        "</mc:AlternateContent>",
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict>"
        "</w:r>",
    )
    assert [came.text for came in paragraphs(word(body))] == ["said"]


def test_a_name_in_the_middle_begins_a_paragraph() -> None:
    body = paragraph(
        run("[00:00:01] ", "Zeit"), run("Anna:", "S1"), run(" yes "),
        run("[00:00:05] ", "Zeit"), run("Bob", "S1"), run(": no"),
    )  # fmt: skip
    assert paragraphs(word(body)) == [Came("yes", "Anna", 1000), Came("no", "Bob", 5000)]


def test_comments_become_notes_at_the_last_word_they_stand_at() -> None:
    comments = (
        f'{HEAD}<w:comments {W}><w:comment w:id="3"><w:p>{run("Is that")}</w:p><w:p>{run("so?")}'
        "</w:p></w:comment></w:comments>"
    )
    body = paragraph(
        run("[00:00:01] ", "Zeit"), run("Anna:", "S1"), '<w:commentRangeStart w:id="3"/>',
        run(" one two"), '<w:commentRangeEnd w:id="3"/>', run(" three"),
    )  # fmt: skip
    data = word(body, {"word/comments.xml": comments})
    assert paragraphs(data) == [Came("one two three", "Anna", 1000, ((1, "Is that so?"),))]


def test_without_any_style_times_and_names_are_known_by_their_look() -> None:
    lines = (
        "Harbour", "File: wall.wav", "Language: English (en)",
        "[00:00:01] Anna: yes", "[00:00:03 \u2013 00:00:04 speech not transcribed]",
        "[00:00:05] ANNA BERG: no: never", "[00:01:00] Anna: it was 12:30",
    )  # fmt: skip
    body = "".join(paragraph(run(line), style="") for line in lines)
    assert paragraphs(word(body, styles=f"{HEAD}<w:styles {W}/>")) == [
        Came("yes", "Anna", 1000),
        Came("no: never", "ANNA BERG", 5000),
        Came("it was 12:30", "Anna", 60_000),
    ]


def test_a_foreign_table_is_read_by_what_its_columns_look_like() -> None:
    rows = (
        ("No", "Time", "Who", "Text", "Fran\u00e7ais"),
        ("1", "00:00:01", "Anna", "What do you think of it?", "Qu'en pensez-vous, vous ?"),
        ("2", "00:00:04", "Tom", "Nothing at all, as ever.", "Rien du tout, comme toujours."),
    )
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(run(cell), style='')}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )  # fmt: skip
    assert paragraphs(word(f"<w:tbl>{table}</w:tbl>")) == [
        Came("What do you think of it?", "Anna", 1000),
        Came("Nothing at all, as ever.", "Tom", 4000),
    ]


def test_a_row_that_was_deleted_is_left_out() -> None:
    def row(time: str, text: str, mark: str = "") -> str:
        cells = f"<w:tc>{paragraph(run(time, 'Zeit'))}</w:tc><w:tc>{paragraph(run(text))}</w:tc>"
        return f"<w:tr>{f'<w:trPr>{mark}</w:trPr>' if mark else ''}{cells}</w:tr>"

    table = row("00:00:01", "stays") + row("00:00:02", "went", change("del"))
    assert paragraphs(word(f"<w:tbl>{table}</w:tbl>")) == [Came("stays", "", 1000)]


# ---- a transcript


def test_words_share_the_time_between_time_codes() -> None:
    body = (
        paragraph(run("[00:00:01] ", "Zeit"), run("Anna:", "S1"), run(" one two"))
        + paragraph(run("three four"))
        + paragraph(run("[00:00:03] ", "Zeit"), run("Bob:", "S1"), run(" five"))
    )
    document = read(Source(word(body)))
    assert picture(document) == ["Anna: one two", "three four", "Bob: five"]
    assert all(item.estimated for item in document.words())
    starts = [segment.start for segment in document]
    assert (starts[0], starts[2]) == (1000, 3000)
    assert 1000 < starts[1] < 3000
    assert document.segments[1].end <= 3000


def test_a_word_file_is_opened_as_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(dump("docx", Content(document=project())))
    document = load(path)
    assert isinstance(document, Document)
    assert picture(document) == picture(project())


def test_a_file_of_another_program_opens(shared_data: Path) -> None:
    document = load(shared_data / "subtitles" / "mantas" / "docx.docx")
    assert isinstance(document, Document)
    assert document.segments


# ---- there and back


@pytest.mark.parametrize("layout", [Layout.INTERVIEW, Layout.SCRIPT])
@pytest.mark.parametrize("timecodes", ["paragraph", "minutes:1", "off"])
def test_an_export_that_nobody_changed_changes_nothing(layout: Layout, timecodes: str) -> None:
    document = project()
    content = Content(document=document, layout=layout, timecodes=timecodes, title="The wall")
    came = brought(Source(dump("docx", content)))
    assert came.handed == handed(document)
    result = returned(document, came)
    assert result.document is document
    assert result.knows_export


@pytest.mark.parametrize(
    ("timecodes", "has_styles"), [("paragraph", True), ("off", True), ("paragraph", False)]
)
def test_what_only_looks_like_names_times_and_heads_is_text(
    timecodes: str, has_styles: bool
) -> None:
    document = transcript("Language is one thing", "Q: what then", "Q: [00:01:02] and then")
    first = document.segments[0]
    words = (replace(first.words[0], text="Language:"), *first.words[1:])
    document = replace(
        document,
        segments=tuple(replace(each, speaker=None) for each in document.segments),
        speakers=(),
        media=Media("a.wav", 9000, "print"),
    )
    said = [replace(first, words=words, speaker=None)]
    for each in document.segments[1:]:
        head = replace(each.words[0], id=each.words[0].id + 500, text="Q:", end=each.start)
        said.append(replace(each, words=(head, *each.words)))
    document = replace(document, segments=tuple(said), next_id=9000)
    file = docx.Document(io.BytesIO(dump("docx", Content(document=document, timecodes=timecodes))))
    for each in file.paragraphs if not has_styles else ():
        each.style = None
        for part in each.runs:
            part.style = None
    output = io.BytesIO()
    file.save(output)
    came = brought(Source(output.getvalue()))
    assert returned(document, came).document is document


def test_marks_come_back_through_another_program_that_saves_the_file() -> None:
    document = project()
    file = docx.Document(io.BytesIO(dump("docx", Content(document=document))))
    output = io.BytesIO()
    file.save(output)
    assert brought(Source(output.getvalue())).handed == handed(document)


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u00ad"), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_edits_of_the_file_arrive_in_the_project(data: st.DataObject) -> None:
    document = project()
    file = docx.Document(io.BytesIO(dump("docx", Content(document=document))))
    said = [p for p in file.paragraphs if p.style.name == "Transcript"]
    expected = []
    for each, segment in zip(said, document.segments, strict=True):
        deed = data.draw(st.sampled_from(["keep", "word", "delete", "append"]))
        words = [item.text for item in segment.words]
        if deed == "delete":
            each._p.getparent().remove(each._p)
            continue
        if deed == "word":
            place = data.draw(st.integers(0, len(words) - 1))
            words[place] = data.draw(st.sampled_from(["harbour", "\u201cquay\u201d", "1953"]))
            each.runs[-1].text = " ".join(words)
        if deed == "append":
            each.add_run(" indeed").bold = True
            words.append("indeed")
        expected.append(" ".join(words))
    if not expected:
        return
    output = io.BytesIO()
    file.save(output)
    result = returned(document, brought(Source(output.getvalue())))
    assert [segment.text for segment in result.document] == expected
    before = {item.id: item for item in document.words()}
    for item in result.document.words():
        old = before.get(item.id)
        assert item.touched or item == old


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_any_text_comes_back_as_it_went(texts: list[str], name: str) -> None:
    words = [token for text in texts for token in text.split()]
    words = [each for each in words if "".join(each.split()) == each and each.isprintable()]
    if not words:
        return
    said = tuple(Word(n + 2, text, n * 100, n * 100 + 90) for n, text in enumerate(words))
    speakers = (Speaker(1, name.strip()),) if name.strip().isprintable() and name.strip() else ()
    segment = Segment(500, said, 1 if speakers else None)
    document = Document((segment,), speakers, media=Media("a", 9000, "f"), next_id=600)
    result = returned(document, brought(Source(dump("docx", Content(document=document)))))
    assert [d.deed for d in result.differences if d.deed is not Deed.SPEAKER] == []


def test_real_subtitles_go_to_word_and_back_unchanged(shared_data: Path) -> None:
    folder = shared_data / "subtitles"
    files = [path for path in sorted(folder.rglob("*.srt")) if path.stat().st_size < 20_000]
    assert files
    for path in files[:12]:
        with contextlib.suppress(FormatError):  # some of them are broken on purpose
            captions = load(path)
            assert isinstance(captions, Captions)
            document = replace(from_captions(captions), media=Media("a", 10**7, "print"))
            came = brought(Source(dump("docx", Content(document=document)), path.name))
            assert returned(document, came).document is document


# ---- hostile files


def refused(data: bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why) as refusal:
        brought(Source(data, "x.docx"))
    assert str(refusal.value).endswith(".")


def test_what_is_no_word_file_is_refused() -> None:
    refused(b"", "is not a Word document")
    refused(b"PK\x03\x04 nonsense", "is not a Word document")
    refused(b"\xd0\xcf\x11\xe0 old", "an old Word file")
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr("hello.txt", "hello")
    refused(output.getvalue(), "is not a Word document")


def test_types_and_entities_of_its_own_are_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
        f"<w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    refused(word("", {"word/document.xml": bomb}), "declares a document type")
    outside = f'<?xml version="1.0"?><!DOCTYPE s SYSTEM "file:///etc/passwd"><w:styles {W}/>'
    refused(word(paragraph(run("a")), {"word/styles.xml": outside}), "declares a document type")


def test_what_unpacks_to_too_much_is_refused() -> None:
    refused(word("", {f"word/media/{n}": b"\0" * (64 << 20) for n in range(9)}), "unpacks to more")


def test_macros_are_refused() -> None:
    enabled = TYPES.replace("document.main+xml", "document.macroEnabled.main+xml")
    refused(word("", {"[Content_Types].xml": enabled}), "can hold macros")
    refused(word("", {"word/vbaProject.bin": b"x"}), "can hold macros")


def test_deep_and_damaged_files_are_refused() -> None:
    refused(word("<w:sdt>" * 3000 + "</w:sdt>" * 3000), "more elements, or deeper ones")
    refused(word("<w:p>"), "is not whole XML")
    whole = word(paragraph(run("text " * 200)))
    refused(whole[: len(whole) // 2], "is not a Word document")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_file_with_any_byte_changed_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(word(paragraph(run("[00:00:01] ", "Zeit"), run("Anna: some text"))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FormatError):
        assert read(Source(bytes(whole), "x.docx")).segments
