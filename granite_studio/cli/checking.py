"""Commands on subtitles and a style: `check` says what breaks it, `fix` mends what can be."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from granite_studio import formats
from granite_studio.cli import targets
from granite_studio.cli.common import (
    add_name_arguments,
    add_style_argument,
    chosen_style,
    load_text,
    stated_rate,
    tell_losses,
    tell_own_rates,
)
from granite_studio.cli.shots import listed, within
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Severity
from granite_studio.core.cues import derive, to_captions
from granite_studio.core.document import Document
from granite_studio.core.files import atomic_write
from granite_studio.core.fixing import cues_of, fixed, fixes
from granite_studio.core.quality import Fault, faults, quality
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style
from granite_studio.core.timing import RATES, clock, snap
from granite_studio.formats import report
from granite_studio.formats.markup import names_shown
from granite_studio.pipeline.shots import kept_beside
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project


def check_arguments(parser: argparse.ArgumentParser) -> None:
    _add_source(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="write JSON")
    shape.add_argument(
        "--csv", action="store_true", help="write a table with a row for each fault"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="OUT.html|OUT.csv",
        help="write figures and findings to a page, or the findings to a table",
    )
    add_shots_argument(parser)
    _add_rate(parser)
    targets.add_overwrite_argument(parser)
    parser.set_defaults(work=_check)


def fix_arguments(parser: argparse.ArgumentParser) -> None:
    _add_source(parser)
    parser.add_argument(
        "-o", dest="target", required=True, type=Path, metavar="OUT", help="the subtitles to write"
    )
    add_name_arguments(parser)
    add_shots_argument(parser)
    _add_rate(parser)
    targets.add_overwrite_argument(parser)
    parser.set_defaults(work=_fix)


def add_shots_argument(parser: argparse.ArgumentParser) -> None:
    """The cuts of the film that cues are put by; `film_of` reads them."""
    parser.add_argument(
        "--shots",
        type=Path,
        metavar="LIST|MEDIA|PROJECT",
        help="cuts to put cues by: a list, as `shots` writes it, or a project that keeps them, or "
        "the recording that it is beside (default: a project is cut by its own)",
    )


def film_of(options: argparse.Namespace) -> Film | None:
    """The cuts that --shots leads to, else those that the project keeps; None where there are
    none. Raises `StudioError`."""
    named: Path | None = options.shots
    is_project = options.source.suffix.lower() == SUFFIX
    rate, own = stated_rate(options), kept_beside(options.source) if is_project else None
    shots = own if named is None else kept_beside(named)
    if named is not None and shots is None:
        fps = float(rate.frames) if rate else own.fps if own else 0.0
        shots = within(listed(named, fps=fps), _length(options.source) if is_project else 0)
    film = Film.of(shots.times, shots.fps) if shots else None
    return replace(film, rate=rate) if film and rate else film


def _length(path: Path) -> int:
    """How long the recording of this project is, in ms; 0 where nobody knows."""
    with Project.open(path, read_only=True) as project:
        media = project.history.document.media
        return media.duration if media else 0


def guide_of(
    options: argparse.Namespace, film: Film | None, read: Document | Captions | None = None
) -> Style:
    """The style that is asked for, made for the frame rate of --frame-rate, of the film, or of
    the file that was read, where it states one."""
    own = read.frame_rate if isinstance(read, Captions) and not read.is_rate_guessed else None
    rate = stated_rate(options) or (film.rate if film else own)
    return chosen_style(options.style).at(rate)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="subtitles or a project")
    add_style_argument(parser)
    parser.add_argument(
        "--language",
        default="",
        help="the language of a subtitle file, as de (default what it says itself); a project "
        "knows it",
    )


def _add_rate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--frame-rate",
        choices=RATES,
        metavar="RATE",
        help=f"of the film, for rules that count frames: {', '.join(RATES)} (default that of the "
        "shots, or of a file that has one)",
    )


def _check(options: argparse.Namespace) -> int:
    film = film_of(options)
    write = report.writer_for(options.report) if options.report else None
    _check_output(options, options.report)
    read = load_text(options.source, language=options.language)
    guide = guide_of(options, film, read)
    judge = film if guide.knows_shots else None
    if isinstance(read, Document):
        cues = derive(read, guide, film)
        made = fixes(cues, guide, language=read.language, film=judge)
    else:
        cues = cues_of(read)
        _, made = fixed(read, guide, language=read.language, film=judge)
    found = faults(cues, guide, made, film=judge)
    if write:
        title, date = options.source.name, datetime.date.today().isoformat()
        atomic_write(options.report, write(quality(cues, guide, found), title=title, date=date))
    _tell(options, found, len(cues), guide)
    return 1 if found else 0


def _check_output(options: argparse.Namespace, output: Path | None) -> None:
    """Raise `FormatError` where this must not be written."""
    inputs = (options.source, options.shots)
    targets.check_outputs([output] if output else [], inputs, overwrite=options.overwrite)


def _tell(options: argparse.Namespace, found: Sequence[Fault], cues: int, guide: Style) -> None:
    """Print the findings in the shape that is asked for."""
    if options.json:
        told = [report.row(fault) for fault in found]
        print(json.dumps({"style": guide.name, "cues": cues, "findings": told}, indent=2))
    elif options.csv:
        print(report.table(found), end="")
    else:
        for fault in found:
            way = f" Fix: {fault.fix}" if fault.fix else ""
            print(
                f"{clock(fault.at.start)} cue {fault.cue}, {fault.severity}: {fault.message}{way}"
            )
        print(summary(found, cues, guide), file=sys.stderr)


def _fix(options: argparse.Namespace) -> int:
    known = targets.format_of(options.target)
    _check_output(options, options.target)
    film = film_of(options)
    read = load_text(options.source, language=options.language)
    guide = _guide_of_file(known, read, film, options)
    put_by = film if guide.knows_shots or options.shots else None
    if isinstance(read, Document):
        cues = list(derive(read, guide, film))
        named = known.has_names(options.speaker_names)
        if named and known.names_in_text:
            shown = names_shown(to_captions(read, cues))
            after, made = fixed(shown, guide, language=read.language, film=put_by)
        else:
            made = fixes(cues, guide, language=read.language, film=put_by)
            for fix in made:
                cues[fix.place] = fix.cue
            after = to_captions(read, cues, speaker_names=named)
        given = formats.Content(
            document=read, style=guide, cues=tuple(cues), speaker_names=options.speaker_names
        )
        tell_losses(given, [known])
    else:
        if known.rates:
            read = _on_frames(read, guide)
        shown = names_shown(read) if known.names_in_text else read
        after, made = fixed(shown, guide, language=read.language, film=put_by)
    rate = stated_rate(options)
    content = formats.Content(captions=after, frame_rate=rate)
    if not isinstance(read, Document):
        tell_losses(content, [known])
    targets.save(options.target, content)
    for fix in made:
        print(f"{clock(fix.cue.start)} cue {fix.place + 1}: {fix.message}")
    written = known.cues(content)
    left = faults(written, guide, film=film)
    is_longer = is_named(read, known, options.speaker_names)
    print(summary(left, len(written), guide, fixed=len(made), named=is_longer), file=sys.stderr)
    return 1 if left else 0


def _guide_of_file(
    known: formats.Format,
    read: Document | Captions,
    film: Film | None,
    options: argparse.Namespace,
) -> Style:
    """The style that is asked for, made for the frames that the file will count."""
    asked = formats.Content(
        document=read if isinstance(read, Document) else None,
        captions=read if isinstance(read, Captions) else None,
        style=guide_of(options, film, read),
        film=film,
        frame_rate=stated_rate(options),
    )
    tell_own_rates(asked, [known])
    return known.guide(asked) if known.rates else asked.guide


def _on_frames(captions: Captions, guide: Style) -> Captions:
    """Subtitles whose cues begin and end with the frames of a style, as a file will have them."""
    if guide.rate is None:
        return captions
    put = [
        replace(each, start=snap(each.start, guide.rate), end=snap(each.end, guide.rate))
        if isinstance(each, Caption)
        else each
        for each in captions.items
    ]
    return replace(captions, items=tuple(put))


def is_named(read: Document | Captions, known: formats.Format, asked: bool | None) -> bool:
    """Whether names that the style did not count lengthen the cues of a transcript."""
    is_cut = isinstance(read, Document) and bool(read.speakers)
    return is_cut and known.names_in_text and known.has_names(asked)


def summary(
    found: Sequence[Fault],
    cues: int,
    guide: Style,
    *,
    fixed: int | None = None,
    named: bool = False,
) -> str:
    """How many faults of so many cues are left, and how many cues were `fixed`; `named` says that
    speakers' names lengthen them."""
    errors = sum(fault.severity is Severity.ERROR for fault in found)
    done = "" if fixed is None else f"{fixed} of {cues} cues mended; left are "
    text = f"{done}{counted(errors, 'error')} and {counted(len(found) - errors, 'warning')}"
    names = " Names, which the cut did not count, make lines longer." if named else ""
    return f"granite-studio: {text} in {cues} cues, by the style “{guide.title}”.{names}"


def counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
