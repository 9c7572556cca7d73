"""Transcripts that are little more than lists: podcasts, editors, scoring tools, players."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from granite_studio.formats.base import Source, unreadable
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript
from granite_studio.formats.foreign.values import (
    MILLISECONDS,
    SECONDS,
    Values,
    confidence,
    first,
    has,
    milliseconds,
    number,
    objects,
    text_in,
    voice,
    within,
)
from granite_studio.formats.turns import one_recording

_MARKUP = re.compile(r"</?(?:b|i|u|font|br)(?:[ /][^<>]{0,200})?>", re.IGNORECASE)
_LONG_S = 100
"""Whole numbers that differ by more than this between start and end are not seconds."""


def is_podcast(value: object) -> bool:
    return has(first(within(value, "segments")), "startTime", "body")


def read_podcast(value: Values) -> Transcript:
    """The transcript of the podcast namespace ("Podcasting 2.0"): segments of a word or many."""
    return Transcript(
        tuple(
            Stretch((_cue(part, "body", ("startTime", "endTime"), SECONDS),))
            for part in objects(value.get("segments"))
        ),
        text_in(value, "language"),
    )


def is_words(value: object) -> bool:
    return has(first(within(value, "words")), "text", "start", "end")


def read_words(value: Values) -> Transcript:
    """autoEdit 3 and subtitles-generator: words, and maybe paragraphs that name speakers."""
    words = objects(value.get("words"))
    unit = _unit(words)
    pieces = [_cue(word, "text", ("start", "end"), unit) for word in words]
    paragraphs = [
        (start, voice(part.get("speaker")))
        for part in objects(value.get("paragraphs"))
        if (start := milliseconds(part.get("start"), unit)) is not None
    ]
    return Transcript((Stretch(_spoken_by(pieces, paragraphs)),), text_in(value, "language"))


def is_cue_list(value: object) -> bool:
    return has(first(value), "start", "end", "text")


def read_cue_list(value: object) -> Transcript:
    """A bare list of cues, in seconds or in milliseconds; markup of subtitles goes."""
    cues = objects(value)
    unit = _unit(cues)
    return Transcript(
        tuple(Stretch((_cue(part, "text", ("start", "end"), unit),)) for part in cues)
    )


def _cue(part: Values, text: str, times: tuple[str, str], unit: float) -> Piece:
    start, end = (milliseconds(part.get(name), unit) for name in times)
    words = _MARKUP.sub(" ", text_in(part, text))
    sure = confidence(part.get("confidence"))
    return Piece(words, start, end, voice(part.get("speaker")), sure)


def _unit(cues: Sequence[Values]) -> float:
    """What the numbers count: whole ones far apart are milliseconds."""
    times = [(number(cue.get("start")), number(cue.get("end"))) for cue in cues]
    known = [(a, b) for a, b in times if a is not None and b is not None]
    if not known or not all(a.is_integer() and b.is_integer() for a, b in known):
        return SECONDS
    return MILLISECONDS if median(b - a for a, b in known) > _LONG_S else SECONDS


def _spoken_by(
    pieces: Sequence[Piece], turns: Sequence[tuple[int, str | None]]
) -> tuple[Piece, ...]:
    """The pieces with the speakers whose turns they start in."""
    ordered = sorted(turns, key=lambda turn: turn[0])
    starts = [start for start, _ in ordered]
    spoken = []
    for piece in pieces:
        place = 0 if piece.start is None else bisect_right(starts, piece.start)
        speaker = ordered[place - 1][1] if place else None
        spoken.append(
            Piece(piece.text, piece.start, piece.end, speaker or piece.speaker, piece.confidence)
        )
    return tuple(spoken)


def is_autoedit(value: object) -> bool:
    return has(first(within(first(within(value, "text")), "paragraph")), "line")


def read_autoedit(value: Values) -> Transcript:
    """autoEdit 2: paragraphs of lines of words."""
    return Transcript(
        tuple(
            Stretch(
                tuple(
                    _cue(word, "text", ("startTime", "endTime"), SECONDS)
                    for word in objects(paragraph.get("line"))
                ),
                milliseconds(paragraph.get("startTime")),
                milliseconds(paragraph.get("endTime")),
                voice(part.get("speaker")),
            )
            for part in objects(value.get("text"))
            for paragraph in objects(part.get("paragraph"))
        ),
        paragraphs=True,
    )


def is_seglst(value: object) -> bool:
    return has(first(value), "start_time", "end_time", "words") or has(
        first(value), "session_id", "words"
    )


def read_seglst(value: object, source: Source) -> Transcript:
    """SegLST: segments with speaker and session. Raises `FormatError` for several sessions."""
    parts = objects(value)
    one_recording((text_in(part, "session_id") for part in parts), source)
    return Transcript(
        tuple(
            Stretch((_cue(part, "words", ("start_time", "end_time"), SECONDS),)) for part in parts
        )
    )


def is_bbc_kaldi(value: object) -> bool:
    return has(first(within(value, "retval", "words")), "word", "start")


def read_bbc_kaldi(value: Values) -> Transcript:
    """The BBC's Kaldi: words, punctuated ones beside them, and who speaks in which segment."""
    retval = value["retval"]
    found = within(value, "segmentation", "segments") or within(retval, "segmentation", "segments")
    segments = [
        (start, voice(within(segment, "speaker", "@id")))
        for segment in objects(found)
        if (start := milliseconds(segment.get("start"))) is not None
    ]
    words = [
        Piece(
            text_in(word, "punct", "word"),
            milliseconds(word.get("start")),
            milliseconds(word.get("end")),
            confidence=confidence(word.get("confidence")),
        )
        for word in objects(retval.get("words"))
    ]
    return Transcript((Stretch(_spoken_by(words, segments)),))


def is_vosk(value: object) -> bool:
    return any(has(first(part.get("result")), "word", "start") for part in _vosk_results(value))


def _vosk_results(value: object) -> list[Values]:
    """The results, of alternatives the first, one of those or a list of them."""
    parts = objects(value) or objects([value])
    return [first(part.get("alternatives")) or part for part in parts]


def read_vosk(value: object) -> Transcript:
    return Transcript(
        tuple(
            Stretch(tuple(_vosk_word(word) for word in objects(part.get("result"))))
            for part in _vosk_results(value)
        )
    )


def _vosk_word(word: Values) -> Piece:
    return Piece(
        text_in(word, "word"),
        milliseconds(word.get("start")),
        milliseconds(word.get("end")),
        confidence=confidence(word.get("conf")),
    )


def is_youtube(value: object) -> bool:
    events = objects(within(value, "events"))
    return any(has(event, "tStartMs") for event in events[:10])


def read_youtube(value: Values) -> Transcript:
    """YouTube's json3: events of one text, or of words that each say when they begin."""
    events = [event for event in objects(value.get("events")) if objects(event.get("segs"))]
    starts = [milliseconds(event.get("tStartMs"), MILLISECONDS) for event in events]
    following = [*starts, None][1:]
    return Transcript(
        tuple(
            _event(event, start, stop)
            for event, start, stop in zip(events, starts, following, strict=True)
        )
    )


def _event(event: Values, start: int | None, stop: int | None) -> Stretch:
    """An event; of automatic captions it is shown for longer than it is spoken."""
    length = milliseconds(event.get("dDurationMs"), MILLISECONDS)
    ends = [stop] if stop is not None and start is not None and stop > start else []
    if start is not None and length is not None:
        ends.append(start + length)
    end = min(ends, default=None)
    segs = objects(event.get("segs"))
    offsets = [
        None if start is None else start + (milliseconds(s.get("tOffsetMs", 0), MILLISECONDS) or 0)
        for s in segs
    ]
    pieces = tuple(
        Piece(text_in(seg, "utf8"), begins, ends)
        for seg, (begins, ends) in zip(segs, pairwise([*offsets, end]), strict=True)
    )
    return Stretch(pieces, start, end)


def is_diarization(value: object) -> bool:
    part = first(value)
    return has(part, "speaker", "start", "end")


def read_diarization(_: object, source: Source) -> Transcript:
    """Raises `FormatError`: there are times and speakers, but no words."""
    raise unreadable(
        source.name,
        "says who speaks when, but holds none of the words",
        "choose the transcript that belongs to it",
    )
