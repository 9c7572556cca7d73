"""Words about words: quotes to paste elsewhere, and what a word's tooltip says."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from granite_studio.core import edits, timing
from granite_studio.core.document import Document, Word
from granite_studio.core.edits import Place
from granite_studio.ui.transcript.headers import clock

QUOTE = "“{text}” ({speaker}, {time})"
"""How a quote is written; `{media}` is the recording's name."""


def quote(document: Document, start: Place, end: Place, form: str = QUOTE) -> str:
    """The words of a range as a quote: who said it and when.

    Raises ValueError for a form with other names in braces. What is not known leaves no comma.
    """
    clip = edits.copy(document, start, end)
    names = dict.fromkeys(part.speaker for part in clip.parts if part.speaker)
    first = document.segments[start.row].words[start.word]
    facts = {
        "text": clip.text,
        "speaker": ", ".join(names),
        "time": clock(first.start),
        "media": document.media.name if document.media else "",
    }
    empty = "|".join(re.escape(f"{{{name}}}") for name, fact in facts.items() if not fact)
    if empty:
        form = re.sub(rf"(?:{empty}),\s*|,\s*(?:{empty})|{empty}", "", form)
    try:
        return form.format_map(facts)
    except (KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"a quote cannot say {error}") from error


def word_tip(word: Word) -> str:
    """When a word was said, who wrote it down, and how sure that was."""
    say = QCoreApplication.translate
    times = f"{timing.clock(word.start)} \u2013 {timing.clock(word.end)}"
    if word.estimated:
        times = say("TranscriptView", "{times}, estimated").format(times=times)
    if word.touched:
        return f"{times}\n{say('TranscriptView', 'Written or confirmed by hand')}"
    if word.source == "import":
        return f"{times}\n{say('TranscriptView', 'Imported')}"
    if not word.source:
        return times
    origin = say("TranscriptView", "Heard by {engine}").format(engine=word.source)
    if word.confidence is not None:
        sure = round(100 * word.confidence)
        text = say("TranscriptView", "{origin}, {percent} % sure")
        origin = text.format(origin=origin, percent=sure)
    return f"{times}\n{origin}"
