"""The export options that are for Word documents alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from granite_studio.formats import Layout


def add_word_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say how a Word document looks."""
    parser.add_argument(
        "--layout",
        choices=[layout.value for layout in Layout],
        default=Layout.INTERVIEW.value,
        metavar="|".join(layout.value for layout in Layout),
        help="of a DOCX: paragraphs, or a table of paragraphs, cues or two languages",
    )
    parser.add_argument(
        "--template",
        type=Path,
        metavar="FILE.docx",
        help="a Word document with fields, as {{title}} and {{transcript}}, to be filled",
    )
    parser.add_argument(
        "--beside",
        default="",
        metavar="LANGUAGE",
        help="the translation that stands beside the original, as fr (default the first)",
    )
