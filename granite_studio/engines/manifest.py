"""The small file that says that a downloaded model is whole, and what belongs to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from granite_studio.core.errors import EngineError, StudioError
from granite_studio.core.files import atomic_write

MANIFEST = "granite-studio.json"
"""Its name in the model folder; it is written last."""

_LARGEST_MANIFEST = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file of a model: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was downloaded: the hub id, the commit all files are of, and the files by name."""

    id: str
    commit: str
    files: Mapping[str, FileFact] = field(default_factory=dict)


def read(folder: Path) -> Manifest | None:
    """What the folder's manifest says; None where there is none, or none that can be read."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LARGEST_MANIFEST:
            return None
        raw = json.loads(path.read_text("utf-8"))
        files = {
            str(name): FileFact(int(fact["size"]), str(fact["sha256"]))
            for name, fact in raw["files"].items()
        }
        return Manifest(str(raw["id"]), str(raw["commit"]), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write(folder: Path, manifest: Manifest) -> None:
    """Say that this folder is whole. Raises `EngineError` when it cannot be written."""
    try:
        atomic_write(folder / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
    except StudioError as error:
        raise EngineError(str(error)) from error
