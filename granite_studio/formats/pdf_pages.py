"""What stands on the pages of a PDF, and where."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from granite_studio.core.errors import FormatError
from granite_studio.formats.base import MIB, Source, unreadable
from granite_studio.formats.foreign.pieces import MOST_SIGNS

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic._font import Font

MARK = b"%PDF-"
MARK_WITHIN = 1024
"""Readers take a file whose mark is in so many bytes of its beginning."""
MOST_PAGES = 500
"""Twenty hours of speech, as this program prints it, have fewer."""
_MOST_RUNS = 1_000_000
_MOST_STREAM = 32 * MIB
_BOLD = ("bold", "black", "heavy", "semibold", "demi")
_DEEPEST = 10_000
_CORNERS = frozenset({b"re", b"m", b"l", b"c", b"v", b"y"})
_PATH_ENDS = frozenset({b"n", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"})
_LATIN = re.compile("[0-9A-Za-z]")
MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")
"""Brackets look the other way where text goes from the right."""
_UPRIGHT = 0.05
"""How much of its direction a line may rise: a slanted one is a watermark."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one font on one line: from `x` to `end` on the line at `y`, in points, counted from
    the lower left corner of the page as it is shown. `size` is that of the letters."""

    text: str
    x: float
    end: float
    y: float
    size: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page in the order of the file, which mostly is that of reading."""

    runs: tuple[Run, ...]
    has_pictures: bool = False


def pages(source: Source) -> Iterator[Page]:
    """The pages one by one. Raises `FormatError` for what is no PDF, or cannot be read."""
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    try:
        yield from _pages(source)
    except FormatError:
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise _locked(source) from error
    except (LimitReachedError, MemoryError) as error:
        raise too_much(source) from error
    except Exception as error:  # pypdf lets out whatever a damaged file makes of it
        raise damaged(source) from error


def too_much(source: Source) -> FormatError:
    """The sentence for a file that would fill the memory, or take for ever."""
    return unreadable(
        source.name,
        "takes more time or memory to read than a text can need",
        "print it to a new PDF, or copy its text into a .txt file",
    )


def damaged(source: Source) -> FormatError:
    """The sentence for a file that is no whole PDF."""
    return unreadable(
        source.name, "is damaged, or no whole PDF", "save it again from where it was written"
    )


def _locked(source: Source) -> FormatError:
    return unreadable(
        source.name,
        "is locked with a password",
        "open it with the password elsewhere and save a copy without it",
    )


def _pages(source: Source) -> Iterator[Page]:
    reader = _opened(source)
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise unreadable(
            source.name,
            f"has more than {MOST_PAGES:,} pages",
            "check that it is the text of one recording",
        )
    fonts: dict[int, tuple[Any, Font]] = {}
    signs = runs = 0
    for number in range(count):
        page = _Text(reader.pages[number], fonts).read()
        signs += sum(len(run.text) for run in page.runs)
        runs += len(page.runs)
        if signs > MOST_SIGNS or runs > _MOST_RUNS:
            raise too_much(source)
        yield page


def _opened(source: Source) -> PdfReader:
    from pypdf import PdfReader, overwrite_configuration

    if MARK not in source.data[:MARK_WITHIN]:
        raise unreadable(source.name, "is no PDF", "choose another file")
    overwrite_configuration(
        array_based_stream_maximum_output_length=_MOST_STREAM,
        lzw_maximum_output_length=_MOST_STREAM,
        run_length_maximum_output_length=_MOST_STREAM,
        zlib_maximum_output_length=_MOST_STREAM,
        page_tree_maximum_entries=4 * MOST_PAGES,
        xform_maximum_invocations_per_extraction=500,
        stream_parsing_work_maximum_count=500_000,
        jbig2dec_binary=None,
    )
    reader = PdfReader(io.BytesIO(source.data), root_object_recovery_limit=100_000)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(source)
    return reader


@dataclass(frozen=True, slots=True)
class _Shown:
    """One order to show text: its codes, where the line's matrix stood, and how far it moved the
    pen beside the widths of its letters, in parts of the font's size and in units of the page."""

    codes: bytes
    place: tuple[float, float]
    kerned: float
    spaced: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle of the page that holds all that can be seen, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def within(self, other: _Box) -> _Box:
        return _Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def with_point(self, x: float, y: float) -> _Box:
        return _Box(min(self.left, x), min(self.bottom, y), max(self.right, x), max(self.top, y))

    def shows(self, x: float, y: float) -> bool:
        """Whether text that begins there can be seen, a point more or less."""
        return self.left - 1 <= x <= self.right + 1 and self.bottom - 1 <= y <= self.top + 1


_NOWHERE = _Box(math.inf, math.inf, -math.inf, -math.inf)
_EVERYWHERE = _Box(-math.inf, -math.inf, math.inf, math.inf)


class _Clip:
    """Which part of the page can be seen: paper that was cut off may hold text.

    Qt writes on each page the lines of its neighbours too, and hides them.
    """

    def __init__(self) -> None:
        self.box = _EVERYWHERE
        self._path = _NOWHERE
        self._cuts = False
        self._kept: list[_Box] = []

    def follow(self, operator: bytes, operands: Any, cm: list[float]) -> None:
        if operator == b"q" and len(self._kept) < _DEEPEST:
            self._kept.append(self.box)
        elif operator == b"Q" and self._kept:
            self.box = self._kept.pop()
        elif operator in _CORNERS:
            places = [float(each) for each in operands if isinstance(each, int | float)]
            self._draw(places, operator == b"re", cm)
        elif operator in (b"W", b"W*"):
            self._cuts = True
        elif operator in _PATH_ENDS:
            if self._cuts and self._path != _NOWHERE:
                self.box = self.box.within(self._path)
            self._path, self._cuts = _NOWHERE, False

    def _draw(self, places: list[float], is_rectangle: bool, cm: list[float]) -> None:
        if is_rectangle and len(places) == 4:
            x, y, width, height = places
            places = [x, y, x + width, y, x, y + height, x + width, y + height]
        for x, y in zip(places[::2], places[1::2], strict=False):
            self._path = self._path.with_point(
                x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]
            )


class _Text:
    """Follows the text of a page as pypdf reads it.

    pypdf says where text begins. Where it ends has to be added up here of the widths of its
    letters: the end of a line tells whether the paragraph ends with it.
    """

    def __init__(self, page: PageObject, fonts: dict[int, tuple[Any, Font]]) -> None:
        self._page = page
        self._fonts = fonts
        self._runs: list[Run] = []
        self._shown: list[_Shown] = []
        self._begun: tuple[float, float] | None = None
        self._reached = 0.0
        self._clip = _Clip()
        self._between_words = self._between_letters = 0.0
        turn = math.radians(-(page.rotation % 360))
        self._turn = (round(math.cos(turn)), round(math.sin(turn)))

    def read(self) -> Page:
        self._page.extract_text(visitor_operand_after=self._order, visitor_text=self._take)
        return Page(tuple(self._runs), _has_pictures(self._page))

    def _order(self, operator: bytes, operands: Any, cm: list[float], tm: list[float]) -> None:
        """See an order of the page's content, after pypdf has followed it."""
        self._clip.follow(operator, operands, cm)
        if operator in (b"Tw", b"Tc") and operands:
            self._space(operator, operands[0])
        elif operator == b'"' and len(operands) >= 3:
            self._space(b"Tw", operands[0])
            self._space(b"Tc", operands[1])
        if operator in (b"Tj", b"'", b'"') and operands:
            self._show([operands[-1]], (tm[4], tm[5]))
        elif operator == b"TJ" and operands and isinstance(operands[0], list):
            self._show(operands[0], (tm[4], tm[5]))

    def _space(self, operator: bytes, value: Any) -> None:
        width = float(value) if isinstance(value, int | float) else 0.0
        if operator == b"Tw":
            self._between_words = width
        else:
            self._between_letters = width

    def _show(self, parts: list[Any], place: tuple[float, float]) -> None:
        codes = b"".join(map(_codes, parts))
        moved = sum(float(part) for part in parts if isinstance(part, int | float))
        gaps = self._between_words * codes.count(b" ") + self._between_letters * len(codes)
        self._shown.append(_Shown(codes, place, -moved / 1000, gaps))

    def _take(self, text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        """Take text that pypdf has put together, all in one font and on one line."""
        shown, self._shown = self._shown, []
        across, rise, scale, x, y = self._placed(cm, tm)
        is_seen = self._clip.box.shows(*_place(cm, tm))
        if not is_seen or not text.strip(" \n") or not math.isfinite(x + y + scale * size):
            return
        place = (tm[4], tm[5])
        # A change of the font alone moves nothing that pypdf knows of.
        if place == self._begun and self._runs:
            x = max(x, self._reached)
        self._begun = place
        shape = self._font(font)
        reach = _reach(shown, place[0], shape, size) if shape and shown else (0.0, 0.0)
        left, right = sorted(each * across for each in reach)
        end = x + right if right > left else x + 0.5 * len(text) * abs(scale * size)
        self._reached = end
        if abs(rise) <= _UPRIGHT * abs(across) and across * size > 0:
            name = str(font.get("/BaseFont", "")).lower() if font else ""
            is_bold = any(word in name for word in _BOLD)
            if left < 0 and not _LATIN.search(text):
                text = _read_from_right(text, shown)
            self._runs.append(Run(text, x + left, end, y, abs(scale * size), is_bold))

    def _placed(
        self, cm: list[float], tm: list[float]
    ) -> tuple[float, float, float, float, float]:
        """How far a unit of the text goes across and up, how high it is, and where it stands."""
        across = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        upward = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
        right, rise = self._turned(*across)
        return right, rise, math.hypot(*upward), *self._turned(*_place(cm, tm))

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        """As it is shown on a page that is turned."""
        cos, sin = self._turn
        return x * cos - y * sin, x * sin + y * cos

    def _font(self, resource: Any) -> Font | None:
        from pypdf.generic._font import Font

        if resource is None:
            return None
        known = self._fonts.get(id(resource))
        if known is None:  # kept with its resource, or another could get that id
            known = self._fonts[id(resource)] = (resource, Font.from_font_resource(resource))
        return known[1]


def _place(cm: list[float], tm: list[float]) -> tuple[float, float]:
    return tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]


def _codes(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    return bytes(getattr(part, "original_bytes", b"")) if isinstance(part, str) else b""


def _reach(shown: list[_Shown], start: float, font: Font, size: float) -> tuple[float, float]:
    """How far text goes to the left and right of where it begins, in units of the text."""
    pen, place = shown[0].place[0], shown[0].place
    left = right = pen
    for each in shown:
        if each.place != place:
            pen, place = each.place[0], each.place
        left, right = min(left, pen), max(right, pen)
        named = font.encoding if isinstance(font.encoding, str) else "latin-1"
        width = font.get_text_width(each.codes.decode(named, "replace")) / 1000
        pen += (width + each.kerned) * size + each.spaced
        left, right = min(left, pen), max(right, pen)
    return left - start, right - start


def _read_from_right(text: str, shown: list[_Shown]) -> str:
    """Text that was drawn in the order of reading, which pypdf takes for that of the page.

    pypdf also puts a space where the pen jumps to the right end of it.
    """
    text = text[::-1].translate(MIRROR)
    codes = sum(len(each.codes) for each in shown)
    return text[1:] if text[0] == " " and len(text) > codes // 2 else text


def _has_pictures(page: PageObject) -> bool:
    from pypdf.generic import DictionaryObject

    resources = page.get("/Resources")
    found = resources.get_object() if resources is not None else None
    objects = found.get("/XObject") if isinstance(found, DictionaryObject) else None
    objects = objects.get_object() if objects is not None else None
    return isinstance(objects, DictionaryObject) and len(objects) > 0
