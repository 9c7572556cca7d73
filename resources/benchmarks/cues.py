"""Measure subtitles in bulk: cutting ten hours of words, files of 50,000 cues, and their list.

Run it as a script, with pysubs2, srt and webvtt-py installed beside the development packages; it
writes cues.json beside itself. In each round the words of ten hours are cut from nothing and again
after one edit, in each style, beside Python's textwrap, which breaks the same paragraphs into
lines and knows neither times nor rules. Files are written and read beside pysubs2, which is given
the file that we wrote. The list of cues is built, shown and painted, and jumps to far rows, beside
a bare QTableView over a plain model with the same cells. In the end the real window, in a process
of its own each time, opens the cues as an SRT file and as a project: from the call until the first
rows are painted and until all rows are in the list, and the longest time in which the window did
nothing else. Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

# Scripts of one folder: run as such, they find one another.
from formats import GOALS, make_captions, measure_speed  # type: ignore[import-not-found]
from formats import WORDS as VOCABULARY
from opening import COMPILED, Painted, furnished, rest  # type: ignore[import-not-found]
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from start import home, spin  # type: ignore[import-not-found]

from granite_studio.core import edits
from granite_studio.core.cues import Cue, Deriver
from granite_studio.core.document import Document, Media, Segment, Speaker, Word
from granite_studio.core.importing import from_captions
from granite_studio.core.styles import style
from granite_studio.core.timing import clock
from granite_studio.formats import Content, dump
from granite_studio.services.session import Session
from granite_studio.store.project import Project
from granite_studio.ui import opening as ui_opening
from granite_studio.ui import theme
from granite_studio.ui.cues.cue_list import CueList
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles

SEED = 20261121
HOURS, SPOKEN = 10, 100_000
STYLES = ("general", "netflix-en", "bbc", "bbc-upright")
JAPANESE_STYLES = ("netflix-ja",)
JAPANESE = (
    *("港は", "とても", "寒く", "なぜ", "船が", "夜明け", "前に", "出て", "行ったのか", "誰も"),
    *(
        "知らなかった",
        "「はい」",
        "NHKの",
        "番組で",
        "彼女が",
        "言った",
        "ジャズ・バンドを",
        "見に",
    ),
)
FORMATS = ("srt", "vtt", "ttml", "ass")
CUT_S, OPEN_S, STOP_S = 2.0, 1.5, 0.1
LOOK_MS = 5
SIZE = (900, 700)
JUMPS = 40
PATIENCE_S = 60


def make_document(count: int, vocabulary: Sequence[str] = VOCABULARY) -> Document:
    """Two speakers in turns of some sentences, with a breath behind each."""
    stop, comma = ("。", "、") if vocabulary is JAPANESE else (".", ",")
    chance = random.Random(SEED)
    step = HOURS * 3_600_000 / count
    segments: list[Segment] = []
    number, begins = 0, True
    while number < count:
        words: list[Word] = []
        for _ in range(min(chance.randint(12, 90), count - number)):
            text = chance.choice(vocabulary).capitalize() if begins else chance.choice(vocabulary)
            draw = chance.random()
            begins = draw < 0.08
            text += stop if begins else comma if draw < 0.16 else ""
            start = int(number * step)
            words.append(Word(number + 10, text, start, start + int(step * (0.5 + draw / 3))))
            number += 1
        segments.append(Segment(count + 10 + number, tuple(words), 1 + len(segments) % 2))
    speakers = (Speaker(1, "Anna Berg"), Speaker(2, "Reporter"))
    media = Media("long.wav", HOURS * 3_600_000)
    return Document(tuple(segments), speakers, media=media, next_id=3 * count)


def seconds(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def wrapped(texts: Sequence[str], width: int) -> list[list[str]]:
    wrapper = textwrap.TextWrapper(width=width)
    return [wrapper.wrap(text) for text in texts]


def measure_cutting(document: Document, names: Sequence[str], rounds: int) -> dict[str, Any]:
    row = len(document.segments) // 2
    edited = edits.retype(document, row, f"{document.segments[row].text} Indeed.")
    texts = [segment.text for segment in document]
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    cues = dict[str, int]()
    for _ in range(rounds):
        for name in names:
            guide = style(name)
            deriver = Deriver(guide)
            first = seconds(partial(deriver.derive, document))
            again = seconds(partial(deriver.derive, edited))
            plain = seconds(partial(wrapped, texts, guide.cpl))
            taken[name].append((first, again, plain))
            cues[name] = len(deriver.derive(edited))
    return {
        name: {
            "cues": cues[name],
            "from_nothing_s": round(statistics.median(first for first, _, _ in times), 3),
            "after_an_edit_ms": round(1000 * statistics.median(again for _, again, _ in times), 1),
            "textwrap_s": round(statistics.median(plain for _, _, plain in times), 3),
            "to_textwrap": round(statistics.median(first / plain for first, _, plain in times), 2),
        }
        for name, times in taken.items()
    }


class Plain(QAbstractTableModel):
    """The same cells as plainly as a table can hold them."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        super().__init__()
        self._cues = cues

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self._cues)

    def columnCount(self, _parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 8

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cue = self._cues[index.row()]
        length = f"{(cue.end - cue.start) / 1000:.2f}"
        cells = (index.row() + 1, clock(cue.start), clock(cue.end), length, "", "", "", cue.text)
        return str(cells[index.column()])


def table_in(widget: QWidget) -> QTableView:
    """The table that a widget is or holds."""
    found = widget if isinstance(widget, QTableView) else widget.findChild(QTableView)
    assert isinstance(found, QTableView)
    return found


def opened(make: Callable[[], QWidget]) -> tuple[QWidget, float]:
    """A widget with all rows in its table, painted; and the seconds that took."""
    begun = time.perf_counter()
    widget = make()
    painted = Painted(table_in(widget).viewport())
    widget.resize(*SIZE)
    widget.show()
    while not painted.count:
        assert time.perf_counter() - begun < PATIENCE_S
        QApplication.processEvents()
    return widget, time.perf_counter() - begun


def jumped(widget: QWidget) -> list[float]:
    """What each jump to a far row takes until it is painted, in seconds."""
    table, taken = table_in(widget), list[float]()
    rows = table.model().rowCount()
    for number in range(JUMPS):
        row = number * 7919 * 13 % rows
        begun = time.perf_counter()
        table.scrollTo(table.model().index(row, 0), QTableView.ScrollHint.PositionAtTop)
        table.viewport().repaint()
        taken.append(time.perf_counter() - begun)
    return taken


def bare(cues: Sequence[Cue]) -> QWidget:
    table = QTableView()
    model = Plain(cues)
    model.setParent(table)
    table.setModel(model)
    return table


def measure_list(count: int, rounds: int) -> dict[str, Any]:
    """The list of a project whose cues are those of a subtitle file."""
    document = from_captions(make_captions(count))
    with tempfile.TemporaryDirectory() as folder:
        session, playback = Session(), Playback()
        session.show(Project.create(Path(folder) / "long.gstudio", document=document))
        derived_s = list[float]()
        for _ in range(rounds):
            begun = time.perf_counter()
            subtitles = Subtitles(session)
            while subtitles.is_opening:
                QApplication.processEvents()
            derived_s.append(time.perf_counter() - begun)
        cues = subtitles.cues
        ways: dict[str, Callable[[], QWidget]] = {
            "ours": lambda: CueList(session, playback, subtitles),
            "table": lambda: bare(cues),
        }
        open_s: dict[str, list[float]] = {name: [] for name in ways}
        jump_s: dict[str, list[float]] = {name: [] for name in ways}
        shown = list[QWidget]()  # a list of cues lives as long as the session that it follows
        for _ in range(rounds):
            for name, make in ways.items():
                widget, taken = opened(make)
                assert table_in(widget).model().rowCount() == len(cues)
                open_s[name].append(taken)
                jump_s[name] += jumped(widget)
                widget.hide()
                shown.append(widget)
        session.close()
    first, jump = (
        {name: statistics.median(times) for name, times in by.items()} for by in (open_s, jump_s)
    )
    return {
        "cues": len(cues),
        "derived_s": round(statistics.median(derived_s), 2),
        "open_ms": {name: round(1000 * taken, 1) for name, taken in first.items()},
        "open_to_table": round(first["ours"] / first["table"], 2),
        "jump_ms": {name: round(1000 * taken, 2) for name, taken in jump.items()},
        "jump_to_table": round(jump["ours"] / jump["table"], 2),
    }


class Watch:
    """When the first rows of the list were painted and when it had all, from one moment on, and
    the longest time in which the window did one thing alone."""

    def __init__(self, table: QTableView, rows: int) -> None:
        self._table, self._rows = table, rows
        self._painted = Painted(table.viewport())
        self.told = {"longest_stop_s": 0.0}
        self._begun = self._last = time.perf_counter()
        self._timer = QTimer(interval=LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def is_over(self) -> bool:
        return {"first_rows_s", "all_rows_s"} <= set(self.told)

    def _look(self) -> None:
        now, rows = time.perf_counter(), self._table.model().rowCount()
        self.told["longest_stop_s"] = max(self.told["longest_stop_s"], now - self._last)
        self._last = now
        if not rows:
            self._painted.count = 0
        elif self._painted.count:
            self.told.setdefault("first_rows_s", now - self._begun)
        if rows >= self._rows:
            self.told.setdefault("all_rows_s", now - self._begun)


def _open_without(*asked: Any) -> None:
    """Answer the question for a recording: there is none, the second of the ways."""
    _, (_, act) = asked[-1]
    act()


def open_cues(path: Path, rows: int) -> dict[str, float]:
    """In this fresh process: open so many cues, and see what comes of it for a moment longer."""
    app, program = furnished()
    studio = program.studio
    studio.opening.get_ready()
    rest(app, 1500)
    setattr(ui_opening, "ask_way", _open_without)  # noqa: B010
    watch = Watch(table_in(studio.cues), rows)
    studio.opening.open_paths([path])
    spin(app, lambda: watch.is_over)
    rest(app, 2500)
    program.shut_down()
    return watch.told


def measure_opening(count: int, rounds: int) -> dict[str, Any]:
    """Cues opened in the real window, as an SRT file and as a project."""
    captions = make_captions(count)
    taken: dict[str, list[dict[str, float]]] = {"srt": [], "gstudio": []}
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            srt, project = Path(folder, "long.srt"), Path(folder, "kept.gstudio")
            srt.write_bytes(dump("srt", Content(captions=captions)))
            Project.create(project, document=from_captions(captions)).close()
            for path in (srt, project):
                taken[path.suffix[1:]].append(_opened_apart(path, count, Path(folder)))
    return {
        kind: {
            what: round(statistics.median(row[what] for row in rows[1:]), 3)  # the first compiled
            for what in rows[0]
        }
        for kind, rows in taken.items()
    }


def _opened_apart(path: Path, rows: int, folder: Path) -> dict[str, float]:
    """`open_cues` in a process of its own, as a person whose folders are in `folder`."""
    command = [sys.executable, __file__, "--cues", str(rows), "--open", str(path)]
    environment = {**os.environ, **home(folder), "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPYCACHEPREFIX"] = str(COMPILED)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def opening_lines(opening: dict[str, Any], count: int) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    kinds = {"srt": "an SRT file", "gstudio": "a project"}
    for kind, told in opening.items():
        first, every, stop = (
            told[f"{key}_s"] for key in ("first_rows", "all_rows", "longest_stop")
        )
        lines.append(
            {
                "id": "B8",
                "what": f"{kinds[kind]} of {count:,} cues opened in the window: its rows painted",
                "goal": f"{OPEN_S:g} s, no stop over {STOP_S:g} s",
                "figure": f"{first:.2f} s; all rows {every:.2f} s; longest stop {stop:.2f} s",
                "ratio": "",
                "met": first <= OPEN_S and stop <= STOP_S,
            }
        )
    return lines


def table_lines(
    cutting: dict[str, Any], files: dict[str, Any], grid: dict[str, Any]
) -> list[dict[str, Any]]:
    """One line of the results table for each thing measured."""
    lines: list[dict[str, Any]] = []
    for name, told in cutting.items():
        lines.append(
            {
                "id": "",
                "what": f"ten hours, {SPOKEN:,} words, cut from nothing, {name}",
                "goal": f"{CUT_S:g} s",
                "figure": f"{told['from_nothing_s']:.2f} s; {told['after_an_edit_ms']:.0f} ms "
                "after one edit",
                "ratio": f"{told['to_textwrap']:.2f} of textwrap on the same text",
                "met": told["from_nothing_s"] <= CUT_S,
            }
        )
    for name, by in files.items():
        for way, told in by.items():
            ratio = told["ours_to"]["pysubs2"]
            lines.append(
                {
                    "id": "B9",
                    "what": f"{way} {grid['cues']:,} cues of {name}",
                    "goal": f"{GOALS[way]} of pysubs2",
                    "figure": f"{told['seconds']['ours']:.2f} s",
                    "ratio": f"{ratio:.2f} of pysubs2",
                    "met": ratio <= GOALS[way],
                }
            )
    list_ms, jump_ms = (grid[name]["ours"] for name in ("open_ms", "jump_ms"))
    whole_s = grid["derived_s"] + list_ms / 1000
    lines.append(
        {
            "id": "B8",
            "what": f"a project of {grid['cues']:,} cues: derived, and their list painted",
            "goal": f"{OPEN_S:g} s",
            "figure": f"{whole_s:.2f} s, the list {list_ms:.0f} ms of it; a jump {jump_ms:.1f} ms",
            "ratio": f"the list {grid['open_to_table']:.1f} of a bare QTableView, a jump "
            f"{grid['jump_to_table']:.2f}",
            "met": whole_s <= OPEN_S,
        }
    )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cues", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.open:
        print(json.dumps(open_cues(wanted.open, wanted.cues)))
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    theme.apply(application, "light")
    cutting = measure_cutting(make_document(SPOKEN), STYLES, wanted.rounds)
    japanese = make_document(SPOKEN, JAPANESE)
    cutting |= measure_cutting(japanese, JAPANESE_STYLES, wanted.rounds)
    captions = make_captions(wanted.cues)
    files = {name: measure_speed(captions, name, wanted.rounds) for name in FORMATS}
    grid = measure_list(wanted.cues, wanted.rounds)
    opening = measure_opening(wanted.cues, wanted.rounds)
    result = {
        "command": "python resources/benchmarks/cues.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "rounds": wanted.rounds,
        "hours": HOURS,
        "words": SPOKEN,
        "cutting": cutting,
        "cues": wanted.cues,
        "files": files,
        "list": grid,
        "opening": opening,
        "results": table_lines(cutting, files, grid) + opening_lines(opening, wanted.cues),
    }
    text = json.dumps(result, indent=1)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
