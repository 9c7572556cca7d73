"""What language a file says it is in, and from which side its text is read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from granite_studio.core.looks import has_right_to_left

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_LONGEST = 35
_NO_LANGUAGE = frozenset({"und", "mis", "mul", "zxx"})
"""Codes that are no one language: none known, one without a code, several, nothing spoken."""

_FROM_RIGHT = frozenset(
    {"apc", "ar", "arc", "ary", "arz", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "ps", "sd"}
    | {"syr", "ug", "ur", "yi"}
)
"""Languages written from the right, two of them under old codes as well."""
_SCRIPT = re.compile(r"-([a-z]{4})(?=-|$)")
_SCRIPTS_FROM_RIGHT = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})


def tag_of(said: str) -> str:
    """The BCP 47 tag that a file says, or nothing where it is none or names no language."""
    tag = said.strip().replace("_", "-")
    is_one = len(tag) <= _LONGEST and _TAG.fullmatch(tag)
    return tag if is_one and tag.lower().partition("-")[0] not in _NO_LANGUAGE else ""


def is_right_to_left(language: str) -> bool:
    """Whether this language, as a tag, is written from the right."""
    tag = language.lower()
    if script := _SCRIPT.search(tag):
        return script[1] in _SCRIPTS_FROM_RIGHT
    return tag.partition("-")[0] in _FROM_RIGHT


def mostly_from_right(text: str) -> bool:
    """Whether more letters of a text run from the right than from the left."""
    if not has_right_to_left(text):
        return False
    kinds = Counter(map(unicodedata.bidirectional, text))
    return kinds["R"] + kinds["AL"] > kinds["L"]


def runs_from_right(text: str, language: str) -> bool:
    """Whether a passage in a text of this language is to be read from the right.

    Where the language is, it is so unless all its letters run from the left: a name in other
    letters may begin it. In other languages its first letter says it.
    """
    is_usual = is_right_to_left(language)
    if not is_usual and not has_right_to_left(text):
        return False
    kinds = [kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")]
    if is_usual:
        return not kinds or any(kind != "L" for kind in kinds)
    return bool(kinds) and kinds[0] != "L"
