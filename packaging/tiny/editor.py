"""The non-autoregressive model: a draft head and an editor on top of the encoder.

The encoder was trained to spell; its last layer learns here to hear pieces of words as well.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch  # noqa: TID253
import torch.nn.functional as F  # noqa: N812, TID253
from torch import Tensor, nn  # noqa: TID253

from granite_studio.engines.granite import settings
from granite_studio.engines.granite.conformer import Encoded
from granite_studio.engines.granite.nar_model import NarModel, collapsed, with_slots
from tiny import checkpoint, tokens
from tiny import encoder as encoders
from tiny.measure import word_error_rate
from tiny.sound import Clip, compose, features, stacked
from tiny.speech import Said

log = logging.getLogger("tiny")

WIDTH = 128
LAYERS = (1, 2, 3, -1)
MIDDLE = 2
PEAK = 2e-3
WARM_UP = 150
LENGTHS_S = (4.0, 8.0, 12.0, 18.0, 26.0)
BANK_S = 6000
SECONDS_A_STEP = 128
COPY_SHARE = 0.02
LETTERS_SHARE = 0.3
HEAD_FIRST = 150
"""Steps in which the draft head learns alone: the editor needs drafts to edit."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Clips of one length as the encoder hears them."""

    seconds: float
    clips: tuple[Clip, ...]
    states: Tensor
    """The layers below the last one: (clips, layers, frames, width)."""
    blank: Tensor
    distances: Tensor
    """How far apart frames are, as the layers' attention wants it."""


def config(tokenizer: Any) -> dict[str, Any]:
    """What config.json says, with the real model's fields."""
    end = tokenizer.eos_token_id
    shape = {**encoders.SHAPE, "bpe_output_dim": len(tokenizer), "bpe_pooling_window": 4}
    return {
        "architectures": ["GraniteSpeechNarForASR"],
        "model_type": "granite_speech_nar",
        "dtype": "float16",
        "encoder_config": {
            **shape,
            "model_type": "granite_speech_nar_encoder",
            "self_conditioning_layer": MIDDLE,
            "blank_token_id": end,
            "pred_dropout": 0.0,
        },
        "projector_config": {
            "model_type": "granite_speech_nar_projector",
            "num_layers": 2,
            "num_encoder_layers": len(LAYERS),
            "hidden_size": WIDTH,
            "num_heads": 4,
            "block_size": 15,
            "downsample_rate": 5,
            "encoder_dim": WIDTH,
            "llm_dim": WIDTH,
            "mlp_ratio": 2,
            "mlp_bias": True,
            "attn_bias": True,
            "dropout_prob": 0.0,
            "layernorm_eps": 1e-6,
        },
        "text_config": {
            "model_type": "granite",
            "vocab_size": len(tokenizer),
            "hidden_size": WIDTH,
            "intermediate_size": 256,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 4096,
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
            "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0,
            "embedding_multiplier": 12.0,
            "logits_scaling": 8.0,
            "residual_multiplier": 1.0,
            "attention_multiplier": 1 / math.sqrt(WIDTH // 4),
            "pad_token_id": tokenizer.pad_token_id,
            "bos_token_id": end,
            "eos_token_id": end,
            "tie_word_embeddings": True,
        },
        "encoder_layer_indices": list(LAYERS),
        "blank_token_id": end,
        "scale_projected_embeddings": True,
        "min_edit_sequence_length": 8,
        "tie_word_embeddings": True,
    }


def new_model(tokenizer: Any, encoder: nn.Module) -> NarModel:
    """A model that can hear but not write yet."""
    model = NarModel(settings.clean_nar(config(tokenizer)))
    model.encoder.load_state_dict(encoder.state_dict(), strict=False)
    model.encoder.requires_grad_(False)
    model.encoder.out_bpe.requires_grad_(True)
    model.encoder.layers[-1].requires_grad_(True)
    words: Any = model.language_model.model
    for module in words.modules():
        if isinstance(module, nn.Linear):
            module.reset_parameters()
    with torch.no_grad():
        words.embed_tokens.weight.normal_(0, 1 / 12)
        words.norm.weight.fill_(8.0)
    return model


@torch.no_grad()
def shelved(encoder: nn.Module, clips: Sequence[Clip]) -> Shelf:
    """Clips of one length, through the encoder."""
    seconds = len(clips[0].samples) / 16000
    at_once = max(1, int(128 / seconds))
    states, blanks = [], []
    for start in range(0, len(clips), at_once):
        seen = features(stacked(clips[start : start + at_once]), even=True)
        with torch.autocast("cpu", torch.bfloat16):
            heard = encoders.hear(encoder, seen)
        states.append(torch.stack(heard.states[1:-1], 1).to(torch.bfloat16))
        blanks.append(heard.middle.float().softmax(-1)[..., 0])
    distances: Any = encoder.attention_dists
    return Shelf(seconds, tuple(clips), torch.cat(states), torch.cat(blanks), distances)


def encoded(model: NarModel, shelf: Shelf, chosen: list[int]) -> Encoded:
    """Some of a shelf's clips, as the model's own encoder would give them."""
    parts: Any = model.encoder
    states = shelf.states[chosen].float().unbind(1)
    with torch.autocast("cpu", torch.bfloat16):
        last = parts.layers[-1](states[-1], attention_dists=shelf.distances)
        letters = parts.out(last)
    count = len(chosen)
    frames = (last.shape[1],) * count
    return Encoded(
        (*states, last.float(), last.float()), letters.float(), shelf.blank[chosen], frames
    )


def spoiled(chance: Random, draft: list[int], size: int) -> list[int]:
    """A draft with tokens lost, changed and added, for the editor to put right."""
    share = chance.choice((0.0, 0.05, 0.15))
    made = []
    for token in draft:
        fate = chance.random()
        if fate < share / 3:
            continue
        made.append(chance.randrange(5, size) if fate < share * 2 / 3 else token)
        if fate > 1 - share / 3:
            made.append(chance.randrange(5, size))
    return made


def train(
    pool: list[Said],
    test: list[Said],
    encoder: nn.Module,
    folder: Path,
    checkpoints: Path,
    steps: int,
    seed: int,
) -> NarModel:
    """Train for so many steps in all; begins where the file left off."""
    torch.manual_seed(seed)
    tokenizer = tokens.make_tokenizer(folder, tokens.BASE_TEMPLATE)
    end = tokenizer.eos_token_id
    model = new_model(tokenizer, encoder)
    words: Any = model.language_model.model
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    best = torch.optim.AdamW(trained, PEAK, (0.9, 0.98), weight_decay=0.01)
    begin, to = 0, folder / "nar.pt"
    if to.exists():
        kept = torch.load(to, weights_only=True)
        model.load_state_dict(kept["model"])
        best.load_state_dict(kept["optimizer"])
        begin = kept["step"]
    chance = Random(seed * 15485863 + begin)

    def fill(seconds: float) -> Shelf:
        count = max(2, round(BANK_S / len(LENGTHS_S) / seconds))
        return shelved(encoder, [compose(chance, pool, seconds) for _ in range(count)])

    def ids(plain: str) -> list[int]:
        made: list[int] = tokenizer(" " + plain, add_special_tokens=False)["input_ids"]
        return made if plain else []

    shelves = [fill(seconds) for seconds in LENGTHS_S]
    model.train()
    model.encoder.eval()
    for step in range(begin, steps):
        if step % 50 == 49:
            at = (step // 50) % len(shelves)
            shelves[at] = fill(LENGTHS_S[at])
        rate = PEAK * min(1, (step + 1) / WARM_UP) * (1 - step / steps)
        for group in best.param_groups:
            group["lr"] = rate
        shelf = chance.choice(shelves)
        count = min(len(shelf.clips), round(SECONDS_A_STEP / shelf.seconds))
        chosen = chance.sample(range(len(shelf.clips)), count)
        targets = [ids(shelf.clips[index].plain) for index in chosen]
        heard = encoded(model, shelf, chosen)
        pooled = model.pooled(heard)
        scores = model.encoder.out_bpe(pooled).unflatten(0, (count, -1))
        draft_loss = encoders.ctc(scores, targets, blank=end)
        letters = [list(map(ord, shelf.clips[index].plain)) for index in chosen]
        loss = draft_loss + LETTERS_SHARE * encoders.ctc(heard.char_logits, letters)
        if step >= HEAD_FIRST:
            drafts = [
                spoiled(
                    chance,
                    collapsed(best_ids, end) if chance.random() < 0.5 else target,
                    len(tokenizer),
                )
                for best_ids, target in zip(
                    scores.detach().argmax(-1).tolist(), targets, strict=True
                )
            ]
            with torch.autocast("cpu", torch.bfloat16):
                places, sizes = model.editor_states(model.audio_rows(heard), drafts)
                written = F.linear(places, words.embed_tokens.weight)
            written = written.float() / 8
            slots = torch.tensor([s for draft in drafts for s in with_slots(draft, end, 8)])
            parts = nn.utils.rnn.pad_sequence(list(torch.split(written, sizes)), batch_first=True)
            loss = loss + encoders.ctc(parts, targets, end, sizes)
            loss = loss + COPY_SHARE * F.cross_entropy(written, slots)
        best.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(trained, 1.0)
        best.step()
        if (step + 1) % 50 == 0:
            log.info("nar %d: loss %.3f, draft %.3f", step + 1, loss.item(), draft_loss.item())
        if (step + 1) % 250 == 0 or step + 1 == steps:
            log.info("nar %d: unseen %s", step + 1, evaluate(model, tokenizer, encoder, test))
            state = {"model": model.state_dict(), "optimizer": best.state_dict(), "step": step + 1}
            torch.save(state, to.with_suffix(".part"))
            to.with_suffix(".part").replace(to)
            checkpoint.save_editor(model, tokenizer, config(tokenizer), checkpoints / "nar")
    return model.eval()


def evaluate(
    model: NarModel, tokenizer: Any, encoder: nn.Module, test: list[Said]
) -> dict[str, float]:
    """Word error rates on unseen sentences: the draft's and the edited text's."""
    model.eval()
    drafts, edited = [], []
    for seconds in (8.0, 20.0):
        chance = Random(5)
        clips = [compose(chance, test, seconds, quiet=0) for _ in range(8)]
        with torch.no_grad():
            heard = encoded(model, shelved(encoder, clips), list(range(len(clips))))
            draft = model.draft(heard)
            after = model.edited(model.audio_rows(heard), draft)
        for clip, one, other in zip(clips, draft, after, strict=True):
            drafts.append((clip.plain, tokenizer.decode(one).strip()))
            edited.append((clip.plain, tokenizer.decode(other).strip()))
    log.info("  %s | %s", *edited[0])
    model.train()
    model.encoder.eval()
    return {
        "draft": round(word_error_rate(drafts), 3),
        "edited": round(word_error_rate(edited), 3),
    }
