"""How long a text is to the eye, and how fast it must be read.

Whether a cue is read by the limits for full-width characters is judged from all its text, so that
one rule holds for all its lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from granite_studio.core.styles import Style

_FULL = ("W", "F")
_ASIAN = (*_FULL, "H")
_UNCOUNTED = ("Mn", "Me", "Cf")
_FIRST_FULL = "\u1100"


def lengths(lines: Sequence[str]) -> list[float]:
    """Of each line of a cue the characters as a viewer counts them: accents and joiners are none
    of their own. In a cue that is mostly full-width, a half-width character counts half."""
    wide = is_wide("".join(lines))
    return [width(line, wide=wide) for line in lines]


def is_wide(text: str) -> bool:
    """Whether most letters and digits of a text are full-width characters, as in Japanese, or the
    half-width kana that stand for some of them."""
    return may_be_wide(text) and balance(text) > 0


def may_be_wide(text: str) -> bool:
    """Whether there can be any full-width character in a text."""
    return not text.isascii() and max(text) >= _FIRST_FULL


@lru_cache(maxsize=65_536)
def balance(text: str) -> int:
    """How many more full-width letters and digits, or half-width kana, there are in a text than
    others."""
    signs = [sign for sign in text if unicodedata.category(sign)[0] in "LN"]
    full = sum(unicodedata.east_asian_width(sign) in _ASIAN for sign in signs)
    return 2 * full - len(signs)


@lru_cache(maxsize=65_536)
def width(text: str, *, wide: bool) -> float:
    """Characters of a part of a text, of which the caller knows whether it `is_wide`."""
    if text.isascii():
        return len(text) / 2 if wide else len(text)
    shown = [sign for sign in text if unicodedata.category(sign) not in _UNCOUNTED]
    if not wide:
        return len(shown)
    full = sum(unicodedata.east_asian_width(sign) in _FULL for sign in shown)
    return (len(shown) + full) / 2


def line_limit(style: Style, *, wide: bool) -> int:
    """Characters that a line of a cue may have."""
    return style.wide_cpl if wide else style.cpl


def speed_limits(style: Style, *, wide: bool) -> tuple[float, float]:
    """Characters a second above which a cue is a doubt, and a fault."""
    if wide:
        return style.wide_cps, style.wide_cps
    return style.cps_warn, style.cps_error


def speed(characters: float, ms: int) -> float:
    """Characters a second."""
    return characters * 1000 / max(ms, 1)
