"""FCPXML: captions and titles on whole frames, in XML that is safe both ways."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, snap
from granite_studio.formats import fcpxml
from granite_studio.formats.base import Content, Source
from granite_studio.formats.frames import FRAME_RATE

NASTY = [
    *("<b>", "</text>", "<script>", "]]>", "<![CDATA[", "<!--", "-->", "<?x ?>", "&", "&amp;"),
    *("&#0;", "&lol;", '"', "'", "\n", "\r\n", "\r", "\t", " ", "\0", "\x01", "\x0b", "\x1b"),
    *("\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\uffff", "\u202e", "\ud800"),
    *("\U0001f469\u200d\U0001f52c", "é", "東京", "a", "x" * 9000),
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=8).map("".join)
times = st.integers(0, 400_000_000)
said = st.lists(st.tuples(times, st.integers(0, 9000), texts), max_size=4)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n<fcpxml version="1.10">'


def read(text: str) -> tuple[Caption, ...]:
    return fcpxml.read(Source(text.encode(), "x.fcpxml")).cues


def spine(inside: str, start: str = "0s") -> str:
    return (
        f'{HEAD}<library><event><project><sequence format="r1" tcStart="{start}"><spine>{inside}'
        "</spine></sequence></project></event></library></fcpxml>"
    )


def caption(offset: str, text: str, more: str = "") -> str:
    return (
        f'<caption lane="1" offset="{offset}" duration="2s" {more}>\n <text>\n  '
        f'<text-style ref="t1">{text}</text-style>\n </text></caption>'
    )


def shown(text: str) -> str:
    """What XML can hold of a text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def test_a_caption_is_of_the_itt_role_and_hangs_on_a_gap() -> None:
    captions = Captions((Caption(1000, 2500, "<v Anna>1 &lt; <i>2</i>\nho", alignment=8),))

    file = fcpxml.write_captions(Content(captions=captions, language="de", title="A & B")).decode()

    root = ElementTree.fromstring(file)
    (found,) = root.iterfind("library/event/project/sequence/spine/gap/caption")
    assert file.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml ')
    assert root.get("version") == "1.10"
    assert [e.get("name") for e in root.iter() if e.tag in ("event", "project")] == ["A & B"] * 2
    assert found.attrib == {
        "lane": "1",
        "offset": "1s",
        "start": "3600s",
        "duration": "38/25s",
        "name": "Anna: 1 < 2 ho",
        "role": "iTT?captionFormat=ITT.de",
    }
    assert ElementTree.tostring(found.find("text"), encoding="unicode").strip() == (
        '<text placement="top"><text-style ref="ts1-0">Anna: 1 &lt; </text-style>'
        '<text-style ref="ts1-1">2</text-style><text-style ref="ts1-0">\nho</text-style></text>'
    )
    assert [style.get("italic") for style in found.iterfind("text-style-def/text-style")] == [
        *(None, "1")
    ]


def test_titles_name_their_effect() -> None:
    file = fcpxml.write_titles(Content(captions=Captions((Caption(1000, 2500, "Hi"),))))

    root = ElementTree.fromstring(file)
    (found,) = root.iter("title")
    (effect,) = root.iter("effect")
    assert found.get("ref") == effect.get("id")
    assert effect.get("name") == "Basic Title"
    assert fcpxml.read(Source(file)).cues == (Caption(1000, 2520, "Hi"),)


@pytest.mark.parametrize("known", [fcpxml.CAPTIONS, fcpxml.TITLES])
@given(said=said)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again_on_frames(known, said) -> None:
    said = sorted(said, key=lambda item: (item[0], item[0] + item[1]))
    captions = Captions(tuple(Caption(a, a + b, escape(text)) for a, b, text in said))

    again = known.read(Source(known.write(Content(captions=captions)))).cues

    assert sorted((cue.start, cue.text) for cue in again) == sorted(
        (snap(start, FRAME_RATE), escape(shown(text))) for start, _, text in said
    )
    assert sorted(cue.end for cue in again) == sorted(
        max(snap(a + b, FRAME_RATE), snap(a, FRAME_RATE) + 40) for a, b, _ in said
    )


@given(said=said, rate=st.sampled_from(list(RATES.values())))
@settings(max_examples=150, deadline=None)
def test_all_times_are_whole_frames_and_no_lane_overlaps(said, rate) -> None:
    captions = Captions(tuple(Caption(a, a + b, escape(text)) for a, b, text in said))

    root = ElementTree.fromstring(
        fcpxml.write_captions(Content(captions=captions, frame_rate=rate))
    )

    lanes: dict[str | None, Fraction] = {}
    for element in root.iter():
        for name in ("offset", "start", "duration", "frameDuration", "tcStart"):
            time = Fraction(element.get(name, "0s").removesuffix("s"))
            assert (time * rate.frames).denominator == 1
    for found in root.iter("caption"):
        start, length = (
            Fraction(found.get(name, "").removesuffix("s")) for name in ("offset", "duration")
        )
        assert start >= lanes.get(found.get("lane"), 0)
        lanes[found.get("lane")] = start + length
    ids = [element.get("id") for element in root.iter("text-style-def")]
    assert len(set(ids)) == len(ids)
    assert {element.get("ref") for element in root.iterfind(".//text/text-style")} == set(ids)


def test_styles_and_places_come_back() -> None:
    cues = (
        Caption(0, 1000, "<b>a</b> <b><i>b</i></b><u>c</u>\nd", alignment=8),
        Caption(1000, 2000, "", alignment=None),
    )

    assert read(fcpxml.write_captions(Content(captions=Captions(cues))).decode()) == cues


def test_hostile_tags_lose_nothing_of_the_text() -> None:
    cue = Caption(0, 1000, "</i></b><b>a<c.red>b</c><v Tim>c<i></b>d<font x>e", settings="line:0")

    (again,) = read(fcpxml.write_captions(Content(captions=Captions((cue,)))).decode())

    assert again.text == "<b>abTim: c</b><i>de</i>"
    assert again.alignment == 8


def test_captions_are_found_on_clips_in_their_own_time() -> None:
    file = spine(
        '<asset-clip ref="r2" offset="3600s" start="100s" duration="10s">'
        f"{caption('105s', 'on a clip')}</asset-clip>"
        f'<clip start="7s" duration="20s">{caption("8s", "in order")}'
        f'<spine lane="1" offset="9s"><gap duration="3s"/>'
        f'<gap start="50s" duration="9s">{caption("51s", "deep &lt;")}</gap></spine></clip>',
        start="3600s",
    )

    assert read(file) == (
        Caption(5000, 7000, "on a clip"),
        Caption(11_000, 13_000, "in order"),
        Caption(16_000, 18_000, "deep &lt;"),
    )


def test_titles_stand_back_and_one_language_is_chosen() -> None:
    text = "<text><text-style>T</text-style></text>"
    title = f'<title ref="r2" offset="0s" duration="1s">{text}</title>'
    several = caption("1s", "one") + "".join(
        caption(offset, word, 'role="a"') for offset, word in (("1s", "eins"), ("3s", "zwei"))
    )

    file = spine(f'<gap duration="9s">{title}{several}</gap>')

    assert [cue.text for cue in read(file)] == ["eins", "zwei"]
    assert [cue.text for cue in read(spine(f'<gap duration="9s">{title}</gap>'))] == ["T"]


def test_two_projects_are_one_too_many() -> None:
    gap = f'<gap duration="9s">{caption("1s", "a")}</gap>'
    project = f"<project><sequence><spine>{gap}</spine></sequence></project>"

    with pytest.raises(FormatError, match="captions of 2 projects; export one"):
        read(f"{HEAD}<library><event>{project * 2}</event></library></fcpxml>")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE fcpxml [<!ENTITY a "b">]>',
        "<!DOCTYPE fcpxml []>",
        '<!DOCTYPE fcpxml SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE fcpxml PUBLIC "x" "http://example.com/x.dtd">',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_that_says_anything_is_refused(doctype: str) -> None:
    with pytest.raises(FormatError, match="declares a document type of its own"):
        read(spine("").replace("<!DOCTYPE fcpxml>", doctype))


def test_a_file_may_have_no_document_type_but_no_unknown_entity() -> None:
    assert read(spine("").replace("<!DOCTYPE fcpxml>", "")) == ()
    with pytest.raises(FormatError, match="not whole XML"):
        read(spine(caption("1s", "&lol;")))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a/>", "is not an FCPXML file"),
        ("plain", r"is not whole XML \(line 1\)"),
        (spine("")[:-9], "is not whole XML"),
        (spine(caption("1/0s", "a")), "has “1/0s” where a time should be"),
        (spine(caption("soon", "a")), "has “soon” where a time should be"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=f"^“x.fcpxml” {reason}.*\\.$"):
        read(text)


@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
def test_reading_bytes_gives_captions_or_one_sentence(data: bytes) -> None:
    start, end = spine(f"<gap>{caption('1s', '|')}</gap>").encode().split(b"|")
    for head, tail in ((b"", b""), (HEAD.encode(), b"</fcpxml>"), (start, end)):
        try:
            fcpxml.read(Source(head + data + tail, "x"))
        except FormatError as refusal:
            sentence = str(refusal)
        else:
            sentence = "“x” ."
        assert re.fullmatch(r"“x” .*\.", sentence, re.DOTALL)


@pytest.mark.parametrize("name", ["utf-16", "latin-1", "big5", "rot13", "x"])
def test_what_a_file_says_of_its_encoding_is_no_matter(name: str) -> None:
    file = spine(f'<gap duration="9s">{caption("1s", "é")}</gap>').replace("UTF-8", name)

    assert read(file)[0].text == "é"


def test_deep_and_many_elements_cost_little() -> None:
    with pytest.raises(FormatError, match="more elements, or deeper ones,"):
        read(spine('<gap duration="1s">' * 50_000 + "</gap>" * 50_000))
    cue = Caption(0, 1000, "<b>a<c></c></b>" * 30_000)
    (again,) = fcpxml.read(Source(fcpxml.write_captions(Content(captions=Captions((cue,)))))).cues
    assert again.text == f"<b>{'a' * 30_000}</b>"
