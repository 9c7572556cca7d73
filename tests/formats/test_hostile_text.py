"""Text made to break files: what is written must be read back, by us and by other readers."""

import re

import pytest
import srt as srt_oracle
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, dump, srt, vtt
from granite_studio.formats.base import Source
from granite_studio.formats.markup import plain

READERS = {"srt": srt.read, "vtt": vtt.read}
NASTY = [
    *("-->", "->", "- ->", "→", "--\u2060>", "\u2060", "--", ">"),
    *("\n", "\n\n", " \n", "\t", " ", "\r\n", "\r", "1\n", "42"),
    *("00:00:01,000 --> 00:00:02,000", "\n\n2\n00:00:03,000 --> 00:00:04,000\n", "00:01"),
    *("00:\u206000:01,000 -> 00:00:02,000", "00:00:01.000 --> 00:00:02.000 X1:4", "-0:0:1"),
    *("<b>", "</b>", "<i", "<script>alert(1)</script>", "<\u2060b>", "<font color=red>", "<br>"),
    *("<v Anna>", "<c.red>", "<00:00:01.000>", "<", "</", "]]>", "</w:t>"),
    *("{\\p1}", "{\\an8}", "{\u2060\\an8}", "{", "\\", "}", "=cmd|' /C calc'!A0"),
    *("&amp;", "&lt;", "&\u2060lt;", "&#10;", "&", "&nosuch;", ";", "&nbsp"),
    *("WEBVTT", "NOTE", "STYLE", "REGION", "::cue {}", "X1:1"),
    *("\0", "\x01", "\x0b", "\x0c", "\x1a", "\x1b", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *("\u202e", "\u200f", "\ud800", "\udfff", "\U0001f469\u200d\U0001f52c", "é", "東京", "a", "Q"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=9).map("".join)
times = st.integers(0, 400_000_000)


def shown(text: str) -> str:
    """What any file can hold of a text: line ends are newlines, the impossible is marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def again(name: str, captions: Captions) -> Captions:
    return READERS[name](Source(dump(name, Content(captions=captions))))


def read_or_refused(name: str, data: bytes) -> Captions:
    try:
        return READERS[name](Source(data, "x"))
    except FormatError as refusal:
        sentence = str(refusal)
    assert sentence.startswith("“x” ")
    assert sentence.endswith(".")
    return Captions()


def captions_of(spoken: list[str]) -> Captions:
    return Captions(
        tuple(Caption(n * 1000, n * 1000 + 900, escape(text)) for n, text in enumerate(spoken))
    )


@pytest.mark.parametrize("name", ["srt", "vtt"])
@given(spoken=st.lists(texts, max_size=5))
@settings(max_examples=500, deadline=None)
def test_no_text_is_lost_or_becomes_another_cue(name: str, spoken: list[str]) -> None:
    read = again(name, captions_of(spoken)).cues

    assert [cue.text for cue in read] == [escape(shown(text)) for text in spoken]
    assert [(cue.start, cue.end) for cue in read] == [
        (n * 1000, n * 1000 + 900) for n in range(len(spoken))
    ]
    assert all(cue.alignment is None and not cue.settings for cue in read)


@given(spoken=st.lists(texts.filter(str.strip), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_webvtt_py_reads_what_we_write(spoken: list[str]) -> None:
    file = dump("vtt", Content(captions=captions_of(spoken)))

    read = webvtt.from_string(file.decode()).captions

    guard = re.compile(r"^(\u2060*)\u2060$", re.MULTILINE)
    assert [guard.sub(r"\1", cue.raw_text) for cue in read] == [
        escape(shown(text)) for text in spoken
    ]


@given(spoken=st.lists(texts.filter(str.strip), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_the_srt_library_finds_the_same_cues(spoken: list[str]) -> None:
    file = dump("srt", Content(captions=captions_of(spoken)))

    read = list(srt_oracle.parse(file.decode(), ignore_errors=False))

    assert [cue.start.total_seconds() for cue in read] == list(range(len(spoken)))


@pytest.mark.parametrize("name", ["srt", "vtt"])
@given(text=texts, start=times, end=times, settings_text=texts, name_text=texts, place=texts)
@settings(max_examples=300, deadline=None)
def test_nothing_in_any_field_makes_another_cue(
    name: str, text: str, start: int, end: int, settings_text: str, name_text: str, place: str
) -> None:
    cue = Caption(start, end, text, name_text, settings_text, None, place)

    read = again(name, Captions((cue, Caption(1, 2, "the next")), header=text)).cues

    assert [(cue.start, cue.end) for cue in read] == [(start, end), (1, 2)]
    assert read[1].text == "the next"


@given(notes=st.lists(texts, max_size=4), kind=st.sampled_from(["NOTE", "STYLE", "REGION"]))
@settings(max_examples=300, deadline=None)
def test_notes_come_back_and_never_become_cues(notes: list[str], kind: str) -> None:
    items = tuple(Block(kind, text) for text in notes)

    read = again("vtt", Captions((*items, Caption(1, 2, "said"))))

    assert read.cues == (Caption(1, 2, "said"),)
    if kind == "NOTE":
        assert read.items[:-1] == tuple(Block("NOTE", shown(text)) for text in notes)


@given(data=st.binary(max_size=300) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=500, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    for name, head in (("srt", b""), ("vtt", b""), ("vtt", b"WEBVTT\n\n")):
        captions = read_or_refused(name, head + data)
        once = again(name, captions)
        assert [plain(cue.text) for cue in once.cues] == [plain(c.text) for c in captions.cues]
        assert again(name, once) == once


def test_a_huge_word_comes_back_whole() -> None:
    word = "\u4e00" * 3_000_000

    for name in ("srt", "vtt"):
        assert again(name, captions_of([word])).cues[0].text == word


def test_plain_text_undoes_escape() -> None:
    assert plain(escape("a <b> & {\\an8} -->")) == "a <b> & {\\an8} -->"
