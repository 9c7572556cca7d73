"""Engines that misbehave, run in a real engine process."""

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from granite_studio.engines.base import (
    Doubt,
    Emissions,
    Heartbeat,
    TimedWord,
    Transcript,
    Turn,
)
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


def likes_eight_and_dies_at_long_windows():
    """Wants eight windows, answers the last first, says in the confidence how many there were."""

    def handle(request, cancel):
        yield Loaded("test", 8)
        for index, pcm in reversed(request.windows):
            if len(pcm) > 8 * 16_000 * 2:
                os.abort()
            word = TimedWord("word", 0.1, 0.4, len(request.windows) / 10)
            yield Transcript(index, (Turn((word,)),))

    return handle


def doubts_itself():
    def handle(request, cancel):
        for index, _ in request.windows:
            yield replace(_answer(index), doubts=(Doubt.LOOP,))

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


def translates():
    """Says to which language, how many tenths of a second, and how many windows it was given."""

    def handle(request, cancel):
        yield Loaded("test", 4)
        for index, pcm in request.windows:
            yield Heartbeat(index, 0.5)
            text = f"{request.options.translate_to} {len(pcm) // 3200}/{len(request.windows)}"
            yield Transcript(index, translation=text)

    return handle


def translates_but_dies_at_long_windows():
    """Kills its process at each window that is longer than two seconds."""

    def handle(request, cancel):
        yield Loaded("test", 4)
        for index, pcm in request.windows:
            if len(pcm) > 2 * 16_000 * 2:
                os.abort()
            yield Transcript(index, translation="court", doubts=(Doubt.LOOP,))

    return handle


def tells_what_its_encoder_heard():
    """Spells "a" in the first and the last frame of each window."""

    def handle(request, cancel):
        for index, pcm in request.windows:
            levels = np.full((len(pcm) // 640, 128), 255, np.uint8)
            levels[:, 0] = 0
            levels[[0, -1]] = 255
            levels[[0, -1], ord("a")] = 0
            yield replace(_answer(index), emissions=Emissions(levels, 0.02))

    return handle


def dies_at_every_second_window():
    def handle(request, cancel):
        for index, _ in request.windows:
            if index % 2:
                os.abort()
            yield Transcript(index, translation="bien")

    return handle
