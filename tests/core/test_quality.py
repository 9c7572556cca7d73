"""What a report says about cues: figures, and what breaks a rule, the worst first."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.checks import Checker, Severity
from granite_studio.core.cues import Cue, cps
from granite_studio.core.fixing import Fix
from granite_studio.core.measure import lengths
from granite_studio.core.quality import faults, quality
from granite_studio.core.styles import style

GENERAL = style()


def cue(start: int, end: int, *lines: str) -> Cue:
    return Cue(1, 2, start, end, lines or ("Eleven signs",), fixed=True)


def judged(*cues: Cue, name: str = "general"):
    return quality(cues, style(name), faults(cues, style(name)))


def test_without_cues_there_is_nothing_to_say() -> None:
    made = judged()
    assert (made.cues, made.shown_ms, made.clean, made.spreads, made.broken) == (0, 0, 0, (), ())


def test_a_fault_names_its_cue_and_its_fix() -> None:
    cues = (cue(0, 2000), cue(4000, 4400))
    fix = Fix(1, replace(cues[1], end=5000), "Shown 0.60 s longer.")
    (found,) = [fault for fault in faults(cues, GENERAL, [fix]) if fault.rule == "min_ms"]
    assert (found.cue, found.at, found.severity) == (2, cues[1], Severity.ERROR)
    assert found.fix == "Shown 0.60 s longer."


def test_errors_come_before_warnings_and_frequent_rules_before_rare_ones() -> None:
    made = judged(
        cue(0, 8000), cue(9000, 17_500), cue(18_000, 18_500, "No."), cue(19_000, 22_000, "x" * 43)
    )
    told = [(each.rule, each.severity.value, len(each.faults)) for each in made.broken]
    assert told == [("min_ms", "error", 1), ("cpl", "error", 1), ("max_ms", "warning", 2)]
    assert (made.errors, made.warnings, made.clean) == (2, 2, 0)
    assert made.broken[2].reason == GENERAL.reason("max_ms")


def test_the_worst_comes_first() -> None:
    made = judged(cue(0, 7100), cue(8000, 28_000), cue(29_000, 37_000))
    assert [fault.cue for fault in made.faults] == [2, 3, 1]
    overlapping = judged(cue(0, 2000), cue(1900, 4000), cue(3000, 5000))
    assert [fault.cue for fault in overlapping.faults] == [2, 3, 1, 2]
    short = judged(cue(0, 900, "No."), cue(2000, 2100, "No."))
    assert [fault.cue for fault in short.faults if fault.rule == "min_ms"] == [2, 1]


def test_full_width_text_is_measured_by_its_own_limits() -> None:
    made = judged(cue(0, 3000, "世界世界"), cue(4000, 7000, "界"), name="netflix-ja")
    speed, line = made.spreads[:2]
    assert (speed.bars[-1].low, line.bars[-1].low) == (4, 13)


def test_a_spread_has_half_and_nineteen_in_twenty() -> None:
    cues = [cue(10_000 * n, 10_000 * n + 1000 + 10 * n) for n in range(101)]
    (time,) = [s for s in quality(cues, GENERAL, ()).spreads if s.figure == "duration"]
    assert (time.least, time.median, time.high, time.most) == (1000, 1500, 1950, 2000)


def test_gaps_are_parted_where_the_style_parts_them() -> None:
    starts = (0, 990, 1980, 3000, 4083, 5300, 9000)
    cues = [cue(start, start + 1000) for start in starts]
    (gap,) = [s for s in quality(cues, GENERAL, ()).spreads if s.figure == "gap"]
    told = [(bar.low, bar.high, bar.count, bar.is_bad) for bar in gap.bars]
    assert told == [
        (None, 0, 2, True),
        (0, 83, 1, True),
        (83, 85, 1, False),
        (85, 500, 1, True),
        (500, 1000, 0, False),
        (1000, 2000, 0, False),
        (2000, 5000, 1, False),
        (5000, None, 0, False),
    ]


some_cues = st.lists(
    st.builds(
        cue,
        st.integers(0, 20_000),
        st.integers(0, 40_000),
        st.sampled_from(["", "No.", "x" * 43, "世界" * 9, "مرحبا"]),
    ),
    max_size=12,
)


@given(some_cues, st.sampled_from(["general", "bbc", "netflix-ja", "vertical", "aegisub"]))
def test_every_cue_is_in_one_bar_and_bad_bars_hold_what_the_checks_found(
    cues: list[Cue], name: str
) -> None:
    guide = style(name)
    made = quality(cues, guide, faults(cues, guide))
    counts = {each.figure: sum(bar.count for bar in each.bars) for each in made.spreads}
    expected = {"cps": len(cues), "cpl": len(cues), "duration": len(cues), "gap": len(cues) - 1}
    assert counts == {figure: n for figure, n in expected.items() if cues and n}
    assert len(made.faults) == sum(len(found) for _, found in Checker(guide).check(cues))
    bars = {each.figure: each.bars for each in made.spreads}
    if cues:
        too_short = sum(each.end - each.start < guide.min_ms for each in cues)
        too_long = sum(each.end - each.start > guide.max_ms for each in cues)
        assert (bars["duration"][0].count, bars["duration"][-1].count) == (too_short, too_long)
        fastest, longest = bars["cps"][-1], bars["cpl"][-1]
        assert fastest.count == sum(cps(each) > fastest.low for each in cues)
        assert longest.count == sum(max(lengths(each.lines)) > longest.low for each in cues)
