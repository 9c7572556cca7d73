import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from granite_studio.core.document import Span
from granite_studio.core.errors import MediaError
from granite_studio.engines.base import Heartbeat, TimedWord, Transcript, Turn
from granite_studio.media.values import Block, End, SoundWindow
from granite_studio.workers import plain


class Hostile:
    """Runs a command when it is unpickled the ordinary way."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch '{self.path}'",)


@pytest.mark.parametrize(
    "value",
    [
        ("event", 1, None),
        Transcript(0, (Turn((TimedWord("word", 0.1, 0.2, 0.9),)),)),
        Heartbeat(0, 0.5),
        End(1000, 1000, 0),
        Span(0, 10),
        Path("a") / "b.wav",
        {"a": [1, 2.5, b"x", frozenset({1})]},
    ],
)
def test_plain_values_arrive_as_they_are(value):
    assert plain.loads(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)) == value


def test_sound_arrives_as_it_is():
    block = Block(0, np.arange(5, dtype=np.int16))
    window = SoundWindow(Span(0, 1), np.zeros(0, dtype=np.int16), (Span(0, 1),))
    for sent in (block, window):
        found = plain.loads(pickle.dumps(sent, protocol=pickle.HIGHEST_PROTOCOL))
        assert np.array_equal(found.samples, sent.samples)


def test_an_error_arrives_with_its_sentence():
    error = plain.loads(pickle.dumps(MediaError("It is broken.")))
    assert (type(error), str(error)) == (MediaError, "It is broken.")


def test_code_is_refused_before_it_runs(tmp_path):
    mark = tmp_path / "ran"
    with pytest.raises(pickle.UnpicklingError, match="no plain value"):
        plain.loads(pickle.dumps(Hostile(mark)))
    assert not mark.exists()


def test_the_programs_own_functions_are_code_too():
    from granite_studio.core.files import atomic_write

    with pytest.raises(pickle.UnpicklingError):
        plain.loads(pickle.dumps(atomic_write))
