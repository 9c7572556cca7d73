"""The command `doctor`: whether all is well on this machine, and what to do if not."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from granite_studio import __version__
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.engines import keys, models
from granite_studio.store import logs, places
from granite_studio.workers.child import Worker

_ROOM = 2 * 1024**3


def doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=_doctor)


@dataclass(frozen=True, slots=True)
class _Check:
    """One thing looked at. `cure` says what to do and is empty when all is well."""

    name: str
    found: str
    cure: str = ""


def _doctor(options: argparse.Namespace) -> int:
    checks = [check() for check in _CHECKS]
    if options.json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            print(f"{'!' if check.cure else ' '} {check.name:16} {check.found}")
            if check.cure:
                print(f"  {'':16} {check.cure}")
    return 1 if any(check.cure for check in checks) else 0


def _program() -> _Check:
    python = platform.python_version()
    return _Check("Granite Studio", f"{__version__}, Python {python}, {platform.platform()}")


def _qt() -> _Check:
    version = _version("PySide6-Essentials")
    if version is None:
        return _Check("Qt", "not installed", "Install Granite Studio anew: its window needs Qt.")
    if version.startswith("6.12.0") and sys.version_info < (3, 12):
        return _Check(
            "Qt",
            f"PySide6 {version}",
            "This version crashes on Python 3.11; install PySide6-Essentials 6.11.",
        )
    fault = _fault_of("PySide6.QtWidgets") or _fault_of("PySide6.QtMultimedia")
    cure = f"A system library that Qt needs is missing: {fault}" if fault else ""
    return _Check("Qt", f"PySide6 {version}", cure)


def _draft() -> _Check:
    version = _version("pocketsphinx")
    spec = importlib.util.find_spec("pocketsphinx")
    model = Path(spec.origin).parent / "model" / "en-us" if spec and spec.origin else None
    if version is None or model is None or not model.is_dir():
        return _Check("Draft engine", "missing", "Install Granite Studio anew.")
    return _Check("Draft engine", f"PocketSphinx {version} with its English model")


def _speech() -> _Check:
    version = _version("silero-vad")
    if version is None or _version("onnxruntime") is None:
        return _Check("Speech finder", "missing", "Install Granite Studio anew.")
    return _Check("Speech finder", f"Silero {version} on onnxruntime {_version('onnxruntime')}")


def _decoder() -> _Check:
    version = _version("av")
    fault = _fault_of("av") if version else "not installed"
    return _Check(
        "Decoder",
        f"PyAV {version}",
        f"Recordings cannot be read ({fault}); install Granite Studio anew." if fault else "",
    )


def _device() -> _Check:
    version = _version("torch")
    if version is None:
        return _Check("Device", "CPU; torch is not installed, the draft engine does not need it")
    try:
        found = _in_child("device")
    except StudioError as error:
        return _Check("Device", f"torch {version} does not start", f"Install torch anew: {error}")
    return _Check("Device", f"{found} (torch {version})")


def _granite() -> _Check:
    """What the Granite engines stand on, beside torch."""
    parts = ("transformers", "tokenizers", "safetensors")
    versions = {part: _version(part) for part in parts}
    missing = [part for part, version in versions.items() if version is None]
    if missing or _version("torch") is None:
        what = " and ".join(missing) or "torch"
        return _Check("Granite engines", f"cannot run: {what} is not installed")
    flash = _version("flash-attn")
    found = ", ".join(f"{part} {version}" for part, version in versions.items())
    return _Check("Granite engines", f"{found}, flash-attn {flash or 'not installed'}")


def _models() -> _Check:
    folder = places.models_dir()
    found = models.installed(folder)
    trouble = " ".join(model.trouble for model in found if model.trouble)
    names = ", ".join(f"{model.id} ({model.engine})" for model in found if not model.trouble)
    lack = "none; `granite-studio models download granite-plus` brings one"
    return _Check("Models", f"{names or lack}, in {folder}", trouble)


def _keyring() -> _Check:
    try:
        return _Check("Keys", _in_child("keys"))
    except StudioError as error:
        return _Check("Keys", "the keyring does not answer", f"{error}")


def _ffmpeg() -> _Check:
    path = shutil.which("ffmpeg")
    return _Check("ffmpeg", path or "not found; only exporting video with subtitles will need it")


def _folders() -> _Check:
    folder = places.data_dir()
    free = shutil.disk_usage(folder).free
    cure = "" if free > _ROOM else "Little room is left on this disk; free at least 2 GB."
    return _Check("Data folder", f"{folder}, {free / 1024**3:.0f} GB free", cure)


def _logs() -> _Check:
    return _Check("Log folder", str(logs.path_of("window").parent))


_CHECKS: tuple[Callable[[], _Check], ...] = (
    _program,
    _qt,
    _decoder,
    _speech,
    _draft,
    _device,
    _granite,
    _models,
    _keyring,
    _ffmpeg,
    _folders,
    _logs,
)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _fault_of(module: str) -> str:
    """Why this module cannot be imported, or nothing when it can."""
    try:
        return _in_child(f"import {module}")
    except StudioError as error:
        return str(error)


def _in_child(question: str) -> str:
    """Ask a child: what is missing here stops an import, and what is broken stops the process."""
    worker = Worker("granite_studio.cli.machine:answer", name="The check")
    try:
        return "".join(worker.run(question, CancelToken(), quiet_s=60))
    finally:
        worker.close()


def answer() -> Callable[[str, CancelToken], Iterator[str]]:
    """What `_in_child` runs in the child: "import MODULE", "keys" or "device"."""

    def handle(question: str, cancel: CancelToken) -> Iterator[str]:
        kind, _, module = question.partition(" ")
        if kind == "import":
            try:
                importlib.import_module(module)
            except ImportError as error:
                yield str(error)
            return
        if kind == "keys":
            yield keys.where()
            return
        import torch

        if torch.cuda.is_available():
            yield f"cuda:0, {torch.cuda.get_device_name(0)}"
        elif torch.backends.mps.is_available():
            yield "mps"
        elif torch.version.cuda is None:
            yield "CPU; this torch was built without CUDA"
        else:
            yield "CPU; no CUDA GPU or no driver for it was found"

    return handle
