"""TTML's XML as a tree whose elements know when they are active.

Names are reduced to what they say, whichever of TTML's namespaces of 2006 to today they are
from: `tts:color` is "color", `ttp:frameRate` "frameRate", `xml:id` "id". Names from elsewhere
keep their namespace: "urn:ebu:tt:metadata documentMetadata".

Control signs, which XML does not know, become U+FFFD; a lone `&` and HTML's entities are forgiven.
"""

from __future__ import annotations

import contextlib
import html
import html.entities
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial

from granite_studio.core.timing import Rate, divided
from granite_studio.formats import xml_tree
from granite_studio.formats.base import Source, refuse_too_much, unreadable
from granite_studio.formats.frames import usual_rate
from granite_studio.formats.languages import tag_of

LYRICS = "http://music.apple.com/lyric-ttml-internal timing"
"""The attribute that says how finely Apple's song texts are timed."""

_OWN = re.compile(
    r"(?:http://www\.w3\.org/(?:ns/ttml|20[0-9]{2}/[0-9]{2}/ttaf1)(?:#[a-z]+)?"
    r"|http://www\.w3\.org/XML/1998/namespace) "
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,99}?encoding\s*=\s*["']([A-Za-z0-9_-]{1,20})["']""")
_OLD_ENCODING = re.compile(
    r"(?:iso[-_]?8859[-_]|windows-|cp)[0-9]{1,4}|koi8-[ru]|shift[-_]jis|gb2312|gbk|gb18030|big5"
    r"|euc-(?:jp|kr)",
    re.IGNORECASE,
)
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BARE_SIGN = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z][A-Za-z0-9]{1,31};)?"
)
_CLOCK = re.compile(
    r"(?:([0-9]{1,9}):)?([0-9]{1,3}):([0-9]{1,2})"
    r"(?:[.,]([0-9]+)|[:;]([0-9]{1,3})(?:\.([0-9]{1,3}))?)?"
)
_OFFSET = re.compile(r"([0-9]{1,18})(?:\.([0-9]+))?(h|ms|m|s|f|t)?")
_RATE = re.compile(r"([1-9][0-9]{0,8})")
_RATIO = re.compile(r"([1-9][0-9]{0,8})[ :]+([1-9][0-9]{0,8})")
_TIMED = frozenset({"begin", "end", "dur"})
_CONTENT = frozenset({"body", "div", "p", "span"})


@dataclass(slots=True)
class Element(xml_tree.Element):
    """An element, and from `resolve` on when it is active: in ms, `end` None for ever.

    Where a file says that something ends before it begins, so do these times. What its parent's
    end keeps from ever being active is not `active`. A paragraph `is_still` that has an end and
    nothing in it that comes or goes; times are not given to what is in it.
    """

    begin: int = 0
    end: int | None = None
    active: bool = True
    is_still: bool = False

    @property
    def is_timed(self) -> bool:
        return not _TIMED.isdisjoint(self.attributes)

    @property
    def is_sequence(self) -> bool:
        return self.attributes.get("timeContainer") == "seq"


def parse(source: Source) -> tuple[Element, int]:
    """The tree below `tt`, and how many comments the file has. Raises `FormatError` for anything
    but TTML."""
    text = _text(source).lstrip(" \t\n")
    if text and text[0] != "<":
        raise unreadable(source.name, "is not an XML file", "choose a TTML file")
    refuse_too_much(source.name, text)
    comments: list[str] = []
    root = _tree(text, source.name, comments)
    if root.name != "tt":
        name = root.name.rpartition(" ")[2][:40]
        raise unreadable(source.name, f"holds <{name}> and not TTML", "choose a TTML file")
    return root, sum(bool(comment.strip()) for comment in comments)


def _text(source: Source) -> str:
    declared = _DECLARED.match(source.data[:200].lstrip())
    name = declared.group(1).decode() if declared else ""
    if _OLD_ENCODING.fullmatch(name):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return source.data.decode(name).replace("\r\n", "\n").replace("\r", "\n")
    return source.text()


def _repaired(sign: re.Match[str]) -> str:
    entity = sign.group(1) or ""
    meant = html.entities.html5.get(entity)
    return html.escape(meant) if meant else f"&amp;{entity}"


def _tree(text: str, name: str, comments: list[str]) -> Element:
    """The tree with names that lack TTML's namespaces, of text that is mended where it has to be;
    the comments join the list."""
    repairs = iter((partial(NO_XML.sub, "\ufffd"), partial(_BARE_SIGN.sub, _repaired)))
    while True:
        comments.clear()
        try:
            return Element.parse(
                text.encode(errors="surrogatepass"),
                name,
                damaged="is damaged XML ({fault} in line {line})",
                cure="save it again where it came from",
                named=partial(_OWN.sub, ""),
                commented=comments.append,
            )
        except xml_tree.XmlError:
            repair = next(repairs, None)
            if repair is None:
                raise
            text = repair(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a file counts time. `rate` is frames a second before the `ratio` is applied to it."""

    rate: int = 30
    ratio: tuple[int, int] = (1, 1)
    sub_rate: int = 1
    tick_rate: int = 1
    smpte: bool = False
    drop: str = "nonDrop"

    @classmethod
    def of(cls, root: Element) -> Clock:
        """The clock that the attributes of `tt` describe."""
        there = root.attributes
        rate = _positive(there.get("frameRate", ""), 30)
        sub_rate = _positive(there.get("subFrameRate", ""), 1)
        ratio = _RATIO.fullmatch(there.get("frameRateMultiplier", "").strip())
        return cls(
            rate=rate,
            ratio=(int(ratio.group(1)), int(ratio.group(2))) if ratio else (1, 1),
            sub_rate=sub_rate,
            tick_rate=_positive(
                there.get("tickRate", ""), rate * sub_rate if "frameRate" in there else 1
            ),
            smpte=there.get("timeBase") == "smpte",
            drop=there.get("dropMode", "nonDrop"),
        )

    def milliseconds(self, text: str) -> int | None:
        """A clock time, an offset or a bare number of seconds; None for anything else."""
        text = text.strip()
        if clock := _CLOCK.fullmatch(text):
            return self._of_clock(*clock.groups())
        if offset := _OFFSET.fullmatch(text):
            return self._of_offset(*offset.groups())
        return None

    def _of_clock(
        self, hours: str, minutes: str, seconds: str, fraction: str, frames: str, parts: str
    ) -> int:
        whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        if fraction:
            return whole * 1000 + _thousandths(fraction[:3])
        thousandths = int(frames or 0) * 1000 + int(parts or 0) * 1000 // self.sub_rate
        if not self.smpte:
            return whole * 1000 + self._of_frames(thousandths)
        counted = whole * self.rate - self._dropped(int(hours or 0), int(minutes))
        return self._of_frames(counted * 1000 + thousandths)

    def _dropped(self, hours: int, minutes: int) -> int:
        """Frame numbers left out so far (TTML 1, appendix N), at the double rate twice as many."""
        if self.drop == "dropNTSC":
            return (hours * 54 + minutes - minutes // 10) * 2 * max(1, self.rate // 30)
        if self.drop == "dropPAL":
            return (hours * 27 + minutes // 2 - minutes // 20) * 4
        return 0

    def _of_frames(self, thousandths: int) -> int:
        numerator, denominator = self.ratio
        return divided(thousandths * denominator, self.rate * numerator)

    def _of_offset(self, whole: str, fraction: str, metric: str) -> int:
        thousandths = int(whole) * 1000 + _thousandths((fraction or "0")[:3])
        if metric == "f":
            return self._of_frames(thousandths)
        if metric == "t":
            return divided(thousandths, self.tick_rate)
        if metric == "ms":
            return divided(thousandths, 1000)
        return thousandths * {"h": 3600, "m": 60}.get(metric, 1)


@lru_cache(1000)
def _thousandths(fraction: str) -> int:
    """What up to three digits behind a point are worth."""
    return int(fraction.ljust(3, "0"))


def frame_rate(root: Element) -> Rate | None:
    """The usual rate that the attributes of `tt` name, or None."""
    if "frameRate" not in root.attributes:
        return None
    clock = Clock.of(root)
    return usual_rate(Fraction(clock.rate) * Fraction(*clock.ratio), drop=clock.drop == "dropNTSC")


def language_of(root: Element) -> str:
    """The language of the text as the file says it: that of the body, or else the only one that
    anything in it is said to be in."""
    said = root.attributes.get("lang", "")
    body = root.first("body")
    if body is None:
        return said
    said = body.attributes.get("lang", said)
    if tag_of(said):
        found = {each.attributes.get("lang", said) for each in body.elements}
    else:
        found = {each.attributes["lang"] for each in body.below() if "lang" in each.attributes}
    return found.pop() if len(found) == 1 else said


def _positive(text: str, otherwise: int) -> int:
    match = _RATE.fullmatch(text.strip())
    return int(match.group(1)) if match else otherwise


def resolve(root: Element, clock: Clock, name: str) -> None:
    """Give all elements of the body their times, as TTML 1 says in chapter 10.

    Careless programs write times from the start of the film into elements whose parents do not
    begin there. They are taken as such where times that count from the parent would hide text
    for ever and none lies before its parent's; always so in Apple's song texts. Raises
    `FormatError` for a time that cannot be understood.
    """
    body = root.first("body")
    if body is None:
        return
    times = _Times(clock, name, LYRICS in root.attributes)
    times.place(body, 0, None)
    hides = not times.absolute and times.has_inactive and times.hides(body)
    if hides and times.only_later(body, 0) == 2:
        times.absolute = True
        times.place(body, 0, None)


class _Times:
    """The walk that gives elements their times; `absolute` ones count from the film's start."""

    def __init__(self, clock: Clock, name: str, absolute: bool) -> None:
        self.clock = clock
        self.name = name
        self.absolute = absolute
        self.has_inactive = False

    def time(self, element: Element, attribute: str) -> int | None:
        text = element.attributes.get(attribute)
        if text is None:
            return None
        ms = self.clock.milliseconds(text)
        if ms is None:
            raise unreadable(
                self.name, f"has “{text[:20]}” where a time should be", "correct that time"
            )
        return ms

    def place(self, element: Element, start: int, limit: int | None) -> int | None:
        """Give the element its times from `start` on, and all that is in it.

        The answer is when it has ended for its container. A span without times is active as
        long as what it is in, also when all in it has ended.
        """
        origin = 0 if self.absolute else start
        own: int | None = None
        element.begin, element.is_still = start, False
        if element.is_timed:
            offset = self.time(element, "begin")
            end, dur = self.time(element, "end"), self.time(element, "dur")
            element.begin = start if offset is None else origin + offset
            own = None if end is None else origin + end
            if dur is not None and _earlier(element.begin + dur, own):
                own = element.begin + dur
        is_open = own is None
        free = self.absolute and not is_open
        element.active = limit is None or element.begin < limit or free
        self.has_inactive = self.has_inactive or not element.active
        if not free and _earlier(limit, own):
            own = limit
        if element.name == "p" and own is not None and element.begin < own and not is_open:
            element.is_still = _is_still(element)
        if element.is_still:
            element.end = own
            return own
        implied = self._children(element, own)
        ended = implied if is_open and _earlier(implied, own) else own
        element.end = own if element.name in ("span", "set") else ended
        return ended

    def _children(self, element: Element, limit: int | None) -> int | None:
        """Place them; the answer is when the last has ended."""
        sequence = element.is_sequence
        reached: int | None = element.begin
        latest: int | None = element.begin
        has_no_end = not sequence and element.name in ("p", "span")
        for child in element.children:
            if isinstance(child, str):
                latest = None if has_no_end and child.strip(" \t\n") else latest
            elif child.name == "set":
                self.place(child, element.begin, limit)
            elif child.name in _CONTENT:
                reached = self._child(child, reached if sequence else element.begin, limit)
                latest = None if latest is None or reached is None else max(latest, reached)
        return reached if sequence else latest

    def _child(self, child: Element, start: int | None, limit: int | None) -> int | None:
        ended = self.place(child, start or 0, limit)
        if start is None:  # it would follow what never ends
            self.has_inactive = True
            _silence(child)
        return ended

    def hides(self, element: Element) -> bool:
        """Whether text in here is never active."""
        if not element.active:
            return bool(element.said().strip())
        return any(self.hides(child) for child in element.elements if child.name in _CONTENT)

    def only_later(self, element: Element, begin: int) -> int:
        """0 where a time lies before its parent's or sequences are used; 2 where one lies behind
        the time of a parent that does not begin at 0; else 1."""
        if element.is_sequence:
            return 0
        own = self.time(element, "begin")
        if own is not None and own < begin:
            return 0
        found = 2 if own is not None and begin else 1
        inside = [
            self.only_later(child, begin if own is None else own)
            for child in element.elements
            if child.name in _CONTENT
        ]
        return 0 if 0 in inside else max([found, *inside])


def _is_still(element: Element) -> bool:
    """Whether nothing in this element comes or goes while it is active."""
    if element.is_sequence:
        return False
    for child in element.children:
        if isinstance(child, str) or child.name == "br":
            continue
        if child.name != "span" or child.is_timed or not _is_still(child):
            return False
    return True


def _earlier(one: int | None, other: int | None) -> bool:
    return one is not None and (other is None or one < other)


def _silence(element: Element) -> None:
    element.active = False
    for child in element.elements:
        _silence(child)


def start_of_programme(root: Element, clock: Clock) -> int:
    """What EBU-TT says is the time code of the film's first frame, in ms; else 0."""
    head = root.first("head")
    for element in head.below() if head else ():
        if element.name == "urn:ebu:tt:metadata documentStartOfProgramme":
            return clock.milliseconds(element.said()) or 0
    return 0
