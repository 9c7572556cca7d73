"""Undo and redo over whole documents. Steps share every segment that did not change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from granite_studio.core.commuting import combined
from granite_studio.core.document import Document
from granite_studio.core.renumbering import Renumbering

LIMIT = 500
MOST = 10
"""So many steps are put on others at least: each takes some milliseconds in 100,000 words,"""
_BEARABLE = MOST * 100_000
"""and in a shorter text as many more as take the same time."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that undo takes back. `number` grows from step to step; a step that is undone and
    then replaced by another passes its number on.

    A machine's step has in `since` the number of the step that was there when its run began; a
    person's has None. Those of one run have one `merge_key`.
    """

    document: Document
    label: str = ""
    merge_key: str | None = None
    number: int = 0
    since: int | None = None


class History:
    """The steps up to now and those undone; the first step is the state before any of them.

    What a machine does bit by bit in a run that was begun here counts as done when it was asked
    for: undo first takes back what a person did since, wherever that can change places with the
    machine's steps. While the run goes on, that is so for all that a person did, and the run
    itself cannot be taken back.
    """

    def __init__(self, steps: Iterable[Step] = (), position: int | None = None) -> None:
        self._steps = list(steps) or [Step(Document())]
        self._position = len(self._steps) - 1 if position is None else position
        self._open = False
        self._runs: dict[str, int] = {}
        self._raised: tuple[Step, ...] | None = None

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
    def undone(self) -> tuple[Step, ...]:
        """The steps that can be redone, the next one first."""
        return tuple(self._steps[self._position + 1 :])

    def following(self, below: Step) -> tuple[Step, ...]:
        """The steps after this one, of which the first may go on with its number."""
        steps = (step for step in self._steps if step.number >= below.number)
        return tuple(step for step in steps if step is not below)

    @property
    def deed(self) -> Step:
        """The newest step that is a person's; the first step where there is none."""
        return self._steps[self._deed_place()]

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None: while a run goes on, its own words stay, since what
        it adds next would stand alone and could not be put back in its place."""
        if raised := self._raise():
            return raised[-1].label
        is_at_work = self.step.since is not None and self.step.merge_key in self._runs
        return self.step.label if self._position and not is_at_work else None

    @property
    def must_wait(self) -> bool:
        """Whether there is something to take back, but not before a run that goes on is over."""
        return self.undo_label is None and self._position > 0

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back, or None."""
        return self.undone[0].label if self.undone else None

    def begin(self, run: str) -> None:
        """From now on commits under this merge key are a machine's, until `end`."""
        self._runs.setdefault(run, self.step.number)
        self._raised = None

    def end(self, run: str) -> None:
        self._runs.pop(run, None)
        self._raised = None

    def commit(self, document: Document, label: str, merge_key: str | None = None) -> Step:
        """Make this the current document and return its step.

        Equal merge keys in a row make one step, until `seal` or an undo comes between them; those
        of one run always do. A machine's commit keeps what can be redone as far as it has nothing
        to do with it; any other forgets it.
        """
        since = None if merge_key is None else self._runs.get(merge_key)
        top = self.step
        merges = merge_key is not None and (top.merge_key, top.since) == (merge_key, since)
        merges = merges and self._position > 0 and (self._open or since is not None)
        number = top.number if merges else top.number + 1
        step = Step(document, label, merge_key, number, since)
        undone = self._replayed(step) if since is not None else []
        del self._steps[self._position + (0 if merges else 1) :]
        self._steps += [step, *undone]
        del self._steps[: -LIMIT - 1]
        self._position = len(self._steps) - 1 - len(undone)
        self._open = True
        self._raised = None
        return self.step

    def amend(self, document: Document) -> Step:
        """Make this the outcome of the current step, sealed or not, and return the step.

        Undo takes it back with the step. ValueError before the first step, or while later ones
        can be redone.
        """
        if self._position == 0 or self.redo_label is not None:
            raise ValueError("there is no last step to add to")
        self._steps[-1] = replace(self.step, document=document)
        self._raised = None
        return self.step

    def raise_deed(self) -> Step | None:
        """Put the newest step of a person on top of the machine's steps that lie on it.

        Returns the step below those that are others now, or None where nothing changed: the top
        is a person's already, or the two are about the same words.
        """
        raised = self._raise()
        if not raised:
            return None
        place = self._position + 1 - len(raised)
        below = self._steps[place - 1]
        joins = place > 1 and _is_one_run(below, raised[0])
        gone = place - 1 if joins else place
        number = self._steps[gone].number
        steps = [*raised, *self.undone]
        self._steps[gone:] = [_numbered(step, number + n) for n, step in enumerate(steps)]
        self._position = gone + len(raised) - 1
        self._runs = {run: min(since, below.number) for run, since in self._runs.items()}
        self._raised = None
        return below

    def seal(self) -> None:
        """End the current step: the next commit starts a new one whatever its merge key."""
        self._open = False

    def undo(self) -> Step:
        return self._move(max(0, self._position - 1))

    def redo(self) -> Step:
        return self._move(min(len(self._steps) - 1, self._position + 1))

    def _move(self, position: int) -> Step:
        self._position = position
        self._open = False
        self._runs = {run: min(since, self.step.number) for run, since in self._runs.items()}
        self._raised = None
        return self.step

    def _deed_place(self) -> int:
        place = self._position
        while place and self._steps[place].since is not None:
            place -= 1
        return place

    def _raise(self) -> tuple[Step, ...]:
        """The machine's steps on top and the person's below them in the other order, or none.

        Known until the next change, for the menu asks more often than undo does.
        """
        if self._raised is None:
            place = self._deed_place()
            deed, *machine = self._steps[place : self._position + 1]
            self._raised = ()
            may = place > 0 and 0 < len(machine) <= _most(self.document)
            if may and all(self._lies_on(step, deed) for step in machine):
                self._raised = _exchanged(self._steps[place - 1], deed, machine)
        return self._raised

    def _lies_on(self, step: Step, deed: Step) -> bool:
        """Whether this machine's step was asked for before that deed, or is being done now."""
        assert step.since is not None
        return step.merge_key in self._runs or step.since < deed.number

    def _replayed(self, step: Step) -> list[Step]:
        """The undone steps on top of this one, up to the first that has to do with it."""
        origin, after = self.document, step.document
        renumbering = Renumbering(origin, after.next_id - origin.next_id)
        before, number = origin, step.number
        replayed: list[Step] = []
        for undone in self.undone[: _most(after)]:
            if undone.since is not None:
                break
            there = renumbering.document(undone.document)
            both = combined(before, there, after)
            if both is None:
                break
            number += 1
            replayed.append(replace(undone, document=both, number=number))
            before, after = there, both
        return replayed


def _most(document: Document) -> int:
    """How many steps can be put on others before somebody would notice."""
    words = sum(len(segment.words) for segment in document)
    return max(MOST, _BEARABLE // max(words, 1))


def _numbered(step: Step, number: int) -> Step:
    since = None if step.since is None else min(step.since, number - 1)
    return replace(step, number=number, since=since)


def _is_one_run(step: Step, other: Step) -> bool:
    return step.since is not None and (step.merge_key, step.since) == (
        other.merge_key,
        other.since,
    )


def _exchanged(below: Step, deed: Step, machine: Sequence[Step]) -> tuple[Step, ...]:
    """The machine's steps as if the deed had not been, and the deed on top; none if they meet."""
    steps: list[Step] = []
    before = deed.document
    there = below.document
    for step in machine:
        without = combined(before, there, step.document)
        if without is None:
            return ()
        assert step.since is not None
        since = min(step.since, below.number)
        steps.append(replace(step, document=without, since=since))
        before, there = step.document, without
    return (*steps, replace(deed, document=machine[-1].document))
