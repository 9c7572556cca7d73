"""A project file from a stranger runs nothing, crashes nothing, and is refused in one sentence."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from granite_studio.core.errors import ProjectError
from granite_studio.store import codec, database
from granite_studio.store.codec import DamagedError, checksum
from granite_studio.store.project import Project
from tests.store.pictures import heard, paragraphs, with_everything


@pytest.fixture
def project(place: Path) -> Path:
    with Project.create(place, document=with_everything()) as made:
        made.record(made.history.document, made.history.commit(paragraphs("two"), "Type"))
        made.put_result(heard("a"))
        made.put_stage("speech", "b", [1])
        made.name_version("V")
    for backup in place.parents[1].glob("home/**/backups/*/*"):
        backup.unlink()
    return place


def execute(place: Path, *statements: str) -> None:
    with closing(sqlite3.connect(place)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"Dear diary,\n" * 999,
        b"SQLite format 3\0",
        b"SQLite format 3\0" + bytes(4080),
        random.Random(1).randbytes(9999),
        b'{"format": "granite-studio"}',
    ],
)
def test_what_is_no_project_is_refused_and_left_alone(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(ProjectError, match="not a Granite Studio project"):
        Project.open(place)
    with pytest.raises(ProjectError, match="not a project"):
        Project.open(place, read_only=True)
    assert place.read_bytes() == content
    assert os.listdir(place.parent) == [place.name]


def test_a_database_of_another_program_is_refused_and_left_alone(place: Path) -> None:
    execute(place, "CREATE TABLE pictures (id)", "PRAGMA application_id=77")
    content = place.read_bytes()
    with pytest.raises(ProjectError, match="belongs to another program"):
        Project.open(place)
    assert place.read_bytes() == content
    assert os.listdir(place.parent) == [place.name]


def test_a_folder_a_pipe_and_nothing_are_refused(place: Path) -> None:
    with pytest.raises(ProjectError, match="is a folder"):
        Project.open(place.parent)
    os.mkfifo(place.with_name("pipe"))
    with pytest.raises(ProjectError, match="is not a file"):
        Project.open(place.with_name("pipe"))
    with pytest.raises(ProjectError, match="There is no project at"):
        Project.open(place)
    with pytest.raises(ProjectError, match="not a possible path"):
        Project.open(Path("a\0b"))
    with pytest.raises(ProjectError, match="There is no project at"):
        Project.open(place / "below" / "a.gstudio")
    assert os.listdir(place.parent) == ["pipe"]


def test_a_project_cannot_be_made_where_there_is_no_folder(place: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be saved"):
        Project.create(place.parent / "no" / "a.gstudio", document=paragraphs("one"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM document; END",
        "CREATE VIEW v AS SELECT * FROM log",
        "CREATE INDEX i ON log (length(data))",
        "CREATE TABLE more (x)",
        "CREATE VIRTUAL TABLE words USING fts5(x)",
    ],
)
def test_what_could_run_by_itself_is_left_behind(project: Path, statement: str) -> None:
    execute(project, statement)
    with pytest.raises(ProjectError, match="damaged or not a project"):
        Project.open(project, read_only=True)
    with Project.open(project) as opened:
        assert "everything in it could be saved" in opened.notices[0]
        assert opened.results() == {"a": heard("a")}
        assert len(opened.history.steps) == 2
    with closing(sqlite3.connect(project)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        assert {row[0] for row in found} == set(database._TABLES)


def test_a_column_that_computes_itself_is_refused(project: Path) -> None:
    execute(project, "ALTER TABLE log ADD COLUMN more BLOB AS (zeroblob(1 << 30))")
    with pytest.raises(ProjectError, match="damaged or not a Granite Studio project"):
        Project.open(project)


def test_a_view_in_the_place_of_a_table_never_runs(project: Path) -> None:
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x, x, x, x FROM n"
    )
    execute(project, "DROP TABLE log", f"CREATE VIEW log (seq, step, data, sum) AS {endless}")
    for version in (database.VERSION, database.VERSION + 1):
        execute(project, f"PRAGMA user_version={version}")
        with pytest.raises(ProjectError):
            Project.open(project)


def test_a_project_of_a_newer_program_is_read_and_never_written(project: Path) -> None:
    execute(project, "CREATE TABLE later (x)", f"PRAGMA user_version={database.VERSION + 1}")
    content = project.read_bytes()
    with Project.open(project) as opened:
        assert opened.is_read_only
        assert "made by a newer Granite Studio" in opened.read_only_reason
        assert opened.history.document.segments == paragraphs("two").segments
        opened.save_as(project.with_name("copy.gstudio"))
    assert project.read_bytes() == content
    with Project.open(project.with_name("copy.gstudio")) as copy:
        assert copy.is_read_only


KEYS = {
    "document": "id",
    "segment": "document, row",
    "log": "seq, step",
    "result": "key",
    "stage": "name, key",
    "state": "name",
}


def forged(place: Path, table: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrite the data of a table's rows, with checksums that fit."""
    columns = KEYS[table]
    with closing(sqlite3.connect(place)) as connection:
        found = connection.execute(f"SELECT {columns}, data, rowid FROM {table}").fetchall()
        for row in found:
            data = change(row[-2])
            connection.execute(
                f"UPDATE {table} SET data=?, sum=? WHERE rowid=?",
                (data, checksum(row[0] if len(row) == 3 else row[:2], data), row[-1]),
            )
        connection.commit()


NONSENSE = [
    b"",
    b"null",
    b"0",
    b'"x"',
    b"[]",
    b"{}",
    b"[[[[1]]]]",
    b"[" * 100_000,
    b"1" * 10_000,
    b"\xff\xfe\x00",
    b'{"label": 1}',
    b'{"rows": -1}',
    b"[1e999, NaN, 1, 1, 1, 1, 1, 1, 1]",
]


@pytest.mark.parametrize("data", NONSENSE)
@pytest.mark.parametrize("table", ["document", "segment", "log", "state"])
def test_nonsense_where_the_transcript_should_be_is_refused(
    project: Path, table: str, data: bytes
) -> None:
    forged(project, table, lambda _: data)
    with pytest.raises(ProjectError, match="damaged or not"):
        Project.open(project)
    with pytest.raises(ProjectError, match="damaged or not"):
        Project.open(project, read_only=True)


@pytest.mark.parametrize("data", NONSENSE)
def test_nonsense_among_the_results_is_left_out(project: Path, data: bytes) -> None:
    forged(project, "result", lambda _: data)
    forged(project, "stage", lambda _: data if data != b"0" else b"]")
    with Project.open(project) as opened:
        assert opened.results() == {}
        opened.stage("speech", "b")


def swapped(value: object, dice: random.Random) -> object:
    """The same JSON with one thing in it replaced by nonsense."""
    if isinstance(value, list) and value and dice.random() < 0.8:
        place = dice.randrange(len(value))
        return [*value[:place], swapped(value[place], dice), *value[place + 1 :]]
    if isinstance(value, dict) and value and dice.random() < 0.8:
        name = dice.choice(sorted(value))
        return {**value, name: swapped(value[name], dice)}
    return dice.choice(
        (None, True, -1, 0, 1, 2**70, 1e999, -0.5, "", "a b", "\0", "\ud800", [], {}, [[]])
    )


@pytest.mark.parametrize("seed", range(150))
def test_any_one_wrong_value_is_refused_or_read_without_a_crash(project: Path, seed: int) -> None:
    dice = random.Random(seed)

    def spoil(data: bytes) -> bytes:
        head, *lines = data.split(b"\n")
        spoiled = swapped(json.loads(head), dice)
        return b"\n".join([json.dumps(spoiled).encode(), *lines])

    table = dice.choice(["document", "segment", "log", "state", "result", "stage"])
    forged(project, table, spoil)
    with suppress(ProjectError), Project.open(project) as opened:
        opened.results()
        opened.stage("speech", "b")
        opened.stages("speech")
        assert opened.history.document.next_id > 0
        before = opened.history.document
        opened.record(before, opened.history.commit(paragraphs("three"), "Type"))
        for version in opened.versions():
            with suppress(ProjectError):
                opened.version_document(version.id)


def test_a_link_to_strange_places_is_only_ever_a_file(project: Path) -> None:
    link = {
        "relative": "../../../../etc",
        "absolute": "/dev/zero",
        "fingerprint": "1-x",
        "size": 1,
        "mtime_ns": 1,
    }
    with closing(sqlite3.connect(project)) as connection:
        data = codec.pack(link)
        connection.execute(
            "INSERT INTO state VALUES ('media', ?, ?)", (data, checksum("media", data))
        )
        connection.commit()
    with Project.open(project) as opened:
        assert opened.media_path is None


def test_a_segment_of_the_wrong_shape_is_damage() -> None:
    good = codec.pack_segment(with_everything().segments[0])
    assert codec.unpack_segment(good) == with_everything().segments[0]
    for data in NONSENSE:
        with pytest.raises(DamagedError):
            codec.unpack_segment(data)
