"""Fields of JSON that others wrote, taken with suspicion: what has the wrong type is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from granite_studio.formats.turns import LONGEST_S, speaker_or_none

Values = dict[str, Any]

SECONDS = 1000
"""What a number counts, in ms."""
MILLISECONDS = 1
TICKS = 1 / 10_000

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,3})?")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,2}(?:[.,][0-9]{1,9})?)")
_ISO = re.compile(r"PT(?:([0-9]{1,4})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8}(?:\.[0-9]{1,9})?)S)?")
_UNNAMED = frozenset({"unknown speaker", "unnamed speaker", "u_ukn"})
_LABEL = re.compile(r"[0-9]{1,3}|[A-Z]")


def values_of(value: object) -> Values:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Values]:
    """The objects in a list; nothing for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first(value: object) -> Values:
    """The first thing in a list, if it is an object; of alternatives the likeliest."""
    return values_of(value[0]) if isinstance(value, list) and value else {}


def within(value: object, *path: str) -> Any:
    """What lies at the end of a path of fields; None where it breaks off."""
    for name in path:
        value = values_of(value).get(name)
    return value


def has(value: object, *names: str) -> bool:
    """Whether this is an object with all of these fields."""
    return isinstance(value, dict) and all(name in value for name in names)


def text_in(values: Values, *names: str) -> str:
    """The first of these fields that holds text."""
    return next((t for name in names if isinstance(t := values.get(name), str) and t), "")


def milliseconds(value: object, unit: float = SECONDS) -> int | None:
    """A time in ms; None for what is none.

    Takes numbers and their texts, "1.500s", "PT1.5S", "00:00:01,500" and what Google makes of a
    duration, an object of seconds and nanoseconds. What lies before the beginning is 0.
    """
    if isinstance(value, dict):
        whole, rest = number(value.get("seconds", 0)), number(value.get("nanos", 0))
        count = None if whole is None or rest is None else whole + rest / 1e9
    elif isinstance(value, str) and not _NUMBER.fullmatch(value):
        count, unit = _of_text(value.strip()), SECONDS
    else:
        count = number(value)
    if count is None or not count * unit < LONGEST_S * 1000:
        return None
    return max(0, round(count * unit))


def number(value: object) -> float | None:
    """A number or its text; None for anything else, NaN and infinity among it."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -1e15 < value < 1e15 else None


def _of_text(text: str) -> float | None:
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = match.groups("0")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    if match := _ISO.fullmatch(text):
        hours, minutes, seconds = match.groups("0")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return number(text[:-1]) if text.endswith("s") else number(text)


def confidence(value: object) -> float | None:
    """How sure the tool was, from 0 to 1, or None."""
    sure = number(value)
    return sure if sure is not None and 0 <= sure <= 1 else None


def voice(value: object) -> str | None:
    """The name of a speaker, or None; a bare number or letter becomes "Speaker 2"."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000:
        return f"Speaker {value}"
    if not isinstance(value, str):
        return None
    name = value.strip()
    if name.lower() in _UNNAMED:
        return None
    return f"Speaker {name}" if _LABEL.fullmatch(name) else speaker_or_none(name)


def channel(value: object, *, of_several: bool) -> str | None:
    """A channel as a speaker, where there are several of them."""
    if not of_several or isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return f"Channel {str(value)[:40].removeprefix('ch_').removeprefix('channel_')}"


def differ(found: Iterable[object]) -> bool:
    """Whether these are several different ones; what is neither text nor a number is none."""
    return len({item for item in found if isinstance(item, int | str)}) > 1
