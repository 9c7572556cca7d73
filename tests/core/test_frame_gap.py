"""Gaps of so many frames, in a style that is made for the frame rate of the film."""

from dataclasses import replace

import pytest

from granite_studio.core.checks import problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.fixing import fixes
from granite_studio.core.shots import Film
from granite_studio.core.styles import dump_style, load_style, style
from granite_studio.core.timing import RATES, Rate, from_frames, snap, snap_down, snap_up
from tests.core.films import found, scene, talk

NETFLIX = style("netflix-en")
USUAL = [rate for rate in RATES.values() if not rate.drop]


def cue(start: int, end: int) -> Cue:
    return Cue(1, 2, start, end, ("Good morning.",), fixed=True)


@pytest.mark.parametrize(
    ("name", "rate", "gap_ms"),
    [
        ("netflix-en", "24", 83),
        ("netflix-en", "25", 80),
        ("netflix-en", "30", 66),
        ("netflix-en", "50", 40),
        ("ard", "50", 20),
        ("dutch", "24", 125),
        ("arte", "50", 200),
        ("bbc", "25", 0),
    ],
)
def test_the_gap_is_that_of_its_frames(name: str, rate: str, gap_ms: int) -> None:
    guide = style(name)
    assert guide.at(None) is guide
    assert guide.at(RATES[rate]).gap_ms == gap_ms
    assert guide.at(RATES["60"]).at(RATES[rate]).gap_ms == gap_ms


@pytest.mark.parametrize("rate", USUAL, ids=str)
def test_two_frames_are_the_least_gap_wherever_they_lie(rate: Rate) -> None:
    guide = NETFLIX.at(rate)
    for frame in range(2000):
        one, two, three = (
            from_frames(frame + far, rate) - from_frames(frame, rate) for far in (1, 2, 3)
        )
        assert guide.gap_fault(one) == "gap_ms"
        assert guide.gap_fault(two) == ""
        assert guide.gap_fault(three) == "chain_ms"


def test_a_gap_that_is_too_short_is_told_with_the_reason_for_its_frames() -> None:
    guide, after = NETFLIX.at(RATES["25"]), cue(2040, 4000)
    [problem] = problems(cue(0, 2000), None, after, guide)
    assert problem.message.startswith(
        "Only 40 ms up to the next one, 80 ms needed. Two frames at every frame rate"
    )
    [unknown] = problems(cue(0, 2000), None, cue(2080, 4000), NETFLIX)
    assert unknown.message.endswith(
        "Two frames at 24 a second, where nobody knows the frame rate."
    )


def test_a_style_with_a_gap_of_its_own_in_ms_keeps_it_at_every_rate() -> None:
    head = 'name = "x"\ntitle = "X"\nbase = "netflix-en"\n'
    own = load_style(f'{head}[gap_ms]\nvalue = 120\nreason = "Longer."\n')
    assert own.at(RATES["25"]).gap_ms == 120
    frames = load_style(f'{head}[gap_frames]\nvalue = 4\nreason = "Longer."\n')
    assert (frames.gap_ms, frames.at(RATES["25"]).gap_ms) == (83, 160)
    assert load_style(dump_style(frames)) == frames


@pytest.mark.parametrize("ms", [0, 1, 19, 20, 21, 39, 40, 41, 999])
def test_a_time_is_put_on_a_frame_before_or_behind_it(ms: int) -> None:
    for rate in USUAL:
        down, up = snap_down(ms, rate), snap_up(ms, rate)
        assert down <= ms <= up
        assert {down, up} == {snap(down, rate), snap(up, rate)}
        assert up - down <= 1000 / rate.frames + 1
        assert (down == up) == (snap(ms, rate) == ms)
    assert snap_up(ms, None) == snap_down(ms, None) == ms


def test_cues_that_are_cut_for_a_rate_begin_and_end_with_its_frames() -> None:
    for seed in range(150):
        document, _, guide = talk(seed)
        for rate in (RATES["23.976"], RATES["25"], RATES["30"]):
            cues = derive(document, guide.at(rate))
            assert all(snap(edge, rate) == edge for one in cues for edge in (one.start, one.end))
            seams = {key[1] for key in found(cues, guide.at(rate), None)}
            assert not seams & {"gap_ms", "chain_ms", "overlap"}


def test_fixes_for_a_rate_end_with_its_frames() -> None:
    told = 0
    for drawn in map(scene, range(400)):
        rate = drawn.film.rate
        guide = drawn.style.at(rate)
        made = fixes(drawn.cues, guide, language="en", film=drawn.film)
        after = list(drawn.cues)
        for one in made:
            before = drawn.cues[one.place]
            edges = {one.cue.start, one.cue.end} - {before.start, before.end}
            assert all(snap(edge, rate) == edge for edge in edges)
            told += len(edges)
            after[one.place] = one.cue
        assert fixes(after, guide, language="en", film=drawn.film) == ()
    assert told > 100


def test_a_cue_that_is_too_long_begins_with_the_cut_all_the_same() -> None:
    film, guide = Film((11_000,), RATES["25"]), NETFLIX.at(RATES["25"])
    long = cue(11_300, 58_000)
    [made] = fixes([long], guide, film=film)
    assert made.cue == replace(long, start=11_000, end=18_000)
    assert made.message == "By the shot change it begins 0.30 s earlier. Shown 40.00 s shorter."
