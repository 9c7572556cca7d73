"""Read cue text: who speaks, and the words of each line."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from granite_studio.core.document import tokens
from granite_studio.core.unspaced import words_of

# A tag may begin with anything: players hide what they do not know.
_TAG = re.compile(r"<([^<>\n]*)>")
RUBY_TEXT = re.compile(r"<rt\b[^>]*>.*?(?:</rt>|(?=</ruby>)|$)", re.DOTALL)
_VOICE = re.compile(r"v(?:\.\S*)?\s+(.+)")
_DASH = re.compile(r"[-\u2010-\u2015]\s*(?=\S)")
_MARKED = re.compile(r"[<&:\-\u2010-\u2015]")
"""What has none of these holds words alone, of a voice that nothing names."""
_LONE_DASH = re.compile(r"\s*[-\u2010-\u2015]\s*")
_CAPITALS = re.compile(r"([^\W\d_][^:a-z\d]{1,39}):\s+(?=\S)")
_NAME = re.compile(r"([^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,3}):\s+(?=\S)")


@dataclass(slots=True)
class Said:
    """What one person says in a cue: the words of each line. `speaker` may be unknown."""

    speaker: str | None = None
    lines: list[list[str]] = field(default_factory=list)
    begins: bool = False
    """Whether a name, a voice or a dash says that somebody begins to speak here."""


class CueText:
    """Reads the cues of one file. All are needed first: "Anna: " is a name where it returns."""

    def __init__(self, texts: Iterable[str]) -> None:
        cues = list(texts)
        self.has_voices = any("<v" in text for text in cues)
        seen = Counter(
            match[1]
            for text in cues
            if ":" in (said := plain(text))
            for line in said.split("\n")
            if (match := _NAME.match(line.lstrip()))
        )
        self._names = {name for name, times in seen.items() if times > 1 and name[0].isupper()}

    def read(self, text: str) -> list[Said]:
        """The parts of a cue, a new one where the speaker changes; none has empty lines."""
        if not _MARKED.search(text):
            lines = [words for line in text.split("\n") if (words := words_of(line))]
            return [Said(lines=lines)] if lines else []
        parts: list[Said] = []
        dashed = _is_dialogue(plain(text).split("\n"))
        for line, voice, opens in _lines(text):
            said, name = self._name_of(line)
            dash = _DASH.match(said) if dashed else None
            if dash:
                said, name = self._name_of(said[dash.end() :])
            words = words_of(said)
            if not words:
                continue
            begins = opens or dash is not None or name is not None
            speaker = name or voice
            if not parts or begins:
                parts.append(Said(speaker, begins=begins))
            parts[-1].lines.append(words)
        return parts

    def _name_of(self, line: str) -> tuple[str, str | None]:
        """The line without the speaker's name, and the name if it begins with one."""
        if ":" not in line:
            return line, None
        bare = line.lstrip()
        match = _CAPITALS.match(bare)
        if match and match[1].isupper():
            return bare[match.end() :], match[1].strip()
        match = _NAME.match(bare)
        if match and match[1] in self._names:
            return bare[match.end() :], match[1]
        return line, None


def plain(text: str) -> str:
    """Cue text without tags, ruby notes and escapes."""
    if "<" in text:
        text = _TAG.sub("", RUBY_TEXT.sub("", text))
    return html.unescape(text) if "&" in text else text


def escape(text: str) -> str:
    """Plain text as WebVTT cue text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(text: str) -> Iterator[tuple[str, str | None, bool]]:
    """The plain lines of a cue, whose voice they are in, and whether that voice begins there."""
    voice: str | None = None
    if "<" not in text:
        yield from ((plain(line), None, False) for line in text.split("\n"))
        return
    for line in RUBY_TEXT.sub("", text).split("\n"):
        reached = 0
        opens = False
        dash = ""
        for tag in _TAG.finditer(line):
            match = _VOICE.fullmatch(tag[1])
            if not match and tag[1] != "/v":
                continue
            said = dash + plain(line[reached : tag.start()])
            dash = said if match and _LONE_DASH.fullmatch(said) else ""
            if said.strip() and not dash:
                yield said, voice, opens
            reached = tag.end()
            voice = " ".join(tokens(html.unescape(match[1]))) or None if match else None
            opens = match is not None
        yield dash + plain(line[reached:]), voice, opens


def _is_dialogue(lines: list[str]) -> bool:
    """Whether dashes part two voices: the first line has one, and another line too."""
    shown = [line.lstrip() for line in lines if line.strip()]
    return sum(bool(_DASH.match(line)) for line in shown) > 1 and bool(_DASH.match(shown[0]))
