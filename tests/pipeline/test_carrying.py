"""Windows heard after clips of those who spoke before: the clips, and what comes of them."""

import itertools

import numpy as np
import pytest

from granite_studio.core.document import EngineUse, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines.base import RATE, Emissions, TimedWord, Transcript, Turn, Voice
from granite_studio.media.values import SoundWindow
from granite_studio.pipeline.carrying import WINDOWS, Lead, Leads
from granite_studio.pipeline.clusters import CARRIED
from granite_studio.pipeline.voices import Linker
from tests.engines.granite.spoken import joined, unseen

PAUSE_S = 0.4
ANNA, BEN = (np.append(line, 20.0).astype(np.float32) for line in np.eye(4)[:2] * 12)


@pytest.fixture(scope="module")
def spoken():
    """Sentences by slt and rms in turns."""
    return unseen(31, 8)


def heard_in(sentences, labels, *, start=0, estimated=False):
    """A window with these sentences, and what an engine says of it: a turn for each label, or one
    for neighbours with the same."""
    sound = (joined(sentences, PAUSE_S) * 32768).clip(-32768, 32767).astype(np.int16)
    span = Span(start, start + len(sound) * 1000 // RATE)
    at, said = PAUSE_S, []
    for sentence, label in zip(sentences, labels, strict=True):
        for text, (begin, end) in zip(sentence.text.split(), sentence.times, strict=True):
            begin, end = (start + round((at + s) * 1000) for s in (begin, end))
            said.append((label, HeardWord(text, begin, end, 0.9, estimated)))
        at += len(sentence.samples) / RATE + PAUSE_S
    turns = tuple(
        HeardTurn(tuple(word for _, word in group), label)
        for label, group in itertools.groupby(said, key=lambda pair: pair[0])
    )
    return Heard(span, turns, EngineUse("Plus", "1")), SoundWindow(span, sound, (span,))


def lead_of(*windows):
    leads = Leads(wanted=True)
    for heard, window in windows:
        leads.take(heard, window)
    return leads


def words_in(lead):
    return [word for word in lead.text.split() if word not in ("[Speaker", "1]:", "2]:")]


def test_the_lead_holds_a_clip_of_each_speaker_with_its_words(spoken):
    leads = lead_of(heard_in(spoken[:2], ["Speaker 1", "Speaker 2"], start=90_000))
    first, second = leads.lead.text.removeprefix("[Speaker 1]: ").split(" [Speaker 2]: ")
    assert first in spoken[0].text
    assert second in spoken[1].text
    assert set(leads.carried) == {"Speaker 1", "Speaker 2"}
    assert not leads.is_growing
    sound = np.frombuffer(leads.lead.sound, "<i2")
    assert len(sound) % (RATE // 10) == 0
    assert 3 < len(sound) / RATE < 10
    assert np.abs(sound[: RATE // 10]).max() == 0  # a breath before the first word
    assert np.abs(sound).max() > 3000


def test_speakers_are_added_until_there_are_two(spoken):
    first, second = heard_in(spoken[:1], ["Speaker 1"]), heard_in(spoken[1:2], ["Speaker 2"])
    leads = lead_of(first)
    assert set(leads.carried) == {"Speaker 1"}
    assert leads.is_growing
    leads.take(*second)
    assert set(leads.carried) == {"Speaker 1", "Speaker 2"}
    before = leads.lead
    leads.take(*heard_in(spoken[2:4], ["Speaker 3", "Speaker 4"]))
    assert leads.lead is before


def test_after_some_windows_of_one_person_nobody_is_waited_for(spoken):
    leads = Leads(wanted=True)
    for number in range(WINDOWS):
        assert leads.is_growing
        leads.take(*heard_in(spoken[number % 4 * 2 :][:1], ["Speaker 1"], start=number * 9000))
    assert not leads.is_growing
    assert set(leads.carried) == {"Speaker 1"}


@pytest.mark.parametrize("fault", ["two voices", "no label", "guessed times", "too short"])
def test_what_may_mislead_makes_no_clip(spoken, fault):
    shortest = min(spoken, key=lambda sentence: len(sentence.samples))
    other = next(one for one in spoken if one.voice != shortest.voice)
    heard, window = {
        "two voices": lambda: heard_in([shortest, other], ["Speaker 1", "Speaker 1"]),
        "no label": lambda: heard_in(spoken[:1], [None]),
        "guessed times": lambda: heard_in(spoken[:1], ["Speaker 1"], estimated=True),
        "too short": lambda: heard_in(spoken[:1], ["Speaker 1"]),
    }[fault]()
    if fault == "two voices":  # without a pause that would part them
        words = [word for turn in heard.turns for word in turn.words]
        border = words[len(shortest.times)].start
        mixed = tuple(w for w in words if border - 2200 <= w.start and w.end <= border + 1600)
        heard = Heard(heard.span, (HeardTurn(mixed, "Speaker 1"),), heard.engine)
    if fault == "too short":
        turn = HeardTurn(heard.turns[0].words[:2], "Speaker 1")
        heard = Heard(heard.span, (turn,), heard.engine)
    leads = lead_of((heard, window))
    assert leads.lead == Lead()
    assert leads.carried == {}
    assert leads.is_growing


def test_nothing_is_clipped_where_it_was_not_asked_for(spoken):
    leads = Leads(wanted=False)
    leads.take(*heard_in(spoken[:2], ["Speaker 1", "Speaker 2"]))
    assert leads.lead == Lead()
    assert leads.carried is None
    assert not leads.is_growing


def test_an_answer_is_told_as_if_there_had_been_no_lead():
    lead = Lead(np.zeros(2 * RATE, "<i2").tobytes(), "[Speaker 1]: Hello")
    levels = np.arange(5 * 50, dtype=np.uint8)[:, None]
    words = (TimedWord("there", 1.95, 2.25), TimedWord("you", 2.5, 3.0))
    answer = lead.without(
        Transcript(7, (Turn(words, "Speaker 1"),), "", (), Emissions(levels, 0.02))
    )
    assert [(w.text, w.start_s, w.end_s) for w in answer.turns[0].words] == [
        ("there", 0.0, 0.25),
        ("you", 0.5, 1.0),
    ]
    assert answer.emissions.levels[:, 0].tolist() == levels[100:, 0].tolist()
    assert Lead().without(answer) is answer


def voice(label, *parts, seconds=5.0):
    whole = np.sum(parts, axis=0)
    return Voice(label, (whole / np.linalg.norm(whole)).astype(np.float32), seconds)


def span(number):
    return Span(number * 30_000, number * 30_000 + 30_000)


def test_a_carried_label_decides_where_voices_do_not():
    near = 0.52 * ANNA + 0.48 * BEN
    both = [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)]
    shared = {"Speaker 1": "0 Speaker 1", "Speaker 2": "0 Speaker 2"}
    for label in sorted(shared):
        linker = Linker()
        for number in range(3):
            linker.name(span(number), both, shared)
        late = [voice(label, near, seconds=2.0)]
        assert linker.name(span(3), late, shared) == {label: label}
        assert linker.settled().names[span(3), label] == label


def test_a_carried_label_gives_way_to_a_voice_that_is_clearly_another():
    assert float(voice(None, ANNA).vector @ voice(None, BEN).vector) < 0.8 < 1 - CARRIED
    linker = Linker()
    shared = {"Speaker 1": "0 Speaker 1", "Speaker 2": "0 Speaker 2"}
    linker.name(span(0), [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)], shared)
    assert linker.name(span(1), [voice("Speaker 1", BEN)], shared) == {"Speaker 1": "Speaker 2"}
    assert linker.settled().names[span(1), "Speaker 1"] == "Speaker 2"


def test_a_label_that_was_not_carried_says_nothing():
    near = 0.48 * ANNA + 0.52 * BEN
    linker = Linker()
    linker.name(
        span(0), [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)], {"Speaker 2": "0 Speaker 2"}
    )
    assert linker.name(span(1), [voice("Speaker 1", near)], {}) == {"Speaker 1": "Speaker 2"}


def test_a_resumed_run_knows_what_was_carried():
    near = 0.52 * ANNA + 0.48 * BEN
    shared = {"Speaker 1": "0 Speaker 1", "Speaker 2": "0 Speaker 2"}
    both = [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)]
    linker, resumed = Linker(), Linker()
    resumed.know(span(0), both, linker.name(span(0), both, shared), shared)
    late = [voice("Speaker 2", near)]
    assert linker.name(span(1), late, shared) == resumed.name(span(1), late, shared)
    assert linker.settled() == resumed.settled()


def test_labels_of_another_lead_mean_others():
    near = 0.52 * ANNA + 0.48 * BEN
    linker = Linker()
    both = [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)]
    linker.name(span(0), both, {"Speaker 1": "0 Speaker 1", "Speaker 2": "0 Speaker 2"})
    other = {"Speaker 1": "7 Speaker 1", "Speaker 2": "7 Speaker 2"}
    assert linker.name(span(1), [voice("Speaker 2", near)], other) == {"Speaker 2": "Speaker 1"}
