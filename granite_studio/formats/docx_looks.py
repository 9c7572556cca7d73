"""How words look in a Word document: bold, italics, underlining, and colours as coloured lines.

A colour is that of a line below the words, since many could not be read on paper; where they are
underlined too, the line is a double one.
"""

from __future__ import annotations

from typing import Any

from granite_studio.core.emphasis import COLOURS, Tags


def dress(run: Any, tags: Tags) -> Any:
    """The run of a `docx` document, made to look so."""
    from docx.enum.text import WD_UNDERLINE
    from docx.oxml.ns import qn

    font = run.font
    if "b" in tags:
        font.bold = font.cs_bold = True
    if "i" in tags:
        font.italic = font.cs_italic = True
    colour = next((known for tag in tags if (known := COLOURS.get(tag.removeprefix("c.")))), "")
    if colour:
        font.underline = WD_UNDERLINE.DOUBLE if "u" in tags else WD_UNDERLINE.THICK
        run.element.rPr.u.set(qn("w:color"), colour.upper())
    elif "u" in tags:
        font.underline = True
    return run
