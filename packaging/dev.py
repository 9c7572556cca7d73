"""Sets the studio up on a fresh machine, then tries it, checks it or bundles it.

    python3 packaging/dev.py run       hear the sample interview, write its files, open the studio
    python3 packaging/dev.py test      run every check of the project
    python3 packaging/dev.py bundle    build a studio that needs no Python, and start it

Each first makes the virtual environment `.venv` beside the project and fills it with the pinned
packages (about 2.2 GB with PyTorch for the CPU; a minute or two and, for downloads, your line's
time). The second time nothing is installed again. It needs Python 3.11 and nothing else; what is
missing is named in one sentence. No syntax newer than Python 3.8 here, so that an old one can read
that sentence.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import bundle
import environment
import machine
from machine import SetupError

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "samples" / "interview.flac"
OUTPUTS = (".gstudio", ".srt", ".vtt", ".docx")
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
CHECKS = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("import contracts", ("-c", LINT_IMPORTS)),
    ("pytest", ("-m", "pytest")),
)


def main() -> int:
    """Do what the command line asks; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("run", "test", "bundle"))
    what = parser.parse_args().what
    other = machine.other_python(sys.version_info[:2])
    if other:
        return subprocess.call([other, *sys.argv])
    try:
        check_python()
        python = environment.prepare(ROOT, checks=what != "run")
        if what == "run":
            return run(python)
        if what == "test":
            return test(python)
        return bundle.build(python, ROOT)
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. Run it again to go on from here.", file=sys.stderr)
        return 130


def check_python() -> None:
    """Raise SetupError where this Python or this Linux is too old."""
    problem = machine.python_problem(sys.version_info[:2])
    if not problem and platform.system() == "Linux":
        problem = machine.linux_problem(*platform.libc_ver(), platform.machine())
    if problem:
        raise SetupError(problem)


def run(python: Path) -> int:
    """Hear the sample, write its transcript and subtitles, and open the studio on it."""
    folder = sample_folder()
    folder.mkdir(parents=True, exist_ok=True)
    outputs = [folder / f"{SAMPLE.stem}{ending}" for ending in OUTPUTS]
    project = outputs[0]
    if all(path.exists() for path in outputs):
        print("The sample was heard before; to hear it anew, move this folder away.")
    else:
        print("Hearing the sample interview with the embedded draft engine ...", flush=True)
        command = [str(python), "-P", "-m", "granite_studio", "transcribe", str(SAMPLE)]
        command.append("--overwrite")  # one file of the three may be left of an earlier run
        for path in outputs:
            command += ["-o", str(path)]
        started = time.monotonic()
        code = subprocess.call(command)
        if code not in (0, 1) or not all(path.exists() for path in outputs):
            raise SetupError(
                f"The sample could not be heard (exit code {code}): what stands above says why."
            )
        print(f"Heard in {time.monotonic() - started:.0f} s.")
    print(f"The project, the subtitles and the Word file are in\n    {folder}")
    for path in outputs:
        print(f"    {path.name:20} {path.stat().st_size / 1024:8.0f} KB")
    return open_studio(python, project)


def sample_folder() -> Path:
    """Where the sample's files go: the person's documents, or else the current folder."""
    documents = Path.home() / "Documents"
    place = documents if documents.is_dir() and os.access(documents, os.W_OK) else Path.cwd()
    return place / "granite-studio-sample"


def open_studio(python: Path, project: Path) -> int:
    """Open the window on a project; where no window can be shown, draw it into a picture."""
    command = [str(python), "-P", "-m", "granite_studio", str(project)]
    if machine.has_display(platform.system(), os.environ):
        print("Opening the studio. Close its window to come back here.", flush=True)
        return subprocess.call(command)
    picture = project.with_name("window.png")
    print("There is no display here, so the window is drawn into a picture instead.", flush=True)
    done = subprocess.run(
        [*command, "--screenshot", str(picture)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,  # Qt remarks there on all that a machine without a screen lacks
        text=True,
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise SetupError(
            f"The window could not be drawn (exit code {done.returncode}), see above."
        )
    print(f"The picture of the window is\n    {picture}")
    return 0


def test(python: Path) -> int:
    """Run every check, then say which passed. Exit code 1 where any failed."""
    results = []
    for name, arguments in CHECKS:
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        code = subprocess.call(
            [str(python), "-P", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        results.append((name, code, time.monotonic() - started))
    print("\n== summary")
    for name, code, seconds in results:
        print(f"{name:20} {'passed' if code == 0 else 'FAILED'} in {seconds:.0f} s")
    failed = sum(code != 0 for _, code, _ in results)
    print(f"checks: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
