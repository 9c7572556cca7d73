"""Word and character errors after the usual normalisation, and which word answers which."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from granite_studio.core.errors import FormatError, StudioError

UNSPACED = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my"})
"""Languages written without spaces between words: what is counted are their characters."""


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of a hypothesis. `rate` is errors over what the reference holds: it can pass 1.

    `total` counts the words or characters of the reference.
    """

    rate: float
    total: int
    hits: int
    substitutions: int
    deletions: int
    insertions: int


@dataclass(frozen=True, slots=True)
class Token:
    """What is compared: a word after normalisation, or a part of one ("don't" is "do not").

    `word` is the place of the word that it came from; `first` and `last` say whether the token
    begins and ends that word.
    """

    text: str
    word: int
    first: bool
    last: bool


def score(reference: str, hypothesis: str, *, language: str = "en") -> Score:
    """Compare two texts by words (jiwer's minimum edit distance); see `UNSPACED`.

    English passes Whisper's English normaliser (case, punctuation, numbers, contractions, but
    not British and American spelling), other languages its basic one, as public leaderboards
    do. Raises `FormatError` when the reference holds no words.
    """
    import jiwer

    return _scored(jiwer.process_words, *_normalised(reference, hypothesis, language))


def score_characters(reference: str, hypothesis: str, *, language: str = "en") -> Score:
    """Compare two texts by characters, after the same normalisation as `score`.

    The space between two words counts as one; where words have none, none counts. Raises
    `FormatError` when the reference holds no words.
    """
    import jiwer

    texts = _normalised(reference, hypothesis, language)
    joint = "" if is_unspaced(language) else " "
    return _scored(jiwer.process_characters, *(joint.join(text.split()) for text in texts))


def is_unspaced(language: str) -> bool:
    return _primary(language) in UNSPACED


@functools.lru_cache(maxsize=1 << 16)
def normalised(text: str, language: str) -> tuple[str, ...]:
    """The words of a text as they are compared. Kept, since this takes longer than comparing."""
    return tuple(_normaliser(_primary(language))(text).split())


def tokens_of(words: Iterable[str], language: str) -> list[Token]:
    """Words as they are compared, each normalised alone, so that it is known where it came from.

    What a text's words say together ("sixty thousand") stays apart here.
    """
    return [
        Token(text, place, number == 0, number + 1 == len(parts))
        for place, word in enumerate(words)
        if (parts := normalised(word, language))
        for number, text in enumerate(parts)
    ]


def answers(reference: Sequence[str], hypothesis: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in both that stand for one another by the minimum edit distance, right or wrong."""
    import jiwer

    aligned = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    for chunk in aligned.alignments[0]:
        if chunk.type not in ("insert", "delete"):
            yield from zip(
                range(chunk.ref_start_idx, chunk.ref_end_idx),
                range(chunk.hyp_start_idx, chunk.hyp_end_idx),
                strict=True,
            )


def distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """How many words have to be changed, added or taken away to make one of the other."""
    import jiwer

    counted = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    return int(counted.substitutions + counted.deletions + counted.insertions)


def _normalised(reference: str, hypothesis: str, language: str) -> tuple[str, str]:
    expected, found = (" ".join(normalised(text, language)) for text in (reference, hypothesis))
    if not expected:
        raise FormatError("The reference holds no words, so there is nothing to compare with.")
    return expected, found


def _scored(process: Callable[[str, str], Any], reference: str, hypothesis: str) -> Score:
    counted = process(reference, hypothesis)
    total = counted.hits + counted.substitutions + counted.deletions
    errors = counted.substitutions + counted.deletions + counted.insertions
    return Score(
        errors / total,
        total,
        counted.hits,
        counted.substitutions,
        counted.deletions,
        counted.insertions,
    )


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


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
    return library.BasicTextNormalizer(split_letters=language in UNSPACED)
