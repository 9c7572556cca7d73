"""The text of a style file: read as tables of values that are checked, and written."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from typing import Any

from granite_studio.core.errors import FormatError

MARKS: Mapping[str, str] = {
    "N": "Netflix's partner pages, as stored",
    "BBC": "the BBC's guidelines, as stored",
    "ARD": "the rules of ARD, ZDF, ORF and SRF, as stored",
    "FR": "the French charter of 2011, as stored",
    "SE": "Subtitle Edit; not compared with the publisher's own page",
    "G": "general knowledge, not verified",
    "own": "our own choice",
}
"""Where a number of a style comes from."""

LONGEST_NAME, LONGEST_TEXT = 60, 1000
_NAME = re.compile(r"\w(?:[\w -]*\w)?")
_PART = re.compile(r"[ \t]*[\w\"'-][\w\"' \t-]*")
_PARTS = 64
_DASHED = 10
_LEAST = {"cpl": 4, "wide_cpl": 4, "lines": 1, "max_ms": 100, "dashes": 1} | dict.fromkeys(
    ("cps_warn", "cps_error", "wide_cps"), 1
)
_MOST = {"lines": 4, "dashes": 2, "shot_frames": 50, "gap_frames": 50}
"""Smallest and largest sensible numbers; others are from 0 to `MOST`."""
MOST = 100_000


def bounds(rule: str) -> tuple[int, int]:
    """The smallest and the largest number that this rule takes."""
    return _LEAST.get(rule, 0), _MOST.get(rule, MOST)


def parsed(toml_text: str) -> Mapping[str, Any]:
    """The tables of a style file. Raises `FormatError`."""
    if _has_long_key(toml_text):
        raise FormatError("The style file cannot be read: a key has too many parts.")
    try:
        return tomllib.loads(toml_text)
    except RecursionError:
        raise FormatError("The style file cannot be read: it is nested too deep.") from None
    except ValueError as error:  # what is wrong in the text, or a number of thousands of digits
        raise FormatError(f"The style file cannot be read: {error}.") from None


def _has_long_key(toml_text: str) -> bool:
    """Whether a key may have very many parts: reading one takes the square of their number."""
    parts = 0
    for piece in toml_text.split("."):
        parts = parts + 1 if _PART.fullmatch(piece) else 0
        if parts > _PARTS:
            return True
    return False


def rule_of(table: Mapping[str, Any], name: str, kind: str) -> tuple[int | float | str, str, str]:
    """Value, reason and mark of a rule whose value is an "int", "float" or "str"; FormatError."""
    rule = table.get(name)
    if not isinstance(rule, dict) or "value" not in rule:
        raise FormatError(f"The style file lacks the rule “{name}” with a value: add it.")
    mark = rule.get("mark", "")
    if mark not in ("", *MARKS):
        raise FormatError(f"The mark of the style rule “{name}” is not one of {', '.join(MARKS)}.")
    return _value(name, kind, rule["value"]), text_of(rule, "reason"), mark


def text_of(table: Mapping[str, Any], name: str) -> str:
    """A text of one line, which must be there. Raises `FormatError`."""
    text = table.get(name)
    if not isinstance(text, str) or not text.strip():
        raise FormatError(f"The style file lacks a text for “{name}”: add it.")
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT or any(
        unicodedata.category(sign) in ("Cc", "Cs") for sign in text
    ):
        raise FormatError(f"The text for “{name}” is too long or has control characters in it.")
    if name == "name" and not (len(text) <= LONGEST_NAME and _NAME.fullmatch(text)):
        raise FormatError(
            f"A style's name has letters, digits, spaces and hyphens, at most {LONGEST_NAME}: "
            "change it."
        )
    return text


def _value(name: str, kind: str, value: Any) -> int | float | str:
    if kind == "str":
        if isinstance(value, str) and value.isprintable() and len(value) <= _DASHED:
            return value
        raise FormatError(f"The style rule “{name}” must be a text of at most {_DASHED} letters.")
    least, most = bounds(name)
    is_number = isinstance(value, (int, float) if kind == "float" else int)
    if not is_number or isinstance(value, bool) or not least <= value <= most:
        raise FormatError(f"The style rule “{name}” must be a number from {least} to {most}.")
    return float(value) if kind == "float" else int(value)


def written(name: str, value: float | str, reason: str, mark: str) -> str:
    """A rule as `rule_of` reads it."""
    shown = quoted(value) if isinstance(value, str) else repr(value).removesuffix(".0")
    marked = f"mark = {quoted(mark)}\n" if mark else ""
    return f"\n[{name}]\nvalue = {shown}\nreason = {quoted(reason)}\n{marked}"


def quoted(text: str) -> str:
    """A text as TOML writes it, which is as JSON does but for the delete sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
