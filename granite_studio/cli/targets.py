"""The files that commands write: in every format, as a PDF, and never over another by accident.

A PDF is painted by Qt in a child process, so that no command needs a screen or loads anything of
it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import FormatError
from granite_studio.core.files import refuse_folder
from granite_studio.formats import Content, Format, pdf
from granite_studio.formats.heads import title_of
from granite_studio.formats.print_page import printable
from granite_studio.store.opening import SUFFIX
from granite_studio.workers.child import Worker, WorkerError
from granite_studio.workers.limits import Limits

PRINTER = "granite_studio.services.paper:serve"
"""Who paints a PDF, in a process of its own."""
_QUIET_S = 600.0
"""A day of talk is laid out in a tenth of it."""
_LIMITS = Limits(threads=1, network=False)


def add_overwrite_argument(parser: argparse.ArgumentParser) -> None:
    """Whether files that are there may be replaced; `check_outputs` is told of it."""
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that are there already"
    )


def check_outputs(
    outputs: Iterable[str | Path], inputs: Iterable[Path | None], *, overwrite: bool
) -> None:
    """Raise `FormatError` before anything is done where an output is one of the inputs, or there
    already and not to be replaced. "-" is standard output."""
    sources = [path for path in inputs if path is not None]
    for path in (Path(output) for output in outputs if output != "-"):
        refuse_folder(path)
        for source in sources:
            if is_same(path, source):
                raise FormatError(
                    f"“{path.name}” is what is read; choose another name for what is written."
                )
        if os.path.lexists(path) and not overwrite:
            refuse_taken(path)


def refuse_taken(path: Path) -> None:
    """Raise `FormatError` for this file, which is there and must not be replaced unasked."""
    if path.suffix.lower() == SUFFIX:
        raise FormatError(f"“{path.name}” is there already; choose another name.")
    raise FormatError(
        f"“{path.name}” is there already; add --overwrite to replace it, or choose another name."
    )


def is_same(one: Path, other: Path) -> bool:
    """Whether both names lead to one file that is there."""
    with contextlib.suppress(OSError, ValueError):
        return one.samefile(other)
    return False


def format_of(path: Path) -> Format:
    """The format that this file name promises. Raises `FormatError` naming those there are."""
    if path.suffix.lower() == SUFFIX:
        raise FormatError(
            f"“{path.name}” would be a project, which granite-studio transcribe makes of a "
            "recording, align of a recording and its text, and convert of a text."
        )
    return PDF if path.name.lower().endswith(PDF.extensions) else formats.by_extension(path)


def format_named(name: str) -> Format:
    """The format of this name. Raises `FormatError` naming those there are."""
    return PDF if name == PDF.name else formats.by_name(name)


def save(path: Path, content: Content) -> None:
    """Write the content to this file, whole or not at all, in the format that its name promises.
    Raises `FormatError`."""
    formats.save(path, content, format_of(path))


def put(known: Format, content: Content) -> None:
    """Write the content to standard output. Raises `FormatError`."""
    sys.stdout.buffer.write(known.dump(content))


def _printed(content: Content) -> bytes:
    page = printable(content), title_of(content)
    worker = Worker(PRINTER, name="The printer", limits=_LIMITS)
    try:
        for data in worker.run(page, CancelToken(), quiet_s=_QUIET_S):
            return bytes(data)
    except WorkerError as error:
        raise FormatError(
            "The PDF could not be made; granite-studio doctor says what is missing, or write "
            ".html and print that from a browser."
        ) from error
    finally:
        worker.close()
    raise AssertionError("a page was printed and gave nothing")


PDF = replace(pdf.FORMAT, write=_printed)
