"""Commands on subtitles and a style: `check` says what breaks it, `fix` mends what can be,
`shots` finds the cuts of a film to put cues by."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from granite_studio import formats
from granite_studio.cli.common import Bar, load_text
from granite_studio.core.cancel import CancelToken
from granite_studio.core.checks import Checker, Severity
from granite_studio.core.cues import Cue, derive, to_captions
from granite_studio.core.document import Document
from granite_studio.core.files import atomic_write
from granite_studio.core.fixing import Fix, cues_of, fixed, fixes, retimed
from granite_studio.core.shots import dump_shots, load_shots, nearest_rate, snapped
from granite_studio.core.styles import DEFAULT, Style, load_style, style, style_names
from granite_studio.core.timing import clock
from granite_studio.formats.tables import harmless
from granite_studio.media.client import MediaReader
from granite_studio.media.values import Shots
from granite_studio.pipeline.results import Progress
from granite_studio.store import logs, places

_LARGEST_STYLE = 1 << 20
_LARGEST_LIST = 10 << 20


def check_arguments(parser: argparse.ArgumentParser) -> None:
    _add_source(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="write JSON")
    shape.add_argument(
        "--csv", action="store_true", help="write a table with a row for each fault"
    )
    parser.set_defaults(work=_check)


def fix_arguments(parser: argparse.ArgumentParser) -> None:
    _add_source(parser)
    parser.add_argument(
        "-o", dest="target", required=True, type=Path, metavar="OUT", help="the subtitles to write"
    )
    parser.add_argument("--no-speakers", action="store_true", help="leave names out of subtitles")
    parser.add_argument(
        "--shots", type=Path, metavar="LIST", help="cuts, as `shots` lists them, to put cues by"
    )
    parser.set_defaults(work=_fix)


def shots_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("media", type=Path, metavar="VIDEO")
    parser.add_argument(
        "-o", dest="target", type=Path, metavar="LIST", help="where to write them (default: here)"
    )
    parser.set_defaults(work=_shots)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="subtitles or a project")
    parser.add_argument(
        "--style",
        default=DEFAULT,
        metavar="STYLE",
        help=f"{', '.join(style_names())}, or a style file (default {DEFAULT})",
    )
    parser.add_argument(
        "--language", default="", help="the language of a subtitle file, as de; a project knows it"
    )


@dataclass(frozen=True, slots=True)
class _Fault:
    """One broken rule of one cue, counted from 1, and what would mend the cue."""

    cue: int
    at: Cue
    rule: str
    severity: Severity
    message: str
    fix: str

    def values(self) -> dict[str, object]:
        return {
            "cue": self.cue,
            "start_ms": self.at.start,
            "end_ms": self.at.end,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "fix": self.fix,
            "text": self.at.text,
        }


def _check(options: argparse.Namespace) -> int:
    guide = _style(options.style)
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cues = derive(read, guide)
        made: Sequence[Fix] = fixes(cues, guide, language=read.language)
    else:
        cues = cues_of(read)
        _, made = fixed(read, guide, language=options.language)
    faults = _faults(cues, made, guide)
    if options.json:
        told = [fault.values() for fault in faults]
        print(json.dumps({"style": guide.name, "cues": len(cues), "findings": told}, indent=2))
    elif options.csv:
        _table(faults)
    else:
        for fault in faults:
            way = f" Fix: {fault.fix}" if fault.fix else ""
            print(
                f"{clock(fault.at.start)} cue {fault.cue}, {fault.severity}: {fault.message}{way}"
            )
        print(_sum(faults, len(cues), guide), file=sys.stderr)
    return 1 if faults else 0


def _fix(options: argparse.Namespace) -> int:
    guide = _style(options.style)
    formats.by_extension(options.target)
    read = load_text(options.source, language=options.language)
    if isinstance(read, Document):
        cues = list(derive(read, guide))
        made: Sequence[Fix] = fixes(cues, guide, language=read.language)
        for fix in made:
            cues[fix.place] = fix.cue
        cues = _by_shots(cues, options.shots, guide)
        after = to_captions(read, cues, speaker_names=not options.no_speakers)
    else:
        after, made = fixed(read, guide, language=options.language)
        cues = _by_shots(cues_of(after), options.shots, guide)
        after = retimed(after, cues)
    formats.save(options.target, formats.Content(captions=after, language=options.language))
    for fix in made:
        print(f"{clock(fix.cue.start)} cue {fix.place + 1}: {fix.message}")
    left = _faults(cues, (), guide)
    print(_sum(left, len(cues), guide, fixed=len(made)), file=sys.stderr)
    return 1 if left else 0


def _by_shots(cues: Sequence[Cue], path: Path | None, guide: Style) -> list[Cue]:
    """The cues put by the cuts that a file lists, where one is given; says how many moved."""
    if path is None:
        return list(cues)
    times, fps = load_shots(formats.source(path, limit=_LARGEST_LIST).text(), name=path.name)
    moved = snapped(cues, times, nearest_rate(fps), guide)
    count = sum(one != other for one, other in zip(cues, moved, strict=True))
    print(f"granite-studio: {count} cues put by {len(times)} cuts.", file=sys.stderr)
    return moved


def _shots(options: argparse.Namespace) -> int:
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    bar = Bar(options.media.name)
    try:
        total = reader.probe(options.media).duration_ms
        for event in reader.shots(options.media, CancelToken()):
            if isinstance(event, Shots):
                text = dump_shots(event.times, event.fps)
            else:
                bar.show(Progress(min(event.done_ms, total), total, "Looking"))
    finally:
        bar.end()
        reader.close()
    if options.target is None:
        print(text, end="")
    else:
        atomic_write(options.target, text.encode())
    return 0


def _style(name: str) -> Style:
    """A style of the program by its name, or one in a file. Raises `FormatError`."""
    path = Path(name)
    if path.suffix.lower() != ".toml":
        return style(name)
    return load_style(formats.source(path, limit=_LARGEST_STYLE).text())


def _faults(cues: Sequence[Cue], made: Sequence[Fix], guide: Style) -> list[_Fault]:
    """All faults in the order of the cues, errors first."""
    ways = {fix.place: fix.message for fix in made}
    places = {id(cue): place for place, cue in enumerate(cues)}
    return [
        _Fault(
            places[id(cue)] + 1,
            cue,
            problem.rule,
            problem.severity,
            problem.message,
            ways.get(places[id(cue)], ""),
        )
        for cue, problems in Checker(guide).check(cues)
        for problem in problems
    ]


def _table(faults: Sequence[_Fault]) -> None:
    """RFC 4180, with cells that a spreadsheet would take for a formula made harmless."""
    names = ("cue", "start_ms", "end_ms", "rule", "severity", "message", "fix", "text")
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    for fault in faults:
        values = fault.values()
        writer.writerow([harmless(str(values[name])) for name in names])


def _sum(faults: Sequence[_Fault], cues: int, guide: Style, *, fixed: int | None = None) -> str:
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    done = "" if fixed is None else f"{fixed} of {cues} cues mended; left are "
    text = f"{done}{errors} errors and {len(faults) - errors} warnings"
    return f"granite-studio: {text} in {cues} cues, by the style “{guide.title}”."
