"""The transcript with all that is known about it, as JSON that other programs can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.schema import FORMAT as OURS
from granite_studio.core.schema import from_dict, to_dict
from granite_studio.core.translation import languages
from granite_studio.formats.base import (
    MIB,
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    unreadable,
)
from granite_studio.formats.foreign import recognise


def write(content: Content) -> bytes:
    """Indented so that a word, a speaker or a finding is one line: good to read and to compare."""
    return encoded("".join(_lines(to_dict(content.as_document()), "")) + "\n")


def _lines(value: object, indent: str) -> Iterator[str]:
    deeper = indent + " "
    if isinstance(value, dict) and any(isinstance(item, dict | list) for item in value.values()):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else ''}\n{deeper}{_compact(key)}: "
            yield from _lines(item, deeper)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        yield "["
        for number, item in enumerate(value):
            yield f"{',' if number else ''}\n{deeper}"
            yield from _lines(item, deeper)
        yield f"\n{indent}]"
    else:
        yield _compact(value)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read(source: Source) -> Document:
    """Read our own transcripts and those of other tools, told by their content.

    One that has a translation to the language asked for is in its own all the same.
    Raises `FormatError` for other JSON and for newer versions of our own.
    """
    try:
        values = json.loads(source.text())
    except (ValueError, RecursionError) as error:
        raise unreadable(
            source.name, "is not whole JSON", "save it again from where it came"
        ) from error
    if (tool := recognise(values)) is not None:
        return tool.document(values, source)
    if not isinstance(values, dict) or values.get("format") != OURS:
        raise unreadable(
            source.name,
            "is no transcript of ours, nor of another tool that is known here",
            "export it as SRT or WebVTT where it comes from",
        )
    try:
        document = from_dict(values)
    except FormatError as error:
        raise FormatError(f"“{source.name}”: {error}") from error
    is_other = source.language not in ("", *languages(document))
    return replace(document, language=source.language) if is_other else document


FORMAT = Format(
    name="json",
    extensions=(".json", ".json3"),
    title="Granite Studio transcript",
    kind=Kind.TRANSCRIPT,
    carries=~Carries(0),
    write=write,
    read=read,
    limit=500 * MIB,
    is_common=True,
)
