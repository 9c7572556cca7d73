"""Find and replace over the words of a transcript."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from granite_studio.core.document import Document, Segment, spaced
from granite_studio.core.edits.places import Place, segment_at
from granite_studio.core.edits.text import retype
from granite_studio.core.errors import StudioError

_ALIKE = {
    " ": "[ \u00a0\u202f]",
    "'": "['\u2018\u2019]",
    "\u2019": "['\u2019]",
    '"': '["\u201c\u201d\u201e\u00ab\u00bb]',
}
"""Signs that a keyboard cannot tell apart: one finds the others."""
_GROUP = re.compile(r"[$\\]([0-9])")


@dataclass(frozen=True, slots=True)
class Match:
    """Something found in one paragraph.

    `start` to `end` are the words it touches, `first` to `last` its characters in the paragraph's
    text, end excluded; `groups` is what a regular expression caught, the whole of it first.
    """

    start: Place
    end: Place
    text: str
    first: int
    last: int
    groups: tuple[str, ...] = ()


def find(
    document: Document,
    query: str,
    *,
    match_case: bool = False,
    whole_words: bool = False,
    regex: bool = False,
) -> tuple[Match, ...]:
    """All places where a text stands, in reading order; it may run over several words.

    Plain blanks and quotation marks also find their typographic forms. Raises `StudioError` for a
    regular expression that makes no sense; one that backtracks without end is the writer's risk.
    """
    if not query:
        return ()
    pattern = _pattern(query, match_case=match_case, whole_words=whole_words, regex=regex)
    matches: list[Match] = []
    for row, segment in enumerate(document.segments):
        text = segment.text
        found = [match for match in pattern.finditer(text) if match.group().strip()]
        if found:
            begins, ends = _edges(segment)
            for match in found:
                first = bisect_right(ends, match.start())
                last = bisect_left(begins, match.end())
                groups = (match.group(), *(group or "" for group in match.groups()))
                matches.append(
                    Match(
                        Place(row, first),
                        Place(row, last),
                        match.group(),
                        match.start(),
                        match.end(),
                        groups if regex else (),
                    )
                )
    return tuple(matches)


def replace_all(document: Document, matches: Iterable[Match], replacement: str) -> Document:
    """Write something else in the place of what was found; words around it keep id and time.

    For matches of a regular expression `$1` and `\\1` stand for what its brackets caught. Matches
    have to come from this document: ValueError where the text is no longer there.
    """
    ordered = sorted(matches, key=lambda match: (match.start.row, match.first), reverse=True)
    for row, group in groupby(ordered, key=lambda match: match.start.row):
        text = segment_at(document, row).text
        for match in group:
            if text[match.first : match.last] != match.text:
                raise ValueError(f"“{match.text}” is no longer in paragraph {row}")
            text = text[: match.first] + _written(match, replacement) + text[match.last :]
        document = retype(document, row, text)
    return document


def _pattern(query: str, *, match_case: bool, whole_words: bool, regex: bool) -> re.Pattern[str]:
    body = query if regex else "".join(_ALIKE.get(sign) or re.escape(sign) for sign in query)
    if whole_words:
        body = rf"(?<!\w)(?:{body})(?!\w)"
    try:
        return re.compile(body, 0 if match_case else re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise StudioError(f"The search pattern cannot be read: {error}.") from None


def _written(match: Match, replacement: str) -> str:
    if not match.groups:
        return replacement

    def caught(reference: re.Match[str]) -> str:
        number = int(reference[1])
        return match.groups[number] if number < len(match.groups) else reference[0]

    return _GROUP.sub(caught, replacement)


def _edges(segment: Segment) -> tuple[list[int], list[int]]:
    """Where each word begins and ends in the text of its paragraph."""
    begins: list[int] = []
    ends: list[int] = []
    at, before = 0, ""
    for word in segment.words:
        if before and spaced(before, word.text):
            at += 1
        begins.append(at)
        at += len(word.text)
        ends.append(at)
        before = word.text
    return begins, ends
