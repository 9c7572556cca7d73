"""Engines that misbehave, run in a real engine process."""

import os
import time
from pathlib import Path

from granite_studio.engines.base import TimedWord, Transcript, Turn
from granite_studio.engines.serving import Loaded


def _answer(index):
    return Transcript(index, (Turn((TimedWord("word", 0.1, 0.4, 0.9),)),))


def dies_once():
    """Kills its process at the first window that any process hears, then behaves."""

    def handle(request, cancel):
        mark = Path(os.environ["GRANITE_TEST_MARK"])
        if not mark.exists():
            mark.touch()
            os.abort()
        yield Loaded("test")
        yield from (_answer(index) for index, _ in request.windows)

    return handle


def dies_at_loud_windows():
    """Kills its process at each window that is longer than five seconds."""

    def handle(request, cancel):
        for index, pcm in request.windows:
            if len(pcm) > 5 * 16_000 * 2:
                os.abort()
            yield _answer(index)

    return handle


def hears_nothing():
    def handle(request, cancel):
        yield from (Transcript(index) for index, _ in request.windows)

    return handle


def never_ends():
    def handle(request, cancel):
        yield Loaded("test")
        while True:
            time.sleep(0.02)

    return handle
