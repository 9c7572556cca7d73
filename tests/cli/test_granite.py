"""The bundled interview through each Granite engine, on the tiny checkpoints, by the command line.

What is asked here is that the whole way works: windows, prompts, tags, alignment, linking. How few
words are wrong says nothing about IBM's models. Windows are short, as these are what the tiny
models were trained on most.
"""

import json
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from granite_studio.core.align import align
from granite_studio.pipeline.evaluate import score

DATA = Path(__file__).parents[1] / "data"
TRUTH = json.loads((DATA / "sample" / "interview.words.json").read_text())["words"]
SPOKEN = " ".join(word["w"] for word in TRUTH)


def letters(text):
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def transcribed(command, folder, engine, *options):
    """The words of the sample's JSON transcript, each with its speaker's id."""
    out = folder / f"{engine}.json"
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as samples:
        code, _, told = command(
            *("transcribe", samples / "interview.flac", "--engine", engine, "--device", "cpu"),
            *("--model", DATA / "checkpoints" / engine.removeprefix("granite-"), "-o", out),
            *("--window", 12, *options),
        )
    assert code in (0, 1), told
    document = json.loads(out.read_text("utf-8"))
    return [
        {**word, "speaker": segment["speaker"]}
        for segment in document["segments"]
        for word in segment["words"]
    ]


def matched(words):
    """Pairs of a word that was heard and the one that was spoken."""
    codes = align([letters(w["text"]) for w in words], [letters(w["w"]) for w in TRUTH])
    for code in codes:
        if code.kind == "equal":
            yield from zip(words[code.i1 : code.i2], TRUTH[code.j1 : code.j2], strict=True)


def text_of(words):
    return " ".join(word["text"] for word in words)


@pytest.fixture(scope="module")
def heard():
    """What each engine heard, asked once."""
    return {}


@pytest.fixture
def words_of(command, heard, tmp_path):
    def get(engine):
        if engine not in heard:
            heard[engine] = transcribed(command, tmp_path, engine)
        return heard[engine]

    return get


@pytest.mark.parametrize("engine", ["granite-plus", "granite-base", "granite-nar"])
def test_the_interview_comes_out_as_it_was_spoken(words_of, engine):
    words = words_of(engine)
    assert score(SPOKEN, text_of(words)).rate < 0.15
    assert all(a["start_ms"] <= b["start_ms"] for a, b in pairwise(words))


@pytest.mark.parametrize("engine", ["granite-plus", "granite-base", "granite-nar"])
def test_words_stand_where_they_were_spoken(words_of, engine):
    pairs = list(matched(words_of(engine)))
    errors = [
        abs(heard[f"{edge}_ms"] - 1000 * spoken[edge])
        for heard, spoken in pairs
        for edge in ("start", "end")
    ]
    assert len(pairs) > 0.8 * len(TRUTH)
    assert np.median(errors) < 60
    assert np.quantile(errors, 0.9) < 150


def test_plus_tells_the_two_voices_apart(words_of):
    pairs = [
        (heard["speaker"], spoken["speaker"])
        for heard, spoken in matched(words_of("granite-plus"))
    ]
    # Labels begin anew with each window, so a voice may have either; its changes have to show.
    changes = [
        (a[0] != b[0], a[1] != b[1])
        for a, b in pairwise(pairs)
        if a[0] is not None and b[0] is not None
    ]
    assert any(ours for ours, _ in changes)
    assert sum(ours == theirs for ours, theirs in changes) > 0.9 * len(changes)


def test_nar_and_plus_agree(words_of):
    plus, nar = (text_of(words_of(engine)) for engine in ("granite-plus", "granite-nar"))
    assert score(plus, nar).rate < 0.2


def test_plus_and_base_write_sentences_and_nar_does_not(words_of):
    for engine, written in (
        ("granite-plus", True),
        ("granite-base", True),
        ("granite-nar", False),
    ):
        text = text_of(words_of(engine))
        assert ("Thomas Reed" in text, "." in text) == (written, written)
