"""Who said what, and who spoke when: how far two accounts of it are apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from granite_studio.pipeline.evaluate.matching import best_pairs
from granite_studio.pipeline.evaluate.wording import distance

COLLAR = 250
"""Milliseconds on either side of each boundary of the reference that forgiving scores leave out,
as NIST's md-eval does; pyannote.metrics counts both sides and calls it 0.5 s."""

Turn = tuple[int, int, str]
"""Start and end in ms, and who speaks."""
Company = tuple[frozenset[str], frozenset[str]]
"""Who speaks at one moment by the reference and by the hypothesis."""


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """Word errors with the words of each speaker put together (cpWER), for the best pairs.

    `speakers` says who of the reference is who of the hypothesis.
    """

    rate: float
    errors: int
    words: int
    speakers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongSpeaker:
    """Aligned words, right or wrong, and how many of them another person is said to have said."""

    rate: float
    wrong: int
    words: int


@dataclass(frozen=True, slots=True)
class Diarisation:
    """Diarisation error (DER): the parts over the reference's speech, each speaker's counted."""

    rate: float
    speech_ms: int
    missed_ms: int
    false_alarm_ms: int
    confused_ms: int


def speaker_words(
    reference: Mapping[str, Sequence[str]], hypothesis: Mapping[str, Sequence[str]]
) -> SpeakerWords:
    """cpWER (Watanabe et al. 2020, CHiME-6) of the normalised words of each speaker.

    A speaker without a partner has all words missing, or added. The reference needs words.
    """
    said = sum(map(len, reference.values()))
    errors = said + sum(map(len, hypothesis.values()))
    gains = {
        (one, other): len(words) + len(found) - distance(words, found)
        for one, words in reference.items()
        for other, found in hypothesis.items()
    }
    pairs = best_pairs(gains)
    errors -= sum(gains[pair] for pair in pairs.items())
    return SpeakerWords(errors / said, errors, said, pairs)


def wrong_speaker(aligned: Iterable[tuple[str, str]]) -> WrongSpeaker | None:
    """WDER (Shafey et al. 2019): aligned words with the wrong speaker under the best pairs.

    Takes the speaker of each aligned word by the reference and by the hypothesis; None for none.
    """
    together = Counter(aligned)
    words = together.total()
    if not words:
        return None
    right = sum(together[pair] for pair in best_pairs(together).items())
    return WrongSpeaker((words - right) / words, words - right, words)


def diarisation(
    reference: Sequence[Turn], hypothesis: Sequence[Turn], *, collar: int = 0
) -> Diarisation | None:
    """DER under the best pairs of speakers (NIST RT), where several speak at once each counted.

    `collar` ms on either side of each boundary of the reference are left out. None where the
    reference has no speech left.
    """
    companies = _companies(reference, hypothesis, collar)
    speech = sum(ms * len(expected) for (expected, _), ms in companies.items())
    if not speech:
        return None
    together = Counter[tuple[str, str]]()
    for (expected, found), ms in companies.items():
        for one in expected:
            for other in found:
                together[one, other] += ms
    pairs = best_pairs(together)
    missed = false_alarm = confused = 0
    for (expected, found), ms in companies.items():
        right = sum(pairs.get(one) in found for one in expected)
        missed += ms * max(0, len(expected) - len(found))
        false_alarm += ms * max(0, len(found) - len(expected))
        confused += ms * (min(len(expected), len(found)) - right)
    rate = (missed + false_alarm + confused) / speech
    return Diarisation(rate, speech, missed, false_alarm, confused)


def _companies(
    reference: Sequence[Turn], hypothesis: Sequence[Turn], collar: int
) -> Counter[Company]:
    """For how many ms who spoke together, by both accounts, outside the collars."""
    collars = [
        (at - collar, at + collar, "") for start, end, _ in reference for at in (start, end)
    ]
    sides = (reference, hypothesis, collars if collar else [])
    edges = sorted(
        (at, side, label, step)
        for side, turns in enumerate(sides)
        for start, end, label in turns
        for at, step in ((start, 1), (end, -1))
    )
    speaking = Counter[str](), Counter[str](), Counter[str]()
    companies = Counter[Company]()
    for (at, side, label, step), (following, *_) in pairwise([*edges, (0, 0, "", 0)]):
        speaking[side][label] += step
        if not speaking[side][label]:
            del speaking[side][label]
        if following > at and not speaking[2]:
            companies[frozenset(speaking[0]), frozenset(speaking[1])] += following - at
    return companies
