"""A program that works on a project and is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path


def told_until_killed(code: str, place: Path, number: int, *, after_s: float) -> list[int]:
    """The numbers that this code, run on a project, printed on lines of their own before it was
    killed, so many seconds after the first."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(place), str(number)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout
    first = child.stdout.readline()
    time.sleep(after_s)  # the moment is the point, nothing is waited for
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read().splitlines()
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    return [int(line) for line in (first, *rest)]
