"""Labels that begin anew in each window become speakers of the whole recording."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Span
from granite_studio.core.errors import FormatError
from granite_studio.engines.base import Half, Voice
from granite_studio.engines.voiceprint import ALIKE
from granite_studio.pipeline.clusters import (
    CARRIED,
    FOUNDING_S,
    NEARLY,
    Array,
    Groups,
    Voices,
    assigned,
    settled,
    unit,
)
from granite_studio.pipeline.comparing import rounded, vectors


@dataclass(frozen=True, slots=True)
class Question:
    """Two speakers of the recording who may be one person; `span` is a window of the second."""

    first: str
    second: str
    likeness: float
    span: Span


@dataclass(frozen=True, slots=True)
class Settled:
    """Who every label of every window is, and what a person should be asked."""

    names: Mapping[tuple[Span, str | None], str]
    unsure: tuple[Question, ...] = ()


class Linker:
    """Links voices while windows come in, in any order, and settles them when all are there.

    Two labels of one window are two people, unless more people speak there than `speakers` says
    there are. Without that number, it is found: as many as differ in sound, rather too few.
    """

    def __init__(self, *, speakers: int | None = None) -> None:
        if speakers is not None and speakers < 1:
            raise ValueError(f"there cannot be {speakers} speakers")
        self._most = speakers
        self._heard: dict[Span, tuple[Voice, ...]] = {}
        self._given: dict[Span, tuple[str, ...]] = {}
        self._people: dict[str, Array] = {}
        """The vectors of each speaker so far, added up by their seconds."""
        self._carried: dict[Span, Mapping[str | None, str]] = {}
        self._carriers: dict[str, str] = {}
        """Who was the first with a carried label of this meaning."""

    def name(
        self, span: Span, voices: Sequence[Voice], carried: Mapping[str, str] | None = None
    ) -> dict[str | None, str]:
        """Who these labels of a window are, as far as is known by now: "Speaker 1" and so on.

        Numbers are given in the order of calls. A window that was named before is named anew.
        Labels that were `carried`, given with what they mean, speak for who had one of that
        meaning before, by `clusters.CARRIED`.
        """
        self._forget(span)
        vectors = [rounded(voice.vector) for voice in voices]
        people = list(self._people)
        meant: dict[str | None, str] = dict((carried or {}).items())
        who: list[int | None] = [None] * len(voices)
        likeness = np.zeros((len(voices), 0))
        if voices and people:
            likeness = np.array(vectors) @ unit(list(self._people.values())).T
            for number, voice in enumerate(voices):
                if who_had := self._carriers.get(meant.get(voice.speaker, "")):
                    likeness[number, people.index(who_had)] += CARRIED
            who = assigned(likeness, [voice.seconds for voice in voices])
        names: dict[str | None, str] = {}
        for voice, row, at in zip(voices, likeness, who, strict=True):
            fits = at is not None and (row[at] >= ALIKE or voice.seconds < FOUNDING_S)
            if not fits and (self._most is None or len(self._people) < self._most):
                names[voice.speaker] = self._new_name()
            elif at is not None:
                names[voice.speaker] = people[at]
            else:
                names[voice.speaker] = people[int(row.argmax())] if people else _name(0)
            self._people.setdefault(names[voice.speaker], np.zeros(len(voice.vector)))
        self.know(span, voices, names, carried)
        return names

    def know(
        self,
        span: Span,
        voices: Sequence[Voice],
        names: Mapping[str | None, str],
        carried: Mapping[str, str] | None = None,
    ) -> None:
        """Go on from a window that an earlier run named; `names` as `name` gave them."""
        self._forget(span)
        known = [voice for voice in voices if voice.speaker in names]
        for voice in known:
            weighed = rounded(voice.vector) * voice.seconds
            name = names[voice.speaker]
            self._people[name] = self._people.get(name, np.zeros(len(weighed))) + weighed
        self._heard[span] = tuple(known)
        self._given[span] = tuple(names[voice.speaker] for voice in known)
        self._carried[span] = dict((carried or {}).items())
        for voice in known:
            if voice.speaker in self._carried[span]:
                meaning = self._carried[span][voice.speaker]
                self._carriers.setdefault(meaning, names[voice.speaker])

    def settled(self) -> Settled:
        """Who every label named so far is, seen from the end: the same in whatever order the
        windows came. Speakers are numbered by first appearance in the recording."""
        voices = _by_time(self._heard, self._carried)
        if not voices.keys:
            return Settled({})
        groups = settled(voices, self._most)
        names = {
            voices.keys[row]: _name(number) for number, group in enumerate(groups) for row in group
        }
        unsure = _questions(voices, groups) if self._most is None else ()
        return Settled({key: names[key] for key in voices.keys}, unsure)

    def _new_name(self) -> str:
        return next(name for name in map(_name, count()) if name not in self._people)

    def _forget(self, span: Span) -> None:
        earlier = zip(self._heard.pop(span, ()), self._given.pop(span, ()), strict=True)
        for voice, name in earlier:
            self._people[name] = self._people[name] - rounded(voice.vector) * voice.seconds


def packed(voices: Iterable[Voice]) -> object:
    """Voices as plain JSON values, to be kept with the result of their window."""
    return [
        [
            voice.speaker,
            voice.seconds,
            _text(voice.vector),
            *([_text(half.vector), _text(half.state)] for half in voice.halves),
        ]
        for voice in voices
    ]


def unpacked(kept: object) -> tuple[Voice, ...]:
    """Voices from what `packed` made of them; `FormatError` when it is damaged."""
    try:
        return tuple(_voice(*entry) for entry in _listed(kept))
    except (TypeError, ValueError, binascii.Error) as error:
        raise FormatError(
            "What was kept of the voices is damaged; hear the recording again."
        ) from error


def _listed(kept: object) -> list[list[object]]:
    if not isinstance(kept, list) or not all(isinstance(entry, list) for entry in kept):
        raise ValueError("no list of voices")
    return kept


def _voice(speaker: object, seconds: object, text: object, *halves: object) -> Voice:
    if not isinstance(speaker, str | None):
        raise ValueError("no label")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("no duration")
    if not 0.001 <= seconds <= 1e9:
        raise ValueError("no voice")
    return Voice(speaker, _direction(text), float(seconds), tuple(map(_half, halves)))


def _half(kept: object) -> Half:
    if not (isinstance(kept, list) and len(kept) == 2):
        raise ValueError("no half of a voice")
    state = _vector(kept[1])
    if not np.isfinite(state).all():
        raise ValueError("no state")
    return Half(_direction(kept[0]), state)


def _direction(text: object) -> NDArray[np.float32]:
    vector = _vector(text)
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not abs(length - 1) < 0.05:
        raise ValueError("no voice")
    return vector


def _vector(text: object) -> NDArray[np.float32]:
    if not isinstance(text, str):
        raise ValueError("no vector")
    return np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)


def _text(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def _name(number: int) -> str:
    return f"Speaker {number + 1}"


def _by_time(
    heard: Mapping[Span, Sequence[Voice]], carried: Mapping[Span, Mapping[str | None, str]]
) -> Voices:
    keys: list[tuple[Span, str | None]] = []
    voices: list[Voice] = []
    windows: list[tuple[int, ...]] = []
    for span in sorted(heard, key=lambda span: (span.start, span.end)):
        windows.append(tuple(range(len(keys), len(keys) + len(heard[span]))))
        keys += [(span, voice.speaker) for voice in heard[span]]
        voices += heard[span]
    seconds = np.array([voice.seconds for voice in voices])
    window_of = tuple(number for number, rows in enumerate(windows) for _ in rows)
    compared = vectors(voices, windows)
    meant = tuple(carried[span].get(label) for span, label in keys)
    return Voices(tuple(keys), compared, seconds, tuple(windows), window_of, meant)


def _questions(voices: Voices, groups: Groups) -> tuple[Question, ...]:
    """Pairs that sound nearly alike and are never heard in one window."""
    heard_in = [{voices.window_of[row] for row in group} for group in groups]
    sums = voices.sums(groups)
    found = []
    for one, other in combinations(range(len(groups)), 2):
        weights = voices.seconds_of(groups[one]) * voices.seconds_of(groups[other])
        likeness = float(sums[one] @ sums[other]) / weights
        if likeness >= ALIKE - NEARLY and heard_in[one].isdisjoint(heard_in[other]):
            longest = max(groups[other], key=lambda row: (voices.seconds[row], -row))
            span = voices.keys[longest][0]
            found.append(Question(_name(one), _name(other), likeness, span))
    return tuple(sorted(found, key=lambda question: -question.likeness))
