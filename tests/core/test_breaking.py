"""The lines of a cue against every way there is to break its words."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import pytest

from granite_studio.core.document import joined
from granite_studio.core.lines import _LONELY, _TOP_HEAVY, _UNEVEN, Ruler
from granite_studio.core.styles import style

LATIN = ("a", "to", "who", "over", "there", "really", "nobody's", "extraordinary,", "mm-hm.")
FULL = ("東京", "です。", "行きました", "「はい」", "と", "ジャズ・バンド")


def best_of_all(ruler: Ruler, count: int, costs: list[int], most: int) -> list[tuple[int, ...]]:
    """The fewest lines that are not too long, at the places that cost least, of all ways."""
    scale = ruler.scale_of(0, count)

    def too_long(edges: tuple[int, ...]) -> float:
        return sum(
            max(scale.ends[b - 1] - scale.begins[a] - scale.limit, 0) for a, b in pairwise(edges)
        )

    def worth(edges: tuple[int, ...]) -> tuple[float, float, tuple[int, ...]]:
        widths = [scale.ends[b - 1] - scale.begins[a] for a, b in pairwise(edges)]
        cost = sum(costs[edge - 1] for edge in edges[1:-1]) + _UNEVEN * (max(widths) - min(widths))
        cost += _TOP_HEAVY * any(a > b for a, b in pairwise(widths))
        cost += _LONELY * (count > 2 and any(b - a == 1 for a, b in pairwise(edges)))
        return too_long(edges), cost, edges

    needed = too_long(tuple(range(count + 1)))
    best: tuple[float, float, tuple[int, ...]] = (0.0, 0.0, (0, count))
    for lines in range(2, min(most, count) + 1):
        ways = combinations(range(1, count), lines - 1)
        best = min(worth((0, *inner, count)) for inner in ways)
        if best[0] <= needed:
            break
    return list(pairwise(best[2]))


@pytest.mark.parametrize("words", [LATIN, (*LATIN, *LATIN, *FULL)])
@pytest.mark.parametrize("most", [2, 3, 4])
def test_lines_are_broken_at_the_best_places_of_all(words: tuple[str, ...], most: int) -> None:
    chance = Random(most)
    broken = 0
    for _ in range(250):
        guide = replace(style("general"), cpl=chance.randint(5, 30), lines=most, wide_cpl=14)
        texts = chance.choices(words, k=chance.randint(1, 11))
        costs = [chance.choice((0, 0, 2, 8, 30)) for _ in texts]
        ruler, count = Ruler(texts, guide), len(texts)
        scale = ruler.scale_of(0, count)
        if scale.fits(0, count) or scale.is_wide:
            continue
        best = best_of_all(ruler, count, costs, most)
        assert ruler.lines(0, count, costs, most) == [joined(texts[a:b]) for a, b in best]
        broken += 1
    assert broken > 50
