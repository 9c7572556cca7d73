"""Transcripts that people read and edit (Markdown, web pages, OpenDocument), there and back."""

import contextlib
import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import (
    Document,
    EngineUse,
    Highlight,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    Word,
    tokens,
)
from granite_studio.core.errors import FormatError
from granite_studio.formats import (
    Content,
    Labels,
    dump,
    html_file,
    losses,
    markdown,
    odt,
    odt_text,
)
from granite_studio.formats.base import Source
from granite_studio.formats.xml_tree import Element

Told = list[tuple[str | None, int, str]]


def words(first: int, start: int, text: str) -> tuple[Word, ...]:
    """Words of 400 ms, 500 ms apart, with the ids from `first` on."""
    return tuple(
        Word(first + n, word, start + n * 500, start + n * 500 + 400)
        for n, word in enumerate(text.split())
    )


INTERVIEW = Document(
    segments=(
        Segment(10, words(11, 250, "When did you come <here>?"), 1),
        Segment(20, words(21, 62_000, "In the spring of ninety-one."), 2),
        Segment(30, words(31, 130_000, "So: nobody was there."), None),
        Segment(40, words(41, 3_700_000, "Thank you."), 1),
    ),
    speakers=(Speaker(1, "Anna"), Speaker(2, "Tom: O'Neil")),
    language="en",
    media=Media("harbour.wav", 3_723_500),
    engines=(EngineUse("granite-plus", "r2"), EngineUse("sphinx", "", draft=True)),
    untranscribed=(Span(100_000, 112_500),),
    highlights=(Highlight(50, 22, 24),),
    notes=(Note(51, 23, "1991?\nAsk again."),),
    next_id=60,
)
DRAFT = "Draft: this text was written by a machine and nobody has checked it."
READERS = {"md": markdown.read, "html": html_file.FORMAT.read, "odt": odt_text.read}


def written(name: str, document: Document = INTERVIEW, **options: str) -> bytes:
    return dump(name, Content(document=document, title="Harbour", date="2026-11-21", **options))


def read(name: str, data: bytes) -> Document:
    reader = READERS[name]
    assert reader is not None
    found = reader(Source(data, f"x.{name}"))
    assert isinstance(found, Document)
    return found


def told(document: Document) -> Told:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(part.speaker), part.start, part.text) for part in document]


@pytest.mark.parametrize("name", READERS)
def test_an_interview_comes_back(name: str) -> None:
    exact = name == "html"

    assert told(read(name, written(name))) == [
        ("Anna", 250 if exact else 0, "When did you come <here>?"),
        ("Tom: O'Neil", 62_000, "In the spring of ninety-one."),
        (None, 130_000, "So: nobody was there."),
        ("Anna", 3_700_000, "Thank you."),
    ]


@pytest.mark.parametrize("name", READERS)
def test_time_codes_of_every_minute_come_back_at_their_words(name: str) -> None:
    document = Document((Segment(1, words(2, 59_000, "one two three four")),), next_id=9)

    again = read(name, written(name, document, timecodes="minutes:1"))

    assert [(w.text, w.start) for w in again.words()][::2] == [("one", 59_000), ("three", 60_000)]


@pytest.mark.parametrize("name", READERS)
def test_what_was_said_in_the_same_second_stays_in_its_order(name: str) -> None:
    document = Document(
        (
            Segment(1, (Word(2, "Is", 100, 200), Word(3, "it?", 200, 300)), 9),
            Segment(4, (Word(5, "Yes.", 400, 500),), 10),
            Segment(6, (Word(7, "Good.", 600, 800),), 9),
            Segment(8, (Word(11, "Sit.", 1000, 1200),), 10),
        ),
        (Speaker(9, "Anna"), Speaker(10, "Tom")),
        next_id=12,
    )

    assert [(who, text) for who, _, text in told(read(name, written(name, document)))] == [
        ("Anna", "Is it?"),
        ("Tom", "Yes."),
        ("Anna", "Good."),
        ("Tom", "Sit."),
    ]


@pytest.mark.parametrize("name", READERS)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    assert written(name) == written(name)


@pytest.mark.parametrize("name", READERS)
def test_nothing_of_a_transcript_is_lost_on_writing(name: str) -> None:
    form = {"md": markdown.FORMAT, "html": html_file.FORMAT, "odt": odt.FORMAT}[name]

    assert losses(form, Content(document=INTERVIEW)) == ()


@pytest.mark.parametrize("name", READERS)
def test_captions_become_a_transcript_on_the_way(name: str) -> None:
    captions = Captions((Caption(1000, 2000, "<v Anna>Hello &amp; welcome"),))

    assert told(read(name, dump(name, Content(captions=captions)))) == [
        ("Anna", 1000, "Hello & welcome")
    ]


@pytest.mark.parametrize("name", READERS)
def test_added_words_can_be_in_the_readers_language(name: str) -> None:
    labels = Labels(draft="Entwurf.", untranscribed="nicht verschriftet", file="Datei")

    data = dump(name, Content(document=INTERVIEW, labels=labels))

    text = body(data) if name == "odt" else data.decode()
    assert all(word in text for word in ("Entwurf.", "nicht verschriftet]", "Datei"))
    assert DRAFT not in text


# ---- Markdown


def test_markdown_is_plain_to_read() -> None:
    assert written("md").decode() == (
        "# Harbour\n\n"
        "- File: harbour.wav\n"
        "- Length: 01:02:03\n"
        "- Language: English (en)\n"
        "- Engine: granite-plus r2, sphinx\n"
        "- Date: 2026-11-21\n\n"
        f"> **{DRAFT}**\n\n"
        "---\n\n"
        "[00:00:00] **Anna:** When did you come \\<here\\>?\n\n"
        "[00:01:02] **Tom: O'Neil:** In ==the spring==[^1] ==of== ninety-one.\n\n"
        "*[00:01:40 \N{EN DASH} 00:01:52 speech not transcribed]*\n\n"
        "[00:02:10] So\\: nobody was there.\n\n"
        "[01:01:40] **Anna:** Thank you.\n\n"
        "[^1]: Note 1: 1991?\\\nAsk again.\n"
    )


def test_markdown_without_time_codes_keeps_who_said_what() -> None:
    again = read("md", written("md", timecodes="off"))

    assert [(who, text) for who, _, text in told(again)][:2] == [
        ("Anna", "When did you come <here>?"),
        ("Tom: O'Neil", "In the spring of ninety-one."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Anna:** Yes.\nNo.\n\n**Tom**: Ah.", [("Anna", "Yes. No."), ("Tom", "Ah.")]),
        ("__Anna:__ Yes.\n\nAnd no.", [("Anna", "Yes."), ("Anna", "And no.")]),
        ("- **Anna:** Yes.\n- **Tom:** No.", [("Anna", "Yes."), ("Tom", "No.")]),
        (
            "---\ntitle: Talk\n---\n\n# Talk\n\nWith **many** guests.\n\n**Q:** Why?",
            [("Q", "Why?")],
        ),
        ("**Anna:** *Yes*, `x` [a](http://b.c) <b>or</b> **no** &amp; 5 * 3 a_b.",
         [("Anna", "Yes, x a or no & 5 * 3 a_b.")]),
        ("**Anna:** **Really?**\n\n**Never.** Never.", [("Anna", "Really?"),
         ("Anna", "Never. Never.")]),
        ("**Anna:** One\n\n## Part two\n\n**Tom:** Two", [("Anna", "One"), ("Tom", "Two")]),
    ],
)  # fmt: skip
def test_interviews_that_people_write_by_hand_are_read(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(who, said) for who, _, said in told(read("md", text.encode()))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "[00:01:02] **Anna:** Yes.",
        "[1:02] Anna: Yes.",
        "**[00:01:02] Anna:** Yes.",
        "**Anna** [00:01:02]: Yes.",
        "**Anna [00:01:02]:** Yes.",
        "**Anna:** [00:01:02] Yes.",
        "### Anna [00:01:02]\n\nYes.",
        "### [00:01:02] Anna\nYes.",
    ],
)
def test_a_time_may_stand_anywhere_about_a_name(text: str) -> None:
    assert told(read("md", text.encode())) == [("Anna", 62_000, "Yes.")]


def test_text_without_names_and_times_is_refused() -> None:
    with pytest.raises(FormatError) as refusal:
        read("md", b"# Readme\n\nThis is **bold**.\n")

    assert str(refusal.value) == (
        "\N{LEFT DOUBLE QUOTATION MARK}x.md\N{RIGHT DOUBLE QUOTATION MARK} has neither times nor "
        "speakers in it; write **Anna:** or [00:01:02] in front of what is said."
    )


# ---- web pages


def test_a_page_has_the_time_of_every_word() -> None:
    again = read("html", written("html"))

    assert [(w.text, w.start, w.end, w.estimated) for w in again.words()] == [
        (w.text, w.start, w.end, False) for w in INTERVIEW.words()
    ]


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = written("html").decode()

    assert "default-src 'none'" in page
    assert not re.search(r"<script|javascript:|https?:|@import|url\(|<link|<img|\son\w+=", page)
    assert '<html lang="en" dir="ltr">' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_a_page_is_what_the_players_of_podcasts_read_too() -> None:
    bare = re.sub(r' data-[a-z]+="[0-9]+"', "", written("html").decode())

    assert told(read("html", bare.encode()))[0][:2] == ("Anna", 0)
    assert (
        '<cite class="speaker-2">Tom: O&#x27;Neil:</cite>\n<time>00:01:02</time>\n<p>'
        '<span data-start="62000" data-end="62400">In</span> '
    ) in written("html").decode()


def test_a_page_is_in_the_language_of_the_talk() -> None:
    page = written("html", replace(INTERVIEW, language="he"))

    assert b'<html lang="he" dir="rtl">' in page
    assert read("html", page).language == "he"


def test_words_that_somebody_wrote_into_a_page_stand_between_their_neighbours() -> None:
    page = written("html").decode().replace(">did</span>", ">did</span> really <b>all</b>")

    assert read("html", page.encode()).segments[0].text == "When did really all you come <here>?"


# ---- OpenDocument


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def body(data: bytes) -> str:
    return Element.parse(parts(data)["content.xml"], "x", cure="mend it").said()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The same file with other parts; `content=b"..."` stands for content.xml."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts(data).items():
            archive.writestr(name, changed.get(name.partition(".")[0], content))
    return output.getvalue()


def test_an_opendocument_file_says_what_it_is_before_all_else() -> None:
    data = written("odt")

    assert data[30:38] == b"mimetype"
    assert data[38:].startswith(b"application/vnd.oasis.opendocument.text")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    listed = re.findall(rb'full-path="([^"]+)"', parts(data)["META-INF/manifest.xml"])
    assert listed == [b"/", *(name.encode() for name in list(parts(data))[2:])]


def test_every_style_that_an_opendocument_text_names_is_there() -> None:
    found = parts(written("odt"))
    used = set(re.findall(rb'text:style-name="([^"]+)"', found["content.xml"]))

    styles = set(re.findall(rb'style:name="([^"]+)"', found["styles.xml"]))
    assert used <= styles
    assert {b"Title", b"Transcript", b"Time_20_Code", b"Speaker_20_8", b"Highlighted"} <= styles
    assert b'style:display-name="Speaker 8"' in found["styles.xml"]
    assert b'fo:language="en" fo:country="US"' in found["styles.xml"]


def test_notes_become_annotations_of_their_words() -> None:
    content = parts(written("odt"))["content.xml"].decode()

    assert (
        '<office:annotation office:name="note1"><text:p>1991?</text:p><text:p>Ask again.</text:p>'
        '</office:annotation><text:span text:style-name="Highlighted">the spring</text:span>'
        '<office:annotation-end office:name="note1"/>'
    ) in content


def test_right_to_left_languages_are_set_from_the_right() -> None:
    styles = parts(written("odt", replace(INTERVIEW, language="he")))["styles.xml"]

    assert b'style:writing-mode="rl-tb"' in styles
    assert read("odt", written("odt", replace(INTERVIEW, language="he"))).language == "he"


def test_a_text_that_an_office_program_saved_again_is_read() -> None:
    content = parts(written("odt"))["content.xml"].decode()
    automatic = (
        "<office:automatic-styles>"
        '<style:style style:name="P1" style:family="paragraph" '
        'style:parent-style-name="Transcript"/>'
        '<style:style style:name="T1" style:family="text" '
        'style:parent-style-name="Time_20_Code"/>'
        '<style:style style:name="T2" style:family="text"/></office:automatic-styles><office:body>'
    )
    content = content.replace('style-name="Transcript"', 'style-name="P1"')
    content = content.replace('style-name="Time_20_Code"', 'style-name="T1"')
    content = content.replace("Tom: O", '<text:span text:style-name="T2">Tom: O</text:span>')
    content = content.replace("Thank you.", "Thank<text:s/>you\n   <text:bookmark/>so.")
    content = content.replace("<office:body>", automatic)

    again = read("odt", repacked(written("odt"), content=content.encode()))

    assert told(again)[1:] == [
        ("Tom: O'Neil", 62_000, "In the spring of ninety-one."),
        (None, 130_000, "So: nobody was there."),
        ("Anna", 3_700_000, "Thank you so."),
    ]


def test_an_opendocument_text_of_another_program_is_read_as_plain_text_is() -> None:
    lines = ("Interview", "Anna Bell [00:01:02]", "Good morning.", "Tom [00:01:10]", "Hello.")
    texts = "".join(f"<text:p>{line}</text:p>" for line in lines)
    content = parts(written("odt"))["content.xml"].decode()
    head, _, _ = content.partition("<office:text>")
    page = f"{head}<office:text><text:section>{texts}</text:section></office:text></office:body>"

    again = read("odt", repacked(written("odt"), content=f"{page}{END}".encode()))

    assert told(again) == [("Anna Bell", 62_000, "Good morning."), ("Tom", 70_000, "Hello.")]


END = "</office:document-content>"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK", "is no whole OpenDocument text; save it again from where it was written."),
        (b"", "is no whole OpenDocument text; save it again from where it was written."),
        (written("odt")[:-60], "is no whole OpenDocument text; save it again from where"),
        (repacked(written("odt"), content=b"<a>"), "is not whole XML (line 1); save it again"),
        (
            repacked(
                written("odt"),
                content=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            ),
            "declares a document type of its own, which may be harmful; save it again",
        ),
        (
            repacked(written("odt"), **{"META-INF/manifest": b"<manifest:encryption-data/>"}),
            "is protected by a password; save it without one.",
        ),
    ],
)
def test_files_that_are_none_are_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read("odt", data)

    assert (
        str(refusal.value)
        .removeprefix("\N{LEFT DOUBLE QUOTATION MARK}x.odt")
        .startswith(f"\N{RIGHT DOUBLE QUOTATION MARK} {sentence}")
    )


def test_a_file_that_is_made_to_fill_the_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(odt_text, "MOST_UNPACKED", 5000)
    blanks = b"<a>" + b" " * 100_000 + b"</a>"

    with pytest.raises(FormatError, match="unpacks to more than"):
        read("odt", repacked(written("odt"), content=blanks))


# ---- hostile text

NASTY = [
    *("-->", "<script>alert(1)</script>", "](javascript:x)", "[a](b)", "[a]:", "<b>", "&amp;"),
    *("&lt", "**", "**Anna:**", "*", "_a_", "`", "```", "~~~", "==", "#", "##", "1.", "2)", "-"),
    *(
        "---",
        "+",
        ">",
        "|",
        "[00:01:02]",
        "\\",
        "\\[",
        "$x$",
        "{{a}}",
        "http://e.vil",
        "www.e.vil",
    ),
    *("a@b.c", "@you", "#12", ":smile:", "[^1]", "[^1]:", ":::", "Anna:", "So:", "\u7532\uff1a"),
    *("(1:02)", "a\u00a0b", "\u00e9", "\u6771\u4eac", "\u202e", "'", '"', "<!--", "</p>", "Note:"),
    *("<section>", "</span>", 'data-start="1"', "%", "=", "]]>", "</text:p>", "<text:s/>", "1991"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), min_size=1, max_size=5).map(
    lambda some: [word for text in some for word in tokens(text) if word.strip() == word]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Paragraphs by up to three speakers, words of 0.1 s, with quotes and notes."""
    names = [" ".join(" ".join(draw(texts)).split())[:60].strip() for _ in range(2)]
    speakers = tuple(Speaker(n, x) for n, x in enumerate(dict.fromkeys(filter(None, names)), 1))
    segments, highlights, notes = [], [], []
    number, at = 10, 0
    for spoken in draw(st.lists(texts.filter(bool), min_size=1, max_size=4)):
        at += draw(st.sampled_from([0, 900, 5000]))
        said = []
        for text in spoken:
            said.append(Word(number, text, at, at + 100))
            number, at = number + 1, at + 100
        if draw(st.booleans()):
            highlights.append(Highlight(number, said[0].id, said[-1].id))
            notes.append(Note(number + 1, said[0].id, " ".join(draw(texts))))
        speaker = draw(st.sampled_from([None, *(each.id for each in speakers)]))
        segments.append(Segment(number + 2, tuple(said), speaker))
        number += 3
    return Document(
        tuple(segments),
        speakers,
        highlights=tuple(highlights),
        notes=tuple(notes),
        next_id=number,
    )


def voices(document: Document) -> list[tuple[str | None, str]]:
    """Who says what, without regard to where paragraphs and words of one voice are cut."""
    found: list[tuple[str | None, str]] = []
    for who, _, text in told(document):
        text = "".join(text.split(" "))
        if found and found[-1][0] == who:
            found[-1] = (who, found[-1][1] + text)
        else:
            found.append((who, text))
    return found


@pytest.mark.parametrize("name", READERS)
@given(document=documents(), title=texts)
@settings(max_examples=120, deadline=None)
def test_hostile_text_comes_back(name: str, document: Document, title: list[str]) -> None:
    data = dump(name, Content(document=document, title=" ".join(title)))

    again = read(name, data)

    assert voices(again) == voices(document)
    if name == "html":
        assert [w.start for w in again.words()] == [w.start for w in document.words()]


OURS = re.compile(
    r"^# |^- |^---$|^\[[0-9:]{8}\] |^\[\^[0-9]+\]: |(?<=\] )\*\*|:\*\*(?= )"
    r"|\[\^[0-9]+\]|==",
    re.MULTILINE,
)


@given(document=documents(), title=texts)
@settings(max_examples=150, deadline=None)
def test_hostile_text_never_becomes_markup(document: Document, title: list[str]) -> None:
    text = dump("md", Content(document=document, title=" ".join(title))).decode()

    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    assert not re.search(r"[\\`*_\[\]<>&~^|${}#@]|://|\bwww\.", OURS.sub("", plain)), text


@given(document=documents(), title=texts)
@settings(max_examples=150, deadline=None)
def test_hostile_text_never_becomes_tags(document: Document, title: list[str]) -> None:
    content = Content(document=document, title=" ".join(title))

    page = dump("html", content).decode()

    known = "html|head|body|title|style|meta|header|h1|dl|dt|dd|main|section|cite|time|p|span"
    tags = re.findall(r"<[^>]*>", page.partition("</style>")[2])
    assert all(re.match(rf"</?(?:{known}|mark|sup|a|footer|ol|li)[ >]", tag) for tag in tags)
    assert page.count("<span data-start=") == len(list(document.words()))
    assert not re.search(r"\son\w+=|javascript:", " ".join(tags))


PIECES = st.sampled_from(
    [
        *("**", ":", "Anna", "[00:01]", "[0:00:01.5]", "\n", "\n\n", "---", "# ", "- ", "[^1]:"),
        *("*[", "<section>", "</section>", '<span data-start="', '9" data-end="3">', "</span>"),
        *("<cite>", "</cite>", "<html lang='", "word", "<", "\\", "==", "\0", "\ud800", "</p>"),
    ]
)
FILES = st.binary(max_size=80) | st.lists(PIECES, max_size=20).map(
    lambda pieces: " ".join(pieces).encode("utf-8", "replace")
)


@pytest.mark.parametrize("name", READERS)
@given(data=FILES)
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_a_transcript_or_one_sentence(name: str, data: bytes) -> None:
    file = repacked(written("odt"), content=data) if name == "odt" else data
    with contextlib.suppress(FormatError):
        assert read(name, file).segments
