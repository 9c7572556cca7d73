"""RTTM opened: a paragraph for each turn, which waits for its words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio import formats
from granite_studio.core.document import Document, EngineUse, Span, tokens
from granite_studio.core.edits import Turn, apply_heard, is_waiting
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.formats import Content, dump, rttm
from granite_studio.formats.base import Source
from granite_studio.pipeline.script import read_script

MEETING = (
    "SPKR-INFO a 1 <NA> <NA> <NA> unknown anna <NA> <NA>\n"
    "SPEAKER a 1 1.500 1.000 <NA> <NA> tom <NA> <NA>\n"
    "SPEAKER a 1 0.500 1.250 <NA> <NA> anna <NA> <NA>\n"
    "SPEAKER a 1 2.000 0.100 <NA> <NA> <NA> <NA> <NA>\n"
)


def read(text: str) -> Document:
    return rttm.read(Source(text.encode(), "x.rttm"))


def said(document: Document) -> list[tuple[str | None, str, int, int]]:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [
        (names.get(segment.speaker), segment.text, segment.start, segment.end)
        for segment in document
    ]


def test_each_turn_is_a_paragraph_that_waits_for_its_words() -> None:
    document = read(MEETING)

    assert said(document) == [
        ("anna", "…", 500, 1750),
        ("tom", "…", 1500, 2500),
        (None, "…", 2000, 2100),
    ]
    assert all(map(is_waiting, document))
    assert not any(word.touched or word.estimated for word in document.words())
    assert document.engines == ()


def test_a_turn_inside_another_one_of_its_speaker_is_left_out_and_one_beside_it_cut() -> None:
    document = read(
        "SPEAKER a 1 0 2 <NA> <NA> anna <NA> <NA>\n"
        "SPEAKER a 1 0.5 1 <NA> <NA> anna <NA> <NA>\n"
        "SPEAKER a 1 1.5 2 <NA> <NA> anna <NA> <NA>\n"
        "SPEAKER a 1 1.5 0 <NA> <NA> tom <NA> <NA>\n"
    )

    assert said(document) == [("anna", "…", 0, 2000), ("anna", "…", 2000, 3500)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("some words\n", "“x.rttm” has no SPEAKER line in it; choose an RTTM file."),
        (
            "SPEAKER a 1 0 one <NA> <NA> tom\n",
            "“x.rttm” has “one” where a time in seconds should be in line 1; correct that line.",
        ),
        (
            "SPEAKER a 1 0 1 <NA> <NA> tom\nSPEAKER b 1 0 1 <NA> <NA> tom\n",
            "“x.rttm” tells of 2 recordings (a, b); keep the lines of one of them.",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    for reader in (rttm.read, rttm.read_spoken):
        with pytest.raises(FormatError) as refusal:
            reader(Source(text.encode(), "x.rttm"))
        assert str(refusal.value) == sentence


names = st.text(min_size=1, max_size=8).filter(
    lambda name: name.split() == [name] and tokens(name) == [name]
)
turns = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 4_000), names), min_size=1, max_size=8
)


@given(told=turns)
@settings(max_examples=150, deadline=None)
def test_turns_come_back_as_they_were_written(told: list[tuple[int, int, str]]) -> None:
    text = "".join(
        f"SPEAKER a 1 {start / 1000:.3f} {length / 1000:.3f} <NA> <NA> {name} <NA> <NA>\n"
        for start, length, name in told
    )
    file = dump("rttm", Content(document=read(text)))

    assert sorted(said(read(file.decode())), key=repr) == sorted(said(read(text)), key=repr)
    assert merged(rttm.read_spoken(Source(file))) == merged(
        rttm.read_spoken(Source(text.encode()))
    )


@pytest.mark.parametrize("name", ["json", "textgrid", "eaf", "ctm"])
def test_turns_go_on_waiting_on_the_way_through_formats_of_words(name: str) -> None:
    known = formats.by_name(name)
    assert known.read is not None
    document = read(MEETING.partition("SPEAKER a 1 2.000")[0])
    again = known.read(Source(known.write(Content(document=document)), f"x.{name}"))

    assert isinstance(again, Document)
    assert said(again) == said(document)
    assert all(map(is_waiting, again))


def test_hearing_the_recording_fills_the_turns() -> None:
    words = (HeardWord("How", 500, 700), HeardWord("much?", 800, 1400), HeardWord("A", 1800, 1900))
    heard = Heard(Span(0, 3000), (HeardTurn(words),), EngineUse("granite"))

    assert said(apply_heard(read(MEETING), heard)) == [
        ("anna", "How much?", 500, 1400),
        ("tom", "A", 1800, 1900),
    ]


def test_turns_without_words_are_no_script(tmp_path: Path) -> None:
    (tmp_path / "a.rttm").write_text(MEETING)

    with pytest.raises(FormatError, match=r"“a\.rttm” holds no words; choose the text"):
        read_script(tmp_path / "a.rttm", "en")


def test_real_files_come_back_as_they_were(shared_data: Path) -> None:
    for path in sorted((shared_data / "diarization").glob("*.rttm")):
        document = formats.load(path)
        assert isinstance(document, Document)
        there = merged(rttm.read_spoken(formats.source(path)))
        again = rttm.read_spoken(Source(dump("rttm", Content(document=document))))
        assert merged(again) == there, path.name


def merged(told: list[Turn]) -> set[tuple[str | None, int, int]]:
    """The stretches in which each one speaks."""
    found: list[tuple[str | None, int, int]] = []
    for turn in sorted(told, key=lambda turn: (str(turn.speaker), turn.span.start)):
        if found and found[-1][0] == turn.speaker and turn.span.start <= found[-1][2]:
            found[-1] = (turn.speaker, found[-1][1], max(found[-1][2], turn.span.end))
        else:
            found.append((turn.speaker, turn.span.start, turn.span.end))
    return set(found)
