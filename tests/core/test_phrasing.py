"""Where sentences end and where a text can be cut."""

# Full-width signs look like others on purpose.
# ruff: noqa: RUF001

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.document import joined, tokens
from granite_studio.core.phrasing import (
    BOND,
    CLAUSE,
    CONJUNCTION,
    PLAIN,
    RELATIVE,
    STRONG,
    cut_costs,
)
from granite_studio.core.sentences import ends_clause, ends_sentence
from granite_studio.core.unspaced import words_of


@pytest.mark.parametrize("word", ["wall.", "wall?", "wall!”", "wall…", "(wall.)", "壁。", "etc."])
def test_a_sentence_is_over(word: str) -> None:
    assert ends_sentence(word)
    assert ends_clause(word)


@pytest.mark.parametrize("word", ["wall", "Dr.", "J.", "z.B.", "U.S.", "wall,", "3.5", ""])
def test_a_sentence_goes_on(word: str) -> None:
    assert not ends_sentence(word)


@pytest.mark.parametrize("word", ["wall,", "wall;", "wall:", "wall,”", "壁、"])
def test_a_clause_is_over(word: str) -> None:
    assert ends_clause(word)


def test_costs_rise_from_sentence_to_bond() -> None:
    words = ["No.", "He", "said:", "the", "wall,", "big", "and", "old", "stands."]
    assert cut_costs(words, "en") == [
        0,
        BOND,
        STRONG,
        BOND,
        CLAUSE,
        CONJUNCTION,
        BOND,
        PLAIN,
        0,
    ]
    assert cut_costs([], "en") == []


def test_each_language_has_its_own_bonds() -> None:
    assert cut_costs(["der", "Mann"], "de-AT") == [BOND, 0]
    assert cut_costs(["der", "Mann"], "xx") == [PLAIN, 0]


def test_italian_breaks_before_a_relative_pronoun_and_not_behind_a_preposition() -> None:
    words = ["la", "casa", "che", "guarda", "verso", "il", "mare"]
    costs = cut_costs(words, "it")
    assert [word for word, cost in zip(words, costs, strict=True) if cost == BOND] == [
        *("la", "che", "verso", "il")
    ]
    assert costs[1] == RELATIVE


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Er stand früh am Morgen auf und ging.", "Er stand|früh|am Morgen auf|und ging."),
        ("de", "Er sieht auf und ab auf uns.", "Er sieht auf|und ab auf uns."),
        ("en", "She got up and left him.", "She got up|and left|him."),
        ("it", "La mattina dopo e non prima.", "La mattina dopo|e non prima."),
        ("it", "Sua figlia sarebbe tornata qui.", "Sua figlia|sarebbe tornata|qui."),
        ("fr", "Le mur n\u2019est pas tombé.", "Le mur|n\u2019est pas tombé."),
        ("fr", "La ville qu'il aimait.", "La ville|qu'il aimait."),
        ("es", "Toda la noche y todo el día.", "Toda la noche|y todo el día."),
    ],
)
def test_what_belongs_together_is_bound(language: str, text: str, expected: str) -> None:
    words = text.split()
    parts = [""]
    for word, cost in zip(words, cut_costs(words, language), strict=True):
        parts[-1] += f" {word}"
        if cost < BOND:
            parts.append("")
    assert "|".join(part.strip() for part in parts[:-1]) == expected


def test_a_particle_at_the_end_belongs_to_its_verb() -> None:
    assert cut_costs(["Wir", "rufen", "heute", "an."], "de") == [BOND, PLAIN, BOND, 0]
    assert cut_costs(["Wir", "fangen", "jetzt", "an,", "sagt", "er"], "de")[2:4] == [BOND, CLAUSE]


def test_a_number_stays_whole_and_with_its_unit() -> None:
    assert cut_costs(["nineteen", "ninety", "four", "boats"], "en") == [BOND, BOND, BOND, 0]
    assert cut_costs(["200", "metres"], "en") == [BOND, 0]


@given(st.text())
def test_phrases_written_out_are_the_same_text(text: str) -> None:
    words = words_of(text)
    assert joined(words) == joined(tokens(text))
    assert words_of(joined(words)) == words_of(joined(tokens(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("発表した。2024年の東京は", ["発表した。", "2024年の", "東京は"]),
        ("と。Yes！そして", ["と。", "Yes！", "そして"]),
        ("です｡ABCの", ["です｡", "ABCの"]),
        ("価格は１，０００円で、３．５倍", ["価格は", "１，０００円で、", "３．５倍"]),
        ("今天，2024年", ["今天，", "2024年"]),
        ("NHK。BBC", ["NHK。", "BBC"]),
        ("え？ 「はい」", ["え？", "「はい」"]),
    ],
)
def test_a_full_width_sign_ends_a_phrase(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected
    assert joined(expected) == text.replace(" ", "")


@given(st.text(st.sampled_from("あいカキ漢字、。，．「」｡ ab12１")))
def test_japanese_phrases_written_out_are_the_same_text(text: str) -> None:
    assert joined(words_of(text)) == joined(tokens(text))
