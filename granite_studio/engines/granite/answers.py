"""Brings together what several answers say about one window: words, voices and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.align import align
from granite_studio.core.unspaced import words_of
from granite_studio.engines.base import RATE, TimedWord
from granite_studio.engines.granite.tags import SpeakerTurn, shared

_WORD_S = 0.35
_FRAME = RATE // 50
_LONGEST_PERIOD = 60
_LEAST_LOOP = 10


def with_voices(text: str, heard: Sequence[SpeakerTurn]) -> tuple[SpeakerTurn, ...]:
    """The text in turns: whose its words are, another answer with speakers says.

    Words that the other answer lacks go to the speaker of the word before them.
    """
    words = words_of(text)
    theirs = [(word, turn.speaker) for turn in heard for word in words_of(turn.text)]
    if not words or not theirs:
        return (SpeakerTurn(None, text),) if words else ()
    speakers: list[int | None] = []
    for code in align([_plain(word) for word, _ in theirs], [_plain(word) for word in words]):
        if code.kind == "equal":
            speakers += [speaker for _, speaker in theirs[code.i1 : code.i2]]
        else:
            before = speakers[-1] if speakers else theirs[0][1]
            speakers += [before] * (code.j2 - code.j1)
    turns: list[tuple[int | None, list[str]]] = []
    for word, speaker in zip(words, speakers, strict=True):
        if not turns or turns[-1][0] != speaker:
            turns.append((speaker, []))
        turns[-1][1].append(word)
    return tuple(SpeakerTurn(speaker, " ".join(said)) for speaker, said in turns)


def with_times(
    words: Sequence[str], heard: Sequence[TimedWord], *, duration_s: float
) -> list[TimedWord]:
    """The words at the times that another answer gives them.

    Words that differ share the time of those they stand for, or what lies between their
    neighbours, and are marked as estimated. `heard` must be in order; so is the result.
    """
    found: list[TimedWord] = []
    for code in align([_plain(word.text) for word in heard], [_plain(word) for word in words]):
        ours, theirs = words[code.j1 : code.j2], heard[code.i1 : code.i2]
        if code.kind == "equal":
            pairs = zip(ours, theirs, strict=True)
            found += [replace(word, text=text) for text, word in pairs]
        elif theirs:
            found += shared(ours, theirs[0].start_s, theirs[-1].end_s)
        else:
            room_s = _WORD_S * len(ours)
            before = heard[code.i1 - 1].end_s if code.i1 else None
            after = heard[code.i1].start_s if code.i1 < len(heard) else duration_s
            start_s = max(0.0, after - room_s) if before is None else before
            last = code.i1 == len(heard)
            found += shared(ours, start_s, min(after, start_s + room_s) if last else after)
    return found


def spread(words: Sequence[str], samples: NDArray[np.float32]) -> list[TimedWord]:
    """The words over the loud stretches of a window, by their lengths; all are estimated."""
    frames = len(samples) // _FRAME
    lengths = np.cumsum([0, *(len(word) for word in words)])
    if not words or not frames:
        return [TimedWord(word, 0.0, 0.0, None, estimated=True) for word in words]
    power = np.square(samples[: frames * _FRAME]).reshape(frames, _FRAME).mean(axis=1)
    level = np.sqrt(power)
    loud = level >= 0.1 * np.quantile(level, 0.95)
    passed = np.cumsum(loud)  # loud frames up to and with each one
    at = lengths * (passed[-1] / lengths[-1])
    # A word that begins where a pause begins is moved behind it; one that ends there is not.
    begin = np.minimum(np.searchsorted(passed, at[:-1], side="right"), frames - 1)
    end = np.minimum(np.searchsorted(passed, at[1:], side="left"), frames - 1)
    starts = begin + np.clip(at[:-1] - (passed[begin] - 1), 0, 1)
    ends = np.maximum(starts, end + np.clip(at[1:] - (passed[end] - 1), 0, 1))
    second = _FRAME / RATE
    return [
        TimedWord(word, float(start) * second, float(stop) * second, None, estimated=True)
        for word, start, stop in zip(words, starts, ends, strict=True)
    ]


def before_loop(text: str) -> str | None:
    """The text up to where it began to repeat itself to its end, or None if it does not.

    Meant for answers that reached their greatest length: people repeat themselves, too.
    """
    words = text.split()
    for period in range(1, min(_LONGEST_PERIOD, len(words) // 2) + 1):
        same = 0
        while same < len(words) - period and words[-1 - same] == words[-1 - same - period]:
            same += 1
        if same >= max(2 * period, _LEAST_LOOP):
            return " ".join(words[: len(words) - same])
    return None


def _plain(word: str) -> str:
    """The word's letters and digits alone, or all of it where it has none."""
    return "".join(sign for sign in word.casefold() if sign.isalnum()) or word
