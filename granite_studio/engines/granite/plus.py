"""The Plus engine: who said what, with word times by alignment, and the model's own on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from granite_studio.core.align import align
from granite_studio.core.cancel import CancelToken
from granite_studio.core.unspaced import words_of
from granite_studio.engines import voiceprint
from granite_studio.engines.base import (
    RATE,
    Doubt,
    Emissions,
    Heartbeat,
    Options,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.granite import prompts, speech, tags
from granite_studio.engines.granite.answers import with_voices
from granite_studio.engines.granite.batches import Batched
from granite_studio.engines.granite.checkpoint import Kind
from granite_studio.engines.granite.growth import TIMES_RATE, Ending

NAME = "granite-plus"

_FOLLOWS = " .,;:!?…"
"""Signs that stand behind a word without a space, and that space."""
_APART_S = 0.3
"""Times of one word that differ by more than this disagree."""
_MOST_APART = 0.25
"""The share of words whose times may disagree before all are doubted."""


def load(model: Path | None, device: str) -> Plus:
    """The Plus model in the folder `model`, on the device that `device` asks for.

    Raises `EngineError` for a folder that holds no Plus model, or one that is damaged.
    """
    return Plus(speech.load(NAME, Kind.PLUS, model, device))


@dataclass(frozen=True, slots=True)
class _Answers:
    """What Plus said about one window; what it was not asked is None."""

    plain: speech.Said | None = None
    speakers: speech.Said | None = None
    times: speech.Said | None = None


class Plus(Batched):
    """Granite Speech Plus behind the `Engine` protocol."""

    def __init__(self, model: speech.Speech) -> None:
        super().__init__(NAME, model.device)
        self._speech = model

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window: turns with "Speaker 1" and so on, good inside it only.

        All prompts are answered from one pass of the encoder. After `options.before`, which is
        about the window's beginning, only the words that follow are given.
        """
        asked = prompts.plus(options)
        before = prompts.plain(options.before)

        def work(batch: Sequence[Window]) -> Iterator[Transcript | Heartbeat]:
            return self._heard(batch, asked, before, cancel)

        yield from self._in_batches(windows, work, cancel, divide=not before)

    def _heard(
        self,
        windows: Sequence[Window],
        asked: prompts.PlusPrompts,
        before: str,
        cancel: CancelToken,
    ) -> Iterator[Transcript | Heartbeat]:
        heard, empty = speech.spoken(self._speech, windows)
        yield from empty
        if not heard.windows:
            return
        wanted: dict[str, speech.Asked] = {}
        if asked.plain:
            wanted["plain"] = speech.Asked(asked.plain, drafted=True)
        if asked.speakers:
            wanted["speakers"] = speech.Asked(asked.speakers)
        if asked.times:
            wanted["times"] = speech.Asked(asked.times, rate=TIMES_RATE)
        said: list[tuple[speech.Said, ...]] = []
        for event in self._speech.ask(heard, list(wanted.values()), cancel):
            if isinstance(event, Heartbeat):
                yield event
            else:
                said.append(event)
        for row, (window, emissions) in enumerate(
            zip(heard.windows, heard.emissions, strict=True)
        ):
            cancel.check()
            found = {name: each[row] for name, each in zip(wanted, said, strict=True)}
            yield _transcript(window, emissions, heard.states(row), _Answers(**found), before)


def _transcript(
    window: Window,
    emissions: Emissions,
    states: voiceprint.States | None,
    given: _Answers,
    before: str,
) -> Transcript:
    text = given.plain or given.speakers
    assert text is not None
    turns = _turns(given, before)
    words = [word for turn in turns for word in words_of(turn.text)]
    earlier = min(len(words), sum(len(words_of(turn.text)) for turn in tags.turns(before)))
    chances = [None] * earlier + list(text.probabilities(words[earlier:]))
    timed = speech.timed(words, emissions, chances)
    doubts = list(text.doubts)
    if given.times is not None:
        own = tags.timed(given.times.text, duration_s=len(window.samples) / RATE)
        if own.doubtful or given.times.answer.ending is not Ending.END or apart(timed, own.words):
            doubts.append(Doubt.TIMES)
        else:
            timed = filled(timed, own.words)
    found, at = [], 0
    for turn in turns:
        count = len(words_of(turn.text))
        kept = tuple(timed[max(at, earlier) : at + count])
        at += count
        if kept:
            found.append(Turn(kept, None if turn.speaker is None else f"Speaker {turn.speaker}"))
    voices = voiceprint.voices(voiceprint.Sound(window.samples), found, states)
    return Transcript(window.index, tuple(found), "", tuple(doubts), emissions, voices)


def _turns(given: _Answers, before: str) -> tuple[tags.SpeakerTurn, ...]:
    """The text in turns: the plain text where there is one, with the voices of the other."""
    voices = tags.turns(_after(before, given.speakers)) if given.speakers else ()
    if given.plain is None:
        return voices
    plain = " ".join(turn.text for turn in tags.turns(_after(before, given.plain)))
    if voices:
        return with_voices(plain, voices)
    return (tags.SpeakerTurn(None, plain),) if plain else ()


def _after(before: str, said: speech.Said) -> str:
    """Both texts, with a space where two words would become one."""
    meet = before and said.text and said.text[0] not in _FOLLOWS
    return f"{before} {said.text}" if meet else before + said.text


def apart(aligned: Sequence[TimedWord], own: Sequence[TimedWord]) -> bool:
    """Whether the model's own times contradict the sound, on the words that both texts have.

    The ends are compared, which is what the model is trained to write; guesses are left out.
    """
    pairs = [
        (ours, theirs)
        for ours, theirs in _matched(aligned, own)
        if not (ours.estimated or theirs.estimated)
    ]
    far = sum(abs(ours.end_s - theirs.end_s) > _APART_S for ours, theirs in pairs)
    return far > _MOST_APART * len(pairs)


def filled(aligned: Sequence[TimedWord], own: Sequence[TimedWord]) -> list[TimedWord]:
    """The aligned words; where alignment could only estimate, the model's own times, if they fit
    between the neighbours."""
    words = list(aligned)
    places = {id(word): at for at, word in enumerate(aligned)}
    for ours, theirs in _matched(aligned, own):
        at = places[id(ours)]
        if not ours.estimated or theirs.estimated:
            continue
        first = words[at - 1].end_s if at else 0.0
        last = next((word.start_s for word in words[at + 1 :] if not word.estimated), theirs.end_s)
        start, end = max(first, theirs.start_s), min(last, theirs.end_s)
        if start < end:
            words[at] = replace(ours, start_s=start, end_s=end, estimated=False)
    return _in_order(words)


def _in_order(words: Sequence[TimedWord]) -> list[TimedWord]:
    """Estimated words give way to the measured ones before them."""
    found: list[TimedWord] = []
    for word in words:
        least = found[-1].end_s if found else 0.0
        if word.start_s < least:
            word = replace(word, start_s=least, end_s=max(least, word.end_s))
        found.append(word)
    return found


def _matched(
    first: Sequence[TimedWord], second: Sequence[TimedWord]
) -> Iterator[tuple[TimedWord, TimedWord]]:
    """Words that both have, whatever their case and punctuation."""
    for code in align([_letters(word) for word in first], [_letters(word) for word in second]):
        if code.kind == "equal":
            yield from zip(first[code.i1 : code.i2], second[code.j1 : code.j2], strict=True)


def _letters(word: TimedWord) -> str:
    return "".join(sign for sign in word.text.casefold() if sign.isalnum()) or word.text
