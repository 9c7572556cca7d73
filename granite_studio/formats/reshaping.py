"""What becomes of the times and lines of cues in formats with a screen and clock of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from granite_studio.formats.base import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cue's times as it is asked for, and as it is shown by one screen or several, all in ms.

    `is_merged` says that it shares its screens with other cues, `is_wrapped` that its lines are
    broken anew, `is_parted` that a change of look puts a blank into a word.
    """

    asked: tuple[int, int]
    screens: Sequence[tuple[int, int]]
    is_merged: bool = False
    is_wrapped: bool = False
    is_parted: bool = False


_PARTED = "(a change of look within a word shows as a blank)"


def parts(shown: Iterable[Shown], frame_ms: float) -> Iterator[Part]:
    """What differs from what was asked for. Times count that are off by more than a frame."""
    starts, early, late = list[int](), list[int](), list[int]()
    wrapped = split = merged = parted = unseen = 0
    for each in shown:
        if not each.screens:
            unseen += 1
            continue
        start, end = each.screens[0][0] - each.asked[0], each.screens[-1][1] - each.asked[1]
        if start > frame_ms:
            starts.append(start)
        if end < -frame_ms:
            early.append(-end)
        if end > frame_ms:
            late.append(end)
        wrapped += each.is_wrapped
        parted += each.is_parted
        split += len(each.screens) > 1 and not each.is_merged
        merged += each.is_merged
    yield _moved(starts, "start", "later")
    yield _moved(early, "end", "earlier")
    yield _moved(late, "end", "later")
    yield merged, "cue of its own (merged with another)", "cues of their own (merged with others)"
    yield split, "cue in one piece (it is split)", "cues in one piece (they are split)"
    yield wrapped, "cue's lines (wrapped anew)", "cues' lines (wrapped anew)"
    yield parted, f"cue's word {_PARTED}", f"cues' words {_PARTED}"
    yield unseen, "cue without text", "cues without text"


def _moved(by: Sequence[int], what: str, way: str) -> Part:
    most = f"{max(by, default=0) / 1000:.2f} s {way}"
    return len(by), f"cue's {what} ({most})", f"cues' {what}s (up to {most})"
