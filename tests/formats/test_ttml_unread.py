"""What TTML says and nobody keeps is named before it is written, and nothing else is."""

import re
from pathlib import Path

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, EngineUse, Segment, Word
from granite_studio.formats import FORMATS, Content, losses, ttml
from granite_studio.formats.base import Source

TTS = "http://www.w3.org/ns/ttml#styling"


def read(inside: str, head: str = "", root: str = "") -> Captions:
    text = (
        f'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="{TTS}" xml:lang="en" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:ebutts="urn:ebu:tt:style" '
        'xmlns:itts="http://www.w3.org/ns/ttml/profile/imsc1#styling" '
        f"{root}><head>{head}</head><body><div>{inside}</div></body></tt>"
    )
    return ttml.read(Source(text.encode(), "film.ttml"))


def unread(captions: Captions) -> str:
    """What the reader left out, in words."""
    said = [f"{count} {one if count == 1 else more}" for count, one, more in captions.unread]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def p(attributes: str, inside: str = "Hello") -> str:
    return f'<p begin="1s" end="2s" {attributes}>{inside}</p>'


def lost(attributes: str) -> str:
    return unread(read(p(attributes)))


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('tts:fontSize="80%"', "1 font size"),
        ('tts:fontFamily="monospaceSerif"', "1 typeface"),
        ('tts:lineHeight="125%"', "1 line height"),
        ('tts:opacity="0.5"', "1 opacity"),
        ('tts:color="#ffffff80"', "1 opacity"),
        ('tts:textOutline="red 2px"', "1 outline"),
        ('tts:textShadow="2px 2px"', "1 shadow"),
        ('tts:shear="16%"', "1 slant"),
        ('tts:padding="5px 3px"', "1 padding"),
        ('ebutts:linePadding="0.5c"', "1 padding"),
        ('ebutts:multiRowAlign="start"', "1 alignment of rows"),
        ('itts:forcedDisplay="true"', "1 mark of forced display"),
        ('tts:direction="rtl"', "1 direction of writing"),
        ('tts:textDecoration="overline"', "1 overline"),
        ('ttm:role="sound"', "1 entry of metadata"),
        ('xml:lang="fr"', "1 other language of a passage"),
    ],
)
def test_a_look_that_is_not_kept_is_named(attributes: str, name: str) -> None:
    assert lost(attributes) == name


@pytest.mark.parametrize(
    "attributes",
    [
        'tts:fontSize="100%"',
        'tts:opacity="1"',
        'tts:padding="0px 0%"',
        'tts:backgroundColor="transparent"',
        'tts:textOutline="none"',
        'tts:color="#ff0000ff"',
        'tts:fontStyle="italic" tts:fontWeight="bold" tts:textAlign="left"',
        'xml:lang="en"',
    ],
)
def test_what_is_kept_or_changes_nothing_is_not_named(attributes: str) -> None:
    assert lost(attributes) == ""


def test_styles_count_where_something_refers_to_them() -> None:
    head = (
        '<styling><style xml:id="big" tts:fontSize="200%"/>'
        '<style xml:id="bigger" style="big" tts:opacity="0.5"/>'
        '<style xml:id="unused" tts:textOutline="red 1px"/></styling>'
        '<layout><region xml:id="r" tts:padding="2px"><style tts:zIndex="2"/></region>'
        '<region xml:id="other" tts:padding="9px"/></layout>'
    )
    said = unread(read(p('style="bigger" region="r"'), head))
    assert said == "1 font size, 1 opacity, 1 padding and 1 layer"


def test_metadata_and_changes_in_time_are_named() -> None:
    head = (
        "<metadata><ttm:title>Film</ttm:title><ttm:copyright>Us</ttm:copyright></metadata>"
        '<layout><region xml:id="r" begin="1s" end="9s"/></layout>'
    )
    body = p('region="r"') + '<set tts:color="red" begin="1s"/>'
    assert unread(read(body, head)) == (
        "1 region's time, 2 entries of metadata and 1 change of style in time"
    )


def test_comments_are_named_where_they_say_anything() -> None:
    assert unread(read(p("", "<!-- Ask --> Hello <!-- Anna -->"))) == "2 comments"
    assert unread(read(p("", "Hello <!-- -->"))) == ""
    assert unread(read(p("", "Hello <![CDATA[<!-- no comment -->]]>"))) == ""
    assert unread(read(p("", "Q&A <!-- of a file that has to be mended -->"))) == "1 comment"


def placed(region: str, attributes: str = "") -> Captions:
    head = f'<layout><region xml:id="r" {region}/><region xml:id="s" tts:origin="7% 7%"/></layout>'
    return read(p(f'region="r" {attributes}'), head)


def box(origin: str, extent: str, align: str) -> str:
    return f'tts:origin="{origin}" tts:extent="{extent}" tts:displayAlign="{align}"'


@pytest.mark.parametrize(
    "region",
    [
        box("10% 80%", "80% 15%", "after"),
        box("10% 5%", "80% 15%", "before"),
        box("2% 10%", "88% 80%", "after"),
        'tts:origin="100px 100px" tts:extent="50px 50px"',
        'tts:writingMode="tbrl" tts:origin="50% 10%" tts:extent="40% 80%"',
    ],
)
def test_a_region_whose_text_comes_to_stand_elsewhere_is_named(region: str) -> None:
    captions = placed(region, 'tts:textAlign="center"')

    assert unread(captions) == "1 region's exact place"
    written = ttml.IMSC.write(Content(captions=captions)).decode()
    assert region not in written


@pytest.mark.parametrize(
    "region",
    [
        "",
        'tts:displayAlign="after"',
        box("10% 10%", "80% 80%", "after"),
        box("10% 80%", "80% 10%", "after"),
        box("0% 85%", "100% 15%", "after"),
        box("0% 0%", "100% 15%", "before"),
        box("20% 33%", "60% 20%", "before"),
        box("30% 40%", "30% 20%", "center"),
        box("15% 40%", "70% 35%", "after"),
        'tts:writingMode="tbrl" tts:origin="10% 10%" tts:extent="80% 80%"',
    ],
)
@pytest.mark.parametrize("align", ["center", "right"])
def test_a_region_whose_text_stays_where_it_is_is_not(region: str, align: str) -> None:
    is_edge = "tbrl" in region or "0% 85%" in region or "0% 0%" in region
    captions = placed(region, f'tts:textAlign="{align}"')

    assert unread(captions) == ""
    again = ttml.read(Source(ttml.IMSC.write(Content(captions=captions)), "again.ttml"))
    assert again.cues == captions.cues or is_edge


def test_of_left_text_the_left_edge_of_its_region_counts() -> None:
    region = box("5% 10%", "90% 80%", "after")

    assert unread(placed(region, 'tts:textAlign="left"')) == "1 region's exact place"
    assert unread(placed(box("10% 80%", "50% 10%", "after"), 'tts:textAlign="left"')) == ""


def test_what_else_says_a_place_that_is_not_kept_is_named() -> None:
    region = '<layout><region xml:id="r" tts:origin="20% 20%"/></layout>'
    two = '<span>One</span> <span region="r">Two</span>'

    assert lost('tts:origin="20% 20%" tts:extent="9% 9%"') == "1 region's exact place"
    assert unread(read(p("", two), region)) == "1 region's exact place"


@pytest.mark.parametrize("name", ["ttml", "ebu-tt-d", "itt", "srt", "txt", "docx", "json"])
def test_every_format_says_what_the_reader_left_out(name: str) -> None:
    captions = read(p('tts:fontSize="80%"') + p('tts:fontSize="90%"') + p('tts:lineHeight="2%"'))
    assert {"2 font sizes", "1 line height"} <= set(
        losses(FORMATS[name], Content(captions=captions))
    )


@pytest.mark.parametrize("name", ["ttml", "ebu-tt-d", "itt"])
def test_nothing_is_named_of_files_of_our_own(name: str) -> None:
    text = "<b>Bold</b> <c.red>red</c> <v Ann>who"
    captions = Captions((Caption(1000, 2000, text, settings="line:0 align:left"),))
    draft = Document(
        (Segment(1, (Word(2, "Hello", 0, 500),)),),
        engines=(EngineUse("Draft", "1", draft=True),),
        next_id=3,
    )
    for content in (Content(captions=captions), Content(document=draft)):
        data = FORMATS[name].write(content)
        assert unread(ttml.read(Source(data, "x.ttml"))) in ("", "1 entry of metadata")
    assert unread(ttml.read(Source(FORMATS[name].write(Content(captions=captions)), "x"))) == ""


KEPT = {"color", "fontStyle", "fontWeight", "textDecoration", "textAlign", "visibility"}
KEPT |= {"origin", "extent", "displayAlign", "writingMode", "display", "style"}
WITHOUT_EFFECT = {"none", "normal", "auto", "wrap", "visible", "0", "transparent", "100%"}
OURS = {"160%", "sansSerif", "proportionalSansSerif", "whenActive"}
NAMES = {
    "fontSize": "font size",
    "fontFamily": "typeface",
    "lineHeight": "line height",
    "backgroundColor": "background",
    "opacity": "opacity",
    "textOutline": "outline",
    "padding": "padding",
    "overflow": "clipping of text",
    "direction": "direction of writing",
    "unicodeBidi": "direction of writing",
    "wrapOption": "rule for wrapping lines",
    "zIndex": "layer",
}


def test_of_real_files_every_style_is_kept_or_named_or_has_no_effect(shared_data: Path) -> None:
    files = [path for path in shared_data.rglob("*.ttml") if "lwsp" not in path.name]
    assert len(files) > 50
    for path in files:
        source = Source(path.read_bytes(), path.name)
        named = {one for _, one, _ in ttml.read(source).unread}
        text = source.text()
        for name, value in re.findall(r"""\btts:(\w+)=["']([^"']*)["']""", text):
            if name not in KEPT and value not in WITHOUT_EFFECT | OURS:
                assert NAMES[name] in named, (path.name, name, value)


HIDDEN = 'tts:visibility="hidden"'


@pytest.mark.parametrize(
    ("inside", "count"),
    [
        (f'<p begin="1s" end="2s" {HIDDEN}>a</p>', 1),
        ('<p begin="1s" end="2s">a<span tts:display="none">b</span></p>', 1),
        ('<div tts:display="none"><p begin="1s" end="2s">a</p><p end="3s"> </p></div>', 1),
        (f'<p end="3s" {HIDDEN}>a<set begin="1s" tts:visibility="visible"/></p>', 0),
        ('<p begin="1s" end="2s">a</p>', 0),
    ],
)
def test_what_is_never_shown_is_counted(inside: str, count: int) -> None:
    unread = read(f'{inside}<p begin="5s" end="6s">z</p>').unread

    hidden = [number for number, one, _ in unread if one == "passage that is never shown"]
    assert hidden == [count] * bool(count)
