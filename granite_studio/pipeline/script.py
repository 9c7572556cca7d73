"""A text that is there already, put to its recording by what an engine hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Media, Span
from granite_studio.core.edits import is_waiting
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard
from granite_studio.core.importing import from_captions
from granite_studio.core.matching import from_text, words_of
from granite_studio.core.merge import Role
from granite_studio.engines.serving import EngineProcess
from granite_studio.formats import pdf
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.passes import Journal, hear
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.scribe import Scribe

LEAST = 0.5
"""With a smaller share of its words found, a text is probably another recording's."""


def read_script(path: Path, language: str) -> Document:
    """The text of a file, without times or with those that it has, and without the headings of a
    PDF. Raises `FormatError`."""
    if path.suffix.lower() == ".txt":
        document = from_text(formats.source(path).text(), language=language)
    elif formats.is_pdf(path):
        document = pdf.read_script(formats.source(path, limit=pdf.FORMAT.limit, language=language))
    else:
        read = formats.load(path, language=language)
        document = read if isinstance(read, Document) else from_captions(read, language=language)
    if all(map(is_waiting, document)):
        raise FormatError(f"“{path.name}” holds no words; choose the text of the recording.")
    return document


def hear_words(
    asked: Sequence[tuple[Role, Task]],
    media: Media,
    language: str,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Progress | Heard]:
    """Progress, and last all words of the recording, for `core.matching.matched`.

    Raises as `pipeline.passes.hear` does.
    """
    document, scribe = Document(language=language, media=media), Scribe()
    journal = Journal({}, {}, {}, ())
    for event in hear(asked, reader, engine, cancel, journal=journal, keep=lambda *_: None):
        if isinstance(event, Progress):
            yield event
        else:
            document = scribe.write(document, event)
    yield words_of(document, Span(0, media.duration))
