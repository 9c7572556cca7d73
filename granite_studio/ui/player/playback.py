"""Playing the recording: the one moment in time that every view shows."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, QUrl, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices, QMediaPlayer, QVideoFrame

SLOWEST, FASTEST = 0.5, 2.0
_TICK = 16
"""ms between two `moved` signals while playing."""
_STALE = 400
"""ms without news from the player after which the position no longer runs on by itself."""
_JUMP = 250
"""A difference in ms to the player's own clock that is too large to be smoothed away."""


class Playback(QObject):
    """Plays a local file. All times are ms of the media, counted from its start.

    While playing, `position` never runs backwards unless somebody seeks. Qt's multimedia is
    loaded by the first `open`. With no file open nothing plays, but the moment can be moved.
    """

    moved = Signal(int)
    """About 60 times a second while playing, and on each seek."""
    duration_changed = Signal(int)
    playing_changed = Signal(bool)
    rate_changed = Signal(float)
    volume_changed = Signal(float)
    has_video_changed = Signal(bool)
    frame = Signal(object)
    """A `QVideoFrame` to show."""
    failed = Signal(str)
    """The recording cannot be played: one sentence."""
    noticed = Signal(str)
    """Something to know that stops nothing, such as a machine without sound; said once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rewind_ms = 1000
        """How far `toggle` goes back when it resumes where it paused."""
        self.snap: Callable[[int], int] = lambda ms: ms
        """Where a rewind to this ms should rather begin: the start of a word."""
        self._player: QMediaPlayer | None = None
        self._devices: QMediaDevices | None = None
        self._path: Path | None = None
        self._position = 0
        self._duration = 0
        self._rate = 1.0
        self._volume = 1.0
        self._has_video = False
        self._is_playing = False
        self._stop_at: int | None = None
        self._paused_at: int | None = None
        self._wanted_at: int | None = None  # a seek that came before the file was read
        self._said_silent = False
        self._anchor = 0.0  # where the player was, in ms ...
        self._since = QElapsedTimer()  # ... and how long ago
        self._ticker = QTimer(self, interval=_TICK, timerType=Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._tick)

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def position(self) -> int:
        return self._position

    @property
    def duration(self) -> int:
        return self._duration

    @property
    def is_playing(self) -> bool:
        return self._is_playing

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def volume(self) -> float:
        """From 0 to 1, as loud as it sounds, not as the samples are scaled."""
        return self._volume

    @property
    def has_video(self) -> bool:
        return self._has_video

    def open(self, path: Path | None, *, duration: int = 0) -> None:
        """Make this the recording, paused at its start; None closes. Errors come by `failed`.

        `duration` in ms stands until the player has found its own, which some files do not tell.
        """
        self.pause()
        self._path = path
        self._stop_at = self._paused_at = self._wanted_at = None
        self._set_has_video(False)
        self._set_duration(duration)
        self._show(0)
        if path is None:
            if self._player:
                self._player.setSource(QUrl())
            return
        player = self._player or self._build()
        player.setSource(QUrl.fromLocalFile(str(path.absolute())))
        player.pause()  # a stopped player shows no picture

    def play(self) -> None:
        if self._player is None or self._path is None:
            return
        self._paused_at = None
        if self._position >= self._duration > 0:
            self._go_to(0)
        self._anchor = self._position
        self._since.invalidate()
        self._tell_if_silent()
        self._player.play()

    def pause(self) -> None:
        """Stop here. `position` is the moment that was shown last."""
        self._stop_at = None
        if self._player and self._is_playing:
            self._player.pause()
            self._paused_at = self._position

    def toggle(self) -> None:
        """Play or pause; resuming where it paused goes back a little first."""
        if self._is_playing:
            self.pause()
            return
        if self._paused_at == self._position != self._duration:
            self.seek(self.lead_in(self._position))
        self.play()

    def lead_in(self, ms: int) -> int:
        """Where to begin so that this moment is understood: a little before it, at a word."""
        return self.snap(max(0, ms - self.rewind_ms))

    def play_span(self, start: int, end: int) -> None:
        """Play from `start` and stop at `end`; a seek or pause on the way forgets the end."""
        self.seek(start)
        self.play()
        self._stop_at = self._inside(end)

    def seek(self, ms: int) -> None:
        """Go there, playing on if it plays; the picture of that moment is shown if it does not."""
        self._stop_at = None
        self._go_to(self._inside(ms))

    def step(self, ms: int) -> None:
        """Seek by so much, forward or (negative) back."""
        self.seek(self._position + ms)

    def set_rate(self, rate: float) -> None:
        """Play slower or faster, from 0.5 to 2, with the pitch kept."""
        rate = round(max(SLOWEST, min(FASTEST, rate)), 2)
        if rate == self._rate:
            return
        self._anchor = self._position
        self._since.restart()
        self._rate = rate
        if self._player:
            self._player.setPlaybackRate(rate)
        self.rate_changed.emit(rate)

    def set_volume(self, volume: float) -> None:
        volume = max(0.0, min(1.0, volume))
        if volume == self._volume:
            return
        self._volume = volume
        self._apply_volume()
        self.volume_changed.emit(volume)

    def _build(self) -> QMediaPlayer:
        # A playlist in disguise must not reach out: the backend takes its whitelist only so.
        os.environ.setdefault("QT_FFMPEG_PROTOCOL_WHITELIST", "file")
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink

        player = QMediaPlayer(self)
        # Without an output a file that is sound alone never ends.
        player.setAudioOutput(QAudioOutput(player))
        player.setVideoSink(QVideoSink(player))
        player.setPitchCompensation(True)
        player.setPlaybackRate(self._rate)
        player.positionChanged.connect(self._hear_position)
        player.durationChanged.connect(self._hear_duration)
        player.hasVideoChanged.connect(self._set_has_video)
        player.playbackStateChanged.connect(self._follow_state)
        player.mediaStatusChanged.connect(self._follow_status)
        player.errorOccurred.connect(self._fail)
        player.videoSink().videoFrameChanged.connect(self._show_frame)
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._take_default_device)
        self._player = player
        self._apply_volume()
        return player

    def _apply_volume(self) -> None:
        if self._player:
            from PySide6.QtMultimedia import QtAudio

            linear = QtAudio.convertVolume(
                self._volume,
                QtAudio.VolumeScale.LogarithmicVolumeScale,
                QtAudio.VolumeScale.LinearVolumeScale,
            )
            self._player.audioOutput().setVolume(linear)

    def _take_default_device(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if self._player:
            self._player.audioOutput().setDevice(QMediaDevices.defaultAudioOutput())

    def _tell_if_silent(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if not self._said_silent and not QMediaDevices.audioOutputs():
            self._said_silent = True
            self.noticed.emit(
                self.tr("No loudspeaker or headphones were found, so playback is silent.")
            )

    def _go_to(self, ms: int) -> None:
        self._paused_at = None
        if self._player and self._path:
            from PySide6.QtMultimedia import QMediaPlayer

            # On a frame's exact start the backend shows the frame before it.
            self._player.setPosition(self._inside(ms + 1))
            if self._player.mediaStatus() == QMediaPlayer.MediaStatus.LoadingMedia:
                self._wanted_at = ms
            elif self._player.playbackState() == QMediaPlayer.PlaybackState.StoppedState:
                self._player.pause()
            self._anchor = ms
            self._since.invalidate()
        self._show(ms)

    def _inside(self, ms: int) -> int:
        return max(0, min(ms, self._duration) if self._duration else ms)

    def _show(self, ms: int) -> None:
        self._position = ms
        self.moved.emit(ms)

    @Slot()
    def _tick(self) -> None:
        if self._since.isValid():
            run_on = min(self._since.elapsed(), _STALE)
            ms = self._inside(int(self._anchor + run_on * self._rate))
            if ms > self._position:
                self._show(ms)
        if self._stop_at is not None and self._position >= self._stop_at:
            end = self._stop_at
            self.pause()
            self._go_to(end)

    @Slot("qint64")
    def _hear_position(self, ms: int) -> None:
        """Bend our clock towards the player's, which speaks only every 50 ms and not evenly."""
        if not self._is_playing:
            return
        if self._since.isValid():
            expected = self._anchor + self._since.elapsed() * self._rate
            error = ms - expected
            self._anchor = ms if abs(error) > _JUMP else expected + error / 4
        else:
            self._anchor = ms
        self._since.restart()

    @Slot("qint64")
    def _hear_duration(self, ms: int) -> None:
        if ms > 0:
            self._set_duration(ms)

    def _set_duration(self, ms: int) -> None:
        if ms != self._duration:
            self._duration = ms
            self.duration_changed.emit(ms)

    @Slot(bool)
    def _set_has_video(self, has_video: bool) -> None:
        if has_video != self._has_video:
            self._has_video = has_video
            self.has_video_changed.emit(has_video)

    @Slot()
    def _follow_state(self) -> None:
        from PySide6.QtMultimedia import QMediaPlayer

        playing = (
            self._player is not None
            and self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState
        )
        if playing == self._is_playing:
            return
        self._is_playing = playing
        if playing:
            self._ticker.start()
        else:
            self._ticker.stop()
            self._since.invalidate()
        self.playing_changed.emit(playing)

    @Slot()
    def _follow_status(self) -> None:
        from PySide6.QtMultimedia import QMediaPlayer

        if self._player is None:
            return
        status = self._player.mediaStatus()
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            self._stop_at = None
            self._show(self._duration)
        elif status != QMediaPlayer.MediaStatus.LoadingMedia and self._wanted_at is not None:
            wanted, self._wanted_at = self._wanted_at, None
            self._go_to(wanted)

    @Slot(object)
    def _show_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():  # the end of the media sends an empty one
            self.frame.emit(frame)

    @Slot()
    def _fail(self) -> None:
        name = self._path.name if self._path else ""
        self.failed.emit(
            self.tr("{name} cannot be played here; the transcript can still be edited.").format(
                name=name
            )
        )
