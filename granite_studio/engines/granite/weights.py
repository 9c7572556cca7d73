"""The headers of safetensors files: what is in them and whether they are whole, without torch.

A safetensors file is eight bytes with the header's length, the header (JSON: each tensor's type,
shape and place), then the tensors one after another without a gap.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from granite_studio.core.errors import EngineError

_LARGEST_HEADER = 100_000_000
_LARGEST_INDEX = 16_000_000
_MOST_AXES = 8
_SAMPLES = 16
_SAMPLE_BYTES = 4096
_ITEM_BYTES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """One tensor as its file's header describes it."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Weights:
    """All tensors of a checkpoint by name, and the size of the files they lie in."""

    tensors: dict[str, Stored]
    size: int
    digest: bytes
    """Of the headers, the sizes and some samples of the numbers themselves."""


def read(folder: Path) -> Weights:
    """The weights in `folder`: model.safetensors, or the shards of its index.

    Raises `EngineError` where there are none, or where a file is missing, cut short or damaged.
    Other safetensors files in the folder are no business of ours.
    """
    tensors: dict[str, Stored] = {}
    digest = hashlib.sha256()
    total = 0
    for file in files(folder):
        size = file.stat().st_size
        header = _header(file, size)
        found = _tensors(file, header, size)
        twice = next((name for name in found if name in tensors), None)
        if twice is not None:
            raise EngineError(f"the tensor {twice} lies in two of its files; fetch it again.")
        tensors |= found
        total += size
        digest.update(header + size.to_bytes(8, "little"))
        _sample(file, size, digest)
    return Weights(tensors, total, digest.digest())


def files(folder: Path) -> tuple[Path, ...]:
    """The files that hold the model's weights; raises `EngineError` if one is not there."""
    whole, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if whole.is_file():  # the libraries prefer it to the index, too
        return (whole,)
    if not index.is_file():
        raise EngineError(_no_weights(folder))
    parsed = parse_json(index, limit=_LARGEST_INDEX)
    places = parsed.get("weight_map") if isinstance(parsed, dict) else None
    # transformers reads the metadata, too, and would fail without it.
    if not isinstance(places, dict) or not places or not isinstance(parsed.get("metadata"), dict):
        raise EngineError(f"its {index.name} names no files; fetch it again.")
    names = {str(name) for name in places.values()}
    for name in sorted(names):
        if any(sign in name for sign in '/\\:"\0') or not name.endswith(".safetensors"):
            raise EngineError(
                f"its {index.name} names {name[:60]!r}, which is no safetensors file beside it."
            )
        if not (folder / name).is_file():
            raise EngineError(f"its weights file {name} is missing; fetch the model again.")
    return tuple(folder / name for name in sorted(names))


def parse_json(file: Path, *, limit: int) -> Any:
    """What the JSON file holds; raises `EngineError` for one that is too large or no JSON."""
    if file.stat().st_size > limit:
        raise EngineError(f"its {file.name} is too large to be one.")
    return _parse(file.name, file.read_bytes())


def _parse(name: str, text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EngineError(f"its {name} is damaged (not JSON); fetch it again.") from error


def _no_weights(folder: Path) -> str:
    pickled = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.suffix in (".bin", ".pt", ".pth", ".ckpt", ".pkl")
    )
    if pickled:
        return (
            f"its weights are a pickle ({pickled[0]}), which could run code; only safetensors"
            " files are read, so fetch the model in that format."
        )
    return "it has no weights (model.safetensors); fetch the model again."


def _header(file: Path, size: int) -> bytes:
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if size < 8 or length > size - 8:
            raise EngineError(f"its {file.name} is cut short; fetch the model again.")
        if length > _LARGEST_HEADER:
            raise EngineError(f"its {file.name} is damaged (a header too long); fetch it again.")
        return stream.read(length)


def _tensors(file: Path, header: bytes, size: int) -> dict[str, Stored]:
    parsed = _parse(file.name, header)
    if not isinstance(parsed, dict):
        raise EngineError(f"its {file.name} is damaged (no list of tensors); fetch it again.")
    tensors: dict[str, Stored] = {}
    places: list[tuple[int, int]] = []
    for name, entry in parsed.items():
        if name == "__metadata__":
            continue
        stored, begin, end = _entry(file, name, entry)
        size_of = _ITEM_BYTES.get(stored.dtype)  # None for a format that we do not read anyway
        if size_of is not None and end - begin != stored.count * size_of:
            raise EngineError(f"the tensor {name} in its {file.name} has the wrong length.")
        tensors[name] = stored
        places.append((begin, end))
    expected = 0
    for begin, end in sorted(places):
        if begin != expected:
            raise EngineError(f"the tensors in its {file.name} overlap or leave gaps.")
        expected = end
    held = size - 8 - len(header)
    if held < expected:
        raise EngineError(f"its {file.name} is cut short; fetch the model again.")
    if held > expected:
        raise EngineError(f"its {file.name} holds more than its tensors; fetch it again.")
    return tensors


def _entry(file: Path, name: str, entry: object) -> tuple[Stored, int, int]:
    """A tensor's description, and where it begins and ends."""
    wrong = EngineError(f"the tensor {name[:80]} in its {file.name} is described wrongly.")
    if not isinstance(entry, dict) or not isinstance(entry.get("dtype"), str):
        raise wrong
    shape, place = _whole(entry.get("shape")), _whole(entry.get("data_offsets"))
    if shape is None or place is None or len(shape) > _MOST_AXES or len(place) != 2:
        raise wrong
    return Stored(entry["dtype"], shape), place[0], place[1]


def _whole(value: object) -> tuple[int, ...] | None:
    """A list of whole numbers that fit in 63 bits, or None for anything else."""
    if isinstance(value, list) and all(type(n) is int and 0 <= n < 1 << 63 for n in value):
        return tuple(value)
    return None


def _sample(file: Path, size: int, digest: Any) -> None:
    """Add some of the file's bytes: two models of one shape have headers that are the same."""
    with file.open("rb") as stream:
        for part in range(_SAMPLES):
            stream.seek(part * max(0, size - _SAMPLE_BYTES) // (_SAMPLES - 1))
            digest.update(stream.read(_SAMPLE_BYTES))
