"""The dashes before the lines of two people who share a cue."""

from dataclasses import replace

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.fixing import fixed, fixes
from granite_studio.core.styles import style, style_names
from tests.core.films import talk


def cue(*lines: str) -> Cue:
    return Cue(0, 0, 0, 4000, lines, fixed=True)


@pytest.mark.parametrize(
    ("name", "lines", "wanted"),
    [
        ("netflix-en", ("- Hello.", "- Good evening."), ("-Hello.", "-Good evening.")),
        ("netflix-en", ("-Hello.", "\u2013 Good evening."), ("-Hello.", "-Good evening.")),
        ("netflix-fr", ("-Bonjour.", "-Bonsoir."), ("- Bonjour.", "- Bonsoir.")),
        ("netflix-nl", ("-Hallo.", "-Goedenavond."), ("Hallo.", "-Goedenavond.")),
    ],
)
def test_other_dashes_than_those_of_the_style_are_told_and_mended(
    name: str, lines: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    guide, before = style(name), cue(*lines)
    [problem] = problems(before, None, None, guide)
    assert (problem.rule, problem.severity) == ("dash", Severity.WARNING)
    assert problem.message.startswith("Before the second speaker stands “-")
    [made] = fixes([before], guide)
    assert made.cue == replace(before, lines=wanted)
    assert made.message == "With the dashes of the style."
    assert problems(made.cue, None, None, guide) == ()


@pytest.mark.parametrize(
    "lines",
    [
        ("-Hello.", "-Good evening."),
        ("- Hello.",),
        ("He went on", "\u2013 and nobody saw it."),
        ("\u2013 He went on \u2013", "and nobody saw it."),
    ],
)
def test_good_dashes_and_those_of_one_person_are_not_told(lines: tuple[str, ...]) -> None:
    assert problems(cue(*lines), None, None, style("netflix-en")) == ()


def test_a_subtitle_file_gets_the_dashes_but_where_it_has_markup() -> None:
    plain = Caption(0, 4000, "- Hello.\n- Good evening.")
    marked = Caption(5000, 9000, "- <i>Hello.</i>\n- Good evening.")
    after, made = fixed(Captions((plain, marked)), style("netflix-en"))
    assert [each.text for each in after.cues] == ["-Hello.\n-Good evening.", marked.text]
    assert [one.place for one in made] == [0]


def test_cues_that_a_style_cuts_have_its_dashes() -> None:
    shared = 0
    for seed in range(150):
        document, _, _ = talk(seed)
        for name in (style_names()[seed % len(style_names())], "netflix-en"):
            guide = style(name)
            cues = derive(document, guide)
            shared += sum(one.speaker is None for one in cues)
            found = [each.rule for one in cues for each in problems(one, None, None, guide)]
            assert "dash" not in found
    assert shared > 20
