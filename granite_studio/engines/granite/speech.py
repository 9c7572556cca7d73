"""What base and Plus share: one encoder pass over windows, and prompts answered from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
import torch.nn.functional as F  # noqa: TID253, N812
from torch import Tensor  # noqa: TID253

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import (
    RATE,
    Doubt,
    Emissions,
    Heartbeat,
    TimedWord,
    Transcript,
    Window,
)
from granite_studio.engines.catalog import find
from granite_studio.engines.granite import alignment, checkpoint, conformer
from granite_studio.engines.granite.batches import sounds
from granite_studio.engines.granite.decoding import Beat, answers, ending_tokens
from granite_studio.engines.granite.features import FRAME_S, audio_tokens, log_mel
from granite_studio.engines.granite.growth import TEXT_RATE, Answer, Ending, Question, most_tokens
from granite_studio.engines.granite.prompts import Prompt, rendered
from granite_studio.engines.voiceprint import States

_NO_LETTERS = {0, ord(" ")}
"""Classes of the character head that are no letter."""
_ENCODED = 0.1
"""The encoder's share of the work; a guess that only a progress bar sees."""
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Heard:
    """Windows after the encoder: each one's characters, its rows for the language model, and its
    frames after the early layer that tells voices apart, where the model has one."""

    windows: tuple[Window, ...]
    emissions: tuple[Emissions, ...]
    sound: tuple[Tensor, ...]
    early: tuple[Tensor, ...] = ()

    def picked(self, rows: Sequence[int]) -> Heard:
        """Some of the windows."""
        return Heard(
            tuple(self.windows[at] for at in rows),
            tuple(self.emissions[at] for at in rows),
            tuple(self.sound[at] for at in rows),
            tuple(self.early[at] for at in rows if self.early),
        )

    def states(self, row: int) -> States | None:
        """What the early layer made of one window."""
        return States(self.early[row].float().cpu().numpy(), FRAME_S) if self.early else None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as text. `chances` are (start, end, log-probability) of its tokens, in bytes of
    the text; empty where the tokenizer does not say which bytes are whose."""

    text: str
    answer: Answer
    chances: tuple[tuple[int, int, float], ...] = ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        found = {Ending.LOOP: Doubt.LOOP, Ending.CUT_OFF: Doubt.CUT_OFF}.get(self.answer.ending)
        return () if found is None else (found,)

    def probabilities(self, words: Iterable[str]) -> Iterator[float | None]:
        """How likely each word was to the language model: the product over its tokens.

        The words stand in the text in this order; None for those that do not.
        """
        text, at = self.text.encode(), 0
        chances = iter(self.chances)
        chance = next(chances, None)
        for word in words:
            sought = word.encode()
            found = text.find(sought, at)
            if found < 0 or not self.chances:
                yield None
                continue
            at = found + len(sought)
            total = 0.0
            while chance is not None and chance[0] < at:
                total += chance[2] if chance[1] > found else 0.0
                if chance[1] > at:
                    break  # it also begins the next word
                chance = next(chances, None)
            yield exp(total)


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt, the tokens a second that its answer can have, and whether the characters that the
    encoder heard are a fair guess at it."""

    prompt: Prompt
    rate: int = TEXT_RATE
    drafted: bool = False


class Speech:
    """A loaded base or Plus model. What it does in one call is one batch."""

    def __init__(self, loaded: checkpoint.Loaded) -> None:
        net: Any = loaded.model
        self.device = loaded.device
        self._net = net
        self._tokenizer = loaded.tokenizer
        self._ends = ending_tokens(net, loaded.tokenizer)
        encoder = net.config.encoder_config
        self._layers = (*(getattr(encoder, "cat_hidden_layers", None) or ()), -1)
        self._middle = encoder.num_layers // 2
        self._special = frozenset(loaded.tokenizer.all_special_ids)
        self._added = {
            number: len(token.content.encode())
            for number, token in loaded.tokenizer.added_tokens_decoder.items()
        }

    def hear(self, windows: Sequence[Window]) -> Heard:
        """One pass of the encoder. A window gives the same whatever is heard beside it."""
        net = self._net.model
        features = log_mel([window.samples for window in windows], self.device.name)
        encoded = conformer.encode(net.encoder, features, layers=self._layers, middle=self._middle)
        # The layers below the last are there for the voices (arXiv 2604.11269).
        early = zip(encoded.states[0], encoded.lengths, strict=True)
        return Heard(
            tuple(windows),
            tuple(conformer.emissions(encoded, row) for row in range(len(windows))),
            _projected(net.projector, torch.cat(encoded.states, dim=-1), encoded.lengths),
            tuple(clip[:frames] for clip, frames in early) if len(self._layers) > 1 else (),
        )

    def ask(
        self, heard: Heard, asked: Sequence[Asked], cancel: CancelToken
    ) -> Iterator[Heartbeat | tuple[Said, ...]]:
        """Answer prompts about each window: beats, and after each prompt what was said of each.

        A draft is used where it pays: with a single window and a single prompt.
        """
        seconds = [len(window.samples) / RATE for window in heard.windows]
        drafted = len(asked) == len(seconds) == 1 and asked[0].drafted
        questions = [
            [
                Question(
                    self._tokens(each.prompt, len(rows)),
                    most_tokens(length, each.rate),
                    self._draft(emissions) if drafted else (),
                )
                for rows, length, emissions in zip(
                    heard.sound, seconds, heard.emissions, strict=True
                )
            ]
            for each in asked
        ]
        progress = _Progress(asked, seconds)
        for event in answers(self._net, questions, heard.sound, ends=self._ends, cancel=cancel):
            if not isinstance(event, Beat):
                yield tuple(self._said(answer) for answer in event)
            elif (fraction := progress.grown(event)) is not None:
                yield Heartbeat(heard.windows[event.row].index, fraction)

    def _tokens(self, prompt: Prompt, rows: int) -> list[int]:
        sound = self._net.config.audio_token_id
        ids = self._plain_tokens(rendered(prompt, self._tokenizer))
        if ids.count(sound) != 1:
            raise EngineError("The tokenizer does not belong to the model; fetch the model again.")
        at = ids.index(sound)
        return [*ids[:at], *[sound] * rows, *ids[at + 1 :]]

    def _draft(self, emissions: Emissions) -> list[int]:
        return self._plain_tokens(alignment.spelled(emissions))

    def _plain_tokens(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _said(self, answer: Answer) -> Said:
        text = self._tokenizer.decode(
            answer.tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        ends, at = [], 0
        for token in answer.tokens:
            at += self._bytes(token)
            ends.append(at)
        if at != len(text.encode()):
            return Said(text, answer)
        starts = [0, *ends][:-1]
        return Said(text, answer, tuple(zip(starts, ends, answer.log_probs, strict=True)))

    def _bytes(self, token: int) -> int:
        """Bytes of text that a token of a byte-level vocabulary stands for: one a sign."""
        if token in self._special:
            return 0
        return self._added.get(token) or len(self._tokenizer.convert_ids_to_tokens(token) or "")


def load(engine: str, kind: checkpoint.Kind, model: Path | None, device: str) -> Speech:
    """The model in a folder, of the kind that the engine needs, where `device` says.

    Raises `EngineError` for a folder that holds no such model, or one that is damaged.
    """
    return Speech(checkpoint.load(*checkpoint.chosen(find(engine).title, kind, model, device)))


def spoken(model: Speech, windows: Sequence[Window]) -> tuple[Heard, list[Transcript]]:
    """The windows with speech in them after the encoder, and empty answers for the others.

    Where the character head heard no letter there is no speech, and the language model, which has
    to say something, would make some up.
    """
    silent = [Transcript(window.index) for window in windows if not sounds(window)]
    loud = [window for window in windows if sounds(window)]
    if not loud:
        return Heard((), (), ()), silent
    heard = model.hear(loud)
    kept = [at for at, emissions in enumerate(heard.emissions) if _lettered(emissions)]
    silent += [
        Transcript(window.index, emissions=heard.emissions[at])
        for at, window in enumerate(loud)
        if at not in kept
    ]
    return heard.picked(kept), silent


def _lettered(emissions: Emissions) -> bool:
    return not set(emissions.levels.argmin(axis=1).tolist()) <= _NO_LETTERS


def timed(
    words: Sequence[str], emissions: Emissions, probabilities: Iterable[float | None]
) -> list[TimedWord]:
    """The words where they were heard. Sound and language model have to agree on a word: its
    confidence is the lower of the two, and only what both found likely is called sure."""
    return [
        replace(word, confidence=_lower(word.confidence, probability))
        for word, probability in zip(alignment.align(words, emissions), probabilities, strict=True)
    ]


def _lower(first: float | None, second: float | None) -> float | None:
    known = [value for value in (first, second) if value is not None]
    return min(known) if known else None


@torch.no_grad()
def _projected(projector: Any, states: Tensor, lengths: Sequence[int]) -> tuple[Tensor, ...]:
    """Rows for the language model, 3 for each 15 frames of a clip that has sound in them.

    The frames beyond a clip's end are zero, as the stock model pads, so its rows are those it has
    alone; windows of padding alone are not computed.
    """
    size = projector.window_size
    rows = [audio_tokens(frames) for frames in lengths]
    states = F.pad(states, (0, 0, 0, -states.shape[1] % size))
    windows = states.view(len(lengths), -1, size, states.shape[-1])
    packed = torch.cat(
        [clip[: count // projector.num_queries] for clip, count in zip(windows, rows, strict=True)]
    )
    out = projector.qformer(
        query_embeds=projector.query, encoder_hidden_states=packed, return_dict=True
    ).last_hidden_state
    return tuple(projector.linear(out).flatten(0, 1).split(rows))


class _Progress:
    """How far each window is, from how many tokens there are of how many it may become."""

    def __init__(self, asked: Sequence[Asked], seconds: Sequence[float]) -> None:
        total = sum(each.rate for each in asked)
        self._shares = [each.rate / total for each in asked]
        self._seconds = seconds
        self._rates = [each.rate / 2 for each in asked]
        self._told = [0.0] * len(seconds)

    def grown(self, beat: Beat) -> float | None:
        """The share that is done, if it is worth saying."""
        usual = beat.tokens / (self._rates[beat.question] * self._seconds[beat.row] + 1)
        # Half of what is possible is usual; what is longer than that slows down, and does not end.
        part = 0.8 * usual if usual < 1 else 1 - 0.2 / usual
        done = sum(self._shares[: beat.question]) + part * self._shares[beat.question]
        fraction = _ENCODED + (1 - _ENCODED) * done
        if fraction < self._told[beat.row] + _STEP:
            return None
        self._told[beat.row] = fraction
        return fraction
