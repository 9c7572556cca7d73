"""Turns told apart in windows and linked over them, on recordings whose speakers are known."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from granite_studio.core.document import Span
from granite_studio.engines.base import RATE, TimedWord
from granite_studio.engines.voiceprint import Sound, turns, voices
from granite_studio.pipeline.voices import Linker

WORD_S = 0.35
WINDOW_S = 12.0


def spoken(rttm: Path) -> list[tuple[float, float, str]]:
    """Pieces of the reference, each as long as a word: start, end, who."""
    pieces = []
    for line in rttm.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        start, length = float(fields[3]), float(fields[4])
        edges = np.linspace(start, start + length, max(2, round(length / WORD_S) + 1))
        pieces += [(a, b, fields[7]) for a, b in pairwise(edges.tolist())]
    return sorted(pieces)


def in_windows(pieces: list[tuple[float, float, str]]) -> list[list[tuple[float, float, str]]]:
    windows: list[list[tuple[float, float, str]]] = []
    for piece in pieces:
        if not windows or piece[1] - windows[-1][0][0] > WINDOW_S:
            windows.append([])
        windows[-1].append(piece)
    return windows


def wrong(said: list[tuple[str, str]]) -> float:
    """The share of (name, person) pairs in which the name is not the person's own."""
    own: dict[str, str] = {}
    for (name, person), _ in Counter(said).most_common():
        if name not in own and person not in own.values():
            own[name] = person
    return sum(own.get(name) != person for name, person in said) / len(said)


@pytest.mark.parametrize(
    ("recording", "speakers"),
    [
        ("harbour_interview_a.wav", None),
        ("en_assembled_3spk_a.flac", None),
        ("harbour_festival_a.flac", 3),  # two of its voices sound nearly the same
    ],
)
def test_linking_finds_who_is_who(recording: str, speakers: int | None, shared_data: Path) -> None:
    path = shared_data / "diarization" / recording
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    linker = Linker(speakers=speakers)
    unlinked, keys = [], []
    for window in in_windows(spoken(path.with_suffix(".rttm"))):
        begin, end = window[0][0], window[-1][1]
        sound = Sound(samples[round(begin * RATE) : round(end * RATE)])
        words = [TimedWord(who, a - begin, b - begin) for a, b, who in window]
        told = turns(sound, words)
        span = Span(round(begin * 1000), round(end * 1000))
        linker.name(span, voices(sound, told))
        for turn in told:
            unlinked += [(str(turn.speaker), word.text) for word in turn.words]
            keys += [(span, turn.speaker)] * len(turn.words)
    names = linker.settled().names
    linked = [(names[key], person) for key, (_, person) in zip(keys, unlinked, strict=True)]
    assert len(set(names.values())) == len({person for _, person in linked}) == 3
    assert wrong(linked) < 0.1
    assert wrong(unlinked) > 0.3
