"""Greedy decoding of prompts about sound: a shared start once, drafts verified, loops cut."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
from torch import Tensor, nn  # noqa: TID253

from granite_studio.core.cancel import CancelToken
from granite_studio.engines.granite.graphs import Step, recorded
from granite_studio.engines.granite.growth import Answer, Question, Row
from granite_studio.engines.granite.language import Cache, run

_AHEAD = 32
"""Tokens of a draft that are verified in one pass, but for the first, which takes all of it."""
_STRIDES = {"cpu": 1}
_STRIDE = 8
"""Steps between two looks at the tokens on a GPU, where looking means waiting for it."""


@dataclass(frozen=True, slots=True)
class Beat:
    """An answer has grown to this many tokens."""

    question: int
    row: int
    tokens: int


def ending_tokens(model: nn.Module, tokenizer: Any) -> frozenset[int]:
    """The tokens that end a text, by the model's configuration and by its tokenizer."""
    net: Any = model
    told = net.config.get_text_config().eos_token_id
    listed = told if isinstance(told, list | tuple) else [told]
    return frozenset(token for token in (*listed, tokenizer.eos_token_id) if token is not None)


def answers(
    model: nn.Module,
    questions: Sequence[Sequence[Question]],
    sound: Sequence[Tensor],
    *,
    ends: Collection[int],
    cancel: CancelToken,
    graphs: bool = False,
) -> Iterator[Beat | tuple[Answer, ...]]:
    """Answer each question about each window: beats, and after each question its answers.

    `questions[q][w]` is question q about window w, and `sound[w]` the window's rows (rows, width)
    in the place of audio tokens. What the questions about a window have in common at their start
    is computed once. The answers are those of greedy decoding without drafts, whatever the drafts.
    `graphs` records the steps on an NVIDIA GPU, which is untested. Raises `Cancelled` within one
    step.
    """
    net: Any = model
    shared = [0] * len(sound)
    if len(questions) > 1:
        shared = [_common([asked[row].tokens for asked in questions]) for row in range(len(sound))]
    slots = max(_slots(asked, shared) for asked in questions)
    cache = Cache(net.model.language_model, len(sound), max(slots, max(shared)))
    cancel.check()
    if any(shared):
        starts = [questions[0][row].tokens[:count] for row, count in enumerate(shared)]
        block = _Block.of(net, starts, [0] * len(sound), sound)
        run(net.model.language_model, block.embeds, block.positions, cache, reach=block.reach)
    for number, asked in enumerate(questions):
        found = yield from _Decoding(net, asked, shared, sound, cache, ends, cancel, graphs).run(
            number
        )
        yield found


@dataclass(frozen=True, slots=True)
class _Block:
    """Tokens of several rows, embedded, in one tensor; rows that are shorter are padded behind."""

    embeds: Tensor
    positions: Tensor
    reach: int

    @classmethod
    @torch.no_grad()
    def of(
        cls,
        net: Any,
        tokens: Sequence[Sequence[int]],
        starts: Sequence[int],
        sound: Sequence[Tensor] = (),
    ) -> _Block:
        device = net.lm_head.weight.device
        longest = max(map(len, tokens))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in tokens])
        heard = ids == net.config.audio_token_id
        embeds = _embedded(net, ids.to(device))
        for row, rows in enumerate(sound):
            # Behind them only a draft may hold such a token, which stands for nothing.
            places = heard[row].nonzero()[: len(rows), 0]
            embeds[row, places.to(device)] = rows.to(embeds.dtype)
        positions = torch.tensor(starts)[:, None] + torch.arange(longest)
        return cls(embeds, positions.to(device), max(starts) + longest)


class _Decoding:
    """One question about every window of a batch, from the shared start to the last answer."""

    def __init__(
        self,
        net: Any,
        asked: Sequence[Question],
        shared: Sequence[int],
        sound: Sequence[Tensor],
        cache: Cache,
        ends: Collection[int],
        cancel: CancelToken,
        graphs: bool,
    ) -> None:
        self._net = net
        self._sound = sound
        self._cache = cache
        self._ends = ends
        self._cancel = cancel
        device = net.lm_head.weight.device.type
        self._stride = _STRIDES.get(device, _STRIDE)
        self._graphs = graphs and device == "cuda"
        self._scaling = float(net.config.get_text_config().logits_scaling)
        self._rows = [Row(row, asked[row], start) for row, start in enumerate(shared)]
        self._live = list(self._rows)
        """Rows of the cache, in its order; some may have ended."""
        self._step = self._stepping()

    def run(self, number: int) -> Generator[Beat, None, tuple[Answer, ...]]:
        self._first()
        yield from self._beats(number, self._live)
        while any(row.ending is None for row in self._live):
            growing = [row for row in self._live if row.ending is None]
            if len(growing) * 2 <= len(self._live):
                self._cache = self._cache.picked(
                    [at for at, row in enumerate(self._live) if row.ending is None]
                )
                self._live = growing
                self._step = self._stepping()
            if any(row.guesses(_AHEAD) for row in growing):
                self._verify()
            else:
                self._steps()
            yield from self._beats(number, growing)
        return tuple(row.answer for row in self._rows)

    def _beats(self, number: int, rows: Sequence[Row]) -> Iterator[Beat]:
        for row in rows:
            yield Beat(number, row.index, len(row.tokens))

    def _first(self) -> None:
        """The rest of the prompts, and all of the drafts behind them."""
        guesses = [row.guesses(len(row.asked.draft)) for row in self._rows]
        rests = [row.asked.tokens[row.position :] for row in self._rows]
        block = _Block.of(
            self._net,
            [[*rest, *guess] for rest, guess in zip(rests, guesses, strict=True)],
            [row.position for row in self._rows],
            [
                rows if self._net.config.audio_token_id in rest else rows[:0]
                for rows, rest in zip(self._sound, rests, strict=True)
            ],
        )
        for row, rest in zip(self._rows, rests, strict=True):
            row.position += len(rest) - 1
        self._accept(block, guesses, [len(rest) - 1 for rest in rests])

    def _verify(self) -> None:
        """The last token of each row, and behind it what its draft goes on with."""
        guesses = [() if row.ending else row.guesses(_AHEAD) for row in self._live]
        block = _Block.of(
            self._net,
            [[_last(row), *guess] for row, guess in zip(self._live, guesses, strict=True)],
            [row.position for row in self._live],
        )
        self._accept(block, guesses, [0] * len(self._live))

    def _accept(self, block: _Block, guesses: Sequence[Sequence[int]], at: Sequence[int]) -> None:
        """Take the tokens that the model would have written itself, and the one after them.

        `at` is where in its row of the block each row's last known token stands; `guesses` follow.
        """
        self._cancel.check()
        net = self._net
        hidden = run(
            net.model.language_model, block.embeds, block.positions, self._cache, reach=block.reach
        )
        most = max(map(len, guesses)) + 1
        places = (torch.tensor(at)[:, None] + torch.arange(most)).clamp_(max=hidden.shape[1] - 1)
        rows = torch.arange(len(at))[:, None].to(hidden.device)
        found = self._scores(hidden[rows, places.to(hidden.device)])
        best, log_probs, entropies = (part.tolist() for part in found)
        for number, (row, guess) in enumerate(zip(self._live, guesses, strict=True)):
            if row.ending is not None:
                continue
            row.passes += 1
            right = _agreed(guess, best[number])
            for step in range(right + 1):
                row.take(
                    best[number][step],
                    log_probs[number][step],
                    entropies[number][step],
                    self._ends,
                )
                row.position += 1
                row.accepted += step < right
                if row.ending is not None:
                    break

    def _steps(self) -> None:
        """One token more for each row, some times over before anybody looks."""
        ids = torch.tensor([[_last(row)] for row in self._live])
        positions = torch.tensor([[row.position] for row in self._live])
        ids, positions = (part.to(self._net.lm_head.weight.device) for part in (ids, positions))
        reach = max(row.position for row in self._live) + 1
        found = []
        for step in range(self._stride):
            self._cancel.check()
            ids, *chances = self._step(ids, positions + step, reach + step)
            # Stacked, they are copied: a recorded step writes into the same tensors again.
            found.append(torch.stack([part[:, 0].float() for part in (ids, *chances)]))
        for best, log_probs, entropies in torch.stack(found).tolist():
            for row, *token in zip(self._live, best, log_probs, entropies, strict=True):
                if row.ending is None:
                    row.passes += 1
                    row.position += 1
                    row.take(int(token[0]), token[1], token[2], self._ends)

    def _stepping(self) -> Step:
        """One step over this cache: nothing in it depends on the values of its tensors."""
        net, cache = self._net, self._cache

        def step(ids: Tensor, positions: Tensor, reach: int) -> tuple[Tensor, ...]:
            embeds = _embedded(net, ids)
            hidden = run(net.model.language_model, embeds, positions, cache, reach=reach)
            return self._scores(hidden)

        return recorded(step, cache.slots) if self._graphs else step

    @torch.no_grad()
    def _scores(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The likeliest token at each place, its log-probability, and the entropy there."""
        logits = self._net.lm_head(hidden).float()
        best = logits.argmax(-1)
        log_probs = (logits / self._scaling).log_softmax(-1)
        entropy = -(log_probs.exp() * log_probs).sum(-1)
        return best, log_probs.gather(-1, best[..., None])[..., 0], entropy


@torch.no_grad()
def _embedded(net: Any, ids: Tensor) -> Tensor:
    """Embeddings of tokens. An audio token has none; the stock model takes those of token 0."""
    embeds: Tensor = net.model.language_model.embed_tokens(
        ids.masked_fill(ids == net.config.audio_token_id, 0)
    )
    return embeds


def _last(row: Row) -> int:
    """The token that goes in next; of a row that has ended, any one."""
    return row.tokens[-1] if row.tokens else 0


def _agreed(guess: Sequence[int], best: Sequence[int]) -> int:
    """How many of the guessed tokens the model would have written itself."""
    pairs = zip(guess, best, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _common(texts: Sequence[Sequence[int]]) -> int:
    """How many tokens all begin with, leaving at least one of each."""
    least = min(map(len, texts)) - 1
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return min(least, sum(1 for _ in alike))


def _slots(asked: Sequence[Question], shared: Sequence[int]) -> int:
    """Room for these questions and their answers, and for the padding behind shorter rows."""
    rests = [
        len(question.tokens) - start + min(len(question.draft), question.most)
        for question, start in zip(asked, shared, strict=True)
    ]
    grown = max(len(question.tokens) + question.most for question in asked)
    return max(max(shared) + max(rests), grown + _AHEAD + _STRIDE)
