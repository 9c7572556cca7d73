"""Attention inside the clips of a packed batch.

On a machine without an NVIDIA GPU only the "sdpa" kernel runs for real. How the other two are
called is checked with stand-ins that have their signatures; what those kernels compute is not.
"""

import sys
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

from granite_studio.engines.granite import attention
from granite_studio.engines.granite.attention import KERNELS, Packing, choose, packing

CPU = torch.device("cpu")
SCALE = 0.3


def written_out(query: Tensor, key: Tensor, value: Tensor, clips: Packing) -> Tensor:
    """Softmax of products, one clip and one head after another."""
    shared = query.shape[1] // key.shape[1]
    result = torch.empty_like(query)
    for begin, end in zip(clips.bounds, clips.bounds[1:], strict=False):
        for head in range(query.shape[1]):
            one = query[begin:end, head]
            keys, values = (t[begin:end, head // shared] for t in (key, value))
            result[begin:end, head] = (SCALE * one @ keys.T).softmax(-1) @ values
    return result


def example(lengths: list[int], heads: int = 4, shared: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    tokens = sum(lengths)
    return (
        torch.randn(tokens, heads, 8),
        torch.randn(tokens, heads // shared, 8),
        torch.randn(tokens, heads // shared, 8),
    )


def runnable() -> list[str]:
    return (
        ["sdpa", choose(torch.device("cuda"), torch.bfloat16)]
        if torch.cuda.is_available()
        else ["sdpa"]
    )


@pytest.mark.parametrize("kernel", runnable())
@pytest.mark.parametrize("lengths", [[5], [1, 9, 3], [4, 4], [1]])
@pytest.mark.parametrize("shared", [1, 2])
def test_a_kernel_computes_attention_inside_each_clip(
    kernel: str, lengths: list[int], shared: int
) -> None:
    device = CPU if kernel == "sdpa" else torch.device("cuda")
    kind = torch.float32 if kernel == "sdpa" else torch.bfloat16
    query, key, value = (t.to(device, kind) for t in example(lengths, shared=shared))
    clips = packing(lengths, device)
    mixed = KERNELS[kernel](query, key, value, clips, SCALE)
    expected = written_out(query.float(), key.float(), value.float(), clips)
    torch.testing.assert_close(
        mixed.float(), expected, atol=1e-5 if kernel == "sdpa" else 2e-2, rtol=1e-4
    )


def test_packing_says_where_clips_end() -> None:
    clips = packing([3, 1, 5], CPU)
    assert clips.bounds.tolist() == [0, 3, 4, 9]
    assert clips.bounds.dtype == torch.int32
    assert (clips.lengths, clips.longest) == ((3, 1, 5), 5)


def test_off_nvidia_gpus_and_in_full_precision_it_is_torch_s_own() -> None:
    assert choose(CPU, torch.bfloat16) == "sdpa"
    assert choose(torch.device("mps"), torch.bfloat16) == "sdpa"
    assert choose(torch.device("cuda"), torch.float32) == "sdpa"


@pytest.mark.parametrize(
    ("flash", "capability", "kernel"),
    [(True, (9, 0), "flash-attn"), (False, (8, 0), "varlen"), (True, (7, 5), "sdpa")],
)
def test_on_nvidia_gpus_it_is_the_fastest_that_is_there(
    monkeypatch: pytest.MonkeyPatch, flash: bool, capability: tuple[int, int], kernel: str
) -> None:
    # None in place of a module makes importing it fail.
    monkeypatch.setitem(sys.modules, "flash_attn", ModuleType("flash_attn") if flash else None)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: capability)
    attention.choose.cache_clear()
    try:
        assert choose(torch.device("cuda"), torch.bfloat16) == kernel
    finally:
        attention.choose.cache_clear()


def as_clips(bounds: Tensor) -> Packing:
    return Packing(tuple(bounds.diff().tolist()), bounds)


def test_flash_attn_is_called_as_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    def flash_attn_varlen_func(
        q: Tensor,
        k: Tensor,
        v: Tensor,
        cu_seqlens_q: Tensor,
        cu_seqlens_k: Tensor,
        max_seqlen_q: int,
        max_seqlen_k: int,
        *,
        softmax_scale: float,
        causal: bool,
    ) -> Tensor:
        assert (max_seqlen_q, max_seqlen_k, softmax_scale, causal) == (6, 6, SCALE, False)
        assert cu_seqlens_q.equal(cu_seqlens_k)
        return written_out(q, k, v, as_clips(cu_seqlens_q))

    pretended: Any = ModuleType("flash_attn")
    pretended.flash_attn_varlen_func = flash_attn_varlen_func
    monkeypatch.setitem(sys.modules, "flash_attn", pretended)
    query, key, value = example([6, 2])
    clips = packing([6, 2], CPU)
    mixed = KERNELS["flash-attn"](query, key, value, clips, SCALE)
    torch.testing.assert_close(mixed, written_out(query, key, value, clips))


@pytest.mark.parametrize("grouped", [True, False])
def test_torch_s_variable_length_kernel_is_called_as_it_wants(
    monkeypatch: pytest.MonkeyPatch, grouped: bool
) -> None:
    def with_groups(
        query: Tensor,
        key: Tensor,
        value: Tensor,
        cu_seq_q: Tensor,
        cu_seq_k: Tensor,
        max_q: int,
        max_k: int,
        *,
        scale: float,
        enable_gqa: bool = False,
    ) -> Tensor:
        assert enable_gqa
        return without(query, key, value, cu_seq_q, cu_seq_k, max_q, max_k, scale=scale, heads=2)

    def without(
        query: Tensor,
        key: Tensor,
        value: Tensor,
        cu_seq_q: Tensor,
        cu_seq_k: Tensor,
        max_q: int,
        max_k: int,
        *,
        scale: float,
        heads: int = 4,
    ) -> Tensor:
        assert (max_q, max_k, scale, key.shape[1]) == (6, 6, SCALE, heads)
        assert cu_seq_q.equal(cu_seq_k)
        return written_out(query, key, value, as_clips(cu_seq_q))

    from torch.nn.attention import varlen

    monkeypatch.setattr(varlen, "varlen_attn", with_groups if grouped else without)
    query, key, value = example([6, 2])
    clips = packing([6, 2], CPU)
    mixed = KERNELS["varlen"](query, key, value, clips, SCALE)
    torch.testing.assert_close(mixed, written_out(query, key, value, clips))


def test_the_real_variable_length_kernel_takes_what_we_give_it() -> None:
    from inspect import signature

    from torch.nn.attention.varlen import varlen_attn

    signature(varlen_attn).bind(0, 1, 2, 3, 4, 5, 6, scale=SCALE, enable_gqa=True)
