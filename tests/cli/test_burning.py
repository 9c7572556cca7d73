"""Subtitles put into a video by the ffmpeg program, where it is installed."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.captions import Caption, Captions
from granite_studio.formats import Content
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.burning import burn
from tests.media.test_shots import film

with_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
SRT = "1\n00:00:01,000 --> 00:00:02,000\nGood <i>morning</i>.\n"


@pytest.fixture
def video(tmp_path):
    return film(tmp_path / "it's a film; $(echo).mp4", set(), 75)


@pytest.fixture
def srt(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def picture(path: Path, second: float) -> np.ndarray:
    """The lower third of the picture at this time."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time >= second:
                gray = frame.to_ndarray(format="gray").astype(int)
                return gray[len(gray) * 2 // 3 :]
    raise AssertionError("the film is too short")


@with_ffmpeg
def test_words_are_burnt_in_while_they_are_said(command, video, srt, tmp_path):
    out = tmp_path / "burnt.mp4"
    code, _, told = command("burn", video, srt, "-o", out)
    assert (code, told) == (0, "")
    during, after = (np.abs(picture(video, at) - picture(out, at)) for at in (1.5, 2.5))
    assert (during > 60).mean() > 0.003
    assert (after > 60).mean() == 0
    assert list(tmp_path.glob(".~*")) == []


@with_ffmpeg
def test_names_are_in_the_pictures_where_they_are_asked_for(command, video, tmp_path):
    voices = tmp_path / "a.vtt"
    voices.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bartholomew>Yes.\n")
    bare, named = tmp_path / "bare.mp4", tmp_path / "named.mp4"
    assert command("burn", video, voices, "-o", bare)[0] == 0
    assert command("burn", video, voices, "-o", named, "--speaker-names")[0] == 0
    few, many = ((np.abs(picture(video, 1.5) - picture(out, 1.5)) > 60) for out in (bare, named))
    assert many.sum() > 2 * few.sum() > 0


@with_ffmpeg
@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_a_track_is_added_and_the_pictures_stay(command, video, srt, tmp_path, kind):
    out = tmp_path / f"track.{kind}"
    code, _, told = command("burn", video, srt, "-o", out, "--track", "--language", "de")
    assert code == 0, told
    with av.open(str(out)) as container:
        [track] = container.streams.subtitles
        assert track.language == "ger" or track.language == "deu"
    assert (picture(video, 1.5) == picture(out, 1.5)).all()


@with_ffmpeg
def test_a_run_that_is_stopped_leaves_nothing(video, tmp_path):
    cancel = CancelToken()
    reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
    content = Content(captions=Captions((Caption(0, 900, "Yes."),)))
    out = tmp_path / "burnt.mp4"
    run = burn(video, content, out, reader, cancel)
    next(run)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(run)
    reader.close()
    assert not out.exists()
    assert list(tmp_path.glob(".~*")) == []


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_run_that_is_stopped_is_no_failure_of_ffmpeg(video, tmp_path, monkeypatch):
    """Whichever is seen first, that it was stopped or that its end is there."""
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho out_time_us=1000\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(
        "granite_studio.media.burning.apart", lambda work, cancel, name: work(cancel)
    )
    cancel = CancelToken()
    reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
    content = Content(captions=Captions((Caption(0, 900, "Yes."),)))
    run = burn(video, content, tmp_path / "burnt.mp4", reader, cancel)
    next(run)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(run)
    reader.close()


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_ctrl_c_leaves_nothing_and_says_that_the_next_run_starts_over(video, srt, tmp_path):
    out = tmp_path / "burnt.mp4"
    program = tmp_path / "ffmpeg"
    program.write_text(
        '#!/bin/sh\nfor word; do case "$word" in *.~*) echo half > "${word#file:}";; esac; done\n'
        "sleep 60\n"
    )
    program.chmod(0o755)
    folders = {name: str(tmp_path) for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME")}
    child = subprocess.Popen(
        [sys.executable, "-m", "granite_studio", "burn", video, srt, "-o", out],
        env={**os.environ, **folders, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(tmp_path.glob(".~*")):
        time.sleep(0.02)
    assert list(tmp_path.glob(".~*"))
    os.killpg(child.pid, signal.SIGINT)
    _, told = child.communicate(timeout=30)
    assert child.returncode == 130
    assert told == (
        "Stopped; nothing half-written is left. Run the same command again to start over.\n"
    )
    assert not out.exists()
    assert list(tmp_path.glob(".~*")) == []


@pytest.mark.parametrize("way", [(), ("--track",)])
def test_nothing_is_written_where_there_is_nothing_to_show(command, video, tmp_path, way):
    (tmp_path / "empty.srt").write_text("")
    out = tmp_path / "out.mp4"
    code, _, told = command("burn", video, tmp_path / "empty.srt", "-o", out, *way)
    assert code == 2
    assert told.startswith("granite-studio: There are no subtitles in ")
    assert not out.exists()


@with_ffmpeg
def test_what_cannot_be_burnt_is_one_sentence(command, video, srt, tmp_path):
    (tmp_path / "folder.mp4").mkdir()
    for arguments, sentence in (
        ((srt, srt, "-o", tmp_path / "a.mp4"), "is a text (SubRip subtitles) and not a recording"),
        ((video, srt, "-o", tmp_path / "a.wmv"), "end its name in .mp4"),
        ((video, srt, "-o", tmp_path / "folder.mp4"), "folder.mp4” is a folder; name a file"),
        ((video, srt, "-o", video), "is what is read; choose another name"),
        ((video, srt, "-o", tmp_path / "none" / "a.mp4"), "is not there; make it first"),
    ):
        code, _, told = command("burn", *arguments)
        assert code == 2
        assert sentence in told
    assert video.stat().st_size > 1000


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("av_write: No space left on device\nConversion failed --", "the disk is full; free some"),
        ("Unknown encoder 'libx264'", "“a.mp4”: Unknown encoder 'libx264'."),
        ("", "it gave no reason"),
    ],
)
def test_why_ffmpeg_gave_up_is_told(command, video, srt, tmp_path, monkeypatch, printed, sentence):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "told").write_text(printed)
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n/bin/cat '{folder}/told' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    code, _, told = command("burn", video, srt, "-o", tmp_path / "a.mp4")
    assert code == 2
    assert sentence in told
    assert not (tmp_path / "a.mp4").exists()


def test_without_ffmpeg_it_is_said_how_to_get_it(command, video, srt, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, told = command("burn", video, srt, "-o", tmp_path / "a.mp4")
    assert code == 2
    assert "apt install ffmpeg" in told


@with_ffmpeg
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the process in /proc")
@pytest.mark.parametrize("is_itself", [True, False])
def test_a_stopped_run_is_gone_within_half_a_second(tmp_path, monkeypatch, is_itself):
    """Also where the program that is found is a script that starts the true one."""
    real, folder = shutil.which("ffmpeg"), tmp_path / "bin"
    video, pid = tmp_path / "long.mp4", tmp_path / "pid"
    source = ["-f", "lavfi", "-i", "testsrc=size=640x360:duration=60"]
    small = ["-preset", "ultrafast", "-crf", "40"]
    subprocess.run([real, "-loglevel", "error", *source, *small, video], check=True)
    folder.mkdir()
    program = folder / "ffmpeg"
    program.write_text(
        f"#!/bin/sh\necho $$ > '{pid}'\nexec '{real}' \"$@\"\n"
        if is_itself
        else f"#!/bin/sh\n'{real}' \"$@\" &\necho $! > '{pid}'\nwait\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    cancel = CancelToken()
    reader = MediaReader(tmp_path / "cache", tmp_path / "media.log")
    content = Content(captions=Captions((Caption(0, 90_000, "Yes."),)))
    out = tmp_path / "burnt.mp4"
    gone: list[float] = []

    def stop() -> None:
        cancel.cancel()
        began = time.monotonic()
        while is_running(int(pid.read_text())) and time.monotonic() - began < 10:
            time.sleep(0.01)
        gone.append(time.monotonic() - began)

    stopper = threading.Thread(target=stop)
    run = burn(video, content, out, reader, cancel)
    while not next(run).done_ms:
        pass
    stopper.start()
    with pytest.raises(Cancelled):
        list(run)
    stopper.join()
    reader.close()
    assert gone[0] < 0.5
    assert not out.exists()
    assert list(tmp_path.glob(".~*")) == []


def is_running(pid: int) -> bool:
    """Whether there is a process of this number that has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@with_ffmpeg
def test_characters_that_no_font_has_are_said(command, video, tmp_path):
    source = tmp_path / "a.srt"
    source.write_text(SRT.replace("morning", "m\U0010fffd \u05e9\u05dc \u65e5 \u200f"), "utf-8")
    out = tmp_path / "out.mp4"

    code, _, told = command("burn", video, source, "-o", out)

    assert code == 0
    assert out.exists()
    assert "No font here has a shape for these characters" in told
    assert "U+10FFFD" in told
    assert "U+200F" not in told


@with_ffmpeg
def test_what_pictures_do_not_show_is_said(command, video, tmp_path):
    source, project = tmp_path / "a.vtt", tmp_path / "a.gstudio"
    source.write_text(
        "WEBVTT\n\nNOTE check\n\n00:01.000 --> 00:02.000 line:0 position:20%\n<v Ann>Yes.\n"
    )
    command("convert", source, project)

    _, _, told = command("burn", video, source, "-o", tmp_path / "a.mp4")
    _, _, named = command("burn", video, source, "-o", tmp_path / "b.mp4", "--speaker-names")
    _, _, kept = command("burn", video, project, "-o", tmp_path / "c.mp4")

    assert "Not in the pictures: 1 cue's speaker, 1 cue's exact place and 1 note." in told
    assert "Not in the pictures: 1 cue's exact place and 1 note." in named
    assert "Not in the pictures: 1 speaker's name and 1 cue's exact place. Names get into" in kept


@with_ffmpeg
@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        (".mp4", "Not in a track of .mp4: 1 cue's styling and 1 cue's place."),
        (".mkv", ""),
    ],
)
def test_what_a_track_does_not_show_is_said_and_true(command, video, tmp_path, kind, lost):
    source, out = tmp_path / "a.srt", tmp_path / f"out{kind}"
    source.write_text(SRT.replace("Good", '{\\an8}<font color="#ff0000">Good</font>'), "utf-8")

    _, _, told = command("burn", video, source, "-o", out, "--track")
    shown = subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-i", out, "-f", "srt", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert lost in told
    assert bool(lost) == bool(told)
    assert "<i>morning</i>" in shown
    assert ("ff0000" in shown, "an8" in shown) == (not lost, not lost)
