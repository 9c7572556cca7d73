"""Cues that come too late or too early, and cues that go on over a cut of the film."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Problem, Severity, problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import CueOverride, Document, Segment, Word
from granite_studio.core.fixing import Fix, fix, fixes, mended, mending
from granite_studio.core.importing import from_captions
from granite_studio.core.quality import faults
from granite_studio.core.shots import Film
from granite_studio.core.standing import HEARD_MS, straddled
from granite_studio.core.styles import Style, style, style_names
from granite_studio.core.timing import RATES
from tests.core.films import Scene, found, gone_and_come, scene, talk

RATE = RATES["25"]
WORDS = (
    Word(1, "Good", 5000, 5300),
    Word(2, "morning.", 5350, 6000),
    Word(3, "Yes.", 12_000, 12_500),
)
SAID = Document((Segment(90, WORDS),), next_id=100)
NETFLIX, BBC = style("netflix-en"), style("bbc")
STRICT = replace(NETFLIX, straddle_ms=500)
OWN = ("late_ms", "early_ms", "straddle_ms")


def by_hand(start: int, end: int, words: Sequence[Word] = WORDS) -> Document:
    """The first two words as a cue with these times."""
    said = Document((Segment(90, tuple(words)),), next_id=100)
    return edits.fix_cue(said, CueOverride(1, 2, start, end))


def told(document: Document, guide: Style, film: Film | None = None) -> list[Problem]:
    """What is wrong with the first cue in one of the ways that are tested here."""
    cues = derive(document, guide, film)
    found_here = problems(cues[0], None, cues[1], guide, film=film)
    return [each for each in found_here if each.rule in OWN]


def told_of(all_found: Sequence[Problem]) -> list[str]:
    return [each.rule for each in all_found if each.rule in OWN]


@pytest.mark.parametrize(
    ("guide", "start", "message"),
    [
        (NETFLIX, 5400, "Begins 0.4 s after its first word, 0.083 s allowed."),
        (NETFLIX, 4500, "Begins 0.5 s before its first word, 0.083 s allowed."),
        (BBC, 7300, "Begins 2.3 s after its first word, 2.0 s allowed."),
        (BBC, 3000, "Begins 2.0 s before its first word, 1.5 s allowed."),
    ],
)
def test_a_cue_far_from_its_first_word_is_told(guide: Style, start: int, message: str) -> None:
    [problem] = told(by_hand(start, 8000), guide)
    assert problem.severity is Severity.WARNING
    assert problem.message == f"{message} {guide.reason(problem.rule)}"


@pytest.mark.parametrize(
    ("guide", "start"),
    [
        *((NETFLIX, start) for start in (4830, 5000, 5170)),
        *((BBC, start) for start in (3500, 5000, 7000)),
        *((style(), start) for start in (100, 9000)),
    ],
)
def test_a_cue_near_its_first_word_is_in_time(guide: Style, start: int) -> None:
    assert told(by_hand(start, 9900), guide) == []


def test_words_whose_times_nobody_measured_say_nothing() -> None:
    guessed = [replace(word, estimated=True) for word in WORDS]
    assert told(by_hand(1000, 8000, guessed), NETFLIX) == []
    read = from_captions(Captions((Caption(5000, 6000, "Good morning."),)))
    moved = edits.fix_cue(read, CueOverride(1, 2, 2000, 4000))
    assert told(replace(moved, segments=(*moved.segments, SAID.segments[0])), NETFLIX) == []


def test_a_cue_that_has_to_wait_for_the_one_in_front_is_in_time() -> None:
    quick = (Word(1, "Good", 5000, 5300), Word(2, "morning.", 5350, 6000))
    first = Cue(1, 1, 5000, 5833, ("Good",), sound=5300, voice=5000)
    second = Cue(2, 2, 5917, 7000, ("morning.",), sound=6000, voice=quick[1].start)
    assert told_of(problems(second, first, None, NETFLIX)) == []
    longer = replace(first, end=6800), replace(second, start=6884, end=8000)
    assert told_of(problems(longer[1], longer[0], None, NETFLIX)) == ["late_ms"]


def test_beside_a_cut_by_which_cues_are_put_a_cue_has_more_room() -> None:
    late = by_hand(5440, 8000)
    assert told(late, NETFLIX, Film((5440,), RATE)) == []
    assert [each.rule for each in told(late, NETFLIX, Film((9000,), RATE))] == ["late_ms"]


@pytest.mark.parametrize(
    ("guide", "start", "mended_start", "message"),
    [
        (NETFLIX, 5400, 5083, "Begins 0.32 s earlier."),
        (NETFLIX, 4500, 4917, "Begins 0.42 s later."),
        (BBC, 7300, 7000, "Begins 0.30 s earlier."),
        (BBC, 3000, 3500, "Begins 0.50 s later."),
    ],
)
def test_the_fix_moves_the_start_no_further_than_the_rule_wants(
    guide: Style, start: int, mended_start: int, message: str
) -> None:
    words = replace(WORDS[0]), replace(WORDS[1], end=8000 if guide is BBC else 6000), WORDS[2]
    document = by_hand(start, words[1].end + 200, words)
    cues = derive(document, guide)
    [made] = fix(cues, 0, guide)
    assert (made.cue.start, made.message) == (mended_start, message)
    after = mended(document, cues, [made])
    assert derive(after, guide)[0] == made.cue
    assert told(after, guide) == []


def test_a_start_does_not_move_into_the_cue_in_front() -> None:
    first = Cue(1, 1, 3000, 5800, ("Good",), fixed=True, sound=3600, voice=3000)
    second = Cue(2, 2, 6400, 8000, ("morning.",), fixed=True, sound=7900, voice=5350)
    [_, made] = fixes([first, second], NETFLIX)
    assert made.cue.start >= 5433
    assert "late_ms" not in {key[1] for key in found([first, made.cue], NETFLIX, None)}
    stuck = replace(first, end=6300, fixed=False)
    assert fix([stuck, second], 1, NETFLIX) == ()


FILM = Film((7000,), RATE)


def test_a_cue_that_goes_on_over_a_cut_is_told_and_ends_with_it_where_all_is_said() -> None:
    document = by_hand(5000, 8000)
    [problem] = told(document, BBC, FILM)
    assert problem.severity is Severity.WARNING
    what = "Begins 2.0 s before a shot change and ends 1.0 s after it."
    assert problem.message == f"{what} {BBC.reason('straddle_ms')}"
    cues = derive(document, BBC, FILM)
    [made] = [one for one in fixes(cues, BBC, film=FILM) if one.place == 0]
    assert (made.cue.start, made.cue.end, made.message) == (5000, 7500, "Shown 0.50 s shorter.")
    assert told(document, NETFLIX, FILM) == []
    assert told(document, BBC) == []


def test_a_cue_that_comes_before_the_cut_and_the_voice_waits_for_the_cut() -> None:
    cue = Cue(1, 2, 6000, 9500, ("Good morning.",), fixed=True, sound=9000, voice=7200)
    [made] = fixes([cue], BBC, film=FILM)
    assert (made.cue.start, made.cue.end, made.message) == (7000, 9500, "Begins 1.00 s later.")


def test_what_is_said_over_a_cut_is_told_and_cannot_be_mended() -> None:
    cue = Cue(1, 2, 5000, 9000, ("Good morning.",), fixed=True, sound=8900, voice=5000)
    assert [each.rule for each in problems(cue, None, None, BBC, film=FILM)] == ["straddle_ms"]
    assert fixes([cue], BBC, film=FILM) == ()
    unknown = replace(cue, sound=None, voice=None)
    assert fixes([unknown], BBC, film=FILM) == ()


def test_the_cut_parts_words_where_the_film_does() -> None:
    texts = ["we", "went", "home", "and", "then", "the", "others", "came", "to", "us"]
    words = tuple(Word(n, text, 400 * n, 400 * n + 380) for n, text in enumerate(texts, 1))
    document = Document((Segment(90, words),), next_id=100)
    film = Film((2400,), RATE)
    assert len(derive(document, BBC)) == 1
    first, second = derive(document, BBC, film)
    assert (first.end, second.start) == (2400, 2400)
    assert found((first, second), BBC, film) == {}


def test_no_style_cuts_cues_that_are_not_in_time() -> None:
    for seed in range(100):
        document, film, guide = talk(seed)
        other = style(style_names()[seed % len(style_names())])
        for by, put_by in ((guide, film), (guide.at(film.rate), film), (other, None), (BBC, film)):
            cues = derive(document, by, put_by)
            assert {"late_ms", "early_ms"}.isdisjoint(key[1] for key in found(cues, by, put_by))


def test_a_cue_is_not_held_over_a_cut_up_to_the_next_one() -> None:
    words = (
        Word(1, "Good", 5000, 5300),
        Word(2, "morning.", 5350, 6400),
        Word(3, "I", 7350, 9000),
    )
    document = Document((Segment(90, words[:2]), Segment(91, words[2:])), next_id=100)
    assert [(cue.start, cue.end) for cue in derive(document, BBC)] == [(5000, 7350), (7350, 9000)]
    cues = derive(document, BBC, Film((6600,), RATE))
    assert [(cue.start, cue.end) for cue in cues] == [(5000, 6600), (6600, 9000)]
    assert found(cues, BBC, Film((6600,), RATE)) == {}


def test_cues_that_the_style_cuts_straddle_a_cut_only_where_words_are_said_over_it() -> None:
    straddling, needless = 0, 0
    for seed in range(100):
        document, film, _ = talk(seed)
        guide = BBC.at(film.rate)
        cues = derive(document, guide, film)
        for place in {place for place, rule, _ in found(cues, guide, film) if rule == OWN[2]}:
            cue = cues[place]
            shot = straddled(cue.start, cue.end, guide, film) or 0
            is_said = (cue.voice or 0) < shot < (cue.sound or 0) - HEARD_MS
            straddling += 1
            needless += not (is_said or is_read(cue, shot, guide))
    assert needless < straddling / 20  # cuts follow one another so soon


def is_read(cue: Cue, shot: int, guide: Style) -> bool:
    """Whether it takes longer than up to a cut to read a cue."""
    shorter = replace(cue, end=shot)
    return len(problems(shorter, None, None, guide)) > 0


def heard(drawn: Scene, guide: Style) -> Scene:
    """The scene in a style with these rules, most of its cues with a voice."""
    chance = random.Random(len(drawn.cues) + drawn.cues[0].start)
    cues: list[Cue] = []
    for cue in drawn.cues:
        voice = max(0, cue.start + chance.choice((0, 60, -700, 700, -2300, 1800)))
        sound = max(voice + 10, cue.end - chance.choice((0, 300, 900)))
        is_heard = chance.random() < 0.8
        cues.append(replace(cue, voice=voice, sound=sound) if is_heard else cue)
    return Scene(tuple(cues), drawn.film, guide, guide)


def after_fixes(cues: Sequence[Cue], made: Sequence[Fix]) -> list[Cue]:
    after = list(cues)
    for one in made:
        after[one.place] = one.cue
    return after


@pytest.mark.parametrize("guide", [NETFLIX, BBC, STRICT])
def test_fixes_of_what_is_heard_mend_and_leave_nothing_to_mend(guide: Style) -> None:
    gone_rules = set[str]()
    for seed in range(200):
        drawn = heard(scene(seed), guide.at(RATE) if seed % 2 else guide)
        for film in (drawn.film, None):
            made = fixes(drawn.cues, drawn.style, language="en", film=film)
            after = after_fixes(drawn.cues, made)
            then, now = (found(each, drawn.style, film) for each in (drawn.cues, after))
            gone, come = gone_and_come(then, now)
            assert not made or gone
            assert not come or come == {Severity.WARNING} != gone, seed
            assert fixes(after, drawn.style, language="en", film=film) == ()
            listed = faults(drawn.cues, drawn.style, made, film=film)
            gone_rules |= {each.rule for each in listed if each.fix}
    assert gone_rules >= {rule for rule in OWN if getattr(guide, rule)}


def test_mending_a_transcript_ends() -> None:
    for seed in range(25):
        document, film, _ = talk(seed)
        chance = random.Random(seed)
        for cue in derive(document, STRICT, film):
            if chance.random() < 0.5:
                start = max(0, cue.start + chance.choice((-600, 500)))
                hand = CueOverride(cue.first, cue.last, start, max(cue.end + 400, start + 900))
                document = edits.fix_cue(document, hand)
        before = found(derive(document, STRICT, film), STRICT, film)
        *_, last = [None, *mending(document, STRICT, film)]
        if last is not None:
            after = found(derive(last.document, STRICT, film), STRICT, film)
            assert len(after) <= len(before)
