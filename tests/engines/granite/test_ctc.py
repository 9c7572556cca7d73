"""The TurboCTC engine on a tiny checkpoint with random weights, beside transformers' own way."""

import json
import shutil
import string

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Options, TimedWord, Window
from granite_studio.engines.granite import ctc
from granite_studio.engines.granite.checkpoint import quiet
from granite_studio.engines.granite.ctc import features, load
from granite_studio.engines.models import ready

PIECES = ["<pad>", *(f"▁{letter}" for letter in string.ascii_lowercase), *string.ascii_lowercase]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        GraniteSpeech5CTCConfig,
        GraniteSpeech5ForCTC,
        PreTrainedTokenizerFast,
    )

    made = tmp_path_factory.mktemp("models") / "ctc"
    config = GraniteSpeech5CTCConfig(
        encoder_config={
            "vocab_size": len(PIECES),
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 4,
            "num_attention_heads": 2,
            "head_dim": 16,
            "context_size": 16,
            "max_position_embeddings": 32,
        },
        vocab_size=len(PIECES),
    )
    torch.manual_seed(0)
    model = GraniteSpeech5ForCTC(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.5)
        model.ctc_head.bias[0] += 3.0  # some frames of silence between the pieces
    with quiet():
        model.save_pretrained(made)
    pieces = Tokenizer(models.WordPiece({piece: at for at, piece in enumerate(PIECES)}))
    pieces.pre_tokenizer = pre_tokenizers.Metaspace()
    pieces.decoder = decoders.Metaspace()
    PreTrainedTokenizerFast(tokenizer_object=pieces, pad_token="<pad>").save_pretrained(made)
    return made


@pytest.fixture
def copy(folder, tmp_path):
    """A checkpoint to be damaged."""
    return shutil.copytree(folder, tmp_path / "copy")


def noise(seconds, seed=1):
    return (0.2 * np.random.default_rng(seed).standard_normal(round(seconds * 16_000))).astype(
        "f4"
    )


def hear(engine, *clips, cancel=None, options=None):
    windows = [Window(at, clip) for at, clip in enumerate(clips)]
    answers = list(engine.hear(windows, options or Options(), cancel or CancelToken()))
    return [answer.turns for answer in sorted(answers, key=lambda answer: answer.index)]


def test_the_features_are_those_of_the_models_own_extractor():
    # From GraniteSpeech5FeatureExtractor with torchaudio 2.11: an odd number of whole frames,
    # which the extractor fills up. Then levels and changes, at the beginning and in the end.
    frames = features((0.2 * np.random.default_rng(41).standard_normal(1760)).astype("f4"), "cpu")
    assert frames.shape == (6, 320)
    assert frames[0, :3].tolist() == pytest.approx([0.7582, 1.0008, 1.1098], abs=1e-4)
    assert frames[0, 80:83].tolist() == pytest.approx([0.16421, 0.04753, 0.00009], abs=1e-4)
    assert frames[-1, 160:163].tolist() == pytest.approx([1.0710, 1.0273, 0.5143], abs=1e-4)
    assert frames[-1, 240:243].tolist() == pytest.approx([-0.0604, -0.0694, -0.2833], abs=1e-4)
    assert float(frames.sum()) == pytest.approx(1207.956, abs=0.01)


@pytest.mark.parametrize(("samples", "frames"), [(16_000, 50), (15_999, 50), (1119, 3), (1120, 4)])
def test_there_are_fifty_frames_a_second_filled_up_to_the_last(samples, frames):
    assert len(features(noise(1)[:samples], "cpu")) == frames


def test_the_text_is_that_of_transformers_own_greedy_reading(folder):
    from transformers import GraniteSpeech5ForCTC

    with quiet():
        model = GraniteSpeech5ForCTC.from_pretrained(folder).eval()
    clip = noise(3)
    best = model.generate(input_features=features(clip, "cpu")[None])[0].tolist()
    run = [at for at, token in enumerate(best) if token and (not at or best[at - 1] != token)]
    expected = "".join(PIECES[best[at]] for at in run).replace("▁", " ").split()
    ((turn,),) = hear(load(folder, "cpu"), clip)
    assert [word.text for word in turn.words] == expected
    assert len(expected) > 3


def test_a_window_alone_is_as_among_others(folder):
    engine = load(folder, "cpu")
    clips = [noise(2.0, 1), noise(0.7, 2), noise(1.3, 3)]
    together = hear(engine, *clips)
    for clip, turns in zip(clips, together, strict=True):
        (alone,) = hear(engine, clip)
        assert [(w.text, w.start_s, w.end_s) for t in turns for w in t.words] == [
            (w.text, w.start_s, w.end_s) for t in alone for w in t.words
        ]


def test_words_have_the_times_of_their_frames(folder):
    engine = load(folder, "cpu")
    piece = {text: at for at, text in enumerate(PIECES)}
    best = [0, piece["▁h"], piece["▁h"], piece["i"], 0, 0, piece["▁y"], piece["o"], 0, piece["o"]]
    words = engine._words(best, [0.5] * len(best))
    expected = [("hi", 0.08, 0.32, 0.25), ("yoo", 0.48, 0.8, 0.125)]
    assert [word[0] for word in words] == ["hi", "yoo"]
    for word, wanted in zip(words, expected, strict=True):
        assert word[1:] == pytest.approx(wanted[1:])


def test_times_go_up_and_stay_inside_the_window(folder):
    ((turn,),) = hear(load(folder, "cpu"), noise(2.5))
    times = [time for word in turn.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= 2.5
    assert all(isinstance(word, TimedWord) and 0 < word.confidence <= 1 for word in turn.words)


def test_silence_and_a_blink_give_no_text(folder):
    engine = load(folder, "cpu")
    assert hear(engine, np.zeros(16_000, "f4"), noise(0.05), np.zeros(0, "f4")) == [(), (), ()]


def test_it_stops_when_nobody_wants_it_any_more(folder):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        hear(load(folder, "cpu"), noise(1), cancel=cancel)


def test_it_hears_english_alone(folder):
    with pytest.raises(EngineError, match="cannot hear German; it knows English"):
        hear(load(folder, "cpu"), noise(1), options=Options(language="de"))


def test_the_catalogue_finds_its_model(folder, tmp_path):
    found = ready("auto", str(folder), tmp_path)
    assert found.entry.name == "granite-ctc"
    assert found.entry.loader == f"{ctc.__name__}:load"


def changed(copy, **fields):
    raw = json.loads((copy / "config.json").read_text())
    raw["encoder_config"] |= fields
    (copy / "config.json").write_text(json.dumps(raw))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"hidden_size": "x"}, "hidden_size in the model's config.json has to be a whole number"),
        ({"num_hidden_layers": 10**9}, "num_hidden_layers in the model's config.json"),
        ({"subsample_layers": [3]}, "halves its frames at [3]"),
        ({"num_mel_bins": 128}, "reads other sound than 80 mel bands"),
        ({"intermediate_size": 48}, "do not fit its config.json"),
        ({"num_hidden_layers": 3}, "did not load completely"),
    ],
)
def test_settings_of_another_model_are_refused(copy, fields, sentence):
    changed(copy, **fields)
    with pytest.raises(EngineError) as caught:
        load(copy, "cpu")
    assert sentence in str(caught.value)


def test_what_the_config_says_besides_is_not_obeyed(copy):
    raw = json.loads((copy / "config.json").read_text())
    raw |= {"quantization_config": {"quant_method": "bitsandbytes"}, "auto_map": {"x": "evil.py"}}
    raw["_attn_implementation"] = "kernels-community/evil"
    (copy / "config.json").write_text(json.dumps(raw))
    assert hear(load(copy, "cpu"), noise(1)) == hear(load(copy, "cpu"), noise(1))


def test_missing_weights_are_refused(copy):
    weights = load_file(copy / "model.safetensors")
    del weights["encoder.input_linear.weight"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EngineError, match=r"did not load completely \(missing_keys\)"):
        load(copy, "cpu")


def test_a_damaged_tokenizer_is_refused(copy):
    (copy / "tokenizer.json").write_text('{"version": "1.0"}')
    with pytest.raises(EngineError, match=r"tokenizer of the model in .* is damaged"):
        load(copy, "cpu")


def test_another_kind_of_model_is_refused(plus_folder):
    with pytest.raises(EngineError, match=r"is not Granite Speech 5.0 TurboCTC"):
        load(plus_folder, "cpu")
    with pytest.raises(EngineError, match="needs its model"):
        load(None, "cpu")
