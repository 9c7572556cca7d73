"""Who says which words of a cue that several people share, for their names to be written.

Where there is one place for the names of all they are joined, in their order: “Anna / Tom”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.emphasis import Tags, marked_up

BETWEEN = " / "
"""Between joined names."""

Runs = Sequence[tuple[Tags, str]]
"""One line of a cue in runs of one look."""


def joined_names(names: Sequence[str]) -> str:
    """These names as one; nothing where there is none, or they could not be told apart again."""
    if not any(names) or any(BETWEEN in f" {name} " for name in names):
        return ""
    return BETWEEN.join(names).strip()


def names_of(joined: str) -> list[str]:
    """The names that were joined; that of somebody unknown is empty."""
    return [name.strip() for name in f" {joined} ".split(BETWEEN)]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Somebody begins to speak at this place of a cue's lines; the name may be empty. `leads` says
    that only a dash stands in front of it on its line."""

    row: int
    column: int
    name: str
    leads: bool


class Voices:
    """The speakers of a document's words, to be written into cues beside their words."""

    def __init__(self, document: Document) -> None:
        self._names: dict[int | None, str] = {each.id: each.name for each in document.speakers}
        self._said: list[tuple[Word, Segment]] = [
            (word, segment) for segment in document for word in segment.words
        ]
        self._place = {word.id: place for place, (word, _) in enumerate(self._said)}

    def names(self, first: int, last: int) -> list[str]:
        """The names of those who speak in a cue, for each paragraph that it has words of; its
        words are those from one id to another."""
        said = self._said[self._place[first] : self._place[last] + 1]
        parts = {segment.id: segment for _, segment in said}
        return [self._names.get(part.speaker, "") for part in parts.values()]

    def marked_up(self, first: int, last: int, lines: Sequence[Runs]) -> str:
        """The lines of a cue as WebVTT cue text with a voice tag for each paragraph, its words
        being those from one id to another. Dashes stay outside of the voices."""
        tags: dict[int, list[tuple[int, str]]] = defaultdict(list)
        opened = ""
        texts = ["".join(text for _, text in line) for line in lines]
        for turn in self._turns(first, last, texts):
            if opened and turn.leads:
                tags[turn.row - 1].append((_END, opened))
            elif opened:
                tags[turn.row].append((turn.column, opened))
            opened = "</v>" if turn.name else ""
            if turn.name:
                tags[turn.row].append((turn.column, f"<v {escape(turn.name)}>"))
        rows = [_tagged(line, tags[row]) for row, line in enumerate(lines)]
        return "\n".join(rows) + opened

    def _turns(self, first: int, last: int, lines: Sequence[str]) -> Iterator[_Turn]:
        said = self._said[self._place[first] : self._place[last] + 1]
        signs = [(sign, place) for place, (word, _) in enumerate(said) for sign in word.text]
        reached, before = 0, -1
        for row, line in enumerate(lines):
            leads = True
            for column, sign in enumerate(line):
                if reached == len(signs) or sign != signs[reached][0]:
                    continue
                place = signs[reached][1]
                segment = said[place][1]
                if before < 0 or segment is not said[before][1]:
                    yield _Turn(row, column, self._names.get(segment.speaker, ""), leads)
                reached, before, leads = reached + 1, place, False


_END = 1 << 30
"""Behind the last column of any line."""


def _tagged(line: Runs, tags: Sequence[tuple[int, str]]) -> str:
    """One line as cue text with these tags, in their order, in front of their columns."""
    parts: list[str] = []
    reached = 0
    for column, tag in tags:
        parts += (marked_up(_between(line, reached, column)), tag)
        reached = column
    return "".join([*parts, marked_up(_between(line, reached, _END))])


def _between(line: Runs, start: int, end: int) -> list[tuple[Tags, str]]:
    """The runs from one column to another."""
    found, reached = list[tuple[Tags, str]](), 0
    for tags, text in line:
        piece = text[max(start - reached, 0) : max(end - reached, 0)]
        if piece:
            found.append((tags, piece))
        reached += len(text)
    return found
