"""What happened to the paragraphs of a text that came back, told one by one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from granite_studio.core.roundtrip.naming import Named
from granite_studio.core.roundtrip.refitting import Fit


class Side(StrEnum):
    """Whose text is taken where both changed a paragraph since the export."""

    RETURNED = "returned"
    PROJECT = "project"


class Deed(StrEnum):
    """What happened to a paragraph, or a row of a table of cues; `BORDER`: it took words over
    from a neighbour."""

    CHANGED = "changed"
    ADDED = "added"
    DELETED = "deleted"
    KEPT = "kept"
    SPLIT = "split"
    JOINED = "joined"
    BORDER = "border"
    MOVED = "moved"
    SPEAKER = "speaker"
    RENAMED = "renamed"
    NOTE = "note"
    TRANSLATION = "translation"
    CUE = "cue"
    LINES = "lines"
    TIMES = "times"
    UNREADABLE = "unreadable-time"
    BACKWARDS = "time-out-of-order"
    SHORT = "too-short"


REFUSED = frozenset({Deed.UNREADABLE, Deed.BACKWARDS, Deed.SHORT})
"""What cannot be taken: the cue keeps its times."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One paragraph that is other now. `number` counts the paragraphs of the text that came back
    from 1, those of the project for what is deleted or kept; `start` is in ms.

    `old` and `new` are texts, names for `SPEAKER` and `RENAMED`, remarks for `NOTE`, times as
    they are shown where these changed, and lines parted by newlines for `LINES`. `language` is
    that of a translation. `conflict` says that the project changed it too since the export, or
    that it cannot be taken.
    """

    deed: Deed
    number: int
    start: int
    old: str = ""
    new: str = ""
    speaker: str = ""
    conflict: bool = False
    language: str = ""


def deed_of(fit: Fit, bases: set[int], *, is_moved: bool) -> Deed | None:
    """What happened to a paragraph; None where nothing did."""
    if not fit.sources:
        return Deed.ADDED
    if fit.base is None:
        return Deed.SPLIT
    others = [source.id for source in fit.sources if source.id != fit.base.id]
    if any(other not in bases for other in others):
        return Deed.JOINED
    if others:
        return Deed.BORDER
    if is_moved:
        return Deed.MOVED
    return Deed.CHANGED if fit.old != fit.new else None


def renaming(named: Named) -> Difference:
    """Another name as a difference."""
    return Difference(
        Deed.RENAMED if named.everywhere else Deed.SPEAKER,
        named.told.number,
        named.told.segment.start,
        named.old,
        named.new,
        named.old,
        named.conflict,
    )
