"""Open a file of unknown origin with libav: this one file only, and of a kind that is listed."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

from granite_studio.core.errors import MediaError
from granite_studio.media.values import AudioTrack, MediaInfo, SubtitleTrack, VideoInfo

CONTAINERS = (
    "aac ac3 aiff amr amrnb amrwb ape asf au avi caf dsf dss dts dtshd eac3 flac flv gsm ircam "
    "loas matroska,webm mlp mov,mp4,m4a,3gp,3g2,mj2 mp3 mpc mpc8 mpeg mpegts mxf nistsphere ogg "
    "oma qcp rm sox tak truehd tta voc w64 wav wtv wv"
)
"""Demuxers for recordings. Never one that opens further files or the network (hls, concat, dash,
image2, sdp, rtsp, lavfi ...), nor raw data, pictures, subtitles or games' formats."""

LONGEST_MS = 48 * 3600 * 1000
MOST_STREAMS = 200
MOST_CHANNELS = 64
HIGHEST_RATE = 768_000
LARGEST_PICTURE = 16_384
_HDR = {16: "PQ", 18: "HLG"}
"""How libav counts the transfer curves of SMPTE ST 2084 and ARIB STD-B67."""
_FIELDS_BY_TURNS = (2, 3, 4, 5)
"""How it counts pictures of two fields, whichever is the first."""
_TIMECODE = re.compile(r"[0-9]{2}(:[0-9]{2}){2}[:;.][0-9]{2}", re.ASCII)


def shown_name(path: Path) -> str:
    """The file's name for a sentence: printable and not endless."""
    name = os.fsencode(path.name or path).decode(errors="replace")
    name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return f"“{name if len(name) <= 80 else name[:60] + '…' + name[-19:]}”"


def open_media(path: Path) -> Any:
    """An `av` input container of this file; close it. Raises `MediaError`."""
    check_file(path)
    import av

    try:
        # "file:" makes every name a name: no URL, no option, no pattern.
        container = av.open(
            "file:" + os.fspath(path),
            container_options={
                "protocol_whitelist": "file,pipe",
                "format_whitelist": ",".join(CONTAINERS.split()),
            },
            metadata_errors="replace",
        )
    except av.error.PermissionError:
        raise MediaError(_forbidden(path)) from None
    except (av.error.FFmpegError, MemoryError, ValueError):
        raise MediaError(
            f"{shown_name(path)} is damaged or not a recording that can be read here; "
            "copy it again, or convert it to WAV, MP3 or MP4."
        ) from None
    if len(container.streams) > MOST_STREAMS:
        container.close()
        raise MediaError(
            f"{shown_name(path)} claims to hold {len(container.streams)} tracks, which no "
            "recording does; it is damaged."
        )
    return container


def describe(container: Any, path: Path) -> MediaInfo:
    """What the container says of itself. Raises `MediaError` if it holds no sound and no video."""
    tracks = tuple(_track(stream) for stream in container.streams.audio if stream.codec_context)
    films = _films(container)
    video = _video(films[0]) if films else None
    if not tracks and video is None:
        raise MediaError(_silent(container, path))
    return MediaInfo(
        container=container.format.name,
        duration_ms=_claimed_ms(container),
        start_ms=(container.start_time or 0) // 1000,
        tracks=tracks,
        video=video,
        subtitles=tuple(map(_subtitles, container.streams.subtitles)),
        timecode=_timecode(container),
    )


def choose_track(container: Any, info: MediaInfo, path: Path, index: int | None) -> Any:
    """The stream of the wanted track; all others are passed over from now on.

    Raises `MediaError` if it is not there or cannot be decoded.
    """
    from av.stream import Discard

    track = info.track
    if index is not None:
        track = next((t for t in info.tracks if t.index == index), None)
    if not info.tracks:
        raise MediaError(_silent(container, path))
    if track is None:
        raise MediaError(f"{shown_name(path)} has no audio track {index}; choose another track.")
    if track.channels > MOST_CHANNELS or track.rate > HIGHEST_RATE:
        raise MediaError(
            f"{shown_name(path)} claims {track.channels} channels and {track.rate} samples a "
            "second, which no recording has; it is damaged."
        )
    for stream in container.streams:
        if stream.index != track.index:
            stream.discard = Discard.all  # pictures are most of a video and are not read at all
    return container.streams[track.index]


def choose_film(container: Any, path: Path) -> Any:
    """The first stream of moving pictures; all others are passed over from now on.

    Raises `MediaError` if there is none, or one larger than any film.
    """
    from av.stream import Discard

    films = _films(container)
    if not films:
        raise MediaError(f"{shown_name(path)} has no picture; choose a video.")
    codec = films[0].codec_context
    if max(codec.width, codec.height) > LARGEST_PICTURE:
        raise MediaError(
            f"{shown_name(path)} claims pictures of {codec.width} by {codec.height}, which no "
            "film has; it is damaged."
        )
    for stream in container.streams:
        if stream.index != films[0].index:
            stream.discard = Discard.all
    return films[0]


def check_file(path: Path) -> None:
    """Raise `MediaError` unless this is an ordinary file that may be read and is not empty."""
    name = shown_name(path)
    try:
        status = os.stat(path)
        with open(path, "rb", opener=_without_waiting):
            pass
    except (FileNotFoundError, NotADirectoryError):
        raise MediaError(f"{name} is not there; find where it was moved and open it.") from None
    except PermissionError:
        raise MediaError(_forbidden(path)) from None
    except IsADirectoryError:
        raise MediaError(f"{name} is a folder; open one of the recordings in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise MediaError(f"{name} cannot be read: {reason}; copy it to another place.") from None
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"{name} is not an ordinary file; save the recording as a file first.")
    if status.st_size == 0:
        raise MediaError(f"{name} is empty; copy it again from where it was recorded.")


def _without_waiting(path: str, flags: int) -> int:
    """Open without hanging on a named pipe that nobody writes to."""
    return os.open(path, flags if sys.platform == "win32" else flags | os.O_NONBLOCK)


def _forbidden(path: Path) -> str:
    return (
        f"{shown_name(path)} may not be read by you; "
        "ask its owner, or copy it to a folder of your own."
    )


def _silent(container: Any, path: Path) -> str:
    name = shown_name(path)
    if container.streams.audio:
        return f"{name} holds sound of an unknown kind; convert it to WAV, MP3 or MP4."
    return f"{name} has no sound; choose a recording with an audio track."


def _track(stream: Any) -> AudioTrack:
    codec = stream.codec_context
    return AudioTrack(
        index=stream.index,
        codec=codec.codec.canonical_name,
        channels=codec.channels,
        rate=codec.sample_rate or 0,
        language=stream.language or "",
        title=stream.metadata.get("title", ""),
        is_default="default" in _disposition(stream),
    )


def _video(stream: Any) -> VideoInfo:
    rate = stream.average_rate or stream.guessed_rate
    codec = stream.codec_context
    return VideoInfo(
        codec.name,
        codec.width,
        codec.height,
        float(rate) if rate else 0.0,
        index=stream.index,
        depth=_depth(codec.format),
        hdr=_HDR.get(int(codec.color_trc), ""),
        is_interlaced=codec.field_order in _FIELDS_BY_TURNS,
    )


def _depth(form: Any) -> int:
    return max((part.bits for part in form.components), default=8) if form else 8


def _subtitles(stream: Any) -> SubtitleTrack:
    codec = stream.codec_context
    return SubtitleTrack(
        index=stream.index,
        codec=codec.codec.canonical_name if codec else "",
        language=stream.language or "",
        title=stream.metadata.get("title", ""),
        is_default="default" in _disposition(stream),
        is_forced="forced" in _disposition(stream),
    )


def _timecode(container: Any) -> str:
    """The timecode that a track of its own, the pictures or the whole file are marked with."""
    marked = (container.metadata, *(stream.metadata for stream in container.streams))
    for facts in marked:
        for name, value in facts.items():
            if name.lower() == "timecode" and _TIMECODE.fullmatch(value):
                return str(value)
    return ""


def _films(container: Any) -> list[Any]:
    """Streams of moving pictures: a cover is none."""
    return [s for s in container.streams.video if s.codec_context and not _is_picture(s)]


def _is_picture(stream: Any) -> bool:
    return bool({"attached_pic", "still_image"} & _disposition(stream))


def _disposition(stream: Any) -> set[str]:
    return {flag.name for flag in stream.disposition if flag.name}


def _claimed_ms(container: Any) -> int:
    """The claimed length. A claim that nobody could check is no claim."""
    claimed = (container.duration or 0) // 1000
    return claimed if 0 < claimed <= LONGEST_MS else 0
