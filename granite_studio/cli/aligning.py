"""The command `align`: a text that is there already gets the times of its words."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from granite_studio.cli import targets
from granite_studio.cli.common import (
    Bar,
    add_engine_arguments,
    add_export_arguments,
    content_of,
    ready_engine,
    tell_losses,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Media
from granite_studio.core.files import fingerprint
from granite_studio.core.heard import Heard
from granite_studio.core.matching import matched
from granite_studio.engines.base import Options
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline import plan
from granite_studio.pipeline.passes import tasks
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.script import LEAST, hear_words, read_script
from granite_studio.store import logs, places
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("media", type=Path, metavar="MEDIA")
    parser.add_argument(
        "text",
        type=Path,
        metavar="TEXT",
        help="plain text, a Word document or a PDF (both without their headings), another "
        "transcript that has times, or subtitles",
    )
    parser.add_argument("-o", dest="target", required=True, type=Path, metavar="OUT")
    parser.add_argument(
        "--window", type=float, default=0.0, metavar="S", help="as of `transcribe`, 5 s or more"
    )
    targets.add_overwrite_argument(parser)
    add_engine_arguments(parser)
    add_export_arguments(parser)
    parser.set_defaults(work=_align)


def _align(options: argparse.Namespace) -> int:
    wanted = Options(language=options.language, server=options.server)
    passes = plan.only(ready_engine(options, wanted), wanted)
    is_project = options.target.suffix.lower() == SUFFIX
    known = None if is_project else targets.format_of(options.target)
    if is_project and options.target.exists():
        targets.refuse_taken(options.target)
    inputs = (options.media, options.text, options.template)
    targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    refuse_text(options.media)
    script = read_script(options.text, options.language)
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    engine = EngineProcess(logs.path_of("engine"))
    try:
        duration = reader.probe(options.media).duration_ms
        media = Media(options.media.name, duration, fingerprint(options.media))
        heard = _heard(passes, media, options, reader, engine)
    finally:
        engine.close()
        reader.close()
    document, found = matched(script.document, heard)
    document = edits.set_media(document, media)
    if known is None:
        Project.create(options.target, document=document, media_path=options.media).close()
    else:
        content = content_of(document, options)
        tell_losses(content, [known])
        targets.save(options.target, content)
    count = sum(1 for _ in document.words())
    told = f"{found} of {count} words were found in the sound."
    if script.headings:
        told = f"{told} Headings left out, which nobody says: {script.headings}."
    print(f"granite-studio: {told}", file=sys.stderr)
    if found < LEAST * count:
        print("granite-studio: The text may be that of another recording.", file=sys.stderr)
        return 1
    return 0


def _heard(
    passes: tuple[plan.Pass, ...],
    media: Media,
    options: argparse.Namespace,
    reader: MediaReader,
    engine: EngineProcess,
) -> Heard:
    """What the engine makes of the recording."""
    asked = tasks(passes, options.media, media, device=options.device, window_s=options.window)
    bar = Bar(options.media.name)
    try:
        for event in hear_words(asked, media, options.language, reader, engine, CancelToken()):
            if isinstance(event, Progress):
                bar.show(event)
            else:
                heard = event
    finally:
        bar.end()
    return heard
