"""Measure how windows are joined at forced cuts, and how words are given to turns by time.

Run it as a script; it writes merge.json beside itself. The peers of a seam are difflib over the
plain words, cut in the middle of the longest match, and a cut by time alone; the peer of the turns
is a sweep over words and turns. All take turns in every round, on the same seeded words.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from granite_studio.core.bytime import by_time
from granite_studio.core.document import Span
from granite_studio.core.forms import forms
from granite_studio.core.heard import HeardWord
from granite_studio.core.seams import joined

SEED = 20261121
ROUNDS = 7
VOCABULARY = (
    *("no", "no", "yes", "well", "the", "the", "a", "of", "I", "you", "know", "think", "harbour"),
    *("was", "nobody", "why", "had", "dawn", "don't", "twenty-one", "Courchesne", "and", "then"),
)
WINDOW, OVERLAP = 30_000, 2_000
WORDS, TURNS = 200_000, 20_000

Both = tuple[Sequence[HeardWord], Sequence[HeardWord]]
Way = Callable[[Sequence[HeardWord], Sequence[HeardWord], Span], Both]


def spoken(chance: random.Random, length: int) -> list[HeardWord]:
    """Words with little pause between them, every seventh said twice; times in ms."""
    said: list[HeardWord] = []
    at = 0
    while at < length:
        text = said[-1].text if said and chance.random() < 0.15 else chance.choice(VOCABULARY)
        end = at + chance.randint(90, 200) + chance.randint(20, 60) * min(len(text), 9)
        said.append(HeardWord(text, at, end))
        at = end + (chance.randint(0, 40) if chance.random() < 0.85 else chance.randint(100, 900))
    return said


def heard(chance: random.Random, said: Sequence[HeardWord], window: Span) -> list[HeardWord]:
    """The window as an engine hears it: times 40 ms off, and what an edge cuts in pieces."""
    found: list[HeardWord] = []
    reached = window.start
    for word in said:
        if word.end <= window.start or word.start >= window.end:
            continue
        text = chance.choice((word.text, word.text.capitalize(), f"{word.text},"))
        if word.end > window.end or word.start < window.start:
            half = max(1, len(word.text) // 2)
            text = word.text[:half] if word.end > window.end else word.text[-half:]
        start = min(max(word.start + round(chance.gauss(0, 40)), reached), window.end)
        reached = min(max(word.end + round(chance.gauss(0, 40)), start), window.end)
        found.append(HeardWord(text, start, reached))
    return found


def ours(before: Sequence[HeardWord], after: Sequence[HeardWord], overlap: Span) -> Both:
    return joined(before, after, overlap, language="en")


def with_difflib(before: Sequence[HeardWord], after: Sequence[HeardWord], overlap: Span) -> Both:
    tail = next((at for at, w in enumerate(before) if w.end > overlap.start), len(before))
    head = sum(word.start < overlap.end for word in after)
    one = [word.text.lower().strip(",") for word in before[tail:]]
    two = [word.text.lower().strip(",") for word in after[:head]]
    match = SequenceMatcher(None, one, two, autojunk=False).find_longest_match()
    half = match.size // 2
    return before[: tail + match.a + half], after[match.b + half :]


def by_time_alone(before: Sequence[HeardWord], after: Sequence[HeardWord], overlap: Span) -> Both:
    middle = overlap.start + overlap.end
    return (
        [word for word in before if word.start + word.end < middle],
        [word for word in after if word.start + word.end >= middle],
    )


WAYS: dict[str, Way] = {"ours": ours, "difflib": with_difflib, "time_alone": by_time_alone}


def wrong(said: Sequence[HeardWord], found: Both) -> tuple[int, int]:
    """How many words were lost, and how many are there twice or in pieces."""
    want = [form for word in said for form in forms(word.text, "en")]
    have = [form for words in found for word in words for form in forms(word.text, "en")]
    if want == have:
        return 0, 0
    codes = SequenceMatcher(None, want, have, autojunk=False).get_opcodes()
    lost = sum(i2 - i1 for kind, i1, i2, _, _ in codes if kind != "equal")
    return lost, sum(j2 - j1 for kind, _, _, j1, j2 in codes if kind != "equal")


def taken(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            times[name].append(1000 * (time.perf_counter() - begun))
    return {name: round(statistics.median(values), 2) for name, values in times.items()}


def seams() -> dict[str, Any]:
    errors = {name: [0, 0] for name in WAYS}
    count = 2000
    for seed in range(count):
        chance = random.Random(SEED + seed)
        said = spoken(chance, 16_000)
        middle = 8_000 + chance.randint(-1000, 1000)
        overlap = Span(middle - OVERLAP // 2, middle + OVERLAP // 2)
        before = heard(chance, said, Span(0, overlap.end))
        after = heard(chance, said, Span(overlap.start, 20_000))
        for name, way in WAYS.items():
            lost, doubled = wrong(said, way(before, after, overlap))
            errors[name][0] += lost
            errors[name][1] += doubled
    return {
        "seams": count,
        "overlap_ms": OVERLAP,
        "words_lost": {name: lost for name, (lost, _) in errors.items()},
        "words_doubled": {name: doubled for name, (_, doubled) in errors.items()},
        "an_hour_ms": hour(),
        "overlap_of_words_ms": {str(size): long_overlap(size) for size in (300, 1200)},
    }


def hour() -> dict[str, float]:
    """The seams of an hour, one every half minute."""
    chance = random.Random(SEED)
    said = spoken(chance, 3_600_000)
    cuts = range(WINDOW, 3_600_000, WINDOW)
    overlaps = [Span(cut - OVERLAP // 2, cut + OVERLAP // 2) for cut in cuts]
    pairs = [
        (
            heard(chance, said, Span(max(0, overlap.end - WINDOW), overlap.end)),
            heard(chance, said, Span(overlap.start, overlap.start + WINDOW)),
            overlap,
        )
        for overlap in overlaps
    ]

    def all_of(way: Way) -> Callable[[], object]:
        return lambda: [way(*pair) for pair in pairs]

    return taken({name: all_of(way) for name, way in WAYS.items()})


def long_overlap(size: int) -> dict[str, float]:
    """Two windows of so many words that overlap all over."""
    chance = random.Random(SEED)
    said = spoken(chance, size * 600)[:size]
    overlap = Span(0, said[-1].end)
    before, after = heard(chance, said, overlap), heard(chance, said, overlap)

    def act(way: Way) -> Callable[[], object]:
        return lambda: way(before, after, overlap)

    return taken({name: act(way) for name, way in WAYS.items()})


def sweep(words: Sequence[HeardWord], turns: Sequence[Span]) -> list[int]:
    """The plain way for words and turns in order: walk along both, word by word."""
    found = []
    first = 0
    for word in words:
        while first + 1 < len(turns) and turns[first].end <= word.start:
            first += 1
        best, most = first, -1 << 60
        at = first
        while at < len(turns) and (at == first or turns[at].start < word.end):
            common = min(word.end, turns[at].end) - max(word.start, turns[at].start)
            if common > most:
                best, most = at, common
            at += 1
        if first and most <= 0 and turns[first - 1].end - word.start >= most:
            best = first - 1
        found.append(best)
    return found


def voices() -> dict[str, Any]:
    chance = random.Random(SEED)
    said = spoken(chance, WORDS * 600)[:WORDS]
    each = WORDS // TURNS
    turns = []
    reached = 0
    for number in range(TURNS):
        first, last = said[number * each], said[number * each + each - 1]
        start = max(reached, first.start + chance.randint(-200, 200))
        reached = max(start, last.end + chance.randint(-200, 200))
        turns.append(Span(start, reached))
    crossed = [replace(turn, end=turn.end + 400) for turn in turns]
    times = taken(
        {
            "ours": lambda: by_time(said, turns),
            "sweep": lambda: sweep(said, turns),
            "ours_with_turns_that_overlap": lambda: by_time(said, crossed),
        }
    )
    return {
        "words": WORDS,
        "turns": TURNS,
        "ms": times,
        "ours_to_sweep": round(times["ours"] / times["sweep"], 2),
        "equal": by_time(said, turns) == sweep(said, turns),
    }


def main() -> None:
    result = {
        "command": "python resources/benchmarks/merge.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "rounds": ROUNDS,
        "seams": seams(),
        "voices": voices(),
    }
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
