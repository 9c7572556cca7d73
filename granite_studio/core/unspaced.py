"""Words of scripts that put no space between them, so that cues and lines can be cut there."""

# Kana and full-width signs look like others on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

import re

from granite_studio.core.document import WIDE_CLOSING, WIDE_OPENING, tokens

_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff"
_LATIN = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_IN_NUMBERS = "，．："
_BEHIND = f"[\\w{WIDE_OPENING}]"
_BOUNDARY = re.compile(
    # A phrase ends in hiragana and the next begins with another script; or a sign ends it.
    f"(?<=[{_HIRAGANA}])(?=[{_KATAKANA}{_IDEOGRAPHS}{_LATIN}{WIDE_OPENING}])"
    f"|(?<=[{WIDE_CLOSING}])(?<![{_IN_NUMBERS}])(?={_BEHIND})"
    f"|(?<=[{_IN_NUMBERS}])(?:(?<!\\d[{_IN_NUMBERS}])|(?!\\d))(?={_BEHIND})"
)
_FIRST = min(WIDE_CLOSING)
"""Below this no text can be parted."""


def words_of(text: str) -> list[str]:
    """Split running text into words as `tokens` does, and Japanese further into phrases.

    Written out with `joined` the text is the same. Where a phrase ends depends on the signs beside
    it alone, so the same text always gives the same words.
    """
    words = tokens(text)
    if not text or max(text) < _FIRST:
        return words
    return [piece for word in words for piece in _BOUNDARY.split(word)]
