"""Times as people write them: clocks, and frame timecodes with and without drop-frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_PART = re.compile(r"[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_TIMECODE = re.compile(r"([0-9]{1,4})[:]([0-5]?[0-9])[:]([0-5]?[0-9])([:;.,])([0-9]{1,3})")

TWO_DIGITS = tuple(f"{number:02}" for number in range(100))
_THREE_DIGITS = tuple(f"{number:03}" for number in range(1000))
"""Numbers as clocks show them, looked up in a quarter of the time that formatting takes."""


def clock(ms: int) -> str:
    """A time as 00:12:41.320; hours go on past 99."""
    hours, minutes, seconds, rest = _split(ms)
    return f"{hours:02}:{TWO_DIGITS[minutes]}:{TWO_DIGITS[seconds]}.{_THREE_DIGITS[rest]}"


def short_clock(ms: int) -> str:
    """A time for reading: 12:41, or 1:02:03 from an hour on. Begun seconds do not count."""
    hours, minutes, seconds, _ = _split(ms)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def parse_clock(text: str) -> int:
    """Milliseconds from 12:41, 1:02:03.5, 83.25 (seconds) or 83,25; ValueError for others."""
    *larger, seconds = text.strip().split(":")
    if len(larger) > 2 or not all(map(_PART.fullmatch, larger)) or not _SECONDS.fullmatch(seconds):
        raise ValueError(f"“{text}” is not a time: write it like 1:02:03.5")
    value = Fraction(seconds.replace(",", "."))
    numbers = [int(part) for part in larger]
    # 83 seconds or 90 minutes may stand alone, but not behind a larger unit.
    if (numbers and value >= 60) or (len(numbers) == 2 and numbers[1] >= 60):
        raise ValueError(f"“{text}” is not a time: minutes and seconds go up to 59")
    for number, weight in zip(reversed(numbers), (60, 3600), strict=False):
        value += number * weight
    return divided(*(value * 1000).as_integer_ratio())


@dataclass(frozen=True, slots=True)
class Rate:
    """A frame rate. `drop` counts drop-frame timecode, for rates of 30000/1001 and its double."""

    frames: Fraction
    drop: bool = False

    def __post_init__(self) -> None:
        if self.frames <= 0:
            raise ValueError("a frame rate is above zero")
        if self.drop and (self.frames.denominator != 1001 or self.nominal % 30):
            raise ValueError("drop-frame timecode is for 29.97 and 59.94 frames a second")

    @property
    def nominal(self) -> int:
        """Frames that the timecode counts in a second."""
        return -(-self.frames.numerator // self.frames.denominator)

    @property
    def dropped(self) -> int:
        """Frame numbers that each minute leaves out, but for every tenth."""
        return self.nominal // 15 if self.drop else 0


RATES: dict[str, Rate] = {
    "23.976": Rate(Fraction(24000, 1001)),
    "24": Rate(Fraction(24)),
    "25": Rate(Fraction(25)),
    "29.97": Rate(Fraction(30000, 1001)),
    "29.97 DF": Rate(Fraction(30000, 1001), drop=True),
    "30": Rate(Fraction(30)),
    "50": Rate(Fraction(50)),
    "59.94": Rate(Fraction(60000, 1001)),
    "59.94 DF": Rate(Fraction(60000, 1001), drop=True),
    "60": Rate(Fraction(60)),
}
"""The usual rates by the name people know them by."""


def to_frames(ms: int, rate: Rate) -> int:
    """The number of the frame that begins nearest to this time."""
    dividend, divisor = rate.frames.as_integer_ratio()
    return divided(ms * dividend, 1000 * divisor)


def from_frames(frames: int, rate: Rate) -> int:
    """When a frame begins, to the nearest millisecond."""
    dividend, divisor = rate.frames.as_integer_ratio()
    return divided(frames * 1000 * divisor, dividend)


def timecode(ms: int, rate: Rate) -> str:
    """A time as hh:mm:ss:ff, with a semicolon before the frames for drop-frame."""
    frames = to_frames(ms, rate)
    if rate.drop:
        frames += _left_out(frames, rate)
    seconds, frame = divmod(frames, rate.nominal)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{';' if rate.drop else ':'}{frame:02}"


def parse_timecode(text: str, rate: Rate) -> int:
    """Milliseconds of a frame timecode; ValueError for one that does not exist at this rate."""
    match = _TIMECODE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” is not a timecode: write it like 01:02:03:04")
    hours, minute, second, frame = (int(match[group]) for group in (1, 2, 3, 5))
    minutes = hours * 60 + minute
    missing = second == 0 and frame < rate.dropped and minutes % 10
    if frame >= rate.nominal or missing:
        raise ValueError(f"“{text}” does not exist at this frame rate")
    number = (minutes * 60 + second) * rate.nominal + frame
    return from_frames(number - rate.dropped * (minutes - minutes // 10), rate)


def snap(ms: int, rate: Rate) -> int:
    """The nearest time at which a frame begins."""
    return from_frames(to_frames(ms, rate), rate)


def snap_up(ms: int, rate: Rate | None) -> int:
    """When the first frame begins that is no earlier; the time itself where there are none."""
    if rate is None or snap(ms, rate) >= ms:
        return ms if rate is None else snap(ms, rate)
    return from_frames(to_frames(ms, rate) + 1, rate)


def snap_down(ms: int, rate: Rate | None) -> int:
    """When the last frame begins that is no later; the time itself where there are none."""
    if rate is None or snap(ms, rate) <= ms:
        return ms if rate is None else snap(ms, rate)
    return from_frames(to_frames(ms, rate) - 1, rate)


def _left_out(frames: int, rate: Rate) -> int:
    """How many numbers drop-frame counting has left out up to this frame."""
    per_minute = rate.nominal * 60 - rate.dropped
    per_ten = per_minute * 10 + rate.dropped
    tens, rest = divmod(frames, per_ten)
    # The first minute of ten has all its numbers.
    minutes = max(rest - rate.dropped, 0) // per_minute
    return rate.dropped * (9 * tens + minutes)


def _split(ms: int) -> tuple[int, int, int, int]:
    if ms < 0:
        raise ValueError(f"{ms} ms lie before the recording")
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return hours, minute, second, rest


def divided(dividend: int, divisor: int) -> int:
    """The quotient as the nearest whole number; halves go up. The divisor is above zero."""
    return (2 * dividend + divisor) // (2 * divisor)
