"""Paragraphs become texts in another language, whatever the engine does."""

import numpy as np
import pytest
import soundfile

from granite_studio.core import edits
from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.document import Document, Media, Segment, Span, Word
from granite_studio.core.errors import EngineError
from granite_studio.core.files import fingerprint
from granite_studio.core.translation import mark_of, translated, untranslated
from granite_studio.engines import catalog
from granite_studio.engines.base import Capabilities, Options
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.translate import (
    Doubtful,
    Failed,
    Translated,
    applied,
    targets,
    translate,
)

RATE = 16_000
TRANSLATES = "tests.pipeline.engines:translates"
DIES = "tests.pipeline.engines:translates_but_dies_at_long_windows"


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.wav"
    noise = np.random.default_rng(1).integers(-3000, 3000, 100 * RATE)
    soundfile.write(path, noise.astype(np.int16), RATE)
    return path


def task_for(path, language="fr", spoken="en"):
    options = Options(language=spoken, translate_to=language)
    return Task(path, fingerprint(path), 100_000, "granite-base", None, options)


def paragraphs(*lengths):
    """Paragraphs of one sentence, a word each second, these many seconds long."""
    segments, at, number = [], 0, 1
    for row, length in enumerate(lengths):
        words = []
        for place in range(length):
            text = f"w{number}" + "." * (place == length - 1)
            words.append(Word(number, text, at, at + 1000))
            at, number = at + 1000, number + 1
        segments.append(Segment(500 + row, tuple(words)))
        at += 1000
    return Document(tuple(segments), media=Media("sound.wav", 100_000), next_id=1000)


def texts(events):
    return [(event.segment_id, event.text) for event in events if isinstance(event, Translated)]


def until_one(events, seen, cancel):
    """Cancel the run when it gave its first text."""
    for event in events:
        seen.append(event)
        if isinstance(event, Translated):
            cancel.cancel()


def with_all(document, events):
    for event in events:
        if isinstance(event, Translated):
            document = applied(document, event)
    return document


def test_each_paragraph_is_heard_alone_first_one_then_as_many_as_the_engine_likes(
    sound, reader, engine_of
):
    document = paragraphs(1, 2, 3, 1, 1, 1, 1, 1)
    events = list(
        translate(task_for(sound), document, reader, engine_of(TRANSLATES), CancelToken())
    )
    # With 0.2 s of silence around each but the first and the last, which have less.
    assert texts(events) == [
        (500, "fr 12/1"),
        (501, "fr 24/2"),
        (502, "fr 34/2"),
        (503, "fr 14/4"),
        (504, "fr 14/4"),
        (505, "fr 14/4"),
        (506, "fr 14/4"),
        (507, "fr 14/1"),
    ]
    assert events[-1].done_ms == events[-1].total_ms
    assert events[-1].device == "test"


def test_what_the_document_has_is_not_asked_again_so_a_stopped_run_goes_on(
    sound, reader, engine_of
):
    document, engine, cancel = paragraphs(1, 1, 1, 1), engine_of(TRANSLATES), CancelToken()
    seen = []
    with pytest.raises(Cancelled):
        until_one(translate(task_for(sound), document, reader, engine, cancel), seen, cancel)
    document = with_all(document, seen)
    assert len(texts(seen)) == 1
    rest = list(translate(task_for(sound), document, reader, engine, CancelToken()))
    assert [row for row, _ in texts(rest)] == [501, 502, 503]
    document = with_all(document, rest)
    assert len(translated(document, "fr").segments) == 4
    assert texts(translate(task_for(sound), document, reader, engine, CancelToken())) == []


def test_a_paragraph_that_was_changed_meanwhile_waits_for_another_run(sound, reader, engine_of):
    document = paragraphs(1, 1)
    events = list(
        translate(task_for(sound), document, reader, engine_of(TRANSLATES), CancelToken())
    )
    after = with_all(edits.retype(document, 1, "something else"), events)
    assert [segment.id for segment in untranslated(after, "fr")] == [501]


def test_a_paragraph_longer_than_the_engines_window_is_heard_in_parts(sound, reader, engine_of):
    document = paragraphs(50)
    (text,) = texts(
        translate(task_for(sound), document, reader, engine_of(TRANSLATES), CancelToken())
    )
    longest = round(catalog.find("granite-base").capabilities.window_s * 10)
    lengths = [int(part.partition("/")[0]) for part in text[1].split()[1::2]]
    assert len(lengths) > 1
    assert max(lengths) <= longest
    assert 500 <= sum(lengths) <= 504


def test_a_window_that_kills_the_engine_costs_its_paragraph_alone(sound, reader, engine_of):
    document = paragraphs(1, 3, 1, 1)
    events = list(translate(task_for(sound), document, reader, engine_of(DIES), CancelToken()))
    assert texts(events) == [(500, "court"), (502, "court"), (503, "court")]
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.finding.kind == "translation-failed"
    assert failed.span == Span(2000, 5000)
    assert "could not be translated" in failed.message
    assert events[-1] == Progress(events[-1].total_ms, events[-1].total_ms, "Listening", "test")


def test_what_the_engine_doubts_is_worth_a_look(sound, reader, engine_of):
    document = paragraphs(1)
    events = list(translate(task_for(sound), document, reader, engine_of(DIES), CancelToken()))
    (doubtful,) = [event for event in events if isinstance(event, Doubtful)]
    assert doubtful.finding.kind == "translation-doubtful"
    assert doubtful.finding.message == (
        "The translation to French began to repeat itself here; check it."
    )


def test_a_translation_carries_the_mark_of_the_words_it_was_made_of(sound, reader, engine_of):
    document = paragraphs(1)
    events = translate(task_for(sound), document, reader, engine_of(TRANSLATES), CancelToken())
    (event,) = [event for event in events if isinstance(event, Translated)]
    assert event.source == mark_of(document.segments[0].words)


@pytest.mark.parametrize(
    ("spoken", "wanted", "said"),
    [("en", "ru", "cannot translate to"), ("fr", "de", "English only"), ("fr", "fr", "already")],
)
def test_what_no_model_translates_is_refused_before_anything_is_heard(
    sound, reader, engine_of, spoken, wanted, said
):
    task = task_for(sound, wanted, spoken)
    with pytest.raises(EngineError, match=said):
        next(translate(task, paragraphs(1), reader, engine_of(TRANSLATES), CancelToken()))


def test_every_language_is_offered_from_english_and_only_english_from_others():
    can = Capabilities(("en", "fr"), translates_to=("en", "fr", "ja"))
    assert targets(can, "en") == ("fr", "ja")
    assert targets(can, "fr") == ("en",)
    assert targets(Capabilities(("en",)), "en") == ()
