"""What becomes of a film's own tracks and pictures when subtitles are put into it by ffmpeg."""

import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from granite_studio.media.mastering import mastering

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
SRT = "1\n00:00:00,100 --> 00:00:00,900\n{}\n"


def ffmpeg(*arguments):
    quiet = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    done = subprocess.run([*quiet, *map(str, arguments)], capture_output=True, check=True)
    return done.stdout.decode()


def has_encoder(name: str) -> bool:
    listed = subprocess.run(["ffmpeg", "-v", "quiet", "-encoders"], capture_output=True)
    return f" {name} ".encode() in listed.stdout


def film(path: Path, *options, sound: bool = True) -> Path:
    source = ["-f", "lavfi", "-i", "color=c=gray:size=160x96:rate=25:duration=1"]
    if sound:
        source += ["-f", "lavfi", "-i", "sine=duration=1"]
    ffmpeg(*source, *options, path)
    return path


@pytest.fixture
def prores(tmp_path):
    sound = ("-c:a", "pcm_s24le", "-timecode", "10:00:00:00")
    return film(tmp_path / "camera.mov", "-c:v", "prores_ks", *sound)


@pytest.fixture
def h264(tmp_path):
    return film(tmp_path / "film.mkv", "-c:v", "libx264", "-c:a", "flac")


def subtitles(path: Path, text: str = "Yes.") -> Path:
    path.write_text(SRT.format(text), encoding="utf-8")
    return path


def streams(path: Path) -> list[dict]:
    with av.open(str(path)) as container:
        return [
            {
                "type": stream.type,
                "codec": stream.codec_context and stream.codec_context.codec.canonical_name,
                "language": stream.language,
                "title": stream.metadata.get("handler_name"),
                "timecode": {k.lower(): v for k, v in stream.metadata.items()}.get("timecode"),
                "picture": getattr(stream.codec_context, "pix_fmt", None),
                "curve": getattr(stream.codec_context, "color_trc", None),
                "fields": getattr(stream.codec_context, "field_order", None),
            }
            for stream in container.streams
        ]


def facts(path: Path, kind: str, name: str) -> list:
    return [stream[name] for stream in streams(path) if stream["type"] == kind]


def track_text(path: Path, place: int = 0) -> str:
    return ffmpeg("-i", path, "-map", f"0:s:{place}", "-f", "srt", "-").split("\n", 2)[2].strip()


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv"])
def test_tracks_that_are_there_stay_beside_the_new_one(command, h264, tmp_path, kind):
    first, second = tmp_path / f"first.{kind}", tmp_path / f"second.{kind}"
    german, hebrew = subtitles(tmp_path / "de.srt", "Ja."), subtitles(tmp_path / "he.srt", "כן")

    assert command("burn", h264, german, "-o", first, "--track", "--language", "de")[0] == 0
    code, _, told = command("burn", first, hebrew, "-o", second, "--track", "--language", "he-IL")

    assert (code, told) == (0, "")
    assert [track_text(second, place) for place in (0, 1)] == ["Ja.", "כן"]
    german_code, hebrew_code = facts(second, "subtitle", "language")
    assert german_code in ("deu", "ger")
    assert hebrew_code == "heb"


def test_a_track_of_the_same_language_stays_unless_it_is_replaced(command, h264, tmp_path):
    first, both, one = (tmp_path / f"{name}.mp4" for name in ("first", "both", "one"))
    old, new = subtitles(tmp_path / "a.srt", "Old."), subtitles(tmp_path / "b.srt", "New.")
    command("burn", h264, old, "-o", first, "--track", "--language", "pt")

    _, _, told = command("burn", first, new, "-o", both, "--track", "--language", "pt-BR")
    assert "In the same language a track is there and stays: por (mov_text)." in told
    assert facts(both, "subtitle", "language") == ["por", "por"]

    way = ("--track", "--language", "pt-BR", "--replace-track")
    _, _, told = command("burn", first, new, "-o", one, *way)
    assert "The new track stands in the place of por (mov_text)." in told
    assert facts(one, "subtitle", "language") == ["por"]
    assert track_text(one) == "New."


def test_tracks_keep_looks_and_fonts_in_matroska_and_lose_them_with_a_word_in_mp4(
    command, h264, tmp_path
):
    signs, styled = tmp_path / "signs.ass", tmp_path / "styled.mkv"
    command("convert", subtitles(tmp_path / "a.srt"), signs)
    (tmp_path / "a.ttf").write_bytes(b"a font")
    font = ("-attach", tmp_path / "a.ttf", "-metadata:s:t", "mimetype=font/ttf")
    named = ("-metadata:s:s", "title=Signs", "-metadata:s:s", "language=fre")
    ffmpeg("-i", h264, "-i", signs, "-c", "copy", *named, *font, styled)
    more = subtitles(tmp_path / "b.srt")

    kept, plain = tmp_path / "kept.mkv", tmp_path / "plain.mp4"
    assert command("burn", styled, more, "-o", kept, "--track", "--language", "de")[2] == ""
    _, _, told = command("burn", styled, more, "-o", plain, "--track", "--language", "de")

    assert facts(kept, "subtitle", "codec") == ["ass", "subrip"]
    assert facts(kept, "attachment", "type") == ["attachment"]
    assert facts(plain, "subtitle", "codec") == ["mov_text", "mov_text"]
    assert facts(plain, "subtitle", "title")[0] == "Signs"
    assert "Tracks that keep no colours and places in .mp4: fra (ass, “Signs”)." in told


def test_tracks_do_not_lie_over_what_is_burnt_in(command, h264, tmp_path):
    first, burnt = tmp_path / "first.mkv", tmp_path / "burnt.mkv"
    text = subtitles(tmp_path / "a.srt")
    command("burn", h264, text, "-o", first, "--track", "--language", "ja")
    _, _, told = command("burn", first, text, "-o", burnt)
    assert facts(burnt, "subtitle", "language") == []
    assert "Left out, so that they do not lie over the new subtitles: the tracks jpn" in told


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv", "webm"])
def test_a_backslash_is_no_line_break(command, tmp_path, kind):
    codec = "libvpx" if kind == "webm" else "libx264"
    source = film(tmp_path / f"film.{kind}", "-c:v", codec, sound=False)
    text, out = r"C:\New\notes\how", tmp_path / f"out.{kind}"
    code, _, _ = command("burn", source, subtitles(tmp_path / "a.srt", text), "-o", out, "--track")
    assert code == 0
    assert track_text(out).replace("\u2060", "") == text


@pytest.mark.parametrize(
    ("kind", "tag", "written"),
    [
        ("mp4", "pt-BR", "por"),
        ("mp4", "fil", "fil"),
        ("mkv", "zh-Hant", "chi"),
        ("mov", "sv", "sve"),
        ("mov", "nl", "dut"),
    ],
)
def test_a_track_names_its_language(command, tmp_path, kind, tag, written):
    source, out = film(tmp_path / "film.mp4", sound=False), tmp_path / f"out.{kind}"
    way = ("--track", "--language", tag)
    assert command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out, *way)[2] == ""
    [found] = facts(out, "subtitle", "language")
    assert found in (written, "zho" if written == "chi" else written)


def test_a_language_that_cannot_be_named_is_said(command, tmp_path):
    source, text = film(tmp_path / "film.mp4", sound=False), subtitles(tmp_path / "a.srt")
    out = tmp_path / "out.mov"
    code, _, told = command("burn", source, text, "-o", out, "--track", "--language", "german")
    assert code == 2
    assert told == (
        "granite-studio: 'german' is no tag of a language; give one as de, pt-BR or fil.\n"
    )
    code, _, told = command("burn", source, text, "-o", out, "--replace-track")
    assert (code, told) == (2, "granite-studio: --replace-track is about tracks; add --track.\n")
    assert not out.exists()
    code, _, told = command("burn", source, text, "-o", out, "--track", "--language", "fil")
    assert code == 0
    assert "names no language: .mov has no code for 'fil'." in told


def test_sound_of_a_camera_becomes_aac_and_the_timecode_stays(command, prores, tmp_path):
    for kind in ("mp4", "mov", "mkv"):
        out = tmp_path / f"out.{kind}"
        code, _, told = command("burn", prores, subtitles(tmp_path / "a.srt"), "-o", out)
        assert code == 0
        is_held = kind != "mp4"
        assert facts(out, "audio", "codec") == ["pcm_s24le" if is_held else "aac"]
        assert (
            "The sound (pcm_s24le) becomes AAC, since .mp4 does not hold it" in told
        ) != is_held
        assert "The pictures have 10 bits a colour and get 8, as all players show." in told
        assert facts(out, "video", "timecode") == ["10:00:00:00"]
        assert facts(out, "data", "timecode") == (["10:00:00:00"] if kind != "mkv" else [])


@pytest.mark.parametrize(
    ("kind", "codec", "becomes"),
    [("mov", "aac", "AAC"), ("mkv", "flac", ""), ("mp4", "aac", "AAC")],
)
def test_lossless_sound_is_kept_where_it_can_be(command, h264, tmp_path, kind, codec, becomes):
    out = tmp_path / f"out.{kind}"
    code, _, told = command("burn", h264, subtitles(tmp_path / "a.srt"), "-o", out, "--track")
    assert code == 0
    assert facts(out, "audio", "codec") == [codec]
    assert (f"The sound (flac) becomes {becomes}" in told) == bool(becomes)


@pytest.mark.skipif(not has_encoder("libopus"), reason="this ffmpeg has no Opus")
def test_sound_becomes_opus_in_webm(command, tmp_path):
    source = film(tmp_path / "film.mkv", "-c:v", "libvpx", "-c:a", "flac")
    out = tmp_path / "out.webm"
    text = subtitles(tmp_path / "a.srt")
    code, _, told = command("burn", source, text, "-o", out, "--track", "--language", "en")
    assert code == 0
    assert facts(out, "audio", "codec") == ["opus"]
    assert "The sound (flac) becomes Opus, since .webm does not hold it as it is." in told


def test_pictures_that_a_file_cannot_hold_are_named(command, prores, h264, tmp_path):
    text = subtitles(tmp_path / "a.srt")
    for source, out, reason in (
        (prores, "a.mp4", ".mp4 cannot hold prores; end the name in .mkv or .mov."),
        (h264, "a.webm", ".webm cannot hold pictures other than VP8, VP9 and AV1; end the name"),
    ):
        code, _, told = command("burn", source, text, "-o", tmp_path / out, "--track")
        assert code == 2
        assert f"ffmpeg could not make “{out}”: {reason}" in told
        assert not (tmp_path / out).exists()


def brightest(path: Path) -> int:
    """The brightest of 10 bits in the middle of a film."""
    with av.open(str(path)) as container:
        *_, frame = (frame for frame in container.decode(video=0) if frame.time <= 0.5)
        return int(np.frombuffer(frame.planes[0], np.uint16).max())


PARAMETERS = "log-level=error:colorprim=bt2020:colormatrix=bt2020nc:transfer"


@pytest.mark.skipif(not has_encoder("libx265"), reason="this ffmpeg has no H.265")
@pytest.mark.parametrize(
    ("name", "transfer", "number"), [("PQ", "smpte2084", 16), ("HLG", "arib-std-b67", 18)]
)
def test_hdr_stays_hdr(command, tmp_path, name, transfer, number):
    curve = ("-color_trc", transfer, "-color_primaries", "bt2020", "-colorspace", "bt2020nc")
    form = ("-pix_fmt", "yuv420p10le", "-x265-params", f"{PARAMETERS}={transfer}")
    source = film(tmp_path / "hdr.mp4", "-c:v", "libx265", *form, *curve, sound=False)
    text = subtitles(tmp_path / "a.srt", "████")
    kept, poor = tmp_path / "kept.mp4", tmp_path / "poor.m4v"

    _, _, told = command("burn", source, text, "-o", kept)
    assert f"The pictures stay {name} with 10 bits a colour, as H.265." in told
    assert facts(kept, "video", "picture") == ["yuv420p10le"]
    assert facts(kept, "video", "curve") == [number]
    assert brightest(kept) == pytest.approx(572 if name == "PQ" else 720, abs=12)

    _, _, told = command("burn", source, text, "-o", poor)
    assert f"The pictures stay {name}, but with 8 bits a colour; .mp4 keeps 10." in told
    assert facts(poor, "video", "picture") == ["yuv420p"]


@pytest.mark.skipif(not has_encoder("libx265"), reason="this ffmpeg has no H.265")
def test_what_hdr_films_say_of_their_display_stays(command, tmp_path):
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    said = f"{PARAMETERS}=smpte2084:hdr10=1:master-display={display}:max-cll=1000,400"
    curve = ("-color_trc", "smpte2084", "-pix_fmt", "yuv420p10le", "-x265-params", said)
    source = film(tmp_path / "hdr.mp4", "-c:v", "libx265", *curve, sound=False)
    out = tmp_path / "out.mp4"
    assert command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out)[0] == 0
    with av.open(str(source)) as before, av.open(str(out)) as after:
        first, second = (next(container.decode(video=0)) for container in (before, after))
        assert (
            mastering(second) == mastering(first) == f"master-display={display}:max-cll=1000,400"
        )


def test_interlaced_pictures_stay_interlaced(command, tmp_path):
    fields = ("-vf", "setfield=tff", "-flags", "+ildct+ilme", "-c:v", "libx264")
    source = film(tmp_path / "tv.mkv", *fields, sound=False)
    out = tmp_path / "out.mp4"
    code, _, told = command("burn", source, subtitles(tmp_path / "a.srt"), "-o", out)
    assert (code, told) == (0, "")
    assert set(facts(out, "video", "fields")) <= {2, 4}
    with av.open(str(out)) as container:
        assert {frame.interlaced_frame for frame in container.decode(video=0)} == {True}
