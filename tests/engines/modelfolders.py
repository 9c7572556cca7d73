"""Model folders as small as they can be: real layout, all weights zero, written without torch."""

import json
import struct
from math import prod

from granite_studio.engines.granite import layout, settings

WIDTH = 8
_ENCODER = {
    "input_dim": 160,
    "num_layers": 2,
    "hidden_dim": WIDTH,
    "num_heads": 1,
    "output_dim": 4,
}
_TEXT = {
    "model_type": "granite",
    "vocab_size": 16,
    "hidden_size": WIDTH,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "eos_token_id": 1,
    "tie_word_embeddings": True,
}
_QFORMER = {
    "model_type": "blip_2_qformer",
    "hidden_size": WIDTH,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "intermediate_size": 8,
    "cross_attention_frequency": 1,
}


def config_of(kind):
    """config.json of a model of this kind: "base", "plus" or "nar"."""
    if kind == "nar":
        return {
            "model_type": "granite_speech_nar",
            "encoder_config": _ENCODER,
            "text_config": _TEXT,
            "projector_config": {"hidden_size": WIDTH, "num_heads": 1, "num_layers": 1},
            "encoder_layer_indices": [1, -1],
        }
    is_plus = kind == "plus"
    return {
        "model_type": "granite_speech_plus" if is_plus else "granite_speech",
        "encoder_config": {**_ENCODER, **({"cat_hidden_layers": [1]} if is_plus else {})},
        "text_config": _TEXT,
        "projector_config": {**_QFORMER, "encoder_hidden_size": WIDTH * (2 if is_plus else 1)},
        "audio_token_index": 2,
        "has_lora_adapter": False,
        "tie_word_embeddings": True,
    }


def files_of(kind, *, salt=0):
    """The files of such a model by name. `salt` makes other weights of the same shapes."""
    raw = config_of(kind)
    if kind == "nar":
        shapes = layout.nar(settings.clean_nar(raw))
    else:
        shapes = layout.speech(settings.clean_speech(raw, plus=kind == "plus"))
    return {
        "config.json": json.dumps(raw).encode(),
        "tokenizer.json": b"{}",
        "chat_template.jinja": b"{{ messages }}",
        "model.safetensors": _safetensors(shapes, salt),
    }


def write(folder, kind, *, salt=0):
    """Make the folder such a model; gives the folder."""
    folder.mkdir(parents=True)
    for name, data in files_of(kind, salt=salt).items():
        (folder / name).write_bytes(data)
    return folder


def _safetensors(shapes, salt):
    header, end = {}, 0
    for name, shape in shapes.items():
        is_counter = name.endswith(layout.COUNTER)
        size = prod(shape) * (8 if is_counter else 2)
        header[name] = {
            "dtype": "I64" if is_counter else "BF16",
            "shape": list(shape),
            "data_offsets": [end, end + size],
        }
        end += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes([salt]) * end
