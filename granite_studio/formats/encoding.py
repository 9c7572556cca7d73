"""Bytes to text: which encoding a subtitle file is in, found without ever failing on one."""

from __future__ import annotations

import codecs
import contextlib
import itertools
import re
from collections.abc import Iterator

from granite_studio.core.errors import FormatError
from granite_studio.formats.guessing import likely_encodings

SAMPLE = 1 << 16
"""Bytes that a guess is made from; each candidate encoding is tried on all of them."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its first half
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b$A", b"\x1b$(C")
"""What begins Japanese, Chinese and Korean in mail-safe ISO 2022, which passes for ASCII."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF_WIDTH = re.compile("[\x00-\x7f\uff61-\uff9f]*")
"""The kana of one byte; of a Japanese file they are all that may be foreign in it."""
_LETTERS = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, *, name: str, language: str = "") -> str:
    """Make text of a file's bytes, without its byte order mark.

    Tried in turn: the mark, UTF-16 and UTF-32 without a mark, UTF-8 (with a few broken bytes if
    need be), then the encodings of old, where a known `language` ("pt", "zh-TW") decides between
    likely ones. Raises `FormatError` for what is not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"), name, share=0.2)
    if wide := _wide(data):
        return _checked(data.decode(wide, "replace"), name, share=0.05)
    data = data.rstrip(b"\0") or data  # a crash leaves a tail of zeros
    with contextlib.suppress(UnicodeDecodeError):
        if any(escape in data for escape in _ESCAPES):
            return _checked(data.decode("iso2022_jp_2"), name, share=0.05)
    with contextlib.suppress(UnicodeDecodeError):
        return _checked(data.decode(), name, share=0.2)
    if _nearly_utf8(data):
        return _checked(data.decode("utf-8", "replace"), name, share=0.05)
    if _share_of_controls(data.decode("latin-1")) > 0.05:
        raise _not_text(name)
    return _detected(data, language)


def _checked(text: str, name: str, *, share: float) -> str:
    if text and _share_of_controls(text) > share:
        raise _not_text(name)
    return text


def _not_text(name: str) -> FormatError:
    return FormatError(f"“{name}” is not a text file; choose a subtitle or transcript file.")


def _share_of_controls(text: str) -> float:
    sample = text[: 4 * SAMPLE]
    return len(_CONTROLS.findall(sample)) / max(1, len(sample))


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: where line ends, spaces and digits leave their zeros."""
    sample = data[: SAMPLE // 4 * 4]
    if len(sample) < 8 or b"\0" not in sample:
        return None
    zeros = [sample[place::4].count(0) / len(sample[place::4]) for place in range(4)]
    if len(data) % 4 == 0 and min(zeros[2:]) > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if len(data) % 4 == 0 and min(zeros[:2]) > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.1 and even < 0.01:
        return "utf-16-le"
    if even > 0.1 and odd < 0.01:
        return "utf-16-be"
    return None


def _nearly_utf8(data: bytes) -> bool:
    """UTF-8 that was cut or damaged: its long characters far outnumber the broken bytes."""
    broken = data.decode("utf-8", "replace").count("\ufffd")
    whole = len(_LETTERS.findall(data.decode("utf-8", "ignore")))
    return broken * 10 <= whole


def _detected(data: bytes, language: str) -> str:
    sample = _sample(data)
    with contextlib.suppress(UnicodeDecodeError):  # too few signs to be told from other scripts
        if language.lower().startswith("ja") and _HALF_WIDTH.fullmatch(sample.decode("cp932")):
            return data.decode("cp932")
    for encoding in itertools.chain(likely_encodings(sample, language), _detector(sample)):
        with contextlib.suppress(UnicodeDecodeError):  # the sample fitted, the rest does not
            return data.decode(encoding)
    return data.decode("cp1252", "replace")


def _sample(data: bytes) -> bytes:
    """Whole lines around the first foreign byte."""
    if len(data) <= SAMPLE:
        return data
    foreign = re.search(rb"[\x80-\xff]", data)
    start = max(0, (foreign.start() if foreign else 0) - SAMPLE // 4)
    start = data.find(b"\n", start) + 1
    end = data.rfind(b"\n", start, start + SAMPLE) + 1
    return data[start:end] if end > start else data[start : start + SAMPLE]


def _detector(sample: bytes) -> Iterator[str]:
    """What a general detector thinks of it, asked only when nothing else fits."""
    from charset_normalizer import from_bytes

    yield from (match.encoding for match in from_bytes(sample))
