"""What breaks a subtitle style, said in plain words with the style's own reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, inf

from granite_studio.core.cues import Cue, cps
from granite_studio.core.document import alike
from granite_studio.core.measure import is_wide, lengths, line_limit, speed_limits
from granite_studio.core.shots import OUT, Film
from granite_studio.core.standing import start_fault, straddled
from granite_studio.core.styles import EMPTY, OVERLAP, Style

_DASH = re.compile(r"[-\u2010\u2013\u2014] ?(?=\S)")


class Severity(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule of a style that a cue breaks: the rule's name, a plain sentence or two, how bad."""

    rule: str
    message: str
    severity: Severity
    excess: float = field(default=0.0, compare=False)
    """How far beyond its number: 1.0 is twice as much, or nothing where something is needed."""
    at_end: bool = field(default=False, compare=False)
    """Whether it is the end of the cue that is wrong, of a rule that a start can break too."""

    @property
    def key(self) -> tuple[str, bool]:
        """What tells it from all others of one cue, whatever its figures are."""
        return self.rule, self.at_end


def problems(
    cue: Cue,
    previous: Cue | None,
    following: Cue | None,
    style: Style,
    *,
    film: Film | None = None,
) -> tuple[Problem, ...]:
    """All that is wrong with a cue between its neighbours, faults before doubts; also how it
    stands to the cuts of its `film`, where they are known."""
    if not cue.text.strip():
        what = "There is no text: write what is said, or delete it."
        return (Problem(EMPTY, what, Severity.ERROR),)
    found = [
        *_layout(cue, style),
        *_dashes(cue, style),
        *_speed(cue, style),
        *_duration(cue, style),
        *_lingering(cue, following, style, film),
        *_neighbours(cue, previous, following, style),
        *_in_time(cue, previous, style, film),
        *(_cuts(cue, film, style) if film and style.shot_frames else ()),
        *(_straddling(cue, film, style) if film else ()),
    ]
    return tuple(sorted(found, key=lambda problem: problem.severity is Severity.WARNING))


class Checker:
    """Judges the cues of one document after another, and of each only what changed."""

    def __init__(self, style: Style, film: Film | None = None) -> None:
        self.style = style
        self.film = film
        self._cues: Sequence[Cue] = ()
        self._found: list[tuple[Problem, ...]] = []
        self._under: _Judging | None = None

    def prepare(self, cues: Sequence[Cue], *, count: float) -> bool:
        """Do part of the work for `check`, so many cues; whether that was the last."""
        if self._under is None or self._under.cues is not cues:
            head, tail = alike(self._cues, cues)
            # A cue is judged between its neighbours, so theirs are judged with the changed ones.
            self._under = _Judging(cues, max(head - 1, 0), max(tail - 1, 0))
        under = self._under
        reached, behind = under.first + len(under.found), len(cues) - under.kept
        under.found += [
            problems(cues[place], *_beside(cues, place), self.style, film=self.film)
            for place in range(reached, int(min(reached + count, behind)))
        ]
        return under.first + len(under.found) >= behind

    def check(self, cues: Sequence[Cue]) -> list[tuple[Cue, tuple[Problem, ...]]]:
        """Every cue with something wrong, and what."""
        self.prepare(cues, count=inf)
        assert self._under
        self._found[self._under.first : len(self._cues) - self._under.kept] = self._under.found
        self._cues, self._under = cues, None
        return [(cue, found) for cue, found in zip(cues, self._found, strict=True) if found]


@dataclass(slots=True)
class _Judging:
    """Cues that are being judged from the one at `first` up to the last `kept`, and what was found
    so far."""

    cues: Sequence[Cue]
    first: int
    kept: int
    found: list[tuple[Problem, ...]] = field(default_factory=list)


def _beside(cues: Sequence[Cue], place: int) -> tuple[Cue | None, Cue | None]:
    before = cues[place - 1] if place else None
    return before, cues[place + 1] if place + 1 < len(cues) else None


def _problem(
    rule: str,
    what: str,
    style: Style,
    figures: tuple[float, float],
    severity: Severity = Severity.ERROR,
    *,
    at_end: bool = False,
) -> Problem:
    """`figures` are what was found and what is allowed or needed."""
    found, number = figures
    excess = abs(found - number) / max(number, 1)
    return Problem(rule, f"{what} {style.reason(rule)}".rstrip(), severity, excess, at_end)


def _layout(cue: Cue, style: Style) -> Iterator[Problem]:
    if len(cue.lines) > style.lines:
        what = f"{len(cue.lines)} lines, {style.lines} allowed."
        yield _problem("lines", what, style, (len(cue.lines), style.lines))
    wide = is_wide(cue.text)
    limit = line_limit(style, wide=wide)
    longest = max(lengths(cue.lines), default=0)
    if longest > limit:
        rule = "wide_cpl" if wide else "cpl"
        what = f"A line of {longest:g} characters, {limit} allowed."
        yield _problem(rule, what, style, (longest, limit))


def are_dashed(lines: Sequence[str]) -> bool:
    """Whether each of two lines is somebody else's, by the dashes before them."""
    return len(lines) == 2 and all(map(_DASH.match, lines))


def dashed(lines: tuple[str, ...], style: Style) -> tuple[str, ...]:
    """Two people's lines with the dashes of the style; others as they are."""
    if not style.dash or not are_dashed(lines):
        return lines
    return tuple(
        style.dash_before(place) + _DASH.sub("", line, count=1) for place, line in enumerate(lines)
    )


def _dashes(cue: Cue, style: Style) -> Iterator[Problem]:
    if dashed(cue.lines, style) != cue.lines:
        what = f"Before the second speaker stands “{style.dash}”"
        what = f"{what}, and nothing before the first." if style.dashes == 1 else f"{what}."
        yield _problem("dash", what, style, (0, 0), Severity.WARNING)


def _speed(cue: Cue, style: Style) -> Iterator[Problem]:
    wide = is_wide(cue.text)
    warn, error = speed_limits(style, wide=wide)
    speed = cps(cue)
    if speed > error:
        rule = "wide_cps" if wide else "cps_error"
        what = f"{_above(speed, error)} characters a second, {error:g} allowed."
        if cue.end <= cue.start:
            what = "No time to read it."
        yield _problem(rule, what, style, (speed, error))
    elif speed > warn:
        what = f"{_above(speed, warn)} characters a second, more than {warn:g}."
        yield _problem("cps_warn", what, style, (speed, warn), Severity.WARNING)


def _duration(cue: Cue, style: Style) -> Iterator[Problem]:
    ms = cue.end - cue.start
    if ms < max(style.min_ms, 1):
        what = f"Shown for {_seconds(ms)}, {_seconds(style.min_ms)} needed."
        if ms <= 0:
            what = "Ends before it begins." if ms else "Ends as it begins."
        yield _problem("min_ms", what, style, (ms, style.min_ms))
    if ms > style.max_ms:
        what = f"Shown for {_seconds(ms)}, {_seconds(style.max_ms)} allowed."
        yield _problem("max_ms", what, style, (ms, style.max_ms), Severity.WARNING)
    words = len(cue.text.split())
    needed = style.word_ms * words
    if style.min_ms <= ms < needed:
        what = f"{words} words in {_seconds(ms)}, {_seconds(needed)} needed."
        yield _problem("word_ms", what, style, (ms, needed), Severity.WARNING)


def _lingering(
    cue: Cue, following: Cue | None, style: Style, film: Film | None
) -> Iterator[Problem]:
    """Whether a cue is there longer after the voice than it takes to see it or to reach the next
    one, from which a flicker would part it; cuts of a film move both its edges."""
    if cue.sound is None or not style.linger_ms:
        return
    needed = max(style.min_ms, style.word_ms * len(cue.text.split()))
    latest = max(cue.sound + style.linger_ms, cue.start + needed)
    if rate := film.rate if film else style.rate:
        latest += ceil(max(1, 3 * style.shot_frames if film else 1) * 1000 / rate.frames)
    if following and following.start - latest < style.chain_ms:
        latest = max(latest, following.start)
    if cue.end > latest:
        after = cue.end - cue.sound
        what = f"There for {_seconds(after)} after the voice, {_seconds(style.linger_ms)} allowed."
        yield _problem("linger_ms", what, style, (after, style.linger_ms), Severity.WARNING)


def _in_time(cue: Cue, previous: Cue | None, style: Style, film: Film | None) -> Iterator[Problem]:
    """Whether a cue comes with its first word, or as soon as the one in front can go."""
    if cue.voice is None or not (rule := start_fault(cue, cue.start, previous, style, film)):
        return
    ms, allowed = abs(cue.start - cue.voice), getattr(style, rule)
    beside = "after" if rule == "late_ms" else "before"
    what = f"Begins {_seconds(ms)} {beside} its first word, {_seconds(allowed)} allowed."
    yield _problem(rule, what, style, (ms, allowed), Severity.WARNING)


def _neighbours(
    cue: Cue, previous: Cue | None, following: Cue | None, style: Style
) -> Iterator[Problem]:
    if previous and previous.end > cue.start:
        what = f"Begins {_seconds(previous.end - cue.start)} before the one in front has gone."
        yield Problem(OVERLAP, what, Severity.ERROR, (previous.end - cue.start) / 1000)
    if following is None:
        return
    gap = following.start - cue.end
    rule = style.gap_fault(gap)
    if rule == OVERLAP:
        what = f"Still there {_seconds(-gap)} after the next one has come."
        yield Problem(OVERLAP, what, Severity.ERROR, -gap / 1000, at_end=True)
    elif rule == "gap_ms":
        what = f"Only {gap} ms up to the next one, {style.gap_ms} ms needed."
        yield _problem(rule, what, style, (gap, style.gap_ms), Severity.WARNING)
    elif rule:
        what = f"A gap of {gap} ms up to the next one."
        yield _problem(rule, what, style, (gap, style.chain_ms), Severity.WARNING)


def _cuts(cue: Cue, film: Film, style: Style) -> Iterator[Problem]:
    rule, away = "shot_frames", style.shot_frames
    if found := film.starts(cue.start, style):
        what = f"Begins {_beside_cut(found[0])}."
        yield _problem(rule, what, style, (abs(found[0]), away), Severity.WARNING)
    if found := film.ends(cue.end, style):
        what = f"Ends {_beside_cut(found[0])}, not {OUT} before it."
        figures = abs(found[0]), away
        yield _problem(rule, what, style, figures, Severity.WARNING, at_end=True)


def _straddling(cue: Cue, film: Film, style: Style) -> Iterator[Problem]:
    shot = straddled(cue.start, cue.end, style, film)
    if shot is not None:
        begun, left = shot - cue.start, cue.end - shot
        what = f"Begins {_seconds(begun)} before a shot change and ends {_seconds(left)} after it."
        figures = min(begun, left), style.straddle_ms
        yield _problem("straddle_ms", what, style, figures, Severity.WARNING)


def _beside_cut(ahead: int) -> str:
    if not ahead:
        return "with a shot change"
    count = f"{abs(ahead)} frame{'s' if abs(ahead) > 1 else ''}"
    return f"{count} {'before' if ahead > 0 else 'after'} a shot change"


def _above(figure: float, limit: float) -> str:
    """A figure that is beyond a limit, with as many digits as show that it is."""
    digits = next((digits for digits in (1, 2, 3) if round(figure, digits) > limit), 4)
    return f"{figure:.{digits}f}"


def _seconds(ms: int) -> str:
    digits = next((digits for digits, step in ((1, 100), (2, 10)) if ms % step == 0), 3)
    return f"{ms / 1000:.{digits}f} s"
