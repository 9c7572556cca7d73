"""What a machine heard in one window: facts that the main thread turns into edits."""

from __future__ import annotations

from dataclasses import dataclass

from granite_studio.core.document import EngineUse, Span


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as heard; times in ms of the media."""

    text: str
    start: int
    end: int
    confidence: float | None = None
    estimated: bool = False
    source: str = ""
    """Which engine gave the word, where it is not the one that gave the window its text."""


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """Words by one voice. `speaker` is a label such as "Speaker 1", or None when not known."""

    words: tuple[HeardWord, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything one engine said of one window.

    `key` names the result in the project's journal; `again` says that a person asked to hear this
    stretch anew, so that earlier machine words give way. `unheard` are the stretches of the window
    in which speech was found but no word heard; they replace what `Document.untranscribed` said
    of this window. A `lane` names the one person who was heard, on a channel of their own: the
    words of all others stay. `rejoined` says that its edges were joined with windows beside it, so
    that words of it may stand there already as a neighbour's.
    """

    span: Span
    turns: tuple[HeardTurn, ...]
    engine: EngineUse
    key: str = ""
    again: bool = False
    unheard: tuple[Span, ...] = ()
    lane: str = ""
    rejoined: bool = False


@dataclass(frozen=True, slots=True)
class Relabelled:
    """In this window, who was called `before` turned out to be the speaker called `after`."""

    span: Span
    before: str
    after: str
