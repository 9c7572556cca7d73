"""TTML in its many shapes: read whatever dialect it is, written as IMSC 1.1, EBU-TT-D and iTT.

Read are TTML 1 and 2, DFXP, IMSC, EBU-TT, EBU-TT-D, SMPTE-TT, iTT and Apple's song texts, whose
word times become inner time stamps. A paragraph becomes a cue, or several where its spans come
and go. What ends never is shown until the next cue begins, or for five seconds. A paragraph
without text stays as an empty cue where it has times of its own.

Carried are bold, italic, underlined and struck text, colours, ruby, speakers (`ttm:agent`) and
places. A region becomes cue settings; one at the bottom becomes none, one at the top `line:0`,
and the margins of a region that fills the width are left out. White is the colour of all text.

The language is that of the text. Text that its letters or its language have read from the right
is written so; another direction, as of English text from the right, is not carried.

Not carried: fonts and sizes, backgrounds, outlines, opacity, `ttm:role`, the language of spans,
forced display, pictures, times of regions, changes of style that a `set` outside paragraphs
makes, comments, and the second of two regions in a paragraph; of vertical text more than its
direction. `ttml_unread` counts them, and the regions whose text comes to stand elsewhere, so that
every export can say what is gone.
Notes, style sheets, inner time stamps and identifiers that are no XML names or come twice are left
out on writing, and what settings say about rows is written in percent.

EBU-TT-D and iTT show ruby as text in parentheses and know no struck text. iTT knows only top
and bottom, has names of speakers in its text, and counts frames, 25 a second.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from granite_studio.core.bulk import collector_at_rest
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.timing import clock
from granite_studio.formats.base import Carries, Format, Kind, Source, unreadable
from granite_studio.formats.languages import tag_of
from granite_studio.formats.ttml_looks import CLASSES, Picture, colour_of
from granite_studio.formats.ttml_tree import (
    LYRICS,
    Clock,
    Element,
    frame_rate,
    language_of,
    parse,
    resolve,
    start_of_programme,
)
from granite_studio.formats.ttml_unread import unread
from granite_studio.formats.ttml_writing import (
    unnamed,
    unwritten,
    write_ebu_tt_d,
    write_imsc,
    write_itt,
)

LAST_SHOWN_MS = 5000
"""How long a cue without an end is shown when none follows."""

MOST_SPEAKERS = 4
"""Speakers at once."""

MOST_STEPS = 10_000_000
"""How much work changing paragraphs may be: elements looked at, and an eighth of the letters."""

MOST_SCOPES = 10_000
"""So many are remembered, for files that set everything anew in each paragraph."""

_BLANKS = re.compile(r"[ \t\n]+")
_INHERITED = frozenset(
    {"color", "fontStyle", "fontWeight", "textDecoration", "textAlign", "visibility"}
)
_PLACING = frozenset({"origin", "extent", "position", "displayAlign", "writingMode"})
_LOOKS = ("fontStyle", "fontWeight", "textDecoration", "color")
_KEPT = _INHERITED | _PLACING | {"display", "ruby"}
_COUNTING = _KEPT | {"style", "region", "agent", "space"}
"""All attributes that change what counts inside an element."""

_Styles = dict[str, str]
_Opened = tuple[str, str, int]
"""A tag: what opens it, what closes it, and which element it stands for where that matters."""


def read(source: Source) -> Captions:
    """Read the paragraphs of any kind of TTML as cues, in the file's order.

    Raises `FormatError` for files of pictures and for text without any times.
    """
    with collector_at_rest():
        root, comments = parse(source)
        counted = Clock.of(root)
        resolve(root, counted, source.name)
        reader = _Reader(root, source.name)
        found = reader.cues()
        if not any(cue.text for cue in found):
            _refuse_pictures(root.first("body"), source.name)
        cues = tuple(_with_ends(found, start_of_programme(root, counted)))
        language = language_of(root)
        left_out = unread(
            root, language, comments=comments, moved=len(reader.moved), hidden=reader.hidden
        )
        return Captions(
            cues, unread=left_out, frame_rate=frame_rate(root), language=tag_of(language)
        )


def _refuse_pictures(body: Element | None, name: str) -> None:
    inside = [body, *body.below()] if body else []
    if any(
        element.name.endswith("image")
        or any("backgroundImage" in key for key in element.attributes)
        for element in inside
    ):
        raise unreadable(
            name, "holds pictures of subtitles and no text", "get the subtitles as text"
        )


def _with_ends(cues: list[_Cue], zero: int) -> Iterator[Caption]:
    """The cues with an end each, counted from the film's first frame at `zero`."""
    starts = sorted({cue.start for cue in cues})
    zero = zero if starts and starts[0] >= zero else 0
    for cue in cues:
        end = cue.end
        if end is None:
            following = bisect_right(starts, cue.start)
            end = starts[following] if following < len(starts) else cue.start + LAST_SHOWN_MS
        yield Caption(cue.start - zero, end - zero, cue.text, cue.id, cue.settings)


class _Cue(NamedTuple):
    """A cue on its way; `end` is None where the file does not say it."""

    start: int
    end: int | None
    text: str
    settings: str
    id: str


class _Place(NamedTuple):
    """Cue settings, and whether they say all of the place they are made from."""

    settings: str
    is_kept: bool


_BELOW = _Place("", is_kept=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Scope:
    """What elements hand down to those inside them. `ruby` are the open tags of ruby.

    `look` are the tags around text that the styles ask for, `tags` all that are around it. `part`
    is the part of ruby that the element itself is; where nothing of it is to be shown, it is not
    `is_displayed`.
    """

    styles: _Styles = field(default_factory=dict)
    region: str = ""
    voice: str = ""
    keeps_blanks: bool = False
    ruby: tuple[_Opened, ...] = ()
    look: tuple[_Opened, ...] = ()
    part: str = ""
    place: _Place = _BELOW
    is_visible: bool = True
    is_displayed: bool = True
    tags: tuple[_Opened, ...] = field(init=False)

    def __post_init__(self) -> None:
        voice = ((f"<v {escape(self.voice)}>", "</v>", 0),) if self.voice else ()
        object.__setattr__(self, "tags", (*voice, *self.ruby, *self.look))


class _Reader:
    """The walk from the styles and regions in a file's head to the cues of its body.

    `moved` are the regions whose text comes to stand elsewhere, by a little or more.
    """

    def __init__(self, root: Element, name: str) -> None:
        self.root = root
        self.name = name
        self.by_words = LYRICS in root.attributes
        self.steps = 0
        self.found: list[_Cue] = []
        self.styles: dict[str, Element] = {}
        self.regions: dict[str, _Styles] = {}
        self.agents: dict[str, str] = {}
        self.known: dict[str, _Styles] = {}
        self.tags: dict[tuple[str, ...], tuple[_Opened, ...]] = {}
        self.places: dict[tuple[str, str], _Place] = {}
        self.moved: set[str] = set()
        self.hidden = 0
        self.scopes: dict[tuple[_Scope, tuple[tuple[str, str], ...]], _Scope] = {}
        self.initial: _Styles = {}
        head = root.first("head")
        self.picture = Picture.of(root.attributes)
        if head:
            self._read_head(head)

    def _read_head(self, head: Element) -> None:
        regions = []
        for element in head.below():
            name = element.attributes.get("id", "")
            if element.name == "style" and name:
                self.styles.setdefault(name, element)
            elif element.name == "initial":
                self.initial |= _kept(element.attributes)
            elif element.name == "region" and name:
                regions.append(element)
            elif element.name == "agent" and name:
                self.agents.setdefault(name, _agent_name(element) or name)
        for region in regions:
            inside: _Styles = {}
            for nested in region.elements:
                if nested.name == "style":
                    inside |= self._specified(nested)
            self.regions.setdefault(region.attributes["id"], inside | self._specified(region))

    def cues(self) -> list[_Cue]:
        body = self.root.first("body")
        if body:
            self._refuse_untimed(body)
            keeps = self.root.attributes.get("space") == "preserve"
            self._container(body, _Scope(keeps_blanks=keeps))
        return self.found

    def _refuse_untimed(self, body: Element) -> None:
        is_timed = body.is_timed or any(element.is_timed for element in body.below())
        if not is_timed and body.said().strip(" \t\n"):
            raise unreadable(self.name, "has text but no times for it", "choose a timed file")

    def _container(self, element: Element, scope: _Scope) -> None:
        scope = self._inside(element, scope)
        if not element.active:
            return
        if not scope.is_displayed:
            self.hidden += sum(bool(p.said().strip()) for p in element.below() if p.name == "p")
            return
        for child in element.elements:
            if child.name == "p":
                self._paragraph(child, scope)
            elif child.name in ("div", "body"):
                self._container(child, scope)

    def _inside(self, element: Element, scope: _Scope) -> _Scope:
        """What counts in this element: the same for all with the same attributes."""
        key = scope, tuple([said for said in element.attributes.items() if said[0] in _COUNTING])
        inside = self.scopes.get(key)
        if inside is None:
            inside = self._scope(element, scope, self._specified(element))
            if len(self.scopes) < MOST_SCOPES:
                self.scopes[key] = inside
        return inside

    def _scope(self, element: Element, scope: _Scope, own: _Styles) -> _Scope:
        """What counts in this element, which has these styles of its own."""
        there = element.attributes
        styles = scope.styles
        region = there.get("region", scope.region)
        if region != scope.region:
            base = {k: v for k, v in self.regions.get(region, {}).items() if k in _INHERITED}
            styles = base | styles
        if own:
            styles = _inherited(styles, own)
        names = there.get("agent", "").split(maxsplit=MOST_SPEAKERS)[:MOST_SPEAKERS]
        voices = [self.agents[name] for name in names if name in self.agents]
        space = there.get("space")
        return _Scope(
            styles,
            region,
            ", ".join(voices) or scope.voice,
            scope.keeps_blanks if space is None else space == "preserve",
            scope.ruby,
            self._look(styles),
            own.get("ruby", ""),
            self._place(region, self._style(styles, "textAlign")),
            self._style(styles, "visibility") != "hidden",
            own.get("display") != "none",
        )

    def _specified(self, element: Element) -> _Styles:
        """The styles that an element names or has itself; others may hand it more."""
        own = _kept(element.attributes)
        references = element.attributes.get("style")
        return self._named(references) | own if references else own

    def _named(self, references: str, depth: int = 0) -> _Styles:
        """The styles of these names together; each may build on others."""
        if references in self.known:
            return self.known[references]
        self.known[references] = {}  # what a circle of styles meets
        merged: _Styles = {}
        for name in references.split():
            element = self.styles.get(name)
            if element is None or depth > 30:
                continue
            if further := element.attributes.get("style"):
                merged |= self._named(further, depth + 1)
            merged |= _kept(element.attributes)
        self.known[references] = merged
        return merged

    def _paragraph(self, p: Element, scope: _Scope) -> None:
        if not p.active:
            return
        name = p.attributes.get("id", "")
        if (p.end is not None and p.end <= p.begin) or not _has_text(p):
            if p.is_timed and p.end is not None:
                self.found.append(_Cue(p.begin, p.end, *self._shown(p, scope, None), name))
            return
        before: _Cue | None = None
        changes = not (self.by_words or p.is_still)
        intervals = self._intervals(p) if changes else [(p.begin, p.end)]
        for start, end in intervals:
            text, settings = self._shown(p, scope, start if changes else None)
            if before and (before.text, before.settings, before.end) == (text, settings, start):
                before = self.found[-1] = before._replace(end=end)
            elif text.strip("\n") or (text and len(intervals) == 1):
                before = _Cue(start, end, text, settings, name)
                self.found.append(before)

    def _intervals(self, p: Element) -> list[tuple[int, int | None]]:
        """The stretches of time within which a paragraph does not change."""
        timed = [element for element in p.below() if element.is_timed and element.active]
        changes = {time for element in timed for time in (element.begin, element.end)}
        inside = [p.begin]
        inside += sorted(
            time
            for time in changes
            if time is not None and p.begin < time and (p.end is None or time < p.end)
        )
        self.steps += len(inside) * len(timed)
        return list(zip(inside, [*inside[1:], p.end], strict=True))

    def _shown(self, p: Element, scope: _Scope, at: int | None) -> tuple[str, str]:
        """Cue text and settings of a paragraph at this time; None: all of it."""
        if self.steps > MOST_STEPS:
            raise unreadable(
                self.name,
                "has paragraphs that change more often than anybody could read",
                "check that it is the right one",
            )
        inside = self._scope_at(p, scope, at)
        if not inside.is_displayed:
            self.hidden += at is None and bool(p.said().strip())
            return "", ""
        line = _Line()
        self._say(p, inside, at, line)
        if not inside.place.is_kept:
            self.moved.add(inside.region)
        return line.joined(), inside.place.settings

    def _scope_at(self, element: Element, scope: _Scope, at: int | None) -> _Scope:
        """What counts in an element at this time."""
        inside = self._inside(element, scope)
        if at is None:
            return inside
        changes: _Styles = {}
        for child in element.children:
            if not isinstance(child, str) and child.name == "set" and _is_active(child, at):
                changes |= _kept(child.attributes)
        if not changes:
            return inside
        changed = self._scope(element, scope, self._specified(element) | changes)
        return replace(changed, part=inside.part)

    def _say(self, element: Element, scope: _Scope, at: int | None, line: _Line) -> None:
        self.steps += len(scope.voice) // 8
        for child in element.children:
            if isinstance(child, str):
                if scope.is_visible:
                    self.steps += len(child) // 8
                    line.add(child, scope.tags, scope.keeps_blanks)
                elif at is None:
                    self.hidden += bool(child.strip())
            elif child.name == "br":
                line.end(scope.tags)
            elif child.name == "span" and (at is None or _is_active(child, at)):
                self._say_span(child, scope, at, line)

    def _say_span(self, span: Element, scope: _Scope, at: int | None, line: _Line) -> None:
        self.steps += 8
        inside = self._scope_at(span, scope, at)
        if not inside.is_displayed:
            self.hidden += at is None and bool(span.said().strip())
            return
        if inside.region != scope.region and inside.region in self.regions:
            self.moved.add(inside.region)
        if self.by_words and "begin" in span.attributes:
            line.stamp(span.begin)
        if inside.part == "container":
            inside = replace(inside, ruby=(("<ruby>", "</ruby>", id(span)),))
        elif inside.part == "text" and inside.ruby:
            inside = replace(inside, ruby=(*inside.ruby, ("<rt>", "</rt>", id(span))))
        if inside.part != "delimiter":
            self._say(span, inside, at, line)

    def _style(self, styles: _Styles, name: str) -> str:
        return styles.get(name) or self.initial.get(name, "")

    def _look(self, styles: _Styles) -> tuple[_Opened, ...]:
        """The tags around text with these styles, from the outermost."""
        look = tuple(self._style(styles, name) for name in _LOOKS)
        if look not in self.tags:
            self.tags[look] = tuple(_tags_of(look))
        return self.tags[look]

    def _place(self, region: str, align: str) -> _Place:
        """Where text with this alignment stands in a region."""
        key = region, align
        if key not in self.places:
            there = self.regions.get(region, {})
            self.places[key] = _Place(
                self.picture.settings(there, align), self.picture.keeps(there, align)
            )
        return self.places[key]


@dataclass(slots=True)
class _Line:
    """Text and line ends of one cue as they come, blanks collapsed as TTML says."""

    parts: list[tuple[str, tuple[_Opened, ...]]] = field(default_factory=list)
    blank: tuple[_Opened, ...] | None = None
    """The tags around a blank that counts only if more text follows in its line."""
    fresh: bool = True

    def add(self, text: str, tags: tuple[_Opened, ...], keeps_blanks: bool) -> None:
        if not keeps_blanks:
            text = _BLANKS.sub(" ", text)
            if text[0] == " ":
                self.blank = self.blank if self.fresh or self.blank is not None else tags
                text = text[1:]
        if not text:
            return
        self._flush()
        inked = text if keeps_blanks else text.removesuffix(" ")
        self.parts.append((escape(inked), tags))
        self.blank = tags if inked != text else None
        self.fresh = inked[-1] == "\n"

    def end(self, tags: tuple[_Opened, ...]) -> None:
        self.blank = None
        self.fresh = True
        self.parts.append(("\n", tags))

    def stamp(self, ms: int) -> None:
        """An inner time stamp, but not in front of everything."""
        if self.parts:
            self._flush()
            self.parts.append((f"<{clock(max(0, ms))}>", self.parts[-1][1]))

    def joined(self) -> str:
        """Cue text; a voice that has the whole cue is left open, as is the custom."""
        said: list[str] = []
        opened: tuple[_Opened, ...] = ()
        for text, tags in self.parts:
            if tags != opened:
                pairs = zip(opened, tags, strict=False)
                same = sum(1 for _ in itertools.takewhile(_alike, pairs))
                said += [closing for _, closing, _ in reversed(opened[same:])]
                said += [opening for opening, _, _ in tags[same:]]
                opened = tags
            said.append(text)
        if opened and said[0] == opened[0][0] and said[0].startswith("<v "):
            opened = opened[1:]
        return "".join([*said, *(closing for _, closing, _ in reversed(opened))])

    def _flush(self) -> None:
        if self.blank is not None:
            self.parts.append((" ", self.blank))
            self.blank = None


def _alike(pair: tuple[_Opened, _Opened]) -> bool:
    return pair[0] == pair[1]


def _is_active(element: Element, at: int) -> bool:
    return element.active and element.begin <= at and (element.end is None or at < element.end)


def _has_text(element: Element) -> bool:
    for child in element.children:
        if isinstance(child, str) or child.name == "br" or _has_text(child):
            return True
    return False


def _kept(attributes: Mapping[str, str]) -> _Styles:
    return {name: attributes[name].strip() for name in attributes if name in _KEPT}


def _inherited(styles: _Styles, own: _Styles) -> _Styles:
    """The styles of those inside an element with these of its own."""
    merged = styles | {name: own[name] for name in own if name in _INHERITED}
    if "textDecoration" in own:
        words = set(styles.get("textDecoration", "").split())
        for word in own["textDecoration"].split():
            if word == "none":
                words.clear()
            elif word.startswith("no"):
                words.discard(word[2:3].lower() + word[3:])
            else:
                words.add(word)
        merged["textDecoration"] = " ".join(sorted(words))
    return merged


def _tags_of(look: Sequence[str]) -> Iterator[_Opened]:
    style, weight, decoration, colour = look
    value = colour_of(colour)
    if value in CLASSES:
        yield f"<c.{CLASSES[value]}>", "</c>", 0
    elif value:
        yield f'<font color="#{value}">', "</font>", 0
    there = {
        "b": weight == "bold",
        "i": style in ("italic", "oblique"),
        "u": "underline" in decoration.split(),
        "s": "lineThrough" in decoration.split(),
    }
    for name in there:
        if there[name]:
            yield f"<{name}>", f"</{name}>", 0


def _agent_name(agent: Element) -> str:
    """The full name that a `ttm:agent` has, or what there is of it."""
    names = [element for element in agent.elements if element.name == "name"]
    full = [name for name in names if name.attributes.get("type") == "full"]
    return " ".join(" ".join(name.said() for name in full[:1] or names).split())


_CARRIES = (
    Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.STYLING
    | Carries.SHADES
    | Carries.LINES
    | Carries.IDS
    | Carries.DRAFT
)
IMSC = Format(
    name="ttml",
    extensions=(".ttml", ".dfxp"),
    title="TTML subtitles (IMSC 1.1)",
    kind=Kind.CAPTIONS,
    carries=_CARRIES | Carries.STRIKES | Carries.RUBY | Carries.PLACEMENT | Carries.POSITIONS,
    reshapes=unwritten,
    write=write_imsc,
    read=read,
)
EBU_TT_D = Format(
    name="ebu-tt-d",
    extensions=(".ebuttd.xml", ".xml"),
    title="EBU-TT-D subtitles",
    kind=Kind.CAPTIONS,
    carries=_CARRIES | Carries.PLACEMENT | Carries.POSITIONS,
    reshapes=unwritten,
    write=write_ebu_tt_d,
    read=read,
)
ITT = Format(
    name="itt",
    extensions=(".itt",),
    title="iTunes Timed Text subtitles",
    kind=Kind.CAPTIONS,
    carries=_CARRIES | Carries.TOP,
    reshapes=unnamed,
    write=write_itt,
    read=read,
    in_frames=True,
    names_in_text=True,
)
