"""Edit decision lists: whole frames, codes that exist, and nothing that breaks the list."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, Highlight, Media, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, parse_timecode, snap, to_frames
from granite_studio.formats import edl, frames
from granite_studio.formats.base import Content, Source

LISTED = [rate for name, rate in RATES.items()]
NASTY = [
    *("001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00", "TITLE: x", "FCM: DROP"),
    *("* COMMENT: y", "* FROM CLIP NAME: z", " |C:ResolveColorRed |M:n |D:9", "|D:1", "*", ":"),
    *("\n", "\n\n", "\r", "\0", "\x0b", "\x0c", "\x85", "\u2028", "\ufeff", "\u202e", "\t", " "),
    *("<b>", "&amp;", "<v Anna>", "\ud800", "\U0001f469", "東京", "a"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=8).map("".join)
times = st.integers(0, 80_000_000)


def read(text: str) -> tuple[Caption, ...]:
    return edl.read(Source(text.encode(), "x.edl")).cues


def lines(text: str) -> list[str]:
    """The lines of a text, as many as a comment can hold."""
    shown = re.sub("[\0\ud800-\udfff]", "\ufffd", text)
    return re.split("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", shown)


def test_cues_are_events_of_a_programme_that_begins_at_one_hour() -> None:
    captions = Captions((Caption(1000, 2500, "<v Anna>Hi &amp; ho"), Caption(3000, 3000, "a\nb")))

    assert edl.write(Content(captions=captions, title="My film")).decode() == (
        "TITLE: My film\r\nFCM: NON-DROP FRAME\r\n\r\n"
        "001  AX       V     C        00:00:01:00 00:00:02:13 01:00:01:00 01:00:02:13\r\n"
        "* COMMENT: Anna: Hi & ho\r\n* FRAME RATE: 25\r\n\r\n"
        "002  AX       V     C        00:00:03:00 00:00:03:01 01:00:03:00 01:00:03:01\r\n"
        "* COMMENT: a\r\n* COMMENT: b\r\n"
    )


def test_highlights_are_quotes_one_after_the_other() -> None:
    words = (Word(2, "Well", 0, 900), Word(3, "yes.", 5000, 6000), Word(4, "No.", 8000, 8400))
    document = Document(
        (Segment(1, words),),
        media=Media("talk.mp4", 9000),
        highlights=(Highlight(6, 4, 4, "doubt"), Highlight(5, 2, 3)),
        next_id=7,
    )

    file = edl.write(Content(document=document)).decode()

    assert file.split("\r\n") == [
        *("TITLE: talk", "FCM: NON-DROP FRAME", ""),
        "001  AX       V     C        00:00:00:00 00:00:06:00 01:00:00:00 01:00:06:00",
        *("* FROM CLIP NAME: talk.mp4", "* COMMENT: Well yes.", "* FRAME RATE: 25", ""),
        "002  AX       V     C        00:00:08:00 00:00:08:10 01:00:06:00 01:00:06:10",
        *("* FROM CLIP NAME: talk.mp4", "* COMMENT: doubt: No.", ""),
    ]
    assert [(cue.start, cue.end) for cue in read(file)] == [(0, 6000), (6000, 6400)]


@given(said=st.lists(st.tuples(times, st.integers(0, 9000), texts), max_size=4))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again_on_frames(said: list[tuple[int, int, str]]) -> None:
    captions = Captions(
        tuple(Caption(start, start + length, escape(text)) for start, length, text in said)
    )

    again = read(edl.write(Content(captions=captions)).decode())

    assert [cue.text for cue in again] == [escape("\n".join(lines(text))) for _, _, text in said]
    assert [cue.start for cue in again] == [snap(start, frames.FRAME_RATE) for start, _, _ in said]
    for cue, (start, length, _) in zip(again, said, strict=True):
        assert cue.end == max(snap(start + length, frames.FRAME_RATE), cue.start + 40)


@given(rate=st.sampled_from(LISTED), start=times, length=st.integers(0, 1_000_000))
@settings(max_examples=500, deadline=None)
def test_every_code_exists_and_is_the_nearest_frame(rate, start: int, length: int) -> None:
    captions = Captions((Caption(start, start + length, "a"),))

    file = edl.write(Content(captions=captions, frame_rate=rate)).decode()

    codes = re.findall(r"[0-9]{2}:[0-9]{2}:[0-9]{2}[:;][0-9]{2}", file)
    found = [to_frames(parse_timecode(code, rate), rate) for code in codes]
    first, last = frames.frames_of(captions.cues[0], rate)
    hour = frames.record_start(rate)
    assert found == [first, last, hour + first, hour + last]
    assert all((";" in code) == rate.drop for code in codes)
    assert ("FCM: DROP FRAME" in file) == rate.drop


@pytest.mark.parametrize("name", ["29.97 DF", "59.94 DF"])
def test_dropped_codes_are_never_written_around_any_minute(name: str) -> None:
    rate = RATES[name]
    minutes = [round(minute * 60_000 * 1.001) for minute in range(0, 1380, 7)]

    for ms in minutes:
        around = [frames.code_of(to_frames(ms, rate) + n, rate) for n in range(-8 if ms else 0, 8)]
        numbers = [to_frames(parse_timecode(code, rate), rate) for code in around]
        assert all(after - before == 1 for before, after in pairwise(numbers))


@pytest.mark.parametrize("rate", LISTED)
def test_what_ends_after_24_hours_is_refused(rate) -> None:
    day = to_frames(parse_timecode("23:59:59:23", rate), rate) + rate.nominal - 23

    assert frames.code_of(day - 1, rate).startswith("23:59:59")
    with pytest.raises(FormatError, match="24 hours"):
        frames.code_of(day, rate)
    with pytest.raises(FormatError, match="24 hours"):
        edl.write(Content(captions=Captions((Caption(0, 90_000_000, "a"),)), frame_rate=rate))


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    event = b"1 AX V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
    for head in (b"", event, event[:-12]):
        try:
            edl.read(Source(head + data, "x"))
        except FormatError as refusal:
            sentence = str(refusal)
        else:
            sentence = "“x” ."
        assert re.fullmatch(r"“x” .*\.", sentence, re.DOTALL)


def test_lists_of_other_programs_are_read() -> None:
    file = (
        "TITLE:   CUT 1\n\n\n"
        "1    A001 AA/V C        10:00:00:00 10:00:02:00 01:00:00:00 01:00:02:00\n"
        "*  FROM CLIP NAME:  INTERVIEW.MOV \n"
        "002  BL       V     D    025 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00  \n"
    )

    assert read(file) == (Caption(0, 2000, "INTERVIEW.MOV"), Caption(2000, 3000, ""))


def test_markers_of_resolve_are_read() -> None:
    file = (
        "TITLE: Timeline 1\nFCM: NON-DROP FRAME\n\n"
        "001  001      V     C        01:00:02:12 01:00:02:13 01:00:02:12 01:00:02:13  \n"
        " |C:ResolveColorBlue |M:A name |D:1\n\n"
        "002  001      V     C        01:20:00:00 01:20:00:01 01:20:00:00 01:20:00:01  \n"
        "A note | with bars |C:ResolveColorRed |M:Marker 2 |D:50\n"
    )

    assert read(file) == (
        Caption(2480, 2520, "A name"),
        Caption(1_200_000, 1_202_000, "A note | with bars"),
    )


@pytest.mark.parametrize(
    ("code", "ms"),
    [
        *(("00:00:01:20", 1800), ("00:00:01:29", 1967), ("00:00:01:45", 1900)),
        *(("00:00:01:55", 1917), ("00:01:00;02", 60_060), ("00;01;00;02", 60_060)),
        ("00:01:00;59", 60_978),
    ],
)
def test_the_frame_rate_follows_from_the_codes(code: str, ms: int) -> None:
    assert read(f"1 AX V C 00:00:00:00 00:00:00:01 {code} {code}\n")[0].start == ms


def test_a_dropped_code_is_a_fault_with_its_line() -> None:
    event = "1 AX V C 00:00:00;00 00:00:00;01 00:01:00;00 00:01:00;05\n"

    with pytest.raises(FormatError, match="that do not exist in line 3"):
        read(f"TITLE: x\nFCM: DROP FRAME\n{event}")
    with pytest.raises(FormatError, match="more than 60 frames"):
        read(event.replace(";05", ":75").replace(";", ":"))


def test_long_lines_cost_little() -> None:
    code = "00:00:00:00"

    assert read("1 " + f"{code} " * 100_000) == (Caption(0, 0, ""),)
    with pytest.raises(FormatError, match="no events"):
        read(f"1 AX V C {code}" + " " * 1_000_000 + "x")
    event = f"1 AX V C {code} {code} {code} 00:00:01:00\n"
    assert read(event + " |C:x |M:" * 100_000 + "|D:" * 100_000) == (Caption(0, 1000, ""),)
