"""What is said to be left out, before it is."""

from dataclasses import replace

import pytest

from granite_studio import formats
from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.document import (
    CueOverride,
    Document,
    EngineUse,
    Highlight,
    Note,
    Segment,
    Span,
    Speaker,
    Translation,
    Word,
)
from granite_studio.formats import FORMATS, Content, Layout, losses, sentence, untranslated

WORDS = tuple(Word(n, f"word{n}", 500 * n, 500 * n + 400) for n in range(1, 5))
PLAIN = Document((Segment(10, WORDS),), next_id=100)
RICH = replace(
    PLAIN,
    segments=(Segment(10, WORDS[:2], 20), Segment(11, WORDS[2:], 21)),
    speakers=(Speaker(20, "Anna"), Speaker(21, "Tom")),
    highlights=(Highlight(30, 1, 2),),
    notes=(Note(31, 1, "Check."), Note(32, 3, "Ask.")),
    untranscribed=(Span(5000, 8000), Span(9000, 9500)),
    cue_overrides=(CueOverride(1, 2, settings="line:0"),),
)


def lost(name: str, content: Content) -> tuple[str, ...]:
    return losses(FORMATS[name], content)


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"rttm"}))
def test_what_has_nothing_beside_its_words_loses_nothing(name: str) -> None:
    assert lost(name, Content(document=PLAIN)) == ()


def test_each_format_leaves_out_what_it_cannot_hold() -> None:
    content = Content(document=RICH)
    marks = "the marks on speech without text (0:03)"
    assert lost("json", content) == ()
    assert lost("docx", content) == ("1 cue made by hand",)
    assert lost("vtt", content) == ("1 quote", "2 notes", marks)
    assert lost("srt", content) == ("2 speakers' names", *lost("vtt", content))
    assert lost("srt", replace(content, speaker_names=True)) == lost("vtt", content)
    assert lost("txt", content) == ("1 quote", "2 notes", "1 cue made by hand")
    assert lost("rttm", content) == ("4 words", *lost("txt", content), marks)


def test_what_quotes_are_about_is_lost_where_quotes_have_no_names() -> None:
    quotes = (Highlight(30, 1, 2, "costs"), Highlight(33, 3, 4))
    content = Content(document=replace(PLAIN, highlights=quotes))
    nameless = replace(FORMATS["html"], carries=~formats.Carries.LABELS)
    assert losses(nameless, content) == ("1 quote's label",)
    assert lost("vtt", content) == ("2 quotes",)
    for name in ("json", "html", "odt", "md", "docx", "edl", "otio"):
        assert lost(name, content) == ()


def test_who_writes_quotes_alone_says_how_many_words_stay_behind() -> None:
    quotes = (Highlight(30, 1, 2), Highlight(33, 2, 3))
    content = Content(document=replace(PLAIN, highlights=quotes))
    assert lost("edl", content) == lost("otio", content) == ("1 word outside of quotes",)


def test_what_else_a_project_knows_is_named_where_it_stays_behind() -> None:
    words = (replace(WORDS[0], estimated=True), *WORDS[1:])
    document = replace(
        RICH,
        segments=(Segment(10, words),),
        speakers=(),
        untranscribed=(),
        translations=(Translation("fr"), Translation("de")),
        engines=(EngineUse("sphinx", draft=True),),
    )
    beside = Content(document=document, layout=Layout.BILINGUAL)
    draft = "the remark that this is a draft"
    assert lost("docx", beside) == ("1 cue made by hand", "1 translation")
    assert lost("docx", replace(beside, layout=Layout.CUES)) == ("1 cue's place", "2 translations")
    assert lost("srt", beside) == ("1 quote", "2 notes", "2 translations", draft)
    assert lost("html", beside)[1:] == ("2 translations", "1 mark of a guessed time")


def test_signs_that_a_broadcaster_lacks_are_counted() -> None:
    words = (Word(1, "\u6771\u4eac", 0, 400), Word(2, "\u201eJa\u2026\u201c", 500, 900))
    document = Document((Segment(3, words),), next_id=4)
    other = "2 letters and signs that it does not have"
    assert lost("scc", Content(document=document)) == (other,)
    assert lost("stl", Content(captions=Captions((Caption(0, 900, "\u6771\u4eac"),)))) == (other,)
    assert lost("srt", Content(document=document)) == ()


def test_fonts_overrides_and_coordinates_are_subrips_own() -> None:
    cues = (
        Caption(0, 900, '<font face="Arial" color="red">One</font>', coordinates="X1:1 X2:2"),
        Caption(1000, 1900, "<ass \\pos(1,2)><i>Two</i>"),
    )
    content = Content(captions=Captions(cues))
    assert lost("srt", content) == ()
    assert lost("vtt", content) == (
        *("1 cue's typeface or size", "1 cue's ASS override", "1 cue's coordinates"),
    )
    assert lost("ass", content) == ("1 cue's typeface or size", "1 cue's coordinates")
    assert "2 cues' styling" in lost("sbv", content)
    assert not any("typeface" in part for part in lost("sbv", content))


def test_names_that_are_not_wanted_are_not_lost() -> None:
    class_free = replace(FORMATS["srt"], carries=formats.Carries(0))
    named, bare = (Content(document=RICH, speaker_names=wanted) for wanted in (True, False))
    assert "2 speakers' names" in losses(class_free, named)
    assert "2 speakers' names" not in losses(class_free, bare)
    assert "1 cue's place" in losses(class_free, bare)


def test_markup_places_and_blocks_of_a_subtitle_file_are_counted() -> None:
    captions = Captions(
        (
            Block("NOTE", "one"),
            Block("STYLE", "::cue {}"),
            Caption(0, 900, "<v Anna>Yes.</v>", settings="line:0"),
            Caption(1000, 1900, "1 &lt; 2 <00:00:01.500>and"),
            Caption(2000, 2900, "<i>No.</i>", alignment=8),
            Caption(3000, 3900, '<font color="red">No.</font>'),
        )
    )
    content = Content(captions=captions)
    assert lost("vtt", content) == ()
    blocks = ("1 note", "1 block of styles")
    assert lost("srt", content) == ("1 cue's times of words", *blocks)
    assert lost("txt", content) == ("3 cues' styling", "4 cues' times and lines", *blocks)
    assert lost("docx", content) == ("1 cue's styling", "4 cues' times and lines", *blocks)
    assert lost("json", content) == ("1 cue's styling", *blocks)


def test_formats_that_lose_the_same_are_named_together() -> None:
    content = Content(document=RICH, speaker_names=True)
    told = sentence([FORMATS[name] for name in ("srt", "json", "vtt", "txt")], content)
    assert told == (
        "Not in SubRip subtitles and WebVTT subtitles: 1 quote, 2 notes and the marks on speech "
        "without text (0:03). Not in Plain text: 1 quote, 2 notes and 1 cue made by hand."
    )
    assert sentence([FORMATS["json"]], content) == ""


def test_what_stays_behind_with_the_words_of_the_original_is_named() -> None:
    assert untranslated(RICH) == (
        "Not in the translation: 1 quote, 2 notes and 1 cue made by hand."
    )
    assert untranslated(PLAIN) == ""
