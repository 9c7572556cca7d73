"""The paragraphs of a Word file as runs of text: what stands once all tracked changes are taken.

Insertions are kept and deletions left out; a paragraph whose end was deleted goes on in the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from granite_studio.core.emphasis import COLOURS, TAGS, Tags
from granite_studio.formats.docx_package import WORD, Package
from granite_studio.formats.xml_tree import Element

_LEFT_OUT = frozenset(
    {"del", "moveFrom", "instrText", "delText", "pict", "object", "drawing", "rt", "delInstrText"}
)
_TEXTS = {
    "tab": " ",
    "ptab": " ",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "",
}
QUOTE = "Quote"
"""Who seems to have written a comment that says what a quote is about."""
_OFF = ("0", "false", "off", "none")
_COLOURS = {value: f"c.{name}" for name, value in COLOURS.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one character style, by its name in small letters without spaces, and with looks
    of its own; or the id of a comment that ends here. `label` is what a quote is about, if this is
    one."""

    text: str = ""
    style: str = ""
    comment: str = ""
    tags: Tags = ()
    label: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph: the name of its style, as of runs, and what is in it. `other` is what stands
    beside it in another language, or None where there is no place for that."""

    style: str = ""
    runs: list[Run] = field(default_factory=list)
    other: str | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


Row = list[list[Block]]
"""The cells of a row of a table, with the paragraphs of each."""


class Body:
    """What stands in a Word file: paragraphs, and rows of tables, in order."""

    def __init__(self, package: Package) -> None:
        self._styles = _styles(package.beside("styles.xml"))
        comments = package.beside("comments.xml")
        self._labels = _comments(comments, of_quotes=True)
        self._label = ""
        self.comments = _comments(comments, of_quotes=False)
        root = package.xml(package.main)
        body = _child(root, "body")
        self.content = list(self._content(body)) if body else []

    def _content(self, parent: Element) -> Iterator[Block | list[Row]]:
        """Blocks and tables; a block whose end was deleted is one with the next."""
        going: Block | None = None
        for element in _flattened(parent):
            if _name(element) == "tbl":
                yield [row for row in map(self._row, _rows(element)) if row]
                continue
            block = Block(self._style(element, "pPr", "pStyle"))
            self._label = ""
            block.runs = list(self._runs(element))
            if going is not None:
                going.runs += block.runs
                block = going
            going = block if _ends_deleted(element) else None
            if going is None:
                yield block
        if going is not None:
            yield going

    def _row(self, row: Element) -> Row:
        cells = list(_flattened(row, "tc"))
        return [
            [block for block in self._content(cell) if isinstance(block, Block)] for cell in cells
        ]

    def _runs(self, parent: Element) -> Iterator[Run]:
        for element in parent.elements:
            name = _name(element)
            if name == "r":
                style = self._style(element, "rPr", "rStyle")
                if text := "".join(_texts(element)):
                    yield Run(text, style, "", _tags(_child(element, "rPr")), self._label)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                number, begins = _value(element, "id"), name == "commentRangeStart"
                if number in self._labels:
                    self._label = self._labels[number] if begins else ""
                elif not begins:
                    yield Run(comment=number)
            elif name and name not in _LEFT_OUT:
                yield from self._runs(element)

    def _style(self, element: Element, properties: str, kind: str) -> str:
        found = _child(_child(element, properties), kind)
        number = _value(found, "val") if found else ""
        return self._styles.get(number, _flat(number))


def _flattened(parent: Element, wanted: str = "") -> Iterator[Element]:
    """The paragraphs and tables in this element, or rows, or cells, whatever wraps them."""
    for element in parent.elements:
        name = _name(element)
        if name in ((wanted,) if wanted else ("p", "tbl")):
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _flattened(element, wanted)


def _rows(table: Element) -> Iterator[Element]:
    for row in _flattened(table, "tr"):
        if _child(_child(row, "trPr"), "del") is None:
            yield row


def _ends_deleted(paragraph: Element) -> bool:
    mark = _child(_child(paragraph, "pPr"), "rPr")
    return _child(mark, "del") is not None or _child(mark, "moveFrom") is not None


def _texts(run: Element) -> Iterator[str]:
    for element in run.elements:
        name = _name(element)
        if name == "t":
            yield element.said()
        elif name in _TEXTS:
            yield _TEXTS[name]
        elif name == "ruby":
            yield from (
                text for base in element.elements if _name(base) == "rubyBase"
                for inner in base.elements for text in _texts(inner)
            )  # fmt: skip


def _styles(root: Element | None) -> dict[str, str]:
    """The names of styles by their ids, in small letters without spaces."""
    styles: dict[str, str] = {}
    for element in root.elements if root else ():
        if _name(element) == "style" and (named := _child(element, "name")):
            styles[_value(element, "styleId")] = _flat(_value(named, "val"))
    return styles


def _comments(root: Element | None, *, of_quotes: bool) -> dict[str, str]:
    """The texts of comments by their ids: of those that are about quotes, or of all others."""
    return {
        _value(comment, "id"): " ".join(
            "".join(text for run in paragraph.below() if _name(run) == "r" for text in _texts(run))
            for paragraph in _flattened(comment)
        ).strip()
        for comment in (root.elements if root else ())
        if _name(comment) == "comment" and (_value(comment, "author") == QUOTE) is of_quotes
    }


def _tags(properties: Element | None) -> Tags:
    """What a run's own properties say of its looks, as `docx_looks` gives them."""
    found: set[str] = set()
    for each in properties.elements if properties else ():
        name, value = _name(each), _value(each, "val").lower()
        if name in ("b", "i") and value not in _OFF:
            found.add(name)
        elif name == "u" and value not in _OFF:
            colour = _COLOURS.get(_value(each, "color").lower())
            found |= {colour} if colour else {"u"}
            found |= {"u"} if value == "double" else set()
    return tuple(tag for tag in TAGS if tag in found) if found else ()


def _flat(name: str) -> str:
    return "".join(name.lower().split())


def _name(element: Element) -> str:
    """The name of one of Word's elements; nothing for others, as drawings and formulas."""
    space, _, name = element.name.rpartition(" ")
    return name if space in WORD else ""


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((each for each in element.elements if _name(each) == name), None)


def _value(element: Element, name: str) -> str:
    for space in WORD:
        if (value := element.attributes.get(f"{space} {name}")) is not None:
            return value
    return ""
