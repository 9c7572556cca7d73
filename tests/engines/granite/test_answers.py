"""Several answers about one window brought together: words, voices and times."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.unspaced import words_of
from granite_studio.engines.base import RATE, TimedWord
from granite_studio.engines.granite.answers import before_loop, spread, with_times, with_voices
from granite_studio.engines.granite.tags import SpeakerTurn, turns


def voices(text, other):
    return [(turn.speaker, turn.text) for turn in with_voices(text, turns(other))]


def test_words_get_the_voice_that_said_them():
    assert voices(
        "to ravenna now yes at once", "[Speaker 1]: To Ravenna, now. [Speaker 2]: Yes, at once."
    ) == [(1, "to ravenna now"), (2, "yes at once")]


def test_words_that_the_other_answer_lacks_stay_with_those_before_them():
    assert voices("to the Raven Point please yes", "[Speaker 1]: To. [Speaker 2]: Yes.") == [
        (1, "to the Raven Point please"),
        (2, "yes"),
    ]


def test_words_before_the_first_known_one_belong_to_the_first_voice():
    assert voices("well yes", "[Speaker 1]: Yes.") == [(1, "well yes")]


def test_without_voices_the_text_is_one_turn():
    assert voices("well yes", "") == [(None, "well yes")]
    assert voices("", "[Speaker 1]: Yes.") == []


HEARD = (
    TimedWord("at", 1.0, 1.2),
    TimedWord("three", 1.2, 1.6),
    TimedWord("sharp", 2.0, 2.4, None, estimated=True),
)


def times(text, heard=HEARD, duration_s=10.0):
    return [
        (w.text, round(w.start_s, 3), round(w.end_s, 3), w.estimated)
        for w in with_times(text.split(), heard, duration_s=duration_s)
    ]


def test_equal_words_take_over_times_and_marks():
    assert times("At three, sharp!") == [
        ("At", 1.0, 1.2, False),
        ("three,", 1.2, 1.6, False),
        ("sharp!", 2.0, 2.4, True),
    ]


def test_other_words_share_the_time_of_those_they_stand_for():
    assert times("At 3 pm sharp") == [
        ("At", 1.0, 1.2, False),
        ("3", 1.2, 1.333, True),
        ("pm", 1.333, 1.6, True),
        ("sharp", 2.0, 2.4, True),
    ]


def test_words_without_a_counterpart_lie_between_their_neighbours():
    assert times("So at three very sharp now") == [
        ("So", 0.65, 1.0, True),
        ("at", 1.0, 1.2, False),
        ("three", 1.2, 1.6, False),
        ("very", 1.6, 2.0, True),
        ("sharp", 2.0, 2.4, True),
        ("now", 2.4, 2.75, True),
    ]


def test_words_after_the_last_time_stay_inside_the_window():
    assert times("sharp now", HEARD, 2.5)[-1] == ("now", 2.4, 2.5, True)


def loud(*spans, length_s=4.0):
    samples = np.zeros(round(length_s * RATE), np.float32)
    for start, end in spans:
        samples[round(start * RATE) : round(end * RATE)] = 0.2
    return samples


def test_words_are_laid_over_what_is_loud():
    words = spread(["abcd", "ef", "gh"], loud((0.5, 1.5), (3.0, 4.0)))
    assert [(w.text, round(w.start_s, 2), round(w.end_s, 2)) for w in words] == [
        ("abcd", 0.5, 1.5),
        ("ef", 3.0, 3.5),
        ("gh", 3.5, 4.0),
    ]
    assert all(word.estimated for word in words)


@pytest.mark.parametrize("samples", [loud(), loud(length_s=0.0), loud(length_s=0.01)])
def test_silence_takes_words_too(samples):
    words = spread(["ab", "cd"], samples)
    assert [word.text for word in words] == ["ab", "cd"]
    assert all(0 <= w.start_s <= w.end_s <= len(samples) / RATE for w in words)


def test_a_text_that_runs_in_a_circle_is_cut_where_that_begins():
    assert before_loop("well " + "no " * 12) == "well no"
    assert before_loop("and so " + "we went to see him " * 3 + "we went") == (
        "and so we went to see him"
    )


@pytest.mark.parametrize(
    "text", ["", "no", "no no no", "we went there and we went there", "a b c"]
)
def test_people_may_repeat_themselves(text):
    assert before_loop(text) is None


TEXT = st.lists(st.sampled_from(["a", "b", "c", "B,", "—", "3", "これはテスト"]), max_size=12)
EDGES = st.lists(st.floats(0, 20), max_size=12)


@settings(deadline=None)
@given(TEXT, TEXT, EDGES)
def test_no_word_is_lost_and_time_never_goes_back(words, others, edges):
    cuts = sorted(edges)
    heard = [
        TimedWord(word, start, end)
        for word, (start, end) in zip(others, itertools.pairwise(cuts), strict=False)
    ]
    found = with_times(words, heard, duration_s=20.0)
    assert [word.text for word in found] == words
    at = [edge for word in found for edge in (word.start_s, word.end_s)]
    assert all(a <= b for a, b in itertools.pairwise([0.0, *at, 20.0]))


@settings(deadline=None)
@given(TEXT, st.lists(st.tuples(st.sampled_from([None, 1, 2]), TEXT), max_size=4))
def test_no_word_is_lost_and_no_voice_invented(words, heard):
    others = [SpeakerTurn(speaker, " ".join(said)) for speaker, said in heard]
    found = with_voices(" ".join(words), others)
    assert [w for turn in found for w in words_of(turn.text)] == words_of(" ".join(words))
    assert {turn.speaker for turn in found} <= {None, *(speaker for speaker, _ in heard)}


@settings(deadline=None)
@given(TEXT, st.lists(st.booleans(), max_size=40))
def test_spread_words_are_in_order_and_inside(words, frames):
    samples = np.repeat(np.array(frames, np.float32), 320)
    found = spread(words, samples)
    assert [word.text for word in found] == words
    at = [edge for word in found for edge in (word.start_s, word.end_s)]
    assert at == sorted(at)
    assert all(0 <= edge <= len(samples) / RATE + 1e-9 for edge in at)
