"""HTML as transcripts use it: tags and texts one after the other, in linear time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(
    r"<!--.*?-->|<(/?[a-zA-Z][a-zA-Z0-9]{0,19})((?:[\s/][^<>]{0,9999})?)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9-]{0,39})\s{0,9}=\s{0,9}["']([^"']{0,999})["']""")
_UNREAD = frozenset({"head", "script", "style", "title"})


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by its name in small letters, "/p" for an end, and its attributes."""

    name: str
    attributes: dict[str, str]


def parts(text: str, *, hard_spaces: bool = False) -> Iterator[Tag | str]:
    """The tags and the texts between them, entities resolved; scripts and heads are left out.

    No-break spaces become spaces, unless `hard_spaces` are wanted as they are.
    """
    shown = _resolved if hard_spaces else unescaped
    text = _uncommented(text)
    at = 0
    within = ""
    for match in _TAG.finditer(text):
        if not within and match.start() > at:
            yield shown(text[at : match.start()])
        at = match.end()
        name = match[1].lower()
        if within:
            within = "" if name == f"/{within}" else within
        elif name in _UNREAD:
            within = name
        else:
            yield Tag(name, {k.lower(): unescaped(v) for k, v in _ATTRIBUTE.findall(match[2])})
    if not within and at < len(text):
        yield shown(text[at:])


def _uncommented(text: str) -> str:
    head, *rest = text.split("<!--")
    return head + "".join(part.partition("-->")[2] for part in rest)


def unescaped(text: str) -> str:
    """Entities as what they mean, no-break spaces as spaces."""
    return _resolved(text).replace("\xa0", " ")


def _resolved(text: str) -> str:
    """Entities as what they mean. A number too large to be one leaves the text as it is."""
    try:
        return html.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text
