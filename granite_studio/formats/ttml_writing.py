"""Captions written as TTML, in the three profiles of it that programs ask for."""

from __future__ import annotations

import functools
import html
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from granite_studio.core.captions import Caption
from granite_studio.core.timing import Rate, clock, to_frames
from granite_studio.formats.base import Content, Part, encoded
from granite_studio.formats.cue_losses import COUNTED
from granite_studio.formats.cue_settings import Settings, numpad_of, parse, settings_of
from granite_studio.formats.frames import code_of
from granite_studio.formats.languages import runs_from_right, tag_of
from granite_studio.formats.markup import Tag, pieces
from granite_studio.formats.ttml_looks import COLOURS, region_at
from granite_studio.formats.ttml_tree import NO_XML

_FONT_COLOUR = re.compile(r"""\bcolor\s*=\s*["']?\s*#?([0-9a-z]+)""", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OUR_ID = re.compile(r"page|box|top|bottom|rtl|(?:cue|look|agent|region)[0-9]+|align[A-Z][a-z]+")
_TO_ESCAPE = re.compile(rf"[\r&<>\"']|{NO_XML.pattern}")
_FROM_RIGHT = 'xml:id="rtl" tts:direction="rtl" tts:unicodeBidi="embed"'
"""For paragraphs; some players follow the direction only together with the other."""
_TT = "http://www.w3.org/ns/ttml"


def write_imsc(content: Content) -> bytes:
    """IMSC 1.1, text profile."""
    return encoded(_Writer(_IMSC).document(content))


def write_ebu_tt_d(content: Content) -> bytes:
    """EBU-TT-D (EBU Tech 3380)."""
    return encoded(_Writer(_EBU_TT_D).document(content))


def write_itt(content: Content) -> bytes:
    """iTunes Timed Text, its time codes at the content's frame rate."""
    return encoded(_Writer(_itt(content.rate)).document(content))


def unnamed(content: Content) -> Iterator[Part]:
    """The cues whose names cannot be identifiers of XML, or are those of others."""
    lost, met = 0, set[str]()
    for cue in content.as_captions().cues:
        lost += not (COUNTED.fullmatch(cue.id) or _can_name(cue.id, met))
        met.add(cue.id)
    yield lost, "cue's name", "cues' names"


def unwritten(content: Content) -> Iterator[Part]:
    """The same, and the cues with vertical text that is placed within the picture."""
    yield from unnamed(content)
    places = (parse(cue.settings) for cue in content.as_captions().cues if cue.settings)
    usual = Settings()
    moved = sum(
        bool(place.vertical) and replace(place, vertical="", align=usual.align) != usual
        for place in places
    )
    yield moved, "exact place of vertical text", "exact places of vertical text"


def _can_name(name: str, met: Collection[str]) -> bool:
    """Whether a cue can keep this name as its identifier, beside those that were met."""
    return bool(_ID.fullmatch(name)) and not _OUR_ID.fullmatch(name) and name not in met


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """What the three ways of writing differ in. Without a `frame_rate` times are in ms."""

    root: str
    metadata: str = ""
    page: str = (
        'tts:fontFamily="proportionalSansSerif" tts:fontSize="160%" tts:lineHeight="normal"'
        ' tts:color="#ffffff" tts:textAlign="center"'
    )
    box: str = 'tts:backgroundColor="#000000c2"'
    frame_rate: Rate | None = None
    names_speakers: bool = True
    has_ruby: bool = False
    has_strike: bool = False
    places: bool = True
    numbers_cues: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run of text looks and who says it. `ruby` counts ruby from 1; 0 is none."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    voice: str = ""
    ruby: int = 0
    is_reading: bool = False


_PLAIN = _Look()


@functools.lru_cache(256)
def _nameless(look: _Look) -> _Look:
    """The look of a run in a paragraph that says itself who speaks."""
    return replace(look, voice="")


_Run = tuple[str, _Look]


class _Tags:
    """The tags of cue text that are open, and the look they make."""

    def __init__(self) -> None:
        self.depths = dict.fromkeys("bius", 0)
        self.colours: list[str] = []
        self.voice = ""
        self.rubies = 0
        self.ruby = 0
        self.is_reading = False

    def meet(self, tag: Tag) -> None:
        if tag.name in self.depths:
            depth = self.depths[tag.name] + (-1 if tag.closing else 1)
            self.depths[tag.name] = max(0, depth)
        elif tag.name in ("c", "font"):
            self._meet_colour(tag)
        elif tag.name == "v":
            self.voice = "" if tag.closing else tag.rest
        elif tag.name == "ruby":
            self.rubies += not tag.closing
            self.ruby = 0 if tag.closing else self.rubies
            self.is_reading = False
        elif tag.name == "rt":
            self.is_reading = bool(self.ruby) and not tag.closing

    def _meet_colour(self, tag: Tag) -> None:
        if tag.closing:
            del self.colours[-1:]
            return
        around = self.colours[-1] if self.colours else ""
        found = [_class_colour(name) for name in tag.classes]
        if tag.name == "font" and (match := _FONT_COLOUR.search(tag.rest)):
            found.append(COLOURS.get(match[1].lower(), match[1].lower()))
        found = [value for value in found if re.fullmatch("[0-9a-f]{6}", value)]
        self.colours.append(found[0] if found else around)

    def look(self) -> _Look:
        colour = self.colours[-1] if self.colours else ""
        return _Look(
            bold=self.depths["b"] > 0,
            italic=self.depths["i"] > 0,
            underline=self.depths["u"] > 0,
            strike=self.depths["s"] > 0,
            colour="" if colour == "ffffff" else colour,
            voice=self.voice,
            ruby=self.ruby,
            is_reading=self.is_reading,
        )


def _class_colour(name: str) -> str:
    return name[5:].lower() if name.startswith("color") else COLOURS.get(name, "")


class _Writer:
    """One document: paragraphs first, which name the styles, regions and speakers of its head."""

    def __init__(self, profile: _Profile) -> None:
        self.profile = profile
        self.looks: dict[str, str] = {}
        self.aligns: set[str] = set()
        bottom = region_at(Settings()) if profile.places else _ITT_BOTTOM
        self.regions: dict[str, str] = {bottom: "bottom"}
        self.places: dict[tuple[str, bool], str] = {}
        self.openings: dict[_Look, str] = {}
        self.agents: dict[str, str] = {}
        self.ids: set[str] = set()
        self.language = ""

    def document(self, content: Content) -> str:
        captions = content.as_captions()
        self.language = tag_of(content.known_language)
        body = [self._paragraph(number, cue) for number, cue in enumerate(captions.cues, 1)]
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<tt xmlns="{_TT}" xmlns:tts="{_TT}#styling" xmlns:ttm="{_TT}#metadata"'
            f' xmlns:ttp="{_TT}#parameter" {self.profile.root}'
            f' xml:lang="{self.language or "und"}" xml:space="preserve">',
            "  <head>",
            *self._metadata(content),
            *self._styling(),
            "    <layout>",
            *(f'      <region xml:id="{name}" {box}/>' for box, name in self.regions.items()),
            "    </layout>",
            "  </head>",
            '  <body style="page">',
            "    <div>",
            *body,
            "    </div>",
            "  </body>",
            "</tt>",
            "",
        ]
        return "\n".join(lines)

    def _metadata(self, content: Content) -> Iterator[str]:
        inside = [self.profile.metadata] if self.profile.metadata else []
        if content.title:
            inside.append(f"<ttm:title>{_escaped(content.title)}</ttm:title>")
        if content.is_draft:
            inside.append(f"<ttm:desc>{_escaped(content.labels.draft)}</ttm:desc>")
        inside += [
            f'<ttm:agent xml:id="{name}" type="person"><ttm:name type="full">'
            f"{_escaped(voice)}</ttm:name></ttm:agent>"
            for voice, name in self.agents.items()
        ]
        if inside:
            yield "    <metadata>"
            yield from (f"      {line}" for line in inside)
            yield "    </metadata>"

    def _styling(self) -> Iterator[str]:
        yield "    <styling>"
        yield f'      <style xml:id="page" {self.profile.page}/>'
        if self.profile.box:
            yield f'      <style xml:id="box" {self.profile.box}/>'
        if any(is_from_right for _, is_from_right in self.places):
            yield f"      <style {_FROM_RIGHT}/>"
        for name in sorted(self.aligns):
            value = name.removeprefix("align").lower()
            yield f'      <style xml:id="{name}" tts:textAlign="{value}"/>'
        yield from (
            f'      <style xml:id="{name}" {attributes}/>'
            for attributes, name in self.looks.items()
        )
        yield "    </styling>"

    def _paragraph(self, number: int, cue: Caption) -> str:
        runs = self._runs(cue.text)
        voice = runs[0][1].voice if runs else ""
        if len(runs) > 1 and any(look.voice != voice for _, look in runs):
            voice = ""
        start, end = self._times(cue)
        attributes = [
            *self._id(number, cue.id),
            f'begin="{start}" end="{end}"',
            self._place(
                cue.settings or settings_of(cue.alignment),
                runs_from_right("".join([text for text, _ in runs]), self.language),
            ),
            *self._agent(voice),
        ]
        runs = [(text, _nameless(look)) for text, look in runs] if voice else runs
        is_plain = len(runs) == 1 and not runs[0][1].ruby
        inside = self._span(*runs[0]) if is_plain else "".join(self._pieces(runs))
        return f"      <p {' '.join(attributes)}>{inside}</p>"

    def _id(self, number: int, name: str) -> list[str]:
        if not _can_name(name, self.ids):
            return [f'xml:id="cue{number}"'] if self.profile.numbers_cues else []
        self.ids.add(name)
        return [f'xml:id="{name}"']

    def _times(self, cue: Caption) -> tuple[str, str]:
        rate = self.profile.frame_rate
        if rate is None:
            return clock(max(0, cue.start)), clock(max(0, cue.end))
        start, end = (to_frames(max(0, ms), rate) for ms in (cue.start, cue.end))
        if cue.end > cue.start:
            end = max(end, start + 1)
        return _frame_stamp(start, rate), _frame_stamp(end, rate)

    def _place(self, settings: str, is_from_right: bool) -> str:
        """The attributes that put a paragraph where these cue settings do."""
        key = settings, is_from_right
        if key not in self.places:
            self.places[key] = self._placed(*key)
        return self.places[key]

    def _placed(self, settings: str, is_from_right: bool) -> str:
        styles = ["rtl"] if is_from_right else []
        if not self.profile.places:
            is_low = (numpad_of(settings) or 2) < 7
            region = "bottom" if is_low else self.regions.setdefault(_ITT_TOP, "top")
        else:
            place = parse(settings)
            region = self.regions.setdefault(region_at(place), f"region{len(self.regions)}")
            if place.align != "center":
                styles.append(f"align{place.align.capitalize()}")
                self.aligns.add(styles[-1])
        named = f' style="{" ".join(styles)}"' if styles else ""
        return f'region="{region}"{named}'

    def _agent(self, voice: str) -> list[str]:
        if not voice:
            return []
        name = self.agents.setdefault(voice, f"agent{len(self.agents) + 1}")
        return [f'ttm:agent="{name}"']

    def _runs(self, cue_text: str) -> list[_Run]:
        """Text that looks alike, in pieces that are as long as can be."""
        cue_text = cue_text.replace("\r\n", "\n").replace("\r", "\n")
        if "<" not in cue_text:
            return [(html.unescape(cue_text), _PLAIN)] if cue_text else []
        tags = _Tags()
        runs: list[_Run] = []
        for piece in pieces(cue_text):
            if isinstance(piece, str):
                runs.append((piece, self._possible(tags.look())))
                continue
            tags.meet(piece)
            if piece.name == "v" and tags.voice and not self.profile.names_speakers:
                runs.append((f"{tags.voice}: ", self._possible(tags.look())))
        return [
            ("".join(text for text, _ in group), look)
            for look, group in itertools.groupby(runs, key=lambda run: run[1])
        ]

    def _possible(self, look: _Look) -> _Look:
        """The look as far as this kind of file knows it."""
        has_strike = self.profile.has_strike or not look.strike
        if has_strike and (self.profile.names_speakers or not look.voice):
            return look
        return replace(
            look,
            strike=look.strike and self.profile.has_strike,
            voice=look.voice if self.profile.names_speakers else "",
        )

    def _pieces(self, runs: Iterable[_Run]) -> Iterator[str]:
        for ruby, group in itertools.groupby(runs, key=lambda run: run[1].ruby):
            if ruby:
                yield from self._rubies(list(group))
            else:
                yield from (self._span(text, look) for text, look in group)

    def _rubies(self, runs: list[_Run]) -> Iterator[str]:
        """Each base with its reading; a base without one is plain text."""
        base = ""
        for is_reading, group in itertools.groupby(runs, key=lambda run: run[1].is_reading):
            parts = [
                self._span(text.replace("\n", " ") if self.profile.has_ruby else text, look)
                for text, look in group
            ]
            inside = "".join(parts)
            if not is_reading:
                base = inside
            elif self.profile.has_ruby:
                yield (
                    f'<span tts:ruby="container"><span tts:ruby="base">{base}</span>'
                    f'<span tts:ruby="text">{inside}</span></span>'
                )
                base = ""
            else:
                yield f"{base}{self._span('(', _PLAIN)}{inside}{self._span(')', _PLAIN)}"
                base = ""
        yield base

    def _span(self, text: str, look: _Look) -> str:
        if look not in self.openings:
            self.openings[look] = self._opening(look)
        opening = self.openings[look]
        inside = _escaped(text).replace("\n", "<br/>")
        return f"{opening}{inside}</span>" if opening else inside

    def _opening(self, look: _Look) -> str:
        """The tag of a span that looks like this; nothing where it needs none."""
        names = ["box"] if self.profile.box else []
        if attributes := " ".join(_look_attributes(look)):
            names.append(self.looks.setdefault(attributes, f"look{len(self.looks) + 1}"))
        own = [f'style="{" ".join(names)}"'] if names else []
        own += self._agent(look.voice)
        return f"<span {' '.join(own)}>" if own else ""


def _look_attributes(look: _Look) -> Iterator[str]:
    if look.bold:
        yield 'tts:fontWeight="bold"'
    if look.italic:
        yield 'tts:fontStyle="italic"'
    if look.underline or look.strike:
        lines = ["underline"] * look.underline + ["lineThrough"] * look.strike
        yield f'tts:textDecoration="{" ".join(lines)}"'
    if look.colour:
        yield f'tts:color="#{look.colour}"'


def _escaped(text: str) -> str:
    """Text as XML: line ends are newlines, and what XML cannot hold is U+FFFD."""
    if not _TO_ESCAPE.search(text):
        return text
    text = NO_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return html.escape(text)


def _frame_stamp(frames: int, rate: Rate) -> str:
    """As TTML writes it, with a colon where frame numbers are dropped too."""
    return code_of(frames, rate).replace(";", ":")


_IMSC = _Profile(
    root=(
        'ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text"'
        ' ttp:timeBase="media" ttp:cellResolution="50 30"'
    ),
    has_ruby=True,
    has_strike=True,
)
_EBU_TT_D = _Profile(
    root=('xmlns:ebuttm="urn:ebu:tt:metadata" ttp:timeBase="media" ttp:cellResolution="50 30"'),
    metadata=(
        "<ebuttm:documentMetadata><ebuttm:conformsToStandard>urn:ebu:tt:distribution:2014-01"
        "</ebuttm:conformsToStandard></ebuttm:documentMetadata>"
    ),
    numbers_cues=True,
)


def _itt(rate: Rate) -> _Profile:
    multiplier = "1 1" if rate.frames.denominator == 1 else "1000 1001"
    return _Profile(
        root=(
            f'ttp:timeBase="smpte" ttp:frameRate="{rate.nominal}" '
            f'ttp:frameRateMultiplier="{multiplier}" '
            f'ttp:dropMode="{"dropNTSC" if rate.drop else "nonDrop"}"'
        ),
        page=(
            'tts:fontFamily="sansSerif" tts:fontSize="100%" tts:fontStyle="normal"'
            ' tts:fontWeight="normal" tts:color="white"'
        ),
        box="",
        frame_rate=rate,
        names_speakers=False,
        places=False,
    )


_ITT_TOP = (
    'tts:origin="0% 0%" tts:extent="100% 15%" tts:displayAlign="before" tts:textAlign="center"'
)
_ITT_BOTTOM = (
    'tts:origin="0% 85%" tts:extent="100% 15%" tts:displayAlign="after" tts:textAlign="center"'
)
