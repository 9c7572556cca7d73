"""Rows of a table of cues, put back into the paragraphs that their words belong to.

A row that says what it said, in other lines or at other times, was split, joined, added, or gave
words away, is a cue made by hand then; words alone make none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.edits.marks import fix_cues
from granite_studio.core.edits.splicing import in_line, splice
from granite_studio.core.roundtrip.cue_pieces import Pieces, Rows
from granite_studio.core.roundtrip.cue_shapes import Shapes
from granite_studio.core.roundtrip.differences import Deed, Difference, Side, renaming
from granite_studio.core.roundtrip.handed import Brought
from granite_studio.core.roundtrip.naming import with_names
from granite_studio.core.roundtrip.pairing import Pairing


def written_back(
    document: Document,
    brought: Brought,
    pieces: Pieces,
    rows: Rows,
    pairing: Pairing,
    keep: Side,
) -> tuple[Document, list[Difference]]:
    """The document with the rows that came back, which this pairing found, and what differs."""
    found = _in_reading_order(document, pairing.ordered())
    next_id = next(pairing.ids)
    changes = pairing.naming.changes(pairing.told, keeps_project=keep is Side.PROJECT)
    told = tuple(segment for _, segment in found)
    named = with_names(replace(pieces.document, segments=told, next_id=next_id), changes)
    after = document
    if told != pieces.document.segments or named.segments != told:
        segments, next_id = _Paragraphs(document, told).rebuilt(named.segments, named.next_id)
        total = len(document.segments)
        after = splice(after, 0, total, segments, next_id=next_id, typed=True)
    if named.speakers != document.speakers:
        after = replace(after, speakers=named.speakers, next_id=max(next_id, after.next_id))
    after = pairing.with_notes(after)
    rest = [(told.number, told.segment) for told in pairing.kept]
    others = [segment.id for _, segment in rest]
    shown = [each for each in found if each[0]]
    shapes = Shapes(
        document,
        after,
        brought,
        pieces,
        _by_row(after, [*shown, *rest], rows),
        keep,
        moved={rows.row_of[n - 1] for n in _numbers(pairing.differences, Deed.MOVED)},
        merged={
            rows.row_of[number - 1]
            for number, segment in (*shown, *rest)
            if segment.id in pairing.merged or segment.id in others
        },
    )
    after = fix_cues(after, shapes.cues)
    differences = [
        _as_row(each, rows, pieces)
        for each in (*pairing.differences, *map(renaming, (n for n in changes if n.told.like)))
    ]
    shapes.tell_joined({each.number for each in differences})
    return after, [*differences, *shapes.differences]


def _in_reading_order(
    document: Document, found: Sequence[tuple[int, Segment]]
) -> list[tuple[int, Segment]]:
    """Pieces as their words are read, which cues made by hand may show in another order; a new
    one stands behind that which it stood behind."""
    place = {word.id: at for at, word in enumerate(document.words())}
    placed: list[tuple[float, tuple[int, Segment]]] = []
    reached = -0.5
    for each in found:
        known = [place[word.id] for word in each[1].words if word.id in place]
        placed.append((known[0] if known else reached, each))
        reached = known[-1] + 0.5 if known else reached
    placed.sort(key=lambda each: each[0])
    return [each for _, each in placed]


def _numbers(differences: Iterable[Difference], deed: Deed) -> Iterator[int]:
    return (each.number for each in differences if each.deed is deed)


def _by_row(
    document: Document, found: Iterable[tuple[int, Segment]], rows: Rows
) -> dict[int, list[list[int]]]:
    """The ids of the words that are left of each row, for each person who speaks in it."""
    left = {word.id for word in document.words()}
    words: dict[int, list[list[int]]] = defaultdict(list)
    for number, piece in sorted(found, key=lambda each: each[0]):
        ids = [word.id for word in piece.words if word.id in left]
        words[rows.row_of[number - 1]].append(ids)
    return words


def _as_row(difference: Difference, rows: Rows, pieces: Pieces) -> Difference:
    """A difference of a piece as one of its row, from 1."""
    if difference.deed in (Deed.DELETED, Deed.KEPT):
        word = pieces.document.segments[difference.number - 1].words[0]
        return replace(difference, number=pieces.rows[word.id] + 1)
    deed = Deed.CUE if difference.deed is Deed.SPLIT else difference.deed
    return replace(difference, deed=deed, number=rows.row_of[difference.number - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of a row, and who says it."""

    word: Word
    speaker: int | None


class _Paragraphs:
    """Gives words back to their paragraphs.

    New words belong to the paragraph of those before them in their row, and a new row to the
    paragraph in front, or behind, if the same person speaks there. Where a row has another
    speaker than its paragraph, the paragraph is split.
    """

    def __init__(self, document: Document, told: Sequence[Segment]) -> None:
        self._document = document
        self._told = told
        self._owner = {word.id: segment.id for segment in document for word in segment.words}
        self._voice = {segment.id: segment.speaker for segment in document}
        self._word = {word.id: word for word in document.words()}

    def rebuilt(self, named: Sequence[Segment], next_id: int) -> tuple[list[Segment], int]:
        """The paragraphs of these pieces, and the next free id. `named` are the pieces with the
        speakers that they have now."""
        said: dict[int, list[_Said]] = {}
        homes = [self._home(piece) for piece in self._told]
        behind = self._behind(homes)
        before: int | None = None
        for piece, told, home, after in zip(named, self._told, homes, behind, strict=True):
            if home is None:
                home = self._neighbour(piece.speaker, before, after)
                if home is None:
                    home = -1 - len(said)  # a paragraph of its own
                    self._voice[home] = piece.speaker
                speaker = self._voice[home] if piece.speaker is None else piece.speaker
                said.setdefault(home, []).extend(_Said(word, speaker) for word in piece.words)
            else:
                for word, owner in self._owned(told, home):
                    said.setdefault(owner, []).append(_Said(self._old(word), piece.speaker))
            before = home
        segments: list[Segment] = []
        for number, words in self._in_order(said):
            for first, run in enumerate(_runs(words)):
                same = number > 0 and not first
                words_said = in_line(each.word for each in run)
                made = Segment(number if same else next_id, words_said, run[0].speaker)
                next_id += not same
                segments.append(made)
        return segments, next_id

    def _home(self, piece: Segment) -> int | None:
        """The paragraph that a row belongs to: that of most of its words whose speaker it has."""
        owners = Counter(self._owner[word.id] for word in piece.words if word.id in self._owner)
        alike = [owner for owner in owners if self._voice[owner] == piece.speaker]
        return max(alike or owners, key=lambda owner: owners[owner], default=None)

    def _owned(self, piece: Segment, home: int) -> Iterator[tuple[Word, int]]:
        """The words of a row with their paragraphs; those of another person's go over."""
        reached = home
        for word in piece.words:
            owner = self._owner.get(word.id, reached)
            reached = owner if self._voice[owner] == self._voice[home] else home
            yield word, reached

    def _behind(self, homes: Sequence[int | None]) -> list[int | None]:
        behind: list[int | None] = []
        reached: int | None = None
        for home in reversed(homes):
            behind.append(reached)
            reached = reached if home is None else home
        return behind[::-1]

    def _neighbour(self, speaker: int | None, before: int | None, after: int | None) -> int | None:
        """The paragraph that a new row of this speaker becomes part of."""
        if before is not None and before == after:
            return before
        near = [home for home in (before, after) if home is not None]
        alike = (home for home in near if speaker in (None, self._voice[home]))
        return next(alike, None)

    def _old(self, word: Word) -> Word:
        """A word that nobody wrote anew as it was before."""
        old = self._word.get(word.id)
        return old if old and old.text == word.text else word

    def _in_order(self, said: Mapping[int, list[_Said]]) -> Iterator[tuple[int, list[_Said]]]:
        """The paragraphs by their start, those of one moment as they stood."""
        ranks = {segment.id: row for row, segment in enumerate(self._document)}
        last = len(ranks)
        order = sorted(
            said, key=lambda number: (said[number][0].word.start, ranks.get(number, last))
        )
        return ((number, said[number]) for number in order)


def _runs(words: Sequence[_Said]) -> Iterator[list[_Said]]:
    """The words of one speaker each."""
    run: list[_Said] = []
    for each in words:
        if run and each.speaker != run[-1].speaker:
            yield run
            run = []
        run.append(each)
    yield run
