"""Measure the timeline's frames: ten hours of sound, 100,000 words, 20,000 cues, at every zoom.

Run it as a script; it writes timeline.json beside itself. Three ways take turns: the timeline
with all its lanes and texts, a wave alone scanned column by column in a plain widget, and a wave
alone as pyqtgraph's curve. The scan reads pairs of 256 samples, as ours does: reading samples, as
the programs do that scan, is dearer still. Only ratios mean anything on another machine; where
others use it too, the time that the thread computed ("cpu") tells more than the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyqtgraph
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from granite_studio.core import edits
from granite_studio.core.cues import Cue
from granite_studio.core.document import Document, Finding, Media, Segment, Span, Speaker, Word
from granite_studio.media.peaks import Peaks, PeaksBuilder
from granite_studio.services.session import Session
from granite_studio.store.project import Project
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles
from granite_studio.ui.timeline.layout import GUTTER, RULER
from granite_studio.ui.timeline.timeline import Timeline

HOUR = 3_600_000
DURATION = 10 * HOUR
WORDS, CUES = 100_000, 20_000
PAIR_MS = 16
SAID = ("we", "have", "already", "replaced", "more", "than", "two", "hundred", "metres", "of")
SPANS = {"10 s": 10_000, "60 s": 60_000, "10 min": 600_000, "1 h": HOUR, "10 h": DURATION}
WIDTH, HEIGHT = 1600, 300

Cost = tuple[float, float]


def make_document() -> Document:
    """Four speakers in turns of about 25 words; some words have none."""
    chance = np.random.default_rng(1)
    step = DURATION / WORDS
    segments: list[Segment] = []
    number = 0
    while number < WORDS:
        count = min(int(chance.integers(5, 45)), WORDS - number)
        words = tuple(
            Word(10 + n, SAID[n % len(SAID)], int(n * step), int((n + 0.8) * step))
            for n in range(number, number + count)
        )
        speaker = int(chance.integers(1, 6))
        segments.append(Segment(WORDS + 20 + number, words, speaker if speaker < 5 else None))
        number += count
    speakers = tuple(Speaker(n, f"Speaker {n}") for n in range(1, 5))
    spans = tuple(Span(start, start + 9000) for start in range(50_000, DURATION, 900_000))
    return Document(
        tuple(segments),
        speakers,
        media=Media("long.wav", DURATION),
        untranscribed=spans,
        findings=tuple(Finding("speech-without-text", span, "Speech.") for span in spans),
        next_id=10_000_000,
    )


def make_cues(document: Document) -> tuple[Cue, ...]:
    """A cue for every five words."""
    words = list(document.words())
    size = WORDS // CUES
    groups = [words[first : first + size] for first in range(0, WORDS, size)]
    return tuple(
        Cue(
            group[0].id,
            group[-1].id,
            group[0].start,
            group[-1].end,
            (" ".join(w.text for w in group[:3]), " ".join(w.text for w in group[3:])),
        )
        for group in groups
    )


def make_peaks() -> Peaks:
    """Noise that swells and fades."""
    chance = np.random.default_rng(2)
    pairs = DURATION // PAIR_MS
    loud = (np.abs(np.sin(np.arange(pairs) / 23)) * chance.random(pairs) * 30_000).astype(np.int16)
    builder = PeaksBuilder()
    builder.add(-loud, loud)
    return builder.finish(DURATION)


class Way(Protocol):
    """One way to show a wave. `show` sets what is seen and paints it before it returns."""

    def show(self, start: float, span: float) -> None: ...


class Ours:
    """The whole timeline."""

    def __init__(self, session: Session, peaks: Peaks, cues: tuple[Cue, ...]) -> None:
        self.playback = Playback()
        self.timeline = Timeline(session, self.playback, Subtitles(session))
        self.timeline.resize(WIDTH + GUTTER, HEIGHT)
        self.timeline.show()
        self.timeline.set_peaks(peaks)
        self.timeline._desk.take_cues(cues)
        self.view = self.timeline._view

    def show(self, start: float, span: float) -> None:
        self.view.show_stretch(start, span)
        self.view.viewport().repaint()
        self.timeline._minimap.repaint()

    def move_playhead(self, ms: int) -> None:
        x = round(self.view.frame.x(ms))
        self.playback.seek(ms)
        self.view.viewport().repaint(QRect(x - 8, 0, 16, HEIGHT + RULER))


class Scan(QWidget):
    """A line for each column, found by looking at everything in it."""

    def __init__(self, peaks: Peaks) -> None:
        super().__init__()
        self._low, self._high = peaks.levels[0]
        self._shown = (0.0, 1.0)
        self.resize(WIDTH, HEIGHT)
        QWidget.show(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        start, span = self._shown
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.setPen(QColor("navy"))
        middle = HEIGHT / 2
        for x in range(WIDTH):
            first = int((start + span * x / WIDTH) / PAIR_MS)
            past = max(first + 1, int((start + span * (x + 1) / WIDTH) / PAIR_MS))
            low, high = self._low[first:past].min(), self._high[first:past].max()
            painter.drawLine(
                x, int(middle - high * middle / 32768), x, int(middle - low * middle / 32768)
            )
        painter.end()

    def show(self, start: float = 0, span: float = 1) -> None:
        self._shown = (start, span)
        self.repaint()


class Curve:
    """pyqtgraph's plot with a curve of the columns on show."""

    def __init__(self, peaks: Peaks) -> None:
        self._peaks = peaks
        self._plot = pyqtgraph.PlotWidget(background="w")
        self._curve = pyqtgraph.PlotCurveItem(pen=pyqtgraph.mkPen("b"), connect="pairs")
        self._plot.addItem(self._curve)
        self._plot.setYRange(-32768, 32768, padding=0)
        self._plot.resize(WIDTH, HEIGHT)
        self._plot.show()

    def show(self, start: float, span: float) -> None:
        low, high = self._peaks.columns(start, start + span, WIDTH)
        x = np.repeat(start + np.arange(WIDTH) * span / WIDTH, 2)
        self._curve.setData(x, np.stack((low, high), axis=1).ravel())
        self._plot.setXRange(start, start + span, padding=0)
        self._plot.viewport().repaint()


def frames(way: Way, span: float, count: int) -> dict[str, list[Cost]]:
    """What each of `count` frames costs while scrolling and while zooming.

    What shows everything cannot be scrolled: it scrolls at nine tenths of it.
    """
    seen = min(span, DURATION * 0.9)
    room = DURATION - seen
    taken: dict[str, list[Cost]] = {"scroll": [], "zoom": []}
    for n in range(count):
        start = room * 0.3 + n * min(seen / 97, room / 300)
        taken["scroll"].append(cost(partial(way.show, start, seen)))
    for n in range(count):
        near = span * (1 - 0.002 * (n + 1))
        start = min(room * 0.3, DURATION - near)
        taken["zoom"].append(cost(partial(way.show, start, near)))
    return taken


def cost(act: Callable[[], object]) -> Cost:
    """How long `act` takes, and how much of that this thread computes, in ms."""
    begun, computed = time.perf_counter(), time.thread_time()
    act()
    return (time.perf_counter() - begun) * 1000, (time.thread_time() - computed) * 1000


def summary(costs: list[Cost]) -> dict[str, float]:
    walls, computed = (sorted(part) for part in zip(*costs, strict=True))
    return {
        "median_ms": round(statistics.median(walls), 2),
        "p95_ms": round(walls[int(len(walls) * 0.95)], 2),
        "max_ms": round(walls[-1], 2),
        "cpu_median_ms": round(statistics.median(computed), 2),
        "cpu_p95_ms": round(computed[int(len(computed) * 0.95)], 2),
    }


def timed(act: Callable[[int], object], count: int) -> dict[str, float]:
    """A summary of what `act` costs."""
    return summary([cost(partial(act, n)) for n in range(count)])


def measure(ours: Ours, ways: dict[str, Way], rounds: int, count: int) -> dict[str, Any]:
    """All ways in turn, round by round, so that a slow moment of the machine hits each."""
    taken: dict[str, dict[str, dict[str, list[Cost]]]] = {}
    for way in ways.values():
        frames(way, HOUR, 3)
    for _ in range(rounds):
        for title, span in SPANS.items():
            for name, way in ways.items():
                few = max(5, count // 10) if name == "scan" else count
                for kind, times in frames(way, span, few).items():
                    rows = taken.setdefault(title, {}).setdefault(kind, {})
                    rows.setdefault(name, []).extend(times)
    ours.show(HOUR, 10_000)
    return {
        title: {
            kind: {name: summary(times) for name, times in rows.items()}
            for kind, rows in kinds.items()
        }
        for title, kinds in taken.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=60)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    theme.apply(app, "dark")
    document, peaks = make_document(), make_peaks()
    with tempfile.TemporaryDirectory() as folder:
        session = Session()
        session.show(Project.create(Path(folder) / "long.gstudio", document=document))
        begun = time.perf_counter()
        ours = Ours(session, peaks, make_cues(document))
        built = time.perf_counter() - begun
        ways: dict[str, Way] = {"timeline": ours, "scan": Scan(peaks), "curve": Curve(peaks)}
        app.processEvents()
        result = {
            "command": "python resources/benchmarks/timeline.py",
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}",
            "load": round(os.getloadavg()[0], 1),
            "hours": 10,
            "words": WORDS,
            "cues": CUES,
            "pixels": [WIDTH, HEIGHT],
            "frames": measure(ours, ways, given.rounds, given.frames),
            "playhead": timed(lambda n: ours.move_playhead(HOUR + 16 * n), 300),
            "edit": timed(lambda n: edit(session, n), 60),
            "open_s": round(built, 2),
        }
        session.close()
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


def edit(session: Session, number: int) -> None:
    """One word typed in the middle, up to the arrays that the next frame draws from."""
    row = len(session.document.segments) // 2
    session.commit(edits.retype(session.document, row, f"Word number {number}."), "Type")


if __name__ == "__main__":
    main()
