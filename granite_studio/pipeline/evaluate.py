"""How far a transcript is from a reference: word error rate after the usual normalisation."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from granite_studio.core.errors import FormatError, StudioError


@dataclass(frozen=True, slots=True)
class Score:
    """Word errors of a hypothesis. `wer` is errors over reference words, so it can pass 1."""

    wer: float
    words: int
    hits: int
    substitutions: int
    deletions: int
    insertions: int


def score(reference: str, hypothesis: str, *, language: str = "en") -> Score:
    """Compare two texts by words (jiwer's minimum edit distance).

    English passes Whisper's English normaliser (case, punctuation, numbers, contractions,
    spelling), other languages its basic one, as public leaderboards do. Raises `FormatError`
    when the reference holds no words.
    """
    import jiwer

    normalise = _normaliser(language)
    expected, found = normalise(reference), normalise(hypothesis)
    if not expected:
        raise FormatError("The reference holds no words, so there is nothing to compare with.")
    counted = jiwer.process_words(expected, found)
    return Score(
        counted.wer,
        counted.hits + counted.substitutions + counted.deletions,
        counted.hits,
        counted.substitutions,
        counted.deletions,
        counted.insertions,
    )


@functools.cache
def _normaliser(language: str) -> Any:
    try:
        from transformers.models.whisper import english_normalizer
    except ImportError as error:
        raise StudioError(
            "This installation lacks the package transformers, whose text normaliser word error "
            "rates are counted with; evaluate with an installation made by pip."
        ) from error
    library: Any = english_normalizer
    if language == "en":
        return library.EnglishTextNormalizer({})
    return library.BasicTextNormalizer()
