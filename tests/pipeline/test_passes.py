from dataclasses import replace

import numpy as np
import pytest

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Media
from granite_studio.core.files import fingerprint
from granite_studio.core.merge import Role
from granite_studio.engines.base import Options, Voice
from granite_studio.pipeline.listen import Task, standing
from granite_studio.pipeline.passes import VOICES, Journal, Settled, hear
from granite_studio.pipeline.results import Progress
from granite_studio.pipeline.seaming import Said
from granite_studio.pipeline.voices import packed
from granite_studio.store.project import Project

SPEAKS = "tests.pipeline.engines:speaks_as_each_engine_does"
NOTHING = Journal({}, {}, {}, ())


def task_for(path, engine, **changes):
    task = Task(path, fingerprint(path), 30_000, engine, None, Options(), window_s=12.0)
    return replace(task, **changes)


@pytest.fixture
def heard(half_minute, reader, engine_of):
    """All events of a run of these passes over half a minute."""

    def run(*passes, journal=NOTHING, serve=SPEAKS):
        tasks = [(role, task_for(half_minute, engine)) for role, engine in passes]
        return list(
            hear(
                tasks,
                reader,
                engine_of(serve),
                CancelToken(),
                journal=journal,
                keep=lambda *_: None,
            )
        )

    return run


def said(events):
    return [event for event in events if isinstance(event, Said)]


def names(one):
    return [turn.speaker for turn in one.heard.turns]


def texts(events):
    return {w.text[:-1] for one in events for turn in one.heard.turns for w in turn.words}


def test_a_later_pass_comes_in_the_place_of_what_an_earlier_one_said(heard):
    events = said(heard((Role.WITNESS, "granite-nar"), (Role.SPEAKERS, "granite-plus")))
    half = len(events) // 2
    first, second = events[:half], events[half:]
    assert half >= 3
    assert [one.heard.span for one in first] == [one.heard.span for one in second]
    assert texts(first) == {"wird"}
    assert texts(second) == {"word"}
    assert len({one.result.key for one in events}) == len(events)
    assert all(one.result.turns[0].words[0].text == "wirda" for one in first)


def test_progress_counts_all_passes(heard):
    events = heard((Role.WITNESS, "granite-nar"), (Role.SPEAKERS, "granite-plus"))
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done_ms, last.total_ms, last.message) == (60_000, 60_000, "Done (2 of 2)")


def test_a_voice_has_one_name_in_all_windows_whatever_its_label_there(heard):
    events = heard((Role.SPEAKERS, "granite-plus"))
    labels = [[turn.speaker for turn in one.result.turns] for one in said(events)]
    assert labels[:2] == [["Speaker 1", "Speaker 2"], ["Speaker 2", "Speaker 1"]]
    assert all(names(one) == ["Speaker 1", "Speaker 2"] for one in said(events))
    assert events[-1] == Settled()


def test_a_run_that_goes_on_keeps_the_names(heard, tmp_path):
    whole = said(heard((Role.SPEAKERS, "granite-plus")))
    with Project.create(tmp_path / "a.gstudio", document=Document()) as project:
        for one in whole[:1]:
            for kept in one.kept:
                project.put_stage(kept.stage, kept.key, kept.value)
            project.put_result(one.result)
    with Project.open(tmp_path / "a.gstudio") as project:
        results = project.results()
        journal = Journal(results, project.stages(VOICES), {}, frozenset(results))
    rest = said(heard((Role.SPEAKERS, "granite-plus"), journal=journal))
    assert [one.heard.span for one in rest] == [one.heard.span for one in whole[1:]]
    assert all(names(one) == ["Speaker 1", "Speaker 2"] for one in rest)


def test_damaged_voices_cost_names_and_nothing_else(heard):
    whole = said(heard((Role.SPEAKERS, "granite-plus")))
    [kept] = [kept for kept in whole[0].kept if kept.stage == VOICES]
    revision = whole[0].result.engine.revision
    fields = ({"voices": "x"}, {"carried": "x"}, {"carried": [["Speaker 1"]]})
    spoiled_ones = (None, [], {"revision": revision}, *({**kept.value, **f} for f in fields))
    for spoiled in spoiled_ones:
        journal = Journal({}, {kept.key: spoiled}, {}, ())
        assert len(said(heard((Role.SPEAKERS, "granite-plus"), journal=journal))) == len(whole)


@pytest.mark.parametrize("lengths", [(3, 3), (2, 3), (3, 2)], ids=["other", "first", "second"])
def test_voices_of_another_measure_are_not_compared(heard, lengths):
    whole = said(heard((Role.SPEAKERS, "granite-plus")))
    kept = {each.key: each.value for one in whole for each in one.kept if each.stage == VOICES}
    for value, length in zip(kept.values(), lengths, strict=False):
        lines = np.eye(length, dtype=np.float32)[:2]
        labels = [label for label, _ in value["names"]]
        value["voices"] = packed(Voice(*each, 5.0) for each in zip(labels, lines, strict=True))
    results = {one.result.key: one.result for one in whole}
    for known in (results, {}):
        journal = Journal(results, kept, {}, frozenset(known))
        rest = said(heard((Role.SPEAKERS, "granite-plus"), journal=journal))
        assert len(rest) == len(whole) - len(known)
        assert all(set(names(one)) == {"Speaker 1", "Speaker 2"} for one in rest)


def test_what_was_heard_in_all_passes_is_not_heard_again(heard, half_minute):
    passes = (Role.WITNESS, "granite-nar"), (Role.SPEAKERS, "granite-plus")
    document = Document(media=Media("a", 30_000, "1"))
    events = said(heard(*passes))
    for one in events:
        document = edits.apply_heard(document, one.heard)
    results = {one.result.key: one.result for one in events}
    journal = Journal(results, {}, {}, standing(document, results.values()))
    assert said(heard(*passes, journal=journal)) == []


@pytest.mark.parametrize("spoiled", [False, True])
def test_findings_of_an_earlier_run_are_told_with_those_of_a_later_pass(heard, spoiled):
    passes = (Role.WITNESS, "granite-nar"), (Role.SPEAKERS, "granite-plus")
    first = said(heard(passes[0], serve="tests.pipeline.engines:doubts_itself"))
    found = {kept.key: kept.value for one in first for kept in one.kept}
    assert all(one.findings for one in first)
    results = {one.result.key: one.result for one in first}
    kept = {key: [{"kind": 3}] for key in found} if spoiled else found
    second = said(heard(*passes, journal=Journal(results, {}, kept, frozenset(results))))
    assert len(second) == len(first)
    told = [
        set(earlier.findings) <= set(one.findings)
        for earlier, one in zip(first, second, strict=True)
    ]
    assert told == [not spoiled] * len(first)


def test_a_window_that_loops_is_heard_again_in_parts(heard):
    events = said(
        heard((Role.TEXT, "granite-nar"), serve="tests.pipeline.engines:loops_in_long_windows")
    )
    doubted = [one for one in events if one.findings]
    mended = [one for one in events if not one.findings]
    assert texts(mended) == {"said"}
    assert texts(doubted) <= {"loop", "said"}
    assert any(one.heard.span.end - one.heard.span.start > 5_000 for one in mended)
