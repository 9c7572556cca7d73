"""Who speaks in a text that came back: names that were changed there, for one paragraph or all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from granite_studio.core.document import Document, Segment, Speaker
from granite_studio.core.edits.speakers import add_speaker, clean_name, rename_speaker
from granite_studio.core.roundtrip.handed import Handed, Marker, plain


@dataclass(frozen=True, slots=True)
class Told:
    """What paragraph `number` shows: its segment, the old one whose speaker that has, the name."""

    number: int
    segment: Segment
    like: Segment | None
    shown: str


@dataclass(frozen=True, slots=True)
class Named:
    """Another name: of a paragraph, or with `everywhere` of the speaker.

    The project's name stays where it is not `taken`.
    """

    told: Told
    old: str
    new: str
    conflict: bool
    everywhere: bool = False
    taken: bool = True


class Naming:
    """Compares the names that paragraphs show with those of the project, and of its export."""

    def __init__(self, document: Document, handed: Handed | None) -> None:
        self._names = {speaker.id: speaker.name for speaker in document.speakers}
        self._handed = handed
        self._marker = Marker.of(document)

    def name(self, speaker: int | None) -> str:
        """The name of this speaker; empty for nobody."""
        return "" if speaker is None else self._names.get(speaker, "")

    def changes(self, told: list[Told], *, keeps_project: bool) -> list[Named]:
        """The names that are other now. A speaker of whom every name was changed to the same new
        one is renamed; with `keeps_project` what the project renamed too stays."""
        found: dict[int | None, list[Named]] = defaultdict(list)
        stays: set[int | None] = set()
        refused: list[Named] = []
        for each in told:
            named = self._compared(each) if each.shown else None
            speaker = each.segment.speaker
            if named and not (named.conflict and keeps_project):
                found[speaker].append(named)
            elif each.shown:
                stays.add(speaker)
                refused += [replace(named, taken=False)] if named else []
        taken = (self._each(speaker, named, stays) for speaker, named in found.items())
        return [*chain.from_iterable(taken), *refused]

    def _compared(self, told: Told) -> Named | None:
        """The other name that a paragraph shows, or None where nobody changed it there."""
        current = self.name(told.segment.speaker)
        if plain(told.shown) == plain(current):
            return None
        known = self._handed.speakers if self._handed and told.like else {}
        mark = known.get(told.like.id) if told.like else None
        if mark is not None and mark == self._marker.mark(told.shown):
            return None
        conflict = mark is not None and mark != self._marker.mark(current)
        return Named(told, current, told.shown, conflict)

    def _each(
        self, speaker: int | None, found: list[Named], stays: set[int | None]
    ) -> Iterator[Named]:
        new = {plain(named.new) for named in found}
        known = {plain(name) for name in self._names.values()}
        if speaker is not None and speaker not in stays and len(new) == 1 and not new & known:
            conflict = any(named.conflict for named in found)
            yield replace(found[0], conflict=conflict, everywhere=True)
        else:
            yield from found


def with_names(document: Document, changes: list[Named]) -> Document:
    """The document with these names. Speakers who thereby lose their last paragraph go."""
    changes = [named for named in changes if named.taken]
    speakers = {plain(speaker.name): speaker for speaker in document.speakers}
    given: dict[int, int] = {}
    for named in changes:
        speaker = named.told.segment.speaker
        if named.everywhere and speaker is not None:
            document = rename_speaker(document, speaker, named.new)
            continue
        key = plain(clean_name(named.new))
        if key not in speakers:
            document, speakers[key] = add_speaker(document, named.new)
        given[named.told.segment.id] = speakers[key].id
    losing = {named.told.segment.speaker for named in changes if not named.everywhere}
    if not given:
        return document
    segments = tuple(
        replace(segment, speaker=given[segment.id]) if segment.id in given else segment
        for segment in document.segments
    )
    said_by = {segment.speaker for segment in segments}

    def is_left(speaker: Speaker) -> bool:
        return speaker.id in said_by or speaker.id not in losing

    left = tuple(filter(is_left, document.speakers))
    return replace(document, segments=segments, speakers=left)
