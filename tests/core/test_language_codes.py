"""Languages in three letters, as tracks of films name them."""

import pytest
from PySide6.QtCore import QLocale

from granite_studio.core.language_codes import in_quicktime, three_letters

CODES = QLocale.LanguageCodeType


def test_all_codes_of_two_letters_are_those_of_the_standard():
    for language in QLocale.Language:
        two = QLocale.languageToCode(language, CODES.ISO639Part1)
        if len(two) == 2:
            assert three_letters(two) == QLocale.languageToCode(language, CODES.ISO639Part2T)
            library = QLocale.languageToCode(language, CODES.ISO639Part2B)
            assert three_letters(library) == three_letters(two)


@pytest.mark.parametrize(
    ("tag", "code", "quicktime"),
    [
        ("pt-BR", "por", "por"),
        ("he", "heb", "heb"),
        ("zh_Hant_TW", "zho", "chi"),
        ("DE", "deu", "ger"),
        ("sv", "swe", "sve"),
        ("sve", "swe", "sve"),
        ("fil", "fil", ""),
        ("german", "", ""),
        ("xx", "", ""),
        ("auto", "", ""),
        ("", "", ""),
    ],
)
def test_regions_and_scripts_are_left_out(tag, code, quicktime):
    assert three_letters(tag) == code
    assert in_quicktime(tag) == quicktime
