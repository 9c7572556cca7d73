"""Words of scripts that put no space between them, so that cues and lines can be cut there."""

# Kana and full-width signs look like others on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

import re

from granite_studio.core.document import tokens

_OPENING = "「『（【〈《［｛"
_CLOSING = "、。，．！？：；」』）】〉》］｝"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff"
_BOUNDARY = re.compile(
    # A phrase ends in hiragana and the next begins with another script; or a sign ends it.
    f"(?<=[{_HIRAGANA}])(?=[{_KATAKANA}{_IDEOGRAPHS}{_OPENING}])"
    f"|(?<=[{_CLOSING}])(?=[{_HIRAGANA}{_KATAKANA}{_IDEOGRAPHS}{_OPENING}])"
)


def words_of(text: str) -> list[str]:
    """Split running text into words as `tokens` does, and Japanese further into phrases.

    Written out with `joined` the text is the same. Where a phrase ends depends on the two signs
    beside it alone, so the same text always gives the same words.
    """
    words = tokens(text)
    if not text or max(text) < "\u3041":
        return words
    return [piece for word in words for piece in _BOUNDARY.split(word)]
