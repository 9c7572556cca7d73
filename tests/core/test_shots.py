"""Cues moved to cuts, in frames."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.cues import Cue
from granite_studio.core.errors import FormatError
from granite_studio.core.fixing import Fix
from granite_studio.core.shots import (
    by_shots,
    dump_shots,
    load_shots,
    nearest_rate,
    one_by_shots,
    snapped,
)
from granite_studio.core.styles import style
from granite_studio.core.timing import RATES

RATE = RATES["25"]  # a frame is 40 ms
STYLE = style("netflix-en")
CUT = 10_000


def cue(start: int, end: int) -> Cue:
    return Cue(1, 2, start, end, ("Good morning.",))


def moved(*cues: Cue, shots: tuple[int, ...] = (CUT,)) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in snapped(cues, shots, RATE, STYLE)]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [(-20, -20), (-12, -12), (-11, -12), (-8, -12), (-7, 0), (-1, 0), (0, 0), (12, 0), (13, 13)],
)
def test_a_cue_begins_with_the_cut_or_well_before_it(frames: int, expected: int) -> None:
    start = CUT + 40 * frames
    assert moved(cue(start, CUT + 4000)) == [(CUT + 40 * expected, CUT + 4000)]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [(-13, -13), (-12, -2), (-2, -2), (0, -2), (11, -2), (12, 12)],
)
def test_a_cue_ends_two_frames_or_the_gap_before_the_cut(frames: int, expected: int) -> None:
    end = CUT + 40 * frames
    wanted = CUT - STYLE.gap_ms if expected == -2 else end
    assert moved(cue(CUT - 4000, end)) == [(CUT - 4000, wanted)]


def test_an_edge_on_its_place_stays_to_the_millisecond() -> None:
    assert moved(cue(CUT + 7, CUT + 3003)) == [(CUT + 7, CUT + 3003)]


def test_no_cue_is_made_too_short_or_moved_into_another() -> None:
    assert moved(cue(CUT - 200, CUT + 600)) == [(CUT - 200, CUT + 600)]
    close = [cue(CUT - 3000, CUT - 300), cue(CUT - 220, CUT + 3000)]
    before, after = moved(*close)
    assert after[0] - before[1] >= STYLE.gap_ms


cues = st.lists(st.tuples(st.integers(0, 3000), st.integers(300, 5000)), max_size=8)


@given(cues, st.lists(st.integers(0, 40_000), max_size=10))
def test_cues_that_kept_their_distance_keep_it(
    drawn: list[tuple[int, int]], shots: list[int]
) -> None:
    at, before = 0, []
    for gap, length in drawn:
        at += gap + STYLE.gap_ms
        before.append(cue(at, at + length))
        at += length
    after = snapped(before, sorted(shots), RATE, STYLE)
    for one, other in zip(before, after, strict=True):
        assert replace(one, start=other.start, end=other.end) == other
        assert other.end - other.start >= min(STYLE.min_ms, one.end - one.start)
        assert abs(other.start - one.start) <= 13 * 40
        assert abs(other.end - one.end) <= 14 * 40
    assert all(b.start - a.end >= STYLE.gap_ms for a, b in pairwise(after))


def test_fixes_and_moves_of_one_cue_are_one_fix() -> None:
    late = replace(cue(CUT + 200, CUT + 900), fixed=True)
    longer = replace(late, end=CUT + 2000)
    alone = cue(CUT + 6000, CUT + 8000)
    made = [Fix(0, longer, "Shown 1.10 s longer.")]
    assert by_shots([late, alone], made, (CUT,), RATE, STYLE) == (
        Fix(
            0,
            replace(longer, start=CUT),
            "Shown 1.10 s longer. By the shot change it begins 0.20 s earlier.",
        ),
    )
    assert by_shots([late, alone], made, (), RATE, STYLE) == tuple(made)


def test_one_cue_is_moved_between_neighbours_that_stay() -> None:
    before, here = cue(CUT - 3000, CUT - 20), cue(CUT + 200, CUT + 3000)
    assert one_by_shots([before, here], 1, None, (CUT,), RATE, STYLE) is None
    before = replace(before, end=CUT - 1000)
    assert one_by_shots([before, here], 1, None, (CUT,), RATE, STYLE) == Fix(
        1, replace(here, start=CUT), "By the shot change it begins 0.20 s earlier."
    )
    known = Fix(1, here, "Broken anew into 1 line.")
    assert one_by_shots([before, here], 1, known, (), RATE, STYLE) is known


def test_a_list_of_cuts_is_text() -> None:
    text = dump_shots((1000, 83_250), 23.976)
    assert text == "# 23.976 frames a second\n1.000\n83.250\n"
    assert load_shots(text) == ((1000, 83_250), 23.976)
    assert load_shots("2,5\n\n1.25\n") == ((1250, 2500), 25.0)


@pytest.mark.parametrize("line", ["1.0 2.0", "soon", "-1", "nan", "1e9"])
def test_a_line_that_is_no_time_is_named(line: str) -> None:
    with pytest.raises(FormatError, match=r"^Line 2 of a\.txt is no time in seconds"):
        load_shots(f"1.0\n{line}\n", name="a.txt")


def test_the_usual_rate_is_found() -> None:
    assert nearest_rate(23.98) is RATES["23.976"]
    assert nearest_rate(29.97002997) is RATES["29.97"]
    assert nearest_rate(25.0) is RATES["25"]
