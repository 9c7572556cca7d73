"""The option `--speakers`: words get the speakers of a file that tells who speaks when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from granite_studio import formats
from granite_studio.core import edits
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.formats import Format, rttm


def add_speakers_argument(parser: argparse.ArgumentParser) -> None:
    """The file of turns; `with_speakers` reads it."""
    parser.add_argument(
        "--speakers",
        type=Path,
        metavar="TURNS.rttm",
        help="give each word the speaker whose turn it lies in, by this RTTM file",
    )


def with_speakers(document: Document, path: Path) -> Document:
    """The words with the speakers of this file; says how many changed theirs.

    Raises `FormatError`.
    """
    turns = rttm.read_spoken(formats.source(path))
    done = edits.assign_turns(document, turns)
    total = sum(len(segment.words) for segment in document)
    told = f"Speakers from “{path.name}”: {done.changed} of {total} words changed theirs."
    if done.outside:
        told += f" Words in no turn kept theirs: {done.outside}."
    print(f"granite-studio: {told}", file=sys.stderr)
    return done.document


def tell_waiting(text: Document | Captions, targets: Iterable[Format]) -> None:
    """Say on standard error that turns have no words yet, where a format has words at all."""
    waits = isinstance(text, Document) and any(map(edits.is_waiting, text))
    if waits and any(known is not rttm.FORMAT for known in targets):
        print(
            "granite-studio: It is known who speaks when, but not what is said: turns without "
            "words are written as “…”.",
            file=sys.stderr,
        )
