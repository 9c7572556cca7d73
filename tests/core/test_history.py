"""Undo takes back what a person did, and a machine's run as one deed of the one who asked."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Document, Span
from granite_studio.core.edits import Place
from granite_studio.core.heard import Heard, HeardWord
from granite_studio.core.history import LIMIT, MOST, History, Step
from tests.core.pictures import check, heard, picture, transcript
from tests.core.strategies import WINDOW, WINDOWS, documents, window_at
from tests.core.test_speed import long_transcript, quickest_ms

TEXT = transcript("one two three", "four five", gap=2_000)


def say(history: History, number: int, run: str = "run") -> None:
    """The machine hears one more window."""
    start = 20_000 + 5_000 * number
    said = heard(start, start + 1_000, f"Ben: w{number} {start}-{start + 300}")
    history.commit(edits.apply_heard(history.document, said), "Hear", run)


def write(history: History, row: int, text: str) -> None:
    history.commit(edits.retype(history.document, row, text), f"Write {text}")


def undo(history: History) -> list[str]:
    history.raise_deed()
    return picture(history.undo().document)


def labels(history: History) -> list[str]:
    return [step.label for step in history.steps[1:]]


def started() -> History:
    history = History([Step(TEXT)])
    history.begin("run")
    return history


def test_undo_takes_back_the_typing_and_not_what_was_heard_since():
    history = started()
    say(history, 1)
    write(history, 0, "one")
    say(history, 2)
    shown = history.document
    assert history.undo_label == "Write one"
    assert undo(history) == ["one two three", "four five", "Ben: w1", "Ben: w2"]
    assert (history.undo_label, history.redo_label) == (None, "Write one")
    assert history.redo().document is shown


def test_a_run_is_taken_back_once_it_is_over_and_not_before():
    history = started()
    say(history, 1)
    assert history.undo_label is None
    history.end("run")
    assert history.undo_label == "Hear"
    assert undo(history) == picture(TEXT)


def test_one_after_another_is_taken_back_and_the_run_is_one_step_at_the_end():
    history = started()
    for number, text in enumerate(("one", "one 2", "one 3", "one 4")):
        say(history, number)
        write(history, 0, text)
        history.seal()
    say(history, 9)
    assert [undo(history)[0] for _ in range(4)] == ["one 3", "one 2", "one", "one two three"]
    assert labels(history) == ["Hear", "Write one", "Write one 2", "Write one 3", "Write one 4"]
    assert undo(history) == picture(TEXT)
    assert history.undo_label is None
    for _ in range(5):
        history.redo()
    assert picture(history.document)[0] == "one 4"
    assert len(history.document.segments) == 7


def test_where_the_machine_changed_the_same_words_its_step_is_the_first_to_go():
    history = started()
    write(history, 0, "one two 3")
    after = edits.retime_word(history.document, Place(0, 2), 250, 290)
    history.commit(after, "Align words", "run")
    assert history.undo_label is None
    history.end("run")
    assert history.undo_label == "Align words"
    assert history.raise_deed() is None
    history.undo()
    assert history.undo_label == "Write one two 3"


def test_a_run_that_has_ended_stands_where_it_was_asked_for():
    history = History([Step(TEXT)])
    write(history, 0, "one")
    history.begin("run")
    write(history, 1, "four")  # before anything was heard, but after it was asked for
    say(history, 1)
    history.end("run")
    assert undo(history) == ["one", "four five", "Ben: w1"]
    assert history.undo_label == "Hear"
    assert undo(history) == ["one", "four five"]
    assert history.undo_label == "Write one"


def test_while_it_goes_on_what_was_done_before_it_goes_first_too():
    history = History([Step(TEXT)])
    write(history, 0, "one")
    history.begin("run")
    say(history, 1)
    assert history.undo_label == "Write one"
    history.end("run")
    assert history.undo_label == "Hear"
    history.begin("run")
    assert undo(history) == ["one two three", "four five", "Ben: w1"]
    history.redo()
    history.end("run")
    assert undo(history) == ["one two three", "four five", "Ben: w1"]


def test_moving_the_caret_does_not_part_a_run():
    history = started()
    for number in range(3):
        say(history, number)
        history.seal()
    assert labels(history) == ["Hear"]


def test_two_runs_keep_their_order():
    history = started()
    write(history, 0, "one")
    say(history, 1)
    history.begin("other")
    say(history, 2, "other")
    say(history, 3)
    assert undo(history) == ["one two three", "four five", "Ben: w1", "Ben: w2", "Ben: w3"]
    assert [step.merge_key for step in history.steps[1:]] == ["run", "other", "run", None]
    for step in history.steps:
        check(step.document)


def test_what_was_undone_can_be_redone_on_top_of_what_was_heard_since():
    history = started()
    for text in ("one", "one 2", "one 2 new 3"):
        write(history, 0, text)
    for _ in range(3):
        history.undo()
    say(history, 1)
    say(history, 2)
    assert history.redo_label == "Write one"
    for _ in range(3):
        check(history.redo().document)
    assert picture(history.document) == ["one 2 new 3", "four five", "Ben: w1", "Ben: w2"]
    assert [undo(history)[0] for _ in range(3)] == ["one 2", "one", "one two three"]


def test_redo_is_kept_up_to_the_step_that_meets_the_machine():
    history = started()
    write(history, 1, "four")
    write(history, 0, "one 2")
    history.undo()
    history.undo()
    history.commit(edits.retime_word(history.document, Place(0, 1), 110, 190), "Align", "run")
    assert [step.label for step in history.undone] == ["Write four"]


def test_what_a_person_does_forgets_what_was_undone():
    history = started()
    write(history, 0, "one")
    history.undo()
    write(history, 1, "four")
    assert history.undone == ()


def test_a_short_text_keeps_all_that_was_undone():
    history = started()
    for number in range(40):
        write(history, 0, f"one {number}")
    for _ in range(40):
        history.undo()
    say(history, 1)
    assert len(history.undone) == 40
    for _ in range(40):
        check(history.redo().document)
    assert picture(history.document)[0] == "one 39"


def test_no_more_than_the_nearest_undone_steps_are_kept_in_a_long_text(monkeypatch):
    monkeypatch.setattr("granite_studio.core.history._BEARABLE", 0)
    history = started()
    for number in range(MOST + 3):
        write(history, 0, f"one {number}")
    for _ in range(MOST + 3):
        history.undo()
    say(history, 1)
    assert len(history.undone) == MOST


def test_under_more_steps_of_a_machine_than_that_a_deed_stays(monkeypatch):
    monkeypatch.setattr("granite_studio.core.history._BEARABLE", 0)
    history = started()
    write(history, 0, "one")
    for number in range(MOST + 1):
        assert history.undo_label == "Write one"
        history.begin(f"run {number}")
        say(history, number, f"run {number}")
    assert history.undo_label is None
    history.end(f"run {MOST}")
    assert history.undo_label == "Hear"


def test_an_undone_run_is_not_put_on_top_of_another():
    history = started()
    say(history, 1)
    history.undo()
    history.begin("other")
    say(history, 2, "other")
    assert history.undone == ()


def test_the_oldest_step_that_is_kept_stays_the_oldest():
    history = started()
    say(history, 1)
    for number in range(LIMIT):
        history.commit(replace(history.document, extras=str(number)), "Edit")
    say(history, 2)
    oldest = history.steps[0]
    assert oldest.since is None
    assert history.steps[1].number == oldest.number + 1 > 1
    for _ in range(LIMIT):
        history.raise_deed()
        history.undo()
    assert history.step is oldest
    assert history.steps[0] is oldest


def test_a_run_does_not_go_on_in_the_oldest_step():
    first = edits.apply_heard(TEXT, heard(20_000, 21_000, "Ben: w1 20000-20300"))
    typed = edits.retype(first, 0, "one")
    after = edits.apply_heard(typed, heard(30_000, 31_000, "Ben: w2 30000-30300"))
    steps = (Step(first, "Hear", "run", 7, 3), Step(typed, "Write", None, 8))
    history = History([*steps, Step(after, "Hear", "run", 9, 3)])
    assert undo(history) == ["one two three", "four five", "Ben: w1", "Ben: w2"]
    assert [step.number for step in history.steps] == [7, 8, 9]
    assert history.steps[0].document is first


def test_a_step_that_is_raised_can_be_added_to():
    history = started()
    write(history, 0, "one")
    say(history, 1)
    deed = history.deed
    below = history.raise_deed()
    after = edits.retime_word(history.document, Place(0, 0), 10, 90)
    assert history.amend(after).label == deed.label
    assert [step.document for step in history.following(below)][-1] is after
    history.undo()
    assert picture(history.document) == ["one two three", "four five", "Ben: w1"]


@pytest.mark.parametrize("cues_by_hand", [0, 10_000])
def test_in_a_hundred_thousand_words_it_takes_under_twenty_ms(cues_by_hand):
    document = long_transcript(3_000)
    words = list(document.words())
    pairs = zip(words[::3], words[1::3], strict=False)
    cues = tuple(CueOverride(a.id, b.id) for a, b in islice(pairs, cues_by_hand))
    history = History([Step(replace(document, cue_overrides=cues))])
    history.begin("run")
    write(history, 1_500, "one")
    start = 3_000 * 12_000
    for number in range(20):
        start += 2_000
        said = heard(start, start + 1_000, f"w{number} {start}-{start + 300}")
        history.commit(edits.apply_heard(history.document, said), "Hear", "run")

    def take_back() -> None:
        again = History(history.steps)
        assert again.raise_deed()
        again.undo()

    assert quickest_ms(take_back) < 20


def alone(document: Document) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """All that is said, by whom and when, and no ids."""
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [
        (names.get(row.speaker or 0, ""), [(w.text, w.start, w.end) for w in row.words])
        for row in document
    ]


def behind(said: Heard) -> Heard:
    """The same a minute later, where nobody writes."""
    later = 60_000

    def moved(word: HeardWord) -> HeardWord:
        return replace(word, start=word.start + later, end=word.end + later)

    turns = tuple(replace(turn, words=tuple(map(moved, turn.words))) for turn in said.turns)
    span = Span(said.span.start + later, said.span.end + later)
    return replace(said, span=span, turns=turns)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_without_all_a_person_did_there_is_what_the_machine_alone_would_have(data):
    first = data.draw(documents(apart=True).filter(lambda document: document.segments))
    windows = [behind(data.draw(window_at(number * WINDOW))) for number in range(WINDOWS)]
    history = History([Step(first)])
    history.begin("run")
    rows = len(first.segments)
    deeds = 0
    for said in windows:
        for _ in range(data.draw(st.integers(0, 2))):
            document = history.document
            row = data.draw(st.integers(0, rows - 1))
            words = document.segments[row].text.split()
            place = data.draw(st.integers(0, len(words)))
            words[place : place + data.draw(st.integers(0, 1))] = data.draw(
                st.lists(st.sampled_from(["new", "words"]), max_size=2)
            )
            after = edits.retype(document, row, " ".join(words) or "kept")
            if after is not document:
                deeds += 1
                history.commit(after, "Type")
        history.commit(edits.apply_heard(history.document, said), "Hear", "run")
    shown = history.document
    for _ in range(deeds):
        assert history.undo_label == "Type"
        history.raise_deed()
        check(history.undo().document)
    machine = first
    for said in windows:
        machine = edits.apply_heard(machine, said)
    assert alone(history.document) == alone(machine)
    for _ in range(deeds):
        history.redo()
    assert history.document is shown
