"""Cues moved to cuts, in frames."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.fixing import Fix, fix, fixes
from granite_studio.core.quality import faults
from granite_studio.core.shots import Film, dump_shots, load_shots, nearest_rate
from granite_studio.core.styles import style
from granite_studio.core.timing import RATES

RATE = RATES["25"]  # a frame is 40 ms
STYLE = style("netflix-en")
CUT = 10_000


def cue(start: int, end: int) -> Cue:
    return Cue(1, 2, start, end, ("Good morning.",))


def put(cues: Sequence[Cue], *shots: int) -> list[Cue]:
    """The cues as the style put them by these cuts."""
    after = list(cues)
    for one in fixes(cues, STYLE, film=Film(shots, RATE)):
        after[one.place] = one.cue
    return after


def moved(*cues: Cue, shots: tuple[int, ...] = (CUT,)) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in put(cues, *shots)]


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
    wanted = CUT - STYLE.gap_ms if expected == -2 != frames else end
    assert moved(cue(CUT - 4000, end)) == [(CUT - 4000, wanted)]


def test_an_edge_on_its_place_stays_to_the_millisecond() -> None:
    assert moved(cue(CUT + 7, CUT + 3003)) == [(CUT + 7, CUT + 3003)]


def test_no_cue_is_made_too_short_or_moved_into_another() -> None:
    before, short = cue(CUT - 1000, CUT - 400), cue(CUT - 200, CUT + 600)
    assert moved(before, short)[1] == (CUT - 200, CUT + 600)
    assert moved(short) == [(CUT - 480, CUT + 600)]
    before = cue(CUT - 3000, CUT - 400)
    assert moved(before, short) == [(CUT - 3000, CUT - 480 - 83), (CUT - 480, CUT + 600)]
    close = [cue(CUT - 3000, CUT - 300), cue(CUT - 220, CUT + 3000)]
    before, after = moved(*close)
    assert after[0] - before[1] >= STYLE.gap_ms


cues = st.lists(st.tuples(st.integers(0, 3000), st.integers(850, 5000)), max_size=8)


@given(cues, st.lists(st.integers(0, 40_000), max_size=10))
def test_cues_that_kept_their_distance_keep_it(
    drawn: list[tuple[int, int]], shots: list[int]
) -> None:
    at, before = 0, []
    for gap, length in drawn:
        at += gap + STYLE.gap_ms
        before.append(cue(at, at + length))
        at += length
    after = put(before, *sorted(shots))
    for one, other in zip(before, after, strict=True):
        assert replace(one, start=other.start, end=other.end, fixed=other.fixed) == other
        assert other.end - other.start >= min(STYLE.min_ms, one.end - one.start)
        assert abs(other.start - one.start) <= 13 * 40
        assert abs(other.end - one.end) <= 15 * 40
    assert all(b.start - a.end >= STYLE.gap_ms for a, b in pairwise(after))


def test_the_cues_of_a_film_keep_to_its_cuts_once_they_are_put() -> None:
    words = tuple(Word(n, "word", 400 * n, 400 * n + 380) for n in range(1, 60))
    film = Film(tuple(range(1300, 24_000, 3100)), RATE)
    document = Document((Segment(1000, words),), next_id=2000)
    free = replace(STYLE, shot_frames=0)
    before = derive(document, free, film)
    assert {fault.rule for fault in faults(before, STYLE, film=film)} == {"shot_frames"}
    assert faults(put(before, *film.times), STYLE, film=film) == ()
    assert faults(derive(document, STYLE, film), STYLE, film=film) == ()


def test_fixes_and_moves_of_one_cue_are_one_fix() -> None:
    late = replace(cue(CUT + 200, CUT + 700), fixed=True)
    alone = cue(CUT + 6000, CUT + 8000)
    assert fixes([late, alone], STYLE, film=Film((CUT,), RATE)) == (
        Fix(
            0,
            replace(late, start=CUT, end=CUT + 833),
            "By the shot change it begins 0.20 s earlier. Shown 0.13 s longer.",
        ),
    )
    assert fixes([late, alone], STYLE) == (
        Fix(0, replace(late, end=CUT + 1033), "Shown 0.33 s longer."),
    )


def test_one_cue_is_moved_between_neighbours_that_stay() -> None:
    before, here = cue(CUT - 3000, CUT - 20), cue(CUT + 200, CUT + 3000)
    film = Film((CUT,), RATE)
    by_hand = replace(here, fixed=True)
    assert fix([before, here], 1, STYLE, film=film) == (
        Fix(1, replace(by_hand, start=CUT + 520), "By the shot change it begins 0.32 s later."),
    )
    before = replace(before, end=CUT - 1000)
    assert fix([before, here], 1, STYLE, film=film) == (
        Fix(1, replace(by_hand, start=CUT), "By the shot change it begins 0.20 s earlier."),
    )
    assert fix([before, here], 1, STYLE) == ()


def test_a_list_of_cuts_is_text() -> None:
    text = dump_shots((1000, 83_250), 23.976)
    assert text == "# 23.976 frames a second\n1.000\n83.250\n"
    assert load_shots(text) == ((1000, 83_250), 23.976)
    assert load_shots("2,5\n\n1.25\n") == ((1250, 2500), None)


@pytest.mark.parametrize("line", ["1.0 2.0", "soon", "-1", "nan", "1e9"])
def test_a_line_that_is_no_time_is_named(line: str) -> None:
    with pytest.raises(FormatError, match=r"^Line 2 of a\.txt is no time in seconds"):
        load_shots(f"1.0\n{line}\n", name="a.txt")


def test_the_usual_rate_is_found() -> None:
    assert nearest_rate(23.98) is RATES["23.976"]
    assert nearest_rate(29.97002997) is RATES["29.97"]
    assert nearest_rate(25.0) is RATES["25"]
