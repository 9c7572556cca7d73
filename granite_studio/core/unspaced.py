"""Words of scripts that put no space between them, so that cues and lines can be cut there."""

# Kana and full-width signs look like others on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata

from granite_studio.core.document import WIDE_CLOSING, WIDE_OPENING, tokens

_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff"
_LATIN = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_IN_NUMBERS = "，．："
_BEHIND = f"[\\w{WIDE_OPENING}]"
_BOUNDARY = re.compile(
    # A phrase ends in hiragana and the next begins with another script, or with what makes it
    # polite (お話, ご案内); or a sign ends it.
    f"(?<=[{_HIRAGANA}])(?<![おご])(?=[{_KATAKANA}{_IDEOGRAPHS}{_LATIN}{WIDE_OPENING}])"
    f"|(?<=[はがをにでとのもへやてかく])(?=[おご][{_IDEOGRAPHS}])"
    f"|(?<=[{WIDE_CLOSING}])(?<![{_IN_NUMBERS}])(?={_BEHIND})"
    f"|(?<=[{_IN_NUMBERS}])(?:(?<!\\d[{_IN_NUMBERS}])|(?!\\d))(?={_BEHIND})"
)
_JOINED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer, whose words nobody here can tell."""
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
"""Of Korean, which parts its words by spaces."""
# Verbs in two parts: the stem of one, then one of those that are used like an ending (出す, 込む).
_STEM = re.compile(
    f"[{_IDEOGRAPHS}](?:[きぎしじちびみりえけげせぜねべめれ]|[らまばわかさたが]れ|[つか]け|[らかわ]せ)$"
    "(?<!少し)(?<!好き)"
    "|[思言買使追吸払歌拾縫迷誘願習争扱酔洗救奪問笑会合這舞競喰]い$"  # not of adjectives: 高い
    "|[立捨当建育]て$"  # nor "and": 見て
)
_SECOND = re.compile(
    "[返込出続始終合上下切取付着直過抜回入替換代越崩倒立組掛消残尽渡去戻通落忘違寄離伸広飛進詰張継止"
    "置変帰歩起掴破慣裂散潰払捨分受加重扱方物]"
    f"(?:[{_HIRAGANA}]|$)"
)
_FIRST_IDEOGRAPH = "\u3400"
_FIRST = min(WIDE_CLOSING)
"""Below this no text can be parted."""


def words_of(text: str) -> list[str]:
    """Split running text into words as `tokens` does, and Japanese further into phrases.

    Written out with `joined` the text is the same. Where a phrase ends depends on the signs beside
    it alone, so the same text always gives the same words.
    """
    words = tokens(text)
    if not text or max(text) < _FIRST:
        return words
    return [piece for word in words for piece in _BOUNDARY.split(word)]


def edge_of_word(text: str, place: int) -> int:
    """The nearest place in a text that is not inside a word and has words on both sides; the same
    place where there is none, or where it has words on one side only. In scripts without spaces
    every place will do."""
    edges = range(len(text) - len(text.lstrip()) + 1, len(text.rstrip()))
    fit = (n for n in edges if not (_sticks(text[n - 1]) and _sticks(text[n])))
    return min(fit, key=lambda n: abs(n - place), default=place) if place in edges else place


def _sticks(sign: str) -> bool:
    """Whether a sign belongs to the one beside it."""
    is_wide = unicodedata.east_asian_width(sign) in ("W", "F", "H")
    return bool(_HANGUL.match(sign)) or not (sign.isspace() or is_wide or _JOINED.match(sign))


def is_parted_verb(word: str, following: str) -> bool:
    """Whether two words that stand side by side are the parts of one Japanese verb, as 振り and
    返る, or of a noun made of a verb, as 食べ and 物. Judged by their signs, so not for sure."""
    if following < _FIRST_IDEOGRAPH:
        return False
    return bool(_STEM.search(word, max(len(word) - 3, 0)) and _SECOND.match(following))
