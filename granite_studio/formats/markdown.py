"""Markdown: a head with facts, then a paragraph for each of the document's.

Speakers are bold, notes are footnotes; of looks there are italics and bold alone. Quotes stand
between `==`, or in `<mark title="...">` with what they are about. Signs that could be markup, HTML
or a link anywhere (CommonMark, GitHub, Pandoc) are escaped wherever they stand in a text. What
people write by hand is read too: `**Anna:** text`, `**Anna** [00:01:02]: text`,
`[00:01:02] Anna: text`, `### Anna [00:01:02]`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from granite_studio.core.document import Document, Span, spaced
from granite_studio.core.edits.speakers import clean_name
from granite_studio.formats.base import (
    Carries,
    Content,
    Format,
    Kind,
    Labels,
    Source,
    encoded,
    refuse_too_much,
    unreadable,
)
from granite_studio.formats.foreign.annotations import gap_in
from granite_studio.formats.foreign.names import is_name, name_and_text
from granite_studio.formats.foreign.pieces import (
    Stretch,
    Transcript,
    document_from,
    one_after_another,
)
from granite_studio.formats.foreign.values import milliseconds
from granite_studio.formats.heads import clean, facts, title_of
from granite_studio.formats.languages import tag_of
from granite_studio.formats.markdown_inline import LONGEST_LABEL, TIME, plain, said
from granite_studio.formats.paragraphs import Gap, Paragraph, Piece, Run, flow

_MARKUP = re.compile(
    r"[\\`*_\[\]<>&~^|${}#@=]"  # code, emphasis, links, HTML, tables, formulas, people, issues
    r"|:(?![0-9]{2}\b)(?=[A-Za-z0-9_+/-])"  # addresses that become links, pictures by name
    r"|(?<=\bwww)\.",
    re.IGNORECASE,
)
_AT_START = re.compile(r"([0-9]{1,10})([.)])(?=\s|$)|([-+%:](?=[-+%:\s]|$))")
"""What makes a list, a rule or a title of a line that it begins."""


def write(content: Content) -> bytes:
    """The text, in UTF-8 with plain line ends."""
    return encoded("\n\n".join(filter(None, _blocks(content))) + "\n")


def _blocks(content: Content) -> Iterator[str]:
    yield f"# {_line(title_of(content))}"
    yield "\n".join(f"- {_line(name)}: {_line(value)}" for name, value in facts(content))
    if content.is_draft:
        yield f"> **{_line(clean(content.labels.draft))}**"
    yield "---"
    notes: list[str] = []
    for part in flow(content):
        if isinstance(part, Gap):
            what = _escaped(clean(content.labels.untranscribed))
            yield f"*[{part.start} \N{EN DASH} {part.end} {what}]*"
        else:
            yield _paragraph(part, notes)
    for number, note in enumerate(notes, 1):
        lines = [_line(line) for line in map(clean, note.splitlines()) if line]
        # Where footnotes are unknown, a single word here would be the address of a link.
        label = _line(clean(content.labels.note))
        yield f"[^{number}]: {label} {number}: " + "\\\n".join(lines)


def _paragraph(part: Paragraph, notes: list[str]) -> str:
    time = f"[{part.time}] " if part.time else ""
    name = clean(part.speaker)
    text = "".join(
        _piece(piece, notes, begins=not name and not number)
        for number, piece in enumerate(part.pieces)
    )
    if name:
        return f"{time}**{_escaped(name)}:** {text}"
    lead = f"[{part.pieces[0].time}] " if part.pieces[0].time else ""
    time, text = time + lead, text.removeprefix(lead)
    if name_and_text(text)[0]:
        text = text.replace(":", "\\:", 1)  # what looks like a name in front is none
    return time + (text if time else _guarded(text))


def _piece(piece: Piece, notes: list[str], *, begins: bool) -> str:
    """A piece of a paragraph, or what it `begins` with."""
    gap = " " if piece.text.startswith(" ") else ""
    time = f"[{piece.time}] " if piece.time else ""
    text = "".join(
        _emphasised(run, begins=begins and not number)
        for number, run in enumerate(piece.runs(("i", "b")))
    )
    mark = end = "==" if piece.marked else ""
    if label := html.escape(clean(piece.label)[:LONGEST_LABEL]):
        mark, end = f'<mark title="{label}">', "</mark>"
    refer = ""
    for note in piece.notes:
        notes.append(note)
        refer += f"[^{len(notes)}]"
    return f"{gap}{time}{mark}{text}{end}{refer}"


def _emphasised(run: Run, *, begins: bool) -> str:
    """Stars stand at words that spaces part from others; other words are put into tags.

    So are bold ones that a paragraph without a name begins with: they would be its name.
    """
    said = run.text.strip(" ")
    text = _escaped(said)
    if not run.tags or not said:
        return _escaped(run.text)
    apart = all(spaced(sign, sign) and not sign.isspace() for sign in (said[0], said[-1]))
    if apart and not (begins and "b" in run.tags):
        stars = "*" * sum(1 if tag == "i" else 2 for tag in run.tags)
        text = f"{stars}{text}{stars}"
    else:
        opening = "".join(f"<{tag}>" for tag in run.tags)
        closing = "".join(f"</{tag}>" for tag in reversed(run.tags))
        text = f"{opening}{text}{closing}"
    return f"{' ' * run.text.startswith(' ')}{text}{' ' * run.text.endswith(' ')}"


def _line(text: str) -> str:
    return _guarded(_escaped(text))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _guarded(text: str) -> str:
    """The same text as a line of its own."""
    match = _AT_START.match(text)
    if match is None:
        return text
    place = match.start(2) if match[2] else 0
    return f"{text[:place]}\\{text[place:]}"


_LANGUAGE = re.compile(rf"^- {Labels().language}: (?:[^\n]*\()?([A-Za-z0-9-]+)\)?$", re.MULTILINE)
_TIME_FIRST = re.compile(rf"{TIME}\s*")
_TIME_LAST = re.compile(rf"\s*{TIME}:?$")
_TIME_AFTER = re.compile(rf"\s*{TIME}\s*")
_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:\\.|[^\\\n]){1,400}?)\1")
_PLAIN_NAME = re.compile(r"([^\s:\\*\[][^:\\\n]{0,39}?)\s?:(?:\s+|$)")
_LEAD = re.compile(r"(?:[-*+]\s{1,4}|>\s?|(#{1,6})\s{1,4})")
_GAP = re.compile(r"\*\[[0-9:]{4,9} \N{EN DASH} [0-9:]{4,9} [^\n]*\]\*")
_HEADING = re.compile(r"#{1,6}\s")
_RULE = re.compile(r"(?:-\s?){3,}|(?:\*\s?){3,}|(?:_\s?){3,}")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\]:\s*(.*)")
_LABEL = re.compile(r"(?:\\.|[^\\:\n]){1,80}\s([0-9]{1,9}):(?:\s|$)")


def read(source: Source) -> Document:
    """Read paragraphs under names or times. Raises `FormatError` for text that has neither.

    Where there are no times, the words are spread from the beginning on at a likely pace. Times
    are those of paragraphs, or stand in the text where the words behind them begin.
    """
    text = source.text()
    refuse_too_much(source.name, text)
    beside = _Beside()
    found = list(_turns(text.split("\n"), beside))
    if not any(turn.is_told for turn in found):
        raise unreadable(
            source.name,
            "has neither times nor speakers in it",
            "write **Anna:** or [00:01:02] in front of what is said",
        )
    notes = {name: _note(name, lines) for name, lines in beside.notes.items()}
    stretches = [
        Stretch(
            tuple(said(" ".join(turn.lines), turn.start, notes).pieces),
            turn.start,
            speaker=turn.speaker,
        )
        for turn in found
    ]
    head, rule, _ = text.partition("\n---\n")
    named = _LANGUAGE.search(head) if rule else None
    transcript = Transcript(
        tuple(one_after_another(stretches)),
        language=tag_of(named[1]) if named else "",
        paragraphs=True,
        is_ours=True,
        untranscribed=tuple(beside.gaps),
    )
    return document_from(transcript, source)


@dataclass(slots=True)
class _Turn:
    """A paragraph as it stands in the file. `is_told` says that it names its time or speaker."""

    start: int | None = None
    speaker: str | None = None
    is_told: bool = False
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Beside:
    """What stands between the paragraphs: the lines of footnotes by name, and gaps."""

    notes: dict[str, list[str]] = field(default_factory=dict)
    gaps: list[Span] = field(default_factory=list)


def _turns(lines: Sequence[str], beside: _Beside) -> Iterator[_Turn]:
    """The paragraphs. What stands in front of a rule, or of the first name or time, is the head
    of the file; footnotes and what was not transcribed are put beside."""
    turn: _Turn | None = None
    begun = is_note = False
    note: list[str] = []
    for line in _body(lines):
        row = line.strip()
        if not row:
            begun = False
        elif footnote := _FOOTNOTE.match(row):
            begun = is_note = True
            note = beside.notes.setdefault(footnote[1], [])
            note.append(footnote[2])
        elif is_note and begun:
            note.append(row)
        elif opened := _opened(row):
            is_note, begun, turn = False, True, opened
            yield turn
        elif _GAP.fullmatch(row) or _RULE.fullmatch(row) or _HEADING.match(row):
            begun = is_note = False
            if gap := gap_in(row.strip("*")):
                beside.gaps.append(gap)
        else:
            is_note = False
            if turn is None or (not begun and any(turn.lines)):
                turn = _Turn(speaker=turn.speaker if turn else None)
                yield turn
            begun = True
            turn.lines.append(row)


def _body(lines: Sequence[str]) -> Sequence[str]:
    """The lines behind the head."""
    if lines[0].strip() == "---" and "---" in lines[1:]:  # fields for a program, as YAML
        lines = lines[lines.index("---", 1) + 1 :]
    first = next((n for n, line in enumerate(lines) if _opened(line.strip())), len(lines))
    rules = [n for n, line in enumerate(lines[:first]) if _RULE.fullmatch(line.strip())]
    return lines[rules[-1] + 1 if rules else first :]


def _opened(row: str) -> _Turn | None:
    """The paragraph that begins with this line, if it says when or who."""
    lead = _LEAD.match(row)
    rest = row[lead.end() :] if lead else row
    times: list[str] = []
    rest = _without_time(rest, times)
    name, rest = _named(rest, times, is_heading=bool(lead and lead[1]))
    if name is None and not times:
        return None
    start = milliseconds(times[0]) if times else None
    return _Turn(start, name, is_told=True, lines=[rest])


def _without_time(text: str, times: list[str]) -> str:
    match = _TIME_FIRST.match(text)
    if match is None:
        return text
    times.append(match[1])
    return text[match.end() :]


def _named(text: str, times: list[str], *, is_heading: bool) -> tuple[str | None, str]:
    """The name in front, if there is one, and what follows it and its time."""
    if bold := _BOLD.match(text):
        inner, rest = _without_time(bold[2], times), text[bold.end() :]
    elif is_heading and (times or _TIME_LAST.search(text)):
        inner, rest = text, ""
    elif times and (alone := _PLAIN_NAME.match(text)) and is_name(alone[1]):
        return clean_name(alone[1]), text[alone.end() :]
    else:
        return None, text
    if match := _TIME_LAST.search(inner):
        times.append(match[1])
        inner = inner[: match.start()]
    if match := _TIME_AFTER.match(rest):
        times.append(match[1])
        rest = rest[match.end() :]
    if not (times or inner.endswith(":") or rest.startswith(":")):
        return None, text  # a bold word is not yet a name
    name = clean_name(plain(inner.rstrip().removesuffix(":")))
    return name or None, rest.removeprefix(":") if not inner.endswith(":") else rest


def _note(name: str, lines: Sequence[str]) -> str:
    """The text of a footnote, without what stands in front of ours and between their lines."""
    first, *others = lines
    if (label := _LABEL.match(first)) and label[1] == name:
        first = first[label.end() :]
    return "\n".join(plain(row[:-1] if _is_broken(row) else row) for row in (first, *others))


def _is_broken(row: str) -> bool:
    """Whether a line ends with a sign that breaks it there: one that no other stands for."""
    return (len(row) - len(row.rstrip("\\"))) % 2 == 1


FORMAT = Format(
    name="md",
    extensions=(".md", ".markdown"),
    title="Markdown",
    kind=Kind.TRANSCRIPT,
    carries=Carries.SPEAKERS
    | Carries.ITALICS
    | Carries.BOLD
    | Carries.NOTES
    | Carries.HIGHLIGHTS
    | Carries.LABELS
    | Carries.UNTRANSCRIBED
    | Carries.DRAFT,
    write=write,
    read=read,
    is_common=True,
)
