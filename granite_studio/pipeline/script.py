"""A text that is there already, put to its recording by what an engine hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from granite_studio.formats import docx_file, docx_reading, pdf
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.passes import Journal, hear
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.scribe import Scribe

LEAST = 0.5
"""With a smaller share of its words found, a text is probably another recording's."""


@dataclass(frozen=True, slots=True)
class Script:
    """A text as far as it is said, and how many headings of the file it is without."""

    document: Document
    headings: int


def read_script(path: Path, language: str) -> Script:
    """The text of a file, without times or with those that it has, and without the headings of a
    PDF or a Word document. Raises `FormatError`."""
    headings = 0
    if path.suffix.lower() == ".txt":
        document = from_text(formats.source(path).text(), language=language)
    elif formats.is_pdf(path):
        source = formats.source(path, limit=pdf.FORMAT.limit, language=language)
        document, headings = pdf.read_script(source)
    elif path.suffix.lower() in docx_file.FORMAT.extensions:
        source = formats.source(path, limit=docx_file.FORMAT.limit, language=language)
        document, headings = docx_reading.read_script(source)
    else:
        read = formats.load(path, language=language)
        document = read if isinstance(read, Document) else from_captions(read, language=language)
    if all(map(is_waiting, document)):
        raise FormatError(f"“{path.name}” holds no words; choose the text of the recording.")
    return Script(document, headings)


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
