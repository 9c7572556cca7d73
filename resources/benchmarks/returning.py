"""Measure how long a long transcript takes to go to Word and back onto its project.

Run it as a script; it writes returning.json beside itself. A transcript of 100,000 words, ten
hours of speech, in paragraphs of forty is exported, edited and brought back: a tenth of its
paragraphs with other words, some split, joined, deleted, added, moved; once with the marks of its
export and once without them, as where a program has lost them. The words are drawn as often as in
language ("speech"), or are ten in turn ("ten words"), so that no word says where it belongs.

Then tables: 200,000 words as some 21,000 cues ("cues"), of which a third come back changed, and as
20,000 paragraphs of ten words with a translation beside each ("two languages"), of which a third
are translated anew, and a tenth have other words.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from granite_studio.core import edits
from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.core.roundtrip.cue_pieces import read_time
from granite_studio.core.roundtrip.handed import Brought, Came, CameRow
from granite_studio.core.roundtrip.returning import returned
from granite_studio.core.timing import clock
from granite_studio.formats import Content, Layout, dump
from granite_studio.formats.base import Source
from granite_studio.formats.docx_reading import brought

SEED = 20261121
ROUNDS, TABLE_ROUNDS = 3, 1
WORDS, PARAGRAPH, VOCABULARY = 100_000, 40, 20_000
TABLE, ROW = 200_000, 10

Answer = TypeVar("Answer")


def main() -> None:
    chance = random.Random(SEED)
    weights = [1 / (rank + 1) for rank in range(VOCABULARY)]
    speech = chance.choices([f"word{n}" for n in range(VOCABULARY)], weights, k=WORDS)
    long = chance.choices([f"word{n}" for n in range(VOCABULARY)], weights, k=TABLE)
    few = [f"word{n * 7 % 10}" for n in range(WORDS)]
    report: dict[str, Any] = {
        "command": "python resources/benchmarks/returning.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "rounds": ROUNDS,
        "rounds_of_tables": TABLE_ROUNDS,
        "words": WORDS,
        "speech": measured(transcript(speech), chance),
        "ten_words": measured(transcript(few), chance),
        "cues": measured_table(transcript(long), Layout.CUES, chance),
        "two_languages": measured_table(
            with_translations(transcript(long)), Layout.BILINGUAL, chance
        ),
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


def measured(document: Document, chance: random.Random) -> dict[str, Any]:
    """Seconds of each step, the median of the rounds."""
    writing, data = timed(lambda: dump("docx", Content(document=document)))
    reading, came = timed(lambda: brought(Source(data)))
    edited = edit(came, chance)
    back, result = timed(lambda: returned(document, edited))
    alone, unmarked = timed(lambda: returned(document, Brought(edited.paragraphs)))
    written = [paragraph.text.split() for paragraph in edited.paragraphs]
    return {
        "write_docx_s": writing,
        "docx_mib": round(len(data) / 2**20, 2),
        "read_docx_s": reading,
        "return_s": back,
        "return_without_marks_s": alone,
        "differences": len(result.differences),
        "differences_without_marks": len(unmarked.differences),
        "words_as_written": sum(map(len, written)) == sum(1 for _ in result.document.words()),
    }


def timed(work: Callable[[], Answer], rounds: int = ROUNDS) -> tuple[float, Answer]:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - began)
    return round(statistics.median(seconds), 2), answer


def transcript(texts: list[str]) -> Document:
    """Two speakers in turns of forty words, a word each 360 ms."""
    segments = []
    for row in range(len(texts) // PARAGRAPH):
        places = range(row * PARAGRAPH, (row + 1) * PARAGRAPH)
        words = tuple(
            Word(place + 10, texts[place], place * 360, place * 360 + 300, 0.9, "engine")
            for place in places
        )
        segments.append(Segment(len(texts) + 10 + row, words, 1 + row % 2))
    return Document(
        tuple(segments),
        (Speaker(1, "Anna Berg"), Speaker(2, "Reporter")),
        media=Media("ten hours.wav", len(texts) * 360, "fingerprint"),
        next_id=2 * len(texts) + 10,
    )


def edit(came: Brought, chance: random.Random) -> Brought:
    """The paragraphs after an editor's work."""
    paragraphs: list[Came] = []
    for paragraph in came.paragraphs:
        deed, said = chance.random(), paragraph.text.split()
        if deed < 0.1:
            for _ in range(3):
                said[chance.randrange(len(said))] = "corrected"
        elif deed < 0.12:
            paragraphs.append(replace(paragraph, text=" ".join(said[:20])))
            paragraph, said = replace(paragraph, start=None), said[20:]
        elif deed < 0.14 and paragraphs:
            paragraphs[-1] = replace(
                paragraphs[-1], text=f"{paragraphs[-1].text} {paragraph.text}"
            )
            continue
        elif deed < 0.15:
            continue
        elif deed < 0.16:
            paragraphs.append(Came("This was added by the editor.", "Anna Berg"))
        elif deed < 0.17 and paragraphs:
            paragraphs.insert(-1, paragraph)
            continue
        paragraphs.append(replace(paragraph, text=" ".join(said)))
    return Brought(tuple(paragraphs), came.handed)


def measured_table(document: Document, layout: Layout, chance: random.Random) -> dict[str, Any]:
    """Seconds of each step, the median of the rounds."""
    writing, data = timed(
        lambda: dump("docx", Content(document=document, layout=layout)), TABLE_ROUNDS
    )
    reading, came = timed(lambda: brought(Source(data)), TABLE_ROUNDS)
    edited = Brought(
        tuple(edit_paragraph(each, chance) for each in came.paragraphs),
        came.handed,
        came.beside,
        tuple(edit_rows(came.rows, chance)),
    )
    untouched, same = timed(lambda: returned(document, came), TABLE_ROUNDS)
    back, result = timed(lambda: returned(document, edited), TABLE_ROUNDS)
    return {
        "rows": len(came.rows) or len(came.paragraphs),
        "write_docx_s": writing,
        "docx_mib": round(len(data) / 2**20, 2),
        "read_docx_s": reading,
        "return_untouched_s": untouched,
        "untouched_is_the_same": same.document is document,
        "return_s": back,
        "differences": len(result.differences),
    }


def with_translations(document: Document) -> Document:
    """The transcript in paragraphs of ten words, each with a translation."""
    parts = (
        Segment(document.next_id + row * PARAGRAPH + first, segment.words[first : first + ROW], 1)
        for row, segment in enumerate(document)
        for first in range(0, PARAGRAPH, ROW)
    )
    document = replace(document, segments=tuple(parts), next_id=document.next_id + TABLE)
    return edits.set_translations(
        document, "fr", {each.id: f"mot {each.text}" for each in document}
    )


def edit_paragraph(came: Came, chance: random.Random) -> Came:
    if came.other is not None and chance.random() < 0.33:
        came = replace(came, other=f"phrase {came.other}")
    return replace(came, text=f"{came.text} indeed") if chance.random() < 0.1 else came


def edit_rows(rows: tuple[CameRow, ...], chance: random.Random) -> Iterator[CameRow]:
    """The rows of cues after an editor's work."""
    before: list[CameRow] = []
    for row in rows:
        deed, words = chance.random(), " ".join(row.lines).split()
        if deed < 0.1:
            words[chance.randrange(len(words))] = "corrected"
            row = replace(row, lines=(" ".join(words),))
        elif deed < 0.18:
            row = replace(row, lines=(" ".join(words[:2]), " ".join(words[2:]) or "indeed"))
        elif deed < 0.26:
            row = replace(row, end=clock((read_time(row.start) or 0) + 900))
        elif deed < 0.28:
            row = replace(row, speaker="Reporter")
        elif deed < 0.29:
            continue
        elif deed < 0.3:
            yield CameRow(("this was added",), "Anna Berg")
        elif deed < 0.31:
            yield replace(row, lines=(words[0],))
            row = replace(row, lines=(" ".join(words[1:]) or "indeed",), start="", end="")
        elif deed < 0.32:
            before.append(row)
            continue
        yield row
        yield from before
        before.clear()


if __name__ == "__main__":
    main()
