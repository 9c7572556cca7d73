"""What every file format is made of, and how to add one.

A new format is one module in this folder and one line in the table of `granite_studio.formats`:

1. Write `write(content: Content) -> bytes`. Take what the format needs from the content:
   `content.as_captions()` for a format of cues, `content.as_document()` for running text.
   Either works whatever the caller had, so a writer never asks which one it is. Escape text for
   this format: it comes from machines and strangers, and what is read back must be what was
   written. End with `encoded`, which makes UTF-8 of anything.
2. Write `read(source: Source) -> Captions` for a format of cues, or `-> Document` for one that
   knows words, or leave it out. `source.text()` finds the encoding. Read what people's files
   really look like, and what language they say they are in, through `languages.tag_of`; raise
   `FormatError` with one sentence where nothing can be read. Never let another exception out,
   whatever the bytes. Words or turns with times and speakers become a document through
   `granite_studio.formats.turns`.
3. Add `FORMAT = Format(...)` at the end of the module and put it into the table.
4. Add a test that writes hostile text and reads it back, and one per fault the reader forgives.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from granite_studio.core.captions import Captions
from granite_studio.core.cues import Cue, derive, to_captions
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.fixing import cues_of
from granite_studio.core.gaps import with_gaps
from granite_studio.core.importing import from_captions
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style, style
from granite_studio.core.timing import RATES, Rate
from granite_studio.formats.encoding import decode
from granite_studio.formats.markup import names_shown

Part = tuple[int, str, str]
"""How often something is there that is lost, and its name, for one and for more."""

MIB = 1 << 20
MOST_PARTS = 5_000_000
_TIMECODES = re.compile(r"paragraph|off|minutes:([1-9][0-9]{0,3})")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that exports add to a transcript, so that they can be in the reader's language."""

    title: str = "Transcript"
    draft: str = "Draft: this text was written by a machine and nobody has checked it."
    untranscribed: str = "speech not transcribed"
    gap: str = "Speech without text"
    file: str = "File"
    length: str = "Length"
    language: str = "Language"
    engine: str = "Engine"
    date: str = "Date"
    note: str = "Note"
    number: str = "No."
    start: str = "In"
    end: str = "Out"
    speaker: str = "Speaker"
    text: str = "Text"
    stale: str = "translated from other words"


class Layout(enum.Enum):
    """How a Word document shows a transcript: as paragraphs, as a table with a row for each
    paragraph or each cue, or as a table with a translation beside the original."""

    INTERVIEW = "interview"
    SCRIPT = "script"
    CUES = "script-cues"
    BILINGUAL = "bilingual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is to be written, and how. Give `captions` or `document`; each becomes the other.

    `style` cuts a document into cues (None: the general style), by the cuts of its `film`, unless
    they are there already: `cues`, as `Format.with_cues` derives them for what is written;
    `speaker_names` puts names into them (None: only where the format keeps them apart from what is
    read), `mark_gaps` cues over speech without text; `frame_rate` is for formats that count frames
    (None: that of the captions' file or of the film, or 25). For running text `timecodes` is
    "paragraph", "off" or "minutes:N"; `title` and `date` go into the head as they are; `language`
    is that of the captions (empty: the one they have). For Word `layout` says how it looks,
    unless there is a `template` with fields, and `beside` which translation stands beside the
    original (the first one if empty). Raises ValueError for neither or both, or for unknown
    `timecodes`.
    """

    captions: Captions | None = None
    document: Document | None = None
    language: str = ""
    style: Style | None = None
    film: Film | None = None
    cues: tuple[Cue, ...] | None = None
    frame_rate: Rate | None = None
    speaker_names: bool | None = None
    mark_gaps: bool = False
    timecodes: str = "paragraph"
    title: str = ""
    date: str = ""
    labels: Labels = field(default_factory=Labels)
    layout: Layout = Layout.INTERVIEW
    template: Source | None = None
    beside: str = ""

    def __post_init__(self) -> None:
        if (self.captions is None) == (self.document is None):
            raise ValueError("content is either captions or a document")
        if not _TIMECODES.fullmatch(self.timecodes):
            raise ValueError(f"time codes are paragraph, minutes:N or off, not {self.timecodes!r}")

    @property
    def rate(self) -> Rate:
        """The frames a second to be written."""
        return self.known_rate or RATES["25"]

    @property
    def known_rate(self) -> Rate | None:
        """The frames a second that somebody said, or the captions' file or the film has."""
        own = self.captions.frame_rate if self.captions else None
        return self.frame_rate or own or (self.film.rate if self.film else None)

    @property
    def known_language(self) -> str:
        """The tag of the language of the document, or that somebody or their file said of the
        captions; empty where nobody did."""
        if self.document is not None:
            return self.document.language
        return self.language or (self.captions.language if self.captions else "")

    @property
    def marks_every(self) -> int | None:
        """0: a time code at each paragraph; N: one every N ms; None: no time codes."""
        if self.timecodes == "off":
            return None
        _, _, minutes = self.timecodes.partition(":")
        return int(minutes or 0) * 60_000

    @property
    def is_draft(self) -> bool:
        return self.document is not None and self.document.is_draft

    def as_captions(self) -> Captions:
        """The captions as they are, or the document's cues in the given style, with a note for
        each stretch of speech without text."""
        if self.document is None:
            return self.captions or Captions()
        cues = self.as_cues()
        captions = to_captions(self.document, cues, speaker_names=self.speaker_names is not False)
        if not self.document.untranscribed:
            return captions
        among = with_gaps(
            captions.cues,
            self.document.untranscribed,
            note=self.labels.gap,
            mark=f"[{self.labels.untranscribed}]" if self.mark_gaps else "",
            style=self.guide,
        )
        return replace(among, language=captions.language)

    @property
    def guide(self) -> Style:
        """The given style, made for the frame rate of the film where no other was wanted."""
        guide = self.style or style()
        return guide.at(self.film.rate) if self.film and not guide.rate else guide

    def as_cues(self) -> tuple[Cue, ...]:
        """The cues of the document, or of one made of the captions, in the given style."""
        if self.cues is not None:
            return self.cues
        return derive(self.as_document(), self.guide, self.film)

    def as_document(self) -> Document:
        """The document as it is, or one made of the captions."""
        if self.document is None:
            return from_captions(self.captions or Captions(), language=self.language)
        return self.document


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its bytes, its name for messages, and where they are known its language and
    the frame rate of its time codes, for formats that do not say it themselves."""

    data: bytes
    name: str = "this file"
    language: str = ""
    frame_rate: Rate | None = None

    def text(self) -> str:
        """The text without byte order mark, lines parted by a newline. Raises `FormatError`."""
        text = decode(self.data, name=self.name, language=self.language)
        if "\r" in text:  # \r\r\n is what a second conversion to Windows lines leaves behind
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\0", "\ufffd")


class Kind(enum.Enum):
    """The families of files: cues as they stand, running text with times, and what is written
    for programs that score, train and measure."""

    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    CORPUS = "corpus"


class Carries(enum.Flag):
    """What a format can hold beside text and times; the rest is left out on writing.

    `STYLING` are the looks that words of a project can have; `COLOURS` are WebVTT's eight
    (`HUES` without black), `SHADES` all others, `CLASSES` other classes and languages of WebVTT,
    `RUBY` readings above their words, `STAMPS` times inside of cues. `FONTS` are typefaces and
    sizes of single words, `OVERRIDES` what ASS writes in braces. `SHEETS` are blocks of styles and
    regions in the head of a WebVTT file, `SECTIONS` what stands in an ASS file beside the text of
    its dialogue, `HEAD` what an EBU STL file says about its programme. `PLACEMENT` are the nine
    places of a screen, `TOP` its top and bottom alone, `POSITIONS` any place that WebVTT can say,
    `COORDINATES` the exact places of SubRip. `HEADING` is what a WebVTT file says beside the word
    WEBVTT. `IDS` are cues' names, `EARLY` times below zero, `BACKWARDS` ends that are not behind
    their starts. `LABELS` are what quotes are about. `CUES` says that what is no format of cues
    holds them, `LINES` their line breaks. `TRANSLATION` is one beside the original, `TRANSLATIONS`
    are all; `ESTIMATES` say of which words the times were guessed, `EXTRAS` are fields of other
    programs in our JSON.
    """

    SPEAKERS = enum.auto()
    ITALICS = enum.auto()
    BOLD = enum.auto()
    UNDERLINES = enum.auto()
    HUES = enum.auto()
    BLACK = enum.auto()
    COLOURS = HUES | BLACK
    STYLING = ITALICS | BOLD | UNDERLINES | COLOURS
    SHADES = enum.auto()
    BACKGROUNDS = enum.auto()
    STRIKES = enum.auto()
    CLASSES = enum.auto()
    RUBY = enum.auto()
    STAMPS = enum.auto()
    FONTS = enum.auto()
    OVERRIDES = enum.auto()
    SHEETS = enum.auto()
    SECTIONS = enum.auto()
    HEAD = enum.auto()
    HEADING = enum.auto()
    TOP = enum.auto()
    CORNERS = enum.auto()
    PLACEMENT = TOP | CORNERS
    POSITIONS = enum.auto()
    COORDINATES = enum.auto()
    EARLY = enum.auto()
    BACKWARDS = enum.auto()
    IDS = enum.auto()
    NOTES = enum.auto()
    HIGHLIGHTS = enum.auto()
    LABELS = enum.auto()
    UNTRANSCRIBED = enum.auto()
    DRAFT = enum.auto()
    WORD_TIMES = enum.auto()
    CUES = enum.auto()
    LINES = enum.auto()
    TRANSLATION = enum.auto()
    TRANSLATIONS = enum.auto()
    ESTIMATES = enum.auto()
    EXTRAS = enum.auto()


@dataclass(frozen=True, slots=True)
class Format:
    """One line of the table. A file name that ends in one of `extensions` promises this format;
    where its extension is another format's, it ends in more than that ("name.premiere.csv").

    `limit` is the largest file in bytes that `read` is given; `is_common` puts the format
    among those that are offered first; `in_frames` says that it counts the film's frames, and
    `rates` are the only ones that it can count, if it cannot count all, the usual one first.
    `leaves_out` tells what of `carries` this content's layout has no place for, `known_signs` the
    characters that a file with this text can hold, `reshapes` what becomes of the cues' times and
    lines where that is not what they are. `has_words` is false where only turns are
    written, `quotes_alone` true where nothing but the quotes is once there are any;
    `names_in_text` says that a speaker's name can only be a part of what a cue shows: "Name: ".
    `write` takes names as `dump` settles them.
    """

    name: str
    extensions: tuple[str, ...]
    title: str
    kind: Kind
    carries: Carries
    write: Callable[[Content], bytes]
    read: Callable[[Source], Captions | Document] | None = None
    limit: int = 50 * MIB
    is_common: bool = False
    in_frames: bool = False
    rates: tuple[Rate, ...] = ()
    leaves_out: Callable[[Content], Carries] | None = None
    known_signs: Callable[[str], Collection[str]] | None = None
    reshapes: Callable[[Content], Iterable[Part]] | None = None
    has_words: bool = True
    quotes_alone: bool = False
    names_in_text: bool = False

    def dump(self, content: Content) -> bytes:
        """The file with this content."""
        return self.write(self._settled(content))

    def cues(self, content: Content) -> tuple[Cue, ...]:
        """The cues as viewers of the file read them, with the names that are in their text; where
        this is no format of cues, those of the content."""
        if content.document is not None and self.kind is not Kind.CAPTIONS:
            return content.as_cues()
        captions = self._settled(content).as_captions()
        return cues_of(names_shown(captions) if self.names_in_text else captions)

    def with_cues(self, content: Content) -> Content:
        """A document's content with its cues, which take a while to derive: for whoever says what
        becomes of them, writes them and judges them."""
        return replace(content, cues=replace(content, style=self.guide(content)).as_cues())

    def reshaped(self, content: Content) -> Iterable[Part]:
        """What becomes of the times and lines of its cues in the file."""
        return self.reshapes(self._settled(content)) if self.reshapes else ()

    def has_names(self, asked: bool | None) -> bool:
        """Whether the speakers of a document are named, by `Content.speaker_names`."""
        return not self.names_in_text if asked is None else asked

    def guide(self, content: Content) -> Style:
        """The style that a document's cues keep to, made for the frames of the file if it has
        frames."""
        return content.guide.at(self.rate(content)) if self.in_frames else content.guide

    def rate(self, content: Content) -> Rate:
        """The frames a second that the file counts, if it counts any."""
        return content.rate if content.rate in self.rates or not self.rates else self.rates[0]

    def _settled(self, content: Content) -> Content:
        names = self.has_names(content.speaker_names)
        return replace(content, speaker_names=names, style=self.guide(content))


def encoded(text: str) -> bytes:
    """UTF-8 of any text: NUL and lone surrogates, which no file can hold, become U+FFFD."""
    try:
        return text.replace("\0", "\ufffd").encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text.replace("\0", "\ufffd")).encode()


_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
LONGEST_NAME = 255


def safe_name(text: str, *, extension: str = "", fallback: str = "transcript") -> str:
    """A file name for this text that every system takes and that stays in its folder.

    `extension` comes with its dot and is never cut; the whole is at most 255 bytes of UTF-8.
    """
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    name = " ".join(_UNSAFE.sub("_", name).split())
    name = _cut(name.lstrip(". "), LONGEST_NAME - len(extension.encode())).rstrip(". ")
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = _cut(f"_{name}", LONGEST_NAME - len(extension.encode())).rstrip(". ")
    return (name or fallback) + extension


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def refuse_too_much(name: str, text: str) -> None:
    """Raise `FormatError` for a file made to fill the memory: a day of film has 200,000 lines."""
    if sum(map(text.count, "\n<>&{")) > MOST_PARTS:
        raise unreadable(
            name,
            f"has more than {MOST_PARTS:,} lines and tags, more than subtitles ever have",
            "check that it is the right one",
        )


def unreadable(name: str, reason: str, cure: str) -> FormatError:
    """The one sentence for a file that cannot be read."""
    return FormatError(f"“{name}” {reason}; {cure}.")
