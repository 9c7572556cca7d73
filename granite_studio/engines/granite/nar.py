"""The NAR engine: whole windows at once, in one pass, lower case and without punctuation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from granite_studio.core.cancel import CancelToken
from granite_studio.engines.base import (
    Heartbeat,
    Options,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.catalog import check, find
from granite_studio.engines.granite import checkpoint
from granite_studio.engines.granite.alignment import align_all, spelled
from granite_studio.engines.granite.batches import Batched, sounds
from granite_studio.engines.granite.conformer import emissions
from granite_studio.engines.granite.features import log_mel
from granite_studio.engines.granite.nar_model import NarModel

_NAME = "granite-nar"


def load(model: Path | None, device: str) -> Nar:
    """The NAR model in the folder `model`, on the device that `device` asks for.

    Raises `EngineError` for a folder that holds no NAR model, or one that is damaged.
    """
    title = find(_NAME).title
    return Nar(checkpoint.load(*checkpoint.chosen(title, checkpoint.Kind.NAR, model, device)))


class Nar(Batched):
    """Granite Speech NAR behind the `Engine` protocol.

    `edits` passes of the editor go over the draft: one, as the model was trained; with two, the
    first result is corrected once more, which the paper found to change little.
    """

    def __init__(self, loaded: checkpoint.Loaded, *, edits: int = 1) -> None:
        super().__init__(_NAME, loaded.device)
        self._loaded = loaded
        self._model = cast(NarModel, loaded.model)
        self._edits = edits

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window, with the emissions its words were timed by.

        Windows are heard in batches of like length; a cancel is seen between the encoder, the
        editor and the next batch.
        """
        check(find(_NAME), options)

        def work(batch: Sequence[Window]) -> Iterator[Transcript | Heartbeat]:
            return self._heard(batch, cancel)

        yield from self._in_batches(windows, work, cancel)

    def _heard(
        self, windows: Sequence[Window], cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        yield from (Transcript(window.index) for window in windows if not sounds(window))
        sounding = [window for window in windows if sounds(window)]
        if not sounding:
            return
        clips = [window.samples for window in sounding]
        encoded = self._model.encode(log_mel(clips, self._loaded.device.name, whole=True))
        cancel.check()
        for window in sounding:
            yield Heartbeat(window.index, 0.6)  # the encoder's share of the time (NLE paper)
        tokens = self._model.transcribe(encoded, edits=self._edits)
        cancel.check()
        heard = [emissions(encoded, row) for row in range(len(sounding))]
        texts = [
            self._loaded.tokenizer.decode(each, skip_special_tokens=True).split()
            # Where the encoder heard no letter, what the editor wrote was not said.
            if spelled(found)
            else []
            for each, found in zip(tokens, heard, strict=True)
        ]
        timed = align_all(list(zip(texts, heard, strict=True)))
        for window, words, found in zip(sounding, timed, heard, strict=True):
            yield Transcript(window.index, (Turn(words),) if words else (), emissions=found)
