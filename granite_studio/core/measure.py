"""How long a text is to the eye, and how fast it must be read."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from granite_studio.core.styles import Style

_FULL = ("W", "F")
_UNCOUNTED = ("Mn", "Me", "Cf")


def length(text: str) -> float:
    """Characters as a viewer counts them: accents and joiners are none of their own.

    In text that is mostly full-width, a half-width character counts half.
    """
    return width(text, wide=is_wide(text))


def is_wide(text: str) -> bool:
    """Whether most of a text is full-width characters, as in Japanese."""
    if text.isascii():
        return False
    return 2 * sum(unicodedata.east_asian_width(sign) in _FULL for sign in text) > len(text)


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


def line_limit(text: str, style: Style) -> int:
    """Characters that a line of such text may have."""
    return style.wide_cpl if is_wide(text) else style.cpl


def speed_limits(text: str, style: Style) -> tuple[float, float]:
    """Characters a second above which such text is a doubt, and a fault."""
    if is_wide(text):
        return style.wide_cps, style.wide_cps
    return style.cps_warn, style.cps_error


def speed(characters: float, ms: int) -> float:
    """Characters a second."""
    return characters * 1000 / max(ms, 1)
