"""PDF files written by hand, so that tests know each of their bytes."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842

TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    "1 begincodespacerange <00> <FF> endcodespacerange\n"
    "{count} beginbfchar\n{pairs}\nendbfchar endcmap end end\n"
)


@dataclass(frozen=True)
class Text:
    """A line of text on a page: its place in points, its font (F1 is Courier, of which all letters
    are 0.6 of the size wide, F2 its bold, F3 Helvetica) and size."""

    x: float
    y: float
    text: str
    size: float = 11
    font: str = "F1"


def stream(data: bytes, *, packed: bool = False, more: str = "") -> bytes:
    if packed:
        data, more = zlib.compress(data), f"{more} /Filter /FlateDecode"
    return f"<< /Length {len(data)} {more} >>\nstream\n".encode() + data + b"\nendstream"


def shown(lines: Iterable[Text]) -> bytes:
    """The content of a page. Text is written in Windows' encoding."""
    parts = []
    for line in lines:
        text = line.text.encode("cp1252")
        for sign in (b"\\", b"(", b")"):
            text = text.replace(sign, b"\\" + sign)
        head = f"BT /{line.font} {line.size} Tf {line.x} {line.y} Td ("
        parts.append(head.encode() + text + b") Tj ET\n")
    return b"".join(parts)


def font(name: str, more: str = "") -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding {more} >>"
    ).encode()


FONTS = (font("Courier"), font("Courier-Bold"), font("Helvetica"))


def assembled(objects: Sequence[bytes], *, trailer: str = "") -> bytes:
    """A file of these objects; the first is its catalogue."""
    data = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    return (
        data
        + (
            f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
            f"trailer << /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
        ).encode()
    )


def pdf(*pages: Sequence[Text], packed: bool = False, rotate: int = 0) -> bytes:
    """A file of these pages."""
    return of_contents([shown(page) for page in pages], packed=packed, rotate=rotate)


def of_contents(
    contents: Sequence[bytes],
    *,
    packed: bool = False,
    rotate: int = 0,
    fonts: Sequence[bytes] = FONTS,
    more: Sequence[bytes] = (),
    resources: str = "",
) -> bytes:
    """A file of pages with this content; `more` are objects that come last."""
    first = 3 + len(fonts)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    names = " ".join(f"/F{number} {2 + number} 0 R" for number in range(1, len(fonts) + 1))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        *fonts,
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} "
            f"/Resources << /Font << {names} >> {resources} >> "
            f"/Contents {first + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(stream(content, packed=packed))
    return assembled([*objects, *more])


def column(
    text: str,
    *,
    x: float = 70,
    y: float = 770,
    chars: int = 66,
    step: float = 14,
    first: float = 0,
    then: float = 0,
) -> list[Text]:
    """A paragraph broken where its words no longer fit; `first` and `then` indent its lines."""
    rows: list[str] = [""]
    for word in text.split():
        if len(rows[-1]) + len(word) + 1 > chars:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return [
        Text(x + (then if number else first), y - number * step, row)
        for number, row in enumerate(rows)
    ]


def below(parts: Iterable[list[Text]], *, y: float = 770, gap: float = 14) -> list[Text]:
    """Paragraphs one below the other, each made at the top."""
    placed: list[Text] = []
    for part in parts:
        down = part[0].y - y
        placed += [Text(each.x, each.y - down, each.text, each.size, each.font) for each in part]
        y = placed[-1].y - gap
    return placed
