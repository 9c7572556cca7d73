"""Times that few files have: after ten and a hundred hours, before zero, without length, over one
another, in drop-frame. They are kept to the frame or refused in a sentence, never made others.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, Rate
from granite_studio.formats import FORMATS, Content, Kind, dump
from granite_studio.formats.base import Source

OF_CUES = [name for name, known in FORMATS.items() if known.kind is Kind.CAPTIONS]
ONE_AT_A_TIME = {"scc", "stl"}
"""What shows one cue alone, and needs room before it."""
CODES_ALONE = {"premiere", "resolve", "edl"}
"""What writes time codes and not their frame rate, so that a reader takes the usual one."""
HOUR = 3_600_000
starts = st.one_of(
    st.integers(20_000, HOUR),
    st.integers(10 * HOUR, 10 * HOUR + 60_000),
    st.integers(23 * HOUR, 25 * HOUR),
    st.integers(100 * HOUR, 101 * HOUR),
)
lengths = st.one_of(st.just(0), st.integers(1, 40), st.integers(1000, 7000))


def there_and_back(name: str, cues: list[Caption], rate: Rate) -> list[Caption] | None:
    """The cues that are read of what is written; None where it is refused in a sentence."""
    known = FORMATS[name]
    assert known.read
    try:
        data = dump(name, Content(captions=Captions(tuple(cues)), frame_rate=rate))
    except FormatError:
        return None
    read = known.read(Source(data, f"x{known.extensions[0]}"))
    assert isinstance(read, Captions)
    return list(read.cues)


@pytest.mark.parametrize("name", OF_CUES)
@settings(max_examples=60, deadline=None)
@given(start=starts, length=lengths, rate=st.sampled_from(["25", "29.97", "23.976"]))
def test_a_time_is_kept_to_the_frame_or_refused(
    name: str, start: int, length: int, rate: str
) -> None:
    rate = "25" if name in CODES_ALONE else rate
    read = there_and_back(name, [Caption(start, start + length, "Yes.")], RATES[rate])

    if read is None:
        day = 23 * HOUR if name in CODES_ALONE else 24 * HOUR - 2000  # they begin at one hour
        assert start + length >= (10 * HOUR if name == "ass" else day)
        return
    [cue] = read
    frame = 1000 / RATES[rate].frames if FORMATS[name].in_frames or name == "ass" else 0
    assert abs(cue.start - start) <= max(frame, 1)
    assert abs(cue.end - (start + length)) <= max(3 * frame, 1)


@pytest.mark.parametrize("name", sorted({*OF_CUES} - ONE_AT_A_TIME))
def test_cues_over_one_another_are_all_there_in_their_times(name: str) -> None:
    cues = [
        Caption(20_000, 26_000, "long"),
        Caption(21_000, 23_000, "over it"),
        Caption(21_000, 23_000, "at once"),
    ]

    read = there_and_back(name, cues, RATES["25"])

    assert read is not None
    assert sorted((cue.start, cue.end, cue.text) for cue in read) == sorted(
        (cue.start, cue.end, cue.text) for cue in cues
    )


@pytest.mark.parametrize("name", OF_CUES)
def test_a_time_before_zero_does_not_become_a_late_one(name: str) -> None:
    read = there_and_back(name, [Caption(-2000, 20_000, "Yes.")], RATES["25"])

    assert read is None or (read[0].start <= 500 and abs(read[0].end - 20_000) <= 600)
