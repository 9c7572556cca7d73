"""An hour of unseen sentences through the tiny Granite engines: what is lost, doubled or late.

    python resources/benchmarks/long_recording.py [--seconds 3600] [--seed 1852] [--engines ...]

Makes the recording from the seed with flite (`packaging/tiny/long_recording.py`), hears it with
`granite-studio transcribe`, and compares the words with what was said: errors beside the windows'
boundaries and elsewhere, what the windows heard alone have and the transcript has not, speakers
under one naming, word times, seconds from a cold start to the first text. A run of NAR is killed
after a window chosen by the seed and resumed; Plus hears it once more with speakers carried from
window to window. Writes long_recording.json beside itself, with the memory of the processes
(Linux). The tiny models know some 430 words: how many of them are wrong says nothing of IBM's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

from tiny import hearing, proof  # noqa: E402
from tiny.long_recording import Recording, make  # noqa: E402

from granite_studio import formats  # noqa: E402
from granite_studio.core.document import Document  # noqa: E402
from granite_studio.media.values import SoundWindow  # noqa: E402
from granite_studio.store.project import Project  # noqa: E402

WINDOW_S = 12.0
"""The tiny models were not made for longer ones."""
ENGINES = ("granite-nar", "granite-plus")
"""The first one's run is taken apart and killed, too."""
CARRYING = "granite-plus"
"""Heard once more, after clips of those who spoke before."""
EVERY_S = 0.5


@dataclass
class Memory:
    """Peaks in MB by process id, and what each had after a tenth of the recording."""

    command: int
    peaks: dict[int, float] = field(default_factory=dict)
    early: dict[int, float] = field(default_factory=dict)

    def look(self, is_early: bool) -> None:
        for pid in (self.command, *_children(self.command)):
            peak = _peak_mb(pid)
            if peak:
                self.peaks[pid] = peak
                if is_early:
                    self.early[pid] = peak

    def told(self) -> dict[str, float]:
        """Of the command, and of the largest child, which is the engine's."""
        children = {pid: peak for pid, peak in self.peaks.items() if pid != self.command}
        engine = max(children, key=lambda pid: children[pid])
        return {
            "command_mb": round(self.peaks[self.command]),
            "engine_mb": round(self.peaks[engine]),
            "engine_in_its_first_minute_mb": round(self.early.get(engine, 0.0)),
            "media_mb": round(sum(children.values()) - children[engine]),
        }


def _children(pid: int) -> Iterator[int]:
    """Of all its threads, and their children in turn."""
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):  # it may be over
            for child in map(int, (thread / "children").read_text().split()):
                yield child
                yield from _children(child)


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def command(recording: Recording, engine: str, project: Path, *options: str) -> list[str]:
    """The command line that hears the recording; its folders lie beside the project."""
    return [
        *(sys.executable, "-m", "granite_studio", "transcribe", str(recording.path)),
        *("--engine", engine, "--model", str(hearing.model(engine)), "--device", "cpu"),
        *("--window", str(WINDOW_S), "--json", *options),
        *("-o", str(project), "-o", str(project.with_suffix(".json"))),
    ]


def start(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    folders = {"XDG_STATE_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    return subprocess.Popen(
        arguments,
        env={**os.environ, **folders},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def heard(
    recording: Recording, engine: str, project: Path, *options: str
) -> tuple[Document, dict[str, Any]]:
    """A whole run: the transcript, and what the run took."""
    begun = time.monotonic()
    child = start(command(recording, engine, project, *options), project.parent)
    memory = Memory(child.pid)
    first_text = 0.0
    while child.poll() is None:
        memory.look(time.monotonic() - begun < 60)
        if not first_text and results(project):
            first_text = time.monotonic() - begun
        time.sleep(EVERY_S if first_text else EVERY_S / 10)
    told = json.loads(child.communicate()[0])
    document = formats.load(project.with_suffix(".json"))
    assert isinstance(document, Document)
    return document, {
        "seconds": told["seconds"],
        "first_text_s": round(first_text, 1),
        "times_real_time": round(recording.seconds / told["seconds"], 1),
        "untranscribed_s": told["untranscribed_ms"] / 1000,
        "findings": len(told["findings"]),
        **memory.told(),
    }


def compared(
    recording: Recording, document: Document, windows: list[SoundWindow]
) -> dict[str, Any]:
    """How the transcript stands beside what was said."""
    words = proof.words_of(document)
    pairs = proof.paired(recording.words, words)
    boundary = proof.at_boundaries(recording.words, [window.span for window in windows])
    at, elsewhere = proof.error_rates(pairs, boundary)
    late = proof.time_errors(pairs)
    told = {
        "words": len(words),
        "wer": round(proof.word_error_rate(pairs), 4),
        "boundary_words": len(boundary),
        "wrong_at_boundaries": round(at, 4),
        "wrong_elsewhere": round(elsewhere, 4),
        "time_error_median_ms": round(1000 * statistics.median(late), 1),
        "time_error_p90_ms": round(1000 * statistics.quantiles(late, n=10)[-1], 1),
    }
    if document.speakers:
        told["speakers"] = len(document.speakers)
        told["right_speaker"] = round(proof.right_speakers(pairs), 4)
        spans = [window.span for window in windows]
        told["right_if_named_anew_in_each_window"] = round(
            proof.right_speakers_apart(pairs, spans), 4
        )
    return told


def killed_and_resumed(recording: Recording, seed: int, whole: Document, folder: Path) -> bool:
    """Whether a run that is killed and started again gives the same text, times and speakers."""
    engine, project = ENGINES[0], folder / "killed.gstudio"
    child = start(command(recording, engine, project), folder)
    with Project.open(folder / f"{engine}.gstudio", read_only=True) as found:
        last = Random(seed).randint(1, len(found.results()) - 1)
    while child.poll() is None and results(project) < last:
        time.sleep(EVERY_S)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    print(f"killed after {results(project)} windows")
    resumed, _ = heard(recording, engine, project)
    return proof.words_of(resumed) == proof.words_of(whole)


def results(project: Path) -> int:
    """How many windows a project has results of."""
    if not project.exists():
        return 0
    with Project.open(project, read_only=True) as found:
        return len(found.results())


def rows(
    recording: Recording, folder: Path, engines: list[str], seed: int
) -> Iterator[tuple[str, Any]]:
    """Each figure with its name, as soon as it is known."""
    with hearing.tools(folder) as (reader, engine):
        windows = hearing.windows(recording.path, reader, WINDOW_S)
        spans = [window.span for window in windows]
        yield "windows", len(windows)
        yield "forced_cuts", sum(window.forced for window in windows)
        yield "words_torn", len(proof.torn(recording.words, spans))
        for name in engines:
            document, took = heard(recording, name, folder / f"{name}.gstudio")
            yield name, {**took, **compared(recording, document, windows)}
            if name == CARRYING:
                project = folder / "carried.gstudio"
                document, took = heard(recording, name, project, "--carry-speakers")
                facts = {**took, **compared(recording, document, windows)}
                yield f"{name}, speakers carried", facts
            if name != ENGINES[0]:
                continue
            alone = [(w.span, hearing.heard_alone(name, w, engine)) for w in windows]
            engine.close()
            seams = proof.seams(recording.words, proof.words_of(document), alone)
            yield "lost_at_seams", [word.text for word in seams.lost]
            yield "added_at_seams", [word.text for word in seams.added]
            yield "resumed_is_equal", killed_and_resumed(recording, seed, document, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1852)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    asked = parser.parse_args()
    report: dict[str, Any] = {
        "command": "python resources/benchmarks/long_recording.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "seed": asked.seed,
        "seconds": asked.seconds,
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        recording = make(folder / "long.flac", asked.seconds, asked.seed)
        report["words"] = len(recording.words)
        report["longest_silence_s"] = round(max(b - a for a, b in recording.silences()), 1)
        for name, figure in rows(recording, folder, asked.engines, asked.seed):
            report[name] = figure
            print(f"{name}: {figure}", flush=True)
            text = json.dumps(report, indent=1)
            Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
