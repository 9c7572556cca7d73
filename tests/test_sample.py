"""The sample interview and the truth about it, which only the tests may read, say the same."""

import json
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

TRUTH = Path(__file__).parent / "data" / "sample"


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    with as_file(files("granite_studio.resources") / "samples" / "interview.flac") as path:
        samples, rate = soundfile.read(path, dtype="float32")
    assert (rate, samples.ndim) == (16_000, 1)
    return samples


@pytest.fixture(scope="module")
def words() -> list[tuple[str, float, float]]:
    lines = [line.split() for line in (TRUTH / "interview.ctm").read_text().splitlines()]
    return [
        (text, float(start), float(start) + float(length)) for _, _, start, length, text in lines
    ]


def test_the_sample_lasts_about_three_minutes(sound):
    assert 165 < len(sound) / 16_000 < 195


def test_the_words_are_those_of_the_script(words):
    script = (TRUTH / "script.txt").read_text()
    said = " ".join(line.split(": ", 1)[1] for line in script.splitlines())
    assert [text for text, _, _ in words] == [word.strip(".,?!").lower() for word in said.split()]


def test_the_words_follow_one_another_up_to_a_second_before_the_end(sound, words):
    times = [time for _, start, end in words for time in (start, end)]
    assert all(later > earlier - 0.002 for earlier, later in pairwise(times))
    assert words[-1][0] == "down"
    assert 0.9 < len(sound) / 16_000 - words[-1][2] < 1.2


def test_every_word_is_loud_and_every_pause_is_quiet(sound, words):
    said = [level(sound, start, end) for _, start, end in words]
    pauses = [
        level(sound, end + 0.06, start - 0.06)
        for (_, _, end), (_, start, _) in pairwise(words)
        if start - end > 0.25
    ]
    assert len(pauses) >= 40
    assert min(said) > -40
    assert max(pauses) < -60


def test_after_a_pause_the_sound_begins_where_the_first_word_does(sound, words):
    onsets = []
    for (_, _, end), (_, start, _) in pairwise(words):
        if start - end > 0.25:
            frames = np.arange(start - 0.1, start + 0.2, 0.005)
            onsets.append(next(t for t in frames if level(sound, t, t + 0.01) > -50) - start)
    assert abs(np.median(onsets)) < 0.02
    assert max(map(abs, onsets)) < 0.12


def test_the_two_voices_take_turns_with_a_pause_between_them(words):
    rows = [line.split() for line in (TRUTH / "interview.rttm").read_text().splitlines()]
    turns = [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows]
    assert [who for _, _, who in turns] == ["HELEN", "THOMAS"] * (len(turns) // 2)
    pauses = [b - a for (_, a, _), (b, _, _) in pairwise(turns)]
    assert min(pauses) >= 0.39
    assert max(pauses) <= 1.21
    assert (turns[0][0], turns[-1][1]) == pytest.approx((words[0][1], words[-1][2]), abs=0.002)


def test_the_word_list_with_speakers_agrees_with_the_plain_one(words):
    rows = json.loads((TRUTH / "interview.words.json").read_text())["words"]
    assert [(row["w"].strip(".,?!").lower(), row["start"]) for row in rows] == [
        (text, start) for text, start, _ in words
    ]
    assert {row["speaker"] for row in rows} == {"HELEN", "THOMAS"}


def level(sound: np.ndarray, start: float, end: float) -> float:
    """Loudness of a stretch (seconds) in dB below full scale."""
    part = sound[round(start * 16_000) : round(end * 16_000)]
    return float(20 * np.log10(np.sqrt(np.mean(np.square(part))) + 1e-9))
