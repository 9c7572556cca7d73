"""A recording of some minutes, made anew from unseen sentences, through the tiny Granite engines.

`resources/benchmarks/long_recording.py` does the same with an hour.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Media, Span
from granite_studio.core.files import fingerprint
from granite_studio.core.merge import Role
from granite_studio.engines.base import Options
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.passes import Failed, Journal, Said, Settled, hear
from tests.long_recordings import WINDOW_S, hearing, made, proof
from tests.pipeline.engines import WHISTLE_HZ


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    return made(tmp_path_factory.mktemp("media") / "long.flac", 300)


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    with hearing.tools(tmp_path_factory.mktemp("tools")) as both:
        yield both


@pytest.fixture(scope="module")
def transcript(recording, tools):
    """What an engine makes of the recording, asked once."""
    return cache(lambda engine: transcribed(task_for(recording, engine), *tools))


def task_for(recording, engine):
    return Task(
        recording.path,
        fingerprint(recording.path),
        round(recording.seconds * 1000),
        engine,
        str(hearing.model(engine)),
        Options(),
        device="cpu",
        window_s=WINDOW_S,
    )


def transcribed(task, reader, engine):
    """The document as the program fills it."""
    role = Role.SPEAKERS if task.engine == "granite-plus" else Role.TEXT
    document = Document(media=Media(task.media.name, task.duration, task.fingerprint))
    for event in hear(
        [(role, task)],
        reader,
        engine,
        CancelToken(),
        journal=Journal({}, {}, {}, ()),
        keep=lambda *_: None,
    ):
        assert not isinstance(event, Failed), event
        if isinstance(event, Said):
            document = edits.apply_heard(document, event.heard)
        elif isinstance(event, Settled):
            document = edits.relabel(document, event.changes)
    return document


def test_every_spoken_word_is_whole_in_some_window(tmp_path, tools):
    recording = made(tmp_path / "four minutes.wav", 240)
    for longest_s in (WINDOW_S, 30.0):
        windows = hearing.windows(recording.path, tools[0], longest_s)
        assert longest_s > WINDOW_S or any(window.forced for window in windows)
        assert proof.torn(recording.words, [window.span for window in windows]) == []


def test_at_no_boundary_a_word_is_lost_or_doubled(recording, transcript, tools):
    reader, engine = tools
    heard = proof.words_of(transcript("granite-nar"))
    windows = hearing.windows(recording.path, reader, WINDOW_S)
    assert any(window.forced for window in windows)
    alone = [(w.span, hearing.heard_alone("granite-nar", w, engine)) for w in windows]
    assert proof.seams(recording.words, heard, alone) == proof.Seams((), ())


@pytest.mark.parametrize("engine", ["granite-nar", "granite-plus"])
def test_words_at_boundaries_are_heard_as_well_as_others(recording, transcript, tools, engine):
    spans = [w.span for w in hearing.windows(recording.path, tools[0], WINDOW_S)]
    pairs = proof.paired(recording.words, proof.words_of(transcript(engine)))
    at, elsewhere = proof.error_rates(pairs, proof.at_boundaries(recording.words, spans))
    assert elsewhere < 0.2
    assert at < elsewhere + 0.1


@pytest.mark.parametrize("engine", ["granite-nar", "granite-plus"])
def test_words_stand_where_they_were_spoken(recording, transcript, engine):
    pairs = proof.paired(recording.words, proof.words_of(transcript(engine)))
    errors = proof.time_errors(pairs)
    assert len(errors) > 1.6 * len(recording.words)
    assert np.median(errors) < 0.06
    assert np.quantile(errors, 0.9) < 0.15


def test_each_voice_has_one_label_in_all_windows(recording, transcript, tools):
    spans = [w.span for w in hearing.windows(recording.path, tools[0], WINDOW_S)]
    pairs = proof.paired(recording.words, proof.words_of(transcript("granite-plus")))
    # What the tiny model mixes up inside a window no naming of its labels puts right.
    best = proof.right_speakers_apart(pairs, spans)
    assert best > 0.85
    assert proof.right_speakers(pairs) > best - 0.05


def test_speech_is_reported_exactly_where_the_engine_gave_no_text(
    recording, reader, engine_of, tmp_path
):
    under = [Span(20_000, 30_000), Span(60_000, 75_000), Span(150_000, 175_000)]
    whistled = whistling(recording, under, tmp_path / "whistled.wav")
    deaf = engine_of("tests.pipeline.engines:hears_nothing_under_a_whistle")
    task = task_for(whistled, "granite-nar")
    reported = mask(transcribed(task, reader, deaf).untranscribed, task.duration)
    windows = hearing.windows(whistled.path, reader, WINDOW_S)
    speech = mask([span for window in windows for span in window.speech], task.duration)
    missed = speech & mask(under, task.duration)
    assert missed.sum() > 10_000
    assert max(lengths(reported & ~missed), default=0) <= 200
    assert max(lengths(missed & ~reported), default=0) < 1500


def whistling(recording, spans, path):
    """The recording with a tone over these spans."""
    sound, _ = soundfile.read(recording.path, dtype="float32")
    tone = 0.05 * np.sin(2 * np.pi * WHISTLE_HZ / 16_000 * np.arange(len(sound)))
    is_over = np.repeat(mask(spans, len(sound) // 16), 16)
    soundfile.write(path, sound + tone * is_over, 16_000)
    return replace(recording, path=path)


def mask(spans, duration):
    """Which milliseconds lie in one of the spans."""
    inside = np.zeros(duration, bool)
    for span in spans:
        inside[span.start : span.end] = True
    return inside


def lengths(inside):
    """How long the runs of a mask are, in ms."""
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    return list(edges[1::2] - edges[::2])
