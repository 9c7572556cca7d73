"""How words of the transcript look: italics, bold, underlining and colours, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtGui import QColor, QTextFormat, QTextLayout

from granite_studio.core.document import Change, Document, Emphasis, Word
from granite_studio.core.emphasis import COLOURS, TAGS, Tags, shared_tags
from granite_studio.ui.runs import format_of
from granite_studio.ui.transcript.painting import Ground
from granite_studio.ui.transcript.spans import stretches

_Open = tuple[Emphasis, ...]
_TAGS = QTextFormat.Property.UserProperty
"""Under this a format says which tags it was made of."""


class Looks:
    """The emphasised words of the document that is shown.

    It is followed from change to change: a key costs the words of the paragraph that it is
    pressed in, and nothing where no word is emphasised.
    """

    def __init__(self) -> None:
        self._document = Document()
        self._firsts: dict[int, _Open] = {}
        self._bounds: set[int] = set()
        self._open: list[_Open] = []
        """What has begun and not ended in front of each row, and at the end of the last."""

    def show(self, document: Document, change: Change | None = None) -> None:
        """This document is shown now; `change`, where it is known, led to it."""
        before, self._document = self._document, document
        if not document.emphases:
            self._open = []
        elif change is None or before.emphases != document.emphases:
            self._read()
        else:
            end = change.first + change.inserted
            fresh = self._rows(change.first, end, self._open[change.first])
            if fresh[-1] != self._open[change.first + change.removed]:
                self._read()
                return
            self._open[change.first : change.first + change.removed] = fresh[:-1]

    def fonts(self, row: int | None, text: str) -> list[QTextLayout.FormatRange]:
        """The fonts of a row's words in its text, where they are not the usual one."""
        made = []
        for start, end, tags in self._stretches(row, text):
            if named := tuple(tag for tag in tags if tag in ("i", "b", "u")):
                item = QTextLayout.FormatRange()
                item.start, item.length, item.format = start, end - start, format_of(named)
                item.format.setProperty(_TAGS, " ".join(named))
                made.append(item)
        return made

    def colours(self, row: int | None, text: str) -> Iterator[Ground]:
        """The characters of a row's text that have a colour, which may be any."""
        for start, end, tags in self._stretches(row, text):
            for tag in tags:
                if colour := COLOURS.get(tag.removeprefix("c.")):
                    yield Ground(start, end, QColor(f"#{colour}"), is_round=False)

    def _stretches(self, row: int | None, text: str) -> list[tuple[int, int, Tags]]:
        """Where a row's text looks alike and not as usual. A space looks as both words do."""
        if row is None or row + 1 >= len(self._open):
            return []
        segment = self._document.segments[row]
        tags = [
            tuple(sorted({each.tag for each in here}, key=TAGS.index))
            for here, _ in self._words(segment.words, self._open[row])
        ]
        if not any(tags):
            return []
        signs: list[tuple[int, int, Tags]] = []
        for (start, end), look in zip(stretches(text, segment), tags, strict=True):
            if signs:
                signs.append((signs[-1][1], start, shared_tags(signs[-1][2], look)))
            signs.append((start, end, look))
        alike = [(look, list(run)) for look, run in groupby(signs, key=lambda sign: sign[2])]
        return [(run[0][0], run[-1][1], look) for look, run in alike if look]

    def _read(self) -> None:
        self._firsts = {}
        for emphasis in self._document.emphases:
            self._firsts[emphasis.first] = (*self._firsts.get(emphasis.first, ()), emphasis)
        self._bounds = {*self._firsts, *(each.last for each in self._document.emphases)}
        self._open = self._rows(0, len(self._document.segments), ())

    def _rows(self, first: int, end: int, now: _Open) -> list[_Open]:
        """What is open in front of each of these rows and behind the last."""
        found = [now]
        for segment in self._document.segments[first:end]:
            bounds = [word for word in segment.words if word.id in self._bounds]
            if bounds:
                *_, (_, now) = self._words(bounds, now)
            found.append(now)
        return found

    def _words(self, words: Sequence[Word], now: _Open) -> Iterator[tuple[_Open, _Open]]:
        """For each word what is open at it and behind it."""
        for word in words:
            here = now + self._firsts.get(word.id, ())
            now = tuple(each for each in here if each.last != word.id) if here else here
            yield here, now


def told(formats: Sequence[QTextLayout.FormatRange]) -> list[tuple[int, int, str]]:
    """Those of these formats that were made here, to be compared: an input method makes others."""
    return [
        (each.start, each.length, each.format.stringProperty(_TAGS))
        for each in formats
        if each.format.hasProperty(_TAGS)
    ]


def with_others(
    formats: Sequence[QTextLayout.FormatRange], layout: QTextLayout
) -> list[QTextLayout.FormatRange]:
    """These formats, and those that an input method gave to what it is composing.

    What it composes stands in the layout's text, but not in the document's.
    """
    place, size = layout.preeditAreaPosition(), len(layout.preeditAreaText())
    for each in formats if size else ():
        if each.start >= place:
            each.start += size
        elif each.start + each.length > place:
            each.length += size
    others = [each for each in layout.formats() if not each.format.hasProperty(_TAGS)]
    return [*formats, *others]
