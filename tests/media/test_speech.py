"""Speech detection, held against the package whose model it runs."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import silence, tone

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Span
from granite_studio.media.speech import SpeechDetector, SpeechOptions, spans
from granite_studio.media.values import Speech, SpeechProgress

FRAME_MS = 32

ORACLE = """
import json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from silero_vad import load_silero_vad, get_speech_timestamps
model = load_silero_vad(onnx=True)
found = {}
for path in sys.argv[1:]:
    sound = np.load(path).astype(np.float32) / 32768
    import torch
    found[path] = get_speech_timestamps(torch.from_numpy(sound), model)
print(json.dumps(found))
"""

RULES = """
import json, sys, types
import numpy as np
from silero_vad.utils_vad import get_speech_timestamps_from_probs as judge
print(json.dumps([judge(p, audio_length_samples=n) for p, n in json.load(sys.stdin)]))
"""


def hear(reader, path):
    *progress, last = reader.speech(path, CancelToken())
    assert all(isinstance(event, SpeechProgress) for event in progress)
    assert isinstance(last, Speech)
    return last


def test_importing_it_loads_neither_the_package_nor_torch():
    code = (
        "import sys, numpy as np; from granite_studio.media.speech import SpeechDetector;"
        "d = SpeechDetector(); d.feed(np.zeros(99999, dtype=np.int16)); d.finish();"
        "print([m for m in sys.modules if m in ('torch', 'silero_vad')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.timeout(300)
def test_spans_are_those_of_the_package_itself(reader, shared_data, tmp_path):
    names = ["en_jfk_11s.flac", "en_libri_2412_erewhon.flac", "en_sonnet1_librivox.mp3"]
    names += ["en_brooklyn_silence_padded.wav", "fr_ej_34s.m4a", "ja_leopard.wav"]
    ours = {}
    for name in names:
        path = shared_data / "speech" / name
        *blocks, _ = reader.sound(path, CancelToken())
        file = tmp_path / f"{name}.npy"
        np.save(file, np.concatenate([block.samples for block in blocks]))
        ours[str(file)] = hear(reader, path).spans
    shown = subprocess.run(
        [sys.executable, "-c", ORACLE, *ours], capture_output=True, text=True, check=True
    )
    for file, theirs in json.loads(shown.stdout).items():
        assert len(theirs) == len(ours[file]) > 0, file
        for span, their in zip(ours[file], theirs, strict=True):
            assert span.start == pytest.approx(their["start"] / 16, abs=FRAME_MS), file
            assert span.end == pytest.approx(their["end"] / 16, abs=FRAME_MS), file


@pytest.mark.timeout(300)
def test_the_rules_are_those_of_the_package_for_any_probabilities():
    chance = np.random.default_rng(7)
    cases = []
    for _ in range(300):
        frames = int(chance.integers(0, 120))
        steady = np.repeat(chance.random(frames // 3 + 1), 3)[:frames]
        probabilities = np.clip(steady + chance.normal(0, 0.1, frames), 0, 1).astype(np.float32)
        cases.append((probabilities.tolist(), max(0, frames * 512 - int(chance.integers(0, 512)))))
    shown = subprocess.run(
        [sys.executable, "-c", RULES],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    for (probabilities, count), theirs in zip(cases, json.loads(shown.stdout), strict=True):
        found = spans(np.array(probabilities, dtype=np.float32), count)
        assert found == tuple(Span(t["start"] // 16, t["end"] // 16) for t in theirs)


def test_how_sound_is_portioned_changes_nothing():
    chance = np.random.default_rng(3)
    sound = np.concatenate((tone(5), chance.integers(-3000, 3000, 300_001).astype(np.int16)))

    def judge(size):
        detector = SpeechDetector()
        parts = [detector.feed(sound[at : at + size]) for at in range(0, len(sound), size)]
        return np.concatenate([*parts, detector.finish()])

    whole = judge(len(sound))
    assert len(whole) == -(-len(sound) // 512)
    for size in (1, 512, 16_000, 131_072)[1:]:
        assert np.allclose(judge(size), whole, atol=1e-5)


def test_no_sound_has_no_speech():
    detector = SpeechDetector()
    assert len(detector.finish()) == 0
    assert spans(np.zeros(0, dtype=np.float32), 0) == ()


@pytest.mark.parametrize("name", ["silence_10s.wav", "sine_6s.mp3", "ten_ms.wav"])
def test_silence_and_tones_are_no_speech(reader, shared_data, name):
    assert hear(reader, shared_data / "badmedia" / "made" / name).spans == ()


def test_speech_after_a_minute_of_silence_stands_where_it_is(reader, shared_data):
    made = shared_data / "badmedia" / "made"
    early = hear(reader, made / "au.au").spans
    late = hear(reader, made / "long_silence_then_speech.flac").spans
    assert len(early) == len(late)
    for one, other in zip(early, late, strict=True):
        assert other.start - one.start == pytest.approx(60_000, abs=FRAME_MS)


def test_levels_and_end_belong_to_the_same_recording(reader, make_wav):
    speech = hear(reader, make_wav(np.concatenate((tone(2), silence(1.01)))))
    assert len(speech.levels) == -(-int(3.01 * 16_000) // 512)
    assert speech.levels[0] < 20
    assert speech.levels[-1] == 120
    assert speech.end.duration_ms == 3010


def test_options_change_what_counts():
    probabilities = np.array([0.1] * 20 + [0.6] * 20 + [0.1] * 20, dtype=np.float32)
    assert spans(probabilities, 60 * 512) == (Span(610, 1310),)
    assert spans(probabilities, 60 * 512, SpeechOptions(pad=200)) == (Span(440, 1480),)
    assert spans(probabilities, 60 * 512, SpeechOptions(threshold=0.7)) == ()
    assert spans(probabilities, 60 * 512, SpeechOptions(min_speech=700)) == ()


@given(st.lists(st.floats(0, 1, width=32), max_size=200), st.integers(0, 300))
def test_spans_are_in_order_apart_and_inside(probabilities, pad):
    judged = np.array(probabilities, dtype=np.float32)
    found = spans(judged, len(judged) * 512, SpeechOptions(pad=pad))
    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(judged) * 32 for edge in edges)
