"""Rows of a table of cues as paragraphs: what the rows of an export are in a project now, and
what those that came back say.

A piece is what one person says in a row. Pieces are segments like any other, with ids below zero,
so that they are compared and fitted as paragraphs are.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from granite_studio.core import timing
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.edits.splicing import in_line
from granite_studio.core.roundtrip.cue_marks import DASHES, signs
from granite_studio.core.roundtrip.handed import Brought, Came, CameRow, Handed, HandedRow, Marker
from granite_studio.core.voices import names_of

Turn = tuple[int, int]
"""A row of the export, from 0, and who of those that speak in it, from 0."""
LONGEST_MS = 1_000_000_000
"""No recording is longer: eleven days."""
_NEW = -1
"""The row of what came into the project since the export."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a project: as a document, as the marks of their export, the row of the export
    that each word belongs to, and the piece of each turn."""

    document: Document
    handed: Handed
    rows: Mapping[int, int]
    by_turn: Mapping[Turn, Segment]


def pieces_of(document: Document, handed: Handed) -> Pieces:
    """The rows of this export as they are in the document now. Words that came in since belong to
    the row of the word in front of them, or behind; paragraphs that did are pieces of their own.
    """
    turns = _turns(handed.rows)
    found: dict[Turn, list[Word]] = {turn: [] for turn in turns.values()}
    voices: dict[Turn, int | None] = {}
    fresh: deque[tuple[Turn, Segment]] = deque()
    for segment in document:
        for turn, word in _placed(segment, turns):
            if turn[0] == _NEW:
                fresh.append((turn, segment))
                break
            found[turn].append(word)
            voices.setdefault(turn, segment.speaker)
    ids = count(-1, -1)
    by_turn: dict[Turn, Segment] = {}
    for turn, words in sorted(found.items()):
        while fresh and words and fresh[0][1].start < words[0].start:
            new, segment = fresh.popleft()
            by_turn[new] = replace(segment, id=next(ids))
        if words:
            by_turn[turn] = Segment(next(ids), in_line(words), voices[turn])
    by_turn |= {new: replace(segment, id=next(ids)) for new, segment in fresh}
    return Pieces(
        replace(
            document,
            segments=tuple(by_turn.values()),
            cue_overrides=(),
            emphases=(),
            highlights=(),
            translations=(),
        ),
        _marks(handed, by_turn, ids),
        {word.id: turn[0] for turn, piece in by_turn.items() for word in piece.words},
        by_turn,
    )


def _marks(handed: Handed, by_turn: Mapping[Turn, Segment], ids: Iterator[int]) -> Handed:
    """The marks of the export by the ids of pieces; what the project took out has one too."""
    texts: dict[int, str] = {}
    speakers: dict[int, str] = {}
    for row, each in enumerate(handed.rows):
        for turn, text in enumerate(each.texts):
            piece = by_turn.get((row, turn))
            number = piece.id if piece else next(ids)
            texts[number], speakers[number] = text, each.speakers[turn]
    return Handed(handed.recording, texts, speakers)


def _turns(rows: Sequence[HandedRow]) -> dict[int, Turn]:
    return {
        word: (row, turn)
        for row, each in enumerate(rows)
        for turn, words in enumerate(each.words)
        for word in words
    }


def _placed(segment: Segment, turns: Mapping[int, Turn]) -> Iterator[tuple[Turn, Word]]:
    """The words of a paragraph, each with the turn that it belongs to."""
    known = (turns[word.id] for word in segment.words if word.id in turns)
    reached = next(known, (_NEW, segment.id))
    for word in segment.words:
        reached = turns.get(word.id, reached)
        yield reached, word


def exported_pieces(
    marks: Mapping[int, str],
    pieces: Pieces,
    handed: Handed,
    earlier: Iterable[Document],
    marker: Marker,
) -> dict[int, list[str]]:
    """The words of pieces as they were exported, by their ids: those that have these marks in a
    paragraph of an earlier document. Pieces that none of them knows are left out."""
    turns = _turns(handed.rows)
    wanted = {turn: piece.id for turn, piece in pieces.by_turn.items() if piece.id in marks}
    found: dict[int, list[str]] = {}
    seen: dict[int, Segment] = {}
    for document in earlier:
        for segment in document:
            if id(segment) in seen:
                continue
            seen[id(segment)] = segment
            said: dict[Turn, list[str]] = defaultdict(list)
            for turn, word in _placed(segment, turns):
                said[turn].append(word.text)
            for turn, texts in said.items():
                number = wanted.get(turn)
                if number is not None and marker.mark(" ".join(texts)) == marks[number]:
                    found[number] = texts
        if len(found) == len(marks):
            break
    return found


# ---- what came back


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that came back as paragraphs, and which row each paragraph is of, from 0."""

    brought: Brought
    row_of: tuple[int, ...]


def rows_of(brought: Brought, handed: Handed, pieces: Pieces) -> Rows:
    """The rows that came back, one paragraph for each person who speaks in them."""
    known = _Known(handed, brought.rows)
    paragraphs: list[Came] = []
    row_of: list[int] = []
    for at, row in enumerate(brought.rows):
        exported = known.row_of(row)
        people = turns_of(row.lines, _people(row, exported, handed, pieces))
        several = exported is not None and len(handed.rows[exported].words) > 1
        for turn, text in enumerate(people):
            piece = pieces.by_turn.get((exported, turn)) if exported is not None else None
            is_first = turn == 0
            start = piece.start if piece else read_time(row.start) if is_first else None
            name = _name_in(row, turn, len(people), several=several)
            notes = row.notes if is_first else ()
            paragraphs.append(Came("\n".join(text), name, start, notes))
            row_of.append(at)
    return Rows(Brought(tuple(paragraphs), pieces.handed), tuple(row_of))


def _name_in(row: CameRow, turn: int, people: int, *, several: bool) -> str:
    """The name that a row shows for one of those who speak in it; of a row that became one of
    `several` people only now one name is that of the first."""
    names = names_of(row.speaker)
    if len(names) == people:
        return names[turn]
    return row.speaker if len(names) == 1 and (turn == 0 or several) else ""


def turns_of(lines: Sequence[str], people: int) -> list[list[str]]:
    """The lines of each person, without the dashes where these part several."""
    if people < 2:
        return [list(lines)]
    turns: list[list[str]] = []
    for line in lines:
        bare = line.lstrip()
        dashed = bare[:1] in DASHES and bool(bare[1:].strip())
        if dashed or not turns:
            turns.append([])
        turns[-1].append(bare[1:] if dashed else line)
    return turns or [[]]


def _people(row: CameRow, exported: int | None, handed: Handed, pieces: Pieces) -> int:
    """How many people a row shows: those of the export, or of lines that dashes part now."""
    known = len(handed.rows[exported].words) if exported is not None else 1
    if known > 1:
        return known
    lines = [line.strip() for line in row.lines if line.strip()]
    dashed = [line[0] in DASHES for line in lines]
    piece = pieces.by_turn.get((exported, 0)) if exported is not None else None
    has_own = piece is not None and any(word.text[0] in DASHES for word in piece.words)
    return sum(dashed) if dashed[:1] == [True] and not has_own else 1


class _Known:
    """Finds the row of the export that a row shows by its times, or else by its number."""

    def __init__(self, handed: Handed, rows: Sequence[CameRow]) -> None:
        self._handed = handed
        self._by_time: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(handed.rows):
            self._by_time[row.start].append(number)
        self._numbers = Counter(row.number for row in rows)

    def row_of(self, row: CameRow) -> int | None:
        own = row.number - 1 if row.number else None
        start = read_time(row.start)
        if start is not None and (there := self._by_time.get(start)):
            return own if own in there else there[0]
        if own is None or own >= len(self._handed.rows) or self._numbers[row.number] > 1:
            return None
        return own


def read_time(text: str) -> int | None:
    """The time that a cell shows in ms, or None where it cannot be read."""
    try:
        ms = timing.parse_clock(text)
    except ValueError:
        return None
    return ms if ms < LONGEST_MS else None


def breaks_in(row: CameRow, turns: Sequence[Sequence[Word]]) -> list[int]:
    """The words behind which a line of a row ends, by their ids, but for its last word: `turns`
    are the words that each person says there now. Signs are counted, since other programs may
    part words in another way."""
    breaks: list[int] = []
    for lines, words in zip(turns_of(row.lines, len(turns)), turns, strict=False):
        reached = 0
        ends: dict[int, int] = {}
        for word in words:
            reached += signs(word.text)
            ends[reached] = word.id
        # A known name in front of the text has been taken off it.
        reached -= sum(map(signs, lines))
        for line in lines:
            reached += signs(line)
            if signs(line) and reached in ends:
                breaks.append(ends[reached])
    last = turns[-1][-1].id if turns and turns[-1] else None
    return [word for word in breaks if word != last]
