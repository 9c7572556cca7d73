"""Tiny checkpoints of base, Plus and NAR: random weights in the real layout, a real tokenizer.

They hear nothing, but they load, run and save like the large ones. Each is written in well under
a second and is the same bytes every time.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

WIDTH = 32
SPECIAL = (
    "<|pad|>",
    "<|end_of_text|>",
    "<|start_of_role|>",
    "<|end_of_role|>",
    "<|audio|>",
)
BASE_TEMPLATE = (
    "{% for m in messages %}USER: {{ m['content'] }}\n {% endfor %}"
    "{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)
PLUS_TEMPLATE = (
    "{% for m in messages %}<|start_of_role|>{{ m['role'] }}<|end_of_role|>{{ m['content'] }}"
    "<|end_of_text|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start_of_role|>assistant<|end_of_role|>"
    "{% if prefix_text %}{{ prefix_text }}{% endif %}{% endif %}"
)
_TEXT = (
    "hello world, the quick brown fox and one two three: can you transcribe the speech into a "
    "written format? Translate the speech to German. [Speaker 1]: good morning [T:45] _ [T:60]"
)


def write_base(folder: Path) -> Path:
    """A base checkpoint in `folder`, which is made. Untied output layer, as on the hub."""
    from transformers import (
        GraniteSpeechConfig,
        GraniteSpeechEncoderConfig,
        GraniteSpeechForConditionalGeneration,
    )

    config = GraniteSpeechConfig(
        **_speech(tied=False, encoder_width=WIDTH),
        encoder_config=GraniteSpeechEncoderConfig(**_encoder()),
    )
    return _write_speech(folder, GraniteSpeechForConditionalGeneration, config, BASE_TEMPLATE)


def write_plus(folder: Path) -> Path:
    """A Plus checkpoint in `folder`, which is made. Tied output layer, as on the hub."""
    from transformers import (
        GraniteSpeechPlusConfig,
        GraniteSpeechPlusEncoderConfig,
        GraniteSpeechPlusForConditionalGeneration,
    )

    config = GraniteSpeechPlusConfig(
        **_speech(tied=True, encoder_width=2 * WIDTH),
        encoder_config=GraniteSpeechPlusEncoderConfig(**_encoder(), cat_hidden_layers=[1]),
    )
    return _write_speech(folder, GraniteSpeechPlusForConditionalGeneration, config, PLUS_TEMPLATE)


def write_nar(folder: Path, *, bpe_classes: int | None = None) -> Path:
    """A NAR checkpoint in `folder`, which is made.

    With one class more than the vocabulary has tokens, its draft head follows the older convention
    (class 0 is the blank, class n + 1 is token n).
    """
    import torch
    from safetensors.torch import save_file

    from granite_studio.engines.granite.nar_model import NarModel
    from granite_studio.engines.granite.settings import clean_nar

    folder.mkdir(parents=True, exist_ok=True)
    tokens = tokenizer()
    config = nar_config(len(tokens), bpe_classes)
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    torch.manual_seed(0)
    model = NarModel(clean_nar(config))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.1)
        # So that the draft has many different tokens, and the editor changes some of them.
        model.encoder.out_bpe.weight.normal_(0, 1)
        for parameter in model.language_model.model.layers.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.5)
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokens.save_pretrained(folder)
    return folder


def nar_config(tokens: int, bpe_classes: int | None = None) -> dict[str, Any]:
    """config.json of a tiny NAR whose vocabulary has `tokens` entries."""
    end = SPECIAL.index("<|end_of_text|>")
    return {
        "architectures": ["GraniteSpeechNarForASR"],
        "model_type": "granite_speech_nar",
        "encoder_config": {
            **_encoder(),
            "num_layers": 4,
            "bpe_output_dim": bpe_classes or tokens,
            "bpe_pooling_window": 4,
            "self_conditioning_layer": 2,
            "blank_token_id": end,
        },
        "projector_config": {
            "num_layers": 2,
            "num_encoder_layers": 4,
            "hidden_size": WIDTH,
            "num_heads": 4,
            "block_size": 15,
            "downsample_rate": 5,
            "encoder_dim": WIDTH,
            "llm_dim": WIDTH,
            "mlp_ratio": 2,
            "mlp_bias": True,
            "attn_bias": True,
            "layernorm_eps": 1e-6,
        },
        "text_config": {"model_type": "granite", **_text(), "tie_word_embeddings": True},
        "encoder_layer_indices": [1, 2, 3, -1],
        "blank_token_id": end,
        "scale_projected_embeddings": True,
        "min_edit_sequence_length": 8,
        "tie_word_embeddings": True,
    }


@cache
def tokenizer() -> Any:
    """A byte-level BPE tokenizer with some merges and Granite's special tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        [_TEXT] * 4,
        trainers.BpeTrainer(
            vocab_size=320,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            special_tokens=list(SPECIAL),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        pad_token="<|pad|>",
        eos_token="<|end_of_text|>",
        bos_token="<|end_of_text|>",
        additional_special_tokens=["<|start_of_role|>", "<|end_of_role|>", "<|audio|>"],
        padding_side="left",
    )


def _encoder() -> dict[str, Any]:
    return {
        "input_dim": 160,
        "num_layers": 2,
        "hidden_dim": WIDTH,
        "num_heads": 4,
        "dim_head": 8,
        "output_dim": 348,
        "context_size": 200,
        "max_pos_emb": 512,
    }


def _text() -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer()),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "embedding_multiplier": 12.0,
        "logits_scaling": 8.0,
        "residual_multiplier": 0.22,
        "attention_multiplier": 0.125,
        "rms_norm_eps": 1e-5,
        "pad_token_id": SPECIAL.index("<|pad|>"),
        "bos_token_id": SPECIAL.index("<|end_of_text|>"),
        "eos_token_id": SPECIAL.index("<|end_of_text|>"),
    }


def _speech(*, tied: bool, encoder_width: int) -> dict[str, Any]:
    from transformers import Blip2QFormerConfig, GraniteConfig

    return {
        "text_config": GraniteConfig(**_text(), tie_word_embeddings=tied),
        "projector_config": Blip2QFormerConfig(
            hidden_size=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=2 * WIDTH,
            encoder_hidden_size=encoder_width,
            cross_attention_frequency=1,
        ),
        "audio_token_index": SPECIAL.index("<|audio|>"),
        "has_lora_adapter": False,
        "downsample_rate": 5,
        "window_size": 15,
        "tie_word_embeddings": tied,
    }


def _write_speech(folder: Path, model: Any, config: Any, template: str) -> Path:
    import torch
    from transformers.utils import logging

    folder.mkdir(parents=True, exist_ok=True)
    bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        torch.manual_seed(0)
        model(config).eval().save_pretrained(folder)
    finally:
        if bars:
            logging.enable_progress_bar()
    tokens = tokenizer()
    tokens.save_pretrained(folder)
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    return folder
