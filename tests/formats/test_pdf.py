"""Text out of PDFs: scripts, statements and transcripts as paragraphs with their speakers."""

import io
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.formats import FORMATS, READABLE, Source, by_extension, by_name, load, pdf
from granite_studio.pipeline.script import read_script
from tests.formats.pdffiles import (
    TO_UNICODE,
    Text,
    assembled,
    below,
    column,
    font,
    of_contents,
    shown,
    stream,
)
from tests.formats.pdffiles import pdf as pdf_of

WALL = (
    "The sea wall was built in March, and it cost more than the whole harbour did in nineteen "
    "fifty-two. Nobody had asked the people who live behind it, said the engineer."
)
SHIP = (
    "No ship has come in since. The pilots say that the new entrance is too narrow for anything "
    "longer than eighty metres, and that somebody should have measured it before."
)
CROWD = "We were told that it would be wide enough for every vessel that calls here."


def text_of(data: bytes, name: str = "a.pdf") -> pdf.Text:
    """What is in a file, read without the child process that reads it otherwise."""
    *_, text = pdf.told(Source(data, name))
    assert text is not None
    return text


def texts(data: bytes) -> list[str]:
    return [each.text for each in text_of(data).paragraphs]


def document(data: bytes) -> Document:
    return pdf.document_of(text_of(data), Source(data, "a.pdf"))


def opened(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    read = load(path)
    assert isinstance(read, Document)
    return read


def told(document: Document) -> list[tuple[str, str]]:
    """Who says what."""
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(each.speaker or 0, ""), each.text) for each in document]


def refused(data: bytes) -> str:
    """Why a file is refused; nothing where it is read."""
    return sentence_of(lambda: document(data))


def sentence_of(read: Callable[[], object]) -> str:
    try:
        read()
    except FormatError as refusal:
        return str(refusal)
    return ""


# --- paragraphs


def test_lines_become_paragraphs_where_there_is_room_between_them():
    page = below([column(WALL), column(SHIP)], gap=28)

    assert texts(pdf_of(page)) == [WALL, SHIP]


def test_a_paragraph_ends_where_the_next_word_would_have_had_room():
    page = below([column(WALL), column(SHIP), column(CROWD)], gap=14)

    assert texts(pdf_of(page)) == [WALL, SHIP, CROWD]


def test_an_indented_first_line_begins_a_paragraph():
    full = " ".join(["seven"] * 22)  # both lines are full to the last letter
    page = below([column(full, chars=65, first=20) for _ in range(3)], gap=14)

    assert texts(pdf_of(page)) == [full] * 3


def test_a_hanging_number_keeps_its_paragraph_together():
    said = f"1. {WALL}"
    page = below([column(said, then=25), column(SHIP, then=25)], gap=14)

    assert texts(pdf_of(page)) == [said, SHIP]


def test_a_paragraph_goes_on_over_the_page_and_heads_and_feet_are_none():
    lines = below([column(f"{WALL} {SHIP}"), column(CROWD)], gap=28)
    sheets = [
        [Text(70, 810, "Harbour Board, press office"), *part, Text(290, 40, f"- {number} -")]
        for number, part in enumerate((lines[:3], lines[3:]), 1)
    ]

    assert texts(pdf_of(*sheets)) == [f"{WALL} {SHIP}", CROWD]


def test_what_somebody_says_at_the_same_place_of_every_page_stays():
    page = below([column(WALL), column(SHIP)], gap=14)

    assert texts(pdf_of(page, page, page)) == [WALL, SHIP] * 3


def test_the_number_of_a_single_page_is_no_text_but_a_year_is():
    assert texts(pdf_of([*column(WALL), Text(290, 40, "1")])) == [WALL]
    assert texts(pdf_of([*column(WALL), Text(290, 40, "Page 1 of 1")])) == [WALL]
    assert texts(pdf_of([*column(WALL), Text(290, 40, "2026")])) == [WALL, "2026"]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("people under-", "stand it", "people understand it"),
        ("it is well-", "known here", "it is well-known here"),
        ("it is sea-", "sick and sea-sick here", "it is sea-sick and sea-sick here"),
        ("sick of sea-", "sick sea here", "sick of sea-sick sea here"),
        ("it is sea-", "sick but seasick here", "it is seasick but seasick here"),
        ("the Vor-", "und Nachteile", "the Vor- und Nachteile"),
        ("the North-", "South line", "the North-South line"),
        ("state-of-", "the-art work", "state-of-the-art work"),
        ("in 2025-", "26 it was", "in 2025-26 it was"),
        ("he said -", "nothing", "he said - nothing"),
        ("under\xad", "stand", "understand"),
    ],
)
def test_hyphens_at_the_ends_of_lines_go_where_the_word_is_plain(first, second, whole):
    filler = "x" * (40 - len(first) - 1)
    page = [Text(70, 700, f"{filler} {first}"), Text(70, 686, second)]

    assert texts(pdf_of(page)) == [f"{filler} {whole}"]


def test_two_columns_are_read_one_after_the_other():
    left = below([column(WALL, chars=32), column(SHIP, chars=32)], gap=28)
    right = below([column(CROWD, x=320, chars=32), column(WALL, x=320, chars=32)], gap=28)

    assert texts(pdf_of([*left, *right])) == [WALL, SHIP, CROWD, WALL]


def test_justified_lines_are_not_short():
    """Where words are spread over the line, their own widths say little about where it ends."""
    rows = [(each.text, 66 - len(each.text)) for each in column(f"{WALL} {SHIP}")]
    spread = b""
    for number, (row, missing) in enumerate(rows):
        wide = 6.6 * missing / max(row.count(" "), 1) if number < len(rows) - 1 else 0
        head = f"BT /F1 11 Tf {wide} Tw 70 {700 - 14 * number} Td ({row}) Tj ET\n"
        spread += head.encode()

    assert texts(of_contents([spread])) == [f"{WALL} {SHIP}"]


def test_words_that_are_placed_one_by_one_are_one_line():
    parts = []
    for row in column(WALL):
        place = row.x
        parts.append(f"BT /F1 11 Tf 1 0 0 1 {place} {row.y} Tm ".encode())
        for word in row.text.split():
            parts.append(f"1 0 0 1 {place} {row.y} Tm [({word[:1]}) 10 ({word[1:]})] TJ ".encode())
            place += 6.6 * (len(word) + 1)
        parts.append(b"ET\n")

    assert texts(of_contents([b"".join(parts)])) == [WALL]


def test_a_page_on_its_side_is_read_as_it_is_shown():
    turned = b"".join(
        f"BT /F1 11 Tf 0 1 -1 0 {842 - row.y} {row.x} Tm ({row.text}) Tj ET\n".encode()
        for row in column(WALL)
    )

    assert texts(of_contents([turned], rotate=90)) == [WALL]


def test_a_watermark_and_what_lies_off_the_paper_are_no_text():
    slanted = b"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT) Tj ET\n"
    hidden = b"q 50 600 500 200 re W n BT /F1 11 Tf 70 500 Td (hidden) Tj ET Q\n"

    assert texts(of_contents([slanted + shown(column(WALL)) + hidden])) == [WALL]


def test_raised_numbers_of_footnotes_are_not_said():
    page = (
        b"BT /F1 11 Tf 70 700 Td (It cost ten million) Tj ET\n"
        b"BT /F1 6 Tf 201 705 Td (3) Tj ET\nBT /F1 11 Tf 208 700 Td (in the end.) Tj ET\n"
    )

    assert texts(of_contents([page])) == ["It cost ten million in the end."]


# --- letters


def test_umlauts_quotes_and_ligatures_are_what_they_look_like():
    said = "Größe und Öl: „naïve“ \N{EN DASH} 5 €"
    assert texts(pdf_of([Text(70, 700, said)])) == [said]

    pairs = "<01> <FB01>\n<02> <0065>\n<03> <20AC>"
    mapped = stream(TO_UNICODE.format(count=3, pairs=pairs).encode())
    fonts = (font("Courier", "/ToUnicode 6 0 R"),)
    content = b"BT /F1 11 Tf 70 700 Td <01020203> Tj ET"

    assert texts(of_contents([content], fonts=fonts, more=[mapped])) == ["fiee€"]


# --- speakers and times


def test_a_script_is_read_with_its_speakers():
    page = below(
        [
            column(f"ANNA BERG: {WALL}"),
            column(f"REPORTER: {CROWD}"),
            column(f"ANNA BERG: {SHIP}"),
            column(SHIP),
        ],
        gap=20,
    )

    read = document(pdf_of(page, packed=True))

    assert told(read) == [
        *(("ANNA BERG", WALL), ("REPORTER", CROWD), ("ANNA BERG", SHIP), ("", SHIP)),
    ]
    starts = [each.start for each in read]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert all(word.estimated for word in read.words())


def test_names_in_bold_are_names_whatever_they_look_like():
    parts = [("dr. van der Meer (board):", WALL), ("the pilot:", SHIP)]
    page = []
    for number, (name, said) in enumerate(parts):
        first, *rest = column(f"{name} {said}", y=700 - 90 * number)
        page += [
            Text(first.x, first.y, name, font="F2"),
            Text(first.x + 6.6 * (len(name) + 1), first.y, first.text[len(name) + 1 :]),
            *rest,
        ]

    assert told(document(pdf_of(page))) == [
        ("dr. van der Meer (board)", WALL),
        ("the pilot", SHIP),
    ]


def test_the_script_of_a_film_has_its_names_above_what_they_say():
    parts = [
        [Text(250, 0, "ANNA BERG"), *column(WALL, x=180, y=-14, chars=35)],
        column(CROWD, x=108),
        [Text(250, 0, "PILOT (V.O.)"), *column("Nobody asked us.", x=180, y=-14, chars=35)],
        [Text(250, 0, "ANNA BERG (CONT'D)"), *column(SHIP, x=180, y=-14, chars=35)],
    ]

    read = document(pdf_of([Text(250, 800, "THE WALL", size=20), *below(parts, gap=28)]))

    assert told(read) == [
        ("", "THE WALL"),
        ("ANNA BERG", WALL),
        ("", CROWD),
        ("PILOT", "Nobody asked us."),
        ("ANNA BERG", SHIP),
    ]


def test_headings_are_read_but_not_put_to_a_recording(tmp_path: Path):
    bold = [Text(70, 0, "Second act", font="F2")]
    parts = [column(f"ANNA: {WALL}"), bold, column("INT. HARBOUR - NIGHT"), column(f"TOM: {SHIP}")]
    page = [Text(70, 800, "The wall", size=20), *below(parts, gap=28)]
    (tmp_path / "a.pdf").write_bytes(pdf_of(page))

    assert [each.text for each in document(pdf_of(page))] == [
        *("The wall", WALL, "Second act", "INT. HARBOUR - NIGHT", SHIP),
    ]
    script = read_script(tmp_path / "a.pdf", "en")
    assert told(script.document) == [("ANNA", WALL), ("TOM", SHIP)]
    assert script.headings == 3


def test_what_is_all_in_bold_or_large_letters_is_text(tmp_path: Path):
    page = [Text(line.x, line.y, line.text, size=20, font="F2") for line in column(WALL)]
    (tmp_path / "a.pdf").write_bytes(pdf_of(page))

    script = read_script(tmp_path / "a.pdf", "en")
    assert [each.text for each in script.document] == [
        each.text for each in document(pdf_of(page))
    ]
    assert script.headings == 0


def test_a_transcript_with_times_keeps_them():
    page = below([column(f"[00:01:05] Anna: {WALL}"), column(f"[00:02:10] Tom: {CROWD}")], gap=14)

    read = document(pdf_of([Text(70, 800, "Interview", size=20), *page]))

    assert told(read) == [("Anna", WALL), ("Tom", CROWD)]
    assert [each.start for each in read] == [65_000, 130_000]


def test_a_clock_in_a_statement_is_no_time_code():
    said = [f"The meeting (12:30) is open. {WALL}", SHIP, CROWD, WALL]

    read = document(pdf_of(below(map(column, said), gap=28)))

    assert [each.text for each in read] == said


def test_a_pdf_is_the_text_of_a_recording(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(
        pdf_of(below([column(f"ANNA: {WALL}"), column(SHIP)], gap=28))
    )

    script = read_script(tmp_path / "a.pdf", "en")
    assert told(script.document) == [("ANNA", WALL), ("", SHIP)]


# --- the table


def test_a_pdf_is_known_by_its_name_and_by_its_beginning(tmp_path: Path):
    assert pdf.FORMAT in READABLE
    assert "pdf" not in FORMATS
    for name in ("a.PDF", "a"):
        assert told(opened(tmp_path / name, pdf_of(column(WALL)))) == [("", WALL)]


@pytest.mark.parametrize("ask", [lambda: by_extension(Path("a.pdf")), lambda: by_name("pdf")])
def test_none_is_written_here(ask):
    with pytest.raises(FormatError, match=r"made in the window \(File > Save as PDF\)"):
        ask()


# --- what cannot be read


def test_each_trouble_has_its_sentence():
    picture = stream(b"\0" * 100, more="/Subtype /Image /Width 10 /Height 10")
    scan = of_contents([b"/I0 Do"], resources="/XObject << /I0 8 0 R >>", more=[picture])
    unmapped = "".join(f"<{code:02x}> <{0xE000 + code:04x}>\n" for code in range(65, 91))
    riddle = of_contents(
        [shown([Text(70, 700, "ABCDEFGHIJKLMNOP")])],
        fonts=(font("Courier", "/ToUnicode 6 0 R"),),
        more=[stream(TO_UNICODE.format(count=26, pairs=unmapped).encode())],
    )

    assert refused(scan) == (
        "“a.pdf” has no text in it, only pictures; run text recognition (OCR) on it and open "
        "what that makes."
    )
    assert refused(pdf_of([])) == (
        "“a.pdf” has no text in it, at most drawings of letters; run text recognition (OCR) on it "
        "and open what that makes."
    )
    assert refused(riddle) == (
        "“a.pdf” does not say which letters its fonts draw; run text recognition (OCR) on it and "
        "open what that makes."
    )
    assert refused(b"just text") == "“a.pdf” is no PDF; choose another file."
    assert refused(b"%PDF-1.4\nnothing") == (
        "“a.pdf” is damaged, or no whole PDF; save it again from where it was written."
    )


def locked(user: str, owner: str) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.append(io.BytesIO(pdf_of(column(WALL))))
    writer.encrypt(user, owner, algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def test_a_locked_file_says_so_but_one_that_is_locked_against_changes_is_read():
    assert refused(locked("secret", "owner")) == (
        "“a.pdf” is locked with a password; open it with the password elsewhere and save a copy "
        "without it."
    )
    assert told(document(locked("", "owner"))) == [("", WALL)]


@cache
def bombs() -> dict[str, bytes]:
    """Files that are small and would take hours or gigabytes."""
    huge = stream(b"\0" * (80 << 20), packed=True)
    many = b" ".join([b"/X0 Do"] * 20)
    forms = [
        stream(many, more=f"/Subtype /Form /Resources << /XObject << /X0 {9 + number} 0 R >> >>")
        for number in range(12)
    ]
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return {
        "a stream that unpacks to 80 MB": of_contents(
            [b"/X0 Do"], resources="/XObject << /X0 8 0 R >>", more=[huge]
        ),
        "a page of such": assembled(
            [
                catalogue,
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /Resources << /Font << >> >> /Contents 4 0 R >>",
                huge,
            ]
        ),
        "pages that are their own parents": assembled(
            [catalogue, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"]
        ),
        "a million pages": assembled(
            [
                catalogue,
                b"<< /Type /Pages /Kids [" + b"3 0 R " * 100_000 + b"] /Count 100000 >>",
                b"<< /Type /Page /Parent 2 0 R >>",
            ]
        ),
        "a table of places that goes round": pdf_of(column(WALL)).replace(
            b"/Root 1 0 R", b"/Root 1 0 R /Prev 400"
        ),
        "lists in lists": of_contents([b"[" * 100_000]),
        "dictionaries in dictionaries": assembled([b"<< /A " * 20_000]),
        "forms in forms": of_contents([many], resources="/XObject << /X0 8 0 R >>", more=forms),
        "numbers without end": of_contents([b"1 " * 1_000_000]),
    }


@pytest.mark.parametrize("name", list(bombs()))
def test_a_file_made_to_fill_time_and_memory_is_refused_or_read_at_once(name, tmp_path: Path):
    said = sentence_of(lambda: opened(tmp_path / "a.pdf", bombs()[name]))

    assert said == "" or (said.startswith("“a.pdf” ") and said.endswith("."))


def test_a_reader_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "LONGEST_S", 0.0)

    assert sentence_of(lambda: opened(tmp_path / "a.pdf", pdf_of(column(WALL)))) == (
        "“a.pdf” takes more time or memory to read than a text can need; print it to a new PDF, "
        "or copy its text into a .txt file."
    )


def mutations(data: bytes, count: int, seed: int):
    """The file with bytes changed, cut out or doubled, and cut short."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            place = chance.randrange(len(changed))
            length = chance.choice((1, 1, 1, 4, 40))
            kind = chance.randrange(4)
            if kind == 0:
                changed[place] = chance.randrange(256)
            elif kind == 1:
                changed[place : place + length] = chance.choice(
                    (b"", b"0", b"-1", b"99999999999", b"<<", b"[", b">>", b"/", b" R", b"\0")
                )
            elif kind == 2:
                other = chance.randrange(len(changed))
                changed[place : place + length] = changed[other : other + length]
            elif chance.random() < 0.2:
                del changed[max(place, 8) :]
        yield bytes(changed)


def seeds() -> list[bytes]:
    page = below([column(f"ANNA: {WALL}"), column(SHIP)], gap=28)
    pairs = "".join(f"<{code:02x}> <{code:04x}>\n" for code in range(32, 96))
    mapped = stream(TO_UNICODE.format(count=64, pairs=pairs).encode())
    return [
        pdf_of(page, page),
        pdf_of(page, packed=True),
        of_contents([shown(page)], fonts=(font("Courier", "/ToUnicode 6 0 R"),), more=[mapped]),
    ]


@pytest.mark.parametrize("seed", range(len(seeds())))
def test_damaged_files_are_read_or_refused_with_a_sentence(seed):
    for data in mutations(seeds()[seed], 120, seed):
        said = refused(data)
        assert said == "" or (said.startswith("“a.pdf” ") and said.endswith("."))
