"""The encoder that all three models share, trained to spell what it hears by CTC."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch  # noqa: TID253
import torch.nn.functional as F  # noqa: N812, TID253
from numpy.typing import NDArray
from torch import Tensor, nn  # noqa: TID253

from tiny.measure import word_error_rate
from tiny.sound import Clip, ahead, compose, features, masked, stacked
from tiny.speech import Said

log = logging.getLogger("tiny")

SHAPE: dict[str, Any] = {
    "input_dim": 160,
    "num_layers": 4,
    "hidden_dim": 128,
    "num_heads": 4,
    "dim_head": 32,
    "output_dim": 348,
    "context_size": 200,
    "max_pos_emb": 200,
    "conv_kernel_size": 15,
    "conv_expansion_factor": 2,
    "feedforward_mult": 4,
    "dropout": 0.05,
}
SECONDS_A_STEP = 128
LENGTHS_S = (4.0, 6.5, 8.0, 8.0, 12.0)
PEAK = 2.5e-3
WARM_UP = 300
MIDDLE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Heard:
    """What the encoder makes of clips: its states by layer (0 is the input's), and its letters."""

    states: tuple[Tensor, ...]
    middle: Tensor
    letters: Tensor


def new_encoder() -> nn.Module:
    """An encoder that knows nothing yet."""
    from transformers import GraniteSpeechPlusEncoderConfig
    from transformers.models.granite_speech_plus.modeling_granite_speech_plus import (
        GraniteSpeechPlusCTCEncoder,
    )

    encoder: nn.Module = GraniteSpeechPlusCTCEncoder(
        GraniteSpeechPlusEncoderConfig(**SHAPE, cat_hidden_layers=[1])
    )
    for module in encoder.modules():
        if isinstance(module, nn.Linear | nn.Conv1d):
            module.reset_parameters()
    return encoder


def hear(encoder: Any, seen: Tensor) -> Heard:
    """Run the encoder layer by layer, keeping every state; as its own forward does otherwise."""
    state = encoder.input_linear(seen)
    states = [state]
    middle = state
    for number, layer in enumerate(encoder.layers, start=1):
        state = layer(state, attention_dists=encoder.attention_dists)
        if number == len(encoder.layers) // 2:
            middle = encoder.out(state)
            state = state + encoder.out_mid(middle.float().softmax(-1).to(state.dtype))
        states.append(state)
    return Heard(tuple(states), middle, encoder.out(state))


def spelled(letters: Tensor) -> str:
    """The text of one clip's letter scores, [frames, 348]."""
    best = torch.unique_consecutive(letters.argmax(-1)).tolist()
    return " ".join("".join(chr(letter) for letter in best if letter).split())


def ctc(
    scores: Tensor, targets: list[list[int]], blank: int = 0, frames: list[int] | None = None
) -> Tensor:
    """CTC loss of scores [clips, frames, classes], by clip and by target's length.

    `frames` are how many count in each clip. A clip without words weighs as one with few.
    """
    lengths = torch.tensor([len(target) for target in targets])
    flat = torch.tensor([label for target in targets for label in target], dtype=torch.long)
    sizes = torch.tensor(frames or [scores.shape[1]] * len(targets))
    logs = scores.float().log_softmax(-1).transpose(0, 1)
    losses = F.ctc_loss(
        logs, flat, sizes, lengths, blank=blank, reduction="none", zero_infinity=True
    )
    return (losses / torch.maximum(lengths, sizes / 8)).mean()


@torch.no_grad()
def error_rate(encoder: nn.Module, test: list[Said]) -> tuple[float, str, str]:
    """Word error rate on sentences by greedy spelling, with one example."""
    encoder.eval()
    pairs = []
    for said in test:
        sound = torch.from_numpy(said.samples.astype("float32") / 32768)
        heard = spelled(hear(encoder, features(sound[None])).letters[0])
        pairs.append((said.sentence.plain, heard))
    encoder.train()
    return word_error_rate(pairs), *pairs[-1]


def train_encoder(
    pool: list[Said], test: list[Said], to: Path, steps: int, seed: int
) -> nn.Module:
    """Train for so many steps in all; begins where the file left off."""
    torch.manual_seed(seed)
    encoder = new_encoder()
    best = torch.optim.AdamW(encoder.parameters(), PEAK, (0.9, 0.98), weight_decay=0.01)
    begin = 0
    if to.exists():
        kept = torch.load(to, weights_only=True)
        encoder.load_state_dict(kept["model"])
        best.load_state_dict(kept["optimizer"])
        begin = kept["step"]
    chance = Random(seed * 7919 + begin)

    def batch() -> tuple[NDArray[np.float32], list[list[int]]]:
        seconds = chance.choice(LENGTHS_S)
        clips: list[Clip] = [
            compose(chance, pool, seconds) for _ in range(round(SECONDS_A_STEP / seconds))
        ]
        seen = masked(features(stacked(clips)), chance)
        return seen.numpy(), [list(map(ord, clip.plain)) for clip in clips]

    batches = ahead(batch)
    encoder.train()
    for step in range(begin, steps):
        rate = PEAK * min(1, (step + 1) / WARM_UP) * (1 - step / steps)
        for group in best.param_groups:
            group["lr"] = rate
        seen, targets = next(batches)
        with torch.autocast("cpu", torch.bfloat16):
            heard = hear(encoder, torch.from_numpy(seen))
        last, middle = ctc(heard.letters, targets), ctc(heard.middle, targets)
        best.zero_grad()
        torch.autograd.backward((1 - MIDDLE_SHARE) * last + MIDDLE_SHARE * middle)
        nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        best.step()
        if (step + 1) % 50 == 0:
            log.info("encoder %d: loss %.3f, middle %.3f", step + 1, last.item(), middle.item())
        if (step + 1) % 300 == 0 or step + 1 == steps:
            log.info("encoder %d: unseen %.3f (%s | %s)", step + 1, *error_rate(encoder, test))
            state = {"model": encoder.state_dict(), "optimizer": best.state_dict()}
            to.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state | {"step": step + 1}, to.with_suffix(".part"))
            to.with_suffix(".part").replace(to)
    return encoder.eval()


def read_encoder(file: Path) -> nn.Module:
    """The encoder in a file of its own, or in the file of a model that has one."""
    kept = torch.load(file, weights_only=True)["model"]
    own = {
        name.removeprefix("encoder."): weight
        for name, weight in kept.items()
        if name.startswith("encoder.") and "out_bpe" not in name
    }
    encoder = new_encoder()
    encoder.load_state_dict(own or kept)
    return encoder.eval()
