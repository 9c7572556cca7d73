"""Names of people who share a cue, in every format that has a place for names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.importing import from_captions
from granite_studio.formats import FORMATS, Content, Kind, Source, dump, shared_cues
from granite_studio.formats.base import Carries
from granite_studio.formats.frames import named, voiced
from granite_studio.formats.markup import plain

SHARED = "- <v Anna>Is it old?</v>\n- <v Tom>It is.</v>"
TALK = from_captions(Captions((Caption(0, 1900, SHARED), Caption(2000, 3000, "<v Tom>Very."))))
KEEPS_LINES = [
    known.name
    for known in FORMATS.values()
    if known.kind is Kind.CAPTIONS
    and known.read
    and {Carries.SPEAKERS, Carries.LINES} <= set(known.carries)
    and not known.names_in_text
    and known.name != "edl"  # its comments are texts
]


def said(captions):
    document = from_captions(captions)
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(segment.speaker, ""), segment.text) for segment in document]


@pytest.mark.parametrize("name", KEEPS_LINES)
def test_who_says_which_line_comes_back(name):
    back = FORMATS[name].read(Source(dump(name, Content(document=TALK))))

    assert said(back) == [("Anna", "Is it old?"), ("Tom", "It is. Very.")]
    assert plain(back.cues[0].text) == "- Is it old?\n- It is."


def test_these_are_the_formats_that_are_meant():
    assert set(KEEPS_LINES) >= {"vtt", "ttml", "ebu-tt-d", "ass", "csv", "tsv", "otio"}


def test_webvtt_has_a_voice_for_each_line_behind_its_dash():
    assert SHARED in dump("vtt", Content(document=TALK)).decode()


def test_names_in_the_text_stand_behind_the_dashes():
    text = dump("srt", Content(document=TALK, speaker_names=True)).decode()

    assert "- Anna: Is it old?\n- Tom: It is.\n" in text


def test_they_are_left_out_where_names_are():
    for known in FORMATS.values():
        if known.kind is Kind.CAPTIONS:
            data = known.dump(Content(document=TALK, speaker_names=False))
            assert not re.search(b"Anna", data), known.name


def test_a_table_joins_them():
    text = dump("csv", Content(document=TALK)).decode()

    assert ',Anna / Tom,"\'- Is it old?\n- It is."' in text


def test_emphasis_and_voices_stand_within_one_another():
    text = "<i>- <v Anna>Is it old?</v></i>\n- <v Tom>It <b>is</b>.</v>"
    document = from_captions(Captions((Caption(0, 1900, text),)))

    assert (
        "- <v Anna><i>Is it old?</i></v>\n- <v Tom>It <b>is.</b></v>"
        in dump("vtt", Content(document=document)).decode()
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("A / B", "- x\n- y", "- <v A>x</v>\n- <v B>y</v>"),
        ("A / B", "x\ny", "<v A / B>x\ny"),
        ("A / B", "- x\nmore\n- y", "- <v A>x\nmore</v>\n- <v B>y</v>"),
        ("A / B", "x\nmore\n- y", "<v A>x\nmore</v>\n- <v B>y</v>"),
        ("A / B", "<i>- x\n- y</i>", "<i>- <v A>x</v>\n- <v B>y</v></i>"),
        ("A / B", "<i>- x</i>\n- y", "<i>- <v A>x</v></i>\n- <v B>y</v>"),
        ("A / B", "- x <i>y\n- z</i>", "<v A / B>- x <i>y\n- z</i>"),
        ("A / B", "one line", "<v A / B>one line"),
        ("A / B", "- x\n- y\n- z", "<v A / B>- x\n- y\n- z"),
        ("A /", "- x\n- y", "<v A />- x\n- y"),
        ("AC/DC", "- x\n- y", "<v AC/DC>- x\n- y"),
    ],
)
def test_joined_names_are_those_of_the_lines(name, text, expected):
    assert shared_cues.voiced(name, text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (SHARED, "Anna / Tom"),
        ("<v Anna>Yes</v>\n- <v Tom>no", "Anna / Tom"),
        ("<v Anna>Yes</v>\n<v Tom>no", ""),
        ("<v Anna>Yes", ""),
        ("<v Anna>Yes, <v Tom>no", ""),
        ("- <v A / B>Yes</v>\n- <v Tom>no", ""),
        ("Well\n- <v Anna>Yes</v>\n- <v Tom>no", ""),
        ("- <v Anna>Yes</v>\n- No", ""),
    ],
)
def test_names_are_joined_where_they_can_be_told_apart_again(text, names):
    assert shared_cues.speakers_of(text) == names


NAMES = st.text("Ab /&<é-", min_size=1, max_size=5).map(lambda text: " ".join(text.split()))


@given(st.lists(st.tuples(NAMES.filter(bool), st.text("xy <>&-", min_size=1)), min_size=2))
def test_what_is_joined_is_read_as_it_was(turns):
    text = "\n".join(f"- <v {escape(name)}>{escape(part)}</v>" for name, part in turns)
    speaker, lines = named(text)

    if " / " in speaker and not any(f" {name} ".count(" / ") for name, _ in turns):
        assert named(voiced(speaker, lines)) == (speaker, lines)
        assert shared_cues.names_of(speaker) == [name for name, _ in turns]


def test_how_signs_are_read_stays_in_brackets():
    text = "- <v Anna><ruby>漢<rt>kan</ruby></v>\n- <v Tom>no</v>"

    assert named(text) == ("Anna / Tom", "- 漢(kan)\n- no")
