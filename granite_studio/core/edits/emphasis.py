"""Putting words in italics, bold or a colour, for subtitles."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby

from granite_studio.core.document import Document, Emphasis
from granite_studio.core.edits.places import Place, check_range, parts
from granite_studio.core.emphasis import TAGS, Emphasised


def emphasize(document: Document, start: Place, end: Place, tag: str) -> Document:
    """Give all words of a range this look, one of `core.emphasis.TAGS`; a colour takes the place
    of another."""
    rivals = {each for each in TAGS if _is_colour(each)} if _is_colour(tag) else {tag}
    return _changed(document, start, end, rivals, tag)


def plain(document: Document, start: Place, end: Place, tag: str = "") -> Document:
    """Take this look off the words of a range, or every look where none is named."""
    return _changed(document, start, end, {tag} if tag else set(TAGS), "")


def has_emphasis(document: Document, start: Place, end: Place, tag: str) -> bool:
    """Whether every word of a range looks so; an empty range does not."""
    chosen = _chosen(document, start, end)
    looks = Emphasised(document)
    return bool(chosen) and all(tag in looks.tags(word) for word in chosen)


def _is_colour(tag: str) -> bool:
    if tag not in TAGS:
        raise ValueError(f"there is no look {tag!r}")
    return tag.startswith("c.")


def _chosen(document: Document, start: Place, end: Place) -> set[int]:
    check_range(document, start, end)
    return {
        word.id
        for row, first, last in parts(document, start, end)
        for word in document.segments[row].words[first:last]
    }


def _changed(
    document: Document, start: Place, end: Place, gone: Collection[str], new: str
) -> Document:
    chosen = _chosen(document, start, end)
    looks = Emphasised(document)
    result: list[Emphasis] = []
    tags = [each.tag for each in document.emphases]
    for tag in dict.fromkeys([*tags, new] if new else tags):
        words = {word.id for word in document.words() if tag in looks.tags(word.id)}
        if tag in gone:
            words -= chosen
        if tag == new:
            words |= chosen
        result += _ranges(document, words, tag)
    if set(result) == set(document.emphases):
        return document
    return replace(document, emphases=tuple(result))


def _ranges(document: Document, words: set[int], tag: str) -> Iterator[Emphasis]:
    for has_it, group in groupby(document.words(), key=lambda word: word.id in words):
        if has_it:
            run = [word.id for word in group]
            yield Emphasis(run[0], run[-1], tag)
