"""Cues that several people share, in formats with one name for each cue, where names are joined.

They stand in the order in which dashes let the lines change from one person to the next. Without
a dash two names may as well be those of people who speak together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from granite_studio.core.cuetext import escape
from granite_studio.core.voices import joined_names, names_of
from granite_studio.formats.markup import pieces, plain

_DASH = re.compile(r"\s*[-\u2010-\u2015]\s*")
_FRONT = re.compile(rf"(?:<[^/<>][^<>]*>)*{_DASH.pattern}")
_TAG = re.compile(r"<(/?)([^\s.<>/]*)[^<>]*>")
_CLOSED = re.compile(r"(?:</[^<>]*>|\s)*")


def speakers_of(cue_text: str) -> str:
    """The names of those who share this cue text of WebVTT, where all of it is somebody's and its
    lines say, as `voiced` reads them, whose; else nothing."""
    voices, lines, is_said = list[tuple[str, int]](), [""], True
    for piece in pieces(cue_text):
        if isinstance(piece, str):
            first, *others = piece.split("\n")
            is_said = is_said and (bool(voices) or not first.strip() or _is_dash(first))
            lines[-1] += first
            lines += others
        elif piece.name == "v" and not piece.closing:
            is_said = is_said and (not lines[-1].strip() or _is_dash(lines[-1]))
            voices.append((piece.rest, len(lines) - 1))
    names = [name for name, _ in voices]
    is_clear = is_said and len(names) > 1 and all(names)
    if not is_clear or _begun(lines, len(names)) != [row for _, row in voices]:
        return ""
    return joined_names(names)


def voiced(name: str, cue_text: str) -> str:
    """Cue text without voices in those of joined names, or in the one voice of this name."""
    names, lines = names_of(name), cue_text.split("\n")
    starts = _begun(list(map(plain, lines)), len(names))
    parts = ["\n".join(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    said = [_in_voice(each, part) for each, part in zip(names, parts, strict=False)]
    if len(names) < 2 or not all(names) or len(said) != len(names) or None in said:
        return f"<v {escape(name)}>{cue_text}"
    return "\n".join(filter(None, said))


def _is_dash(text: str) -> bool:
    return _DASH.fullmatch(text) is not None


def _begun(lines: Sequence[str], people: int) -> list[int]:
    """The lines with which so many people begin to speak; none where that is not to be seen."""
    dashed = {row for row, line in enumerate(lines) if _DASH.match(line)}
    rows = {0} | dashed
    return sorted(rows) if dashed and len(rows) == people else []


def _in_voice(name: str, cue_text: str) -> str | None:
    """What one person says, with a voice behind its dash; None where tags stand in the way."""
    front = _FRONT.match(cue_text)
    for start in (front.end() if front else 0, 0):
        end = _end_of(cue_text[start:])
        if end is not None:
            said, rest = cue_text[start : start + end], cue_text[start + end :]
            return f"{cue_text[:start]}<v {escape(name)}>{said}</v>{rest}"
    return None


def _end_of(cue_text: str) -> int | None:
    """Where a voice that begins in front of this text can end: before tags that close what was
    opened earlier. None where such a tag closes in between, or one stays open."""
    opened = list[str]()
    for tag in _TAG.finditer(cue_text):
        if not tag[1]:
            opened.append(tag[2])
        elif not opened:
            return tag.start() if _CLOSED.fullmatch(cue_text, tag.start()) else None
        elif opened.pop() != tag[2]:
            return None
    return None if opened else len(cue_text)
