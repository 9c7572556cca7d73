"""A video with its subtitles burnt in or as a track, made by the ffmpeg program that is found."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.opening import CONTAINERS, check_file, shown_name
from granite_studio.media.values import Shape
from granite_studio.workers.apart import apart

TRACKS = {".mp4": "mov_text", ".m4v": "mov_text", ".mov": "mov_text", ".mkv": "srt"} | {
    ".webm": "webvtt"
}
"""How a track of subtitles is coded in each kind of file that can hold one."""
BURNT = (".mp4", ".m4v", ".mov", ".mkv")
"""Kinds of files that pictures with subtitles in them can be written to."""
QUALITY = 18
"""x264's constant rate factor: nobody sees a difference to the source."""
_LONGEST_LOG = 100_000
_WATCH_S = 0.05
_LANGUAGES = {"en": "eng", "fr": "fra", "de": "deu", "es": "spa", "pt": "por", "ja": "jpn"} | {
    "it": "ita"
}


@dataclass(frozen=True, slots=True)
class Burning:
    """What to make of which video: `subtitles` is ASS to be burnt in, or SRT for a track.

    `language` ("de") is the track's; `sound` says whether there is any to keep; `shape` is what
    the pictures have when they are shown, where that is known.
    """

    video: Path
    subtitles: Path
    target: Path
    as_track: bool
    language: str = ""
    sound: bool = True
    shape: Shape | None = None


def find_ffmpeg() -> str:
    """The program's path. Raises `MediaError` that says how to get it."""
    found = shutil.which("ffmpeg")
    if found is None:
        raise MediaError(
            "Videos are written by ffmpeg, which is not here; install it (on Debian and Ubuntu "
            "`apt install ffmpeg`, on macOS `brew install ffmpeg`, else from ffmpeg.org)."
        )
    return found


def check_target(burning: Burning) -> None:
    """Raise `MediaError` where this cannot be written at all."""
    kinds = tuple(TRACKS) if burning.as_track else BURNT
    name = shown_name(burning.target)
    if burning.target.is_dir():
        raise MediaError(f"{name} is a folder; name a file in it.")
    if burning.target.suffix.lower() not in kinds:
        raise MediaError(f"{name} cannot hold such a video; end its name in {', '.join(kinds)}.")
    with contextlib.suppress(OSError):
        if burning.target.samefile(burning.video):
            raise MediaError(f"{name} is the video itself; choose another name.")
    if not burning.target.parent.is_dir():
        raise MediaError(f"The folder of {name} is not there; make it first.")


def burn(burning: Burning, cancel: CancelToken) -> Iterator[int]:
    """Write the video; yields the ms that are done. The target is there whole or not at all.

    Raises `MediaError`, and `Cancelled` soon after `cancel` is set.
    """
    program = find_ffmpeg()
    check_file(burning.video)
    check_target(burning)
    unfinished = burning.target.with_name(f".~{burning.target.name}")
    try:
        yield from _run(_arguments(program, burning, unfinished), burning, cancel)
        os.replace(unfinished, burning.target)
    finally:
        unfinished.unlink(missing_ok=True)


def _arguments(program: str, burning: Burning, target: Path) -> list[str]:
    """The command, which is run in the folder of the subtitles."""
    import ffmpeg

    # One file of a kind that is listed, and nothing that it names.
    source = ffmpeg.input(
        f"file:{burning.video.absolute()}",
        protocol_whitelist="file,pipe",
        format_whitelist=",".join(CONTAINERS.split()),
    )
    sound = [source["a"]] if burning.sound else []
    options: dict[str, Any] = {"acodec": "copy"} if sound else {}
    if burning.as_track:
        track = ffmpeg.input(f"file:{burning.subtitles.name}", protocol_whitelist="file,pipe")
        streams = [source["v:0"], *sound, track["s"]]
        options |= {"vcodec": "copy", "scodec": TRACKS[burning.target.suffix.lower()]}
        if burning.language in _LANGUAGES:
            options["metadata:s:s:0"] = f"language={_LANGUAGES[burning.language]}"
    else:
        size = burning.shape
        shown = {"original_size": f"{size.width}x{size.height}"} if size else {}
        pictures = source["v:0"].filter("subtitles", burning.subtitles.name, **shown)
        streams = [pictures, *sound]
        options |= {"vcodec": "libx264", "crf": QUALITY, "pix_fmt": "yuv420p"}
    made = ffmpeg.output(*streams, f"file:{target.absolute()}", **options)
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-stats_period", "0.2")
    command: list[str] = made.global_args(*quiet, "-progress", "pipe:1", "-y").compile(cmd=program)
    return command


def _run(arguments: list[str], burning: Burning, cancel: CancelToken) -> Iterator[int]:
    folder = burning.subtitles.parent
    with (
        open(folder / "ffmpeg.log", "w+b") as log,
        subprocess.Popen(
            arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout is not None
        lines = process.stdout
        with _ended(process, cancel):
            for line in apart(lambda _token: iter(lines), cancel, name="ffmpeg"):
                done = _done_ms(line)
                if done is not None:
                    yield done
            code = process.wait()
        if code:
            cancel.check()  # it was ended, and did not fail
            raise MediaError(f"ffmpeg could not make {shown_name(burning.target)}: {_reason(log)}")


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes], cancel: CancelToken) -> Iterator[None]:
    """See to it that the process is gone when this is left, and at once when `cancel` is set: the
    thread that reads from it ends only after it."""
    is_left = threading.Event()

    def watch() -> None:
        while not is_left.wait(_WATCH_S):
            if cancel.is_cancelled:
                _kill(process)
                return

    watcher = threading.Thread(target=watch, name="end of ffmpeg", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_left.set()
        watcher.join()
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process, and what it started where it is a script in front of the true ffmpeg."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _done_ms(line: bytes) -> int | None:
    """How far a line of ffmpeg's progress says it is; it counts in microseconds."""
    name, _, value = line.strip().partition(b"=")
    if name != b"out_time_us" or not value.isdigit():
        return None
    return int(value) // 1000


def _reason(log: IO[bytes]) -> str:
    """Why ffmpeg gave up. It names a full disk first and its consequences after it."""
    log.seek(0)
    told = log.read()[-_LONGEST_LOG:].decode(errors="replace")
    if os.strerror(errno.ENOSPC) in told:
        return "the disk is full; free some of it, or choose another place."
    lines = [line.strip() for line in told.split("\n") if line.strip()]
    return f"{lines[-1].rstrip(' .-')}." if lines else "it gave no reason; try another video."
