"""The trained tiny checkpoints hear what is said: sentences that none of them has met before."""

from functools import cache
from importlib import import_module

import numpy as np
import pytest

from granite_studio.core.cancel import CancelToken
from granite_studio.engines import catalog
from granite_studio.engines.base import Engine, Options, Transcript, Window
from tests.engines.granite import spoken
from tests.engines.granite.spoken import CHECKPOINTS, RATE

ENGINES = ("base", "plus", "nar")
SEED = 20


@cache
def engine(name: str) -> Engine:
    if not (CHECKPOINTS / name / "model.safetensors").exists():
        pytest.skip(f"there is no trained {name} checkpoint; packaging/make_tiny.py makes it")
    module, function = catalog.find(f"granite-{name}").loader.split(":")
    loaded: Engine = getattr(import_module(module), function)(CHECKPOINTS / name, "cpu")
    return loaded


def heard(name: str, sounds: list[np.ndarray], **options) -> list[Transcript]:
    windows = [Window(index, sound) for index, sound in enumerate(sounds)]
    events = engine(name).hear(windows, Options(**options), CancelToken())
    found = [event for event in events if isinstance(event, Transcript)]
    return sorted(found, key=lambda transcript: transcript.index)


def text(transcript: Transcript) -> str:
    return " ".join(word.text for turn in transcript.turns for word in turn.words)


@pytest.mark.parametrize("name", ENGINES)
def test_of_unseen_sentences_it_gets_most_words(name):
    said = spoken.unseen(SEED, 24)
    texts = [spoken.plain(text(t)) for t in heard(name, [spoken.joined([s]) for s in said])]
    assert spoken.word_error_rate([(s.plain, t) for s, t in zip(said, texts, strict=True)]) < 0.15


@pytest.mark.parametrize("name", ENGINES)
def test_two_sounds_swapped_swap_their_texts(name):
    one, other = (spoken.joined([s]) for s in spoken.unseen(SEED + 1, 2))
    first, second = map(text, heard(name, [one, other]))
    assert first != second
    assert [text(transcript) for transcript in heard(name, [other, one])] == [second, first]


@pytest.mark.parametrize("name", ENGINES)
def test_silence_and_noise_give_no_text(name):
    noise = np.random.default_rng(1).normal(0, 1, 4 * RATE).astype(np.float32)
    sounds = [np.zeros(3 * RATE, np.float32), 0.0003 * noise, 0.003 * noise, 0.03 * noise]
    assert [text(transcript) for transcript in heard(name, sounds)] == ["", "", "", ""]


@pytest.mark.parametrize("name", ENGINES)
def test_of_the_sample_interview_it_gets_most_words(name):
    cuts = spoken.interview(longest_s=12.0)
    texts = [spoken.plain(text(t)) for t in heard(name, [sound for sound, _ in cuts])]
    pairs = [(said, text) for (_, said), text in zip(cuts, texts, strict=True)]
    assert spoken.word_error_rate(pairs) < 0.15


def test_plus_tells_two_voices_apart():
    said = spoken.unseen(SEED + 2, 12)
    pairs = [said[at : at + 2] for at in range(0, 12, 2)]
    transcripts = heard("plus", [spoken.joined(pair) for pair in pairs])
    assert (
        sum([turn.speaker for turn in t.turns] == ["Speaker 1", "Speaker 2"] for t in transcripts)
        >= 5
    )


def test_plus_hears_one_voice_as_one():
    said = spoken.unseen(SEED + 3, 8, voices=("slt",))
    pairs = [said[at : at + 2] for at in range(0, 8, 2)]
    transcripts = heard("plus", [spoken.joined(pair) for pair in pairs])
    assert sum([turn.speaker for turn in t.turns] == ["Speaker 1"] for t in transcripts) >= 3


def test_words_lie_where_they_are_said():
    said = spoken.unseen(SEED + 4, 6)
    late = []
    for one, transcript in zip(said, heard("nar", [s.samples for s in said]), strict=True):
        words = [word for turn in transcript.turns for word in turn.words]
        if [word.text for word in words] == one.plain.split():
            late += [
                abs(w.start_s - start) for w, (start, _) in zip(words, one.times, strict=True)
            ]
    assert len(late) > 10
    assert np.median(late) < 0.1
