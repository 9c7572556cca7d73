"""Every format and layout against all that a document or a subtitle file can hold: what is neither
read back nor shown is named before it is written, and what is kept is not."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    EngineUse,
    Highlight,
    Note,
    Segment,
    Span,
    Speaker,
    TranslatedText,
    Translation,
    Word,
)
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.emphasis import TAGS, Emphasised
from granite_studio.core.importing import from_captions
from granite_studio.formats import FORMATS, Content, Kind, Layout, dump, losses
from granite_studio.formats.base import Source
from tests.formats.test_docx_layouts import template

TEXTS = ("We saw the wall.", "It was long indeed.", "Who built it then?")
SPOKEN = tuple(
    tuple(
        Word(10 * row + n, text, 4000 * row + 500 * n + 240, 4000 * row + 500 * n + 640)
        for n, text in enumerate(line.split())
    )
    for row, line in enumerate(TEXTS, 1)
)
PLAIN = Document(tuple(Segment(100 + n, words) for n, words in enumerate(SPOKEN)), next_id=1000)
NAMED = replace(
    PLAIN,
    segments=tuple(
        replace(segment, speaker=speaker)
        for segment, speaker in zip(PLAIN.segments, (900, 901, None), strict=True)
    ),
    speakers=(Speaker(900, "Anna"), Speaker(901, "Tom")),
)


@dataclass(frozen=True)
class Written:
    """A file that was written, as text as far as it is any, and what is read of it."""

    text: str
    read: Captions | Document

    @property
    def document(self) -> Document:
        return self.read if isinstance(self.read, Document) else from_captions(self.read)

    @property
    def said(self) -> str:
        return " ".join(word.text for word in self.document.words())


@dataclass(frozen=True)
class Fact:
    """Something that a document may have, its name where it is lost, and whether a file has it."""

    document: Document
    name: str
    is_there: Callable[[Written], object]


def written(name: str, content: Content) -> Written:
    data = dump(name, content)
    read = FORMATS[name].read
    assert read is not None
    return Written(as_text(data), read(Source(data, f"x{FORMATS[name].extensions[0]}")))


def as_text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())


def has_look(tag: str) -> Callable[[Written], bool]:
    def look(file: Written) -> bool:
        found = Emphasised(file.document)
        return any(tag in found.tags(word.id) for word in file.document.words())

    return look


def has_hand(file: Written) -> bool:
    """Whether the cue made by hand is there, to the frame, in two lines."""
    return any(
        cue.start is not None
        and cue.end is not None
        and abs(cue.start - 8400) <= 20
        and abs(cue.end - 9900) <= 20
        and cue.breaks
        for cue in file.document.cue_overrides
    )


def placed(place: str) -> Document:
    return replace(PLAIN, cue_overrides=(CueOverride(20, 23, settings=place),))


def at_place(*places: str) -> Callable[[Written], bool]:
    return lambda file: any(cue.settings in places for cue in file.document.cue_overrides)


FACTS = {
    **{
        tag: Fact(replace(PLAIN, emphases=(Emphasis(11, 12, tag),)), "emphasised", has_look(tag))
        for tag in TAGS
        if tag != "c.white"  # what letters are anyway
    },
    "quote": Fact(
        replace(PLAIN, highlights=(Highlight(500, 11, 12),)),
        r"[0-9] quote",
        lambda file: file.document.highlights or file.said == "saw the",
    ),
    "label": Fact(
        replace(PLAIN, highlights=(Highlight(500, 11, 12, "costs"),)),
        r"[0-9] quote",
        lambda file: (
            [mark.label for mark in file.document.highlights] == ["costs"]
            or file.said == "costs: saw the"
        ),
    ),
    "all words beside a quote": Fact(
        replace(PLAIN, highlights=(Highlight(500, 11, 12),)),
        "word",
        lambda file: " ".join(TEXTS) in file.said or all(line in file.text for line in TEXTS),
    ),
    "note": Fact(
        replace(PLAIN, notes=(Note(500, 11, "Ask."),)),
        "note",
        lambda file: [note.text for note in file.document.notes] == ["Ask."],
    ),
    "speakers": Fact(
        NAMED,
        "speaker",
        lambda file: (
            [speaker.name for speaker in file.document.speakers] == ["Anna", "Tom"]
            or ("Anna:" in file.said and "Tom:" in file.said)
        ),
    ),
    "speakers of one cue": Fact(
        replace(NAMED, cue_overrides=(CueOverride(10, 23),)),
        "speaker",
        lambda file: (
            [speaker.name for speaker in file.document.speakers] == ["Anna", "Tom"]
            or ("Anna:" in file.said and "Tom:" in file.said)
        ),
    ),
    "words of an unknown voice": Fact(
        NAMED, "word", lambda file: "Who built it then?" in file.said
    ),
    "gap": Fact(
        replace(PLAIN, untranscribed=(Span(30_000, 40_000),)),
        "marks on speech",
        lambda file: file.document.untranscribed or "speech not transcribed" in file.text,
    ),
    "top": Fact(placed("line:0"), "cue", at_place("line:0")),
    "corner": Fact(
        placed("line:0 align:left"), "cue", at_place("line:0 align:left", "line:0 align:start")
    ),
    "exact place": Fact(placed("line:20%"), "cue", at_place("line:20%")),
    "hand": Fact(
        replace(
            PLAIN,
            cue_overrides=(CueOverride(20, 23, start=8400, end=9900, breaks=(21,)),),
        ),
        "cue",
        has_hand,
    ),
    "translation": Fact(
        replace(PLAIN, translations=(Translation("fr", (TranslatedText(100, "Le mur."),)),)),
        "translation",
        lambda file: file.document.translations or "Le mur." in file.text,
    ),
    "draft": Fact(
        replace(PLAIN, engines=(EngineUse("sphinx", draft=True),)),
        "draft",
        lambda file: file.document.is_draft or "nobody has checked it" in file.text,
    ),
    "fields of others": Fact(
        replace(PLAIN, extras='{"top":{"mood":"calm"},"media":{},"segments":{},"words":{}}'),
        "another program",
        lambda file: "calm" in file.document.extras,
    ),
    "waiting": Fact(
        replace(PLAIN, segments=(Segment(1, (Word(2, "…", 1000, 3000, source=IMPORTED),)),)),
        "word",
        lambda file: "…" in file.said or "..." in file.said,
    ),
}
"""A name for each thing that a document may have."""


WAYS: dict[str, tuple[str, dict[str, object]]] = {
    **{name: (name, {}) for name in FORMATS},
    "docx of a template": ("docx", {"template": template("{{title}}", "{{transcript}}")}),
    "docx script": ("docx", {"layout": Layout.SCRIPT}),
    "docx cues": ("docx", {"layout": Layout.CUES}),
    "docx template": ("docx", {"template": template(row=("{{time}}", "{{speaker}}", "{{text}}"))}),
    "docx template of texts": ("docx", {"template": template(row=("{{number}}", "{{text}}"))}),
}
"""Every format, and the layouts of those that have some."""


def content_of(way: str, document: Document) -> tuple[str, Content]:
    name, options = WAYS[way]
    return name, Content(document=document, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
def test_what_of_a_document_is_neither_read_nor_shown_is_named(way: str) -> None:
    wrong = {}
    for fact, known in FACTS.items():
        name, content = content_of(way, known.document)
        lost = [part for part in losses(FORMATS[name], content) if re.search(known.name, part)]
        if bool(known.is_there(written(name, content))) is bool(lost):
            wrong[fact] = lost

    assert wrong == {}


ALONE = {"quote", "label", "waiting", "speakers of one cue", "fields of others"}


def together(facts: set[str]) -> Document:
    """One document with all of these."""
    made = [FACTS[fact].document for fact in facts]
    return replace(
        NAMED if facts & {"speakers", "words of an unknown voice"} else PLAIN,
        emphases=tuple(each for document in made for each in document.emphases),
        highlights=tuple({mark.id: mark for d in made for mark in d.highlights}.values()),
        notes=tuple(each for document in made for each in document.notes),
        untranscribed=tuple(each for document in made for each in document.untranscribed),
        cue_overrides=tuple(each for document in made for each in document.cue_overrides),
        translations=tuple(each for document in made for each in document.translations),
        engines=tuple(each for document in made for each in document.engines),
    )


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=5, deadline=None)
@given(
    facts=st.sets(st.sampled_from(sorted({*FACTS} - ALONE))),
    place=st.sampled_from(("top", "corner", "exact place", "hand", "")),
)
def test_whatever_else_there_is_what_is_lost_is_named(
    way: str, facts: set[str], place: str
) -> None:
    facts = facts - {"top", "corner", "exact place", "hand"} | ({place} if place else set())
    name, content = content_of(way, together(facts))

    lost = losses(FORMATS[name], content)

    alone = {
        fact: losses(FORMATS[name], content_of(way, FACTS[fact].document)[1]) for fact in facts
    }
    quotes_alone = FORMATS[name].quotes_alone and content.as_document().highlights
    for fact, parts in alone.items():
        if not (quotes_alone and fact in {"speakers", place}):
            assert all(any(part[2:] in each for each in lost) for part in map(singular, parts))
    most = len(losses(FORMATS[name], Content(document=PLAIN))) + sum(map(len, alone.values()))
    assert len(lost) <= most + 2 * bool(quotes_alone)
    assert dump(name, content)


def singular(part: str) -> str:
    """A part without its number and what changes with that."""
    return part.removesuffix("s").replace("passage", "").rstrip()


# ---- subtitles as they are


@dataclass(frozen=True)
class Mark:
    """What a cue may have, and what a file shows of it where that is kept."""

    cue: Caption
    name: str
    is_there: Callable[[Captions], object]


def reads(*texts: str) -> Callable[[Captions], bool]:
    return lambda read: read.cues[0].text in texts


def stands(*places: str, numpad: int | None = None) -> Callable[[Captions], bool]:
    return lambda read: (
        read.cues[0].settings in places or (numpad and read.cues[0].alignment == numpad)
    )


def cue(text: str, **facts: object) -> Caption:
    return Caption(1000, 2000, text, **facts)  # type: ignore[arg-type]


RED = (
    "<c.red>Two</c> one",
    '<font color="red">Two</font> one',
    '<font color="#ff0000">Two</font> one',
)
MARKS = {
    "italics": Mark(cue("<i>Two</i> one"), "styling", reads("<i>Two</i> one")),
    "bold": Mark(cue("<b>Two</b> one"), "styling", reads("<b>Two</b> one")),
    "underline": Mark(cue("<u>Two</u> one"), "styling", reads("<u>Two</u> one")),
    "strike": Mark(cue("<s>Two</s> one"), "styling", reads("<s>Two</s> one")),
    "red": Mark(cue(RED[0]), "styling", reads(*RED)),
    "red font": Mark(cue(RED[1]), "styling", reads(*RED)),
    "black": Mark(
        cue("<c.black>Two</c> one"),
        "styling",
        reads("<c.black>Two</c> one", '<font color="#000000">Two</font> one'),
    ),
    "any colour": Mark(
        cue("<c.color12ab34>Two</c> one"),
        "styling",
        reads("<c.color12ab34>Two</c> one", '<font color="#12ab34">Two</font> one'),
    ),
    "background": Mark(cue("<c.bg_blue>Two</c> one"), "styling", reads("<c.bg_blue>Two</c> one")),
    "class": Mark(cue("<c.Sign>Two</c> one"), "styling", reads("<c.Sign>Two</c> one")),
    "language": Mark(
        cue("<lang de>Zwei</lang> one"), "styling", reads("<lang de>Zwei</lang> one")
    ),
    "ruby": Mark(
        cue("<ruby>Two<rt>2</rt></ruby> one"), "styling", reads("<ruby>Two<rt>2</rt></ruby> one")
    ),
    "loud voice": Mark(cue("<v.loud Anna>Two"), "styling", reads("<v.loud Anna>Two")),
    "two voices": Mark(
        cue("- <v Anna>Two</v>\n- <v Tom>one</v>"),
        "speaker",
        lambda read: "Anna" in read.cues[0].text and "Tom" in read.cues[0].text,
    ),
    "stamp": Mark(cue("one <00:00:01.500>two"), "times of words", reads("one <00:00:01.500>two")),
    "typeface": Mark(
        cue('<font face="Arial" size="20">Two</font>'),
        "",
        reads('<font face="Arial" size="20">Two</font>'),
    ),
    "override": Mark(cue("<ass \\fad(1,2)>Two"), "", reads("<ass \\fad(1,2)>Two")),
    "layer": Mark(cue("<ass Layer=1,Style=Sign>Two"), "", reads("<ass Layer=1,Style=Sign>Two")),
    "lines": Mark(cue("two\nlines"), "line", reads("two\nlines")),
    "top": Mark(cue("Two", settings="line:0"), "place", stands("line:0", numpad=8)),
    "top of SubRip": Mark(cue("Two", alignment=8), "place", stands("line:0", numpad=8)),
    "corner": Mark(
        cue("Two", settings="align:left"), "place", stands("align:left", "align:start", numpad=1)
    ),
    "exact place": Mark(cue("Two", settings="line:37%"), "place", stands("line:37%")),
    "region": Mark(cue("Two", settings="region:fred"), "place", stands("region:fred")),
    "coordinates": Mark(
        cue("Two", coordinates="X1:1 X2:2 Y1:3 Y2:4"),
        "",
        lambda read: read.cues[0].coordinates == "X1:1 X2:2 Y1:3 Y2:4",
    ),
    "name": Mark(cue("Two", id="intro"), "name", lambda read: read.cues[0].id == "intro"),
    "topic": Mark(cue("Two", id="topic"), "name", lambda read: read.cues[0].id == "topic"),
    "words as name": Mark(
        cue("Two", id="intro two words"), "name", lambda read: read.cues[0].id == "intro two words"
    ),
    "upright": Mark(cue("Two", settings="vertical:rl"), "place", stands("vertical:rl")),
    "upright aside": Mark(
        cue("Two", settings="vertical:rl line:20%"), "place", stands("vertical:rl line:20%")
    ),
    "signs": Mark(
        cue("\u6771\u4eac \u0416"), "letter", lambda read: "\u6771\u4eac" in read.cues[0].text
    ),
}
OF_CUES = [name for name, known in FORMATS.items() if known.kind is Kind.CAPTIONS]


@pytest.mark.parametrize("name", OF_CUES)
def test_what_a_format_of_cues_does_not_keep_of_a_cue_is_named(name: str) -> None:
    wrong = {}
    for mark, known in MARKS.items():
        content = Content(captions=Captions((known.cue, Caption(3000, 4000, "Plain words"))))
        lost = [part for part in losses(FORMATS[name], content) if re.search(known.name, part)]
        read = written(name, content).read
        assert isinstance(read, Captions)
        if bool(known.is_there(read)) is bool(lost):
            wrong[mark] = (lost, read.cues[0])

    assert wrong == {}


CUE_NAMES = {"name", "topic", "words as name"}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in OF_CUES])
@pytest.mark.parametrize("mark", MARKS)
def test_what_a_transcript_does_not_keep_of_a_cue_is_named(name: str, mark: str) -> None:
    """Only words, looks of whole words and, in our own format, the cues with their places stay."""
    content = Content(captions=Captions((MARKS[mark].cue, Caption(3000, 4000, "Plain words"))))
    kept = {"signs", "italics", "bold", "underline", "red", "red font", "black"}
    kept_cues = {"lines", "top", "top of SubRip", "corner", "exact place", "two voices"}
    kept_cues |= {"upright", "upright aside"}

    lost = losses(FORMATS[name], content)

    if name == "json":
        assert bool(lost) is (mark not in kept | kept_cues)
    else:
        assert "2 cues' times and lines" in lost
        looks = has_any_look(written(name, content).document)
        if mark in kept - {"signs"}:
            assert any("styling" in part for part in lost) is not looks
        elif mark not in kept | kept_cues | {"region", "coordinates"} | CUE_NAMES:
            assert any("styling" in part for part in lost)


def has_any_look(document: Document) -> bool:
    found = Emphasised(document)
    return any(found.tags(word.id) for word in document.words())


@pytest.mark.parametrize("name", FORMATS)
def test_a_heading_that_does_not_come_back_is_named(name: str) -> None:
    cues = (Caption(1000, 2000, "Two words"), Caption(3000, 4000, "Plain words"))
    content = Content(captions=Captions(cues, header="- The Harbour"))

    read = written(name, content).read

    there = isinstance(read, Captions) and "The Harbour" in read.header
    assert there is not any("heading" in part for part in losses(FORMATS[name], content))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["NOTE", "STYLE", "REGION", "ASS", "ASS LINE"])
def test_blocks_that_do_not_come_back_are_named(name: str, kind: str) -> None:
    text = {
        "STYLE": "::cue { color: red }",
        "REGION": "id:fred",
        "ASS": "[Fonts]\nx",
        "ASS LINE": "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,hi",
    }.get(kind, "Ask.")
    cues = (Caption(1000, 2000, "Two words"), Caption(3000, 4000, "Plain words"))
    content = Content(captions=Captions((Block(kind, text), *cues)))

    read = written(name, content).read

    there = isinstance(read, Captions) and any(
        isinstance(item, Block) and item.kind == kind for item in read.items
    )
    what = {"NOTE": "note", "ASS": "of ASS", "ASS LINE": "of ASS"}.get(kind, "block of styles")
    assert there is not any(what in part for part in losses(FORMATS[name], content))
