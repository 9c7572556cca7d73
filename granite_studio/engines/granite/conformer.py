"""The speech encoder's forward pass: one for base, Plus and NAR, for clips of unequal lengths.

It runs over any module with the stock layout of parameters (`input_linear`, `layers[i].{ff1, attn,
conv, ff2, post_norm}`, `out`, `out_mid`) and differs from transformers' own pass in three ways:

- Clips are cut into the blocks in which attention works (200 frames, 4 s), and the blocks of all
  clips lie packed in one batch, (blocks, 200, width). Nothing is computed for a block without
  sound, keys beyond a clip's end are masked, and the convolution sees zeros there: a clip gives
  the same beside any neighbours. The stock pass has no padding mask, and the last 4 s of a clip
  beside a longer one change by half.
- Attention runs on torch's default kernels, not on MATH, which writes the scores to memory several
  times. The position bias q·e(c - r) is one product with the 2n embeddings that can occur, read
  through a skewed view (the relative shift of Transformer-XL), not a gather of n² embeddings and n
  small products with a permute on either side. One addition scales it, masks it and lays it out
  with rows of a multiple of 8, as the memory-efficient kernel wants it.
- Everything stays (block, frame, width): pointwise convolutions are matrix products, and only the
  depthwise convolution is handed a transposed view. It takes 7 frames from the blocks before and
  after, where those belong to the same clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
import torch.nn.functional as F  # noqa: TID253, N812
from torch import Tensor, nn  # noqa: TID253

from granite_studio.engines.base import Emissions
from granite_studio.engines.granite.features import FRAME_S, Features

_MULTIPLE = 8
_STEPS = 16
_LEAST = 255


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder makes of a batch; `lengths` counts each clip's frames.

    `states` are the layers that were asked for, (clips, frames, width), zero beyond a clip's end.
    `char_logits` (clips, frames, characters), float32, come from the last layer, and `blank`
    (clips, frames), float32, is the probability of no character at the middle layer: 1 beyond the
    end, so that weights of 1 - blank leave the padding out.
    """

    states: tuple[Tensor, ...]
    char_logits: Tensor
    blank: Tensor
    lengths: tuple[int, ...]


@torch.no_grad()
def encode(
    encoder: nn.Module, features: Features, *, layers: Sequence[int] = (), middle: int
) -> Encoded:
    """Run the encoder over a batch, and keep the states of `layers`.

    Layers count as in the models' configurations: 0 is after `input_linear`, n after layer n, -1
    the last. After layer `middle` the character probabilities are fed back into the states
    (self-conditioning); that layer's own state includes them, in all three models.
    """
    net: Any = encoder
    depth = len(net.layers)
    if not 1 <= middle <= depth:
        raise ValueError(f"no layer {middle} in an encoder of {depth}")
    wanted = [depth if at == -1 else at for at in layers]
    first = net.input_linear.weight
    blocks = _Blocks(features, int(net.layers[0].attn.context_size), first.dtype)

    state = net.input_linear(blocks.cut(features.values.to(first.dtype)))
    kept = {0: state} if 0 in wanted else {}
    heard = state.new_zeros(state.shape[:2], dtype=torch.float32)
    for number, layer in enumerate(net.layers, start=1):
        state = _layer(layer, state, blocks)
        if number == middle:
            chances = net.out(state).float().softmax(-1)
            heard = 1 - chances[..., 0]
            state = state + net.out_mid(chances.to(state.dtype))
        if number in wanted:
            kept[number] = state
    return Encoded(
        tuple(blocks.join(kept[number]) for number in wanted),
        blocks.join(net.out(state).float()),
        1 - blocks.join(heard[..., None])[..., 0],
        features.lengths,
    )


def emissions(encoded: Encoded, row: int) -> Emissions:
    """One clip's character probabilities, small enough to keep, to align any text to later."""
    logits = encoded.char_logits[row, : encoded.lengths[row]]
    # A model that gives no number has heard nothing: the least likely level of all.
    levels = (logits.log_softmax(-1) * -_STEPS).round_().nan_to_num_(nan=_LEAST).clamp_(0, _LEAST)
    return Emissions(levels.to(torch.uint8).cpu().numpy(), FRAME_S)


class _Blocks:
    """How the clips of a batch lie in blocks, and what the layers need to know of it."""

    def __init__(self, features: Features, context: int, dtype: torch.dtype) -> None:
        values, device = features.values, features.values.device
        self.clips, self.frames = values.shape[:2]
        longest = -(-self.frames // _MULTIPLE) * _MULTIPLE
        self.size = min(context, max(longest, _MULTIPLE))
        self.rows = -(-self.frames // self.size)

        lengths = torch.tensor(features.lengths, dtype=torch.long)
        starts = torch.arange(self.rows) * self.size
        filled = (lengths[:, None] - starts).clamp(0, self.size).flatten()
        used = filled.nonzero()[:, 0]
        follows = torch.zeros(len(used) + 1, dtype=torch.bool)
        if self.rows > 1:
            follows[1:-1] = (used[1:] // self.rows) == (used[:-1] // self.rows)
        here = torch.arange(self.size) < filled[used, None]

        self.used = None if len(used) == self.clips * self.rows else used.to(device)
        self.full = bool(here.all())
        self.here = here.to(device)[..., None]
        # Added to the scores of keys that are not there. A row of nothing but -inf would have no
        # softmax; each block holds one frame at least.
        self.absent = (
            torch.zeros(here.shape, dtype=dtype).masked_fill_(~here, -torch.inf).to(device)
        )[:, None, None, :]
        self.continues = follows[:-1].to(device)[:, None, None]
        self.continued = follows[1:].to(device)[:, None, None]

    def cut(self, values: Tensor) -> Tensor:
        """(clips, frames, width) to (blocks, size, width)."""
        values = F.pad(values, (0, 0, 0, self.rows * self.size - self.frames))
        values = values.reshape(self.clips * self.rows, self.size, values.shape[-1])
        return values if self.used is None else values[self.used]

    def join(self, blocks: Tensor) -> Tensor:
        """(blocks, size, width) to (clips, frames, width), zero beyond each clip's end."""
        values = blocks if self.full else blocks.masked_fill(~self.here, 0)
        if self.used is not None:
            whole = values.new_zeros(self.clips * self.rows, self.size, values.shape[-1])
            values = whole.index_copy_(0, self.used, values)
        values = values.reshape(self.clips, self.rows * self.size, values.shape[-1])
        return values[:, : self.frames]

    def with_neighbours(self, blocks: Tensor, left: int, right: int) -> Tensor:
        """The blocks, lengthened by frames of the blocks before and after in the same clip."""
        blocks = blocks if self.full else blocks.masked_fill(~self.here, 0)
        if self.rows <= 1:
            return F.pad(blocks, (0, 0, left, right))
        none = blocks.new_zeros(1, max(left, right), blocks.shape[-1])
        before = torch.cat([none[:, :left], blocks[:-1, self.size - left :]])
        after = torch.cat([blocks[1:, :right], none[:, :right]])
        return torch.cat([before * self.continues, blocks, after * self.continued], dim=1)


def _layer(layer: Any, state: Tensor, blocks: _Blocks) -> Tensor:
    state = state + 0.5 * _feed_forward(layer.ff1, state)
    state = state + _attention(layer.attn, state, blocks)
    state = state + _convolution(layer.conv, state, blocks)
    state = state + 0.5 * _feed_forward(layer.ff2, state)
    return F.layer_norm(
        state, state.shape[-1:], layer.post_norm.weight, layer.post_norm.bias, layer.post_norm.eps
    )


def _feed_forward(part: Any, state: Tensor) -> Tensor:
    hidden: Tensor = part.down_proj(F.silu(part.up_proj(part.pre_norm(state)), inplace=True))
    return hidden


def _attention(part: Any, state: Tensor, blocks: _Blocks) -> Tensor:
    """Attention inside each block, with Shaw's relative positions (arXiv 1803.02155)."""
    count, size = state.shape[:2]
    places, width = part.rel_pos_emb.weight.shape
    heads = part.to_q.weight.shape[0] // width
    scale = width**-0.5
    state = part.pre_norm(state)
    query = part.to_q(state).view(count, size, heads, width)
    key, value = (
        half.view(count, size, heads, width).transpose(1, 2)
        for half in part.to_kv(state).chunk(2, dim=-1)
    )
    middle = places // 2
    near = part.rel_pos_emb.weight[middle - size + 1 : middle + size + 1].flip(0)
    bias = torch.add(blocks.absent, _skewed(torch.matmul(query, near.t())), alpha=scale)
    mixed = F.scaled_dot_product_attention(
        query.transpose(1, 2), key, value, attn_mask=bias, scale=scale
    )
    out: Tensor = part.to_out(mixed.transpose(1, 2).reshape(count, size, heads * width))
    return out


def _skewed(product: Tensor) -> Tensor:
    """A view (blocks, heads, c, r) of a product (blocks, c, heads, 2 * size) with embeddings.

    Column j of the product is the distance size - j, so row c wants the columns from size - c on:
    one further to the left with each row, which is a step between rows that is one shorter.
    """
    count, size, heads, columns = product.shape
    whole, row, head, _ = product.stride()
    return product.as_strided((count, heads, size, size), (whole, head, row - 1, 1), columns // 2)


def _convolution(part: Any, state: Tensor, blocks: _Blocks) -> Tensor:
    state = part.norm(state)
    state = F.glu(F.linear(state, part.up_conv.weight[..., 0], part.up_conv.bias), dim=-1)
    left, right = part.depth_conv.padding
    state = blocks.with_neighbours(state, left, right).transpose(1, 2)
    state = part.batch_norm(part.depth_conv.conv(state))
    state = F.silu(state, inplace=True).transpose(1, 2)
    return F.linear(state, part.down_conv.weight[..., 0], part.down_conv.bias)
