"""Reads the two kinds of tagged text that Granite Speech Plus writes: speakers, and word times.

The model is not bound to its grammar, so every function here is total: any text gives an answer,
no word of it is lost, and what had to be guessed is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from granite_studio.engines.base import TimedWord

SILENCE = "_"

_LAP = 1000
"""Tags count hundredths of a second and begin again at nought every ten seconds."""
_LONGEST_WORD = 800
_SLIP_OF_SILENCE = 10
"""A step back by at most this much is a slip, a longer one the next lap. Words last less than two
seconds, so nearly any step back before a word is a slip; a silence may well last nine."""
_SLACK = 100
"""How far past the window's end the model may count before that is a fault."""
_EARLY = 200
"""The model counts on to the window's end; in its recorded outputs a last tag this long before it
means that as much time was lost on the way, in silences."""
_GUESSED_WORD = 35

# Possessive throughout: whatever follows, a text is read once from left to right. The brackets'
# end may be missing; the numbers are ASCII, and too long ones are no numbers.
_SPEAKER = re.compile(r"\[\s*+speaker\s*+(?:([0-9]++)\s*+\]?+|\])\s*+:?+", re.IGNORECASE)
_TIME = re.compile(r"\[\s*+t\s*+:\s*+([0-9]*+)\s*+\]?+", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"\[\s*(?:s(?:p(?:e(?:a(?:k(?:e(?:r\s*[0-9]*)?)?)?)?)?)?|t\s*(?::\s*[0-9]*)?)?\s*\Z",
    re.IGNORECASE,
)
_CUT_OFF_MOST = 40
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """What one voice said; `speaker` is the model's number, or None where it named nobody."""

    speaker: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Timed:
    """Words with the times the model gave them; `doubtful` says that they need aligning."""

    words: tuple[TimedWord, ...]
    doubtful: bool = False


def turns(text: str) -> tuple[SpeakerTurn, ...]:
    """The turns of speaker-attributed text: "[Speaker 1]: Hello [Speaker 2]: Good day".

    Text before the first tag belongs to None. Empty turns go; turns of the same numbered speaker
    that follow one another become one. Time tags are taken out, and a tag cut off at the end too.
    """
    pieces = _SPEAKER.split(_whole(text))
    found: list[tuple[int | None, list[str]]] = []
    for number, piece in zip([None, *pieces[1::2]], pieces[::2], strict=True):
        said = _said(piece)
        if not said:
            continue
        speaker = int(number) if number and len(number) <= _DIGITS else None
        if found and speaker is not None and found[-1][0] == speaker:
            found[-1][1].append(said)
        else:
            found.append((speaker, [said]))
    return tuple(SpeakerTurn(speaker, " ".join(said)) for speaker, said in found)


def timed(text: str, *, duration_s: float) -> Timed:
    """The words of "_ [T:30] and [T:57] so [T:95]", in seconds from the window's start.

    A tag is the end of the word before it, modulo ten seconds, and `_` is silence, so a word
    starts where the tag before it stands. Times never go back and lie in 0..`duration_s`. Words
    without a tag of their own share the time up to the next one and are `estimated`.

    A silence longer than ten seconds loses whole laps, which cannot be recovered from the text:
    give the model no window with such a silence. `doubtful` says that a tag was missing,
    malformed or went back, or that the last one comes implausibly early.
    """
    words: list[TimedWord] = []
    waiting: list[str] = []
    clock = 0
    doubtful = False
    *tagged, rest = _chunks(_whole(text))
    for chunk, number in tagged:
        waiting += chunk
        if not number or len(number) > _DIGITS:
            doubtful = True
            continue
        reached = _moment(int(number), clock, duration_s, speech=waiting != [SILENCE])
        guessed = reached < clock or len(waiting) != 1
        doubtful = doubtful or guessed
        reached = max(clock, reached)
        words += _within(waiting, clock, reached, duration_s, guessed=guessed)
        clock = reached
        waiting = []
    waiting += rest[0]
    if waiting:
        doubtful = True
        until = clock + _GUESSED_WORD * len(waiting) if clock else round(duration_s * 100)
        words += _within(waiting, clock, until, duration_s, guessed=True)
    early = bool(words) and duration_s * 100 - clock > _EARLY
    return Timed(tuple(words), doubtful or early)


def plain(text: str) -> str:
    """The words of a text alone, without tags of either kind."""
    return " ".join(turn.text for turn in turns(text))


def shared(words: Sequence[str], start_s: float, end_s: float) -> list[TimedWord]:
    """Words that share a stretch of time by their lengths, for want of anything better."""
    total = sum(len(word) for word in words)
    found = []
    letters = 0
    before = start_s
    for word in words:
        letters += len(word)
        after = min(end_s, start_s + (end_s - start_s) * letters / total)
        found.append(TimedWord(word, before, after, None, estimated=True))
        before = after
    return found


def _whole(text: str) -> str:
    """The text without a tag that was cut off at its end."""
    at = text.rfind("[", max(0, len(text) - _CUT_OFF_MOST))
    return text[:at] if at >= 0 and _CUT_OFF.match(text, at) else text


def _said(piece: str) -> str:
    """The words of a piece without time tags and the silences that these end."""
    if not _TIME.search(piece):
        return " ".join(piece.split())
    chunks = _TIME.split(piece)[::2]
    return " ".join(word for chunk in chunks for word in chunk.split() if word != SILENCE)


def _chunks(text: str) -> Iterator[tuple[list[str], str]]:
    """The words up to each time tag with the digits of that tag; the last have none."""
    pieces = _TIME.split(_SPEAKER.sub(" ", text))
    for chunk, number in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        yield chunk.split(), number


def _moment(tag: int, clock: int, duration_s: float, *, speech: bool) -> int:
    """The moment that a tag means, in hundredths; before `clock` if the tag went back."""
    end = duration_s * 100 + _SLACK
    if clock <= tag <= end:
        return tag  # in the first lap, or counted on past it
    forward = (tag - clock) % _LAP
    longest = _LONGEST_WORD if speech else _LAP - _SLIP_OF_SILENCE
    if forward > longest or clock + forward > end:
        return clock + forward - _LAP
    return clock + forward


def _within(
    waiting: Sequence[str], start: int, stop: int, duration_s: float, *, guessed: bool
) -> list[TimedWord]:
    """The words before a tag, from the tag before it, none past the window's end."""
    end = max(0.0, duration_s)
    said = [word for word in waiting if word != SILENCE]
    words = shared(said, min(start / 100, end), min(stop / 100, end))
    return [word if guessed else replace(word, estimated=False) for word in words]
