"""The cheapest way through the states of CTC, for several texts over their frames at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NEVER = 1 << 29
_TOGETHER = 1 << 14
"""States that are moved at once. Below it a step costs the calls more than the numbers; above it
the numbers leave the processor's cache."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A text of n letters as 2n + 1 states: the gap before the first letter, the letter, the gap
    behind it, and so on.

    `kinds` has each state's column in `costs`, int32 (frames, columns), none above 1,000. `bound`
    says of each letter whether its way from the one before must lead through their gap.
    """

    costs: NDArray[np.int32]
    kinds: NDArray[np.intp]
    bound: NDArray[np.bool_]


def cheapest(chains: Sequence[Chain]) -> list[NDArray[np.intp] | None]:
    """For each chain the state of every frame, or None if it has more letters than frames allow.

    A way begins in one of the first two states and ends in one of the last two. From one frame to
    the next it stays, steps to the next state, or jumps from a letter to one that is not bound.
    Where it came from is kept as two bits a state and frame.
    """
    ways: list[NDArray[np.intp] | None] = [None] * len(chains)
    for numbers in _groups(chains):
        group = [chains[number] for number in numbers]
        for number, way in zip(numbers, _walk(group), strict=True):
            ways[number] = way
    return ways


def _groups(chains: Sequence[Chain]) -> Iterator[list[int]]:
    """The chains' numbers, like lengths together."""
    group: list[int] = []
    states = 0
    for number in sorted(range(len(chains)), key=lambda number: len(chains[number].costs)):
        if not len(chains[number].costs):
            continue
        if group and states + len(chains[number].kinds) > _TOGETHER:
            yield group
            group, states = [], 0
        group.append(number)
        states += len(chains[number].kinds)
    if group:
        yield group


def _walk(chains: Sequence[Chain]) -> Iterator[NDArray[np.intp] | None]:
    """The ways of chains that lie one behind the other in one row of states.

    Before each is a wall, a state that no way ever reaches.
    """
    walls = np.cumsum([0, *(len(chain.kinds) + 1 for chain in chains)])
    kinds, tolls, costs = _joined(chains)
    frames, states = len(costs), int(walls[-1])
    walls = walls[:-1]
    stepped = np.zeros((frames, -(-states // 8)), np.uint8)
    jumped = np.zeros((frames, -(-states // 8)), np.uint8)

    total = np.full(states, _NEVER, np.int32)
    for first in (walls + 1, walls + 2):
        total[first] = costs[0, kinds[first]]
    ends = {0: total.copy()}
    wanted = {len(chain.costs) - 1 for chain in chains}
    best, jump, cost = np.empty_like(total), np.empty_like(total), np.empty_like(total)
    steps, jumps = np.zeros(states, np.bool_), np.zeros(states, np.bool_)
    best[0] = _NEVER
    for frame in range(1, frames):
        np.less(total[:-1], total[1:], out=steps[1:])
        np.minimum(total[:-1], total[1:], out=best[1:])
        np.add(total[:-2], tolls[2:], out=jump[2:])
        np.less(jump[2:], best[2:], out=jumps[2:])
        np.minimum(jump[2:], best[2:], out=best[2:])
        stepped[frame] = np.packbits(steps)
        jumped[frame] = np.packbits(jumps)
        costs[frame].take(kinds, out=cost, mode="clip")
        np.add(best, cost, out=total)
        total[walls] = _NEVER
        if frame in wanted:
            ends[frame] = total.copy()

    width, step_bits, jump_bits = stepped.shape[1], stepped.tobytes(), jumped.tobytes()
    for chain, wall in zip(chains, walls.tolist(), strict=True):
        count = len(chain.costs)
        end, last = ends[count - 1], wall + len(chain.kinds)
        state = last if end[last] <= end[last - 1] else last - 1
        if end[state] >= _NEVER:
            yield None
            continue
        way = [0] * count
        for frame in range(count - 1, -1, -1):
            way[frame] = state
            at, bit = frame * width + (state >> 3), 7 - (state & 7)
            if jump_bits[at] >> bit & 1:
                state -= 2
            elif step_bits[at] >> bit & 1:
                state -= 1
        yield np.array(way, np.intp) - (wall + 1)


def _joined(
    chains: Sequence[Chain],
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """All chains' columns, tolls of jumps by state, and costs; a wall has any column at all."""
    frames = max(len(chain.costs) for chain in chains)
    costs = np.zeros((frames, sum(chain.costs.shape[1] for chain in chains)), np.int32)
    kinds: list[NDArray[np.intp]] = []
    tolls: list[NDArray[np.int32]] = []
    begin = 0
    for chain in chains:
        count, width = chain.costs.shape
        costs[:count, begin : begin + width] = chain.costs
        kinds += np.zeros(1, np.intp), chain.kinds + begin
        toll = np.full(len(chain.kinds) + 1, _NEVER, np.int32)
        toll[2::2] = np.where(chain.bound, _NEVER, 0)
        toll[2:3] = _NEVER  # into the first letter, from the wall
        tolls.append(toll)
        begin += width
    return np.concatenate(kinds), np.concatenate(tolls), costs
