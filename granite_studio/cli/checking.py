"""Commands on subtitles and a style: `check` says what breaks it, `fix` mends what can be."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from granite_studio import formats
from granite_studio.cli import targets
from granite_studio.cli.common import (
    add_style_argument,
    chosen_style,
    load_text,
)
from granite_studio.core.checks import Severity
from granite_studio.core.cues import Cue, derive, to_captions
from granite_studio.core.document import Document
from granite_studio.core.files import atomic_write
from granite_studio.core.fixing import Fix, cues_of, fixed, fixes, sounds
from granite_studio.core.quality import Fault, faults, quality
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style
from granite_studio.core.timing import clock
from granite_studio.formats import report
from granite_studio.media.values import Shots
from granite_studio.pipeline.shots import kept_beside, read_list
from granite_studio.store.opening import SUFFIX


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
    parser.set_defaults(work=_check)


def fix_arguments(parser: argparse.ArgumentParser) -> None:
    _add_source(parser)
    parser.add_argument(
        "-o", dest="target", required=True, type=Path, metavar="OUT", help="the subtitles to write"
    )
    parser.add_argument("--no-speakers", action="store_true", help="leave names out of subtitles")
    add_shots_argument(parser)
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
    if named is not None:
        shots: Shots | None = kept_beside(named) or read_list(named)
    else:
        shots = kept_beside(options.source) if is_project else None
    return Film.of(shots.times, shots.fps) if shots else None


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="subtitles or a project")
    add_style_argument(parser)
    parser.add_argument(
        "--language", default="", help="the language of a subtitle file, as de; a project knows it"
    )


def _check(options: argparse.Namespace) -> int:
    guide = chosen_style(options.style)
    film = film_of(options)
    judge = film if guide.shot_frames else None
    write = report.writer_for(options.report) if options.report else None
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cues = derive(read, guide, film)
        made = _made(read, cues, guide, judge)
    else:
        cues = cues_of(read)
        _, made = fixed(read, guide, language=options.language, film=judge)
    found = faults(cues, guide, made, film=judge)
    if write:
        title, date = options.source.name, datetime.date.today().isoformat()
        atomic_write(options.report, write(quality(cues, guide, found), title=title, date=date))
    _tell(options, found, len(cues), guide)
    return 1 if found else 0


def _made(
    document: Document, cues: Sequence[Cue], guide: Style, film: Film | None
) -> tuple[Fix, ...]:
    heard = sounds(document)
    return fixes(cues, guide, language=document.language, film=film, heard=heard)


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
    guide = chosen_style(options.style)
    targets.format_of(options.target)
    film = film_of(options)
    put_by = film if guide.shot_frames or options.shots else None
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cues = list(derive(read, guide, film))
        made = _made(read, cues, guide, put_by)
        for fix in made:
            cues[fix.place] = fix.cue
        after = to_captions(read, cues, speaker_names=not options.no_speakers)
    else:
        after, made = fixed(read, guide, language=options.language, film=put_by)
        cues = list(cues_of(after))
    targets.save(options.target, formats.Content(captions=after, language=options.language))
    for fix in made:
        print(f"{clock(fix.cue.start)} cue {fix.place + 1}: {fix.message}")
    left = faults(cues, guide, film=film)
    print(summary(left, len(cues), guide, fixed=len(made)), file=sys.stderr)
    return 1 if left else 0


def summary(found: Sequence[Fault], cues: int, guide: Style, *, fixed: int | None = None) -> str:
    """How many faults of so many cues are left, and how many cues were `fixed`."""
    errors = sum(fault.severity is Severity.ERROR for fault in found)
    done = "" if fixed is None else f"{fixed} of {cues} cues mended; left are "
    text = f"{done}{_counted(errors, 'error')} and {_counted(len(found) - errors, 'warning')}"
    return f"granite-studio: {text} in {cues} cues, by the style “{guide.title}”."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
