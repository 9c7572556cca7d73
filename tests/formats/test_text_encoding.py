"""Bytes to text: every encoding a subtitle may come in, and what is no text at all."""

# ruff: noqa: RUF001 (letters that look alike are what this is about)

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.errors import FormatError
from granite_studio.formats.encoding import decode

GERMAN = "1\n00:00:01,000 --> 00:00:02,000\nFür Größe und Übermut: „schön“ – bitte\n\n" * 3
RUSSIAN = "1\n00:00:01,000 --> 00:00:02,000\nСъешь же ещё этих мягких французских булок\n\n" * 3
JAPANESE = "1\n00:00:01,000 --> 00:00:02,000\n色は匂へど散りぬるを我が世誰ぞ常ならむ\n\n" * 3


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
        *("utf-32-le", "utf-32-be"),
    ],
)
@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE])
def test_unicode_is_read_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), name="x") == text


SAMPLES = {
    "ru": "Где ты был вчера? Я не знаю, что сказать.",
    "uk": "Що ти тут робиш? Не знаю, як це сказати.",
    "el": "Τι κάνεις εδώ; Δεν ξέρω τι να πω.",
    "he": "מה אתה עושה כאן? אני לא יודע מה להגיד.",
    "ar": "ماذا تفعل هنا؟ لا أعرف ماذا أقول.",
    "th": "ฉันไม่รู้จะพูดอะไร ไปกันเถอะ",
    "ja": "ここで何をしていますか？",
    "ko": "여기서 뭐 하고 있어요? 무슨 말을 해야 할지 모르겠어요.",
    "zh": "你在这里做什么？我不知道该说什么，我们走吧。",
    "zh-TW": "你在這裡做什麼？我不知道該說什麼，我們走吧。",
    "de": "Ich weiß nicht. Gehen wir nach Köln.",
    "fr": "Je ne sais pas quoi dire, ça m'a gêné.",
    "es": "¿Qué haces aquí? ¡Mañana te lo diré!",
    "sv": "Vad gör du här? Solen skiner på ön.",
    "pl": "Nie wiem, co powiedzieć. Słońce świeci.",
    "cs": "Co tady děláš? Nevím, co mám říct.",
    "hu": "Mit csinálsz itt? Erős a fény, tűz.",
    "tr": "Burada ne yapıyorsun? Şimdi gidelim, güneş doğuyor.",
    "en": "Don’t. It’s “fine” – really…",
}
ENCODINGS = {
    "ru": "cp1251 koi8_r cp866 iso8859_5",
    "uk": "cp1251 koi8_u",
    "el": "cp1253 iso8859_7",
    "he": "cp1255 iso8859_8",
    "ar": "cp1256 iso8859_6",
    "th": "cp874",
    "ja": "cp932 euc_jp iso2022_jp",
    "ko": "cp949",
    "zh": "gb18030",
    "zh-TW": "big5",
    "de": "cp1252 cp850 mac_roman",
    "fr": "cp1252 cp850 mac_roman",
    "es": "cp1252 cp850",
    "sv": "cp1252 cp850",
    "pl": "cp1250 iso8859_2 cp852",
    "cs": "cp1250 iso8859_2 cp852",
    "hu": "cp1250 iso8859_2 cp852",
    "tr": "cp1254 cp857",
    "en": "cp1252 mac_roman",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [(language, name) for language, names in ENCODINGS.items() for name in names.split()],
)
def test_two_sentences_are_enough_to_find_an_old_encoding(language: str, encoding: str) -> None:
    file = f"1\n00:00:01,000 --> 00:00:02,000\n{SAMPLES[language]}\n"

    assert decode(file.encode(encoding), name="x") == file
    assert decode(file.encode(encoding), name="x", language=language) == file


def test_a_known_language_decides_between_likely_encodings() -> None:
    line = "to ne gre\u010d".encode("cp1250")  # \u010d is \u00e8 in the West

    assert decode(line, name="x", language="hr-HR") == "to ne gre\u010d"
    assert decode(line, name="x", language="it") == "to ne gre\u00e8"


def test_only_one_mark_is_taken_away() -> None:
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbfWEBVTT", name="x") == "\ufeffWEBVTT"


def test_damaged_utf8_stays_utf8() -> None:
    damaged = GERMAN.encode()[:-20] + b"\xc3"

    assert decode(damaged, name="x").endswith("\ufffd")
    assert "Für Größe" in decode(damaged, name="x")


def test_a_tail_of_zeros_is_what_a_crash_left() -> None:
    assert decode(GERMAN.encode() + b"\0" * 5000, name="x") == GERMAN


def test_a_large_old_file_is_read_whole() -> None:
    plain = "1\n00:00:01,000 --> 00:00:02,000\nNothing foreign in here\n\n" * 2000

    assert decode((plain + RUSSIAN * 500).encode("cp1251"), name="x") == plain + RUSSIAN * 500


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0" * 20,
        b"\0" * 1000,
        b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x03\0>\0\x01\0\0\0" * 40,
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(FormatError) as refusal:
        decode(data, name="holiday.srt")

    assert str(refusal.value) == (
        "“holiday.srt” is not a text file; choose a subtitle or transcript file."
    )


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_sentence(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        assert isinstance(decode(data, name="x", language="de"), str)


@pytest.mark.parametrize("said", ["ｱﾘｶﾞﾄｳ", "ｶﾒﾗ ﾃｽﾄ", "ｺﾝﾆﾁﾊ"])
def test_a_few_half_width_kana_are_japanese_where_the_language_says_so(said: str) -> None:
    assert decode(f"1\n{said}\n".encode("cp932"), name="x.srt", language="ja-JP") == f"1\n{said}\n"


@pytest.mark.parametrize(
    "said",
    [
        *("ｺﾝﾆﾁﾊ", "ﾊｲ､ﾜｶﾘﾏｼﾀ｡", "ｱﾘｶﾞﾄｳｺﾞｻﾞｲﾏｽ", "ｷｮｳﾊｲｲﾃﾝｷﾃﾞｽﾈ", "ｼﾝｼﾞﾗﾚﾅｲ", "ﾁｮｯﾄﾏｯﾃ"),
        *("ﾄﾞｳｼﾀﾉ?", "ﾎﾞｸﾊ ｼﾗﾅｲ", "ﾂｷﾞﾉｴｷﾃﾞ ｵﾘﾏｽ", "ｵｶﾈｶﾞﾅｲ", "ﾑﾘﾀﾞ", "ｵﾈｶﾞｲｼﾏｽ"),
    ],
)
def test_half_width_kana_alone_are_japanese(said: str) -> None:
    assert decode(f"1\n{said}\n".encode("cp932"), name="x.srt") == f"1\n{said}\n"


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        *(("КАК ДЕЛА", "cp1251"), ("где ты", "koi8_r"), ("ПРИВЕТ КАК ДЕЛА", "iso8859_5")),
        *(("ΚΑΛΗΜΕΡΑ", "cp1253"), ("ΔΕΝ ΞΈΡΩ ΤΙ", "iso8859_7"), ("我是你的", "gb18030")),
        *(
            ("ขอบคุณ สวัสดี", "cp874"),
            ("À LA CARTE", "cp1252"),
            ("«È»", "cp1252"),
            ("好的", "gb18030"),
        ),
    ],
)
def test_bytes_that_could_be_half_width_kana_are_not_always(said: str, encoding: str) -> None:
    assert decode(f"1\n{said}\n".encode(encoding), name="x.srt") == f"1\n{said}\n"
