"""How much arithmetic a second of sound costs each model: the floor that speed is measured from.

Counted from the configuration alone, multiply and add as two; norms, activations and the log-mel
are below one in a hundred and left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FRAMES = 50
_AUDIO_TOKENS = 10
_PROMPT_TOKENS = 25
TOKENS_A_SECOND = 3.5
"""Text tokens in a second of English speech."""
WINDOW_S = 30.0
"""How much sound the language model attends to at once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Floating point operations for one second of sound."""

    encoder: float
    projector: float
    text: float

    @property
    def total(self) -> float:
        return self.encoder + self.projector + self.text

    def floor(self, flops: float) -> float:
        """Seconds of sound a second of work, on a device of so many operations a second."""
        return flops / self.total


def of_base(config: Mapping[str, Any], tokens: float = TOKENS_A_SECOND) -> Cost:
    """Base and Plus, compute only: sound and prompt are read once, each token written once."""
    encoder, projector, text = (
        config[f"{part}_config"] for part in ("encoder", "projector", "text")
    )
    width, inner = projector["hidden_size"], projector["intermediate_size"]
    block, rows = (
        config.get("window_size", 15),
        config.get("window_size", 15) // config.get("downsample_rate", 5),
    )
    layer = rows * 6 * width**2 + rows * 2 * width * inner
    layer += block * 2 * width * projector["encoder_hidden_size"]
    window = projector["num_hidden_layers"] * layer + rows * width * text["hidden_size"]
    read = _AUDIO_TOKENS + _PROMPT_TOKENS / WINDOW_S
    return Cost(
        _encoder(encoder),
        2 * window * _FRAMES / block,
        read * (_layers(text) + _attention(text, read * WINDOW_S / 2))
        + tokens * (_layers(text) + _head(text))
        + tokens * _attention(text, (read + tokens / 2) * WINDOW_S),
    )


def of_nar(config: Mapping[str, Any], tokens: float = TOKENS_A_SECOND) -> Cost:
    """NAR with one editing pass; the head looks at the slots alone."""
    encoder, projector, text = (
        config[f"{part}_config"] for part in ("encoder", "projector", "text")
    )
    width, block = projector["hidden_size"], projector["block_size"]
    rows = block // projector["downsample_rate"]
    joined = encoder["hidden_dim"] * projector["num_encoder_layers"]
    layer = (
        rows * 2 * width**2 + block * 2 * width**2 + rows * 2 * width**2 * projector["mlp_ratio"]
    )
    window = block * joined * width + projector["num_layers"] * layer
    window += rows * width * text["hidden_size"]
    draft = 2 * encoder["hidden_dim"] * encoder["bpe_output_dim"] * _FRAMES
    slots = 2 * tokens
    rows_s = _AUDIO_TOKENS + slots
    return Cost(
        _encoder(encoder) + draft / encoder["bpe_pooling_window"],
        2 * window * _FRAMES / block,
        rows_s * (_layers(text) + _attention(text, rows_s * WINDOW_S)) + slots * _head(text),
    )


def _encoder(config: Mapping[str, Any]) -> float:
    width, inner = config["hidden_dim"], config["dim_head"] * config["num_heads"]
    wide = width * config["conv_expansion_factor"]
    weights = 4 * width**2 * config["feedforward_mult"] + 4 * width * inner
    weights += 3 * width * wide + wide * config["conv_kernel_size"]
    attention = 3 * config["context_size"] * inner  # scores, places, values
    ends = width * (config["input_dim"] + 2 * config["output_dim"])
    return float(2 * _FRAMES * (config["num_layers"] * (weights + attention) + ends))


def _layers(text: Mapping[str, Any]) -> float:
    """One token through all layers."""
    width = text["hidden_size"]
    keys = width * text["num_key_value_heads"] / text["num_attention_heads"]
    weights = 2 * width**2 + 2 * width * keys + 3 * width * text["intermediate_size"]
    return float(2 * text["num_hidden_layers"] * weights)


def _attention(text: Mapping[str, Any], context: float) -> float:
    """One token's scores over a context, and the sum of its values, in all layers."""
    return float(4 * context * text["hidden_size"] * text["num_hidden_layers"])


def _head(text: Mapping[str, Any]) -> float:
    return float(2 * text["hidden_size"] * text["vocab_size"])
