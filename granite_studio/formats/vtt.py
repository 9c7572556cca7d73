"""WebVTT: read by the W3C's parsing rules, written so strictly that every parser agrees.

The reader forgives three things more than the rules: a comma for the point in times, fields
with too few digits, and a missing fraction; a person's file holds them when a tool was careless.
What the rules drop (a block without times, a cue whose times make no sense) is kept as a NOTE,
which no player shows either, so that nothing of a file is lost.

A language in the header, where many programs write it and no player minds, is kept there; the
rules have no place for it, so it is not written of itself. The writer turns SubRip's colours into
classes with a STYLE of their own and its places into cue settings. Its other inventions,
negative times and `-->` in settings have no place in WebVTT.
An empty line in text, which would end the cue, holds an invisible word joiner
(`markup.GUARD`) that the reader takes away again; so does `-->` in a NOTE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from granite_studio.core.captions import Block, Caption, Captions
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
from granite_studio.formats.cue_settings import settings_of
from granite_studio.formats.languages import tag_of
from granite_studio.formats.markup import GUARD, to_vtt

_STAMP = (
    r"(?:([0-9]{1,9}):)?([0-5]?[0-9]):([0-5]?[0-9])"
    r"(?:\.([0-9]{3})(?![0-9])|(?:[.,]([0-9]{1,3}))?(?=[ \t\f-]|\Z))"
)
_TIMES = re.compile(rf"[ \t\f]*+{_STAMP}[ \t\f]*+-->[ \t\f]*+{_STAMP}(.*)", re.DOTALL)
_NOTE = re.compile(r"NOTE(?:[ \t\n](.*))?", re.DOTALL)
_BLOCKS = ("NOTE", "STYLE", "REGION")
_SHEET = re.compile(r"(STYLE|REGION)[ \t\f]*(?:\n(.*))?", re.DOTALL)
_HEADER = re.compile(r"[^\n]*(?:\n(?!.*-->).+)*+")
_LANGUAGE = re.compile(r"\nLanguage:[ \t]*([^\n]*)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\n+")
_EMPTY_LINE = re.compile(rf"^{GUARD}*$", re.MULTILINE)
_GUARDED_EMPTY_LINE = re.compile(rf"^({GUARD}*){GUARD}$", re.MULTILINE)
_ARROW = re.compile(f"--({GUARD}*)>")
_GUARDED_ARROW = re.compile(f"--{GUARD}({GUARD}*)>")
_SPACES = re.compile(r"[ \t\f\r\n]+")
_LINE_ENDS = re.compile(r"[\r\n]+")
_ONE_MORE = rf"\g<0>{GUARD}"
_ONE_MORE_IN_ARROW = rf"--{GUARD}\1>"
_RISKY = re.compile(rf"-->|<|\r|\n\n|{GUARD}")


def read(source: Source) -> Captions:
    """Read cues, notes, styles and regions in their order, the header and the language in it."""
    text = source.text()
    if text[:6] != "WEBVTT" or text[6:7].strip(" \t\n"):
        raise unreadable(
            source.name,
            "does not begin with the word WEBVTT",
            "if it is an SRT file, rename it to end in .srt",
        )
    refuse_too_much(source.name, text)
    header, body = _head(text)
    items: list[Caption | Block] = []
    for chunk in body.split("\n\n"):
        lines = chunk.strip("\n").split("\n")
        if lines != [""]:
            items.extend(_items(lines))
    said = _LANGUAGE.search(header)
    language = tag_of(said[1]) if said else ""
    return Captions(tuple(items), header, language=language)


def _head(text: str) -> tuple[str, str]:
    """The header after the signature, and the rest; a time line ends the header at once."""
    match = _HEADER.match(text, 6)
    header = match.group() if match else ""
    body = text[6 + len(header) :]
    return header[1:] if header[:1] in (" ", "\t") else header, body


def _items(lines: Sequence[str]) -> Iterator[Caption | Block]:
    """What a run of lines without an empty one holds; a second time line begins a new cue."""
    start = 0
    while start < len(lines):
        end, times = _extent(lines, start)
        match = _TIMES.match(lines[times]) if times is not None else None
        if match and times is not None:
            yield _cue(match, lines[start] if times > start else "", lines[times + 1 : end])
        else:
            yield _block("\n".join(lines[start:end]))
        start = end


def _extent(lines: Sequence[str], start: int) -> tuple[int, int | None]:
    """Where the block that begins here ends, and which line has its times."""
    times = None
    for number in range(start, len(lines)):
        if "-->" in lines[number]:
            if times is not None or number > start + 1:
                return number, times
            times = number
    return len(lines), times


def _cue(times: re.Match[str], name: str, lines: Sequence[str]) -> Caption:
    values = times.groups()
    text = "\n".join(lines)
    if GUARD in text:
        text = _GUARDED_EMPTY_LINE.sub(r"\1", text)
    settings = values[10].strip(" \t\f")
    return Caption(_milliseconds(*values[:5]), _milliseconds(*values[5:10]), text, name, settings)


def _milliseconds(hours: str, minutes: str, seconds: str, exact: str, short: str) -> int:
    whole = int(hours or 0) * 3_600_000 + int(minutes) * 60_000 + int(seconds) * 1000
    return whole + (int(exact) if exact else int(f"{short or 0}00"[:3]))


def _block(text: str) -> Block:
    kind, inside = "NOTE", text
    if sheet := _SHEET.fullmatch(text):
        kind, inside = sheet.groups("")
    elif note := _NOTE.fullmatch(text):
        inside = note.group(1) or ""
    inside = _GUARDED_EMPTY_LINE.sub(r"\1", inside)
    return Block(kind, _GUARDED_ARROW.sub(r"--\1>", inside))


def write(content: Content) -> bytes:
    """The captions in UTF-8; those of a draft begin with a NOTE that says so."""
    captions = content.as_captions()
    colours: set[str] = set()
    kept = (item for item in captions.items if isinstance(item, Caption) or item.kind in _BLOCKS)
    parts = [_item(item, colours) for item in kept]
    if content.is_draft:
        parts.insert(0, _note(content.labels.draft))
    if styles := _missing_styles(colours, captions):
        parts.insert(0, styles)
    head = _header(captions.header, tag_of(content.known_language))
    return encoded("\n".join([head, *parts]))


def _header(text: str, language: str) -> str:
    text = text.replace("\r", "\n").replace("-->", "-- >")
    if language:
        text = _LANGUAGE.sub(f"\nLanguage: {language}", text)
    first, *rest = text.split("\n")
    lines = [f"WEBVTT {first}" if first else "WEBVTT", *filter(None, rest)]
    return "\n".join([*lines, ""])


def _item(item: Caption | Block, colours: set[str]) -> str:
    if isinstance(item, Caption):
        return _written_cue(item, colours)
    if item.kind == "NOTE":
        return _note(item.text)
    text = _BLANK_LINES.sub("\n", item.text.replace("\r", "\n")).strip("\n")
    text = _ARROW.sub(_ONE_MORE_IN_ARROW, text)
    return f"{item.kind}\n{text}\n"


def _note(text: str) -> str:
    if not text:
        return "NOTE\n"
    text = _ARROW.sub(_ONE_MORE_IN_ARROW, text.replace("\r\n", "\n").replace("\r", "\n"))
    parting = "\n" if "\n" in text else " "
    return f"NOTE{parting}{_EMPTY_LINE.sub(_ONE_MORE, text)}\n"


def _written_cue(cue: Caption, colours: set[str]) -> str:
    text = cue.text
    if text and (_RISKY.search(text) or text[0] == "\n" or text[-1] == "\n"):
        text = to_vtt(text, colours).replace("\r\n", "\n").replace("\r", "\n")
        text = _EMPTY_LINE.sub(_ONE_MORE, text.replace("-->", "--&gt;"))
    times = f"{_stamp(cue.start)} --> {_stamp(cue.end)}"
    settings = cue.settings or settings_of(cue.alignment)
    if settings:
        kept = (token for token in _SPACES.split(settings) if "-->" not in token)
        times = " ".join([times, *kept])
    if cue.id:
        name = _LINE_ENDS.sub(" ", cue.id).replace("-->", "-- >")
        return f"{name}\n{times}\n{text}\n"
    return f"{times}\n{text}\n"


def _stamp(ms: int) -> str:
    ms = max(0, ms)
    seconds = ms // 1000
    minutes = seconds // 60
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds % 60:02}.{ms % 1000:03}"


def _missing_styles(colours: set[str], captions: Captions) -> str:
    """A STYLE block for colour classes that the file does not style itself."""
    known = "".join(
        item.text for item in captions.items if isinstance(item, Block) and item.kind == "STYLE"
    )
    rules = [
        f"::cue(c.{name}) {{ color: #{name[5:].lower()}; }}"
        for name in sorted(colours)
        if f".{name}" not in known
    ]
    return "\n".join(["STYLE", *rules, ""]) if rules else ""


FORMAT = Format(
    name="vtt",
    extensions=(".vtt", ".webvtt"),
    title="WebVTT subtitles",
    kind=Kind.CAPTIONS,
    carries=Carries.SPEAKERS
    | Carries.BACKWARDS
    | Carries.STYLING
    | Carries.SHADES
    | Carries.BACKGROUNDS
    | Carries.CLASSES
    | Carries.RUBY
    | Carries.STAMPS
    | Carries.SHEETS
    | Carries.HEADING
    | Carries.PLACEMENT
    | Carries.POSITIONS
    | Carries.IDS
    | Carries.LINES
    | Carries.NOTES
    | Carries.DRAFT,
    write=write,
    read=read,
    is_common=True,
)
