"""The head of an EBU STL file (its General Subtitle Information block): facts about a programme.

What a file says there travels as a block of kind "STL", one fact a line, by the standard's short
names: `OPT: The Harbour`. Left out are counts and widths, which each file has of its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

from granite_studio.core.captions import Block, Captions, Unread
from granite_studio.core.timing import Rate, from_frames, to_frames
from granite_studio.formats.base import Content

HEAD = 1024
KIND = "STL"
"""The kind of block that holds the facts."""
ROWS = 23
OPEN_WIDTH, TELETEXT_WIDTH = 99, 40
GROUP = 1 << 16
"""So many subtitles have numbers in one group."""

_PAGES = ("850", "437", "860", "863", "865")
"""The code pages that the standard has, the usual one first."""
_FACTS = {
    "DSC": (11, 1),
    "LC": (14, 2),
    "OPT": (16, 32),
    "OET": (48, 32),
    "TPT": (80, 32),
    "TET": (112, 32),
    "TN": (144, 32),
    "TCD": (176, 32),
    "SLR": (208, 16),
    "CD": (224, 6),
    "RN": (236, 2),
    "TCP": (256, 8),
    "CO": (274, 3),
    "PUB": (277, 32),
    "EN": (309, 32),
    "ECD": (341, 32),
}
"""First byte and length of each: display standard, language, titles, translator, reference, date
of creation, revision, start of programme, country, publisher and editor."""
_USER_DATA = slice(448, HEAD)
_SAYS_NOTHING = {"LC": "00", "RN": "00", "TCP": "00000000"}
_DATE = re.compile(r"[0-9]{2}([0-9]{2})-([0-9]{2})-([0-9]{2})")
_LANGUAGE_CODES = (
    "sq:01 br:02 ca:03 hr:04 cy:05 cs:06 da:07 de:08 en:09 es:0A eo:0B et:0C eu:0D "
    "fo:0E fr:0F fy:10 ga:11 gd:12 gl:13 is:14 it:15 se:16 la:17 lv:18 lb:19 lt:1A "
    "hu:1B mt:1C nl:1D no:1E nb:1E nn:1E oc:1F pl:20 pt:21 ro:22 rm:23 sr:24 sk:25 "
    "sl:26 fi:27 sv:28 tr:29 wa:2B zu:45 vi:46 uz:47 ur:48 uk:49 th:4A te:4B ta:4D "
    "sw:4F so:51 ru:56 pa:59 fa:5A mr:5F ms:61 mk:63 ko:65 kk:67 kn:68 ja:69 id:6A "
    "hi:6B he:6C ha:6D gu:6F el:70 ka:71 zh:75 bg:77 bn:78 be:79 az:7B hy:7D ar:7E "
    "am:7F"
)
_LANGUAGES = dict(entry.split(":") for entry in _LANGUAGE_CODES.split())
"""The head's code of each language."""
_TAGS = {code: tag for tag, code in reversed(_LANGUAGES.items())}
"""The language of each code; of Norwegian's three tags that of both its forms."""


def facts_in(data: bytes, *, has_colours: bool) -> tuple[Block, ...]:
    """What the head says beyond what any file says and what `language_in` finds; nothing where
    that is nothing.

    The display standard counts where it is not what text with or without colours asks for.
    """
    page = data[:3].decode("latin-1")
    codec = f"cp{page if page in _PAGES else _PAGES[0]}"
    found = {
        name: " ".join(data[at : at + size].replace(b"\0", b" ").decode(codec).split())
        for name, (at, size) in _FACTS.items()
    }
    if found["DSC"] not in ("0", "1", "2") or (found["DSC"] != "0") == has_colours:
        del found["DSC"]
    if language_in(data):
        del found["LC"]
    said = {
        name: text for name, text in found.items() if text not in ("", _SAYS_NOTHING.get(name))
    }
    if said.keys() <= {"CD"}:  # every file has a day on which it was made
        return ()
    return (Block(KIND, "\n".join(f"{name}: {text}" for name, text in said.items())),)


def language_in(data: bytes) -> str:
    """The tag of the head's language; empty where its code is none that the standard has."""
    at, size = _FACTS["LC"]
    return _TAGS.get(data[at : at + size].decode("latin-1").upper(), "")


def unread_in(data: bytes, blocks: int, effects: int) -> tuple[Unread, ...]:
    """The user data of the head and of so many blocks, and the effects of so many subtitles, which
    are kept nowhere."""
    in_head = bool(data[_USER_DATA].strip(b" \0\x8f\xff"))
    name = "area of user data in the EBU STL head"
    found = (
        (int(in_head), name, name),
        (blocks, "block of user data", "blocks of user data"),
        (effects, "subtitle that flashes or is hidden", "subtitles that flash or are hidden"),
    )
    return tuple(part for part in found if part[0])


def facts_of(captions: Captions) -> Mapping[str, str]:
    """The facts that came with captions, by their short names."""
    lines = [
        line
        for item in captions.items
        if isinstance(item, Block) and item.kind == KIND
        for line in item.text.split("\n")
    ]
    said = (line.partition(": ") for line in lines)
    return {name: text for name, _, text in said if name in _FACTS}


def head(
    content: Content, kind: tuple[Rate, str, str], counts: tuple[int, int], first: int
) -> bytes:
    """The head of a file; `kind` is its frame rate, display standard and character table,
    `first` the frame at which the first of its subtitles comes."""
    rate, display, table = kind
    captions = content.captions or Captions()
    facts = dict(facts_of(captions))
    if language := content.known_language:
        facts["LC"] = _LANGUAGES.get(language.partition("-")[0].lower(), "00")
    if content.title:
        facts["OPT"] = content.title
    given = _DATE.match(content.date)
    today = "".join(given.groups()) if given else f"{datetime.date.today():%y%m%d}"
    start = _start(facts.get("TCP", ""), captions.frame_rate or rate, rate, first)
    width = OPEN_WIDTH if display == "0" else TELETEXT_WIDTH
    groups = 1 + max(0, counts[1] - 1) // GROUP
    page = next((page for page in _PAGES if _has(page, facts.values())), _PAGES[0])
    fields = (
        (page, 3),
        (f"STL{rate.nominal}.01{display}{table}{facts.get('LC', '00')}", 13),
        *((facts.get(name, ""), _FACTS[name][1]) for name in _TEXTS[:7]),
        (facts.get("CD", today), 6),
        (today, 6),
        (facts.get("RN", "00"), 2),
        (f"{counts[0]:05}{counts[1]:05}{groups:03}{width}{ROWS}1", 18),
        (f"{_code(start, rate)}{_code(first, rate)}11", 18),
        *((facts.get(name, ""), _FACTS[name][1]) for name in _TEXTS[7:]),
        ("", 75 + 576),
    )
    return b"".join(
        " ".join(text.split()).encode(f"cp{page}", "replace")[:size].ljust(size)
        for text, size in fields
    )


_TEXTS = ("OPT", "OET", "TPT", "TET", "TN", "TCD", "SLR", "CO", "PUB", "EN", "ECD")


def _has(page: str, texts: Iterable[str]) -> bool:
    try:
        "".join(texts).encode(f"cp{page}")
    except UnicodeEncodeError:
        return False
    return True


def _start(code: str, own: Rate, rate: Rate, first: int) -> int:
    """The frame of the programme's start: as the file said it, unless subtitles come before."""
    if not re.fullmatch("[0-9]{8}", code):
        return 0
    hours, minutes, seconds, frames = (int(code[at : at + 2]) for at in range(0, 8, 2))
    counted = ((hours * 60 + minutes) * 60 + seconds) * own.nominal + frames
    start = to_frames(from_frames(counted, own), rate)
    return start if start <= first else 0


def _code(frame: int, rate: Rate) -> str:
    return "".join(f"{part:02}" for part in parts_of(frame, rate))


def parts_of(frame: int, rate: Rate) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and frames of a frame, without drop-frame."""
    seconds, frame = divmod(frame, rate.nominal)
    minutes, second = divmod(seconds, 60)
    return minutes // 60, minutes % 60, second, frame
