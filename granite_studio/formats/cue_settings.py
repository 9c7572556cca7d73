"""WebVTT cue settings as a browser understands them, and the numpad place that comes nearest."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%", re.ASCII)
_LINE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_ROWS = ("", "line:50%,center", "line:0")
_COLUMNS = ("align:left", "", "align:right")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a cue stands. `line` counts rows (negative from below) or, without `snap`, percent.

    None means automatic: for `line` the bottom, for `position` what `align` asks for.
    """

    vertical: str = ""
    line: float | None = None
    snap: bool = True
    line_align: str = "start"
    position: float | None = None
    position_align: str = "auto"
    size: float = 100.0
    align: str = "center"
    region: str = ""


def parse(text: str) -> Settings:
    """Read settings by the W3C's rules: what is not understood is passed over."""
    settings = Settings()
    for token in text.split():
        name, _, value = token.partition(":")
        if name and value:
            settings = _with(settings, name, value)
    if settings.vertical or settings.line is not None or settings.size != 100:
        settings = replace(settings, region="")
    return settings


def _with(settings: Settings, name: str, value: str) -> Settings:
    number, comma, align = value.partition(",")
    if name == "region":
        return replace(settings, region=value)
    if name == "vertical" and value in ("rl", "lr"):
        return replace(settings, vertical=value)
    if name == "align" and value in ("start", "center", "end", "left", "right"):
        return replace(settings, align=value)
    if name == "size" and (percent := _percent(value)) is not None:
        return replace(settings, size=percent)
    if name == "position" and (percent := _percent(number)) is not None:
        if not comma:
            return replace(settings, position=percent)
        if align in ("line-left", "center", "line-right"):
            return replace(settings, position=percent, position_align=align)
    if name == "line" and (not comma or align in ("start", "center", "end")):
        return _with_line(settings, number, align or settings.line_align)
    return settings


def _with_line(settings: Settings, number: str, align: str) -> Settings:
    if _LINE.fullmatch(number):
        return replace(settings, line=float(number), snap=True, line_align=align)
    if (percent := _percent(number)) is not None:
        return replace(settings, line=percent, snap=False, line_align=align)
    return settings


def _percent(value: str) -> float | None:
    match = _PERCENT.fullmatch(value)
    if not match or float(match.group(1)) > 100:
        return None
    return float(match.group(1))


def numpad_of(text: str) -> int | None:
    """The place 1-9 (7 is top left) that comes nearest to these settings; None at the bottom."""
    settings = parse(text)
    if settings.vertical:
        return None
    row = 0
    if settings.line is not None and settings.snap:
        row = 2 if settings.line >= 0 else 0
    elif settings.line is not None:
        row = 2 if settings.line < 34 else 1 if settings.line < 67 else 0
    column = {"start": 0, "left": 0, "end": 2, "right": 2}.get(settings.align, 1)
    if column == 1 and settings.position is not None:
        column = 0 if settings.position < 34 else 1 if settings.position < 67 else 2
    place = row * 3 + column + 1
    return None if place == 2 else place


def settings_of(place: int | None) -> str:
    """WebVTT settings for a numpad place."""
    if place is None:
        return ""
    row, column = divmod(place - 1, 3)
    return f"{_ROWS[row]} {_COLUMNS[column]}".strip()
