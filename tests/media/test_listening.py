import itertools

import numpy as np
import pytest
import soundfile

from granite_studio.core.document import Span
from granite_studio.media.listening import windows
from granite_studio.media.speech import speech
from granite_studio.media.values import RATE, Block, End, SoundWindow, Speech
from granite_studio.media.windows import cut as at_rest


@pytest.fixture(scope="module")
def interview():
    from importlib import resources

    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, rate = soundfile.read(folder / "interview.flac", dtype="int16")
    assert rate == RATE
    return sound


def blocks(samples, start_ms=0):
    for first in range(0, len(samples), RATE):
        yield Block(start_ms + first * 1000 // RATE, samples[first : first + RATE])
    yield End(start_ms + len(samples) * 1000 // RATE, 0, 0)


def cut(samples, longest_ms=12_000, start_ms=0):
    events = list(windows(blocks(samples, start_ms), start_ms=start_ms, longest_ms=longest_ms))
    assert isinstance(events[-1], End)
    return [event for event in events if isinstance(event, SoundWindow)]


def test_windows_hold_their_own_sound_and_do_not_overlap_at_silences(interview):
    found = cut(interview)
    for window in found:
        first, last = (edge * RATE // 1000 for edge in (window.span.start, window.span.end))
        assert np.array_equal(window.samples, interview[first:last])
        assert window.span.end - window.span.start <= 12_000
    spans = [window.span for window in found]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_all_speech_of_the_recording_lies_in_some_window(interview):
    [whole] = [event for event in speech(blocks(interview)) if isinstance(event, Speech)]
    found = cut(interview)
    for span in whole.spans:
        inside = sum(
            max(0, min(span.end, w.span.end) - max(span.start, w.span.start)) for w in found
        )
        assert inside >= span.end - span.start - 64, span  # a frame at each end


def test_the_same_sound_gives_the_same_windows(interview):
    assert [w.span for w in cut(interview)] == [w.span for w in cut(interview)]


def test_a_start_in_the_middle_shifts_all_times(interview):
    part = interview[60 * RATE : 90 * RATE]
    here, there = cut(part), cut(part, start_ms=60_000)
    assert [w.span for w in there] == [
        Span(w.span.start + 60_000, w.span.end + 60_000) for w in here
    ]
    assert there[0].speech[0].start >= 60_000


def test_silence_gives_no_window_and_long_silence_is_forgotten(interview):
    assert cut(np.zeros(60 * RATE, dtype=np.int16)) == []
    late = np.concatenate((np.zeros(120 * RATE, dtype=np.int16), interview[: 8 * RATE]))
    [window] = cut(late)
    assert 119_500 < window.span.start < 121_500


def test_a_window_comes_before_the_sound_has_ended(interview):
    given = []

    def counted():
        for block in blocks(interview):
            given.append(block)
            yield block

    for event in windows(counted(), start_ms=0, longest_ms=12_000):
        if isinstance(event, SoundWindow):
            break
    assert len(given) < 40


@pytest.fixture(scope="module")
def unbroken(interview):
    """A minute in which somebody speaks without a pause."""
    return np.concatenate([w.samples for w in cut(interview)])[: 60 * RATE]


def test_unbroken_speech_is_cut_without_losing_sound(unbroken):
    found = cut(unbroken, longest_ms=3000)
    assert sum(window.forced for window in found) > 5
    for before, after in itertools.pairwise(found):
        shared = before.span.end - after.span.start
        assert after.overlap_ms == max(0, shared)
        assert 750 <= shared <= 750 + 375 if before.forced else shared <= 0
        assert before.span.start < after.span.start
        assert before.span.end < after.span.end


def test_what_two_windows_share_is_the_same_sound(unbroken):
    for window in cut(unbroken, longest_ms=3000):
        first, last = (edge * RATE // 1000 for edge in (window.span.start, window.span.end))
        assert np.array_equal(window.samples, unbroken[first:last])
        assert window.span.end - window.span.start <= 3000


def test_windows_while_decoding_are_those_of_the_whole_file(unbroken):
    [whole] = [event for event in speech(blocks(unbroken)) if isinstance(event, Speech)]
    at_once = at_rest(whole.spans, 60_000, longest_ms=3000, levels=whole.levels)
    found = cut(unbroken, longest_ms=3000)
    assert [w.forced for w in found] == [w.forced for w in at_once]
    for window, same in zip(found, at_once, strict=True):
        assert abs(window.span.start - same.span.start) <= 32
        assert abs(window.span.end - same.span.end) <= 32
