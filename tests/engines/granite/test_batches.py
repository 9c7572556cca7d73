"""Batches by length, and the ladder when memory runs out, with an engine that says it has none."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import (
    RATE,
    Doubt,
    Emissions,
    Heartbeat,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.granite.batches import in_batches, out_of_memory, quietest, sounds


def window(index, seconds):
    return Window(index, np.full(round(seconds * RATE), 0.1, np.float32))


class Fake:
    """Hears the length of each window, and has room for so many samples, padding counted."""

    def __init__(self, room_s=1e9):
        self.room = room_s * RATE
        self.batches = []

    def __call__(self, windows):
        longest = max(len(w.samples) for w in windows)
        self.batches.append([w.index for w in windows])
        if longest * len(windows) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        for w in windows:
            yield Heartbeat(w.index, 0.5)
            yield heard(w.index, len(w.samples) / RATE)


def heard(index, seconds):
    return Transcript(index, (Turn((TimedWord(f"{seconds:g}", 0.0, seconds),)),))


def run(work, windows, size):
    events, steps = [], in_batches(windows, size=size, work=work, cancel=CancelToken())
    while True:
        try:
            events.append(next(steps))
        except StopIteration as stop:
            told = [event for event in events if isinstance(event, Transcript)]
            return sorted(told, key=lambda t: t.index), stop.value


def test_windows_of_like_length_are_heard_together_the_longest_first():
    work = Fake()
    answers, size = run(work, [window(0, 2), window(1, 9), window(2, 1), window(3, 8)], 2)
    assert work.batches == [[1, 3], [0, 2]]
    assert answers == [heard(0, 2), heard(1, 9), heard(2, 1), heard(3, 8)]
    assert size == 2


def test_when_memory_runs_out_the_batch_is_halved_and_the_answers_stay_the_same():
    windows = [window(i, 5) for i in range(5)]
    work = Fake(room_s=12)
    answers, size = run(work, windows, 5)
    assert work.batches == [[0, 1, 2, 3, 4], [0, 1], [2, 3], [4]]
    assert answers == run(Fake(), windows, 1)[0]
    assert size == 2


def test_what_was_answered_before_memory_ran_out_is_not_heard_again():
    asked = []

    def work(windows):
        asked.append([w.index for w in windows])
        yield heard(windows[0].index, 5)
        if len(windows) > 1:
            raise torch.OutOfMemoryError

    answers, _ = run(work, [window(i, 5) for i in range(3)], 3)
    assert asked == [[0, 1, 2], [1], [2]]
    assert [t.index for t in answers] == [0, 1, 2]


def test_a_window_that_does_not_fit_alone_is_heard_in_two_parts():
    sound = np.full(20 * RATE, 0.1, np.float32)
    sound[9 * RATE : 10 * RATE] = 0
    work = Fake(room_s=12)
    answers, size = run(work, [Window(7, sound), window(8, 4)], 2)
    assert answers == [
        Transcript(
            7,
            (Turn((TimedWord("9.9", 0.0, 9.9),)), Turn((TimedWord("10.1", 9.9, 20.0),))),
        ),
        heard(8, 4),
    ]
    assert size == 1


def test_parts_of_a_window_keep_texts_doubts_and_frames_in_order_and_voices_apart():
    def work(windows):
        [w] = windows
        seconds = len(w.samples) / RATE
        if seconds > 10:
            raise torch.OutOfMemoryError
        first = not w.samples[0]
        yield Transcript(
            w.index,
            (Turn((TimedWord("a", 1.0, 2.0, 0.5, True),), "Speaker 1"),),
            "Guten" if first else "Tag",
            (Doubt.TIMES,) if first else (Doubt.LOOP, Doubt.TIMES),
            Emissions(np.full((round(seconds * 50), 3), first, np.uint8), 0.02),
        )

    sound = np.full(16 * RATE, 0.1, np.float32)
    sound[:8] = 0
    [answer], _ = run(work, [Window(3, sound)], 1)
    assert answer.index == 3
    assert answer.turns == (
        Turn((TimedWord("a", 1.0, 2.0, 0.5, True),), "Speaker 1"),
        Turn((TimedWord("a", 9.0, 10.0, 0.5, True),), "Speaker 2"),
    )
    assert answer.translation == "Guten Tag"
    assert answer.doubts == (Doubt.TIMES, Doubt.LOOP)
    assert answer.emissions.levels[:, 0].tolist() == [1] * 400 + [0] * 400


def test_beats_of_the_parts_add_up_to_the_window():
    def work(windows):
        [w] = windows
        if len(w.samples) > 10 * RATE:
            raise torch.OutOfMemoryError
        yield from (Heartbeat(w.index, 0.5), heard(w.index, 1))

    steps = in_batches([window(0, 16)], size=1, work=work, cancel=CancelToken())
    assert [e.fraction for e in steps if isinstance(e, Heartbeat)] == [0.25, 0.75]


def test_when_even_a_short_window_does_not_fit_it_says_what_to_do():
    with pytest.raises(EngineError, match=r"choose another device.*close other programs"):
        run(Fake(room_s=3), [window(0, 30)], 4)


def test_a_window_that_goes_on_from_earlier_text_is_not_cut():
    steps = in_batches(
        [window(0, 30)], size=1, work=Fake(room_s=20), cancel=CancelToken(), divide=False
    )
    with pytest.raises(EngineError, match="shorter windows"):
        list(steps)


def doubting(*doubts):
    """Hears as `Fake` does, and doubts whatever is longer than ten seconds."""

    def work(windows):
        for w in windows:
            seconds = len(w.samples) / RATE
            yield replace(heard(w.index, seconds), doubts=doubts if seconds > 10 else ())

    return work


@pytest.mark.parametrize("doubt", [Doubt.LOOP, Doubt.CUT_OFF])
def test_a_window_whose_text_ran_in_circles_is_heard_again_in_two_parts(doubt):
    [again, other], size = run(doubting(doubt), [window(0, 16), window(1, 4)], 2)
    assert [word.text for turn in again.turns for word in turn.words] == ["8", "8"]
    assert again.doubts == ()
    assert other == heard(1, 4)
    assert size == 2


def test_when_the_parts_run_away_too_the_first_answer_stays():
    def work(windows):
        for w in windows:
            yield replace(heard(w.index, len(w.samples) / RATE), doubts=(Doubt.CUT_OFF,))

    [answer], _ = run(work, [window(0, 16)], 1)
    assert answer == replace(heard(0, 16), doubts=(Doubt.CUT_OFF,))


def test_doubtful_times_and_short_windows_are_not_heard_again():
    [answer], _ = run(doubting(Doubt.TIMES), [window(0, 16)], 1)
    assert answer == replace(heard(0, 16), doubts=(Doubt.TIMES,))
    short = replace(heard(0, 7), doubts=(Doubt.LOOP,))
    assert run(lambda windows: iter([short]), [window(0, 7)], 1)[0] == [short]


def test_other_errors_pass_through():
    def work(windows):
        yield from ()
        raise RuntimeError("device-side assert triggered")

    with pytest.raises(RuntimeError, match="device-side"):
        run(work, [window(0, 1)], 1)


def test_a_set_token_stops_it_between_batches():
    cancel = CancelToken()
    steps = in_batches([window(0, 1), window(1, 1)], size=1, work=Fake(), cancel=cancel)
    next(steps)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(steps)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8.9 GB)"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"), True),
        (MemoryError(), True),
        (RuntimeError("CUDA error: device-side assert triggered"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_memory_running_out_is_told_from_other_errors(error, expected):
    assert out_of_memory(error) is expected


def test_a_window_is_cut_where_it_is_quietest_near_the_middle():
    sound = np.full(10 * RATE, 0.1, np.float32)
    sound[: RATE // 2] = 0
    sound[4 * RATE : 4 * RATE + 4800] = 0
    assert quietest(sound) == pytest.approx(4 * RATE + 2400, abs=1600)
    assert quietest(np.zeros(10 * RATE, np.float32)) == 5 * RATE
    assert quietest(sound) % 320 == 0


def test_silence_and_a_blink_hold_nothing_to_hear():
    assert sounds(window(0, 1))
    assert not sounds(window(0, 0.05))
    assert not sounds(Window(0, np.zeros(RATE, np.float32)))
    assert not sounds(Window(0, np.zeros(0, np.float32)))
