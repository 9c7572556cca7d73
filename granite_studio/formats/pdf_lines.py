"""The lines of a PDF's pages, without what stands at the edge of every page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from granite_studio.formats.pdf_pages import MIRROR, Page, Run

TIME = r"[\[(][0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]{1,3})?[\])]"
LEADING_TIME = re.compile(rf"^(?:{TIME}|[0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}\b)")

_BLANKS = re.compile(r"\s+")
_LIGATURES = re.compile("[\ufb00-\ufb06\ufb1d-\ufdff\ufe70-\ufefc]")
_DIGITS = re.compile(r"[0-9]+")
_FOOT = re.compile(
    r"(?P<text>.*?)(?:^|\s)(?:page|seite|p\.|s\.|pagina|página|strana|sida|side)?\s*"
    r"[-\u2013\u2014]?\s*(?P<page>[0-9]{1,3})"
    r"(?:\s*(?:/|of|von|de|di|van|sur|av|af)\s*(?P<count>[0-9]{1,4}))?\s*[-\u2013\u2014]?\.?",
    re.IGNORECASE,
)
_ROMAN = re.compile("[ivxl]{1,7}")
_LONGEST_FOOT = 200
_EDGE_LINES = 3
"""So many lines at the top and at the foot of a page may be no part of the text."""
_RECURRING = 0.4
"""On such a share of the pages a line returns that is none: left and right pages may differ."""
_APART = 1.2
_SAME_LINE, _RAISED, _SMALL, _BLANK = 0.45, 0.15, 0.85, 0.15
"""Parts of the letters' size."""
_MOST_LEAD = 50
"""Runs in which a name may come."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands side by side on a page; the places as those of a `Run`.

    `lead` is what it begins with in bold, a time in front of it left out; `notes` are the raised
    numbers in it, each with the place in the text behind which it stands.
    """

    page: int
    x: float
    end: float
    y: float
    size: float
    text: str
    lead: str = ""
    notes: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, page: int, runs: Sequence[Run]) -> Line:
        """A line of these runs, which stand in the order of reading."""
        parts: list[str] = []
        notes: list[tuple[int, int]] = []
        length, lead, before, size = 0, "", runs[0], runs[0].size
        for run in runs:
            text = _BLANKS.sub(" ", _LIGATURES.sub(_plain, run.text.replace("\0", "\ufffd")))
            if parts and _is_note(run, text, runs[0].y, size):
                notes.append((length - parts[-1].endswith(" "), int(text)))
            else:
                if max(run.x - before.end, before.x - run.end) > _BLANK * run.size:
                    text = f" {text.lstrip()}"
                if not parts or parts[-1].endswith(" "):
                    text = text.lstrip()
                if run.is_bold and len(parts) < _MOST_LEAD and _is_all(lead, parts):
                    lead += text
                size = max(size, run.size) if text.strip() else size
                parts += [text] if text else []
                length += len(text)
            before = run
        x, end = min(run.x for run in runs), max(run.end for run in runs)
        return cls(page, x, end, runs[0].y, size, "".join(parts), lead, tuple(notes))


def _plain(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def _is_note(run: Run, text: str, y: float, size: float) -> bool:
    """Whether a run is the raised number of a note, on a line at `y` with letters of `size`."""
    number = text.strip()
    is_raised = run.y > y + _RAISED * size and run.size < _SMALL * size
    return is_raised and number.isdecimal() and len(number) <= 3


def _is_all(lead: str, parts: Sequence[str]) -> bool:
    """Whether a line holds only this so far, beside a time."""
    return lead.strip() == LEADING_TIME.sub("", "".join(parts)).strip()


def lines_of(pages: Sequence[Page]) -> list[Line]:
    """The lines of all pages in the order of the file, which mostly is that of reading.

    Those of Hebrew and Arabic are as in a mirror: they begin on the left.
    """
    is_mirrored = _is_from_the_right(pages)
    sheets = [list(_lines(number, page, is_mirrored)) for number, page in enumerate(pages)]
    return [line for sheet in _without_edges(sheets) for line in sheet]


def _lines(number: int, page: Page, is_mirrored: bool) -> Iterator[Line]:
    group: list[Run] = []
    size = 0.0
    for run in page.runs:
        if group and abs(run.y - group[0].y) >= _SAME_LINE * max(size, run.size):
            yield Line.of(number, _mirrored(group) if is_mirrored else group)
            group = []
        if group or run.text.strip():
            size = max(size, run.size) if group else run.size
            group.append(run)
    if group:
        yield Line.of(number, _mirrored(group) if is_mirrored else group)


def _is_from_the_right(pages: Iterable[Page]) -> bool:
    signs = (sign for page in pages for run in page.runs for sign in run.text[:20])
    kinds = Counter(map(unicodedata.bidirectional, signs))
    return kinds["R"] + kinds["AL"] > kinds["L"]


def _mirrored(runs: Sequence[Run]) -> list[Run]:
    """Runs of a line in the order of reading: from the right, but those of Latin from the left."""
    ordered: list[Run] = []
    latin: list[Run] = []
    for run in sorted(runs, key=lambda run: -run.x):
        kinds = set(map(unicodedata.bidirectional, run.text))
        if "L" in kinds or (latin and not kinds & {"R", "AL", "EN"}):
            latin.append(run)
        else:
            ordered += _turned(latin)
            ordered.append(run if kinds & {"R", "AL", "EN"} else _looking_left(run))
            latin = []
    ordered += _turned(latin)
    return [replace(run, x=-run.end, end=-run.x) for run in ordered]


def _turned(latin: Sequence[Run]) -> Iterator[Run]:
    """Runs of Latin from the left again; the signs behind the last of them stay there."""
    count = len(latin)
    while count and "L" not in set(map(unicodedata.bidirectional, latin[count - 1].text)):
        count -= 1
    yield from reversed(latin[:count])
    yield from map(_looking_left, latin[count:])


def _looking_left(run: Run) -> Run:
    return replace(run, text=run.text.translate(MIRROR))


# ---- heads, feet and page numbers


def _without_edges(sheets: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """The lines of each page without those at its edges that return, or count the pages."""
    told: dict[tuple[str, int], list[str]] = defaultdict(list)
    for sheet in sheets:
        for key, line in {_masked(line): line for line in _rows(sheet, _EDGE_LINES)}.items():
            told[key].append(line.text.strip())
    enough = max(2.0, _RECURRING * len(sheets))
    recurring = {key: len(set(texts)) > 1 for key, texts in told.items() if len(texts) >= enough}
    for number, sheet in enumerate(sheets, 1):
        dropped = set[int]()
        for rows in (_rows(sheet, -1), _rows(sheet, -1)[::-1]):
            edge = _edge(rows, recurring)
            if len(edge) < len(rows) and _is_number(rows[len(edge)].text, number, len(sheets)):
                edge = rows[: len(edge) + 1]
            dropped |= {id(line) for line in edge}
        yield [line for line in sheet if id(line) not in dropped]


def _rows(sheet: Sequence[Line], most: int) -> list[Line]:
    """The lines from the top down; so many of them at both ends, or all."""
    rows = sorted(sheet, key=lambda line: -line.y)
    return rows if most < 0 or len(rows) <= 2 * most else rows[:most] + rows[-most:]


def _edge(rows: Sequence[Line], recurring: dict[tuple[str, int], bool]) -> Sequence[Line]:
    """The lines at this end that return on other pages, with other numbers or apart from the
    rest: what somebody says again and again can stand at the same place."""
    count = 0
    while count < min(len(rows), _EDGE_LINES) and _masked(rows[count]) in recurring:
        count += 1
    if any(recurring[_masked(line)] for line in rows[:count]) or count == len(rows):
        return rows[:count]
    steps = sorted(abs(one.y - other.y) for one, other in pairwise(rows))
    is_apart = (
        count and abs(rows[count - 1].y - rows[count].y) > _APART * steps[(len(steps) - 1) // 3]
    )
    return rows[:count] if is_apart else ()


def _masked(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text.strip()), round(line.y)


def _is_number(text: str, page: int, count: int) -> bool:
    """Whether a line is the number of its page, or ends in the number and count of the pages."""
    if text.startswith(f"{page} / {count} "):  # ours, from the right
        return True
    match = _FOOT.fullmatch(text.strip()) if len(text) < _LONGEST_FOOT else None
    if match is None:
        return bool(_ROMAN.fullmatch(text.strip()))
    if match["count"]:
        return int(match["page"]) == page and int(match["count"]) == count
    return not match["text"].strip()
