"""One pass of Granite's language model over rows of unequal lengths, with keys in fixed places.

It runs over the stock `GraniteModel` and differs from its own pass in how a batch lies. A token at
position n of its row has slot n of the cache, in every row, so rows are filled from the left and
need no padding in front: a query sees the slots up to its own position, and nothing else has to be
remembered. What stands in later slots was written by padding, by another prompt or by a rejected
draft; no query sees it before it is written over. Rows can therefore run ahead of one another,
and going back to an earlier prefix costs nothing.

All shapes of a step are known before it, and nothing in it waits for the device, so that it can be
captured as a CUDA graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
import torch.nn.functional as F  # noqa: TID253, N812
from torch import Tensor, nn  # noqa: TID253

_MULTIPLE = 8
"""Kernels want rows of masks in multiples of this."""


class Cache:
    """Keys and values: for each layer two tensors (rows, slots, heads, width), zero at first."""

    def __init__(self, language_model: nn.Module, rows: int, slots: int) -> None:
        net: Any = language_model
        weight = net.embed_tokens.weight
        heads = net.config.num_key_value_heads
        shape = (rows, rounded(slots), heads, net.layers[0].self_attn.head_dim)
        # Zeros, not whatever is there: what no query sees is multiplied by nought, and nought
        # times not-a-number is not nought.
        self.layers = [
            (weight.new_zeros(shape), weight.new_zeros(shape))
            for _ in range(net.config.num_hidden_layers)
        ]

    @property
    def rows(self) -> int:
        return int(self.layers[0][0].shape[0])

    @property
    def slots(self) -> int:
        return int(self.layers[0][0].shape[1])

    def picked(self, rows: Sequence[int]) -> Cache:
        """A copy with these rows alone."""
        other = Cache.__new__(Cache)
        at = torch.tensor(rows, device=self.layers[0][0].device)
        other.layers = [(keys[at], values[at]) for keys, values in self.layers]
        return other


def rounded(slots: int) -> int:
    """The next number of slots that kernels like."""
    return -(-slots // _MULTIPLE) * _MULTIPLE


@torch.no_grad()
def run(
    language_model: nn.Module, embeds: Tensor, positions: Tensor, cache: Cache, *, reach: int
) -> Tensor:
    """Hidden states (rows, tokens, width) of the embedded tokens at `positions` (rows, tokens).

    Positions rise by one within a row. `reach` is one more than the highest of them. The tokens'
    keys and values are put into the cache. Without a cache's past (every row begins at slot 0 and
    `reach` is the number of tokens) attention is plainly causal.
    """
    net: Any = language_model
    rows, count = positions.shape
    state = embeds * net.embedding_multiplier
    cos, sin = (part.unsqueeze(2) for part in net.rotary_emb(embeds, positions))
    slots = (positions + torch.arange(rows, device=positions.device)[:, None] * cache.slots).view(
        -1
    )
    mask = (
        None if reach == count else _mask(net, positions, min(rounded(reach), cache.slots), state)
    )
    for layer, (keys, values) in zip(net.layers, cache.layers, strict=True):
        heard = _attention(
            layer.self_attn,
            _norm(layer.input_layernorm, state),
            (cos, sin),
            slots,
            keys,
            values,
            mask,
        )
        state = state + heard * layer.residual_multiplier
        state = state + layer.mlp(_norm(layer.post_attention_layernorm, state)) * (
            layer.residual_multiplier
        )
    return _norm(net.norm, state)


def _mask(net: Any, positions: Tensor, reach: int, like: Tensor) -> Tensor:
    """Added to the scores: (rows, 1, group * tokens, reach), as `_attention` lays queries out."""
    group = net.config.num_attention_heads // net.config.num_key_value_heads
    rows, count = positions.shape
    unseen = torch.arange(reach, device=positions.device) > positions[..., None]
    mask = like.new_zeros(unseen.shape).masked_fill_(unseen, -torch.inf)
    return mask[:, None].expand(rows, group, count, reach).reshape(rows, 1, group * count, reach)


def _attention(
    part: Any,
    state: Tensor,
    turns: tuple[Tensor, Tensor],
    slots: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None,
) -> Tensor:
    """Several query heads share a head of keys. They are laid side by side as queries of it, so
    that the keys of all tokens so far need not be copied for each of them at every step."""
    rows, count = state.shape[:2]
    heads, width = keys.shape[2:]
    query = _turned(part.q_proj(state).view(rows, count, -1, width), *turns)
    key = _turned(part.k_proj(state).view(rows, count, heads, width), *turns)
    value = part.v_proj(state).view(rows, count, heads, width)
    keys.view(-1, heads, width).index_copy_(0, slots, key.flatten(0, 1))
    values.view(-1, heads, width).index_copy_(0, slots, value.flatten(0, 1))
    if mask is None:
        mixed = F.scaled_dot_product_attention(
            query.transpose(1, 2),
            key.transpose(1, 2),
            value.transpose(1, 2),
            is_causal=True,
            scale=part.scaling,
            enable_gqa=True,
        ).transpose(1, 2)
    else:
        reach = mask.shape[-1]
        group = query.shape[2] // heads
        query = query.view(rows, count, heads, group, width).permute(0, 2, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(
            query.reshape(rows, heads, group * count, width),
            keys[:, :reach].transpose(1, 2),
            values[:, :reach].transpose(1, 2),
            attn_mask=mask,
            scale=part.scaling,
        )
        mixed = mixed.view(rows, heads, group, count, width).permute(0, 3, 1, 2, 4)
    out: Tensor = part.o_proj(mixed.reshape(rows, count, -1))
    return out


def _turned(state: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions (arXiv 2104.09864), halves side by side."""
    first, second = state.chunk(2, dim=-1)
    return state * cos + torch.cat((-second, first), dim=-1) * sin


def _norm(norm: Any, state: Tensor) -> Tensor:
    return F.rms_norm(state, norm.weight.shape, norm.weight, norm.variance_epsilon)
