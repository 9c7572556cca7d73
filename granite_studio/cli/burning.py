"""The command `burn`: subtitles into the pictures of a video, or beside them as a track."""

from __future__ import annotations

import argparse
import sys
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
    tell_losses,
)
from granite_studio.cli.recordings import refuse_text
from granite_studio.core.cancel import CancelToken
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import StudioError
from granite_studio.core.language_codes import three_letters
from granite_studio.media.burning import Burning, changes, check_target, find_ffmpeg
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.burning import Shapeless, burn, viewed
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
    parser.add_argument(
        "--language",
        default="",
        help="the language of a subtitle file, as de (default what it says itself)",
    )
    parser.add_argument(
        "--replace-track",
        action="store_true",
        help="with --track, leave out the tracks of the same language that are there",
    )
    targets.add_overwrite_argument(parser)
    add_export_arguments(parser)
    parser.set_defaults(work=_burn)


def _burn(options: argparse.Namespace) -> int:
    refuse_text(options.video)
    inputs = (options.video, options.subtitles)
    targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    if options.replace_track and not options.track:
        raise StudioError("--replace-track is about tracks; add --track.")
    if options.track and options.language and not three_letters(options.language):
        raise StudioError(
            f"{options.language!r} is no tag of a language; give one as de, pt-BR or fil."
        )
    text, left_out = _read(options)
    language = options.translation or options.language or text.language
    content = replace(content_of(text, options), film=project_film(options.subtitles))
    tell_losses(content, [viewed(content, options.target, as_track=options.track)])
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    bar = Bar(options.target.name)
    try:
        _tell_changes(options, language, reader)
        for progress in burn(
            options.video,
            content,
            options.target,
            reader,
            CancelToken(),
            as_track=options.track,
            language=language,
            replaces=options.replace_track,
        ):
            if isinstance(progress, Shapeless):
                print(
                    "granite-studio: No font here has a shape for these characters, so boxes "
                    f"stand in the pictures: {progress}. Install a font that has them.",
                    file=sys.stderr,
                )
            else:
                bar.show(progress)
    finally:
        bar.end()
        reader.close()
    return 1 if left_out else 0


def _tell_changes(options: argparse.Namespace, language: str, reader: MediaReader) -> None:
    """Say what of the video will be other than it was."""
    video, subtitles, target = options.video, options.subtitles, options.target
    asked = Burning(video, subtitles, target, options.track, language, options.replace_track)
    find_ffmpeg()
    check_target(asked)
    for sentence in changes(asked, reader.probe(video)):
        print(f"granite-studio: {sentence}", file=sys.stderr)


def _read(options: argparse.Namespace) -> tuple[Captions | Document, int]:
    """What is to be shown, and how many paragraphs have no text in the language wanted."""
    text = load_text(options.subtitles, language=options.language)
    is_project = options.subtitles.suffix.lower() == SUFFIX
    if options.translation and is_project and isinstance(text, Document):
        return in_language(text, options.translation)
    return text, 0
