"""Paragraphs of a project and of a text that came back, made ready to be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from granite_studio.core.align import Opcode, align
from granite_studio.core.document import Document, Segment
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.roundtrip.handed import Brought, Came, Handed, Marker, plain
from granite_studio.core.unspaced import words_of


@dataclass(frozen=True, slots=True)
class Old:
    """A paragraph of the project. `key` is the mark it was exported with, or else has now;
    `changed` and `fresh` say that it changed, or came into being, since the export."""

    segment: Segment
    key: str
    changed: bool = False
    fresh: bool = False

    @property
    def texts(self) -> list[str]:
        return [word.text for word in self.segment.words]


@dataclass(frozen=True, slots=True)
class New:
    """A paragraph that came back, the name it shows, and its words."""

    number: int
    came: Came
    name: str
    texts: tuple[str, ...]
    key: str


def old_of(segment: Segment, marker: Marker, handed: Handed | None) -> Old:
    """A paragraph of the project, compared with what was exported where that is known."""
    mark = marker.mark(segment.text)
    if handed is None:
        return Old(segment, mark)
    exported = handed.texts.get(segment.id)
    if exported is None:
        return Old(segment, mark, fresh=True)
    return Old(segment, exported, changed=exported != mark)


def exported(
    marks: Mapping[int, str], earlier: Iterable[Document], marker: Marker
) -> dict[int, list[str]]:
    """The words of paragraphs as they were exported, by their ids: those that have these marks in
    an earlier document. Paragraphs that none of them knows are left out."""
    found: dict[int, list[str]] = {}
    seen: dict[int, Segment] = {}
    for document in earlier:
        for segment in document:
            mark = marks.get(segment.id)
            if mark is None or segment.id in found or id(segment) in seen:
                continue
            seen[id(segment)] = segment
            if marker.mark(segment.text) == mark:
                found[segment.id] = [word.text for word in segment.words]
        if len(found) == len(marks):
            break
    return found


def news_of(brought: Brought, olds: Sequence[Old], document: Document) -> Iterator[New]:
    """The paragraphs that hold words. A known name in front of one is no part of its text, and
    what was taken for a name but is known to be text is text again."""
    marker, keys = Marker.of(document), {old.key for old in olds}
    known = sorted((speaker.name for speaker in document.speakers), key=len, reverse=True)
    names = {f"{plain(name)}:": name for name in known}
    for number, came in enumerate(brought.paragraphs, 1):
        text, name = came.text, clean_name(came.speaker)
        if not name:
            said = plain(text)
            start = next((start for start in names if said.startswith(start)), "")
            if start:
                name, text = names[start], said[len(start) :]
        elif f"{plain(name)}:" not in names and marker.mark(f"{name}: {text}") in keys:
            name, text = "", f"{name}: {text}"
        texts = tuple(words_of(text))
        if texts:
            yield New(number, came, name, texts, marker.mark(text))


def is_like(here: Sequence[str], there: Sequence[str]) -> bool:
    """Whether half of the words of the longer text are in the other."""
    one, two = Counter(map(loose, here)), Counter(map(loose, there))
    return (one & two).total() * 2 >= max(one.total(), two.total())


def merged(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """The words of a text with what two sides changed in it; None where they changed the same
    place, each in its own way."""
    keys = list(map(plain, base))
    one = [code for code in align(keys, list(map(plain, ours))) if code.kind != "equal"]
    two = [code for code in align(keys, list(map(plain, theirs))) if code.kind != "equal"]
    edits: dict[tuple[int, int], Sequence[str]] = {}
    for code in one:
        edits[code.i1, code.i2] = ours[code.j1 : code.j2]
    for code in two:
        said = theirs[code.j1 : code.j2]
        if any(_touch(code, other) for other in one) and said != edits.get((code.i1, code.i2)):
            return None
        edits[code.i1, code.i2] = said
    words: list[str] = []
    reached = 0
    for first, last in sorted(edits):
        words += [*base[reached:first], *edits[first, last]]
        reached = last
    return [*words, *base[reached:]]


def _touch(one: Opcode, two: Opcode) -> bool:
    """Whether two changes meet; two words side by side may well be changed by two people."""
    if one.i1 == one.i2 or two.i1 == two.i2:
        return one.i1 <= two.i2 and two.i1 <= one.i2
    return one.i1 < two.i2 and two.i1 < one.i2


def loose(text: str) -> str:
    """A word without its case and what typing programs change."""
    return plain(text).casefold()
