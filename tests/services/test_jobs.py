import threading
import time

import pytest

from granite_studio.services.jobs import Jobs


@pytest.fixture
def jobs(qapp):
    jobs = Jobs()
    yield jobs
    jobs.shutdown()


def counting(n, pause=0.0):
    def work(cancel):
        for i in range(n):
            cancel.check()
            time.sleep(pause)
            yield i

    return work


def test_events_arrive_in_order_on_the_main_thread(qtbot, jobs):
    seen = []
    job = jobs.start("count", counting(1000))
    job.yielded.connect(
        lambda e: seen.append((e, threading.current_thread() is threading.main_thread()))
    )
    with qtbot.waitSignal(job.finished):
        pass
    assert seen == [(i, True) for i in range(1000)]


def test_cancel_drops_events_that_are_on_their_way(qtbot, jobs):
    seen = []
    job = jobs.start("slow", counting(10_000, 0.001))
    job.yielded.connect(seen.append)
    qtbot.waitUntil(lambda: len(seen) > 5)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
        count = len(seen)
    assert len(seen) == count


def test_an_error_comes_back_as_an_exception(qtbot, jobs):
    def broken(cancel):
        yield 1
        raise RuntimeError("no model")

    job = jobs.start("broken", broken)
    with qtbot.waitSignal(job.failed) as failure:
        pass
    assert isinstance(failure.args[0], RuntimeError)


def test_jobs_run_one_after_another_and_each_ends_once(qtbot, jobs):
    ended = []
    first, second = jobs.start("first", counting(3)), jobs.start("second", counting(3))
    first.ended.connect(lambda: ended.append("first"))
    second.ended.connect(lambda: ended.append("second"))
    assert jobs.active == (first, second)
    qtbot.waitUntil(lambda: len(ended) == 2)
    assert ended == ["first", "second"]
    assert jobs.active == ()


def test_shutdown_waits_for_the_thread(qapp):
    jobs = Jobs()
    jobs.start("slow", counting(10_000, 0.001))
    jobs.shutdown()
    assert not jobs.is_running
