"""The base engine: punctuated text in six languages, keywords, and translation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import joined, tokens
from granite_studio.core.unspaced import words_of
from granite_studio.engines import voiceprint
from granite_studio.engines.base import (
    Emissions,
    Heartbeat,
    Options,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.granite import prompts, speech
from granite_studio.engines.granite.batches import Batched
from granite_studio.engines.granite.checkpoint import Kind

NAME = "granite-base"


def load(model: Path | None, device: str) -> Base:
    """The base model in the folder `model`, on the device that `device` asks for.

    Raises `EngineError` for a folder that holds no base model, or one that is damaged.
    """
    return Base(speech.load(NAME, Kind.BASE, model, device))


class Base(Batched):
    """Granite Speech behind the `Engine` protocol."""

    def __init__(self, model: speech.Speech) -> None:
        super().__init__(NAME, model.device)
        self._speech = model

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window: its words, timed on the encoder's characters, or with
        `translate_to` its translation alone."""
        asked = speech.Asked(
            prompts.base(options),
            drafted=not (options.punctuation or options.keywords or options.translate_to),
        )

        def work(batch: Sequence[Window]) -> Iterator[Transcript | Heartbeat]:
            return self._heard(batch, asked, options, cancel)

        yield from self._in_batches(windows, work, cancel)

    def _heard(
        self,
        windows: Sequence[Window],
        asked: speech.Asked,
        options: Options,
        cancel: CancelToken,
    ) -> Iterator[Transcript | Heartbeat]:
        heard, empty = speech.spoken(self._speech, windows)
        yield from empty
        if not heard.windows:
            return
        for event in self._speech.ask(heard, [asked], cancel):
            if isinstance(event, Heartbeat):
                yield event
                continue
            for window, emissions, said in zip(heard.windows, heard.emissions, event, strict=True):
                cancel.check()
                yield _transcript(window, emissions, said, options)


def _transcript(
    window: Window, emissions: Emissions, said: speech.Said, options: Options
) -> Transcript:
    if options.translate_to:
        text = joined(tokens(said.text))
        return Transcript(window.index, (), text, said.doubts, emissions)
    words = words_of(said.text)
    timed = speech.timed(words, emissions, said.probabilities(words))
    turns = (Turn(tuple(timed)),) if timed else ()
    voices = voiceprint.voices(voiceprint.Sound(window.samples), turns)
    return Transcript(window.index, turns, "", said.doubts, emissions, voices)
