"""Random films: cues that a person made, some well and some badly, and cuts of the picture."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from granite_studio.core.checks import Problem, Severity, problems
from granite_studio.core.cues import Cue
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.shots import AWAY, Film
from granite_studio.core.styles import Style, style, style_names
from granite_studio.core.timing import RATES

_WORDS = (
    *("I", "the", "a", "went", "to", "school", "because", "yesterday,", "extraordinarily"),
    *("fast.", "He", "said:", "nothing,", "responsibilities", "came", "immediately.", "Oh"),
    *("世界", "きょうは", "いい天気です。", "and", "we", "never", "looked", "back."),
)
_RATES = tuple(rate for rate in RATES.values() if not rate.drop)
_STYLES = tuple(name for name in style_names() if style(name).shot_frames)


@dataclass(frozen=True)
class Scene:
    """A few cues by a style, and the cuts of their film."""

    cues: tuple[Cue, ...]
    film: Film
    style: Style
    judge: Style
    """The style with a rule for shot changes where it has none."""


def scene(seed: int) -> Scene:
    """One of cues by hand; every third style has a rule for shot changes."""
    chance = random.Random(seed)
    guide = style(chance.choice(_STYLES if chance.random() < 0.5 else style_names()))
    film = Film(_cuts(chance, 30_000), chance.choice(_RATES))
    cues: list[Cue] = []
    at = chance.randrange(3000)
    for number in range(chance.randint(1, 7)):
        lines = tuple(
            " ".join(chance.choices(_WORDS, k=chance.randint(1, 8)))
            for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))
        )
        length = chance.choice((chance.randint(-50, 900), chance.randint(700, 4500), 8000))
        cues.append(Cue(number, number, at, at + length, lines, fixed=chance.random() < 0.8))
        gap = (83, guide.gap_ms, chance.randint(-300, 600), chance.randint(0, 3000))
        at = max(0, at + length + chance.choice(gap))
    return Scene(tuple(cues), film, guide, judged(guide))


def talk(seed: int) -> tuple[Document, Film, Style]:
    """Words that are not cut yet, in a style with a rule for shot changes."""
    chance = random.Random(seed)
    words: list[Word] = []
    at = chance.randrange(2000)
    for number in range(1, chance.randint(2, 60)):
        text = chance.choice(_WORDS[:17])
        end = at + len(text) * chance.choice((20, 50, 50, 70)) + 40
        words.append(Word(number, text, at, end))
        at = end + chance.choice((0, 20, 60, 200, 500, 900, 1500))
    rows = [words[first : first + 15] for first in range(0, len(words), 15)]
    segments = tuple(Segment(1000 + n, tuple(row), n % 2) for n, row in enumerate(rows))
    film = Film(_cuts(chance, at), chance.choice(_RATES))
    return Document(segments, next_id=2000), film, style(chance.choice(_STYLES))


def judged(guide: Style) -> Style:
    return guide if guide.knows_shots else replace(guide, shot_frames=AWAY)


def found(
    cues: Sequence[Cue], guide: Style, film: Film | None
) -> dict[tuple[int, str, bool], Problem]:
    """All that is wrong, by the place of the cue and what tells its problems apart."""
    beside = zip([None, *cues], cues, [*cues[1:], None], strict=False)
    return {
        (place, *problem.key): problem
        for place, (before, cue, after) in enumerate(beside)
        if cue is not None
        for problem in problems(cue, before, after, guide, film=film)
    }


def gone_and_come(
    before: dict[tuple[int, str, bool], Problem], after: dict[tuple[int, str, bool], Problem]
) -> tuple[set[Severity], set[Severity]]:
    """How bad the findings are that are there no more, and those that were not there."""
    gone = {before[key].severity for key in before.keys() - after.keys()}
    return gone, {after[key].severity for key in after.keys() - before.keys()}


def _cuts(chance: random.Random, length: int) -> tuple[int, ...]:
    most = chance.choice((600, 1500, 4000))
    apart = (chance.randint(40, most) for _ in range(length // (most // 2) + 1))
    return tuple(accumulate(apart))
