"""The character code tables of EBU STL (Tech 3264, appendix 2): Latin, and four of ISO 8859.

Latin is ISO 6937: an accent is a byte in front of its letter. Two bytes have changed with the
editions of that standard; both are read as the dollar that subtitles mean by them, and the dollar
is written as the byte that was never the currency sign.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_ACCENTS = {
    0xC1: "\u0300",
    0xC2: "\u0301",
    0xC3: "\u0302",
    0xC4: "\u0303",
    0xC5: "\u0304",
    0xC6: "\u0306",
    0xC7: "\u0307",
    0xC8: "\u0308",
    0xC9: "\u0308",
    0xCA: "\u030a",
    0xCB: "\u0327",
    0xCD: "\u030b",
    0xCE: "\u0328",
    0xCF: "\u030c",
}
"""ISO 6937's accents as the marks that Unicode puts behind a letter."""

_ALONE = dict(
    zip(
        (0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF),
        "`\u00b4^~\u00af\u02d8\u02d9\u00a8\u00a8\u02da\u00b8\u02dd\u02db\u02c7",
        strict=True,
    )
)
"""An accent on a space stands alone."""

_ACCENTED = {
    0xC1: "AEIOUaeiou",
    0xC2: "ACEILNORSUYZacegilnorsuyz",
    0xC3: "ACEGHIJOSUWYaceghijosuwy",
    0xC4: "AINOUainou",
    0xC5: "AEIOUaeiou",
    0xC6: "AGUagu",
    0xC7: "CEGIZcegz",
    0xC8: "AEIOUYaeiouy",
    0xC9: "",
    0xCA: "AUau",
    0xCB: "CGKLNRSTcklnrst",
    0xCD: "OUou",
    0xCE: "AEIUaeiu",
    0xCF: "CDELNRSTZcdelnrstz",
}
"""The letters that each accent goes with in the standard; others are read, but never written."""

_ADDED_LATER = "\u20ac\u20af\u037a"
"""What ISO 8859-7 has only since 2003, after the tables were made."""

_LATIN_FROM_A0 = (
    "\u00a0\u00a1\u00a2\u00a3$\u00a5#\u00a7\u00a4\u2018\u201c\u00ab\u2190\u2191\u2192\u2193"
    "\u00b0\u00b1\u00b2\u00b3\u00d7\u00b5\u00b6\u00b7\u00f7\u2019\u201d\u00bb\u00bc\u00bd\u00be\u00bf"
)
_LATIN_FROM_D0 = (
    "\u2015\u00b9\u00ae\u00a9\u2122\u266a\u00ac\u00a6\ufffd\ufffd\ufffd\ufffd\u215b\u215c\u215d\u215e"
    "\u03a9\u00c6\u0110\u00aa\u0126\ufffd\u0132\u013f\u0141\u00d8\u0152\u00ba\u00de\u0166\u014a\u0149"
    "\u0138\u00e6\u0111\u00f0\u0127\u0131\u0133\u0140\u0142\u00f8\u0153\u00df\u00fe\u0167\u014b\u00ad"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what its bytes mean, and the bytes of each character it has."""

    signs: Mapping[int, str]
    accents: Mapping[int, str] = field(default_factory=dict)
    codes: Mapping[str, bytes] = field(default_factory=dict)

    def sign(self, byte: int, accent: int = 0) -> str:
        """The character of this byte, with the accent of another in front of it (0: none).

        An accent that does not go with its letter is left out.
        """
        sign = self.signs.get(byte, "\ufffd")
        if not accent:
            return sign
        if sign == " ":
            return _ALONE[accent]
        joined = unicodedata.normalize("NFC", sign + self.accents[accent])
        return joined if len(joined) == 1 else sign


def _latin() -> Table:
    signs = {byte: chr(byte) for byte in range(0x20, 0x7F)}
    signs |= dict(enumerate(_LATIN_FROM_A0, 0xA0)) | dict(enumerate(_LATIN_FROM_D0, 0xD0))
    codes: dict[str, bytes] = {}
    for accent, mark in _ACCENTS.items():
        codes.setdefault(_ALONE[accent], bytes((accent, 0x20)))
        for letter in _ACCENTED[accent]:
            codes[unicodedata.normalize("NFC", letter + mark)] = bytes((accent, ord(letter)))
    codes |= {sign: bytes((byte,)) for byte, sign in reversed(signs.items()) if sign != "\ufffd"}
    codes["$"] = b"\xa4"
    return Table(signs, _ACCENTS, codes)


def _latin_and(codec: str) -> Table:
    signs = {byte: chr(byte) for byte in range(0x20, 0x7F)}
    for byte in range(0xA0, 0x100):
        signs[byte] = bytes((byte,)).decode(codec, "replace")
    no_codes = "\ufffd" + _ADDED_LATER
    codes = {sign: bytes((byte,)) for byte, sign in signs.items() if sign not in no_codes}
    return Table(signs, {}, codes)


TABLES = {
    "00": _latin(),
    "01": _latin_and("iso8859_5"),
    "02": _latin_and("iso8859_6"),
    "03": _latin_and("iso8859_7"),
    "04": _latin_and("iso8859_8"),
}
"""The tables by their number: Latin, Cyrillic, Arabic, Greek, Hebrew."""
