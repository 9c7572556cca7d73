"""Markers: as Premiere Pro and DaVinci Resolve write theirs, read again as they were."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, snap
from granite_studio.formats import frames, markers
from granite_studio.formats.base import Content, Source

NASTY = [
    *("=cmd|' /C calc'!A0", "=", "-", "@", "+", "\t", '"', '"a"', "'=", "\u2060", "\u2060="),
    *(" |C:ResolveColorRed |M:n |D:9", "|M:", "|D:1", "|", "|\u2060C:", "TITLE: x", "FCM: DROP"),
    *("001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00", "* COMMENT: y", "3 4:5"),
    *("\n", "\r\n", "\0", "\x0b", "\x85", "\u2028", "\ufeff", "\u202e", "<b>", "&amp;", "\ud800"),
    *("\U0001f469\u200d\U0001f52c", "東京", "a", " ", "Marker Name\tDescription\tIn"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=8).map("".join)
names = st.sampled_from(["", "Anna", "=A1", 'O"Hara', "|D:3", "<b>", "山田"])
said = st.lists(
    st.tuples(st.integers(0, 80_000_000), st.integers(0, 9000), names, texts), max_size=4
)
CUES = Captions((Caption(1000, 2500, "<v Anna>- Hi\nho"), Caption(3000, 3000, "1 &lt; 2 | 3")))


def one_line(text: str) -> str:
    shown = re.sub("[\0\ud800-\udfff]", "\ufffd", text)
    return re.sub("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", " ", shown).strip()


def voiced(name: str, text: str) -> str:
    return f"<v {escape(name)}>{escape(text)}" if name else escape(text)


def test_premieres_list_looks_like_its_export() -> None:
    assert markers.write_premiere(Content(captions=CUES)).decode() == (
        "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\t\r\n"
        "Anna\t\u2060- Hi ho\t00:00:01:00\t00:00:02:13\t00:00:01:13\tComment\t\r\n"
        "\t1 < 2 | 3\t00:00:03:00\t00:00:03:01\t00:00:00:01\tComment\t\r\n"
    )


def test_premiere_parts_dropped_codes_with_semicolons() -> None:
    captions = Captions((Caption(60_060, 61_061, "a"),))

    file = markers.write_premiere(
        Content(captions=captions, frame_rate=RATES["29.97 DF"])
    ).decode()

    assert "\ta\t00;01;00;02\t00;01;01;02\t00;00;01;00\tComment\t" in file
    assert markers.read_premiere(Source(file.encode())).cues[0].start == 60_060


def test_resolves_list_looks_like_its_export() -> None:
    assert markers.write_resolve(Content(captions=CUES, title="Film")).decode() == (
        "TITLE: Film\r\nFCM: NON-DROP FRAME\r\n\r\n"
        "001  001      V     C        01:00:01:00 01:00:01:01 01:00:01:00 01:00:01:01  \r\n"
        "- Hi ho |C:ResolveColorBlue |M:Anna |D:38\r\n* FRAME RATE: 25\r\n\r\n"
        "002  001      V     C        01:00:03:00 01:00:03:01 01:00:03:00 01:00:03:01  \r\n"
        "1 < 2 | 3 |C:ResolveColorBlue |M:Marker 2 |D:1\r\n"
    )


@pytest.mark.parametrize("known", [markers.PREMIERE, markers.RESOLVE])
@given(said=said)
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_again_on_frames_and_on_one_line(known, said) -> None:
    captions = Captions(
        tuple(
            Caption(start, start + length, voiced(name, text))
            for start, length, name, text in said
        )
    )

    again = known.read(Source(known.write(Content(captions=captions)))).cues

    assert [cue.start for cue in again] == [snap(item[0], frames.FRAME_RATE) for item in said]
    for cue, (start, length, name, text) in zip(again, said, strict=True):
        kept = one_line(text)
        if known is markers.PREMIERE:
            kept = kept.replace("\t", " ")
        assert cue.text == (voiced(name, kept) if kept else escape(name) or cue.text)
        assert cue.end == max(snap(start + length, frames.FRAME_RATE), cue.start + 40)


@given(said=said)
@settings(max_examples=100, deadline=None)
def test_no_field_of_a_marker_is_a_formula_or_makes_another(said) -> None:
    captions = Captions(tuple(Caption(a, a + b, voiced(name, text)) for a, b, name, text in said))
    content = Content(captions=captions)

    rows = markers.write_premiere(content).decode().split("\r\n")[1:-1]
    assert [row.count("\t") for row in rows] == [6] * len(said)
    assert not any(cell[:1] in tuple("=+-@") for row in rows for cell in row.split("\t"))
    file = markers.write_resolve(content).decode()
    for field in ("|C:", "|M:", "|D:"):
        assert file.count(field) == len(said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_premieres_own_list_is_read(encoding: str, delimiter: str) -> None:
    file = (
        "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\t\r\n"
        "Test\tSome comment\t00;11;23;01\t00;11;24;25\t00;00;01;24\tChapter\t\r\n"
        "01\t\t00;12;00;02\t00;12;00;02\t00;00;00;00\tComment\t\r\n"
    )

    read = markers.read_premiere(Source(file.replace("\t", delimiter).encode(encoding))).cues

    assert read == (
        Caption(683_049, 684_851, "<v Test>Some comment"),
        Caption(720_053, 720_053, "01"),
    )


@pytest.mark.parametrize("known", [markers.PREMIERE, markers.RESOLVE])
def test_what_ends_after_24_hours_is_refused(known) -> None:
    with pytest.raises(FormatError, match="24 hours"):
        known.write(Content(captions=Captions((Caption(86_399_999, 86_401_000, "a"),))))


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    head = b"Marker Name\tDescription\tIn\tOut\n"
    for read in (markers.PREMIERE.read, markers.RESOLVE.read):
        try:
            read(Source(head + data, "x"))
        except FormatError as refusal:
            sentence = str(refusal)
        else:
            sentence = "“x” ."
        assert re.fullmatch(r"“x” .*\.", sentence, re.DOTALL)
