"""When each word of a text was said: forced alignment on the encoder's character probabilities."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from granite_studio.engines.base import Emissions, TimedWord
from granite_studio.engines.granite.trellis import Chain, cheapest

_NAT = 16  # levels are sixteenths of a nat, and so is every cost here
_SPLIT = _NAT
"""A space that was heard inside a word."""
_STRAY = 4 * _NAT
"""A letter that was heard between two words and belongs to neither."""
_STRAY_INSIDE = 6 * _NAT
"""A letter too many inside a word: "Mr" is heard as "mister"."""
_ANY = _NAT // 2
"""A letter where the text has something that letters cannot spell, as "112"."""
_ANY_MISSING = 6 * _NAT
"""No letter there."""
_EVEN_CHANCE = 11
"""The level of a probability of one half."""
_WORST = 255
_MOST_CELLS = 1 << 31

_LATIN = 256
"""Classes from here on are no Latin letters: the models spell Japanese with them."""
_BARE = dict(zip("ßæœøðþłđ\u0131", "saoodtldi", strict=True))
"""Letters that have no accent to take away, and what else may be heard for them."""
_SPOKEN = frozenset("&%@#+=")

_TRAIL = 7
"""Frames by which a word lasts beyond the peak of its last letter, if none begins sooner. Peaks of
CTC come early in their sounds: that of a word's first letter about at the word's beginning."""
_SYMBOL_S = 0.1

# What may be heard behind a letter, and columns of the table of costs.
_TIGHT, _LOOSE, _WIDE, _BODY, _ANYTHING, _LETTERS = range(6)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A letter, as the classes that may stand for it, or with none, any letter at all."""

    classes: tuple[int, ...]
    behind: int = _TIGHT


@dataclass(frozen=True, slots=True)
class _Run:
    """One word that can be heard, or several neighbours of which no letter can be spelled.

    `words` holds their numbers and lengths as written.
    """

    words: tuple[tuple[int, int], ...]
    units: tuple[_Unit, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word lies, in frames."""

    start: float
    end: float
    confidence: float | None = None
    estimated: bool = True


def align(words: Sequence[str], emissions: Emissions) -> tuple[TimedWord, ...]:
    """One `TimedWord` for each word of a text, at its times in the window.

    The words are as shown, with case, punctuation and digits. The likeliest way to spell them in
    this order over the frames is found by Viterbi's algorithm over the states of CTC (Graves 2006;
    Kürzinger 2020, arXiv 2007.09127). Letters match in either case, with or without accents;
    punctuation and spaces may be heard or not. A number, or writing that the head does not spell,
    takes what was said between its neighbours; letters of no word are passed over at a cost.

    Times are in order and within the frames. `confidence` is the geometric mean of the letters'
    probabilities, None where there are none to ask. `estimated` marks words that the letters do
    not show. A text with more letters than there are frames is laid out evenly, and so is one
    with more than a thousand million frames times letters (an hour in one window). 30,000 frames
    with 3,000 letters take 90 MB.
    """
    return align_all([(words, emissions)])[0]


def align_all(
    texts: Sequence[tuple[Sequence[str], Emissions]],
) -> tuple[tuple[TimedWord, ...], ...]:
    """`align` for many windows at once, which takes a third of the time."""
    runs = [_runs(words, emissions.levels.shape[1]) for words, emissions in texts]
    chains = [
        _chain(found, emissions.levels) for found, (_, emissions) in zip(runs, texts, strict=True)
    ]
    ways = iter(cheapest([chain for chain in chains if chain]))
    aligned = []
    for found, chain, (words, emissions) in zip(runs, chains, texts, strict=True):
        way = next(ways) if chain else None
        if chain is None or way is None:
            aligned.append(_laid_out(words, emissions))
            continue
        costs = chain.costs[np.arange(len(way)), chain.kinds[way]]
        places = _between(dict(_places(found, way, costs)), len(words), emissions.frame_s)
        aligned.append(_timed(words, places, emissions))
    return tuple(aligned)


def spelled(emissions: Emissions) -> str:
    """What the letters alone say: the likeliest class of each frame, repeats and blanks left out.

    Classes that are no Latin letters are left out too.
    """
    best = emissions.levels.argmin(axis=1)
    return " ".join("".join(chr(kind) for kind, _ in groupby(best) if 0 < kind < _LATIN).split())


def _runs(words: Sequence[str], classes: int) -> list[_Run]:
    """The words that can be heard. Those without anything to hear (a dash) are left out."""
    runs: list[_Run] = []
    for number, word in enumerate(words):
        units = _spelling(word, classes)
        here = ((number, len(word)),)
        if not units:
            continue
        if runs and not any(unit.classes for unit in (*units, *runs[-1].units)):
            # Where one unknown ends and the next begins, nobody can hear.
            runs[-1] = replace(runs[-1], words=runs[-1].words + here)
        else:
            runs.append(_Run(here, (*units[:-1], replace(units[-1], behind=_WIDE))))
    return runs


@lru_cache(maxsize=8192)
def _spelling(word: str, classes: int) -> tuple[_Unit, ...]:
    """The letters of a word as it is shown. Digits and strange letters become any two or more."""
    units: list[_Unit] = []
    for char in unicodedata.normalize("NFKC", word.lower()):
        kind = unicodedata.category(char)
        if kind[0] == "M":
            continue
        # Lm has the apostrophe of some languages.
        if (kind[0] in "LN" and kind != "Lm") or kind == "Sc" or char in _SPOKEN:
            found = _classes(char, classes) if kind[0] == "L" else ()
            if found:
                units.append(_Unit(found))
            elif not units or units[-1].classes:
                units += _Unit((), behind=_BODY), _Unit(())
        elif units:
            units[-1] = replace(units[-1], behind=_LOOSE)
    return tuple(units)


def _classes(letter: str, count: int) -> tuple[int, ...]:
    """The classes that may stand for a letter: in either case, with and without accents."""
    alike = _alike().get(_bare(letter), ())
    return tuple(number for number in alike if number < count)


@cache
def _alike() -> dict[str, tuple[int, ...]]:
    numbers = sorted(filter(str.isalpha, map(chr, range(_LATIN))), key=_bare)
    return {bare: tuple(map(ord, group)) for bare, group in groupby(numbers, key=_bare)}


def _bare(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter.lower())[0]
    return _BARE.get(plain, plain)


def _chain(runs: Sequence[_Run], levels: NDArray[np.uint8]) -> Chain | None:
    """The states of a text and what they cost in each frame; None if it can only be laid out."""
    units = [unit for run in runs for unit in run.units]
    if not units or not len(units) <= len(levels) <= _MOST_CELLS // (2 * len(units) + 1):
        return None
    costs, kinds = _costs(levels, units)
    bound = [one.classes == two.classes != () for one, two in pairwise(units)]
    return Chain(costs, kinds, np.array([False, *bound], np.bool_))


def _costs(
    levels: NDArray[np.uint8], units: Sequence[_Unit]
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """What each kind of state costs in each frame, and the kinds of the states in their order."""
    kinds = range(1, min(levels.shape[1], _LATIN))
    signs = [n for n in kinds if not chr(n).isalnum()]
    letters = sorted(set(range(1, levels.shape[1])) - set(signs))

    def least(of: Sequence[int]) -> NDArray[np.int32]:
        lowest: NDArray[np.int32] = levels[:, of].min(axis=1, initial=_WORST).astype(np.int32)
        return lowest

    letter, sign = least(letters), least([0, *signs])
    space = least([n for n in signs if chr(n) == " "])
    spellings = dict.fromkeys(unit.classes for unit in units if unit.classes)
    named = {classes: at for at, classes in enumerate(spellings)}
    table = np.empty((len(levels), _LETTERS + len(named)), np.int32)
    table[:, _TIGHT] = np.minimum(levels[:, 0], space + _SPLIT)
    table[:, _TIGHT] = np.minimum(table[:, _TIGHT], letter + _STRAY_INSIDE)
    table[:, _LOOSE] = np.minimum(sign, letter + _STRAY_INSIDE)
    table[:, _WIDE] = np.minimum(sign, letter + _STRAY)
    table[:, _BODY] = np.minimum(sign, letter + _ANY)
    table[:, _ANYTHING] = np.minimum(letter + _ANY, _ANY_MISSING)
    for classes, at in named.items():
        table[:, _LETTERS + at] = least(classes)

    columns = np.empty(2 * len(units) + 1, np.intp)
    columns[0] = _WIDE
    columns[1::2] = [_LETTERS + named[u.classes] if u.classes else _ANYTHING for u in units]
    columns[2::2] = [unit.behind for unit in units]
    return table, columns


def _places(
    runs: Sequence[_Run], path: NDArray[np.intp], costs: NDArray[np.int32]
) -> Iterator[tuple[int, _Place]]:
    """The number and the place of every word that can be heard."""
    frames = len(path)
    counts = [0, *accumulate(len(run.units) for run in runs)]
    first = np.searchsorted(path, [2 * at + 1 for at in counts[:-1]], "left")
    behind = np.searchsorted(path, [2 * at - 1 for at in counts[1:]], "right")
    spelled_out = np.array([bool(unit.classes) for run in runs for unit in run.units])
    letter = (path % 2 == 1) & spelled_out[np.minimum(path // 2, len(spelled_out) - 1)]

    stops = np.minimum(behind + _TRAIL, [*first[1:], frames])
    for run, start, end, stop in zip(runs, first, behind, stops, strict=True):
        heard = costs[start:end][letter[start:end]]
        confidence = float(np.exp(-heard.mean() / _NAT)) if len(heard) else None
        estimated = not all(unit.classes for unit in run.units)
        sizes = [0, *accumulate(length for _, length in run.words)]
        at = [start + (stop - start) * size / sizes[-1] for size in sizes]
        for (number, _), (one, two) in zip(run.words, pairwise(at), strict=True):
            yield number, _Place(one, two, confidence, estimated)


def _between(places: Mapping[int, _Place], count: int, frame_s: float) -> list[_Place]:
    """All words' places: what cannot be heard comes right behind the word before it."""
    found = dict(places)
    for before, after in pairwise([-1, *sorted(places), count]):
        missing = range(before + 1, after)
        if missing:
            start = places[before].end if before >= 0 else places[after].start
            stop = places[after].start if after < count else start
            step = min(_SYMBOL_S / frame_s, (stop - start) / len(missing))
            for number in missing:
                found[number] = _Place(start, start + step)
                start += step
    return [found[number] for number in range(count)]


def _laid_out(words: Sequence[str], emissions: Emissions) -> tuple[TimedWord, ...]:
    """The words evenly over the frames in which anything was heard, by their lengths."""
    heard = np.flatnonzero(emissions.levels[:, 0] > _EVEN_CHANCE)
    start, stop = (heard[0], heard[-1] + 1) if len(heard) else (0, len(emissions.levels))
    sizes = [0, *accumulate(max(len(word), 1) for word in words)]
    at = [start + (stop - start) * size / sizes[-1] for size in sizes] if words else []
    return _timed(words, [_Place(one, two) for one, two in pairwise(at)], emissions)


def _timed(
    words: Sequence[str], places: Sequence[_Place], emissions: Emissions
) -> tuple[TimedWord, ...]:
    return tuple(
        TimedWord(
            word,
            float(place.start) * emissions.frame_s,
            float(place.end) * emissions.frame_s,
            place.confidence,
            place.estimated,
        )
        for word, place in zip(words, places, strict=True)
    )
