"""What is said where a command wants a recording or a project and is given a text."""

from __future__ import annotations

from pathlib import Path

from granite_studio import formats
from granite_studio.core.errors import FormatError
from granite_studio.formats import Format, rttm


def refuse_text(path: Path, *, wanted: str = "a recording") -> None:
    """Raise `FormatError` for a subtitle, transcript or turn file that is there, saying which
    commands read it; `wanted` is what the command reads."""
    known = _text_format(path)
    if known is None or not path.is_file():
        return
    if known is rttm.FORMAT:
        raise FormatError(
            f"“{path.name}” says who speaks when ({known.title}) and is not {wanted}; give it to "
            "granite-studio convert or export as --speakers, beside the text of the recording."
        )
    raise FormatError(
        f"“{path.name}” is a text ({known.title}) and not {wanted}; granite-studio convert reads "
        "it, check judges its cues, and align puts it to its recording."
    )


def _text_format(path: Path) -> Format | None:
    """The format of texts that this file name promises, if it does."""
    name = path.name.lower()
    return next((known for known in formats.READABLE if name.endswith(known.extensions)), None)
