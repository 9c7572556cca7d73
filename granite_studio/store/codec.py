"""A project's rows: segments, splices and results as bytes, and back with suspicion."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from granite_studio.core.document import (
    Document,
    EngineUse,
    Segment,
    Span,
    Translation,
    Word,
    difference,
)
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.history import Step
from granite_studio.core.schema_items import (
    LANES,
    Fields,
    Values,
    media_from,
    media_values,
    translated_from,
    translated_values,
)

_TOUCHED, _ESTIMATED = 1, 2
Row = TypeVar("Row")
Item = TypeVar("Item")


class DamagedError(Exception):
    """What stands in the file cannot be what was written."""


def checksum(key: object, data: bytes) -> int:
    """Tells flipped bits, and a row that stands under a key that is not its own."""
    return zlib.crc32(data, zlib.crc32(repr(key).encode()))


def pack(value: object) -> bytes:
    """Compact JSON on one line. Lone surrogates, which a pasted name may hold, go through."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def unpack(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"not JSON: {error}") from error


def pack_segment(segment: Segment) -> bytes:
    """One array of columns; the words' texts, which hold no space, are parted by spaces."""
    words = segment.words
    sources = [word.source for word in words]
    confidences = [word.confidence for word in words]
    flags = [_TOUCHED * word.touched | _ESTIMATED * word.estimated for word in words]
    return pack(
        [
            segment.id,
            segment.speaker,
            " ".join(word.text for word in words),
            [word.id for word in words],
            [word.start for word in words],
            [word.end for word in words],
            None if confidences.count(None) == len(words) else confidences,
            sources[0] if sources.count(sources[0]) == len(words) else sources,
            flags if any(flags) else None,
        ]
    )


def unpack_segment(data: bytes) -> Segment:
    """The segment; `DamagedError` for any other bytes."""
    try:
        given, speaker, text, ids, starts, ends, confidences, sources, flags = unpack(data)
        texts = text.split(" ")
        columns = [texts, ids, starts, ends]
        columns.append([None] * len(texts) if confidences is None else confidences)
        columns.append([sources] * len(texts) if isinstance(sources, str) else sources)
        columns.append([0] * len(texts) if flags is None else flags)
        _expect(int, [given, *ids, *starts, *ends, *columns[6]])
        _expect(str, columns[5])
        _expect((int, float, type(None)), columns[4])
        _expect((int, type(None)), [speaker])
        words = tuple(
            Word(word, text, start, end, sure, source, flag & 1 == 1, flag & 2 == 2)
            for text, word, start, end, sure, source, flag in zip(*columns, strict=True)
        )
        return Segment(given, words, speaker)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise DamagedError(f"not a segment: {error}") from error


def _expect(kinds: type | tuple[type, ...], values: Sequence[object]) -> None:
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    if not isinstance(values, list) or not set(map(type, values)) <= set(allowed):
        raise DamagedError("a value of the wrong type")


def largest_id(segment: Segment) -> int:
    return max(segment.id, max(word.id for word in segment.words))


@dataclass(frozen=True, slots=True)
class Splice:
    """One row of the log: `removed` rows from `first` on became `inserted`.

    What was inserted is a packed segment, or a range of the rows before that stayed as they were
    (one step may change words here and there).
    """

    label: str
    merge_key: str | None
    first: int
    removed: int
    inserted: tuple[bytes | range, ...]
    head: Values | None
    next_id: int
    since: int | None = None


def pack_splice(before: Document, step: Step, at: int) -> bytes:
    """What turned `before` into the step's document; `at` is the time in ms since 1970."""
    after = step.document
    change = difference(before, after)
    head = {
        "label": step.label,
        "merge_key": step.merge_key,
        "first": change.first,
        "removed": change.removed,
        "next_id": after.next_id,
        "at": at,
        "head": head_change(before, after),
    }
    if step.since is not None:
        head["since"] = step.since
    last = change.first + change.removed
    kept = {id(before.segments[row]): row for row in range(change.first, last)}
    lines: list[bytes | range] = []
    for segment in after.segments[change.first : change.first + change.inserted]:
        row = kept.get(id(segment))
        run = lines[-1] if lines else b""
        if row is None:
            lines.append(pack_segment(segment))
        elif isinstance(run, range) and run.stop == row:
            lines[-1] = range(run.start, row + 1)
        else:
            lines.append(range(row, row + 1))
    runs = (f"={r.start} {r.stop}".encode() if isinstance(r, range) else r for r in lines)
    return b"\n".join([pack(head), *runs])


def unpack_splice(data: bytes) -> Splice:
    head, *inserted = data.split(b"\n")
    try:
        fields = Fields(unpack(head), "splice")
        key = fields.values.get("merge_key")
        changed = fields.values.get("head")
        return Splice(
            fields.text("label"),
            None if key is None else fields.text("merge_key"),
            fields.whole("first"),
            fields.whole("removed"),
            tuple(_range(line) if line.startswith(b"=") else line for line in inserted),
            None if changed is None else Fields(changed, "head").values,
            fields.whole("next_id"),
            None if fields.values.get("since") is None else fields.whole("since"),
        )
    except (FormatError, ValueError) as error:
        raise DamagedError(str(error)) from error


def _range(line: bytes) -> range:
    first, stop = line[1:].split(b" ")
    return range(int(first), int(stop))


def apply_splice(rows: list[Row], splice: Splice, unpacked: Callable[[bytes], Row]) -> list[Row]:
    """Change these rows in place; returns the ones that are new."""
    if not (splice.first >= 0 and 0 <= splice.removed <= len(rows) - splice.first):
        raise DamagedError(f"a splice of {splice.removed} rows at {splice.first} of {len(rows)}")
    inserted: list[Row] = []
    new: list[Row] = []
    for item in splice.inserted:
        if isinstance(item, bytes):
            new.append(unpacked(item))
            inserted.append(new[-1])
        elif 0 <= item.start < item.stop <= len(rows):
            inserted.extend(rows[item.start : item.stop])
        else:
            raise DamagedError(f"{item} of {len(rows)} rows")
    rows[splice.first : splice.first + splice.removed] = inserted
    return new


def head_change(before: Document, after: Document) -> Values | None:
    """What differs beside the segments: tuples as [first, removed, inserted], the rest whole.

    Of languages that stay, "translated" has what differs in their texts: a thousand paragraphs
    that are translated one after another would write the lane a thousand times.
    """
    change: Values = {}
    for name, (values, _) in LANES.items():
        old, new = getattr(before, name), getattr(after, name)
        if old is not new and old != new:
            if name == "translations" and [*map(_language, old)] == [*map(_language, new)]:
                change["translated"] = [
                    _texts_change(place, *lanes)
                    for place, lanes in enumerate(zip(old, new, strict=True))
                    if lanes[0] != lanes[1]
                ]
                continue
            first, removed, inserted = _tuple_change(old, new)
            change[name] = [first, removed, [values(item) for item in inserted]]
    if before.media != after.media:
        change["media"] = media_values(after.media) if after.media else None
    for name in ("language", "extras"):
        if getattr(before, name) != getattr(after, name):
            change[name] = getattr(after, name)
    return change or None


def _language(lane: Translation) -> str:
    return lane.language


def _texts_change(place: int, old: Translation, new: Translation) -> list[object]:
    first, removed, inserted = _tuple_change(old.texts, new.texts)
    return [place, first, removed, [translated_values(text) for text in inserted]]


def _tuple_change(
    old: tuple[Item, ...], new: tuple[Item, ...]
) -> tuple[int, int, tuple[Item, ...]]:
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, len(old) - head - tail, new[head : len(new) - tail]


def apply_head(document: Document, change: Values) -> Document:
    """The document with these facts changed; tuples not named stay the same objects."""
    changed: dict[str, Any] = {}
    try:
        fields = Fields(change, "head")
        for name, (_, read) in LANES.items():
            if name not in change:
                continue
            first, removed, inserted = fields.items(name)
            new = tuple(read(Fields(item, name)) for item in inserted)
            changed[name] = _spliced(getattr(document, name), first, removed, new)
        if "translated" in change:
            lanes = list(document.translations)
            for place, first, removed, inserted in fields.items("translated"):
                texts = tuple(translated_from(Fields(item, "translated")) for item in inserted)
                if type(place) is not int or not 0 <= place < len(lanes):
                    raise DamagedError("texts of a language that is not there")
                lanes[place] = replace(
                    lanes[place], texts=_spliced(lanes[place].texts, first, removed, texts)
                )
            changed["translations"] = tuple(lanes)
        if "media" in change:
            media = change["media"]
            changed["media"] = None if media is None else media_from(Fields(media, "media"))
        for name in ("language", "extras"):
            if name in change:
                changed[name] = fields.text(name)
    except (FormatError, ValueError, TypeError) as error:
        raise DamagedError(f"not a change of the head: {error}") from error
    return replace(document, **changed)


def _spliced(
    old: tuple[Item, ...], first: object, removed: object, new: tuple[Item, ...]
) -> tuple[Item, ...]:
    if (
        type(first) is not int
        or type(removed) is not int
        or not (first >= 0 and 0 <= removed <= len(old) - first)
    ):
        raise DamagedError("a splice of facts that does not fit")
    return old[:first] + new + old[first + removed :]


def pack_heard(heard: Heard) -> bytes:
    return pack(
        {
            "span": [heard.span.start, heard.span.end],
            "engine": [heard.engine.name, heard.engine.revision, heard.engine.draft],
            "again": heard.again,
            "turns": [
                [
                    turn.speaker,
                    [
                        [w.text, w.start, w.end, w.confidence, w.estimated, w.source]
                        for w in turn.words
                    ],
                ]
                for turn in heard.turns
            ],
        }
    )


def unpack_heard(key: str, data: bytes) -> Heard:
    try:
        fields = Fields(unpack(data), "result")
        name, revision, draft = fields.items("engine")
        _expect(str, [name, revision])
        start, end = fields.items("span")
        turns = tuple(_turn(speaker, words) for speaker, words in fields.items("turns"))
        engine = EngineUse(name, revision, draft is True)
        return Heard(Span(start, end), turns, engine, key, fields.flag("again"))
    except (FormatError, ValueError, TypeError) as error:
        raise DamagedError(f"not a result: {error}") from error


def _turn(speaker: object, words: Iterable[Any]) -> HeardTurn:
    _expect((str, type(None)), [speaker])
    heard = []
    for text, start, end, confidence, estimated, *rest in words:
        source = rest[0] if rest else ""  # projects of version 0.1 have none
        _expect(str, [text, source])
        _expect(int, [start, end])
        _expect((int, float, type(None)), [confidence])
        heard.append(HeardWord(text, start, end, confidence, estimated is True, source))
    return HeardTurn(tuple(heard), speaker if isinstance(speaker, str) else None)
