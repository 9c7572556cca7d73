"""Broken and odd recordings through the command line: a sentence and exit 2, or a right result."""

import json

import pytest

from granite_studio import formats
from granite_studio.pipeline.evaluate import score

REFUSED = (
    "made/zero_bytes.wav",
    "made/text_named.wav",
    "made/truncated_no_moov.mp4",
    "made/video_without_audio.mp4",
    "made/wrong_rate_in_header.wav",
    "made/random_bytes.ogg",
    "pocketsphinx/evil.wav",
    "scipy/test-44100Hz-le-1ch-4bytes-early-eof-no-data.wav",
    "muxjs/malformed-sei.m4s",
    "aeneas/p001.empty",
    "taglib/64bit.mp4",
    "mp4parse/clusterfuzz-testcase-minimized-mp4-6093954524250112",
)
SILENT = ("made/silence_10s.wav", "made/sine_6s.mp3", "made/ten_ms.wav")
SPOKEN = (
    "made/stereo_phase_inverted.wav",
    "made/stereo_right_only.wav",
    "made/surround_5.1.flac",
    "made/very_quiet_-50dB.wav",
    "made/transport_stream.ts",
    "made/two_audio_one_subtitle.mkv",
    "made/video_29.97_drop.mp4",
    "made/rate_192000.flac",
)


@pytest.fixture
def bad(shared_data):
    return shared_data / "badmedia"


def there(bad, name):
    path = bad / name
    if not path.exists():
        pytest.skip(f"{name} is not among the shared files")
    return path


@pytest.mark.parametrize("name", REFUSED)
def test_what_holds_no_sound_is_refused_with_a_sentence(command, bad, tmp_path, name):
    out = tmp_path / "a.srt"
    code, printed, err = command("transcribe", there(bad, name), "-o", out)
    assert (code, printed) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert not out.exists()


@pytest.mark.parametrize("name", SILENT)
def test_sound_without_speech_gives_no_invented_text(command, bad, tmp_path, name):
    out = tmp_path / "a.srt"
    code, _, err = command("transcribe", there(bad, name), "-o", out)
    assert code == 1
    assert "No speech was found" in err
    assert formats.load(out).cues == ()


@pytest.mark.parametrize("name", SPOKEN)
def test_speech_is_heard_however_it_is_packed(command, bad, tmp_path, shared_data, name):
    out = tmp_path / "a.json"
    code, printed, _ = command("transcribe", there(bad, name), "-o", out, "--json")
    summary = json.loads(printed)
    assert code == 0
    assert summary["duration_ms"] == pytest.approx(11_000, abs=200)
    words = list(formats.load(out).words())
    reference = (shared_data / "speech" / "en_jfk_11s.txt").read_text("utf-8")
    # The draft engine makes errors of its own; text of another sound would share a word or two.
    assert score(reference, " ".join(word.text for word in words)).hits >= 9
    assert words[0].start < 1500
    assert words[-1].end > 9000
