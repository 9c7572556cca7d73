"""What can be mended in cues without touching a word: before, and after."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import Cue
from granite_studio.core.fixing import fixed, fixes
from granite_studio.core.styles import style, style_names
from granite_studio.core.unspaced import words_of

GENERAL = style()


def cue(start: int, end: int, *lines: str) -> Cue:
    return Cue(1, 2, start, end, lines or ("Eleven signs",), fixed=True)


def mended(*cues: Cue, name: str = "general") -> list[Cue]:
    result = list(cues)
    for fix in fixes(cues, style(name), language="en"):
        result[fix.place] = fix.cue
    return result


def faults(cues: list[Cue], name: str = "general") -> list[tuple[int, str, Severity]]:
    sides = zip([None, *cues], cues, [*cues[1:], None], strict=False)
    return [
        (place, problem.rule, problem.severity)
        for place, (before, here, after) in enumerate(sides)
        if here is not None
        for problem in problems(here, before, after, style(name))
    ]


def test_what_keeps_the_style_is_left_alone() -> None:
    assert fixes([cue(0, 1500), cue(2000, 3500)], GENERAL) == ()


@pytest.mark.parametrize(
    ("bad", "after", "end", "message"),
    [
        (cue(0, 700, "Yes."), cue(3000, 5000), 1000, "Shown 0.30 s longer."),
        (cue(0, 2100), cue(2000, 4000), 1917, "Shown 0.18 s shorter."),
        (cue(0, 1980), cue(2000, 4000), 1917, "Shown 0.06 s shorter."),
        (cue(0, 9000, "Yes."), cue(9500, 12_000), 7000, "Shown 2.00 s shorter."),
        (cue(0, 1500, "x" * 32), cue(4000, 6000), 1883, "Shown 0.38 s longer."),
    ],
)
def test_an_end_moves_no_further_than_the_rule_wants(
    bad: Cue, after: Cue, end: int, message: str
) -> None:
    [fix] = fixes([bad, after], GENERAL)
    assert fix.message == message
    assert fix.cue == replace(bad, end=end)
    assert faults([fix.cue, after]) == []


def test_what_the_style_cut_itself_is_left_alone() -> None:
    assert fixes([replace(cue(0, 700, "Yes."), fixed=False)], GENERAL) == ()


def test_lines_that_are_too_long_are_broken_anew() -> None:
    bad = cue(0, 5000, "When I was finished with the stairs, he asked me to stay.")
    [fix] = fixes([bad], GENERAL, language="en")
    assert fix.cue.lines == ("When I was finished with the stairs,", "he asked me to stay.")
    assert fix.message == "Broken anew into 2 lines."


def test_two_voices_keep_their_lines() -> None:
    bad = cue(0, 500, "- Yes.", "- No.")
    assert mended(bad) == [replace(bad, end=1000)]


def test_what_has_no_room_stays_as_it_is() -> None:
    cues = [cue(0, 500, "x" * 40), cue(583, 3000)]
    assert mended(*cues) == cues
    assert fixes([cue(0, 1000, "x" * 200)], GENERAL) == ()


def test_a_file_keeps_markup_blocks_and_everything_else() -> None:
    italic = Caption(0, 600, "<i>Yes.</i>", "one", "line:0", 8)
    long = Caption(3000, 9000, "When I was finished with the stairs, he &amp; she stayed there.")
    marked = replace(long, start=13_000, end=19_000, text=f"<b>{long.text}</b>")
    before = Captions((Block("NOTE", "kept"), italic, long, marked), "head")
    after, made = fixed(before, GENERAL, language="en")
    assert [fix.place for fix in made] == [0, 1]
    assert after.header == "head"
    assert after.items[0] == before.items[0]
    assert after.items[1] == replace(italic, end=1000)
    lines = "When I was finished with the stairs,\nhe &amp; she stayed there."
    assert after.items[2] == replace(long, text=lines)
    assert after.items[3] == marked


cues = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.integers(-500, 9000),
        st.lists(st.text("ab ,.世", min_size=1, max_size=60), min_size=1, max_size=3),
    ),
    max_size=8,
)


@given(cues, st.sampled_from(style_names()))
@settings(max_examples=150)
def test_a_fix_never_breaks_a_rule_and_changes_no_word(
    drawn: list[tuple[int, int, list[str]]], name: str
) -> None:
    at, before = 0, []
    for gap, length, lines in drawn:
        at += gap
        before.append(cue(at, at + length, *lines))
    after = mended(*before, name=name)
    told = fixes(before, style(name), language="en")
    then, now = (faults(each, name) for each in (before, after))
    errors = [sum(found[2] is Severity.ERROR for found in each) for each in (then, now)]
    assert (errors[1], len(now)) < (errors[0], len(then)) or not told
    come = [severity for place, rule, severity in now if (place, rule, severity) not in then]
    assert Severity.ERROR not in come
    assert not come or errors[1] < errors[0]
    for one, other in zip(before, after, strict=True):
        assert one.start == other.start
        said = [[word for line in each.lines for word in words_of(line)] for each in (one, other)]
        assert "".join(said[0]) == "".join(said[1])
    assert all(a.start <= b.start for a, b in pairwise(after))
