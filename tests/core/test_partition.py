"""The cut is the best there is: held against every other cut of short pieces."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.core.styles import style, style_names
from tests.core.brute import errors, least_errors, least_errors_of_turn

TRUTH = Path(__file__).parents[1] / "data" / "sample"
UNLIKE = ("general", "ard", "bbc", "france", "netflix-en", "netflix-de", "vertical")
"""Styles whose numbers are far apart."""
TEXTS = (
    *("I", "the", "a", "went", "to", "school", "because", "yesterday,", "extraordinarily"),
    *("fast.", "He", "said:", "nothing,", "but", "responsibilities", "came", "and", "we"),
    *("responded", "immediately.", "Yes.", "No,", "Oh"),
)
PAUSES = (0, 0, 20, 60, 200, 500, 900, 1_200)


def piece(seed: int, turns: int) -> Document:
    """A few words of one or more speakers in turn, some much too fast, some with pauses."""
    chance = random.Random(seed)
    words: list[list[Word]] = []
    time = chance.randrange(500)
    for turn in range(turns):
        words.append([])
        for number in range(chance.randint(1, 9 if turn == 0 else 4)):
            text = chance.choice(TEXTS)
            end = time + 40 + len(text) * chance.choice((25, 40, 60, 90))
            words[-1].append(Word(100 * turn + number + 1, text, time, end))
            time = end + chance.choice(PAUSES)
    segments = tuple(Segment(1_000 + n, tuple(said), n) for n, said in enumerate(words))
    return Document(segments, next_id=2_000)


def is_pushed(document: Document, cues: Sequence[Cue]) -> bool:
    """Whether a cue waits for one in front that has no room: its time hangs on that one's cut."""
    starts = {word.id: word.start for word in document.words()}
    return any(cue.start != starts[cue.first] for cue in cues)


@pytest.mark.parametrize("name", UNLIKE)
def test_no_cut_of_one_persons_words_has_fewer_faults(name: str) -> None:
    guide, compared = style(name), 0
    for seed in range(100):
        document = piece(seed, turns=3)
        one = tuple(replace(segment, speaker=1) for segment in document.segments)
        document = replace(document, segments=one)
        cues = derive(document, guide)
        if (found := errors(cues, guide)) and not is_pushed(document, cues):
            compared += 1
            assert found == least_errors(document, guide), seed
    assert compared >= 5


@pytest.mark.parametrize("name", UNLIKE)
def test_turns_that_share_a_cue_have_no_more_faults_than_any_cut_of_each(name: str) -> None:
    guide, joined = style(name), 0
    for seed in range(60):
        document = piece(seed, turns=3)
        cues = derive(document, guide)
        joined += sum(cue.speaker is None for cue in cues)
        if (found := errors(cues, guide)) and not is_pushed(document, cues):
            assert found <= least_errors(document, guide), seed
    assert joined


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


@pytest.mark.parametrize("name", style_names())
def test_the_sample_has_no_fault_that_another_cut_avoids(name: str) -> None:
    guide, document = style(name), sample()
    cues = derive(document, guide)
    assert len(cues) > 30
    if not (found := errors(cues, guide)):
        return
    least = sum(
        least_errors_of_turn(segment.words, guide, behind.start if behind else 10**6)
        for segment, behind in zip(document.segments, [*document.segments[1:], None], strict=True)
    )
    assert found <= least
