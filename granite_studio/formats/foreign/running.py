"""A paragraph of running text, put together of the runs in which a file tells it."""

from __future__ import annotations

import re
from dataclasses import replace

from granite_studio.core.document import spaced
from granite_studio.formats.foreign.annotations import PLAIN, Annotation
from granite_studio.formats.foreign.pieces import Piece

_BLANK = r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]"
_BLANKS = re.compile(f"{_BLANK}*")
_TO_BLANK = re.compile(f"(?:(?!{_BLANK}).)*", re.DOTALL)
"""Blanks are what parts words: no-break spaces do not."""


class Line:
    """The pieces of a paragraph, in the order in which they are said.

    A run may begin inside a word. It is then part of the word before it, which looks as it begins.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._start: int | None = None
        self._early: tuple[str, ...] = ()

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
        if self.pieces and self._start is None:
            text = self._carried_on(text, start, end)
            last = self.pieces[-1]
            if start is None and last.end is None and last.annotation == annotation:
                self.pieces[-1] = replace(last, text=last.text + text)
                return
        if _BLANKS.fullmatch(text):
            return
        notes, self._early = (*annotation.notes, *self._early), ()
        start, self._start = (self._start if start is None else start), None
        self.pieces.append(Piece(text, start, end, annotation=replace(annotation, notes=notes)))

    def note(self, text: str) -> None:
        """Pin a remark to the word before; where there is none, to the words that come first."""
        if not self.pieces:
            self._early = (*self._early, text)
            return
        said = self.pieces[-1].annotation
        notes = replace(said, notes=(*said.notes, text))
        self.pieces[-1] = replace(self.pieces[-1], annotation=notes)

    def _carried_on(self, text: str, start: int | None, end: int | None) -> str:
        """Put to the piece before what belongs to its last word, or parts it; the rest is left."""
        last = self.pieces[-1]
        inside = bool(text) and not _BLANKS.fullmatch(last.text[-1:])
        inside = inside and spaced(last.text[-1:], text[:1])
        match = (_TO_BLANK if inside else _BLANKS).match(text)
        taken = match[0] if match else ""
        if inside and last.start is None and taken:
            last = replace(last, start=start, end=end)
        self.pieces[-1] = replace(last, text=last.text + taken)
        return text[len(taken) :]
