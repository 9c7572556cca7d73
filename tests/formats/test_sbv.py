"""YouTube's SBV: times and plain text, read without loss and written so that it stays text."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.formats.base import Content, Source
from granite_studio.formats.sbv import FORMAT, read

FILE = "0:00:01.000,0:00:02.500\nHello\nthere\n\n10:00:03.000,10:00:04.000\nBye\n"


def cues(file: str) -> tuple[Caption, ...]:
    return read(Source(file.encode(), "film.sbv")).cues


def write(*items: Caption | Block) -> str:
    return FORMAT.write(Content(captions=Captions(items))).decode()


def test_a_plain_file_is_read_and_written_the_same() -> None:
    assert cues(FILE) == (
        Caption(1000, 2500, "Hello\nthere"),
        Caption(36_003_000, 36_004_000, "Bye"),
    )
    assert write(*cues(FILE)) == FILE
    assert cues(FILE.replace("\n", "\r\n")) == cues(FILE)


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("0:00:01.000,0:00:02.000", 1000, 2000),
        ("00:00:01.5,00:00:02", 1500, 2000),
        (" 0:00:01.000 , 0:00:02.000 ", 1000, 2000),
        ("0:00:05.000,0:00:04.000", 5000, 4000),
        ("-0:00:01.000,100:00:00.000", -1000, 360_000_000),
    ],
)
def test_times_are_read_however_they_are_typed(times: str, start: int, end: int) -> None:
    assert cues(f"{times}\na") == (Caption(start, end, "a"),)


def test_an_empty_cue_and_an_empty_line_stay() -> None:
    file = "0:00:01.000,0:00:02.000\n\n0:00:03.000,0:00:04.000\na\n\nb\n\n\n"

    assert [cue.text for cue in cues(file)] == ["", "a\n\nb"]
    assert "a\n\u2060\nb\n" in write(*cues(file))
    assert cues(write(*cues(file))) == cues(file)


def test_a_line_of_broken_times_is_text_that_a_person_can_see() -> None:
    file = "0:00:01.000,0:00:02.000\na\n\n0:00:03.f00,0:00:04.000\nb\n"

    assert [cue.text for cue in cues(file)] == ["a\n\n0:00:03.f00,0:00:04.000\nb"]


def test_marks_of_other_programs_are_no_text() -> None:
    assert [c.text for c in cues(f"[SUBTITLE]\n\n{FILE}\n[END SUBTITLE]\n\n")] == [
        "Hello\nthere",
        "Bye",
    ]
    quoted = Caption(0, 1, "a\n[END SUBTITLE]")
    assert cues(write(quoted)) == (quoted,)


def test_text_is_plain_in_both_directions() -> None:
    assert cues("0:00:01.000,0:00:02.000\n<i>a</i> &amp; {b}")[0].text == (
        "&lt;i&gt;a&lt;/i&gt; &amp;amp; {b}"
    )
    text = "<v Anna><i>Q&amp;A</i> <ass \\pos(1,2)><ruby>漢<rt>kan</ruby>"
    file = write(Block("NOTE", "no place"), Caption(-5, 1, text, "id", "line:0", 8))
    assert file == "0:00:00.000,0:00:00.001\nAnna: Q&A 漢(kan)\n"


def test_an_empty_file_has_no_cues() -> None:
    assert cues("") == cues("\ufeff\r\n \n") == ()
    assert write() == ""


def test_other_text_is_refused_with_a_sentence() -> None:
    with pytest.raises(FormatError) as refusal:
        cues("1\n00:00:01,000 --> 00:00:02,000\na\n")

    assert str(refusal.value) == "“film.sbv” has no subtitle times in it; choose an SBV file."


NASTY = [
    *("\n", "\n\n", "\r\n", "\r", " ", "\t", "\u2060", ",", ".", ":", "0:00:01.000,0:00:02.000"),
    *("\n0:00:01.000,0:00:02.000\nx", "0:\u206000:01.000,0:00:02.000", "[END SUBTITLE]", "["),
    *("[\u2060END SUBTITLE]", "-0:00:01,0:00:02", "<b>", "&amp;", "<v Anna>", "{\\an8}"),
    *("\0", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "東京", "\U0001f469"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=9).map("".join)


def shown(text: str) -> str:
    """What any file can hold of a text: line ends are newlines, the impossible is marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


@given(spoken=st.lists(texts, max_size=5))
@settings(max_examples=250, deadline=None)
def test_no_text_is_lost_or_becomes_another_cue(spoken: list[str]) -> None:
    said = [Caption(n * 1000, n * 1000 + 901, escape(text)) for n, text in enumerate(spoken)]

    assert cues(write(*said)) == tuple(
        Caption(n * 1000, n * 1000 + 901, escape(shown(text))) for n, text in enumerate(spoken)
    )


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    for head in (b"", b"0:00:01.000,0:00:02.000\n"):
        try:
            once = read(Source(head + data, "x"))
        except FormatError as refusal:
            sentence = str(refusal)
        else:
            sentence = "“x” can be read."
            texts_once = [cue.text for cue in once.cues]
            again = read(Source(FORMAT.write(Content(captions=once))))
            assert [cue.text for cue in again.cues] == texts_once
        assert re.fullmatch(r"“x” [^\n]+\.", sentence)


def test_a_huge_word_and_many_empty_lines_are_read_at_once() -> None:
    word = "\u4e00" * 3_000_000

    assert cues(write(Caption(0, 1, word)))[0].text == word
    assert cues("0:00:01.000,0:00:02.000\n" + "\n \n" * 300_000 + "a")[0].text == "a"


def test_every_file_of_other_programs_is_read_and_comes_back(shared_data: Path) -> None:
    subtitles = shared_data / "subtitles"
    counts = {}

    for path in sorted(subtitles.rglob("*.sbv")):
        once = read(Source(path.read_bytes(), path.name))
        counts[path.relative_to(subtitles).as_posix()] = len(once.cues)
        assert read(Source(FORMAT.write(Content(captions=once)))) == once

    assert counts == {
        "aeneas/sonnet001.sbv": 15,
        "webvttpy/invalid_timeframe.sbv": 4,
        "webvttpy/missing_caption_text.sbv": 5,
    }
