"""Read real subtitle and transcript files: which are read, which are refused, and what comes back.

    python resources/benchmarks/interchange.py FOLDER...

Every file in the folders whose name promises a format of ours is read as `convert` does. What was
read is written in the same format and read again: captions must have the same times and words, a
transcript the same words. Writes `interchange.json` beside itself: counts for each folder and
ending, the sentence for every file that was refused, and the name of each that did not come back.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from granite_studio import formats
from granite_studio.core.captions import Captions
from granite_studio.core.cuetext import plain
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content

MOST_MS_APART = 25
"""Formats that count frames move a time by half a frame at most."""


def said(read: Captions | Document) -> tuple[list[tuple[int, int]], list[str]]:
    """The times of the cues, and all words."""
    if isinstance(read, Document):
        return [], [word.text for word in read.words()]
    cues = [cue for cue in read.cues if plain(cue.text).strip()]
    times = [(cue.start, cue.end) for cue in cues]
    return times, [word for cue in cues for word in plain(cue.text).split()]


def comes_back(path: Path, read: Captions | Document, folder: Path) -> bool:
    content = Content(document=read) if isinstance(read, Document) else Content(captions=read)
    try:
        known = formats.by_extension(path)
        copy = folder / f"copy{known.extensions[0]}"
        formats.save(copy, content)
        again = formats.load(copy)
    except FormatError:
        return False
    (times, words), (new_times, new_words) = said(read), said(again)
    near = len(times) == len(new_times) and all(
        abs(a - b) <= MOST_MS_APART
        for one, other in zip(times, new_times, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    return near and words == new_words


def looked_at(root: Path) -> dict[str, Any]:
    """One folder: rows by the folder inside it and the ending, refusals, and what changed."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    refused, changed = {}, []
    endings = {ending for known in formats.READABLE for ending in known.extensions}
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            ending = path.suffix.lower()
            name = str(path.relative_to(root))
            count = counts.setdefault((name.split(os.sep)[0], ending), Counter())
            count["files"] += 1
            if ending not in endings:
                count["of no format"] += 1
                continue
            try:
                read = formats.load(path)
            except FormatError as error:
                count["refused"] += 1
                refused[name] = str(error)
                continue
            count["read"] += 1
            if comes_back(path, read, Path(scratch)):
                count["came back"] += 1
            else:
                changed.append(name)
    rows = [
        {"folder": folder, "ending": ending, **count} for (folder, ending), count in counts.items()
    ]
    return {"rows": rows, "refused": refused, "changed": changed}


def main() -> None:
    report = {
        "command": "python resources/benchmarks/interchange.py FOLDER...",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "folders": {Path(name).name: looked_at(Path(name)) for name in sys.argv[1:]},
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
