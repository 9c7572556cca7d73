"""What a Granite checkpoint's config.json may say: every field we use, its default and its limits.

A config is a file from elsewhere. `clean` keeps the known fields only, so that nothing else in it
(weights elsewhere, kernels, quantisers, remote code) can reach the libraries that build the model,
and refuses numbers no real model has before anything is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from granite_studio.core.errors import EngineError

Config = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in `low`..`high`; whole unless `real`. None as default means: worked out."""

    default: float | None
    low: float
    high: float
    real: bool = False

    def read(self, name: str, value: object) -> float:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        wanted = (int, float) if self.real else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            kind = "a number" if self.real else "a whole number"
            raise EngineError(f"{name} in its config.json has to be {kind}.")
        if not self.low <= value <= self.high:
            raise EngineError(
                f"{name} in its config.json is {str(value)[:20]},"
                f" outside {self.low:g}..{self.high:g}."
            )
        return float(value) if self.real else value


@dataclass(frozen=True, slots=True)
class _Only:
    """A field that has one value in every model we can run."""

    value: object

    @property
    def default(self) -> object:
        return self.value

    def read(self, name: str, value: object) -> object:
        if value != self.value or isinstance(value, bool) != isinstance(self.value, bool):
            raise EngineError(
                f"{name} in its config.json is {str(value)[:40]!r},"
                f" and only {self.value!r} is known."
            )
        return value


@dataclass(frozen=True, slots=True)
class _Flag:
    default: bool

    def read(self, name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise EngineError(f"{name} in its config.json has to be true or false.")
        return value


_Fields = Mapping[str, _Number | _Only | _Flag]

_ENCODER: _Fields = {
    "input_dim": _Number(160, 160, 160),  # what features.py makes
    "num_layers": _Number(10, 2, 128),
    "hidden_dim": _Number(1024, 8, 8192),
    "feedforward_mult": _Number(4, 1, 16),
    "num_heads": _Number(8, 1, 128),
    "dim_head": _Number(None, 1, 1024),
    "output_dim": _Number(42, 2, 65536),
    "context_size": _Number(200, 1, 2048),
    "max_pos_emb": _Number(512, 1, 8192),
    "conv_kernel_size": _Number(15, 1, 255),
    "conv_expansion_factor": _Number(2, 1, 16),
}
_NAR_ENCODER: _Fields = {
    **_ENCODER,
    "bpe_output_dim": _Number(None, 2, 1 << 20),
    "bpe_pooling_window": _Number(4, 1, 64),
    "self_conditioning_layer": _Number(None, 1, 128),
}
_TEXT: _Fields = {
    "model_type": _Only("granite"),
    "vocab_size": _Number(32000, 8, 1 << 20),
    "hidden_size": _Number(4096, 8, 32768),
    "intermediate_size": _Number(11008, 8, 131072),
    "num_hidden_layers": _Number(32, 1, 256),
    "num_attention_heads": _Number(32, 1, 256),
    "num_key_value_heads": _Number(None, 1, 256),
    "max_position_embeddings": _Number(2048, 64, 1 << 24),
    "hidden_act": _Only("silu"),
    "attention_bias": _Only(False),
    "mlp_bias": _Only(False),
    "rms_norm_eps": _Number(1e-6, 0, 1, real=True),
    "rope_theta": _Number(10000, 1, 1e12, real=True),
    "embedding_multiplier": _Number(1, 1e-6, 1e6, real=True),
    "logits_scaling": _Number(1, 1e-6, 1e6, real=True),
    "residual_multiplier": _Number(1, 1e-6, 1e6, real=True),
    "attention_multiplier": _Number(1, 1e-6, 1e6, real=True),
    "eos_token_id": _Number(2, 0, 1 << 20),
    "tie_word_embeddings": _Flag(False),
}
_QFORMER: _Fields = {
    "model_type": _Only("blip_2_qformer"),
    "hidden_size": _Number(768, 8, 8192),
    "num_hidden_layers": _Number(12, 1, 64),
    "num_attention_heads": _Number(12, 1, 128),
    "intermediate_size": _Number(3072, 8, 65536),
    "encoder_hidden_size": _Number(1408, 8, 65536),
    "cross_attention_frequency": _Number(2, 1, 64),
    "hidden_act": _Only("gelu"),
    "layer_norm_eps": _Number(1e-12, 0, 1, real=True),
    "use_qformer_text_input": _Only(False),
}
_SPEECH: _Fields = {
    "audio_token_index": _Number(49155, 0, 1 << 20),
    "downsample_rate": _Number(5, 1, 64),
    "window_size": _Number(15, 1, 512),
    "tie_word_embeddings": _Flag(True),
}
_NAR_PROJECTOR: _Fields = {
    "num_layers": _Number(2, 1, 64),
    "hidden_size": _Number(2048, 8, 8192),
    "num_heads": _Number(32, 1, 128),
    "block_size": _Number(15, 1, 512),
    "downsample_rate": _Number(5, 1, 64),
    "encoder_dim": _Number(None, 8, 8192),
    "llm_dim": _Number(None, 8, 32768),
    "num_encoder_layers": _Number(None, 1, 128),
    "mlp_ratio": _Number(2, 1, 16),
    "mlp_bias": _Flag(True),
    "attn_bias": _Flag(True),
    "layernorm_eps": _Number(1e-6, 0, 1, real=True),
}
_NAR: _Fields = {
    "blank_token_id": _Number(None, 0, 1 << 20),
    "scale_projected_embeddings": _Flag(True),
    "min_edit_sequence_length": _Number(8, 1, 1024),
}


def clean_speech(raw: Config, *, plus: bool) -> Config:
    """The settings of a base or Plus model, complete; raises `EngineError` for what cannot be.

    `tie_word_embeddings` is true where either level of the file says so.
    """
    if raw.get("has_lora_adapter", True) is not False:
        raise EngineError("it is an older Granite Speech with a LoRA adapter, not a 4.1 model.")
    raw = {"audio_token_index": raw.get("audio_token_id"), **raw}
    config = _read(_SPEECH, raw, "")
    config["encoder_config"] = encoder = _encoder(raw, _ENCODER)
    config["text_config"] = text = _text(raw)
    config["projector_config"] = qformer = _read(
        _QFORMER, _part(raw, "projector_config"), "projector_config."
    )
    layers = _part(raw, "encoder_config").get("cat_hidden_layers") if plus else None
    width = encoder["hidden_dim"]
    if plus:
        encoder["cat_hidden_layers"] = cat = _layers(
            "cat_hidden_layers", layers, 0, encoder["num_layers"] - 1
        )
        width *= len(cat or ()) + 1
    _agree("projector_config.encoder_hidden_size", qformer["encoder_hidden_size"], width)
    _divides("projector_config.num_attention_heads", qformer, "num_attention_heads", "hidden_size")
    _divides("downsample_rate", config, "downsample_rate", "window_size")
    if config["audio_token_index"] >= text["vocab_size"]:
        raise EngineError("the audio token in its config.json is outside the vocabulary.")
    config["tie_word_embeddings"] |= text["tie_word_embeddings"]
    return config


def clean_nar(raw: Config) -> Config:
    """The settings of a NAR model, complete; raises `EngineError` for what cannot be."""
    config = _read(_NAR, raw, "")
    config["encoder_config"] = encoder = _encoder(raw, _NAR_ENCODER)
    config["text_config"] = text = _text(raw)
    projector = _read(_NAR_PROJECTOR, _part(raw, "projector_config"), "projector_config.")
    config["projector_config"] = projector
    layers = _layers(
        "encoder_layer_indices", raw.get("encoder_layer_indices"), -1, encoder["num_layers"]
    )
    config["encoder_layer_indices"] = layers = layers or [4, 8, 12, -1]
    for name, value in (
        ("encoder_dim", encoder["hidden_dim"]),
        ("llm_dim", text["hidden_size"]),
        ("num_encoder_layers", len(layers)),
    ):
        _agree(f"projector_config.{name}", projector.setdefault(name, value), value)
    _divides("projector_config.num_heads", projector, "num_heads", "hidden_size")
    _divides("projector_config.downsample_rate", projector, "downsample_rate", "block_size")
    encoder.setdefault("self_conditioning_layer", encoder["num_layers"] // 2)
    if encoder["self_conditioning_layer"] > encoder["num_layers"]:
        raise EngineError("self_conditioning_layer in its config.json is beyond the last layer.")
    vocabulary = text["vocab_size"]
    if encoder.setdefault("bpe_output_dim", vocabulary) not in (vocabulary, vocabulary + 1):
        raise EngineError("its draft head does not fit its vocabulary.")
    if config.setdefault("blank_token_id", text["eos_token_id"]) >= vocabulary:
        raise EngineError("the blank token in its config.json is outside the vocabulary.")
    return config


def _encoder(raw: Config, fields: _Fields) -> Config:
    encoder = _read(fields, _part(raw, "encoder_config"), "encoder_config.")
    encoder.setdefault("dim_head", max(1, encoder["hidden_dim"] // encoder["num_heads"]))
    if encoder["context_size"] > encoder["max_pos_emb"]:
        raise EngineError("context_size in its config.json is larger than max_pos_emb.")
    return encoder


def _text(raw: Config) -> Config:
    part = dict(_part(raw, "text_config"))
    rope = part.get("rope_parameters") or part.get("rope_scaling") or {}
    if not isinstance(rope, dict) or rope.get("rope_type", rope.get("type")) not in (
        None,
        "default",
    ):
        raise EngineError("text_config.rope_parameters in its config.json are of an unknown kind.")
    part.setdefault("rope_theta", rope.get("rope_theta"))
    text = _read(_TEXT, part, "text_config.")
    text.setdefault("num_key_value_heads", text["num_attention_heads"])
    _divides("text_config.num_attention_heads", text, "num_attention_heads", "hidden_size")
    _divides("text_config.num_key_value_heads", text, "num_key_value_heads", "num_attention_heads")
    if text["hidden_size"] // text["num_attention_heads"] % 2:
        raise EngineError("the heads in its config.json have an odd width, which cannot rotate.")
    if text["eos_token_id"] >= text["vocab_size"]:
        raise EngineError("the end token in its config.json is outside the vocabulary.")
    return text


def _read(fields: _Fields, raw: Config, prefix: str) -> Config:
    """The known fields of `raw` or their defaults; null counts as absent."""
    values = {name: raw.get(name) for name in fields}
    read = {
        name: field.default if values[name] is None else field.read(prefix + name, values[name])
        for name, field in fields.items()
    }
    return {name: value for name, value in read.items() if value is not None}


def _part(raw: Config, name: str) -> Config:
    part = raw.get(name)
    if not isinstance(part, dict):
        raise EngineError(f"{name} is missing from its config.json.")
    return part


def _layers(name: str, value: object, first: int, last: int) -> list[int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not 0 < len(value) <= 64:
        raise EngineError(f"{name} in its config.json has to be a list of layers.")
    return [int(_Number(0, first, last).read(name, layer)) for layer in value]


def _agree(name: str, value: object, expected: object) -> None:
    if value != expected:
        raise EngineError(f"{name} in its config.json is {value}, and should be {expected}.")


def _divides(name: str, config: Config, small: str, large: str) -> None:
    if config[large] % config[small]:
        raise EngineError(f"{name} in its config.json does not divide {large}.")
