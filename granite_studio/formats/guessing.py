"""Which old encoding a text is in, judged by the letters that each language uses.

General detectors need more text than a subtitle has: one umlaut in fifty lines decides. So every
encoding that was ever usual for a language is tried, and what comes out is judged by whether its
letters are that language's, its frequent letters frequent, and its words possible: no capitals
or signs in their middle, no two scripts in one.
"""

# ruff: noqa: RUF001 (letters that look alike are what this is about)

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

ENOUGH = 0.6
"""A lower judgement than this is no better than chance."""

LONGEST = 2_000
"""Foreign characters looked at: more change no judgement."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language: its usual encodings, its letters beside a-z, and the frequent ones of those.

    `letters` is the inside of a character class.
    """

    encodings: str
    letters: str
    frequent: str

    @classmethod
    def latin(cls, encodings: str, letters: str) -> _Tongue:
        return cls(encodings, letters, letters)


_WEST = "cp1252 cp850 iso8859_15 mac_roman cp437"
_NORTH = "cp1252 cp850 iso8859_15 mac_roman cp865"
_MIDDLE = "cp1250 iso8859_2 cp852 mac_latin2"
_BALTIC = "cp1257 iso8859_13 cp775"

_TONGUES = {
    "de": _Tongue.latin(_WEST, "äöüß"),
    "fr": _Tongue.latin(_WEST, "éèêëàâçîïôùûüœæ"),
    "es": _Tongue.latin(_WEST, "ñáéíóúü"),
    "pt": _Tongue.latin(f"{_WEST} cp860", "ãõáâàçéêíóôúü"),
    "it": _Tongue.latin(_WEST, "àèéìòù"),
    "nl": _Tongue.latin(_WEST, "éëïóöüèá"),
    "ca": _Tongue.latin(_WEST, "àçèéíïòóúü"),
    "sv": _Tongue.latin(_WEST, "åäöé"),
    "da": _Tongue.latin(_NORTH, "æøåé"),
    "is": _Tongue.latin(f"{_NORTH} cp861 mac_iceland", "áðéíóúýþæö"),
    "pl": _Tongue.latin(_MIDDLE, "ąćęłńóśźż"),
    "cs": _Tongue.latin(_MIDDLE, "áčďéěíňóřšťúůýž"),
    "sk": _Tongue.latin(_MIDDLE, "áäčďéíĺľňóôŕšťúýž"),
    "hu": _Tongue.latin(_MIDDLE, "áéíóöőúüű"),
    "ro": _Tongue.latin(f"{_MIDDLE} iso8859_16", "ăâîșțşţ"),
    "hr": _Tongue.latin(_MIDDLE, "čćđšž"),
    "tr": _Tongue.latin("cp1254 iso8859_9 cp857 mac_turkish", "çğıöşü"),
    "et": _Tongue.latin(f"{_BALTIC} cp1252", "äõöüšž"),
    "lv": _Tongue.latin(_BALTIC, "āčēģīķļņšūž"),
    "lt": _Tongue.latin(_BALTIC, "ąčęėįšųūž"),
    "ru": _Tongue("cp1251 koi8_r cp866 iso8859_5 mac_cyrillic", "а-яё", "оеаинтсрвл"),
    "uk": _Tongue("cp1251 koi8_u cp1125 iso8859_5", "а-яіїєґ", "оаиніевтрс"),
    "be": _Tongue("cp1251 iso8859_5 koi8_u", "а-яёіў", "анікоеыртс"),
    "bg": _Tongue("cp1251 iso8859_5 cp866", "а-я", "аоиетнрсвл"),
    "sr": _Tongue("cp1251 iso8859_5 cp855", "а-шђјљњћџ", "аоиенрјтсу"),
    "mk": _Tongue("cp1251 iso8859_5 cp855", "а-шѓѕјљњќџ", "аоиетнрсвј"),
    "el": _Tongue("cp1253 iso8859_7 cp737 cp869", "ΐά-ώ", "αοιετσνηυρ"),
    "he": _Tongue("cp1255 iso8859_8 cp862", "א-ת", "יוהלאתמרשנב"),
    "ar": _Tongue("cp1256 iso8859_6 cp720 cp864", "ء-ْ", "اليمنوتربهعأ"),
    "fa": _Tongue("cp1256", "ء-ْپچژگکی", "ایرندمهوتسب"),
    "th": _Tongue("cp874 tis_620", "ก-๛", "านรกเงมอลวยตทสดไ่้ี"),
    "ja": _Tongue(
        "cp932 euc_jp shift_jis_2004",
        "ぁ-ゖァ-ヺー一-龥",
        "".join(map(chr, range(0x3041, 0x3097))),
    ),
    "ko": _Tongue(
        "cp949 johab",
        "가-힣",
        "이다는에을가고의하지도로를은해있한나그어서아니사리기라요네게들내마자여만안인거대시면일것너무우야전까",
    ),
    "zh": _Tongue(
        "gb18030 big5 big5hkscs",
        "一-龥",
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得着下自之年过发后作里"
        "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想"
        "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從嗎吗吧什走知该該做",
    ),
}
_USUAL = ("cp1252", "cp1250", "cp1251", "cp932", "gb18030", "cp949", "big5")
"""Between equals the encoding that more files are in wins."""

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_IMPOSSIBLE = re.compile(
    "[\x80-\x9f\xa4\xa6\xa8\xac\xaf\xb1\xb4-\xb6\xb8\xbc-\xbe\xd7\xf7\u02c0-\u036f"
    "\u2200-\u22ff\u2500-\u259f\u3130-\u318f\ue000-\uf8ff\uff61-\uff9f\ufffd]"
)
"""Control characters, frames, half-width kana and the like: what misread letters become."""

_KANA = re.compile("[\uff66-\uff9f]+")
_HALF_WIDTH = re.compile("[\x00-\x7f\uff01-\uff5e\uff61-\uff9f]*")
"""The kana of one byte with ASCII and its full-width forms; Japanese may have no other signs."""
_ODD_KANA = re.compile(
    "(?<![\uff66-\uff9f])[ﾞﾟｰｧ-ｯ]"  # none of these begins a word
    "|(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|(?<![ｷｼﾁﾆﾋﾐﾘﾞﾟﾃﾄｳﾌﾂ])[ｧ-ｮ]"
    "|[A-Za-z][\uff61-\uff9f]|[\uff61-\uff9f][A-Za-z]"
)
_FREQUENT_KANA = "ﾝｲｳｼｶｷｸｺｱｵｽｻｯｰﾞﾄﾃﾀﾙﾘﾗﾏﾅﾆﾉﾊｹｮｪｬｭﾜｿ"
_FEWEST_KANA = 4
"""Fewer letters fit many languages as well."""
_UNVOICED = 0.15
"""So much less likely is a text without a voiced letter, as of capitals in other scripts."""

_FINE_IN_WORDS = "’‘·–—…・々"
_NOT_BEHIND_WORDS = "§¿¡£¥¢"
_SCRIPTS = (0x250, 0x370, 0x400, 0x530, 0x590, 0x600, 0x700, 0xE00, 0xE80, 0x2E80)


@dataclass(frozen=True, slots=True)
class _Look:
    """A text's foreign letters, lower case, and the share of foreign characters that are odd."""

    letters: Counter[str]
    odd: float

    @classmethod
    def of(cls, text: str) -> _Look:
        letters: Counter[str] = Counter()
        odd = seen = 0
        for match in itertools.islice(_FOREIGN.finditer(text), LONGEST):
            place = match.start()
            letter = match.group()
            seen += 1
            odd += _is_odd(text[place - 1 : place], letter, text[place + 1 : place + 2])
            if letter.isalpha() or unicodedata.category(letter) in ("Mn", "Mc"):
                letters[letter.lower()] += 1
        return cls(letters, odd / max(1, seen))

    def judged(self, tongue: _Tongue) -> float:
        """1 for a text in this language at its best; below 0 for noise."""
        total = self.letters.total()
        if not total:
            return 1 - 2 * self.odd  # only signs, such as the apostrophes of English
        known = re.compile(f"[{tongue.letters}]")
        own = sum(count for letter, count in self.letters.items() if known.match(letter))
        frequent = sum(self.letters[letter] for letter in tongue.frequent)
        return (own + frequent) / (2 * total) - 2 * self.odd


def likely_encodings(data: bytes, language: str = "") -> list[str]:
    """Encodings in which these bytes make sense, the likeliest first; may be empty.

    A known `language` ("de", "zh-TW") decides between those that are nearly as likely.
    """
    judged: dict[str, float] = {}
    wanted = language.lower().partition("-")[0]
    looks: dict[str, _Look | None] = {}
    for name, tongue in _TONGUES.items():
        for encoding in tongue.encodings.split():
            if encoding not in looks:
                looks[encoding] = _look(data, encoding)
            if look := looks[encoding]:
                worth = look.judged(tongue) + (0.2 if name == wanted else 0)
                judged[encoding] = max(worth, judged.get(encoding, worth))
    if kana := _kana_worth(data):
        worth = kana + (0.2 if wanted == "ja" else 0)
        judged["cp932"] = max(worth, judged.get("cp932", worth))
    likely = [encoding for encoding, worth in judged.items() if worth >= ENOUGH]
    return sorted(likely, key=lambda e: (-round(judged[e], 2), e not in _USUAL))


def _kana_worth(data: bytes) -> float:
    """As `_Look.judged`, of a text in which half-width kana are all that is foreign; else 0."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return 0.0
    words = _KANA.findall(text)
    count = sum(map(len, words))
    if count < _FEWEST_KANA or not _HALF_WIDTH.fullmatch(text):
        return 0.0
    odd = len(_ODD_KANA.findall(text)) + sum(len(word) == 1 for word in words)
    frequent = sum(sign in _FREQUENT_KANA for word in words for sign in word)
    unsure = 0.0 if "ﾞ" in text else _UNVOICED
    return (1 + frequent / count) / 2 - 2 * odd / count - unsure


def _look(data: bytes, encoding: str) -> _Look | None:
    try:
        return _Look.of(data.decode(encoding))
    except UnicodeDecodeError:
        return None


def _is_odd(before: str, letter: str, after: str) -> bool:
    """Whether this foreign character cannot stand between these two."""
    if _IMPOSSIBLE.match(letter):
        return True
    if not letter.isalpha():
        if unicodedata.category(letter) == "Mn":
            return not before or _script(before) != _script(letter)
        if before.isalpha():
            return letter in _NOT_BEHIND_WORDS or (
                after.isalpha() and letter not in _FINE_IN_WORDS
            )
        return False
    if letter.isupper() and before.islower():
        return True
    if letter.islower() and after.isupper() and letter != "ß":
        return True
    return any(other.isalpha() and _script(other) != _script(letter) for other in (before, after))


def _script(letter: str) -> int:
    return bisect.bisect(_SCRIPTS, ord(letter))
