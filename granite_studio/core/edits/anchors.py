"""What becomes of cue overrides, quotes and notes when the words they are pinned to go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import is_
from typing import TypeVar

from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Highlight,
    Note,
    Segment,
    TranslatedText,
    Translation,
    Word,
    joined,
)
from granite_studio.core.sentences import ends_sentence
from granite_studio.core.translation import is_stale, mark_of

T = TypeVar("T")
Range = TypeVar("Range", Emphasis, Highlight)


class Reading:
    """Old words in reading order, and which of them are gone: finds who stands for those.

    `moved` names the stand-in of a word where the edit knows better than the neighbourhood.
    """

    def __init__(
        self,
        before: Sequence[Segment],
        old: Sequence[Segment],
        after: Sequence[Segment],
        gone: frozenset[int],
        moved: Mapping[int, int],
    ) -> None:
        self.gone = gone
        self._moved = moved
        self._ids = [segment.words[-1].id for segment in before]
        self._paragraphs: dict[int, tuple[int, int]] = {}
        for segment in old:
            place = len(self._ids)
            self._ids += [word.id for word in segment.words]
            extent = (place, len(self._ids) - 1)
            self._paragraphs |= dict.fromkeys(self._ids[place:], extent)
        self._ids += [segment.words[0].id for segment in after]
        self._place = {word_id: place for place, word_id in enumerate(self._ids)}

    def forward(self, word_id: int, limit: int) -> int | None:
        """The first word left from this one on; None if `limit` comes first and is gone too."""
        return self._stand_in(word_id, self._place.get(limit, len(self._ids) - 1))

    def backward(self, word_id: int, limit: int) -> int | None:
        """The last word left up to this one; None if `limit` comes first and is gone too."""
        return self._stand_in(word_id, self._place.get(limit, 0))

    def beside(self, word_id: int) -> int | None:
        """The nearest word left in the same paragraph, behind this one or else before it."""
        if word_id not in self.gone:
            return word_id
        first, last = self._paragraphs[word_id]
        stand_in = self._stand_in(word_id, last)
        return self._stand_in(word_id, first) if stand_in is None else stand_in

    def _stand_in(self, word_id: int, limit: int) -> int | None:
        if word_id not in self.gone:
            return word_id
        place = self._place[word_id]
        step = 1 if limit >= place else -1
        for candidate in self._ids[place : limit + step if limit + step >= 0 else None : step]:
            if candidate not in self.gone:
                return candidate
            if candidate in self._moved:
                return self._moved[candidate]
        return None


def has_marks(document: Document) -> bool:
    """Whether anything is pinned to words."""
    return bool(
        document.cue_overrides or document.emphases or document.highlights or document.notes
    )


def mend(document: Document, reading: Reading) -> Document:
    """Pin every mark to words that are left; a mark whose words all went goes too."""
    gone = reading.gone
    # There may be 50,000 cues made by hand and a key is waiting: look before you call.
    touched = [
        index
        for index, o in enumerate(document.cue_overrides)
        if o.first in gone or o.last in gone or (o.breaks and not gone.isdisjoint(o.breaks))
    ]
    overrides = list(document.cue_overrides) if touched else []
    for index in reversed(touched):
        mended = _override(overrides[index], reading)
        overrides[index : index + 1] = [mended] if mended else []
    return replace(
        document,
        cue_overrides=tuple(overrides) if touched else document.cue_overrides,
        emphases=_ranges(document.emphases, reading),
        highlights=_ranges(document.highlights, reading),
        notes=_mended(document.notes, [_note(note, reading) for note in document.notes]),
    )


def adopt(document: Document, segments: Iterable[Segment], fresh: Collection[int]) -> Document:
    """Let typed words that only cues made by hand surround belong to one of them.

    It is the cue in front, unless its sentence is over and another cue follows. Words beside ones
    that the style cuts stay free like those.
    """
    gaps = [gap for segment in segments for gap in _gaps(segment.words, fresh)]
    fronts = {gap.front.id for gap in gaps if gap.front}
    backs = {gap.back.id for gap in gaps if gap.back}
    # Indexes, and no other copy: there may be 50,000 cues made by hand and a key is waiting.
    beside = [
        index
        for index, o in enumerate(document.cue_overrides)
        if o.last in fronts or o.first in backs
    ]
    if not beside:
        return document
    overrides = list(document.cue_overrides)
    ending = {overrides[index].last: index for index in beside}
    beginning = {overrides[index].first: index for index in beside}
    for gap in gaps:
        before = ending.get(gap.front.id) if gap.front else None
        behind = beginning.get(gap.back.id) if gap.back else None
        if (gap.front and before is None) or (gap.back and behind is None):
            continue
        over = gap.front is not None and ends_sentence(gap.front.text)
        if before is not None and not (over and behind is not None):
            overrides[before] = replace(overrides[before], last=gap.words[-1].id)
        elif behind is not None:
            overrides[behind] = replace(overrides[behind], first=gap.words[0].id)
    return replace(document, cue_overrides=_mended(document.cue_overrides, overrides))


@dataclass(frozen=True, slots=True)
class _Gap:
    """New words of a paragraph and the old ones around them."""

    front: Word | None
    words: list[Word]
    back: Word | None


def _gaps(words: Sequence[Word], fresh: Collection[int]) -> list[_Gap]:
    gaps: list[_Gap] = []
    reached: Word | None = None
    for is_fresh, group in groupby(words, key=lambda word: word.id in fresh):
        run = list(group)
        if is_fresh:
            place = words.index(run[-1]) + 1
            gaps.append(_Gap(reached, run, words[place] if place < len(words) else None))
        reached = run[-1]
    return gaps


def drop_crossed(document: Document) -> Document:
    """Take out ranges that no longer run forward, and of cues made by hand that share a word all
    but the first. Looks through all words; needed only where words changed their order.
    """
    if not (document.cue_overrides or document.highlights or document.emphases):
        return document
    place = {word.id: index for index, word in enumerate(document.words())}
    emphases = [e for e in document.emphases if place[e.first] <= place[e.last]]
    highlights = [h for h in document.highlights if place[h.first] <= place[h.last]]
    reached = -1
    sound: dict[int, CueOverride | None] = {}
    order = enumerate(document.cue_overrides)
    for index, override in sorted(order, key=lambda item: place[item[1].first]):
        if reached < place[override.first] <= place[override.last]:
            reached = place[override.last]
            sound[index] = _with_breaks_inside(override, place)
    overrides = [sound.get(index) for index in range(len(document.cue_overrides))]
    return replace(
        document,
        emphases=_mended(document.emphases, emphases),
        highlights=_mended(document.highlights, highlights),
        cue_overrides=_mended(document.cue_overrides, overrides),
    )


def _with_breaks_inside(override: CueOverride, place: Mapping[int, int]) -> CueOverride:
    inside = range(place[override.first], place[override.last])
    breaks = override.breaks
    if not breaks or all(place[word] in inside for word in breaks):
        return override
    return replace(override, breaks=tuple(w for w in breaks if place[w] in inside) or None)


def drop_translations(document: Document, gone: frozenset[int]) -> Document:
    """Take out translated texts of these segments."""
    return _with_lanes(
        document,
        [
            replace(lane, texts=tuple(text for text in lane.texts if text.segment not in gone))
            if any(text.segment in gone for text in lane.texts)
            else lane
            for lane in document.translations
        ],
    )


def join_translations(document: Document, kept: int, gone: int) -> Document:
    """Give the translated texts of one segment to another, behind its own.

    Two texts that fitted their words fit the words of both; any other is out of date then, which
    `core.translation.is_stale` tells.
    """
    lanes = document.translations
    if not any(text.segment == gone for lane in lanes for text in lane.texts):
        return document
    halves = {s.id: s.words for s in document.segments if s.id in (kept, gone)}
    return _with_lanes(document, [_joined_lane(lane, kept, gone, halves) for lane in lanes])


def _joined_lane(
    lane: Translation, kept: int, gone: int, halves: Mapping[int, Sequence[Word]]
) -> Translation:
    texts = {text.segment: text for text in lane.texts}
    tail = texts.pop(gone, None)
    if tail is None:
        return lane
    head = texts.get(kept)
    if head is None:
        texts[kept] = replace(tail, segment=kept)
    else:
        fits = not any(is_stale(text, halves[text.segment]) for text in (head, tail))
        both = mark_of((*halves[kept], *halves[gone])) if head.source and tail.source else ""
        texts[kept] = TranslatedText(
            kept,
            joined((head.text, tail.text)),
            both if fits else head.source or tail.source,
            head.touched or tail.touched,
        )
    return replace(lane, texts=tuple(texts.values()))


def _with_lanes(document: Document, lanes: list[Translation]) -> Document:
    return replace(document, translations=_mended(document.translations, lanes))


def _override(override: CueOverride, reading: Reading) -> CueOverride | None:
    breaks = override.breaks
    first = reading.forward(override.first, override.last)
    last = reading.backward(override.last, override.first)
    if first is None or last is None:
        return None
    if breaks:
        left = (reading.backward(b, override.first) for b in breaks)
        # A line cannot begin after the last word, nor twice after the same one.
        breaks = tuple(dict.fromkeys(b for b in left if b is not None and b != last)) or None
    return replace(override, first=first, last=last, breaks=breaks)


def _ranges(marks: tuple[Range, ...], reading: Reading) -> tuple[Range, ...]:
    gone = reading.gone
    touched = [place for place, m in enumerate(marks) if m.first in gone or m.last in gone]
    left = list(marks) if touched else []
    for place in reversed(touched):
        mark = left[place]
        first = reading.forward(mark.first, mark.last)
        last = reading.backward(mark.last, mark.first)
        if first is None or last is None:
            del left[place]
        else:
            left[place] = replace(mark, first=first, last=last)
    return tuple(left) if touched else marks


def _note(note: Note, reading: Reading) -> Note | None:
    word = reading.beside(note.word)
    if word == note.word:
        return note
    return None if word is None else replace(note, word=word)


def _mended(old: tuple[T, ...], new: Iterable[T | None]) -> tuple[T, ...]:
    """The new items without holes; the old tuple itself when nothing differs."""
    left = [item for item in new if item is not None]
    return old if len(left) == len(old) and all(map(is_, left, old)) else tuple(left)
