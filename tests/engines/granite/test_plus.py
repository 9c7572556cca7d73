"""The Plus engine: on a random tiny checkpoint, and on answers as the real model writes them."""

import numpy as np
import pytest
import torch

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import (
    RATE,
    Doubt,
    Emissions,
    Options,
    TimedWord,
    Transcript,
    Window,
)
from granite_studio.engines.granite import plus, speech
from granite_studio.engines.granite.features import log_mel
from granite_studio.engines.granite.growth import Answer, Ending

PLAIN = Options()


@pytest.fixture(scope="module")
def engine(plus_folder):
    """With an output layer of its own: tied to the input, random weights repeat what they read."""
    made = plus.load(plus_folder, "cpu")
    torch.manual_seed(0)
    head = made._speech._net.lm_head
    head.weight = torch.nn.Parameter(torch.randn_like(head.weight), requires_grad=False)
    return made


def noise(seconds, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(seconds * RATE)) * 0.1).astype(np.float32)


def hear(engine, sounds, options=PLAIN):
    windows = [Window(index, sound) for index, sound in enumerate(sounds)]
    events = engine.hear(windows, options, CancelToken())
    found = [event for event in events if isinstance(event, Transcript)]
    return sorted(found, key=lambda transcript: transcript.index)


def texts(transcript):
    return [word.text for turn in transcript.turns for word in turn.words]


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(speakers=False),
        Options(keywords=("Anna",), own_times=True),
        Options(before="[Speaker 1]: hello world"),
    ],
)
def test_a_window_gets_the_same_words_alone_and_in_a_batch(engine, options):
    sounds = [noise(1.5), noise(0.7, 1)]
    together = hear(engine, sounds, options)
    for index, sound in enumerate(sounds):
        [alone] = hear(engine, [sound], options)
        assert texts(alone) == texts(together[index])
        assert texts(alone)


def test_the_rows_for_the_language_model_are_those_of_transformers(engine):
    model = engine._speech
    sounds = [noise(2.0), noise(0.71, 1)]
    heard = model.hear([Window(index, sound) for index, sound in enumerate(sounds)])
    for sound, rows in zip(sounds, heard.sound, strict=True):
        with torch.no_grad():
            [expected] = model._net.get_audio_features(
                log_mel([sound], "cpu").values
            ).pooler_output
        assert torch.allclose(rows, expected, atol=1e-4)


def test_a_base_model_is_refused(base_folder):
    with pytest.raises(EngineError, match=r"is not Granite Speech 4\.1 Plus"):
        plus.load(base_folder, "cpu")


class Scripted:
    """A model that has heard a few letters and answers each prompt with a given text."""

    def __init__(self, letters, *answers, ending=Ending.END):
        levels = np.full((150, 128), 255, np.uint8)
        levels[:, 0] = 0
        for frame, letter in letters.items():
            levels[frame, 0], levels[frame, ord(letter)] = 255, 0
        self.emissions = Emissions(levels, 0.02)
        self.answers = answers
        self.ending = ending

    device = type("Device", (), {"batch": 1, "words": "CPU"})

    def hear(self, windows):
        return speech.Heard(tuple(windows), (self.emissions,), (None,))

    def ask(self, heard, asked, cancel):
        assert len(asked) == len(self.answers)
        for text in self.answers:
            yield (speech.Said(text, Answer((), (), (), self.ending)),)


def spread(text, first=10, step=5):
    """One letter every tenth of a second."""
    return {first + step * at: letter for at, letter in enumerate(text) if letter != " "}


def answered(scripted, options=PLAIN):
    [found] = hear(plus.Plus(scripted), [noise(3.0)], options)
    return found


def turns(transcript):
    return [
        (turn.speaker, " ".join(word.text for word in turn.words)) for turn in transcript.turns
    ]


def test_speakers_come_in_turns_and_words_are_timed_through_all_of_them():
    heard = Scripted(spread("hi there yes"), "[Speaker 1]: Hi there. [Speaker 2]: Yes!")
    found = answered(heard)
    assert turns(found) == [("Speaker 1", "Hi there."), ("Speaker 2", "Yes!")]
    starts = [word.start_s for turn in found.turns for word in turn.words]
    assert starts == pytest.approx([0.2, 0.5, 1.1], abs=0.06)
    assert found.doubts == ()


def test_with_keywords_the_voices_are_carried_over_to_the_text_that_knows_them():
    options = Options(keywords=("Reid",))
    heard = Scripted(
        spread("ask reid yes"), "ask Reid yes", "[Speaker 1]: Ask Reed. [Speaker 2]: Yes."
    )
    assert turns(answered(heard, options)) == [("Speaker 1", "ask Reid"), ("Speaker 2", "yes")]


def test_after_earlier_text_only_what_follows_is_given():
    options = Options(before="[Speaker 1]: Hi there.")
    heard = Scripted(spread("hi there yes no"), " Yes. [Speaker 2]: No.")
    found = answered(heard, options)
    assert turns(found) == [("Speaker 1", "Yes."), ("Speaker 2", "No.")]
    assert found.turns[0].words[0].start_s == pytest.approx(1.1, abs=0.06)


OWN = Options(speakers=False, own_times=True)


def test_own_times_that_agree_raise_no_doubt():
    heard = Scripted(
        spread("hi there yes"),
        "hi there yes",
        "_ [T:20] hi [T:38] _ [T:50] there [T:98] yes [T:150]",
    )
    assert answered(heard, OWN).doubts == ()


def test_own_times_that_contradict_the_sound_are_doubted_and_not_taken():
    heard = Scripted(
        spread("hi there yes"), "hi there yes", "_ [T:120] hi [T:150] there [T:220] yes [T:280]"
    )
    found = answered(heard, OWN)
    assert found.doubts == (Doubt.TIMES,)
    assert found.turns[0].words[0].start_s == pytest.approx(0.2, abs=0.06)


def test_malformed_own_times_are_doubted():
    heard = Scripted(spread("hi there yes"), "hi there yes", "hi there [T:98] yes [T:")
    assert answered(heard, OWN).doubts == (Doubt.TIMES,)


def test_a_cut_answer_is_doubted():
    heard = Scripted(spread("hi"), "[Speaker 1]: Hi.", ending=Ending.LOOP)
    assert answered(heard).doubts == (Doubt.LOOP,)


def test_an_empty_answer_gives_no_turns():
    assert answered(Scripted(spread("hi"), " ")).turns == ()


def test_a_word_that_cannot_be_spelled_takes_its_own_time_where_it_fits():
    aligned = [
        TimedWord("in", 0.0, 0.4, 0.9),
        TimedWord("東京", 0.4, 1.0, None, True),
        TimedWord("we", 1.0, 1.2, 0.9),
    ]
    own = [TimedWord("in", 0.0, 0.4), TimedWord("東京", 0.3, 0.9), TimedWord("we", 0.9, 1.2)]
    assert plus.filled(aligned, own) == [
        TimedWord("in", 0.0, 0.4, 0.9),
        TimedWord("東京", 0.4, 0.9, None, False),
        TimedWord("we", 1.0, 1.2, 0.9),
    ]


def test_times_disagree_when_more_than_a_quarter_of_the_words_are_far_apart():
    aligned = [TimedWord(text, at, at + 0.5) for at, text in enumerate("abcd")]
    one_off = [TimedWord(w.text, w.start_s, w.end_s + (w.text == "a")) for w in aligned]
    two_off = [TimedWord(w.text, w.start_s, w.end_s + (w.text in "ab")) for w in aligned]
    assert not plus.apart(aligned, one_off)
    assert plus.apart(aligned, two_off)
    assert not plus.apart(aligned, [])
