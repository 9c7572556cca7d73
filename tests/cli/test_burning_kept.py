"""What a film keeps when subtitles are put into it: its fields, channels, flags and timecode."""

import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from tests.cli.test_burning_tracks import facts, ffmpeg, film, has_encoder, subtitles

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
BARS = "geq=lum='if(lt(mod(X-8*N,80),40),235,16)':cb=128:cr=128"


def fields(path: Path, height: int, *options, curve: str = "bt709") -> Path:
    """Bars that move from each field to the next, the upper field first."""
    source = f"color=size=160x{height}:rate=50:duration=0.6,{BARS},interlace=lowpass=off"
    marked = f"setparams=field_mode=tff:color_trc={curve}"
    ffmpeg("-f", "lavfi", "-i", source, "-vf", marked, "-color_trc", curve, *options, path)
    return path


def combing(path: Path) -> float:
    """How far lines in the upper third of a picture differ from both neighbours."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    gray = frames[len(frames) // 2].to_ndarray(format="gray").astype(int)
    upper = gray[: len(gray) // 3]
    return float(np.abs(2 * upper[1:-1] - upper[:-2] - upper[2:]).mean())


@pytest.mark.parametrize(
    ("height", "curve"),
    [
        (486, "bt709"),
        pytest.param(
            96,
            "smpte2084",
            marks=pytest.mark.skipif(not has_encoder("libx265"), reason="no H.265 here"),
        ),
    ],
)
def test_pictures_that_become_progressive_are_not_combed(command, tmp_path, height, curve):
    camera, out = ("-c:v", "prores_ks", "-flags", "+ildct"), tmp_path / "out.mp4"
    source = fields(tmp_path / "tv.mov", height, *camera, curve=curve)

    code, _, told = command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out)

    assert code == 0
    assert "The pictures are interlaced and become progressive." in told
    assert ("The pictures stay PQ with 10 bits a colour" in told) == (curve == "smpte2084")
    assert combing(out) < combing(source) / 4
    with av.open(str(out)) as container:
        shown = [frame.interlaced_frame for frame in container.decode(video=0)]
    assert shown == [False] * 15


def test_fields_that_stay_are_not_mixed(command, tmp_path):
    flags = ("-c:v", "libx264", "-flags", "+ildct+ilme")
    source, out = fields(tmp_path / "tv.mkv", 96, *flags), tmp_path / "out.mp4"
    assert command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out)[2] == ""
    assert combing(out) > combing(source) * 0.9


@pytest.mark.skipif(not has_encoder("libopus"), reason="this ffmpeg has no Opus")
@pytest.mark.parametrize(
    ("channels", "layout"), [("5.1(side)", "5.1"), ("mono", "mono"), ("5.0(side)", "5.0")]
)
def test_sound_around_becomes_opus(command, tmp_path, channels, layout):
    sound = ("-af", f"aformat=channel_layouts={channels}", "-c:a", "ac3")
    named = ("-metadata:s:a", "language=fre", "-metadata:s:a", "title=Hall")
    source = film(tmp_path / "film.mkv", "-c:v", "libvpx", *sound, *named)
    out, text = tmp_path / "out.webm", subtitles(tmp_path / "a.srt")

    code, _, told = command("burn", source, text, "-o", out, "--track", "--language", "en")

    assert code == 0, told
    with av.open(str(source)) as before, av.open(str(out)) as after:
        assert before.streams.audio[0].layout.name == channels
        [track] = after.streams.audio
        assert track.codec_context.codec.canonical_name == "opus"
        assert track.layout.name == layout
        assert track.language in ("fre", "fra")
        assert track.metadata["title"] == "Hall"


def flags_of(path: Path) -> list[tuple[str, set]]:
    """The first letters of each track's language, and its flags."""
    with av.open(str(path)) as container:
        return [
            (track.language[:2], {flag.name for flag in track.disposition})
            for track in container.streams.subtitles
        ]


def test_a_new_track_is_the_default_where_the_replaced_one_was(command, tmp_path):
    film_only, text = film(tmp_path / "film.mkv", sound=False), subtitles(tmp_path / "a.srt")
    source, out = tmp_path / "tracks.mkv", tmp_path / "out.mkv"
    inputs = [word for _ in range(3) for word in ("-i", text)]
    maps = [word for place in range(4) for word in ("-map", place)]
    languages = [
        word
        for place, code in enumerate(("fre", "fre", "fin"))
        for word in (f"-metadata:s:s:{place}", f"language={code}")
    ]
    flags = ("-disposition:s:0", "forced", "-disposition:s:1", "default", "-disposition:s:2", "0")
    ffmpeg("-i", film_only, *inputs, *maps, "-c", "copy", *languages, *flags, source)

    way = ("--track", "--language", "fr", "--replace-track")
    code, _, told = command("burn", source, text, "-o", out, *way)

    assert code == 0
    assert flags_of(out) == [("fr", {"forced"}), ("fi", set()), ("fr", {"default"})]
    assert "In the same language a track is there and stays: fra (subrip, forced)." in told

    command("burn", source, text, "-o", tmp_path / "beside.mkv", "--track", "--language", "en")
    assert [flags for _, flags in flags_of(tmp_path / "beside.mkv")] == [
        *({"forced"}, {"default"}, set(), set())
    ]
    _, _, told = command("burn", film_only, text, "-o", tmp_path / "new.mkv", *way)
    assert "No track in this language is there to be replaced." in told


@pytest.mark.parametrize("kind", ["mp4", "mov"])
@pytest.mark.parametrize("way", [(), ("--track",)])
@pytest.mark.parametrize(
    ("rate", "timecode", "written"),
    [
        ("24", "01:00:00;00", ["01:00:00:00"]),
        ("30000/1001", "01:00:00;02", ["01:00:00;02"]),
        ("24", "01:00:00:24", []),
    ],
)
def test_a_timecode_is_kept_or_missed(command, tmp_path, kind, way, rate, timecode, written):
    marked = ("-r", rate, "-metadata", f"timecode={timecode}")
    source = film(tmp_path / "film.mkv", *marked, sound=False)
    out = tmp_path / f"out.{kind}"
    code, _, told = command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out, *way)
    assert code == 0
    assert facts(out, "data", "timecode") == written
    assert (f".{kind} has no place for the timecode ({timecode})." in told) == (not written)
