"""The draft engine on the bundled interview, in this process: no child, no window."""

import itertools
import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import soundfile

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import RATE, Options, Window
from granite_studio.engines.sphinx import load
from granite_studio.pipeline.evaluate import score
from tests.engines.granite.spoken import joined, unseen

TRUTH = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture(scope="module")
def engine():
    return load()


@pytest.fixture(scope="module")
def first_sentences():
    """The first seconds of the sample up to a pause, and the words spoken in them."""
    spoken = json.loads((TRUTH / "interview.words.json").read_text(encoding="utf-8"))
    words = [w for w in spoken["words"] if w["end"] <= 9.0]
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, rate = soundfile.read(folder / "interview.flac", dtype="float32")
    assert rate == RATE
    return sound[: round((words[-1]["end"] + 0.2) * RATE)], words


def hear(engine, *sounds, **options):
    windows = [Window(i, sound.astype(np.float32)) for i, sound in enumerate(sounds)]
    return list(engine.hear(windows, Options(**options), CancelToken()))


def words_of(transcript):
    return [word for turn in transcript.turns for word in turn.words]


def test_it_hears_most_of_the_words_with_their_times(engine, first_sentences):
    sound, spoken = first_sentences
    [transcript] = hear(engine, sound)
    heard = words_of(transcript)
    reference = " ".join(word["w"] for word in spoken)
    assert score(reference, " ".join(word.text for word in heard)).rate < 0.6
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in itertools.pairwise(heard))
    assert all(0 <= word.confidence <= 1 for word in heard)
    starts = {word["w"].strip(".,?!").lower(): word["start"] for word in reversed(spoken)}
    errors = [abs(w.start_s - starts[w.text]) for w in heard if w.text in starts]
    assert len(errors) >= 5
    assert np.median(errors) < 0.1


def test_a_window_does_not_depend_on_the_ones_heard_before(engine, first_sentences):
    sound, _ = first_sentences
    half = sound[: len(sound) // 2]
    [alone] = hear(engine, sound)
    [_, after_another] = hear(engine, half, sound)
    assert words_of(alone) == words_of(after_another)


def test_two_voices_are_two_speakers_where_speakers_are_wanted(engine):
    sound = joined(unseen(41, 2))
    [told_apart] = hear(engine, sound)
    assert [turn.speaker for turn in told_apart.turns] == ["Speaker 1", "Speaker 2"]
    assert [voice.speaker for voice in told_apart.voices] == ["Speaker 1", "Speaker 2"]
    [together] = hear(engine, sound, speakers=False)
    assert [turn.speaker for turn in together.turns] == [None]
    assert together.voices == ()
    assert words_of(together) == words_of(told_apart)


def test_silence_and_a_blink_of_sound_give_no_words(engine):
    [silence, blink] = hear(engine, np.zeros(3 * RATE), np.full(10, 0.5))
    assert words_of(silence) == words_of(blink) == []


def test_a_set_token_stops_it_before_the_next_window(engine):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(engine.hear([Window(0, np.zeros(RATE, np.float32))], Options(), cancel))


def test_it_brings_its_own_model():
    with pytest.raises(EngineError, match="leave out --model"):
        load(Path("somewhere"))
