"""Which speaker of one side is which of the other: the pairs that agree most."""

from __future__ import annotations

from collections.abc import Mapping

_NEVER = float("inf")


def best_pairs(gains: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """One partner at most for each name, so that the sum of the pairs' gains is the largest.

    Gains are at least 0, and 0 where none is given; pairs that gain nothing are left out. Exact,
    in the cube of the number of names (the Hungarian method with potentials, Kuhn 1955).
    """
    rows = sorted({left for left, _ in gains})
    columns = sorted({right for _, right in gains})
    if len(rows) > len(columns):
        turned = best_pairs({(right, left): gain for (left, right), gain in gains.items()})
        return {left: right for right, left in sorted(turned.items())}
    costs = [[-gains.get((left, right), 0.0) for right in columns] for left in rows]
    chosen = _cheapest(costs)
    pairs = {left: columns[place] for left, place in zip(rows, chosen, strict=True)}
    return {left: right for left, right in pairs.items() if gains.get((left, right), 0) > 0}


def _cheapest(costs: list[list[float]]) -> list[int]:
    """The column of each row, all different, with the smallest sum; as many columns at least."""
    width = len(costs[0]) if costs else 0
    row_level, column_level = [0.0] * len(costs), [0.0] * (width + 1)
    row_of = [-1] * (width + 1)  # the last column is a place to start from
    for row in range(len(costs)):
        row_of[width] = row
        column, back = width, [width] * width
        slack, done = [_NEVER] * width, [False] * (width + 1)
        while row_of[column] >= 0:
            done[column] = True
            here = row_of[column]
            for other in range(width):
                left = costs[here][other] - row_level[here] - column_level[other]
                if not done[other] and left < slack[other]:
                    slack[other], back[other] = left, column
            following = min((c for c in range(width) if not done[c]), key=slack.__getitem__)
            step = slack[following]
            for other in range(width + 1):
                if done[other]:
                    row_level[row_of[other]] += step
                    column_level[other] -= step
                elif other < width:
                    slack[other] -= step
            column = following
        while column != width:
            row_of[column] = row_of[back[column]]
            column = back[column]
    place_of = {row: place for place, row in enumerate(row_of[:width]) if row >= 0}
    return [place_of[row] for row in range(len(costs))]
