"""Colours and places: TTML's styles and regions in WebVTT's words, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from granite_studio.core import emphasis
from granite_studio.formats.cue_settings import Settings, parse

NEAR_EDGE = 12.0
"""Percent from the edge of the picture within which a region counts as lying there."""

LOW_EDGE = 15.0
"""The same for the lower edge, above which players keep room for their controls."""

NEAR = 1.0
"""Percent of the picture by which text may move without being elsewhere."""

CLASSES = {value: name for name, value in emphasis.COLOURS.items()}
"""The colours that WebVTT has classes for, by their value."""

COLOURS = emphasis.COLOURS | {
    "silver": "c0c0c0",
    "gray": "808080",
    "grey": "808080",
    "maroon": "800000",
    "purple": "800080",
    "fuchsia": "ff00ff",
    "green": "008000",
    "olive": "808000",
    "navy": "000080",
    "teal": "008080",
    "aqua": "00ffff",
    "orange": "ffa500",
    "pink": "ffc0cb",
}
_HEX_COLOUR = re.compile(r"#([0-9a-f]{6})(?:[0-9a-f]{2})?", re.IGNORECASE)
_RGB_COLOUR = re.compile(r"rgba?\(\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*[,)].*")
_LENGTH = re.compile(r"([+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?)(%|px|c|rw|rh)")
_PIXELS = re.compile(r"([1-9][0-9]{0,5})(?:\.[0-9]+)?px\s+([1-9][0-9]{0,5})(?:\.[0-9]+)?px")
_CELLS = re.compile(r"([1-9][0-9]{0,5})\s+([1-9][0-9]{0,5})")
_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?%")
_EDGES = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}
_ANCHORS = {"left": 0.0, "start": 0.0, "right": 1.0, "end": 1.0}
"""Which part of a region's width lies left of where its text is fixed; a half for others."""
_BOXING = frozenset({"origin", "extent", "position"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What lengths are parts of: its size in pixels where that is known, and in cells."""

    pixels: tuple[float, float] | None
    cells: tuple[float, float]

    @classmethod
    def of(cls, attributes: Mapping[str, str]) -> Picture:
        """The picture that the attributes of `tt` describe."""
        pixels = _PIXELS.fullmatch(attributes.get("extent", "").strip())
        cells = _CELLS.fullmatch(attributes.get("cellResolution", "").strip())
        return cls(
            (float(pixels[1]), float(pixels[2])) if pixels else None,
            (float(cells[1]), float(cells[2])) if cells else (32.0, 15.0),
        )

    def settings(self, region: Mapping[str, str], align: str) -> str:
        """The cue settings for a region with these attributes and text aligned like this."""
        last = [f"align:{align}"] if align in ("left", "right", "start", "end") else []
        mode = region.get("writingMode", "")
        if mode.startswith("tb"):
            return " ".join([f"vertical:{'lr' if mode == 'tblr' else 'rl'}", *last])
        box = self._box(region)
        if "displayAlign" not in region and (box is None or not region.keys() & _BOXING):
            return "".join(last)
        x, y, width, height = box or (0.0, 0.0, 100.0, 100.0)
        tokens = [_line_setting(region.get("displayAlign", "before"), y, height)]
        if x > NEAR_EDGE or x + width < 100 - NEAR_EDGE:
            anchor, position = _ANCHORS.get(align, 0.5), _across(align, x, width)
            if (anchor, position) != (0.5, 50):
                tokens.append(f"position:{percent(position)}")
            tokens.append(f"size:{percent(width)}")
        return " ".join([*filter(None, tokens), *last])

    def keeps(self, region: Mapping[str, str], align: str) -> bool:
        """Whether text comes back to where this region has it, to a hundredth of the picture. At
        an edge of the picture every format has a margin of its own."""
        if not region.keys() & _BOXING:
            return True
        box = self._box(region)
        place = parse(self.settings(region, align))
        left, width = _columns(place)
        top, height, display_align = _rows(place)
        if box is None or place.vertical:
            return box == (left, top, width, height)
        return _is_near(_across(align, box[0], box[2]), _across(align, left, width)) and _is_near(
            _down(region.get("displayAlign", "before"), box[1], box[3]),
            _down(display_align, top, height),
        )

    def _box(self, region: Mapping[str, str]) -> tuple[float, float, float, float] | None:
        """Left, top, width and height in percent; None where a length cannot be told."""
        extent = self._lengths(region.get("extent", "100% 100%").replace("auto", "100% 100%"))
        if extent is None:
            return None
        if "position" in region:
            origin = _origin_of(region["position"], extent)
        else:
            origin = self._lengths(region.get("origin", "0% 0%").replace("auto", "0% 0%"))
        return (*origin, *extent) if origin else None

    def _lengths(self, text: str) -> tuple[float, float] | None:
        values = []
        for place, length in enumerate(text.split()[:2]):
            match = _LENGTH.fullmatch(length)
            whole = {"px": self.pixels, "c": self.cells}.get(match[2] if match else "", (100, 100))
            if match is None or whole is None:
                return None
            values.append(min(100.0, max(0.0, 100 * float(match[1]) / whole[place])))
        return (values[0], values[1]) if len(values) == 2 else None


def _across(align: str, left: float, width: float) -> float:
    """Where text with this alignment has its fixed point in a region, in percent."""
    return left + _ANCHORS.get(align, 0.5) * width


def _down(display_align: str, top: float, height: float) -> float:
    return top + {"after": 1.0, "center": 0.5}.get(display_align, 0.0) * height


def _is_near(asked: float, given: float) -> bool:
    return not 0 < asked < 100 or abs(asked - given) <= NEAR


def _origin_of(position: str, extent: tuple[float, float]) -> tuple[float, float] | None:
    """Where a region of this extent begins whose `tts:position` is two words or percentages."""
    words = [*position.split(), "center"][:2]
    if words[0] in ("top", "bottom") or words[1] in ("left", "right"):
        words.reverse()
    shares = [_EDGES.get(word) or word for word in words]
    if not all(_SHARE.fullmatch(share) for share in shares):
        return None
    x, y = (min(100.0, float(share[:-1])) / 100 for share in shares)
    return x * (100 - extent[0]), y * (100 - extent[1])


def _line_setting(display_align: str, top: float, height: float) -> str:
    if display_align == "after":
        bottom = top + height
        return "" if bottom >= 100 - LOW_EDGE else f"line:{percent(bottom)},end"
    if display_align == "center":
        return f"line:{percent(top + height / 2)},center"
    return "line:0" if top <= NEAR_EDGE else f"line:{percent(top)}"


def percent(value: float) -> str:
    """A share of the picture, 0 to 100, with at most two decimals."""
    number = f"{min(100.0, max(0.0, value)):.2f}"
    return f"{number.rstrip('0').rstrip('.')}%"


def colour_of(text: str) -> str:
    """Six hexadecimal digits; nothing for white, which is every text's, and the unknown."""
    value = COLOURS.get(text.lower(), "")
    if match := _HEX_COLOUR.fullmatch(text):
        value = match.group(1).lower()
    elif match := _RGB_COLOUR.fullmatch(text):
        value = "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return "" if value == "ffffff" else value


def region_at(place: Settings) -> str:
    """The attributes of the region that stands where a cue with these settings does."""
    if place.vertical:
        return f'{region_at(Settings())} tts:writingMode="tb{place.vertical}"'
    x, width = _columns(place)
    y, height, align = _rows(place)
    return (
        f'tts:origin="{percent(x)} {percent(y)}" tts:extent="{percent(width)}'
        f' {percent(height)}" tts:displayAlign="{align}" tts:overflow="visible"'
    )


def _columns(place: Settings) -> tuple[float, float]:
    """Left edge and width in percent."""
    if place.size == 100 and place.position is None:
        return 10, 80
    anchor = _ANCHORS.get(place.align, 0.5)
    position = 100 * anchor if place.position is None else place.position
    if place.position_align != "auto":
        anchor = {"line-left": 0.0, "line-right": 1.0}.get(place.position_align, 0.5)
    room = min(
        (100 - position) / (1 - anchor) if anchor < 1 else 100,
        position / anchor if anchor else 100,
    )
    width = max(10.0, min(place.size, room))
    return min(100 - width, max(0.0, position - anchor * width)), width


def _rows(place: Settings) -> tuple[float, float, str]:
    """Top edge and height in percent, and where in them the text stands. 15 rows fill 80 %."""
    if place.line is None:
        return 10, 80, "after"
    if place.snap and place.line >= 0:
        top = min(85.0, 10 + place.line * 80 / 15)
        return top, 90 - top, "before"
    if place.snap:
        return 10, max(5.0, 80 + (place.line + 1) * 80 / 15), "after"
    if place.line_align == "start":
        top = min(95.0, place.line)
        return top, 100 - top, "before"
    if place.line_align == "end":
        return 0, max(5.0, place.line), "after"
    middle = min(95.0, max(5.0, place.line))
    half = min(middle, 100 - middle, 40)
    return middle - half, 2 * half, "center"
