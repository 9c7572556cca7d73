"""Numbers written as words in five languages, up to the thousands: "twenty-one" is 21."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language builds numbers: `atoms` with their values, `links` that may stand between."""

    atoms: Mapping[str, int]
    links: frozenset[str]
    written_together: bool = False


def _atoms(ones: str, tens: str, others: str) -> dict[str, int]:
    """Words for 0, 1, 2 ...; for the tens from 20 on, with gaps as "-"; others with values."""
    words = others.split()
    table = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    table |= {word: value for value, word in enumerate(ones.split())}
    table |= {word: 10 * value for value, word in enumerate(tens.split(), 2) if word != "-"}
    return table


_LANGUAGES = {
    "en": _Language(
        _atoms(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen",
            "twenty thirty forty fifty sixty seventy eighty ninety",
            "hundred 100 thousand 1000",
        ),
        frozenset({"and"}),
    ),
    "de": _Language(
        _atoms(
            "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
            "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
            "zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig",
            "ein 1 zwo 2 hundert 100 tausend 1000",
        ),
        frozenset({"und"}),
        written_together=True,
    ),
    "fr": _Language(
        _atoms(
            "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
            "quinze seize",
            "vingt trente quarante cinquante soixante septante huitante nonante",
            "une 1 vingts 20 cent 100 cents 100 mille 1000",
        ),
        frozenset({"et"}),
    ),
    "es": _Language(
        _atoms(
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
            "quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós "
            "veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
            "- treinta cuarenta cincuenta sesenta setenta ochenta noventa",
            "un 1 una 1 veintiún 21 cien 100 ciento 100 mil 1000 "
            "doscientos 200 trescientos 300 cuatrocientos 400 quinientos 500 "
            "seiscientos 600 setecientos 700 ochocientos 800 novecientos 900",
        ),
        frozenset({"y"}),
    ),
    "pt": _Language(
        _atoms(
            "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze "
            "quinze dezesseis dezessete dezoito dezenove",
            "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
            "uma 1 duas 2 quatorze 14 dezasseis 16 dezassete 17 "
            "dezanove 19 cem 100 cento 100 mil 1000 duzentos 200 "
            "trezentos 300 quatrocentos 400 quinhentos 500 seiscentos 600 "
            "setecentos 700 oitocentos 800 novecentos 900",
        ),
        frozenset({"e"}),
    ),
}


@lru_cache
def atoms_of(language: str) -> Callable[[str], tuple[int | str, ...]]:
    """What tells the number words in one word of this language, in small letters.

    That is one value, several of a number written in one word, the word itself if it links such
    ("and"), or nothing. The values are for `Number`.
    """
    known = _LANGUAGES.get(language)
    if known is None:
        return lambda word: ()
    parts: dict[str, int | str] = {**known.atoms, **{link: link for link in known.links}}
    if not known.written_together:
        return lambda word: (parts[word],) if word in parts else ()
    longest_first = "|".join(sorted(parts, key=len, reverse=True))
    whole, part = re.compile(f"(?:{longest_first})+"), re.compile(longest_first)
    return lambda word: (
        tuple(parts[piece] for piece in part.findall(word)) if whole.fullmatch(word) else ()
    )


@dataclass(frozen=True, slots=True)
class Number:
    """A number as far as it has been read, word by word."""

    language: str
    thousands: int
    rest: int

    @staticmethod
    def begun(language: str, atom: int) -> Number:
        return Number(language, atom, 0) if atom == 1000 else Number(language, 0, atom)

    @property
    def value(self) -> int:
        return self.thousands + self.rest

    def then(self, atom: int, *, linked: bool) -> Number | None:
        """The number with one atom more, or None if that is another number.

        `linked` says that an "and" stands between: German says "einundzwanzig", one and twenty.
        """
        if not self.value or not atom:
            return None  # nought stands alone
        if atom == 1000:
            can = not self.thousands and self.rest
            return replace(self, thousands=1000 * self.rest, rest=0) if can else None
        if atom == 100 and 0 < self.rest < 100:
            return replace(self, rest=100 * self.rest)
        if atom == 20 and self.rest % 100 == 4 and self.language == "fr" and not linked:
            return replace(self, rest=self.rest + 76)  # quatre-vingts
        fits = self._fits(atom, linked=linked) if atom < 100 else not self.rest
        return replace(self, rest=self.rest + atom) if fits else None

    def _fits(self, atom: int, *, linked: bool) -> bool:
        """Whether tens and ones may follow the last two digits."""
        last = self.rest % 100
        if self.language == "fr" and last in (60, 80) and atom < 20:
            return True  # soixante-dix
        if self.language == "fr" and last in (10, 70, 90) and 7 <= atom < 10:
            return True  # dix-sept
        if self.language == "de" and linked and 0 < last < 10:
            return atom >= 20 and atom % 10 == 0
        return not last or (atom < 10 and last >= 20 and last % 10 == 0)
