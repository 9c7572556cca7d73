"""A paragraph of running text, put together of the runs in which a file tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from granite_studio.core.document import spaced
from granite_studio.formats.foreign.annotations import PLAIN, Annotation
from granite_studio.formats.foreign.pieces import Piece

_BLANK = r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]"
_BLANKS = re.compile(f"{_BLANK}*")
_REST = re.compile(f"(?:(?!{_BLANK}).)*", re.DOTALL)
"""Blanks are what parts words: no-break spaces do not."""


@dataclass(slots=True)
class _Growing:
    """A piece that is not whole yet."""

    texts: list[str]
    start: int | None
    end: int | None
    annotation: Annotation
    notes: list[str]

    def whole(self) -> Piece:
        notes = (*self.annotation.notes, *self.notes)
        annotation = replace(self.annotation, notes=notes) if self.notes else self.annotation
        return Piece("".join(self.texts), self.start, self.end, annotation=annotation)


class Line:
    """The pieces of a paragraph, in the order in which they are said.

    A run may begin inside a word. It is then part of the word before it, which looks as it begins.
    """

    def __init__(self) -> None:
        self._pieces: list[_Growing] = []
        self._is_apart = True
        """Whether what comes now begins a word."""
        self._start: int | None = None
        self._early: list[str] = []

    @property
    def pieces(self) -> list[Piece]:
        """The pieces, as far as they were said."""
        return [piece.whole() for piece in self._pieces]

    def time(self, start: int | None) -> None:
        """What comes now was said at this time, in ms."""
        self._start = start

    def say(
        self,
        text: str,
        annotation: Annotation = PLAIN,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        """Go on with this text."""
        if not self._is_apart and self._start is None:
            text = self._carried_on(text, start, end)
        if _BLANKS.fullmatch(text):
            self._is_apart = self._is_apart or bool(text)
            return
        if self._start is None and start is None and self._goes_on(annotation):
            self._pieces[-1].texts += [" " * self._is_apart, text]
        else:
            start = self._start if start is None else start
            self._pieces.append(_Growing([text], start, end, annotation, self._early))
            self._start, self._early = None, []
        self._is_apart = bool(_BLANKS.fullmatch(text[-1:]))

    def note(self, text: str) -> None:
        """Pin a remark to the word before; where there is none, to the words that come first."""
        (self._pieces[-1].notes if self._pieces else self._early).append(text)

    def _goes_on(self, annotation: Annotation) -> bool:
        """Whether the piece before is like what comes now."""
        last = self._pieces[-1] if self._pieces else None
        return (
            last is not None
            and last.end is None
            and not last.notes
            and last.annotation == annotation
        )

    def _carried_on(self, text: str, start: int | None, end: int | None) -> str:
        """Put to the piece before what belongs to its last word; the rest is left."""
        last = self._pieces[-1]
        match = _REST.match(text) if spaced(last.texts[-1][-1:], text[:1]) else None
        if match is None or not match[0]:
            return text
        if last.start is None:
            last.start, last.end = start, end
        last.texts.append(match[0])
        return text[match.end() :]
