"""CSV and TSV: tables as people and programs make them, and ours, which no formula gets into."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.formats import tables
from granite_studio.formats.base import Content, Source
from granite_studio.formats.markup import plain

NASTY = [
    *("=cmd|' /C calc'!A0", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''=", " =1", "\uff1d1"),
    *('"', '""', '"a"', ",", ";", "|", "sep=;", "00:00:01.000", "start", "1", "#"),
    *("<b>", "<v Anna>", "&amp;", "&", "<", "\0", "\x1a", "\x85", "\u2028", "\ufeff", "\u202e"),
    *("\u2060", "\ud800", "\U0001f469\u200d\U0001f52c", "é", "東京", "a", " ", "a" * 3000),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=8).map("".join)
names = st.sampled_from(["", "Anna", "=A1", 'O\'Hara, "Tim"', "<b>", "山田", "@x;y"])
times = st.integers(-100_000, 400_000_000)


def read(text: str, name: str = "x.csv") -> tuple[Caption, ...]:
    return tables.read(Source(text.encode(), name)).cues


def cells(text: str) -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, cue.text) for cue in read(text)]


def shown(text: str) -> str:
    """What a table can hold of a text."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def voiced(name: str, text: str) -> str:
    return f"<v {escape(name)}>{escape(text)}" if name else escape(text)


def test_a_table_of_ours_is_quoted_by_rfc_4180_and_marked_for_spreadsheets() -> None:
    captions = Captions(
        (Caption(1000, 2500, '<v Anna>So, "yes"'), Caption(3_600_000, 3_600_040, "=1+1\n&lt;b>"))
    )

    assert tables.write_csv(Content(captions=captions)) == (
        b"\xef\xbb\xbfnumber,start,end,duration,speaker,text\r\n"
        b'1,00:00:01.000,00:00:02.500,00:00:01.500,Anna,"So, ""yes"""\r\n'
        b'2,01:00:00.000,01:00:00.040,00:00:00.040,,"\'=1+1\n<b>"\r\n'
    )


@pytest.mark.parametrize("known", [tables.CSV, tables.TSV])
@given(said=st.lists(st.tuples(times, times, names, texts), max_size=4))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(known, said) -> None:
    captions = Captions(
        tuple(Caption(start, end, voiced(name, text)) for start, end, name, text in said)
    )

    again = known.read(Source(known.write(Content(captions=captions)))).cues

    def kept(text: str) -> str:
        return shown(text).replace("\t", " ") if known is tables.TSV else shown(text)

    assert [(cue.start, cue.end, cue.text) for cue in again] == [
        (start, end, voiced(name, kept(text))) for start, end, name, text in said
    ]
    assert [cue.id for cue in again] == [str(n + 1) for n in range(len(said))]


@given(said=st.lists(st.tuples(names, texts), max_size=4))
@settings(max_examples=100, deadline=None)
def test_pythons_reader_finds_the_same_cells_and_no_formula(said) -> None:
    captions = Captions(tuple(Caption(0, 1, voiced(name, text)) for name, text in said))
    file = tables.write_csv(Content(captions=captions)).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(file, newline="")))

    assert len(rows) == len(said)
    for row, (_, text) in zip(rows, said, strict=True):
        assert row["text"].removeprefix("'") in (shown(text), shown(text).removeprefix("'"))
        assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in row.values())


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    for head in (b"", b"start,end,text\n", b"0.0\t1.5\t"):
        captions = read_or_refused(head + data)
        once = tables.read(Source(tables.write_csv(Content(captions=captions))))
        assert [plain(cue.text) for cue in once.cues] == [plain(c.text) for c in captions.cues]


def read_or_refused(data: bytes) -> Captions:
    try:
        return tables.read(Source(data, "x"))
    except FormatError as refusal:
        sentence = str(refusal)
    assert sentence.startswith("“x” ")
    assert sentence.endswith(".")
    return Captions()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Start,End,Text", "00:00:01.5,00:00:02,Hi"),
        ("N, In, Out, Text", '7,"1.5","2",Hi'),
        ("text;out;in", "Hi;0:02;0:01,5"),
        ("Text\tDauer\tBeginn", "Hi\t0,5\t1,5"),
        ("Début|Fin|Texte", "00:01,5|00:02|Hi"),
        ("Inicio,Duración,Texto", "1.5,0.5,Hi"),
        ("início,fim,legenda", "1.5 s,2 s,Hi"),
        ("Inizio,Fine,Testo", "1500 ms,2000ms,Hi"),
        ("start_ms,end_ms,text", "1500,2000,Hi"),
        ("Start (ms),Length (s),Caption", "1500,0.5,Hi"),
        ("start in seconds,end in seconds,sentence", "1.5,2,Hi"),
        ("開始時間,終了時間,字幕", "0:00:01.500,0:00:02.000,Hi"),
        ("开始,结束,文本", "1.5,2.0,Hi"),
        ("начало,конец,текст", "1.5,2.0,Hi"),
        ("시작,끝,자막", "1.5,2.0,Hi"),
        ("Time in,Time out,Description", "0m1.5s,0m2s,Hi"),
    ],
)
def test_columns_are_known_by_their_names(header: str, row: str) -> None:
    assert cells(f"{header}\r\n{row}\r\n") == [(1500, 2000, "Hi")]


@pytest.mark.parametrize(
    ("time", "ms"),
    [
        *(("83.25", 83_250), ("83,25", 83_250), ("1:23.25", 83_250), ("00:01:23,250", 83_250)),
        *(("90:00", 5_400_000), ("1h02m03s", 3_723_000), ("1 h 2 min 3.5 s", 3_723_500)),
        *(("100:00:00", 360_000_000), ("00:00:01:05", 1200), ("00;01;00;02", 60_060)),
        *(("00:00:01;15", 1502), ("00:00:01:29", 1967), ("-0:01.5", -1500)),
    ],
)
def test_clocks_are_read_however_they_are_typed(time: str, ms: int) -> None:
    assert cells(f'start,end,text\n"{time}",9:59:59,Hi\n')[0][0] == ms


@pytest.mark.parametrize(
    "time", ["soon", "1:75", "1:75:00", "00:00:01:61", "00;01;00;00", "1:2:3:"]
)
def test_what_is_no_time_is_told_with_its_line(time: str) -> None:
    with pytest.raises(FormatError, match=r"^“x.csv” .*\.$"):
        read(f"start,end,text\n0,1,Hi\n{time},2,Hi\n")


def test_the_line_of_a_fault_counts_lines_in_quotes() -> None:
    with pytest.raises(FormatError, match="“soon” where a time should be in line 5"):
        read('start,end,text\n0,1,"a\nb"\n\nsoon,2,Hi\n')


def test_whole_numbers_far_apart_are_milliseconds() -> None:
    assert cells("start\tend\ttext\n800\t5290\ta\n5590\t6456\tb\n") == [
        (800, 5290, "a"),
        (5590, 6456, "b"),
    ]
    assert cells("start\tend\ttext\n0\t5\ta\n5\t9\tb\n") == [(0, 5000, "a"), (5000, 9000, "b")]


def test_a_quote_that_does_not_close_its_cell_is_a_quote() -> None:
    whisper = (
        'start\tend\ttext\n0\t900\t"Well.\n900\t1800\tHe said "so"\n1800\t2700\t"No" is no.\n'
    )

    assert [cue.text for cue in read(whisper)] == ['"Well.', 'He said "so"', '"No" is no.']


def test_cues_without_ends_last_until_the_next() -> None:
    assert cells("time,text\n0:01,a\n0:03,b\n") == [(1000, 3000, "a"), (3000, 5000, "b")]


def test_titles_and_empty_rows_may_stand_around_the_table() -> None:
    file = "My film,,\n,,\nTC In,TC Out,Speaker,Dialogue\n,,,\n0:01,0:02,Anna,a\n,,,\n"

    assert cells(file) == [(1000, 2000, "<v Anna>a")]


def test_what_a_spreadsheet_says_about_its_separator_is_heeded() -> None:
    assert cells("sep=;\nstart;end;text\n1;2;a, b\n") == [(1000, 2000, "a, b")]


def test_a_table_without_names_is_guessed() -> None:
    assert cells('f1,0.000,2.680,"1"\nf2,2.680,5.880,"From fairest, oh"\n') == [
        (0, 2680, "1"),
        (2680, 5880, "From fairest, oh"),
    ]
    assert cells("1\t0.5\t2.5\tHi\n2\t2.5\t4\tthere\n") == [
        (500, 2500, "Hi"),
        (2500, 4000, "there"),
    ]
    rows = "".join(f"0:0{n}\t{'Anna' if n % 2 else 'Tom'}\tThis is said\n" for n in range(1, 5))
    assert [cue.text for cue in read(rows)][:2] == ["<v Anna>This is said", "<v Tom>This is said"]


def test_lengths_are_told_from_ends() -> None:
    assert cells("10.0,2.5,a\n20.0,1.5,b\n") == [(10_000, 12_500, "a"), (20_000, 21_500, "b")]


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(FormatError, match="has no columns of times"):
        read("name,street\nAnna,High Street\n")
    assert read("") == ()
    assert read("start,end,text\n") == ()


def test_rows_of_nothing_but_commas_cost_little() -> None:
    assert cells(f"start,end,text\n0,1,Hi{',' * 300_000}\n") == [(0, 1000, "Hi")]
    quotes = '0,"' * 300_000
    assert read(f"start,text\n0,{quotes}\n")[0].text


def test_tables_of_other_programs(shared_data: Path) -> None:
    expected = {
        "subtitles/aeneas/sonnet001.csv": (15, (2680, 5880)),
        "subtitles/aeneas/sonnet001.tsv": (15, (2680, 5880)),
        "interchange/subtitles_generator/test.csv": (200, (13_860, 16_650)),
        "interchange/made/harbour_interview_a.whisper.tsv": (51, (5590, 6456)),
    }

    for name, (count, second) in expected.items():
        found = tables.read(Source((shared_data / name).read_bytes(), name)).cues
        assert (len(found), (found[1].start, found[1].end)) == (count, second), name
