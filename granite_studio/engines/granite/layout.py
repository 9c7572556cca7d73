"""Names and shapes of the tensors in a checkpoint, worked out from its settings without torch.

The names are those on the hub: `encoder.*`, `projector.*`, `language_model.model.*` and, where the
output layer is not tied, `language_model.lm_head.weight`. A test compares the arithmetic with the
classes themselves, built on the meta device in the true sizes.
"""

from __future__ import annotations

from typing import Any

Shapes = dict[str, tuple[int, ...]]

LM_HEAD = "language_model.lm_head.weight"
COUNTER = "num_batches_tracked"
"""Last part of the names that hold whole numbers: how many batches a norm has seen in training."""


def speech(config: dict[str, Any]) -> Shapes:
    """What a base or Plus checkpoint holds; `config` as `settings.clean_speech` gives it."""
    text = config["text_config"]
    shapes = _encoder(config["encoder_config"])
    shapes |= _qformer(config)
    shapes |= _granite(text)
    if not config["tie_word_embeddings"]:
        shapes[LM_HEAD] = (text["vocab_size"], text["hidden_size"])
    return shapes


def nar(config: dict[str, Any]) -> Shapes:
    """What a NAR checkpoint holds; `config` as `settings.clean_nar` gives it."""
    encoder, projector = config["encoder_config"], config["projector_config"]
    shapes = _encoder(encoder)
    shapes |= _linear("encoder.out_bpe", encoder["hidden_dim"], encoder["bpe_output_dim"])
    width, count = projector["hidden_size"], projector["num_encoder_layers"]
    dim, block = projector["encoder_dim"], projector["block_size"]
    for layer in range(count):
        shapes |= _norm(f"projector.layer_norms.{layer}", dim)
    shapes |= _linear("projector.layer_projector", dim * count, width)
    shapes["projector.query"] = (1, block // projector["downsample_rate"], width)
    shapes["projector.window_positions"] = (1, block, width)
    for layer in range(projector["num_layers"]):
        at = f"projector.qformer.layers.{layer}"
        shapes |= _norm(f"{at}.attn_norm", width) | _norm(f"{at}.mlp_norm", width)
        for part in "qkvo":
            name = f"{at}.cross_attention.{part}_proj"
            shapes |= _linear(name, width, width, bias=projector["attn_bias"])
        inner, bias = width * projector["mlp_ratio"], projector["mlp_bias"]
        shapes |= _linear(f"{at}.mlp.fc1", width, inner, bias=bias)
        shapes |= _linear(f"{at}.mlp.fc2", inner, width, bias=bias)
    shapes |= _norm("projector.out_norm", width)
    shapes |= _linear("projector.out_linear", width, projector["llm_dim"])
    return shapes | _granite(config["text_config"])


def stored_name(name: str) -> str:
    """A tensor's name as it is on the hub, also for files written with nested names."""
    if name.startswith("model.language_model."):
        return "language_model.model." + name.removeprefix("model.language_model.")
    if name.startswith("lm_head."):
        return "language_model." + name
    return name.removeprefix("model.")


def _linear(name: str, inside: int, outside: int, *, bias: bool = True) -> Shapes:
    shapes: Shapes = {f"{name}.weight": (outside, inside)}
    return shapes | {f"{name}.bias": (outside,)} if bias else shapes


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def _encoder(config: dict[str, Any]) -> Shapes:
    width, classes = config["hidden_dim"], config["output_dim"]
    shapes = _linear("encoder.input_linear", config["input_dim"], width)
    for layer in range(config["num_layers"]):
        shapes |= _conformer_block(f"encoder.layers.{layer}", config)
    return (
        shapes
        | _linear("encoder.out", width, classes)
        | _linear("encoder.out_mid", classes, width)
    )


def _conformer_block(at: str, config: dict[str, Any]) -> Shapes:
    width = config["hidden_dim"]
    shapes: Shapes = {}
    for name in ("ff1", "ff2"):
        inner = width * config["feedforward_mult"]
        shapes |= _norm(f"{at}.{name}.pre_norm", width)
        shapes |= _linear(f"{at}.{name}.up_proj", width, inner)
        shapes |= _linear(f"{at}.{name}.down_proj", inner, width)
    heads = config["num_heads"] * config["dim_head"]
    shapes |= _norm(f"{at}.attn.pre_norm", width)
    shapes |= _linear(f"{at}.attn.to_q", width, heads, bias=False)
    shapes |= _linear(f"{at}.attn.to_kv", width, 2 * heads, bias=False)
    shapes |= _linear(f"{at}.attn.to_out", heads, width)
    shapes[f"{at}.attn.rel_pos_emb.weight"] = (2 * config["max_pos_emb"] + 1, config["dim_head"])
    inner = width * config["conv_expansion_factor"]
    shapes |= _norm(f"{at}.conv.norm", width)
    shapes[f"{at}.conv.up_conv.weight"] = (2 * inner, width, 1)
    shapes[f"{at}.conv.up_conv.bias"] = (2 * inner,)
    shapes[f"{at}.conv.depth_conv.conv.weight"] = (inner, 1, config["conv_kernel_size"])
    shapes |= _norm(f"{at}.conv.batch_norm", inner)
    shapes[f"{at}.conv.batch_norm.running_mean"] = (inner,)
    shapes[f"{at}.conv.batch_norm.running_var"] = (inner,)
    shapes[f"{at}.conv.batch_norm.{COUNTER}"] = ()
    shapes[f"{at}.conv.down_conv.weight"] = (width, inner, 1)
    shapes[f"{at}.conv.down_conv.bias"] = (width,)
    return shapes | _norm(f"{at}.post_norm", width)


def _qformer(config: dict[str, Any]) -> Shapes:
    projector = config["projector_config"]
    width, inner = projector["hidden_size"], projector["intermediate_size"]
    shapes: Shapes = {
        "projector.query": (1, config["window_size"] // config["downsample_rate"], width)
    }
    shapes |= _norm("projector.qformer.layernorm", width)
    for layer in range(projector["num_hidden_layers"]):
        at = f"projector.qformer.encoder.layer.{layer}"
        shapes |= _qformer_attention(f"{at}.attention", width, width)
        if layer % projector["cross_attention_frequency"] == 0:
            keys = projector["encoder_hidden_size"]
            shapes |= _qformer_attention(f"{at}.crossattention", width, keys)
        shapes |= _linear(f"{at}.intermediate_query.dense", width, inner)
        shapes |= _linear(f"{at}.output_query.dense", inner, width)
        shapes |= _norm(f"{at}.output_query.LayerNorm", width)
    return shapes | _linear("projector.linear", width, config["text_config"]["hidden_size"])


def _qformer_attention(at: str, width: int, keys: int) -> Shapes:
    shapes = _linear(f"{at}.attention.query", width, width)
    for name in ("key", "value"):
        shapes |= _linear(f"{at}.attention.{name}", keys, width)
    return (
        shapes
        | _linear(f"{at}.output.dense", width, width)
        | _norm(f"{at}.output.LayerNorm", width)
    )


def _granite(config: dict[str, Any]) -> Shapes:
    width, inner = config["hidden_size"], config["intermediate_size"]
    keys = width // config["num_attention_heads"] * config["num_key_value_heads"]
    shapes: Shapes = {
        "language_model.model.embed_tokens.weight": (config["vocab_size"], width),
        "language_model.model.norm.weight": (width,),
    }
    for layer in range(config["num_hidden_layers"]):
        at = f"language_model.model.layers.{layer}"
        shapes |= {
            f"{at}.self_attn.q_proj.weight": (width, width),
            f"{at}.self_attn.k_proj.weight": (keys, width),
            f"{at}.self_attn.v_proj.weight": (keys, width),
            f"{at}.self_attn.o_proj.weight": (width, width),
            f"{at}.mlp.gate_proj.weight": (inner, width),
            f"{at}.mlp.up_proj.weight": (inner, width),
            f"{at}.mlp.down_proj.weight": (width, inner),
            f"{at}.input_layernorm.weight": (width,),
            f"{at}.post_attention_layernorm.weight": (width,),
        }
    return shapes
