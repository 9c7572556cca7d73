import math

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import (
    GraniteSpeechCTCEncoder,
    GraniteSpeechEncoderConfig,
    GraniteSpeechPlusCTCEncoder,
    GraniteSpeechPlusEncoderConfig,
)

from granite_studio.engines.granite.conformer import Encoded, emissions, encode
from granite_studio.engines.granite.features import Features

LENGTHS = (1, 7, 100, 193, 199, 200, 201, 400, 407, 600)
WIDTH = 32
SHAPE = {
    "input_dim": 160,
    "num_layers": 4,
    "hidden_dim": WIDTH,
    "num_heads": 4,
    "dim_head": 8,
    "output_dim": 348,
}


def shaken(encoder):
    """The encoder with random numbers everywhere, running means and variances too."""
    chance = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for values in (*encoder.parameters(), *encoder.buffers()):
            if values.is_floating_point() and values.dim() > 1:
                values.normal_(0, 0.2, generator=chance)
            elif values.is_floating_point():
                values.uniform_(0.5, 1.5, generator=chance)
    return encoder.eval()


@pytest.fixture(scope="module")
def plus():
    """An encoder whose answer holds all its states side by side."""
    config = GraniteSpeechPlusEncoderConfig(**SHAPE, cat_hidden_layers=[0, 1, 2, 3])
    return shaken(GraniteSpeechPlusCTCEncoder(config))


def clip(frames):
    return torch.randn(frames, 160, generator=torch.Generator().manual_seed(frames))


def batch(*lengths):
    return Features(pad_sequence([clip(n) for n in lengths], batch_first=True), lengths)


def furthest(one, other):
    return float((one - other).abs().max())


@torch.no_grad()
def stock_states(encoder, frames):
    return encoder(clip(frames)[None]).last_hidden_state.split(WIDTH, dim=-1)


@pytest.mark.parametrize("frames", LENGTHS)
def test_all_states_of_a_lone_clip_are_those_of_transformers(plus, frames):
    made = encode(plus, batch(frames), layers=(0, 1, 2, 3, -1), middle=2)
    stock = stock_states(plus, frames)
    assert max(map(furthest, made.states, stock)) < 1e-4
    assert furthest(made.char_logits, plus.out(stock[-1]).detach()) < 1e-4
    assert made.lengths == (frames,)


@pytest.mark.parametrize("frames", [1, 200, 333])
def test_the_base_encoder_gives_what_transformers_gives(frames):
    base = shaken(GraniteSpeechCTCEncoder(GraniteSpeechEncoderConfig(**SHAPE)))
    made = encode(base, batch(frames), layers=(-1,), middle=2)
    assert furthest(made.states[0], stock_states(base, frames)[0]) < 1e-4


@torch.no_grad()
def by_nars_rule(encoder, frames, middle):
    """NAR's encoder, layer by layer, which transformers does not have."""
    state = encoder.input_linear(clip(frames)[None])
    states, blank = [state], None
    for number, layer in enumerate(encoder.layers, start=1):
        state = layer(state, attention_dists=encoder.attention_dists)
        if number == middle:
            chances = encoder.out(state).float().softmax(-1)
            blank = chances[..., 0]
            state = state + encoder.out_mid(chances)
        states.append(state)
    return states, blank


@pytest.mark.parametrize("middle", [1, 3, 4])
def test_letters_are_fed_back_after_the_layer_that_nar_names(plus, middle):
    states, blank = by_nars_rule(plus, 333, middle)
    made = encode(plus, batch(333), layers=(1, 3, -1), middle=middle)
    assert max(map(furthest, made.states, (states[1], states[3], states[4]))) < 1e-4
    assert furthest(made.blank, blank) < 1e-5


def test_a_clip_gives_the_same_beside_any_others(plus):
    together = encode(plus, batch(*LENGTHS), layers=(0, 2, -1), middle=2)
    for row, frames in enumerate(LENGTHS):
        alone = encode(plus, batch(frames), layers=(0, 2, -1), middle=2)
        for one, other in zip(together.states, alone.states, strict=True):
            assert furthest(one[row, :frames], other[0]) < 1e-4
        assert furthest(together.char_logits[row, :frames], alone.char_logits[0]) < 1e-4
        assert furthest(together.blank[row, :frames], alone.blank[0]) < 1e-5


def test_beyond_a_clips_end_there_is_nothing_but_blank(plus):
    made = encode(plus, batch(70, 0, 250), layers=(0, -1), middle=2)
    for row, frames in enumerate((70, 0, 250)):
        assert not any(state[row, frames:].any() for state in made.states)
        assert not made.char_logits[row, frames:].any()
        assert torch.all(made.blank[row, frames:] == 1)


def test_layers_come_in_the_order_that_was_asked_for(plus):
    one, other = encode(plus, batch(9), layers=(-1, 1), middle=2).states
    last, first = encode(plus, batch(9), layers=(4, 1), middle=2).states
    assert torch.equal(one, last)
    assert torch.equal(other, first)


@pytest.mark.parametrize("count", [0, 2])
def test_a_batch_without_frames_gives_none(plus, count):
    features = Features(torch.zeros(count, 0, 160), (0,) * count)
    made = encode(plus, features, layers=(0, -1), middle=2)
    assert [state.shape for state in made.states] == [(count, 0, WIDTH)] * 2
    assert made.char_logits.shape == (count, 0, 348)
    assert made.blank.shape == (count, 0)


def test_it_runs_in_bfloat16_near_the_exact_answer():
    config = GraniteSpeechEncoderConfig(**SHAPE)
    exact = shaken(GraniteSpeechCTCEncoder(config))
    rough = shaken(GraniteSpeechCTCEncoder(config)).bfloat16()
    one = encode(exact, batch(33, 250), layers=(-1,), middle=2)
    other = encode(rough, batch(33, 250), layers=(-1,), middle=2)
    assert other.states[0].dtype == torch.bfloat16
    assert (other.char_logits.dtype, other.blank.dtype) == (torch.float32, torch.float32)
    assert furthest(one.states[0], other.states[0].float()) < 0.1


def heard(*logits):
    values = torch.tensor([logits])
    return Encoded((), values, torch.zeros(values.shape[:2]), (values.shape[1],))


def test_emissions_are_sixteenths_of_a_nat():
    made = emissions(heard([0.0, -1.0, -40.0], [math.log(0.5)] * 2 + [-math.inf]), 0)
    assert made.levels.tolist() == [[5, 21, 255], [11, 11, 255]]
    assert made.levels.dtype == np.uint8


def test_what_is_no_number_is_the_least_likely():
    assert emissions(heard([math.nan, 0.0]), 0).levels.tolist() == [[255, 255]]


def test_emissions_are_one_clips_probabilities(plus):
    made = encode(plus, batch(30, 50), middle=2)
    kept = emissions(made, 0)
    assert (kept.levels.shape, kept.frame_s) == ((30, 348), 0.02)
    chances = made.char_logits[0, :30].softmax(-1)
    assert furthest(torch.exp(torch.from_numpy(kept.levels) / -16.0), chances) < 0.02


@pytest.mark.parametrize("middle", [0, 5])
def test_a_middle_that_is_no_layer_is_refused(plus, middle):
    with pytest.raises(ValueError, match=f"no layer {middle}"):
        encode(plus, batch(5), middle=middle)
