"""From the lines of pages to paragraphs, as a reader of the paper sees them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from granite_studio.core.cuetext import CueText, escape
from granite_studio.core.document import spaced
from granite_studio.formats.base import Labels
from granite_studio.formats.pdf_lines import LEADING_TIME, TIME, Line, lines_of
from granite_studio.formats.pdf_pages import Page

_LABELS = Labels()
FACT = re.compile(
    f"({'|'.join((_LABELS.file, _LABELS.length, _LABELS.language, _LABELS.engine, _LABELS.date))})"
    ": (.+)"
)
"""What stands in the head of a transcript of ours, a line each."""
LEAST_FACTS = 2

_TIME = re.compile(TIME)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HYPHENS = "-\u2010\u00ad"
_HYPHEN = re.compile("[-\u2010]")
_SUSPENDED = re.compile("und|oder|bzw|sowie|bis|and|or|to|et|ou|e|o|y|en|of|és|og|och")
"""What follows a hyphen that stands for the end of a later word: "Vor- und Nachteile"."""
_COMPOUNDS = re.compile(
    "all|co|cross|double|ex|far|first|full|half|hard|high|left|light|long|low|mid|much|multi|new|"
    "non|old|one|open|part|post|pre|pro|right|second|self|semi|short|single|so|third|three|two|"
    "well|world|year",
    re.IGNORECASE,
)
"""What more often stands in front of a hyphen that is part of the word."""
_CAPITALS = re.compile(r"[^\W\d_a-z][^a-z:]{1,39}(?<![.?!:,\u2026])")
_ASIDE = re.compile(r"\((?:CONT['\u2019]?D|CONTINUED|V\.?O\.?|O\.?S\.?|O\.?C\.?)\)")
_LEAST_NAMES = 2
_SENTENCE_END = re.compile(r"[.?!:\u2026\u3002\uff01\uff1f][\"'\u201d\u201c\u2019\u00bb)\]]*$")

_SCENE = re.compile(r"(?:[0-9]{1,4}[A-Z]?\.? )?(?:INT|EXT|I)(?:\./?|/| )[^a-z]{3,}")
"""INT. HARBOUR - DAY"""
_LONGEST_HEADING = 120
_LARGER, _FEW = 1.15, 0.2

_NEAR_PT = 3
_GAP, _INDENT, _DEEPEST_INDENT = 1.25, 0.8, 5.0
_COMMON = 0.1
_CLEARLY_SHORT = 0.2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `lead` is what it begins with in bold; `notes` are the raised numbers in it,
    each with the place in the text behind which it stands."""

    text: str
    lead: str = ""
    size: float = 0.0
    notes: tuple[tuple[int, int], ...] = ()


def paragraphs(pages: Sequence[Page]) -> list[Paragraph]:
    """The paragraphs of all pages in order, without what returns at the edge of every page."""
    lines = lines_of(pages)
    lines = _with_names(lines, _Measures(lines))
    return list(_joined(lines, _Measures(lines)))


def spoken(said: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs without headings, which nobody says: short ones in larger or all bold letters
    and the first lines of scenes. All of them where nothing else is there."""
    sizes = Counter[float]()
    for each in said:
        sizes[each.size] += len(each.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    bold = sum(len(each.text) for each in said if _is_bold(each))
    few_bold = bold < _FEW * sizes.total()
    found = [
        each
        for each in said
        if len(each.text) > _LONGEST_HEADING
        or not (
            _SCENE.fullmatch(each.text)
            or (each.size > _LARGER * usual and ": " not in each.text)
            or (few_bold and _is_bold(each))
        )
    ]
    return found or list(said)


def _is_bold(said: Paragraph) -> bool:
    """Whether all is bold, and neither a name nor a sentence."""
    return said.lead == said.text and not _SENTENCE_END.search(said.text)


class _Measures:
    """What is usual in a text: how far its lines reach, how far apart they are, its words."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._ends: dict[int, list[float]] = defaultdict(list)
        for line in lines:
            self._ends[round(line.x)].append(line.end)
        self._edges: dict[int, float] = {}
        body = max(self._ends, key=lambda x: len(self._ends[x]), default=0)
        self._body = _most(self._ends[body]) if lines else 0.0
        self._pitches = _pitches(lines)
        is_ours = sum(bool(FACT.match(line.text)) for line in lines) >= LEAST_FACTS
        self._names = None if is_ours else CueText(escape(each.text.strip()) for each in lines)
        self._words = _words(lines)
        times = sum(len(_TIME.findall(line.text)) for line in lines)
        leading = sum(bool(LEADING_TIME.match(line.text)) for line in lines)
        self._times_lead = leading > 1 and leading > 0.75 * times

    def has_head(self, line: Line) -> bool:
        """Whether a line begins with the name of a speaker or of a fact, or with a time as most
        times do."""
        if FACT.match(line.text):
            return True
        if line.lead.rstrip().endswith(":") and line.lead.strip(" :"):
            return True
        if self._times_lead and LEADING_TIME.match(line.text):
            return True
        if self._names is None:  # ours are in bold
            return False
        said = self._names.read(escape(line.text.strip()))
        return bool(said and said[0].speaker)

    def is_apart(self, before: Line, line: Line) -> bool:
        """Whether more room is between two lines than between those of a paragraph."""
        usual = self._pitches.get(round(line.size)) or 1.5 * line.size
        return before.y - line.y > _GAP * max(usual, line.size)

    def room(self, line: Line) -> float:
        """How much farther the line could have gone."""
        place = round(line.x)
        if place not in self._edges:
            near = range(place - _NEAR_PT, place + _NEAR_PT + 1)
            ends = [end for x in near for end in self._ends.get(x, ())]
            self._edges[place] = _most(ends) if len(ends) > 3 else max(*ends, self._body)
        return self._edges[place] - line.end

    def width(self, line: Line) -> float:
        return self._edges.get(round(line.x), line.end) - line.x

    def joint(self, before: str, after: str) -> tuple[str, str]:
        """The end of a line as it goes on, and what stands between it and the next one."""
        if not before or before[-1] not in _HYPHENS:
            return before, " " if spaced(before, after) else ""
        first, then = _last_word(before[:-1]), _first_word(after)
        if before[-1] == "\u00ad":
            return before[:-1], ""
        if before[-2:-1].isspace() or _SUSPENDED.fullmatch(then):
            return before, " "  # a dash, or half of a word
        return (before[:-1] if self._is_broken(first, then) else before), ""

    def _is_broken(self, first: str, then: str) -> bool:
        """Whether the hyphen between these parts of a word is there for the line's end alone."""
        if not first or _HYPHEN.search(first + then) or len(then) < 2 or not then[0].islower():
            return False
        if self._words[first + then]:
            return True
        is_compound = _COMPOUNDS.fullmatch(first) or (self._words[first] and self._words[then])
        return not self._words[f"{first}-{then}"] and not is_compound


def _most(ends: Iterable[float]) -> float:
    """How far lines reach, but for one in twenty that goes beyond."""
    ordered = sorted(ends, reverse=True)
    return ordered[len(ordered) // 20]


def _words(lines: Sequence[Line]) -> Counter[str]:
    """The words of a text, without those of which the end of a line cuts a part off."""
    found = Counter(word for line in lines for word in _WORD.findall(line.text))
    for before, line in pairwise(lines):
        if before.text.rstrip()[-1:] in tuple(_HYPHENS):
            found[_last_word(before.text.rstrip()[:-1])] -= 1
            found[_first_word(line.text)] -= 1
    return found


def _last_word(text: str) -> str:
    found = _WORD.findall(text[-80:])
    return found[-1] if found and text.endswith(found[-1]) else ""


def _first_word(text: str) -> str:
    match = _WORD.match(text)
    return match[0] if match else ""


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """How far lines of each size are apart inside a paragraph: the least that is common."""
    found: dict[int, Counter[float]] = defaultdict(Counter)
    for before, line in pairwise(lines):
        size = round(line.size)
        if before.page == line.page and size == round(before.size) and before.y > line.y:
            found[size][round((before.y - line.y) * 2) / 2] += 1
    return {
        size: min(step for step, count in steps.items() if count >= _COMMON * steps.total())
        for size, steps in found.items()
        if any(count >= _COMMON * steps.total() for count in steps.values())
    }


def _with_names(lines: Sequence[Line], measures: _Measures) -> list[Line]:
    """Names in capitals, farther in than what stands below them, in front of that, as films'
    scripts have them; one alone is a heading."""
    named = [
        (name, below)
        for name, below in pairwise(lines)
        if _CAPITALS.fullmatch(_ASIDE.sub("", name.text).strip())
        and name.x - below.x > 2 * below.size
        and name.page == below.page
        and name.y > below.y
        and not measures.is_apart(name, below)
        and not below.text.isupper()
    ]
    if len(named) < _LEAST_NAMES:
        return list(lines)
    names = {id(below): _ASIDE.sub("", name.text).strip() for name, below in named}
    dropped = {id(name) for name, _ in named}
    return [
        _said_by(names[id(line)], line) if id(line) in names else line
        for line in lines
        if id(line) not in dropped
    ]


def _said_by(name: str, line: Line) -> Line:
    lead = f"{name}: "
    notes = tuple((place + len(lead), number) for place, number in line.notes)
    return replace(line, text=lead + line.text.lstrip(), lead=lead, notes=notes)


def _joined(lines: Sequence[Line], measures: _Measures) -> Iterator[Paragraph]:
    group: list[Line] = []
    for line in lines:
        if group and _begins(line, group, measures):
            yield _paragraph(group, measures)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group, measures)


def _begins(line: Line, group: Sequence[Line], measures: _Measures) -> bool:
    """Whether a line begins a paragraph, and does not go on with the one that the group is."""
    before = group[-1]
    is_short = _ends_short(before, line, measures)
    if is_short or measures.has_head(line):
        return True
    if abs(line.size - before.size) > 0.15 * before.size:
        return True
    is_below = line.page == before.page and line.y < before.y
    if is_below and measures.is_apart(before, line):
        return True
    indent = (line.x - before.x) / line.size
    if not is_below and abs(indent) > _DEEPEST_INDENT:  # another column
        return False
    if indent > _INDENT:
        return len(group) > 1  # else the first line hangs out, and is full
    return indent < -_INDENT and (len(group) > 1 or indent < -_DEEPEST_INDENT)


def _ends_short(before: Line, line: Line, measures: _Measures) -> bool:
    """Whether the next line's first word would have had room, so that somebody ended the line."""
    room = measures.room(before)
    first = line.text.split(" ", 1)[0]
    needed = (line.end - line.x) * len(first) / max(len(line.text.strip()), 1)
    spare = room - needed - 0.25 * before.size
    if _SENTENCE_END.search(before.text.rstrip()):
        return spare > 0.5 * before.size
    return spare > max(before.size, _CLEARLY_SHORT * measures.width(before))


def _paragraph(group: Sequence[Line], measures: _Measures) -> Paragraph:
    parts: list[str] = []
    notes: list[tuple[int, int]] = []
    length = 0
    for line in group:
        text = line.text.strip()
        if parts:
            last = parts.pop()
            kept, joint = measures.joint(last, text)
            parts += [kept, joint]
            length += len(kept) - len(last) + len(joint)
        notes += [(length + place, number) for place, number in line.notes]
        parts.append(text)
        length += len(text)
    size = Counter(round(line.size, 1) for line in group).most_common(1)[0][0]
    whole = Paragraph("".join(parts).replace("\u00ad", ""), "", size, tuple(notes))
    return replace(whole, lead=group[0].lead.strip())
