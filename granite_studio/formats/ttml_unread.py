"""What a TTML file says that its reader leaves out, counted so that an export can name it.

Not counted is what changes nothing: styles that nobody refers to, values that TTML takes by
itself, and the looks that the program's own TTML files give to all text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from granite_studio.core.captions import Unread
from granite_studio.formats.ttml_tree import Element

_KINDS = {
    name: (one, more)
    for one, more, *names in (
        ("font size", "font sizes", "fontSize"),
        ("typeface", "typefaces", "fontFamily", "fontVariant", "fontSelectionStrategy"),
        ("line height", "line heights", "lineHeight"),
        ("spacing of letters", "spacings of letters", "letterSpacing", "fontKerning"),
        ("background", "backgrounds", "backgroundColor", "fillLineGap"),
        ("picture", "pictures", "backgroundImage"),
        ("opacity", "opacities", "opacity"),
        ("outline", "outlines", "textOutline"),
        ("shadow", "shadows", "textShadow"),
        ("border", "borders", "border"),
        ("padding", "paddings", "padding", "linePadding"),
        ("slant", "slants", "shear", "fontShear", "lineShear"),
        ("alignment of rows", "alignments of rows", "multiRowAlign"),
        ("rule for wrapping lines", "rules for wrapping lines", "wrapOption"),
        ("clipping of text", "clippings of text", "overflow"),
        ("direction of writing", "directions of writing", "direction", "unicodeBidi"),
        ("turn of letters", "turns of letters", "textOrientation", "textCombine"),
        ("emphasis mark", "emphasis marks", "textEmphasis"),
        ("place of ruby", "places of ruby", "rubyAlign", "rubyPosition", "rubyReserve"),
        ("layer", "layers", "zIndex"),
        ("depth or brightness", "depths or brightnesses", "disparity", "luminanceGain"),
        ("mark of forced display", "marks of forced display", "forcedDisplay"),
    )
    for name in names
}
_OVERLINE = "overline", "overlines"
_METADATA = "entry of metadata", "entries of metadata"
_LANGUAGE = "other language of a passage", "other languages of passages"
_CHANGE = "change of style in time", "changes of style in time"
_REGION_TIME = "region's time", "regions' times"
_STYLING = re.compile(
    r"(?:http://www\.w3\.org/ns/ttml/profile/imsc1#styling|urn:ebu:tt:style"
    r"|http://www\.smpte-ra\.org/[^ ]*) "
)
"""Namespaces of styles that are not TTML's own."""
_NO_EFFECT = frozenset({"none", "normal", "auto", "default", "transparent", "false"})
_INITIAL = {
    "fontSize": {"100%", "1c"},
    "fontFamily": {"sansserif", "proportionalsansserif"},
    "backgroundColor": {"#000000c2", "#00000000"},
    "opacity": {"1", "1.0"},
    "wrapOption": {"wrap"},
    "overflow": {"visible"},
    "direction": {"ltr"},
    "zIndex": {"0"},
    "fontShear": {"0%"},
    "lineShear": {"0%"},
    "shear": {"0%"},
}
"""What a value is without being said, and what our own files say of all text, in lower case."""
_PLAIN = frozenset({"begin", "end", "dur", "id", "style", "region", "space", "timeContainer"})
"""Attributes that are all read."""
_OUR_CELLS, _OUR_SIZE = "50 30", "160%"
_NO_WIDTH = re.compile(r"0(?:\.0+)?(?:px|%|c|em|rw|rh)?(?:\s+0(?:\.0+)?(?:px|%|c|em|rw|rh)?)*")
_SEEN_THROUGH = re.compile(r"#[0-9a-f]{6}(?!ff)[0-9a-f]{2}|transparent", re.IGNORECASE)
_TOLD = frozenset({"title", "desc", "copyright", "item"})
_OUR_STANDARD = "urn:ebu:tt:distribution:2014-01"
_START = "urn:ebu:tt:metadata documentStartOfProgramme"


def unread(root: Element) -> tuple[Unread, ...]:
    """How often the file says what its reader leaves out, by the kinds of it."""
    counts: Counter[tuple[str, str]] = Counter()
    is_ours = root.attributes.get("cellResolution", "").strip() == _OUR_CELLS
    for element in _shown(root):
        counts.update(_of_styles(element, is_ours=is_ours))
    counts.update(_of_facts(root))
    order = {kind: place for place, kind in enumerate(_KINDS.values())}
    return tuple(
        (counts[kind], *kind) for kind in sorted(counts, key=lambda kind: order.get(kind, 99))
    )


def _shown(root: Element) -> Iterator[Element]:
    """What counts for the text: the body, initial values, and all that these refer to."""
    head, body = root.first("head"), root.first("body")
    above = list(head.below()) if head else []
    named = {each.attributes["id"]: each for each in above if _is_named(each)}
    waiting = [body, *body.below()] if body else []
    waiting += [each for each in above if each.name == "initial"]
    met = set[str]()
    while waiting:
        element = waiting.pop()
        yield element
        there = element.attributes
        for key in ("style", "region"):
            for name in there[key].split() if key in there else ():
                if name in named and name not in met:
                    met.add(name)
                    waiting += [named[name], *named[name].below()]


def _is_named(element: Element) -> bool:
    return element.name in ("style", "region") and "id" in element.attributes


def _of_styles(element: Element, *, is_ours: bool) -> Iterator[tuple[str, str]]:
    """The kinds of what this element says of looks and nobody keeps."""
    there = element.attributes
    for key, said in () if there.keys() <= _PLAIN else there.items():
        name = _STYLING.sub("", key)
        value = said.strip().lower()
        kind = _KINDS.get(name)
        if kind and not _is_without_effect(name, value, is_ours=is_ours):
            yield kind
        elif name == "color" and _SEEN_THROUGH.fullmatch(value):
            yield _KINDS["opacity"]
        elif name == "textDecoration" and "overline" in value.split():
            yield _OVERLINE
        elif name == "writingMode" and value in ("rl", "rltb"):
            yield _KINDS["direction"]
    if element.name == "image":
        yield _KINDS["backgroundImage"]
    if element.name == "region" and element.is_timed:
        yield _REGION_TIME


def _is_without_effect(name: str, value: str, *, is_ours: bool) -> bool:
    if value in _NO_EFFECT or value in _INITIAL.get(name, ()):
        return True
    if name in ("padding", "linePadding", "letterSpacing"):
        return bool(_NO_WIDTH.fullmatch(value))
    return name == "fontSize" and is_ours and value == _OUR_SIZE


def _of_facts(root: Element) -> Iterator[tuple[str, str]]:
    """The kinds of what the file says beside text and looks."""
    language = root.attributes.get("lang", "")
    paragraphs = 0
    for element in root.below():
        there = element.attributes
        if element.name in _TOLD or (" " in element.name and element.name != _START):
            said = "".join(part for part in element.children if isinstance(part, str)).strip()
            if said not in ("", _OUR_STANDARD):
                yield _METADATA
            continue
        paragraphs += element.name == "p"
        for key in () if there.keys() <= _PLAIN else there:
            if key == "role" or (" " in key and _is_foreign(key)):
                yield _METADATA
            elif key == "lang" and there[key] != language and element.name != "metadata":
                yield _LANGUAGE
        if element.name == "animate":
            yield _CHANGE
        elif element.name in ("body", "div", "region"):
            yield from (_CHANGE for child in element.elements if child.name == "set")


def _is_foreign(key: str) -> bool:
    return not _STYLING.match(key) and not key.startswith("http://www.w3.org/")
