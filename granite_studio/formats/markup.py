"""Cue text and its markups: what WebVTT and SubRip say in tags, each in the other's words.

Inside the program cue text is WebVTT's. Two tags exist beside its own, since SubRip has what
WebVTT lacks: `<font ...>`, and `<ass ...>` for an override block such as `{\\pos(10,20)}`.
A player of WebVTT that meets them shows their content, as it must for any unknown tag.

SubRip has no way to say "this is not markup". Where plain text would be taken for a tag, an
override block or an entity, a WORD JOINER (U+2060, invisible and without width) is put behind
the character that begins it, and reading takes it away again. Text that brings word joiners to
such a place gets one more, so that nothing is ever lost.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.emphasis import COLOURS

GUARD = "\u2060"

_NAMES = COLOURS | {
    "aqua": "00ffff",
    "fuchsia": "ff00ff",
    "gray": "808080",
    "green": "008000",
    "grey": "808080",
    "orange": "ffa500",
    "pink": "ffc0cb",
    "purple": "800080",
    "silver": "c0c0c0",
}
_CLASS_OF = {value: name for name, value in COLOURS.items()}

_TAG = re.compile(r"<([^>]*)>?")
_REST = r"(?<=font)[^<>{}\n]*|[ \t/]*|[^<>{}\n=]*=[^<>{}\n]*"
"""Behind the name of a SubRip tag: nothing or attributes, so that "a<b & c>d" has none."""
_SRT_TAG = rf"<({GUARD}*)(/?)(b|i|u|s|font|br)((?=[ \t/>])(?:{_REST}))>"
_SRT_BLOCK = rf"\{{({GUARD}*)\\([^{{}}<>\n]*)\}}"
_SRT_ENTITY = rf"&({GUARD}*)(#[0-9]{{1,7}}|#x[0-9a-f]{{1,6}}|[a-z][a-z0-9]{{1,31}});"
_SRT_MARKUP = "|".join((_SRT_TAG, _SRT_BLOCK, _SRT_ENTITY))
_FROM_SRT = re.compile(f"{_SRT_MARKUP}|([&<>])", re.ASCII | re.IGNORECASE)
_TO_GUARD = re.compile(_SRT_MARKUP, re.ASCII | re.IGNORECASE)
_PLACE = re.compile(r"an([1-9])")
_ONLY_SRT = re.compile(r"</?(?:font|s|ass)[\s.>]", re.IGNORECASE)
_FONT_COLOUR = re.compile(r"""\bcolor\s*=\s*["']?\s*#?([0-9a-z]+)""", re.IGNORECASE)
_COLOUR_CLASS = re.compile(r"color([0-9a-fA-F]{6})")
_NOT_IN_TAG = re.compile(r"[<>{}\n]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of cue text as its parser sees it; `rest` is the annotation, entities undone."""

    name: str
    closing: bool = False
    classes: tuple[str, ...] = ()
    rest: str = ""


def pieces(cue_text: str) -> Iterator[str | Tag]:
    """Take cue text apart by WebVTT's rules: plain text, entities undone, and tags."""
    reached = 0
    for match in _TAG.finditer(cue_text):
        if match.start() > reached:
            yield html.unescape(cue_text[reached : match.start()])
        reached = match.end()
        yield _tag(match.group(1))
    if reached < len(cue_text):
        yield html.unescape(cue_text[reached:])


def bracketed(cue_text: str) -> Iterator[str | Tag]:
    """The pieces of cue text for formats without ruby: how signs are read stands in brackets."""
    in_reading = False
    for piece in pieces(cue_text):
        if isinstance(piece, str) or piece.name not in ("rt", "ruby"):
            yield piece
            continue
        opens = piece.name == "rt" and not piece.closing  # </ruby> closes an open <rt>
        if opens != in_reading:
            yield "(" if opens else ")"
        in_reading = opens
    if in_reading:
        yield ")"


def plain(cue_text: str) -> str:
    """What a viewer reads, tags left out."""
    if "<" not in cue_text and "&" not in cue_text:
        return cue_text
    return "".join(piece for piece in pieces(cue_text) if isinstance(piece, str))


def names_shown(captions: Captions) -> Captions:
    """The captions with "Name: " in their texts where a voice begins, in place of its tags."""
    items = (
        replace(item, text=_TAG.sub(_name_shown, item.text))
        if isinstance(item, Caption) and "<v" in item.text
        else item
        for item in captions.items
    )
    return replace(captions, items=tuple(items))


def _name_shown(match: re.Match[str]) -> str:
    tag = _tag(match.group(1))
    if tag.name != "v":
        return str(match.group())
    return f"{escape(tag.rest)}: " if tag.rest and not tag.closing else ""


@functools.lru_cache(256)
def _tag(inside: str) -> Tag:
    closing = inside.startswith("/")
    head, *rest = re.split(r"\s", inside.removeprefix("/"), maxsplit=1)
    name, *classes = head.split(".")
    annotation = rest[0].strip() if rest else ""
    if name.lower() in ("font", "s", "ass"):
        return Tag(name.lower(), closing, rest=annotation)
    annotation = " ".join(html.unescape(annotation).split())
    return Tag(name, closing, tuple(filter(None, classes)), annotation)


def from_srt(text: str) -> tuple[str, int | None]:
    """SubRip's cue text as WebVTT's, and the place 1-9 that an `{\\an8}` in it gives, or None."""
    place: int | None = None

    def convert(match: re.Match[str]) -> str:
        nonlocal place
        tag_guard, slash, name, rest, block_guard, block, entity_guard, _, sign = match.groups()
        whole: str = match.group()
        if tag_guard or block_guard or entity_guard:
            return escape(whole[:1] + whole[2:])
        if sign:
            return escape(sign)
        if name:
            return _tag_from_srt(slash, name.lower(), rest.strip())
        if block is None:
            return escape(html.unescape(whole))
        if numpad := _PLACE.fullmatch(block):
            place = place or int(numpad.group(1))
            return ""
        return f"<ass \\{block}>"

    return _FROM_SRT.sub(convert, text), place


def _tag_from_srt(slash: str, name: str, rest: str) -> str:
    if name == "br":
        return "\n"
    return f"<{slash}{name} {rest}>" if name == "font" and rest else f"<{slash}{name}>"


def to_srt(cue_text: str) -> str:
    """WebVTT's cue text as SubRip's: names and ruby become text, colours `<font>`."""
    if "<" not in cue_text:
        return _guarded(html.unescape(cue_text)) if "&" in cue_text else _guarded(cue_text)
    parts: list[str] = []
    said: list[str] = []
    colours: list[str] = []
    for piece in bracketed(cue_text):
        if isinstance(piece, str):
            said.append(piece)
        elif piece.name == "v" and piece.rest and not piece.closing:
            said.append(f"{piece.rest}: ")
        elif markup := _tag_to_srt(piece, colours):
            parts.extend((_guarded("".join(said)), markup))
            said.clear()
    parts.append(_guarded("".join(said)))
    return "".join(parts)


def _tag_to_srt(tag: Tag, colours: list[str]) -> str:
    """The tag in SubRip's words, or nothing. `colours` remembers what open classes became."""
    slash = "/" if tag.closing else ""
    rest = _NOT_IN_TAG.sub("", tag.rest)
    if tag.name in ("b", "i", "u", "s"):
        return f"<{slash}{tag.name}>"
    if tag.name == "font":
        return f"<{slash}font {rest}>" if rest else f"<{slash}font>"
    if tag.name == "ass":
        return f"{{{rest}}}" if rest.startswith("\\") else ""
    if tag.name != "c":
        return ""
    if tag.closing:
        return "</font>" if colours and colours.pop() else ""
    colours.append(next(filter(None, map(_class_colour, tag.classes)), ""))
    return f'<font color="#{colours[-1]}">' if colours[-1] else ""


def _class_colour(name: str) -> str:
    match = _COLOUR_CLASS.fullmatch(name)
    return match.group(1).lower() if match else COLOURS.get(name, "")


def _guarded(text: str) -> str:
    return _TO_GUARD.sub(lambda match: match.group()[:1] + GUARD + match.group()[1:], text)


def to_vtt(cue_text: str, colours: set[str]) -> str:
    """Cue text without the tags that only SubRip has; font colours become classes.

    Classes such as "color12AB9F", which need a style of their own, are added to `colours`.
    """
    if not _ONLY_SRT.search(cue_text):
        return cue_text
    fonts: list[str] = []

    def convert(match: re.Match[str]) -> str:
        tag = _tag(match.group(1))
        if tag.name in ("s", "ass"):
            return ""
        if tag.name != "font":
            return str(match.group())
        if tag.closing:
            return "</c>" if fonts and fonts.pop() else ""
        fonts.append(_font_class(tag.rest))
        if fonts[-1].startswith("color"):
            colours.add(fonts[-1])
        return f"<c.{fonts[-1]}>" if fonts[-1] else ""

    return _TAG.sub(convert, cue_text)


def _font_class(attributes: str) -> str:
    match = _FONT_COLOUR.search(attributes)
    if not match:
        return ""
    colour = match.group(1).lower()
    colour = _NAMES.get(colour, colour)
    if not re.fullmatch("[0-9a-f]{6}", colour):
        return ""
    return _CLASS_OF.get(colour) or f"color{colour.upper()}"
