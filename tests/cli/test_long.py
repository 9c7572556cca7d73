"""A recording through a Granite engine by the command line, killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from random import Random

import pytest

from granite_studio.pipeline.passes import VOICES
from granite_studio.store.project import Project
from tests.long_recordings import SEED, WINDOW_S, hearing, made


@pytest.mark.parametrize("options", [(), ("--carry-speakers",)], ids=["usual", "carried"])
def test_a_run_killed_at_any_window_resumes_to_the_text_of_an_uninterrupted_one(
    command, tmp_path, options
):
    media = tmp_path / "long.flac"
    made(media, 80)
    asked = ("transcribe", media, "--device", "cpu", "--window", str(WINDOW_S))
    asked += ("--engine", "granite-plus", "--model", hearing.model("granite-plus"), *options)
    assert command(*asked, "-o", tmp_path / "whole.gstudio")[0] < 2
    windows = len(results(tmp_path / "whole.gstudio"))
    last = Random(SEED).randint(1, windows - 1)
    killed = kill_after(last, tmp_path / "killed.gstudio", asked)
    assert last <= killed < windows
    code, out, _ = command(*asked, "-o", tmp_path / "killed.gstudio", "--json")
    assert code < 2
    assert json.loads(out)["heard_ms"] > 0
    assert facts(tmp_path / "killed.gstudio") == facts(tmp_path / "whole.gstudio")
    if options:
        assert {"Speaker 1", "Speaker 2"} <= carried(tmp_path / "whole.gstudio")


def carried(project):
    """The labels that some window was heard with after their speakers' clips."""
    with Project.open(project, read_only=True) as found:
        return {label for kept in found.stages(VOICES).values() for label, _ in kept["carried"]}


def kill_after(windows, project, asked):
    """Start the command and kill it when that many windows are done; how many there are then."""
    folder = str(project.parent)
    child = subprocess.Popen(
        [str(part) for part in (sys.executable, "-m", "granite_studio", *asked, "-o", project)],
        env={**os.environ, "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(results(project)) < windows:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    return len(results(project))


def results(project):
    if not project.exists():
        return {}
    with Project.open(project, read_only=True) as found:
        return found.results()


def facts(project):
    """Who said what and when, and what is worth a look; ids are of no matter."""
    with Project.open(project, read_only=True) as found:
        document = found.history.document
    names = {speaker.id: speaker.name for speaker in document.speakers}
    words = [
        (names.get(segment.speaker), word.text, word.start, word.end)
        for segment in document.segments
        for word in segment.words
    ]
    return words, sorted((f.kind, f.span.start, f.message) for f in document.findings)
