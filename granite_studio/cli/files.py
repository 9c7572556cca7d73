"""Commands on files: `export`, `convert`, `info`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from granite_studio import formats
from granite_studio.cli import targets
from granite_studio.cli.common import (
    add_export_arguments,
    content_of,
    in_language,
    project_film,
    stated_rate,
    tell_guessed_rate,
    tell_losses,
    tell_own_rates,
    words_of,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.cli.speakers import add_speakers_argument, tell_waiting, with_speakers
from granite_studio.core import edits, timing
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.importing import is_untimed
from granite_studio.media.client import MediaReader
from granite_studio.store import logs, places
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("-o", dest="outputs", action="append", required=True, metavar="OUT")
    parser.add_argument(
        "--translation",
        default="",
        metavar="LANGUAGE",
        help="write what was translated to this language, as fr",
    )
    add_speakers_argument(parser)
    targets.add_overwrite_argument(parser)
    add_export_arguments(parser)
    parser.set_defaults(work=_export)


def convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="IN")
    parser.add_argument(
        "target",
        metavar="OUT",
        help="- writes to standard output; see --to; a name that ends in .gstudio makes a project",
    )
    add_format_argument(parser)
    parser.add_argument(
        "--language",
        default="",
        help="the language of the file, as de or pt-BR (default what it says itself)",
    )
    add_speakers_argument(parser)
    targets.add_overwrite_argument(parser)
    add_export_arguments(parser)
    parser.epilog = f"Formats: {_formats()}."
    parser.set_defaults(work=_convert)


def add_format_argument(parser: argparse.ArgumentParser) -> None:
    """The format of what is written; `target_format` reads it."""
    parser.add_argument(
        *("--to", "--format"),
        dest="to",
        default="",
        metavar="FORMAT",
        help="the format, where OUT does not tell it",
    )


def target_format(target: str, named: str) -> formats.Format:
    """The format to write to this file, or to standard output for "-". Raises `FormatError`."""
    if target == "-" and not named:
        raise FormatError("Say with --to in which format to write to standard output.")
    return targets.format_named(named) if named else targets.format_of(Path(target))


def write(target: str, known: formats.Format, content: formats.Content) -> None:
    """Write the content to this file, or to standard output for "-". Raises `FormatError`."""
    if target == "-":
        targets.put(known, content)
    else:
        formats.save(Path(target), content, known)


def _formats() -> str:
    """Every format by its name, with the endings of its files."""
    return ", ".join(
        f"{known.name} ({' '.join(known.extensions)})"
        for known in (*formats.FORMATS.values(), targets.PDF)
    )


def info_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="MEDIA|PROJECT")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=_info)


def _export(options: argparse.Namespace) -> int:
    paths = [Path(out) for out in options.outputs]
    wanted = [targets.format_of(path) for path in paths]
    refuse_text(options.project, wanted="a project")
    inputs = (options.project, options.speakers, options.template)
    targets.check_outputs(paths, inputs, overwrite=options.overwrite)
    with Project.open(options.project, read_only=True) as project:
        document = project.history.document
    if options.speakers:
        document = with_speakers(document, options.speakers)
    left_out = 0
    if options.translation:
        document, left_out = in_language(document, options.translation)
    content = _content(document, options)
    content = dataclasses.replace(content, film=project_film(options.project))
    tell_waiting(document, wanted)
    tell_own_rates(content, wanted)
    tell_losses(content, wanted)
    for path in paths:
        targets.save(path, content)
    return 1 if left_out else 0


def _convert(options: argparse.Namespace) -> int:
    makes_project = not options.to and Path(options.target).suffix.lower() == SUFFIX
    known = formats.PROJECT if makes_project else target_format(options.target, options.to)
    if options.source.suffix.lower() == SUFFIX:
        raise FormatError(
            f"“{options.source.name}” is a project; granite-studio export writes it in other "
            "formats."
        )
    inputs = (options.source, options.speakers, options.template)
    targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    text = formats.load(options.source, language=options.language, frame_rate=stated_rate(options))
    tell_guessed_rate(options.source, text)
    if options.speakers:
        if isinstance(text, Captions):
            text = words_of(text, options.source.name)
        text = with_speakers(text, options.speakers)
    content = _content(text, options)
    tell_waiting(text, [known])
    if isinstance(text, Document) and is_untimed(text):
        print(
            f"granite-studio: “{options.source.name}” says no times, so they are guessed; "
            "granite-studio align finds the true ones in the recording.",
            file=sys.stderr,
        )
    tell_losses(content, [known])
    if makes_project:
        Project.create(Path(options.target), document=content.as_document()).close()
    else:
        write(options.target, known, content)
    return 0


def _content(text: Document | Captions, options: argparse.Namespace) -> formats.Content:
    """What is to be written; with names where a file says who speaks, or nothing else is known."""
    content = content_of(text, options)
    is_about_names = isinstance(text, Document) and all(map(edits.is_waiting, text))
    if content.speaker_names is None and (options.speakers or is_about_names):
        return dataclasses.replace(content, speaker_names=True)
    return content


def _info(options: argparse.Namespace) -> int:
    facts = _project_facts(options.path) if options.path.suffix.lower() == SUFFIX else None
    facts = facts or _media_facts(options.path)
    if options.json:
        print(json.dumps(facts, indent=2))
        return 0
    for name, value in facts.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            print(f"{name:15} {_shown(name, row)}")
    return 0


def _shown(name: str, value: object) -> str:
    if name.endswith("_ms") and isinstance(value, int):
        return timing.clock(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items() if item not in ("", None))
    return str(value)


def _media_facts(path: Path) -> dict[str, object]:
    refuse_text(path)
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    try:
        info = reader.probe(path)
    finally:
        reader.close()
    return {
        "file": str(path),
        "container": info.container,
        "duration_ms": info.duration_ms,
        "tracks": [dataclasses.asdict(track) for track in info.tracks],
        "video": dataclasses.asdict(info.video) if info.video else None,
    }


def _project_facts(path: Path) -> dict[str, object]:
    with Project.open(path, read_only=True) as project:
        document = project.history.document
        return {
            "project": str(path),
            "media": str(project.media_path) if project.media_path else None,
            "duration_ms": document.media.duration if document.media else 0,
            "language": document.language,
            "engines": [dataclasses.asdict(engine) for engine in document.engines],
            "speakers": [speaker.name for speaker in document.speakers],
            "segments": len(document.segments),
            "words": sum(len(segment.words) for segment in document),
            "untranscribed_ms": sum(span.end - span.start for span in document.untranscribed),
            "findings": [finding.message for finding in document.findings],
            "undo_steps": len(project.history.steps) - 1,
            "versions": [version.name for version in project.versions()],
        }
