"""What a format leaves out of subtitles as a file holds them: looks, places, blocks, signs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from granite_studio.core.captions import Block, Captions
from granite_studio.core.emphasis import COLOURS, loses_looks
from granite_studio.formats import stl_head
from granite_studio.formats.base import Carries, Format, Kind, Part
from granite_studio.formats.broadcast import nearest
from granite_studio.formats.cue_settings import numpad_of, parse, settings_of
from granite_studio.formats.markup import Tag, pieces, plain

_TAG = re.compile(r"<(?!/|v[\s.>]|\d)[^<>]")
_VOICE = re.compile(r"<v[\s.]")
_STAMP = re.compile(r"<\d")
_FONT = re.compile(r"<font\s[^<>]*\b(?:face|size)\s*=", re.IGNORECASE)
_OVERRIDE = "<ass \\"
_EVENT = re.compile(r"<ass [^\\]")
_SAID = re.compile(r"\n(?:Language|Kind):[^\n]*", re.IGNORECASE)
"""In the head of a WebVTT file, what `Captions.language` says too, and what sort of file it is."""
_COLOUR = re.compile(r"""\bcolor\s*=\s*["']?#?(\w+)""", re.IGNORECASE)
COUNTED = re.compile(r"(?:\w{0,9}?[0-9]+)?")
"""What programs call cues by themselves: `12`, `cue12`."""
_LOOKS = {
    "i": Carries.ITALICS,
    "b": Carries.BOLD,
    "u": Carries.UNDERLINES,
    "s": Carries.STRIKES,
    "lang": Carries.CLASSES,
    "ruby": Carries.RUBY,
}
_SIDES = {"left": 0.0, "start": 0.0, "center": 50.0, "end": 100.0, "right": 100.0}
_NAMED = {name: name for name in COLOURS} | {value: name for name, value in COLOURS.items()}


def look(tag: str) -> Carries:
    """What a format must carry for words that have this tag of `core.emphasis`."""
    return _LOOKS.get(tag) or _of_class(tag.removeprefix("c."))


def of_captions(captions: Captions, known: Format, carries: Carries) -> Iterator[Part]:
    """What this format, which carries so much, leaves out of these captions."""
    cues = captions.cues
    is_cues = known.kind is Kind.CAPTIONS
    if not known.has_words:
        yield len(cues), "cue's text", "cues' texts"
    if not is_cues:
        empty = sum(cue.start >= 0 and not plain(cue.text).strip() for cue in cues)
        yield empty, "cue without text", "cues without text"
    if Carries.EARLY not in carries:
        early = sum(cue.start < 0 for cue in cues)
        if is_cues:
            yield early, "cue's start before 0:00", "cues' starts before 0:00"
        else:
            yield early, "cue that begins before 0:00", "cues that begin before 0:00"
    if Carries.SPEAKERS not in carries:
        voices = sum(bool(_VOICE.search(cue.text)) for cue in cues)
        yield voices, "cue's speaker", "cues' speakers"
    marked = [cue.text for cue in cues if "<" in cue.text]
    yield from _looks_lost(marked, carries, is_cues=is_cues)
    if not is_cues and Carries.CUES not in carries:
        yield len(cues), "cue's times and lines", "cues' times and lines"
    elif Carries.LINES not in carries:
        broken = sum("\n" in cue.text for cue in cues)
        yield broken, "cue's line breaks", "cues' line breaks"
    if is_cues or Carries.CUES in carries:
        yield from places_lost([(cue.settings, cue.alignment) for cue in cues], carries)
        if Carries.BACKWARDS not in carries:
            turned = sum(cue.end <= cue.start for cue in cues)
            yield turned, "cue's end (not after its start)", "cues' ends (not after their starts)"
        if Carries.COORDINATES not in carries:
            exact = sum(bool(cue.coordinates) for cue in cues)
            yield exact, "cue's coordinates", "cues' coordinates"
    if Carries.IDS not in carries:
        named = sum(not COUNTED.fullmatch(cue.id) for cue in cues)
        yield named, "cue's name", "cues' names"
    yield from _blocks_lost(captions, carries)
    yield from captions.unread
    if known.known_signs:
        text = "".join(plain(cue.text) for cue in cues)
        yield signs_lost(text, known.known_signs)


def _looks_lost(marked: Iterable[str], carries: Carries, *, is_cues: bool) -> Iterator[Part]:
    """What is lost of these cue texts with tags; words of a document look alike in all parts."""
    counts: Counter[str] = Counter()
    for text in marked:
        is_styled = _is_plain(carries) and bool(_TAG.search(text))
        is_styled |= any(needed not in carries for needed in _looks(text))
        is_styled |= not is_cues and loses_looks(text)
        counts["styled"] += is_styled
        counts["stamped"] += is_cues and bool(_STAMP.search(text))
        if is_cues and not _is_plain(carries):
            counts["fonts"] += bool(_FONT.search(text))
            counts["overrides"] += _OVERRIDE in text
        counts["events"] += is_cues and bool(_EVENT.search(text))
    yield counts["styled"], "cue's styling", "cues' styling"
    if Carries.STAMPS not in carries:
        yield counts["stamped"], "cue's times of words", "cues' times of words"
    if Carries.FONTS not in carries:
        yield counts["fonts"], "cue's typeface or size", "cues' typefaces or sizes"
    if Carries.OVERRIDES not in carries:
        yield counts["overrides"], "cue's ASS override", "cues' ASS overrides"
    if Carries.SECTIONS not in carries:
        yield counts["events"], "cue's ASS style or layer", "cues' ASS styles or layers"


def _is_plain(carries: Carries) -> bool:
    return not carries & Carries.STYLING


def _looks(text: str) -> Iterator[Carries]:
    """What a format must carry for each of the looks in a cue's text."""
    for piece in pieces(text):
        if not isinstance(piece, Tag) or piece.closing:
            continue
        if piece.name in _LOOKS:
            yield _LOOKS[piece.name]
        elif piece.name in ("c", "v"):
            yield from map(_of_class, piece.classes)
        elif piece.name == "font" and (colour := _COLOUR.search(piece.rest)):
            yield _of_class(_NAMED.get(colour[1].lower(), "color000000"))


def _of_class(name: str) -> Carries:
    if name in COLOURS:
        return Carries.BLACK if name == "black" else Carries.HUES
    if name.startswith("bg_"):
        return Carries.BACKGROUNDS
    return Carries.SHADES if re.fullmatch("color[0-9a-fA-F]{6}", name) else Carries.CLASSES


def places_lost(places: Iterable[tuple[str, int | None]], carries: Carries) -> Iterator[Part]:
    """What is lost of places of cues, each as settings of WebVTT and as one of the nine places."""
    lost = exact = 0
    for settings, numpad in places:
        needed = _place(settings, numpad)
        if needed not in carries:
            exact += needed is Carries.POSITIONS and Carries.TOP in carries
            lost += needed is not Carries.POSITIONS or Carries.TOP not in carries
    yield lost, "cue's place", "cues' places"
    yield exact, "cue's exact place", "cues' exact places"


@lru_cache(1024)
def _place(settings: str, numpad: int | None) -> Carries:
    """What a format must carry to show a cue there."""
    if settings:
        wanted = parse(settings)
        if wanted.region:
            return Carries.SHEETS
        if wanted.position == _SIDES[wanted.align]:
            wanted = replace(wanted, position=None)
        align = {"start": "left", "end": "right"}.get(wanted.align, wanted.align)
        numpad = numpad_of(settings)
        if replace(wanted, align=align) != parse(settings_of(numpad)):
            return Carries.POSITIONS
    if numpad in (None, 2):
        return Carries(0)
    return Carries.TOP if numpad == 8 else Carries.CORNERS


def _blocks_lost(captions: Captions, carries: Carries) -> Iterator[Part]:
    if Carries.HEADING not in carries:
        heading = int(bool(_SAID.sub("", captions.header).strip()))
        yield heading, "heading of the WebVTT file", "headings of the WebVTT file"
    kinds = [item.kind for item in captions.items if isinstance(item, Block)]
    notes = kinds.count("NOTE")
    sheets = kinds.count("STYLE") + kinds.count("REGION")
    if Carries.NOTES not in carries:
        yield notes, "note", "notes"
    if Carries.SHEETS not in carries:
        yield sheets, "block of styles", "blocks of styles"
    if Carries.SECTIONS not in carries:
        others = len(kinds) - notes - sheets - kinds.count(stl_head.KIND)
        yield others, "section or line of ASS", "sections and lines of ASS"
    if Carries.HEAD not in carries:
        facts = len(stl_head.facts_of(captions))
        yield facts, "fact of the EBU STL head", "facts of the EBU STL head"


def signs_lost(text: str, known_signs: Callable[[str], Collection[str]]) -> Part:
    """The characters that become others or a question mark. Punctuation and ligatures that are
    only written in another way are not counted."""
    text = unicodedata.normalize("NFC", "".join(text.split()))
    known = known_signs(text)
    count = sum(number for sign, number in Counter(text).items() if not _is_kept(sign, known))
    return count, "letter or sign that it does not have", "letters and signs that it does not have"


def _is_kept(sign: str, known: Collection[str]) -> bool:
    if sign in known:
        return True
    stands = nearest(sign, known)
    alike = unicodedata.normalize("NFKC", sign) == stands
    return alike or (stands != "?" and unicodedata.category(sign)[0] in "PZC")
