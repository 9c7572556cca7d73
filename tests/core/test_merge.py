"""Several versions of one window become one text."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.document import EngineUse, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.merge import Merged, Role, Version, merged
from granite_studio.engines.granite import tags
from tests.core.pictures import heard

BASE, PLUS, NAR = EngineUse("base"), EngineUse("plus"), EngineUse("nar")
END = 10_000


def evenly(*turns: str) -> list[str]:
    """Turns whose words last 200 ms each, from 0 on; a number in brackets is a silence in ms."""
    at, timed = 0, []
    for turn in turns:
        label, _, text = turn.rpartition(": ")
        words = []
        for word in text.split():
            if word.startswith("("):
                at += int(word.strip("()"))
                continue
            words.append(f"{word} {at}-{at + 200}")
            at += 200
        timed.append(f"{label}: {' '.join(words)}" if label else " ".join(words))
    return timed


def text(*turns: str, engine: EngineUse = BASE) -> Version:
    return Version(Role.TEXT, heard(0, END, *evenly(*turns), engine=engine))


def speakers(*turns: str) -> Version:
    return Version(Role.SPEAKERS, heard(0, END, *evenly(*turns), engine=PLUS))


def witness(*turns: str, engine: EngineUse = NAR) -> Version:
    return Version(Role.WITNESS, heard(0, END, *evenly(*turns), engine=engine))


def times(*turns: str) -> Version:
    """Turns with times as `pictures.heard` takes them."""
    return Version(Role.TIMES, heard(0, END, *turns, engine=PLUS))


def said(result: Merged) -> list[str]:
    return [
        f"{turn.speaker}: " * bool(turn.speaker) + " ".join(word.text for word in turn.words)
        for turn in result.turns
    ]


def merge(*versions: Version) -> Merged:
    return merged(versions, language="en")


def test_one_version_stays_as_it_is() -> None:
    only = speakers("A: Good day.", "B: Hello.", "B: You?")
    result = merge(only)
    assert result == Merged(only.heard.turns, ())
    assert merge() == Merged((), ())


def test_the_text_is_written_by_one_and_given_voices_by_the_other() -> None:
    result = merge(
        speakers("A: it's twenty one", "B: oh no not the website"),
        text("It is 21. Oh no, not the web site."),
    )
    assert said(result) == ["A: It is 21.", "B: Oh no, not the web site."]


def test_words_and_times_of_the_text_stay() -> None:
    version = Version(Role.TEXT, heard(0, END, "Grey 100-480 sea, 500-990", engine=BASE))
    result = merge(version, speakers("A: gray", "B: sea"))
    assert [turn.words for turn in result.turns] == [
        version.heard.turns[0].words[:1],
        version.heard.turns[0].words[1:],
    ]


def test_without_a_text_the_best_version_there_is_gives_it() -> None:
    result = merge(witness("cold see"), speakers("A: Cold sea."))
    assert said(result) == ["A: Cold sea."]


def test_a_word_that_is_heard_otherwise_has_the_voice_that_says_the_other() -> None:
    result = merge(text("good yeah fine"), speakers("A: good", "B: yes fine"))
    assert said(result) == ["A: good", "B: yeah fine"]


def test_a_word_without_a_partner_goes_with_its_sentence() -> None:
    result = merge(
        text("So. Well, I think so. Right, you do."),
        speakers("A: So.", "B: I think", "A: you do."),
    )
    assert said(result) == ["A: So.", "B: Well, I think so.", "A: Right, you do."]


def test_a_sentence_without_partners_goes_by_time() -> None:
    result = merge(
        text("One two. (400) Yes! (600) Three four."),
        speakers("A: One two. (1200)", "B: Three four."),
    )
    assert said(result) == ["A: One two. Yes!", "B: Three four."]


def test_a_turn_does_not_go_back_and_forth_in_words_that_nobody_else_heard() -> None:
    result = merge(
        text("a b x x x x c d"),
        speakers("A: a b (400)", "B: (400) c d"),
    )
    assert said(result) == ["A: a b x x", "B: x x c d"]


def test_words_that_the_text_lacks_are_taken_and_named() -> None:
    result = merge(
        text("Good day. (2000) Bye."),
        speakers("A: Good day.", "B: (500) hello there", "A: (1100) Bye."),
    )
    assert said(result) == ["A: Good day.", "B: hello there", "A: Bye."]
    assert [[word.source for word in turn.words] for turn in result.turns] == [
        ["", ""],
        ["plus", "plus"],
        [""],
    ]


def test_words_in_a_short_pause_are_not_taken() -> None:
    result = merge(text("Good day. (1400) Bye."), witness("good day (200) uh (1000) bye"))
    assert said(result) == ["Good day. Bye."]


def test_another_wording_of_the_word_before_a_pause_is_not_taken() -> None:
    result = merge(text("Courchesne. (2000) Bye."), witness("core (50) shane (1900) bye"))
    assert said(result) == ["Courchesne. Bye."]


def test_a_word_that_reads_otherwise_is_not_taken_though_its_times_are_far_off() -> None:
    result = merge(text("Vichy. (2000) Bye."), witness("(600) vissi (1400) bye"))
    assert said(result) == ["Vichy. Bye."]


def test_what_was_said_after_a_word_that_reads_otherwise_is_taken() -> None:
    result = merge(text("Core. (2000) Bye."), witness("corps (700) wait for me (400) bye"))
    assert said(result) == ["Core. wait for me Bye."]


def test_taken_words_stay_inside_the_hole() -> None:
    result = merge(text("a b (1800) c"), witness("a (50) x y z b (1350) q r s c"))
    words = [word for turn in result.turns for word in turn.words]
    assert [word.text for word in words] == ["a", "b", "q", "r", "s", "c"]
    assert all(one.end <= two.start for one, two in pairwise(words))


def test_a_text_without_words_is_another_version_s() -> None:
    result = merge(text(""), speakers("A: Good day.", "B: Hello."), witness("good day"))
    assert said(result) == ["A: Good day.", "B: Hello."]
    assert {word.source for turn in result.turns for word in turn.words} == {"plus"}


def test_own_times_are_used_where_there_is_no_text() -> None:
    result = merge(
        speakers("A: One, two", "B: three four."),
        times("one 100-400 two 450-700 three 900-1200 four 1250-1500"),
    )
    assert said(result) == ["A: One, two", "B: three four."]
    assert [(word.start, word.end) for turn in result.turns for word in turn.words] == [
        (100, 400),
        (450, 700),
        (900, 1200),
        (1250, 1500),
    ]


def test_words_without_own_times_share_the_room_between_the_others() -> None:
    result = merge(
        speakers("A: One, new, two nor the end"),
        times("one 100-400 knew 500-700 two 900-1200"),
    )
    words = result.turns[0].words
    assert [(word.text, word.start, word.end, word.estimated) for word in words] == [
        ("One,", 100, 400, False),
        ("new,", 500, 700, True),
        ("two", 900, 1200, False),
        ("nor", 1200, 1550, True),
        ("the", 1550, 1900, True),
        ("end", 1900, 2250, True),
    ]


VOICES = st.sampled_from(["A", "B", None])
WORDS = st.sampled_from(
    ["no", "no.", "Yes", "twenty", "one", "21", "web", "website", "-", "don't"]
)


@st.composite
def versions(draw: st.DrawFn) -> Version:
    """Any words in any turns, in order of time, some long after one another."""
    at, turns = 0, []
    for _ in range(draw(st.integers(0, 3))):
        words = []
        for text in draw(st.lists(WORDS, min_size=1, max_size=6)):
            start = min(at + draw(st.sampled_from([0, 50, 2000])), END)
            at = min(start + draw(st.sampled_from([0, 200, 900])), END)
            confidence = draw(st.sampled_from([None, 0.2, 0.9]))
            words.append(HeardWord(text, start, at, confidence, draw(st.booleans())))
        turns.append(HeardTurn(tuple(words), draw(VOICES)))
    role, engine = draw(st.sampled_from(Role)), draw(st.sampled_from([BASE, PLUS, NAR]))
    return Version(role, Heard(Span(0, END), tuple(turns), engine))


@settings(deadline=None)
@given(st.lists(versions(), min_size=1, max_size=4))
def test_whatever_was_heard_no_word_of_the_text_is_lost(heard: list[Version]) -> None:
    result = merged(heard, language="en", keywords=["twenties"])
    leading = min(heard, key=lambda version: list(Role).index(version.role))
    words = [word for turn in result.turns for word in turn.words]
    left = iter([word.text for word in words])
    assert all(word.text in left for turn in leading.heard.turns for word in turn.words)
    assert all(0 <= one.start <= one.end <= END for one in words)
    assert all(one.start <= two.start for one, two in pairwise(words))
    assert all(turn.words for turn in result.turns)
    assert len(result.doubts) == len(result.weights)


def plus_versions(window: dict[str, object]) -> tuple[Version, Version]:
    """The recorded answers to both prompts; the speakers' words have no times of their own."""
    seconds = float(str(window["duration_s"]))
    span, use = Span(0, round(seconds * 1000)), EngineUse("granite-plus")
    turns = tuple(
        HeardTurn(
            tuple(HeardWord(word, 0, 0, estimated=True) for word in turn.text.split()),
            f"Speaker {turn.speaker}",
        )
        for turn in tags.turns(str(window["speakers"]))
    )
    own = tuple(
        HeardWord(
            word.text,
            round(word.start_s * 1000),
            round(word.end_s * 1000),
            estimated=word.estimated,
        )
        for word in tags.timed(str(window["timestamps"]), duration_s=seconds).words
    )
    return (
        Version(Role.SPEAKERS, Heard(span, turns, use)),
        Version(Role.TIMES, Heard(span, (HeardTurn(own),), use)),
    )


@pytest.mark.parametrize("clip", ["0001", "0003", "0005", "0007", "0009", "0011"])
def test_real_answers_to_both_prompts_become_one_timed_text(shared_data: Path, clip: str) -> None:
    path = shared_data / "plus_outputs" / f"clip_{clip}.json"
    (window,) = json.loads(path.read_text(encoding="utf-8"))["windows"]
    voices, own = plus_versions(window)
    result = merged([own, voices], language="en")
    words = [word for turn in result.turns for word in turn.words]
    left = iter([word.text for word in words])
    assert all(word.text in left for turn in voices.heard.turns for word in turn.words)
    assert {turn.speaker for turn in result.turns} == {t.speaker for t in voices.heard.turns}
    reached = 0
    for word in words:
        assert reached <= word.start <= word.end
        reached = word.end
    assert reached <= voices.heard.span.end
    own_words = {word.text for turn in own.heard.turns for word in turn.words}
    taken = Counter(word.text for word in words)
    taken.subtract(word.text for turn in voices.heard.turns for word in turn.words)
    assert own_words.issuperset(+taken)
    assert sum(word.estimated for word in words) < 0.1 * len(words)
