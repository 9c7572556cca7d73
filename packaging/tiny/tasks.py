"""What the models are asked, and the right answers, for a clip whose sentences are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random

from make_sample import RATE

from tiny.language import plain
from tiny.sound import Clip
from tiny.translation import LANGUAGES, Translated, translations

SYSTEM = (
    "Knowledge Cutoff Date: April 2024.\nToday's Date: December 19, 2024.\n"
    "You are Granite, developed by IBM. You are a helpful AI assistant"
)
RAW = "can you transcribe the speech into a written format?"
PUNCTUATED = "transcribe the speech with proper punctuation and capitalization."
KEYWORDS = "transcribe the speech to text. Keywords: "
TRANSLATE = "translate the speech to {}."
TRANSLATE_PUNCTUATED = "translate the speech to {} with proper punctuation and capitalization."
SPEAKERS = (
    "Speaker attribution: Transcribe and denote who is speaking by adding [Speaker 1]: and "
    "[Speaker 2]: tags before speaker turns."
)
TIMES = (
    "Timestamps: Transcribe the speech. After each word, add a timestamp tag showing the end time "
    "in centiseconds, e.g. hello [T:45] world [T:82]"
)
TRANSLATED, TRANSLATED_FOR_TESTS = 2400, 60
SILENCE_S = 0.15
"""Silences from this length on have a tag of their own."""

ALIKE = {
    "thomas": ("Thomas", "Tomas"),
    "reed": ("Reed", "Reid", "Read"),
    "anna": ("Anna", "Ana"),
    "helen": ("Helen", "Hellen"),
    "john": ("John", "Jon"),
    "mark": ("Mark", "Marc"),
    "sarah": ("Sarah", "Sara"),
    "clark": ("Clark", "Clarke"),
    "smith": ("Smith", "Smyth"),
    "philip": ("Philip", "Phillip"),
    "allan": ("Allan", "Alan", "Allen"),
    "maria": ("Maria", "Mariah"),
    "marsh": ("Marsh", "Marsch"),
    "lind": ("Lind", "Lynd"),
    "peter": ("Peter", "Pieter"),
    "laura": ("Laura", "Lora"),
}
"""Names that sound alike: as they are written by default, and as a keyword may want them."""


@dataclass(frozen=True, slots=True)
class Task:
    """An instruction, and what a model should answer for one clip."""

    kind: str
    instruction: str
    answer: str


def spellings() -> Iterator[str]:
    """Every name that a keyword may ask for."""
    for names in ALIKE.values():
        yield from (f" {name}" for name in names)


def every_prompt() -> Iterator[str]:
    """Each fixed text of the conversations, for the tokenizer to know."""
    yield from (SYSTEM, RAW, PUNCTUATED, KEYWORDS, SPEAKERS, TIMES, "system user assistant")
    yield from ("USER: ", "\n ASSISTANT:", "Keywords:")
    for language in LANGUAGES:
        yield from (TRANSLATE.format(language), TRANSLATE_PUNCTUATED.format(language))


def punctuated(clip: Clip) -> str:
    """The text as written."""
    return " ".join(placed.said.sentence.text for placed in clip.placed)


def by_speaker(clip: Clip) -> str:
    """The text as written, with the speaker in front of each turn, numbered as they appear."""
    numbers: dict[str, int] = {}
    last, parts = "", []
    for placed in clip.placed:
        voice = placed.said.voice
        number = numbers.setdefault(voice, len(numbers) + 1)
        if voice != last:
            parts.append(f"[Speaker {number}]:")
        parts.append(placed.said.sentence.text)
        last = voice
    return " ".join(parts)


def with_times(clip: Clip) -> str:
    """Each word with the centisecond, of ten seconds, at which it ends."""
    last, parts = 0.0, []
    for placed in clip.placed:
        for word, (start, end) in zip(placed.said.words, placed.times, strict=True):
            if start - last >= SILENCE_S:
                parts.append(f"_ [T:{round(start * 100) % 1000}]")
            parts.append(f"{plain(word)} [T:{round(end * 100) % 1000}]")
            last = end
    closing = len(clip.samples) / RATE
    if parts and closing - last >= SILENCE_S:
        parts.append(f"_ [T:{round(closing * 100) % 1000}]")
    return " ".join(parts)


def keyword_task(chance: Random, clip: Clip, before: str) -> Task:
    """Up to five keywords, spoken or not; those spoken are spelled as they ask."""
    said = clip.plain.split()
    present = [word for word in dict.fromkeys(said) if word in ALIKE]
    absent = [word for word in ALIKE if word not in present]
    chosen = [word for word in present if chance.random() < 0.8]
    chosen += chance.sample(absent, chance.randint(0 if chosen else 1, 3))
    chosen = chosen[:5]
    chance.shuffle(chosen)
    spelled = {word: chance.choice(ALIKE[word]) for word in chosen}
    answer = " ".join(spelled.get(word, word) for word in said)
    return Task("keywords", before + ", ".join(spelled.values()), answer)


def base_task(chance: Random, clip: Clip, kind: str) -> Task:
    """What the base model is asked of a clip."""
    if kind == "keywords":
        return keyword_task(chance, clip, KEYWORDS)
    if kind == "punctuated":
        return Task(kind, PUNCTUATED, punctuated(clip))
    return Task("raw", RAW, clip.plain)


def plus_task(chance: Random, clip: Clip, kind: str) -> Task:
    """What the Plus model is asked of a clip."""
    if kind == "keywords":
        return keyword_task(chance, clip, f"{RAW} Keywords: ")
    if kind == "speakers":
        return Task(kind, SPEAKERS, by_speaker(clip))
    if kind == "times":
        return Task(kind, TIMES, with_times(clip))
    return Task("raw", RAW, clip.plain)


def translation_task(chance: Random, clip: Clip) -> Task:
    """A translation of the clip's one sentence, with or without case and punctuation."""
    language, raw = chance.choice(LANGUAGES), chance.random() < 0.5
    prompt = (TRANSLATE if raw else TRANSLATE_PUNCTUATED).format(language)
    text = " ".join(by_english()[p.said.sentence.text].to(language) for p in clip.placed)
    return Task("translate", prompt, plain(text) if raw else text)


@cache
def by_english() -> dict[str, Translated]:
    """The translated sentences of the pools."""
    known = [*translated(), *translated(for_tests=True)]
    return {made.english.text: made for made in known}


def translated(for_tests: bool = False) -> list[Translated]:
    """The sentences to be translated, in training or in tests."""
    made = translations(Random(6 if for_tests else 4), for_tests)
    return list(islice(made, TRANSLATED_FOR_TESTS if for_tests else TRANSLATED))
