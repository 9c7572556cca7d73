"""Granite checkpoints on disk: `inspect` says what a folder holds, `load` makes the model of it.

`inspect` reads config.json, the tokenizer and the headers of the safetensors files, needs no torch
and allocates nothing; it refuses everything that is wrong, so `load` starts only on a folder that
is whole. Pickles and code that comes with a model are never read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_studio.core.errors import EngineError
from granite_studio.engines.granite import layout, settings, weights
from granite_studio.engines.granite.batches import out_of_memory
from granite_studio.engines.granite.device import Device, choose

if TYPE_CHECKING:
    from torch import nn


_LARGEST_CONFIG = 4_000_000
_LARGEST_TOKENIZER = 100_000_000
_FLOATS = ("F32", "F16", "BF16")
_NAR_REVISION = "99a4df9"


class Kind(StrEnum):
    """The models we know, by the `model_type` of their config.json."""

    BASE = "granite_speech"
    PLUS = "granite_speech_plus"
    NAR = "granite_speech_nar"
    CTC = "granite_speech5_ctc"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that was inspected and found whole.

    `config` is config.json with known fields only, checked and complete (for CTC, as it lies
    there). `identity` is part of the key of every result: a short hash of the settings, the
    tokenizer, the tensors' headers and samples of their numbers. `bytes` is the weights' size on
    disk, `parameters` how many numbers they are.
    """

    folder: Path
    kind: Kind
    config: dict[str, Any]
    identity: str
    bytes: int
    parameters: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model on its device, in evaluation mode and without gradients, with its tokenizer."""

    checkpoint: Checkpoint
    model: nn.Module
    tokenizer: Any
    device: Device


def inspect(folder: Path) -> Checkpoint:
    """What the folder holds. Raises `EngineError`, one sentence, if it cannot be used as it is."""
    try:
        return _inspect(folder)
    except EngineError as error:
        raise EngineError(f"The model in {folder} cannot be used: {error}") from error
    except OSError as error:
        raise EngineError(
            f"The model in {folder} cannot be read ({error.strerror or error})."
        ) from error


def _inspect(folder: Path) -> Checkpoint:
    if not folder.is_dir():
        what = (
            "this is a file; choose the folder it is in" if folder.exists() else "no such folder"
        )
        raise EngineError(f"{what}.")
    raw = _config(folder)
    kind = _kind(raw)
    if (folder / "adapter_config.json").exists():
        raise EngineError("it is only an adapter for another model; choose a whole model.")
    config = _settings(kind, raw)
    held = weights.read(folder)
    if kind is not Kind.CTC:
        names = _names(kind, held)
        if kind is not Kind.NAR:
            # The file says it more surely than the config: what is stored is not tied.
            config["tie_word_embeddings"] &= layout.LM_HEAD not in names
        _compare(names, layout.nar(config) if kind is Kind.NAR else layout.speech(config))
    _tokenizer_files(folder, template=kind in (Kind.BASE, Kind.PLUS))
    counted = [t.count for t in held.tensors.values() if t.dtype in _FLOATS]
    identity = _identity(folder, config, held)
    return Checkpoint(folder, kind, config, identity, held.size, sum(counted))


def chosen(title: str, kind: Kind, model: Path | None, device: str) -> tuple[Checkpoint, Device]:
    """The checkpoint in the folder `model`, of the kind that the engine `title` needs, and where
    it will run. Raises `EngineError` for a folder that holds no such model, or a damaged one."""
    if model is None:
        raise EngineError(f"{title} needs its model; give its folder, or fetch it in Models.")
    found = inspect(model)
    if found.kind is not kind:
        raise EngineError(
            f"The model in {model} is not {title} ({found.kind}); choose its engine."
        )
    return found, choose(device, bytes_needed=2 * found.parameters)


def load(checkpoint: Checkpoint, device: Device) -> Loaded:
    """The model of the inspected folder on `device`, in the device's dtype.

    Reads the model's own files only, never the network. Raises `EngineError` if the tokenizer
    does not belong to the model, or the files changed since they were inspected.
    """
    if checkpoint.kind is Kind.CTC:
        raise EngineError(f"{checkpoint.folder} holds a CTC model, which its own engine loads.")
    if inspect(checkpoint.folder).identity != checkpoint.identity:
        raise EngineError(f"The model in {checkpoint.folder} changed while it was being loaded.")
    with quiet():
        tokenizer = _tokenizer(checkpoint)
        try:
            model = (
                _nar(checkpoint, device)
                if checkpoint.kind is Kind.NAR
                else _speech(checkpoint, device)
            )
            model.to(device.name).eval().requires_grad_(False)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            raise EngineError(
                f"The model in {checkpoint.folder} does not fit into the memory of {device.words};"
                " close other programs, or choose another device."
            ) from error
    return Loaded(checkpoint, model, tokenizer, device)


def _config(folder: Path) -> dict[str, Any]:
    file = folder / "config.json"
    if not file.is_file():
        raise EngineError("it has no config.json; choose the folder of a Granite Speech model.")
    raw = weights.parse_json(file, limit=_LARGEST_CONFIG)
    if not isinstance(raw, dict):
        raise EngineError("its config.json is damaged (not an object); fetch it again.")
    return raw


def _kind(raw: dict[str, Any]) -> Kind:
    name = str(raw.get("model_type") or "")
    if name == "nle" or "llm_config" in raw:
        raise EngineError(
            f"it is an early layout of the NAR model; fetch its revision {_NAR_REVISION} or later."
        )
    try:
        return Kind(name)
    except ValueError:
        found = f"a model of type {name[:40]!r}" if name else "a model without a type"
        raise EngineError(
            f"it is {found}, not a Granite Speech 4.1 (base, Plus or NAR)."
        ) from None


def _settings(kind: Kind, raw: dict[str, Any]) -> dict[str, Any]:
    if kind is Kind.CTC:
        return raw
    return (
        settings.clean_nar(raw)
        if kind is Kind.NAR
        else settings.clean_speech(raw, plus=kind is Kind.PLUS)
    )


def _names(kind: Kind, held: weights.Weights) -> dict[str, weights.Stored]:
    """The tensors by their names on the hub."""
    if kind is Kind.NAR:
        if any(name.startswith("model.") for name in held.tensors):
            raise EngineError(
                f"it is the NAR model in another library's layout; fetch revision {_NAR_REVISION}."
            )
        return held.tensors
    names = {layout.stored_name(name): stored for name, stored in held.tensors.items()}
    if len(names) < len(held.tensors):
        raise EngineError("it holds a tensor under two names; fetch the model again.")
    return names


def _compare(found: dict[str, weights.Stored], expected: layout.Shapes) -> None:
    missing = sorted(expected.keys() - found.keys())
    if missing:
        raise EngineError(_tensors_sentence(missing, "missing", "fetch the model again."))
    strange = sorted(found.keys() - expected.keys())
    if strange:
        raise EngineError(_tensors_sentence(strange, "not expected", "it is another model."))
    for name, stored in sorted(found.items()):
        if stored.shape != expected[name]:
            raise EngineError(
                f"its tensor {name} has the shape {list(stored.shape)}, and its config.json asks"
                f" for {list(expected[name])}."
            )
        if stored.dtype not in (("I64",) if name.endswith(layout.COUNTER) else _FLOATS):
            raise EngineError(
                f"its tensor {name} holds {stored.dtype} numbers; only F32, F16 and BF16 are read."
            )


def _tensors_sentence(names: list[str], what: str, do: str) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    verb = "are" if len(names) > 1 else "is"
    return f"its tensor {names[0][:80]}{more} {verb} {what}; {do}"


def _tokenizer_files(folder: Path, *, template: bool) -> None:
    file = folder / "tokenizer.json"
    if not file.is_file():
        raise EngineError("its tokenizer.json is missing; fetch the model again.")
    if file.stat().st_size > _LARGEST_TOKENIZER:
        raise EngineError("its tokenizer.json is too large to be one.")
    settings_file = folder / "tokenizer_config.json"
    held = (
        weights.parse_json(settings_file, limit=_LARGEST_CONFIG) if settings_file.is_file() else {}
    )
    if not isinstance(held, dict):
        raise EngineError("its tokenizer_config.json is damaged (not an object); fetch it again.")
    if template and not held.get("chat_template"):
        written = folder / "chat_template.jinja"
        if not written.is_file() or not 0 < written.stat().st_size <= _LARGEST_CONFIG:
            raise EngineError(
                "its chat template (chat_template.jinja) is missing; fetch the model again."
            )


def _identity(folder: Path, config: dict[str, Any], held: weights.Weights) -> str:
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    digest.update(held.digest)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        file = folder / name
        digest.update(file.read_bytes() if file.is_file() else b"-")
    return digest.hexdigest()[:16]


@contextmanager
def quiet() -> Iterator[None]:
    """Without the library's progress bars and advice, which nobody asked for on stderr."""
    from logging import CRITICAL

    import transformers.utils

    logging: Any = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _tokenizer(checkpoint: Checkpoint) -> Any:
    from transformers import PreTrainedTokenizerFast

    folder = checkpoint.folder
    try:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, padding_side="left"
        )
    except Exception as error:  # tokenizers raises the bare class for a damaged file
        raise EngineError(
            f"The tokenizer of the model in {folder} is damaged; fetch the model again."
        ) from error
    config = checkpoint.config
    vocabulary = config["text_config"]["vocab_size"]
    if checkpoint.kind is Kind.NAR:
        fits = len(tokenizer) > config["blank_token_id"]
    else:
        audio = tokenizer.convert_tokens_to_ids("<|audio|>")
        fits = len(tokenizer) <= vocabulary and audio == config["audio_token_index"]
    if not fits:
        raise EngineError(
            f"The tokenizer in {folder} belongs to another model; fetch the model again."
        )
    return tokenizer


def _nar(checkpoint: Checkpoint, device: Device) -> nn.Module:
    from granite_studio.engines.granite.nar_model import NarModel

    return NarModel.load(checkpoint.config, weights.files(checkpoint.folder), device)


def _speech(checkpoint: Checkpoint, device: Device) -> nn.Module:
    """Base or Plus through transformers' class, from our cleaned settings."""
    import torch
    import transformers

    defaults: Any = transformers.GenerationConfig

    config, model_class = speech_class(checkpoint)
    end = checkpoint.config["text_config"]["eos_token_id"]
    model, report = model_class.from_pretrained(
        checkpoint.folder,
        config=config,
        dtype=getattr(torch, device.dtype),
        attn_implementation="sdpa",
        local_files_only=True,
        use_safetensors=True,
        generation_config=defaults(eos_token_id=end, pad_token_id=end),
        output_loading_info=True,
    )
    wrong = [kind for kind, names in report.items() if names]
    if wrong:
        raise EngineError(
            f"The model in {checkpoint.folder} did not load completely ({wrong[0]});"
            " fetch it again."
        )
    return model  # type: ignore[no-any-return]


def speech_class(checkpoint: Checkpoint) -> tuple[Any, Any]:
    """transformers' configuration of a base or Plus model and the class it belongs to."""
    import transformers

    known = checkpoint.config
    text, tied = dict(known["text_config"]), known["tie_word_embeddings"]
    rope = {"rope_type": "default", "rope_theta": text.pop("rope_theta")}
    text |= {"rope_parameters": rope, "tie_word_embeddings": tied, "pad_token_id": None}
    name = "GraniteSpeechPlus" if checkpoint.kind is Kind.PLUS else "GraniteSpeech"
    encoder = getattr(transformers, f"{name}EncoderConfig")(**known["encoder_config"])
    config = getattr(transformers, f"{name}Config")(
        text_config=transformers.GraniteConfig(**text),
        encoder_config=encoder,
        projector_config=transformers.Blip2QFormerConfig(**known["projector_config"]),
        audio_token_index=known["audio_token_index"],
        downsample_rate=known["downsample_rate"],
        window_size=known["window_size"],
        has_lora_adapter=False,
        tie_word_embeddings=tied,
    )
    return config, getattr(transformers, f"{name}ForConditionalGeneration")
