"""Which words are worth a look, and what else may have been said there."""

from collections.abc import Sequence
from dataclasses import replace

from granite_studio.core.document import EngineUse, Finding, Span
from granite_studio.core.doubts import worth
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.merge import Role, Version, merged

END = 100_000


def version(role: Role, engine: str, *turns: str) -> Version:
    """Words of 200 ms, one after another; "word?0.3" has that confidence."""
    at, made = 0, []
    for turn in turns:
        label, _, text = turn.rpartition(": ")
        words = []
        for token in text.split():
            word, _, confidence = token.partition("?0.")
            sure = float(f"0.{confidence}") if confidence else None
            words.append(HeardWord(word, at, at + 200, sure))
            at += 200
        made.append(HeardTurn(tuple(words), label or None))
    return Version(role, Heard(Span(0, END), tuple(made), EngineUse(engine)))


def text(*turns: str) -> Version:
    return version(Role.TEXT, "base", *turns)


def voices(*turns: str) -> Version:
    return version(Role.SPEAKERS, "plus", *turns)


def witness(*turns: str) -> Version:
    return version(Role.WITNESS, "nar", *turns)


def own_times(late: int, *turns: str) -> Version:
    """The model's own times, of which the second word's is so many ms late."""
    made = version(Role.TIMES, "plus", *turns)
    (turn,) = made.heard.turns
    second = replace(turn.words[1], start=turn.words[1].start + late, end=200 * 2 + late)
    words = (turn.words[0], second, *turn.words[2:])
    return replace(made, heard=replace(made.heard, turns=(replace(turn, words=words),)))


def doubts(*versions: Version, keywords: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """Each doubt: its message, then the alternatives."""
    result = merged(versions, language="en", keywords=keywords)
    return [(finding.message, *finding.alternatives) for finding in result.doubts]


def test_two_witnesses_that_agree_make_a_doubt() -> None:
    assert doubts(
        text("Ask Corchain, please."),
        voices("ask Courchesne please"),
        witness("ask courchesne please"),
    ) == [("Perhaps “Courchesne,”: two models heard it differently.", "Courchesne,")]


def test_one_witness_alone_makes_none() -> None:
    assert doubts(text("The cold sea."), witness("the cold see")) == []


def test_one_witness_and_an_unsure_engine_make_a_doubt() -> None:
    assert doubts(text("The cold sea?0.3"), witness("the cold see")) == [
        ("Perhaps “see”: another model heard it differently and the model was unsure.", "see")
    ]


def test_what_only_looks_different_is_no_doubt() -> None:
    assert (
        doubts(
            text("It's?0.1 twenty-one?0.1 web?0.1 sites?0.1"),
            voices("it is 21 websites"),
            witness("it is 21 websites"),
        )
        == []
    )


def test_the_wording_of_most_witnesses_comes_first() -> None:
    (found,) = doubts(
        text("the cold sea"),
        voices("the cold see"),
        witness("the cold C"),
        version(Role.WITNESS, "third", "the cold C"),
    )
    assert found == ("Perhaps “C”: three models heard it differently.", "C", "see")


def test_two_prompts_of_one_engine_are_one_witness() -> None:
    assert doubts(text("the cold sea"), voices("the cold see"), own_times(0, "the cold see")) == []


def test_a_word_that_only_the_witnesses_heard_is_told_with_the_next() -> None:
    assert doubts(text("So I know."), voices("so I don't know"), witness("so i don't know")) == [
        ("Perhaps “don't know.”: two models heard it differently.", "don't know.")
    ]


def test_a_word_that_no_witness_heard_has_no_alternative() -> None:
    assert doubts(text("So I uh know."), voices("so I know"), witness("so i know")) == [
        ("Listen to “uh” again: two models heard nothing here.",)
    ]


def test_neighbouring_words_are_one_doubt() -> None:
    result = merged(
        [
            text("we saw grey walls there"),
            voices("we so great walls there"),
            witness("we so great balls there"),
        ],
        language="en",
    )
    (doubt,) = result.doubts
    assert doubt.span == Span(200, 800)
    assert doubt.alternatives == ("so great walls", "so great balls")
    assert result.weights == (2,)


def test_a_keyword_that_was_nearly_heard_is_offered() -> None:
    assert doubts(text("ask Mister Korchesne?0.2 now"), keywords=["Courchesne"]) == [
        (
            "Perhaps “Courchesne”: the model was unsure and it is close to a keyword.",
            "Courchesne",
        )
    ]
    assert doubts(text("ask Courchesne?0.2 now"), keywords=["Courchesne"]) == []


def test_a_keyword_may_have_been_heard_as_several_words() -> None:
    (found,) = doubts(
        text("we met at pal enter, yesterday"),
        witness("we met at palantir yesterday"),
        keywords=["Palantir"],
    )
    assert found == (
        "Perhaps “Palantir,”: another model heard it differently and it is close to a keyword.",
        "Palantir,",
    )


def test_own_times_that_disagree_are_a_signal() -> None:
    said = "the cold sea is wide"
    unsure = text("the cold?0.2 sea is wide")
    assert doubts(unsure, own_times(0, said)) == []
    assert doubts(unsure, own_times(250, said)) == []
    assert doubts(unsure, own_times(400, said)) == [
        ("Listen to “cold” again: the model was unsure and its times disagree.",)
    ]


def test_own_times_that_disagree_everywhere_tell_nothing_of_one_word() -> None:
    assert doubts(text("the cold?0.2 sea"), own_times(400, "the cold sea")) == []


def test_a_voice_that_changes_inside_a_sentence_is_a_signal() -> None:
    assert doubts(text("I think so?0.3 too. Yes."), voices("A: I think", "B: so too yes")) == [
        (
            "Listen to “so” again: the model was unsure and the speaker changes inside the "
            "sentence.",
        )
    ]
    assert doubts(text("I think. So?0.3 too."), voices("A: I think", "B: so too")) == []


def test_a_stretch_that_one_version_lost_is_no_doubt_about_words() -> None:
    said = "one two three four five six seven eight nine ten eleven twelve"
    assert doubts(text(said), voices("one twelve"), witness("one twelve")) == []


def test_a_version_without_words_is_no_witness() -> None:
    assert doubts(text("the cold sea?0.2"), voices(""), witness("")) == []


def test_the_weightiest_doubts_of_a_text_are_worth_a_look() -> None:
    found = [
        (Finding("doubt", Span(at, at), str(weight)), weight)
        for at, weight in enumerate([2, 4, 3, 2])
    ]
    assert [doubt.message for doubt in worth(found, 100)] == ["4", "3"]
    assert [doubt.message for doubt in worth(found, 10)] == ["4"]
