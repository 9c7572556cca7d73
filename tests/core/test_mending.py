"""Random films are mended: what is found goes, nothing as bad comes, and it ends."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product

import pytest

from granite_studio.core import edits
from granite_studio.core.checks import Severity
from granite_studio.core.cues import Cue, Deriver, derive
from granite_studio.core.document import CueOverride
from granite_studio.core.fixing import Fix, Mended, fix, fixes, mending
from granite_studio.core.putting import Places
from granite_studio.core.quality import faults
from granite_studio.core.shots import Beside, Film
from granite_studio.core.styles import Style, style
from granite_studio.core.timing import RATES
from tests.core.films import Scene, found, gone_and_come, scene, talk

SEAM = ("shot_frames", "overlap", "gap_ms", "chain_ms")
FILM = Film((10_000,), RATES["24"])


def made_in(cues: Sequence[Cue], made: Iterable[Fix]) -> list[Cue]:
    after = list(cues)
    for one in made:
        after[one.place] = one.cue
    return after


def fixes_of(drawn: Scene, cues: Sequence[Cue]) -> tuple[Fix, ...]:
    return fixes(cues, drawn.style, language="en", film=drawn.film)


def is_better(before: Sequence[Cue], after: Sequence[Cue], drawn: Scene) -> bool:
    """Whether a finding has gone, and none has come that is as bad as the worst of those."""
    then, now = (found(each, drawn.judge, drawn.film) for each in (before, after))
    gone, come = gone_and_come(then, now)
    return bool(gone) and (not come or come == {Severity.WARNING} != gone)


def test_all_fixes_together_mend_and_leave_nothing_to_mend() -> None:
    for drawn in map(scene, range(1200)):
        made = fixes_of(drawn, drawn.cues)
        after = made_in(drawn.cues, made)
        assert not made or is_better(drawn.cues, after, drawn)
        assert fixes_of(drawn, after) == ()


def test_a_cue_that_was_mended_is_not_mended_again() -> None:
    for drawn in map(scene, range(400)):
        cues = list(drawn.cues)
        for place in range(len(cues)):
            made = fix(cues, place, drawn.style, language="en", film=drawn.film)
            after = made_in(cues, made)
            assert not made or is_better(cues, after, drawn)
            assert fix(after, place, drawn.style, language="en", film=drawn.film) == ()
            cues = after


def test_mending_cue_after_cue_comes_to_an_end() -> None:
    for drawn in map(scene, range(400)):
        cues, chance = list(drawn.cues), random.Random(1)
        left = set(range(len(cues)))
        for _ in range(len(found(cues, drawn.judge, drawn.film)) + len(cues) ** 2 + 1):
            if not left:
                break
            place = chance.choice(sorted(left))
            made = fix(cues, place, drawn.style, language="en", film=drawn.film)
            cues = made_in(cues, made)
            left = set(range(len(cues))) if made else left - {place}
        assert not left


def test_the_fix_that_is_told_for_a_finding_takes_it_away() -> None:
    told = 0
    for drawn in map(scene, range(400)):
        made = fixes_of(drawn, drawn.cues)
        before = found(drawn.cues, drawn.judge, drawn.film)
        after = found(made_in(drawn.cues, made), drawn.judge, drawn.film)
        listed = faults(drawn.cues, drawn.judge, made, film=drawn.film)
        for key, fault in zip(before, listed, strict=True):
            assert (fault.cue, fault.rule) == (key[0] + 1, key[1])
            assert bool(fault.fix) == (key not in after)
            told += bool(fault.fix)
    assert told > 400


def test_cues_that_are_cut_stand_by_the_cuts_of_the_film_as_well_as_they_can() -> None:
    for seed in range(250):
        document, film, guide = talk(seed)
        free = derive(document, replace(guide, shot_frames=0), film)
        cues = derive(document, guide, film)
        assert fixes(cues, guide, language="en", film=film) == ()
        assert [cue.lines for cue in cues] == [cue.lines for cue in free]
        gone, come = gone_and_come(found(free, guide, film), found(cues, guide, film))
        assert not come or Severity.ERROR in gone - come


def test_after_an_edit_cues_stand_by_the_cuts_as_if_cut_from_nothing() -> None:
    for seed in range(250):
        document, film, guide = talk(seed)
        deriver, chance = Deriver(guide, film), random.Random(seed)
        for _ in range(3):
            row = chance.randrange(len(document.segments))
            text = chance.choice(("Yes.", f"{document.segments[row].text} Indeed, we never did."))
            document = edits.retype(document, row, text)
            if chance.random() < 0.5:
                cue = chance.choice(derive(document, guide, film))
                hand = CueOverride(cue.first, cue.last, cue.start, cue.end + chance.randrange(300))
                document = edits.fix_cue(document, hand)
            while chance.random() < 0.7:
                deriver.prepare(document, words=chance.randrange(40))
            before = deriver.derive(document)
            assert before == derive(document, guide, film)
            assert deriver.derive(document) == before


def test_mending_a_transcript_again_changes_nothing() -> None:
    for seed in range(250):
        document, film, guide = talk(seed)
        chance = random.Random(seed)
        cues = derive(document, guide, film)
        for cue in chance.sample(cues, len(cues) // 3):
            times = cue.start + chance.randint(-90, 90), cue.end + chance.randint(-500, 300)
            hand = CueOverride(cue.first, cue.last, max(times[0], 0), times[1])
            document = edits.fix_cue(document, hand)
        *_, after = [Mended(document, (), False), *mending(document, guide, film)]
        assert list(mending(after.document, guide, film)) == []
        words = {(one.cue.first, one.cue.last) for one in after.made}
        kept = {(hand.first, hand.last) for hand in document.cue_overrides}
        assert words <= {(hand.first, hand.last) for hand in after.document.cue_overrides}
        assert kept <= {(hand.first, hand.last) for hand in after.document.cue_overrides}


def test_seams_are_put_as_well_as_any_way_does() -> None:
    for seed in range(3000, 3250):
        drawn = scene(seed)
        cues = drawn.cues[:2]
        places = Places(cues, drawn.film, drawn.judge)
        places.put(range(len(cues) + 1))
        times = zip(places.starts, places.ends, strict=True)
        after = [replace(c, start=s, end=e) for c, (s, e) in zip(cues, times, strict=True)]
        assert seam_findings(after, drawn) <= least(cues, drawn)


def seam_findings(cues: Sequence[Cue], drawn: Scene) -> int:
    """How many there are that a start or an end can mend."""
    return sum(rule in SEAM for _, rule, _ in found(cues, drawn.judge, drawn.film))


def least(cues: Sequence[Cue], drawn: Scene) -> int:
    """The fewest of them, of all ways to put these cues that break nothing anew."""
    film, judge = drawn.film, drawn.judge
    then = found(cues, judge, film)
    best = seam_findings(cues, drawn)
    starts = [others(cue.start, film.starts, judge) for cue in cues]
    ends = [others(cue.end, film.ends, judge) for cue in cues]
    for times in product(*starts, *ends):
        after = [
            replace(cue, start=times[place], end=times[place + len(cues)])
            for place, cue in enumerate(cues)
        ]
        now = found(after, judge, film)
        grown = [
            key
            for key in now.keys() & then.keys()
            if key[1] in ("min_ms", "max_ms", "overlap") and now[key].excess > then[key].excess
        ]
        if min(times) >= 0 and now.keys() <= then.keys() and not grown:
            best = min(best, seam_findings(after, drawn))
    return best


def others(ms: int, judge: Callable[[int, Style], Beside], guide: Style) -> list[int]:
    """A time, and those that a film offers in its stead and finds nothing wrong with."""
    beside = judge(ms, guide)
    return [ms, *(other for other in (beside[1] if beside else ()) if not judge(other, guide))]


def hand(start: int, end: int, *lines: str) -> Cue:
    return Cue(1, 2, start, end, lines or ("Good morning.",), fixed=True)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        # The next one begins five frames before the cut: it waits, and so does this one.
        (hand(7000, 9709), hand(9792, 12_000), [(7000, 9917), (10_000, 12_000)]),
        # Eleven frames before it: both come earlier.
        (hand(7000, 9459), hand(9542, 12_000), [(7000, 9417), (9500, 12_000)]),
    ],
)
def test_an_end_moves_with_the_start_behind_it(
    before: Cue, after: Cue, wanted: list[tuple[int, int]]
) -> None:
    guide: Style = style("netflix-en")
    cues = made_in([before, after], fixes([before, after], guide, film=FILM))
    assert [(cue.start, cue.end) for cue in cues] == wanted
    assert found(cues, guide, FILM) == {}


def test_a_cue_much_too_fast_is_made_one_that_is_a_little_fast() -> None:
    fast = hand(0, 1200, "x" * 30)
    behind = hand(1783, 4000)
    [made] = fixes([fast, behind], style("netflix-en"))
    assert made.cue == replace(fast, end=1700)
    assert [key[1] for key in found([made.cue, behind], style("netflix-en"), None)] == ["cps_warn"]


def test_a_change_of_a_few_milliseconds_is_told_as_such() -> None:
    near = [hand(0, 1920), hand(2000, 4000)]
    [made] = fixes(near, style("netflix-en"))
    assert (made.cue.end, made.message) == (1917, "Shown 3 ms shorter.")


@pytest.mark.parametrize("gap", [83, 84])
def test_two_frames_at_24_a_second_are_the_least_gap(gap: int) -> None:
    assert found([hand(0, 2000), hand(2000 + gap, 4000)], style("netflix-en"), None) == {}


def test_an_overlap_stays_where_its_end_would_make_a_flash() -> None:
    short = [hand(0, 700), hand(400, 2000)]
    assert fixes(short, style("netflix-en")) == ()


def test_a_fix_may_last_to_the_end_of_the_sound_and_a_little_longer() -> None:
    fast, guide = hand(0, 1200, "x" * 30), style("netflix-en")
    assert [made.cue.end for made in fixes([replace(fast, sound=1300)], guide)] == [1765]
    assert [made.cue.end for made in fixes([replace(fast, sound=1020)], guide)] == [1500]
    assert fixes([replace(fast, sound=980)], guide) == ()
