"""Paragraphs of new text in the place of old ones: which words are still the same, and when said.

Paragraphs that have words in common are fitted together, whether they were split, joined or
rewritten, so that each word finds the one that it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from granite_studio.core.align import align
from granite_studio.core.document import Document, Segment, Span, Word, joined
from granite_studio.core.edits.fitting import fitted
from granite_studio.core.edits.splicing import in_line
from granite_studio.core.edits.text import FAR
from granite_studio.core.roundtrip.handed import plain

_RUN = 2
"""So many words in a row in common, or a third of the shorter one, and two paragraphs are kin."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of new text: its number, its words, and the time in ms that it shows."""

    number: int
    words: tuple[str, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A new paragraph and what it was made of.

    `base` is the old paragraph that it carries on, `sources` are all that gave it words, and `old`
    says what stood in its place.
    """

    number: int
    words: tuple[Word, ...]
    old: str = ""
    base: Segment | None = None
    sources: tuple[Segment, ...] = ()

    @property
    def new(self) -> str:
        return joined(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Refit:
    """New paragraphs, grouped where they share old ones, and old ones that none is made of."""

    groups: list[list[Fit]]
    left: list[Segment]


def refitted(
    document: Document,
    rows: Sequence[int],
    texts: Sequence[Text],
    ids: Iterator[int],
    *,
    place: int,
    staying: frozenset[int],
) -> Refit:
    """Fit these texts to the paragraphs in these rows of the document, both in their order.

    `place` is the row before which texts stand where there are no rows. Rows in `staying` are
    left alone unless most of their words are in the texts.
    """
    olds = [document.segments[row] for row in rows]
    kin = _kin(olds, texts)
    stay = {
        place
        for place, row in enumerate(rows)
        if row in staying and sum(kin.shared[place].values()) * 2 < len(olds[place].words)
    }
    groups: list[list[Fit]] = []
    used: set[int] = set()
    done: dict[int, Fit] = {}
    for old_places, new_places in _groups(kin, olds, texts, stay):
        group = [rows[at] for at in old_places]
        room = room_of(document, group[0], group[-1] + 1)
        fits = _fits([olds[at] for at in old_places], [texts[at] for at in new_places], room, ids)
        groups.append(fits)
        used |= {source.id for fit in fits for source in fit.sources}
        done |= dict(zip(new_places, fits, strict=True))
    room = room_of(document, rows[0], rows[-1] + 1) if rows else room_of(document, place, place)
    groups += [[fit] for fit in _added(texts, done, room, ids)]
    return Refit(groups, [segment for segment in olds if segment.id not in used])


def room_of(document: Document, first: int, last: int) -> Span:
    """The time between the row before `first` and the row `last`."""
    segments = document.segments
    left = segments[first - 1].end if first else 0
    if last < len(segments):
        right = segments[last].start
    else:
        reached = segments[-1].end if segments else 0
        duration = document.media.duration if document.media else 0
        right = duration if duration > reached else reached + FAR
    left = min(left, segments[first].start if first < last else right)
    return Span(left, max(left, right))


@dataclass(slots=True)
class _Kin:
    """For each old paragraph how many words it shares with which new ones, and with which of them
    it belongs together."""

    shared: list[dict[int, int]] = field(default_factory=list)
    linked: list[set[int]] = field(default_factory=list)


def _kin(olds: Sequence[Segment], texts: Sequence[Text]) -> _Kin:
    here = [(at, word) for at, old in enumerate(olds) for word in range(len(old.words))]
    there = [(at, word) for at, text in enumerate(texts) for word in range(len(text.words))]
    codes = align(
        [plain(olds[at].words[word].text) for at, word in here],
        [plain(texts[at].words[word]) for at, word in there],
    )
    kin = _Kin([{} for _ in olds], [set() for _ in olds])
    for code in codes:
        if code.kind != "equal":
            continue
        run, before = 0, (-1, -1)
        for step in range(code.i2 - code.i1):
            (old, first), (new, second) = here[code.i1 + step], there[code.j1 + step]
            kin.shared[old][new] = kin.shared[old].get(new, 0) + 1
            run = run + 1 if (old, new) == before else 1
            before = old, new
            sizes = len(olds[old].words), len(texts[new].words)
            # A word that went over the border between two paragraphs stands at its very edge.
            is_edge = (first == sizes[0] - 1 and second == run - 1) or (
                first == run - 1 and second == sizes[1] - 1
            )
            if run >= _RUN or is_edge or kin.shared[old][new] * 3 >= min(sizes):
                kin.linked[old].add(new)
    return kin


def _groups(
    kin: _Kin, olds: Sequence[Segment], texts: Sequence[Text], stay: set[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """Old and new paragraphs to be fitted together, by their places.

    Beside those that are kin these are rewritten ones: alone with one another between such, or
    showing the same time.
    """
    reached_old = reached_new = 0
    group: tuple[list[int], list[int]] = ([], [])
    for old in range(len(olds)):
        linked = kin.linked[old] if old not in stay else set[int]()
        if not linked:
            continue
        if group[1] and group[1][-1] not in linked:
            yield group
            group = ([], [])
        if not group[1]:
            yield from _rewritten(
                olds, texts, range(reached_old, old), range(reached_new, min(linked)), stay
            )
        group[0].append(old)
        first = group[1][0] if group[1] else min(linked)
        group = (group[0], list(range(first, max(linked) + 1)))
        reached_old, reached_new = old + 1, max(linked) + 1
    if group[1]:
        yield group
    yield from _rewritten(
        olds, texts, range(reached_old, len(olds)), range(reached_new, len(texts)), stay
    )


def _rewritten(
    olds: Sequence[Segment],
    texts: Sequence[Text],
    here: Sequence[int],
    there: Sequence[int],
    stay: set[int],
) -> Iterator[tuple[list[int], list[int]]]:
    left = [old for old in here if old not in stay]
    times = {olds[old].start // 1000: old for old in left}
    starts = [texts[new].start for new in there]
    timed = [(None if start is None else times.get(start // 1000)) for start in starts]
    if any(old is not None for old in timed):
        reached = -1
        for old, new in zip(timed, there, strict=True):
            if old is not None and old > reached:
                reached = old
                yield [old], [new]
    elif left and there and all(start is None for start in starts):
        if len(left) == len(there):
            yield from (([old], [new]) for old, new in zip(left, there, strict=True))
        else:
            yield left, list(there)


def _fits(
    olds: Sequence[Segment], texts: Sequence[Text], room: Span, ids: Iterator[int]
) -> list[Fit]:
    """The texts as paragraphs made of the words of the old ones."""
    old = [word for segment in olds for word in segment.words]
    said = _as_before(old, [word for text in texts for word in text.words])
    words = fitted(old, said, room, ids, leads=True)
    known = {word.id: word for word in old}
    owner = {word.id: segment.id for segment in olds for word in segment.words}
    lines: list[tuple[Word, ...]] = []
    done = 0
    for text in texts:
        lines.append(in_line(_held(words[done : done + len(text.words)], known)))
        done += len(text.words)
    stood = _stood(olds, lines)
    by_id = {segment.id: segment for segment in olds}
    counts = [_counts(line, owner) for line in lines]
    bases = _bases(counts, by_id)
    return [
        Fit(
            text.number,
            line,
            joined(word.text for word in stood[at]),
            by_id[bases[at]] if at in bases else None,
            tuple(by_id[source] for source in counts[at]),
        )
        for at, (text, line) in enumerate(zip(texts, lines, strict=True))
    ]


def _as_before(old: Sequence[Word], texts: Sequence[str]) -> list[str]:
    """The texts, with the old spelling where only quote signs or unseen hyphens differ."""
    said = list(texts)
    for code in align([plain(word.text) for word in old], [plain(text) for text in texts]):
        if code.kind == "equal":
            said[code.j1 : code.j2] = [word.text for word in old[code.i1 : code.i2]]
    return said


def _held(words: Sequence[Word], known: dict[int, Word]) -> list[Word]:
    """Typed words end where the next word begins that was there before, which never moves."""
    held: list[Word] = []
    limit: int | None = None
    for word in reversed(words):
        if word.id not in known and limit is not None and word.end > limit:
            word = replace(word, start=min(word.start, limit), end=limit)
        limit = word.start if limit is None else min(limit, word.start)
        held.append(word)
    return held[::-1]


def _counts(line: Sequence[Word], owner: dict[int, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for word in line:
        if word.id in owner:
            counts[owner[word.id]] = counts.get(owner[word.id], 0) + 1
    return counts


def _bases(counts: Sequence[dict[int, int]], by_id: dict[int, Segment]) -> dict[int, int]:
    """Which old paragraph each new one carries on: the first that has most of its words there,
    or else the one with the most words; each goes on once."""
    bases: dict[int, int] = {}
    taken: set[int] = set()
    for at, found in enumerate(counts):
        free = [old for old in found if old not in taken]
        most = [old for old in free if found[old] * 2 >= len(by_id[old].words)]
        if free:
            bases[at] = most[0] if most else max(free, key=lambda old: found[old])
            taken.add(bases[at])
    return bases


def _stood(olds: Sequence[Segment], lines: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """The old words in whose place each line stands: a word that went counts with its neighbour
    in front, or behind, that is still there."""
    place = {word.id: at for at, line in enumerate(lines) for word in line}
    stood: list[list[Word]] = [[] for _ in lines]
    for segment in olds:
        at = next((place[word.id] for word in segment.words if word.id in place), None)
        if at is None:
            continue
        for word in segment.words:
            at = place.get(word.id, at)
            stood[at].append(word)
    return stood


def _added(
    texts: Sequence[Text], done: dict[int, Fit], room: Span, ids: Iterator[int]
) -> Iterator[Fit]:
    """Paragraphs that are new, said in the silence where they stand."""
    reached = room.start
    starts = {at: fit.words[0].start for at, fit in done.items()}
    following = [room.end]
    for at in reversed(range(len(texts))):
        following.append(starts.get(at, following[-1]))
    following.reverse()
    for at, text in enumerate(texts):
        if at in done:
            reached = max(reached, done[at].words[-1].end)
            continue
        end = max(following[at + 1], room.start)
        start = min(reached, end)
        if text.start is not None:
            start = min(max(start, text.start), end)
        words = fitted((), text.words, Span(start, end), ids, leads=False)
        reached = words[-1].end
        yield Fit(text.number, tuple(words))
