"""What base and Plus say of voices shows who is who over windows: the tiny checkpoints hear."""

from importlib import import_module

import pytest

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Span
from granite_studio.engines import catalog
from granite_studio.engines.base import Options, Transcript, Window
from granite_studio.pipeline.voices import Linker
from tests.engines.granite.spoken import CHECKPOINTS, joined, unseen


@pytest.mark.parametrize("name", ["base", "plus"])
def test_voices_of_two_people_get_unlike_names(name: str) -> None:
    said = unseen(22, 8)
    pairs = [(said[0], said[2]), (said[1], said[3]), (said[5], said[7]), (said[4], said[6])]
    module, load = catalog.find(f"granite-{name}").loader.split(":")
    engine = getattr(import_module(module), load)(CHECKPOINTS / name, "cpu")
    windows = [Window(number, joined(list(pair))) for number, pair in enumerate(pairs)]
    linker, people = Linker(), set()
    for event in engine.hear(windows, Options(), CancelToken()):
        if isinstance(event, Transcript):
            labels = dict.fromkeys(turn.speaker for turn in event.turns)
            assert [voice.speaker for voice in event.voices] == list(labels)
            # Plus joins an early layer to its last one, for the voices; base has none.
            assert all(bool(voice.halves) == (name == "plus") for voice in event.voices)
            start = event.index * 30_000
            names = linker.name(Span(start, start + 30_000), event.voices)
            people |= {(name, pairs[event.index][0].voice) for name in names.values()}
    assert {voice for _, voice in people} == {"slt", "rms"}
    assert len({name for name, _ in people}) == len(people)  # no name stands for both
