"""A web page of the transcript: one file that loads nothing, runs nothing and can be read back.

Every word stands in a `<span data-start data-end>` with its times in ms of the recording, which
`foreign.webpage` reads. Looks are `<i>`, `<b>`, `<u>` and spans of a class for a colour, which is
that of a line below the words, since many could not be read. Names and times stand as the podcast
namespace wants them: `<cite>`, `<time>` and `<p>`, so that the players of podcasts show the page
too.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from granite_studio.core import emphasis
from granite_studio.core.document import spaced
from granite_studio.formats.base import Carries, Content, Format, Kind, encoded
from granite_studio.formats.foreign import webpage
from granite_studio.formats.heads import (
    COLOURS,
    LIGHT_COLOURS,
    clean,
    facts,
    is_from_right,
    title_of,
)
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, Run, flow

_STYLE = """\
:root { color-scheme: light dark; --quiet: #595959; --rule: #d0d0d0; --mark: #fff2a8;
  --alert: #b00020; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 44rem; color: #1a1a1a;
  background: #fff; font: 1.0625rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { margin: 0 0 0.75rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
header { margin-bottom: 2rem; border-bottom: 1px solid var(--rule); padding-bottom: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0;
  color: var(--quiet); font-size: 0.9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.draft, .untranscribed { color: var(--alert); }
.draft { font-weight: 600; }
section { margin: 0 0 1.1rem; }
section p { margin: 0; overflow-wrap: anywhere; }
cite { margin-inline-end: 0.5rem; font-style: normal; font-weight: 650; }
time { color: var(--quiet); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
mark { color: inherit; background: var(--mark); }
sup { line-height: 0; }
footer { margin-top: 2rem; border-top: 1px solid var(--rule); font-size: 0.9rem; }
footer li { white-space: pre-line; }
a { color: inherit; }
"""
_PRINT = """\
@media print {
  @page { margin: 20mm; }
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  mark, main span[class] { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  cite, h1 { break-after: avoid; }
  section p { orphans: 2; widows: 2; }
}
"""
_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'"
"""Whatever stood in the text, a browser would neither run it nor fetch anything."""


def write(content: Content) -> bytes:
    """The page, in UTF-8."""
    return encoded("".join(_page(content)))


def _page(content: Content) -> Iterator[str]:
    document = content.as_document()
    language = html.escape(document.language)
    direction = "rtl" if is_from_right(document) else "ltr"
    title = html.escape(title_of(content))
    yield (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_NO_SCRIPTS}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="Granite Studio">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}{''.join(_colours())}{_PRINT}</style>\n"
        f"</head>\n<body>\n<header>\n<h1>{title}</h1>\n<dl>\n"
    )
    for name, value in facts(content):
        yield f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>\n"
    yield "</dl>\n"
    if content.is_draft:
        yield f'<p class="draft">{html.escape(clean(content.labels.draft))}</p>\n'
    yield "</header>\n<main>\n"
    notes: list[str] = []
    for part in flow(content):
        yield from _gap(part, content) if isinstance(part, Gap) else _paragraph(part, notes)
    yield "</main>\n"
    yield from _notes(notes)
    yield "</body>\n</html>\n"


def _colours() -> Iterator[str]:
    for number, colour in enumerate(COLOURS, 1):
        yield f".speaker-{number} {{ color: #{colour}; }}\n"
    for name, colour in emphasis.COLOURS.items():
        yield f".{name} {{ box-shadow: 0 3px #{colour}, 0 4px var(--quiet); }}\n"
    yield (
        "@media screen and (prefers-color-scheme: dark) {\n"
        "  :root { --quiet: #a3a3a3; --rule: #3d3d3d; --mark: #5c4d00; --alert: #ff8a80; }\n"
        "  body { color: #e6e6e6; background: #161616; }\n"
    )
    for number, colour in enumerate(LIGHT_COLOURS, 1):
        yield f"  .speaker-{number} {{ color: #{colour}; }}\n"
    yield "}\n"


def _gap(gap: Gap, content: Content) -> Iterator[str]:
    yield (
        f'<p class="untranscribed" data-start="{gap.span.start}" data-end="{gap.span.end}">'
        f"[{gap.start} \N{EN DASH} {gap.end} "
        f"{html.escape(clean(content.labels.untranscribed))}]</p>\n"
    )


def _paragraph(part: Paragraph, notes: list[str]) -> Iterator[str]:
    yield "<section>\n"
    if name := clean(part.speaker):
        number = part.number % len(COLOURS) + 1
        yield f'<cite class="speaker-{number}">{html.escape(name)}:</cite>\n'
    if part.time:
        yield f"<time>{part.time}</time>\n"
    yield "<p>"
    for piece in part.pieces:
        yield from _piece(piece, notes)
    yield "</p>\n</section>\n"


def _piece(piece: Piece, notes: list[str]) -> Iterator[str]:
    if piece.text.startswith(" "):
        yield " "
    if piece.time:
        yield f"<time>[{piece.time}]</time> "
    if piece.marked:
        label = html.escape(clean(piece.label))
        yield f'<mark title="{label}">' if label else "<mark>"
    for run in piece.runs():
        yield from _run(run)
    if piece.marked:
        yield "</mark>"
    for note in piece.notes:
        notes.append(note)
        number = len(notes)
        yield f'<sup><a id="word-{number}" href="#note-{number}">{number}</a></sup>'


def _run(run: Run) -> Iterator[str]:
    """Words of one look, with the spaces before, between and behind them."""
    for tag in run.tags:
        yield f'<span class="{tag.removeprefix("c.")}">' if tag.startswith("c.") else f"<{tag}>"
    before = ""
    for word in run.words:
        leads = not before and run.text.startswith(" ")
        gap = " " if leads or (before and spaced(before, word.text)) else ""
        text = html.escape(word.text, quote=False)
        yield f'{gap}<span data-start="{word.start}" data-end="{word.end}">{text}</span>'
        before = word.text
    if run.text.endswith(" "):
        yield " "
    for tag in reversed(run.tags):
        yield "</span>" if tag.startswith("c.") else f"</{tag}>"


def _notes(notes: list[str]) -> Iterator[str]:
    if not notes:
        return
    yield "<footer>\n<ol>\n"
    for number, note in enumerate(notes, 1):
        text = "\n".join(filter(None, map(clean, note.splitlines())))
        back = f'<a href="#word-{number}">\N{UPWARDS ARROW}</a>'
        yield f'<li id="note-{number}">{html.escape(text, quote=False)} {back}</li>\n'
    yield "</ol>\n</footer>\n"


FORMAT = Format(
    name="html",
    extensions=(".html", ".htm"),
    title="Web page",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.STYLING
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.LABELS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT
    | Carries.WORD_TIMES,
    write=write,
    read=webpage.read,
    is_common=True,
)
