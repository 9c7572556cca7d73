import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.document import Span
from granite_studio.media.windows import (
    CALM_MS,
    LONGEST_SILENCE_MS,
    OVERLAP_MS,
    Window,
    cut,
)


def spans(*edges):
    return tuple(Span(start, end) for start, end in edges)


def shown(windows):
    return [(w.span.start, w.span.end, w.forced) for w in windows]


def test_no_speech_gives_no_window():
    assert cut((), 60_000, longest_ms=30_000) == ()


def test_neighbouring_speech_shares_a_window_with_a_little_silence_around():
    found = cut(spans((1000, 3000), (3500, 8000)), 60_000, longest_ms=30_000)
    assert shown(found) == [(400, 8200, False)]


def test_a_full_window_has_room_for_the_silence_before_it():
    found = cut(spans((20_000, 40_000)), 60_000, longest_ms=10_000)
    assert shown(found)[0] == (19_400, 29_400, True)


def test_nothing_before_the_beginning_is_heard():
    found = cut(spans((1000, 3000)), 60_000, longest_ms=30_000, begin_ms=900)
    assert shown(found) == [(900, 3200, False)]


def test_a_silence_of_more_than_five_seconds_always_cuts():
    found = cut(spans((1000, 3000), (8100, 9000)), 60_000, longest_ms=30_000)
    assert shown(found) == [(400, 3200, False), (7500, 9200, False)]


def test_a_window_ends_at_the_longest_silence_of_its_second_half():
    speech = spans((0, 4000), (4900, 6000), (6800, 8000), (8100, 9800), (10_000, 12_000))
    assert shown(cut(speech, 12_000, longest_ms=10_000)) == [
        (0, 6200, False),
        (6200, 12_000, False),
    ]


def test_the_first_half_is_cut_only_if_there_is_no_other_place():
    speech = spans((0, 4000), (4900, 10_500))
    assert shown(cut(speech, 12_000, longest_ms=10_000)) == [
        (0, 4200, False),
        (4300, 10_700, False),
    ]


def test_unbroken_speech_is_cut_by_force_where_it_is_quietest():
    levels = np.full(1000, 20, dtype=np.uint8)
    levels[230:240] = 50
    found = cut(spans((0, 15_000)), 20_000, longest_ms=10_000, levels=levels)
    assert found[0].forced
    assert 230 * 32 <= found[0].span.end <= 240 * 32
    assert not found[1].forced


def test_the_window_after_a_forced_cut_begins_at_a_calm_moment_before_it():
    levels = np.full(1000, 20, dtype=np.uint8)
    levels[230:240] = 50
    levels[165:170] = 40
    first, second = cut(spans((0, 15_000)), 20_000, longest_ms=10_000, levels=levels)
    assert 165 * 32 <= second.span.start <= 170 * 32
    assert OVERLAP_MS <= first.span.end - second.span.start <= OVERLAP_MS + CALM_MS


def test_without_levels_force_cuts_at_full_length_and_goes_on_a_little_before():
    assert shown(cut(spans((0, 25_000)), 25_000, longest_ms=10_000)) == [
        (0, 10_000, True),
        (8500, 18_500, True),
        (17_000, 25_000, False),
    ]


def test_what_is_left_after_a_forced_cut_shares_a_window_with_the_speech_behind_it():
    speech = spans((0, 11_000), (12_000, 13_000), (13_500, 22_000))
    assert shown(cut(speech, 30_000, longest_ms=10_000)) == [
        (0, 10_000, True),
        (8500, 13_200, False),
        (13_200, 22_200, False),
    ]


def test_short_windows_overlap_less():
    assert shown(cut(spans((0, 2500)), 2500, longest_ms=1000)) == [
        (0, 1000, True),
        (750, 1750, True),
        (1500, 2500, False),
    ]


def test_speech_past_the_end_is_dropped():
    found = cut(spans((0, 4000), (9000, 12_000), (13_000, 14_000)), 10_000, longest_ms=5000)
    assert shown(found) == [(0, 4200, False), (8400, 10_000, False)]


def test_windows_too_short_for_a_word_are_a_mistake():
    with pytest.raises(ValueError, match="too short to hear a word"):
        cut((), 1000, longest_ms=999)


@st.composite
def speech_and_length(draw):
    steps = draw(st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 20_000)), max_size=40))
    found, reached = [], 0
    for silence, length in steps:
        found.append(Span(reached + silence, reached + silence + length))
        reached += silence + length
    return tuple(found), reached + draw(st.integers(-2000, 2000))


@given(speech_and_length(), st.integers(1000, 40_000), st.booleans())
def test_all_speech_is_in_a_window_and_only_forced_cuts_repeat_any(given_, longest, has_levels):
    speech, duration = given_
    duration = max(duration, 0)
    levels = None
    if has_levels:
        count = duration // 32 + 1
        levels = np.random.default_rng(duration).integers(0, 90, count).astype(np.uint8)
    windows = cut(speech, duration, longest_ms=longest, levels=levels)
    assert all(w.span.start >= 0 and w.span.end <= duration for w in windows)
    assert all(0 < w.span.end - w.span.start <= longest for w in windows)
    for before, after in itertools.pairwise(windows):
        assert before.span.start < after.span.start
        assert before.span.end < after.span.end
        repeated = before.span.end - after.span.start
        most = min(OVERLAP_MS, longest // 4) + min(CALM_MS, longest // 8)
        assert (
            min(OVERLAP_MS, longest // 4) <= repeated <= most if before.forced else repeated <= 0
        )
    assert speech_ms(speech, duration) == heard_ms(speech, windows)
    for window in windows:
        assert longest_silence(speech, window) <= LONGEST_SILENCE_MS
        assert window.forced == is_cut_through(speech, window, windows)


def speech_ms(speech, duration):
    return sum(max(0, min(s.end, duration) - s.start) for s in speech)


def heard_ms(speech, windows):
    """Speech in any window; what two of them hold counts once."""
    reached, total = 0, 0
    for window in windows:
        start = max(reached, window.span.start)
        total += sum(max(0, min(s.end, window.span.end) - max(s.start, start)) for s in speech)
        reached = window.span.end
    return total


def longest_silence(speech, window):
    inside = [s for s in speech if s.overlaps(window.span)]
    return max((b.start - a.end for a, b in itertools.pairwise(inside)), default=0)


def is_cut_through(speech, window, windows):
    return window is not windows[-1] and any(s.start < window.span.end < s.end for s in speech)


@given(speech_and_length())
def test_long_windows_are_as_few_as_silence_allows(given_):
    speech, duration = given_
    duration = max(duration, 0)
    (*windows,) = cut(speech, duration, longest_ms=10_000_000)
    gaps = [
        b.start - a.end for a, b in itertools.pairwise(s for s in speech if s.start < duration)
    ]
    expected = sum(gap > LONGEST_SILENCE_MS for gap in gaps) + (speech_ms(speech, duration) > 0)
    assert len(windows) == expected
    assert all(isinstance(window, Window) for window in windows)
