r"""The text of ASS events as cue text: override blocks become tags, and come back unchanged.

Bold, italic, underline, strikeout and colour become `<b>` `<i>` `<u>` `<s>` `<font>` where a
block switches them on or off. The rest travels in tags that other formats leave out:

- `<ass \pos(1,2)>` is a block of overrides (SubRip has those too);
- `<ass {a remark}>` is any other block, as it stands;
- `<ass "m 0 0 l 9 9">` is a drawing, which would be gibberish as text;
- `<ass n>` before a space or a line end says that this was the soft line break `\n`.

In such a tag `<` and `>` are `&lt;` and `&gt;`, and what looks like these has an `&amp;` more.

ASS has no way to write a backslash before `N n h }` or a block as plain text. An invisible word
joiner (`markup.GUARD`) behind the backslash keeps them apart, and reading takes it away again.
A brace is written `\{`, which libass understands.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass, field

from granite_studio.core.cuetext import escape
from granite_studio.formats.markup import GUARD, Tag, bracketed, to_srt, to_vtt
from granite_studio.formats.shared_cues import speakers_of

BOTTOM = 2
"""The numpad place of subtitles that nobody placed."""

NUMPAD_OF_SSA = dict(
    zip(("1", "2", "3", "5", "6", "7", "9", "10", "11"), (1, 2, 3, 7, 8, 9, 4, 5, 6), strict=True)
)
"""SSA counts the places otherwise: 1-3 below, plus 4 above and plus 8 in the middle."""

_BLOCK = re.compile(r"\\[Nnh{}]|\{([^}]*)\}")
_OVERRIDE = re.compile(r"\\[^\\()]*+(?:\((?:[^()]|\([^()]*+\))*+\)[^\\()]*+)*+")
_ESCAPED = re.compile(rf"\\(?:({GUARD}++)(?=[Nnh}}]|\Z)|([Nnh{{}}]))")
_TO_GUARD = re.compile(rf"\\({GUARD}*+)(?=[Nnh}}]|\Z)")
_PLACE = re.compile(r"\\an([1-9])|\\a([0-9]{1,2})")
_SWITCH = re.compile(r"\\([bius])([01])")
_COLOUR = re.compile(r"\\1?c(?:&?H?([0-9A-Fa-f]{1,8})&?)?")
_CHANGES = re.compile(r"\\(?:([bius])(?![a-z])|1?(c)(?![a-z])|(r))")
_DRAWING = re.compile(r"\\p([0-9]+)")
_HEX = re.compile("#([0-9a-f]{6})")
_SIGN_IN_TAG = re.compile(r"[<>]|&(?=(?:amp;)*+(?:lt|gt);)")
_ENTITY_IN_TAG = re.compile(r"&((?:amp;)*+)(lt|gt);")
_SOFT = "\0"
"""Stands for a soft line break while text is converted; text itself never has it."""
_SIGNS = {"N": "\n", "n": _SOFT, "h": "\u00a0", "{": "{", "}": "}"}
_WRITTEN = {sign: f"\\{name}" for name, sign in _SIGNS.items() if name != "}"}


def tag(content: str) -> str:
    """An `<ass ...>` tag."""
    return f"<ass {_SIGN_IN_TAG.sub(lambda match: escape(match.group()), content)}>"


def untagged(content: str) -> str:
    """What an `<ass ...>` tag holds, on one line."""
    return _ENTITY_IN_TAG.sub(_sign, content.replace("\r", " ").replace("\n", " "))


def _sign(match: re.Match[str]) -> str:
    escapes, name = match.groups()
    if escapes:
        return f"&{escapes[4:]}{name};"
    return "<" if name == "lt" else ">"


def unescaped(text: str) -> str:
    """A stretch of event text without blocks as plain text."""
    if "\\" not in text:
        return text
    if GUARD not in text:
        for name, sign in _SIGNS.items():
            text = text.replace(f"\\{name}", sign)
        return text
    return _ESCAPED.sub(
        lambda match: f"\\{match[1][1:]}" if match[1] else _SIGNS.get(match[2], match[2]), text
    )


def escaped(text: str) -> str:
    """Plain text as a stretch of event text."""
    if "\\" in text:
        text = _TO_GUARD.sub(rf"\\{GUARD}\1", text)
    for sign, written in _WRITTEN.items():
        text = text.replace(sign, written)
    return text


def from_ass(text: str, *, soft: str, style_place: int = BOTTOM) -> tuple[str, int | None]:
    """Event text as cue text, and the numpad place of the first alignment override, or None.

    `soft` is what a `\\n` shows as, a space or a newline. The override leaves the text unless it
    says the same as the style.
    """
    if "{" not in text:
        return _said(text, soft), None
    reader = _Reader(soft, style_place)
    reached = 0
    for match in _BLOCK.finditer(text, 0, text.rfind("}") + 1):  # libass: open ones are text
        if match[1] is not None:
            reader.say(text[reached : match.start()])
            reader.block(match[1])
            reached = match.end()
    reader.say(text[reached:])
    return reader.end(), reader.place


def _said(text: str, soft: str) -> str:
    """A stretch of event text without blocks as cue text."""
    text = escape(unescaped(text))
    return text.replace(_SOFT, f"{tag('n')}{soft}") if _SOFT in text else text


def _drawing(text: str) -> str:
    """The commands of a drawing without what could take part in the next block."""
    return text.replace("{", "").rstrip("\\")


def _overrides(block: str) -> list[str]:
    """The overrides that a block consists of; empty if it holds anything else."""
    found = _OVERRIDE.findall(block)
    return [override.rstrip() for override in found] if "".join(found) == block else []


@dataclass(slots=True)
class _Reader:
    """Takes the stretches and blocks of an event's text in turn.

    Tags open and close where the next text needs it, so that switches without effect leave none.
    """

    soft: str
    style_place: int
    place: int | None = None
    _parts: list[str] = field(default_factory=list)
    _open: dict[str, str] = field(default_factory=dict)
    """The tags that are open by their names, innermost last."""
    _wanted: dict[str, str] = field(default_factory=dict)
    _kept: list[str] = field(default_factory=list)
    _draws: bool = False
    _drawn: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        if self._draws:
            if commands := _drawing(text):
                self._settle()
                self._drawn.append(commands)
        elif text:
            self._add(_said(text, self.soft))

    def block(self, content: str) -> None:
        overrides = _overrides(content)
        for override in overrides:
            if not self._placed(override) and not self._switched(override):
                self._keep(override)
        if not overrides:
            self._add(tag(f"{{{content}}}"))
        self._flush()
        for match in _DRAWING.finditer(content):
            self._draws = match[1].strip("0") != ""

    def end(self) -> str:
        self._wanted.clear()
        self._add("")
        return "".join(self._parts)

    def _placed(self, override: str) -> bool:
        """Take the first alignment: players do not look at a second one."""
        match = _PLACE.fullmatch(override)
        if not match or self.place is not None:
            return False
        self.place = int(match[1]) if match[1] else NUMPAD_OF_SSA.get(match[2])
        return self.place is not None and not self.place == self.style_place != BOTTOM

    def _switched(self, override: str) -> bool:
        """Whether tags of cue text say all that this override does."""
        if switch := _SWITCH.fullmatch(override):
            name, is_on = switch[1], switch[1] in self._wanted
            if switch[2] == "0" and not is_on:
                return False  # the style may have it on
            self._flush()
            if switch[2] == "0":
                del self._wanted[name]
            elif not is_on:
                self._wanted[name] = f"<{name}>"
            return True
        colour = _COLOUR.fullmatch(override)
        if not colour or not (colour[1] or "font" in self._wanted):
            return False
        self._flush()
        self._wanted.pop("font", None)
        if colour[1]:
            value = colour[1].lower().zfill(6)[-6:]
            self._wanted["font"] = f'<font color="#{value[4:]}{value[2:4]}{value[:2]}">'
        return True

    def _keep(self, override: str) -> None:
        """Keep an override that no tag can say; a tag that it overrides closes before it."""
        change = _CHANGES.match(override)
        name = change and (change[1] or (change[2] and "font"))
        if change and change[3]:
            self._flush()
            self._wanted.clear()
        elif name in self._wanted:
            self._flush()
            del self._wanted[name]
        self._kept.append(override)

    def _flush(self) -> None:
        if self._kept:
            self._add(tag("".join(self._kept)))
            self._kept.clear()

    def _add(self, text: str) -> None:
        """Add text or a tag of our own, with the tags around it that are wanted now."""
        self._settle()
        self._end_drawing()
        self._parts.append(text)

    def _settle(self) -> None:
        """Close and open tags until those are open that are wanted."""
        if self._wanted != self._open:
            self._end_drawing()
            still = {n: t for n, t in self._open.items() if self._wanted.get(n) == t}
            wanted = still | {n: t for n, t in self._wanted.items() if n not in still}
            self._nest(wanted)
            self._open, self._wanted = wanted, dict(wanted)

    def _end_drawing(self) -> None:
        if self._drawn:
            self._parts.append(tag(f'"{"".join(self._drawn)}"'))
            self._drawn.clear()

    def _nest(self, wanted: dict[str, str]) -> None:
        """Close what is open from the first tag that differs on, and open what is missing."""
        same = 0
        for one, other in zip(self._open.items(), wanted.items(), strict=False):
            if one != other:
                break
            same += 1
        self._parts += [f"</{name}>" for name in reversed(list(self._open)[same:])]
        self._parts += list(wanted.values())[same:]


def to_ass(cue_text: str, *, lead: str = "") -> tuple[str, str]:
    """Cue text as event text that begins with the override `lead`, and who speaks.

    One voice in front of everything is the speaker, and so are several whose names can be joined;
    else they stay in the text as "Name: ".
    """
    front = f"{{{lead}}}" if lead else ""
    if "<" not in cue_text:
        return front + escaped(clean(html.unescape(cue_text))), ""
    found = list(bracketed(cue_text))
    voices = [
        p for p in found if isinstance(p, Tag) and p.name == "v" and not p.closing and p.rest
    ]
    speaker = speakers_of(cue_text) if len(voices) > 1 else ""
    if len(voices) == 1 and not any(isinstance(p, str) for p in found[: found.index(voices[0])]):
        speaker = voices[0].rest
        if len(found) == 2 and isinstance(found[1], str):
            return front + escaped(clean(found[1])), speaker
    writer = _Writer()
    if lead:
        writer.switch(lead)
    for piece in found:
        if isinstance(piece, str):
            writer.say(piece)
        elif piece.name != "v":
            writer.mark(piece)
        elif piece.rest and not piece.closing and not speaker:
            writer.say(f"{piece.rest}: ")
    return writer.end(), speaker


def clean(text: str) -> str:
    """Text whose line ends are newlines, without NUL, which stands for a soft line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


@dataclass(slots=True)
class _Writer:
    """Takes the pieces of cue text in turn. Switches are written where text needs them."""

    _parts: list[str] = field(default_factory=list)
    _run: list[str] = field(default_factory=list)
    _depth: dict[str, int] = field(default_factory=dict)
    _colours: list[str] = field(default_factory=list)
    _wanted: dict[str, str] = field(default_factory=dict)
    """The switches that are on, and what they are written as, in the order they came."""
    _written: dict[str, str] = field(default_factory=dict)
    _block: list[str] = field(default_factory=list)
    """The overrides of the block that more may join."""
    _joins: bool = False
    """Whether the last of them are switches."""
    _soft: bool = False

    def say(self, text: str) -> None:
        text = clean(text)
        if self._soft and text[:1] in (" ", "\n"):
            text = f"{_SOFT}{text[1:]}"
        self._soft = False
        self._catch_up()
        self._run.append(text)

    def mark(self, piece: Tag) -> None:
        self._soft = False
        if piece.name == "ass":
            self._keep(untagged(piece.rest))
        elif piece.name in ("b", "i", "u", "s"):
            depth = self._depth.get(piece.name, 0) + (-1 if piece.closing else 1)
            self._depth[piece.name] = max(0, depth)
            self._want(piece.name, "1" if depth > 0 else "")
        elif piece.name in ("c", "font"):
            self._paint(piece)

    def end(self) -> str:
        self._catch_up()
        self._flush()
        self._end_block()
        return "".join(self._parts)

    def switch(self, overrides: str) -> None:
        """Write overrides, in the block that stands here already if there is one."""
        self._flush()
        self._block.append(overrides)
        self._joins = True

    def _keep(self, content: str) -> None:
        """Write what an `<ass ...>` tag holds."""
        if content == "n":
            self._soft = True
        elif content.startswith("\\"):
            self._override(content.replace("}", ""))
        elif content.startswith("{"):
            self._add(f"{{{content[1:].replace('}', '')}}}")
        elif content.startswith('"'):
            self._add(_drawing(content[1:].removesuffix('"')))

    def _add(self, part: str) -> None:
        self._catch_up()
        self._flush()
        self._end_block()
        self._parts.append(part)

    def _override(self, content: str) -> None:
        if "\\r" in content:  # puts everything back to the style
            self._written.clear()
        else:
            self._catch_up()
        self._flush()
        is_clean = bool(_overrides(content))
        if not (self._joins and is_clean):
            self._end_block()
        self._block.append(content)
        self._joins = False
        if not is_clean:
            self._end_block()

    def _end_block(self) -> None:
        if self._block:
            self._parts.append(f"{{{''.join(self._block)}}}")
        self._block.clear()
        self._joins = False

    def _paint(self, piece: Tag) -> None:
        if not piece.closing:
            around = self._colours[-1] if self._colours else ""
            self._colours.append(_colour(piece.name, piece.rest, piece.classes) or around)
        elif self._colours:
            self._colours.pop()
        self._want("c", self._colours[-1] if self._colours else "")

    def _want(self, name: str, value: str) -> None:
        if self._wanted.get(name, "") != value:
            self._wanted.pop(name, None)
            if value:
                self._wanted[name] = value

    def _catch_up(self) -> None:
        """Write what has been switched since the last text."""
        if self._wanted == self._written:
            return
        off = [name for name in reversed(self._written) if name not in self._wanted]
        on = [name for name, value in self._wanted.items() if self._written.get(name) != value]
        changes = [f"\\{name}" if name == "c" else f"\\{name}0" for name in off]
        changes += [f"\\{name}{self._wanted[name]}" for name in on]
        self._written = dict(self._wanted)
        self.switch("".join(changes))

    def _flush(self) -> None:
        if text := "".join(self._run):
            self._end_block()
            self._parts.append(escaped(text))
        self._run.clear()


@functools.lru_cache(256)
def _colour(name: str, attributes: str, classes: tuple[str, ...]) -> str:
    """The colour that a tag asks for, as ASS writes it; empty for none."""
    opening = f"<font {attributes}>" if name == "font" else f"<c.{'.'.join(classes)}>"
    match = _HEX.search(to_srt(to_vtt(opening, set())))
    return f"&H{match[1][4:]}{match[1][2:4]}{match[1][:2]}&".upper() if match else ""
