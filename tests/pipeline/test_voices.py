"""Labels of windows become speakers of the recording."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from granite_studio.core.document import Span
from granite_studio.core.errors import FormatError
from granite_studio.engines.base import Half, Voice
from granite_studio.pipeline.voices import Linker, packed, unpacked

ANNA, BEN, CARL = np.eye(3)
NAMES = {"A": "Speaker 1", "B": "Speaker 2", "C": "Speaker 3"}


def voice(label: str | None, *parts: np.ndarray, seconds: float = 5.0) -> Voice:
    """The voice of a person, or of something between several."""
    whole = np.sum(parts, axis=0)
    return Voice(label, (whole / np.linalg.norm(whole)).astype(np.float32), seconds)


def span(number: int) -> Span:
    return Span(number * 30_000, number * 30_000 + 30_000)


def interview(windows: int, people: int = 3, *, noise: float = 0.15, seed: int = 0):
    """Windows of people with unlike voices under shuffled labels, and who each label is."""
    draw, chance = np.random.default_rng(seed), random.Random(seed)
    voices = np.linalg.qr(draw.normal(size=(32, people)))[0].T
    heard, truth = [], {}
    for number in range(windows):
        present = chance.sample(range(people), chance.randint(1, min(people, 3)))
        labels = chance.sample(["Speaker 1", "Speaker 2", "Speaker 3"], len(present))
        stray = draw.normal(size=(len(present), 32)) * noise / np.sqrt(32)
        said = [
            voice(label, voices[who], strays, seconds=chance.uniform(0.5, 15))
            for label, who, strays in zip(labels, present, stray, strict=True)
        ]
        heard.append((span(number), said))
        truth |= {(span(number), label): who for label, who in zip(labels, present, strict=True)}
    return heard, truth


def linked(heard, **options) -> Linker:
    linker = Linker(**options)
    for window, voices in heard:
        linker.name(window, voices)
    return linker


def test_a_voice_keeps_its_name_under_another_label() -> None:
    linker = Linker()
    assert linker.name(span(0), [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)]) == {
        "Speaker 1": "Speaker 1",
        "Speaker 2": "Speaker 2",
    }
    assert linker.name(span(1), [voice("Speaker 1", BEN), voice("Speaker 2", CARL)]) == {
        "Speaker 1": "Speaker 2",
        "Speaker 2": "Speaker 3",
    }


def test_a_window_without_labels_is_one_voice() -> None:
    linker = Linker()
    linker.name(span(0), [voice("Speaker 1", ANNA), voice("Speaker 2", BEN)])
    assert linker.name(span(1), [voice(None, BEN)]) == {None: "Speaker 2"}
    assert linker.name(span(2), []) == {}


def test_two_labels_of_a_window_are_two_people_however_alike_they_sound() -> None:
    twin = ANNA + 0.1 * BEN
    heard = [[voice("A", ANNA), voice("B", twin)], [voice("A", twin), voice("B", ANNA)]]
    linker = linked((span(number), voices) for number, voices in enumerate(heard))
    assert linker.settled().names == {
        (span(0), "A"): "Speaker 1",
        (span(0), "B"): "Speaker 2",
        (span(1), "A"): "Speaker 2",
        (span(1), "B"): "Speaker 1",
    }


def test_labels_of_a_window_are_given_out_so_that_all_fit_best() -> None:
    linker = linked([(span(0), [voice("A", ANNA), voice("B", ANNA, 0.2 * BEN)])])
    # Both sound most like the second; the one that sounds less like the first has to be it.
    both = [voice("A", ANNA, 0.2 * BEN), voice("B", ANNA, 0.4 * BEN)]
    assert linker.name(span(1), both) == {"A": "Speaker 1", "B": "Speaker 2"}


def test_a_word_or_two_make_no_new_speaker() -> None:
    linker = linked([(span(0), [voice("A", ANNA)])])
    assert linker.name(span(1), [voice("A", BEN, seconds=0.4)]) == {"A": "Speaker 1"}
    assert set(linker.settled().names.values()) == {"Speaker 1"}


def test_three_voices_come_out_the_same_over_120_windows() -> None:
    heard, truth = interview(120)
    names = linked(heard).settled().names
    people = {(names[key], who) for key, who in truth.items()}
    assert len(names) == len(truth)
    assert len(people) == 3
    for window, voices in heard:
        assert len({names[window, one.speaker] for one in voices}) == len(voices)


def test_first_guesses_are_right_too_where_voices_are_clear() -> None:
    heard, truth = interview(120)
    linker = Linker()
    people = set()
    for window, voices in heard:
        for label, name in linker.name(window, voices).items():
            people.add((name, truth[window, label]))
    assert len(people) == 3


def test_the_order_of_the_windows_does_not_matter() -> None:
    heard, _ = interview(60, noise=0.8)
    other_way = random.Random(1).sample(heard, len(heard))
    assert linked(heard).settled() == linked(other_way).settled()


def test_a_resumed_run_settles_as_one_that_was_never_stopped() -> None:
    heard, _ = interview(40, noise=0.8)
    whole = linked(heard)
    first, resumed = Linker(), Linker()
    for window, voices in heard[:25]:
        names = first.name(window, voices)
        resumed.know(window, unpacked(json.loads(json.dumps(packed(voices)))), names)
    for window, voices in heard[25:]:
        assert first.name(window, voices) == resumed.name(window, voices)
    assert resumed.settled() == whole.settled()


def test_a_window_that_is_heard_again_counts_once() -> None:
    linker = linked([(span(0), [voice("A", ANNA)]), (span(1), [voice("A", BEN)])])
    assert linker.name(span(1), [voice("B", ANNA)]) == {"B": "Speaker 1"}
    assert linker.settled().names == {(span(0), "A"): "Speaker 1", (span(1), "B"): "Speaker 1"}


def test_speakers_are_numbered_by_first_appearance() -> None:
    linker = Linker()
    linker.name(span(5), [voice("A", BEN)])
    linker.name(span(1), [voice("A", ANNA)])
    assert linker.settled().names == {(span(1), "A"): "Speaker 1", (span(5), "A"): "Speaker 2"}


def test_one_wrong_label_does_not_part_a_person_for_the_whole_recording() -> None:
    heard, _ = interview(60, people=1)
    window, [anna] = heard[20]
    heard[20] = (window, [anna, replace(anna, speaker="Speaker 9")])
    names = linked(heard).settled().names
    others = {name for (where, _), name in names.items() if where != window}
    assert others == {"Speaker 1"}
    assert names[window, anna.speaker] != names[window, "Speaker 9"]


def test_a_given_number_of_speakers_is_kept_to() -> None:
    heard, truth = interview(60, people=4, noise=0.3)
    names = linked(heard, speakers=4).settled().names
    assert len({(names[key], who) for key, who in truth.items()}) == 4
    assert len(set(linked(heard, speakers=2).settled().names.values())) == 2
    assert set(linked(heard, speakers=1).settled().names.values()) == {"Speaker 1"}


def test_a_jingle_takes_no_place_among_a_given_number_of_speakers() -> None:
    heard, truth = interview(60, people=2)
    jingle = (span(90), [voice("A", np.tile([1.0, -1.0], 16), seconds=2)])
    names = linked([*heard, jingle], speakers=2).settled().names
    assert len({(names[key], who) for key, who in truth.items()}) == 2


@pytest.mark.parametrize("speakers", [None, 1, 2])
def test_voices_that_are_quite_the_same_are_one(speakers: int | None) -> None:
    heard = [(span(number), [voice("A", ANNA, BEN)]) for number in range(9)]
    assert set(linked(heard, speakers=speakers).settled().names.values()) == {"Speaker 1"}


@pytest.mark.parametrize("speakers", [None, 1, 2])
def test_where_nobody_says_more_than_a_word_all_is_by_one(speakers: int | None) -> None:
    heard = [(span(at), [voice("A", who, seconds=0.5)]) for at, who in enumerate((ANNA, BEN))]
    assert set(linked(heard, speakers=speakers).settled().names.values()) == {"Speaker 1"}


def test_there_cannot_be_fewer_than_one_speaker() -> None:
    with pytest.raises(ValueError, match="0 speakers"):
        Linker(speakers=0)


def test_a_person_is_asked_about_two_who_sound_nearly_alike() -> None:
    near = ANNA + 0.48 * BEN  # at 0.90
    heard = [[voice("A", person)] for person in (ANNA, near, CARL, ANNA, near)]
    linker = linked((span(number), voices) for number, voices in enumerate(heard))
    [question] = linker.settled().unsure
    assert (question.first, question.second) == ("Speaker 1", "Speaker 2")
    assert question.span == span(1)
    assert 0.88 < question.likeness < 0.92


def test_nobody_is_asked_about_two_who_speak_with_one_another() -> None:
    linker = linked([(span(0), [voice("A", ANNA), voice("B", ANNA, 0.48 * BEN)])])
    assert linker.settled().unsure == ()


def test_thousands_of_voices_settle() -> None:
    heard, truth = interview(2_000, people=6, noise=0.3)
    names = linked(heard).settled().names
    assert len(truth) > 3_500
    assert len({(names[key], who) for key, who in truth.items()}) == 6


def test_nothing_heard_is_nobody() -> None:
    assert Linker().settled().names == {}


def test_voices_are_kept_as_plain_values() -> None:
    voices = (voice("Speaker 1", ANNA, BEN), voice(None, CARL, seconds=0.25))
    back = unpacked(json.loads(json.dumps(packed(voices))))
    assert [(one.speaker, one.seconds) for one in back] == [("Speaker 1", 5.0), (None, 0.25)]
    for one, other in zip(voices, back, strict=True):
        assert other.vector.dtype == np.float32
        np.testing.assert_allclose(other.vector, one.vector, atol=1e-3)
    assert packed(back) == packed(voices)


def test_the_halves_of_a_voice_are_kept_with_it() -> None:
    state = np.array([40.5, -3.25, 0.125], np.float32)
    halves = tuple(
        Half(one.astype(np.float32), state * (at + 1)) for at, one in enumerate((ANNA, BEN))
    )
    whole = replace(voice("Speaker 1", ANNA, BEN), halves=halves)
    [back] = unpacked(json.loads(json.dumps(packed([whole]))))
    assert [half.state.tolist() for half in back.halves] == [
        [40.5, -3.25, 0.125],
        [81, -6.5, 0.25],
    ]
    assert [half.vector.tolist() for half in back.halves] == [ANNA.tolist(), BEN.tolist()]
    assert packed([back]) == packed([whole])


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        "AAAA",
        {"voices": []},
        ["Speaker 1"],
        [[]],
        [["Speaker 1", 1.0]],
        [["Speaker 1", 1.0, "ADw=", "more"]],
        [[7, 1.0, "ADw="]],
        [["Speaker 1", True, "ADw="]],
        [["Speaker 1", 0, "ADw="]],
        [["Speaker 1", float("nan"), "ADw="]],
        [["Speaker 1", 1e-300, "ADw="]],
        [["Speaker 1", 1e308, "ADw="]],
        [["Speaker 1", "long", "ADw="]],
        [["Speaker 1", 1.0, None]],
        [["Speaker 1", 1.0, ""]],
        [["Speaker 1", 1.0, "A"]],
        [["Speaker 1", 1.0, "ADwA"]],
        [["Speaker 1", 1.0, "AH4="]],
        [["Speaker 1", 1.0, "AAA="]],
        [["Speaker 1", 1.0, "ä"]],
        [["Speaker 1", 1.0, "ADw=", ["ADw="]]],
        [["Speaker 1", 1.0, "ADw=", ["AAA=", "ADw="]]],
        [["Speaker 1", 1.0, "ADw=", ["ADw=", "AHw="]]],
        [["Speaker 1", 1.0, "ADw=", ["ADw=", 7]]],
    ],
)
def test_damaged_voices_are_said_to_be(damaged: object) -> None:
    with pytest.raises(FormatError, match="hear the recording again"):
        unpacked(damaged)
    assert len(unpacked([["Speaker 1", 1.0, "ADw="]])) == 1
