"""The normal form of a word: what sounds alike is alike."""

# Full-width signs and typographic apostrophes are meant.
# ruff: noqa: RUF001

import pytest

from granite_studio.core.forms import all_forms, forms


def normal(text: str, language: str = "en") -> str:
    return " ".join(form.text for form in all_forms(text.split(), language))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Wall,", "wall", "en"),
        ("(“Really?”)", "really", "en"),
        ("STRASSE", "Straße", "de"),
        ("ＡＢＣ", "abc", "en"),
        ("ﾃﾞｰﾀ", "データ", "ja"),
        ("1,000", "1000", "en"),
        ("1.000", "1000", "de"),
        ("twenty-one", "21", "en"),
        ("einundzwanzig", "21", "de"),
        ("zweitausenddreihundertfünfundvierzig", "2345", "de"),
        ("dreißig", "30", "de"),
        ("quatre-vingt-dix-sept", "97", "fr"),
        ("dix-huit", "18", "fr"),
        ("veintidós", "22", "es"),
        ("duzentos", "200", "pt"),
        ("OK", "okay", "en"),
        ("isn’t", "isn't", "en"),
    ],
)
def test_a_word_written_in_two_ways_has_one_form(one: str, other: str, language: str) -> None:
    assert forms(one, language) == forms(other, language) != ()


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("a well-known wall", "a well known wall", "en"),
        ("I don't, it's what we'll do", "I do not, it is what we will do", "en"),
        ("I can't and won't, let's", "I cannot and will not, let us", "en"),
        ("20% of R&D", "twenty percent of R and D", "en"),
        ("l'eau qu'il boit", "l’ eau qu’ il boit", "fr"),
        ("two hundred and five walls", "205 walls", "en"),
        ("two thousand twenty six", "2026", "en"),
        ("nineteen eighty-four", "1984", "en"),
        ("five five five one two", "555 12", "en"),
        ("mille neuf cent soixante et onze", "1971", "fr"),
        ("cent quatre vingt un", "181", "fr"),
        ("mil novecientos ochenta y cuatro", "1984", "es"),
        ("cento e vinte e três", "123", "pt"),
        ("zwei und zwanzig", "22", "de"),
        ("ein tausend ein hundert", "1100", "de"),
        ("今日は、 良い。", "今 日 は 良い", "ja"),
    ],
)
def test_a_text_written_in_two_ways_has_one_form(one: str, other: str, language: str) -> None:
    assert normal(one, language) == normal(other, language) != ""


def test_numbers_that_follow_one_another_stay_apart() -> None:
    assert normal("one, two and three") == "1 2 and 3"
    assert normal("twenty. One more") == "2 0 1 more"
    assert normal("zero and") == "0 and"


def test_signs_alone_have_no_form() -> None:
    assert forms("–", "en") == forms("...", "en") == forms("_", "en") == ()


def test_a_number_in_an_unknown_language_is_a_word() -> None:
    assert forms("Twenty-one", "it") == ("twenty", "one")
    assert forms("Twenty-one", "en-GB") == ("2", "1")


def test_each_piece_says_which_words_it_came_from() -> None:
    assert [
        tuple(form) for form in all_forms(["Up", "twenty", "one", "-", "well-known"], "en")
    ] == [
        ("up", 0, 0),
        ("2", 1, 2),
        ("1", 1, 2),
        ("well", 4, 4),
        ("known", 4, 4),
    ]
