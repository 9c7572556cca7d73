"""Cues that stay too long after the voice."""

from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, Segment, Word
from granite_studio.core.fixing import fixes
from granite_studio.core.styles import style, style_names
from tests.core.films import found, talk

WORDS = (Word(1, "Good", 1000, 1300), Word(2, "morning.", 1350, 2000), Word(3, "Yes.", 9000, 9500))
SAID = Document((Segment(90, WORDS),), next_id=100)


def held(until: int) -> Document:
    """The first cue made by hand, up to this time."""
    return edits.fix_cue(SAID, CueOverride(1, 2, 1000, until))


@pytest.mark.parametrize(("name", "latest"), [("netflix-en", 2500), ("bbc", 3500)])
def test_a_cue_long_after_the_voice_is_told_and_mended(name: str, latest: int) -> None:
    guide = style(name)
    cues = derive(held(7200), guide)
    [problem] = problems(cues[0], None, cues[1], guide)
    assert (problem.rule, problem.severity) == ("linger_ms", Severity.WARNING)
    assert problem.message.startswith("There for 5.2 s after the voice, ")
    [made] = fixes(cues, guide)
    assert (made.cue.start, made.cue.end) == (1000, latest)
    assert problems(made.cue, None, cues[1], guide) == ()


def test_a_cue_may_stay_up_to_the_next_one_or_as_long_as_it_takes_to_see_it() -> None:
    guide = style("netflix-en")
    first, second = derive(held(2500), guide)
    assert problems(first, None, second, guide) == ()
    close = replace(first, end=2800), replace(second, start=2883)
    assert problems(close[0], None, close[1], guide) == ()
    short = replace(first, sound=1050, end=1833)
    assert problems(short, None, second, guide) == ()


def test_where_no_word_has_a_time_nothing_is_told() -> None:
    guide = style("netflix-en")
    first, second = derive(held(7200), guide)
    assert problems(replace(first, sound=None), None, second, guide) == ()


def test_cues_that_a_style_cuts_do_not_stay_too_long() -> None:
    for seed in range(150):
        document, film, guide = talk(seed)
        other = style(style_names()[seed % len(style_names())])
        for by, put_by in ((guide, film), (guide.at(film.rate), film), (other, None)):
            cues = derive(document, by, put_by)
            assert "linger_ms" not in {key[1] for key in found(cues, by, put_by)}
