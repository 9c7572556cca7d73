"""Two changes of one document put together, so that a person's step can change place with a
machine's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import Any, TypeVar

from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Highlight,
    Segment,
    Translation,
    Word,
    alike,
    difference,
)

Item = TypeVar("Item")
Row = TypeVar("Row", Segment, Word)
Key = Callable[[Any], Hashable]
Edit = tuple[int, int, Sequence[Row]]
"""Items from one place to another give way to these."""


def _itself(item: Hashable) -> Hashable:
    return item


_LANES: dict[str, Key] = {
    "speakers": attrgetter("id"),
    "engines": _itself,
    "untranscribed": _itself,
    "findings": _itself,
    "cue_overrides": attrgetter("first"),
    "emphases": _itself,
    "highlights": attrgetter("id"),
    "notes": attrgetter("id"),
}
"""By what an item of these tuples is known again when it changes."""
_MARKS = ("cue_overrides", "emphases", "highlights", "notes")
_WHOLE = ("language", "media", "extras")


class _MeetError(Exception):
    """Both changes are about the same thing."""


def combined(base: Document, one: Document, other: Document) -> Document | None:
    """The document with both changes: what made `one` of `base`, and what made `other` of it.

    None where they meet, that is where both change the same words or the same fact, or where
    something would be pinned to what is not there. The words and rows of `other` that `one` does
    not change stay the same objects. Ids that `one` has and `base` has not must be smaller than
    `base.next_id` or not smaller than `other.next_id`, so that none is given twice.
    """
    try:
        result = replace(
            other,
            segments=_rows(base, one, other),
            next_id=max(base.next_id, one.next_id, other.next_id),
            **_facts(base, one, other),
        )
    except _MeetError:
        return None
    return result if _holds(base, one, other, result) else None


def _rows(base: Document, one: Document, other: Document) -> tuple[Segment, ...]:
    if one.segments is base.segments:
        return other.segments
    if other.segments is base.segments:
        return one.segments
    known = set(map(id, base.segments))
    fresh = [row for row in other.segments if id(row) not in known]

    def meet(was: Sequence[Segment], now: Sequence[Segment]) -> list[Edit[Segment]]:
        if [row.id for row in was] != [row.id for row in now]:
            return [_regrown(was, now, other.segments)]
        return [_reworded(*pair, other.segments) for pair in zip(was, now, strict=True)]

    edits = _edits(base.segments, one.segments, other.segments, key=id, meet=meet)
    for start, stop, rows in edits:
        # What the machine heard where a paragraph was not may be the same once more.
        if start == stop and any(_at_once(row, new) for row in rows for new in fresh):
            raise _MeetError
    result = tuple(_spliced(other.segments, edits))
    head, tail = alike(other.segments, result)
    near = result[max(head - 1, 0) : len(result) - tail + 1]
    if any(a.start > b.start for a, b in pairwise(near)):
        raise _MeetError
    return result


def _at_once(row: Segment, other: Segment) -> bool:
    return row.start < other.end and other.start < row.end


def _regrown(
    was: Sequence[Segment], now: Sequence[Segment], rows: Sequence[Segment]
) -> Edit[Segment]:
    """Other paragraphs in the place of these rows, where all that came are words at either end."""
    place = next((place for place, row in enumerate(rows) if row.id == was[0].id), len(rows))
    there = tuple(rows[place : place + len(was)])
    try:
        first, last = there[0].words, there[-1].words
        head = first[: first.index(was[0].words[0])]
        tail = last[last.index(was[-1].words[-1]) + 1 :]
        if there != _lengthened(was, head, tail):
            raise _MeetError
        return place, place + len(was), _lengthened(now, head, tail)
    except (IndexError, ValueError) as error:  # no row or word is where it was, or in time
        raise _MeetError from error


def _lengthened(
    rows: Sequence[Segment], head: tuple[Word, ...], tail: tuple[Word, ...]
) -> tuple[Segment, ...]:
    """The rows with these words before the first word and behind the last."""
    first, *others = rows
    longer = [replace(first, words=head + first.words), *others]
    longer[-1] = replace(longer[-1], words=longer[-1].words + tail)
    return tuple(longer)


def _reworded(was: Segment, now: Segment, rows: Sequence[Segment]) -> Edit[Segment]:
    """The change of one paragraph, in whichever of these rows its words stand now."""
    place = _place_of(was, now, rows)
    row = rows[place]
    if row is was:
        return place, place + 1, (now,)
    if now.speaker != was.speaker and (row.id != was.id or row.speaker != was.speaker):
        raise _MeetError
    speaker = row.speaker if now.speaker == was.speaker else now.speaker

    def meet(_was: Sequence[Word], _now: Sequence[Word]) -> list[Edit[Word]]:
        raise _MeetError

    words = _spliced(row.words, _edits(was.words, now.words, row.words, key=_itself, meet=meet))
    try:
        return place, place + 1, (Segment(row.id, tuple(words), speaker),)
    except ValueError as error:  # no word is left, or their times do not fit any more
        raise _MeetError from error


def _place_of(was: Segment, now: Segment, rows: Sequence[Segment]) -> int:
    """The row with the first word that differs, or with the one in front of it."""
    first, _ = alike(was.words, now.words)
    changed = first < min(len(was.words), len(now.words)) or len(was.words) > len(now.words)
    anchor = was.words[first if changed else max(first - 1, 0)]
    for place, row in enumerate(rows):
        if row.id == was.id and (was.words == now.words or anchor in row.words):
            return place
    for place, row in enumerate(rows):
        if row.start <= anchor.start <= row.end and anchor in row.words:
            return place
    raise _MeetError


def _edits(
    base: Sequence[Row],
    one: Sequence[Row],
    other: Sequence[Row],
    *,
    key: Key,
    meet: Callable[[Sequence[Row], Sequence[Row]], list[Edit[Row]]],
) -> list[Edit[Row]]:
    """What made `one` of `base`, as edits of `other`; `meet` does it where that changed too."""
    where = {key(item): place for place, item in enumerate(other)}
    edits: list[Edit[Row]] = []
    for start, stop, first, end in _hunks(base, one, key):
        places: list[int] = [where.get(key(item), -1) for item in base[start:stop]]
        at: int = places[0] if places else _gap(base, start, other, where, key, one[first])
        if at >= 0 and places == [*range(at, at + len(places))]:
            edits.append((at, at + len(places), one[first:end]))
        else:
            edits += meet(base[start:stop], one[first:end])
    edits.sort(key=lambda edit: edit[:2])
    if any(a[1] > b[0] for a, b in pairwise(edits)):
        raise _MeetError
    return edits


def _hunks(old: Sequence[Row], new: Sequence[Row], key: Key) -> list[tuple[int, int, int, int]]:
    """The stretches that differ: from where to where in the old, and in the new.

    A thing that moved forward stays, and what it went past goes and comes anew.
    """
    head, tail = alike(old, new)
    places = {key(old[place]): place for place in range(head, len(old) - tail)}
    hunks: list[tuple[int, int, int, int]] = []
    start, first = head, head
    for end in range(head, len(new) - tail):
        stop = places.get(key(new[end]), -1)
        if stop < start:
            continue
        if (start, first) != (stop, end):
            hunks.append((start, stop, first, end))
        start, first = stop + 1, end + 1
    if (start, first) != (len(old) - tail, len(new) - tail):
        hunks.append((start, len(old) - tail, first, len(new) - tail))
    return hunks


def _gap(
    base: Sequence[Row],
    at: int,
    other: Sequence[Row],
    where: dict[Hashable, int],
    key: Key,
    item: Row,
) -> int:
    """Where in `other` this item belongs, which stood at a place of `base` that has none now.

    It is between the same neighbours, or by its time where others came between them.
    """
    low = where.get(key(base[at - 1]), -1) + 1 if at else 0
    high = where.get(key(base[at]), len(other)) if at < len(base) else len(other)
    if low > high:
        raise _MeetError
    return bisect_left(other, item.start, low, high, key=attrgetter("start"))


def _spliced(items: Sequence[Row], edits: Iterable[Edit[Row]]) -> list[Row]:
    result: list[Row] = []
    reached = 0
    for start, stop, new in edits:
        result += items[reached:start]
        result += new
        reached = stop
    result += items[reached:]
    return result


def _facts(base: Document, one: Document, other: Document) -> dict[str, Any]:
    """All fields beside the segments that are not those of `other`."""
    facts: dict[str, Any] = {}
    for name in _WHOLE:
        was, now, there = (getattr(document, name) for document in (base, one, other))
        if now != was and there not in (was, now):
            raise _MeetError
        facts[name] = there if now == was else now
    for name, key in _LANES.items():
        was, now, there = (getattr(document, name) for document in (base, one, other))
        facts[name] = _items(was, now, there, key)
    facts["translations"] = _translations(base, one, other)
    return facts


def _items(
    base: tuple[Item, ...], one: tuple[Item, ...], other: tuple[Item, ...], key: Key
) -> tuple[Item, ...]:
    """These items with both changes; those that `one` brings stand behind the same item there."""
    if one is base or one == base:
        return other
    if other is base or other == base:
        return one
    was, now, there = ({key(item): item for item in lane} for lane in (base, one, other))
    changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    if not changed or any(there.get(n) not in (was.get(n), now.get(n)) for n in changed):
        raise _MeetError
    behind: dict[Hashable, list[Item]] = {}
    front: Hashable = None
    for name, item in now.items():
        if name in there:
            front = name
        elif name in changed:
            behind.setdefault(front, []).append(item)
    result = behind.get(None, [])[:]
    for item in other:
        name = key(item)
        if name not in changed:
            result.append(item)
        elif name in now:
            result.append(now[name])
        result += behind.get(name, ())
    return tuple(result)


def _translations(base: Document, one: Document, other: Document) -> tuple[Translation, ...]:
    """Lanes are put together text by text."""
    if one.translations is base.translations or one.translations == base.translations:
        return other.translations
    if other.translations is base.translations or other.translations == base.translations:
        return one.translations
    was, now, there = (
        {lane.language: lane.texts for lane in document.translations}
        for document in (base, one, other)
    )
    lanes = (
        Translation(
            language,
            _items(
                was.get(language, ()),
                now.get(language, ()),
                there.get(language, ()),
                attrgetter("segment"),
            ),
        )
        for language in {**there, **now}
    )
    return tuple(lane for lane in lanes if lane.texts)


def _holds(base: Document, one: Document, other: Document, result: Document) -> bool:
    """Whether nothing is given twice or pinned to what is gone.

    Looks at what changed; through all words only where somebody's marks changed as well.
    """
    change = difference(base, one)
    old = base.segments[change.first : change.first + change.removed]
    new = one.segments[change.first : change.first + change.inserted]
    was, now = _ids(old), _ids(new)
    if any(base.next_id <= given < other.next_id for given in now - was):
        return False
    if result.translations is not other.translations or not {row.id for row in old} <= now:
        rows = {row.id for row in result.segments}
        if not all(text.segment in rows for lane in result.translations for text in lane.texts):
            return False
    if result.speakers is not other.speakers or result.speakers is not one.speakers:
        here = {None, *(speaker.id for speaker in result.speakers)}
        if any(row.speaker not in here for row in result.segments):
            return False
    if not any(getattr(result, name) for name in _MARKS):
        return True
    if all(getattr(base, name) is getattr(other, name) for name in _MARKS):
        same = all(getattr(base, name) is getattr(one, name) for name in _MARKS)
        if same or _keeps_words(base, other):
            return True
    return _runs_forward(result)


def _keeps_words(base: Document, other: Document) -> bool:
    """Whether every word of the one is in the other, in the same order."""
    change = difference(base, other)
    old = base.segments[change.first : change.first + change.removed]
    new = other.segments[change.first : change.first + change.inserted]
    was = [word.id for row in old for word in row.words]
    known = set(was)
    return was == [word.id for row in new for word in row.words if word.id in known]


def _ids(rows: Iterable[Segment]) -> set[int]:
    """The ids of these rows and their words."""
    return {given for row in rows for given in (row.id, *(word.id for word in row.words))}


def _runs_forward(document: Document) -> bool:
    """Whether every mark is on words that are there, in their order, and no two cues share one."""
    place = {word.id: index for index, word in enumerate(document.words())}
    ranges: list[CueOverride | Emphasis | Highlight]
    ranges = [*document.cue_overrides, *document.emphases, *document.highlights]
    if any(mark.first not in place or mark.last not in place for mark in ranges):
        return False
    if any(place[mark.first] > place[mark.last] for mark in ranges):
        return False
    if any(note.word not in place for note in document.notes):
        return False
    cues = sorted(document.cue_overrides, key=lambda cue: place[cue.first])
    return all(place[a.last] < place[b.first] for a, b in pairwise(cues)) and all(
        place[cue.first] <= place.get(word, -1) < place[cue.last]
        for cue in cues
        for word in cue.breaks or ()
    )
