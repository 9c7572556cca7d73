"""Commands on subtitles and a style: `check` says what breaks it, `fix` mends what can be,
`shots` finds the cuts of a film to put cues by."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from granite_studio import formats
from granite_studio.cli.common import (
    Bar,
    add_style_argument,
    chosen_style,
    load_text,
    project_shots,
)
from granite_studio.core.cancel import CancelToken
from granite_studio.core.checks import Severity
from granite_studio.core.cues import Cue, derive, to_captions
from granite_studio.core.document import Document
from granite_studio.core.files import atomic_write
from granite_studio.core.fixing import Fix, cues_of, fixed, fixes, retimed
from granite_studio.core.quality import Fault, faults, quality
from granite_studio.core.shots import dump_shots, nearest_rate, snapped
from granite_studio.core.styles import Style
from granite_studio.core.timing import clock
from granite_studio.formats import report
from granite_studio.media.client import MediaReader
from granite_studio.media.values import Shots
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.shots import kept_beside, read_list
from granite_studio.store import logs, places
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
    """The cuts of the film that cues are put by; `cuts_of` reads them."""
    parser.add_argument(
        "--shots",
        type=Path,
        metavar="LIST",
        help="cuts to put cues by: a list, as `shots` writes it, or a project that keeps them "
        "(default: a project is cut by its own)",
    )


def cuts_of(path: Path | None) -> Shots | None:
    """The cuts that this list or project holds, where one is given. Raises `StudioError`."""
    return read_list(path) if path else None


def shots_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("media", type=Path, metavar="VIDEO", help="or a project that keeps them")
    parser.add_argument(
        "-o", dest="target", type=Path, metavar="LIST", help="where to write them (default: here)"
    )
    parser.set_defaults(work=_shots)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="subtitles or a project")
    add_style_argument(parser)
    parser.add_argument(
        "--language", default="", help="the language of a subtitle file, as de; a project knows it"
    )


def _check(options: argparse.Namespace) -> int:
    guide = chosen_style(options.style)
    write = report.writer_for(options.report) if options.report else None
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cues = derive(read, guide, project_shots(options.source))
        made: Sequence[Fix] = fixes(cues, guide, language=read.language)
    else:
        cues = cues_of(read)
        _, made = fixed(read, guide, language=options.language)
    found = faults(cues, guide, made)
    if write:
        title, date = options.source.name, datetime.date.today().isoformat()
        atomic_write(options.report, write(quality(cues, guide, found), title=title, date=date))
    _tell(options, found, len(cues), guide)
    return 1 if found else 0


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
    formats.by_extension(options.target)
    shots = cuts_of(options.shots)
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cuts = shots.times if shots else project_shots(options.source)
        cues = list(derive(read, guide, cuts))
        made: Sequence[Fix] = fixes(cues, guide, language=read.language)
        for fix in made:
            cues[fix.place] = fix.cue
        cues = _by_shots(cues, shots, guide)
        after = to_captions(read, cues, speaker_names=not options.no_speakers)
    else:
        after, made = fixed(read, guide, language=options.language)
        cues = _by_shots(cues_of(after), shots, guide)
        after = retimed(after, cues)
    formats.save(options.target, formats.Content(captions=after, language=options.language))
    for fix in made:
        print(f"{clock(fix.cue.start)} cue {fix.place + 1}: {fix.message}")
    left = faults(cues, guide)
    print(summary(left, len(cues), guide, fixed=len(made)), file=sys.stderr)
    return 1 if left else 0


def _by_shots(cues: Sequence[Cue], shots: Shots | None, guide: Style) -> list[Cue]:
    """The cues put by these cuts, where there are any; says how many moved."""
    if shots is None:
        return list(cues)
    moved = snapped(cues, shots.times, nearest_rate(shots.fps), guide)
    count = sum(one != other for one, other in zip(cues, moved, strict=True))
    print(f"granite-studio: {count} cues put by {len(shots.times)} cuts.", file=sys.stderr)
    return moved


def _shots(options: argparse.Namespace) -> int:
    is_project = options.media.suffix.lower() == SUFFIX
    known = read_list(options.media) if is_project else kept_beside(options.media)
    found = known or _looked_for(options.media)
    text = dump_shots(found.times, found.fps)
    if options.target is None:
        print(text, end="")
    else:
        atomic_write(options.target, text.encode())
    return 0


def _looked_for(video: Path) -> Shots:
    """The cuts of a video, found by looking at all its pictures."""
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    bar = Bar(video.name)
    try:
        total = reader.probe(video).duration_ms
        for event in reader.shots(video, CancelToken()):
            if isinstance(event, Shots):
                found = event
            else:
                bar.show(Progress(min(event.done_ms, total), total, "Looking"))
    finally:
        bar.end()
        reader.close()
    return found


def summary(found: Sequence[Fault], cues: int, guide: Style, *, fixed: int | None = None) -> str:
    """How many faults of so many cues are left, and how many cues were `fixed`."""
    errors = sum(fault.severity is Severity.ERROR for fault in found)
    done = "" if fixed is None else f"{fixed} of {cues} cues mended; left are "
    text = f"{done}{errors} errors and {len(found) - errors} warnings"
    return f"granite-studio: {text} in {cues} cues, by the style “{guide.title}”."
