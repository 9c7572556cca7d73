"""XML of strangers as a tree of elements: the one way in for every reader of it.

Nothing that a file declares is obeyed. A document type is refused before anything in it is read,
and with it entities and whatever they would fetch; so is a tree that is made to fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, Self, TypeVar
from xml.parsers import expat

from granite_studio.core.errors import FormatError
from granite_studio.formats.base import unreadable

MOST_ELEMENTS = 1_500_000
DEEPEST = 64
"""Elements in one another; whoever walks a tree may recurse."""


class XmlError(FormatError):
    """The file is not whole XML."""


@dataclass(slots=True)
class Element:
    """An element with what is in it, text and elements, in the file's order.

    A name in a namespace is "namespace name", whatever prefix the file has for it: `xml:id` is
    "http://www.w3.org/XML/1998/namespace id". Attributes without a prefix have no namespace.
    """

    name: str
    attributes: dict[str, str]
    children: list[Self | str] = field(default_factory=list)

    @property
    def elements(self) -> Iterator[Self]:
        return (child for child in self.children if not isinstance(child, str))

    def first(self, name: str) -> Self | None:
        return next((child for child in self.elements if child.name == name), None)

    def below(self) -> Iterator[Self]:
        """All elements inside this one, in the file's order."""
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if not isinstance(child, str):
                yield child
                waiting += child.children[::-1]

    def said(self) -> str:
        """The text inside, of whatever depth."""
        return "".join(
            child if isinstance(child, str) else child.said() for child in self.children
        )

    @classmethod
    def parse(
        cls,
        data: bytes,
        name: str,
        *,
        cure: str,
        damaged: str = "is not whole XML (line {line})",
        declares: str = "declares a document type of its own, which may be harmful",
        doctype: str | None = None,
        named: Callable[[str], str] | None = None,
        commented: Callable[[str], object] | None = None,
    ) -> Self:
        """The root of a file in UTF-8; what it says of its encoding counts for nothing.

        Raises `XmlError` and `FormatError` with `name` and `cure` in the sentence: `damaged`,
        which may name the {line} and expat's {fault}, or `declares`. A document type that names
        `doctype` and says nothing else is let pass. `named` makes of a name in the file, with its
        namespace, that of an element or attribute; `commented` is told each comment.
        """

        def refuse(named: str, system: str | None, public: str | None, inside: int) -> None:
            if named != doctype or system is not None or public is not None or inside:
                raise unreadable(name, declares, cure)

        builder = _Builder(cls, name, cache(named) if named else None)
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = builder.start
        parser.EndElementHandler = builder.end
        parser.CharacterDataHandler = builder.text
        parser.CommentHandler = commented
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            reason = damaged.format(line=error.lineno, fault=expat.ErrorString(error.code))
            raise XmlError(f"“{name}” {reason}; {cure}.") from error
        return next(builder.top.elements)


_E = TypeVar("_E", bound=Element)


class _Builder(Generic[_E]):
    """What expat calls; `top` stands above the root, `names` are those of attributes as the file
    has them together."""

    def __init__(self, kind: type[_E], name: str, named: Callable[[str], str] | None) -> None:
        self.kind = kind
        self.name = name
        self.named = named
        self.names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.top = kind("", {})
        self.open = [self.top]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) > DEEPEST:
            raise unreadable(
                self.name,
                "holds more elements, or deeper ones, than such a file ever has",
                "check that it is the right one",
            )
        if named := self.named:
            name = named(name)
            keys = tuple(attributes)
            names = self.names.get(keys)
            if names is None:
                names = self.names[keys] = tuple(map(named, keys))
            if names != keys:
                attributes = dict(zip(names, attributes.values(), strict=True))
        element = self.kind(name, attributes)
        self.open[-1].children.append(element)
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        self.open[-1].children.append(text)
