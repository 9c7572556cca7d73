"""Decoding steps recorded as CUDA graphs. Untested: no GPU was at hand.

A step of a large model is some thousand small kernels, and starting them one by one takes longer
than they run. A graph starts them all at once. Only `bench engines --graphs` turns them on, until
they have been measured.
"""

from __future__ import annotations

from collections.abc import Callable

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
from torch import Tensor  # noqa: TID253

Step = Callable[[Tensor, Tensor, int], tuple[Tensor, ...]]
"""From tokens (rows, 1), their positions and the reach: what the step finds, in tensors."""

_REACH = 256
"""Attention looks at so many slots more each time a graph no longer suffices."""


def recorded(step: Step, slots: int) -> Step:
    """The same step, recorded once for each number of rows and each 256 slots of reach.

    `slots` is how many the cache has; the cache must stay the same one. Each call gives the same
    tensors with new contents.
    """
    known: dict[tuple[int, int], Callable[[Tensor, Tensor], tuple[Tensor, ...]]] = {}

    def replayed(ids: Tensor, positions: Tensor, reach: int) -> tuple[Tensor, ...]:
        reach = min(-(-reach // _REACH) * _REACH, slots)
        key = (len(ids), reach)
        if key not in known:
            known[key] = _record(step, ids.clone(), positions.clone(), reach)
        return known[key](ids, positions)

    return replayed


def _record(
    step: Step, ids: Tensor, positions: Tensor, reach: int
) -> Callable[[Tensor, Tensor], tuple[Tensor, ...]]:
    # Kernels choose and load themselves at their first run, which a recording cannot hold. What
    # the trial writes into the cache, the step itself writes again.
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        step(ids, positions, reach)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        found = step(ids, positions, reach)

    def replay(new_ids: Tensor, new_positions: Tensor) -> tuple[Tensor, ...]:
        ids.copy_(new_ids)
        positions.copy_(new_positions)
        graph.replay()
        return found

    return replay
