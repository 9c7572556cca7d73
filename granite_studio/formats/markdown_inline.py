"""The markup inside a paragraph of Markdown: looks, quotes, notes and times among its words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from granite_studio.core.emphasis import TAGS
from granite_studio.formats.foreign.annotations import Annotation
from granite_studio.formats.foreign.running import Line
from granite_studio.formats.foreign.values import milliseconds

TIME = r"\[((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?)\]"
LONGEST_LABEL = 500
"""So many signs say what a quote is about at most."""
_QUOTED = "quoted"
_STARS = {1: ("i",), 2: ("b",), 3: ("b", "i")}
_TAGS = {"i": "i", "em": "i", "b": "b", "strong": "b", "u": "u", "mark": _QUOTED}
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z]+)")
_TITLE = re.compile(r"\stitle=\"([^\"]*)\"")
_INLINE = re.compile(
    r"\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|\[\^(?P<note>[^\]\s]{1,40})\]"
    rf"|(?P<time>{TIME})"
    r"|!?\[(?P<link>[^\[\]\n]{1,500})\]\([^()\s]{0,2000}\)"
    r"|(?P<tag></?[a-zA-Z][^<>\n]{0,4000}>)"
    r"|(?P<entity>&#?[a-zA-Z0-9]{1,31};)"
    r"|(?P<mark>==)|~~|`+"
    r"|(?P<stars>\*{1,3}+(?=\S)|(?<=\S)\*{1,3}+|(?<!\w)_{1,3}+(?=\S)|(?<=\S)_{1,3}+(?!\w))"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """Text; or the number of a note, a time in ms, or what begins or ends here, and what a quote
    that begins is about."""

    text: str = ""
    note: str = ""
    time: int | None = None
    turns: tuple[str, ...] = ()
    label: str = ""
    may_begin: bool = False
    may_end: bool = False


def plain(text: str) -> str:
    """The text without markup; a time stays."""
    return "".join(
        part.text or (match[0] if match and match["time"] else "") for part, match in _parts(text)
    )


def said(text: str, start: int | None, notes: Mapping[str, str]) -> Line:
    """What a paragraph says, from this time on in ms; `notes` are the footnotes by their names.

    What is begun and never ended, as a single star, is not markup.
    """
    parts = [part for part, _ in _parts(text)]
    line = Line()
    line.time(start)
    looks: set[str] = set()
    label = ""
    for part, turned in zip(parts, _turned(parts), strict=True):
        looks ^= turned
        if _QUOTED in turned:
            label = part.label
        if part.note:
            if part.note in notes:
                line.note(notes[part.note])
        elif part.time is not None:
            line.time(part.time)
        else:
            tags = tuple(tag for tag in TAGS if tag in looks)
            line.say(part.text, Annotation(tags, is_quoted=_QUOTED in looks, label=label))
    return line


def _turned(parts: list[_Part]) -> list[set[str]]:
    """For each part what begins or ends there: pairs alone."""
    found: list[set[str]] = [set() for _ in parts]
    begun: dict[str, int] = {}
    for place, part in enumerate(parts):
        for look in part.turns:
            if part.may_end and look in begun:
                found[begun.pop(look)].add(look)
                found[place].add(look)
            elif part.may_begin:
                begun.setdefault(look, place)
    return found


def _parts(text: str) -> Iterator[tuple[_Part, re.Match[str] | None]]:
    reached = 0
    for match in _INLINE.finditer(text):
        if match.start() > reached:
            yield _Part(text[reached : match.start()]), None
        yield _part(match), match
        reached = match.end()
    if reached < len(text):
        yield _Part(text[reached:]), None


def _part(match: re.Match[str]) -> _Part:
    if match["sign"] or match["link"]:
        return _Part(match["sign"] or match["link"])
    if match["note"]:
        return _Part(note=match["note"])
    if match["time"]:
        return _Part(time=milliseconds(match["time"].strip("[]")))
    if match["entity"]:
        return _Part(html.unescape(match["entity"]))
    if match["mark"]:
        return _Part(turns=(_QUOTED,), may_begin=True, may_end=True)
    if stars := match["stars"]:
        text, start, end = match.string, match.start(), match.end()
        before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
        return _Part(
            turns=_STARS[len(stars)],
            may_begin=bool(behind.strip()),
            may_end=bool(before.strip()),
        )
    tag = _TAG_NAME.match(match["tag"] or "")
    if tag and tag[2].lower() in _TAGS:
        turns = (_TAGS[tag[2].lower()],)
        title = _TITLE.search(match["tag"])
        label = " ".join(html.unescape(title[1]).split()) if title else ""
        return _Part(turns=turns, label=label, may_begin=not tag[1], may_end=bool(tag[1]))
    return _Part(" " if tag and tag[2].lower() == "br" else "")
