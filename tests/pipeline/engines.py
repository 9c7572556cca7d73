"""Engines that misbehave, run in a real engine process."""

import os
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from granite_studio.engines.base import (
    Doubt,
    Emissions,
    Heartbeat,
    TimedWord,
    Transcript,
    Turn,
    Voice,
)
from granite_studio.engines.serving import Loaded


def _words(pcm, text="word", confidence=0.9):
    """Four words a second, up to the end, "worda", "wordb" and so on: nothing that a second
    hearing could mend."""
    edges = np.linspace(0, len(pcm) / 32_000, len(pcm) // 8_000 + 2).tolist()
    return tuple(
        TimedWord(f"{text}{chr(97 + number % 26)}", *edge, confidence)
        for number, edge in enumerate(pairwise(edges))
    )


def _answer(index, pcm):
    return Transcript(index, (Turn(_words(pcm)),))


def dies_once():
    """Kills its process at the first window that any process hears, then behaves."""

    def handle(request, cancel):
        mark = Path(os.environ["GRANITE_TEST_MARK"])
        if not mark.exists():
            mark.touch()
            os.abort()
        yield Loaded("test")
        yield from (_answer(index, pcm) for index, pcm in request.windows)

    return handle


def dies_at_loud_windows():
    """Kills its process at each window that is longer than five seconds."""

    def handle(request, cancel):
        for index, pcm in request.windows:
            if len(pcm) > 5 * 16_000 * 2:
                os.abort()
            yield _answer(index, pcm)

    return handle


def likes_two():
    """Wants two windows at once, answers the last first, says in the confidence how many there
    were."""

    def handle(request, cancel):
        yield Loaded("test", 2)
        for index, pcm in reversed(request.windows):
            words = _words(pcm, confidence=len(request.windows) / 10)
            yield Transcript(index, (Turn(words),))

    return handle


def doubts_itself():
    def handle(request, cancel):
        for index, pcm in request.windows:
            yield replace(_answer(index, pcm), doubts=(Doubt.LOOP,))

    return handle


def hears_nothing():
    def handle(request, cancel):
        yield from (Transcript(index) for index, _ in request.windows)

    return handle


WHISTLE_HZ = 7000


def hears_nothing_under_a_whistle():
    """Gives a word each tenth of a second, but for those in which somebody whistles."""
    turning = np.exp(-2j * np.pi * WHISTLE_HZ / 16_000 * np.arange(1600))

    def handle(request, cancel):
        for index, pcm in request.windows:
            sound = np.frombuffer(pcm, "<i2").astype(np.float64)
            tenths = sound[: len(sound) // 1600 * 1600].reshape(-1, 1600)
            whistled = np.abs(tenths @ turning) / 1600 > 0.05 * np.sqrt((tenths**2).mean(1) + 1)
            words = (
                TimedWord("word", place / 10, place / 10 + 0.1)
                for place in np.flatnonzero(~whistled).tolist()
            )
            yield Transcript(index, (Turn(tuple(words)),))

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
            yield replace(_answer(index, pcm), emissions=Emissions(levels, 0.02))

    return handle


def dies_at_every_second_window():
    def handle(request, cancel):
        for index, _ in request.windows:
            if index % 2:
                os.abort()
            yield Transcript(index, translation="bien")

    return handle


def speaks_as_each_engine_does():
    """NAR hears "wirda", Plus "worda" in two voices whose labels change places by turns."""
    labels = [("Speaker 1", "Speaker 2"), ("Speaker 2", "Speaker 1")]
    count = [0]

    def handle(request, cancel):
        yield Loaded("test")
        for index, pcm in request.windows:
            if request.engine == "granite-nar":
                yield Transcript(index, (Turn(_words(pcm, "wird")),))
                continue
            words = _words(pcm)
            first, second = labels[count[0] % 2]
            count[0] += 1
            yield Transcript(
                index,
                (Turn(words[:4], first), Turn(words[4:], second)),
                voices=(
                    Voice(first, np.array([1, 0], np.float32), 5.0),
                    Voice(second, np.array([0, 1], np.float32), 5.0),
                ),
            )

    return handle


def loops_in_long_windows():
    """Says that it repeats itself in each window of more than five seconds."""

    def handle(request, cancel):
        yield Loaded("test")
        for index, pcm in request.windows:
            is_long = len(pcm) > 5 * 32_000
            words = _words(pcm, "loop" if is_long else "said")
            yield Transcript(index, (Turn(words),), doubts=(Doubt.LOOP,) if is_long else ())

    return handle


def goes_on_when_told():
    """Hears one window for each byte in a file, and waits there for more."""
    heard = 0

    def handle(request, cancel):
        nonlocal heard
        mark = Path(os.environ["GRANITE_TEST_MARK"])
        yield Loaded("test")
        for index, pcm in request.windows:
            while mark.stat().st_size <= heard:
                cancel.check()
                time.sleep(0.02)
            heard += 1
            yield _answer(index, pcm)

    return handle


def hears_the_last_seconds():
    """Two speakers in the last four seconds of what it is given; says in the confidence whether
    there was earlier text, and spells "a" in the last frame."""

    def handle(request, cancel):
        yield Loaded("test", 4)
        for index, pcm in request.windows:
            end = len(pcm) / 32_000
            edges = np.linspace(end - 4, end, 17).tolist()
            confidence = 0.5 if request.options.before else 0.9
            words = [TimedWord("word", *edge, confidence) for edge in pairwise(edges)]
            levels = np.full((len(pcm) // 640, 128), 255, np.uint8)
            levels[-1, ord("a")] = 0
            yield Transcript(
                index,
                (Turn(tuple(words[:8]), "Speaker 1"), Turn(tuple(words[8:]), "Speaker 2")),
                emissions=Emissions(levels, 0.02),
            )

    return handle
