"""Windows heard after clips of those who spoke before, so that these keep their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import joined
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines.base import RATE, TimedWord, Transcript
from granite_studio.engines.voiceprint import Sound, turns
from granite_studio.media.loudness import gain_for
from granite_studio.media.values import SoundWindow

SPEAKERS = 2
"""As soon as so many were heard, the clips stay as they are, and windows are heard together."""
WINDOWS = 8
"""After so many windows, too."""
_MOST = 4
_LONGEST_MS, _SHORTEST_MS = 4000, 1500
_PAUSE_MS, _BREATH_MS, _EDGE_MS = 700, 300, 80
_GRID = RATE // 10
"""A lead's length in samples is a multiple of this, so that the encoder's frames begin anew."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Lead:
    """What is put before a window: 16-bit sound at `RATE`, and what is said in it.

    The text is in Plus's tags: "[Speaker 1]: Good morning. [Speaker 2]: Hello."
    """

    sound: bytes = b""
    text: str = ""

    def without(self, answer: Transcript) -> Transcript:
        """An answer about lead and window as one about the window alone."""
        seconds = len(self.sound) / 2 / RATE
        if not seconds:
            return answer
        found = (
            replace(turn, words=tuple(_earlier(word, seconds) for word in turn.words))
            for turn in answer.turns
        )
        emissions = answer.emissions
        if emissions is not None:
            frames = round(seconds / emissions.frame_s)
            emissions = replace(emissions, levels=emissions.levels[frames:])
        return replace(answer, turns=tuple(found), emissions=emissions)


class Leads:
    """The lead of a recording, made from its first windows, in order.

    It depends on these alone, so a run that was stopped makes the same one again.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._clips: dict[str, tuple[Samples, str]] = {}
        self._carried: dict[str, str] = {}
        self._left = WINDOWS if wanted else 0
        self._wanted = wanted
        self.lead = Lead()

    @property
    def carried(self) -> dict[str, str] | None:
        """The labels of all windows heard after the lead, or clipped for it, each with what it
        means: the window and the label of the clip. None where no lead was wanted."""
        return dict(self._carried) if self._wanted else None

    @property
    def is_growing(self) -> bool:
        """Whether the next window may add to it: those are heard one by one."""
        return self._left > 0 and len(self._clips) < SPEAKERS

    def take(self, heard: Heard, window: SoundWindow) -> None:
        """Look for clips in a window that was heard after the present lead."""
        if not self.is_growing:
            return
        self._left -= 1
        loud = (window.samples * gain_for(window.samples)).astype(np.int16)
        for label, (first, last, text) in _clips(heard, window).items():
            if label not in self._clips and len(self._clips) < _MOST:
                begin, end = (
                    round((at - window.span.start) * RATE / 1000) for at in (first, last)
                )
                self._clips[label] = loud[max(begin, 0) : end], text
                self._carried[label] = f"{heard.key} {label}"
        self.lead = _lead(self._clips)


def _lead(clips: Mapping[str, tuple[Samples, str]]) -> Lead:
    if not clips:
        return Lead()
    breath = np.zeros(_BREATH_MS * RATE // 1000, np.int16)
    sound = np.concatenate([part for clip, _ in clips.values() for part in (breath, clip)])
    sound = np.pad(sound, (0, len(breath) + -(len(sound) + len(breath)) % _GRID))
    text = " ".join(f"[{label}]: {said}" for label, (_, said) in clips.items())
    return Lead(sound.astype("<i2").tobytes(), text)


def _clips(heard: Heard, window: SoundWindow) -> dict[str, tuple[int, int, str]]:
    """For each label the longest stretch of words that is one voice's: start, end and text."""
    sound = Sound((window.samples / 32768).astype(np.float32))
    found: dict[str, tuple[int, int, str]] = {}
    for turn in heard.turns:
        for words in _stretches(turn):
            start, end = words[0].start - _EDGE_MS, words[-1].end + _EDGE_MS
            label = turn.speaker
            if label is None or end - start < _SHORTEST_MS + 2 * _EDGE_MS:
                continue
            longest = found.get(label)
            is_longer = longest is None or end - start > longest[1] - longest[0]
            if is_longer and _is_one_voice(sound, words, window.span.start):
                found[label] = start, end, joined(word.text for word in words)
    return found


def _stretches(turn: HeardTurn) -> Iterator[list[HeardWord]]:
    """Words without a pause or a guessed time among them, none longer than a clip may be."""
    run: list[HeardWord] = []
    for word in turn.words:
        follows = run and word.start - run[-1].end < _PAUSE_MS
        if word.estimated or not follows or word.end - run[0].start > _LONGEST_MS:
            if run:
                yield run
            run = []
        if not word.estimated:
            run.append(word)
    if run:
        yield run


def _is_one_voice(sound: Sound, words: list[HeardWord], begun: int) -> bool:
    timed = [
        TimedWord(word.text, (word.start - begun) / 1000, (word.end - begun) / 1000)
        for word in words
    ]
    return len(turns(sound, timed)) == 1


def _earlier(word: TimedWord, by_s: float) -> TimedWord:
    return replace(word, start_s=max(word.start_s - by_s, 0.0), end_s=max(word.end_s - by_s, 0.0))
