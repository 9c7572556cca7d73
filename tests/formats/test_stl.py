"""EBU STL: heads, blocks and character tables, read as they are and written by the standard."""

import contextlib
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES
from granite_studio.formats import stl, stl_writing
from granite_studio.formats.base import Content, Source
from granite_studio.formats.broadcast import Spelling, cue_text, rows_of
from granite_studio.formats.markup import plain
from granite_studio.formats.stl_characters import TABLES

HALF_A_FRAME = 20


def head(
    *, code: str = "STL25.01", display: str = "1", table: str = "00", rows: str = "23"
) -> bytes:
    start = f"850{code}{display}{table}09".ljust(251) + f"40{rows}100000000"
    return start.ljust(1024).encode()


def block(
    text: bytes,
    *,
    number: int = 1,
    extension: int = 0xFF,
    cumulative: int = 0,
    start: tuple[int, ...] = (0, 0, 1, 0),
    end: tuple[int, ...] = (0, 0, 2, 0),
    row: int = 20,
    justification: int = 2,
    comment: int = 0,
) -> bytes:
    fields = (0, number & 255, number >> 8, extension, cumulative, *start, *end, row)
    return bytes((*fields, justification, comment)) + text.ljust(112, b"\x8f")


def read(data: bytes) -> Captions:
    return stl.read(Source(data, "film.stl"))


def texts(*blocks: bytes, **options: str) -> list[str]:
    return [cue.text for cue in read(head(**options) + b"".join(blocks)).cues]


def content(*items: Caption | Block) -> Content:
    return Content(captions=Captions(items))


def write(*items: Caption | Block) -> bytes:
    return stl_writing.write(content(*items))


def again(*items: Caption | Block) -> tuple[Caption | Block, ...]:
    return read(write(*items)).items


def said(text: str) -> str:
    """The text of a cue that was written and read again."""
    return read(write(Caption(1000, 2000, text))).cues[0].text


def test_a_block_is_a_cue_with_its_times_and_lines() -> None:
    data = head() + block(b"\x0b\x0bHello\x8athere\x0a\x0a", start=(1, 2, 3, 5), end=(1, 2, 4, 24))

    assert read(data).cues == (Caption(3_723_200, 3_724_960, "Hello\nthere"),)


@pytest.mark.parametrize(
    ("code", "ms"),
    [
        ("STL25.01", 1400),
        ("STL30.01", 1333),
        ("STL24.01", 1417),
        ("STL50.01", 1200),
        ("STL23.01", 1418),
        ("STL29.01", 1335),
    ],
)
def test_frames_are_those_of_the_disk_format_code(code: str, ms: int) -> None:
    assert read(head(code=code) + block(b"a", start=(0, 0, 1, 10))).cues[0].start == ms


def test_the_start_of_the_programme_is_not_taken_off() -> None:
    data = bytearray(head() + block(b"a", start=(10, 0, 1, 0), end=(10, 0, 2, 0)))
    data[256:264] = b"10000000"

    assert read(bytes(data)).cues[0].start == 36_001_000


@pytest.mark.parametrize(
    ("table", "data", "text"),
    [
        ("00", b"caf\xc2e na\xc8ive \xcbc \xcasS", "café naïve ç s\u030aS"),
        ("00", b"\xaaQuoted\xba \xa4 $ \xf1 \xd5 \xc2 ", "“Quoted” $ $ æ ♪ ´"),  # noqa: RUF001
        ("01", bytes("Привет", "iso8859_5"), "Привет"),
        ("02", bytes("سلام", "iso8859_6"), "سلام"),
        ("03", bytes("Γειά", "iso8859_7"), "Γειά"),
        ("04", bytes("שלום", "iso8859_8"), "שלום"),
        ("zz", b"caf\xc2e", "café"),
        ("00", b"1 < 2 & 3\xc2", "1 &lt; 2 &amp; 3"),
    ],
)
def test_text_is_read_with_the_table_that_the_head_names(
    table: str, data: bytes, text: str
) -> None:
    # A ring does not go with an s, so the letter stands alone.
    assert texts(block(data), table=table) == [text.replace("\u030a", "")]


def test_an_accent_and_its_letter_may_lie_in_two_blocks() -> None:
    first = b"x" * 111 + b"\xc2"

    assert texts(block(first, extension=0), block(b"e!")) == ["x" * 111 + "é!"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x80slanted\x81 not", "<i>slanted</i> not"),
        (b"\x82under\x80both\x81\x83", "<u>under</u><i><u>both</u></i>"),
        (b"\x80two\x8alines\x81", "<i>two\nlines</i>"),
        (b"\x84boxed\x85", "boxed"),
        (b"a\x01b\x07c", "a <c.red>b</c> c"),
        (b"\x02green\x8awhite", "<c.lime>green</c>\nwhite"),
        (b"\x03\x1d\x04a\x1c b", "<c.blue.bg_yellow>a</c><c.blue> b</c>"),
        (b"\x0d\x0b\x0b  tall  \x0a\x0a\x8a\x8a\x0d\x0b\x0brows", "tall\nrows"),
        (b"a\x08\x0c\x18 b", "a b"),
        (b"end\x8fnot text", "end"),
    ],
)
def test_control_codes_become_tags(data: bytes, text: str) -> None:
    assert texts(block(data)) == [text]


@pytest.mark.parametrize(
    ("row", "justification", "place"),
    [(1, 1, 7), (1, 2, 8), (11, 3, 6), (20, 0, None), (22, 1, 1), (0, 2, 8), (255, 3, 3)],
)
def test_rows_and_justification_become_a_place(
    row: int, justification: int, place: int | None
) -> None:
    data = head() + block(b"a", row=row, justification=justification)

    assert read(data).cues[0].alignment == place


def test_extension_blocks_are_one_subtitle_and_user_data_is_none() -> None:
    blocks = (
        block(b"one ", number=1, extension=0),
        block(b"two ", number=1, extension=1),
        block(b"\0\1\2", number=1, extension=0xFE),
        block(b"three", number=1),
        block(b"without end", number=2, extension=0),
        block(b"next", number=3),
    )

    assert texts(*blocks) == ["one two three", "without end", "next"]


def test_comments_become_notes() -> None:
    data = head() + block(b"check < this\x8aname", comment=1) + block(b"said")

    head_facts, *items = read(data).items
    assert head_facts == Block("STL", "DSC: 1")
    assert items == [Block("NOTE", "check < this\nname"), Caption(1000, 2000, "said")]


def test_a_cumulative_set_stays_until_its_last_subtitle_goes() -> None:
    blocks = [
        block(b"a", number=1, cumulative=1, end=(0, 0, 2, 0)),
        block(b"b", number=2, cumulative=2, start=(0, 0, 2, 0), end=(0, 0, 3, 0)),
        block(b"c", number=3, cumulative=3, start=(0, 0, 3, 0), end=(0, 0, 5, 0)),
        block(b"d", number=4, start=(0, 0, 6, 0), end=(0, 0, 7, 0)),
    ]

    cues = read(head() + b"".join(blocks)).cues

    assert [(cue.start, cue.end) for cue in cues] == [
        (1000, 5000),
        (2000, 5000),
        (3000, 5000),
        (6000, 7000),
    ]


def test_a_file_cut_off_in_a_block_keeps_what_is_there() -> None:
    data = head() + block(b"whole") + block(b"half of it", number=2)[:20] + b""

    assert [cue.text for cue in read(data).cues] == ["whole", "half"]
    assert read(head()).cues == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not begin with the head of an EBU STL file"),
        (b"1\n00:00:01,000 --> 00:00:02,000\na\n", "does not begin with the head"),
        (b"$FontName = Arial\n00:00:01:00 , 00:00:02:00 , a\n", "is a text of Spruce"),
        (b"//comment\n", "is a text of Spruce"),
        (b"850STL25.011", "ends within its head"),
        (head(code="STL00.01"), "does not begin with the head"),
    ],
)
def test_what_is_no_ebu_stl_is_refused_with_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=rf"^“film\.stl” {reason}.*\.$"):
        read(data)


def test_the_head_counts_blocks_and_subtitles() -> None:
    data = write(Caption(3_600_040, 3_601_000, "a" * 240), Caption(3_602_000, 3_603_000, "b"))

    assert len(data) == 1024 + 4 * 128
    assert data[:14] == b"850STL25.01000"
    assert data[238:251] == b"0000400002001"
    assert data[251:256] == b"99231"
    assert data[256:274] == b"000000000100000111"
    assert data[264:272] == b"01000001"
    assert [data[at + 3] for at in range(1024, len(data), 128)] == [0, 1, 0xFF, 0xFF]


def test_thirty_frames_a_second_are_written_where_they_are_asked_for() -> None:
    cues = Captions((Caption(1033, 2967, "a"),))

    for rate, code in (("30", b"STL30.01"), ("59.94", b"STL25.01")):
        data = stl_writing.write(Content(captions=cues, frame_rate=RATES[rate]))

        assert data[3:11] == code
        assert abs(read(data).cues[0].start - 1033) <= HALF_A_FRAME


def test_title_language_and_date_go_into_the_head() -> None:
    content = Content(
        captions=Captions((Caption(0, 1, "a"),)),
        language="de-AT",
        title="Große 東 Reise" + "!" * 40,
        date="2024-03-05",
    )

    data = stl_writing.write(content)

    assert data[14:16] == b"08"
    assert data[16:48].decode("cp850") == ("Große ? Reise" + "!" * 40)[:32]
    assert data[224:236] == b"240305240305"
    assert stl_writing.write(Content(document=Document(language="ru")))[14:16] == b"56"


@pytest.mark.parametrize(
    ("text", "number"),
    [("Çà et là", "00"), ("Привет é", "01"), ("سلام", "02"), ("Γειά", "03"), ("שלום", "04")],
)
def test_the_table_that_loses_least_is_chosen(text: str, number: str) -> None:
    assert write(Caption(0, 1000, text))[12:14].decode() == number
    assert said(text) == text.replace("é", "e")


@pytest.mark.parametrize(
    ("text", "read_again"),
    [
        ("ệ ḿ Ǻ ș", "ê m Å ş"),
        ("wait… – — ‚x‘", "wait... - ― ,x‘"),  # noqa: RUF001
        ("5 € for 東京", "5 EUR for ??"),
        ("ﬁ ½ ™ ♫", "fi ½ ™ ♪"),
        ("a\u200db\u202ec\u00a0d\te\x07f", "abc\u00a0d ef"),
        ("\U0001f600 \ud800 \ufffd", "? ? ?"),
        ("$ ¤ # ` ´ ¨", "$ ¤ # ` ´ ¨"),  # noqa: RUF001
        ("e\u0301 \u0301x", "é x"),
    ],
)
def test_characters_that_a_table_lacks_become_the_nearest(text: str, read_again: str) -> None:
    assert said(text) == read_again


def test_every_character_of_every_table_survives() -> None:
    for table in TABLES.values():
        for sign, code in table.codes.items():
            assert table.sign(code[-1], code[0] if len(code) > 1 else 0) == sign


def test_looks_survive_and_colours_make_it_teletext() -> None:
    slanted = "a <i>b <u>c</u></i>\n<u>d</u>"
    coloured = "<c.red>a</c> b\n<c.yellow.bg_blue>c</c> <i>d</i>"

    assert said(slanted) == "a <i>b <u>c</u></i>\n<u>d</u>"
    assert write(Caption(0, 1, slanted))[11:12] == b"0"
    assert said(coloured) == coloured
    assert write(Caption(0, 1, coloured))[11:12] == b"1"
    assert said('<font color="#fe0101">a</font>') == "<c.red>a</c>"
    assert said("<b>x</b><v Anna>Hi</v> <ruby>k<rt>r</ruby>") == "xAnna: Hi k(r)"


@pytest.mark.parametrize("place", [None, 1, 3, 4, 5, 6, 7, 8, 9])
@pytest.mark.parametrize("text", ["a", "a\nb\nc", "<c.red>a</c>\nb"])
def test_places_survive(place: int | None, text: str) -> None:
    assert again(Caption(0, 1000, text, alignment=place))[0] == Caption(
        0, 1000, text, alignment=place
    )


def test_placement_of_webvtt_becomes_the_nearest_place() -> None:
    (cue,) = read(write(Caption(0, 1000, "a", settings="line:0 align:left"))).cues

    assert cue.alignment == 7


def test_a_row_too_wide_is_wrapped_and_too_many_rows_are_several_subtitles() -> None:
    words = " ".join(["word"] * 60)
    rows = "\n".join(str(number) for number in range(50))

    assert said(words) == f"{' '.join(['word'] * 20)}\n" * 2 + " ".join(["word"] * 20)
    cues = read(write(Caption(0, 50_000, rows))).cues
    assert "\n".join(cue.text for cue in cues) == rows
    assert [cue.start for cue in cues][1:] == [cue.end for cue in cues][:-1]
    assert (cues[0].start, cues[-1].end) == (0, 50_000)
    assert all(cue.text.count("\n") < 23 for cue in cues)


def test_teletext_rows_have_at_most_forty_cells() -> None:
    text = "<c.red>" + " ".join("<c.blue>word</c> word" for _ in range(60)) + "</c>"

    data = write(Caption(0, 10_000, text))

    joined = b"".join(data[at + 16 : at + 128] for at in range(1024, len(data), 128))
    for row in joined.replace(b"\x8f", b"\x8a").split(b"\x8a"):
        assert len(row) <= 40
    assert [word for cue in read(data).cues for word in plain(cue.text).split()] == ["word"] * 120


def test_notes_and_the_draft_are_comments() -> None:
    assert again(Block("STYLE", "x"), Block("NOTE", "a <b> & c\nd"), Caption(0, 40, "e")) == (
        Block("NOTE", "a <b> & c\nd"),
        Caption(0, 40, "e"),
    )
    assert write(Caption(0, 40, "<c.red>a</c>"), Block("NOTE", "n"))[-112:-110] == b"n\x8f"


def test_more_subtitles_than_a_group_counts_go_on_in_the_next() -> None:
    data = write(*(Caption(n, n + 1, "a") for n in range(65_537)))

    assert data[-128:-124] == bytes((1, 0, 0, 0xFF))
    assert data[238:251] == b"6553765537002"


def test_what_the_format_cannot_count_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FormatError, match=r"no times of 24 hours .*\.$"):
        write(Caption(86_400_000, 86_401_000, "a"))
    monkeypatch.setattr(stl_writing, "MOST_BLOCKS", 2)
    assert len(write(*[Caption(0, 1, "a")] * 2)) == 1024 + 2 * 128
    with pytest.raises(FormatError, match=r"at most 2 blocks .*\.$"):
        write(*[Caption(0, 1, "a")] * 3)


def test_a_huge_word_takes_no_time() -> None:
    began = time.monotonic()

    data = write(Caption(0, 1000, "x" * 300_000))

    assert "".join(cue.text for cue in read(data).cues).replace("\n", "") == "x" * 300_000
    assert time.monotonic() - began < 20


PIECES = [
    *("<i>", "</i>", "<u>", "</u>", "<c.red>", "<c.lime.bg_blue>", "</c>", "<b>", "<", "&amp;"),
    *("\n", "\n\n", " ", "  ", "\t", "\r\n", "\0", "\x8a", "\x8f", "\u2028", "\u202e", "\ud800"),
    *(
        "é",
        "ệ",
        "$",
        "♪",
        "Привет",
        "東京",
        "\U0001f600",
        "a",
        "Wort",
        "word word",
        "-->",
        "{\\p1}",
    ),
]
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)
ends = st.tuples(st.integers(0, 86_000_000), st.integers(-5000, 100_000))


@given(text=hostile, times=ends, place=st.sampled_from([None, 1, 3, 4, 5, 6, 7, 8, 9]))
@settings(max_examples=300, deadline=None)
def test_a_cue_comes_back_in_the_characters_of_its_table(
    text: str, times: tuple[int, int], place: int | None
) -> None:
    start, length = times
    data = write(Caption(start, start + length, text, alignment=place))

    (cue,) = read(data).cues

    spelling = Spelling(TABLES[data[12:14].decode()].codes)
    rows = rows_of(text, spelling)
    assert "".join(plain(cue.text).split()) == "".join(plain(cue_text(rows)).split())
    if data[11:12] == b"0":
        assert cue.text == cue_text(rows)
    assert abs(cue.start - start) <= HALF_A_FRAME
    assert abs(cue.end - max(start, start + length)) <= HALF_A_FRAME
    assert cue.end >= cue.start
    assert len(data) % 128 == 0
    assert again(cue)[0] == read(write(*again(cue))).cues[0]


@given(data=st.binary(max_size=500), table=st.sampled_from([*TABLES, "  "]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_captions_that_can_be_written_again(data: bytes, table: str) -> None:
    with contextlib.suppress(FormatError):
        read(data)
    captions = read(head(table=table) + data)
    for item in captions.items:
        if isinstance(item, Caption) and item.start < 80_000_000 and item.end < 80_000_000:
            shown_text = plain(item.text).replace("\ufffd", "?")
            assert "".join(plain(said(item.text)).split()) == "".join(shown_text.split())


def test_plain_text_needs_no_markup() -> None:
    assert said(escape("<i>not slanted</i> & so on")) == escape("<i>not slanted</i> & so on")


def shown(captions: Captions) -> list[tuple[object, ...]]:
    """What stays where a row that was too wide is wrapped."""
    return [
        (cue.start, cue.end, cue.alignment, plain(cue.text).split(), cue.text.count("<c"))
        for cue in captions.cues
    ]


def on_screen(captions: Captions) -> list[tuple[int, list[str]]]:
    """The words that are there from each moment on at which others are, in reading order."""
    found: list[tuple[int, list[str]]] = []
    for at in sorted({at for cue in captions.cues for at in (cue.start, cue.end)}):
        there = [cue.text for cue in captions.cues if cue.start <= at < cue.end]
        words = [word for text in there for word in plain(text).split()]
        if not found or found[-1][1] != words:
            found.append((at, words))
    return found


def test_what_is_shown_at_once_is_one_subtitle_so_that_nothing_lies_over_another() -> None:
    cues = (
        Caption(1000, 6000, "long"),
        Caption(3000, 5000, "<i>over</i>\nit"),
        Caption(4000, 8000, "third"),
        Caption(4480, 4480, "never seen"),
        Caption(8000, 9000, "alone"),
        Caption(7000, 7520, "before"),
    )

    back = read(write(*cues))

    seen = [(cue.start, cue.end, cue.text) for cue in back.cues if cue.end > cue.start]
    assert seen == [
        (1000, 3000, "long"),
        (3000, 4000, "long\n<i>over</i>\nit"),
        (4000, 5000, "long\n<i>over</i>\nit\nthird"),
        (5000, 6000, "long\nthird"),
        (6000, 7000, "third"),
        (7000, 7520, "third\nbefore"),
        (7520, 8000, "third"),
        (8000, 9000, "alone"),
    ]
    assert [cue.text for cue in back.cues if cue.end == cue.start] == ["never seen"]
    assert stl.FORMAT.reshapes
    told = {what: count for count, what, _ in stl.FORMAT.reshapes(content(*cues)) if count}
    assert told == {"cue of its own (merged with another)": 4}


def test_letters_that_flash_or_are_hidden_are_counted() -> None:
    data = head() + block(b"\x08a") + block(b"b\x18c", number=2) + block(b"d", number=3)

    assert read(data).unread == (
        (2, "subtitle that flashes or is hidden", "subtitles that flash or are hidden"),
    )


@pytest.mark.parametrize("texts", [("a", "b\nc", "d"), ("<c.red>a</c>", "b\nc", "d")])
def test_what_comes_one_after_another_and_goes_together_is_a_cumulative_set(
    texts: tuple[str, ...],
) -> None:
    cues = [Caption(1000 * n, 9000, text) for n, text in enumerate(texts, 1)]
    data = write(*cues, Caption(9000, 9960, "alone"))

    blocks = [data[at : at + 16] for at in range(1024, len(data), 128)]
    assert [block[4] for block in blocks] == [1, 2, 3, 0]
    size = 2 if "<c" in texts[0] else 1
    assert [block[13] for block in blocks] == [24 - 4 * size, 24 - 3 * size, 24 - size, 24 - size]
    assert [cue.start for cue in read(data).cues] == [1000, 2000, 3000, 9000]
    assert [cue.end for cue in read(data).cues] == [9000, 9000, 9000, 9960]
    assert stl.FORMAT.reshapes
    assert not [part for part in stl.FORMAT.reshapes(content(*cues)) if part[0]]


def test_two_lines_are_not_shown_together_for_a_few_frames() -> None:
    back = read(write(Caption(0, 2000, "one"), Caption(1880, 4000, "two")))

    assert [(cue.start, cue.end, cue.text) for cue in back.cues] == [
        (0, 1880, "one"),
        (1880, 4000, "two"),
    ]


def test_a_sign_above_joins_what_is_said_below_and_its_place_is_named() -> None:
    cues = Caption(0, 4000, "SIGN", alignment=8), Caption(1000, 3000, "said")

    back = read(write(*cues))

    assert [(cue.text, cue.alignment) for cue in back.cues] == [
        ("SIGN", 8),
        ("SIGN\nsaid", None),
        ("SIGN", 8),
    ]
    assert stl.FORMAT.reshapes
    told = {what: count for count, what, _ in stl.FORMAT.reshapes(content(*cues)) if count}
    assert told["cue's place (merged with another)"] == 1


def test_a_huge_cue_over_many_takes_no_time() -> None:
    many = [Caption(1000 * n, 1000 * n + 900, "<c.red>a</c>b") for n in range(2000)]
    cues = Caption(0, 2_000_000, "\n".join("<c.red>x</c>y" for _ in range(4000))), *many
    began = time.monotonic()

    assert stl.FORMAT.reshapes
    list(stl.FORMAT.reshapes(content(*cues)))
    assert time.monotonic() - began < 10


def test_more_at_once_than_a_screen_has_rows_takes_no_time() -> None:
    many = [Caption(n, 3_600_000 + n, "a") for n in range(0, 400_000, 40)]
    began = time.monotonic()

    assert len(read(write(*many)).cues) == len(many)
    assert time.monotonic() - began < 10


REFUSED = {"stl_with_comments.stl": "is a text of Spruce DVD subtitles"}


def test_the_files_of_others_are_read_or_refused_with_a_reason(shared_data: Path) -> None:
    files = sorted(shared_data.rglob("*.stl"))
    assert files
    for path in files:
        source = Source(path.read_bytes(), path.name)
        if reason := REFUSED.get(path.name):
            with pytest.raises(FormatError, match=reason):
                stl.read(source)
            continue
        captions = stl.read(source)
        assert captions.cues
        assert all(cue.text and cue.end >= cue.start for cue in captions.cues)
        back = read(stl_writing.write(Content(captions=captions)))
        assert on_screen(back) == on_screen(captions)
        if all(cue.end <= after.start for cue, after in pairwise(captions.cues)):
            assert shown(back) == shown(captions)


def test_a_teletext_file_of_others_is_read_as_they_mean_it(shared_data: Path) -> None:
    folder = shared_data / "subtitles/ttconv/stl"

    def cues(name: str) -> tuple[Caption, ...]:
        return read((folder / name).read_bytes()).cues

    assert cues("sandflow/cumulative_set.stl")[1:] == tuple(
        Caption(1000 * number, 7000, str(number - 1), alignment=8) for number in range(2, 6)
    )
    assert cues("sandflow/br_style_reset.stl") == (
        Caption(40, 3000, "<c.blue.bg_yellow>Blue On Yellow</c>\nWhite On Black"),
    )
    assert cues("irt/requirement-0067-001.stl") == (Caption(0, 2000, "Test Text", alignment=7),)
