"""The command `return`: a Word document that people worked on goes back into its project."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from granite_studio import formats
from granite_studio.core import timing
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError, ProjectError
from granite_studio.core.files import refuse_folder
from granite_studio.core.roundtrip.differences import REFUSED, Deed, Difference, Side
from granite_studio.core.roundtrip.returning import Returned, returned
from granite_studio.formats.docx_reading import brought
from granite_studio.store.project import Project

_LEAST_KEPT = 0.25
"""Of the project's words; an export keeps more of them however much it was edited."""
LABEL = "Bring back from Word"
"""What undo says in the window."""
_SAYS = {
    Deed.CHANGED: "changed",
    Deed.ADDED: "added",
    Deed.DELETED: "deleted",
    Deed.KEPT: "deleted there, changed here, and kept",
    Deed.SPLIT: "begins a new paragraph",
    Deed.JOINED: "joined with the next",
    Deed.BORDER: "took words over from its neighbour",
    Deed.MOVED: "moved; it stays where it was said",
    Deed.SPEAKER: "another speaker",
    Deed.RENAMED: "speaker renamed everywhere",
    Deed.NOTE: "a remark",
    Deed.TRANSLATION: "another translation",
    Deed.CUE: "begins a new cue",
    Deed.LINES: "other lines",
    Deed.TIMES: "other times",
    Deed.UNREADABLE: "a time that cannot be read; the cue keeps its times",
    Deed.BACKWARDS: "a time that is out of order; the cue keeps its times",
    Deed.SHORT: "too short to be seen; the cue keeps its times",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "edited", type=Path, metavar="EDITED.docx", help="an export of the project, edited"
    )
    parser.add_argument(
        "--keep",
        choices=[side.value for side in Side],
        default=Side.RETURNED.value,
        metavar="returned|project",
        help="whose words to take where both changed the same ones (default returned)",
    )
    parser.add_argument(
        "--anyway",
        action="store_true",
        help="take a file that does not say what was exported, or that has another text",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=_return)


def _return(options: argparse.Namespace) -> int:
    refuse_folder(options.edited)
    if options.edited.suffix.lower() != ".docx":
        raise FormatError(f"“{options.edited.name}” is not a .docx file; save it as one.")
    limit = formats.by_name("docx").limit
    came = brought(formats.source(options.edited, limit=limit))
    with Project.open(options.project, read_only=options.dry_run) as project:
        if project.is_read_only and not options.dry_run:
            raise ProjectError(project.read_only_reason)
        history = project.history
        before = history.document
        earlier = [step.document for step in reversed(history.steps)]
        result = returned(before, came, keep=Side(options.keep), earlier=earlier)
        if not (options.anyway or options.dry_run):
            _refuse_stranger(before, result, options.edited.name)
        if result.document is not before and not options.dry_run:
            project.record(before, history.commit(result.document, LABEL))
    if options.json:
        print(json.dumps(_facts(result), indent=2, ensure_ascii=False))
    else:
        for difference in result.differences:
            print(_told(difference, "row" if came.rows else "paragraph"))
    print(f"granite-studio: {_sum(result, options)}", file=sys.stderr)
    return 0


def _refuse_stranger(before: Document, result: Returned, name: str) -> None:
    """Raise `FormatError` where the file does not seem to be an export of this project."""
    if not result.differences:
        return
    words = {(word.id, word.text) for word in before.words()}
    kept = sum((word.id, word.text) in words for word in result.document.words())
    if kept < _LEAST_KEPT * len(words):
        reason = "has another text than the project"
    elif not result.knows_export:
        reason = "does not say what was exported to it"
    else:
        return
    raise FormatError(
        f"“{name}” {reason}, so that nothing was taken from it; look at the differences with "
        "--dry-run, and add --anyway to take its text."
    )


def _told(difference: Difference, what: str) -> str:
    head = f"{timing.clock(difference.start)[:-4]} {what} {difference.number}"
    is_both = difference.conflict and difference.deed not in REFUSED
    conflict = ", changed on both sides" if is_both else ""
    facts = ", ".join(filter(None, (difference.speaker, difference.language)))
    name = f" ({facts})" if facts else ""
    lines = [f"{head}{name}: {_SAYS[difference.deed]}{conflict}"]
    if difference.old != difference.new:
        old, new = (text.replace("\n", " | ") for text in (difference.old, difference.new))
        lines += [f"  - {old}"] if old else []
        lines += [f"  + {new}"] if new else []
    return "\n".join(lines)


def _facts(result: Returned) -> dict[str, object]:
    return {
        "changed": len(result.differences),
        "conflicts": result.conflicts,
        **({"refused": result.refused} if result.refused else {}),
        "knows_export": result.knows_export,
        "differences": [
            {
                "deed": difference.deed.value,
                "paragraph": difference.number,
                "start_ms": difference.start,
                **{
                    name: value
                    for name, value in dataclasses.asdict(difference).items()
                    if name in ("old", "new", "speaker", "conflict")
                },
                **({"language": difference.language} if difference.language else {}),
            }
            for difference in result.differences
        ],
    }


def _sum(result: Returned, options: argparse.Namespace) -> str:
    if not result.differences:
        return "Nothing changed."
    count = len(result.differences)
    text = f"{count} {'difference' if count == 1 else 'differences'}"
    if result.conflicts:
        sides = {Side.RETURNED: "came back", Side.PROJECT: "the project has"}
        text += (
            f", {result.conflicts} changed on both sides, where the text that "
            f"{sides[options.keep]} is taken"
        )
    if result.refused:
        text += f", {result.refused} with a time that cannot be taken"
    if not result.knows_export:
        text += "; the file does not say what was exported, so that its text is taken everywhere"
    return f"{text}. {'Nothing was written.' if options.dry_run else 'Undo takes it all back.'}"
