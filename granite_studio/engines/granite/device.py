"""What a model runs on: chosen openly, with the reason in words where it is not the fastest."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from granite_studio.core.errors import EngineError

_WORKING_BYTES = 1_000_000_000
"""Room that kernels and the activations of one window take beside the weights of a large model."""
_WINDOW_BYTES = 256_000_000
"""Room for each window of half a minute that is heard at once: activations, logits, cache."""
_LARGEST_BATCH = 128
_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}


@dataclass(frozen=True, slots=True)
class Device:
    """A place for a model: `name` and `dtype` as torch writes them, and how many windows at once.

    `note` says why it is not the one that would be fastest, and is empty where it is.
    """

    name: str
    dtype: str
    batch: int
    threads: int = 0
    note: str = ""

    @property
    def words(self) -> str:
        """For people: "cuda:0, bfloat16", or "CPU, 2 threads, float32 (no NVIDIA GPU found)"."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        where = f"CPU, {threads}" if self.name == "cpu" else self.name
        return f"{where}, {self.dtype}" + (f" ({self.note})" if self.note else "")


def choose(wanted: str = "auto", *, bytes_needed: int) -> Device:
    """The device for a model whose weights take `bytes_needed` at two bytes a parameter.

    `wanted` is "auto", "cpu", "cuda", "cuda:1" or "mps", and may name a dtype after a comma
    ("cpu, bfloat16"). "auto" takes an NVIDIA GPU or Apple's, and where there is none, or it has
    no room, the CPU, with the reason in `note`. Raises `EngineError` if what was asked for is not
    there, or if the model fits nowhere.
    """
    where, _, dtype = (part.strip().lower() for part in wanted.partition(","))
    if dtype and dtype not in _BYTES:
        raise EngineError(f"{dtype!r} is no number format; choose one of {', '.join(_BYTES)}.")
    family, _, index = where.partition(":")
    if where == "auto":
        apple = sys.platform == "darwin"
        found = _mps(dtype, bytes_needed) if apple else _cuda(0, dtype, bytes_needed)
        if isinstance(found, str):
            return _cpu(dtype, bytes_needed, note=found)
    elif family == "cuda" and (not index or index.isdecimal()):
        found = _cuda(int(index or 0), dtype, bytes_needed)
    elif where == "mps":
        found = _mps(dtype, bytes_needed)
    elif where == "cpu":
        found = _cpu(dtype, bytes_needed, note="")
    else:
        raise EngineError(f"{wanted!r} is no device; choose auto, cpu, cuda, cuda:1 or mps.")
    if isinstance(found, str):
        raise EngineError(f"{where} cannot be used: {found}; choose auto or cpu.")
    return found


def _cuda(index: int, dtype: str, needed: int) -> Device | str:
    """The NVIDIA GPU, or why not."""
    import torch

    if not torch.cuda.is_available():
        return "no NVIDIA GPU found"
    if index >= torch.cuda.device_count():
        return f"there is no NVIDIA GPU number {index}"
    note = ""
    if not dtype:
        dtype = "bfloat16"
        with torch.cuda.device(index):
            if not torch.cuda.is_bf16_supported(including_emulation=False):
                dtype, note = "float16", "this GPU has no bfloat16"
    free, _total = torch.cuda.mem_get_info(index)
    return _fitted(f"cuda:{index}", dtype, needed, free, note=note)


def _mps(dtype: str, needed: int) -> Device | str:
    """Apple's GPU, or why not."""
    import torch

    if not torch.backends.mps.is_available():
        return "no Apple GPU found"
    if not dtype:
        # float16 overflows in a model that was trained in bfloat16, so the older systems that
        # have no bfloat16 on the GPU get the slower, safe format.
        dtype = "bfloat16" if torch.backends.mps.is_macos_or_newer(14, 0) else "float32"
    free = torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return _fitted("mps", dtype, needed, free, note="")


def _fitted(name: str, dtype: str, needed: int, free: int, *, note: str) -> Device | str:
    """A GPU with as large a batch as its free memory holds, or why the model does not fit."""
    left = free - needed * _BYTES[dtype] // 2 - _WORKING_BYTES
    if left < 0:
        return f"it has {_gb(free)} free and the model needs {_gb(free - left)}"
    return Device(name, dtype, max(1, min(_LARGEST_BATCH, left // _WINDOW_BYTES)), note=note)


def _cpu(dtype: str, needed: int, *, note: str) -> Device:
    """The CPU: float32, or half of that where only half fits."""
    import torch

    threads, free = torch.get_num_threads(), _free_memory()
    if not dtype:
        dtype = "float32"
        # float32 on the CPU: bfloat16 is faster only on processors with matrix units for it.
        if free is not None and free < 2 * needed < 2 * free:
            dtype = "bfloat16"
            note = "; ".join(filter(None, (note, f"{_gb(free)} free, too little for float32")))
    size = needed * _BYTES[dtype] // 2
    if free is not None and free < size:
        raise EngineError(
            f"The model needs {_gb(size)} of memory and {_gb(free)} are free;"
            " close other programs, or choose a smaller engine."
        )
    room = 4 if free is None else (free - size) // _WINDOW_BYTES
    return Device("cpu", dtype, max(1, min(4, threads, room)), threads, note)


def _free_memory() -> int | None:
    """Bytes of main memory that can be had without swapping; None where nobody says."""
    told = Path("/proc/meminfo")
    if told.is_file():
        for line in told.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        # All of it, where the system does not say how much is free.
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
