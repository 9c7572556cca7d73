"""What is chosen to run a model on, and what is said about it. GPUs here are pretended."""

from contextlib import nullcontext
from typing import Any

import pytest
import torch

from granite_studio.core.errors import EngineError
from granite_studio.engines.granite import device
from granite_studio.engines.granite.device import Device, choose

GB = 10**9


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux with two threads, 16 GB free and no GPU."""
    monkeypatch.setattr(device.sys, "platform", "linux")
    monkeypatch.setattr(device, "_free_memory", lambda: 16 * GB)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


def memory(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(device, "_free_memory", lambda: free)


def nvidia(monkeypatch: pytest.MonkeyPatch, *, free: int, bfloat16: bool = True) -> None:
    def mem_get_info(_index: int) -> tuple[int, int]:
        return free, free

    def supported(*, including_emulation: bool) -> bool:
        return bfloat16 or including_emulation

    pretended: dict[str, Any] = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "device": lambda _index: nullcontext(),
        "mem_get_info": mem_get_info,
        "is_bf16_supported": supported,
    }
    for name, value in pretended.items():
        monkeypatch.setattr(torch.cuda, name, value)


def apple(monkeypatch: pytest.MonkeyPatch, *, free: int, version: int) -> None:
    monkeypatch.setattr(device.sys, "platform", "darwin")
    backend = torch.backends.mps
    monkeypatch.setattr(backend, "is_available", lambda: True)
    monkeypatch.setattr(backend, "is_macos_or_newer", lambda major, _minor: version >= major)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: free)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 0)


def test_without_a_gpu_it_is_the_cpu_and_says_why() -> None:
    chosen = choose(bytes_needed=4 * GB)
    assert chosen == Device("cpu", "float32", 2, 2, "no NVIDIA GPU found")
    assert chosen.words == "CPU, 2 threads, float32 (no NVIDIA GPU found)"


def test_a_cpu_that_was_asked_for_needs_no_excuse() -> None:
    assert choose("cpu", bytes_needed=4 * GB).words == "CPU, 2 threads, float32"
    assert choose("CPU, bfloat16", bytes_needed=4 * GB).words == "CPU, 2 threads, bfloat16"


def test_where_only_half_precision_fits_it_is_taken_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory(monkeypatch, 7 * GB)
    words = choose("cpu", bytes_needed=4 * GB).words
    assert words == "CPU, 2 threads, bfloat16 (7.0 GB free, too little for float32)"


def test_a_model_that_does_not_fit_at_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    memory(monkeypatch, 3 * GB)
    with pytest.raises(EngineError, match=r"needs 8.0 GB of memory and 3.0 GB are free; close"):
        choose(bytes_needed=4 * GB)


def test_an_nvidia_gpu_is_taken_with_a_batch_that_its_memory_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for free, batch in ((6, 3), (16, 42), (140, 128)):
        nvidia(monkeypatch, free=free * GB)
        assert choose(bytes_needed=4 * GB) == Device("cuda:0", "bfloat16", batch)
    assert choose(bytes_needed=4 * GB).words == "cuda:0, bfloat16"


def test_a_gpu_without_room_leaves_it_to_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia(monkeypatch, free=3 * GB)
    chosen = choose(bytes_needed=4 * GB)
    assert (chosen.name, chosen.note) == ("cpu", "it has 3.0 GB free and the model needs 5.0 GB")


def test_a_gpu_without_bfloat16_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia(monkeypatch, free=16 * GB, bfloat16=False)
    assert choose(bytes_needed=GB).words == "cuda:0, float16 (this GPU has no bfloat16)"


def test_float32_on_a_gpu_needs_twice_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia(monkeypatch, free=10 * GB)
    assert choose("cuda", bytes_needed=4 * GB).batch == 19
    assert choose("cuda:0, float32", bytes_needed=4 * GB).batch == 3


def test_an_apple_gpu_is_taken_in_the_format_its_system_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for version, words in ((13, "mps, float32"), (15, "mps, bfloat16")):
        apple(monkeypatch, free=12 * GB, version=version)
        assert choose(bytes_needed=4 * GB).words == words
        assert choose("mps", bytes_needed=4 * GB).words == words


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("cuda", "cuda cannot be used: no NVIDIA GPU found; choose auto or cpu."),
        ("mps", "mps cannot be used: no Apple GPU found; choose auto or cpu."),
        ("tpu", "'tpu' is no device; choose auto, cpu, cuda, cuda:1 or mps."),
        ("cuda:x", "'cuda:x' is no device; choose auto, cpu, cuda, cuda:1 or mps."),
        ("", "'' is no device; choose auto, cpu, cuda, cuda:1 or mps."),
        ("cpu, int4", "'int4' is no number format; choose one of float32, bfloat16, float16."),
    ],
)
def test_what_is_not_there_is_refused_when_asked_for(wanted: str, sentence: str) -> None:
    with pytest.raises(EngineError) as raised:
        choose(wanted, bytes_needed=GB)
    assert str(raised.value) == sentence


def test_a_second_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia(monkeypatch, free=16 * GB)
    with pytest.raises(
        EngineError, match="cuda:1 cannot be used: there is no NVIDIA GPU number 1"
    ):
        choose("cuda:1", bytes_needed=GB)


def test_this_machine_has_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert device._free_memory() not in (0, None)
    assert choose("cpu", bytes_needed=1000).batch >= 1
