"""Subtitle styles: the numbers of a house guide, each with its reason in plain words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from granite_studio.core.errors import FormatError

DEFAULT = "general"
_TEXTS = ("name", "title", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a subtitle guide asks for. Times in ms, speeds in characters a second."""

    name: str
    title: str
    source: str
    """Where the numbers come from, and how sure they are."""
    cpl: int
    """Characters in a line."""
    lines: int
    cps_warn: float
    """Faster than this is a doubt,"""
    cps_error: float
    """and faster than this a fault."""
    wide_cpl: int
    """Full-width characters in a line of Japanese, Chinese or Korean; a half-width one is half."""
    wide_cps: float
    min_ms: int
    """Shortest time a cue is shown."""
    max_ms: int
    word_ms: int
    """Least time for each word, or 0 where the guide does not count words."""
    gap_ms: int
    """Least time between two cues."""
    chain_ms: int
    """A gap shorter than this flickers and is closed to `gap_ms`."""
    linger_ms: int
    """How long a cue may stay after its last word so that it can be read."""
    pause_ms: int
    """A silence of this length always ends a cue."""
    dash: str
    """What stands before each line of a cue in which two people speak."""
    reasons: tuple[tuple[str, str], ...] = ()

    def reason(self, rule: str) -> str:
        """Why the guide has this number, in a sentence; empty if the style does not say."""
        return dict(self.reasons).get(rule, "")


_LEAST = {"cpl": 4, "wide_cpl": 4, "lines": 1, "max_ms": 100} | dict.fromkeys(
    ("cps_warn", "cps_error", "wide_cps"), 1
)
_MOST = {"lines": 4}
"""Smallest and largest sensible numbers; others are from 0 to `MOST`."""
MOST = 100_000


def load_style(toml_text: str) -> Style:
    """Read a style: name, title and source, and a table with value and reason for every rule.

    FormatError says which line or rule is wrong.
    """
    try:
        table = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"The style file cannot be read: {error}.") from None
    rules = [field for field in fields(Style) if field.name not in (*_TEXTS, "reasons")]
    known = {*_TEXTS, *(field.name for field in rules)}
    if unknown := sorted(table.keys() - known):
        raise FormatError(
            f"The style file has a rule “{unknown[0]}” that is not known: remove it."
        )
    values: dict[str, Any] = {name: _text(table, name) for name in _TEXTS}
    reasons: list[tuple[str, str]] = []
    for field in rules:
        rule = table.get(field.name)
        if not isinstance(rule, dict) or "value" not in rule:
            raise FormatError(
                f"The style file lacks the rule “{field.name}” with a value: add it."
            )
        values[field.name] = _value(field.name, str(field.type), rule["value"])
        reasons.append((field.name, _text(rule, "reason")))
    style = Style(**values, reasons=tuple(reasons))
    if style.min_ms > style.max_ms or style.cps_warn > style.cps_error:
        raise FormatError(f"In the style “{style.name}” a lower limit lies above the upper one.")
    return style


@cache
def style_names() -> tuple[str, ...]:
    """The styles that come with the program, the general one first."""
    found = {
        entry.name.removesuffix(".toml") for entry in _folder() if entry.name.endswith(".toml")
    }
    return (DEFAULT, *sorted(found - {DEFAULT}))


@cache
def style(name: str = DEFAULT) -> Style:
    """A style that comes with the program; FormatError names those there are."""
    if name not in style_names():
        known = ", ".join(style_names())
        raise FormatError(f"There is no subtitle style “{name}”: choose one of {known}.")
    entry = files("granite_studio.resources") / "styles" / f"{name}.toml"
    return load_style(entry.read_text(encoding="utf-8"))


def _folder() -> list[Any]:
    return list((files("granite_studio.resources") / "styles").iterdir())


def _text(table: Mapping[str, Any], name: str) -> str:
    text = table.get(name)
    if not isinstance(text, str) or not text.strip():
        raise FormatError(f"The style file lacks a text for “{name}”: add it.")
    return text.strip()


def _value(name: str, kind: str, value: Any) -> int | float | str:
    if kind == "str":
        if isinstance(value, str):
            return value
        raise FormatError(f"The style rule “{name}” must be a text.")
    least, most = _LEAST.get(name, 0), _MOST.get(name, MOST)
    is_number = isinstance(value, (int, float) if kind == "float" else int)
    if not is_number or isinstance(value, bool) or not least <= value <= most:
        raise FormatError(f"The style rule “{name}” must be a number from {least} to {most}.")
    return float(value) if kind == "float" else int(value)
