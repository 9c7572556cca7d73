"""The command `burn`: subtitles into the pictures of a video, or beside them as a track."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from granite_studio.cli import targets
from granite_studio.cli.common import (
    Bar,
    add_export_arguments,
    content_of,
    in_language,
    load_text,
    project_film,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.core.cancel import CancelToken
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.burning import burn
from granite_studio.store import logs, places
from granite_studio.store.opening import SUFFIX


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("video", type=Path, metavar="VIDEO")
    parser.add_argument("subtitles", type=Path, metavar="FILE", help="subtitles or a project")
    parser.add_argument("-o", dest="target", required=True, type=Path, metavar="OUT")
    parser.add_argument(
        "--track",
        action="store_true",
        help="add a track that viewers can hide, and leave the pictures as they are",
    )
    parser.add_argument(
        "--translation", default="", metavar="LANGUAGE", help="of a project, the text in it, as fr"
    )
    parser.add_argument("--language", default="", help="the language of a subtitle file, as de")
    targets.add_overwrite_argument(parser)
    add_export_arguments(parser)
    parser.set_defaults(work=_burn)


def _burn(options: argparse.Namespace) -> int:
    refuse_text(options.video)
    inputs = (options.video, options.subtitles)
    targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    text, left_out = _read(options)
    language = options.translation or options.language
    if isinstance(text, Document):
        language = language or text.language
    content = replace(content_of(text, options), film=project_film(options.subtitles))
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    bar = Bar(options.target.name)
    try:
        for progress in burn(
            options.video,
            content,
            options.target,
            reader,
            CancelToken(),
            as_track=options.track,
            language=language,
        ):
            bar.show(progress)
    finally:
        bar.end()
        reader.close()
    return 1 if left_out else 0


def _read(options: argparse.Namespace) -> tuple[Captions | Document, int]:
    """What is to be shown, and how many paragraphs have no text in the language wanted."""
    text = load_text(options.subtitles, language=options.language)
    is_project = options.subtitles.suffix.lower() == SUFFIX
    if options.translation and is_project and isinstance(text, Document):
        return in_language(text, options.translation)
    return text, 0
