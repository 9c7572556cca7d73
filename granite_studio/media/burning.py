"""A video with its subtitles burnt in or as a track, made by the ffmpeg program that is found."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import kinds
from granite_studio.media.opening import CONTAINERS, check_file, shown_name
from granite_studio.media.values import MediaInfo, Shape, VideoInfo
from granite_studio.workers.apart import apart

QUALITY = 18
"""x264's constant rate factor: nobody sees a difference to the source."""
_HDR_QUALITY = 20
"""The same for x265."""
_HDR_ENCODER = "libx265"
_BITS_A_CHANNEL = 128_000
_OF_OPUS = "aformat=channel_layouts=mono|stereo|3.0|quad|5.0|5.1|6.1|7.1"
"""The layouts that Opus names; it takes no 5.1(side), which AC-3 and DTS have."""
_MOST_IN_OPUS = 8
"""Channels for which it has layouts."""
_WITH_HANDLERS = (".mp4", ".m4v", ".mov")
_LONGEST_TITLE = 60
"""Four bytes a letter at most, and QuickTime counts them in one."""
_OLD_PLAYERS = 8
"""Bits of a colour that every player shows."""
_LONGEST_LOG = 100_000
_WATCH_S = 0.05
_TRIAL_S = 20
"""So long a picture is waited for that shows whether fonts have all characters."""
_LACKING = re.compile(rb"failed to find any fallback with glyph 0x([0-9A-F]{1,6})\b")
_NOT_HELD = re.compile(r"Could not find tag for codec (\w+) in stream|Only (VP8) or VP9 or AV1")
_SPEAKER = re.compile(r"(?:\[[^\]]*\] )+")
"""Which part of ffmpeg says it."""
_CONSEQUENCES = re.compile(
    r"Could not write header|Error initializing output|Error opening output|Conversion failed"
    r"|Nothing was written|Error (while )?opening encoder|Error sending frames|Task finished"
    r"|Terminating thread|\[out#"
)
"""What ffmpeg says after the reason."""


@dataclass(frozen=True, slots=True)
class Burning:
    """What to make of which video: `subtitles` is ASS to be burnt in, or SRT for a track.

    `language` (a tag, "de") is the track's, which `replaces` those of the same language; `shape`
    is what the pictures have when they are shown, where that is known.
    """

    video: Path
    subtitles: Path
    target: Path
    as_track: bool
    language: str = ""
    replaces: bool = False
    shape: Shape | None = None

    @property
    def kind(self) -> str:
        """Of the file that is written, as ".mp4"."""
        return self.target.suffix.lower()

    def held(self, info: MediaInfo) -> kinds.Held:
        """What becomes of the tracks that the video has."""
        if not self.as_track:
            return kinds.held(info, self.kind)
        return kinds.held_beside(info, self.kind, self.language, replaces=self.replaces)


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
    known = tuple(kinds.TRACKS) if burning.as_track else kinds.BURNT
    name = shown_name(burning.target)
    if burning.target.is_dir():
        raise MediaError(f"{name} is a folder; name a file in it.")
    if burning.kind not in known:
        raise MediaError(f"{name} cannot hold such a video; end its name in {', '.join(known)}.")
    with contextlib.suppress(OSError):
        if burning.target.samefile(burning.video):
            raise MediaError(f"{name} is the video itself; choose another name.")
    if not burning.target.parent.is_dir():
        raise MediaError(f"The folder of {name} is not there; make it first.")


def lacking(subtitles: Path, cancel: CancelToken) -> str:
    """The characters for which no font here has a shape, among those that an ASS file shows at its
    beginning; none where ffmpeg cannot tell. Raises `Cancelled` and, without ffmpeg, `MediaError`.
    """
    import ffmpeg

    picture = ffmpeg.input("color=size=320x240:rate=1:duration=1", format="lavfi")
    shown = ffmpeg.output(picture.filter("subtitles", subtitles.name), "-", format="null")
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "warning")
    command = shown.global_args(*quiet).compile(cmd=find_ffmpeg())
    with (
        open(subtitles.with_suffix(".log"), "w+b") as log,
        subprocess.Popen(
            command,
            cwd=subtitles.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        with _ended(process, cancel), contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_TRIAL_S)
        cancel.check()
        log.seek(0)
        found = dict.fromkeys(int(code, 16) for code in _LACKING.findall(log.read()))
    return "".join(chr(code) for code in found if code <= sys.maxunicode)


def changes(burning: Burning, info: MediaInfo) -> list[str]:
    """Sentences that say what of this video will be other than it was, beside the subtitles."""
    tracks, kind = burning.held(info), burning.kind
    said = kinds.told_of_sound(tracks, kind)
    if burning.as_track:
        said += kinds.told_of_subtitles(tracks, kind, replaces=burning.replaces)
        tag = burning.language
        if tag and not kinds.language_in(kind, tag):
            said.append(f"The new track names no language: {kind} has no code for {tag!r}.")
    else:
        said.append(kinds.told_of_covered(info))
        said += _changed_pictures(info.video, kind) if info.video else []
    said.append(kinds.told_of_timecode(info, kind))
    return [sentence for sentence in said if sentence]


def _changed_pictures(video: VideoInfo, kind: str) -> list[str]:
    if _stays_hdr(video, kind):
        said = [f"The pictures stay {video.hdr} with 10 bits a colour, as H.265."]
    elif video.hdr:
        way = "an ffmpeg with libx265 keeps 10" if kind != ".m4v" else ".mp4 keeps 10"
        said = [f"The pictures stay {video.hdr}, but with 8 bits a colour; {way}."]
    elif video.depth > _OLD_PLAYERS:
        said = [f"The pictures have {video.depth} bits a colour and get 8, as all players show."]
    else:
        said = []
    if video.is_interlaced and not _stays_interlaced(video, kind):
        said.append("The pictures are interlaced and become progressive.")
    return said


def _stays_interlaced(video: VideoInfo, kind: str) -> bool:
    """Whether both fields are kept: x265 is not asked for them, and x264 needs an even number of
    lines in each."""
    return video.is_interlaced and video.height % 4 == 0 and not _stays_hdr(video, kind)


def _stays_hdr(video: VideoInfo, kind: str) -> bool:
    return bool(video.hdr) and kind != ".m4v" and _has_encoder(find_ffmpeg(), _HDR_ENCODER)


@functools.lru_cache(4)
def _has_encoder(program: str, name: str) -> bool:
    """Whether this ffmpeg has an encoder of this name for 10 bits a colour."""
    asked = (program, "-nostdin", "-hide_banner", "-h", f"encoder={name}")
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(
            asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TRIAL_S, check=False
        )
        return b"yuv420p10le" in told.stdout
    return False


def burn(burning: Burning, info: MediaInfo, cancel: CancelToken) -> Iterator[int]:
    """Write the video, of which `info` is known; yields the ms that are done. The target is there
    whole or not at all.

    Raises `MediaError`, and `Cancelled` soon after `cancel` is set.
    """
    program = find_ffmpeg()
    check_file(burning.video)
    check_target(burning)
    unfinished = burning.target.with_name(f".~{burning.target.name}")
    try:
        yield from _run(_arguments(program, burning, info, unfinished), burning, cancel)
        os.replace(unfinished, burning.target)
    finally:
        unfinished.unlink(missing_ok=True)


def _arguments(program: str, burning: Burning, info: MediaInfo, target: Path) -> list[str]:
    """The command, which is run in the folder of the subtitles."""
    import ffmpeg

    assert info.video is not None
    tracks = burning.held(info)

    # One file of a kind that is listed, and nothing that it names.
    source = ffmpeg.input(
        f"file:{burning.video.absolute()}",
        protocol_whitelist="file,pipe",
        format_whitelist=",".join(CONTAINERS.split()),
    )
    pictures = source[str(info.video.index)]
    sound = [source[str(track.index)] for track, _ in tracks.sound]
    options = _of_sound(tracks, burning.kind)
    if burning.as_track:
        track = ffmpeg.input(f"file:{burning.subtitles.name}", protocol_whitelist="file,pipe")
        kept = [source[str(track.index)] for track, _ in tracks.subtitles]
        fonts = [source["t?"]] if burning.kind == ".mkv" and kept else []
        streams = [pictures, *sound, *kept, track["s"], *fonts]
        options |= {"vcodec": "copy", **_of_subtitles(burning, tracks)}
    else:
        size = burning.shape
        shown = {"original_size": f"{size.width}x{size.height}"} if size else {}
        stays_interlaced = _stays_interlaced(info.video, burning.kind)
        if info.video.is_interlaced and not stays_interlaced:
            pictures = pictures.filter("bwdif", mode="send_frame")
        pictures = pictures.filter("subtitles", burning.subtitles.name, **shown)
        if stays_interlaced:
            pictures = pictures.filter("scale", interl=-1)  # colours of each field for themselves
        streams = [pictures, *sound]
        options |= _of_pictures(info.video, burning.kind, size.mastering if size else "")
    if info.timecode:  # of the pictures, and of the file, which goes before it
        written = f"timecode={kinds.timecode_in(burning.kind, info)}"
        options |= {"metadata:s:v:0": written, "metadata": written}
    made = ffmpeg.output(*streams, f"file:{target.absolute()}", **options)
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-stats_period", "0.2")
    command: list[str] = made.global_args(*quiet, "-progress", "pipe:1", "-y").compile(cmd=program)
    return command


def _of_sound(tracks: kinds.Held, kind: str) -> dict[str, Any]:
    """Options of output: each track as it is, or in a codec that the file can hold."""
    options: dict[str, Any] = {}
    for place, (track, codec) in enumerate(tracks.sound):
        options[f"c:a:{place}"] = codec
        options |= _language(f"a:{place}", kind, track.language)
        options |= _title(place + 1, kind, track.title)
        if codec != "copy":
            options[f"b:a:{place}"] = _BITS_A_CHANNEL * max(1, min(track.channels, 8))
        if codec == "libopus" and track.channels <= _MOST_IN_OPUS:
            options[f"filter:a:{place}"] = _OF_OPUS
    return options


def _of_subtitles(burning: Burning, tracks: kinds.Held) -> dict[str, Any]:
    """Options of output: tracks that were there, and the new one behind them."""
    options: dict[str, Any] = {}
    for place, (track, codec) in enumerate(tracks.subtitles):
        options[f"c:s:{place}"] = codec
        options |= _language(f"s:{place}", burning.kind, track.language)
        options |= _title(1 + len(tracks.sound) + place, burning.kind, track.title)
    new = len(tracks.subtitles)
    # SubRip is what is given: taken over as it is, nothing of it is lost.
    codec = kinds.TRACKS[burning.kind]
    options[f"c:s:{new}"] = "copy" if codec == "srt" else codec
    is_default = any(track.is_default for track in tracks.replaced)
    options[f"disposition:s:{new}"] = "default" if is_default else "0"
    return options | _language(f"s:{new}", burning.kind, burning.language)


def _language(stream: str, kind: str, tag: str) -> dict[str, str]:
    code = kinds.language_in(kind, tag)
    return {f"metadata:s:{stream}": f"language={code}"} if code else {}


def _title(place: int, kind: str, title: str) -> dict[str, str]:
    """The title of a stream, which is named by its place among all, since no option can be given
    twice; ffmpeg itself takes over those of Matroska only."""
    is_needed = title and kind in _WITH_HANDLERS
    return {f"metadata:s:{place}": f"handler_name={title[:_LONGEST_TITLE]}"} if is_needed else {}


def _of_pictures(video: VideoInfo, kind: str, mastering: str) -> dict[str, Any]:
    """Options of output: pictures that every player shows, or HDR with all it needs."""
    if _stays_hdr(video, kind):
        options = {"vcodec": _HDR_ENCODER, "crf": _HDR_QUALITY, "pix_fmt": "yuv420p10le"}
        options |= {"x265-params": ":".join(filter(None, ("log-level=error", mastering)))}
        return options if kind == ".mkv" else options | {"tag:v": "hvc1"}
    options = {"vcodec": "libx264", "crf": QUALITY, "pix_fmt": "yuv420p"}
    return options | ({"flags": "+ildct+ilme"} if _stays_interlaced(video, kind) else {})


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
            reason = _reason(log, burning.kind)
            raise MediaError(f"ffmpeg could not make {shown_name(burning.target)}: {reason}")


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


def _reason(log: IO[bytes], kind: str) -> str:
    """Why ffmpeg gave up. It names the reason first and its consequences after it."""
    log.seek(0)
    told = log.read()[-_LONGEST_LOG:].decode(errors="replace")
    if os.strerror(errno.ENOSPC) in told:
        return "the disk is full; free some of it, or choose another place."
    if refused := _NOT_HELD.search(told):
        what = refused[1] or "pictures other than VP8, VP9 and AV1"
        others = ".mkv or .mov" if kind in (".mp4", ".m4v") else ".mkv"
        return f"{kind} cannot hold {what}; end the name in {others}."
    lines = [line.strip() for line in told.split("\n") if line.strip()]
    reasons = [line for line in lines if not _CONSEQUENCES.search(line)] or lines
    if not reasons:
        return "it gave no reason; try another video."
    return f"{_SPEAKER.sub('', reasons[-1], count=1).rstrip(' .-')}."
