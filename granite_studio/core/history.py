"""Undo and redo over whole documents. Steps share every segment that did not change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from granite_studio.core.document import Document

LIMIT = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that undo takes back. `number` grows from step to step; a step that is undone and
    then replaced by another passes its number on."""

    document: Document
    label: str = ""
    merge_key: str | None = None
    number: int = 0


class History:
    """The steps up to now and those undone; the first step is the state before any of them."""

    def __init__(self, steps: Iterable[Step] = (), position: int | None = None) -> None:
        self._steps = list(steps) or [Step(Document())]
        self._position = len(self._steps) - 1 if position is None else position
        self._open = False

    @property
    def document(self) -> Document:
        return self.step.document

    @property
    def step(self) -> Step:
        """The step whose outcome is the current document."""
        return self._steps[self._position]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.step.label if self._position else None

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back, or None."""
        later = self._steps[self._position + 1 :]
        return later[0].label if later else None

    def commit(self, document: Document, label: str, merge_key: str | None = None) -> Step:
        """Make this the current document and return its step.

        Equal merge keys in a row make one step, until `seal` or an undo comes between them.
        """
        top = self.step
        merges = self._open and merge_key is not None and top.merge_key == merge_key
        del self._steps[self._position + (0 if merges else 1) :]
        number = top.number if merges else top.number + 1
        self._steps.append(Step(document, label, merge_key, number))
        del self._steps[: -LIMIT - 1]
        self._position = len(self._steps) - 1
        self._open = True
        return self.step

    def amend(self, document: Document) -> Step:
        """Make this the outcome of the current step, sealed or not, and return the step.

        Undo takes it back with the step. ValueError before the first step, or while later ones
        can be redone.
        """
        if self._position == 0 or self.redo_label is not None:
            raise ValueError("there is no last step to add to")
        self._steps[-1] = replace(self.step, document=document)
        return self.step

    def seal(self) -> None:
        """End the current step: the next commit starts a new one whatever its merge key."""
        self._open = False

    def undo(self) -> Step:
        self._position = max(0, self._position - 1)
        self._open = False
        return self.step

    def redo(self) -> Step:
        self._position = min(len(self._steps) - 1, self._position + 1)
        self._open = False
        return self.step
