"""What can be done about the chosen finding: take another wording, keep what is there, hear it.

Read before the first paint, as the table of actions is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING

from granite_studio.ui import acting as a
from granite_studio.ui.acting import translated

if TYPE_CHECKING:
    from granite_studio.core.document import Span
    from granite_studio.ui.studio import Studio

MOST_ALTERNATIVES = 4
"""Three engines and a keyword: more is never heard in one place."""
RIGHT = "Right as it is"
_SILENT = "Leave it without text"
_TWO = "They are two"
_SHOWN = 50
"""A menu shows so many letters of an alternative."""
_AFTER_MS = 500
"""So long a played finding goes on, so that its last word is heard out."""


def step(by: int) -> a.Call:
    """To the next finding (1) or the one before (-1); its answers come into sight."""

    def go(studio: Studio) -> None:
        studio.window.show_findings(focus=False)
        if by > 0:
            studio.findings.go_to_next()
        else:
            studio.findings.go_to_previous()

    return go


def show_words(studio: Studio, span: Span) -> None:
    """Select the words of a stretch in the transcript, or go to where they are missing."""
    from granite_studio.core import edits

    segments = studio.session.document.segments
    place = edits.words_at(studio.session.document, span)
    if place is not None:
        studio.transcript.select_words(*place)
    elif segments:
        row = bisect_left(segments, span.start, key=lambda segment: segment.start)
        studio.transcript.reveal(edits.Place(min(row, len(segments) - 1), 0))


def can_take(number: int) -> a.Test:
    def test(studio: Studio) -> bool:
        return a.may_edit(studio) and number <= len(_alternatives(studio))

    return test


def take(number: int) -> a.Call:
    """Write this alternative, by its number from 1, over the words in doubt."""

    def call(studio: Studio) -> None:
        from granite_studio.core import edits

        row, document = studio.findings.chosen, studio.session.document
        if row is None or row.finding is None:
            return
        if not row.is_of_speakers and edits.words_at(document, row.span) is None:
            return
        label = alternative_label(number)(studio)
        after = edits.take_alternative(document, row.finding, number)
        studio.findings.answer(after, label)

    return call


def alternative_label(number: int) -> Callable[[Studio], str]:
    def label(studio: Studio) -> str:
        found = _alternatives(studio)[number - 1 : number]
        if not found:
            return translated("Take alternative {number}").format(number=number)
        words = found[0] if len(found[0]) <= _SHOWN else f"{found[0][: _SHOWN - 1]}…"
        row = studio.findings.chosen
        if row is not None and row.is_of_speakers:
            return translated("Both are “{name}”").format(name=words)
        return translated("Write “{words}”").format(words=words)

    return label


def can_keep(studio: Studio) -> bool:
    row = studio.findings.chosen
    return a.may_edit(studio) and row is not None and row.can_be_kept


def keep(studio: Studio) -> None:
    """The chosen finding is no fault."""
    from granite_studio.core import edits

    row, document = studio.findings.chosen, studio.session.document
    if row is None or not row.can_be_kept:
        return
    if row.finding is not None:
        after = edits.dismiss(document, row.finding)
    else:
        left = (span for span in document.untranscribed if span != row.span)
        after = edits.set_untranscribed(document, left)
    studio.findings.answer(after, keep_label(studio))


def keep_label(studio: Studio) -> str:
    row = studio.findings.chosen
    if row is None:
        return translated(RIGHT)
    return translated(_SILENT if row.lacks_text else _TWO if row.is_of_speakers else RIGHT)


def can_play(studio: Studio) -> bool:
    return a.can_play(studio) and studio.findings.chosen is not None


def play(studio: Studio) -> None:
    """Play what the chosen finding is about, with a little before it."""
    row = studio.findings.chosen
    if row is not None:
        start = studio.playback.lead_in(row.start)
        studio.playback.play_span(start, row.end + _AFTER_MS)


def can_hear(studio: Studio) -> bool:
    row = studio.findings.chosen
    return a.can_hear(studio) and row is not None and row.can_be_kept


def _alternatives(studio: Studio) -> tuple[str, ...]:
    row = studio.findings.chosen
    return row.finding.alternatives if row is not None and row.finding is not None else ()
