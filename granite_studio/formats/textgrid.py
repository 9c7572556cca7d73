"""Praat's TextGrid: words in tiers, in the long and in the short form.

Both forms are one stream of numbers and quoted texts; what stands between them (`xmin =`) is for
people. "Anna - words" and "Tom - words" are the words of two speakers, and "words" beside them
those of nobody known, unless they repeat what the others say. Else one tier is read, the one with
the most text: of those with a name such as "words" or "ORT", or of all where none has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from granite_studio.core.document import Document, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import HeardWord
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.turns import by_voice, document_of, faulty, milliseconds, spread

_TOKEN = re.compile(r'"((?:[^"]++|"")*+)"|(?<!\S)([-+]?[0-9.]++(?:[eE][-+]?[0-9]++)?)(?!\S)')
_WORD_TIER = re.compile(
    r"(?:(?P<speaker>.*\S)\s*-\s*)?\W*"
    r"(?:words?|text|orth?|ortho(?:graphy)?|tokens?|wort|wörter|mots?|palabras?|palavras?)\W*",
    re.IGNORECASE,
)
_LONGEST_NAME = 100
_NEAR_MS = 2_000
_SILENCES = frozenset({"sil", "sp", "spn", "<sil>", "<p:>", "<eps>", "[sil]"})
"""What aligners put where nobody speaks. A word that looks like one is written with a space."""


@dataclass(frozen=True, slots=True)
class _Tier:
    """What one tier holds. Points have no words."""

    name: str
    intervals: tuple[tuple[int, int, str], ...]

    @property
    def fullness(self) -> tuple[int, int]:
        texts = ["".join(text.split()) for _, _, text in self.intervals]
        return sum(map(len, texts)), sum(map(bool, texts))


def read(source: Source) -> Document:
    """Read the words of a TextGrid. An interval of several shares its time out among them.

    Raises `FormatError` naming the line where the file cannot be understood.
    """
    tiers = _tiers(_Tokens(source))
    named = [
        (tier, match)
        for tier in tiers
        if len(tier.name) <= _LONGEST_NAME and (match := _WORD_TIER.fullmatch(tier.name))
    ]
    voices = [(tier, match["speaker"]) for tier, match in named if match["speaker"]]
    unknown = [tier for tier, match in named if not match["speaker"]]
    if not voices:
        unknown = unknown or tiers
    fullest = max(unknown, key=lambda tier: tier.fullness, default=None)
    said = [(speaker, word) for tier, speaker in voices for word in _words(tier)]
    if fullest and not _repeats(words := list(_words(fullest)), [word for _, word in said]):
        said += [(None, word) for word in words]
    return document_of(by_voice(said), language=source.language)


def _words(tier: _Tier) -> Iterator[HeardWord]:
    for start, end, text in tier.intervals:
        if text.lower() not in _SILENCES:
            yield from spread(text, start, end)


def _repeats(words: list[HeardWord], others: list[HeardWord]) -> bool:
    """Whether most of these words are what others are, at about the same time: a tier that tells
    once more what everybody said."""
    there = {(word.text, word.start // _NEAR_MS + near) for word in others for near in (-1, 0, 1)}
    again = sum((word.text, word.start // _NEAR_MS) in there for word in words)
    return again * 2 > len(words)


class _Tokens:
    """The file's numbers and texts, taken one after the other."""

    def __init__(self, source: Source) -> None:
        self._text = source.text()
        refuse_too_much(source.name, self._text)
        self._source = source
        self._rest = _TOKEN.finditer(self._text)
        self._at = 0
        self._line = 1

    def text(self) -> str:
        quoted, _ = self._next()
        if quoted is None:
            raise self.fault("has no quoted text where one should be")
        return quoted.replace('""', '"')

    def number(self) -> str:
        _, number = self._next()
        if number is None:
            raise self.fault("has no number where one should be")
        return number

    def count(self) -> int:
        number = self.number()
        if not number.isdecimal() or len(number) > 9:
            raise self.fault("has no whole number where one should be")
        return int(number)

    def time(self) -> int:
        number = self.number()
        return milliseconds(number, self._source, self._line)

    def fault(self, reason: str) -> FormatError:
        return faulty(self._source, self._line, reason)

    def _next(self) -> tuple[str | None, str | None]:
        match = next(self._rest, None)
        if match is None:
            raise unreadable(
                self._source.name,
                "ends in the middle of its tiers",
                "save it again from where it came",
            )
        self._line += self._text.count("\n", self._at, match.start())
        self._at = match.start()
        return match[1], match[2]


def _tiers(tokens: _Tokens) -> list[_Tier]:
    if not tokens.text().startswith("ooTextFile") or tokens.text() != "TextGrid":
        raise tokens.fault("has no head of a TextGrid")
    tokens.number(), tokens.number()  # where it begins and ends
    return [_tier(tokens) for _ in range(tokens.count())]


def _tier(tokens: _Tokens) -> _Tier:
    kind = tokens.text()
    if kind not in ("IntervalTier", "TextTier"):
        raise tokens.fault(f"has a tier of the unknown class “{kind[:40]}”")
    name = tokens.text()
    tokens.number(), tokens.number()
    if kind == "TextTier":
        for _ in range(tokens.count()):
            tokens.number(), tokens.text()
        return _Tier(name, ())
    rows = [(tokens.time(), tokens.time(), tokens.text()) for _ in range(tokens.count())]
    return _Tier(name, tuple(rows))


def write(content: Content) -> bytes:
    """The long form: one tier of words for each speaker, silences as empty intervals."""
    document = content.as_document()
    said: dict[int | None, list[Word]] = {}
    for segment in document:
        said.setdefault(segment.speaker, []).extend(segment.words)
    named = {speaker.id: " ".join(speaker.name.split()) for speaker in document.speakers}
    tiers = {
        f"{named[speaker]} - words" if speaker in named else "words": list(_filled(words))
        for speaker, words in said.items()
    }
    last = max((rows[-1][1] for rows in tiers.values()), default=0)
    last = max(last, document.media.duration if document.media else 0, 1)
    return encoded("".join(_written(tiers, last)))


def _filled(words: list[Word]) -> Iterator[tuple[int, int, str]]:
    """Intervals without a hole, an overlap or an empty one: Praat opens no others."""
    reached = 0
    for word in sorted(words, key=attrgetter("start")):
        start = max(word.start, reached)
        if start > reached:
            yield reached, start, ""
        reached = max(word.end, start + 1)
        yield start, reached, f"{word.text} " if word.text.lower() in _SILENCES else word.text


def _written(tiers: dict[str, list[tuple[int, int, str]]], last: int) -> Iterator[str]:
    yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    yield f"xmin = 0\nxmax = {last / 1000}\ntiers? <exists>\nsize = {len(tiers)}\nitem []:\n"
    for number, (name, rows) in enumerate(tiers.items(), start=1):
        if rows[-1][1] < last:
            rows = [*rows, (rows[-1][1], last, "")]
        yield f'    item [{number}]:\n        class = "IntervalTier"\n'
        yield f"        name = {_quoted(name)}\n        xmin = 0\n        xmax = {last / 1000}\n"
        yield f"        intervals: size = {len(rows)}\n"
        for place, (start, end, text) in enumerate(rows, start=1):
            yield f"        intervals [{place}]:\n            xmin = {start / 1000}\n"
            yield f"            xmax = {end / 1000}\n            text = {_quoted(text)}\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


FORMAT = Format(
    name="textgrid",
    extensions=(".textgrid",),
    title="Praat TextGrid",
    kind=Kind.CORPUS,
    carries=Carries.SPEAKERS | Carries.WORD_TIMES,
    write=write,
    read=read,
)
