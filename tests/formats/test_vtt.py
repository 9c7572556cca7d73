"""WebVTT: read by the W3C's rules, written so that nobody can misread it."""

import pytest
import webvtt

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.document import Document, EngineUse, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, srt, vtt
from granite_studio.formats.base import Source

RICH = """\
WEBVTT - Harbour
Kind: captions
Language: en

NOTE a remark

NOTE
of two
lines

STYLE
::cue(.loud) { color: red; }

REGION
id:left
width:40%

intro
00:01.000 --> 00:02.500 region:left align:left
<v.loud Anna>Good <i>morning</i></v>
<c.loud>Q&amp;A</c> <00:01.500>now

100:00:00.000 --> 100:00:01.000
<ruby>漢<rt>kan</rt></ruby> &lrm;
"""


def read(text: str) -> Captions:
    return vtt.read(Source(text.encode(), "film.vtt"))


def write(*items: Caption | Block, header: str = "") -> str:
    return vtt.write(Content(captions=Captions(items, header))).decode()


def test_everything_in_a_rich_file_is_read() -> None:
    assert read(RICH) == Captions(
        (
            Block("NOTE", "a remark"),
            Block("NOTE", "of two\nlines"),
            Block("STYLE", "::cue(.loud) { color: red; }"),
            Block("REGION", "id:left\nwidth:40%"),
            Caption(
                1000,
                2500,
                "<v.loud Anna>Good <i>morning</i></v>\n<c.loud>Q&amp;A</c> <00:01.500>now",
                "intro",
                "region:left align:left",
            ),
            Caption(360_000_000, 360_001_000, "<ruby>漢<rt>kan</rt></ruby> &lrm;"),
        ),
        "- Harbour\nKind: captions\nLanguage: en",
    )


def test_a_rich_file_is_written_as_it_was() -> None:
    assert vtt.write(Content(captions=read(RICH))).decode() == RICH.replace(
        "00:01.000 -->", "00:00:01.000 -->"
    ).replace("--> 00:02.500", "--> 00:00:02.500")


def test_header_lines_stay_below_the_signature() -> None:
    file = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n"

    assert read(file).header == "\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000"
    assert vtt.write(Content(captions=read(file))).decode() == file


def test_careless_times_are_understood() -> None:
    file = "WEBVTT\n\n0:1,5 --> 00:00:02,25\na\n\n00:01:39 --> 00:01:41.04 line:0\nb\n"

    assert read(file).cues == (
        Caption(1500, 2250, "a"),
        Caption(99_000, 101_040, "b", settings="line:0"),
    )


def test_what_no_player_shows_is_kept_as_a_note() -> None:
    file = (
        "WEBVTT\n\n00:00:07.000 --> 00:00:1d.890\nlost?\n\n"
        "stray text\n\n00:01.000 --> 00:02.000\na\n"
    )

    captions = read(file)

    assert captions.items == (
        Block("NOTE", "00:00:07.000 --> 00:00:1d.890\nlost?"),
        Block("NOTE", "stray text"),
        Caption(1000, 2000, "a"),
    )
    assert read(vtt.write(Content(captions=captions)).decode()) == captions


@pytest.mark.parametrize(
    "text", ["", "VTTWEB", "WEBVTTx", "\nWEBVTT", "1\n00:01,0 --> 00:02,0\na"]
)
def test_without_its_first_word_it_is_not_webvtt(text: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(text)

    assert str(refusal.value) == (
        "“film.vtt” does not begin with the word WEBVTT; "
        "if it is an SRT file, rename it to end in .srt."
    )


def test_the_writer_lets_nothing_end_a_cue_early() -> None:
    cue = Caption(0, 1000, "a\n\nb -->\n00:00:05.000 --> 00:00:06.000", "x\ny-->", "line:0 a:-->")

    file = write(cue, header="a\n\n--> b")

    assert file == (
        "WEBVTT a\n-- > b\n\nx y-- >\n00:00:00.000 --> 00:00:01.000 line:0\n"
        "a\n\u2060\nb --&gt;\n00:00:05.000 --&gt; 00:00:06.000\n"
    )
    assert len(webvtt.from_string(file)) == 1


def test_times_before_zero_begin_at_zero() -> None:
    assert "00:00:00.000 --> 00:00:00.500" in write(Caption(-2000, 500, "a"))


def test_colours_of_subrip_become_classes_with_a_style() -> None:
    text = (
        '<font color="#FF0000">a</font> <font color=#12ab9f>b</font> '
        '<font face="x">c</font> <s>d</s>'
    )

    file = write(Caption(0, 1, text))

    assert "<c.red>a</c> <c.color12AB9F>b</c> c d" in file
    assert "STYLE\n::cue(c.color12AB9F) { color: #12ab9f; }\n\n" in file
    back = srt.write(Content(captions=read(file))).decode()
    assert '<font color="#ff0000">a</font> <font color="#12ab9f">b</font> c d' in back


def test_places_of_subrip_become_settings() -> None:
    lines = write(*(Caption(0, 1, "a", alignment=place) for place in (1, 2, 3, 5, 7, 8))).split(
        "\n"
    )

    assert [line.partition("00.001")[2].strip() for line in lines if "-->" in line] == [
        "align:left",
        "",
        "align:right",
        "line:50%,center",
        "line:0 align:left",
        "line:0",
    ]


def test_a_draft_says_so_in_a_note_that_no_player_shows() -> None:
    document = Document(
        (Segment(1, (Word(2, "Hello.", 0, 800),)),),
        engines=(EngineUse("draft", "", True),),
        next_id=3,
    )

    file = vtt.write(Content(document=document)).decode()

    assert file.startswith(
        "WEBVTT\n\nNOTE Draft: this text was written by a machine and nobody has checked it.\n\n"
    )
    assert [cue.text for cue in read(file).cues] == ["Hello."]
