"""Writes models as they lie on the hub, in half precision and all at once or not at all."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch  # noqa: TID253

from tiny.tokens import AUDIO

MEL: dict[str, Any] = {"n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": 80}


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write into, which then takes the place of the old one."""
    part, old = folder.with_suffix(".part"), folder.with_suffix(".old")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    for file in part.iterdir():
        file.chmod(0o644)  # safetensors writes its own for the owner alone
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def save_listener(model: Any, tokenizer: Any, folder: Path) -> None:
    """The base or Plus model, with its tokenizer and the processor's settings."""
    with _replacing(folder) as part:
        half = copy.deepcopy(model).to(torch.float16)
        half.generation_config.pad_token_id = tokenizer.pad_token_id
        half.generation_config.bos_token_id = tokenizer.bos_token_id
        half.generation_config.eos_token_id = tokenizer.eos_token_id
        half.save_pretrained(part)
        tokenizer.save_pretrained(part)
        features = {
            "feature_extractor_type": "GraniteSpeechFeatureExtractor",
            "sampling_rate": 16000,
            "projector_window_size": model.config.window_size,
            "projector_downsample_rate": model.config.downsample_rate,
        }
        nested = {"melspec_kwargs": {"sample_rate": 16000, **MEL}}
        _write(part / "preprocessor_config.json", features | nested)
        processor = {
            "audio_processor": features | MEL,
            "audio_token": AUDIO,
            "processor_class": "GraniteSpeechProcessor",
        }
        _write(part / "processor_config.json", processor)


def save_editor(model: Any, tokenizer: Any, config: dict[str, Any], folder: Path) -> None:
    """The non-autoregressive model: tensors under their own names, and its config.json."""
    from safetensors.torch import save_file

    with _replacing(folder) as part:
        tensors = {
            name: (tensor.to(torch.float16) if tensor.is_floating_point() else tensor).contiguous()
            for name, tensor in model.state_dict().items()
        }
        save_file(tensors, part / "model.safetensors", {"format": "pt"})
        tokenizer.save_pretrained(part)
        _write(part / "config.json", config)
        _write(
            part / "preprocessor_config.json",
            {
                "feature_extractor_type": "GraniteSpeechNarFeatureExtractor",
                "sampling_rate": 16000,
                **MEL,
            },
        )
