"""How far what was heard is from what was said."""

from __future__ import annotations

from collections.abc import Iterable


def distance(said: list[str], heard: list[str]) -> int:
    """The fewest insertions, deletions and replacements that turn one list into the other."""
    row = list(range(len(heard) + 1))
    for i, left in enumerate(said, start=1):
        corner, row[0] = row[0], i
        for j, right in enumerate(heard, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (left != right))
    return row[-1]


def word_error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Errors by words said, over all pairs of said and heard."""
    errors = words = 0
    for said, heard in pairs:
        errors += distance(said.split(), heard.split())
        words += len(said.split())
    return errors / max(1, words)
