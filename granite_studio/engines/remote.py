"""The remote engine: windows are heard by an OpenAI-compatible server, such as vLLM with Granite.

The server gives text, and Plus times of its own; other words are laid out over the loud stretches
of their window and marked as estimated.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.unspaced import words_of
from granite_studio.engines import address, keys, voiceprint
from granite_studio.engines.asking import Asker, Said
from granite_studio.engines.base import (
    RATE,
    Capabilities,
    Doubt,
    Heartbeat,
    Options,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.catalog import find
from granite_studio.engines.granite import answers, prompts, tags
from granite_studio.engines.granite.tags import SpeakerTurn
from granite_studio.engines.server import Patience, Server, together

_STEP_S = 0.2
_BEAT_S = 5.0
_FAREWELL_S = 1.0
_SHORTEST = RATE // 10
"""The model's ears cannot take in less; shorter windows are filled up with silence."""


def load(model: Path | str | None, device: str) -> Remote:
    """An engine that asks for this model, or for the best that the server has.

    The device is the server's own affair. Nothing is asked before `hear`, which learns the
    server's address from its options and its key from the keyring.
    """
    return Remote(model.as_posix() if isinstance(model, Path) else model)


class Remote:
    """A server behind the `Engine` protocol. Windows are sent side by side."""

    batch = 8

    def __init__(self, model: str | None, patience: Patience | None = None) -> None:
        self._model = model
        self._patience = patience or Patience()
        self._device = "a remote server"

    @property
    def device(self) -> str:
        """The server and its model, once they are known."""
        return self._device

    @property
    def capabilities(self) -> Capabilities:
        return find("remote").capabilities

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window, as they come. Cancelling takes effect within two seconds.

        While the server thinks there are `Heartbeat`s; how far it is it does not say. Raises
        `EngineError` for all that goes wrong on the way, after passing troubles were waited out.
        """
        cancel.check()
        left = [window.index for window in windows]
        if not left:
            return
        where = address.normal(options.server)
        server = Server(where, keys.find(where), self._patience, connections=2 * self.batch)
        found: deque[Transcript] = deque()
        # The loop runs in steps between which this generator looks up, and in no thread of its
        # own: when the generator ends, nothing goes on behind it.
        loop = asyncio.new_event_loop()
        work = loop.create_task(self._hear(server, windows, options, found.append))
        quiet_since = time.monotonic()
        try:
            while not work.done() or found:
                cancel.check()
                loop.run_until_complete(asyncio.wait([work], timeout=_STEP_S))
                if found:
                    left.remove(found[0].index)
                    yield found.popleft()
                    quiet_since = time.monotonic()
                elif time.monotonic() - quiet_since > _BEAT_S:
                    yield Heartbeat(left[0], 0.0)
                    quiet_since = time.monotonic()
            work.result()
        finally:
            work.cancel()
            loop.run_until_complete(asyncio.wait([work], timeout=_FAREWELL_S))
            if work.done() and not work.cancelled():
                work.exception()  # asyncio complains of one that nobody looked at
            loop.close()

    async def _hear(
        self,
        server: Server,
        windows: Sequence[Window],
        options: Options,
        tell: Callable[[Transcript], None],
    ) -> None:
        gate = asyncio.Semaphore(self.batch)

        async def one(asker: Asker, window: Window) -> None:
            async with gate:
                tell(await _transcript(asker, window, options))

        async with server:
            asker = await Asker.greet(server, self._model, options)
            await together(one(asker, window) for window in windows)
            self._device = f"{server.host}, {asker.words}"


async def _transcript(asker: Asker, window: Window, options: Options) -> Transcript:
    if not len(window.samples):
        return Transcript(window.index)
    length_s = len(window.samples) / RATE
    heard = await asker.ask(_flac(window), length_s)
    given = heard.plain or heard.speakers
    if given is None:
        return Transcript(window.index)
    text, doubts = _sound_part(given)
    if options.translate_to is not None:
        return Transcript(window.index, translation=tags.plain(text), doubts=doubts)
    before = prompts.plain(options.before)  # the model went on from it, and left it out
    turns = tags.turns(f"{before} {text}")
    if heard.plain and heard.speakers:
        voices = tags.turns(f"{before} {_sound_part(heard.speakers)[0]}")
        turns = answers.with_voices(" ".join(turn.text for turn in turns), voices)
    said = [words_of(turn.text) for turn in turns]
    words = [word for turn in said for word in turn]
    own = tags.timed(heard.times.text, duration_s=length_s) if heard.times else None
    if own is not None and own.words:
        timed = answers.with_times(words, own.words, duration_s=length_s)
    else:
        timed = answers.spread(words, window.samples)
    if own is not None and words and (own.doubtful or not own.words):
        doubts = (*doubts, Doubt.TIMES)
    earlier = sum(len(words_of(turn.text)) for turn in tags.turns(before))
    found = tuple(_turns(turns, said, timed, earlier))
    sounding = voiceprint.voices(voiceprint.Sound(window.samples), found)
    return Transcript(window.index, found, doubts=doubts, voices=sounding)


def _sound_part(said: Said) -> tuple[str, tuple[Doubt, ...]]:
    """The text up to where it ran in a circle, and why it is doubtful."""
    if not said.cut_off:
        return said.text, ()
    begun = answers.before_loop(said.text)
    return (said.text, (Doubt.CUT_OFF,)) if begun is None else (begun, (Doubt.LOOP,))


def _turns(
    turns: Sequence[SpeakerTurn],
    said: Sequence[Sequence[str]],
    timed: Sequence[TimedWord],
    earlier: int,
) -> Iterator[Turn]:
    """The timed words in the turns that they belong to, without those that were known before."""
    at = 0
    for turn, words in zip(turns, said, strict=True):
        speaker = None if turn.speaker is None else f"Speaker {turn.speaker}"
        new = tuple(timed[max(at, earlier) : at + len(words)])
        at += len(words)
        if new:
            yield Turn(new, speaker)


def _flac(window: Window) -> bytes:
    """The window's sound as a FLAC file of 16 bits."""
    import soundfile

    samples = np.clip(np.nan_to_num(window.samples), -1.0, 1.0)
    samples = np.pad(samples, (0, max(0, _SHORTEST - len(samples))))
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()
