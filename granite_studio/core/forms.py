"""The normal form of words: what two engines wrote differently and a person would say alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from granite_studio.core.document import spaced
from granite_studio.core.numerals import Number, atoms_of

_SAME = {
    "en": {
        "can't": "can not",
        "cannot": "can not",
        "won't": "will not",
        "shan't": "shall not",
        "let's": "let us",
        "gonna": "going to",
        "wanna": "want to",
        "gotta": "got to",
        "ok": "okay",
        "mr": "mister",
        "dr": "doctor",
        "alright": "all right",
    },
    "de": {"dr": "doktor", "nr": "nummer"},
}
_SIGNS = {
    "en": {"&": "and", "%": "percent"},
    "de": {"&": "und", "%": "prozent"},
    "fr": {"&": "et", "%": "pour cent"},
    "es": {"&": "y", "%": "por ciento"},
    "pt": {"&": "e", "%": "por cento"},
}
_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}
_IS = re.compile(
    "(he|she|it|that|this|what|who|where|how|when|there|here|every(?:thing|body|one))'s"
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))  # noqa: RUF001 (look-alikes)
_PARTS = re.compile(r"[^\W_]+")
_CLOSES = re.compile(r"[,;:.!?…]['\"»”)]*$")


class Form(NamedTuple):
    """One piece of normal text and the words it came from, from `first` to `last`."""

    text: str
    first: int
    last: int


def forms(word: str, language: str) -> tuple[str, ...]:
    """The normal form of one word, in pieces; nothing for a word of signs alone.

    Case, signs and full width go; "well-known" and "l'eau" come apart, "don't" is "do" and "not";
    numbers come digit by digit, written as words in en, de, fr, es and pt as well ("twenty-one"
    is "2", "1"), and scripts without spaces character by character. `language` is a BCP 47 tag.
    """
    return tuple(form.text for form in all_forms([word], language))


def all_forms(words: Sequence[str], language: str) -> list[Form]:
    """The normal form of a text, each piece with the words it came from.

    Unlike `forms` of each word this sees that "two hundred and five" is one number, 205.
    """
    primary = language.partition("-")[0].lower()
    found: list[Form] = []
    number = _Spoken(primary)
    for place, word in enumerate(words):
        parts, closes = _parts(word, primary)
        for text, atoms in parts:
            if atoms and number.takes(text, atoms, place):
                continue
            found += number.given()
            if not atoms or not number.takes(text, atoms, place):
                found += [Form(piece, place, place) for piece in _pieces(text)]
        if closes:
            found += number.given()
    return found + number.given()


class _Spoken:
    """A number being read from words, and a linking word that may or may not belong to it."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._number: Number | None = None
        self._first = self._last = 0
        self._link: Form | None = None

    def takes(self, text: str, atoms: tuple[int | str, ...], place: int) -> bool:
        """Take what a word says if all of it begins the number, or goes on with it."""
        if self._number is not None and len(atoms) == 1 and isinstance(atoms[0], str):
            if self._link is not None:
                return False
            self._link = Form(text, place, place)
            return True
        number, linked = self._number, self._link is not None
        for atom in atoms:
            if isinstance(atom, str):
                linked = True
                continue
            begun = Number.begun(self._language, atom)
            grown = number.then(atom, linked=linked) if number else begun
            if grown is None:
                return False
            number, linked = grown, False
        if linked or number is self._number:
            return False
        if self._number is None:
            self._first = place
        self._number, self._last, self._link = number, place, None
        return True

    def given(self) -> list[Form]:
        """The digits of the number, and what followed and is none; another may begin."""
        if self._number is None:
            return []
        found = [Form(digit, self._first, self._last) for digit in str(self._number.value)]
        found += [self._link] if self._link else []
        self._number = self._link = None
        return found


@lru_cache(maxsize=65_536)
def _parts(word: str, language: str) -> tuple[tuple[tuple[str, tuple[int | str, ...]], ...], bool]:
    """The parts of one word, each with what it says as a number word; and whether a sign that
    ends a clause stands behind it, so that no number goes on."""
    text = _in_full(_small(word), language)
    atoms = atoms_of(language)
    parts = tuple((part, atoms(part)) for part in _PARTS.findall(text))
    return parts, _CLOSES.search(word) is not None


def _small(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word.translate(_APOSTROPHES)).casefold()


def _in_full(text: str, language: str) -> str:
    """Signs, contractions and abbreviations written out."""
    for sign, full in _SIGNS.get(language, {}).items():
        text = text.replace(sign, f" {full} ")
    same = _SAME.get(language, {})
    bare = text.strip(" .,;:!?\"'()[]…«»“”„¿¡")
    if bare in same:
        return same[bare]
    if language != "en" or "'" not in bare:
        return text
    for ending, full in _ENDINGS.items():
        if bare.endswith(ending) and len(bare) > len(ending):
            return f"{bare.removesuffix(ending)} {full}"
    is_short = _IS.fullmatch(bare)
    return f"{is_short[1]} is" if is_short else text


def _pieces(part: str) -> list[str]:
    """Digits and characters of unspaced scripts one by one, the letters between them together."""
    if part.isascii() and part.isalpha():
        return [part]
    pieces: list[str] = []
    is_alone = True
    for sign in part:
        was_alone, is_alone = is_alone, sign.isdigit() or not spaced(sign, sign)
        if pieces and not was_alone and not is_alone:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
