"""Windows of a made recording, heard by themselves through the program's own engine process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from make_sample import ROOT, Word

from granite_studio.core.cancel import CancelToken
from granite_studio.engines.base import Options, Transcript
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.media.loudness import gain_for
from granite_studio.media.values import SoundWindow

CHECKPOINTS = ROOT / "tests" / "data" / "checkpoints"


def model(engine: str) -> Path:
    """The folder of the tiny model of that Granite engine, such as "granite-nar"."""
    return CHECKPOINTS / engine.removeprefix("granite-")


def windows(path: Path, reader: MediaReader, longest_s: float) -> list[SoundWindow]:
    """The windows in which the program hears the recording."""
    events = reader.windows(path, CancelToken(), longest_ms=round(longest_s * 1000))
    return [event for event in events if isinstance(event, SoundWindow)]


def heard_alone(name: str, window: SoundWindow, engine: EngineProcess) -> list[Word]:
    """The words that an engine hears in one window by itself, in seconds of the recording."""
    pcm = (window.samples * gain_for(window.samples)).astype("<i2").tobytes()
    asked = [(0, pcm)]
    events = engine.hear(
        name, asked, Options(), CancelToken(), model=str(model(name)), device="cpu"
    )
    (answer,) = [event for event in events if isinstance(event, Transcript)]
    begun = window.span.start / 1000
    return [
        Word(word.text, begun + word.start_s, begun + word.end_s)
        for turn in answer.turns
        for word in turn.words
    ]


@contextmanager
def tools(folder: Path) -> Iterator[tuple[MediaReader, EngineProcess]]:
    """A reader and an engine, closed at the end."""
    reader, engine = MediaReader(folder / "cache"), EngineProcess(folder / "engine.log")
    try:
        yield reader, engine
    finally:
        engine.close()
        reader.close()
