"""How long a cue can be shown between the words of its sound and the start of the next one."""

from __future__ import annotations

from granite_studio.core.styles import Style

SHOWN = 200
"""Where there is no room, a cue still has so many ms, and the next one waits for it."""


def needed_ms(words: int, style: Style) -> int:
    """How many ms a cue of so many words is shown from its start, if there is room."""
    return max(style.min_ms, style.word_ms * words, style.linger_ms + 1)


def shown_ms(start: float, end: float, needed: int, following: float, style: Style) -> float:
    """How many ms a cue can be shown at best whose sound has this end, before `SHOWN`."""
    latest = max(start + style.max_ms, end)
    shown = min(max(end + style.linger_ms, start + needed), latest)
    if shown > following - max(style.chain_ms, style.gap_ms):
        shown = min(following - style.gap_ms, latest)
    return shown - start
