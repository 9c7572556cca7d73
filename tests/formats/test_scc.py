"""Scenarist SCC: what a decoder of line 21 would show, and captions sent in time to be shown."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, parse_timecode
from granite_studio.formats import scc
from granite_studio.formats.base import Content, Source
from granite_studio.formats.broadcast import Spelling, cue_text, rows_of
from granite_studio.formats.markup import plain
from granite_studio.formats.scc_codes import BASIC, CODES, EXTENDED, SPECIAL

FRAME = 1001 / 30
LOAD, SHOW, ERASE, CLEAR = "9420 9420", "942f 942f", "942c 942c", "94ae 94ae"
BOTTOM = "9470 9470"
ROLL, RETURN, PAINT = "9425 9425", "94ad 94ad", "9429 9429"


def hexed(text: str) -> str:
    """ASCII as words; parity does not matter to the reader."""
    data = text.encode()
    data += b"\0" * (len(data) % 2)
    return data.hex(" ", 2)


def file(*lines: tuple[str, str]) -> bytes:
    body = "".join(f"{start}\t{words}\n\n" for start, words in lines)
    return f"Scenarist_SCC V1.0\n\n{body}".encode()


def read(data: bytes) -> tuple[Caption, ...]:
    return scc.read(Source(data, "film.scc")).cues


def text_of(words: str) -> str:
    """The text of a pop-on caption that these words load."""
    lines = ("00:00:01:00", f"{LOAD} {BOTTOM} {words} {SHOW}"), ("00:00:09:00", ERASE)
    (cue,) = read(file(*lines))
    return cue.text


def write(*cues: Caption) -> bytes:
    return scc.write(Content(captions=Captions(cues)))


def again(*cues: Caption) -> tuple[Caption, ...]:
    return read(write(*cues))


def said(text: str) -> str:
    (cue,) = again(Caption(10_000, 20_000, text))
    return cue.text


def test_a_pop_on_caption_lasts_from_its_end_code_until_it_is_erased() -> None:
    data = file(
        ("00:00:01:00", f"{CLEAR} {LOAD} {BOTTOM} {hexed('Hello')} {SHOW}"),
        ("00:00:03:00", ERASE),
    )

    assert read(data) == (Caption(round(39 * FRAME), round(90 * FRAME), "Hello", alignment=1),)


def test_the_next_caption_ends_the_one_before_it() -> None:
    data = file(
        ("00:00:01:00", f"{CLEAR} {LOAD} {BOTTOM} {hexed('a')} {SHOW}"),
        ("00:00:02:00", f"{CLEAR} {LOAD} {BOTTOM} {hexed('b')} {SHOW}"),
    )

    first, second = read(data)

    assert (first.text, second.text) == ("a", "b")
    assert first.end == second.start
    assert second.end == second.start + scc.LAST_SHOWN


@pytest.mark.parametrize(
    ("start", "frames"),
    [
        ("00:00:10:00", 300),
        ("00:01:00:00", 1800),
        ("00:01:00;02", 1800),
        ("00:01:00;00", 1800),
        ("00:10:00;00", 17982),
        ("01:00:00;00", 107892),
        ("01:00:00:00", 108000),
        ("00:00:10.05", 305),
        ("00:00:10;99", 329),
    ],
)
def test_time_codes_with_and_without_drop_frame(start: str, frames: int) -> None:
    data = file((start, f"{RETURN} {PAINT} {BOTTOM} {hexed('a')}"))

    assert read(data)[0].start == round((frames + 6) * FRAME)


def test_rows_that_roll_up_are_each_a_caption_once() -> None:
    data = file(
        ("00:00:01:00", f"{ROLL} {RETURN} {BOTTOM} {hexed('ONE')}"),
        ("00:00:02:00", f"{ROLL} {RETURN} {BOTTOM} {hexed('TWO')}"),
        ("00:00:03:00", f"{hexed(' AND')}"),
        ("00:00:04:00", ERASE),
    )

    assert read(data) == (
        Caption(round(36 * FRAME), round(62 * FRAME), "ONE"),
        Caption(round(66 * FRAME), round(120 * FRAME), "TWO AND"),
    )


def test_rows_that_roll_up_at_the_top_stand_there() -> None:
    data = file(("00:00:01:00", f"{ROLL} {RETURN} 9140 9140 {hexed('ONE')}"))

    assert read(data)[0].alignment == 8


def test_what_is_painted_on_is_a_caption_until_more_is_painted() -> None:
    data = file(
        ("00:00:01:00", f"{PAINT} 1340 1340 {hexed('one')}"),
        ("00:00:02:00", f"{PAINT} {BOTTOM} {hexed('two')}"),
        ("00:00:03:00", f"{PAINT} {ERASE}"),
    )

    assert read(data) == (
        Caption(round(34 * FRAME), round(64 * FRAME), "one", alignment=1),
        Caption(round(64 * FRAME), round(92 * FRAME), "one\ntwo", alignment=1),
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (hexed("a*b") + " 2a5c 5e5f 607b 7c7d 7e7f", "aábáéíóúç÷Ññ█"),
        ("9130 9130 9137 9137 9137 9137 1139 1139 913f 913f", "®♪♪ û"),
        (hexed("A") + " 9220 9220 " + hexed("e") + " 9228 9228", "Á*"),
        (hexed("a") + " 1331 1331 4573", "äEs"),
        (hexed("a") + " 97a1 97a1 " + hexed("b"), "a b"),
        (hexed("ab") + " 9421 9421 " + hexed("c"), "ac"),
        (hexed("abcdef") + " 9470 9470 9723 9723 9424 9424", "abc"),
        (hexed("ab") + " 80ff 8080 " + hexed("c"), "ab█c"),
        (hexed("<&>"), "&lt;&amp;&gt;"),
        (hexed("x" * 40), "x" * 40),
        (hexed("a") + " 9120 " + hexed("b"), "a b"),
        (hexed("a ") + " 91ae 91ae " + hexed("b") + " 9120 9120 " + hexed(" c"), "a <i>b</i> c"),
        ("91af 91af " + hexed("b"), "<i><u>b</u></i>"),
        ("91a8 91a8 91ae 91ae " + hexed("b"), "<c.red><i>b</i></c>"),
        ("94c8 94c8 " + hexed("r") + " 9462 9462 " + hexed("g"), "<c.red>r</c>\n<c.lime>g</c>"),
        ("10a8 10a8 " + hexed("b") + " 172d 172d " + hexed("c"), "<c.bg_red>b</c>c"),
        ("172f 172f " + hexed("b"), "<c.black><u>b</u></c>"),
    ],
)
def test_codes_and_characters_of_a_caption(words: str, text: str) -> None:
    assert text_of(words) == text


def test_other_channels_text_services_and_extended_data_are_left_out() -> None:
    other = f"1c20 1c20 1c70 1c70 {hexed('other')}"
    text = f"94a2 942a 942a {hexed('text')} 94ab 94ab {hexed('mode')}"
    extended = f"0103 {hexed('film')} 8f55"

    assert text_of(f"{hexed('a')} {other} {extended} {text} {LOAD} {hexed('b')}") == "ab"


def test_what_a_reader_leaves_out_is_counted() -> None:
    other = f"1c20 1c20 1c70 1c70 {hexed('other')} 1c2f 1c2f"
    text = f"942a 942a {hexed('text')}"
    extended = f"0103 {hexed('film')} 8f55 0203 8f55"
    own = f"{LOAD} {BOTTOM} 94a8 94a8 {hexed('a')} {SHOW}"

    def unread(words: str) -> tuple[tuple[int, str, str], ...]:
        data = file(("00:00:01:00", words), ("00:00:09:00", ERASE))
        return scc.read(Source(data, "film.scc")).unread

    assert unread(f"{own} {other} {extended} {own} {other} {text}") == (
        (2, "caption of another channel", "captions of other channels"),
        (1, "passage of a text service", "passages of text services"),
        (1, "entry of extended data", "entries of extended data"),
        (2, "blinking passage", "blinking passages"),
    )
    assert unread(f"{LOAD} {BOTTOM} {hexed('a')} {SHOW}") == unread(other) == ()


def test_the_second_channel_or_field_is_read_where_it_is_the_only_one() -> None:
    data = file(
        ("00:00:01:00", f"1c20 1c20 1c70 1c70 {hexed('two')} 1c2f 1c2f"), ("00:00:03:00", "1c2c")
    )

    assert [cue.text for cue in read(data)] == ["two"]
    assert [cue.text for cue in read(data.replace(b"1c2", b"152").replace(b"1c7", b"147"))] == [
        "two"
    ]


@pytest.mark.parametrize(
    ("preamble", "place"),
    [
        ("9140 9140", 7),
        ("94d0 94d0", 1),
        ("1670 1670", 4),
        ("9476 9476 97a2 97a2", None),
        ("9478 9478 97a3 97a3", None),
        ("947e 947e 97a1 97a1", 3),
        ("1156 1156 97a2 97a2", 8),
    ],
)
def test_rows_and_columns_become_a_place(preamble: str, place: int | None) -> None:
    data = file(("00:00:01:00", f"{LOAD} {preamble} {hexed('xxx')} {SHOW}"))

    assert read(data)[0].alignment == place


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not begin with"),
        (b"1\n00:00:01,000 --> 00:00:02,000\na\n", "does not begin with"),
        (b"\x00\x01\x02\xff" * 20, "is not a text file"),
    ],
)
def test_what_is_no_scc_is_refused_with_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=rf"^“film\.scc” {reason}.*\.$"):
        read(data)


def test_lines_that_say_nothing_are_passed_over() -> None:
    data = file(("00:00:01:00", f"zz 94 {LOAD} {BOTTOM} {hexed('a')} 12345 {SHOW}"))

    assert [cue.text for cue in read(data + b"nonsense\n00:00:99:00\t9420\n")] == ["a"]
    assert read(b"\xef\xbb\xbf\r\nscenarist_scc v1.0\r\n") == ()


def test_a_caption_is_sent_ahead_and_erased_at_its_end() -> None:
    assert write(Caption(2002, 4004, "Hi <i>é!</i>")).decode() == (
        "Scenarist_SCC V1.0\n\n"
        "00:00:01;18\t94ae 94ae 9420 9420 9476 9476 97a1 97a1 c8e9 91ae 91ae dca1 942f 942f\n\n"
        "00:00:04;00\t942c 942c\n"
    )


def test_every_byte_that_is_written_has_odd_parity() -> None:
    data = write(Caption(5000, 9000, "".join(sorted(CODES))[:100], alignment=7)).decode()

    words = re.findall(r"\b[0-9a-f]{4}\b", data)
    assert words
    assert all(byte.bit_count() % 2 for word in words for byte in bytes.fromhex(word))


def test_every_character_survives() -> None:
    assert set(CODES) == {*BASIC.values(), *SPECIAL.values(), *EXTENDED.values()}
    for sign in CODES:
        assert said(f"{escape(sign)}|") == escape(f"{sign}|").strip()


@pytest.mark.parametrize(
    ("text", "read_again"),
    [
        ("ệ Ő ş €", "ê Ö s EUR"),
        ("wait… – ― „x“", 'wait... - - "x“'),  # noqa: RUF001
        ("Привет 東京", "?????? ??"),
        ("a\u200db\u202ec\u00a0d\te\x07f", "abc d ef"),
        ("\U0001f600 \ud800 \ufffd", "? ? ?"),
        ("it’s ♫", "it's ♪"),  # noqa: RUF001
        ("a\n\n b  c \nd", "a\nb  c\nd"),
        ("<v Anna>Hi", "Anna: Hi"),
        ("<c.black.bg_red>a</c>", "a"),
    ],
)
def test_what_line_21_lacks_becomes_the_nearest(text: str, read_again: str) -> None:
    assert said(text) == read_again


@pytest.mark.parametrize(
    "text",
    [
        "a <i>b</i> c\n<u>d</u>",
        "<c.red>a <i>b</i></c> c",
        "<i>" + "x" * 32 + "</i>",
        "<c.red><i>" + "x" * 31 + "</i></c>",
        "<i>- One\n- Two</i>",
        "1\n2\n3\n4",
        "<c.lime>a</c> <c.yellow>b</c>",
    ],
)
def test_looks_and_rows_survive(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize("place", [None, 1, 3, 4, 5, 6, 7, 8, 9])
@pytest.mark.parametrize("text", ["a", "a\nbcd", "<i>abc\nb</i>\nc\nd"])
def test_places_survive(place: int | None, text: str) -> None:
    (cue,) = again(Caption(10_000, 20_000, text, alignment=place))

    assert cue.alignment == place
    assert cue.text == text


def test_a_caption_too_large_for_a_screen_is_shown_in_turns() -> None:
    words = [f"word{number}" for number in range(60)]

    cues = again(Caption(10_000, 30_000, " ".join(words)))

    assert len(cues) > 1
    assert " ".join(cue.text for cue in cues).split() == words
    assert all(len(row) <= 32 for cue in cues for row in cue.text.split("\n"))
    assert all(cue.text.count("\n") < 4 for cue in cues)
    assert [cue.end for cue in cues[:-1]] == [cue.start for cue in cues[1:]]
    assert abs(cues[0].start - 10_000) < FRAME
    assert abs(cues[-1].end - 30_000) < FRAME


def test_captions_that_start_together_become_one_and_overlapping_ones_are_cut() -> None:
    cues = again(
        Caption(10_000, 20_000, "above", alignment=8),
        Caption(10_001, 15_000, "below"),
        Caption(18_000, 19_000, "later"),
        Caption(5000, 6000, "first"),
    )

    assert [cue.text for cue in cues] == ["first", "above\nbelow", "later"]
    assert cues[1].end == cues[2].start


def test_a_caption_without_time_to_send_it_comes_late_and_whole() -> None:
    cues = again(*(Caption(n * 100, n * 100 + 100, f"number {n} of many") for n in range(20)))

    assert [cue.text for cue in cues] == [f"number {n} of many" for n in range(20)]
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert all(cue.end > cue.start >= n * 100 for n, cue in enumerate(cues))


def test_the_end_of_one_caption_falls_into_the_sending_of_the_next() -> None:
    text = "♪é" * 14
    for gap in range(0, 1500, 33):
        first, second = again(
            Caption(10_000, 12_000, text), Caption(12_000 + gap, 15_000 + gap, text)
        )

        assert (first.text, second.text) == (text, text)
        assert abs(first.end - 12_000) <= FRAME
        assert abs(second.start - 12_000 - gap) <= FRAME


def test_lines_follow_each_other_in_time() -> None:
    data = write(*(Caption(n * 700, n * 700 + 500, f"number {n}") for n in range(50))).decode()

    frame = 0
    for start, words in re.findall(r"^(\S+)\t(.*)$", data, re.MULTILINE):
        begins = round(parse_timecode(start, RATES["29.97 DF"]) / FRAME)
        assert begins >= frame
        frame = begins + len(words.split())


def test_time_codes_without_drop_frame_are_written_where_they_are_asked_for() -> None:
    content = Content(
        captions=Captions((Caption(3_600_000, 3_602_000, "a"),)), frame_rate=RATES["29.97"]
    )

    data = scc.write(content)

    assert b";" not in data
    assert abs(read(data)[0].start - 3_600_000) <= FRAME / 2 + 1


def test_times_of_a_day_and_more_are_refused() -> None:
    with pytest.raises(FormatError, match=r"no times of 24 hours .*\.$"):
        write(Caption(86_400_000, 86_401_000, "a"))


def test_a_huge_word_comes_back_whole() -> None:
    cues = again(Caption(0, 80_000_000, "x" * 100_000))

    assert "".join(cue.text for cue in cues).replace("\n", "") == "x" * 100_000


PIECES = [
    *("<i>", "</i>", "<u>", "</u>", "<c.red>", "<c.lime.bg_blue>", "</c>", "<b>", "<", "&amp;"),
    *("\n", "\n\n", " ", "  ", "\t", "\r\n", "\0", "\u2028", "\u202e", "\ud800", "9420 9420"),
    *("é", "Ã", "ệ", "$", "*", "♪", "♪♪", "Привет", "\U0001f600", "a", "Wort", "word word", "-->"),
]
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)


@given(texts=st.lists(hostile, max_size=4))
@settings(max_examples=200, deadline=None)
def test_text_comes_back_in_the_characters_of_line_21(texts: list[str]) -> None:
    cues = again(
        *(Caption(n * 20_000, n * 20_000 + 15_000, text) for n, text in enumerate(texts, 1))
    )

    spelling = Spelling(CODES)
    for number, text in enumerate(texts, 1):
        ours = [
            cue for cue in cues if number * 20_000 - 20 <= cue.start < number * 20_000 + 15_000
        ]
        expected = plain(cue_text(rows_of(text, spelling)))
        assert "".join("".join(plain(cue.text).split()) for cue in ours) == "".join(
            expected.split()
        )
        if ours:
            assert abs(ours[0].start - number * 20_000) <= FRAME / 2 + 1
            assert abs(ours[-1].end - number * 20_000 - 15_000) <= FRAME / 2 + 1


codes = st.sampled_from(
    [*(f"94{low:02x}" for low in (0x20, 0x25, 0x29, 0x2F, 0x2C, 0xAD, 0xAE, 0x21, 0x24, 0x2A)),
     "9470", "1340", "1130", "1230", "1331", "1721", "91ae", "9128", "6162", "2020", "1c20"]
) | st.integers(0, 0xFFFF).map(lambda word: f"{word:04x}")  # fmt: skip
lines = st.lists(
    st.tuples(st.integers(0, 59), st.lists(codes, max_size=12)).map(
        lambda line: (f"00:00:{line[0]:02}:00", " ".join(line[1]))
    ),
    max_size=6,
)


@given(lines=lines)
@settings(max_examples=200, deadline=None)
def test_any_words_give_captions_that_can_be_written_again(
    lines: list[tuple[str, str]],
) -> None:
    cues = read(file(*lines))

    assert all(cue.text and 0 <= cue.start <= cue.end for cue in cues)
    spread = [Caption(n * 30_000, n * 30_000 + 20_000, cue.text) for n, cue in enumerate(cues, 1)]
    assert "".join("".join(plain(cue.text).split()) for cue in again(*spread)) == "".join(
        "".join(plain(cue.text).split()) for cue in spread
    )


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_captions_or_one_sentence(data: bytes) -> None:
    for whole in (data, b"Scenarist_SCC V1.0\n\n" + data):
        try:
            read(whole)
        except FormatError as refusal:
            sentence = str(refusal)
        else:
            continue
        assert sentence.startswith("“film.scc” ")
        assert sentence.endswith(".")


def test_the_files_of_others_are_read(shared_data: Path) -> None:
    paths = sorted(shared_data.rglob("*.scc"))
    assert paths
    for path in paths:
        cues = read(path.read_bytes())
        assert cues
        assert all(cue.text and cue.end >= cue.start for cue in cues)
        written = again(*cues)
        assert [plain(cue.text).split() for cue in written] == [
            plain(cue.text).split() for cue in cues
        ]


def test_a_file_of_others_says_what_they_mean(shared_data: Path) -> None:
    folder = shared_data / "subtitles/ttconv/scc"

    rolled = read((folder / "mix-rows-roll-up.scc").read_bytes())
    popped = read((folder / "pop-on.scc").read_bytes())

    assert [cue.text for cue in rolled[:5]] == [
        "&gt;&gt;&gt; HI.",
        "I'M KEVIN CUNNING AND AT",
        "INVESTOR'S BANK WE BELIEVE IN",
        "HELPING THE LOCAL NEIGHBORHOODS",
        "AND <i>IMPROVING</i> THE LIVES OF ALL",
    ]
    assert [cue.text for cue in popped] == [
        "( horn honking )",
        "HEY, THE®E.",
        "Test ½ Caption\nTest <i>test</i> Captions",
    ]
