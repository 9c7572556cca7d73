"""From the sound of paragraphs to what they say in another language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Finding, Segment, Span, joined
from granite_studio.core.translation import mark_of, untranslated
from granite_studio.engines import catalog
from granite_studio.engines.base import Capabilities, Doubt, Transcript
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.asking import Lost
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.paragraphs import ask, windows_of
from granite_studio.pipeline.results import Progress


@dataclass(frozen=True, slots=True)
class Translated:
    """A paragraph in another language; `source` is the mark of the words it had when asked."""

    segment_id: int
    language: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A paragraph whose translation is there, and worth a second look."""

    KIND: ClassVar[str] = "translation-doubtful"

    span: Span
    language: str
    doubt: Doubt

    @property
    def finding(self) -> Finding:
        name = catalog.language_name(self.language)
        return Finding(self.KIND, self.span, _DOUBTS[self.doubt].format(language=name))


@dataclass(frozen=True, slots=True)
class Failed:
    """A paragraph that could not be translated, twice."""

    KIND: ClassVar[str] = "translation-failed"

    span: Span
    message: str

    @property
    def finding(self) -> Finding:
        return Finding(self.KIND, self.span, self.message)


FINDINGS = frozenset({Doubtful.KIND, Failed.KIND})
"""Kinds of findings that translating makes; a new run replaces them."""

_DOUBTS = {
    Doubt.LOOP: "The translation to {language} began to repeat itself here; check it.",
    Doubt.CUT_OFF: "The translation to {language} reached its full length here; check its end.",
    Doubt.TIMES: "The translation to {language} may not fit the sound here; check it.",
}


@dataclass(slots=True)
class _Waiting:
    """A paragraph and the answers to its windows, by their place in it; None where one failed."""

    segment: Segment
    windows: int
    texts: dict[int, str] = field(default_factory=dict)
    failed: str = ""


def targets(capabilities: Capabilities, spoken: str) -> tuple[str, ...]:
    """The languages that such an engine translates this one to: all from English, else English."""
    others = (tag for tag in capabilities.translates_to if tag != spoken)
    return tuple(tag for tag in others if "en" in (spoken, tag))


def translate(
    task: Task,
    document: Document,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Translated | Doubtful | Failed | Progress]:
    """Translate the paragraphs of a document to the language that the task's options name.

    Those are asked for that have no text in this language, or one that a machine made of other
    words than they have now: a run that was stopped goes on when it is started again. The engine
    hears the sound of each; of one longer than its window in parts, whose texts are joined.
    Raises `MediaError`, `EngineError` or `Cancelled`.
    """
    entry = catalog.find(task.engine)
    language = task.options.translate_to
    if language is None:
        raise ValueError("a translation needs a language to translate to")
    catalog.check(entry, task.options)
    longest_ms = round(entry.capabilities.window_s * 1000)
    waiting: list[_Waiting] = []
    spans: list[Span] = []
    homes: list[tuple[_Waiting, int]] = []
    rows = {segment.id: row for row, segment in enumerate(document)}
    for segment in untranslated(document, language):
        windows = windows_of(document, rows[segment.id], longest_ms)
        waiting.append(_Waiting(segment, len(windows)))
        homes += [(waiting[-1], place) for place in range(len(windows))]
        spans += windows
    for event in ask(task, spans, reader, engine, cancel):
        if isinstance(event, Progress):
            yield event
            continue
        home, place = homes[event.index]
        if isinstance(event, Lost):
            home.failed, home.texts[place] = event.message, ""
        else:
            home.texts[place] = event.translation
            yield from _doubts(event, spans[event.index], language)
        if len(home.texts) == home.windows:
            yield _outcome(home, language)


def applied(document: Document, event: Translated) -> Document:
    """The document with this text, unless a person wrote one meanwhile or the paragraph went."""
    return edits.add_translation(
        document, event.segment_id, event.language, event.text, source=event.source
    )


def _doubts(answer: Transcript, span: Span, language: str) -> Iterator[Doubtful]:
    for doubt in answer.doubts:
        yield Doubtful(span, language, doubt)


def _outcome(home: _Waiting, language: str) -> Translated | Failed:
    segment = home.segment
    if home.failed:
        span = Span(segment.start, segment.end)
        return Failed(span, f"This paragraph could not be translated: {home.failed}")
    text = joined(text for _, text in sorted(home.texts.items()) if text)
    return Translated(segment.id, language, text, mark_of(segment.words))
