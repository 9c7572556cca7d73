"""Voices are compared by what tells the people of a recording apart: sound, encoder, or both."""

import numpy as np
import pytest

from granite_studio.core.document import Span
from granite_studio.engines.base import Half, Voice
from granite_studio.engines.voiceprint import ALIKE
from granite_studio.pipeline.comparing import FEWEST, vectors
from granite_studio.pipeline.voices import Linker

COMMON = 40.0
"""What all states of an encoder share is far larger than what parts two people."""


def recording(windows=20, *, sound=0.0, states=0.0, people=2, seconds=6.0):
    """Windows in which these people speak, each label as the person's number; how far their sounds
    and their states lie apart, beside noise of 1."""
    draw = np.random.default_rng(7)
    tones = np.linalg.qr(draw.normal(size=(12, people)))[0].T * sound
    marks = np.linalg.qr(draw.normal(size=(24, people)))[0].T * states

    def heard(person):
        tone = np.append(tones[person] + draw.normal(size=12), 20.0)
        state = COMMON + marks[person] + draw.normal(size=24) / 2
        return (tone / np.linalg.norm(tone)).astype(np.float32), state.astype(np.float32)

    def voice(person):
        one, other = Half(*heard(person)), Half(*heard(person))
        whole = one.vector + other.vector
        return Voice(str(person), whole / np.linalg.norm(whole), seconds, (one, other))

    voices = [voice(person) for _ in range(windows) for person in range(people)]
    return voices, [range(at, at + people) for at in range(0, len(voices), people)]


def told_apart(found, voices):
    """The mean share of one person's and of two people's pairs that `ALIKE` judges rightly."""
    people = np.array([voice.speaker for voice in voices])
    first, second = np.triu_indices(len(people), 1)
    same = people[first] == people[second]
    alike = (found @ found.T)[first, second] >= ALIKE
    return (alike[same].mean() + 1 - alike[~same].mean()) / 2


def sounds(voices):
    return np.array([voice.vector for voice in voices])


def test_states_are_taken_where_the_sound_tells_nothing():
    voices, windows = recording(sound=0.0, states=6.0)
    found = vectors(voices, windows)
    assert told_apart(sounds(voices), voices) < 0.6
    assert told_apart(found, voices) > 0.97
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)


def test_with_three_people_too():
    voices, windows = recording(windows=30, people=3, states=7.0)
    assert told_apart(vectors(voices, windows), voices) > 0.95


def test_sound_alone_is_taken_where_states_add_nothing():
    voices, windows = recording(sound=12.0, states=0.5)
    assert vectors(voices, windows) == pytest.approx(sounds(voices), abs=1e-3)


def test_both_together_tell_more_than_either():
    voices, windows = recording(windows=60, sound=4.0, states=2.5)
    found = vectors(voices, windows)
    assert found.shape[1] > sounds(voices).shape[1]
    assert told_apart(found, voices) > told_apart(sounds(voices), voices)


@pytest.mark.parametrize(
    "change", ["few windows", "one person", "short", "no states", "mixed", "other halves"]
)
def test_sound_alone_is_taken_where_nothing_can_be_judged(change):
    voices, windows = recording(
        windows=FEWEST // 4 - 1 if change == "few windows" else 20,
        states=6.0,
        people=1 if change == "one person" else 2,
        seconds=1.0 if change == "short" else 6.0,
    )
    if change == "no states":
        voices[3] = Voice("1", voices[3].vector, 6.0)
    if change == "mixed":
        half = Half(voices[3].vector, np.ones(3, np.float32))
        voices[3] = Voice("1", voices[3].vector, 6.0, (half, half))
    if change == "other halves":
        half = Half(np.ones(1, np.float32), voices[3].halves[0].state)
        voices[3] = Voice("1", voices[3].vector, 6.0, (half, half))
    assert vectors(voices, windows).shape == sounds(voices).shape


def test_people_who_sound_alike_are_linked_by_their_states():
    voices, windows = recording(states=6.0)
    linker, blind = Linker(), Linker()
    for number, rows in enumerate(windows):
        here = [voices[row] for row in rows][:: -1 if number % 3 else 1]
        span = Span(number * 30_000, number * 30_000 + 30_000)
        linker.name(span, here)
        blind.name(span, [Voice(v.speaker, v.vector, v.seconds) for v in here])
    named = linker.settled().names
    assert len({(name, label) for (_, label), name in named.items()}) == 2
    guessed = blind.settled().names
    assert len({(name, label) for (_, label), name in guessed.items()}) > 2
