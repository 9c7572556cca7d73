"""Subtitle styles: the numbers of a house guide, each with its reason in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from granite_studio.core.errors import FormatError
from granite_studio.core.style_text import (
    LONGEST_NAME,
    parsed,
    quoted,
    rule_of,
    text_of,
    written,
)
from granite_studio.core.timing import Rate

DEFAULT = "general"
SUFFIX = ".toml"
DEEPEST = 8
"""So many styles may stand on one another."""
_TEXTS = ("name", "title", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a subtitle guide asks for. Times in ms, speeds in characters a second."""

    name: str
    title: str
    source: str
    """Where the numbers come from, and how sure they are."""
    cpl: int
    """Characters in a line."""
    lines: int
    cps_warn: float
    """Faster than this is a doubt,"""
    cps_error: float
    """and faster than this a fault."""
    wide_cpl: int
    """Full-width characters in a line of Japanese, Chinese or Korean; a half-width one is half."""
    wide_cps: float
    min_ms: int
    """Shortest time a cue is shown."""
    max_ms: int
    word_ms: int
    """Least time for each word, or 0 where the guide does not count words."""
    gap_ms: int
    """Least time between two cues; of a style `at` a frame rate, that of its frames."""
    gap_frames: int
    """The same in frames, or 0 where the guide gives a time."""
    chain_ms: int
    """A gap shorter than this flickers and is closed to `gap_ms`."""
    linger_ms: int
    """How long a cue may stay after its last word so that it can be read."""
    late_ms: int
    """How long after its first word is heard a cue may begin,"""
    early_ms: int
    """and how long before it; 0 where the guide does not say."""
    pause_ms: int
    """A silence of this length always ends a cue."""
    shot_frames: int
    """How far a cue begins or ends from a cut of the film that it does not keep to, or 0 where
    the guide does not say."""
    straddle_ms: int
    """A cue that begins longer than this before a cut and ends longer than this after it straddles
    the cut; 0 where the guide allows it."""
    dash: str
    """What shows that two people speak in a cue,"""
    dashes: int
    """and before how many of them it stands: 2, or 1 for the second alone."""
    reasons: tuple[tuple[str, str], ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    """Rules whose number has a key of `style_text.MARKS`, and the key."""
    rate: Rate | None = None
    """The frames that cues begin and end with, where the style is made for a rate."""

    def at(self, rate: Rate | None) -> Style:
        """The style for a film of this frame rate; as it is where nobody knows one."""
        if rate is None:
            return self
        if not self.gap_frames:
            return replace(self, rate=rate)
        # The times of two frames, each to the nearest ms, may lie one ms nearer than they do.
        frames, seconds = rate.frames.as_integer_ratio()
        gap_ms = self.gap_frames * 1000 * seconds // frames
        told = dict(self.reasons) | {"gap_ms": self.reason("gap_frames")}
        return replace(self, gap_ms=gap_ms, reasons=tuple(told.items()), rate=rate)

    def dash_before(self, speaker: int) -> str:
        """What stands before the first line of the speaker at this place among those of a cue."""
        return self.dash if speaker or self.dashes > 1 else ""

    def gap_fault(self, ms: int) -> str:
        """The rule that a gap of so many ms between two cues breaks; empty where it is good."""
        if ms < self.gap_ms:
            return "gap_ms" if ms >= 0 else OVERLAP
        return "chain_ms" if self.flicker_ms <= ms < self.chain_ms else ""

    @property
    def knows_shots(self) -> bool:
        """Whether it has a rule for the shot changes of a film."""
        return bool(self.shot_frames or self.straddle_ms)

    @property
    def flicker_ms(self) -> int:
        """The shortest gap that is longer than it has to be: by a frame, where a rate is known.

        Frames begin between milliseconds: a gap as short as can be may seem one longer.
        """
        if self.rate is None:
            return self.gap_ms + 2
        return self.gap_ms + int(1000 / self.rate.frames)

    def reason(self, rule: str) -> str:
        """Why the guide has this number, in a sentence; empty if the style does not say."""
        return dict(self.reasons).get(rule, "")

    def mark(self, rule: str) -> str:
        """The key of `style_text.MARKS` for this number; empty if the style does not say."""
        return dict(self.marks).get(rule, "")


RULES = tuple(
    each.name for each in fields(Style) if each.name not in (*_TEXTS, "reasons", "marks", "rate")
)
"""The fields that are rules, in order."""
TITLES: Mapping[str, str] = {
    "cpl": "Characters in a line",
    "lines": "Lines",
    "cps_warn": "Comfortable speed",
    "cps_error": "Fastest speed",
    "wide_cpl": "Full-width characters in a line",
    "wide_cps": "Fastest speed, full-width",
    "min_ms": "Shortest time",
    "max_ms": "Longest time",
    "word_ms": "Time for each word",
    "gap_ms": "Least gap",
    "gap_frames": "Least gap in frames",
    "chain_ms": "Gaps that are closed",
    "linger_ms": "Time after the voice",
    "late_ms": "Latest start after the voice",
    "early_ms": "Earliest start before the voice",
    "pause_ms": "Silence that ends a cue",
    "shot_frames": "Frames beside a shot change",
    "straddle_ms": "Time on both sides of a shot change",
    "dash": "Before a speaker, where two share a cue",
    "dashes": "Before how many of them",
}
"""What the rules are called."""
OVERLAP, EMPTY = "overlap", "empty"
"""The rules of the checks that are no numbers of a style: two cues at once, one without text."""
_KINDS = {each.name: str(each.type) for each in fields(Style)}
_LATE = ("shot_frames", "gap_frames", "late_ms", "early_ms", "straddle_ms")
"""Rules that whole styles of earlier programs lack; there they are as in the general one."""
_NO_FRAMES = {"value": 0, "reason": "The gap is given as a time alone."}

Find = Callable[[str], Style]


def load_style(toml_text: str, find: Find | None = None) -> Style:
    """Read a style: name, title and source, and a table with value and reason for every rule.

    What a style with `base = "name"` leaves out is as in that one, which `find` gives (None:
    the program's own). FormatError says which line or rule is wrong.
    """
    return _made(parsed(toml_text), find or style)


def dump_style(guide: Style) -> str:
    """The style as text that `load_style` reads, complete and without a base."""
    heads = [f"{name} = {quoted(getattr(guide, name))}\n" for name in _TEXTS]
    return "".join(
        [
            *heads,
            *(
                written(rule, getattr(guide, rule), guide.reason(rule), guide.mark(rule))
                for rule in RULES
            ),
        ]
    )


def renamed(guide: Style, title: str, taken: Container[str]) -> Style:
    """The style under another title, with a name made of it that is not taken."""
    words = re.findall(r"\w+", title.casefold())
    stem = "-".join(words)[: LONGEST_NAME - 5].strip("-") or "style"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 10_000)))
    free = next(name for name in names if name not in taken)
    return replace(guide, name=free, title=" ".join(title.split()))


@cache
def style_names() -> tuple[str, ...]:
    """The styles that come with the program, the general one first."""
    folder = files("granite_studio.resources") / "styles"
    found = {
        entry.name.removesuffix(SUFFIX)
        for entry in folder.iterdir()
        if entry.name.endswith(SUFFIX)
    }
    return (DEFAULT, *sorted(found - {DEFAULT}))


@cache
def style(name: str = DEFAULT) -> Style:
    """A style that comes with the program; FormatError names those it may have been."""
    if name not in style_names():
        raise unknown_style(name, style_names())
    entry = files("granite_studio.resources") / "styles" / f"{name}{SUFFIX}"
    return load_style(entry.read_text(encoding="utf-8"))


def unknown_style(name: str, names: tuple[str, ...]) -> FormatError:
    """The sentence for a name that none of these styles has."""
    akin = [known for known in names if name and known.startswith(name)]
    near = dict.fromkeys([DEFAULT, *get_close_matches(name, names, n=4, cutoff=0.5), *akin])
    more = len(names) - len(near)
    others = f" or {more} others" if more > 0 else ""
    return FormatError(
        f"There is no subtitle style “{name}”: choose one of {', '.join(near)}{others}."
    )


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles that can be chosen: those of the program, and a person's own."""

    own: Mapping[str, Style] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    """The names of their own styles' files, by the name of the style."""
    faults: tuple[str, ...] = ()
    """A sentence for each file of theirs that is no style."""

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in style_names()

    def __iter__(self) -> Iterator[Style]:
        """The general one, then a person's own, then the others, each by title."""
        yield style()
        yield from sorted(self.own.values(), key=_by_title)
        yield from sorted(map(style, style_names()[1:]), key=_by_title)

    def get(self, name: str) -> Style:
        """The style of this name; FormatError names those it may have been."""
        if name not in self:
            raise unknown_style(name, (*style_names(), *self.own))
        return self.own.get(name) or style(name)

    def load(self, toml_text: str) -> Style:
        """Read a style that may stand on any of these. Raises as `load_style`."""
        return load_style(toml_text, self.get)


def own_styles(texts: Mapping[str, str]) -> Styles:
    """The styles in a person's files, by the names of the files. A faulty one becomes a fault and
    does not keep the others away."""
    tables: dict[str, Mapping[str, Any]] = {}
    places: dict[str, str] = {}
    faults: list[str] = []
    for file, text in sorted(texts.items()):
        try:
            table = parsed(text)
            name = _free_name(table, places)
        except FormatError as error:
            faults.append(f"“{file}” is left out. {error}")
        else:
            tables[name], places[name] = table, file
    shelf, own = _Shelf(tables), {}
    for name, file in places.items():
        try:
            own[name] = shelf.find(name)
        except FormatError as error:
            faults.append(f"“{file}” is left out. {error}")
    return Styles(own, {name: places[name] for name in own}, tuple(faults))


class _Shelf:
    """Finds a person's styles by name, each with what it stands on."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._tables = tables
        self._found: dict[str, Style] = {}
        self._open: list[str] = []

    def find(self, name: str) -> Style:
        if name in self._found:
            return self._found[name]
        if name not in self._tables:
            return style(name)
        if name in self._open:
            raise FormatError(f"The style “{name}” stands on itself: give it another base.")
        if len(self._open) == DEEPEST:
            raise FormatError(
                f"More than {DEEPEST} styles stand on one another: take “{DEFAULT}” as a base."
            )
        self._open.append(name)
        try:
            self._found[name] = _made(self._tables[name], self.find)
        finally:
            self._open.pop()
        return self._found[name]


def _by_title(guide: Style) -> tuple[str, str]:
    return guide.title.casefold(), guide.name


def _free_name(table: Mapping[str, Any], taken: Mapping[str, str]) -> str:
    name = text_of(table, "name")
    if name in style_names():
        raise FormatError(
            f"A style that comes with the program is called “{name}”: give it another name."
        )
    if name in taken:
        raise FormatError(f"“{taken[name]}” has the name “{name}” too: give it another one.")
    return name


def _made(table: Mapping[str, Any], find: Find) -> Style:
    if unknown := sorted(table.keys() - {*_TEXTS, *RULES, "base"}):
        raise FormatError(
            f"The style file has a rule “{unknown[0]}” that is not known: remove it."
        )
    base = find(text_of(table, "base")) if "base" in table else None
    if "gap_ms" in table and "gap_frames" not in table:
        table = {**table, "gap_frames": _NO_FRAMES}
    is_given = {
        name: name in table or (base is None and name not in _LATE) for name in ("source", *RULES)
    }
    values: dict[str, Any] = {"name": text_of(table, "name"), "title": text_of(table, "title")}
    values["source"] = text_of(table, "source") if is_given["source"] else base and base.source
    reasons, marks = list[tuple[str, str]](), list[tuple[str, str]]()
    for rule in RULES:
        if is_given[rule]:
            values[rule], reason, mark = rule_of(table, rule, _KINDS[rule])
        else:
            below = base or style()
            values[rule], reason, mark = getattr(below, rule), below.reason(rule), below.mark(rule)
        reasons.append((rule, reason))
        marks += [(rule, mark)] if mark else []
    made = Style(**values, reasons=tuple(reasons), marks=tuple(marks))
    for low, high in (("min_ms", "max_ms"), ("cps_warn", "cps_error")):
        if values[low] > values[high]:
            raise FormatError(
                f"In the style “{made.title}” a lower limit lies above the upper one: "
                f"“{TITLES[low]}” is {values[low]:g}, “{TITLES[high]}” {values[high]:g}."
            )
    return made
