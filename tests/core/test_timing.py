"""Times as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.timing import (
    RATES,
    Rate,
    clock,
    from_frames,
    parse_clock,
    parse_timecode,
    short_clock,
    snap,
    timecode,
    to_frames,
)

HUNDRED_HOURS = 360_000_000
DROP = RATES["29.97 DF"]
any_time = st.integers(0, 2 * HUNDRED_HOURS)
any_rate = st.sampled_from(list(RATES.values()))


@pytest.mark.parametrize(
    ("ms", "long", "short"),
    [
        (0, "00:00:00.000", "0:00"),
        (761_320, "00:12:41.320", "12:41"),
        (3_723_500, "01:02:03.500", "1:02:03"),
        (HUNDRED_HOURS + 1, "100:00:00.001", "100:00:00"),
    ],
)
def test_clocks_read_well(ms: int, long: str, short: str) -> None:
    assert clock(ms) == long
    assert short_clock(ms) == short


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("12:41", 761_000),
        ("1:02:03.5", 3_723_500),
        ("83.25", 83_250),
        ("83,25", 83_250),
        (" 00:00:00,001 ", 1),
        ("90:00", 5_400_000),
        ("100:00:00", HUNDRED_HOURS),
        ("0.0005", 1),
    ],
)
def test_clocks_are_read_as_people_write_them(text: str, ms: int) -> None:
    assert parse_clock(text) == ms


@pytest.mark.parametrize(
    "text",
    ["", ":", "1:", "1:60", "1:60:00", "1:2:3:4", "-5", "5s", "1.2.3", "٣", "1:5.", "9" * 12],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_clock(text)


def test_a_time_before_the_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="before the recording"):
        clock(-1)


@given(any_time)
def test_a_clock_reads_back(ms: int) -> None:
    assert parse_clock(clock(ms)) == ms
    assert parse_clock(short_clock(ms)) == ms // 1000 * 1000


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
    ],
)
def test_drop_frame_leaves_out_two_numbers_a_minute_but_for_every_tenth(
    frame: int, code: str
) -> None:
    assert timecode(from_frames(frame, DROP), DROP) == code


def test_double_rate_drop_frame_leaves_out_four() -> None:
    rate = RATES["59.94 DF"]
    assert timecode(from_frames(3600, rate), rate) == "00:01:00;04"


def test_non_drop_timecode_runs_slow_at_odd_rates() -> None:
    assert timecode(3_600_000, RATES["23.976"]) == "00:59:56:10"
    assert timecode(3_600_000, RATES["25"]) == "01:00:00:00"


@pytest.mark.parametrize("code", ["00:01:00;00", "00:01:00;01", "12:59:00:01", "00:00:00;30"])
def test_codes_that_do_not_exist_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        parse_timecode(code, DROP)


@pytest.mark.parametrize("code", ["", "00:00:00", "00:60:00:00", "a", "00:00:61:00"])
def test_what_is_no_timecode_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not a timecode"):
        parse_timecode(code, DROP)


@given(any_time, any_rate)
def test_a_timecode_always_exists_and_names_its_frame(ms: int, rate: Rate) -> None:
    code = timecode(ms, rate)
    hours, minutes, seconds, frames = (int(part) for part in code.replace(";", ":").split(":"))
    assert minutes < 60
    assert seconds < 60
    assert frames < rate.nominal
    assert not (rate.drop and minutes % 10 and seconds == 0 and frames < rate.dropped)
    assert parse_timecode(code, rate) == snap(ms, rate)
    assert abs(snap(ms, rate) - ms) <= 1000 / rate.frames / 2 + 1
    assert hours >= 0


@given(st.integers(0, 40_000_000), any_rate)
def test_frames_survive_milliseconds(frame: int, rate: Rate) -> None:
    assert to_frames(from_frames(frame, rate), rate) == frame


@given(any_time, any_rate)
def test_a_time_on_a_frame_stays_there(ms: int, rate: Rate) -> None:
    on_frame = snap(ms, rate)
    assert snap(on_frame, rate) == on_frame
    assert parse_timecode(timecode(on_frame, rate), rate) == on_frame


@given(any_rate, st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.integers(0, 99))
def test_a_code_that_exists_is_yielded_and_no_other_is_read(
    rate: Rate, hours: int, minute: int, second: int, frame: int
) -> None:
    code = f"{hours:02}:{minute:02}:{second:02}{';' if rate.drop else ':'}{frame:02}"
    is_left_out = rate.drop and minute % 10 and second == 0 and frame < rate.dropped
    if frame < rate.nominal and not is_left_out:
        assert timecode(parse_timecode(code, rate), rate) == code
    else:
        with pytest.raises(ValueError, match="does not exist"):
            parse_timecode(code, rate)


def test_frame_after_frame_has_timecodes_that_rise_by_one() -> None:
    for rate in (DROP, RATES["59.94 DF"]):
        codes = [timecode(from_frames(frame, rate), rate) for frame in range(40_000)]
        assert len(set(codes)) == len(codes)
        assert codes == sorted(codes)


def test_drop_frame_is_for_its_own_rates_only() -> None:
    for frames in (Fraction(25), Fraction(24000, 1001), Fraction(30)):
        with pytest.raises(ValueError, match="drop-frame"):
            Rate(frames, drop=True)
    with pytest.raises(ValueError, match="above zero"):
        Rate(Fraction(0))
