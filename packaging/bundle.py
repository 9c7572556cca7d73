"""Builds the studio as a folder that needs no Python, starts it, and writes down how that went.

Standard library alone, and no syntax newer than Python 3.8 (see machine.py).
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from machine import SetupError

STARTS = 5
NO_PLAYER = "Failed to create QVideoSink"  # Qt's remark where its media plugin cannot be loaded
QUIET = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.multimedia.*=false"}


def build(python: Path, root: Path) -> int:
    """Build `dist/granite-studio`, try it, and write `resources/benchmarks/bundle.json`."""
    spec = root / "packaging" / "granite-studio.spec"
    for name in ("build", "dist"):  # what an earlier build left would get into this one
        shutil.rmtree(root / name, ignore_errors=True)
    site = root / "build" / "site"
    pip = ["-I", "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    step([python, *pip, "--target", site, root], "The studio could not be installed to be bundled")
    started = time.monotonic()
    places = ["--distpath", root / "dist", "--workpath", root / "build" / "frozen"]
    options = ["--noconfirm", "--log-level", "ERROR"]
    step([python, "-P", "-m", "PyInstaller", *options, *places, spec], "PyInstaller failed")
    seconds = time.monotonic() - started
    folder = root / "dist" / "granite-studio"
    print(f"Built {folder} in {seconds:.0f} s. Trying it ...", flush=True)
    report = {
        "command": "python3 packaging/dev.py bundle",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "build_s": round(seconds, 1),
        **contents(folder),
        **trial(folder / program_name(), [str(python), "-P", "-m", "granite_studio"], root),
    }
    text = json.dumps(report, indent=2) + "\n"
    (root / "resources" / "benchmarks" / "bundle.json").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def step(command: Sequence[object], failure: str) -> None:
    """Run one command; raise SetupError with a sentence where it fails."""
    code = subprocess.call([str(part) for part in command], stdin=subprocess.DEVNULL)
    if code:
        raise SetupError(f"{failure} (exit code {code}): what it printed above says why.")


def program_name() -> str:
    """The bundled program's file name."""
    return "granite-studio.exe" if platform.system() == "Windows" else "granite-studio"


def contents(folder: Path) -> dict[str, object]:
    """How large the bundle is, and its largest parts in MB."""
    parts: dict[str, int] = {}
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    for path in files:
        inner = path.relative_to(folder).parts
        name = inner[1] if len(inner) > 2 else "other files"
        parts[name] = parts.get(name, 0) + path.stat().st_size
    largest = sorted(parts.items(), key=lambda part: -part[1])[:10]
    return {
        "size_mb": round(sum(parts.values()) / 1e6, 1),
        "files": len(files),
        "largest_mb": {name: round(size / 1e6, 1) for name, size in largest},
    }


def trial(program: Path, unfrozen: list[str], root: Path) -> dict[str, object]:
    """Start the bundle as a person would, away from every Python; the unfrozen studio is the peer.

    Raises SetupError where the window draws no picture or the sample is not heard.
    """
    sample = root / "resources" / "samples" / "interview.flac"
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        frozen = [str(program)]
        picture, text = home / "window.png", home / "sample.txt"
        project = home / "sample.gstudio"
        window = ["--screenshot", str(picture)]
        report: dict[str, object] = {
            "version_s": median(frozen, ["--version"], home),
            "version_unfrozen_s": median(unfrozen, ["--version"], home),
            "window_s": median(frozen, window, home),
            "window_unfrozen_s": median(unfrozen, window, home),
        }
        heard = [*frozen, "transcribe", str(sample), "-o", str(text), "-o", str(project)]
        report["transcribe_s"] = round(timed(heard, home), 2)
        report["words_in_its_text_file"] = len(text.read_text(encoding="utf-8").split())
        report["project_window_s"] = median(frozen, [str(project), *window], home)
        shutil.copy(picture, root / "build" / "window.png")
    print(f"The frozen window's picture: {root / 'build' / 'window.png'}", flush=True)
    return report


def median(program: list[str], arguments: list[str], home: Path) -> float:
    """The median of a few starts, in seconds from the command to its end."""
    times = [timed([*program, *arguments], home) for _ in range(STARTS)]
    return round(statistics.median(times), 2)


def timed(command: list[str], home: Path) -> float:
    """Seconds that a command takes; raise SetupError where it fails."""
    started = time.monotonic()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean(os.environ, home),
    )
    if done.returncode or NO_PLAYER in done.stdout:
        print(done.stdout, file=sys.stderr)
        raise SetupError(f"`{' '.join(command)}` failed (exit code {done.returncode}), see above.")
    return time.monotonic() - started


def clean(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """An environment with no Python in it and a home of its own, so that nothing is remembered."""
    kept = {k: v for k, v in environment.items() if not k.startswith(("PYTHON", "XDG_", "LD_"))}
    return {**kept, **QUIET, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
