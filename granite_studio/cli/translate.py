"""`translate`: put a project into another language, going on where an earlier run stopped."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from granite_studio.cli.common import (
    Bar,
    add_engine_arguments,
    add_export_arguments,
    content_of,
    in_language,
    project_film,
    tell_losses,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.cli.targets import add_overwrite_argument, check_outputs, format_of, save
from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document
from granite_studio.core.errors import MediaError, ProjectError
from granite_studio.core.files import fingerprint
from granite_studio.core.translation import untranslated
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.translate import (
    FINDINGS,
    Doubtful,
    Failed,
    Translated,
    applied,
    translate,
)
from granite_studio.store import logs, places
from granite_studio.store.project import Project


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--to", required=True, metavar="LANGUAGE", help="as fr, de or ja")
    parser.add_argument(
        "-o",
        dest="outputs",
        action="append",
        default=[],
        metavar="OUT",
        help="a file to write the translation to, its format by its extension",
    )
    add_overwrite_argument(parser)
    add_engine_arguments(parser, spoken="")
    parser.add_argument("--json", action="store_true", help="write a summary as JSON")
    add_export_arguments(parser)
    parser.set_defaults(work=work)


def work(options: argparse.Namespace) -> int:
    targets = [Path(out) for out in options.outputs]
    for path in targets:
        format_of(path)
    inputs = (options.project, options.template)
    check_outputs(targets, inputs, overwrite=options.overwrite)
    content_of(Document(), options)  # what cannot be written is said before anything is heard
    began = time.monotonic()
    refuse_text(options.project, wanted="a project")
    with Project.open(options.project) as project:
        if project.is_read_only:
            raise ProjectError(project.read_only_reason)
        asked = len(untranslated(project.history.document, options.to))
        document = _run(project, _task(project, options), options)
    left = len(untranslated(document, options.to))
    if targets and document.segments:
        content = content_of(in_language(document, options.to)[0], options)
        content = replace(content, film=project_film(options.project))
        tell_losses(content, map(format_of, targets))
        for path in targets:
            save(path, content)
    findings = [finding for finding in document.findings if finding.kind in FINDINGS]
    for finding in findings:
        print(f"granite-studio: {finding.message}", file=sys.stderr)
    if options.json:
        summary = {
            "project": str(options.project),
            "language": options.to,
            "paragraphs": len(document.segments),
            "translated": asked - left,
            "untranslated": left,
            "findings": [
                {
                    "kind": f.kind,
                    "start_ms": f.span.start,
                    "end_ms": f.span.end,
                    "message": f.message,
                }
                for f in findings
            ],
            "seconds": round(time.monotonic() - began, 2),
            "outputs": [str(path) for path in targets],
        }
        print(json.dumps(summary, indent=2))
    return 1 if findings or left else 0


def _task(project: Project, options: argparse.Namespace) -> Task:
    """What to hear: the project's own recording, with an engine that can translate it."""
    document = project.history.document
    if project.media_path is None or document.media is None:
        raise MediaError(
            f"The recording of {options.project} is not where it was; open the project in the "
            "window and find it."
        )
    wanted = Options(
        language=options.language or document.language,
        translate_to=options.to,
        server=options.server,
    )
    ready = models.ready(options.engine, options.model, places.models_dir(), options=wanted)
    catalog.check(ready.entry, wanted)
    return Task(
        media=project.media_path,
        fingerprint=document.media.fingerprint or fingerprint(project.media_path),
        duration=document.media.duration,
        engine=ready.entry.name,
        model=ready.model,
        options=wanted,
        revision=ready.revision,
        device=options.device,
    )


def _run(project: Project, task: Task, options: argparse.Namespace) -> Document:
    """Fill the project with what is translated; each paragraph is kept as it comes."""
    history, bar, cancel = project.history, Bar(options.project.name), CancelToken()
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    engine = EngineProcess(logs.path_of("engine"))
    findings = [f for f in history.document.findings if f.kind not in FINDINGS]
    try:
        for event in translate(task, history.document, reader, engine, cancel):
            if isinstance(event, Progress):
                bar.show(event)
            elif isinstance(event, Translated):
                _commit(project, applied(history.document, event))
            elif isinstance(event, (Failed, Doubtful)):
                findings.append(event.finding)
    finally:
        cancel.cancel()
        bar.end()
        engine.close()
        reader.close()
    _commit(project, edits.set_findings(history.document, dict.fromkeys(findings)))
    return history.document


def _commit(project: Project, after: Document) -> None:
    before = project.history.document
    if after is not before:
        project.record(before, project.history.commit(after, "Translate", "translate"))
