"""OpenTimelineIO: markers and quotes in its JSON, and timelines of other programs."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, Highlight, Media, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, from_frames, snap
from granite_studio.formats import otio
from granite_studio.formats.base import Content, Source
from granite_studio.formats.frames import FRAME_RATE, frames_of

NASTY = [
    *('"', "\\", "\\u0000", "}", "]", "\n", "\r\n", "\r", "\0", "\x01", "\x85", "\u2028", "\t"),
    *(
        "<b>",
        "&amp;",
        "\ufeff",
        "\u202e",
        "\ud800",
        "\U0001f469\u200d\U0001f52c",
        "東京",
        "a",
        " ",
    ),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=8).map("".join)
said = st.lists(
    st.tuples(
        st.integers(0, 400_000_000),
        st.integers(0, 9000),
        st.sampled_from(["", "Anna", '"', "<b>", "山田"]),
        texts,
    ),
    max_size=4,
)
FIELDS = [
    *("OTIO_SCHEMA", "children", "markers", "source_range", "marked_range", "start_time", "name"),
    *("duration", "value", "rate", "comment", "metadata", "media_reference", "available_range"),
]
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(["Clip.1", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)
    ),
    max_leaves=20,
)


def read(value: object) -> tuple[Caption, ...]:
    return otio.read(Source(json.dumps(value).encode(), "x.otio")).cues


def time(seconds: float, rate: float = 24.0) -> dict[str, object]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": seconds * rate}


def span(start: float, length: float) -> dict[str, object]:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": time(start),
        "duration": time(length, 30.0),
    }


def marker(name: str, start: float, length: float, **more: object) -> dict[str, object]:
    marked = span(start, length)
    return {"OTIO_SCHEMA": "Marker.2", "name": name, "marked_range": marked, **more}


def item(schema: str, **values: object) -> dict[str, object]:
    return {"OTIO_SCHEMA": schema, "name": "", "source_range": None, "markers": [], **values}


def timeline(*tracks: object, **values: object) -> dict[str, object]:
    stack = item("Stack.1", children=list(tracks), **values)
    return {"OTIO_SCHEMA": "Timeline.1", "name": "T", "tracks": stack}


def shown(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def voiced(name: str, text: str) -> str:
    return f"<v {escape(name)}>{escape(text)}" if name else escape(text)


def test_cues_are_markers_over_a_clip_of_the_recording() -> None:
    captions = Captions((Caption(1000, 2500, "<v Anna>Hi\n&lt;ho"),))

    file = json.loads(otio.write(Content(captions=captions, title="Film")))

    (track,) = file["tracks"]["children"]
    (clip,) = track["children"]
    assert (file["OTIO_SCHEMA"], file["name"], track["kind"]) == ("Timeline.1", "Film", "Video")
    assert file["tracks"]["markers"] == [
        {
            "OTIO_SCHEMA": "Marker.2",
            "metadata": {"granite_studio": {"speaker": "Anna"}},
            "name": "Hi <ho",
            "color": "BLUE",
            "marked_range": {
                "OTIO_SCHEMA": "TimeRange.1",
                "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 25.0},
                "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 38.0},
            },
            "comment": "Hi\n<ho",
        }
    ]
    assert clip["source_range"]["duration"]["value"] == 63.0
    assert clip["media_reference"]["OTIO_SCHEMA"] == "MissingReference.1"


def test_highlights_are_clips_one_after_the_other() -> None:
    words = (Word(2, "Well", 0, 900), Word(3, "yes.", 5000, 6000), Word(4, "No.", 8000, 8400))
    document = Document(
        (Segment(1, words),),
        media=Media("a talk.mp4", 9000),
        highlights=(Highlight(6, 4, 4, "doubt"), Highlight(5, 2, 3)),
        next_id=7,
    )

    file = otio.write(Content(document=document))

    (track,) = json.loads(file)["tracks"]["children"]
    assert [clip["source_range"]["start_time"]["value"] for clip in track["children"]] == [0, 200]
    assert track["children"][0]["media_reference"]["target_url"] == "a%20talk.mp4"
    assert otio.read(Source(file)).cues == (
        Caption(0, 6000, "Well yes."),
        Caption(6000, 6400, "doubt: No."),
    )


@given(said=said)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again_on_frames(said) -> None:
    captions = Captions(tuple(Caption(a, a + b, voiced(name, text)) for a, b, name, text in said))

    again = otio.read(Source(otio.write(Content(captions=captions)))).cues

    assert sorted((cue.start, cue.end, cue.text) for cue in again) == sorted(
        (
            snap(a, FRAME_RATE),
            max(snap(a + b, FRAME_RATE), snap(a, FRAME_RATE) + 40),
            voiced(name, shown(text)),
        )
        for a, b, name, text in said
    )


@given(said=said, rate=st.sampled_from(list(RATES.values())))
@settings(max_examples=100, deadline=None)
def test_times_are_whole_frames_at_every_rate(said, rate) -> None:
    cues = tuple(Caption(a, a + b, "a") for a, b, _, _ in said)

    again = otio.read(Source(otio.write(Content(captions=Captions(cues), frame_rate=rate)))).cues

    assert sorted((cue.start, cue.end) for cue in again) == sorted(
        tuple(from_frames(frame, rate) for frame in frames_of(cue, rate)) for cue in cues
    )


def test_markers_are_found_wherever_they_stand() -> None:
    clip = item("Clip.2", name="b", source_range=span(100, 5), markers=[marker("on clip", 101, 1)])
    track = item(
        "Track.1",
        children=[item("Gap.1", source_range=span(0, 2)), item("Transition.1"), clip],
        markers=[marker("on track", 0.5, 1, comment="A remark")],
    )
    trimmed = item("Track.1", source_range=span(4, 3), markers=[marker("trimmed", 5, 0)])

    assert read(timeline(track, trimmed, markers=[marker("on top", 9, 1)])) == (
        Caption(500, 1500, "A remark"),
        Caption(1000, 1000, "trimmed"),
        Caption(3000, 4000, "on clip"),
        Caption(9000, 10_000, "on top"),
    )


def test_without_markers_the_names_of_clips_are_read() -> None:
    reference = {"OTIO_SCHEMA": "ExternalReference.1", "available_range": span(0, 3)}
    one = item("Clip.1", name="one", media_reference=reference)
    two = item(
        "Clip.2",
        name="two",
        media_references={"DEFAULT_MEDIA": reference},
        active_media_reference_key="DEFAULT_MEDIA",
    )
    inner = item("Stack.1", children=[item("Track.1", children=[one, two])])

    assert read(timeline(item("Track.1", children=[inner, one]))) == (
        Caption(0, 3000, "one"),
        Caption(3000, 6000, "two"),
        Caption(6000, 9000, "one"),
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "is not an OpenTimelineIO timeline"),
        ({"OTIO_SCHEMA": "Clip.1"}, "is not an OpenTimelineIO timeline"),
        (timeline(markers=[{"OTIO_SCHEMA": "Marker.2"}]), "has no time where one should be"),
        (timeline(markers=[marker("a", 1e9, 1)]), "has a time of more than eleven days"),
        (timeline(markers=[marker("a", float("nan"), 1)]), "has a time of more than eleven days"),
        (timeline(item("Track.1", source_range=span(0, 1e308 * 10))), "has a time of more than"),
    ],
)
def test_what_cannot_be_read_is_told(value: object, reason: str) -> None:
    with pytest.raises(FormatError, match=f"^“x.otio” {reason}.*\\.$"):
        read(value)


def test_deep_timelines_are_refused() -> None:
    deep: dict[str, object] = item("Track.1")
    for _ in range(60):
        deep = item("Track.1", children=[deep])
    with pytest.raises(FormatError, match="more than 50 tracks in one another"):
        read(timeline(deep))
    with pytest.raises(FormatError, match="not whole JSON"):
        otio.read(Source(b'{"a":' * 100_000))


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    assert re.fullmatch(r"“x” .*\.", sentence_of(data), re.DOTALL)


@given(values=st.lists(anything, max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_json_gives_captions_or_one_sentence(values: list[object]) -> None:
    for value in (
        timeline(*values),
        timeline(item("Track.1", children=values, markers=values)),
        timeline(item("Clip.2", source_range=values[:1], media_reference=values)),
    ):
        assert re.fullmatch(r"“x” .*\.", sentence_of(json.dumps(value).encode()), re.DOTALL)


def sentence_of(data: bytes) -> str:
    try:
        otio.read(Source(data, "x"))
    except FormatError as refusal:
        return str(refusal)
    return "“x” ."
