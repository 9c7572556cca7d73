"""SubRip subtitles: read as people's files really are, written so that nothing is lost.

The writer numbers cues from 1 unless the numbers they came with already rise. Names of voices
become "Name: " and WebVTT's placement the nearest `{\\an8}`; notes, styles and identifiers have
no place here. Text that would end its cue is made harmless with an invisible word joiner
(`markup.GUARD`), which the reader takes away again:

- `-->` gets one before its `>`, and a line that would pass for a time line under the arrows
  that people also type (`->`, an arrow sign) gets one behind its first colon;
- an empty line inside a cue holds one, so that it still shows as an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from granite_studio.core.captions import Caption, Captions
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
from granite_studio.formats.cue_settings import numpad_of
from granite_studio.formats.markup import GUARD, from_srt, to_srt

_GAP = r"[ \t\ufeff]*+"
_COLON = r"[ ]?[:\uff1a][ ]?"
_STAMP = (
    rf"(-?)(?:([0-9]{{1,9}}){_COLON})?([0-9]{{1,2}}){_COLON}([0-9]{{1,2}})"
    r"(?:[ ]?[,.:\uff0c\uff0e\u3002\uff1a][ ]?([0-9]++))?(?![0-9:])"
)
_TIMES = rf"{_GAP}{_STAMP}{_GAP}(?:-{{1,3}}[ ]?-?>|[\u2013\u2014]{{1,2}}[ ]?>|→){_GAP}{_STAMP}"
_HEAD = re.compile(rf"\n(?:{_GAP}([0-9]++){_GAP}\n)?{_TIMES}{_GAP}([^\n]*)")
_TIME_LINE = re.compile(_TIMES)
_FIRST_COLON = re.compile(rf"({_GAP}-?[0-9]{{1,9}}[ ]?[:\uff1a])({GUARD}*)(.*)", re.DOTALL)

_ARROW = re.compile(f"--({GUARD}*)>")
_GUARDED_ARROW = re.compile(f"--{GUARD}({GUARD}*)>")
_EMPTY_LINE = re.compile(rf"^[ \t]*{GUARD}*$", re.MULTILINE)
_GUARDED_EMPTY_LINE = re.compile(rf"^([ \t]*{GUARD}*){GUARD}$", re.MULTILINE)
_ONE_MORE = rf"\g<0>{GUARD}"
_ONE_MORE_IN_ARROW = rf"--{GUARD}\1>"
_NUMBER = re.compile("[0-9]{1,9}")
_MARKUP = re.compile("[&<>{]")
_TO_TRANSLATE = re.compile("&|\\{|<(?!/?[bius]>)")
"""Cue text with none of this is the same in SubRip. Branches begin with a letter: fast."""
_RISKY = re.compile(rf">|→|\r|{GUARD}|\n[ \t\n]")
"""What `_shielded` has to look at, beside text that begins or ends with an empty line."""


def read(source: Source) -> Captions:
    """Read cues and everything that their time lines and texts hold.

    Whatever stands between two time lines is the text of the first, empty lines included, but
    for the number above the second. Text in front of the first time line is dropped.
    """
    text = "\n" + source.text()
    if text.startswith("\nWEBVTT"):
        raise unreadable(source.name, "is a WebVTT file", "rename it to end in .vtt")
    refuse_too_much(source.name, text)
    cues: list[Caption] = []
    head: re.Match[str] | None = None
    for match in _HEAD.finditer(text):
        if head:
            cues.append(_cue(head, text[head.end() : match.start()]))
        head = match
    if head:
        cues.append(_cue(head, text[head.end() :]))
    elif text.strip():
        raise unreadable(source.name, "has no subtitle times in it", "choose an SRT file")
    return Captions(tuple(cues))


def _cue(head: re.Match[str], text: str) -> Caption:
    number, *times, rest = head.groups()
    text = text.strip("\n")
    if text and (text[0] in " \t" or text[-1] in " \t"):
        text = _without_empty_edges(text)
    place = None
    if GUARD in text:
        text = _exposed(text)
    if _MARKUP.search(text):
        text, place = from_srt(text)
    return Caption(
        _milliseconds(*times[:5]),
        _milliseconds(*times[5:]),
        text,
        number or "",
        "",
        place,
        rest.rstrip(),
    )


def _without_empty_edges(text: str) -> str:
    """Without lines of blanks at either end; blanks in the lines that stay are left alone."""
    end = text.find("\n", len(text.rstrip(" \t\n")))
    text = text if end < 0 else text[:end]
    inked = text.lstrip(" \t\n")
    return text[text.rfind("\n", 0, len(text) - len(inked)) + 1 :] if inked else ""


def _milliseconds(sign: str, hours: str, minutes: str, seconds: str, fraction: str) -> int:
    """The digits behind the comma are a fraction, however many there are: ",5" is 500 ms."""
    whole = int(hours or 0) * 3_600_000 + int(minutes) * 60_000 + int(seconds) * 1000
    whole += int(f"{fraction}00"[:3]) if fraction else 0
    return -whole if sign else whole


def write(content: Content) -> bytes:
    """Cues numbered and timed as every player reads them, in UTF-8."""
    cues = content.as_captions().cues
    return encoded("\n".join(map(_block, _numbers(cues), cues)))


def _block(number: str, cue: Caption) -> str:
    place = numpad_of(cue.settings) if cue.alignment is None and cue.settings else cue.alignment
    text = f"{{\\an{place}}}" if place else ""
    text += to_srt(cue.text) if _TO_TRANSLATE.search(cue.text) else cue.text
    if text and (_RISKY.search(text) or text[0] in " \t\n" or text[-1] == "\n"):
        text = _shielded(text)
    times = f"{_stamp(cue.start)} --> {_stamp(cue.end)}"
    if cue.coordinates:
        times = f"{times} {' '.join(cue.coordinates.split())}"
    return f"{number}\n{times}\n{text}\n"


def _numbers(cues: Sequence[Caption]) -> Iterable[str]:
    """The cues' own numbers where they rise, as in a piece of a longer file; else from 1."""
    reached = -1
    for cue in cues:
        if not _NUMBER.fullmatch(cue.id) or int(cue.id) <= reached:
            return map(str, range(1, len(cues) + 1))
        reached = int(cue.id)
    return [cue.id for cue in cues]


def _stamp(ms: int) -> str:
    if ms < 0:
        return f"-{_stamp(-ms)}"
    seconds = ms // 1000
    minutes = seconds // 60
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds % 60:02},{ms % 1000:03}"


def _shielded(text: str) -> str:
    """Put word joiners where text would end its cue."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ">" in text or "→" in text:
        text = "\n".join(map(_shielded_line, text.split("\n")))
        text = _ARROW.sub(_ONE_MORE_IN_ARROW, text)
    return _EMPTY_LINE.sub(_ONE_MORE, text)


def _shielded_line(line: str) -> str:
    match = _FIRST_COLON.match(line)
    if match and _TIME_LINE.match(match.group(1) + match.group(3)):
        return f"{match.group(1)}{GUARD}{match.group(2)}{match.group(3)}"
    return line


def _exposed(text: str) -> str:
    """Undo `_shielded`."""
    text = _GUARDED_EMPTY_LINE.sub(r"\1", text)
    text = _GUARDED_ARROW.sub(r"--\1>", text)
    if ">" in text or "→" in text:
        text = "\n".join(map(_exposed_line, text.split("\n")))
    return text


def _exposed_line(line: str) -> str:
    match = _FIRST_COLON.match(line)
    if match and match.group(2) and _TIME_LINE.match(match.group(1) + match.group(3)):
        return f"{match.group(1)}{match.group(2)[1:]}{match.group(3)}"
    return line


FORMAT = Format(
    name="srt",
    extensions=(".srt",),
    title="SubRip subtitles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.STYLING
    | Carries.SHADES
    | Carries.STRIKES
    | Carries.FONTS
    | Carries.OVERRIDES
    | Carries.PLACEMENT
    | Carries.COORDINATES
    | Carries.LINES
    | Carries.EARLY,
    write=write,
    read=read,
    is_common=True,
    names_in_text=True,
)
