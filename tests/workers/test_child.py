"""Child processes that crash, hang, stop and are called off, and the parent that goes on."""

import os
import select
import signal
import statistics
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError, MediaError, StudioError
from granite_studio.workers import child
from granite_studio.workers.child import Worker, WorkerDied, WorkerFailed, WorkerHung
from granite_studio.workers.limits import Limits


@pytest.fixture
def start(tmp_path):
    """Make workers that end with the test."""
    workers = []

    def make(target, **limits):
        worker = Worker(
            f"worker_handlers:{target}",
            name="The helper",
            limits=Limits(**limits),
            log_path=tmp_path / "helper.log",
        )
        workers.append(worker)
        return worker

    yield make
    for worker in workers:
        worker.close()


def run(worker, request=None, quiet_s=20, cancel=None):
    return list(worker.run(request, cancel or CancelToken(), quiet_s=quiet_s))


def ended(pid):
    """Wait for the end of a process that is not our child; False if it lives on."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(10_000))
    finally:
        os.close(handle)


def test_events_come_in_order(start):
    assert run(start("count"), 5) == [0, 1, 2, 3, 4]


def test_no_process_runs_before_the_first_request(start):
    worker = start("count")
    assert worker.pid is None
    run(worker, 1)
    assert worker.pid is not None


def test_a_thousand_quick_requests_use_one_process(start):
    worker = start("echo")
    run(worker, 0)
    pid = worker.pid
    assert [run(worker, n) for n in range(1000)] == [[n] for n in range(1000)]
    assert worker.pid == pid


def test_big_values_cross_both_ways(start):
    samples = np.arange(2_000_000, dtype=np.int16)
    (back,) = run(start("echo"), samples)
    assert np.array_equal(back, samples)


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        ("abort", "SIGABRT"),
        ("segfault", "SIGSEGV"),
        ("exit", "exit code 3"),
        (signal.SIGKILL, "SIGKILL; perhaps the computer ran out of memory"),
    ],
)
def test_a_crash_is_told_and_the_next_run_works(start, request_, cause):
    worker = start("dying")
    with pytest.raises(WorkerDied) as told:
        run(worker, request_)
    assert str(told.value) == f"The helper stopped unexpectedly ({cause}); try again."
    assert "last words" in told.value.log_tail
    assert run(worker, "live") == ["begun", "well"]


def test_a_native_crash_leaves_its_stack_in_the_log(start):
    with pytest.raises(WorkerDied) as told:
        run(start("dying"), "segfault")
    assert "Fatal Python error: Segmentation fault" in told.value.log_tail


def test_a_process_killed_while_idle_is_replaced_unnoticed(start):
    worker = start("echo")
    run(worker, 1)
    pid = worker.pid
    os.kill(pid, signal.SIGKILL)
    assert ended(pid)
    assert run(worker, 2) == [2]


def test_a_stopped_process_is_found_and_replaced(start):
    worker = start("stopping")
    begun = time.monotonic()
    with pytest.raises(WorkerHung, match="was stopped from outside"):
        run(worker)
    assert time.monotonic() - begun < 6


def test_a_handler_that_yields_nothing_for_too_long_hangs(start):
    worker = start("deaf")
    with pytest.raises(WorkerHung, match="did not get on for 1 s"):
        run(worker, quiet_s=1)


def test_a_native_call_that_keeps_the_lock_is_silence(start, monkeypatch):
    monkeypatch.setattr(child, "SILENT_S", 1.5)
    with pytest.raises(WorkerHung, match="gave no sign of life"):
        run(start("frozen"), quiet_s=60)


def test_a_slow_consumer_is_not_taken_for_a_hang(start):
    worker = start("count")
    events = worker.run(3, CancelToken(), quiet_s=0.5)
    assert next(events) == 0
    threading.Event().wait(1.2)
    assert list(events) == [1, 2]


@pytest.mark.parametrize(
    ("request_", "kind", "sentence"),
    [
        ("media", MediaError, "“a.wav” is empty."),
        ("engine", EngineError, "No such language."),
        ("local", StudioError, "Nobody can import me."),
        (
            "value",
            WorkerFailed,
            "The helper met an error of its own (ValueError: unforeseen).",
        ),
        ("memory", WorkerFailed, "The helper met an error of its own (MemoryError: )."),
    ],
)
def test_what_a_handler_raises_arrives_and_the_process_lives(start, request_, kind, sentence):
    worker = start("raising")
    with pytest.raises(kind) as told:
        run(worker, request_)
    assert str(told.value) == sentence
    pid = worker.pid
    assert run(worker, "nothing") == ["begun"]
    assert worker.pid == pid


def test_an_unforeseen_error_leaves_its_traceback_in_the_log(start):
    with pytest.raises(WorkerFailed) as told:
        run(start("raising"), "value")
    assert told.value.log_tail.rstrip().endswith("ValueError: unforeseen")


def test_an_error_of_the_target_itself_arrives(start):
    worker = start("missing")
    for _ in range(2):
        with pytest.raises(EngineError, match="The model is missing"):
            run(worker)


def test_cancelling_keeps_the_process(start):
    worker = start("patient")
    pids, seconds = set(), []
    for _ in range(20):
        cancel = CancelToken()
        events = worker.run(None, cancel, quiet_s=20)
        assert next(events) == "begun"
        pids.add(worker.pid)
        cancel.cancel()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            next(events)
        seconds.append(time.monotonic() - begun)
    assert len(pids) == 1
    assert statistics.quantiles(seconds, n=20)[-1] < 0.5


def test_cancelling_what_does_not_listen_kills_it_in_two_seconds(start):
    worker = start("deaf")
    cancel = CancelToken()
    events = worker.run(None, cancel, quiet_s=20)
    assert next(events) == "begun"
    pid = worker.pid
    cancel.cancel()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        next(events)
    assert 1.5 < time.monotonic() - begun < 2.5
    assert ended(pid)


def test_a_token_set_before_starts_nothing(start):
    worker = start("count")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        run(worker, 1, cancel=cancel)
    assert worker.pid is None


def test_a_consumer_that_stops_early_leaves_the_worker_usable(start):
    worker = start("endless")
    events = worker.run("a", CancelToken(), quiet_s=20)
    assert next(events) == "a"
    pid = worker.pid
    events.close()
    again = worker.run("b", CancelToken(), quiet_s=20)
    assert next(again) == "b"
    again.close()
    assert worker.pid == pid


def test_two_runs_at_once_are_a_mistake(start):
    worker = start("endless")
    events = worker.run(1, CancelToken(), quiet_s=20)
    next(events)
    with pytest.raises(RuntimeError, match="one thing at a time"):
        next(worker.run(2, CancelToken(), quiet_s=20))
    events.close()


def test_a_worker_survives_the_thread_that_started_it(start):
    worker = start("echo")
    thread = threading.Thread(target=run, args=(worker, 1))
    thread.start()
    thread.join()
    pid = worker.pid
    assert run(worker, 2) == [2]
    assert worker.pid == pid


def test_closing_ends_the_process_and_a_run_starts_another(start):
    worker = start("echo")
    run(worker, 1)
    pid = worker.pid
    worker.close()
    assert ended(pid)
    assert run(worker, 2) == [2]


def test_closing_ends_a_run_in_another_thread(start):
    worker = start("deaf")
    begun, outcomes = threading.Event(), []

    def listen():
        try:
            for _ in worker.run(None, CancelToken(), quiet_s=20):
                begun.set()
        except WorkerDied as error:
            outcomes.append(str(error))

    thread = threading.Thread(target=listen)
    thread.start()
    begun.wait()
    worker.close()
    thread.join(5)
    assert outcomes == [
        "The helper stopped unexpectedly (SIGKILL; perhaps the computer ran out of memory); "
        "try again."
    ]
    assert worker.pid is None


def test_a_forgotten_worker_leaves_no_process(start):
    worker = Worker("worker_handlers:echo", name="The helper")
    run(worker, 1)
    pid = worker.pid
    del worker
    assert ended(pid)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [("memory", "refused"), ("files", "Too many open files"), ("core", 0), ("interrupt", True)],
)
def test_limits_hold(start, request_, answer):
    worker = start("limited", memory_mb=1024, open_files=64)
    assert run(worker, request_) == [answer]


def test_a_child_without_network_reaches_nobody(start):
    answer = run(start("limited", network=False), "network")
    if answer == []:
        pytest.skip("this system lets nobody leave its network")
    assert answer == ["Network is unreachable"]


def test_processor_time_is_limited_for_each_request(start):
    worker = start("dying", cpu_s=1)
    with pytest.raises(WorkerDied, match="SIGXCPU; it worked for longer than it may"):
        run(worker, "spin")
    assert run(worker, "live") == ["begun", "well"]


def test_a_log_does_not_grow_without_end(start, tmp_path):
    run(start("limited"), "chatter")
    assert (tmp_path / "helper.log").stat().st_size < 1 << 20


def test_an_old_log_is_put_aside(start, tmp_path):
    (tmp_path / "helper.log").write_bytes(b"y" * (2 << 20))
    run(start("echo"), 1)
    assert (tmp_path / "helper.log.1").stat().st_size == 2 << 20
    assert (tmp_path / "helper.log").stat().st_size == 0


def test_a_log_that_cannot_be_written_is_done_without(tmp_path):
    worker = Worker("worker_handlers:echo", name="The helper", log_path=tmp_path)
    assert run(worker, 1) == [1]
    worker.close()


SCRIPT = """
import sys
from granite_studio.core.cancel import CancelToken
from granite_studio.workers.child import Worker
worker = Worker({target!r}, name="The helper")
events = worker.run(3, CancelToken(), quiet_s=20)
print(next(events), flush=True)
"""


def script(target):
    return [
        sys.executable,
        "-c",
        f"import sys; sys.path[:0] = {sys.path!r}" + SCRIPT.format(target=target),
    ]


@pytest.mark.parametrize("target", ["endless", "deaf", "frozen", "patient"])
def test_no_process_outlives_a_parent_that_is_killed(target):
    code = script(f"worker_handlers:{target}")
    code[-1] += "print(worker.pid, flush=True)\nsys.stdin.read()\n"
    parent = subprocess.Popen(code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with parent:
        parent.stdout.readline()
        pid = int(parent.stdout.readline())
        parent.kill()
    assert ended(pid)


@pytest.mark.parametrize("target", ["endless", "frozen"])
def test_no_process_outlives_a_parent_that_ends_in_the_middle(target):
    code = script(f"worker_handlers:{target}")
    code[-1] += "print(worker.pid)\n"
    done = subprocess.run(code, capture_output=True, text=True, timeout=60, check=True)
    assert ended(int(done.stdout.split()[-1]))
    assert done.stderr == ""


def test_a_script_without_a_guard_is_not_run_again(tmp_path):
    path = tmp_path / "unguarded.py"
    path.write_text(
        script("worker_handlers:count")[-1] + "print(list(events))\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "0\n[1, 2]\n"
