"""The base and the Plus model: a projector and a language model on top of the frozen encoder.

Both are trained as one. What Plus hears and base does not, the encoder's early layer, is nought
for the questions that base is asked; the weights that read it are then left out of base.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import torch  # noqa: TID253
import torch.nn.functional as F  # noqa: N812, TID253
from torch import Tensor, nn  # noqa: TID253

from tiny import checkpoint, tasks, tokens
from tiny import encoder as encoders
from tiny.measure import word_error_rate
from tiny.sound import FRAMES_A_SECOND, Clip, compose, features, stacked
from tiny.speech import VOICES, Said
from tiny.tasks import Task

log = logging.getLogger("tiny")

WIDTH = 128
WINDOW, DOWN = 15, 5
ROWS_A_SECOND = FRAMES_A_SECOND / DOWN
PEAK = 4e-3
WARM_UP = 200
LENGTHS_S = (4.0, 7.0, 11.0, 13.0, 19.0)
OFTEN = (3, 4, 4, 3, 1, 5)
"""How often clips of each length are heard, and, last, sentences to translate."""
MISREAD = 0.05
"""The share of its own answer that the model misreads in training, so as not to lean on it."""
BANK_S = 6000
SECONDS_A_STEP = 100
SPELLING_SHARE = 0.3
VOICE_SHARE = 0.5
TAG_WEIGHT = 4.0
"""Tokens of speaker tags are few, and count for more."""
LOST = 0.1
"""How much of what the encoder hears is dropped in training, as clips come more than once."""
REFRESH = 25
"""Steps after which one shelf gets new clips."""
SHORT_FIRST = 1000
"""Steps with short clips alone: in these it learns fastest that the words are in the sound."""
SPELLING_FIRST = 300
"""Steps in which a new projector learns to spell, before the language model learns to listen."""
TRANSLATED_S = 6.0
KINDS = {
    "base": {"raw": 0.15, "punctuated": 0.4, "keywords": 0.45},
    "plus": {"raw": 0.1, "speakers": 0.55, "keywords": 0.3, "times": 0.05},
}


def config(name: str, tokenizer: Any) -> Any:
    """The configuration of `base` or `plus`, with the real models' fields."""
    from transformers import (
        Blip2QFormerConfig,
        GraniteConfig,
        GraniteSpeechConfig,
        GraniteSpeechEncoderConfig,
        GraniteSpeechPlusConfig,
        GraniteSpeechPlusEncoderConfig,
    )

    tied = name != "base"
    special = {
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    text = GraniteConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=256,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        embedding_multiplier=12.0,
        logits_scaling=8.0,
        residual_multiplier=1.0,
        attention_multiplier=1 / math.sqrt(WIDTH // 4),
        tie_word_embeddings=tied,
        **special,
    )
    projector = Blip2QFormerConfig(
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=192,
        encoder_hidden_size=WIDTH * (2 if name == "plus" else 1),
        cross_attention_frequency=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    common = {
        "text_config": text,
        "projector_config": projector,
        "audio_token_index": tokenizer.convert_tokens_to_ids(tokens.AUDIO),
        "has_lora_adapter": False,
        "downsample_rate": DOWN,
        "window_size": WINDOW,
        "tie_word_embeddings": tied,
    }
    if name == "plus":
        shape = GraniteSpeechPlusEncoderConfig(**encoders.SHAPE, cat_hidden_layers=[1])
        return GraniteSpeechPlusConfig(encoder_config=shape, **common)
    return GraniteSpeechConfig(
        encoder_config=GraniteSpeechEncoderConfig(**encoders.SHAPE), **common
    )


def new_model(tokenizer: Any, encoder: nn.Module) -> Any:
    """A Plus model that can hear but not speak yet."""
    from transformers import GraniteSpeechPlusForConditionalGeneration

    model = GraniteSpeechPlusForConditionalGeneration(config("plus", tokenizer))
    model.model.encoder.load_state_dict(encoder.state_dict())
    model.model.encoder.requires_grad_(False)
    for module in (*model.model.projector.modules(), *model.model.language_model.modules()):
        if isinstance(module, nn.Linear):
            module.reset_parameters()
    with torch.no_grad():
        text = model.model.language_model
        text.embed_tokens.weight.normal_(0, 1 / 12)
        text.norm.weight.fill_(8.0)  # what logits_scaling divides by
        model.lm_head.weight.normal_(0, 1 / 12)
        model.model.projector.query.normal_(0, 0.5)
        model.model.projector.linear.weight.mul_(0.05)
    model.tie_weights()
    return model


def base_of(plus: Any, tokenizer: Any) -> Any:
    """The base model in the Plus model: without the early layer, and with a head of its own."""
    from transformers import GraniteSpeechForConditionalGeneration

    base: Any = GraniteSpeechForConditionalGeneration(config("base", tokenizer))
    weights = dict(plus.state_dict())
    for name, weight in weights.items():
        if "crossattention.attention" in name and weight.shape[-1] == 2 * WIDTH:
            weights[name] = weight[:, WIDTH:]
    base.load_state_dict(weights)
    return base.eval()


@dataclass(frozen=True, slots=True)
class Source:
    """Where clips come from: a pool, how long they are, how many sentences they hold at most."""

    pool: Sequence[Said]
    seconds: float
    most: int = 40
    odds: dict[str, dict[str, float]] = field(default_factory=lambda: KINDS)
    """What each model is asked about them, by how often."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Clips of one length as the encoder hears them: [clips, frames, width of the projector]."""

    source: Source
    clips: tuple[Clip, ...]
    states: Tensor


def fill(chance: Random, source: Source, encoder: nn.Module) -> Shelf:
    """New clips of one length, through the encoder."""
    count = max(2, round(BANK_S / len(LENGTHS_S) / source.seconds))
    clips = tuple(
        compose(chance, source.pool, source.seconds, quiet=0.04, most=source.most)
        for _ in range(count)
    )
    return Shelf(source, clips, heard(encoder, clips))


@torch.no_grad()
def heard(encoder: nn.Module, clips: Sequence[Clip]) -> Tensor:
    """The encoder's states of clips of one length, the early layer's and the last one's."""
    at_once = max(1, int(128 / (len(clips[0].samples) / 16000)))
    parts = []
    for start in range(0, len(clips), at_once):
        seen = features(stacked(clips[start : start + at_once]))
        with torch.autocast("cpu", torch.bfloat16):
            states = encoders.hear(encoder, seen).states
        parts.append(torch.cat((states[1], states[-1]), -1).to(torch.bfloat16))
    return torch.cat(parts)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A rendered conversation, in ids, before and after the sound."""

    before: list[int]
    after: list[int]


class Prompts:
    """Renders instructions as the model's chat template does."""

    def __init__(self, name: str, tokenizer: Any) -> None:
        self._name, self._tokenizer = name, tokenizer
        self._made: dict[str, Prompt] = {}

    def __getitem__(self, instruction: str) -> Prompt:
        if instruction not in self._made:
            turn = {"role": "user", "content": f"{tokens.AUDIO}{instruction}"}
            turns = [turn]
            if self._name == "plus":
                turn["content"] = f"{tokens.AUDIO} {instruction}"
                turns = [{"role": "system", "content": tasks.SYSTEM}, turn]
            text = self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True
            )
            before, after = text.split(tokens.AUDIO)
            self._made[instruction] = Prompt(self.ids(before), self.ids(after))
        return self._made[instruction]

    def ids(self, text: str) -> list[int]:
        """A text's tokens."""
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def answer(self, text: str) -> list[int]:
        """An answer's tokens: base answers after a space, as after "ASSISTANT:"."""
        lead = " " if self._name == "base" and text else ""
        return [*self.ids(lead + text), self._tokenizer.eos_token_id]


def rows(model: Any, states: Tensor) -> Tensor:
    """The projector's rows, three for each window of 15 frames."""
    with torch.autocast("cpu", torch.bfloat16, enabled=model.training):
        lossy = F.dropout(states, LOST, model.training)
        made: Tensor = model.model.projector(lossy)
    return made.float()


def spelling_loss(model: Any, prompts: Prompts, sound: Tensor, plain: list[str]) -> Tensor:
    """How badly the projector's rows, read as tokens by CTC, spell the words."""
    embed = model.model.language_model.embed_tokens
    spelled = F.linear(F.rms_norm(sound, (WIDTH,)), embed.weight) * 4  # rows of embed are short
    targets = [prompts.ids(" " + text) if text else [] for text in plain]
    return encoders.ctc(spelled, targets, blank=prompts.answer("")[-1])


def voice_loss(sound: Tensor, clips: Sequence[Clip], names: Sequence[str]) -> Tensor:
    """How badly it shows in the projector's rows who speaks, where Plus is asked.

    Read in fixed directions, so that the language model finds it in one place.
    """
    labels = torch.full(sound.shape[:2], -100)
    for row, (clip, name) in enumerate(zip(clips, names, strict=True)):
        for placed in clip.placed if name == "plus" else ():
            for start, end in placed.times:
                label = VOICES.index(placed.said.voice)
                labels[row, round(start * ROWS_A_SECOND) : round(end * ROWS_A_SECOND)] = label
    if not bool((labels >= 0).any()):
        return sound.sum() * 0
    return who_loss(sound, labels)


def who_loss(states: Tensor, labels: Tensor) -> Tensor:
    """How badly the voice shows in states [clips, places, width]; labels of -100 do not count."""
    directions = torch.randn(WIDTH, len(VOICES), generator=torch.Generator().manual_seed(7))
    told = F.rms_norm(states[labels >= 0].float(), (WIDTH,)) @ directions / math.sqrt(WIDTH)
    return F.cross_entropy(told * 2, labels[labels >= 0])


def voices_of(prompts: Prompts, clip: Clip, task: Task) -> list[int]:
    """For each token of an answer about speakers, whose words it belongs to; else -100."""
    count = len(prompts.answer(task.answer))
    if task.kind != "speakers" or not clip.placed:
        return [-100] * count
    labels: list[int] = []
    for last, placed in enumerate(clip.placed, 1):
        until = len(prompts.ids(tasks.by_speaker(replace(clip, placed=clip.placed[:last]))))
        labels += [VOICES.index(placed.said.voice)] * (until - len(labels))
    return [*labels, *[-100] * (count - len(labels))]


def answer_loss(
    model: Any,
    prompts: Mapping[str, Prompts],
    sound: Tensor,
    clips: Sequence[Clip],
    asked: list[tuple[str, Task]],
) -> tuple[Tensor, Tensor]:
    """The answers' cross entropy; each task is asked as the model of that name is.

    And how badly the language model's second layer knows whose words it writes next: told that,
    it learns to say so when the voice changes.
    """
    embed = model.model.language_model.embed_tokens
    inputs, labels, whose = [], [], []
    for (name, task), clip, row in zip(asked, clips, sound, strict=True):
        prompt, answer = prompts[name][task.instruction], prompts[name].answer(task.answer)
        read = torch.tensor(answer)
        if model.training:
            wrong = torch.rand(len(read)) < MISREAD
            read = torch.where(wrong, torch.randint(5, len(embed.weight), read.shape), read)
        before, after = torch.tensor(prompt.before), torch.tensor(prompt.after)
        inputs.append(torch.cat([embed(before.long()), row, embed(after), embed(read)]))
        unscored = len(before) + len(row) + len(prompt.after)
        labels.append(torch.tensor([-100] * unscored + answer))
        whose.append(torch.tensor([-100] * unscored + voices_of(prompts[name], clip, task)))
    width = nn.utils.rnn.pad_sequence(inputs, batch_first=True)
    wanted = nn.utils.rnn.pad_sequence(labels, batch_first=True, padding_value=-100)[:, 1:]
    with torch.autocast("cpu", torch.bfloat16):
        made = model.model.language_model(
            inputs_embeds=width, use_cache=False, output_hidden_states=True
        )
        scores = model.lm_head(made.last_hidden_state[:, :-1][wanted != -100])
    owners = nn.utils.rnn.pad_sequence(whose, batch_first=True, padding_value=-100)[:, 1:]
    known = who_loss(made.hidden_states[2][:, :-1], owners) if bool((owners >= 0).any()) else 0
    weights = torch.ones(len(embed.weight))
    weights[prompts["plus"].ids("".join(f"[Speaker {number}]:" for number in (1, 2)))] = TAG_WEIGHT
    spoken = F.cross_entropy(scores.float() / 8, wanted[wanted != -100], weights)
    return spoken, torch.as_tensor(known)


@torch.no_grad()
def answers(
    model: Any, prompts: Prompts, states: Tensor, instruction: str, prefix: str = ""
) -> list[str]:
    """What the model answers for clips of one length, greedily."""
    from transformers import DynamicCache

    embed = model.model.language_model.embed_tokens
    prompt = prompts[instruction]
    end = prompts.answer("")[-1]
    count = len(states)
    before = embed(torch.tensor([prompt.before] * count))
    after = embed(torch.tensor([prompt.after + prompts.ids(prefix)] * count))
    inputs = torch.cat([before, rows(model, states), after], 1)
    cache = DynamicCache(config=model.config.text_config)
    said: list[list[int]] = [[] for _ in range(count)]
    going = [True] * count
    for _ in range(
        round(states.shape[1] / FRAMES_A_SECOND * (50 if "Times" in instruction else 9)) + 20
    ):
        made = model.model.language_model(
            inputs_embeds=inputs, past_key_values=cache, use_cache=True
        )
        best = model.lm_head(made.last_hidden_state[:, -1]).argmax(-1)
        for index, token in enumerate(best.tolist()):
            going[index] = going[index] and token != end
            if going[index]:
                said[index].append(token)
        if not any(going):
            break
        inputs = embed(best[:, None])
    return [prompts._tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in said]


def make_task(chance: Random, name: str, clip: Clip, kind: str) -> Task:
    """A task of that kind about a clip."""
    if kind == "translate":
        return tasks.translation_task(chance, clip)
    make: Callable[[Random, Clip, str], Task]
    make = tasks.base_task if name == "base" else tasks.plus_task
    return make(chance, clip, kind)


def deaf_to_early(states: Tensor, names: Sequence[str]) -> Tensor:
    """The states with the early layer's left out where base is asked."""
    keep = torch.tensor([float(name == "plus") for name in names])[:, None, None]
    early, last = states.float().chunk(2, -1)
    return torch.cat((early * keep, last), -1)


def evaluate(
    model: Any, prompts: Mapping[str, Prompts], encoder: nn.Module, test: list[Said]
) -> dict[str, float]:
    """Word error rates on unseen sentences, by kind of task and seconds of sound."""
    model.eval()
    found: dict[str, float] = {}
    for name, kind in (("base", "raw"), ("plus", "speakers")):
        for seconds in (7.0, 20.0):
            chance = Random(5)
            clips = [compose(chance, test, seconds, quiet=0) for _ in range(8)]
            states = deaf_to_early(heard(encoder, clips), [name] * len(clips))
            wanted = [make_task(chance, name, clip, kind) for clip in clips]
            texts = answers(model, prompts[name], states, wanted[0].instruction)
            pairs = [(task.answer, text) for task, text in zip(wanted, texts, strict=True)]
            found[f"{kind} {seconds:.0f} s"] = round(word_error_rate(pairs), 3)
        log.info("  %s | %s", *pairs[0])
    model.train()
    model.model.encoder.eval()
    return found


def train(
    pool: list[Said],
    translated: list[Said],
    test: list[Said],
    encoder: nn.Module,
    folder: Path,
    checkpoints: Path,
    steps: int,
    seed: int,
) -> Any:
    """Train for so many steps in all; begins where the file left off."""
    torch.manual_seed(seed)
    tokenizers = {
        "base": tokens.make_tokenizer(folder, tokens.BASE_TEMPLATE),
        "plus": tokens.make_tokenizer(folder, tokens.PLUS_TEMPLATE),
    }
    prompts = {name: Prompts(name, tokenizer) for name, tokenizer in tokenizers.items()}
    model = new_model(tokenizers["plus"], encoder)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    best = torch.optim.AdamW(trained, PEAK, (0.9, 0.98), weight_decay=0.01)
    begin, to = 0, folder / "plus.pt"
    if to.exists():
        kept = torch.load(to, weights_only=True)
        model.load_state_dict(kept["model"])
        best.load_state_dict(kept["optimizer"])
        begin = kept["step"]
    model.model.encoder.load_state_dict(encoder.state_dict())
    chance = Random(seed * 104729 + begin)
    sources = [Source(pool, seconds) for seconds in LENGTHS_S]
    sources.append(Source(translated, TRANSLATED_S, 1, {"base": {"translate": 0.9, "raw": 0.1}}))
    shelves = [fill(chance, source, encoder) for source in sources]
    log.info("%d clips", sum(len(shelf.clips) for shelf in shelves))
    model.train()
    model.model.encoder.eval()
    for step in range(begin, steps):
        open_ = 2 if step < SHORT_FIRST else len(shelves)
        if step % REFRESH == REFRESH - 1:
            at = step // REFRESH % open_
            shelves[at] = fill(chance, sources[at], encoder)
        rate = PEAK * min(1, (step + 1) / WARM_UP) * (1 - step / steps)
        for group in best.param_groups:
            group["lr"] = rate
        (shelf,) = chance.choices(shelves[:open_], OFTEN[:open_])
        count = min(len(shelf.clips), round(SECONDS_A_STEP / shelf.source.seconds))
        chosen = chance.sample(range(len(shelf.clips)), count)
        clips = [shelf.clips[index] for index in chosen]
        names = chance.choices(list(shelf.source.odds), k=count)
        sound = rows(model, deaf_to_early(shelf.states[chosen], names))
        spelling = spelling_loss(model, prompts["base"], sound, [clip.plain for clip in clips])
        loss = voices = spelling
        if step >= SPELLING_FIRST:
            asked = []
            for name, clip in zip(names, clips, strict=True):
                odds = shelf.source.odds[name]
                (kind,) = chance.choices(list(odds), list(odds.values()))
                asked.append((name, make_task(chance, name, clip, kind)))
            said, known = answer_loss(model, prompts, sound, clips, asked)
            voices = voice_loss(sound, clips, names) + known
            loss = said + SPELLING_SHARE * spelling + VOICE_SHARE * voices
        best.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(trained, 1.0)
        best.step()
        if (step + 1) % 50 == 0:
            told = (step + 1, loss.item(), spelling.item(), voices.item())
            log.info("listeners %d: %.3f, spelling %.3f, voices %.3f", *told)
        if (step + 1 > SPELLING_FIRST and (step + 1) % 500 == 0) or step + 1 == steps:
            rates = evaluate(model, prompts, encoder, test)
            log.info("listeners %d: unseen %s", step + 1, rates)
            state = {"model": model.state_dict(), "optimizer": best.state_dict(), "step": step + 1}
            torch.save(state, to.with_suffix(".part"))
            to.with_suffix(".part").replace(to)
            checkpoint.save_listener(model.eval(), tokenizers["plus"], checkpoints / "plus")
            base = base_of(model, tokenizers["base"])
            checkpoint.save_listener(base, tokenizers["base"], checkpoints / "base")
            model.train()
            model.model.encoder.eval()
    return model.eval()
