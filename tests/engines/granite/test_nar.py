"""The NAR engine as the engine process drives it, over a checkpoint with random weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Heartbeat, Options, Transcript, Window
from granite_studio.engines.granite.nar import Nar, load
from tests.engines.granite.test_nar_model import babble

WINDOWS = [Window(index, babble(seconds, index)) for index, seconds in enumerate((2, 3, 0.4))]


@pytest.fixture(scope="module")
def engine(nar_folder: Path) -> Nar:
    return load(nar_folder, "cpu")


def heard(engine: Nar, *windows: Window) -> dict[int, Transcript]:
    events = engine.hear(windows, Options(), CancelToken())
    return {event.index: event for event in events if isinstance(event, Transcript)}


def test_every_window_is_answered_once_with_words_at_times_inside_it(engine: Nar) -> None:
    events = list(engine.hear(WINDOWS, Options(), CancelToken()))
    answers = [event for event in events if isinstance(event, Transcript)]
    assert sorted(answer.index for answer in answers) == [0, 1, 2]
    for answer in answers:
        samples = WINDOWS[answer.index].samples
        (turn,) = answer.turns
        assert turn.speaker is None
        starts = [word.start_s for word in turn.words]
        assert starts == sorted(starts)
        assert starts[0] >= 0
        assert turn.words[-1].end_s <= len(samples) / 16_000
        assert answer.emissions is not None
        assert len(answer.emissions.levels) == len(samples) // 320


def test_beats_are_sent_while_a_window_is_heard(engine: Nar) -> None:
    events = list(engine.hear(WINDOWS[:1], Options(), CancelToken()))
    assert [type(event) for event in events] == [Heartbeat, Transcript]


def test_a_window_gives_the_same_alone_and_in_a_batch(nar_folder: Path) -> None:
    one, three = load(nar_folder, "cpu"), load(nar_folder, "cpu")
    one._size, three._size = 1, 3
    assert texts(heard(one, *WINDOWS)) == texts(heard(three, *WINDOWS))


def texts(answers: dict[int, Transcript]) -> dict[int, list[str]]:
    return {
        index: [word.text for turn in answer.turns for word in turn.words]
        for index, answer in answers.items()
    }


def test_no_sound_gives_no_words(engine: Nar) -> None:
    silence = Window(0, np.zeros(48_000, np.float32))
    nothing = Window(1, np.zeros(0, np.float32))
    blink = Window(2, babble(0.09, 0))
    assert heard(engine, silence, nothing, blink) == {n: Transcript(n) for n in range(3)}


def test_words_where_the_encoder_heard_no_letter_are_made_up_and_left_out(
    engine: Nar, monkeypatch: pytest.MonkeyPatch
) -> None:
    model: Any = engine._model
    encode = model.encode

    def without_letters(features: Any) -> Any:
        encoded = encode(features)
        logits = torch.zeros_like(encoded.char_logits)
        logits[..., 0] = 9  # the blank
        return replace(encoded, char_logits=logits)

    monkeypatch.setattr(model, "encode", without_letters)
    answer = heard(engine, WINDOWS[0])[0]
    assert answer.turns == ()
    assert answer.emissions is not None


def test_silence_beside_speech_is_left_out_of_the_batch(engine: Nar) -> None:
    silence = Window(7, np.zeros(48_000, np.float32))
    answers = heard(engine, silence, *WINDOWS)
    assert answers[7] == Transcript(7)
    assert texts(answers)[0] == texts(heard(engine, WINDOWS[0]))[0]


def test_it_says_what_it_runs_on(engine: Nar) -> None:
    assert engine.device.startswith("CPU, ")
    assert engine.device.endswith("float32")
    assert engine.batch >= 1
    assert engine.capabilities.word_times
    assert not engine.capabilities.punctuation


def test_what_it_cannot_do_is_refused(engine: Nar) -> None:
    for options in (Options("ja"), Options(keywords=("IBM",)), Options(translate_to="de")):
        with pytest.raises(EngineError):
            list(engine.hear(WINDOWS, options, CancelToken()))


def test_a_cancel_is_seen_before_the_editor(engine: Nar, monkeypatch: pytest.MonkeyPatch) -> None:
    token, ran = CancelToken(), []
    model: Any = engine._model
    encode = model.encode

    def encode_and_cancel(features: Any) -> Any:
        token.cancel()
        return encode(features)

    monkeypatch.setattr(model, "encode", encode_and_cancel)
    monkeypatch.setattr(model, "transcribe", lambda *_a, **_k: ran.append(1))
    with pytest.raises(Cancelled):
        list(engine.hear(WINDOWS, Options(), token))
    assert ran == []


def test_when_memory_runs_out_smaller_batches_hear_the_rest(
    nar_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = load(nar_folder, "cpu")
    engine._size = 3
    model: Any = engine._model
    encode = model.encode

    def encode_one(features: Any) -> Any:
        if len(features.lengths) > 1:
            raise torch.OutOfMemoryError("no room")
        return encode(features)

    expected = texts(heard(engine, *WINDOWS))
    monkeypatch.setattr(model, "encode", encode_one)
    assert texts(heard(engine, *WINDOWS)) == expected
    assert engine.batch == 1


def test_another_model_is_refused(base_folder: Path) -> None:
    with pytest.raises(EngineError, match=r"NAR \(granite_speech\); choose its engine"):
        load(base_folder, "cpu")


def test_without_a_model_it_says_what_it_needs() -> None:
    with pytest.raises(EngineError, match="NAR needs its model"):
        load(None, "auto")


def test_a_second_pass_may_be_asked_for(nar_folder: Path) -> None:
    once = load(nar_folder, "cpu")
    twice = Nar(once._loaded, edits=2)
    assert texts(heard(once, WINDOWS[0])) != texts(heard(twice, WINDOWS[0]))
