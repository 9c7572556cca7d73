"""`transcribe`: hear recordings and write what was said, resuming where an earlier run stopped."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from granite_studio import formats
from granite_studio.cli import targets
from granite_studio.cli.common import (
    Bar,
    add_engine_arguments,
    add_export_arguments,
    content_of,
    moment,
    ready_engine,
    tell_losses,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.core import timing
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Finding, Media, Span
from granite_studio.core.errors import (
    EngineError,
    FormatError,
    MediaError,
    ProjectError,
    StudioError,
)
from granite_studio.core.files import fingerprint, refuse_folder
from granite_studio.core.merge import Role
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import emissions, plan
from granite_studio.pipeline.listen import Task, run_name, settings_of
from granite_studio.pipeline.passes import hear, journal_of, tasks
from granite_studio.pipeline.plan import Pass
from granite_studio.pipeline.results import Failed, Progress
from granite_studio.pipeline.scribe import Scribe
from granite_studio.pipeline.seaming import Said
from granite_studio.store import logs, places
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project

_WRITTEN = "written"
"""The stage of a project that knows what outputs a run has left."""
_JOURNALS_KEPT_S = 30 * 24 * 3600


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("media", nargs="+", type=Path, metavar="MEDIA", help="a recording")
    parser.add_argument(
        "-o",
        dest="outputs",
        action="append",
        default=[],
        metavar="OUT",
        help=f"a file to write, its format by its extension ({SUFFIX} {_extensions()}); "
        "- writes to standard output in the format that --format names",
    )
    parser.add_argument("--format", default="", help="formats for -d, parted by commas: srt,docx")
    parser.add_argument(
        "-d", dest="folder", type=Path, metavar="FOLDER", help="where to write them"
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files that are there, also those that this command did not write itself",
    )
    add_engine_arguments(parser)
    parser.add_argument(
        "--plan",
        choices=plan.names(),
        help="which engines hear it and what for, in place of --engine and --model",
    )
    parser.add_argument(
        "--window",
        type=float,
        default=0.0,
        metavar="S",
        help="longest stretch heard at once, 5 s or more (default: what the engine can take)",
    )
    parser.add_argument(
        "--keywords", default="", help="names and terms to listen for, parted by commas"
    )
    parser.add_argument(
        "--plain", action="store_true", help="words without punctuation and capitals"
    )
    parser.add_argument(
        "--one-speaker", action="store_true", help="do not ask the model who speaks"
    )
    parser.add_argument(
        "--carry-speakers",
        action="store_true",
        help="hear each window after clips of those who spoke before it (Plus; slower)",
    )
    parser.add_argument(
        "--people", type=int, metavar="N", help="how many people speak (default: found)"
    )
    parser.add_argument(
        "--own-times",
        action="store_true",
        help="ask the model for word times too, as a check on the aligned ones (slow)",
    )
    parser.add_argument(
        "--channels",
        choices=("mixed", "people"),
        default="mixed",
        help="hear all channels mixed, or each by itself as one person's (default mixed)",
    )
    parser.add_argument(
        "--start", type=moment, metavar="S", help="begin here: 95, 1:35 or 0:01:35.5"
    )
    parser.add_argument("--end", type=moment, metavar="S", help="stop here")
    parser.add_argument(
        "--first", type=moment, metavar="S", help="hear from here on first, and the rest after it"
    )
    parser.add_argument("--json", action="store_true", help="write a summary as JSON")
    add_export_arguments(parser)
    parser.set_defaults(work=work)


@dataclass(frozen=True, slots=True)
class _Work:
    """One recording and where its transcript goes."""

    media: Path
    outputs: tuple[Path, ...]
    to_stdout: str = ""
    project: Path | None = None


@dataclass(frozen=True, slots=True)
class _Tools:
    reader: MediaReader
    engine: EngineProcess


def work(options: argparse.Namespace) -> int:
    wanted = Options(
        language=options.language,
        keywords=tuple(word.strip() for word in options.keywords.split(",") if word.strip()),
        punctuation=not options.plain,
        speakers=not options.one_speaker,
        own_times=options.own_times,
        carried=options.carry_speakers,
        server=options.server,
    )
    passes = _passes(options, wanted)
    content_of(Document(), options)  # what cannot be written is said before anything is heard
    works = _works(options)
    tools = _Tools(
        MediaReader(places.cache_dir(), logs.path_of("media")),
        EngineProcess(logs.path_of("engine")),
    )
    worst, summaries = 0, []
    try:
        for one in works:
            try:
                summary = _hear(one, passes, options, tools)
            except StudioError as error:
                print(f"granite-studio: {error}", file=sys.stderr)
                worst = 2
                continue
            summaries.append(summary)
            worst = max(worst, 1 if summary["findings"] else 0)
    finally:
        tools.engine.close()
        tools.reader.close()
    if options.json:
        only = summaries[0] if len(works) == 1 and summaries else None
        print(json.dumps(only or summaries, indent=2))
    return worst


def _passes(options: argparse.Namespace, wanted: Options) -> tuple[Pass, ...]:
    """What hears it: a plan, or one engine. Raises `EngineError` where that cannot be."""
    if options.people is not None and options.people < 1:
        raise EngineError("--people takes 1 or more; leave it out to let the program find out.")
    if options.window and not 5 <= options.window <= 600:
        raise EngineError("--window takes 5 to 600 seconds; leave it out for the usual length.")
    if options.plan is None:
        return plan.only(ready_engine(options, wanted), wanted)
    if options.engine != catalog.AUTO or options.model is not None:
        raise EngineError("A plan chooses the engines; leave out --engine and --model.")

    def ready(engine: str, asked: Options) -> models.Ready:
        return models.ready(engine, None, places.models_dir(), options=asked)

    chosen = plan.find(options.plan)
    if wanted.carried and not chosen.may_carry:
        raise EngineError(
            f"The plan {chosen.name} carries no speakers from window to window; leave that out."
        )
    return plan.passes(chosen, wanted, ready)


def _hear(
    work: _Work, passes: tuple[Pass, ...], options: argparse.Namespace, tools: _Tools
) -> dict[str, object]:
    """Hear one recording and write its outputs; returns the summary that --json shows."""
    began = time.monotonic()
    if not work.media.exists():
        raise MediaError(f"{work.media} does not exist; check the name.")
    refuse_text(work.media)
    info = tools.reader.probe(work.media)
    span = _span(options.start, options.end, info.duration_ms)
    media = Media(work.media.name, info.duration_ms, fingerprint(work.media))
    channels = 1
    if options.channels == "people":
        channels = info.track.channels if info.track else 1
        if channels < 2:
            raise MediaError(f"{work.media.name} has one channel; leave out --channels people.")
    asked = tasks(
        passes,
        work.media,
        media,
        span=span,
        device=options.device,
        window_s=options.window,
        channels=channels,
        first=options.first or 0,
    )
    project = _project(work, media, [task for _, task in asked], overwrite=options.overwrite)
    try:
        for _, task in asked:
            project.put_stage("run", run_name(task), settings_of(task))
        document, heard_ms = _run(project, asked, tools, Bar(work.media.name), options.people)
        project.flush()
        document = replace(document, language=passes[0].options.language)
        _write(work, content_of(document, options), project)
    finally:
        project.close()
    seconds = time.monotonic() - began
    entries = [one.ready.entry for one in passes]
    return _summary(work, entries, document, seconds, heard_ms)


def _write(work: _Work, content: formats.Content, project: Project) -> None:
    """Write the outputs and say what they leave out; the project knows them from then on."""
    piped = [targets.format_named(work.to_stdout)] if work.to_stdout else []
    tell_losses(content, [*map(targets.format_of, work.outputs), *piped])
    for path in work.outputs:
        targets.save(path, content)
        project.put_stage(_WRITTEN, os.path.abspath(path), fingerprint(path))
    for known in piped:
        targets.put(known, content)


def _run(
    project: Project,
    asked: tuple[tuple[Role, Task], ...],
    tools: _Tools,
    bar: Bar,
    people: int | None,
) -> tuple[Document, int]:
    """Fill the project with what is heard; returns the document and the ms heard in this run."""
    cancel = CancelToken()
    history = project.history
    journal = journal_of(history.document, project.results(), project.stages)
    keep = partial(emissions.keep, places.cache_dir(), asked[0][1].fingerprint)
    scribe, fresh = Scribe(), dict[str, int]()
    try:
        for event in hear(
            asked, tools.reader, tools.engine, cancel, journal=journal, keep=keep, people=people
        ):
            if isinstance(event, Progress):
                bar.show(event)
                continue
            if not isinstance(event, Failed):
                for kept in event.kept:
                    project.put_stage(kept.stage, kept.key, kept.value)
            heard = (event.result,) if isinstance(event, Said) else ()
            fresh |= {one.key: one.span.end - one.span.start for one in heard}
            before = history.document
            step = history.commit(scribe.write(before, event), "Hear", "hear")
            project.record(before, step, heard)
    finally:
        cancel.cancel()
        bar.end()
    return history.document, sum(fresh.values())


def _project(work: _Work, media: Media, asked: Sequence[Task], *, overwrite: bool) -> Project:
    """The project to fill: the one asked for, or a journal in the cache.

    Raises `FormatError` where outputs are there that an earlier run did not write, unless they
    are to be overwritten.
    """
    path = work.project
    if path is None:
        folder = places.cache_dir() / "journals"
        folder.mkdir(parents=True, exist_ok=True)
        _prune(folder)
        path = folder / f"{run_name(*asked)}{SUFFIX}"
    if not path.exists():
        if not overwrite:
            _refuse_others(work.outputs, {})
        document = Document(language=asked[0].options.language, media=media)
        return Project.create(path, document=document, media_path=work.media)
    project = Project.open(path)
    if project.is_read_only:
        project.close()
        raise ProjectError(project.read_only_reason or f"{path} cannot be written.")
    media_now = project.history.document.media
    if media_now is None or media_now.fingerprint != media.fingerprint:
        project.close()
        raise ProjectError(f"{path} belongs to another recording; choose another name for -o.")
    if not overwrite:
        try:
            _refuse_others(work.outputs, project.stages(_WRITTEN))
        except StudioError:
            project.close()
            raise
    return project


def _refuse_others(outputs: Sequence[Path], written: Mapping[str, str]) -> None:
    """Raise `FormatError` where an output is there and not as an earlier run has `written` it."""
    for path in outputs:
        is_ours = path.is_file() and not path.is_symlink()
        if is_ours and written.get(os.path.abspath(path)) == fingerprint(path):
            continue
        if os.path.lexists(path):
            targets.refuse_taken(path)


def _prune(folder: Path) -> None:
    """Remove journals that nobody resumed for a month."""
    oldest = time.time() - _JOURNALS_KEPT_S
    for path in folder.glob(f"*{SUFFIX}*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _summary(
    work: _Work,
    entries: Sequence[catalog.Entry],
    document: Document,
    seconds: float,
    heard_ms: int,
) -> dict[str, object]:
    words = sum(len(segment.words) for segment in document)
    told = {finding.span for finding in document.findings}
    gaps = (span for span in document.untranscribed if span not in told)
    found = [*document.findings, *map(_gap, gaps)]
    findings: list[dict[str, Any]] = [
        {"kind": f.kind, "start_ms": f.span.start, "end_ms": f.span.end, "message": f.message}
        for f in sorted(found, key=lambda finding: finding.span.start)
    ]
    if not words:
        duration = document.media.duration if document.media else 0
        findings.append(
            {
                "kind": "no-text",
                "start_ms": 0,
                "end_ms": duration,
                "message": "No speech was found, so the outputs hold no text.",
            }
        )
    for finding in findings:
        at = timing.short_clock(finding["start_ms"])
        print(f"granite-studio: {work.media.name} {at}: {finding['message']}", file=sys.stderr)
    outputs = [str(path) for path in (*work.outputs, *filter(None, [work.project]))]
    return {
        "media": str(work.media),
        "engine": ", ".join(dict.fromkeys(entry.title for entry in entries)),
        "draft": any(entry.capabilities.draft for entry in entries),
        "duration_ms": document.media.duration if document.media else 0,
        "words": words,
        "segments": len(document.segments),
        "untranscribed_ms": sum(span.end - span.start for span in document.untranscribed),
        "findings": findings,
        "seconds": round(seconds, 2),
        "heard_ms": heard_ms,
        "outputs": outputs,
    }


def _gap(span: Span) -> Finding:
    seconds = (span.end - span.start) / 1000
    return Finding("untranscribed", span, f"Speech without text, {seconds:.1f} s.")


def _span(start: int | None, end: int | None, duration: int) -> Span | None:
    if start is None and end is None:
        return None
    first, last = start or 0, duration if end is None else min(end, duration)
    if first >= last:
        raise MediaError(
            f"There is nothing to hear from {first / 1000:g} s to {last / 1000:g} s; "
            f"the recording is {duration / 1000:g} s long."
        )
    return Span(first, last)


def _works(options: argparse.Namespace) -> list[_Work]:
    """Settle and check every output before anything is heard."""
    names = [name.strip() for name in options.format.split(",") if name.strip()]
    if options.outputs and options.folder:
        raise FormatError("Use -o for one recording, or --format with -d for several, not both.")
    if options.folder is not None:
        return _folder_works(options, names or ["srt"])
    if not options.outputs:
        raise FormatError("Say where the transcript goes: -o FILE, or --format srt -d FOLDER.")
    if len(options.media) > 1:
        raise FormatError("-o takes one recording; for several use --format with -d FOLDER.")
    media = options.media[0]
    to_stdout = ""
    if "-" in options.outputs:
        if len(names) != 1:
            raise FormatError("Say with --format in which format to write to standard output.")
        to_stdout = targets.format_named(names[0]).name
    paths = [Path(out) for out in options.outputs if out != "-"]
    projects = [path for path in paths if path.suffix.lower() == SUFFIX]
    if len(projects) > 1:
        raise FormatError("Only one project can be written at a time.")
    others = tuple(path for path in paths if path not in projects)
    for path in paths:
        _check_output(path, media)
    for path in others:
        targets.format_of(path)
    return [_Work(media, others, to_stdout, projects[0] if projects else None)]


def _folder_works(options: argparse.Namespace, names: list[str]) -> list[_Work]:
    folder: Path = options.folder
    if not folder.is_dir():
        raise FormatError(f"{folder} is not a folder; make it first.")
    extensions = [
        SUFFIX if name == SUFFIX[1:] else targets.format_named(name).extensions[0]
        for name in names
    ]
    found: list[_Work] = []
    taken: dict[Path, Path] = {}
    for media in options.media:
        paths = [folder / f"{media.stem}{extension}" for extension in extensions]
        for path in paths:
            if path in taken:
                raise FormatError(
                    f"{taken[path]} and {media} would both be written to {path}; hear them apart."
                )
            taken[path] = media
            if path.exists() and path.suffix != SUFFIX and not options.overwrite:
                raise FormatError(f"{path} exists already; add --overwrite to replace it.")
            _check_output(path, media)
        projects = [path for path in paths if path.suffix == SUFFIX]
        others = tuple(path for path in paths if path not in projects)
        found.append(_Work(media, others, "", projects[0] if projects else None))
    return found


def _check_output(path: Path, media: Path) -> None:
    if not path.parent.is_dir():
        raise FormatError(
            f"{path.parent} is not a folder; make it first, or choose another place."
        )
    refuse_folder(path)
    if path.exists() and media.exists() and path.samefile(media):
        raise FormatError(f"{path} is the recording itself; choose another name.")


def _extensions() -> str:
    return " ".join(
        extension
        for known in (*formats.FORMATS.values(), targets.PDF)
        for extension in known.extensions
    )
