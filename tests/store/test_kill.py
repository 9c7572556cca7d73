"""Killed at random moments, a project loses nothing that it said was saved."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from granite_studio.core.history import History
from granite_studio.store.project import Project
from tests.store.killing import told_until_killed
from tests.store.pictures import paragraphs

KILLS = 100

EDIT = """
import os, sys
from dataclasses import replace
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.pictures import heard, with_paragraph
project = Project.open(Path(sys.argv[1]))
number = int(sys.argv[2])
asked = []
def acknowledge(error):
    if error:
        os._exit(9)
    os.write(1, b"%d\\n" % asked.pop(0))
project.on_saved = acknowledge
while True:
    number += 1
    before = project.history.document
    text = f"e{number} " + "und noch ein Wort " * (number % 20)
    document = with_paragraph(before, len(before.segments), text)
    document = replace(document, segments=document.segments[-40:])
    key = f"run {number // 7}" if number % 3 else None
    step = project.history.commit(document, "Type", key)
    asked.append(number)
    project.record(before, step, [heard(f"r{number % 50}", f"e{number}")])
    if number % 11 == 0:
        asked.append(number)
        project.move_to(project.history.undo())
        asked.append(number)
        project.move_to(project.history.redo())
    if number % 8 == 0:
        project.flush()
"""


def edits_in(history: History) -> list[int]:
    """The numbers of the edits that are on show: the last forty."""
    return [int(segment.words[0].text[1:]) for segment in history.document.segments]


@pytest.mark.kill
def test_killed_at_any_moment_no_acknowledged_edit_is_lost(place: Path) -> None:
    dice = random.Random(7)
    Project.create(place, document=paragraphs("e0")).close()
    acknowledged, total = 0, 0
    for kill in range(KILLS):
        told = told_until_killed(EDIT, place, acknowledged, after_s=dice.uniform(0.02, 0.12))
        total += len(told)
        with Project.open(place) as project:
            assert not project.is_read_only
            assert project.notices == ()
            # Killed between undo and redo, the last edit is undone but there.
            while project.history.redo_label:
                project.move_to(project.history.redo())
            found = edits_in(project.history)
            assert found[-1] >= told[-1], (kill, found[-1], told[-1])
            assert found == list(range(max(0, found[-1] - 39), found[-1] + 1))
            results = project.results()
            for number in found[1:]:
                assert results[f"r{number % 50}"].turns[0].words[0].text == f"e{number}"
            now = project.history.document
            project.move_to(project.history.undo())
            assert edits_in(project.history)[-1] < found[-1]
            project.move_to(project.history.redo())
            assert project.history.document is now
        acknowledged = found[-1]
    assert os.listdir(place.parent) == [place.name]
    print(f"{KILLS} kills, {total} acknowledged transactions, {acknowledged} edits, none lost")


CREATE = """
import sys
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.pictures import with_everything
place = Path(sys.argv[1])
print("ready", flush=True)
while True:
    project = Project.create(place, document=with_everything())
    project.save_as(place.with_name("copy.gstudio"))
    project.close()
    place.unlink()
"""


@pytest.mark.kill
def test_killed_while_making_or_copying_a_file_is_whole_or_not_there(place: Path) -> None:
    dice = random.Random(8)
    copy = place.with_name("copy.gstudio")
    for _ in range(30):
        child = subprocess.Popen(
            [sys.executable, "-c", CREATE, str(place)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert child.stdout
        child.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.06))  # the moment is the point, nothing is waited for
        child.send_signal(signal.SIGKILL)
        child.stdout.close()
        child.wait()
        for path in (place, copy):
            if path.exists() or path.with_name(f"{path.name}-whole").exists():
                with Project.open(path) as project:
                    assert len(project.history.document.segments) == 3
                    assert project.notices == ()
            path.unlink(missing_ok=True)
            for left in ("-part", "-lock", "-wal", "-shm"):
                path.with_name(path.name + left).unlink(missing_ok=True)
        assert os.listdir(place.parent) == []
