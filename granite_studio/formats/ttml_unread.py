"""What a TTML file says that its reader leaves out, counted so that an export can name it.

Not counted is what changes nothing: styles that nobody refers to, values that TTML takes by
itself, and the looks that the program's own TTML files give to all text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from granite_studio.core.captions import Unread
from granite_studio.core.looks import has_right_to_left
from granite_studio.formats.languages import is_right_to_left
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
_FROM_RIGHT = "direction from the right", "directions from the right"
"""Named only where the letters do not say it as well."""
_OVERLINE = "overline", "overlines"
_METADATA = "entry of metadata", "entries of metadata"
_LANGUAGE = "other language of a passage", "other languages of passages"
_CHANGE = "change of style in time", "changes of style in time"
_HIDDEN = ("passage that is never shown", "passages that are never shown")
_COMMENT = "comment", "comments"
_PLACE = "region's exact place", "regions' exact places"
_REGION_TIME = "region's time", "regions' times"
_ORDER = tuple(
    dict.fromkeys(
        (
            *_KINDS.values(),
            *(_OVERLINE, _PLACE, _REGION_TIME, _METADATA, _LANGUAGE, _CHANGE, _COMMENT, _HIDDEN),
        )
    )
)
"""In which they are named."""
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
_VALUES_FROM_RIGHT = {
    "direction": ("rtl",),
    "unicodeBidi": ("embed", "isolate"),
    "writingMode": ("rl", "rltb"),
}
_PLAIN = frozenset({"begin", "end", "dur", "id", "style", "region", "space", "timeContainer"})
_PLAIN_NAMES = frozenset({"p", "span", "br"})
"""Attributes and elements that are all read."""
_PLACED = frozenset({"body", "div", "p"})
"""Elements that may be regions of their own."""
_REFERRING = ("style", "region")
_OUR_CELLS, _OUR_SIZE = "50 30", "160%"
_NO_WIDTH = re.compile(r"0(?:\.0+)?(?:px|%|c|em|rw|rh)?(?:\s+0(?:\.0+)?(?:px|%|c|em|rw|rh)?)*")
_SEEN_THROUGH = re.compile(r"#[0-9a-f]{6}(?!ff)[0-9a-f]{2}|transparent", re.IGNORECASE)
_TOLD = frozenset({"title", "desc", "copyright", "item"})
_OUR_STANDARD = "urn:ebu:tt:distribution:2014-01"
_START = "urn:ebu:tt:metadata documentStartOfProgramme"


def unread(
    root: Element, language: str, *, comments: int, moved: int, hidden: int
) -> tuple[Unread, ...]:
    """How often a file in this language says what its reader leaves out, by the kinds of it. It
    has so many comments, regions whose text was moved, and passages that are never shown."""
    body = root.first("body")
    inside, references = _telling(body) if body else ([], set[str]())
    above = [each for top in root.elements if top is not body for each in (top, *top.below())]
    initial = [each for each in above if each.name == "initial"]
    counts = Counter({_COMMENT: comments, _PLACE: moved, _HIDDEN: hidden})
    is_ours = root.attributes.get("cellResolution", "").strip() == _OUR_CELLS
    for element in (*inside, *initial, *_referred_to(references, above)):
        counts.update(_of_styles(element, is_ours=is_ours))
    for element in (*above, *inside):
        counts.update(_of_facts(element, language))
    if counts[_FROM_RIGHT] and body and not _is_from_right(body, language):
        counts[_KINDS["direction"]] += counts[_FROM_RIGHT]
    return tuple((counts[kind], *kind) for kind in _ORDER if counts[kind])


def _telling(body: Element) -> tuple[list[Element], set[str]]:
    """What in the body says more than times and text, and the styles and regions it refers to, as
    the attributes have them."""
    telling, references = list[Element](), set[str]()
    for element in (body, *body.below()):
        there = element.attributes
        for key in _REFERRING:
            if key in there:
                references.add(there[key])
        if element.name not in _PLAIN_NAMES or not _PLAIN.issuperset(there):
            telling.append(element)
    return telling, references


def _referred_to(references: Iterable[str], above: Iterable[Element]) -> Iterator[Element]:
    """The styles and regions of these names, what is in them, and those that they refer to."""
    named = {each.attributes["id"]: each for each in above if _is_named(each)}
    waiting = list(references)
    met = set[str]()
    while waiting:
        for name in waiting.pop().split():
            if name in named and name not in met:
                met.add(name)
                for element in (named[name], *named[name].below()):
                    there = element.attributes
                    waiting += [there[key] for key in _REFERRING if key in there]
                    yield element


def _is_named(element: Element) -> bool:
    return element.name in ("style", "region") and "id" in element.attributes


def _of_styles(element: Element, *, is_ours: bool) -> Iterator[tuple[str, str]]:
    """The kinds of what this element says of looks and nobody keeps."""
    for key, said in element.attributes.items():
        name = _STYLING.sub("", key)
        value = said.strip().lower()
        kind = _KINDS.get(name)
        if value in _VALUES_FROM_RIGHT.get(name, ()):
            yield _FROM_RIGHT
        elif kind and not _is_without_effect(name, value, is_ours=is_ours):
            yield kind
        elif name == "color" and _SEEN_THROUGH.fullmatch(value):
            yield _KINDS["opacity"]
        elif name == "textDecoration" and "overline" in value.split():
            yield _OVERLINE
        elif name in ("origin", "position") and element.name in _PLACED:
            yield _PLACE
    if element.name == "image":
        yield _KINDS["backgroundImage"]
    if element.name == "region" and element.is_timed:
        yield _REGION_TIME


def _is_from_right(body: Element, language: str) -> bool:
    """Whether text is read from the right by its letters or its language, as it is written."""
    return is_right_to_left(language) or has_right_to_left(body.said())


def _is_without_effect(name: str, value: str, *, is_ours: bool) -> bool:
    if value in _NO_EFFECT or value in _INITIAL.get(name, ()):
        return True
    if name in ("padding", "linePadding", "letterSpacing"):
        return bool(_NO_WIDTH.fullmatch(value))
    return name == "fontSize" and is_ours and value == _OUR_SIZE


def _of_facts(element: Element, language: str) -> Iterator[tuple[str, str]]:
    """The kinds of what this element says beside text and looks, in a file of this language."""
    if element.name in _TOLD or (" " in element.name and element.name != _START):
        said = "".join(part for part in element.children if isinstance(part, str)).strip()
        if said not in ("", _OUR_STANDARD):
            yield _METADATA
        return
    for key, said in element.attributes.items():
        if key == "role" or (" " in key and _is_foreign(key)):
            yield _METADATA
        elif key == "lang" and said != language and element.name != "metadata":
            yield _LANGUAGE
    if element.name == "animate":
        yield _CHANGE
    elif element.name in ("body", "div", "region"):
        yield from (_CHANGE for child in element.elements if child.name == "set")


def _is_foreign(key: str) -> bool:
    return not _STYLING.match(key) and not key.startswith("http://www.w3.org/")
