"""How good a set of cues is by a style: its figures, and what breaks a rule, the worst first."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from granite_studio.core.checks import Checker, Severity, problems
from granite_studio.core.cues import Cue, cps
from granite_studio.core.fixing import Fix
from granite_studio.core.measure import is_wide, lengths
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style

_PARTS = 8
_LONG_GAPS = (1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule of one cue, counted from 1, and what would mend the cue."""

    cue: int
    at: Cue
    rule: str
    severity: Severity
    message: str
    excess: float
    """As in `core.checks.Problem`."""
    fix: str


@dataclass(frozen=True, slots=True)
class Bar:
    """So many cues have a figure in this range; `is_bad` where a rule is broken by all of them.

    None stands for a range without an end.
    """

    low: float | None
    high: float | None
    count: int
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure ("cps", "cpl", "duration" in ms, "gap" in ms) is spread over the cues."""

    figure: str
    least: float
    median: float
    high: float
    """Nineteen in twenty are no higher."""
    most: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that some cues break, with the style's reason, and how they do, the worst first."""

    rule: str
    severity: Severity
    reason: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What there is to say about a set of cues by a style; `shown_ms` is all their time."""

    style: Style
    cues: int
    shown_ms: int
    clean: int
    """Cues that break no rule."""
    spreads: tuple[Spread, ...]
    broken: tuple[Broken, ...]
    """Errors first, then by how many cues break them."""

    @property
    def errors(self) -> int:
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        return self._count(Severity.WARNING)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All of them, rule by rule."""
        return tuple(fault for each in self.broken for fault in each.faults)

    def _count(self, severity: Severity) -> int:
        return sum(len(each.faults) for each in self.broken if each.severity is severity)


def faults(
    cues: Sequence[Cue], style: Style, made: Iterable[Fix] = (), *, film: Film | None = None
) -> tuple[Fault, ...]:
    """All that breaks the style, in the order of the cues, errors of a cue first; `made` are the
    fixes of these cues, and `film` has the cuts that they should keep to. A fault has the fix that
    mends it, its own cue's before that of the one beside."""
    ways = {fix.place: fix for fix in made}
    after = [ways[place].cue if place in ways else cue for place, cue in enumerate(cues)]
    places = {id(cue): place for place, cue in enumerate(cues)}

    def left(place: int) -> set[tuple[str, bool]]:
        before = after[place - 1] if place else None
        behind = after[place + 1] if place + 1 < len(after) else None
        return {each.key for each in problems(after[place], before, behind, style, film=film)}

    told: list[Fault] = []
    for cue, broken in Checker(style, film).check(cues):
        place = places[id(cue)]
        near = [ways[other] for other in (place, place - 1, place + 1) if other in ways]
        unmended = left(place) if near else set()
        for problem in broken:
            way = _told(near[0], place) if near and problem.key not in unmended else ""
            what = problem.rule, problem.severity, problem.message, problem.excess
            told.append(Fault(place + 1, cue, *what, way))
    return tuple(told)


def quality(cues: Sequence[Cue], style: Style, found: Sequence[Fault]) -> Quality:
    """The report on these cues, in which the style `found` these faults."""
    return Quality(
        style,
        len(cues),
        sum(max(0, cue.end - cue.start) for cue in cues),
        len(cues) - len({fault.cue for fault in found}),
        _spreads(cues, style),
        _broken(found, style),
    )


def _told(fix: Fix, place: int) -> str:
    """What a fix does, seen from the cue at a place."""
    return fix.message if fix.place == place else f"Cue {fix.place + 1}: {fix.message}"


def _broken(found: Sequence[Fault], style: Style) -> tuple[Broken, ...]:
    counts = Counter((fault.rule, fault.severity) for fault in found)
    groups = [
        Broken(rule, severity, style.reason(rule), _worst_first(found, rule))
        for rule, severity in counts
    ]
    return tuple(
        sorted(groups, key=lambda each: (each.severity is Severity.WARNING, -len(each.faults)))
    )


def _worst_first(found: Sequence[Fault], rule: str) -> tuple[Fault, ...]:
    own = (fault for fault in found if fault.rule == rule)
    return tuple(sorted(own, key=lambda fault: (-fault.excess, fault.cue)))


def _spreads(cues: Sequence[Cue], style: Style) -> tuple[Spread, ...]:
    if not cues:
        return ()
    in_wide = 2 * sum(is_wide(cue.text) for cue in cues) > len(cues)
    fastest = style.wide_cps if in_wide else style.cps_error
    longest = style.wide_cpl if in_wide else style.cpl
    speeds = sorted(map(cps, cues))
    lines = sorted(max(lengths(cue.lines), default=0) for cue in cues)
    times = sorted(cue.end - cue.start for cue in cues)
    gaps = sorted(after.start - before.end for before, after in pairwise(cues))
    made = [
        _spread("cps", speeds, _within(speeds, 0, fastest)),
        _spread("cpl", lines, _within(lines, 0, longest)),
        _spread("duration", times, _within(times, style.min_ms, style.max_ms)),
    ]
    return (*made, _spread("gap", gaps, _gaps(gaps, style))) if gaps else tuple(made)


def _spread(figure: str, values: Sequence[float], bars: tuple[Bar, ...]) -> Spread:
    """Of values in order, at least one."""
    last = len(values) - 1
    median, high = values[last // 2], values[last * 19 // 20]
    return Spread(figure, values[0], median, high, values[-1], bars)


def _within(values: Sequence[float], low: float, high: float) -> tuple[Bar, ...]:
    """Equal parts of what is allowed, and what lies below it and above."""
    edges = [low + part * (high - low) / _PARTS for part in range(1, _PARTS)]
    inside = Counter(bisect_right(edges, value) for value in values if low <= value <= high)
    inner = (
        Bar(start, end, inside[part], False)
        for part, (start, end) in enumerate(pairwise([low, *edges, high]))
    )
    below = (Bar(None, low, sum(value < low for value in values), True),) if low else ()
    return (*below, *inner, Bar(high, None, sum(value > high for value in values), True))


def _gaps(values: Sequence[float], style: Style) -> tuple[Bar, ...]:
    """Overlaps, too little, as little as may be, flicker, and longer gaps."""
    least = style.gap_ms
    near = style.flicker_ms
    edges = sorted({0, least, near, max(style.chain_ms, near), *_LONG_GAPS})
    counts = Counter(bisect_right(edges, value) for value in values)
    bars = [Bar(None, 0, counts[0], True)]
    for place, (low, high) in enumerate(pairwise(edges), start=1):
        is_bad = high <= least or (low > least and high <= style.chain_ms)
        bars.append(Bar(low, high, counts[place], is_bad))
    return (*bars, Bar(edges[-1], None, counts[len(edges)], False))
