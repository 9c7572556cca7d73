"""SubRip: what people's files look like, read without loss and written for every player."""

import time

import pytest
import srt as srt_oracle

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, srt
from granite_studio.formats.base import Source
from granite_studio.formats.markup import plain

TIMES = "00:00:01,000 --> 00:00:02,000"


def read(text: str) -> tuple[Caption, ...]:
    return srt.read(Source(text.encode(), "film.srt")).cues


def write(*items: Caption | Block) -> str:
    return srt.write(Content(captions=Captions(items))).decode()


def test_a_plain_file_is_read_and_written_the_same() -> None:
    file = (
        "1\n00:00:01,000 --> 00:00:02,500\nHello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"
    )

    assert read(file) == (
        Caption(1000, 2500, "Hello\nthere", "1"),
        Caption(3000, 4000, "Bye", "2"),
    )
    assert write(*read(file)) == file


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("00:00:01,000 --> 00:00:02,000", 1000, 2000),
        ("00:00:01.000 --> 00:00:02.000", 1000, 2000),
        ("0:0:1,5 --> 0:0:2,25", 1500, 2250),
        ("00:01:39 --> 00:01:41,04", 99_000, 101_040),
        ("01:39,000 --> 01:41,000", 99_000, 101_000),
        ("00:00:01,0001234 --> 00:00:02,9999", 1000, 2999),
        ("100:00:00,000 --> 123:59:59,999", 360_000_000, 446_399_999),
        ("-00:00:01,500 --> 00:00:00,500", -1500, 500),
        ("00:00:05,000 --> 00:00:04,000", 5000, 4000),
        ("  00:00:01,000-->00:00:02,000 \t", 1000, 2000),
        ("00:00:01,000 -> 00:00:02,000", 1000, 2000),
        ("00:00:01,000 – > 00:00:02,000", 1000, 2000),  # noqa: RUF001
        ("00:00:01,000 → 00:00:02,000", 1000, 2000),
        ("00: 00: 01, 000 --> 00 :00 :02 ,000", 1000, 2000),
        ("00：00：01，000 --> 00:00:02:000", 1000, 2000),  # noqa: RUF001
    ],
)
def test_times_are_read_however_they_are_typed(times: str, start: int, end: int) -> None:
    assert read(f"1\n{times}\nText\n") == (Caption(start, end, "Text", "1"),)


def test_numbers_may_be_missing_or_doubled() -> None:
    file = "00:00:01,000 --> 00:00:02,000\na\n\n7\n00:00:03,000 --> 00:00:04,000\nb\n\n7\n" + (
        "00:00:05,000 --> 00:00:06,000\nc\n"
    )

    assert [(cue.id, cue.text) for cue in read(file)] == [("", "a"), ("7", "b"), ("7", "c")]
    assert [line for line in write(*read(file)).split("\n") if line.isdigit()] == ["1", "2", "3"]


def test_numbers_that_rise_are_kept() -> None:
    assert write(Caption(0, 1, "a", "101"), Caption(2, 3, "b", "103")).startswith("101\n")
    assert "\n103\n" in write(Caption(0, 1, "a", "101"), Caption(2, 3, "b", "103"))


def test_a_missing_empty_line_does_not_join_two_cues() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb"

    assert [cue.text for cue in read(file)] == ["a", "b"]


def test_windows_old_mac_and_doubly_converted_line_ends() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\na\nb\n\n2\n00:00:03,000 --> 00:00:04,000\nc\n"

    for ending in ("\r\n", "\r", "\r\r\n"):
        assert read("\ufeff" + file.replace("\n", ending)) == read(file)


def test_a_mark_left_in_the_middle_by_joining_files_is_no_text() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\na\n\n\ufeff1\n00:00:03,000 --> 00:00:04,000\nb\n"

    assert [cue.text for cue in read(file)] == ["a", "b"]


def test_an_empty_cue_stays() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n"

    assert [cue.text for cue in read(file)] == ["", "b"]
    assert read(write(*read(file))) == read(file)


def test_an_empty_line_inside_a_cue_is_kept_and_ends_no_cue_elsewhere() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n\n\n\n2\n00:00:03,000 --> 00:00:04,000\nc\n"

    assert [cue.text for cue in read(file)] == ["a\n\nb", "c"]
    written = write(*read(file))
    assert "a\n\u2060\nb\n" in written
    assert read(written) == read(file)


def test_spaces_in_text_are_kept_and_lines_of_blanks_around_it_are_not() -> None:
    file = f"1\n{TIMES}\n \n  indented \n\t\n\n2\n{TIMES}\n"

    assert [cue.text for cue in read(file)] == ["  indented ", ""]


def test_coordinates_are_kept() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000  X1:040 X2:600 Y1:020 Y2:050\na\n"

    assert read(file)[0].coordinates == "X1:040 X2:600 Y1:020 Y2:050"
    assert write(*read(file)) == file.replace("  X1", " X1")


def test_places_are_read_from_anywhere_in_a_cue_and_written_in_front() -> None:
    (cue,) = read("1\n00:00:01,000 --> 00:00:02,000\na {\\an8}b{\\an1}\n")

    assert (cue.text, cue.alignment) == ("a b", 8)
    assert "\n{\\an8}a b\n" in write(cue)


def test_tags_become_cue_text_and_come_back() -> None:
    file = '1\n00:00:01,000 --> 00:00:02,000\n<I>a</I> <font color="#ff0000">b</font> <s>c</s>\n'

    (cue,) = read(file)

    assert cue.text == '<i>a</i> <font color="#ff0000">b</font> <s>c</s>'
    assert write(cue) == file.replace("<I>", "<i>").replace("</I>", "</i>")


def test_override_blocks_come_back() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\n{\\pos(10, 20)}a {\\i1}b{\\i0}\n"

    assert read(file)[0].text == "<ass \\pos(10, 20)>a <ass \\i1>b<ass \\i0>"
    assert write(*read(file)) == file


def test_what_is_no_tag_is_text() -> None:
    (cue,) = read("1\n00:00:01,000 --> 00:00:02,000\n1 < 2 & 3 > 2 <bold> <laughs> {x} &nosuch;\n")

    assert cue.text == ("1 &lt; 2 &amp; 3 &gt; 2 &lt;bold&gt; &lt;laughs&gt; {x} &amp;nosuch;")
    assert "1 < 2 & 3 > 2 <bold> <laughs> {x} &nosuch;" in write(cue).replace("\u2060", "")


def test_a_tag_that_never_ends_takes_no_time() -> None:
    began = time.monotonic()

    (cue,) = read(f"1\n00:00:01,000 --> 00:00:02,000\n<b {'=' * 200_000}\n")

    assert plain(cue.text).endswith("====")
    assert time.monotonic() - began < 10


def test_a_comparison_is_no_tag() -> None:
    (cue,) = read("1\n00:00:01,000 --> 00:00:02,000\na<b & c>d <b >e</b >\n")

    assert cue.text == "a&lt;b &amp; c&gt;d <b>e</b>"


def test_entities_that_the_web_left_behind_are_undone() -> None:
    (cue,) = read("1\n00:00:01,000 --> 00:00:02,000\nQ&amp;A &lt;3 caf&eacute; don&#39;t\n")

    assert cue.text == "Q&amp;A &lt;3 café don't"
    assert "\nQ&A <3 café don't\n" in write(cue)


def test_text_that_looks_like_markup_is_shown_as_it_is() -> None:
    file = write(Caption(0, 1, "&lt;b&gt; {\\p1} &amp;amp; --&gt; {\\an8}"))

    assert "<\u2060b> {\u2060\\p1} &\u2060amp; --\u2060> {\u2060\\an8}" in file
    assert read(file) == (Caption(0, 1, "&lt;b&gt; {\\p1} &amp;amp; --&gt; {\\an8}", "1"),)


def test_a_cue_that_quotes_subtitles_stays_one_cue() -> None:
    quoted = "a\n\n2\n00:00:03,000 --&gt; 00:00:04,000\nb\n00:00:05,000 -&gt; 00:00:06,000"

    file = write(Caption(0, 1, quoted))

    assert read(file) == (Caption(0, 1, quoted, "1"),)
    assert len(list(srt_oracle.parse(file))) == 1


def test_voices_colours_and_ruby_of_webvtt_become_what_subrip_has() -> None:
    text = (
        "<v.loud Anna>Hi <c.yellow.big>you</c></v> "
        "<c.thin>and</c> <00:01.000><lang ja><ruby>漢<rt>kan"
    )

    assert '\nAnna: Hi <font color="#ffff00">you</font> and 漢(kan)\n' in write(
        Caption(0, 1, text)
    )


def test_webvtt_placement_becomes_the_nearest_place() -> None:
    assert "\n{\\an8}a\n" in write(Caption(0, 1, "a", settings="line:0"))
    assert "\n{\\an9}a\n" in write(Caption(0, 1, "a", settings="line:5% align:right"))
    assert "\na\n" in write(Caption(0, 1, "a", settings="line:90% align:center"))


def test_notes_styles_and_names_of_cues_have_no_place() -> None:
    file = write(
        Block("NOTE", "a remark"), Caption(0, 1, "a", "intro"), Block("STYLE", "::cue {}")
    )

    assert file == "1\n00:00:00,000 --> 00:00:00,001\na\n"


def test_an_empty_file_has_no_cues() -> None:
    assert read("") == ()
    assert read("\ufeff\r\n \r\n") == ()
    assert write() == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear diary", "“film.srt” has no subtitle times in it; choose an SRT file."),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\na",
            "“film.srt” is a WebVTT file; rename it to end in .vtt.",
        ),
    ],
)
def test_other_text_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(text)

    assert str(refusal.value) == sentence


def test_negative_times_and_days_come_back() -> None:
    cues = (Caption(-90_061_001, -1, "a", "1"), Caption(0, 400_000_000, "b", "2"))

    assert read(write(*cues)) == cues
