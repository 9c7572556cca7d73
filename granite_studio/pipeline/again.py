"""A window that went wrong is heard once more in two parts, and the better hearing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from granite_studio.core.audit import needs_retry, trouble_ms
from granite_studio.core.document import Span
from granite_studio.core.heard import Heard, HeardTurn
from granite_studio.engines.base import Voice
from granite_studio.engines.voiceprint import pooled
from granite_studio.media.loudness import levels
from granite_studio.media.values import RATE, SoundWindow
from granite_studio.media.windows import cut
from granite_studio.pipeline.results import DOUBTFUL, Result
from granite_studio.pipeline.voices import Linker

_SHORTEST_MS = 4000
"""A shorter window is not cut again: what fails in it fails in its parts too."""
_PART = 0.65
"""How much of the window a part may hold, so that there are two."""


def is_worth_it(result: Result) -> bool:
    """Whether another cut may give more of what was said."""
    is_cut_off = any(finding.kind == DOUBTFUL for finding in result.findings)
    return is_cut_off or needs_retry(result.findings, result.heard.unheard)


def parts(window: SoundWindow) -> tuple[SoundWindow, ...]:
    """The window cut at its best silence, or nothing where it is too short for that."""
    start, length = window.span.start, window.length
    if length < _SHORTEST_MS:
        return ()
    speech = [Span(span.start - start, span.end - start) for span in window.speech]
    found = cut(speech, length, longest_ms=round(length * _PART), levels=levels(window.samples))
    return tuple(_part(window, one.span, one.forced) for one in found) if len(found) > 1 else ()


def _part(window: SoundWindow, span: Span, forced: bool) -> SoundWindow:
    start = window.span.start
    there = Span(span.start + start, span.end + start)
    speech = tuple(
        Span(max(each.start, there.start), min(each.end, there.end))
        for each in window.speech
        if each.overlaps(there)
    )
    samples = window.samples[span.start * RATE // 1000 : span.end * RATE // 1000]
    return SoundWindow(there, samples, speech, forced)


def better(first: Result, again: Sequence[Result]) -> Result:
    """Of the two hearings of a window the one with less in doubt, as one result."""
    second = _together(first.heard, sorted(again, key=lambda part: part.heard.span.start))
    return second if _trouble(second) < _trouble(first) else first


def _trouble(result: Result) -> int:
    """How much of it is in doubt; what an engine doubted by itself counts as all of the window."""
    span = result.heard.span
    if any(finding.kind == DOUBTFUL for finding in result.findings):
        return span.end - span.start
    return trouble_ms(result.findings, result.heard.unheard)


def _together(whole: Heard, again: Sequence[Result]) -> Result:
    """The parts as one window. A voice that speaks in both has one label in it."""
    linker = Linker()
    turns: list[HeardTurn] = []
    voices: list[Voice] = []
    for part in again:
        names = linker.name(part.heard.span, part.voices)
        turns += [replace(t, speaker=names.get(t.speaker, t.speaker)) for t in part.heard.turns]
        voices += [replace(v, speaker=names.get(v.speaker, v.speaker)) for v in part.voices]
    heard = replace(
        whole,
        turns=tuple(_joined(turns)),
        unheard=tuple(span for part in again for span in part.heard.unheard),
    )
    findings = tuple(finding for part in again for finding in part.findings)
    return Result(heard, pooled(voices), findings)


def _joined(turns: Sequence[HeardTurn]) -> list[HeardTurn]:
    """One voice's turns that follow one another are one."""
    return [
        HeardTurn(tuple(word for turn in group for word in turn.words), speaker)
        for speaker, group in groupby(turns, key=lambda turn: turn.speaker)
    ]
