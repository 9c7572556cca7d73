"""Italics and colours belong to words: they come with a file, go into one and survive edits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cues import derive, to_captions
from granite_studio.core.document import Document, Emphasis
from granite_studio.core.edits import Place
from granite_studio.core.emphasis import TAGS, loses_looks
from granite_studio.core.errors import FormatError
from granite_studio.core.importing import from_captions
from granite_studio.core.schema import from_dict, to_dict
from granite_studio.core.styles import style
from granite_studio.core.translation import translated
from tests.core.pictures import transcript
from tests.core.strategies import documents


def written(document: Document) -> list[str]:
    cues = derive(document, style())
    return [cue.text for cue in to_captions(document, cues, speaker_names=False).cues]


def imported(*texts: str) -> Document:
    cues = (Caption(n * 3000, n * 3000 + 2500, text) for n, text in enumerate(texts))
    return from_captions(Captions(tuple(cues)))


@pytest.mark.parametrize(
    "text",
    [
        "<i>The wall</i> stands.",
        "The <b>old</b> wall\n<i>stands &amp; stands.</i>",
        "<c.yellow>Who?</c> <c.cyan>You.</c>",
        "<i><u>Both</u> of</i> them &lt;here&gt;",
        "- <i>No.</i>\n- Yes.",
    ],
)
def test_what_a_file_emphasises_is_kept_in_a_project_and_written_again(text: str) -> None:
    assert written(imported(text)) == [text]


def test_subrips_colours_become_those_of_webvtt() -> None:
    text = '<font color="#FFFF00">Who?</font> <font color=cyan>You.</font> <font size=3>I</font>'
    assert written(imported(text)) == ["<c.yellow>Who?</c> <c.cyan>You.</c> I"]


@pytest.mark.parametrize(
    ("text", "is_lost"),
    [
        ("<i>All</i> of <b>this</b> is <c.yellow>kept</c>.", False),
        ('<v Anna><font color="#ffff00">So</font> is this.', False),
        ("a &lt;b and half&lt;i&gt;word", False),
        ('<font color="#12ab34">This</font> is not', True),
        ('<font face="Arial" color="red">nor this</font>', True),
        ("half<i>word</i>", True),
        ("<c.yellow.bg_blue>two</c>", True),
        ("<ruby>base<rt>note</rt></ruby>", True),
        ("<ass \\pos(1,2)>placed", True),
    ],
)
def test_what_a_project_cannot_hold_is_known(text: str, is_lost: bool) -> None:
    assert loses_looks(text) is is_lost


def test_a_name_before_the_words_and_a_reading_above_them_do_not_move_it() -> None:
    text = "ANNA: the <ruby>wall<rt>wool</rt></ruby> <i>wall</i> stands"
    document = imported(text)
    words = {word.id: word.text for word in document.words()}
    (emphasis,) = document.emphases
    assert [emphasis.first, emphasis.last] == [[*words][2]] * 2
    assert words[emphasis.first] == "wall"


def test_cut_in_another_style_the_same_words_look_different() -> None:
    document = transcript("The harbour wall would not stand another winter, they said.", step=300)
    document = edits.emphasize(document, Place(0, 2), Place(0, 7), "i")
    assert written(document) == [
        "The harbour <i>wall</i>\n<i>would not stand another</i> winter, they said."
    ]
    cues = derive(document, style("vertical"))
    text = "\n".join(cue.text for cue in to_captions(document, cues).cues)
    assert text.replace("</i>", "").count("<i>") == text.count("</i>") > 1


def test_a_colour_takes_the_place_of_another_and_italics_stay() -> None:
    document = transcript("one two three four", step=300)
    document = edits.emphasize(document, Place(0, 0), Place(0, 3), "c.red")
    document = edits.emphasize(document, Place(0, 1), Place(0, 4), "i")
    document = edits.emphasize(document, Place(0, 1), Place(0, 2), "c.cyan")
    assert set(document.emphases) == {
        Emphasis(1, 1, "c.red"),
        Emphasis(2, 2, "c.cyan"),
        Emphasis(3, 3, "c.red"),
        Emphasis(2, 4, "i"),
    }
    assert edits.has_emphasis(document, Place(0, 1), Place(0, 3), "i")
    assert not edits.has_emphasis(document, Place(0, 0), Place(0, 3), "i")
    assert not edits.has_emphasis(document, Place(0, 1), Place(0, 1), "i")
    document = edits.plain(document, Place(0, 0), Place(0, 4), "i")
    assert {each.tag for each in document.emphases} == {"c.red", "c.cyan"}
    assert edits.plain(document, Place(0, 0), Place(0, 4)).emphases == ()


def test_an_edit_that_changes_nothing_returns_the_same_document() -> None:
    document = transcript("one two", step=300)
    assert edits.plain(document, Place(0, 0), Place(0, 2)) is document
    document = edits.emphasize(document, Place(0, 0), Place(0, 2), "b")
    assert edits.emphasize(document, Place(0, 0), Place(0, 1), "b") is document
    with pytest.raises(ValueError, match="no look"):
        edits.emphasize(document, Place(0, 0), Place(0, 1), "blink")


def test_words_typed_inside_look_like_those_around_and_a_look_goes_with_its_words() -> None:
    document = transcript("one two three four", step=300)
    document = edits.emphasize(document, Place(0, 1), Place(0, 3), "i")
    document = edits.insert(document, Place(0, 2), "and")
    assert written(document) == ["one <i>two and three</i> four"]
    document = edits.delete(document, Place(0, 1), Place(0, 2))
    assert written(document) == ["one <i>and three</i> four"]
    assert edits.delete(document, Place(0, 1), Place(0, 3)).emphases == ()


def test_a_translation_has_no_look_of_words_that_are_not_its_own() -> None:
    document = edits.emphasize(transcript("one two"), Place(0, 0), Place(0, 2), "i")
    document = edits.set_translation(document, document.segments[0].id, "de", "eins zwei")
    assert translated(document, "de").emphases == ()


def test_a_transcript_file_keeps_it_and_refuses_a_look_that_is_none() -> None:
    document = edits.emphasize(transcript("one two"), Place(0, 0), Place(0, 2), "c.lime")
    values = to_dict(document)
    assert from_dict(values).emphases == document.emphases
    values["emphases"][0]["tag"] = "marquee"
    with pytest.raises(FormatError, match="tag should be one of"):
        from_dict(values)


@settings(max_examples=100, deadline=None)
@given(documents(), st.data())
def test_whatever_is_emphasised_the_text_stays_and_every_tag_is_closed(
    document: Document, data: st.DataObject
) -> None:
    plain = [cue.lines for cue in derive(document, style())]
    for row, segment in enumerate(document.segments):
        first = data.draw(st.integers(0, len(segment.words)))
        last = data.draw(st.integers(first, len(segment.words)))
        tag = data.draw(st.sampled_from(TAGS))
        document = edits.emphasize(document, Place(row, first), Place(row, last), tag)
    again = from_dict(to_dict(document))
    assert written(again) == written(document)
    for text, lines in zip(written(document), plain, strict=True):
        for tag in TAGS:
            assert text.count(f"<{tag}>") <= text.count(f"</{tag.partition('.')[0]}>")
            text = text.replace(f"<{tag}>", "")
        for name in "biuc":
            text = text.replace(f"</{name}>", "")
        assert text == "\n".join(lines).replace("&", "&amp;")
