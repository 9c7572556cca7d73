"""What several commands share: export options, times on the command line, a progress line."""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from granite_studio import formats
from granite_studio.cli.word import add_word_arguments
from granite_studio.core import timing
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.importing import from_captions
from granite_studio.core.shots import Film
from granite_studio.core.styles import DEFAULT, SUFFIX, Style, Styles, style, style_names
from granite_studio.core.timing import RATES, Rate
from granite_studio.core.translation import languages, translated
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.models import Ready
from granite_studio.formats import Content, frames
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.shots import kept_beside
from granite_studio.store import opening, places, styles
from granite_studio.store.project import Project

_EVERY_S = 0.2
_NAMES = 26
"""Columns for the names in a list of styles."""


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say how a transcript is written."""
    add_style_argument(parser)
    parser.add_argument(
        "--timecodes",
        default="paragraph",
        metavar="paragraph|minutes:N|off",
        help="time codes in running text (default paragraph)",
    )
    add_name_arguments(parser)
    parser.add_argument(
        "--mark-gaps",
        action="store_true",
        help="show in subtitles where there is speech without text",
    )
    parser.add_argument(
        "--frame-rate",
        choices=RATES,
        metavar="RATE",
        help=f"of the film, where a format counts frames: {', '.join(RATES)} (default that of the "
        "file that is read, or 25)",
    )
    add_word_arguments(parser)


def add_name_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether subtitles name who speaks, as `Content.speaker_names` has it."""
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument(
        "--speaker-names",
        action="store_true",
        default=None,
        help="write names of speakers also where they become a part of what viewers read, as in "
        "SubRip; they lengthen lines (default: only where the format has a place for them)",
    )
    wanted.add_argument(
        "--no-speakers",
        dest="speaker_names",
        action="store_false",
        default=None,
        help="leave names out of all subtitles",
    )


def add_style_argument(parser: argparse.ArgumentParser) -> None:
    """The guide that cues are cut and checked by; `chosen_style` reads it."""
    parser.add_argument(
        "--style",
        default=DEFAULT,
        metavar="NAME|FILE.toml",
        help=f"the guide of the subtitles, by its name or in a file (default {DEFAULT})",
    )
    parser.add_argument("--styles", action=_ListStyles, help="list all styles there are")


def chosen_style(name: str) -> Style:
    """The style of this name, or in this file. Raises `FormatError`.

    Where it is none of the program's own, files of the person that are no style are told of.
    """
    if name in style_names():
        return style(name)
    known = _told_styles()
    path = Path(name)
    return known.load(styles.read_text(path)) if path.suffix.lower() == SUFFIX else known.get(name)


class _ListStyles(argparse.Action):
    """Prints the names and titles of all styles, and ends the command."""

    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_found: object) -> None:
        for guide in _told_styles():
            print(f"{guide.name:<{_NAMES}} {guide.title}")
        parser.exit()


def _told_styles() -> Styles:
    """All styles there are; says which files of the person are no style."""
    known = styles.read(places.styles_dir())
    for fault in known.faults:
        print(f"granite-studio: {fault}", file=sys.stderr)
    return known


def add_engine_arguments(parser: argparse.ArgumentParser, *, spoken: str = "en") -> None:
    """The options that choose an engine, its model, and where it runs.

    `spoken` is the language when none is named; empty for that of the project.
    """
    parser.add_argument(
        "--engine", default=catalog.AUTO, help=f"one of {', '.join(catalog.names())}"
    )
    parser.add_argument(
        "--model",
        metavar="FOLDER_OR_ID",
        help="the model to load, if not the one that was downloaded for the engine",
    )
    parser.add_argument(
        "--language",
        default=spoken,
        help=f"the language spoken (default {spoken or 'as the project says'})",
    )
    parser.add_argument(
        "--device",
        default="auto",
        choices=("auto", "cuda", "mps", "cpu"),
        help="what the model runs on (default auto)",
    )
    parser.add_argument(
        "--server", default="", metavar="URL", help="address of the server of --engine remote"
    )


def ready_engine(options: argparse.Namespace, wanted: Options) -> Ready:
    """The engine that these arguments choose. Raises `EngineError` when it cannot do what is
    wanted, or is not ready."""
    ready = models.ready(options.engine, options.model, places.models_dir(), options=wanted)
    catalog.check(ready.entry, wanted)
    return ready


def in_language(document: Document, language: str) -> tuple[Document, int]:
    """What was translated to this language, and how many paragraphs were not; says so.

    Raises `FormatError` naming the languages there are when this is none of them.
    """
    name, there = catalog.language_name(language), languages(document)
    if language not in there:
        others = f"there is {', '.join(there)}" if there else "there is no other language"
        raise FormatError(
            f"Nothing was translated to {name}; {others}. Make it with granite-studio translate."
        )
    shown = translated(document, language)
    left_out = len(document.segments) - len(shown.segments)
    if left_out:
        print(
            f"granite-studio: {left_out} of {len(document.segments)} paragraphs have no "
            f"translation to {name} and are left out.",
            file=sys.stderr,
        )
    if behind := formats.untranslated(document):
        print(f"granite-studio: {behind}", file=sys.stderr)
    return shown, left_out


def content_of(text: Document | Captions, options: argparse.Namespace) -> Content:
    """What is to be written, as the export options ask."""
    is_document = isinstance(text, Document)
    media = text.media if isinstance(text, Document) else None
    try:
        return Content(
            document=text if isinstance(text, Document) else None,
            captions=None if isinstance(text, Document) else text,
            style=chosen_style(options.style),
            frame_rate=stated_rate(options),
            speaker_names=options.speaker_names,
            mark_gaps=options.mark_gaps,
            timecodes=options.timecodes,
            title=media.name if media else "",
            date=datetime.date.today().isoformat() if is_document else "",
            layout=formats.Layout(options.layout),
            template=formats.template(options.template) if options.template else None,
            beside=options.beside,
        )
    except ValueError:
        raise FormatError(
            f"--timecodes is paragraph, minutes:N or off, not {options.timecodes!r}."
        ) from None


def stated_rate(options: argparse.Namespace) -> Rate | None:
    """The frame rate of --frame-rate, or None."""
    return RATES[options.frame_rate] if options.frame_rate else None


def load_text(path: Path, *, language: str = "") -> Captions | Document:
    """The transcript of a project, or what a subtitle or transcript file holds.

    Raises `FormatError` and `ProjectError`.
    """
    if path.suffix.lower() != opening.SUFFIX:
        text = formats.load(path, language=language)
        tell_guessed_rate(path, text)
        return text
    with Project.open(path, read_only=True) as project:
        return project.history.document


def tell_guessed_rate(path: Path, text: Captions | Document) -> None:
    """Say on standard error that the frame rate of a file's time codes is a guess."""
    if rate := formats.guessed_rate(text):
        print(
            f"granite-studio: “{path.name}” does not say how many frames its time codes count in "
            f"a second; {rate} are assumed (convert --frame-rate says another number).",
            file=sys.stderr,
        )


def project_film(path: Path) -> Film | None:
    """The cuts of its film that a project keeps and the window cuts cues by; None where there are
    none or the file is no project. Raises `ProjectError`."""
    known = kept_beside(path) if path.suffix.lower() == opening.SUFFIX else None
    return Film.of(known.times, known.fps) if known else None


def words_of(captions: Captions, name: str) -> Document:
    """The words of the subtitles in a file of this name; says what they cannot hold of them."""
    if lost := formats.listed(formats.PROJECT, Content(captions=captions)):
        print(f"granite-studio: Not taken over from “{name}”: {lost}.", file=sys.stderr)
    return from_captions(captions)


def tell_own_rates(content: Content, targets: Iterable[formats.Format]) -> None:
    """Say on standard error with which frames cues begin in formats that have frame rates of their
    own, where nobody knows that of the film."""
    for known in dict.fromkeys(targets if content.known_rate is None else ()):
        if known.rates:
            rate, other = map(frames.name_of, known.rates)
            print(
                f"granite-studio: {known.title} count {rate} frames a second where nobody says "
                f'otherwise, so cues begin and end with these (or with --frame-rate "{other}").',
                file=sys.stderr,
            )


def tell_losses(content: Content, targets: Iterable[formats.Format]) -> None:
    """Say on standard error what these formats leave out of the content, and what option keeps
    the names of speakers."""
    wanted = tuple(targets)
    if lost := formats.sentence(wanted, content, cut=True):
        is_named = content.document is not None and bool(content.document.speakers)
        can_name = content.speaker_names is None and any(each.names_in_text for each in wanted)
        way = " Names get into the text with --speaker-names." if is_named and can_name else ""
        print(f"granite-studio: {lost}{way}", file=sys.stderr)


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
