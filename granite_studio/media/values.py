"""What is known of a recording and what is asked of its reader: plain values that cross a pipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Span

RATE = 16_000
"""Samples a second of all sound that the program works with; 16 are one millisecond."""

BLOCK = RATE
"""Samples of a whole block: one second."""

BASE = 256
"""Samples to one pair of peaks: 16 ms."""

FRAME = 512
"""Samples to one judgement of speech and one level: 32 ms."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One sound track. `index` names it to `MediaReader.sound`."""

    index: int
    codec: str
    channels: int
    rate: int
    language: str = ""
    title: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """One track of subtitles. `codec` is empty for one that cannot be decoded here."""

    index: int
    codec: str
    language: str = ""
    title: str = ""
    is_default: bool = False
    is_forced: bool = False
    """Whether it has only what everybody is to see, as signs and foreign speech."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """The picture track; a cover picture is none. `fps` is 0 when it is not known.

    `depth` counts the bits of a colour; `hdr` is "PQ", "HLG" or empty.
    """

    codec: str
    width: int
    height: int
    fps: float
    index: int = 0
    depth: int = 8
    hdr: str = ""
    is_interlaced: bool = False


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file says of itself, unproven. Times in ms; `duration_ms` 0 when it says nothing.

    `start_ms` is the container's own time at the moment that the program calls zero.
    """

    container: str
    duration_ms: int
    start_ms: int
    tracks: tuple[AudioTrack, ...]
    video: VideoInfo | None = None
    subtitles: tuple[SubtitleTrack, ...] = ()
    timecode: str = ""
    """Of the first picture, as "10:00:00:00"."""

    @property
    def track(self) -> AudioTrack | None:
        """The track that is heard when none is chosen: the default one, else the first."""
        default = (track for track in self.tracks if track.is_default)
        return next(default, self.tracks[0] if self.tracks else None)


@dataclass(frozen=True, slots=True)
class Block:
    """Sound from `start_ms` on: mono int16 at `RATE`, shape (n,), one second except the last."""

    start_ms: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class End:
    """How decoding went. `damaged` counts packets that were skipped or stood at a broken time."""

    duration_ms: int
    """Where the sound really ended; of a stretch, how far it was decoded."""
    claimed_ms: int
    """The length that the file claims, 0 for none."""
    damaged: int

    @property
    def is_short(self) -> bool:
        """Whether the file ends well before its own claim, as one cut off does."""
        return self.duration_ms + max(1000, self.claimed_ms // 50) < self.claimed_ms


@dataclass(frozen=True, slots=True)
class Piece:
    """Minima and maxima of the next stretch of sound, one pair for each 256 samples."""

    low: Samples
    high: Samples


@dataclass(frozen=True, slots=True)
class SpeechProgress:
    """How far speech detection has come."""

    done_ms: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Where somebody speaks. `levels` is the loudness of each 32 ms in dB below full scale."""

    spans: tuple[Span, ...]
    levels: NDArray[np.uint8]
    end: End


@dataclass(frozen=True, slots=True)
class ShotsProgress:
    """How far the pictures were looked at."""

    done_ms: int


@dataclass(frozen=True, slots=True)
class Shots:
    """When a shot begins that is not the first, in ms, and the pictures a second, which may be a
    guess."""

    times: tuple[int, ...]
    fps: float
    is_rate_guessed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """Width and height of a film in square pixels as it is shown, and what `media.mastering` says
    of it."""

    width: int
    height: int
    mastering: str = ""


@dataclass(frozen=True, slots=True)
class SoundWindow:
    """A stretch for an engine: its sound, and the speech found in it; all times of the recording.

    `forced` says that it ends in the middle of unbroken speech. `overlap_ms` of its beginning lie
    in the window before as well, whose end was forced.
    """

    span: Span
    samples: Samples
    speech: tuple[Span, ...]
    forced: bool = False
    overlap_ms: int = 0

    @property
    def length(self) -> int:
        """In ms."""
        return self.span.end - self.span.start


@dataclass(frozen=True, slots=True)
class Channels:
    """How the channels of a track compare, judged from a sample of its speech.

    `are_people` says that there are two, each with a person of its own, so that they are better
    heard one by one than mixed. The rest says why; of other than two channels nothing is known.
    """

    count: int
    are_people: bool = False
    likeness: float = 1.0
    """How the loudness of both goes together: 1 always, 0 not at all, below that by turns."""
    swing_db: float = 0.0
    """How far the balance of the two moves from one side to the other."""
    speech_ms: tuple[int, ...] = ()
    """Speech found in each channel of the sample."""


@dataclass(frozen=True, slots=True)
class ReadyRequest:
    """Load what every other request needs, and answer nothing."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    path: Path


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """Sound from `start` to `end` in ms (None: to its end), of one channel or of all together."""

    path: Path
    start: int = 0
    end: int | None = None
    track: int | None = None
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelsRequest:
    """Whether the channels are people."""

    path: Path
    track: int | None = None


@dataclass(frozen=True, slots=True)
class PeaksRequest:
    path: Path
    track: int | None = None


@dataclass(frozen=True, slots=True)
class ShotsRequest:
    """Where the picture is cut."""

    path: Path


@dataclass(frozen=True, slots=True)
class ShapeRequest:
    """How wide and high the film is when it is shown."""

    path: Path


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    path: Path
    track: int | None = None


@dataclass(frozen=True, slots=True)
class WindowsRequest:
    """Windows of speech of at most `longest_ms`, between two times in ms."""

    sound: SoundRequest
    longest_ms: int


Request = (
    ReadyRequest
    | ProbeRequest
    | ChannelsRequest
    | SoundRequest
    | PeaksRequest
    | ShotsRequest
    | ShapeRequest
    | SpeechRequest
    | WindowsRequest
)
