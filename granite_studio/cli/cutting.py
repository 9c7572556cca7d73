"""The command `cut`: the words of a project or transcript as cues in a style."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from granite_studio.cli import targets
from granite_studio.cli.checking import (
    add_shots_argument,
    counted,
    film_of,
    guide_of,
    is_named,
    summary,
)
from granite_studio.cli.common import (
    add_export_arguments,
    content_of,
    in_language,
    load_text,
    tell_losses,
    tell_own_rates,
    words_of,
)
from granite_studio.cli.files import add_format_argument, target_format, write
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.kept import Kept, kept
from granite_studio.core.quality import faults


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="FILE", help="a project or a transcript with times"
    )
    parser.add_argument(
        "-o",
        dest="target",
        required=True,
        metavar="OUT",
        help="the subtitles to write; - writes to standard output, see --to",
    )
    add_format_argument(parser)
    parser.add_argument(
        "--anew", action="store_true", help="cut cues that were made by hand anew, too"
    )
    add_shots_argument(parser)
    targets.add_overwrite_argument(parser)
    parser.add_argument(
        "--language",
        "--translation",
        default="",
        metavar="TAG",
        help="of a project, the translation to cut, as fr; of subtitles, what they are in",
    )
    add_export_arguments(parser)
    parser.set_defaults(work=_cut)


def _cut(options: argparse.Namespace) -> int:
    known = target_format(options.target, options.to)
    inputs = (options.source, options.shots, options.template)
    targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    film = film_of(options)
    document, left_out = _read(options)
    if options.anew:
        _tell_anew(document)
        document = replace(document, cue_overrides=())
    content = content_of(document, options)
    content = replace(content, film=film, style=guide_of(options, film))
    tell_own_rates(content, [known])
    content = known.with_cues(content)
    tell_losses(content, [known])
    write(options.target, known, content)
    cues = known.cues(content)
    guide = known.guide(content)
    found = faults(cues, guide, film=film)
    named = is_named(document, known, options.speaker_names)
    _tell_kept(kept(document, content.as_cues(), guide, film), len(cues))
    print(summary(found, len(cues), guide, named=named), file=sys.stderr)
    return 1 if left_out else 0


def _tell_anew(document: Document) -> None:
    """Say what goes with the cues that a person made."""
    if places := sum(bool(hand.settings) for hand in document.cue_overrides):
        told = f"with the cues made by hand go {counted(places, 'place')} on the screen."
        print(f"granite-studio: {told}", file=sys.stderr)


def _tell_kept(hands: Sequence[Kept], cues: int) -> None:
    """Say which cues the style did not cut, and how many of them it is against."""
    if not hands:
        return
    there = sum(each.cue is not None for each in hands)
    broken = sum(bool(each.problems) for each in hands)
    told = f"kept as made by hand: {there} of {counted(cues, 'cue')}"
    told += f", {broken} against the style" if broken else ""
    told += "; --anew cuts them by the style."
    if there < len(hands):
        gone = counted(len(hands) - there, "cue")
        told += f" No longer kept: {gone}, whose words do not follow one another any more."
    print(f"granite-studio: {told}", file=sys.stderr)


def _read(options: argparse.Namespace) -> tuple[Document, int]:
    """The words to cut, and how many paragraphs have none in the language wanted."""
    text = load_text(options.source, language=options.language)
    if isinstance(text, Captions):
        if not options.anew:
            raise FormatError(
                f"“{options.source.name}” is cut into cues already; add --anew to cut its words "
                "anew, or write the cues as they are with granite-studio convert."
            )
        return words_of(text, options.source.name), 0
    if options.language in ("", text.language):
        return text, 0
    return in_language(text, options.language)
