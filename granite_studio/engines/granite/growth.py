"""An answer while it grows: how long it may be, where it loops, what a draft says comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

TEXT_RATE = 8
"""Tokens a second that text can have: fast speech has six, Japanese some more."""
TIMES_RATE = 30
"""Tokens a second that text with word times can have: the real model writes fourteen."""
_MARGIN = 40

_REJOIN = 2
"""So many tokens in a row that stand in the draft too, and it is followed again from there."""
_NEAR = 24
"""How much further on in the draft they are looked for."""
_LOOP_TOKENS = 24
_LOOP_TIMES = 4
_LONGEST_LOOP = 120


class Ending(Enum):
    """Why an answer ends."""

    END = auto()
    LOOP = auto()
    """It began to repeat itself; one occurrence is left."""
    CUT_OFF = auto()
    """It reached its greatest length."""


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt as tokens, with one audio token for each row of the sound it is about.

    The answer has `most` tokens at most. `draft` is a guess at it, or empty.
    """

    tokens: Sequence[int]
    most: int
    draft: Sequence[int] = ()
    cut_loops: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest next token, over and over, without the one that ends the text.

    `log_probs` and `entropies` (nats) are of the model's own distribution at each token.
    `accepted` counts the tokens that the draft had right, `passes` the runs of the model.
    """

    tokens: tuple[int, ...]
    log_probs: tuple[float, ...]
    entropies: tuple[float, ...]
    ending: Ending
    accepted: int = 0
    passes: int = 0


def most_tokens(seconds: float, rate: int) -> int:
    """The longest answer that so much sound can have."""
    return round(seconds * rate) + _MARGIN


def loop_end(tokens: Sequence[int]) -> int | None:
    """How many tokens to keep of a text that repeats its end over and over; None if it does not.

    A loop is at least four times the same, and 24 tokens at least: a single word comes 24 times, a
    sentence four times, before it counts. "No no no no" is left alone.
    """
    count = len(tokens)
    for period in range(1, min(_LONGEST_LOOP, count // _LOOP_TIMES) + 1):
        if tokens[-1] != tokens[-1 - period]:
            continue
        span = max(_LOOP_TIMES, -(-_LOOP_TOKENS // period)) * period
        if span <= count and all(
            tokens[at] == tokens[at - period]
            for at in range(count - 1, count - span + period - 1, -1)
        ):
            return count - span + period
    return None


@dataclass(slots=True)
class Row:
    """The answer to one question while it grows."""

    index: int
    asked: Question
    position: int
    """The slot of its next token."""
    tokens: list[int] = field(default_factory=list)
    log_probs: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)
    ending: Ending | None = None
    at: int | None = 0
    """Where in the draft it is, or None off it."""
    left: int = 0
    """Where it left the draft."""
    accepted: int = 0
    passes: int = 0

    def guesses(self, most: int) -> Sequence[int]:
        """What the draft says comes next."""
        if self.at is None:
            return ()
        room = self.asked.most - len(self.tokens) - 1
        return self.asked.draft[self.at : self.at + max(0, min(most, room))]

    def take(self, token: int, log_prob: float, entropy: float, ends: Collection[int]) -> None:
        """One more token of the answer, which may be its last."""
        if token in ends:
            self.ending = Ending.END
            return
        self.tokens.append(token)
        self.log_probs.append(log_prob)
        self.entropies.append(entropy)
        self._follow(token)
        keep = loop_end(self.tokens) if self.asked.cut_loops else None
        if keep is not None:
            del self.tokens[keep:], self.log_probs[keep:], self.entropies[keep:]
            self.ending = Ending.LOOP
        elif len(self.tokens) >= self.asked.most:
            self.ending = Ending.CUT_OFF

    def _follow(self, token: int) -> None:
        """Stay on the draft, leave it, or come back to it further on."""
        draft = self.asked.draft
        if self.at is not None:
            if self.at < len(draft) and draft[self.at] == token:
                self.at += 1
                return
            self.left, self.at = self.at, None
        last = self.tokens[-_REJOIN:]
        if len(last) < _REJOIN:
            return
        for at in range(self.left, min(len(draft) - _REJOIN + 1, self.left + _NEAR)):
            if list(draft[at : at + _REJOIN]) == last:
                self.at = at + _REJOIN
                return

    @property
    def answer(self) -> Answer:
        return Answer(
            tuple(self.tokens),
            tuple(self.log_probs),
            tuple(self.entropies),
            self.ending or Ending.CUT_OFF,
            self.accepted,
            self.passes,
        )
