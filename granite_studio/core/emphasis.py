"""Italics, bold, underlining and colours: read from cue text, and written back into it.

They belong to whole words, with the signs that stand at them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby

from granite_studio.core.cuetext import RUBY_TEXT, escape
from granite_studio.core.document import Document, Emphasis, Word, alike

COLOURS = {
    "white": "ffffff",
    "lime": "00ff00",
    "cyan": "00ffff",
    "red": "ff0000",
    "yellow": "ffff00",
    "magenta": "ff00ff",
    "blue": "0000ff",
    "black": "000000",
}
"""The colours that WebVTT has classes for, by their name."""
TAGS = ("i", "b", "u", *(f"c.{name}" for name in COLOURS))
"""How words can be emphasised, each as WebVTT writes it."""

_NAMED = {value: name for name, value in COLOURS.items()}
_PIECE = re.compile(r"<(/?)([^<>\n]*)>|([^<]+|<)")
_FONT = re.compile(r"""color\s*=\s*["']?#?(\w+)""", re.IGNORECASE)
_WHOLE = re.compile(r"""[biu]|c\.\w+|font\s+color\s*=\s*["']?#?\w+["']?""", re.IGNORECASE)
_HALF = re.compile(r"\w</?(?:[biuc]|font)\b[^<>]*>\w", re.IGNORECASE)

Tags = tuple[str, ...]


def emphases_of(text: str, words: Sequence[Word]) -> Iterator[Emphasis]:
    """What a cue's text, in WebVTT's or SubRip's markup, emphasises among the words of this cue.

    The words are found in the text one after another, whatever stands between them.
    """
    shown, tags = _shown(text)
    reached = 0
    found: list[tuple[Tags, Word]] = []
    for word in words:
        place = shown.find(word.text, reached)
        if place >= 0:
            reached = place + len(word.text)
            found.append((tags[place], word))
        else:
            found.append(((), word))
    for tag in dict.fromkeys(tag for kinds, _ in found for tag in kinds):
        for has_it, group in groupby(found, key=lambda item: tag in item[0]):
            if has_it:
                run = [word for _, word in group]
                yield Emphasis(run[0].id, run[-1].id, tag)


def _shown(text: str) -> tuple[str, list[Tags]]:
    """The text without markup, and for each of its signs the tags that are open there."""
    shown: list[str] = []
    tags: list[Tags] = []
    opened: list[tuple[str, str]] = []
    for closing, inside, plain in _PIECE.findall(RUBY_TEXT.sub("", text)):
        if plain:
            read = html.unescape(plain)
            shown.append(read)
            now = tuple(dict.fromkeys(tag for _, tag in opened if tag))
            tags += [now] * len(read)
            continue
        name = re.split(r"[.\s]", inside, maxsplit=1)[0].lower()
        if not closing:
            opened.append((name, _tag_of(name, inside)))
            continue
        for place in reversed(range(len(opened))):
            if opened[place][0] == name:
                del opened[place:]
                break
    return "".join(shown), tags


def _tag_of(name: str, inside: str) -> str:
    """The emphasis that an opening tag asks for, or nothing."""
    if name in ("i", "b", "u"):
        return name
    if name == "c":
        classes = inside.split()[0].split(".")[1:]
        return next((f"c.{each}" for each in classes if each in COLOURS), "")
    if name == "font" and (colour := _FONT.search(inside)):
        value = colour[1].lower()
        known = value if value in COLOURS else _NAMED.get(value, "")
        return f"c.{known}" if known else ""
    return ""


def loses_looks(text: str) -> bool:
    """Whether a cue's text says more of its looks than words of a project can keep: fonts, other
    colours, parts of words, readings above them."""
    for closing, inside, plain in _PIECE.findall(text):
        name = re.split(r"[.\s]", inside, maxsplit=1)[0].lower()
        if plain or closing or name == "v":
            continue
        if not _tag_of(name, inside) or not _WHOLE.fullmatch(inside.strip()):
            return True
    return bool(_HALF.search(text))


class Emphasised:
    """The words of a document that look different, for its cues to be written out with them."""

    def __init__(self, document: Document) -> None:
        self._words = [word for segment in document.segments for word in segment.words]
        self._place = dict(zip([word.id for word in self._words], count()))
        self._tags: dict[int, list[str]] = {}
        for emphasis in document.emphases:
            first, last = self._place[emphasis.first], self._place[emphasis.last]
            for word in self._words[first : last + 1]:
                self._tags.setdefault(word.id, []).append(emphasis.tag)

    def lines(self, first: int, last: int, lines: Sequence[str]) -> list[list[tuple[Tags, str]]]:
        """Lines of a cue in runs of one look, its words being those from one id to another.

        What stands in the lines beside the words, as a dash does, looks as the text around it.
        """
        words = self._words[self._place[first] : self._place[last] + 1]
        signs = iter([(sign, self.tags(word.id)) for word in words for sign in word.text])
        awaited = next(signs, None)
        found = []
        for line in lines:
            looks: list[tuple[Tags, str]] = []
            now: Tags = ()
            for sign in line:
                if awaited and sign == awaited[0]:
                    now, awaited = awaited[1], next(signs, None)
                    looks.append((now, sign))
                else:
                    looks.append((shared_tags(now, awaited[1] if awaited else ()), sign))
            found.append(
                [
                    (tags, "".join(sign for _, sign in run))
                    for tags, run in groupby(looks, key=lambda look: look[0])
                ]
            )
        return found

    def tags(self, word: int) -> Tags:
        """How the word with this id looks."""
        found = self._tags.get(word)
        return tuple(sorted(set(found), key=TAGS.index)) if found else ()


def shared_tags(before: Tags, behind: Tags) -> Tags:
    """A space between two words looks as both do."""
    return tuple(tag for tag in before if tag in behind)


def marked_up(runs: Sequence[tuple[Tags, str]]) -> str:
    """One line of a cue as WebVTT cue text."""
    parts: list[str] = []
    opened: Tags = ()
    for tags, text in (*runs, ((), "")):
        kept = alike(opened, tags)[0]
        parts += (f"</{tag.partition('.')[0]}>" for tag in reversed(opened[kept:]))
        parts += (f"<{tag}>" for tag in tags[kept:])
        parts.append(escape(text))
        opened = tags
    return "".join(parts)
