"""What each kind of video file can hold, and what is said of the rest."""

import os
from pathlib import Path

import pytest

from granite_studio.media.burning import Burning, changes
from granite_studio.media.kinds import (
    held,
    held_beside,
    timecode_in,
    told_of_sound,
    told_of_subtitles,
    told_of_timecode,
)
from granite_studio.media.values import AudioTrack, MediaInfo, SubtitleTrack, VideoInfo

PGS = SubtitleTrack(2, "hdmv_pgs_subtitle", "fre")
GERMAN = SubtitleTrack(3, "subrip", "ger", "Kom\tmentar")
UNKNOWN = SubtitleTrack(4, "")


def info(*subtitles, sound=("aac",), **video) -> MediaInfo:
    tracks = tuple(AudioTrack(place, codec, 2, 48_000) for place, codec in enumerate(sound, 1))
    picture = VideoInfo("h264", 1920, video.pop("height", 1080), 25.0, **video)
    return MediaInfo("mkv", 1000, 0, tracks, picture, tuple(subtitles), "10:00:00:00")


def marked(timecode: str, fps: float) -> MediaInfo:
    return MediaInfo("mov", 1000, 0, (), VideoInfo("h264", 1920, 1080, fps), (), timecode)


def told(about: MediaInfo, target: str, *, as_track: bool = True) -> list[str]:
    return changes(Burning(Path("a.mkv"), Path("s"), Path(target), as_track, "fr"), about)


@pytest.mark.parametrize(
    ("kind", "codecs"),
    [
        (".mkv", ["copy", "srt"]),
        (".mp4", ["", "mov_text"]),
        (".mov", ["", "mov_text"]),
        (".webm", ["", "webvtt"]),
    ],
)
def test_tracks_of_pictures_stay_in_matroska_alone(kind, codecs):
    text = SubtitleTrack(3, "mov_text" if kind == ".mkv" else "subrip", "ger")
    tracks = held_beside(info(PGS, text), kind, "en", replaces=False)
    kept = dict(tracks.subtitles)
    assert [kept.get(track, "") for track in (PGS, text)] == codecs


def test_what_is_replaced_is_not_said_to_be_left_out_for_its_kind():
    tracks = held_beside(info(PGS, GERMAN), ".mp4", "fr-CA", replaces=True)
    assert (tracks.replaced, tracks.alike) == ((PGS,), ())
    assert tracks.unheld == ()
    assert [track for track, _ in tracks.subtitles] == [GERMAN]


def test_what_a_file_cannot_hold_is_said_with_names_that_can_be_shown():
    assert told(info(PGS, GERMAN, UNKNOWN), "a.mp4") == [
        "Subtitle tracks that .mp4 cannot hold are left out: fra (hdmv_pgs_subtitle), "
        "und (of an unknown kind).",
        "Tracks that keep no colours and places in .mp4: deu (subrip, “Kommentar”).",
    ]
    assert told(info(), "a.webm") == [
        "The sound (aac) becomes Opus, since .webm does not hold it as it is.",
        ".webm has no place for the timecode (10:00:00:00).",
    ]


@pytest.mark.parametrize(
    ("kind", "timecode", "fps", "written"),
    [
        (".mp4", "01:00:00;00", 24.0, "01:00:00:00"),
        (".mov", "01:00:00;00", 30.0, "01:00:00:00"),
        (".mov", "01:00:00;28", 30000 / 1001, "01:00:00;28"),
        (".mp4", "01:00:00;00", 60000 / 1001, "01:00:00;00"),
        (".mp4", "01:00:00:24", 24.0, ""),
        (".mp4", "01:00:00:00", 0.0, ""),
        (".mkv", "01:00:00;24", 24.0, "01:00:00;24"),
        (".webm", "01:00:00:00", 24.0, ""),
        (".mp4", "", 24.0, ""),
    ],
)
def test_a_timecode_is_written_as_the_rate_of_pictures_counts(kind, timecode, fps, written):
    assert timecode_in(kind, marked(timecode, fps)) == written
    said = told_of_timecode(marked(timecode, fps), kind)
    assert bool(said) == (timecode != written)
    assert ("has no place" in said) == bool(timecode and not written)


def test_why_sound_is_written_anew_is_said_for_each_reason():
    tracks = held(info(sound=("flac", "pcm_s24le", "flac")), ".mp4")
    assert told_of_sound(tracks, ".mp4") == [
        "The sound (flac) becomes AAC, since not every player has it in .mp4.",
        "The sound (pcm_s24le) becomes AAC, since .mp4 does not hold it as it is.",
    ]


def test_forced_tracks_are_not_replaced():
    forced, full = (SubtitleTrack(n, "subrip", "fre", is_forced=n == 2) for n in (2, 3))
    tracks = held_beside(info(forced, full, GERMAN), ".mkv", "fr", replaces=True)
    assert [track for track, _ in tracks.subtitles] == [forced, GERMAN]
    assert tracks.can_replace
    assert not held_beside(info(forced), ".mkv", "fr", replaces=False).can_replace
    assert told_of_subtitles(tracks, ".mkv", replaces=True) == [
        "The new track stands in the place of fra (subrip).",
        "In the same language a track is there and stays: fra (subrip, forced).",
    ]


def test_it_is_said_where_no_track_is_replaced():
    said = "No track in this language is there to be replaced."
    tracks = held_beside(info(GERMAN), ".mkv", "fr", replaces=True)
    assert told_of_subtitles(tracks, ".mkv", replaces=True) == [said]
    assert told_of_subtitles(tracks, ".mkv", replaces=False) == []
    assert not tracks.can_replace


def test_each_track_of_sound_is_judged_by_itself():
    tracks = held(info(sound=("aac", "pcm_s16le", "pcm_bluray")), ".mov")
    assert [codec for _, codec in tracks.sound] == ["copy", "copy", "aac"]
    tracks = held(info(sound=("flac", "pcm_bluray")), ".mkv")
    assert [codec for _, codec in tracks.sound] == ["copy", "aac"]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_without_its_encoder_hdr_is_said_to_be_poor(tmp_path, monkeypatch):
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho \"Codec 'libx265' is not recognized by FFmpeg.\"\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(info(hdr="HLG", depth=10), "a.mp4", as_track=False) == [
        "The pictures stay HLG, but with 8 bits a colour; an ffmpeg with libx265 keeps 10."
    ]
    assert told(info(is_interlaced=True, height=486), "a.mp4", as_track=False) == [
        "The pictures are interlaced and become progressive."
    ]
