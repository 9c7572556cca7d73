"""Names of speakers in front of what they say ("Anna Bell: Good morning")."""

from __future__ import annotations

import re

_NAME = re.compile(r"\s{0,9}([^\s:][^:\n]{0,39}?)\s?[:\uff1a](?:\s+|\Z)")
_WORDS, _LONGEST = 4, 40


def name_and_text(text: str) -> tuple[str | None, str]:
    """The name and the rest; None and the text where it does not begin with a name."""
    match = _NAME.match(text)
    if match is None:
        return None, text
    name = " ".join(match[1].split())
    return (name, text[match.end() :]) if is_name(name) else (None, text)


def is_name(text: str) -> bool:
    """Whether a text can be a name: one to four words, each with a capital or digit in front."""
    words = text.split() if len(text) <= _LONGEST else []
    return 0 < len(words) <= _WORDS and all(_begins_name(word) for word in words)


def _begins_name(word: str) -> bool:
    sign = word.lstrip("(\"'")[:1]
    return sign.isdigit() or (sign.isalpha() and not sign.islower())
