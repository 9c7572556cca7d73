"""Steps that changed places are in the file as they are in the window, whenever it ends."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from granite_studio.core.history import LIMIT
from granite_studio.store import codec, database, rows
from granite_studio.store.project import Project
from tests.store.deeds import commit, undo, work
from tests.store.killing import told_until_killed
from tests.store.pictures import paragraphs, picture


@pytest.mark.parametrize("seed", range(6))
def test_any_walk_of_a_person_and_a_machine_is_read_back_the_same(place: Path, seed: int) -> None:
    project = Project.create(place, document=paragraphs("one two", "three"))
    walk = work(project, random.Random(seed))
    raised = 0
    for turn in range(120):
        raised += next(walk)
        if turn % 10 == 9:
            project.flush()
            copy = place.with_name(f"killed{turn}.gstudio")
            shutil.copyfile(place, copy)
            shutil.copyfile(f"{place}-wal", f"{copy}-wal")
            with Project.open(copy) as killed:
                assert picture(killed.history) == picture(project.history)
    assert raised > 2
    expected = picture(project.history)
    project.close()
    with Project.open(place) as found:
        assert picture(found.history) == expected


def test_what_a_person_did_is_taken_back_after_a_restart_too(place: Path) -> None:
    dice = random.Random(1)
    with Project.create(place, document=paragraphs("one", "two")) as project:
        project.history.begin("run")
        commit(project, "first", dice, "run")
        before = project.history.document
        commit(project, "typed", dice)
        commit(project, "second", dice, "run")
    with Project.open(place) as project:
        assert project.history.undo_label == "typed"
        assert undo(project)
        assert project.history.document.segments[:3] == before.segments
    with Project.open(place) as project:
        assert [step.label for step in project.history.steps] == ["", "second", "typed"]
        assert (project.history.undo_label, project.history.redo_label) == ("second", "typed")
        texts = [segment.text for segment in project.history.document]
        assert texts == ["one", "two", "heard first", "heard second"]


def test_steps_of_older_projects_are_taken_back_in_the_order_they_were_made(place: Path) -> None:
    dice = random.Random(1)
    with Project.create(place, document=paragraphs("one", "two")) as project:
        project.history.begin("run")
        commit(project, "typed", dice)
        commit(project, "heard", dice, "run")
    with sqlite3.connect(place) as connection:
        for seq, step, data in connection.execute("SELECT seq, step, data FROM log").fetchall():
            old = data.replace(b',"since":0', b"")
            values = (old, codec.checksum((seq, step), old), seq)
            connection.execute("UPDATE log SET data=?, sum=? WHERE seq=?", values)
    connection.close()
    with Project.open(place) as project:
        assert [step.since for step in project.history.steps] == [None] * 3
        assert project.history.undo_label == "heard"


@pytest.mark.parametrize("since", [b'"x"', b"1.5", b"[]", b"true"])
def test_a_run_that_began_nowhere_is_damage(since: bytes) -> None:
    step = paragraphs("two")
    data = codec.pack_splice(paragraphs("one"), rows.Step(step, "Hear", "run", 1, 77), 0)
    assert codec.unpack_splice(data).since == 77
    with pytest.raises(codec.DamagedError):
        codec.unpack_splice(data.replace(b"77", since))


def test_the_oldest_step_that_is_kept_is_still_a_run_s(tmp_path: Path) -> None:
    first = paragraphs("one")
    steps = [
        rows.Step(replace(first, extras=str(n)), "Hear", f"run {n}", n, n - 1)
        for n in range(1, LIMIT + rows.SLACK + 2)
    ]
    with database.connect_new(tmp_path / "talk.gstudio") as connection:
        database.create_tables(connection)
        rows.write_position(connection, rows.Position())
        rows.write_document(connection, rows.BASE, first, rows.Step(first), 0)
        rows.write_steps(connection, rows.Step(first), steps, steps[-1], 0)
        assert rows.fold(connection)
        assert list(rows.read_history(connection).steps) == steps[rows.SLACK :]
    connection.close()


def test_the_oldest_steps_go_where_steps_changed_places(place: Path) -> None:
    with Project.create(place, document=paragraphs("one two", "three")) as project:
        walk = work(project, random.Random(3))
        while project.history.steps[0].number < rows.SLACK + 20:
            next(walk)
        assert len(project.history.steps) <= LIMIT + 1
        expected = picture(project.history)
    with Project.open(place) as project:
        assert picture(project.history) == expected
        for _ in range(40):
            undo(project)
        expected = picture(project.history)
    with Project.open(place) as project:
        assert picture(project.history) == expected


WORK = """
import os, random, sys
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.deeds import work
project = Project.open(Path(sys.argv[1]))
done = 0
def acknowledge(error):
    global done
    if error:
        os._exit(9)
    done += 1
    os.write(1, b"%d\\n" % done)
project.on_saved = acknowledge
for turn, _ in enumerate(work(project, random.Random(int(sys.argv[2])))):
    if turn % 8 == 0:
        project.flush()
"""


@pytest.mark.kill
def test_killed_at_any_moment_the_history_is_one_that_was_shown(
    place: Path, tmp_path: Path
) -> None:
    dice = random.Random(11)
    for kill in range(12):
        begin = tmp_path / f"begin{kill}.gstudio"
        Project.create(place, document=paragraphs("one two", "three")).close()
        shutil.copyfile(place, begin)
        told = told_until_killed(WORK, place, kill, after_s=dice.uniform(0.02, 0.3))[-1]
        with Project.open(place) as found:
            assert found.notices == ()
            shown = picture(found.history)
        with Project.open(begin) as same:
            walk = work(same, random.Random(kill))
            for _ in range(told):
                next(walk)
            later = 0
            while picture(same.history) != shown:
                next(walk)
                later += 1
                assert later < 12, "none of the states that were asked for"
        place.unlink()
