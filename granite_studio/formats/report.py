"""The quality report of a set of cues, as a page for people and as a table for programs.

The page is one file that loads and runs nothing: its bars are drawn by its own style sheet, it is
dark where the reader's desktop is, and light on paper. All that comes from a file is escaped.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path

from granite_studio.core.checks import Severity
from granite_studio.core.errors import FormatError
from granite_studio.core.files import refuse_folder
from granite_studio.core.quality import Bar, Broken, Fault, Quality, Spread
from granite_studio.core.styles import EMPTY, OVERLAP, TITLES
from granite_studio.core.timing import clock
from granite_studio.formats.base import encoded
from granite_studio.formats.tables import harmless

COLUMNS = ("cue", "start_ms", "end_ms", "rule", "severity", "message", "fix", "text")
NAMES: Mapping[str, str] = {
    **TITLES,
    OVERLAP: "Two cues at once",
    EMPTY: "A cue without text",
}
"""What the rules are called, with the one that no style has a number for."""

_FIGURES: Mapping[str, tuple[str, str, float]] = {
    "cps": ("Speed", "characters a second", 1),
    "cpl": ("Longest line", "characters", 1),
    "duration": ("Time on screen", "s", 1000),
    "gap": ("Gap to the next cue", "s", 1000),
}
"""Title, unit, and how many of the figure make one of the unit."""

_SEEN = 2
"""The lowest bar has so many hundredths of the highest: a single cue among thousands is seen."""

_SHEET = """
:root { color-scheme: light dark; --page: #fff; --text: #1c2027; --quiet: #5a6472;
  --line: #dde0e7; --bar: #6b7688; --bad: #b3261e; --doubt: #835300; --good: #12704d; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #1f2229; --text: #e7e9ee;
  --quiet: #9ea7b5; --line: #333842; --bar: #8a94a6; --bad: #ff8a80; --doubt: #f2b84b;
  --good: #5fcb9b; } }
@media print { :root { color-scheme: light; font-size: 12px; } }
body { background: var(--page); color: var(--text); font: .94rem/1.5 system-ui, sans-serif;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; break-after: avoid; }
p { margin: .25rem 0; }
.quiet, th, figcaption span, td.time { color: var(--quiet); }
.error { color: var(--bad); }
.warning { color: var(--doubt); }
.good { color: var(--good); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
  gap: 1.5rem; align-items: end; margin: 1.5rem 0; }
figure { margin: 0; break-inside: avoid; }
figcaption span { display: block; font-size: .85rem; }
.bars { display: flex; align-items: flex-end; gap: 2px; height: 5rem; margin: .5rem 0 0;
  padding: 0; border-bottom: 1px solid var(--line); list-style: none; }
.bars li { flex: 1; background: var(--bar); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.bars li.bad { background: var(--bad); }
.bars b { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
  overflow: hidden; }
.ends { display: flex; justify-content: space-between; font-size: .8rem; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: normal; font-size: .85rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem 1rem .35rem 0;
  vertical-align: top; }
tr { break-inside: avoid; }
td.time, td.count { white-space: nowrap; font-variant-numeric: tabular-nums; }
@media print { body { margin: 0; max-width: none; }
  .figures { grid-template-columns: repeat(4, 1fr); gap: 1rem; } }
td.text { white-space: pre-line; overflow-wrap: anywhere; width: 40%; }
""".strip()


def write_html(quality: Quality, *, title: str, date: str = "") -> bytes:
    """The report as a page in UTF-8."""
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_safe(title)}</title>\n<style>\n{_SHEET}\n</style>\n</head>\n<body>\n"
    )
    parts = (_summary(quality, title, date), _figures(quality), _rules(quality))
    found = "".join(map(_findings, quality.broken))
    return encoded(f"{head}{''.join(parts)}{found}</body>\n</html>\n")


def write_csv(quality: Quality, *, title: str = "", date: str = "") -> bytes:
    """The findings as a table in UTF-8, rule by rule, the worst first."""
    return encoded(table(quality.faults))


def table(faults: Iterable[Fault]) -> str:
    """RFC 4180, with cells that a spreadsheet would take for a formula made harmless."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for fault in faults:
        values = row(fault)
        writer.writerow([harmless(str(values[name])) for name in COLUMNS])
    return text.getvalue()


def row(fault: Fault) -> dict[str, str | int]:
    """A finding by the names of `COLUMNS`."""
    return {
        "cue": fault.cue,
        "start_ms": fault.at.start,
        "end_ms": fault.at.end,
        "rule": fault.rule,
        "severity": fault.severity.value,
        "message": fault.message,
        "fix": fault.fix,
        "text": fault.at.text,
    }


Write = Callable[..., bytes]
WRITERS: Mapping[str, Write] = {".html": write_html, ".csv": write_csv}


def writer_for(path: Path) -> Write:
    """What writes a report of this file name. Raises `FormatError` for another ending."""
    try:
        return WRITERS[path.suffix.lower()]
    except KeyError:
        refuse_folder(path)
        raise FormatError(
            f"“{path.name}” does not end in the name of a report; use {' or '.join(WRITERS)}."
        ) from None


def _headline(quality: Quality) -> str:
    """The report in a sentence."""
    if not quality.cues:
        return "There are no cues."
    share = 100 * quality.clean // quality.cues
    return (
        f"{quality.cues:,} cues, {clock(quality.shown_ms)[:-4]} on screen: {quality.errors:,} "
        f"errors and {quality.warnings:,} warnings; {share} % of the cues break no rule."
    )


def _summary(quality: Quality, title: str, date: str) -> str:
    kind = "error" if quality.errors else "warning" if quality.warnings else "good"
    made = f'<p class="quiet">{_safe(date)}</p>\n' if date else ""
    return (
        f"<h1>{_safe(title)}</h1>\n{made}"
        f'<p class="{kind}">{_safe(_headline(quality))}</p>\n'
        f"<p>Style: {_safe(quality.style.title)}</p>\n"
        f'<p class="quiet">{_safe(quality.style.source)}</p>\n'
    )


def _figures(quality: Quality) -> str:
    shown = "".join(map(_figure, quality.spreads))
    return f'<div class="figures">\n{shown}</div>\n' if shown else ""


def _figure(spread: Spread) -> str:
    title, unit, scale = _FIGURES[spread.figure]
    told = (
        f"half of them up to {_number(spread.median, scale)}, 95 % up to "
        f"{_number(spread.high, scale)}, all up to {_number(spread.most, scale)}"
    )
    highest = max(bar.count for bar in spread.bars)
    bars = "".join(_bar(bar, highest, scale) for bar in spread.bars)
    first, last = _range(spread.bars[0], scale), _range(spread.bars[-1], scale)
    return (
        f"<figure>\n<figcaption>{title}, {unit}<span>{told}</span></figcaption>\n"
        f'<ul class="bars">\n{bars}</ul>\n'
        f'<div class="ends"><span>{first}</span><span>{last}</span></div>\n</figure>\n'
    )


def _bar(bar: Bar, highest: int, scale: float) -> str:
    """Its height says how many; so do a tip and, for who does not see it, a text."""
    text = f"{_range(bar, scale)}: {bar.count:,}"
    kind = ' class="bad"' if bar.is_bad else ""
    share = max(_SEEN, 100 * bar.count / highest) if bar.count else 0
    return f'<li{kind} style="height: {share:.1f}%" title="{text}"><b>{text}</b></li>\n'


def _range(bar: Bar, scale: float) -> str:
    if bar.low is None:
        return f"under {_number(bar.high or 0, scale)}"
    if bar.high is None:
        return f"over {_number(bar.low, scale)}"
    return f"{_number(bar.low, scale)} to {_number(bar.high, scale)}"


def _number(value: float, scale: float) -> str:
    shown = f"{value / scale:.3f}" if scale > 1 else f"{value:.1f}"
    return shown.rstrip("0").rstrip(".")


def _rules(quality: Quality) -> str:
    if not quality.broken:
        return ""
    rows = "".join(
        f'<tr><td class="count">{len(each.faults):,}</td>'
        f'<td class="{each.severity}">{_safe(each.severity)}</td>'
        f"<td>{NAMES[each.rule]}</td><td>{_safe(each.reason)}</td></tr>\n"
        for each in quality.broken
    )
    head = "<tr><th>Cues</th><th></th><th>Rule</th><th>Why</th></tr>\n"
    return f"<h2>Rules that are broken</h2>\n{_tabled(head, rows)}"


def _findings(each: Broken) -> str:
    kind = "errors" if each.severity is Severity.ERROR else "warnings"
    rows = "".join(_finding(fault, each.reason) for fault in each.faults)
    head = "<tr><th>Time</th><th>Cue</th><th>Text</th><th>What</th><th>Fix</th></tr>\n"
    return (
        f"<h2>{NAMES[each.rule]}: {len(each.faults):,} {kind}, the worst first</h2>\n"
        f"{_tabled(head, rows)}"
    )


def _tabled(head: str, rows: str) -> str:
    """A table that says its head again on every sheet of paper."""
    return f"<table>\n<thead>\n{head}</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _finding(fault: Fault, reason: str) -> str:
    what = fault.message.removesuffix(reason).rstrip()
    return (
        f'<tr><td class="time">{clock(fault.at.start)}</td><td class="count">{fault.cue}</td>'
        f'<td class="text" dir="auto">{_safe(fault.at.text)}</td>'
        f"<td>{_safe(what)}</td><td>{_safe(fault.fix)}</td></tr>\n"
    )


def _safe(text: str) -> str:
    """Text of strangers as HTML. Control characters, which no page can hold, become U+FFFD."""
    shown = (sign if sign >= " " or sign in "\n\t" else "\ufffd" for sign in text)
    return escape("".join(shown))
