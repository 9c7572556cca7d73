"""What base and Plus are asked, in the words of their cards, and how text goes into that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog
from granite_studio.engines.base import Options
from granite_studio.engines.granite import tags

AUDIO = "<|audio|>"
"""Where the sound stands in a prompt; exactly once in each."""

PLUS_SYSTEM = (
    "Knowledge Cutoff Date: April 2024.\n"
    "Today's Date: December 19, 2024.\n"
    "You are Granite, developed by IBM. You are a helpful AI assistant"
)
"""Plus was trained with these words; the date is part of them and does not change."""

_RAW = "can you transcribe the speech into a written format?"
_PUNCTUATED = "transcribe the speech with proper punctuation and capitalization."
_TO_TEXT = "transcribe the speech to text."
_SPEAKERS = (
    "Speaker attribution: Transcribe and denote who is speaking by adding [Speaker 1]: and "
    "[Speaker 2]: tags before speaker turns."
)
_TIMES = (
    "Timestamps: Transcribe the speech. After each word, add a timestamp tag showing the end time "
    "in centiseconds, e.g. hello [T:45] world [T:82]"
)
_TARGETS = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "pt": "Portuguese",
    "zh": "Mandarin",
}

MOST_KEYWORDS = 100
LONGEST_KEYWORD = 60

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_SIGNS = re.compile(r"<\||\|>|[,;、，\[\]]")  # noqa: RUF001 - the comma of Chinese is meant
_SPECIAL = re.compile(r"<\|[^|>]{0,60}\|>|<\||\|>")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question about a window. `before` is the start of the answer, which is already known."""

    system: str | None
    user: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class PlusPrompts:
    """What Plus is asked about a window; at least one of the first two is there."""

    plain: Prompt | None
    speakers: Prompt | None
    times: Prompt | None

    @property
    def asked(self) -> tuple[Prompt, ...]:
        """Those that are there, in this order."""
        return tuple(filter(None, (self.plain, self.speakers, self.times)))


def base(options: Options) -> Prompt:
    """What the base model is asked. The user's turn alone, and no space after the sound.

    Keywords take the card's keyword prompt, which does not ask for punctuation. Raises
    `EngineError` for what the model cannot do.
    """
    catalog.check(catalog.find("granite-base"), options)
    if options.before:
        raise EngineError(
            "Granite Speech 4.1 does not go on from earlier text; use Granite Speech 4.1 Plus."
        )
    if options.translate_to is not None:
        asked = f"translate the speech to {_TARGETS[options.translate_to]}"
    else:
        asked = ""
    if options.keywords:
        words = _listed(options.keywords)
        return Prompt(None, f"{AUDIO}{asked + '.' if asked else _TO_TEXT}{words}")
    if asked:
        ending = " with proper punctuation and capitalization." if options.punctuation else "."
        return Prompt(None, AUDIO + asked + ending)
    return Prompt(None, AUDIO + (_PUNCTUATED if options.punctuation else _RAW))


def plus(options: Options) -> PlusPrompts:
    """What Plus is asked: with `speakers` to name them, and without them plainly.

    It takes keywords in its plain prompt alone, so with both it is asked both. Raises
    `EngineError` for what the model cannot do.
    """
    catalog.check(catalog.find("granite-plus"), options)
    before = plain(options.before)
    listed = _listed(options.keywords)
    return PlusPrompts(
        Prompt(PLUS_SYSTEM, f"{AUDIO} {_RAW}{listed}", tags.plain(before))
        if listed or not options.speakers
        else None,
        Prompt(PLUS_SYSTEM, f"{AUDIO} {_SPEAKERS}", before) if options.speakers else None,
        Prompt(PLUS_SYSTEM, f"{AUDIO} {_TIMES}") if options.own_times else None,
    )


def keywords(given: Iterable[str]) -> tuple[str, ...]:
    """Keywords as a prompt may hold them: one line each, without signs that mean something there.

    Empty ones and repetitions go. Raises `EngineError` where one is too long or they are too many.
    """
    cleaned = (" ".join(_SIGNS.sub(" ", _CONTROL.sub(" ", word)).split()) for word in given)
    kept = tuple(dict.fromkeys(word for word in cleaned if word))
    for word in kept:
        if len(word) > LONGEST_KEYWORD:
            raise EngineError(
                f"The keyword “{word[:30]}…” is too long; a keyword has at most "
                f"{LONGEST_KEYWORD} characters."
            )
    if len(kept) > MOST_KEYWORDS:
        raise EngineError(
            f"{len(kept)} keywords are too many for one window; choose the {MOST_KEYWORDS} that "
            "matter most."
        )
    return kept


def plain(text: str) -> str:
    """Text without control characters and marks that the tokenizer would take for its own."""
    while (cleaned := _SPECIAL.sub("", text)) != text:
        text = cleaned
    return " ".join(_CONTROL.sub(" ", text).split())


def rendered(prompt: Prompt, tokenizer: Any) -> str:
    """The prompt in the checkpoint's own chat template, up to where the answer goes on.

    Raises `EngineError` if the template is damaged, does not hold the sound once, or leaves
    `before` out.
    """
    from jinja2 import TemplateError

    turns = [{"role": "user", "content": prompt.user}]
    if prompt.system is not None:
        turns.insert(0, {"role": "system", "content": prompt.system})
    extra = {"prefix_text": prompt.before} if prompt.before else {}
    try:
        text = str(
            tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True, **extra
            )
        )
    except (TemplateError, ValueError, TypeError) as error:
        raise EngineError(
            "The model's chat template is missing or damaged; fetch the model again."
        ) from error
    if text.count(AUDIO) != 1:
        raise EngineError(
            "The model's chat template does not pass the sound on; fetch the model again."
        )
    if prompt.before and not text.endswith(prompt.before):
        raise EngineError(
            "The model's chat template takes no earlier text; hear this window without it."
        )
    return text


def _listed(given: Iterable[str]) -> str:
    kept = keywords(given)
    return f" Keywords: {', '.join(kept)}" if kept else ""
