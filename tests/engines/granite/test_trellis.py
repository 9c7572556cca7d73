from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.engines.granite import trellis
from granite_studio.engines.granite.trellis import Chain, cheapest


def chain(costs, *, bound=()):
    """A chain of which each state has a column of its own."""
    costs = np.array(costs, np.int32)
    letters = (costs.shape[1] - 1) // 2
    return Chain(
        costs, np.arange(costs.shape[1]), np.array([n in bound for n in range(letters)], np.bool_)
    )


def test_the_way_follows_what_is_cheap():
    costs = [
        [0, 9, 9, 9, 9],
        [9, 0, 9, 9, 9],
        [9, 9, 0, 9, 9],
        [9, 9, 9, 0, 9],
        [9, 9, 9, 0, 9],
        [9, 9, 9, 9, 0],
    ]
    (way,) = cheapest([chain(costs)])
    assert way.tolist() == [0, 1, 2, 3, 3, 4]


def test_it_jumps_over_the_gap_between_letters_unless_they_are_bound():
    costs = [[9, 0, 9, 9, 9], [9, 9, 5, 0, 9], [9, 9, 9, 0, 9]]
    free, tied = cheapest([chain(costs), chain(costs, bound={1})])
    assert free.tolist() == [1, 3, 3]
    assert tied.tolist() == [1, 2, 3]


def test_more_letters_than_frames_have_no_way():
    costs = [[1] * 7] * 2
    assert cheapest([chain(costs)]) == [None]
    assert cheapest([chain(np.zeros((0, 3)))]) == [None]


def test_letters_that_are_bound_need_a_frame_between_them():
    costs = [[1] * 5] * 2
    way, none = cheapest([chain(costs), chain(costs, bound={1})])
    assert way.tolist() == [1, 3]
    assert none is None


def by_trying_all(one):
    """The cost of the cheapest way, found by trying every way there is."""
    frames, states = one.costs.shape
    best = None
    for way in product(range(states), repeat=frames):
        if way[0] > 1 or way[-1] < states - 2:
            continue
        legal = all(
            b == a or b == a + 1 or (b == a + 2 and b % 2 == 1 and not one.bound[b // 2])
            for a, b in pairwise(way)
        )
        if legal:
            cost = sum(int(one.costs[frame, state]) for frame, state in enumerate(way))
            best = cost if best is None else min(best, cost)
    return best


@st.composite
def chains(draw):
    letters, frames = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    row = st.lists(st.integers(0, 9), min_size=2 * letters + 1, max_size=2 * letters + 1)
    costs = draw(st.lists(row, min_size=frames, max_size=frames))
    return chain(costs, bound=draw(st.sets(st.integers(1, 2))))


@given(st.lists(chains(), max_size=4))
def test_no_way_is_cheaper(group):
    for one, way in zip(group, cheapest(group), strict=True):
        least = by_trying_all(one)
        if way is None:
            assert least is None
        else:
            assert int(one.costs[np.arange(len(way)), way].sum()) == least


@pytest.mark.parametrize("together", [1, 8, 1 << 14])
def test_ways_do_not_depend_on_how_many_go_together(monkeypatch, together):
    chance = np.random.default_rng(1)
    group = [chain(chance.integers(0, 99, (frames, 21))) for frames in (30, 12, 44, 11, 30)]
    alone = [cheapest([one])[0].tolist() for one in group]
    monkeypatch.setattr(trellis, "_TOGETHER", together)
    assert [way.tolist() for way in cheapest(group)] == alone
