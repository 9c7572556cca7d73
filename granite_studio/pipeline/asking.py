"""Windows given to an engine: all at once, then alone those that a lost process left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.engines.base import Heartbeat, Transcript
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.loudness import gain_for
from granite_studio.pipeline.carrying import Lead
from granite_studio.workers.child import WorkerDied, WorkerFailed, WorkerHung

if TYPE_CHECKING:
    from granite_studio.pipeline.listen import Task

NOTHING = Lead()

_LOST = (WorkerDied, WorkerHung, WorkerFailed)


@dataclass(frozen=True, slots=True)
class Lost:
    """The window with this number cost the engine its process twice, or could not be read."""

    index: int
    message: str


def pcm(samples: NDArray[np.int16]) -> bytes:
    """The samples as 16-bit bytes, at the loudness that engines like."""
    return (samples * gain_for(samples)).astype("<i2").tobytes()


def answers(
    task: Task,
    sound: Mapping[int, bytes],
    engine: EngineProcess,
    cancel: CancelToken,
    lead: Lead = NOTHING,
) -> Iterator[Transcript | Lost | Loaded | Heartbeat]:
    """What the engine says of these windows, given by their numbers; every one is tried twice.

    Each is heard after the `lead`, and told of as if there was none.

    All are asked for together; what is left after the process was lost, one by one in fresh ones.
    Raises `EngineError` or `Cancelled`.
    """
    left = {index: lead.sound + pcm for index, pcm in sound.items()}
    options = replace(task.options, before=lead.text)
    for number, indices in enumerate([list(left), *([index] for index in left)]):
        windows = [(index, left[index]) for index in indices if index in left]
        if not windows:
            continue
        try:
            for event in engine.hear(
                task.engine, windows, options, cancel, model=task.model, device=task.device
            ):
                if isinstance(event, Transcript):
                    del left[event.index]
                    yield lead.without(event)
                else:
                    yield event
        except _LOST as error:
            if number:
                del left[indices[0]]
                yield Lost(indices[0], str(error))
