"""The base engine end to end on a random tiny checkpoint: what it says is noise, how is not."""

import copy

import numpy as np
import pytest
import torch

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import RATE, Doubt, Heartbeat, Options, Transcript, Window
from granite_studio.engines.granite import base, speech
from granite_studio.engines.granite.features import log_mel
from granite_studio.engines.granite.growth import Answer, Ending

PLAIN = Options()


@pytest.fixture(scope="module")
def engine(base_folder):
    return base.load(base_folder, "cpu")


def noise(seconds, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(seconds * RATE)) * 0.1).astype(np.float32)


def hear(engine, sounds, options=PLAIN, cancel=None):
    windows = [Window(index, sound) for index, sound in enumerate(sounds)]
    return list(engine.hear(windows, options, cancel or CancelToken()))


def transcripts(events):
    found = [event for event in events if isinstance(event, Transcript)]
    return sorted(found, key=lambda transcript: transcript.index)


def words_of(transcript):
    return [word for turn in transcript.turns for word in turn.words]


def test_every_window_gets_words_in_order_inside_it_and_its_emissions(engine):
    found = transcripts(hear(engine, [noise(2.0), noise(1.0, 1)]))
    assert [transcript.index for transcript in found] == [0, 1]
    for transcript, seconds in zip(found, (2.0, 1.0), strict=True):
        words = words_of(transcript)
        assert words
        assert transcript.emissions.levels.shape == (seconds * 50, 348)
        ends = [0.0]
        for word in words:
            assert ends[-1] <= word.start_s <= word.end_s <= seconds + 1e-6
            assert word.confidence is None or 0 <= word.confidence <= 1
            ends.append(word.end_s)


def test_a_window_gets_the_same_words_alone_and_in_a_batch(engine):
    sounds = [noise(2.0), noise(0.7, 1), noise(1.3, 2)]
    together = transcripts(hear(engine, sounds))
    for index, sound in enumerate(sounds):
        [alone] = transcripts(hear(engine, [sound]))
        texts = [word.text for word in words_of(alone)]
        assert [word.text for word in words_of(together[index])] == texts


def test_the_rows_for_the_language_model_are_those_of_transformers(engine):
    model = engine._speech
    sounds = [noise(2.0), noise(0.71, 1)]
    heard = model.hear([Window(index, sound) for index, sound in enumerate(sounds)])
    for sound, rows in zip(sounds, heard.sound, strict=True):
        values = log_mel([sound], "cpu").values
        with torch.no_grad():
            [expected] = model._net.get_audio_features(values).pooler_output
        assert rows.shape == expected.shape
        assert torch.allclose(rows, expected, atol=1e-4)


def test_silence_and_a_blink_give_no_words(engine):
    found = transcripts(hear(engine, [np.zeros(RATE, np.float32), noise(0.05)]))
    assert [transcript.turns for transcript in found] == [(), ()]


def test_where_the_encoder_hears_no_letter_the_language_model_is_not_asked(engine):
    deaf = copy.deepcopy(engine)
    with torch.no_grad():
        deaf._speech._net.model.encoder.out.bias[0] += 100
    events = hear(deaf, [noise(1.0)])
    assert [type(event) for event in events] == [Transcript]
    assert events[0].turns == ()
    assert events[0].emissions is not None


def test_a_language_model_that_ends_at_once_says_nothing(engine):
    mute = copy.deepcopy(engine)
    mute._speech._ends = frozenset(range(len(mute._speech._tokenizer)))
    [found] = transcripts(hear(mute, [noise(1.0)]))
    assert found.turns == ()
    assert found.doubts == ()


def test_a_translation_is_one_text(engine):
    [found] = transcripts(hear(engine, [noise(1.0)], Options(translate_to="de")))
    assert found.turns == ()
    assert found.translation


def test_noise_runs_away_and_is_cut_off_with_a_doubt(engine):
    [found] = transcripts(hear(engine, [noise(1.0)]))
    assert found.doubts in ((Doubt.CUT_OFF,), (Doubt.LOOP,))


def test_beats_rise_to_less_than_one(engine):
    fractions = [
        event.fraction for event in hear(engine, [noise(2.0)]) if isinstance(event, Heartbeat)
    ]
    assert len(fractions) > 3
    assert fractions == sorted(set(fractions))
    assert fractions[0] > 0
    assert fractions[-1] < 1


def test_a_set_token_stops_it(engine):
    cancel = CancelToken()
    events = engine.hear([Window(0, noise(2.0))], Options(), cancel)
    assert isinstance(next(events), Heartbeat)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)


def test_what_it_cannot_do_is_said_before_anything_is_heard(engine):
    with pytest.raises(EngineError, match="cannot hear Chinese"):
        hear(engine, [noise(1.0)], Options(language="zh"))


def test_memory_that_runs_out_costs_no_words(engine, monkeypatch):
    sounds = [noise(1.0), noise(1.0, 1)]
    expected = transcripts(hear(engine, sounds))
    whole = speech.Speech.hear

    def tight(self, windows):
        if len(windows) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return whole(self, windows)

    monkeypatch.setattr(speech.Speech, "hear", tight)
    small = copy.copy(engine)
    found = transcripts(hear(small, sounds))
    assert [words_of(t) for t in found] == [words_of(t) for t in expected]
    assert small.batch == 1


def test_it_says_what_it_runs_on_and_can_do(engine):
    assert engine.device.startswith("CPU, ")
    assert engine.capabilities.translates_to
    assert engine.batch >= 1


def test_another_model_is_refused(plus_folder):
    with pytest.raises(EngineError, match="needs its model"):
        base.load(None, "cpu")
    with pytest.raises(EngineError, match=r"is not Granite Speech 4\.1"):
        base.load(plus_folder, "cpu")


def said(text, *chances):
    answer = Answer((), (), (), Ending.END)
    return speech.Said(text, answer, chances)


def test_a_word_is_as_likely_as_all_its_tokens():
    text = said("Grüße an an.", (0, 3, -1.0), (3, 7, -0.5), (7, 10, -0.25), (10, 14, 0.0))
    likely = list(text.probabilities(["Grüße", "an", "nie", "an."]))
    assert likely[0] == pytest.approx(np.exp(-1.5))
    assert likely[1] == pytest.approx(np.exp(-0.25))
    assert likely[2:] == [None, 1.0]


def test_without_known_bytes_no_word_has_a_likelihood():
    assert list(said("a b").probabilities(["a", "b"])) == [None, None]
