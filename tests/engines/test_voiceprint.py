"""Voices are told apart by their sound: flite speaks in two of them."""

from itertools import combinations

import numpy as np
import pytest

from granite_studio.engines.base import RATE, TimedWord, Turn, Voice
from granite_studio.engines.voiceprint import ALIKE, Sound, States, matched, pooled, turns, voices
from tests.engines.granite.spoken import Spoken, joined, unseen

PAUSE_S = 0.4
ONE, OTHER = np.eye(2, dtype=np.float32)


@pytest.fixture(scope="module")
def spoken() -> list[Spoken]:
    """Sentences by slt and rms in turns, each about three seconds long."""
    return unseen(31, 16)


def timed(sentences: list[Spoken], pause_s: float = PAUSE_S) -> list[TimedWord]:
    """The words where `joined` puts them."""
    words, at = [], pause_s
    for sentence in sentences:
        for text, (start, end) in zip(sentence.text.split(), sentence.times, strict=True):
            words.append(TimedWord(text, at + start, at + end))
        at += len(sentence.samples) / RATE + pause_s
    return words


def told(sentences: list[Spoken], pause_s: float = PAUSE_S) -> list[tuple[str, str]]:
    """Who says what, as it is found."""
    found = turns(Sound(joined(sentences, pause_s)), timed(sentences, pause_s))
    return [(turn.speaker, " ".join(word.text for word in turn.words)) for turn in found]


def by_voice(spoken: list[Spoken], voice: str) -> list[Spoken]:
    return [sentence for sentence in spoken if sentence.voice == voice]


def test_sentences_of_one_voice_are_more_alike_than_those_of_two(spoken: list[Spoken]) -> None:
    prints = []
    for sentence in spoken:
        words = [TimedWord("word", start, end) for start, end in sentence.times]
        [voice] = voices(Sound(sentence.samples), [Turn(tuple(words))])
        prints.append((sentence.voice, voice))
    same, others = [], []
    for (name, one), (other_name, other) in combinations(prints, 2):
        (same if name == other_name else others).append(float(one.vector @ other.vector))
    assert np.median(same) > ALIKE + 0.03
    assert min(same) > max(others)
    assert max(others) < ALIKE


def test_a_voice_is_known_by_its_length_one_and_its_seconds(spoken: list[Spoken]) -> None:
    first = spoken[:1]
    [voice] = voices(Sound(joined(first)), [Turn(tuple(timed(first)), "Speaker 7")])
    assert voice.speaker == "Speaker 7"
    assert voice.vector.dtype == np.float32
    assert np.linalg.norm(voice.vector) == pytest.approx(1)
    assert 1 < voice.seconds < len(first[0].samples) / RATE


def test_loudness_and_a_hum_change_a_voice_little(spoken: list[Spoken]) -> None:
    plain = joined(spoken[:1])
    noise = np.random.default_rng(5).normal(0, 0.001, len(plain)).astype(np.float32)
    turn = Turn(tuple(timed(spoken[:1])))
    [voice], [loud], [noisy] = (
        voices(Sound(s), [turn]) for s in (plain, plain / 4, plain + noise)
    )
    assert voice.vector @ loud.vector > 0.999
    assert voice.vector @ noisy.vector > ALIKE


def test_two_voices_in_a_window_are_two_speakers(spoken: list[Spoken]) -> None:
    said = spoken[:4]
    assert told(said) == [
        ("Speaker 1", said[0].text),
        ("Speaker 2", said[1].text),
        ("Speaker 1", said[2].text),
        ("Speaker 2", said[3].text),
    ]


def test_voices_that_follow_without_a_breath_are_told_apart(spoken: list[Spoken]) -> None:
    first, second = told(spoken[4:6], pause_s=0.05)
    assert (first[0], second[0]) == ("Speaker 1", "Speaker 2")
    assert abs(len(first[1].split()) - len(spoken[4].text.split())) <= 1


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_one_voice_stays_one_speaker(spoken: list[Spoken], voice: str) -> None:
    mine = by_voice(spoken, voice)
    for first in range(0, 8, 4):
        said = mine[first : first + 4]
        assert told(said) == [("Speaker 1", " ".join(sentence.text for sentence in said))]


def test_a_word_alone_belongs_to_whom_it_sounds_like(spoken: list[Spoken]) -> None:
    slt, rms = by_voice(spoken, "slt")[0], by_voice(spoken, "rms")[0]
    words = timed([slt, rms])
    count = len(slt.times)
    some = [*words[:count], *words[count : count + 1]]
    assert {turn.speaker for turn in turns(Sound(joined([slt, rms])), some)} == {"Speaker 1"}


def test_no_word_gets_lost_or_changes_its_place(spoken: list[Spoken]) -> None:
    words = timed(spoken[:5])
    found = turns(Sound(joined(spoken[:5])), words)
    assert [word for turn in found for word in turn.words] == words


def test_where_there_is_no_sound_there_is_no_voice() -> None:
    word = TimedWord("word", 0.0, 0.5)
    for samples in (np.zeros(RATE), np.zeros(10), np.zeros(0)):
        sound = Sound(samples.astype(np.float32))
        assert voices(sound, [Turn((word,), "Speaker 1")]) == ()
        assert turns(sound, [word]) == (Turn((word,), "Speaker 1"),)
        assert turns(sound, []) == ()


def test_labels_of_two_parts_are_matched_by_voice() -> None:
    before = (Voice("Speaker 1", ONE, 4.0), Voice("Speaker 2", OTHER, 2.0))
    after = (Voice("Speaker 1", OTHER, 3.0), Voice("Speaker 2", -ONE, 3.0), Voice(None, ONE, 1.0))
    assert matched(before, after) == {"Speaker 1": "Speaker 2"}


def test_only_one_label_is_matched_with_another() -> None:
    before = (Voice("Speaker 1", ONE, 4.0),)
    after = (Voice("Speaker 1", ONE, 3.0), Voice("Speaker 2", ONE, 3.0))
    assert len(matched(before, after)) == 1


def test_voices_of_one_label_are_pooled_by_their_seconds() -> None:
    [pooled_voice, other] = pooled(
        (Voice("A", ONE, 3.0), Voice("B", ONE, 1.0), Voice("A", OTHER, 4.0))
    )
    assert (pooled_voice.speaker, pooled_voice.seconds, other.speaker) == ("A", 7.0, "B")
    np.testing.assert_allclose(pooled_voice.vector, [0.6, 0.8])


def test_each_half_of_a_voice_has_the_states_of_its_own_words(spoken: list[Spoken]) -> None:
    said = spoken[:2]
    words = timed(said)
    sound = joined(said)
    frames = np.arange(len(sound) // 320, dtype=np.float32)
    states = States(np.stack([frames, -frames], axis=1), 0.02)
    middle = len(said[0].times)
    found = voices(
        Sound(sound), [Turn(tuple(words[:middle]), "A"), Turn(tuple(words[middle:]), "B")], states
    )
    for voice, part in zip(found, (words[:middle], words[middle:]), strict=True):
        first, last = (half.state[0] * 0.02 for half in voice.halves)
        assert part[0].start_s < first < last < part[-1].end_s
        assert [half.state[1] for half in voice.halves] == [
            -half.state[0] for half in voice.halves
        ]
        assert min(float(half.vector @ voice.vector) for half in voice.halves) > ALIKE


def test_a_single_word_has_no_two_halves_and_a_word_at_the_end_has_a_frame(
    spoken: list[Spoken],
) -> None:
    sound = spoken[0].samples
    end = len(sound) / RATE
    states = States(np.ones((3, 4), np.float32), 0.02)
    [voice] = voices(Sound(sound), [Turn((TimedWord("all", 0.0, end),), "A")], states)
    assert [half.state.tolist() for half in voice.halves] == [[1.0, 1.0, 1.0, 1.0]]
    late = TimedWord("late", end - 0.3, end)
    [voice] = voices(Sound(sound), [Turn((late,), "A")], states)
    assert np.isfinite(voice.halves[0].state).all()
