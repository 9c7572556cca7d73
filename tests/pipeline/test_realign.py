"""Edited words find their places in what the encoder heard."""

import numpy as np
import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.core.edits import Place
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Emissions, Options
from granite_studio.pipeline.emissions import Kept, keep
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.realign import (
    Aligned,
    Missing,
    applied,
    find_words,
    is_covered,
    measure,
    realign_heard,
    realign_kept,
    span_of,
)
from tests.core.pictures import times

FRAME_MS = 20


@pytest.fixture
def tone_task(tmp_path):
    """A recording of ten seconds, for an engine that may be anything."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, (8000 * np.sin(np.arange(160_000) * 0.1)).astype(np.int16), 16_000)
    return Task(path, "1-ab", 10_000, "granite-base", None, Options())


def heard(start, end, *said):
    """Emissions of a window in which these words are spelled at these times: "sea 200-400"."""
    levels = np.full(((end - start) // FRAME_MS, 128), 255, np.uint8)
    levels[:, 0] = 0
    for word in said:
        text, _, span = word.partition(" ")
        first, last = (int(ms) - start for ms in span.split("-"))
        for place, letter in enumerate(text):
            frame = (first + (last - first) * place // len(text)) // FRAME_MS
            levels[frame] = 255
            levels[frame, ord(letter)] = 0
    return Kept(Span(start, end), Emissions(levels, FRAME_MS / 1000))


def spoken(*words):
    """A document of one paragraph: "sea 200-400", heard by a machine."""
    made = []
    for number, word in enumerate(words, 1):
        text, _, span = word.partition(" ")
        start, end = (int(ms) for ms in span.split("-"))
        made.append(Word(number, text, start, end, 0.9, "granite"))
    return Document((Segment(100, tuple(made)),), next_id=200)


def realigned(document, row, kept):
    return applied(document, find_words(document, row, kept))


def near(document, *expected):
    """Whether the words lie within 100 ms of these times."""
    assert [word.text for word in document.words()] == [e.split()[0] for e in expected]
    for word, line in zip(document.words(), expected, strict=True):
        start, end = (int(ms) for ms in line.split()[1].split("-"))
        assert abs(word.start - start) <= 100, (word, line)
        assert abs(word.end - end) <= 100, (word, line)


def test_two_words_typed_for_one_lie_where_each_sounds():
    document = edits.retype(
        spoken("lighthouse 1000-2000", "keeper 2000-2600"), 0, "light house keeper"
    )
    assert times(document)[:2] == ["light* 1000-1500", "house* 1500-2000"]
    sound = heard(0, 3000, "light 1000-1240", "house 1700-1960", "keeper 2200-2500")
    after = realigned(document, 0, [sound])
    near(after, "light 1000-1300", "house 1680-2060", "keeper 2160-2600")
    assert [(word.touched, word.estimated) for word in after.words()] == [
        (True, False),
        (True, False),
        (False, False),
    ]


def test_a_missing_word_that_was_typed_in_finds_its_place_and_its_neighbours_theirs():
    document = edits.retype(spoken("we 0-900", "work 900-1500"), 0, "we both work")
    sound = heard(0, 2000, "we 100-200", "both 500-740", "work 1100-1340")
    near(realigned(document, 0, [sound]), "we 100-260", "both 460-840", "work 1060-1440")


def test_a_word_that_a_person_put_in_time_stays_there():
    document = edits.retime_word(spoken("we 0-900", "both 900-950"), Place(0, 0), 0, 600)
    sound = heard(0, 2000, "we 100-200", "both 500-740")
    after = realigned(document, 0, [sound])
    assert times(after)[0] == "we* 0-600"
    assert next(after.words()).estimated is False
    assert after.segments[0].words[1].start >= 600


def test_a_word_that_a_person_vouched_for_stays_too():
    document = edits.confirm(spoken("we 0-900"), Place(0, 0), Place(0, 1))
    assert realigned(document, 0, [heard(0, 2000, "we 300-500")]) is document


def test_a_number_comes_between_its_neighbours_as_an_estimate():
    document = edits.retype(spoken("about 0-400", "x 400-500", "pounds 500-900"), 0, "about 12 ok")
    document = edits.retype(spoken("about 0-400", "pounds 500-900"), 0, "about 112 pounds")
    sound = heard(0, 2000, "about 0-200", "onetwelve 500-860", "pounds 1200-1500")
    first, number, last = realigned(document, 0, [sound]).words()
    assert (number.text, number.estimated) == ("112", True)
    assert first.end <= number.start < number.end <= last.start
    assert abs(last.start - 1200) <= 100


def test_a_paragraph_over_two_windows_is_aligned_in_both():
    document = edits.retype(spoken("sea 100-400", "wall 3000-3300"), 0, "the sea wall fell")
    sounds = [
        heard(0, 1000, "the 100-200", "sea 400-500"),
        heard(2990, 4000, "wall 3100-3240", "fell 3500-3640"),
    ]
    near(
        realigned(document, 0, sounds),
        "the 80-300",
        "sea 360-600",
        "wall 3060-3340",
        "fell 3460-3740",
    )


def test_words_in_whose_time_nothing_is_kept_stay_where_they_are():
    document = spoken("sea 100-400", "wall 3000-3300")
    after = realigned(document, 0, [heard(0, 1000, "sea 500-600")])
    assert times(after)[1] == "wall 3000-3300"
    assert after.segments[0].words[0].start > 400
    assert realigned(document, 0, []) is document


def test_another_models_window_is_not_mixed_in():
    document = spoken("sea 100-400", "wall 3000-3300")
    other = Kept(Span(2000, 4000), Emissions(np.zeros((20, 5), np.uint8), 0.1))
    after = realigned(document, 0, [heard(0, 1000, "sea 500-600"), other])
    assert times(after)[1] == "wall 3000-3300"


def test_a_paragraph_stays_out_of_the_time_of_its_neighbours():
    words = [(Word(n, "sea", n * 1000, n * 1000 + 500),) for n in range(1, 4)]
    document = Document(tuple(Segment(100 + n, w) for n, w in enumerate(words)), next_id=200)
    assert span_of(document, 0) == Span(0, 2000)
    assert span_of(document, 1) == Span(1500, 3000)
    assert span_of(document, 2) == Span(2500, 5500)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_was_heard_the_words_stay_in_order_and_texts_as_they_are(seed):
    dice = np.random.default_rng(seed)
    starts = np.sort(dice.integers(0, 9000, 12))
    document = spoken(*(f"{'abc'[n % 3] * 3} {s}-{s}" for n, s in enumerate(starts)))
    document = edits.retype(document, 0, f"x {document.segments[0].text} 12 — yz")
    document = edits.confirm(document, Place(0, 4), Place(0, 6))
    levels = dice.integers(0, 256, (400, 128)).astype(np.uint8)
    kept = [Kept(Span(1000, 9000), Emissions(levels, 0.02))]
    after = realigned(document, 0, kept)  # a paragraph out of order would not be built
    assert after.segments[0].text == document.segments[0].text
    assert after.segments[0].words[4:6] == document.segments[0].words[4:6]


def test_half_a_minute_of_words_stays_where_it_was_found():
    said = [f"word {n * 300}-{n * 300 + 200}" for n in range(99)]
    document = spoken(*said)
    near(realigned(document, 0, [heard(0, 30_000, *said)]), *said)


def test_an_engine_tells_what_it_hears_of_one_paragraph(tone_task, reader, engine_of):
    document = spoken("a 1000-1400", "a 1400-3000")
    engine = engine_of("tests.pipeline.engines:tells_what_its_encoder_heard")
    events = list(measure(tone_task, document, 0, reader, engine, CancelToken()))
    kept = [event for event in events if isinstance(event, Kept)]
    assert [window.span for window in kept] == [Span(800, 3200)]
    near(realigned(document, 0, kept), "a 800-920", "a 3120-3200")


def test_an_engine_that_does_not_tell_is_named(tone_task, reader, engine_of):
    document = spoken("a 1000-1400")
    engine = engine_of("tests.pipeline.engines:hears_nothing")
    with pytest.raises(EngineError, match="does not tell where"):
        list(measure(tone_task, document, 0, reader, engine, CancelToken()))


def test_a_sound_that_kills_the_engine_is_refused_with_a_sentence(tone_task, reader, engine_of):
    document = spoken(*(f"a {n * 1000}-{n * 1000 + 900}" for n in range(7)))
    engine = engine_of("tests.pipeline.engines:dies_at_loud_windows")
    with pytest.raises(EngineError, match="could not be heard"):
        list(measure(tone_task, document, 0, reader, engine, CancelToken()))


def test_only_what_is_kept_is_needed_for_a_paragraph_that_it_covers(tmp_path):
    document = spoken("sea 100-400", "wall 3000-3300")
    sea, wall = heard(0, 1000, "sea 500-600"), heard(2900, 4000, "wall 3500-3600")
    keep(tmp_path, "1-ab", "r", sea.span, sea.emissions)
    ask = (document, [100], tmp_path, "1-ab", CancelToken())
    assert list(realign_kept(*ask)) == [Missing(100)]
    keep(tmp_path, "1-ab", "r", wall.span, wall.emissions)
    (found,) = realign_kept(*ask)
    near(applied(document, found), "sea 460-700", "wall 3460-3700")


def test_settled_words_need_no_sound():
    document = edits.confirm(spoken("sea 100-400", "wall 500-900"), Place(0, 0), Place(0, 2))
    assert is_covered(document, 0, [])
    assert not is_covered(spoken("sea 100-400"), 0, [])


def test_what_an_engine_told_once_is_kept_for_the_next_time(
    tone_task, reader, engine_of, tmp_path
):
    document = spoken("a 1000-1400", "a 1400-3000")
    engine = engine_of("tests.pipeline.engines:tells_what_its_encoder_heard")
    cache, cancel = tmp_path / "kept", CancelToken()
    events = list(realign_heard(tone_task, document, [100], cache, reader, engine, cancel))
    (first,) = [event for event in events if isinstance(event, Aligned)]
    assert list(realign_kept(document, [100], cache, "1-ab", cancel)) == [first]


def test_a_paragraph_that_went_meanwhile_is_left_alone():
    document = spoken("sea 100-400")
    assert applied(document, Aligned(9, {1: Span(0, 10)})) is document
