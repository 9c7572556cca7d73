"""Reading ahead: the same events in the same order, and no thread left behind."""

import threading

import numpy as np
import pytest

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.document import Span
from granite_studio.core.errors import MediaError
from granite_studio.media.ahead import ahead
from granite_studio.media.values import End, SoundWindow, SpeechProgress


def window(second):
    span = Span(second * 1000, second * 1000 + 1000)
    return SoundWindow(span, np.zeros(0, dtype=np.int16), (span,))


END = End(9000, 9000, 0)


def test_windows_come_as_they_were_read():
    events = [window(0), window(1), END]
    assert list(ahead(lambda stop: (event for event in events), CancelToken())) == events


def test_progress_is_told_only_while_no_window_is_ready():
    is_read = threading.Event()

    def reads(stop):
        yield window(0)
        yield SpeechProgress(1000)
        yield window(1)
        yield SpeechProgress(2000)
        yield END
        is_read.set()

    events = ahead(reads, CancelToken())
    next(events)
    assert is_read.wait(10)
    assert [type(event) for event in events] == [SoundWindow, SpeechProgress, End]


def test_reading_goes_on_while_a_window_is_heard_but_not_for_ever():
    reached = threading.Event()
    read = []

    def reads(stop):
        for second in range(100):
            read.append(second)
            if second == 5:
                reached.set()
            yield window(second)

    events = ahead(reads, CancelToken(), most_ms=5000)
    next(events)
    assert reached.wait(10)
    assert len(list(events)) == 99
    assert read == list(range(100))


def test_no_more_is_read_than_may_be_kept():
    read = []

    def reads(stop):
        for second in range(100):
            read.append(second)
            yield window(second)

    events = ahead(reads, CancelToken(), most_ms=5000)
    for taken in range(1, 20):
        next(events)
        assert len(read) <= taken + 7  # five kept, one waiting to be, one asked for
    events.close()
    assert len(read) < 100


def test_what_goes_wrong_is_told_after_what_was_read_before():
    def reads(stop):
        yield window(0)
        raise MediaError("It is damaged.")

    events = ahead(reads, CancelToken())
    assert next(events).span == Span(0, 1000)
    with pytest.raises(MediaError, match="It is damaged"):
        next(events)


def test_cancelling_reaches_a_reader_that_has_nothing_to_say():
    cancel = CancelToken()
    stopped = threading.Event()

    def reads(stop):
        yield window(0)
        while not stop.is_cancelled:
            stopped.wait(0.01)
        stopped.set()
        raise Cancelled

    events = ahead(reads, cancel)
    next(events)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(events)
    assert stopped.is_set()


def test_who_stops_early_ends_the_thread():
    before = threading.active_count()
    events = ahead(lambda stop: (window(second) for second in range(100)), CancelToken())
    next(events)
    events.close()
    assert threading.active_count() == before
