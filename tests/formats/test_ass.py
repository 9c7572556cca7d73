"""SubStation Alpha: what a person has made stays, and every player reads what is written."""

import re
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.cuetext import plain as plain_words
from granite_studio.core.document import Document
from granite_studio.core.errors import FormatError
from granite_studio.core.importing import from_captions
from granite_studio.formats import srt, vtt
from granite_studio.formats.ass import FORMAT, LINE, SECTION, read
from granite_studio.formats.base import Content, Labels, Source

INFO = "[Script Info]\n; made by hand\nTitle: Film\nScriptType: v4.00+\nPlayResX: 640"
STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, "
    "Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, "
    "Alignment, MarginL, MarginR, MarginV, Encoding"
)
LOOKS = "Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,2"
STYLES = (
    f"[V4+ Styles]\nFormat: {STYLE_FIELDS}\n"
    f"Style: Default,{LOOKS},2,10,10,10,0\nStyle: Sign,{LOOKS},8,10,10,10,0"
)
FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
SSA = (
    "[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\nFormat: Name, Alignment\n"
    "Style: Default,2\nStyle: Top,6\n\n[Events]\n"
    "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def script(*events: str, fields: str = FIELDS, info: str = INFO) -> str:
    lines = "\n".join(events)
    return f"\ufeff{info}\n\n{STYLES}\n\n[Events]\nFormat: {fields}\n{lines}\n"


def dialogue(text: str, rest: str = "Default,,0,0,0,") -> str:
    return f"Dialogue: 0,0:00:01.00,0:00:02.50,{rest},{text}"


def captions(file: str) -> Captions:
    return read(Source(file.encode(), "film.ass"))


def cue(text: str, rest: str = "Default,,0,0,0,") -> Caption:
    (only,) = captions(script(dialogue(text, rest))).cues
    return only


def written(content: Captions, title: str = "") -> str:
    return FORMAT.write(Content(captions=content, title=title)).decode()


def events(*items: Caption | Block) -> list[str]:
    file = written(Captions(items))
    return file[file.index("\nDialogue:") + 1 :].rstrip("\n").split("\n")


def again(text: str) -> str:
    """The text of an event after reading and writing."""
    (line,) = events(cue(text))
    return line.split(",", 9)[9]


def test_a_plain_file_is_read_and_written_the_same() -> None:
    file = script(dialogue("Hello,\\Nthere"), dialogue("Bye"))

    assert captions(file).cues == (
        Caption(1000, 2500, "Hello,\nthere"),
        Caption(1000, 2500, "Bye"),
    )
    assert written(captions(file)) == file


def test_everything_that_a_person_has_made_stays() -> None:
    file = (
        f"\ufeff[Script Info]\n; a remark\nTitle: Film\nScriptType: v4.00+\n!: another\n\n"
        f"[Aegisub Project Garbage]\nActive Line: 63\n\n{STYLES}\n\n"
        "[Fonts]\nfontname: a.ttf\n`^D`Y!!13E:*2A!\n[ABC]\n<&>!\n\n"
        f"[Events]\nFormat: {FIELDS}\n"
        "; between the lines\n"
        "Comment: 0,0:00:00.00,0:00:05.00,Sign,,0,0,0,,Song, {begins}\\N\n"
        "Dialogue: 3,0:00:01.00,0:00:02.00,Sign,Anna Maria,0012,0,7,Banner;5;0,{\\pos(1,2)}Hi{!}\n"
        "Comment: 0,0:00:00.00,0:00:00.00,Default,,0,0,0,,Part two\\NReady\n"
        "Sound: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,c:\\new.wav\n"
        "Not understood\n"
        "Dialogue: 0,0:00:1x.00,0:00:02.00,Default,,0,0,0,,A broken time\n\n"
        "[Aegisub Extradata]\nData: 1,key,value\n"
    )

    read_once = captions(file)

    assert read_once.cues == (
        Caption(
            1000,
            2000,
            "<ass Layer=3,Style=Sign,MarginL=0012,MarginV=7,Effect=Banner;5;0>"
            "<v Anna Maria><ass \\pos(1,2)>Hi<ass {!}>",
            alignment=8,
        ),
    )
    assert Block("NOTE", "Part two\nReady") in read_once.items
    assert [item.kind for item in read_once.items if isinstance(item, Block)] == (
        [SECTION] * 4 + [LINE] * 2 + ["NOTE"] + [LINE] * 3 + [SECTION]
    )
    assert written(read_once) == file


def test_other_formats_show_the_text_alone() -> None:
    text = "{\\k20\\pos(1,2)}{a remark}A{\\p1}m 0 0 l 9 9{\\p0} B <3"
    content = Content(captions=captions(script(dialogue(text, "Sign,Anna,0,0,0,"))))

    assert vtt.write(content).decode().endswith("line:0\n<v Anna>A B &lt;3\n")
    assert "\n{\\an8}Anna: {\\k20\\pos(1,2)}A{\\p1}{\\p0} B <3\n" in srt.write(content).decode()
    assert plain_words(cue(text).text) == "A B <3"


def test_a_script_becomes_a_transcript_with_its_speakers() -> None:
    document = from_captions(captions(script(dialogue("{\\i1}Hi{\\i0}", "Sign,Anna,0,0,0,"))))

    assert isinstance(document, Document)
    assert [speaker.name for speaker in document.speakers] == ["Anna"]
    assert [word.text for word in document.segments[0].words] == ["Hi"]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("{\\i1}a{\\i0} {\\b1}b{\\b0}", "<i>a</i> <b>b</b>"),
        ("{\\u1\\s1}a{\\s0\\u0}", "<u><s>a</s></u>"),
        ("{\\i1}a{\\b1}b{\\i0}c{\\b0}", "<i>a<b>b</b></i><b>c</b>"),
        ("{\\i1}a{\\r}b", "<i>a</i><ass \\r>b"),
        (
            "{\\c&H0000FF&}a{\\c&HFF0000&}b{\\c}",
            '<font color="#ff0000">a</font><font color="#0000ff">b</font>',
        ),
        ("{\\pos(1,2)\\i1\\fs20}a{\\i0}", "<ass \\pos(1,2)><i><ass \\fs20>a</i>"),
        ("{\\b0}a{\\b700}b{\\b1}c{\\b0}", "<ass \\b0>a<ass \\b700>b<b>c</b>"),
        ("{\\k10}{\\k5}a", "<ass \\k10><ass \\k5>a"),
        ("{\\be1\\bord2\\shad0\\clip(1,2,3,4)}a", "<ass \\be1\\bord2\\shad0\\clip(1,2,3,4)>a"),
        ("{\\t(0,9,\\clip(1,2,3,4))\\i1}a{\\i0}", "<ass \\t(0,9,\\clip(1,2,3,4))><i>a</i>"),
        ("{\\t(\\i1}a{}b{ c }", "<ass {\\t(\\i1}>a<ass {}>b<ass { c }>"),
        ("{\\fn&lt;<&amp;>}a", "<ass \\fn&amp;lt;&lt;&amp;&gt;>a"),
        ("a\\hb\\nc", "a\u00a0b<ass n> c"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("an open \\{ brace", "an open { brace"),
        ("  blanks  ", "  blanks  "),
        ("", ""),
    ],
)
def test_overrides_become_tags_and_come_back(event: str, text: str) -> None:
    assert cue(event).text == text
    assert again(event) == event


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ("{\\i1}a", "{\\i1}a{\\i0}"),
        ("{\\u1\\s1}a{\\u0\\s0}b{\\i1}", "{\\u1\\s1}a{\\s0\\u0}b"),
        ("{\\i1}a{\\i0}{\\i1}b{\\i0}", "{\\i1}ab{\\i0}"),
        ("{\\1c&HFF&}a", "{\\c&H0000FF&}a{\\c}"),
        ("{\\pos(1,2)\\an5}a", "{\\an5\\pos(1,2)}a"),
        ("{\\a6}a{\\an1}", "{\\an8}a{\\an1}"),
        ("{\\a4}a", "{\\a4}a"),
        ("{\\p1}m 0 0{\\i0 }}\\{\\", "{\\p1}m 0 0{\\i0}}"),
        ("a { b", "a \\{ b"),
        ("a\\}b", "a}b"),
    ],
)
def test_some_overrides_come_back_in_other_words(event: str, shown: str) -> None:
    assert again(event) == shown
    assert again(shown) == shown


def test_colours_are_those_of_subrip() -> None:
    assert cue("{\\c&H1020FF&}a{\\1c&HFF0000&}b{\\c}c").text == (
        '<font color="#ff2010">a</font><font color="#0000ff">b</font>c'
    )
    assert events(Caption(0, 10, "<c.yellow>a</c> <font color=red>b</font> <c.big>c</c>")) == [
        "Dialogue: 0,0:00:00.00,0:00:00.01,Default,,0,0,0,,"
        "{\\c&H00FFFF&}a{\\c} {\\c&H0000FF&}b{\\c} c"
    ]


def test_a_soft_break_is_a_line_end_where_players_make_one() -> None:
    wrapped = script(dialogue("a\\nb"), info=f"{INFO}\nWrapStyle: 2")

    assert captions(wrapped).cues[0].text == "a<ass n>\nb"
    assert written(captions(wrapped)) == wrapped


def test_places_come_from_overrides_and_styles() -> None:
    assert cue("{\\an8}a").alignment == 8
    assert cue("a", "Sign,,0,0,0,").alignment == 8
    assert cue("a", "Missing,,0,0,0,").alignment is None
    for event, style in (("a", "Sign"), ("{\\an2}a", "Sign"), ("{\\an2}a", "Default")):
        line = dialogue(event, f"{style},,0,0,0,")
        assert events(*captions(script(line)).items) == [line]
    assert again("{\\an8}a") == "{\\an8}a"
    assert events(*captions(script(dialogue("{\\an8}a", "Sign,,0,0,0,"))).items)[0].endswith(
        ",{\\an8}a"
    )


def test_a_place_that_was_taken_away_is_gone() -> None:
    line = captions(script(dialogue("a", "Sign,,0,0,0,")))
    moved = Captions((*line.items[:-1], Caption(0, 10, line.cues[0].text)))

    assert ",Sign,,0,0,0,,{\\an2}a" in written(moved)


def test_webvtt_becomes_what_ass_has() -> None:
    text = "<v Anna><lang ja><ruby>漢<rt>kan</ruby> <00:01.000><b.loud>ja</b></v>"

    assert events(Caption(0, 10, text, "id", "line:0")) == [
        "Dialogue: 0,0:00:00.00,0:00:00.01,Default,Anna,0,0,0,,{\\an8}漢(kan) {\\b1}ja{\\b0}"
    ]
    assert events(Caption(0, 10, "<v Anna>Hi\n<v Bob, Jr>Ho"))[0].endswith(
        ",,0,0,0,,Anna: Hi\\NBob, Jr: Ho"
    )
    assert events(Caption(0, 10, "- <v Anna>Hi\n- <v Bob, Jr>Ho"))[0].endswith(
        ",Anna / Bob; Jr,0,0,0,,- Hi\\N- Ho"
    )
    assert events(Caption(0, 10, "<v Bob, Jr>Ho"))[0].endswith(",Bob; Jr,0,0,0,,Ho")


def test_ssa_keeps_its_ways() -> None:
    file = (
        f"\ufeff{SSA}"
        "Dialogue: Marked=1,0:00:01.00,0:00:02.00,*Default,NTP,0,0,0,,{\\a6}a\\nb\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,Top,Anna,0,0,0,,c\n"
    )

    assert captions(file).cues == (
        Caption(1000, 2000, "<ass Marked=1,Style=*Default,Name=NTP>a<ass n>\nb", alignment=8),
        Caption(1000, 2000, "<ass Style=Top><v Anna>c", alignment=8),
    )
    assert written(captions(file)) == file


def test_fields_may_stand_in_any_order() -> None:
    file = script(
        "Dialogue: 0:00:01.00,0:00:02.50,Anna,9,Sign,2,{\\i1}Hi, you{\\i0}",
        "Comment: 0:00:03.00,0:00:04.00,,0,Sign,0,done",
        fields="Start, End, Actor, Invented, Style, Layer, Text",
    )

    assert events(*captions(file).items) == [
        "Dialogue: 2,0:00:01.00,0:00:02.50,Sign,Anna,0,0,0,,{\\i1}Hi, you{\\i0}",
        "Comment: 0,0:00:03.00,0:00:04.00,Sign,,0,0,0,,done",
    ]


@pytest.mark.parametrize(
    "file",
    [
        dialogue("Hi"),
        f"Format: {FIELDS}\n{dialogue('Hi')}",
        f"[Script Info]\nTitle: x\n{dialogue('Hi')}",
        f"{STYLES}\nFormat: Start, End, Text\ndialogue:0:00:01.00,0:00:02.50,Hi",
        f"[events]\n{dialogue('Hi')}\n[EVENTS]",
        f"[Fonts]\nfontname: a\n`^D`\n[EVENTS]\n{dialogue('Hi')}",
        f"loose words\n[Events]\nFormat: nonsense\n\ufeff  {dialogue('Hi')}",
    ],
)
def test_missing_heads_and_titles_are_forgiven(file: str) -> None:
    assert [(c.start, c.end, c.text) for c in captions(file).cues] == [(1000, 2500, "Hi")]
    assert captions(written(captions(file))).cues == captions(file).cues


@pytest.mark.parametrize(
    ("stamp", "ms"),
    [
        ("0:00:01.00", 1000),
        ("00:00:01.5", 1500),
        ("0:00:01", 1000),
        (" 1:02.345 ", 62_345),
        ("0:00:01:50", 1500),
        ("-0:00:01.50", -1500),
        ("123:00:00.009", 442_800_009),
    ],
)
def test_times_are_read_however_they_are_typed(stamp: str, ms: int) -> None:
    (read_cue,) = captions(f"[Events]\nDialogue: 0,{stamp},9999:00:00.00,,,,,,,a").cues

    assert read_cue.start == ms


@pytest.mark.parametrize(
    ("start", "end", "line"),
    [
        (1004, 1005, "0:00:01.00,0:00:01.01"),
        (1001, 1002, "0:00:01.00,0:00:01.01"),
        (1005, 1009, "0:00:01.01,0:00:01.02"),
        (1000, 1000, "0:00:01.00,0:00:01.00"),
        (2000, 1000, "0:00:02.00,0:00:01.00"),
        (-5000, 500, "0:00:00.00,0:00:00.50"),
        (360_000_000, 360_000_010, "100:00:00.00,100:00:00.01"),
    ],
)
def test_times_are_rounded_and_no_cue_loses_its_length(start: int, end: int, line: str) -> None:
    assert f"Dialogue: 0,{line}," in events(Caption(start, end, "a"))[0]


def test_a_file_without_a_head_gets_a_full_one() -> None:
    file = written(Captions((Caption(0, 1000, "a"),)), title="My\nfilm")

    assert file.startswith("\ufeff[Script Info]\n")
    assert "\nTitle: My film\nScriptType: v4.00+\n" in file
    assert f"\n[V4+ Styles]\nFormat: {STYLE_FIELDS}\nStyle: Default,Arial,60," in file
    assert f"\n\n[Events]\nFormat: {FIELDS}\nDialogue: 0," in file
    opened = pysubs2.SSAFile.from_string(file)
    assert opened.info["PlayResX"] == "1920"
    assert opened.styles["Default"].fontsize == 60


def test_notes_become_comments_and_sheets_have_no_place() -> None:
    items = (Block("NOTE", "a {\\b}\n\\N"), Block("STYLE", "::cue {}"), Caption(0, 10, "a"))

    file = written(Captions(items))

    assert "\nComment: 0,0:00:00.00,0:00:00.00,Default,,0,0,0,,a \\{\\b}\\N\\\u2060N\n" in file
    assert "::cue" not in file
    assert captions(file).items[2:] == (items[0], items[2])


def test_a_draft_says_so() -> None:
    document = from_captions(Captions((Caption(0, 1000, "one two"),)))

    file = FORMAT.write(Content(document=document, labels=Labels(draft="unchecked"))).decode()

    assert ("Comment:" in file) == document.is_draft
    assert ("unchecked" in file) == document.is_draft


def test_encodings_of_old_are_read() -> None:
    file = script(dialogue("Schöne Grüße aus Köln, süße Mädchen"), dialogue("für Fußgänger"))

    for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1252"):
        data = file.lstrip("\ufeff").replace("\n", "\r\n").encode(encoding)
        assert read(Source(data, "film.ass", "de")) == captions(file)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Dear diary",
            "“film.ass” has no events of SubStation Alpha in it; choose an ASS or SSA file.",
        ),
        (
            "[SUBTITLE]\n00:00:01.00,00:00:02.00\na",
            "“film.ass” has no events of SubStation Alpha in it; choose an ASS or SSA file.",
        ),
        (
            "[Events]\nDialogue: 0,soon,later,Default,,0,0,0,,a\nDialogue: a",
            "“film.ass” has no line of dialogue with times that can be read; check its times.",
        ),
    ],
)
def test_other_text_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        captions(text)

    assert str(refusal.value) == sentence


def test_a_file_without_dialogue_has_no_cues() -> None:
    assert captions("") == Captions()
    assert captions(" \r\n") == Captions()
    assert captions(script()).cues == ()
    assert written(captions(script())) == script().rstrip("\n") + "\n"


NASTY = [
    *("{", "}", "\\", "\\N", "\\n", "\\h", "\\{", "{\\b1}", "{\\an8}", "{\\p1}", "{x}", "{\\r}"),
    *("\u2060", "\\\u2060N", "\\\u2060", "N", "n", "h", "\u00a0", ",", ",,,", ";", "="),
    *("\n", "\n\n", "\r\n", "\r", " ", "\t", "[Events]", "\n[Fonts]\n", "Format: Text"),
    *("\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,x", "Comment:", "Style: a", "!:"),
    *("<b>", "</b>", "<i", "&amp;", "&lt;", "&#10;", "<ass \\i1>", '<ass "', "<v Anna>", ">"),
    *("\0", "\x01", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "é", "東京"),
]
TAGS = [
    *("<b>", "</b>", "<i>", "</i>", "<u>", "<s>", "</s>", "<c.red>", "</c>", "<font color=lime>"),
    *("</font>", "<ass \\i1>", "<ass \\b0>", "<ass \\r>", "<ass \\pos(1,2)>", "<ass {x}>"),
    *("<ass \\p1>", "<ass \\p0>", '<ass "m 0 0">', "<ass n> ", "<ass n>", "<ass \\t(\\i1>"),
    *("<ass Layer=1>", "<ass Style=Sign>", "<ass >", "<ass }>", "<ass \\}{>", "<v Anna>", "</v>"),
    *("<ruby>", "<rt>", "</ruby>", "<v >", "<lang de>", "<ass \\c>", "<ass \\an5>", "<ass \\a>"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=9).map("".join)
marked = st.lists(st.sampled_from(NASTY + TAGS) | st.text(max_size=4), max_size=9).map("".join)


def shown(text: str) -> str:
    """What any file can hold of a text: line ends are newlines, the impossible is marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def after(content: Captions) -> Captions:
    return read(Source(FORMAT.write(Content(captions=content))))


@given(spoken=st.lists(texts, max_size=4), notes=st.lists(texts, max_size=2))
@settings(max_examples=200, deadline=None)
def test_no_text_is_lost_or_becomes_another_cue(spoken: list[str], notes: list[str]) -> None:
    cues = [Caption(n * 1000, n * 1000 + 900, escape(text)) for n, text in enumerate(spoken)]
    blocks = [Block("NOTE", text) for text in notes]

    items = after(Captions((*blocks, *cues))).items

    assert items[2:] == (
        *(Block("NOTE", shown(text)) for text in notes),
        *(Caption(n * 1000, n * 1000 + 900, escape(shown(s))) for n, s in enumerate(spoken)),
    )


@given(text=marked, facts=texts, place=st.none() | st.integers(1, 9), start=st.integers(0, 10**9))
@settings(max_examples=250, deadline=None)
def test_any_markup_is_settled_after_one_writing(
    text: str, facts: str, place: int | None, start: int
) -> None:
    said = f"<ass Effect={escape(facts)}>{text}"
    first = after(Captions((Caption(start, start + 7, said, alignment=place),)))

    assert len(first.cues) == 1
    assert after(first) == first
    assert after(after(first)) == first


@given(event=st.lists(st.sampled_from([*NASTY, "{\\i1}", "{\\i0", "\\c&HFF&}"]), max_size=9))
@settings(max_examples=200, deadline=None)
def test_an_event_of_any_text_comes_back(event: list[str]) -> None:
    text = shown("".join(event)).replace("\n", "\\N")
    once = captions(script(dialogue(text)).replace("\ufffd", "?"))

    assert after(once) == once


@given(
    data=st.binary(max_size=200)
    | marked.map(lambda text: script(dialogue(text)).encode("utf-8", "replace"))
    | texts.map(lambda text: ("[Events]\n" + text).encode("utf-8", "replace"))
)
@settings(max_examples=200, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    try:
        once = read(Source(data, "x"))
    except FormatError as refusal:
        sentence = str(refusal)
    else:
        sentence = "“x” can be read."
        assert len(after(once).cues) == len(once.cues)
    assert re.fullmatch(r"“x” [^\n]+\.", sentence)


@given(spoken=st.lists(st.text(alphabet="ab é.,!{}<>&\\N", min_size=1, max_size=9), min_size=1))
@settings(max_examples=100, deadline=None)
def test_pysubs2_finds_the_same_cues(spoken: list[str]) -> None:
    cues = tuple(Caption(n * 990, n * 990 + 500, escape(text)) for n, text in enumerate(spoken))

    opened = pysubs2.SSAFile.from_string(written(Captions(cues)).removeprefix("\ufeff"))

    assert [(e.start, e.end) for e in opened] == [(c.start, c.end) for c in cues]


@pytest.mark.parametrize(
    "text",
    [
        "{" * 300_000,
        "\\" * 300_000 + "N",
        "\\" + "\u2060" * 300_000,
        "{" + "\\a(" * 200_000 + "}",
        "{\\a(" + "(x)" * 100_000 + "}",
        "{" + "\\i1\\fs9\\i0\\fs8" * 10_000 + "}",
        "a{\\p1}" + "}{\\i1}{\\i0}" * 10_000,
        "{\\i1}a{\\c&H1&}b{\\i0}c{\\c}" * 3_000,
    ],
)
def test_text_made_to_be_slow_is_not(text: str) -> None:
    once = captions(script(dialogue(text)))

    assert after(once) == once


@pytest.mark.parametrize("text", ["<c.red>" * 10_000 + "</c>" * 10_000 + "a", "<v A>a" * 10_000])
def test_markup_made_to_be_slow_is_not(text: str) -> None:
    assert len(events(Caption(0, 10, text))) == 1


COUNTS = {
    "aegisub/ass-format-tests.ass": 40,
    "astisub/example-in.ssa": 6,
    "astisub/example-out-v4plus.ssa": 6,
    "astisub/example-out.ssa": 6,
    "libass/sub1.ass": 1,
    "mantas/ass.ass": 2,
    "mantas/ass_different_format2.ass": 2,
    "pysubs2/subtitle_with_attached_images_aegisub.ass": 1,
    "pysubs2/ttml_example.ass": 11,
    "pysubs2/ttml_example_apple.ass": 38,
    "subtitleedit/test.ass": 3,
    "subtitleedit/test.ssa": 3,
}
"""All dialogue of the files, the empty line with the attached pictures counted too."""


def test_every_file_of_other_programs_is_read_and_comes_back(shared_data: Path) -> None:
    subtitles = shared_data / "subtitles"
    counts = {}

    for path in sorted(p for p in subtitles.rglob("*") if p.suffix in FORMAT.extensions):
        source = Source(path.read_bytes(), path.name)
        once = read(source)
        counts[path.relative_to(subtitles).as_posix()] = len(once.cues)
        file = written(once)
        assert read(Source(file.encode())) == once
        kept = [line for line in source.text().split("\n") if not line.startswith("Dialogue:")]
        lines = set(file.removeprefix("\ufeff").split("\n"))
        assert {line for line in kept if line.strip() and "Actor" not in line} <= lines
        if path.parent.name == "astisub":  # pysubs2 takes fields of styles in one order alone
            continue
        theirs = pysubs2.SSAFile.from_string(source.text())
        ours = pysubs2.SSAFile.from_string(file.removeprefix("\ufeff"))
        assert [(e.start, e.end, e.style, e.name, e.plaintext) for e in ours] == [
            (e.start, e.end, e.style, e.name, e.plaintext) for e in theirs
        ]
        assert ours.styles == theirs.styles

    assert counts == COUNTS
