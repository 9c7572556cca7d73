"""What several commands share: export options, times on the command line, a progress line."""

from __future__ import annotations

import argparse
import datetime
import sys
import time

from granite_studio.core import timing
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.styles import style, style_names
from granite_studio.formats import Content
from granite_studio.pipeline.listen import Progress

_EVERY_S = 0.2


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say how a transcript is written."""
    parser.add_argument(
        "--style",
        default="general",
        help=f"how cues are cut for subtitles: {', '.join(style_names())} (default general)",
    )
    parser.add_argument(
        "--timecodes",
        default="paragraph",
        metavar="paragraph|minutes:N|off",
        help="time codes in DOCX and TXT (default paragraph)",
    )
    parser.add_argument("--no-speakers", action="store_true", help="leave names out of subtitles")


def content_of(text: Document | Captions, options: argparse.Namespace) -> Content:
    """What is to be written, as the export options ask."""
    is_document = isinstance(text, Document)
    media = text.media if isinstance(text, Document) else None
    try:
        return Content(
            document=text if isinstance(text, Document) else None,
            captions=None if isinstance(text, Document) else text,
            style=style(options.style),
            speaker_names=not options.no_speakers,
            timecodes=options.timecodes,
            title=media.name if media else "",
            date=datetime.date.today().isoformat() if is_document else "",
        )
    except ValueError:
        raise FormatError(
            f"--timecodes is paragraph, minutes:N or off, not {options.timecodes!r}."
        ) from None


def moment(text: str) -> int:
    """A time given on the command line, in ms."""
    try:
        return timing.parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class Bar:
    """One line of progress with the time left, on a terminal only."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = 0.0
        self._first: tuple[float, int] | None = None

    def show(self, progress: Progress) -> None:
        """Draw it anew, at most a few times a second."""
        now = time.monotonic()
        if not self._live or now - self._shown < _EVERY_S:
            return
        self._shown = now
        # What a resumed run passes over costs nothing and must not make the rest look cheap.
        if self._first is None or progress.message == "Resuming":
            self._first = (now, progress.done_ms)
        share = 100 * progress.done_ms // max(1, progress.total_ms)
        parts = [f"{self._name}  {progress.message} {share} %"]
        since, done = now - self._first[0], progress.done_ms - self._first[1]
        if done > 0 and since > 1:
            left = since * (progress.total_ms - progress.done_ms) / done
            parts.append(f"{timing.short_clock(round(left * 1000))} left")
        if progress.device:
            parts.append(progress.device)
        sys.stderr.write(f"\r\x1b[K{', '.join(parts)}")
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._live and self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
