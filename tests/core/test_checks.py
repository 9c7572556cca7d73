"""What breaks a style, in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.checks import Checker, Problem, Severity, problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.shots import Film
from granite_studio.core.styles import style, style_names
from granite_studio.core.timing import RATES
from tests.core.pictures import transcript

GENERAL = style()


def cue(start: int, end: int, *lines: str) -> Cue:
    return Cue(1, 2, start, end, lines or ("Eleven signs",))


def broken(*cues: Cue, name: str = "general") -> list[tuple[str, Severity]]:
    """The rules that the second of three cues breaks, or the only one."""
    before, this, after = cues if len(cues) == 3 else (None, cues[0], None)
    return [(p.rule, p.severity) for p in problems(this, before, after, style(name))]


def test_a_good_cue_has_no_problem() -> None:
    assert broken(cue(0, 900), cue(1000, 2500), cue(2583, 4000)) == []


@pytest.mark.parametrize(
    ("bad", "rule", "severity"),
    [
        (cue(0, 5000, "a", "b", "c"), "lines", Severity.ERROR),
        (cue(0, 5000, "x" * 43), "cpl", Severity.ERROR),
        (cue(0, 5000, "世" * 14), "wide_cpl", Severity.ERROR),
        (cue(0, 1000, "x" * 21), "cps_error", Severity.ERROR),
        (cue(0, 1000, "x" * 18), "cps_warn", Severity.WARNING),
        (cue(0, 1000, "世" * 8), "wide_cps", Severity.ERROR),
        (cue(0, 999, "Yes."), "min_ms", Severity.ERROR),
        (cue(0, 7001, "Yes."), "max_ms", Severity.WARNING),
    ],
)
def test_each_rule_is_named(bad: Cue, rule: str, severity: Severity) -> None:
    assert broken(bad) == [(rule, severity)]


def test_the_bbc_counts_words() -> None:
    assert broken(cue(0, 800, "We do so"), name="bbc") == [("word_ms", Severity.WARNING)]


@pytest.mark.parametrize(
    ("start", "rules"),
    [
        (1900, ["overlap"]),
        (2000, ["gap_ms"]),
        (2082, ["gap_ms"]),
        (2083, []),
        (2499, ["chain_ms"]),
    ],
)
def test_the_gap_to_the_next_cue_is_checked(start: int, rules: list[str]) -> None:
    this = cue(0, 2000)
    assert [p.rule for p in problems(this, None, cue(start, 5000), GENERAL)] == rules


CUT = 10_000
FILM = Film((CUT,), RATES["25"])  # a frame is 40 ms


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (-12, ""),
        (-11, "Begins 11 frames before a shot change."),
        (-1, "Begins 1 frame before a shot change."),
        (0, ""),
        (12, "Begins 12 frames after a shot change."),
        (13, ""),
    ],
)
def test_a_cue_begins_with_a_shot_or_well_away(frames: int, said: str) -> None:
    guide, this = style("netflix-en"), cue(CUT + 40 * frames, CUT + 4000)
    reason = f" {guide.reason('shot_frames')}" if said else ""
    found = problems(this, None, None, guide, film=FILM)
    assert [p.message for p in found] == [said + reason] * bool(said)
    assert {p.severity for p in found} <= {Severity.WARNING}
    assert problems(this, None, None, guide) == ()
    assert problems(this, None, None, GENERAL, film=FILM) == ()


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (-13, ""),
        (-12, "Ends 12 frames before a shot change, not 2 before it."),
        (-2, ""),
        (0, "Ends with a shot change, not 2 before it."),
        (11, "Ends 11 frames after a shot change, not 2 before it."),
        (12, ""),
    ],
)
def test_a_cue_ends_two_frames_before_a_shot_change_or_well_away(frames: int, said: str) -> None:
    this = cue(CUT - 4000, CUT + 40 * frames)
    found = problems(this, None, None, style("netflix-en"), film=FILM)
    assert [p.message.partition(". ")[0] for p in found] == [said.rstrip(".")] * bool(said)


def test_an_overlap_is_a_fault_of_both_cues() -> None:
    before, this = cue(0, 2000), cue(1500, 4000)
    assert [p.rule for p in problems(this, before, None, GENERAL)] == ["overlap"]


def test_the_message_says_what_how_much_and_why() -> None:
    (problem,) = problems(cue(0, 1000, "x" * 21), None, None, GENERAL)
    assert problem == Problem(
        "cps_error",
        "21.0 characters a second, 20 allowed. "
        "Above twenty characters a second many people cannot finish reading.",
        Severity.ERROR,
    )


def test_a_figure_beyond_its_limit_is_never_shown_as_equal_to_it() -> None:
    found = problems(cue(0, 999, "x" * 20), None, None, GENERAL)
    assert [p.message.partition(". ")[0] for p in found] == [
        "20.02 characters a second, 20 allowed",
        "Shown for 0.999 s, 1.0 s needed",
    ]


@pytest.mark.parametrize(
    ("end", "said"), [(2000, "Ends before it begins"), (5000, "Ends as it begins")]
)
def test_a_cue_that_takes_no_time_is_told_so_without_figures(end: int, said: str) -> None:
    found = problems(cue(5000, end), None, None, GENERAL)
    assert [p.message.partition(". ")[0] for p in found] == ["No time to read it", said]


def test_a_cue_without_text_is_a_fault() -> None:
    assert broken(cue(0, 2000, " ")) == [("empty", Severity.ERROR)]


def test_faults_come_before_doubts() -> None:
    found = broken(cue(0, 8000, "x" * 43))
    assert found == [("cpl", Severity.ERROR), ("max_ms", Severity.WARNING)]


@pytest.mark.parametrize("name", style_names())
def test_easy_speech_is_cut_without_a_fault(name: str) -> None:
    guide = style(name)
    document = transcript(
        "The work began in March, and we have already replaced more than two hundred metres of "
        "the sea wall, which nobody had thought possible. About four million pounds.",
        step=round(max(500, 6500 / guide.cps_error)),
    )
    found = [p for _, found in Checker(guide).check(derive(document, guide)) for p in found]
    assert [p for p in found if p.severity is Severity.ERROR] == []


SHORT, TALL, GOOD = cue(0, 500, "No."), cue(600, 3000, "a", "b", "c"), cue(2900, 5000, "Yes.")
CUES = st.lists(st.sampled_from([SHORT, TALL, GOOD, cue(5000, 6000, "x" * 43)]), max_size=8)


@given(st.lists(CUES, max_size=4).map(lambda lists: [tuple(cues) for cues in lists]))
def test_judged_one_after_another_or_alone_they_are_judged_alike(
    lists: list[tuple[Cue, ...]],
) -> None:
    checker = Checker(GENERAL)
    for cues in lists:
        assert checker.check(cues) == Checker(GENERAL).check(cues)
