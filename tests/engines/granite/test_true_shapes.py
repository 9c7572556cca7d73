"""The sizes of the published models, and small ones built in the same way."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from granite_studio.engines.granite import layout, true_shapes
from granite_studio.engines.granite.checkpoint import Checkpoint, Kind, speech_class
from granite_studio.engines.granite.device import Device
from granite_studio.engines.granite.nar_model import NarModel
from granite_studio.engines.granite.true_shapes import LABEL, config, random_model

CPU = Device("cpu", "bfloat16", 1, 1)
KINDS = (Kind.BASE, Kind.PLUS, Kind.NAR)


def build(kind: Kind) -> torch.nn.Module:
    """The class of the published model, without memory."""
    known = config(kind)
    with torch.device("meta"):
        if kind is Kind.NAR:
            return NarModel(known)
        settings, model_class = speech_class(Checkpoint(None, kind, known, "", 0, 0))
        model: torch.nn.Module = model_class(settings)
        return model


@pytest.mark.parametrize(
    ("kind", "tensors", "billions", "stored"),
    [(Kind.BASE, 954, 2.313, 954), (Kind.PLUS, 954, 2.112, 953), (Kind.NAR, 946, 2.255, 946)],
)
def test_published_sizes(kind: Kind, tensors: int, billions: float, stored: int) -> None:
    model = build(kind)
    assert len(model.state_dict()) == tensors
    assert round(sum(parameter.numel() for parameter in model.parameters()) / 1e9, 3) == billions
    shapes = layout.nar(config(kind)) if kind is Kind.NAR else layout.speech(config(kind))
    assert len(shapes) == stored


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_shapes_worked_out_are_those_of_the_class(kind: Kind) -> None:
    known = config(kind)
    state = {name: tuple(tensor.shape) for name, tensor in build(kind).state_dict().items()}
    if kind is Kind.NAR:
        assert layout.nar(known) == state
        return
    expected = {layout.stored_name(name): shape for name, shape in state.items()}
    if known["tie_word_embeddings"]:
        del expected[layout.LM_HEAD]
    assert layout.speech(known) == expected


def test_the_nar_s_946_tensors_are_930_of_numbers_and_16_counters() -> None:
    state = build(Kind.NAR).state_dict()
    assert sum(tensor.dtype == torch.int64 for tensor in state.values()) == 16
    assert sum(name.startswith("language_model.model.layers.") for name in state) == 40 * 9


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same construction with two thin layers; the vocabulary stays."""
    thin: dict[str, Any] = {"num_layers": 2, "hidden_dim": 16, "num_heads": 2, "dim_head": 8}
    text: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 16}
    former = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 16}

    def config_of(kind: Kind) -> dict[str, Any]:
        known = config(kind)
        known["encoder_config"] |= thin
        known["text_config"] |= text | {"num_attention_heads": 2, "num_key_value_heads": 1}
        if kind is Kind.NAR:
            known["encoder_layer_indices"] = [0, 1, 2, -1]
            known["encoder_config"]["self_conditioning_layer"] = 1
            known["projector_config"] |= {"hidden_size": 16, "num_heads": 2}
            known["projector_config"] |= {"encoder_dim": 16, "llm_dim": 16}
        else:
            plus = kind is Kind.PLUS
            known["projector_config"] |= former | {"encoder_hidden_size": 32 if plus else 16}
            if plus:
                known["encoder_config"]["cat_hidden_layers"] = [1]
        return known

    monkeypatch.setattr(true_shapes, "config", config_of)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", KINDS)
def test_random_models_lie_in_the_device_s_format_with_finite_numbers(kind: Kind) -> None:
    before = torch.get_default_dtype()
    loaded = random_model(kind, device=CPU)
    assert torch.get_default_dtype() == before
    state = loaded.model.state_dict()
    assert {tensor.dtype for tensor in state.values()} == {torch.bfloat16, torch.int64}
    assert all(tensor.isfinite().all() for tensor in state.values())
    assert str(loaded.checkpoint.folder) == LABEL
    counted = sum(parameter.numel() for parameter in loaded.model.parameters())
    norms = sum(t.numel() for n, t in state.items() if n.endswith(("running_mean", "running_var")))
    assert loaded.checkpoint.parameters == counted + norms


@pytest.mark.usefixtures("small")
def test_a_random_nar_edits_like_one_put_together_from_its_weights() -> None:
    device = replace(CPU, dtype="float32")
    made = random_model(Kind.NAR, device=device).model
    again = NarModel(made.config)  # type: ignore[arg-type]
    again.load_state_dict(made.state_dict())
    rows = [torch.randn(7, 16)]
    states = [
        model.editor_states(rows, [[5, 6, 7]])[0]  # type: ignore[operator]
        for model in (made, again.eval())
    ]
    assert states[0].equal(states[1])


@pytest.mark.usefixtures("small")
def test_a_random_plus_runs() -> None:
    loaded = random_model(Kind.PLUS, device=CPU)
    features = torch.randn(1, 30, 160, dtype=torch.bfloat16)
    rows = loaded.model.get_audio_features(features).pooler_output  # type: ignore[operator]
    assert rows.shape == (1, 6, 16)
    assert rows.isfinite().all()
    heads: Any = loaded.model
    assert heads.lm_head.weight is heads.model.language_model.embed_tokens.weight


def test_the_tokenizer_knows_every_id_and_keeps_text() -> None:
    tokens = true_shapes.tokenizer(100353)
    assert len(tokens) == 100353
    assert tokens.convert_tokens_to_ids("<|audio|>") == 100352
    assert tokens.eos_token_id == 100257
    text = "can you transcribe the speech into a written format? [Speaker 1]: schön"
    ids = tokens(f"<|audio|>{text}").input_ids
    assert ids[0] == 100352
    assert len(ids) < 40
    assert tokens.decode(ids, skip_special_tokens=True) == text
    assert tokens.decode([100257, 5000, 99_999], skip_special_tokens=True) == " 5000 99999"


def test_the_nar_s_tokenizer_has_no_audio_token() -> None:
    tokens = true_shapes.tokenizer(100352)
    assert len(tokens) == 100352
    assert "<|audio|>" not in tokens.get_vocab()
