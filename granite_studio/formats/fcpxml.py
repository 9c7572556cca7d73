"""Final Cut Pro's XML, version 1.10: captions of an iTT role, or titles, on a gap.

All times are whole frames as fractions of seconds, as Final Cut Pro demands; a cue lasts for a
frame at least. Cues that overlap get lanes of their own. Bold, italic and underlined text is
kept, so is a place at the top; a voice becomes "Name: ", and of other tags the text stays.

The reader finds captions and titles wherever they hang: in storylines, on clips and in clips in
them, each with its own time. Captions go before titles; of several roles (languages) that with
the most is taken. A file may name its document type, as Apple's do, but not declare anything.
"""

from __future__ import annotations

import heapq
import html
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.timing import Rate
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    unreadable,
)
from granite_studio.formats.cue_settings import numpad_of
from granite_studio.formats.frames import (
    frames_of,
    milliseconds_of,
    one_line,
    title_of,
    usual_rate,
)
from granite_studio.formats.languages import tag_of
from granite_studio.formats.markup import bracketed
from granite_studio.formats.xml_tree import Element

_CLIP_START_S = 3600
"""Where the own time of a caption or title begins by its time code, as Final Cut Pro has it."""
_LONGEST_NAME = 60
_TITLE_EFFECT = (
    ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
)
_CAPTION_STYLE = (
    'font=".AppleSystemUIFont" fontSize="13" fontFace="Regular" fontColor="1 1 1 1" '
    'backgroundColor="0 0 0 1"'
)
_TITLE_STYLE = (
    'font="Helvetica" fontSize="54" fontFace="Regular" fontColor="1 1 1 1" alignment="center"'
)
_LANGUAGE = re.compile(r"captionFormat=\w+\.([A-Za-z0-9-]+)")
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"(-?[0-9]{1,18})(?:/([0-9]{1,18})|(\.[0-9]{1,12}))?s")
_TOP = 8
_STYLES = {"b": "bold", "i": "italic", "u": "underline"}

Run = tuple[str, str]
"""A piece of text, and the letters of `_STYLES` that hold for it."""


def write_captions(content: Content) -> bytes:
    """The cues as captions of the role iTT in the content's language."""
    return _written(content)


def write_titles(content: Content) -> bytes:
    """The cues as titles that stay on the picture."""
    return _written(content, titles=True)


def _written(content: Content, *, titles: bool = False) -> bytes:
    """A project of a gap with the cues on it."""
    rate = content.rate
    cues = sorted(content.as_captions().cues, key=lambda cue: (cue.start, cue.end))
    spans = [frames_of(cue, rate) for cue in cues]
    length = _seconds(max((end for _, end in spans), default=1), rate)
    name = _attribute(title_of(content))
    effect = f'\n    <effect id="r2" name="Basic Title" uid="{_TITLE_EFFECT}"/>' if titles else ""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
        f'<fcpxml version="1.10">\n  <resources>\n'
        f'    <format id="r1" frameDuration="{_seconds(1, rate)}" width="1920" height="1080"/>'
        f"{effect}\n  </resources>\n  <library>\n   <event name={name}>\n"
        f'    <project name={name}>\n     <sequence format="r1" duration="{length}" tcStart="0s" '
        f'tcFormat="{"DF" if rate.drop else "NDF"}">\n      <spine>\n'
        f'       <gap name="Gap" offset="0s" start="0s" duration="{length}">\n'
    )
    tail = (
        "       </gap>\n      </spine>\n     </sequence>\n    </project>\n   </event>\n"
        "  </library>\n</fcpxml>\n"
    )
    kind = 'title ref="r2"' if titles else f'caption role="{_role(content)}"'
    own = _seconds(_CLIP_START_S * rate.nominal, rate)
    items = (
        _item(kind, number, cue, lane, (_seconds(start, rate), own, _seconds(end - start, rate)))
        for number, (cue, lane, (start, end)) in enumerate(
            zip(cues, _lanes(spans), spans, strict=True), start=1
        )
    )
    return encoded("".join([head, *items, tail]))


def _role(content: Content) -> str:
    return f"iTT?captionFormat=ITT.{tag_of(content.known_language) or 'en'}"


def _item(kind: str, number: int, cue: Caption, lane: int, times: tuple[str, str, str]) -> str:
    """One caption or title; the ids of its styles are its own."""
    element = kind.partition(" ")[0]
    runs = list(_runs(cue.text)) or [("", "")]
    styles = {
        letters: f"ts{number}-{n}" for n, letters in enumerate(dict.fromkeys(s for _, s in runs))
    }
    look = _CAPTION_STYLE if element == "caption" else _TITLE_STYLE
    name = _attribute(one_line("".join(text for text, _ in runs))[:_LONGEST_NAME])
    placement = ""
    move = '\n         <adjust-transform position="0 -40"/>'
    if element == "caption":
        placement = f' placement="{"top" if _is_at_top(cue) else "bottom"}"'
        move = ""
    said = "".join(
        f'<text-style ref="{styles[letters]}">{html.escape(_clean(text))}</text-style>'
        for text, letters in runs
    )
    defined = "".join(
        f'\n         <text-style-def id="{id_}"><text-style {look}{_switches(letters)}/>'
        "</text-style-def>"
        for letters, id_ in styles.items()
    )
    return (
        f'        <{kind} lane="{lane}" offset="{times[0]}" name={name} start="{times[1]}" '
        f'duration="{times[2]}">\n         <text{placement}>{said}</text>{defined}{move}\n'
        f"        </{element}>\n"
    )


def _switches(letters: str) -> str:
    return "".join(f' {_STYLES[letter]}="1"' for letter in letters)


def _is_at_top(cue: Caption) -> bool:
    place = numpad_of(cue.settings) if cue.alignment is None and cue.settings else cue.alignment
    return place is not None and place > 6


def _runs(cue_text: str) -> Iterator[Run]:
    """The text in runs of one style each; a voice becomes "Name: "."""
    for letters, parts in itertools.groupby(_said(cue_text), key=lambda run: run[1]):
        yield "".join(text for text, _ in parts), letters


def _said(cue_text: str) -> Iterator[Run]:
    opened: Counter[str] = Counter()
    for piece in bracketed(cue_text):
        letters = "".join(letter for letter in _STYLES if opened[letter])
        if isinstance(piece, str):
            yield piece, letters
        elif piece.name == "v" and piece.rest and not piece.closing:
            yield f"{piece.rest}: ", letters
        elif piece.name in _STYLES:
            opened[piece.name] = max(0, opened[piece.name] + (-1 if piece.closing else 1))


def _clean(text: str) -> str:
    """The text with U+FFFD for what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _attribute(text: str) -> str:
    """In quotes; a line end would else be read as a blank."""
    quoted = html.escape(_clean(text)).replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{quoted}"'


def _seconds(frames: int, rate: Rate) -> str:
    """A time of whole frames as Final Cut Pro writes it: 1001/30000s."""
    time = frames / rate.frames
    return f"{time.numerator}s" if time.denominator == 1 else f"{time}s"


def _lanes(spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The lowest free lane of each span, in order of their start; what overlaps has another."""
    free: list[int] = []
    taken: list[tuple[int, int]] = []
    for start, end in spans:
        while taken and taken[0][0] <= start:
            heapq.heappush(free, heapq.heappop(taken)[1])
        lane = heapq.heappop(free) if free else len(taken) + 1
        heapq.heappush(taken, (end, lane))
        yield lane


@dataclass(slots=True)
class _Place:
    """Where an element stands: when it begins, and what its own clock shows then.

    `reached` is where the next part of a storyline begins that does not say it itself.
    """

    element: str
    at: Fraction
    clock: Fraction
    reached: Fraction


@dataclass(frozen=True, slots=True)
class _Item:
    """A caption or title; `runs` have the ids of styles."""

    element: str
    start: Fraction
    duration: Fraction
    role: str
    runs: tuple[Run, ...]
    top: bool


class _Reader:
    """The walk through a file that collects its captions and titles, by project."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._projects = 0
        self.items: dict[int, list[_Item]] = {}

    def walk(self, element: Element, place: _Place) -> None:
        """Collect what is in this element, which stands here."""
        for child in element.elements:
            if child.name == "resources":
                continue
            inside = self._place(child, place)
            if child.name == "project":
                self._projects += 1
            elif child.name in ("caption", "title"):
                self.items.setdefault(self._projects, []).append(self._item(child, inside.at))
            self.walk(child, inside)

    def _item(self, element: Element, start: Fraction) -> _Item:
        texts = [child for child in element.elements if child.name == "text"]
        runs: list[Run] = []
        for text in texts:
            runs += [("\n", "")] if text is not texts[0] else []
            runs += _runs_of(text)
        return _Item(
            element.name,
            start,
            self._time(element, "duration", Fraction(0)),
            element.attributes.get("role", ""),
            tuple(runs),
            any(text.attributes.get("placement") == "top" for text in texts),
        )

    def _place(self, element: Element, parent: _Place) -> _Place:
        """When this element begins: its offset is on the clock of the one it stands in."""
        zero = Fraction(0)
        if element.name == "sequence":
            clock = self._time(element, "tcStart", zero)
            return _Place(element.name, zero, clock, clock)
        in_order = parent.element in ("spine", "sequence")
        offset = self._time(element, "offset", parent.reached if in_order else parent.clock)
        at = parent.at + offset - parent.clock
        if parent.element == "spine" and element.name != "transition":
            parent.reached = offset + self._time(element, "duration", zero)
        if element.name == "spine":
            clock = parent.clock if parent.element == "sequence" else zero
        else:
            clock = self._time(element, "start", zero)
        return _Place(element.name, at, clock, clock)

    def _time(self, element: Element, name: str, default: Fraction) -> Fraction:
        text = element.attributes.get(name)
        if text is None:
            return default
        match = _TIME.fullmatch(text)
        if not match or (match[2] and int(match[2]) == 0):
            raise unreadable(
                self._name,
                f"has “{text[:20]}” where a time should be",
                "export it again from where it came",
            )
        if match[3]:
            return Fraction(match[1] + match[3])
        return Fraction(int(match[1]), int(match[2] or 1))


def _runs_of(text: Element) -> Iterator[Run]:
    """What a text says, each piece with the id of its style; blanks between pieces are layout."""
    for child in text.children:
        said = child if isinstance(child, str) else child.said()
        style = "" if isinstance(child, str) else child.attributes.get("ref", "")
        if style or said.strip():
            yield said, style


def read(source: Source) -> Captions:
    """Read captions, or else titles. Raises `FormatError` for files that cannot be read."""
    text = source.text()
    if not text.strip():
        return Captions()
    root = Element.parse(
        encoded(text), source.name, doctype="fcpxml", cure="export it again from where it came"
    )
    if root.name != "fcpxml":
        raise unreadable(
            source.name, "is not an FCPXML file", "choose one that Final Cut Pro exported"
        )
    reader = _Reader(source.name)
    reader.walk(root, _Place("", Fraction(0), Fraction(0), Fraction(0)))
    if len(reader.items) > 1:
        raise unreadable(
            source.name,
            f"has the captions of {len(reader.items)} projects",
            "export one of them alone",
        )
    items = _chosen([item for found in reader.items.values() for item in found])
    styles = _styles(root)
    said = _LANGUAGE.search(items[0].role) if items else None
    return Captions(
        tuple(_cue(item, styles) for item in items),
        frame_rate=_rate(root),
        language=tag_of(said[1]) if said else "",
    )


def _rate(root: Element) -> Rate | None:
    """The usual rate of the first sequence, or None."""
    inside = list(root.below())
    formats = {part.attributes.get("id"): part for part in inside if part.name == "format"}
    sequence = next((part for part in inside if part.name == "sequence"), None)
    counted = formats.get(sequence.attributes.get("format")) if sequence else None
    match = _TIME.fullmatch(counted.attributes.get("frameDuration", "")) if counted else None
    if not sequence or not match or not match[2] or int(match[1]) <= 0:
        return None
    drop = sequence.attributes.get("tcFormat") == "DF"
    return usual_rate(Fraction(int(match[2]), int(match[1])), drop=drop)


def _styles(root: Element) -> dict[str, str]:
    """The letters of `_STYLES` that each style's id stands for."""
    return {
        defined.attributes.get("id", ""): "".join(
            letter for letter, name in _STYLES.items() if look.attributes.get(name) == "1"
        )
        for defined in root.below()
        if defined.name == "text-style-def"
        for look in defined.elements
        if look.name == "text-style"
    }


def _chosen(items: Sequence[_Item]) -> list[_Item]:
    """The captions of one role, or else all titles, in order of their start."""
    captions = [item for item in items if item.element == "caption"]
    roles = Counter(item.role for item in captions)
    role = max(roles, key=lambda role: roles[role], default="")
    chosen = [item for item in captions if item.role == role] or list(items)
    return sorted(chosen, key=lambda item: (item.start, item.start + item.duration))


def _cue(item: _Item, styles: Mapping[str, str]) -> Caption:
    runs = [(said, styles.get(style, "")) for said, style in item.runs]
    text = "".join(
        _tagged("".join(said for said, _ in parts), letters)
        for letters, parts in itertools.groupby(runs, key=lambda run: run[1])
    )
    start, end = map(milliseconds_of, (item.start, item.start + item.duration))
    return Caption(start, end, text, alignment=_TOP if item.top else None)


def _tagged(text: str, letters: str) -> str:
    front = "".join(f"<{letter}>" for letter in letters)
    back = "".join(f"</{letter}>" for letter in reversed(letters))
    return f"{front}{escape(text)}{back}"


_CARRIES = Carries.SPEAKERS | Carries.ITALICS | Carries.BOLD | Carries.UNDERLINES | Carries.LINES
CAPTIONS = Format(
    name="fcpxml",
    extensions=(".fcpxml",),
    title="Final Cut Pro captions",
    kind=Kind.CAPTIONS,
    carries=_CARRIES | Carries.TOP,
    write=write_captions,
    read=read,
    in_frames=True,
    names_in_text=True,
)
TITLES = Format(
    name="fcpxml-titles",
    extensions=(".titles.fcpxml",),
    title="Final Cut Pro titles",
    kind=Kind.CAPTIONS,
    carries=_CARRIES,
    write=write_titles,
    read=read,
    in_frames=True,
    names_in_text=True,
)
