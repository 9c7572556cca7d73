"""Models of the true sizes with random weights: they hear nothing, and serve to measure speed.

Sizes are those of the checkpoints on the hub; a test counts their parameters and tensors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_studio.engines.granite import layout, settings
from granite_studio.engines.granite.checkpoint import Checkpoint, Kind, Loaded, speech_class
from granite_studio.engines.granite.layout import Shapes

if TYPE_CHECKING:
    from torch import nn

    from granite_studio.engines.granite.device import Device

LABEL = "random weights, speed only"
"""Where a checkpoint would have its folder."""

_END, _AUDIO = 100257, 100352
_SPREAD = 0.02
_ENCODER: dict[str, Any] = {
    "num_layers": 16,
    "hidden_dim": 1024,
    "num_heads": 8,
    "dim_head": 128,
    "output_dim": 348,
}
_TEXT: dict[str, Any] = {
    "hidden_size": 2048,
    "intermediate_size": 4096,
    "num_hidden_layers": 40,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
    "embedding_multiplier": 12,
    "logits_scaling": 8,
    "residual_multiplier": 0.22,
    "attention_multiplier": 1 / 128,
    "eos_token_id": _END,
}
_QFORMER: dict[str, Any] = {
    "hidden_size": 1024,
    "num_hidden_layers": 2,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "cross_attention_frequency": 1,
}
_TEMPLATE = (
    "{% for m in messages %}<|start_of_role|>{{ m['role'] }}<|end_of_role|>{{ m['content'] }}"
    "<|end_of_text|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start_of_role|>assistant<|end_of_role|>{% endif %}"
)
_PROMPTS = (
    "transcribe the speech with proper punctuation and capitalization. can you transcribe the "
    "speech into a written format? Speaker attribution: Transcribe and denote who is speaking by "
    "adding [Speaker 1]: and [Speaker 2]: tags before speaker turns. Timestamps: After each word, "
    "add a timestamp tag showing the end time in centiseconds, e.g. hello [T:45] world [T:82]"
)


def config(kind: Kind) -> dict[str, Any]:
    """The settings of the model as published, complete. Raises `KeyError` for the CTC model."""
    base: dict[str, Any] = {
        "encoder_config": _ENCODER,
        "text_config": {**_TEXT, "vocab_size": 100353},
        "projector_config": {**_QFORMER, "encoder_hidden_size": 1024},
        "audio_token_index": _AUDIO,
        "has_lora_adapter": False,
        "tie_word_embeddings": False,
    }
    plus = base | {
        "encoder_config": {**_ENCODER, "cat_hidden_layers": [3]},
        "projector_config": {**_QFORMER, "encoder_hidden_size": 2048},
        "tie_word_embeddings": True,
    }
    nar = {
        "encoder_config": {**_ENCODER, "self_conditioning_layer": 8},
        "text_config": {**_TEXT, "vocab_size": 100352},
        "projector_config": {},
    }
    return {
        Kind.BASE: lambda: settings.clean_speech(base, plus=False),
        Kind.PLUS: lambda: settings.clean_speech(plus, plus=True),
        Kind.NAR: lambda: settings.clean_nar(nar),
    }[kind]()


def random_model(kind: Kind, *, device: Device) -> Loaded:
    """A model of the true size on `device`, with random weights and a tokenizer that fits.

    Built in the device's dtype where it will be, so that it takes no more than it weighs: 4.2 to
    4.6 GB in half precision. Norms are as in training, so that numbers stay finite.
    """
    import torch

    known = config(kind)
    shapes = _shapes(kind, known)
    parameters = sum(torch.Size(shape).numel() for shape in shapes.values())
    checkpoint = Checkpoint(Path(LABEL), kind, known, "random", 2 * parameters, parameters)
    with _unset(device):
        if kind is Kind.NAR:
            from granite_studio.engines.granite.nar_model import NarModel

            model: nn.Module = NarModel(known)
        else:
            settings_of, model_class = speech_class(checkpoint)
            model = model_class(settings_of)
            model.tie_weights()  # type: ignore[operator]
    _fill(model)
    model.eval().requires_grad_(False)
    return Loaded(checkpoint, model, tokenizer(known["text_config"]["vocab_size"]), device)


def tokenizer(size: int) -> Any:
    """A byte-level tokenizer that knows some words, with Granite's special tokens in their places.

    All other ids up to `size` are made-up words, so that any answer of a random model is a text.
    """
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    small = Tokenizer(models.BPE())
    small.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=alphabet, show_progress=False, min_frequency=1
    )
    small.train_from_iterator([_PROMPTS], trainer)
    learned = json.loads(small.to_str())["model"]
    special = {"<|end_of_text|>": _END, "<|start_of_role|>": 100264, "<|end_of_role|>": 100265}
    if size > _AUDIO:
        special["<|audio|>"] = _AUDIO
    taken = set(special.values())
    made_up = {f"Ġ{n}": n for n in range(len(learned["vocab"]), size) if n not in taken}
    vocabulary = {**learned["vocab"], **made_up, **special}
    whole = Tokenizer(models.BPE(vocabulary, [tuple(pair) for pair in learned["merges"]]))
    whole.pre_tokenizer, whole.decoder = small.pre_tokenizer, decoders.ByteLevel()
    make: Any = transformers.PreTrainedTokenizerFast
    tokens = make(
        tokenizer_object=whole,
        eos_token="<|end_of_text|>",
        pad_token="<|end_of_text|>",
        additional_special_tokens=[name for name in special if name != "<|end_of_text|>"],
        padding_side="left",
    )
    tokens.chat_template = _TEMPLATE
    return tokens


def _shapes(kind: Kind, known: dict[str, Any]) -> Shapes:
    shapes = layout.nar(known) if kind is Kind.NAR else layout.speech(known)
    return {name: shape for name, shape in shapes.items() if not name.endswith(layout.COUNTER)}


@contextmanager
def _unset(device: Device) -> Iterator[None]:
    """New tensors lie on the device in its dtype, and nothing is put into them."""
    import torch
    from transformers.initialization import no_init_weights

    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, device.dtype))
    try:
        with no_init_weights(), torch.device(device.name):
            yield
    finally:
        torch.set_default_dtype(before)


def _fill(model: nn.Module) -> None:
    import torch

    torch.manual_seed(0)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, _SPREAD)
            else:
                parameter.fill_(0 if name.endswith("bias") else 1)
        for name, buffer in model.named_buffers():
            if name.endswith(("running_mean", layout.COUNTER)):
                buffer.zero_()
            elif name.endswith("running_var"):
                buffer.fill_(1)
