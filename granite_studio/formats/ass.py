r"""Advanced SubStation Alpha (.ass) and SubStation Alpha (.ssa): what a person has made stays.

Sections other than the events are kept as they stand, each as a block of the kind `SECTION`:
script info, styles, fonts, graphics and whatever programs add. Events that are no dialogue and
lines that cannot be read are blocks of the kind `LINE`; a comment of nothing but text is a NOTE.
Layer, style, margins, effect and a name that is no voice (`Marked` in SSA) stand in front of a
cue's text in a tag that other formats leave out: `<ass Layer=1,Style=Sign>`. What blocks of
overrides become: see `granite_studio.formats.ass_text`.

A cue that its style places elsewhere than below has that place as its alignment, too. The soft
line break `\n` shows as a newline in SSA and under WrapStyle 2, else as a space, as players show
it. Events are written in the order of fields that Aegisub expects, whatever `Format` they came
with; times in 1/100 s, rounded, and no cue loses its whole length by that. Fields of events that
no program knows are left out; identifiers of cues and WebVTT's styles have no place here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from granite_studio.core.bulk import collector_at_rest
from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.looks import has_right_to_left
from granite_studio.core.timing import TWO_DIGITS
from granite_studio.formats.ass_text import (
    BOTTOM,
    NUMPAD_OF_SSA,
    clean,
    escaped,
    from_ass,
    tag,
    to_ass,
    unescaped,
    untagged,
)
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Part,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.cue_settings import numpad_of
from granite_studio.formats.shared_cues import voiced

SECTION, LINE = "ASS", "ASS LINE"
"""Kinds of blocks: a section with its title in brackets, and a line among the events."""

_EVENTS, _INFO = "[events]", "[script info]"
_STYLES = ("[v4+ styles]", "[v4 styles]", "[v4++ styles]")
_PACKED = ("[fonts]", "[graphics]")
_KNOWN = (_EVENTS, _INFO, *_STYLES, *_PACKED)
_WITHOUT_EVENTS = (_EVENTS, *_PACKED)
"""Sections in which no line begins the events: they are these, or data."""

_DEFAULT_INFO = """[Script Info]
; Written by Granite Studio
Title: {title}
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes
YCbCr Matrix: None
PlayResX: 1920
PlayResY: 1080"""

_DEFAULT_STYLES = (
    "[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour,"
    " Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline,"
    " Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,Arial,60,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,"
    "0,0,0,0,100,100,0,0,1,3,0,2,60,60,50,{encoding}"
)
_FROM_THE_LEFT, _AS_TEXT_BEGINS = 1, -1
"""In which direction players write lines, by the number of a style's encoding."""

_FIELDS = "Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_NAMES = ("layer", *_FIELDS.lower().split(", "))
_MARGINS = ("MarginL", "MarginR", "MarginV")
_NUMBERS = ("Layer", "Marked", *_MARGINS)
_FACTS = ("Layer", "Marked", "Style", "Name", *_MARGINS, "Effect")
_FACT_NAMES = tuple(map(str.lower, _FACTS))
_NOBODY = ("", "NTP")
"""What stands in the field of a name where there is none; NTP is SSA's word for it."""

LATEST_MS = 35_999_990
"""The last time with one digit of hours."""

_OTHER_EVENTS = ("Comment", "Picture", "Sound", "Movie", "Command")
_TITLE = re.compile(r"\[[^\]]+\]")
_SMALL = re.compile("[a-z ]")
_BLANKS = " \t\ufeff"
_STAMP = re.compile(
    r"[ \t]*(-?)(?:([0-9]{1,9}):)?([0-9]{1,9}):([0-9]{1,9})(?:[.:]([0-9]++))?[ \t]*", re.ASCII
)
_FACTS_TAG = re.compile(r"<ass ([A-Za-z]+=[^>]*)>")
_LINE_ENDS = re.compile(r"[\r\n]+")
_SCRIPT_TYPE = re.compile(r"scripttype:\s*v4(?:\.0+)?\s*", re.IGNORECASE)
_WRAP_STYLE = re.compile(r"wrapstyle:\s*2\s*", re.IGNORECASE)
_SSA_OF_NUMPAD = {numpad: code for code, numpad in NUMPAD_OF_SSA.items()}


@dataclass(frozen=True, slots=True)
class _Section:
    """`title` has its brackets; it is empty for what stands above the first one."""

    title: str
    lines: Sequence[str]

    @property
    def key(self) -> str:
        return self.title.lower()

    @property
    def text(self) -> str:
        return "\n".join([self.title or "[Script Info]", *self.lines]).rstrip("\n")


@dataclass(frozen=True, slots=True)
class _Head:
    """What the sections say about all events: `soft` is what a `\\n` shows as."""

    is_ssa: bool
    soft: str
    places: dict[str, int]

    def place(self, style_name: str) -> int:
        """The numpad place that this style gives."""
        default = self.places.get("Default", BOTTOM)
        return self.places.get(style_name.lstrip("*") or "Default", default)


def read(source: Source) -> Captions:
    """Read dialogue as cues, and everything else as blocks, in the order of the file."""
    with collector_at_rest():
        return _captions(source)


def _captions(source: Source) -> Captions:
    text = source.text()
    refuse_too_much(source.name, text)
    sections = list(_sections(text.split("\n")))
    if text.strip() and not any(section.key in _KNOWN for section in sections):
        raise unreadable(
            source.name, "has no events of SubStation Alpha in it", "choose an ASS or SSA file"
        )
    head = _head(sections)
    items: list[Caption | Block] = []
    for section in sections:
        if section.key == _EVENTS:
            items += _events(section.lines, head)
        elif section.title or any(line.strip() for line in section.lines):
            items.append(Block(SECTION, section.text))
    captions = Captions(tuple(items))
    if not captions.cues and any(_is_dialogue(item) for item in items):
        raise unreadable(
            source.name, "has no line of dialogue with times that can be read", "check its times"
        )
    return captions


def _is_dialogue(item: Caption | Block) -> bool:
    return isinstance(item, Block) and item.kind == LINE and _kind(item.text) == "dialogue"


def _kind(line: str) -> str:
    return line.partition(":")[0].strip(_BLANKS).lower()


def _sections(lines: Iterable[str]) -> Iterator[_Section]:
    """The file cut at its titles, and where events begin without one."""
    title, key, inside = "", "", list[str]()
    for line in lines:
        name = line.strip(_BLANKS)
        if name[:1] == "[" and _TITLE.fullmatch(name) and not _is_packed(name, key):
            yield _Section(title, inside)
            title, key, inside = name, name.lower(), []
        elif key not in _WITHOUT_EVENTS and _begins_events(line):
            yield _Section(title, inside)
            title, key, inside = "[Events]", _EVENTS, [line]
        else:
            inside.append(line)
    yield _Section(title, inside)


def _is_packed(name: str, section: str) -> bool:
    """Whether this title is data of a font or picture, which never has small letters."""
    return section in _PACKED and not _SMALL.search(name) and name.lower() not in _KNOWN


def _begins_events(line: str) -> bool:
    kind = _kind(line)
    return kind == "dialogue" or (kind == "format" and _is_of_events(_names(line)))


def _names(line: str) -> list[str]:
    """The fields that a Format line names, in small letters."""
    names = [name.strip().lower() for name in line.partition(":")[2].split(",")]
    return ["name" if name == "actor" else name for name in names]


def _is_of_events(names: Sequence[str]) -> bool:
    return {"start", "end", "text"} <= set(names)


def _head(sections: Iterable[_Section]) -> _Head:
    by_title: dict[str, list[str]] = {}
    for section in sections:
        by_title.setdefault(section.key or _INFO, []).extend(section.lines)
    info = by_title.get(_INFO, [])
    has_styles = [title for title in _STYLES if title in by_title]
    is_ssa = has_styles == ["[v4 styles]"] or (
        not has_styles and any(map(_SCRIPT_TYPE.fullmatch, info))
    )
    breaks = is_ssa or any(map(_WRAP_STYLE.fullmatch, info))
    places: dict[str, int] = {}
    for title in has_styles:
        places |= _places(by_title[title], is_ssa=title == "[v4 styles]")
    return _Head(is_ssa, "\n" if breaks else " ", places)


def _places(lines: Iterable[str], *, is_ssa: bool) -> dict[str, int]:
    """The numpad places of styles by their names; of two styles of a name the last counts."""
    places: dict[str, int] = {}
    name_at, place_at = 0, 12 if is_ssa else 18
    for line in lines:
        names = _names(line)
        if _kind(line) == "format" and "name" in names and "alignment" in names:
            name_at, place_at = names.index("name"), names.index("alignment")
        if _kind(line) != "style":
            continue
        fields = [value.strip() for value in line.partition(":")[2].split(",")]
        if len(fields) > max(name_at, place_at):
            code = fields[place_at]
            numpad = int(code) if code in tuple("123456789") else BOTTOM
            name = fields[name_at].lstrip("*")
            places[name] = NUMPAD_OF_SSA.get(code, BOTTOM) if is_ssa else numpad
    return places


def _events(lines: Iterable[str], head: _Head) -> Iterator[Caption | Block]:
    order = _Order.of(_NAMES)
    for line in lines:
        kind = _kind(line)
        if kind == "dialogue":
            yield _cue(order.values(line), order, head) or _line(line)
        elif kind == "format":
            order = _Order.of(_names(line)) if _is_of_events(_names(line)) else order
        elif kind.title() in _OTHER_EVENTS:
            yield _other(kind.title(), order.fields(line), head) or _line(line)
        elif line.strip():
            yield _line(line)


def _line(line: str) -> Block:
    return Block(LINE, line.strip(_BLANKS))


@dataclass(frozen=True, slots=True)
class _Order:
    """In which order events have their fields, by their names in small letters.

    `times_and_text` and `facts` take those out of an event's values.
    """

    names: Sequence[str]
    times_and_text: Callable[[Sequence[str]], tuple[str, ...]]
    facts: Callable[[Sequence[str]], tuple[str, ...]]

    @classmethod
    def of(cls, names: Sequence[str]) -> _Order:
        places = {name: place for place, name in enumerate(names)}
        facts = (places.get(name, len(names)) for name in _FACT_NAMES)
        times_and_text = itemgetter(places["start"], places["end"], places["text"])
        return cls(names, times_and_text, itemgetter(*facts))

    def values(self, line: str) -> list[str]:
        """The fields of an event, and an empty one for what no event has; none if some miss."""
        count = len(self.names)
        values = line[line.find(":") + 1 :].lstrip(" \t").split(",", count - 1)
        if len(values) != count:
            return []
        values.append("")
        return values

    def fields(self, line: str) -> dict[str, str]:
        """The fields by their names; none if some are missing."""
        return dict(zip(self.names, self.values(line), strict=False))


def _cue(values: Sequence[str], order: _Order, head: _Head) -> Caption | None:
    if not values:
        return None
    first, last, said = order.times_and_text(values)
    start, end = _milliseconds(first), _milliseconds(last)
    if start is None or end is None:
        return None
    style, front, name = _front(order.facts(values))
    style_place = head.place(style)
    text, place = from_ass(said, soft=head.soft, style_place=style_place)
    if place is None and style_place != BOTTOM:
        place = style_place
    return Caption(start, end, front + (voiced(name, text) if name else text), alignment=place)


@functools.lru_cache(256)
def _front(values: tuple[str, ...]) -> tuple[str, str, str]:
    """The style that these fields name, the tag that holds them in front of the text, and whose
    voice it is."""
    facts = _facts(dict(zip(_FACT_NAMES, values, strict=True)))
    style, name, voice = facts.get("Style", ""), facts.get("Name", ""), ""
    if name not in _NOBODY and " ".join(name.split()) == name:
        voice = name
        del facts["Name"]
    said = ",".join(f"{label}={value}" for label, value in facts.items())
    return style, tag(said) if said else "", voice


def _milliseconds(stamp: str) -> int | None:
    """The digits behind the point are a fraction, however many there are: ".5" is 500 ms."""
    match = _STAMP.fullmatch(stamp)
    if not match:
        return None
    sign, hours, minutes, seconds, fraction = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    ms = whole * 1000 + (_thousandths(fraction[:3]) if fraction else 0)
    return -ms if sign else ms


@functools.lru_cache(1000)
def _thousandths(digits: str) -> int:
    """What up to three digits behind the point are worth."""
    return int(digits.ljust(3, "0"))


def _facts(fields: dict[str, str]) -> dict[str, str]:
    """What is said of an event beside times and text, unless it is what nearly all have."""
    facts: dict[str, str] = {}
    for label in _FACTS:
        value = _as_field(fields.get(label.lower(), ""))
        if label in _NUMBERS:
            value = value.lower().removeprefix("marked=").strip()
            value = value if value.strip("0") else ""
        if value and not (label == "Style" and value == "Default"):
            facts[label] = value
    return facts


def _other(kind: str, fields: dict[str, str], head: _Head) -> Block | None:
    """A comment or another event that is no dialogue, its fields in the order for writing."""
    if not fields:
        return None
    text = fields["text"]
    times = _milliseconds(fields["start"]), _milliseconds(fields["end"])
    if kind == "Comment" and times == (0, 0) and not _facts(fields):
        note = unescaped(text)
        if escaped(note) == text:
            return Block("NOTE", note)
    first = _as_field(fields.get("layer", fields.get("marked", "0")))
    if head.is_ssa:
        first = f"Marked={first.lower().removeprefix('marked=').strip()}"
    usual = dict.fromkeys(map(str.lower, _MARGINS), "0") | {"style": "Default"}
    values = [_as_field(fields.get(name, usual.get(name, ""))) for name in _NAMES[1:-1]]
    return Block(LINE, f"{kind}: {','.join([first, *values, text])}")


def _as_field(text: str) -> str:
    """A text as one field: Aegisub, too, makes semicolons of commas."""
    return _LINE_ENDS.sub(" ", text).replace(",", ";").strip(" \t")


def write(content: Content) -> bytes:
    """The captions with a full head, in UTF-8 with the mark that old players look for."""
    captions = content.as_captions()
    before, after = _kept_sections(captions.items)
    if not any(section.key == _INFO for section in (*before, *after)):
        before.insert(0, _section(_DEFAULT_INFO.format(title=_one_line(content.title))))
    if not any(section.key in _STYLES for section in (*before, *after)):
        is_mixed = any(has_right_to_left(cue.text) for cue in captions.cues)
        encoding = _AS_TEXT_BEGINS if is_mixed else _FROM_THE_LEFT
        before.append(_section(_DEFAULT_STYLES.format(encoding=encoding)))
    head = _head([*before, *after])
    events = [f"[Events]\nFormat: {'Marked' if head.is_ssa else 'Layer'}, {_FIELDS}"]
    if content.is_draft:
        events.append(_note(content.labels.draft, head))
    for item in captions.items:
        if isinstance(item, Caption):
            events.append(_dialogue(item, head))
        elif item.kind == "NOTE":
            events.append(_note(item.text, head))
        elif item.kind == LINE:
            events.append(_one_line(item.text))
    parts = [section.text for section in before]
    parts.append("\n".join(events))
    parts += [section.text for section in after]
    return encoded("\ufeff" + "\n\n".join(parts) + "\n")


def _kept_sections(items: Iterable[Caption | Block]) -> tuple[list[_Section], list[_Section]]:
    """The sections that came before the events, and those behind."""
    before: list[_Section] = []
    after: list[_Section] = []
    place = before
    for item in items:
        if isinstance(item, Caption) or item.kind == LINE:
            place = after
        elif item.kind == SECTION:
            section = _section(item.text)
            if _TITLE.fullmatch(section.title) and section.key != _EVENTS:
                place.append(section)
    return before, after


def _section(text: str) -> _Section:
    title, *lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _Section(title, lines)


def _one_line(text: str) -> str:
    return _LINE_ENDS.sub(" ", text)


def _note(text: str, head: _Head) -> str:
    return _event("Comment", 0, 0, {}, escaped(clean(text)), head)


def _dialogue(cue: Caption, head: _Head) -> str:
    facts, text = _taken_facts(cue.text)
    place = numpad_of(cue.settings) if cue.alignment is None and cue.settings else cue.alignment
    style_place = head.place(facts.get("Style", ""))
    lead = ""
    if (place or BOTTOM) != style_place or (place == BOTTOM and cue.alignment):
        lead = _alignment(place or BOTTOM, head)
    text, speaker = to_ass(text, lead=lead)
    if speaker:
        facts["Name"] = speaker
    start, end = (cue.start + 5) // 10, (cue.end + 5) // 10
    if cue.end > cue.start:
        end = max(end, start + 1)
    return _event("Dialogue", start, end, facts, text, head)


def _alignment(place: int, head: _Head) -> str:
    return f"\\a{_SSA_OF_NUMPAD[place]}" if head.is_ssa else f"\\an{place}"


def _taken_facts(text: str) -> tuple[dict[str, str], str]:
    """What the tag in front of the text says, and the rest."""
    match = _FACTS_TAG.match(text) if text.startswith("<ass ") else None
    if not match:
        return {}, text
    pairs = (fact.partition("=") for fact in untagged(match[1]).split(","))
    return {label: value for label, _, value in pairs}, text[match.end() :]


def _event(kind: str, start: int, end: int, facts: dict[str, str], text: str, head: _Head) -> str:
    """The line of an event; times in 1/100 s."""
    first, rest = _around_times(tuple(facts.items()), head.is_ssa)
    return f"{kind}: {first},{_stamp(start)},{_stamp(end)},{rest},{text}"


@functools.lru_cache(256)
def _around_times(said: tuple[tuple[str, str], ...], is_ssa: bool) -> tuple[str, str]:
    """The fields of an event in front of its times and behind them, from the facts about it."""
    facts = dict(said)
    first = f"Marked={facts.get('Marked', 0)}" if is_ssa else facts.get("Layer", "0")
    rest = [facts.get("Style", "Default"), facts.get("Name", "")]
    rest += [*(facts.get(label, "0") for label in _MARGINS), facts.get("Effect", "")]
    return _as_field(first), ",".join(map(_as_field, rest))


def _stamp(hundredths: int) -> str:
    """Hours as many as there are: libass reads them. Nothing can begin before the film."""
    if hundredths < 0:
        hundredths = 0
    seconds = hundredths // 100
    minutes = seconds // 60
    hours, two = minutes // 60, TWO_DIGITS
    return f"{hours}:{two[minutes % 60]}:{two[seconds % 60]}.{two[hundredths % 100]}"


def _beyond_clock(content: Content) -> Iterator[Part]:
    """The cues with hours of more digits than the one that ASS has by its description."""
    late = sum(cue.end > LATEST_MS for cue in content.as_captions().cues)
    remedy = "(ASS has one digit of hours; not every player takes more)"
    yield late, f"cue after 9:59:59.99 {remedy}", f"cues after 9:59:59.99 {remedy}"


FORMAT = Format(
    name="ass",
    extensions=(".ass", ".ssa"),
    title="SubStation Alpha subtitles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.STYLING
    | Carries.SHADES
    | Carries.STRIKES
    | Carries.OVERRIDES
    | Carries.SECTIONS
    | Carries.PLACEMENT
    | Carries.LINES
    | Carries.NOTES
    | Carries.DRAFT,
    reshapes=_beyond_clock,
    write=write,
    read=read,
)
