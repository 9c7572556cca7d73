"""A person and a machine at work in one project, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from granite_studio.core.history import Step
from granite_studio.store.project import Project
from tests.store.pictures import random_edit, with_paragraph, with_text


def commit(project: Project, label: str, dice: random.Random, run: str | None = None) -> None:
    """One more step: of a machine, which adds a paragraph at the end, where it has a run."""
    history = project.history
    before = history.document
    if run:
        row = len(before.segments)
        after = with_paragraph(before, row, f"heard {label}")
    elif dice.random() < 0.7:
        after = with_text(before, dice.randrange(len(before.segments)), f"t{label}")
    else:
        after = random_edit(before, dice)
    project.record(before, history.commit(after, label, run), undone=history.undone)


def undo(project: Project) -> Step | None:
    """Take back a person's step where that can be; returns the step below if it was raised."""
    history = project.history
    below = history.raise_deed()
    step = history.undo()
    if below is None:
        project.move_to(step)
    else:
        project.rewrite(below, history.following(below), step)
    return below


def work(project: Project, dice: random.Random) -> Iterator[bool]:
    """Work without end; yields after each transaction whether it put steps in another order."""
    number = 0
    while True:
        if number % 12 == 0:
            project.history.end(f"run {number // 12 - 1}")
            project.history.begin(f"run {number // 12}")
        raised = None
        act = dice.random()
        if act < 0.25:
            raised = undo(project)
        elif act < 0.35:
            project.move_to(project.history.redo())
        elif act < 0.65 and project.history.document.segments:
            commit(project, f"p{number}", dice)
        else:
            commit(project, f"m{number}", dice, f"run {number // 12}")
        number += 1
        yield raised is not None
