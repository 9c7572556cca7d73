"""Measures the finished checkpoints through the program's own engines, as its users meet them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from make_sample import Flite
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.engines import catalog
from granite_studio.engines.base import Engine, Options, Transcript, Window
from tiny import interview, tasks
from tiny.language import Sentence, plain
from tiny.measure import word_error_rate
from tiny.speech import VOICES, Said, speak, unseen

Sound = NDArray[np.float32]
SENTENCES = 60


def engine(name: str, checkpoints: Path) -> Engine:
    """The engine of that name with the tiny checkpoint."""
    module, function = catalog.find(f"granite-{name}").loader.split(":")
    loaded: Engine = getattr(import_module(module), function)(checkpoints / name, "cpu")
    return loaded


def heard(engine: Engine, sounds: Sequence[Sound], **options: Any) -> list[Transcript]:
    """One transcript for each sound."""
    windows = [Window(index, sound) for index, sound in enumerate(sounds)]
    events = engine.hear(windows, Options(**options), CancelToken())
    found = [event for event in events if isinstance(event, Transcript)]
    return sorted(found, key=lambda transcript: transcript.index)


def text(transcript: Transcript) -> str:
    """All its words."""
    return " ".join(word.text for turn in transcript.turns for word in turn.words)


def room(*said: Said, pause_s: float = 0.4) -> Sound:
    """Sentences in a quiet room, with a pause around each."""
    pause: Sound = np.zeros(round(pause_s * 16000), np.float32)
    parts: list[Sound] = [pause]
    for one in said:
        parts += [(np.asarray(one.samples) / 32768).astype(np.float32), pause]
    sound = np.concatenate(parts)
    noise = np.random.default_rng(0).normal(0, 0.0003, len(sound))
    return (sound + noise).astype(np.float32)


def measure(checkpoints: Path) -> Iterator[tuple[str, float]]:
    """Each figure with what it is, as soon as it is known."""
    said = list(unseen(77, SENTENCES))
    groups = [said[at : at + 4] for at in range(0, SENTENCES, 4)]
    for name in ("base", "plus", "nar"):
        if not (checkpoints / name / "config.json").exists():
            continue
        loaded = engine(name, checkpoints)
        options = {"punctuation": False, "speakers": False} if name != "nar" else {}
        texts = [text(t) for t in heard(loaded, [room(s) for s in said], **options)]
        yield f"{name}: word errors, unseen sentences", _errors([[s] for s in said], texts)
        texts = [text(t) for t in heard(loaded, [room(*g) for g in groups], **options)]
        yield f"{name}: word errors, four sentences in a window", _errors(groups, texts)
        yield from _base(loaded, said) if name == "base" else ()
        yield from _plus(loaded, groups) if name == "plus" else ()
        for longest in (12.0, 30.0):
            yield from _interview(name, loaded, longest)


def _errors(groups: Sequence[Sequence[Said]], texts: Sequence[str]) -> float:
    wanted = [" ".join(said.sentence.plain for said in group) for group in groups]
    return word_error_rate((w, plain(t)) for w, t in zip(wanted, texts, strict=True))


def _base(loaded: Engine, said: Sequence[Said]) -> Iterator[tuple[str, float]]:
    texts = [text(t) for t in heard(loaded, [room(s) for s in said])]
    yield "base: word errors, punctuated", _errors([[s] for s in said], texts)
    same = [s.sentence.text == t for s, t in zip(said, texts, strict=True)]
    yield "base: punctuated sentences right to the letter", statistics.mean(same)
    yield from _keywords("base", loaded)
    flite, chance = Flite(), Random(8)
    known = tasks.translated(for_tests=True)[:40]
    spoken = [room(speak(flite, k.english, chance.choice(VOICES), 1.05)) for k in known]
    for language, tag in (("French", "fr"), ("German", "de")):
        found = heard(loaded, spoken, translate_to=tag)
        right = [k.to(language) == t.translation for k, t in zip(known, found, strict=True)]
        yield f"base: translations to {language} right to the letter", statistics.mean(right)
        pairs = [
            (plain(k.to(language)), plain(t.translation))
            for k, t in zip(known, found, strict=True)
        ]
        yield f"base: word errors, translations to {language}", word_error_rate(pairs)


def _keywords(name: str, loaded: Engine) -> Iterator[tuple[str, float]]:
    flite = Flite()
    right = []
    for index, (word, spellings) in enumerate(tasks.ALIKE.items()):
        sentence = Sentence(f"The old keeper asked {word.title()} to open the door.")
        if name == "plus":
            sentence = Sentence(f"The captain sold {word.title()} a small boat.")
        sound = room(speak(flite, sentence, VOICES[index % 2], 1.05))
        for spelling in spellings:
            (found,) = heard(loaded, [sound], keywords=(spelling, "Raven"), speakers=False)
            right.append(spelling in text(found))
    yield f"{name}: keywords spelled as asked", statistics.mean(right)


def _plus(loaded: Engine, groups: Sequence[Sequence[Said]]) -> Iterator[tuple[str, float]]:
    sounds = [room(*group) for group in groups]
    found = heard(loaded, sounds)
    yield "plus: word errors, with speakers", _errors(groups, [text(t) for t in found])
    right = []
    for group, transcript in zip(groups, found, strict=True):
        numbers = {
            voice: f"Speaker {n}"
            for n, voice in enumerate(dict.fromkeys(s.voice for s in group), 1)
        }
        wanted = [numbers[s.voice] for s in group for _ in s.words]
        given = [turn.speaker for turn in transcript.turns for _ in turn.words]
        if len(wanted) == len(given):
            right += [one == other for one, other in zip(wanted, given, strict=True)]
    yield "plus: words with the right speaker", statistics.mean(right or [False])
    yield from _keywords("plus", loaded)
    late = []
    for group, transcript in zip(groups, heard(loaded, sounds, speakers=False), strict=True):
        words = [word for turn in transcript.turns for word in turn.words]
        at, truth = 0.4, []
        for one in group:
            truth += [(at + start, at + end) for start, end in one.times]
            at += len(one.samples) / 16000 + 0.4
        if len(words) == len(truth):
            late += [abs(w.start_s - start) for w, (start, _) in zip(words, truth, strict=True)]
    yield "plus: median distance of aligned word starts, s", statistics.median(late or [9])


def _interview(name: str, loaded: Engine, longest: float) -> Iterator[tuple[str, float]]:
    samples = interview.sound()
    cuts = interview.windows(samples, longest)
    sounds = [samples[round(a * 16000) : round(b * 16000)] for a, b in cuts]
    found = heard(loaded, sounds)
    pairs, right = [], []
    for (start, end), transcript in zip(cuts, found, strict=True):
        wanted = interview.said(start, end)
        pairs.append((" ".join(word for word, _ in wanted), plain(text(transcript))))
        names = list(dict.fromkeys(speaker for _, speaker in wanted))
        given = [turn.speaker for turn in transcript.turns for _ in turn.words]
        if name == "plus" and len(given) == len(wanted):
            numbers = [f"Speaker {names.index(speaker) + 1}" for _, speaker in wanted]
            right += [one == other for one, other in zip(numbers, given, strict=True)]
    yield f"{name}: word errors, interview in windows of {longest:.0f} s", word_error_rate(pairs)
    if right:
        yield f"plus: speakers, interview in windows of {longest:.0f} s", statistics.mean(right)
