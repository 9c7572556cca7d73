"""Word documents as tables, in two languages, and in a person's own template."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from granite_studio.core import edits
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, EngineUse, Media, Span
from granite_studio.core.errors import FormatError
from granite_studio.core.styles import style
from granite_studio.formats import Content, Layout, dump
from granite_studio.formats.base import Source
from granite_studio.formats.docx_reading import brought
from tests.core.pictures import transcript
from tests.formats.wordfiles import TYPES, paragraph, run, word


def interview() -> Document:
    document = transcript(
        "Anna Berg: the sea wall was built in March",
        "Tom O'Neil: how much did it cost <so> far",
        "about four million pounds",
        gap=1500,
    )
    document = replace(
        document,
        media=Media("wall.wav", 62_000, "fingerprint"),
        engines=(EngineUse("granite"),),
        untranscribed=(Span(3_000, 4_200),),
    )
    for segment, text in zip(document.segments, ("le mur", "combien"), strict=False):
        document = edits.set_translation(document, segment.id, "fr", text)
    return document


def opened(**options: object) -> "docx.document.Document":
    content = Content(document=interview(), title="The wall", date="2026-11-21", **options)  # type: ignore[arg-type]
    data = dump("docx", content)
    assert data == dump("docx", content)
    return docx.Document(io.BytesIO(data))


def cells(file: "docx.document.Document") -> list[list[str]]:
    [table] = file.tables
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]


# ---- tables


def test_times_and_a_line_of_a_cue_stand_in_one_line_of_their_cells() -> None:
    [table] = opened(layout=Layout.CUES).tables
    margins = table._tbl.tblPr.find(qn("w:tblCellMar"))
    beside = sum(int(side.get(qn("w:w"))) for side in margins)

    points = [(column.width.twips - beside) / 20 for column in table.columns]

    assert points[0] >= 5 * 0.65 * 9  # 99999, in digits as wide as those of any common font
    assert min(points[1], points[2]) >= 12 * 0.57 * 9  # 00:00:01.000 with its narrower marks
    assert points[4] >= 42 * 0.5 * 11


def test_a_script_has_a_row_for_each_paragraph() -> None:
    file = opened(layout=Layout.SCRIPT)
    assert cells(file) == [
        ["No.", "In", "Out", "Speaker", "Text"],
        ["1", "00:00:00", "00:00:00", "Anna Berg", "the sea wall was built in March"],
        ["2", "00:00:02", "00:00:02", "Tom O'Neil", "how much did it cost <so> far"],
        ["[00:00:03 \u2013 00:00:04 speech not transcribed]"],
        ["3", "00:00:04", "00:00:04", "", "about four million pounds"],
    ]
    [table] = file.tables
    names = [run.style.name for row in table.rows for run in row.cells[3].paragraphs[0].runs]
    assert {"Speaker 1", "Speaker 2"} <= set(names)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_script_without_time_codes_has_no_columns_for_them() -> None:
    file = opened(layout=Layout.SCRIPT, timecodes="off")
    assert cells(file)[0] == ["No.", "Speaker", "Text"]


def test_a_script_of_the_subtitles_has_a_row_for_each_cue() -> None:
    content = Content(
        captions=Captions(
            (Caption(1000, 2500, "ANNA: Hello\nthere"), Caption(3000, 4000, "TOM: Bye"))
        ),
        layout=Layout.CUES,
        style=style("general"),
    )
    file = docx.Document(io.BytesIO(dump("docx", content)))
    assert cells(file)[1:] == [
        ["1", "00:00:01.000", "00:00:02.500", "ANNA", "Hello\nthere"],
        ["2", "00:00:03.000", "00:00:04.000", "TOM", "Bye"],
    ]


def test_a_script_of_the_subtitles_says_where_speech_has_no_text() -> None:
    file = opened(layout=Layout.CUES)
    texts = [row[-1] for row in cells(file)]
    place = texts.index("[00:00:03 \u2013 00:00:04 speech not transcribed]")
    assert texts[place + 1] == "about four million pounds"


def test_two_languages_stand_side_by_side_and_what_is_out_of_date_says_so() -> None:
    document = edits.retype(interview(), 1, "how much did all this cost")
    content = Content(document=document, layout=Layout.BILINGUAL)
    file = docx.Document(io.BytesIO(dump("docx", content)))
    rows = cells(file)
    assert rows[0] == ["In", "Speaker", "Text (en)", "Text (fr)"]
    assert rows[1][2:] == ["the sea wall was built in March", "le mur"]
    assert rows[2][3] == "combien [translated from other words]"
    section = file.sections[0]
    assert section.page_width > section.page_height
    marks = file.tables[0].rows[2].cells[3].paragraphs[0].runs
    assert marks[-1].style.name == "Out Of Date"
    back = brought(Source(dump("docx", content)))
    assert back.paragraphs[1].text == "how much did all this cost"


def test_a_translation_that_is_not_there_is_told() -> None:
    with pytest.raises(FormatError, match="no translation to stand beside"):
        dump("docx", Content(document=transcript("a"), layout=Layout.BILINGUAL))
    with pytest.raises(FormatError, match="Nothing was translated to de; there is fr"):
        dump("docx", Content(document=interview(), layout=Layout.BILINGUAL, beside="de"))


# ---- templates


def template(*lines: str, row: tuple[str, ...] = (), styles: tuple[str, ...] = ()) -> Source:
    """A template with these paragraphs, and a table whose second row is `row`."""
    file = docx.Document()
    for name in styles:
        file.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    for line in lines:
        file.add_paragraph(line)
    if row:
        table = file.add_table(2, len(row))
        for place, text in enumerate(row):
            table.rows[0].cells[place].text = f"column {place}"
            table.rows[1].cells[place].text = text
    output = io.BytesIO()
    file.save(output)
    return Source(output.getvalue(), "letter.docx")


def lines(file: "docx.document.Document") -> list[str]:
    return [each.text for each in file.paragraphs]


def test_fields_of_the_head_are_filled() -> None:
    file = opened(
        template=template(
            "{{title}} of {{ DATE }}",
            "{{file}}, {{length}}, {{language}}, {{engine}}",
            "{{transcript}}",
        )
    )
    assert lines(file)[:3] == [
        "The wall of 2026-11-21",
        "wall.wav, 00:01:02, English (en), granite",
        "[00:00:00] Anna Berg: the sea wall was built in March",
    ]
    assert lines(file)[4] == "[00:00:03 \u2013 00:00:04 speech not transcribed]"


def test_a_field_split_over_runs_keeps_the_look_of_its_first_sign() -> None:
    file = docx.Document()
    line = file.add_paragraph("on ")
    for text, bold in (("{", True), ("{da", False), ("te}} and {{ti", False), ("tle}}!", False)):
        line.add_run(text).bold = bold
    file.add_paragraph("{{transcript}}")
    file.sections[0].header.paragraphs[0].text = "Head: {{title}}"
    output = io.BytesIO()
    file.save(output)
    made = opened(template=Source(output.getvalue()))
    runs = made.paragraphs[0].runs
    assert [(run.text, run.bold) for run in runs if run.text] == [
        ("on ", None), ("2026-11-21", True), (" and The wall", False), ("!", False),
    ]  # fmt: skip
    assert made.sections[0].header.paragraphs[0].text == "Head: The wall"


def test_a_row_is_repeated_for_each_paragraph() -> None:
    file = opened(
        template=template(
            row=("{{number}}", "at {{time}}", "{{speaker}}", "{{text}}", "{{translation}}")
        )
    )
    rows = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert rows == [
        [f"column {place}" for place in range(5)],
        ["1", "at 00:00:00", "Anna Berg", "the sea wall was built in March", "le mur"],
        ["2", "at 00:00:02", "Tom O'Neil", "how much did it cost <so> far", "combien"],
        ["", "at 00:00:03", "", "[00:00:03 \u2013 00:00:04 speech not transcribed]", ""],
        ["3", "at 00:00:04", "", "about four million pounds", ""],
    ]


def test_the_transcript_takes_the_styles_of_the_template() -> None:
    file = opened(template=template("{{transcript}}", styles=("Transcript",)))
    assert file.paragraphs[0].style.name == "Transcript"
    assert file.paragraphs[0].style.paragraph_format.space_after is None
    own = docx.Document()
    own.add_paragraph("{{transcript}}", style="Quote")
    output = io.BytesIO()
    own.save(output)
    assert opened(template=Source(output.getvalue())).paragraphs[0].style.name == "Quote"


def test_values_are_text_and_never_fields_or_markup() -> None:
    content = Content(
        document=interview(),
        title="{{transcript}} <w:p/> {{nothing}}",
        template=template("{{title}}", "{{transcript}}"),
    )
    file = docx.Document(io.BytesIO(dump("docx", content)))
    assert file.paragraphs[0].text == "{{transcript}} <w:p/> {{nothing}}"


def test_a_draft_says_so_in_a_template_too() -> None:
    draft = replace(interview(), engines=(EngineUse("sphinx", draft=True),))
    content = Content(document=draft, template=template("{{transcript}}"))
    file = docx.Document(io.BytesIO(dump("docx", content)))
    assert file.paragraphs[0].text.startswith("Draft:")


def test_a_filled_template_can_come_back() -> None:
    for form in (
        template("{{transcript}}"),
        template(row=("{{time}}", "{{speaker}}", "{{text}}")),
    ):
        data = dump("docx", Content(document=interview(), template=form))
        said = [(came.speaker, came.text) for came in brought(Source(data)).paragraphs]
        assert said[:2] == [
            ("Anna Berg", "the sea wall was built in March"),
            ("Tom O'Neil", "how much did it cost <so> far"),
        ]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (
            template("{{titel}}", "{{transcript}}"),
            "has a field that is not known, {{titel}}; there are",
        ),
        (template("{{title}}"), "has no place for the text; write {{transcript}}"),
        (template("{{text}}"), "has {{text}} outside of a row of a table"),
        (template("So: {{transcript}}"), "has {{transcript}} beside other text"),
        (Source(b"PK no", "letter.docx"), "is not a Word document"),
    ],
)
def test_a_template_that_cannot_be_filled_says_why(made: Source, why: str) -> None:
    with pytest.raises(FormatError) as refusal:
        opened(template=made)
    assert f"“letter.docx” {why}" in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_hostile_templates_are_refused() -> None:
    macros = TYPES.replace("document.main+xml", "document.macroEnabled.main+xml")
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    body = paragraph(run("{{transcript}}"))
    for parts, why in (
        ({"[Content_Types].xml": macros}, "can hold macros"),
        ({"word/settings.xml": bomb}, "declares a document type"),
        ({"word/header1.xml": "<a>"}, "is not whole XML"),
    ):
        with pytest.raises(FormatError, match=why):
            opened(template=Source(word(body, parts), "letter.docx"))


def test_a_template_fetches_no_other_template() -> None:
    file = docx.Document()
    file.add_paragraph("{{transcript}}")
    part = file.part._settings_part
    number = part.relate_to(
        "http://example.org/evil.dotm", f"{RELATIONSHIP_TYPE.SETTINGS}/attachedTemplate", True
    )
    attached = OxmlElement("w:attachedTemplate")
    attached.set(qn("r:id"), number)
    file.settings.element.insert(0, attached)
    output = io.BytesIO()
    file.save(output)
    content = Content(document=interview(), template=Source(output.getvalue()))
    with zipfile.ZipFile(io.BytesIO(dump("docx", content))) as made:
        assert not [name for name in made.namelist() if b"evil" in made.read(name)]
