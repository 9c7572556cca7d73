"""Work on a thread of its own: its items, its errors, and leaving it while it hangs."""

import threading

import pytest

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.workers.apart import apart


def test_it_yields_what_the_work_yields():
    assert list(apart(lambda token: iter("abc"), CancelToken(), name="work")) == ["a", "b", "c"]


def test_it_raises_what_the_work_raises_after_what_it_yielded():
    def work(token):
        yield 1
        raise EngineError("The line is dead.")

    events = apart(work, CancelToken(), name="work")
    assert next(events) == 1
    with pytest.raises(EngineError, match="The line is dead"):
        next(events)


def test_work_that_hangs_is_left_when_nobody_wants_it():
    released, told, cancel = threading.Event(), threading.Event(), CancelToken()

    def work(token):
        yield "begun"
        released.wait(60)
        if token.is_cancelled:
            told.set()

    events = apart(work, cancel, name="work")
    assert next(events) == "begun"
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(events)
    assert not released.is_set()  # so nobody waited for the work
    released.set()
    assert told.wait(60)


def test_work_is_called_off_when_its_reader_goes_away():
    tokens = []

    def work(token):
        tokens.append(token)
        yield 1
        yield 2

    events = apart(work, CancelToken(), name="work")
    next(events)
    events.close()
    assert tokens[0].is_cancelled
