"""A transcript beside what was said: each word with its partner, and what is lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from make_sample import Word, plain

from granite_studio.core.document import Document, Span

CALM_S = 1.0
"""A silence this long parts the text for comparing."""
SAME_S = 0.5
"""A word that was heard twice lies at most this far from itself."""

LOOSE_S = 0.02
"""So much of a word may lie outside a window that holds it: the silence of lips about to open."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A word that was said and what was heard for it; one of them is None where the other has no
    partner."""

    said: Word | None
    heard: Word | None

    @property
    def is_right(self) -> bool:
        return bool(self.said and self.heard and plain(self.said.text) == plain(self.heard.text))


def words_of(document: Document) -> list[Word]:
    """A document's words with their times in seconds and their speakers' names."""
    return [
        Word(word.text, word.start / 1000, word.end / 1000, speaker.name if speaker else "")
        for segment in document
        for speaker in [document.speaker(segment.speaker)]
        for word in segment.words
    ]


def paired(said: Sequence[Word], heard: Sequence[Word]) -> list[Pair]:
    """Each word's partner, with the fewest errors and then the nearest times, in order.

    Both are compared from one silence to the next; a word heard elsewhere than it was said has no
    partner.
    """
    edges = [
        (one.end + other.start) / 2
        for one, other in pairwise(said)
        if other.start - one.end >= CALM_S
    ]
    bounds = [float("-inf"), *edges, float("inf")]
    return [
        pair
        for start, end in pairwise(bounds)
        for pair in _aligned(_between(said, start, end), _between(heard, start, end))
    ]


def _between(words: Sequence[Word], start: float, end: float) -> list[Word]:
    return [word for word in words if start <= middle(word) < end]


def middle(word: Word) -> float:
    """The middle of its time, in seconds."""
    return (word.start + word.end) / 2


def _aligned(said: Sequence[Word], heard: Sequence[Word]) -> list[Pair]:
    """The cheapest path through the table of both: Wagner and Fischer, 1974."""

    def cost(one: Word, other: Word) -> float:
        apart = min(1.0, abs(middle(one) - middle(other))) / 100
        return apart + (plain(one.text) != plain(other.text))

    table = [[float(column) for column in range(len(heard) + 1)]]
    for number, one in enumerate(said, start=1):
        above, row = table[-1], [float(number)]
        for column, other in enumerate(heard):
            row.append(min(above[column] + cost(one, other), above[column + 1] + 1, row[-1] + 1))
        table.append(row)
    pairs: list[Pair] = []
    i, j = len(said), len(heard)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + cost(said[i - 1], heard[j - 1]):
            i, j = i - 1, j - 1
            pairs.append(Pair(said[i], heard[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            pairs.append(Pair(said[i], None))
        else:
            j -= 1
            pairs.append(Pair(None, heard[j]))
    return pairs[::-1]


def word_error_rate(pairs: Sequence[Pair]) -> float:
    """Errors by words said."""
    errors = sum(not pair.is_right for pair in pairs)
    return errors / max(1, sum(pair.said is not None for pair in pairs))


def time_errors(pairs: Sequence[Pair]) -> list[float]:
    """By how many seconds the starts and the ends of rightly heard words are wrong, in order."""
    errors: list[float] = []
    for pair in pairs:
        if pair.is_right and pair.said and pair.heard:
            errors.append(abs(pair.said.start - pair.heard.start))
            errors.append(abs(pair.said.end - pair.heard.end))
    return sorted(errors)


def right_speakers(pairs: Sequence[Pair]) -> float:
    """The share of heard words with the right voice, under the best one naming of all of them."""
    both = Counter((p.said.speaker, p.heard.speaker) for p in pairs if p.said and p.heard)
    voices = sorted({voice for voice, _ in both})
    labels = sorted({label for _, label in both if label})
    labels += [""] * (len(voices) - len(labels))
    best = max(
        sum(both[voice, label] for voice, label in zip(voices, chosen, strict=True))
        for chosen in permutations(labels, len(voices))
    )
    return best / max(1, both.total())


def right_speakers_apart(pairs: Sequence[Pair], windows: Sequence[Span]) -> float:
    """The same share if the labels could be named anew in each window: the most that any naming
    of the whole can reach."""
    both = [pair for pair in pairs if pair.said and pair.heard]
    by_window: dict[int, list[Pair]] = {}
    for pair in both:
        assert pair.heard
        at = sum(span.start / 1000 <= middle(pair.heard) for span in windows)
        by_window.setdefault(at, []).append(pair)
    right = sum(right_speakers(inside) * len(inside) for inside in by_window.values())
    return right / max(1, len(both))


def torn(said: Sequence[Word], windows: Sequence[Span], loose_s: float = LOOSE_S) -> list[Word]:
    """Words that no window holds from beginning to end."""
    return [word for word in said if not _holding(word, windows, loose_s)]


def _holding(word: Word, windows: Sequence[Span], loose_s: float = LOOSE_S) -> list[int]:
    """The windows that hold all of it."""
    return [
        number
        for number, span in enumerate(windows)
        if span.start / 1000 - loose_s <= word.start and word.end <= span.end / 1000 + loose_s
    ]


def at_boundaries(said: Sequence[Word], windows: Sequence[Span]) -> set[Word]:
    """Words whose neighbour lies in another window."""
    homes = [_holding(word, windows)[:1] for word in said]
    return {
        word
        for (one, home), (other, next_home) in pairwise(zip(said, homes, strict=True))
        if home != next_home
        for word in (one, other)
    }


def error_rates(pairs: Sequence[Pair], boundary: set[Word]) -> tuple[float, float]:
    """The share of words that are not rightly heard: of those at boundaries, and of the rest."""
    at, elsewhere = (
        [not pair.is_right for pair in pairs if pair.said and (pair.said in boundary) is wanted]
        for wanted in (True, False)
    )
    return sum(at) / max(1, len(at)), sum(elsewhere) / max(1, len(elsewhere))


@dataclass(frozen=True, slots=True)
class Seams:
    """What the transcript lost and made up beyond what its windows, each heard alone, did.

    `lost` are words that every window which holds them whole heard rightly, and the transcript
    has not. `added` are words of the transcript that were not said, and which no window alone
    heard there.
    """

    lost: tuple[Word, ...]
    added: tuple[Word, ...]


def seams(
    said: Sequence[Word],
    heard: Sequence[Word],
    alone: Sequence[tuple[Span, Sequence[Word]]],
) -> Seams:
    """Compare a transcript with its windows heard alone, given as span and words."""
    spans = [span for span, _ in alone]
    right: list[set[Word]] = []
    made_up: list[Word] = []
    for span, words in alone:
        inside = [word for word in said if span.start / 1000 <= middle(word) < span.end / 1000]
        pairs = _aligned(inside, words)
        right.append({pair.said for pair in pairs if pair.said and pair.is_right})
        made_up += (pair.heard for pair in pairs if pair.heard and not pair.is_right)
    pairs = paired(said, heard)
    lost = (
        pair.said
        for pair in pairs
        if pair.said
        and not pair.is_right
        and (homes := _holding(pair.said, spans))
        and all(pair.said in right[number] for number in homes)
    )
    wrong = (pair.heard for pair in pairs if pair.heard and not pair.is_right)
    return Seams(tuple(lost), tuple(_without(wrong, made_up)))


def _without(words: Iterator[Word], others: list[Word]) -> Iterator[Word]:
    """Words that are not among the others; each of those excuses one."""
    left = list(others)
    for word in words:
        same = (
            other
            for other in left
            if plain(other.text) == plain(word.text)
            and abs(middle(other) - middle(word)) <= SAME_S
        )
        found = next(same, None)
        if found is None:
            yield word
        else:
            left.remove(found)
