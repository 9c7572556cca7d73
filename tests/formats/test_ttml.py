"""TTML: every dialect read as its specification says, written as three profiles of it."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Document, EngineUse, Segment, Speaker, Word
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, Rate
from granite_studio.formats import Content, ttml
from granite_studio.formats.base import Format, Source
from granite_studio.formats.cue_settings import numpad_of, parse
from granite_studio.formats.markup import plain

FORMATS = [ttml.IMSC, ttml.EBU_TT_D, ttml.ITT]
TT = "{http://www.w3.org/ns/ttml}"
TTS = "{http://www.w3.org/ns/ttml#styling}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def read(body: str, head: str = "", root: str = "") -> tuple[Caption, ...]:
    return ttml.read(Source(document(body, head, root).encode(), "film.ttml")).cues


def document(body: str, head: str = "", root: str = "") -> str:
    return (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
        'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
        f'xml:lang="en" {root}><head>{head}</head><body>{body}</body></tt>'
    )


def said(body: str, head: str = "", root: str = "") -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, cue.text) for cue in read(body, head, root)]


def text(inside: str, head: str = "") -> str:
    (cue,) = read(f'<div><p begin="1s" end="2s">{inside}</p></div>', head)
    return cue.text


def placed(region: str, align: str = "", root: str = "") -> str:
    (cue,) = read(
        f'<div><p region="r" begin="1s" end="2s" {align}>a</p></div>',
        f'<layout><region xml:id="r" {region}/></layout>',
        root,
    )
    return cue.settings


def refusal(data: bytes) -> str:
    with pytest.raises(FormatError) as refused:
        ttml.read(Source(data, "x.ttml"))
    return str(refused.value)


def again(known: Format, captions: Captions) -> Captions:
    assert known.read is not None
    read = known.read(Source(known.write(Content(captions=captions))))
    assert isinstance(read, Captions)
    return read


@pytest.mark.parametrize(
    ("time", "root", "ms"),
    [
        ("00:00:01.5", "", 1500),
        ("00:00:01,250", "", 1250),
        ("100:00:00.001", "", 360_000_001),
        ("01:02:03", "", 3_723_000),
        ("3:58.640", "", 238_640),
        ("1.5h", "", 5_400_000),
        ("2m", "", 120_000),
        ("1.25s", "", 1250),
        ("19.764", "", 19_764),
        ("1500ms", "", 1500),
        ("30f", "", 1000),
        ("37405000000t", 'ttp:tickRate="10000000"', 3_740_500),
        ("50t", 'ttp:frameRate="25"', 2000),
        ("7t", "", 7000),
        ("00:00:01:12", 'ttp:frameRate="24"', 1500),
        ("00:00:01:12.1", 'ttp:frameRate="24" ttp:subFrameRate="2"', 1521),
        ("24f", 'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001"', 1001),
        ("24f", 'ttp:frameRate="24" ttp:frameRateMultiplier="999:1000"', 1001),
        (
            "01:00:00:00",
            'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"',
            3_603_600,
        ),
        (
            "01:00:00;00",
            'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" '
            'ttp:dropMode="dropNTSC"',
            3_599_996,
        ),
        (
            "01:00:00:00",
            'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" '
            'ttp:dropMode="dropPAL"',
            3_599_996,
        ),
        ("00:00:05.25", 'ttp:timeBase="smpte" ttp:frameRate="25"', 5250),
    ],
)
def test_times_are_read_in_every_way_of_counting(time: str, root: str, ms: int) -> None:
    assert read(f'<div><p begin="{time}" dur="1s">a</p></div>', root=root)[0].start == ms


def test_times_count_from_the_parent_and_end_with_it() -> None:
    assert said(
        '<div begin="10s" end="20s"><p begin="1s" end="4s">a</p><p begin="8s" dur="5s">b</p>'
        "<p>c</p></div>"
    ) == [(11_000, 14_000, "a"), (18_000, 20_000, "b"), (10_000, 20_000, "c")]


def test_the_shorter_of_end_and_duration_counts() -> None:
    assert said('<div><p begin="1s" end="9s" dur="2s">a</p></div>') == [(1000, 3000, "a")]


def test_in_a_sequence_one_begins_where_the_one_before_ended() -> None:
    body = (
        '<div timeContainer="seq"><p dur="2s">a</p><p begin="1s" dur="2s">b</p>'
        '<div><p end="1s">c</p><p end="3s">d</p></div><p dur="1s">e</p></div>'
    )

    assert said(body) == [
        (0, 2000, "a"),
        (3000, 5000, "b"),
        (5000, 6000, "c"),
        (5000, 8000, "d"),
        (8000, 9000, "e"),
    ]


def test_what_follows_something_endless_in_a_sequence_never_comes() -> None:
    assert said('<div timeContainer="seq"><p begin="1s">a</p><p dur="1s">b</p></div>') == [
        (1000, 6000, "a")
    ]


def test_without_an_end_a_cue_lasts_until_the_next() -> None:
    assert said('<div><p begin="1s">a</p><p begin="4s">b</p></div>') == [
        (1000, 4000, "a"),
        (4000, 9000, "b"),
    ]


def test_times_from_the_start_of_the_film_in_timed_parents_are_seen_through() -> None:
    body = (
        '<div begin="60s" end="90s"><p begin="60s" end="62s">a</p>'
        '<p begin="80s" end="85s">b</p></div>'
    )

    assert said(body) == [(60_000, 62_000, "a"), (80_000, 85_000, "b")]


def test_what_begins_after_its_parents_end_is_not_shown() -> None:
    assert said('<div end="5s"><p begin="1s" end="2s">a</p><p begin="6s">b</p></div>') == [
        (1000, 2000, "a")
    ]


def test_spans_that_come_and_go_make_several_cues() -> None:
    body = (
        '<div><p begin="10s" end="16s">Always'
        '<span begin="2s" end="4s"> sometimes</span><span begin="3s"> later</span></p></div>'
    )

    assert said(body) == [
        (10_000, 12_000, "Always"),
        (12_000, 13_000, "Always sometimes"),
        (13_000, 14_000, "Always sometimes later"),
        (14_000, 16_000, "Always later"),
    ]


def test_spans_alone_with_times_leave_no_empty_cue() -> None:
    body = (
        '<div><p>\n<span begin="1s" end="2s">a</span><br/>'
        '<span begin="3s" end="4s">b</span></p></div>'
    )

    assert said(body) == [(1000, 2000, "a\n"), (3000, 4000, "\nb")]


def test_changes_of_style_are_followed() -> None:
    body = '<div><p begin="0s" end="9s"><set begin="5s" tts:fontWeight="bold"/>a</p></div>'

    assert said(body) == [(0, 5000, "a"), (5000, 9000, "<b>a</b>")]


def test_word_times_of_song_texts_become_time_stamps() -> None:
    body = (
        '<div begin="10s" end="20s"><p begin="10s" end="12s"><span begin="10s" end="11s">One'
        '</span> <span begin="11s" end="12s">word</span></p></div>'
    )
    root = 'xmlns:itunes="http://music.apple.com/lyric-ttml-internal" itunes:timing="Word"'

    assert said(body, root=root) == [(10_000, 12_000, "One <00:00:11.000>word")]


def test_faulty_and_empty_cues_stay() -> None:
    body = '<div><p begin="5s" end="4s">a<span>b</span></p><p begin="6s" end="7s"/></div>'

    assert said(body) == [(5000, 4000, "ab"), (6000, 7000, "")]


def test_time_codes_count_from_the_start_of_the_programme() -> None:
    head = (
        '<metadata xmlns:e="urn:ebu:tt:metadata"><e:documentMetadata>'
        "<e:documentStartOfProgramme>10:00:00:00</e:documentStartOfProgramme>"
        "</e:documentMetadata></metadata>"
    )
    root = 'ttp:timeBase="smpte" ttp:frameRate="25"'
    body = '<div><p begin="10:00:05:05" end="10:00:06:00">a</p></div>'

    assert said(body, head, root) == [(5200, 6000, "a")]


def test_blanks_collapse_and_line_ends_are_said_with_br() -> None:
    assert text("\n  one\n <span> two </span> three <br/>\n four \n") == "one two three\nfour"
    assert text('a <span xml:space="preserve"> b\nc </span> d') == "a  b\nc  d"
    assert text("a\u00a0 \u00a0b") == "a\u00a0 \u00a0b"


def test_styles_come_from_spans_names_parents_and_regions() -> None:
    head = (
        '<styling><style xml:id="a" tts:fontStyle="italic"/>'
        '<style xml:id="b" style="a" tts:color="yellow"/><style xml:id="c" style="c d"/>'
        '<style xml:id="d" style="c" tts:textDecoration="underline"/></styling>'
        '<layout><region xml:id="r"><style tts:fontWeight="bold"/></region></layout>'
    )

    assert text('<span style="b">x</span>', head) == "<c.yellow><i>x</i></c>"
    assert text('<span style="a b" tts:fontStyle="normal">x</span>', head) == "<c.yellow>x</c>"
    assert text('<span style="c">x</span>', head) == "<u>x</u>"
    assert said('<div region="r"><p begin="1s" end="2s">x</p></div>', head)[0][2] == "<b>x</b>"
    assert (
        text(
            '<span tts:textDecoration="underline lineThrough">a'
            '<span tts:textDecoration="noUnderline">b</span></span>'
        )
        == "<u><s>a</s></u><s>b</s>"
    )


@pytest.mark.parametrize(
    ("colour", "written"),
    [
        ("white", "x"),
        ("#FFFFFFff", "x"),
        ("Aqua", "<c.cyan>x</c>"),
        ("rgb(1, 2,255)", '<font color="#0102ff">x</font>'),
        ("rgba(255,0,0,128)", "<c.red>x</c>"),
        ("#12ab9f80", '<font color="#12ab9f">x</font>'),
        ("transparent", "x"),
    ],
)
def test_colours(colour: str, written: str) -> None:
    assert text(f'<span tts:color="{colour}">x</span>') == written


def test_what_is_not_displayed_is_left_out() -> None:
    assert text('a<span tts:display="none">b</span><span tts:visibility="hidden">c</span>') == "a"
    assert said('<div tts:display="none"><p begin="1s" end="2s">a</p></div>') == []


def test_ruby_and_speakers() -> None:
    head = (
        '<metadata><ttm:agent xml:id="a1" type="person"><ttm:name type="alias">A.</ttm:name>'
        '<ttm:name type="full">Anna &amp;\nCo</ttm:name></ttm:agent></metadata>'
    )
    ruby = (
        '<span tts:ruby="container"><span tts:ruby="base">東</span>'
        '<span tts:ruby="delimiter">(</span><span tts:ruby="text">とう</span></span>'
    )

    assert text(f"{ruby}京") == "<ruby>東<rt>とう</rt></ruby>京"
    assert text('a<span ttm:agent="a1">b</span>c', head) == "a<v Anna &amp; Co>b</v>c"
    assert text('<span ttm:agent="a1 zz">b</span>', head) == "<v Anna &amp; Co>b"


@pytest.mark.parametrize(
    ("origin", "extent", "display", "settings"),
    [
        ("10% 10%", "80% 80%", "after", ""),
        ("10% 10%", "80% 80%", "before", "line:0"),
        ("10% 10%", "80% 80%", "center", "line:50%,center"),
        ("10% 70%", "80% 20%", "before", "line:70%"),
        ("10% 10%", "80% 50%", "after", "line:60%,end"),
        ("64px 48px", "512px 384px", "center", "line:50%,center"),
        ("5c 2c", "40c 26c", "center", "line:50%,center"),
        ("5em 2em", "40em 26em", "after", ""),
        ("0% 0%", "50% 100%", "after", "position:25% size:50%"),
        ("25% 0%", "50% 100%", "after", "size:50%"),
    ],
)
def test_regions_become_cue_settings(
    origin: str, extent: str, display: str, settings: str
) -> None:
    region = f'tts:origin="{origin}" tts:extent="{extent}" tts:displayAlign="{display}"'

    assert placed(region, root='tts:extent="640px 480px" ttp:cellResolution="50 30"') == settings


def test_alignment_of_text_moves_the_edge_that_a_position_names() -> None:
    region = 'tts:origin="20% 0%" tts:extent="50% 100%" tts:displayAlign="after"'

    assert placed(region, 'tts:textAlign="end"') == "position:70% size:50% align:end"
    assert placed(region, 'tts:textAlign="left"') == "position:20% size:50% align:left"
    assert placed("", 'tts:textAlign="start"') == "align:start"


def test_regions_say_little_or_speak_like_a_style_sheet() -> None:
    assert placed("") == placed('tts:displayAlign="after"') == ""
    assert placed('tts:extent="560px 62px" tts:displayAlign="after"') == ""
    assert placed('tts:origin="10% 70%" tts:extent="80% 20%"') == "line:70%"
    assert placed('tts:writingMode="tbrl" tts:extent="10% 80%"') == "vertical:rl"
    corner = 'tts:extent="40% 20%" tts:displayAlign="after" tts:position='
    assert placed(f'{corner}"right bottom"') == "position:80% size:40%"
    assert placed(f'{corner}"top"') == "line:20%,end size:40%"


def test_old_and_careless_dialects() -> None:
    old = '<tt xmlns="http://www.w3.org/2006/10/ttaf1"><body><div><p begin="1s" end="2s">a'
    ends = "</p></div></body></tt>"

    for start in (old, old.replace(' xmlns="http://www.w3.org/2006/10/ttaf1"', ""), "\n" + old):
        cues = ttml.read(Source(f"{start} &nbsp;& b &lt;{ends}".encode())).cues
        assert [cue.text for cue in cues] == ["a \u00a0&amp; b &lt;"]
    for encoding in ("iso-8859-1", "windows-1251", "utf-16"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{old} – é'  # noqa: RUF001
        data = f"{declared}{ends}".encode(encoding, "xmlcharrefreplace")
        assert ttml.read(Source(data)).cues[0].text == "a – é"  # noqa: RUF001


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is damaged XML (no element found in line 1)"),
        (b"1\n00:00:01,000 --> 00:00:02,000\na\n", "is not an XML file"),
        (b"<html><body/></html>", "holds <html> and not TTML"),
        (b"<tt><body>", "is damaged XML (no element found in line 1)"),
        (b"<!DOCTYPE tt SYSTEM 'http://a.example/'><tt/>", "declares a document type"),
        (b"<!DOCTYPE tt [<!ENTITY a 'b'>]><tt>&a;</tt>", "declares a document type"),
        (b"<tt>" * 100, "holds more elements, or deeper ones,"),
        (b"<tt><body><div><p>a</p></div></body></tt>", "has text but no times for it"),
        (
            b"<tt xmlns:s='urn:s'><body><p begin='1s' dur='2s' s:backgroundImage=''/></body></tt>",
            "holds pictures of subtitles and no text",
        ),
        (
            b"<tt><body><p begin='soon'>a</p></body></tt>",
            "has “soon” where a time should be; correct that time.",
        ),
    ],
)
def test_what_is_no_ttml_is_refused(data: bytes, reason: str) -> None:
    assert refusal(data).startswith(f"“x.ttml” {reason}")
    assert refusal(data).endswith(".")


def test_paragraphs_made_to_take_for_ever_are_refused() -> None:
    spans = "".join(f'<span begin="{n}ms">a</span>' for n in range(6000))

    assert "change more often" in refusal(document(f"<div><p>{spans}</p></div>").encode())


def test_a_long_name_said_again_and_again_is_refused() -> None:
    agent = f'<ttm:agent xml:id="a"><ttm:name>{"n" * 99_999}</ttm:name></ttm:agent>'
    body = """<div><p begin="1s" ttm:agent="a">x</p></div>""" * 900

    assert "more often" in refusal(document(body, agent).encode())


def test_files_without_text_have_no_cues() -> None:
    assert ttml.read(Source(b"<tt/>")).cues == ()
    assert said("<div/>") == []


CUES = Captions(
    (
        Caption(1000, 2500, "<v Anna>Hello &amp; <i>welcome</i>\nto <b>you</b>", "first"),
        Caption(3000, 4000, "<v A>Who?</v>\n<v B>Me!</v>", settings="line:0"),
        Caption(4000, 5000, '<c.yellow>Sun</c> <font color="#123456">sea</font>', alignment=9),
        Caption(
            6000, 7000, "<ruby>東<rt>とう</rt></ruby> <u><s>a</s></u>", settings="vertical:rl"
        ),
    )
)


def test_imsc_holds_all_that_it_carries() -> None:
    cues = again(ttml.IMSC, CUES).cues

    assert [cue.text for cue in cues] == [cue.text for cue in CUES.cues]
    assert [cue.settings for cue in cues] == ["", "line:0", "line:0 align:right", "vertical:rl"]
    assert cues[0].id == "first"


def test_ebu_tt_d_has_no_ruby_and_strikes_nothing() -> None:
    texts = [cue.text for cue in again(ttml.EBU_TT_D, CUES).cues]

    assert texts[:3] == [cue.text for cue in CUES.cues[:3]]
    assert texts[3] == "東(とう) <u>a</u>"


def test_itt_names_speakers_in_text_and_knows_top_and_bottom() -> None:
    cues = again(ttml.ITT, CUES).cues

    assert [cue.text for cue in cues][:2] == [
        "Anna: Hello &amp; <i>welcome</i>\nto <b>you</b>",
        "A: Who?\nB: Me!",
    ]
    assert [cue.settings for cue in cues] == ["", "line:0", "line:0", ""]
    file = ttml.ITT.write(Content(captions=Captions((Caption(1010, 1015, "a"),)))).decode()
    assert 'begin="00:00:01:00" end="00:00:01:01"' in file


def test_an_imsc_file_as_it_is_written() -> None:
    cue = Caption(1000, 2500, "<v Anna>a <i>b</i>\nc", "first", "line:0 align:start")

    file = ttml.IMSC.write(Content(captions=Captions((cue,)), language="de", title="A & B"))

    assert file.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
        'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        'ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text" '
        'ttp:timeBase="media" ttp:cellResolution="50 30" xml:lang="de" xml:space="preserve">\n'
        "  <head>\n"
        "    <metadata>\n"
        "      <ttm:title>A &amp; B</ttm:title>\n"
        '      <ttm:agent xml:id="agent1" type="person"><ttm:name type="full">Anna</ttm:name>'
        "</ttm:agent>\n"
        "    </metadata>\n"
        "    <styling>\n"
        '      <style xml:id="page" tts:fontFamily="proportionalSansSerif" tts:fontSize="160%" '
        'tts:lineHeight="normal" tts:color="#ffffff" tts:textAlign="center"/>\n'
        '      <style xml:id="box" tts:backgroundColor="#000000c2"/>\n'
        '      <style xml:id="alignStart" tts:textAlign="start"/>\n'
        '      <style xml:id="look1" tts:fontStyle="italic"/>\n'
        "    </styling>\n"
        "    <layout>\n"
        '      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" '
        'tts:displayAlign="after" tts:overflow="visible"/>\n'
        '      <region xml:id="region1" tts:origin="10% 10%" tts:extent="80% 80%" '
        'tts:displayAlign="before" tts:overflow="visible"/>\n'
        "    </layout>\n"
        "  </head>\n"
        '  <body style="page">\n'
        "    <div>\n"
        '      <p xml:id="first" begin="00:00:01.000" end="00:00:02.500" region="region1" '
        'style="alignStart" ttm:agent="agent1"><span style="box">a </span>'
        '<span style="box look1">b</span><span style="box"><br/>c</span></p>\n'
        "    </div>\n"
        "  </body>\n"
        "</tt>\n"
    )


ALLOWED = {
    "style": {
        *("fontFamily", "fontSize", "lineHeight", "textAlign", "color", "backgroundColor"),
        *("fontStyle", "fontWeight", "textDecoration"),
    },
    "region": {"origin", "extent", "displayAlign", "writingMode", "overflow"},
}
"""What EBU Tech 3380 lets these elements have of our styles; others refer to them."""


def test_ebu_tt_d_keeps_to_its_elements_and_attributes() -> None:
    root = ElementTree.fromstring(ttml.EBU_TT_D.write(Content(captions=CUES)))

    assert [child.tag for child in root] == [f"{TT}head", f"{TT}body"]
    assert [child.tag for child in root[0]] == [
        f"{TT}{n}" for n in ("metadata", "styling", "layout")
    ]
    assert root.get("{http://www.w3.org/ns/ttml#parameter}timeBase") == "media"
    for element in root.iter():
        styled = {key.removeprefix(TTS) for key in element.attrib if key.startswith(TTS)}
        assert styled <= ALLOWED.get(element.tag.removeprefix(TT), set())
    assert all(p.get(f"{XML}id") and p.get("region") for p in root.iter(f"{TT}p"))
    assert not list(root.iterfind(f".//{TT}span/{TT}span"))


@pytest.mark.parametrize("known", FORMATS)
def test_every_name_is_given_once_and_every_reference_is_kept(known: Format) -> None:
    cues = [
        Caption(n * 1000, n * 1000 + 9, f"<v V{n}><b>a", "page" if n else "x") for n in range(9)
    ]
    odd = [Caption(0, 1, "a", name) for name in ("x", "1", "é", "region1", "", "a b", "cue3")]
    root = ElementTree.fromstring(known.write(Content(captions=Captions((*cues, *odd)))))

    ids = [element.get(f"{XML}id") for element in root.iter()]
    names = [name for name in ids if name]
    assert len(names) == len(set(names))
    for key in ("style", "region", "{http://www.w3.org/ns/ttml#metadata}agent"):
        for element in root.iter():
            assert set((element.get(key) or "").split()) <= set(names)


def test_a_draft_says_so_and_a_transcript_its_language() -> None:
    word = Word(2, "Hallo.", 0, 900)
    draft = Document(
        (Segment(1, (word,), speaker=3),),
        next_id=4,
        language="de",
        speakers=(Speaker(3, "Eva"),),
        engines=(EngineUse("draft", "", True),),
    )

    for known in FORMATS:
        file = known.write(Content(document=draft)).decode()
        assert "<ttm:desc>Draft: this text" in file
        assert 'xml:lang="de"' in file
        assert "Eva" in file


NASTY = [
    *("<b>", "</b>", "<i", "]]>", "<![CDATA[", "<!--", "-->", "<?xml?>", "<!DOCTYPE a>", "<br/>"),
    *("&amp;", "&lt;", "&#10;", "&", "&nosuch;", "<tt>", "</p>", "'", '"', "<v Anna>"),
    *("\n", "\n\n", " \n ", "\t", "  ", "\r\n", "\r", "\u00a0", "\u2028", "\x85", "\u3000"),
    *("\0", "\x01", "\x0b", "\x1b", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udfff"),
    *("\u202e", "\u200f", "\U0001f469\u200d\U0001f52c", "é", "東京", "a", "Q", "00:00:01.000"),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=9).map("".join)
times = st.integers(0, 400_000_000)
times_of_a_day = st.integers(0, 86_399_000)
TAGS = [
    *("<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "<s>", "</s>", "<v Anna>", "<v B &amp; C>"),
    *("</v>", "<c.red>", "<c.color12AB9F>", "</c>", '<font color="#00ff7f">', "<font size=3>"),
    *("</font>", "<ruby>", "</ruby>", "<rt>", "</rt>", "<00:00:01.000>", "<lang de>", "<x>"),
    *("<", "</"),
]
tags = st.sampled_from(TAGS)
markup = st.lists(tags | texts.map(escape), max_size=12).map("".join)


def shown(text: str) -> str:
    """What XML can hold of a text: line ends are newlines, the impossible is marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if is_xml(c) else "\ufffd" for c in text)


def is_xml(c: str) -> bool:
    return c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")


@pytest.mark.parametrize("known", FORMATS)
@given(spoken=st.lists(texts, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_text_is_lost_or_becomes_another_cue(known: Format, spoken: list[str]) -> None:
    cues = [Caption(n * 1000, n * 1000 + 920, escape(said)) for n, said in enumerate(spoken)]

    read = again(known, Captions(tuple(cues))).cues

    assert [cue.text for cue in read] == [escape(shown(said)) for said in spoken]
    assert [(cue.start, cue.end) for cue in read] == [(cue.start, cue.end) for cue in cues]
    assert not any(cue.settings for cue in read)


@pytest.mark.parametrize("known", FORMATS)
@given(
    cue=st.builds(
        Caption,
        times_of_a_day,
        times_of_a_day,
        markup,
        texts,
        st.sampled_from(["", "line:0", "line:x", "size:0%"]),
    )
)
@settings(max_examples=80, deadline=None)
def test_what_was_written_once_is_written_the_same_for_ever(known: Format, cue: Caption) -> None:
    once = again(known, Captions((cue,)))

    assert len(once.cues) == 1
    assert again(known, once) == once
    if known is ttml.IMSC:  # in ruby a line end is a blank
        read, original = (plain(shown(c.text)).replace("\n", " ") for c in (*once.cues, cue))
        assert read == original


percents = st.integers(0, 100).map("{}%".format)


@given(
    st.lists(
        percents.map("line:{}".format)
        | percents.map("line:{},end".format)
        | percents.map("line:{},center".format)
        | st.integers(-30, 30).map("line:{}".format)
        | percents.map("position:{}".format)
        | percents.map("size:{}".format)
        | st.sampled_from(["start", "center", "end", "left", "right"]).map("align:{}".format)
        | st.sampled_from(["vertical:rl", "vertical:lr", "region:a", "line:1e9"]),
        max_size=4,
    ).map(" ".join)
)
@settings(max_examples=150, deadline=None)
def test_places_stay_where_they_are(placing: str) -> None:
    def written(settings: str) -> str:
        captions = Captions((Caption(0, 1000, "a", settings=settings),))
        return again(ttml.IMSC, captions).cues[0].settings

    once = written(placing)

    assert written(once) == once
    assert parse(once).align == parse(placing).align
    assert parse(once).vertical == parse(placing).vertical


@pytest.mark.parametrize("place", [None, *range(1, 10)])
def test_numpad_places_come_back_as_settings(place: int | None) -> None:
    (cue,) = again(ttml.IMSC, Captions((Caption(0, 1, "a", alignment=place),))).cues

    assert numpad_of(cue.settings) == (None if place == 2 else place)


XML_PARTS = [
    *("<p>", "</p>", "<p begin='1s' end='2s'>", "<div begin='1s' timeContainer='seq'>", "</div>"),
    *("<span begin='1s' style='a b'>", "</span>", "<br/>", "<set begin='0s' color='red'/>", "a"),
    *("<p end='-1s'>", "<p dur='0s' region='r'>", " ", "&amp;", "&x;", "&#0;", "<", "<!--", "-->"),
]


@given(
    st.binary(max_size=99)
    | st.lists(st.sampled_from(XML_PARTS), max_size=14).map(lambda p: "".join(p).encode())
)
@settings(max_examples=250, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    for file in (data, b"<tt><body>" + data + b"</body></tt>"):
        captions = read_or_refused(file)
        once = again(ttml.IMSC, captions)
        assert again(ttml.IMSC, once) == once


def read_or_refused(data: bytes) -> Captions:
    try:
        return ttml.read(Source(data, "x"))
    except FormatError as refused:
        sentence = str(refused)
    assert sentence.startswith("“x” ")
    assert sentence.endswith(".")
    return Captions()


def test_only_what_is_broken_is_mended() -> None:
    data = '<p begin="1s" end="2s"><![CDATA[Q&A]]> {}</p>'

    assert said(f"<div>{data.format('B&amp;B')}</div>") == [(1000, 2000, "Q&amp;A B&amp;B")]
    assert said(f"<div>{data.format(chr(1))}</div>") == [(1000, 2000, "Q&amp;A \ufffd")]
    assert said('<div><p begin="1s" end="2s">B&B \x02 &eacute;</p></div>') == [
        (1000, 2000, "B&amp;B \ufffd \u00e9")
    ]


@pytest.mark.parametrize(
    ("inside", "texts"),
    [
        ("<span>One</span><br/><span>two</span>", ["One\ntwo"]),
        ('<span>One</span> <span begin="1s">two</span>', ["One", "One two"]),
        ('<span><span begin="0s" end="1s">One</span> two</span>', ["One two", "two"]),
        ('One<set begin="1s" tts:visibility="hidden"/>', ["One"]),
        (
            '<span timeContainer="seq"><span dur="1s">One</span><span>two</span></span>',
            ["One", "two"],
        ),
    ],
)
def test_a_paragraph_in_which_nothing_comes_or_goes_is_one_cue(
    inside: str, texts: list[str]
) -> None:
    assert [
        text for _, _, text in said(f'<div><p begin="1s" end="3s">{inside}</p></div>')
    ] == texts


def test_a_huge_word_comes_back_whole() -> None:
    word = "\u4e00" * 2_000_000

    assert again(ttml.IMSC, Captions((Caption(0, 1, word),))).cues[0].text == word


def real_files(folder: Path) -> Iterator[Path]:
    for ending in ("ttml", "dfxp", "itt", "xml"):
        yield from sorted(folder.rglob(f"*.{ending}"))


def test_real_files_are_read_or_refused_for_a_reason(shared_data: Path) -> None:
    refused, counts = {}, {}
    for folder in ("subtitles", "interchange"):
        for path in real_files(shared_data / folder):
            try:
                captions = ttml.read(Source(path.read_bytes(), path.name))
            except FormatError as error:
                refused[path.name] = str(error)
                continue
            counts[path.name] = len(captions.cues)
            for known in FORMATS:
                once = again(known, captions)
                assert len(once.cues) == len(captions.cues)
                assert again(known, once) == once

    if len(counts) + len(refused) < 60:
        pytest.skip("not all of the files are there")
    assert refused == {
        "sonnet001.xml": "“sonnet001.xml” holds <map> and not TTML; choose a TTML file.",
        "lwsp_preserve.ttml": (
            "“lwsp_preserve.ttml” has text but no times for it; choose a timed file."
        ),
    }
    assert {name: count for name, count in counts.items() if count != 1} == {
        "sonnet001.ttml": 15,
        "sonnet001.dfxp": 15,
        "example-in-merging-style.ttml": 4,
        "example-in.ttml": 6,
        "example-out.ttml": 6,
        "ActiveArea001.ttml": 3,
        "Animation007.ttml": 2,
        "BeginDur001.ttml": 9,
        "Display004.ttml": 0,
        "DocumentExample120.ttml": 11,
        "MediaParTiming002.ttml": 3,
        "MediaSeqTiming005.ttml": 3,
        "Padding002.ttml": 2,
        "Structure002.ttml": 0,
        "UnicodeBidi005.ttml": 2,
        "ZIndex001.ttml": 6,
        "mutiple-regions-sequence-001.ttml": 4,
        "ttml.ttml": 2,
        "ttml_with_duplicated_element_ids.ttml": 3,
        "ttml_with_multiple_divs.ttml": 3,
        "ttml_example.ttml": 11,
        "ttml_example_apple.ttml": 38,
        "body_only.ttml": 0,
        "dfxp.dfxp": 2,
        "test-premiere.xml": 200,
    }


def test_the_w3cs_files_show_what_they_say_they_show(shared_data: Path) -> None:
    def file(name: str) -> list[tuple[int, int, str]]:
        data = (shared_data / "subtitles" / "imsc" / f"{name}.ttml").read_bytes()
        return [(cue.start, cue.end, plain(cue.text)) for cue in ttml.read(Source(data)).cues]

    assert [times[:2] for times in file("MediaParTiming002")] == [(5000, 10_000)] * 3
    assert [times[:2] for times in file("MediaSeqTiming005")] == [
        (5000, 10_000),
        (15_000, 20_000),
        (25_000, 30_000),
    ]
    assert not any("should not appear" in said for *_, said in file("BasicTimeContainment003"))
    assert file("Tt001") == [(0, 10_000, "This text must appear on one line.")]


def test_go_astisub_rewrites_its_file_as_we_read_it(shared_data: Path) -> None:
    def file(name: str) -> list[tuple[int, int, str]]:
        data = (shared_data / "subtitles" / "astisub" / name).read_bytes()
        return [(cue.start, cue.end, plain(cue.text)) for cue in ttml.read(Source(data)).cues]

    assert file("example-in.ttml") == file("example-out.ttml")


@pytest.mark.parametrize("rate", RATES.values())
def test_itt_counts_the_frames_of_the_film(rate: Rate) -> None:
    cue = Caption(3_600_250, 3_601_900, "Late.")
    data = ttml.ITT.write(Content(captions=Captions((cue,)), frame_rate=rate))
    file = read_or_refused(data)
    [read] = file.cues
    assert file.frame_rate == rate
    half = 500 / float(rate.frames)
    assert abs(read.start - cue.start) <= half + 1
    assert abs(read.end - cue.end) <= half + 1


def test_how_much_is_remembered_of_looks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(
        f'<p begin="{n}s" end="{n + 1}s" tts:color="#{n % 7:06x}" tts:textAlign="left">'
        f'<span tts:fontStyle="{"italic" if n % 2 else "normal"}">a</span>'
        f'<span tts:ruby="container">b<set tts:fontWeight="bold" begin="0.5s"/></span></p>'
        for n in range(40)
    )
    remembered = read(f"<div>{body}</div>")
    monkeypatch.setattr(ttml, "MOST_SCOPES", 3)
    assert read(f"<div>{body}</div>") == remembered
    assert len({cue.text for cue in remembered}) > 20
