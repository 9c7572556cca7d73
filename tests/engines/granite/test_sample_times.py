import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from granite_studio.engines.granite.alignment import align_all
from granite_studio.engines.granite.checkpoint import inspect, load
from granite_studio.engines.granite.conformer import emissions, encode
from granite_studio.engines.granite.device import Device
from granite_studio.engines.granite.features import RATE, log_mel

ROOT = Path(__file__).parents[3]
PLUS = ROOT / "tests/data/checkpoints/plus"
PAUSE_S = 0.2
WINDOW_S = 15.0


@pytest.fixture(scope="module")
def windows():
    """The sample cut in pauses: the start of each window and the words in it."""
    words = json.loads((ROOT / "tests/data/sample/interview.words.json").read_text())["words"]
    found, begin, start = [], 0, 0.0
    for number, word in enumerate(words):
        after = words[number + 1]["start"] if number + 1 < len(words) else word["end"] + PAUSE_S
        if after - word["end"] >= PAUSE_S and (
            word["end"] - start > WINDOW_S or number + 1 == len(words)
        ):
            found.append((start, words[begin : number + 1]))
            begin, start = number + 1, (word["end"] + after) / 2
    return found


@pytest.fixture(scope="module")
def heard(windows):
    """What the tiny Plus model's encoder heard in each window."""
    sound = soundfile.read(ROOT / "resources/samples/interview.flac", dtype="float32")[0]
    ends = [*(start for start, _ in windows[1:]), len(sound) / RATE]
    clips = [
        sound[round(start * RATE) : round(end * RATE)]
        for (start, _), end in zip(windows, ends, strict=True)
    ]
    encoder = load(inspect(PLUS), Device("cpu", "float32", 1)).model.model.encoder
    encoded = encode(encoder, log_mel(clips, "cpu"), middle=len(encoder.layers) // 2)
    return [emissions(encoded, row) for row in range(len(clips))]


def errors(windows, aligned):
    """By how many seconds words' starts and ends are wrong."""
    pairs = [
        (word, start, truth)
        for words, (start, truths) in zip(aligned, windows, strict=True)
        for word, truth in zip(words, truths, strict=True)
    ]
    starts = [abs(start + word.start_s - truth["start"]) for word, start, truth in pairs]
    ends = [abs(start + word.end_s - truth["end"]) for word, start, truth in pairs]
    return np.array(starts), np.array(ends)


def test_the_samples_words_are_timed_to_some_hundredths_of_a_second(windows, heard):
    texts = [[word["w"] for word in words] for _, words in windows]
    aligned = align_all(list(zip(texts, heard, strict=True)))
    for wrong in errors(windows, aligned):
        assert np.median(wrong) < 0.06
        assert np.percentile(wrong, 90) < 0.15
    assert np.median([word.confidence for words in aligned for word in words]) > 0.8


def test_words_that_were_not_said_are_not_believed_and_move_no_others(windows, heard):
    texts = [[word["w"] for word in words] for _, words in windows]
    for words in texts:
        words[3::7] = ["elephant"] * len(words[3::7])
    aligned = align_all(list(zip(texts, heard, strict=True)))
    wrong = np.array([word.confidence for words in aligned for word in words[3::7]])
    assert np.percentile(wrong, 90) < 0.1
    starts, _ = errors(windows, aligned)
    assert np.percentile(starts, 90) < 0.15
