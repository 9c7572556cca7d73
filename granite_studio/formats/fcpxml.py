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
from dataclasses import dataclass, field
from fractions import Fraction
from xml.parsers import expat

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cues import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import Rate
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.cue_settings import numpad_of
from granite_studio.formats.frames import frames_of, milliseconds_of, one_line, title_of
from granite_studio.formats.markup import pieces

_CLIP_START = "3600s"
"""Where the own time of a caption or title begins, as Final Cut Pro writes it."""
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
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"(-?[0-9]{1,18})(?:/([0-9]{1,18})|(\.[0-9]{1,12}))?s")
_TOP = 8
_STYLES = {"b": "bold", "i": "italic", "u": "underline"}

Run = tuple[str, str]
"""A piece of text, and the letters of `_STYLES` that hold for it."""


def write_captions(content: Content) -> bytes:
    """The cues as captions of the role iTT in the content's language."""
    return written(content, content.frame_rate)


def write_titles(content: Content) -> bytes:
    """The cues as titles that stay on the picture."""
    return written(content, content.frame_rate, titles=True)


def written(content: Content, rate: Rate, *, titles: bool = False) -> bytes:
    """A project of a gap with the cues on it, at this frame rate."""
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
    items = (
        _item(kind, number, cue, lane, (_seconds(start, rate), _seconds(end - start, rate)))
        for number, (cue, lane, (start, end)) in enumerate(
            zip(cues, _lanes(spans), spans, strict=True), start=1
        )
    )
    return encoded("".join([head, *items, tail]))


def _role(content: Content) -> str:
    language = content.document.language if content.document else content.language
    return f"iTT?captionFormat=ITT.{language if _LANGUAGE.fullmatch(language) else 'en'}"


def _item(kind: str, number: int, cue: Caption, lane: int, times: tuple[str, str]) -> str:
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
        f'        <{kind} lane="{lane}" offset="{times[0]}" name={name} start="{_CLIP_START}" '
        f'duration="{times[1]}">\n         <text{placement}>{said}</text>{defined}{move}\n'
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
    for piece in pieces(cue_text):
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
    """An open element: when it begins, and what its own clock shows then.

    `reached` is where the next part of a storyline begins that does not say it itself.
    """

    element: str
    at: Fraction
    clock: Fraction
    reached: Fraction


@dataclass(slots=True)
class _Item:
    """A caption or title as it is read; styles are known by their id until the file ends."""

    element: str
    start: Fraction
    duration: Fraction
    role: str
    runs: list[Run] = field(default_factory=list)
    top: bool = False
    texts: int = 0


class _Reader:
    """Takes the parser's events and collects what they say."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.items: dict[int, list[_Item]] = {}
        """By the number of the project they are in."""
        self.styles: dict[str, str] = {}
        self._places = [_Place("", Fraction(0), Fraction(0), Fraction(0))]
        self._projects = 0
        self._item: _Item | None = None
        self._style = ""
        self._defines = ""
        self._in_text = False

    def parse(self, text: str) -> None:
        """Raises `FormatError` for what is no XML or declares anything."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(encoded(text), True)
        except expat.ExpatError as error:
            raise unreadable(
                self._source.name,
                f"is not whole XML (line {error.lineno})",
                "export it again from where it came",
            ) from error

    def _doctype(self, name: str, system: str | None, public: str | None, inside: int) -> None:
        if name != "fcpxml" or system is not None or public is not None or inside:
            raise self._declares()

    def _declared(self, *_declaration: object) -> None:
        raise self._declares()

    def _declares(self) -> FormatError:
        return unreadable(
            self._source.name,
            "declares a document type of its own, which may be harmful",
            "export it again from Final Cut Pro",
        )

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if len(self._places) == 1 and element != "fcpxml":
            raise unreadable(
                self._source.name,
                "is not an FCPXML file",
                "choose one that Final Cut Pro exported",
            )
        place = self._place(element, attributes)
        self._places.append(place)
        if element == "project":
            self._projects += 1
        elif element in ("caption", "title") and not self._is_resource():
            duration = self._time(attributes, "duration", Fraction(0))
            self._item = _Item(element, place.at, duration, attributes.get("role", ""))
            self.items.setdefault(self._projects, []).append(self._item)
        elif element == "text" and self._item:
            self._in_text = True
            self._begin_text(self._item, attributes)
        elif element == "text-style-def":
            self._defines = attributes.get("id", "")
        elif element == "text-style" and self._defines:
            self.styles[self._defines] = "".join(
                letter for letter, name in _STYLES.items() if attributes.get(name) == "1"
            )
        elif element == "text-style":
            self._style = attributes.get("ref", "")

    def _is_resource(self) -> bool:
        return len(self._places) > 2 and self._places[2].element == "resources"

    def _begin_text(self, item: _Item, attributes: Mapping[str, str]) -> None:
        if item.texts:
            item.runs.append(("\n", ""))
        item.texts += 1
        item.top = item.top or attributes.get("placement") == "top"

    def _place(self, element: str, attributes: Mapping[str, str]) -> _Place:
        """When this element begins: its offset is on the clock of the one it stands in."""
        parent = self._places[-1]
        zero = Fraction(0)
        if element == "sequence":
            clock = self._time(attributes, "tcStart", zero)
            return _Place(element, zero, clock, clock)
        in_order = parent.element in ("spine", "sequence")
        offset = self._time(attributes, "offset", parent.reached if in_order else parent.clock)
        at = parent.at + offset - parent.clock
        if parent.element == "spine" and element != "transition":
            parent.reached = offset + self._time(attributes, "duration", zero)
        if element == "spine":
            clock = parent.clock if parent.element == "sequence" else zero
            return _Place(element, at, clock, clock)
        clock = self._time(attributes, "start", zero)
        return _Place(element, at, clock, clock)

    def _time(self, attributes: Mapping[str, str], name: str, default: Fraction) -> Fraction:
        text = attributes.get(name)
        if text is None:
            return default
        match = _TIME.fullmatch(text)
        if not match or (match[2] and int(match[2]) == 0):
            raise unreadable(
                self._source.name,
                f"has “{text[:20]}” where a time should be",
                "export it again from where it came",
            )
        if match[3]:
            return Fraction(match[1] + match[3])
        return Fraction(int(match[1]), int(match[2] or 1))

    def _end(self, element: str) -> None:
        self._places.pop()
        if element in ("caption", "title"):
            self._item = None
        elif element == "text":
            self._in_text = False
        elif element == "text-style-def":
            self._defines = ""
        elif element == "text-style":
            self._style = ""

    def _said(self, text: str) -> None:
        if self._item and self._in_text and (self._style or text.strip()):
            self._item.runs.append((text, self._style))


def read(source: Source) -> Captions:
    """Read captions, or else titles. Raises `FormatError` for files that cannot be read."""
    text = source.text()
    refuse_too_much(source.name, text)
    if not text.strip():
        return Captions()
    reader = _Reader(source)
    reader.parse(text)
    if len(reader.items) > 1:
        raise unreadable(
            source.name,
            f"has the captions of {len(reader.items)} projects",
            "export one of them alone",
        )
    items = _chosen([item for found in reader.items.values() for item in found])
    return Captions(tuple(_cue(item, reader.styles) for item in items))


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


CAPTIONS = Format(
    name="fcpxml",
    extensions=(".fcpxml",),
    title="Final Cut Pro captions",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.STYLING | Carries.PLACEMENT,
    write=write_captions,
    read=read,
    in_frames=True,
)
TITLES = Format(
    name="fcpxml-titles",
    extensions=(".titles.fcpxml",),
    title="Final Cut Pro titles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS | Carries.STYLING,
    write=write_titles,
    read=read,
    in_frames=True,
)
