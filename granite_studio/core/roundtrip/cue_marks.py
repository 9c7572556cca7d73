"""The marks of an export with a row for every cue: which words each row holds, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from granite_studio.core.cues import Cue
from granite_studio.core.document import Document, Word, joined, tokens
from granite_studio.core.roundtrip.handed import Handed, HandedRow, Marker, plain
from granite_studio.core.styles import Style

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
"""What stands before the lines of two people, as people and their typing programs write it."""


def handed_cues(document: Document, cues: Sequence[Cue], style: Style) -> Handed:
    """The marks of the document as these cues, which this style made, show it."""
    marker = Marker.of(document)
    names: dict[int | None, str] = {speaker.id: speaker.name for speaker in document.speakers}
    owners = [segment.speaker for segment in document for _ in segment.words]
    rows = [row for row, segment in enumerate(document) for _ in segment.words]
    words = list(document.words())
    place = {word.id: at for at, word in enumerate(words)}
    marks = []
    for cue in cues:
        span = range(place[cue.first], place[cue.last] + 1)
        places = _turns(span, rows, owners)
        turns = [words[first:last] for first, last in places]
        marks.append(
            HandedRow(
                tuple(tuple(word.id for word in turn) for turn in turns),
                tuple(marker.mark(joined(word.text for word in turn)) for turn in turns),
                tuple(marker.mark(names.get(owners[first], "")) for first, _ in places),
                tuple(_breaks(cue.lines, turns, style)),
                cue.start,
                cue.end,
            )
        )
    return Handed(marker.mark(""), {}, {}, by_cue=True, rows=tuple(marks))


def _turns(
    span: range, rows: Sequence[int], owners: Sequence[int | None]
) -> list[tuple[int, int]]:
    """The places of the words of each person in a cue: those of a paragraph each, or all where
    one person says them. As `cuts.cut_by_hand` sees it, two unknown voices are two people."""
    begins = [span.start, *(at for at in span[1:] if rows[at] != rows[at - 1])]
    voices = [owners[at] for at in begins]
    if not any(one != two or one is None for one, two in pairwise(voices)):
        begins = begins[:1]
    return list(pairwise([*begins, span.stop]))


def _breaks(lines: Sequence[str], turns: Sequence[Sequence[Word]], style: Style) -> Iterator[int]:
    """The words behind which a line of the cue ends, but for the last."""
    ends = list(accumulate(signs(word.text) for turn in turns for word in turn))
    ids = [word.id for turn in turns for word in turn]
    begins = set(accumulate((sum(signs(word.text) for word in turn) for turn in turns), initial=0))
    by_end = dict(zip(ends, ids, strict=True))
    turn_of = {begin: number for number, begin in enumerate(sorted(begins))}
    reached = 0
    for line in lines[:-1]:
        dash = style.dash_before(turn_of[reached]) if len(turns) > 1 and reached in begins else ""
        reached += signs(line.removeprefix(dash))
        if reached in by_end:
            yield by_end[reached]


def signs(text: str) -> int:
    """How many signs stand in a text beside the spaces that part words."""
    return sum(map(len, tokens(plain(text))))
