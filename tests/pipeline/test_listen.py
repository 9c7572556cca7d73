import itertools
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.document import Span
from granite_studio.core.errors import EngineError
from granite_studio.core.files import fingerprint
from granite_studio.engines.base import Options
from granite_studio.media.values import SoundWindow
from granite_studio.pipeline import carrying
from granite_studio.pipeline.listen import Task, _alike, _Asked, key_of, listen
from granite_studio.pipeline.results import Failed, Progress, Result

RATE = 16_000


def task_for(path, **changes):
    facts = {
        "media": path,
        "fingerprint": fingerprint(path),
        "duration": round(soundfile.info(path).duration * 1000),
        "engine": "draft",
        "model": None,
        "options": Options(),
    }
    return Task(**{**facts, **changes})


def heard(events):
    return [event.heard for event in events if isinstance(event, Result)]


def texts(events):
    return [w.text for event in heard(events) for turn in event.turns for w in turn.words]


def test_the_sample_becomes_words_on_the_recordings_time_line(half_minute, reader, engine_of):
    events = list(listen(task_for(half_minute), reader, engine_of(), CancelToken()))
    words = [w for event in heard(events) for turn in event.turns for w in turn.words]
    assert {"good", "morning", "lighthouse", "visitors"} <= {word.text for word in words}
    assert all(a.start <= b.start for a, b in itertools.pairwise(words))
    assert words[-1].end <= 30_000
    assert {event.engine.draft for event in heard(events)} == {True}
    assert events[-1] == Progress(30_000, 30_000, "Done", "CPU, 1 thread")


def test_most_words_of_a_faint_recording_are_heard_too(half_minute, reader, engine_of, tmp_path):
    sound, _ = soundfile.read(half_minute, dtype="int16")
    faint = tmp_path / "faint.wav"
    soundfile.write(faint, (sound / 100).astype(np.int16), RATE)
    engine = engine_of()
    loud = set(texts(listen(task_for(half_minute), reader, engine, CancelToken())))
    words = set(texts(listen(task_for(faint), reader, engine, CancelToken())))
    assert len(words & loud) > 0.7 * len(loud)


def test_a_run_that_was_stopped_goes_on_without_hearing_a_window_twice(
    half_minute, reader, engine_of
):
    engine = engine_of()
    whole = heard(listen(task_for(half_minute), reader, engine, CancelToken()))
    done = {event.key for event in whole[:2]}
    rest = heard(listen(task_for(half_minute), reader, engine, CancelToken(), done=done))
    assert [*whole[:2], *rest] == whole


def test_what_is_asked_for_first_comes_first_in_the_same_windows(half_minute, reader, engine_of):
    engine = engine_of("tests.pipeline.engines:hears_nothing")
    whole = heard(listen(task_for(half_minute), reader, engine, CancelToken()))
    spans = [event.span for event in whole]
    assert len(spans) >= 3
    first = spans[1].end + 1
    events = list(listen(task_for(half_minute, first=first), reader, engine, CancelToken()))
    turned = heard(events)
    assert [event.span for event in turned] == [*spans[2:], *spans[:2]]
    assert {event.key for event in turned} == {event.key for event in whole}
    shares = [event.done_ms for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)
    assert shares[-1] == 30_000
    begun = next(place for place, event in enumerate(events) if isinstance(event, Result))
    left = 30_000 - sum(span.end - span.start for span in spans[:2])
    assert max(e.done_ms for e in events[:begun] if isinstance(e, Progress)) <= left


def test_hearing_again_passes_over_nothing(half_minute, reader, engine_of):
    engine = engine_of()
    task = task_for(half_minute, span=Span(0, 9000), again=True)
    first = heard(listen(task, reader, engine, CancelToken()))
    second = heard(listen(task, reader, engine, CancelToken(), done={e.key for e in first}))
    assert second == first != []
    assert all(event.again and event.span.end <= 9000 for event in second)


def test_a_lost_engine_process_costs_nothing_when_the_second_try_works(
    half_minute, reader, engine_of, tmp_path, monkeypatch
):
    monkeypatch.setenv("GRANITE_TEST_MARK", str(tmp_path / "mark"))
    engine = engine_of("tests.pipeline.engines:dies_once")
    events = list(listen(task_for(half_minute), reader, engine, CancelToken()))
    assert (tmp_path / "mark").exists()
    assert len(heard(events)) >= 3
    assert not [event for event in events if isinstance(event, Failed)]


def test_a_window_that_kills_the_engine_twice_is_a_finding_and_the_rest_is_heard(
    half_minute, reader, engine_of
):
    engine = engine_of("tests.pipeline.engines:dies_at_loud_windows")
    events = list(listen(task_for(half_minute), reader, engine, CancelToken()))
    failed = [event for event in events if isinstance(event, Failed)]
    assert failed
    assert all(event.finding.kind == "window-failed" for event in failed)
    assert all("could not be heard" in event.message for event in failed)
    assert len(failed) + len(heard(events)) >= 3
    assert events[-1].done_ms == events[-1].total_ms


def test_windows_of_like_length_are_given_together(half_minute, reader, engine_of):
    engine = engine_of("tests.pipeline.engines:likes_two")
    events = list(listen(task_for(half_minute), reader, engine, CancelToken()))
    sizes = {e.span: round(e.turns[0].words[0].confidence * 10) for e in heard(events)}
    alone = [span.end - span.start for span, size in sizes.items() if size == 1]
    paired = [span.end - span.start for span, size in sizes.items() if size == 2]
    assert len(paired) == 2
    assert len(alone) == len(sizes) - 2 >= 1
    assert max(paired) - min(paired) <= max([*alone, *paired]) - min([*alone, *paired])
    assert events[-1] == Progress(30_000, 30_000, "Done", "test")


def waiting(*lengths_s):
    return [
        _Asked(
            SoundWindow(Span(n * 40_000, n * 40_000 + round(s * 1000)), np.zeros(0, np.int16), ()),
            str(n),
        )
        for n, s in enumerate(lengths_s)
    ]


def test_where_lengths_are_far_apart_a_smaller_batch_is_taken():
    batch = _alike(waiting(*[12] * 5, *[3] * 5, *[9] * 6), 16)
    assert [one.length for one in batch] == [12_000] * 5
    assert len(_alike(waiting(12, 11.9, 12, 12, 11.8, 12, 12, 12), 8)) == 8
    assert len(_alike(waiting(12, 3, 7, 9), 4)) == 4


def test_what_an_engine_doubts_is_a_finding_beside_the_words(half_minute, reader, engine_of):
    engine = engine_of("tests.pipeline.engines:doubts_itself")
    events = list(listen(task_for(half_minute), reader, engine, CancelToken()))
    results = [event for event in events if isinstance(event, Result)]
    doubtful = [finding for result in results for finding in result.findings]
    assert results
    assert all(result.findings for result in results)
    assert {finding.kind for finding in doubtful} == {"window-doubtful"}
    assert all("repeat itself" in finding.message for finding in doubtful)


def test_the_key_of_a_window_tells_weights_and_wishes_apart_but_not_folders(half_minute):
    task = task_for(half_minute)
    span = Span(0, 1000)
    others = (
        replace(task, revision="other"),
        replace(task, options=Options(keywords=("Reed",))),
        replace(task, options=Options(server="http://localhost:1"), model="a"),
        replace(task, options=Options(server="http://localhost:1"), model="b"),
    )
    assert len({key_of(each, span) for each in (task, *others)}) == 5
    assert key_of(replace(task, model="/elsewhere", device="cpu"), span) == key_of(task, span)


def test_speech_without_a_word_is_reported_not_passed_over(half_minute, reader, engine_of):
    engine = engine_of("tests.pipeline.engines:hears_nothing")
    events = heard(listen(task_for(half_minute), reader, engine, CancelToken()))
    assert all(event.turns == () for event in events)
    missed = sum(span.end - span.start for event in events for span in event.unheard)
    assert missed > 15_000


def test_silence_is_done_without_a_window(tmp_path, reader, engine_of):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(20 * RATE, dtype=np.int16), RATE)
    events = list(listen(task_for(path), reader, engine_of(), CancelToken()))
    assert heard(events) == []
    assert events[-1] == Progress(20_000, 20_000, "Done")


def test_cancelling_in_the_middle_of_a_window_takes_two_seconds(half_minute, reader, engine_of):
    engine = engine_of("tests.pipeline.engines:never_ends")
    cancel = CancelToken()
    began = time.monotonic()
    setter = threading.Timer(3.0, cancel.cancel)
    setter.start()
    with pytest.raises(Cancelled):
        list(listen(task_for(half_minute), reader, engine, cancel))
    assert time.monotonic() - began < 3 + 2.5
    setter.join()


def test_a_language_the_engine_does_not_know_is_refused_before_anything_is_read(
    tmp_path, reader, engine_of, half_minute
):
    task = task_for(half_minute, options=Options(language="de"))
    with pytest.raises(EngineError, match="German"):
        next(listen(task, reader, engine_of(), CancelToken()))


@pytest.fixture
def any_voice(monkeypatch):
    """Clips are taken whoever speaks in them."""
    monkeypatch.setattr(carrying, "_is_one_voice", lambda *_: True)


CARRIED = {"engine": "granite-plus", "options": Options(carried=True), "window_s": 8.0}
LAST_SECONDS = "tests.pipeline.engines:hears_the_last_seconds"


def test_windows_after_the_first_are_heard_after_a_lead_and_timed_without_it(
    half_minute, reader, engine_of, any_voice
):
    kept = {}
    task = task_for(half_minute, **CARRIED)
    engine = engine_of(LAST_SECONDS)
    results = [
        event
        for event in listen(task, reader, engine, CancelToken(), keep=kept.__setitem__)
        if isinstance(event, Result)
    ]
    # What went wrong and was heard again in parts has labels of its own.
    results = [result for result in results if result.carried is not None]
    assert len(results) >= 3
    confidences = [result.heard.turns[0].words[0].confidence for result in results]
    assert confidences == [0.9] + [0.5] * (len(results) - 1)
    for result in results:
        assert set(result.carried) == {"Speaker 1", "Speaker 2"}
        assert result.heard.turns[-1].words[-1].end == pytest.approx(result.span.end, abs=20)
        levels = kept[result.span].levels
        assert len(levels) == pytest.approx((result.span.end - result.span.start) / 20, abs=1)
        assert levels[-1, ord("a")] == 0


def test_the_windows_of_the_lead_come_first_whatever_is_asked_for(
    half_minute, reader, engine_of, any_voice
):
    engine = engine_of(LAST_SECONDS)
    whole = heard(listen(task_for(half_minute, **CARRIED), reader, engine, CancelToken()))
    spans = [event.span for event in sorted(whole, key=lambda event: event.span.start)]
    assert len(spans) >= 4
    task = task_for(half_minute, first=spans[2].start, **CARRIED)
    turned = heard(listen(task, reader, engine, CancelToken()))
    assert turned[0].span == spans[0]
    assert {event.span for event in turned[1:-1]} == set(spans[2:])
    assert turned[-1].span == spans[1]
    assert sorted(turned, key=lambda event: event.span.start) == sorted(
        whole, key=lambda event: event.span.start
    )


def test_a_resumed_run_makes_the_same_lead_of_what_was_heard(
    half_minute, reader, engine_of, any_voice
):
    engine = engine_of(LAST_SECONDS)
    task = task_for(half_minute, **CARRIED)
    whole = heard(listen(task, reader, engine, CancelToken()))
    first = {
        event.key: event
        for event in whole
        if event.span.start == min(other.span.start for other in whole)
    }
    rest = heard(listen(task, reader, engine, CancelToken(), done=first, earlier=first.get))
    assert sorted([*first.values(), *rest], key=lambda event: event.span.start) == sorted(
        whole, key=lambda event: event.span.start
    )
    asked_anew = heard(listen(task, reader, engine, CancelToken(), done=first))
    assert 0.9 in {event.turns[0].words[0].confidence for event in asked_anew}


def test_a_stretch_that_is_heard_again_has_labels_of_its_own(
    half_minute, reader, engine_of, any_voice
):
    task = task_for(half_minute, span=Span(10_000, 30_000), again=True, **CARRIED)
    events = list(listen(task, reader, engine_of(LAST_SECONDS), CancelToken()))
    results = [event for event in events if isinstance(event, Result)]
    assert len(results) >= 2
    for result in results:
        assert result.carried is None
        assert result.heard.turns[0].words[0].confidence == 0.9


def test_carried_speakers_are_another_question_and_the_usual_one_keeps_its_key(half_minute):
    usual = task_for(half_minute, engine="granite-plus")
    carried = task_for(half_minute, **CARRIED)
    span = Span(0, 1000)
    assert key_of(usual, span) != key_of(carried, span)
    assert "carried" not in repr(usual.options)
