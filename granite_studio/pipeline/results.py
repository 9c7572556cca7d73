"""What hearing one window comes to, before anything is put into the transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from granite_studio.core.document import Finding, Span
from granite_studio.core.heard import Heard
from granite_studio.engines.base import Voice

DOUBTFUL = "window-doubtful"
"""The kind of finding that an engine makes of its own answer."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is, in ms of the recording."""

    done_ms: int
    total_ms: int
    message: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A window that could not be heard, twice."""

    KIND: ClassVar[str] = "window-failed"

    span: Span
    message: str

    @property
    def finding(self) -> Finding:
        return Finding(self.KIND, self.span, self.message)


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine said of one window: its words, labels good inside it only, the voices behind
    the labels, and what makes it worth a second look.

    `overlap_ms` of its beginning were heard in the window before too. `carried` are labels with
    a name for what they mean, which is the same person in all windows that have it; None where it
    was not asked for, or cannot be said.
    """

    heard: Heard
    voices: tuple[Voice, ...] = ()
    findings: tuple[Finding, ...] = ()
    overlap_ms: int = 0
    carried: Mapping[str, str] | None = None

    @property
    def span(self) -> Span:
        return self.heard.span


@dataclass(frozen=True, slots=True)
class Passed:
    """A window that was heard in an earlier run, `overlap_ms` of it in the one before too."""

    span: Span
    key: str
    overlap_ms: int = 0
