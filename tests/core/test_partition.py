"""The cut is the best there is: held against every other cut of short pieces."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from granite_studio.core.cues import derive
from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.core.styles import style
from tests.core.brute import (
    JAPANESE,
    LONG,
    MIXED,
    TEXTS,
    errors,
    least_errors,
    least_errors_of_all,
    piece,
)

TRUTH = Path(__file__).parents[1] / "data" / "sample"
UNLIKE = (
    *("general", "ard", "bbc", "france", "netflix-en", "netflix-de", "netflix-nl", "netflix-es"),
    *("bbc-upright", "vertical"),
)
"""Styles whose numbers or dashes are far apart."""


@pytest.mark.parametrize("name", UNLIKE)
def test_no_cut_has_fewer_faults(name: str) -> None:
    guide, faulty, shared, waiting = style(name), 0, 0, 0
    for seed in range(60):
        document = piece(seed, turns=1 + seed % 5)
        cues = derive(document, guide)
        found = errors(cues, guide)
        assert found == (least_errors(document, guide) if found else 0), seed
        starts = {word.id: word.start for word in document.words()}
        rows = {word.id: segment.id for segment in document for word in segment.words}
        faulty += found > 0
        shared += any(rows[cue.first] != rows[cue.last] for cue in cues)
        waiting += any(cue.start != starts[cue.first] for cue in cues)
    assert min(faulty, shared, waiting) >= 5


@pytest.mark.parametrize("texts", [JAPANESE, MIXED, LONG, (*TEXTS, *LONG[-6:])])
@pytest.mark.parametrize("name", ["general", "netflix-ja", "vertical", "bbc-upright"])
def test_no_cut_of_full_width_text_or_long_words_has_fewer_faults(
    name: str, texts: Sequence[str]
) -> None:
    guide, faulty = style(name), 0
    for seed in range(40):
        document = piece(seed, turns=1 + seed % 5, texts=texts)
        found = errors(derive(document, guide), guide)
        assert found == (least_errors(document, guide) if found else 0), seed
        faulty += found > 0
    assert faulty >= 10


@pytest.mark.parametrize("name", ["general", "netflix-nl", "bbc", "vertical"])
def test_what_is_tried_word_by_word_is_as_good_as_every_cut_as_a_whole(name: str) -> None:
    guide = style(name)
    for seed in range(30):
        document = piece(seed, turns=3, longest=4)
        if len(list(document.words())) < 9:
            assert least_errors(document, guide) == least_errors_of_all(document, guide), seed


def sample() -> Document:
    """The words of the sample interview with the times at which they are spoken."""
    spoken = [line.split() for line in (TRUTH / "interview.ctm").read_text().splitlines()]
    times = [(float(start), float(start) + float(length)) for _, _, start, length, _ in spoken]
    segments: list[Segment] = []
    speakers: dict[str, Speaker] = {}
    number = 0
    for line in (TRUTH / "script.txt").read_text().splitlines():
        name, said = line.split(": ", 1)
        speaker = speakers.setdefault(name, Speaker(10_000 + len(speakers), name))
        words: list[Word] = []
        for text in said.split():
            start, end = (round(time * 1000) for time in times[number])
            reached = words[-1].end if words else 0
            words.append(Word(number + 1, text, max(start, reached), max(end, reached)))
            number += 1
        segments.append(Segment(20_000 + len(segments), tuple(words), speaker.id))
    return Document(tuple(segments), tuple(speakers.values()), next_id=30_000)


@pytest.mark.parametrize("name", UNLIKE)
def test_the_sample_has_no_fault_that_another_cut_avoids(name: str) -> None:
    guide, document = style(name), sample()
    cues = derive(document, guide)
    assert len(cues) > 30
    if found := errors(cues, guide):
        assert found == least_errors(document, guide)
