"""Times that a format does not have are refused or named, and never become others in silence."""

from dataclasses import replace

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import CueOverride, Document, Highlight, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.formats import FORMATS, Content, Kind, dump, losses
from granite_studio.formats.base import Source

HOUR = 3_600_000
KEEPS_EARLY = ("srt", "csv", "tsv")


def captions_at(*times: tuple[int, int]) -> Content:
    return Content(captions=Captions(tuple(Caption(*ends, "Hello.") for ends in times)))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_starts_before_zero_are_named_where_they_are_not_kept(name: str) -> None:
    content = captions_at((-500, 4000), (9000, 12_000))
    named = [part for part in losses(FORMATS[name], content) if "before 0:00" in part]

    assert len(named) == (name not in KEEPS_EARLY)
    read = FORMATS[name].read
    if FORMATS[name].kind is Kind.CAPTIONS and read is not None:
        again = read(Source(dump(name, content)))
        assert isinstance(again, Captions)
        assert (again.cues[0].start == -500) == (not named)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("times", [(5000, 2000), (5000, 5000), (5000, 6000)])
def test_an_end_that_is_not_behind_its_start_is_kept_or_named(
    name: str, times: tuple[int, int]
) -> None:
    content = captions_at(times, (9000, 12_000))
    named = losses(FORMATS[name], content)

    read = FORMATS[name].read
    if times[1] > times[0]:
        assert not named or FORMATS[name].kind is not Kind.CAPTIONS
    elif FORMATS[name].kind is not Kind.CAPTIONS or read is None:
        assert named
    else:
        again = read(Source(dump(name, content)))
        assert isinstance(again, Captions)
        assert (again.cues[0].end == times[1]) == (not named)


def test_ass_names_the_cues_that_its_clock_has_no_digits_for() -> None:
    content = captions_at((0, 1000), (9 * HOUR, 10 * HOUR - 10), (25 * HOUR, 101 * HOUR))

    assert losses(FORMATS["ass"], content) == (
        "1 cue after 9:59:59.99 (ASS has one digit of hours; not every player takes more)",
    )


def test_a_timeline_of_more_than_eleven_days_is_refused_before_it_is_written() -> None:
    assert FORMATS["otio"].read
    late = dump("otio", captions_at((200 * HOUR, 201 * HOUR)))
    assert FORMATS["otio"].read(Source(late))

    with pytest.raises(FormatError, match="at most eleven days"):
        dump("otio", captions_at((1000 * HOUR, 1001 * HOUR)))


def test_a_marker_without_text_is_read_without_text() -> None:
    cues = Captions((Caption(1000, 2000, ""), Caption(3000, 4000, "Marker 7")))
    assert FORMATS["resolve"].read

    again = FORMATS["resolve"].read(Source(dump("resolve", Content(captions=cues))))

    assert isinstance(again, Captions)
    assert [cue.text for cue in again.cues] == ["", "Marker 7"]


@pytest.mark.parametrize("name", ["itt", "stl", "scc", "edl", "resolve"])
def test_what_time_codes_do_not_reach_is_refused(name: str) -> None:
    with pytest.raises(FormatError, match=r"24 hours .*\.$"):
        dump(name, captions_at((0, 1000), (100 * HOUR, 100 * HOUR + 1000)))


def test_markers_are_counted_where_there_are_quotes_too() -> None:
    words = [Word(n, "so", n * 1000, n * 1000 + 900) for n in range(1, 1201)]
    segments = tuple(Segment(2000 + n, (word,)) for n, word in enumerate(words))
    document = Document(segments, highlights=(Highlight(5000, 1, 2),), next_id=6000)
    made = [CueOverride(word.id, word.id) for word in words]
    content = Content(document=replace(document, cue_overrides=tuple(made)))

    parts = losses(FORMATS["resolve"], content, cut=True)
    assert any(part.startswith("201 cues' numbers of three digits") for part in parts)


@pytest.mark.parametrize("name", ["edl", "resolve"])
def test_events_that_cmx_numbers_do_not_reach_are_named(name: str) -> None:
    cues = [(n * 1000, n * 1000 + 900) for n in range(1001)]

    assert not losses(FORMATS[name], captions_at(*cues[:999]))
    assert losses(FORMATS[name], captions_at(*cues)) == (
        "2 cues' numbers of three digits (CMX 3600 counts to 999; not every program takes more)",
    )
