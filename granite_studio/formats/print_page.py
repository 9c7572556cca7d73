"""The transcript as it is printed: the few tags and styles of HTML that Qt's text layout knows."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from granite_studio.core import emphasis
from granite_studio.formats.base import Content
from granite_studio.formats.heads import COLOURS, clean, facts, is_from_right, title_of
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, Run, flow

_STYLE = """\
h1 { font-size: 18pt; margin-bottom: 10px; }
p { margin-top: 0px; margin-bottom: 10px; line-height: 125%; }
.fact { color: #595959; font-size: 9pt; margin-bottom: 1px; }
.draft { color: #9a3412; font-weight: bold; margin-top: 10px; margin-bottom: 0px; }
.gap { color: #c00000; }
.time { color: #595959; font-size: 8.5pt; }
.mark { background-color: #fff2a8; }
.note { font-size: 9pt; margin-bottom: 4px; }
"""


@dataclass(frozen=True, slots=True)
class _Note:
    """What stands at the end under a number: a note, or what a quote is about."""

    text: str
    is_label: bool = False


def printable(content: Content) -> str:
    """The transcript, black on white, in its speakers' colours; notes stand at the end, and so
    does what quotes are about."""
    return "".join(_parts(content))


def _parts(content: Content) -> Iterator[str]:
    direction = "rtl" if is_from_right(content.as_document()) else "ltr"
    yield from _head(content)
    notes: list[_Note] = []
    for part in flow(content):
        inside = _gap(part, content) if isinstance(part, Gap) else _paragraph(part, notes)
        kind = ' class="gap"' if isinstance(part, Gap) else ""
        yield f'<p dir="{direction}"{kind}>{inside}</p>\n'
    yield from _foot(notes, direction)


def _head(content: Content) -> Iterator[str]:
    yield f"<html><head><style>\n{_STYLE}</style></head><body>\n"
    yield f"<h1>{html.escape(title_of(content))}</h1>\n"
    for name, value in facts(content):
        yield f'<p class="fact">{html.escape(name)}: {html.escape(value)}</p>\n'
    if content.is_draft:
        yield f'<p class="draft">{html.escape(clean(content.labels.draft))}</p>\n'
    yield "<hr>\n"


def _gap(gap: Gap, content: Content) -> str:
    what = html.escape(clean(content.labels.untranscribed))
    return f"[{gap.start} \N{EN DASH} {gap.end} {what}]"


def _paragraph(part: Paragraph, notes: list[_Note]) -> str:
    said = [f'<span class="time">[{part.time}]</span> '] if part.time else []
    if name := clean(part.speaker):
        colour = COLOURS[part.number % len(COLOURS)]
        said.append(f'<b style="color: #{colour}">{html.escape(name)}:</b> ')
    for (_, label), group in groupby(part.pieces, key=lambda piece: (piece.marked, piece.label)):
        said += [_piece(piece, notes) for piece in group]
        if label := clean(label):
            said.append(_numbered(notes, _Note(label, is_label=True)))
    return "".join(said)


def _numbered(notes: list[_Note], note: _Note) -> str:
    """The number with which a note, which is added, stands in the text."""
    notes.append(note)
    return f"<sup>{len(notes)}</sup>"


def _piece(piece: Piece, notes: list[_Note]) -> str:
    gap = " " if piece.text.startswith(" ") else ""
    time = f'<span class="time">[{piece.time}]</span> ' if piece.time else ""
    text = "".join(map(_run, piece.runs()))
    if piece.marked:
        text = f'<span class="mark">{text}</span>'
    for note in piece.notes:
        text += _numbered(notes, _Note(note))
    return gap + time + text


def _run(run: Run) -> str:
    """Words of one look. A colour is that of a line below them: in many none could read them."""
    text = html.escape(run.text, quote=False)
    for tag in reversed(run.tags):
        if colour := emphasis.COLOURS.get(tag.removeprefix("c.")):
            line = f"text-decoration: underline; text-decoration-color: #{_darker(colour)}"
            text = f'<span style="{line}">{text}</span>'
        else:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _darker(colour: str) -> str:
    """A colour of which a thin line can be seen on white."""
    return "".join(f"{int(colour[at : at + 2], 16) * 7 // 10:02x}" for at in (0, 2, 4))


def _foot(notes: list[_Note], direction: str) -> Iterator[str]:
    if notes:
        yield "<hr>\n"
    for number, note in enumerate(notes, 1):
        lines = "<br>".join(html.escape(clean(line)) for line in note.text.splitlines())
        lines = f'<span class="mark">{lines}</span>' if note.is_label else lines
        yield f'<p class="note" dir="{direction}">{number}. {lines}</p>\n'
    yield "</body></html>\n"
