"""CTM, STM, TextGrid and RTTM: words, turns and speakers as corpora write them."""

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio import formats
from granite_studio.core.document import Document, Media, Segment, Speaker, Word, tokens
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, ctm, dump, rttm, stm, textgrid
from granite_studio.formats.base import Source

READERS = {"ctm": ctm.read, "stm": stm.read, "textgrid": textgrid.read}

HARBOUR = Document(
    segments=(
        Segment(1, (Word(2, "Who", 800, 1000), Word(3, "paid?", 1000, 1400)), 8),
        Segment(4, (Word(5, "I", 2500, 2600, 0.5), Word(6, "did.", 2600, 3125)), 9),
    ),
    speakers=(Speaker(8, "Maren Oakes"), Speaker(9, "Tobias")),
    media=Media("harbour.wav", 4000),
    next_id=10,
)


def read(name: str, text: str | bytes) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return READERS[name](Source(data, f"x.{name}"))


def said(document: Document) -> list[tuple[str | None, list[tuple[str, int, int]]]]:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [
        (names.get(part.speaker), [(word.text, word.start, word.end) for word in part.words])
        for part in document
    ]


def test_ctm_is_a_word_a_line() -> None:
    document = read("ctm", ";; a comment\n\na 1 0.500 0.250 good\na 1 .75 5e-1  morning 0.87\n")

    assert said(document) == [(None, [("good", 500, 750), ("morning", 750, 1250)])]
    words = list(document.words())
    assert [word.confidence for word in words] == [None, 0.87]
    assert [word.source for word in words] == ["import", "import"]
    assert not any(word.estimated for word in words)
    assert document.engines == ()


def test_ctm_names_speakers_in_its_eighth_field_and_they_may_talk_over_one_another() -> None:
    document = read(
        "ctm",
        "a 1 0.0 1.0 one NA lex anna\n"
        "a 1 0.5 0.2 mhm NA lex tom\n"
        "a 1 1.0 0.5 two NA lex anna\n"
        "a 1 1.6 0.2 yes NA lex tom\n"
        "a 1 1.9 0.5 three NA lex anna\n"
        "a 1 2.5 0.1 ah NA lex unknown\n",
    )

    assert said(document) == [
        ("anna", [("one", 0, 1000), ("two", 1000, 1500)]),
        ("tom", [("mhm", 500, 700)]),
        ("tom", [("yes", 1600, 1800)]),
        ("anna", [("three", 1900, 2400)]),
        (None, [("ah", 2500, 2600)]),
    ]


def test_channels_of_a_ctm_are_speakers_where_it_names_none() -> None:
    document = read("ctm", "a A 0 1 hello\na B 1.5 1 hi\n")

    assert said(document) == [
        ("Channel A", [("hello", 0, 1000)]),
        ("Channel B", [("hi", 1500, 2500)]),
    ]


def test_of_alternatives_in_a_ctm_the_first_is_read() -> None:
    document = read(
        "ctm",
        "a 1 * * <ALT_BEGIN>\na 1 0 1 uh\na 1 * * <ALT>\na 1 0 1 um\n"
        "a 1 * * <ALT_END>\na 1 2 1 so\n",
    )

    assert [word.text for word in document.words()] == ["uh", "so"]


def test_stm_is_a_turn_a_line_and_its_words_share_the_time() -> None:
    document = read(
        "stm",
        "a 1 anna 0.5 2.5 <o,f0,female> Good  morning all\n"
        "a 1 tom 2.5 3.0 Hello.\na 1 inter_segment_gap 3.0 4.0\n"
        "a 1 tom 4 5 IGNORE_TIME_SEGMENT_IN_SCORING\na 1 anna 6 7\n",
    )

    assert said(document) == [
        ("anna", [("Good", 500, 1088), ("morning", 1088, 2029), ("all", 2029, 2500)]),
        ("tom", [("Hello.", 2500, 3000)]),
    ]
    assert all(word.estimated for word in document.words())


LONG = '''File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 2
        intervals: size = 1
        intervals [1]:
            xmin = 0.25
            xmax = 1.5
            text = "a long row of phones"
    item [2]:
        class = "IntervalTier"
        name = "Words"
        xmin = 0
        xmax = 2
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.25
            text = "sil"
        intervals [2]:
            xmin = 0.25
            xmax = 1.125
            text = "say ""hi"""
        intervals [3]:
            xmin = 1.125
            xmax = 1.5
            text = "now"
    item [3]:
        class = "TextTier"
        name = "pitch"
        xmin = 0
        xmax = 2
        points: size = 1
        points [1]:
            number = 0.5
            mark = "120"
'''
SHORT = """File type = "ooTextFile"
"TextGrid"

0
2
<exists>
2
"IntervalTier"
"Anna - words"
0
2
1
0.5
0.75
"yes"
"IntervalTier"
"Tom - words"
0
2
1
1
1.5
"no"
"""


def test_a_long_textgrid_gives_the_words_of_its_word_tier() -> None:
    document = read("textgrid", LONG)

    [(speaker, words)] = said(document)
    assert speaker is None
    assert words == [("say", 250, 638), ('"hi"', 638, 1125), ("now", 1125, 1500)]
    assert [word.estimated for word in document.words()] == [True, True, False]


def test_a_short_textgrid_of_several_word_tiers_has_as_many_speakers() -> None:
    assert said(read("textgrid", SHORT)) == [
        ("Anna", [("yes", 500, 750)]),
        ("Tom", [("no", 1000, 1500)]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_textgrids_are_read_in_the_encodings_that_praat_writes(encoding: str) -> None:
    text = LONG.replace("now", "größer").replace("\n", "\r\n")

    assert said(read("textgrid", text.encode(encoding)))[0][1][-1] == ("größer", 1125, 1500)


def test_without_a_word_tier_the_fullest_is_read() -> None:
    named = LONG.replace('"phones"', '"Mary"').replace('"Words"', '"Notes"')

    assert said(read("textgrid", named))[0][1][0] == ("a", 250, 369)


def test_rttm_says_who_speaks_when() -> None:
    file = (
        b"SPKR-INFO a 1 <NA> <NA> <NA> unknown anna <NA>\n"
        b"SPEAKER a 1 0.500 1.250 <NA> <NA> anna <NA> <NA>\n"
        b"SPEAKER a 1 1.500 1.000 <NA> <NA> tom <NA> <NA>\n"
    )

    turns = rttm.read_turns(Source(file))

    assert turns.uri == "a"
    assert [(s.start, s.end, label) for s, _, label in turns.itertracks(yield_label=True)] == [
        (0.5, 1.75, "anna"),
        (1.5, 2.5, "tom"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "ctm",
            "harbour 1 0.800 0.200 Who NA lex Maren_Oakes\n"
            "harbour 1 1.000 0.400 paid? NA lex Maren_Oakes\n"
            "harbour 1 2.500 0.100 I 0.500 lex Tobias\n"
            "harbour 1 2.600 0.525 did. NA lex Tobias\n",
        ),
        (
            "stm",
            "harbour 1 Maren_Oakes 0.800 1.400 Who paid?\nharbour 1 Tobias 2.500 3.125 I did.\n",
        ),
        (
            "rttm",
            "SPEAKER harbour 1 0.800 0.600 <NA> <NA> Maren_Oakes <NA> <NA>\n"
            "SPEAKER harbour 1 2.500 0.625 <NA> <NA> Tobias <NA> <NA>\n",
        ),
    ],
)
def test_a_transcript_is_written_as_scoring_tools_read_it(name: str, text: str) -> None:
    assert dump(name, Content(document=HARBOUR)).decode() == text


def test_a_transcript_comes_back_from_a_textgrid_whole() -> None:
    file = dump("textgrid", Content(document=HARBOUR))

    assert said(read("textgrid", file)) == said(HARBOUR)
    assert b"xmax = 4.0\n" in file


def test_words_of_nobody_known_stand_beside_those_of_named_speakers() -> None:
    mixed = replace(
        HARBOUR, segments=(*HARBOUR.segments[:-1], replace(HARBOUR.segments[-1], speaker=None))
    )

    assert said(read("textgrid", dump("textgrid", Content(document=mixed)))) == said(mixed)


def test_a_tier_that_tells_once_more_what_all_speakers_say_is_read_once() -> None:
    file = dump("textgrid", Content(document=HARBOUR)).decode()
    unnamed = replace(
        HARBOUR, segments=tuple(replace(each, speaker=None) for each in HARBOUR.segments)
    )
    tier = dump("textgrid", Content(document=unnamed)).decode().partition("item [1]:")[2]
    count = file.count('name = "')
    both = file.replace(f"size = {count}\n", f"size = {count + 1}\n", 1)

    assert said(read("textgrid", f"{both}    item [{count + 1}]:{tier}")) == said(HARBOUR)


def test_intervals_of_a_textgrid_never_overlap_and_are_never_empty() -> None:
    words = (Word(2, "a", 100, 100), Word(3, "b", 100, 200))
    other = (Word(5, "c", 150, 300),)
    document = Document((Segment(1, words), Segment(4, other)), next_id=6)

    file = dump("textgrid", Content(document=document))

    [(_, words)] = said(read("textgrid", file))
    assert words == [("a", 100, 101), ("b", 101, 200), ("c", 200, 300)]


def test_turns_leave_out_pauses_of_half_a_second() -> None:
    words = (Word(2, "a", 0, 400), Word(3, "b", 800, 1000), Word(4, "c", 1500, 2000))

    turns = rttm.turns_of(Document((Segment(1, words),), next_id=5))

    assert [(s.start, s.end, label) for s, _, label in turns.itertracks(yield_label=True)] == [
        (0.0, 1.0, "unknown"),
        (1.5, 2.0, "unknown"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("ctm", "a 1 0 1 so\na 1 0 1\n", "channel, start, length or word in line 2"),
        ("ctm", "a 1 0 -1 so", "has “-1” where a time in seconds should be in line 1"),
        ("ctm", "\n\na 1 nan 1 so", "has “nan” where a time in seconds should be in line 3"),
        ("ctm", "a 1 1e999 1 so", "has “1e999” where a time in seconds should be in line 1"),
        (
            "ctm",
            "a 1 0 1 so\nb 1 0 1 so\n",
            "tells of 2 recordings (a, b); keep the lines of one of them",
        ),
        ("stm", "a 1 anna 3 2 so", "ends a turn before it begins in line 1"),
        ("stm", "a 1 anna 3", "lacks a recording, channel, speaker, start or end in line 1"),
        ("textgrid", "hello\nthere", "ends in the middle of its tiers"),
        ("textgrid", 'x\n"ooTextFile" "Pitch"', "has no head of a TextGrid in line 2"),
        ("textgrid", LONG.replace('"TextTier"', '"Sound"'), "class “Sound” in line 38"),
        ("textgrid", LONG.replace("0.25", '"a"', 1), "no number where one should be in line 16"),
        ("textgrid", LONG.replace('"now"', "7"), "no quoted text where one should be in line 36"),
        ("textgrid", LONG[:-8], "ends in the middle of its tiers"),
        ("textgrid", LONG.replace("size = 3", "size = 3.5", 1), "has no whole number"),
    ],
)
def test_a_faulty_line_is_named(name: str, text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(name, text)

    assert str(refusal.value).startswith(f"“x.{name}” ")
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("some words\n", "“x.rttm” has no SPEAKER line in it; choose an RTTM file."),
        (
            "SPEAKER a 1 0 1 <NA> <NA>\n",
            "“x.rttm” lacks a recording, channel, start, length or speaker in line 1; "
            "correct that line.",
        ),
    ],
)
def test_a_faulty_rttm_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        rttm.read_turns(Source(text.encode(), "x.rttm"))

    assert str(refusal.value) == sentence


PIECES = [
    *("a 1 0.5 0.25 so", "a 1 tom 0 1 <x> so", "SPEAKER a 1 0 1 x x tom x x", ";;", "*", "<ALT>"),
    *("\n", "\t", '"', '""', '"IntervalTier"', '"TextGrid"', '"ooTextFile"', "<exists>", "1", "2"),
    *("-1", "1e9", "nan", "9" * 400, "0.5", "\0", "\ufeff", "\u2028", "\x85", "é", "東京", "x"),
]
files = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(
    lambda pieces: " ".join(pieces).encode()
)


@given(data=files)
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_transcript_or_one_sentence(data: bytes) -> None:
    for name, reader in READERS.items():
        for head in (b"", b'"ooTextFile" "TextGrid" 0 1 1 "IntervalTier" "a" 0 1 '):
            with contextlib.suppress(FormatError):
                assert isinstance(reader(Source(head + data, f"x.{name}")), Document)
    with contextlib.suppress(FormatError):
        rttm.read_turns(Source(data))


NASTY = st.sampled_from(
    [
        "<ALT>",
        "*",
        ";;",
        "sil",
        "<x>",
        '"',
        '""',
        "é",
        "東京",
        "\u2060",
        "-->",
        "{",
        "a b",
        "<NA>",
        "-",
    ]
) | st.text(max_size=4)


@given(texts=st.lists(NASTY.filter(tokens), min_size=1, max_size=6), name=NASTY)
@settings(max_examples=200, deadline=None)
def test_hostile_text_comes_back_from_every_corpus_format(texts: list[str], name: str) -> None:
    spoken = [word for text in texts for word in tokens(text)]
    words = tuple(Word(n, text, n * 400, n * 400 + 300) for n, text in enumerate(spoken, start=3))
    speakers = (Speaker(2, name),) if tokens(name) else ()
    document = Document((Segment(1, words, 2 if speakers else None),), speakers, next_id=99)

    for form in READERS:
        again = read(form, dump(form, Content(document=document)))
        assert "".join(word.text for word in again.words()) == "".join(spoken), form


SEVERAL = {
    *("meeteval_hyp1.ctm", "sctk_basic.ctm", "sctk_ref.ctm", "meeteval_ref.rttm"),
    *("meeteval_ref.stm", "sctk_basic.stm"),
}
"""Files that tell of several recordings."""


def test_every_file_of_other_corpora_is_read(shared_data: Path) -> None:
    counts = dict.fromkeys((".ctm", ".stm", ".textgrid", ".rttm"), 0)
    refused = set()
    for path in sorted(shared_data.rglob("*")):
        ending = path.suffix.lower()
        if ending not in counts:
            continue
        try:
            if ending == ".rttm":
                assert len(rttm.read_turns(formats.source(path))) > 0
            else:
                read = formats.load(path)
                assert isinstance(read, Document)
                assert len(read.segments) > 0
        except FormatError as refusal:
            refused.add((path.name, str(refusal).rpartition("; ")[2]))
        counts[ending] += 1

    assert refused == {(name, "keep the lines of one of them.") for name in SEVERAL}
    assert counts == {".ctm": 24, ".stm": 13, ".textgrid": 16, ".rttm": 27}


def test_a_ctm_and_a_textgrid_of_one_recording_say_the_same(shared_data: Path) -> None:
    folder = shared_data / "alignment"
    for path in sorted(folder.glob("*.TextGrid")):
        words, others = (
            list(read.words())
            for read in (formats.load(path), formats.load(path.with_suffix(".ctm")))
            if isinstance(read, Document)
        )
        assert [word.text for word in words] == [word.text for word in others]
        assert all(
            abs(one.start - other.start) <= 2 and abs(one.end - other.end) <= 2
            for one, other in zip(words, others, strict=True)
        )


def test_a_recording_without_a_name_is_called_so() -> None:
    document = replace(HARBOUR, media=None)

    assert dump("stm", Content(document=document)).startswith(b"recording 1 ")
