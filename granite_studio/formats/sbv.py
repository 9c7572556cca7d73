"""YouTube's SBV subtitles: times and plain text.

Names of voices become "Name: "; styling and places have no way in. Text is plain in both
directions: an `<i>` in such a file is three signs that YouTube shows. Text that would end its cue
is made harmless with an invisible word joiner (`markup.GUARD`), which the reader takes away
again: an empty line holds one, a line that would pass for times gets one behind its first colon,
and one that would pass for the end mark of other programs gets one behind its bracket.
"""

from __future__ import annotations

import re

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.markup import GUARD, bracketed

_GAP = r"[ \t\ufeff]*+"
_STAMP = r"(-?)([0-9]{1,9}):([0-9]{1,2}):([0-9]{1,2})(?:[.:]([0-9]++))?"
_TIMES = re.compile(rf"{_GAP}{_STAMP}{_GAP},{_GAP}{_STAMP}{_GAP}", re.ASCII)
_END = re.compile(rf"{_GAP}\[END SUBTITLE\]{_GAP}", re.IGNORECASE)
_SIGN = re.compile(rf"({_GAP}(?:-?[0-9]{{1,9}}:|\[))({GUARD}*+)(.*)", re.DOTALL)
_EMPTY = re.compile(f"[ \t]*{GUARD}*")


def read(source: Source) -> Captions:
    """Read cues; whatever stands between two lines of times is the text of the first.

    What stands above the first times and the end mark that other programs write are dropped.
    """
    text = source.text()
    refuse_too_much(source.name, text)
    cues: list[Caption] = []
    times: re.Match[str] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if match := _TIMES.fullmatch(line):
            if times:
                cues.append(_cue(times, lines))
            times, lines = match, []
        else:
            lines.append(line)
    if times:
        cues.append(_cue(times, _without_end_mark(lines)))
    elif text.strip():
        raise unreadable(source.name, "has no subtitle times in it", "choose an SBV file")
    return Captions(tuple(cues))


def _without_end_mark(lines: list[str]) -> list[str]:
    inked = [number for number, line in enumerate(lines) if line.strip(" \t")]
    return lines[: inked[-1]] if inked and _END.fullmatch(lines[inked[-1]]) else lines


def _cue(times: re.Match[str], lines: list[str]) -> Caption:
    inked = [number for number, line in enumerate(lines) if line.strip(" \t")]
    inside = lines[inked[0] : inked[-1] + 1] if inked else []
    text = escape("\n".join(map(_exposed, inside)))
    values = times.groups("")
    return Caption(_milliseconds(*values[:5]), _milliseconds(*values[5:]), text)


def _milliseconds(sign: str, hours: str, minutes: str, seconds: str, fraction: str) -> int:
    """The digits behind the point are a fraction, however many there are: ".5" is 500 ms."""
    whole = int(hours) * 3_600_000 + int(minutes) * 60_000 + int(seconds) * 1000
    whole += int(f"{fraction}000"[:3])
    return -whole if sign else whole


def write(content: Content) -> bytes:
    """The cues in UTF-8. Times before the beginning become the beginning."""
    return encoded("\n".join(map(_block, content.as_captions().cues)))


def _block(cue: Caption) -> str:
    text = _plain(cue.text).replace("\r\n", "\n").replace("\r", "\n")
    if text:
        text = "\n".join(map(_shielded, text.split("\n")))
    return f"{_stamp(cue.start)},{_stamp(cue.end)}\n{text}\n"


def _plain(cue_text: str) -> str:
    """What a viewer reads, and who says it."""
    parts: list[str] = []
    for piece in bracketed(cue_text):
        if isinstance(piece, str):
            parts.append(piece)
        elif piece.name == "v" and piece.rest and not piece.closing:
            parts.append(f"{piece.rest}: ")
    return "".join(parts)


def _stamp(ms: int) -> str:
    seconds, fraction = divmod(max(0, ms), 1000)
    minutes = seconds // 60
    return f"{minutes // 60}:{minutes % 60:02}:{seconds % 60:02}.{fraction:03}"


def _shielded(line: str) -> str:
    if _EMPTY.fullmatch(line):
        return f"{line}{GUARD}"
    match = _SIGN.fullmatch(line)
    if match and _is_read(match[1] + match[3]):
        return f"{match[1]}{GUARD}{match[2]}{match[3]}"
    return line


def _exposed(line: str) -> str:
    """Undo `_shielded`."""
    if GUARD not in line:
        return line
    if _EMPTY.fullmatch(line):
        return line[:-1]
    match = _SIGN.fullmatch(line)
    if match and match[2] and _is_read(match[1] + match[3]):
        return f"{match[1]}{match[2][1:]}{match[3]}"
    return line


def _is_read(line: str) -> bool:
    """Whether the reader takes this line for something else than text."""
    return bool(_TIMES.fullmatch(line) or _END.fullmatch(line))


FORMAT = Format(
    name="sbv",
    extensions=(".sbv",),
    title="YouTube subtitles (SBV)",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.LINES | Carries.BACKWARDS,
    write=write,
    read=read,
    names_in_text=True,
)
