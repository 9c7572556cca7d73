from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from granite_studio.engines.granite.features import audio_tokens, log_mel

ROOT = Path(__file__).parents[3]
NAMES = (
    "chirp", "noise", "clicks", "silence", "faint", "shortest", "odd", "even", "speech",
)  # fmt: skip


@pytest.fixture(scope="module")
def golden():
    """What the models' own extractor gave: packaging/make_golden_features.py."""
    with np.load(ROOT / "tests/data/features/golden.npz", allow_pickle=False) as stored:
        return dict(stored)


def sound(golden, name):
    if name == "speech":
        start, stop = golden["speech_slice"]
        path = ROOT / "resources/samples/interview.flac"
        return soundfile.read(path, start=start, stop=stop, dtype="float32")[0]
    return golden[f"{name}_sound"] / np.float32(32768)


def noise(samples, *, seed=0):
    return np.random.default_rng(seed).standard_normal(samples).astype(np.float32) / 10


def furthest(one, other):
    return float((one - torch.as_tensor(other)).abs().max())


@pytest.mark.parametrize("name", NAMES)
def test_features_are_those_of_the_models_own_extractor(golden, name):
    made = log_mel([sound(golden, name)], "cpu")
    frames, tokens = golden[f"{name}_lengths"]
    assert made.lengths == (frames,)
    assert audio_tokens(made.lengths[0]) == tokens
    assert made.values.dtype == torch.float32
    assert furthest(made.values[0, golden[f"{name}_at"]], golden[f"{name}_frames"]) < 1e-4


def test_a_clip_gives_the_same_alone_and_beside_longer_ones(golden):
    clips = [sound(golden, name) for name in NAMES]
    together = log_mel(clips, "cpu")
    for row, clip in enumerate(clips):
        alone = log_mel([clip], "cpu")
        frames = alone.lengths[0]
        assert together.lengths[row] == frames
        assert furthest(together.values[row, :frames], alone.values[0]) < 1e-5
        assert not together.values[row, frames:].any()


@pytest.mark.parametrize(
    ("samples", "stock", "whole"),
    [(257, 1, 0), (319, 1, 0), (320, 1, 1), (480, 2, 1), (16_000, 50, 50), (16_160, 51, 50)],
)
def test_frames_of_so_many_samples_by_either_rule(samples, stock, whole):
    assert log_mel([noise(samples)], "cpu").lengths == (stock,)
    assert log_mel([noise(samples)], "cpu", whole=True).lengths == (whole,)


def test_by_nars_rule_a_frame_that_is_dropped_is_not_listened_to():
    quiet = noise(3_359) / 1e6
    loud = quiet + np.where(np.arange(3_359) < 3_250, 0, noise(3_359))  # for mel frame 20 alone
    (stock, loud_stock), (whole, loud_whole) = (
        [log_mel([clip], "cpu", whole=rule).values for clip in (quiet, loud.astype(np.float32))]
        for rule in (False, True)
    )
    assert stock.shape == whole.shape == (1, 10, 160)
    assert furthest(stock, loud_stock) > 0.5
    assert furthest(whole, loud_whole) < 1e-5
    assert furthest(whole, stock) < 1e-5


@pytest.mark.parametrize("samples", [0, 1, 256])
def test_what_is_shorter_than_a_frame_is_lengthened_with_silence(samples):
    clip = noise(samples)
    longer = np.concatenate([clip, np.zeros(257 - samples, np.float32)])
    made = log_mel([clip], "cpu")
    assert made.lengths == (1,)
    assert torch.equal(made.values, log_mel([longer], "cpu").values)


def test_a_batch_without_any_frame_is_empty():
    assert log_mel([], "cpu").values.shape == (0, 0, 160)
    made = log_mel([noise(100), noise(300)], "cpu", whole=True)
    assert (made.values.shape, made.lengths) == ((2, 0, 160), (0, 0))


def test_audio_tokens_are_three_for_every_fifteen_frames_begun():
    assert [audio_tokens(n) for n in (0, 1, 15, 16, 150, 1500)] == [0, 3, 3, 6, 30, 300]
