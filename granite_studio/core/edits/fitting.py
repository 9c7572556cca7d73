"""Give typed text the times of the words it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from granite_studio.core.align import align
from granite_studio.core.document import Span, Word

TYPED = "typed"
SLICE = 250
"""Milliseconds that a word typed into silence gets, where there is room."""


def fitted(
    old: Sequence[Word],
    texts: Sequence[str],
    room: Span,
    ids: Iterator[int],
    *,
    leads: bool,
) -> list[Word]:
    """The words `texts`, made from the old ones: what did not change keeps its id and time.

    A changed word takes the place of the old one; several share out the time of those that they
    replace; new ones take a slice of the silence beside them, inside `room`, or no time at all.
    Words that were not there before draw from `ids`. A person wrote them, so they are `touched`.
    `leads` says that they begin a paragraph: what is new at the front leans on what follows.
    """
    words: list[Word] = []
    for kind, i1, i2, j1, j2 in align([word.text for word in old], texts):
        if kind == "equal":
            words += old[i1:i2]
        elif kind != "delete":
            gap = _gap(words, old[i2:], room)
            words += _changed(old[i1:i2], texts[j1:j2], gap, ids, leads=leads and not words)
    return words


def shared(texts: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Share out a stretch of time among words by their length: start and end of each."""
    reached = [*accumulate(map(len, texts), initial=0)]
    total, length = max(1, reached[-1] + len(texts)), end - start
    edges = [start + length * (done + words) // total for words, done in enumerate(reached)]
    return list(pairwise(edges))


def _changed(
    old: Sequence[Word],
    texts: Sequence[str],
    room: Span,
    ids: Iterator[int],
    *,
    leads: bool,
) -> list[Word]:
    """New texts in the place of old words; `room` is the time between the neighbours."""
    if len(old) == len(texts):
        return [_rewritten(word, text) for word, text in zip(old, texts, strict=True)]
    words: list[Word] = []
    # The same word in other dress ("Wall," for "wall") keeps its own time.
    for kind, i1, i2, j1, j2 in align(
        [loose(word.text) for word in old], [loose(text) for text in texts]
    ):
        here, new = old[i1:i2], texts[j1:j2]
        if kind == "delete":
            continue
        if len(here) == len(new):
            words += [_rewritten(word, text) for word, text in zip(here, new, strict=True)]
        elif here:
            start = here[0].start
            span = Span(start, max(start, here[-1].end))
            words += _spread(new, span, [word.id for word in here], ids)
        else:
            gap = _gap(words, old[i2:], room)
            words += _spread(new, _slice(gap, len(new), leads=leads and not words), [], ids)
    return words


def _gap(before: Sequence[Word], after: Sequence[Word], room: Span) -> Span:
    """The time between the words before and the words after."""
    start = before[-1].end if before else room.start
    end = after[0].start if after else room.end
    return Span(start, max(start, end))


def _slice(gap: Span, count: int, *, leads: bool) -> Span:
    """Time for new words: behind the word in front, or before the next where none is in front."""
    wanted = min(SLICE * count, gap.end - gap.start)
    return Span(gap.end - wanted, gap.end) if leads else Span(gap.start, gap.start + wanted)


def _spread(
    texts: Sequence[str], span: Span, known: Sequence[int], ids: Iterator[int]
) -> list[Word]:
    """Words that share out this time; they take the known ids first."""
    times = shared(texts, span.start, span.end)
    return [
        Word(
            id=known[index] if index < len(known) else next(ids),
            text=text,
            start=start,
            end=end,
            source=TYPED,
            touched=True,
            estimated=True,
        )
        for index, (text, (start, end)) in enumerate(zip(texts, times, strict=True))
    ]


def loose(text: str) -> str:
    """A word without case and without the signs around it, to see whether it is the same one."""
    bare = "".join(sign for sign in text.casefold() if sign.isalnum())
    return bare or text


def _rewritten(word: Word, text: str) -> Word:
    if word.text == text:
        return word
    return replace(word, text=text, confidence=None, source=TYPED, touched=True)
