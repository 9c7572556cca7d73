"""What a run says is written into a transcript, one event at a time, the same way everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from granite_studio.core import audit, edits
from granite_studio.core.document import Document, Finding, Span
from granite_studio.core.doubts import KIND as DOUBT
from granite_studio.core.edits.reviewing import SAME_SPEAKER
from granite_studio.core.heard import Heard
from granite_studio.pipeline.passes import Settled
from granite_studio.pipeline.results import DOUBTFUL, Failed
from granite_studio.pipeline.seaming import Said
from granite_studio.pipeline.voices import Question

_OF_WINDOWS = frozenset({Failed.KIND, DOUBTFUL, DOUBT, *audit.KINDS})
"""Kinds of findings that hearing a window makes: hearing it anew replaces them."""


class Scribe:
    """Writes what one run says; in it "Speaker 1" stays who it was when a person renames it.

    Findings are part of the transcript: those of a window stay until it is heard anew or a
    person answers them, however often a run is stopped and resumed.
    """

    def __init__(self) -> None:
        self._voices: dict[str, int] = {}

    def write(self, document: Document, event: Said | Failed | Settled) -> Document:
        """The transcript with what this event says."""
        if isinstance(event, Said):
            after = self._with_words(document, event.heard)
            return _with_findings(after, event.heard, event.findings)
        if isinstance(event, Failed):
            after = edits.add_untranscribed(document, event.span)
            return edits.add_finding(after, event.finding)
        after = edits.relabel(document, event.changes, voices=self._voices)
        left = (
            finding
            for finding in after.findings
            if finding.kind != SAME_SPEAKER and finding not in event.dropped
        )
        asked = (self._question(after, question) for question in event.questions)
        return edits.set_findings(after, (*left, *edits.unanswered(after, asked)))

    def _with_words(self, document: Document, heard: Heard) -> Document:
        after = edits.apply_heard(document, heard, voices=self._voices)
        ids = {speaker.name: speaker.id for speaker in after.speakers}
        for turn in heard.turns:
            if turn.speaker in ids:
                self._voices.setdefault(turn.speaker, ids[turn.speaker])
        return after

    def _question(self, document: Document, asked: Question) -> Finding:
        """Whether two speakers are one, under the names that they have by now."""
        names = {speaker.id: speaker.name for speaker in document.speakers}
        labels = asked.first, asked.second
        one, other = (names.get(self._voices.get(label, -1), label) for label in labels)
        message = f"{one} and {other} may be one person; listen to both."
        return Finding(SAME_SPEAKER, asked.span, message, (one, other))


def _with_findings(document: Document, heard: Heard, findings: Iterable[Finding]) -> Document:
    """What is worth a look in this window, in place of what was so far."""
    # Of two channels, each heard by itself, the other one's findings stay.
    gone = frozenset() if heard.lane else _OF_WINDOWS
    others = (
        finding
        for finding in document.findings
        if finding.kind not in gone or not _begins_in(heard.span, finding)
    )
    asked = edits.unanswered(document, findings)
    return edits.set_findings(document, dict.fromkeys(chain(others, asked)))


def _begins_in(span: Span, finding: Finding) -> bool:
    return span.start <= finding.span.start < span.end
