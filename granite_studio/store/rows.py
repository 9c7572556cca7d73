"""What is read from and written to a project's tables, one function for each kind of thing."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from itertools import groupby
from typing import Any

from granite_studio.core.bulk import collector_at_rest
from granite_studio.core.document import Document, Segment
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard
from granite_studio.core.history import LIMIT, History, Step
from granite_studio.core.schema_items import Fields, Values
from granite_studio.store import codec
from granite_studio.store.codec import DamagedError, checksum, pack, unpack

BASE = 0
"""The id of the document that the log starts from; named versions have the others."""
SLACK = 100
"""Steps that may pile up beyond the limit before the base is moved forward."""


@dataclass(frozen=True, slots=True)
class Version:
    """A named state of the transcript; `at` is ms since 1970."""

    id: int
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where undo stands: the current step and the oldest one kept.

    `row` is the log's last row, so that a lost one is noticed; `revision` counts all changes.
    """

    step: int = 0
    oldest: int = 0
    row: int = 0
    revision: int = 0


@contextmanager
def _suspicion() -> Iterator[None]:
    """A field of the wrong type in a project is damage."""
    try:
        yield
    except FormatError as error:
        raise DamagedError(str(error)) from error


def read_state(connection: sqlite3.Connection, name: str) -> Any:
    """What was stored under this name, or None."""
    row = connection.execute("SELECT data, sum FROM state WHERE name=?", (name,)).fetchone()
    return None if row is None else unpack(_checked(name, *row))


def write_state(connection: sqlite3.Connection, name: str, value: object) -> None:
    data = pack(value)
    connection.execute(
        "INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (name, data, checksum(name, data))
    )


def read_position(connection: sqlite3.Connection) -> Position:
    value = read_state(connection, "position")
    if not isinstance(value, list) or [*map(type, value)] != [int] * 4:
        raise DamagedError("no position")
    return Position(*value)


def write_position(connection: sqlite3.Connection, position: Position) -> None:
    write_state(connection, "position", list(astuple(position)))


def count_change(connection: sqlite3.Connection) -> None:
    """Say that the project is not what its newest backup holds."""
    position = read_position(connection)
    write_position(connection, replace(position, revision=position.revision + 1))


def write_name(connection: sqlite3.Connection) -> None:
    """Give a new project a name of its own, by which it knows its backups."""
    write_state(connection, "project", secrets.token_hex(4))


def read_name(connection: sqlite3.Connection) -> str:
    name = read_state(connection, "project")
    if not isinstance(name, str) or not re.fullmatch("[0-9a-f]{8}", name):
        raise DamagedError("no name")
    return name


def write_document(
    connection: sqlite3.Connection, number: int, document: Document, step: Step, at: int
) -> None:
    """Store a whole document under this number: the base, or a version named as the step is."""
    head: Values = {
        "label": step.label,
        "merge_key": step.merge_key,
        "since": step.since,
        "step": step.number,
        "at": at,
        "head": codec.head_change(Document(), document),
        "next_id": document.next_id,
        "row": 0,
    }
    rows = [codec.pack_segment(segment) for segment in document.segments]
    _write_packed(connection, number, head, rows)


def _write_packed(
    connection: sqlite3.Connection, number: int, head: Values, rows: list[bytes]
) -> None:
    data = pack({**head, "rows": len(rows)})
    connection.execute(
        "INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (number, data, checksum(number, data))
    )
    connection.execute("DELETE FROM segment WHERE document=?", (number,))
    connection.executemany(
        "INSERT INTO segment VALUES (?, ?, ?, ?)",
        ((number, row, data, checksum((number, row), data)) for row, data in enumerate(rows)),
    )


@_suspicion()
def read_document(connection: sqlite3.Connection, number: int) -> tuple[Step, Document]:
    """The document under this number and the step it was stored as (its own is empty)."""
    return _decoded(*_read_packed(connection, number))


def _decoded(head: Fields, rows: list[bytes]) -> tuple[Step, Document]:
    segments = tuple(codec.unpack_segment(data) for data in rows)
    document = replace(Document(), segments=segments)
    if head.values.get("head") is not None:
        document = codec.apply_head(document, head.values["head"])
    document = replace(document, next_id=max(head.whole("next_id"), _next_after(segments)))
    return _step(head), document


def _read_packed(connection: sqlite3.Connection, number: int) -> tuple[Fields, list[bytes]]:
    row = connection.execute("SELECT data, sum FROM document WHERE id=?", (number,)).fetchone()
    if row is None:
        raise DamagedError(f"no document {number}")
    fields = Fields(unpack(_checked(number, *row)), "document")
    found = connection.execute(
        "SELECT row, data, sum FROM segment WHERE document=? ORDER BY row", (number,)
    )
    rows = [_checked((number, row), data, total) for row, data, total in found]
    if fields.whole("rows") != len(rows):
        raise DamagedError(f"rows of document {number} are missing")
    return fields, rows


def _step(head: Fields) -> Step:
    key = None if head.values.get("merge_key") is None else head.text("merge_key")
    since = None if head.values.get("since") is None else head.whole("since")
    return Step(Document(), head.text("label"), key, head.whole("step"), since)


def _next_after(segments: Iterable[Segment]) -> int:
    return 1 + max(map(codec.largest_id, segments), default=0)


def write_steps(
    connection: sqlite3.Connection, below: Step, steps: Sequence[Step], current: Step, at: int
) -> None:
    """Put these steps, which go on from the one below, in the place of all beyond its number.

    Undo then stands at `current`.
    """
    position = read_position(connection)
    row, before = _cut(connection, position.row, below.number), below.document
    for step in steps:
        row += 1
        data = codec.pack_splice(before, step, at)
        connection.execute(
            "INSERT INTO log VALUES (?, ?, ?, ?)",
            (row, step.number, data, checksum((row, step.number), data)),
        )
        before = step.document
    oldest = max(position.oldest, steps[-1].number - LIMIT)
    write_position(connection, replace(position, step=current.number, oldest=oldest, row=row))


def _cut(connection: sqlite3.Connection, row: int, below: int) -> int:
    """Take the steps beyond this number off the log's end; returns the last row that is left."""
    while found := connection.execute("SELECT step FROM log WHERE seq=?", (row,)).fetchone():
        if found[0] <= below:
            break
        connection.execute("DELETE FROM log WHERE seq=?", (row,))
        row -= 1
    return row


def move_position(connection: sqlite3.Connection, number: int) -> None:
    write_position(connection, replace(read_position(connection), step=number))


def read_history(connection: sqlite3.Connection) -> History:
    """Every step that can be undone or redone, sharing the segments that did not change."""
    with collector_at_rest():
        return _read_history(connection)


@_suspicion()
def _read_history(connection: sqlite3.Connection) -> History:
    position = read_position(connection)
    head, base = _read_packed(connection, BASE)
    first, document = _decoded(head, base)
    steps = [replace(first, document=document)]
    segments = list(document.segments)
    highest = document.next_id
    rows = connection.execute("SELECT seq, step, data, sum FROM log ORDER BY seq")
    reached = head.whole("row")
    for number, group in groupby(rows, key=lambda row: row[1]):
        if number != steps[-1].number + 1:
            raise DamagedError(f"step {number} after {steps[-1].number}")
        for seq, _, data, total in group:
            if seq != reached + 1:
                raise DamagedError(f"row {seq} after {reached}")
            reached = seq
            splice = codec.unpack_splice(_checked((seq, number), data, total))
            new = codec.apply_splice(segments, splice, codec.unpack_segment)
            highest = max(highest, splice.next_id, _next_after(new))
            if splice.head is not None:
                document = codec.apply_head(document, splice.head)
        document = replace(document, segments=tuple(segments), next_id=highest)
        steps.append(Step(document, splice.label, splice.merge_key, number, splice.since))
    if reached != position.row:
        raise DamagedError(f"row {reached} of {position.row}")
    steps = [step for step in steps if step.number >= position.oldest] or steps[-1:]
    current = position.step - steps[0].number
    if not 0 <= current < len(steps):
        raise DamagedError(f"no step {position.step}")
    return History(steps, current)


@_suspicion()
def fold(connection: sqlite3.Connection) -> bool:
    """Move the base forward to the oldest step kept, once the log has grown past its bound.

    For use inside a transaction; works on packed rows, so that it costs no decoding.
    """
    position = read_position(connection)
    start = connection.execute("SELECT step FROM log ORDER BY seq LIMIT 1").fetchone()
    if start is None or position.oldest - start[0] < SLACK:
        return False
    head, rows = _read_packed(connection, BASE)
    values = dict(head.values)
    document = codec.apply_head(Document(), values["head"] or {})
    found = connection.execute(
        "SELECT seq, step, data, sum FROM log WHERE step <= ? ORDER BY seq", (position.oldest,)
    )
    for seq, number, data, total in found:
        splice = codec.unpack_splice(_checked((seq, number), data, total))
        codec.apply_splice(rows, splice, bytes)
        if splice.head is not None:
            document = codec.apply_head(document, splice.head)
        values.update(label=splice.label, merge_key=splice.merge_key, since=splice.since)
        values.update(step=number, next_id=splice.next_id, row=seq)
    values["head"] = codec.head_change(Document(), document)
    _write_packed(connection, BASE, values, rows)
    connection.execute("DELETE FROM log WHERE step <= ?", (position.oldest,))
    return True


@_suspicion()
def read_versions(connection: sqlite3.Connection) -> tuple[Version, ...]:
    versions = []
    for number, data, total in connection.execute(
        "SELECT id, data, sum FROM document WHERE id != ? ORDER BY id", (BASE,)
    ):
        head = Fields(unpack(_checked(number, data, total)), "version")
        versions.append(Version(number, head.text("label"), head.whole("at")))
    return tuple(versions)


def write_result(connection: sqlite3.Connection, heard: Heard) -> None:
    key, data = _name(heard.key), codec.pack_heard(heard)
    connection.execute(
        "INSERT OR REPLACE INTO result VALUES (?, ?, ?)", (key, data, checksum(key, data))
    )


def read_results(connection: sqlite3.Connection) -> dict[str, Heard]:
    """Every sound result by its key; a damaged one is left out, and will be heard again."""
    results = {}
    for key, data, total in connection.execute("SELECT key, data, sum FROM result"):
        try:
            name = key.decode("utf-8", "surrogatepass")
            results[name] = codec.unpack_heard(name, _checked(key, data, total))
        except (DamagedError, ValueError, AttributeError):
            continue
    return results


def write_stage(connection: sqlite3.Connection, name: str, key: str, data: bytes) -> None:
    parts = (_name(name), _name(key))
    connection.execute(
        "INSERT OR REPLACE INTO stage VALUES (?, ?, ?, ?)", (*parts, data, checksum(parts, data))
    )


def read_stage(connection: sqlite3.Connection, name: str, key: str) -> Any:
    """What a stage stored, or None; also where it is damaged, for a stage can be run again."""
    parts = (_name(name), _name(key))
    row = connection.execute(
        "SELECT data, sum FROM stage WHERE name=? AND key=?", parts
    ).fetchone()
    try:
        return None if row is None else unpack(_checked(parts, *row))
    except DamagedError:
        return None


def read_stages(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    """All that a stage stored, by key; what is damaged is left out."""
    found = {}
    query = "SELECT key, data, sum FROM stage WHERE name=?"
    for key, data, total in connection.execute(query, (_name(name),)):
        try:
            found[key.decode("utf-8", "surrogatepass")] = unpack(
                _checked((_name(name), key), data, total)
            )
        except (DamagedError, ValueError, AttributeError, TypeError):
            continue
    return found


def _name(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _checked(key: object, data: object, total: object) -> bytes:
    if not isinstance(data, bytes) or checksum(key, data) != total:
        raise DamagedError(f"the checksum of {key!r:.80}")
    return data
