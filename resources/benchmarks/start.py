"""Measure the start: until the first picture and until all is there, against a bare Qt window.

    python resources/benchmarks/start.py [--pairs 12]

Writes start.json beside itself. The bare window is a QMainWindow of the same size in the same
Python; the two take turns, and a ratio is the median over the pairs. Time runs from just before
the process is made until the event loop has painted the window; nothing sleeps. Everything is
done offscreen and, where Xvfb is installed, under Xvfb. "Cold" starts find none of their files in
the page cache (Linux; files that another process has mapped stay there, so it is a lower bound).
It also opens the sample interview, draws it and plays a second of it, and lists which heavy
libraries are in the window's process then, and how much memory it takes.
Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

GOAL = 4.0
HEAVY = ("torch", "transformers", "av", "onnxruntime", "pocketsphinx", "pandas", "scipy")

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    was_painted = False

    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.was_painted:
            self.was_painted = True
            QTimer.singleShot(0, self.tell)  # after the pass that paints

    def tell(self):
        print("painted", time.monotonic())
        QApplication.quit()

app = QApplication(sys.argv[:1])
window = Window()
window.setWindowTitle("Bare")
window.resize(1280, 800)
window.show()
app.exec()
for mapped in {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line} \
        if sys.platform == "linux" else ():
    print("file", mapped)
for module in list(sys.modules.values()):
    print("file", getattr(module, "__cached__", None) or getattr(module, "__file__", None))
"""

OURS = """
import runpy, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from granite_studio import app

real_frame, real_start = app.build_frame, app._start

def tell(what):
    print(what, time.monotonic())

def build_frame(settings):
    frame = real_frame(settings)
    # The program's own connection comes after this one, so its work is done after we told.
    frame.window.first_painted.connect(lambda: QTimer.singleShot(0, lambda: tell("painted")))
    return frame

def start(application, frame, options):
    program = real_start(application, frame, options)
    QTimer.singleShot(0, lambda: (tell("furnished"), QApplication.quit()))
    return program

app.build_frame, app._start = build_frame, start
sys.argv = ["granite_studio"]
try:
    runpy.run_module("granite_studio", run_name="__main__")
except SystemExit as ended:
    assert not ended.code, ended.code
for mapped in {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line} \
        if sys.platform == "linux" else ():
    print("file", mapped)
for module in list(sys.modules.values()):
    print("file", getattr(module, "__cached__", None) or getattr(module, "__file__", None))
"""

WAYS = {"bare": BARE, "ours": OURS}


def start(way: str, environment: dict[str, str]) -> tuple[dict[str, float], set[str]]:
    """Seconds from before the process is made to each thing it tells, and the files it used."""
    begun = time.monotonic()
    child = subprocess.run(
        [sys.executable, "-c", WAYS[way]],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    told, used = {}, set()
    for line in child.stdout.splitlines():
        what, value = line.split(maxsplit=1)
        if what == "file":
            used.add(value)
        else:
            told[what] = float(value) - begun
    return told, {name for name in used if Path(name).is_file()}


def forget(names: set[str]) -> None:
    """Drop these files from the page cache, as far as nobody else has them mapped."""
    for name in names:
        with contextlib.suppress(OSError):
            file = os.open(name, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def compare(pairs: int, environment: dict[str, str], *, is_cold: bool) -> dict[str, Any]:
    """The two in turn; each goes first in every other pair."""
    used: set[str] = set()
    for way in WAYS:  # so that compiled files and the window's own settings are there
        used |= start(way, environment)[1]
    taken: dict[str, list[float]] = {"bare": [], "ours": [], "furnished": []}
    for number in range(pairs):
        for way in ("bare", "ours") if number % 2 else ("ours", "bare"):
            if is_cold:
                forget(used)
            told, _ = start(way, environment)
            taken[way].append(told["painted"])
            if way == "ours":
                taken["furnished"].append(told["furnished"])
    ratios = sorted(a / b for a, b in zip(taken["ours"], taken["bare"], strict=True))
    ratio = statistics.median(ratios)
    return {
        "bare_s": median(taken["bare"]),
        "ours_s": median(taken["ours"]),
        "ours_slowest_s": round(max(taken["ours"]), 3),
        "furnished_s": median(taken["furnished"]),
        "ratio": round(ratio, 2),
        "ratio_middle_half": [round(ratios[pairs // 4], 2), round(ratios[-1 - pairs // 4], 2)],
        "goal": GOAL,
        "met": ratio <= GOAL,
    }


def measure_contents(folder: Path) -> dict[str, Any]:
    """What the window's process holds: furnished, then with a recording drawn and played."""
    os.environ.update(home(folder))
    from PySide6.QtWidgets import QApplication

    from granite_studio import app as program_of
    from granite_studio.ui import theme

    app = QApplication([])
    theme.apply(app, "light")
    program = program_of.build()
    program.studio.window.show()
    app.processEvents()
    furnished = contents()
    studio, path = program.studio, folder / "interview.flac"
    with as_file(files("granite_studio.resources") / "samples" / path.name) as sample:
        shutil.copyfile(sample, path)
    settled: list[bool] = []
    studio.recording.settled.connect(lambda: settled.append(studio.session.project is not None))
    studio.opening.open_paths([path])
    spin(app, lambda: any(settled))
    studio.playback.play()
    spin(app, lambda: studio.playback.position >= 1000)
    studio.playback.pause()
    app.processEvents()
    opened = contents()
    program.shut_down()
    return {"furnished": furnished, "opened_drawn_played": opened}


def spin(app: QCoreApplication, is_over: Callable[[], bool]) -> None:
    """Let the window work until something is so; a minute at most. Waiting takes no processor."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.monotonic() + 60
    look = QTimer(interval=5)
    look.start()
    while not is_over():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there in a minute")


def contents() -> dict[str, Any]:
    return {
        "heavy": [name for name in HEAVY if name in sys.modules],
        "modules": len(sys.modules),
        "rss_mb": resident(),
    }


def resident() -> float | None:
    """Megabytes of this process in memory, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def home(folder: Path) -> dict[str, str]:
    """Folders of a person who has just installed the program, and a place for compiled files."""
    names = ("CONFIG", "DATA", "CACHE", "STATE")
    own = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in names}
    return {**own, "PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}


@contextlib.contextmanager
def xvfb() -> Iterator[str]:
    """A screen without a monitor; gives its name."""
    out, inp = os.pipe()
    command = ["Xvfb", "-displayfd", str(inp), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[inp], stderr=subprocess.DEVNULL)
    os.close(inp)
    with os.fdopen(out) as told:
        display = told.readline().strip()
    try:
        yield f":{display}"
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def screens() -> Iterator[dict[str, dict[str, str]]]:
    """The environments to start in, by name."""
    with contextlib.ExitStack() as stack:
        found = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
        if shutil.which("Xvfb"):
            display = stack.enter_context(xvfb())
            found["xvfb"] = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
        yield found


def median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--contents", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.contents:
        print(json.dumps(measure_contents(wanted.contents)))
        return
    result: dict[str, Any] = {
        "command": "python resources/benchmarks/start.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "pairs": wanted.pairs,
    }
    with tempfile.TemporaryDirectory() as folder, screens() as found:
        for name, screen in found.items():
            environment = {**os.environ, **home(Path(folder, name)), **screen}
            result[name] = {"warm": compare(wanted.pairs, environment, is_cold=False)}
            if hasattr(os, "posix_fadvise"):
                result[name]["cold"] = compare(wanted.pairs, environment, is_cold=True)
        child = subprocess.run(
            [sys.executable, __file__, "--contents", folder],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        result["contents"] = json.loads(child.stdout)
    result["load_after"] = round(os.getloadavg()[0], 1)
    text = json.dumps(result, indent=1)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
