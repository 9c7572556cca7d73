"""Transcripts as web pages: our own, what noScribe writes, and what podcast hosts publish."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from granite_studio.core.document import Document, Span
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.emphasis import TAGS, Tags
from granite_studio.formats.base import Source, refuse_too_much, unreadable
from granite_studio.formats.foreign.annotations import PLAIN, Annotation
from granite_studio.formats.foreign.hypertext import Tag, parts
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, document_from
from granite_studio.formats.foreign.running import Line
from granite_studio.formats.foreign.values import MILLISECONDS, milliseconds, voice

Times = tuple[int | None, int | None]
"""Start and end in ms, where they are known."""

_ANCHOR = re.compile(r"ts_([0-9]{1,10})_([0-9]{1,10})_(.{0,80})")
_STAMP = re.compile(r"\[[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,3})?\]")
_PAUSE = re.compile(r"\(\.{1,10}\)")
_WORD = "data-start="
_BESIDE = frozenset({"sup", "time", "cite"})
"""What stands beside the words: numbers of notes, times and names."""
_MARK = "mark"
_LOOKS = {"i": "i", "em": "i", "b": "b", "strong": "b", "u": "u", _MARK: _MARK}
"""What tags say of the words in them."""
_NAME = re.compile(r"\s{0,9}([^\s:][^:\n]{0,79}?)\s?:\s")


def read(source: Source) -> Document:
    """Read a page. Raises `FormatError` for one that is no transcript."""
    text = source.text()
    refuse_too_much(source.name, text)
    transcript = _timed(list(parts(text, hard_spaces=True))) if _WORD in text else None
    if transcript is None:
        found = list(parts(text))
        transcript = _noscribe(found) or _podcast(found)
    if transcript is None:
        raise unreadable(
            source.name,
            "is no transcript of ours, of noScribe or of a podcast",
            "export it as a subtitle file where it was made",
        )
    return document_from(transcript, source)


@dataclass(slots=True)
class _Said:
    """A text under way: when it was said and by whom."""

    start: int | None
    end: int | None
    speaker: str | None
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def _timed(found: Sequence[Tag | str]) -> Transcript | None:
    """Our own: words in <span data-start data-end> in ms, a paragraph in each <section>."""
    page = _Page(_notes(found))
    for part in found:
        if isinstance(part, Tag):
            page.read_tag(part)
        else:
            page.read_text(part)
    told = [(name, line.pieces) for name, line in page.paragraphs]
    said = [_own_paragraph(name, pieces) for name, pieces in told if pieces]
    if not any(piece.start is not None for stretch in said for piece in stretch.pieces):
        return None
    gaps = tuple(page.gaps)
    return Transcript(
        tuple(said), page.language, paragraphs=True, is_ours=True, untranscribed=gaps
    )


def _notes(found: Iterable[Tag | str]) -> dict[str, str]:
    """The remarks at the foot of a page of ours, by the address that their words link to."""
    notes: dict[str, list[str]] = {}
    texts: list[str] | None = None
    for part in found:
        if isinstance(part, str):
            if texts is not None:
                texts.append(part)
        elif part.name == "li":
            texts = notes.setdefault(f"#{part.attributes.get('id', '')}", [])
        elif part.name in ("a", "/li"):
            texts = None
    return {address: "".join(texts).strip() for address, texts in notes.items()}


class _Page:
    """Our own page while it is read, and what is open at the place that was reached."""

    def __init__(self, notes: dict[str, str]) -> None:
        self.language = ""
        self.paragraphs: list[tuple[list[str], Line]] = []
        self.gaps: list[Span] = []
        self._notes = notes
        self._within = False
        self._beside = ""
        self._open = Counter[str]()
        self._spans: list[tuple[Times, Tags]] = []
        self._annotation = PLAIN
        self._label = ""

    def read_tag(self, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if name in ("section", "/section"):
            self._within = name == "section"
            self._open.clear()
            self._spans.clear()
            self.paragraphs.append(([], Line()))
        elif name == "html":
            self.language = attributes.get("lang", "")
        elif name == "p" and attributes.get("class") == "untranscribed":
            start, end = _word_times(tag)
            if start is not None and end is not None and start <= end:
                self.gaps.append(Span(start, end))
        elif name in _BESIDE:
            self._beside = name
        elif name == f"/{self._beside}":
            self._beside = ""
        elif (
            name == "a" and self._within and (note := self._notes.get(attributes.get("href", "")))
        ):
            self.paragraphs[-1][1].note(note)
        elif name == "span":
            times, tags = self._spans[-1] if self._spans else ((None, None), ())
            times = _word_times(tag) if "data-start" in attributes else times
            colours = dict.fromkeys((*tags, *_colours(attributes.get("class", ""))))
            self._spans.append((times, tuple(colours)))
        elif name == "/span":
            del self._spans[-1:]
        elif name in _LOOKS:
            self._open[name] += 1
            if name == _MARK:
                self._label = " ".join(attributes.get("title", "").split())
        elif name[1:] in _LOOKS:
            self._open[name[1:]] = max(0, self._open[name[1:]] - 1)

    def read_text(self, text: str) -> None:
        if not self._within:
            return
        names, line = self.paragraphs[-1]
        if self._beside == "cite":
            names.append(text)
        elif not self._beside:
            times, tags = self._spans[-1] if self._spans else ((None, None), ())
            line.say(text, self._now(tags), *times)

    def _now(self, colours: Tags) -> Annotation:
        """What is said of words here; the same object as long as it is the same."""
        looks = {_LOOKS[name] for name, count in self._open.items() if count} | set(colours)
        tags = tuple(tag for tag in TAGS if tag in looks) if looks else ()
        quote = self._label if _MARK in looks else None
        if (tags, quote) != (self._annotation.tags, self._annotation.quote):
            self._annotation = Annotation(tags, quote is not None, label=quote or "")
        return self._annotation


def _colours(names: str) -> Tags:
    return tuple(tag for tag in (f"c.{name}" for name in names.split()) if tag in TAGS)


def _word_times(tag: Tag) -> Times:
    start, end = (tag.attributes.get(name) for name in ("data-start", "data-end"))
    return milliseconds(start, MILLISECONDS), milliseconds(end, MILLISECONDS)


def _own_paragraph(name: Sequence[str], pieces: Sequence[Piece]) -> Stretch:
    speaker = clean_name("".join(name).strip().removesuffix(":"))
    return Stretch(tuple(pieces), speaker=speaker or None)


def _noscribe(found: Iterable[Tag | str]) -> Transcript | None:
    """noScribe: anchors named ts_START_END_SPEAKER in ms. A paragraph begins with the speaker's
    name, which may have been changed since, and a time."""
    paragraphs: list[list[_Said]] = [[]]
    current: _Said | None = None
    for part in found:
        if isinstance(part, str):
            if current is not None:
                current.texts.append(part)
        elif match := _ANCHOR.fullmatch(part.attributes.get("name", "")):
            start, end = (milliseconds(time, MILLISECONDS) for time in match.group(1, 2))
            current = _Said(start, end, voice(match[3]))
            paragraphs[-1].append(current)
        elif part.name == "/a":
            current = None
        elif part.name in ("p", "/p"):
            current = None
            paragraphs.append([])
    said = [_noscribe_paragraph(anchors) for anchors in paragraphs if anchors]
    return Transcript(tuple(said), paragraphs=True) if said else None


def _noscribe_paragraph(anchors: list[_Said]) -> Stretch:
    speaker = anchors[0].speaker
    if speaker and (match := _NAME.match(anchors[0].text)):
        speaker = match[1]
        anchors[0].texts = [anchors[0].text[match.end() :]]
    pieces = [
        Piece(_PAUSE.sub(" ", _STAMP.sub(" ", part.text)), part.start, part.end)
        for part in anchors
    ]
    return Stretch(tuple(pieces), speaker=speaker)


def _podcast(found: Iterable[Tag | str]) -> Transcript | None:
    """The page of the podcast namespace: a name in <cite>, a time in <time>, texts in <p>."""
    stretches: list[Stretch] = []
    name, time, inside = "", "", ""
    pieces: list[Piece] = []
    for part in found:
        if isinstance(part, Tag):
            if part.name in ("cite", "time", "p"):
                inside = part.name
                name = "" if inside == "cite" else name
                time = "" if inside == "time" else time
            elif part.name in ("/cite", "/time", "/p"):
                inside = ""
        elif inside == "cite":
            name = f"{name}{part}"[:200]
        elif inside == "time":
            time = f"{time}{part}"[:40]
        elif inside == "p" and part.strip():
            start = milliseconds(time.strip())
            if start is not None:
                stretches.append(_shown(pieces))
                pieces = []
            pieces.append(Piece(part, start, speaker=voice(name.strip().removesuffix(":"))))
            time = ""
    stretches.append(_shown(pieces))
    timed = tuple(part for part in stretches if part.start is not None)
    return Transcript(timed, paragraphs=True) if timed else None


def _shown(pieces: list[Piece]) -> Stretch:
    return Stretch(tuple(pieces), pieces[0].start if pieces else None)
