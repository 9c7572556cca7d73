"""Transcripts of Whisper in its many bodies: OpenAI's own and its service's, faster-whisper,
whisper-timestamped, WhisperX, whisper.cpp and the pipeline of Transformers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from granite_studio.core.document import spaced
from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, dressed
from granite_studio.formats.foreign.values import (
    MILLISECONDS,
    Values,
    confidence,
    first,
    has,
    milliseconds,
    objects,
    text_in,
    values_of,
    voice,
    within,
)


def is_whisper(value: object) -> bool:
    """Segments with times in seconds, words with them, or neither where nothing was said."""
    segment = first(within(value, "segments"))
    has_text = has(segment, "start", "text") or has(segment, "start", "words")
    has_words = has(first(within(value, "words")), "word", "start")
    return has_text or has_words or has(value, "text", "segments", "language")


def read_whisper(value: Values) -> Transcript:
    """Segments, with words in them or beside them where the tool gave any."""
    segments = objects(value.get("segments"))
    words = objects(value.get("words")) or objects(value.get("word_segments"))
    language = text_in(value, "language") or text_in(values_of(value.get("info")), "language")
    if words and not any(objects(segment.get("words")) for segment in segments):
        text = text_in(value, "text") or " ".join(text_in(part, "text") for part in segments)
        return Transcript((Stretch(tuple(dressed([_word(w) for w in words], text))),), language)
    return Transcript(tuple(_segment(segment) for segment in segments), language)


def _segment(segment: Values) -> Stretch:
    start, end = milliseconds(segment.get("start")), milliseconds(segment.get("end"))
    speaker = voice(segment.get("speaker"))
    words = tuple(_word(word) for word in objects(segment.get("words")))
    if any(word.text.strip() for word in words):
        return Stretch(words, start, end, speaker)
    return Stretch((Piece(text_in(segment, "text"), start, end),), start, end, speaker)


def _word(word: Values) -> Piece:
    sure = next((word[k] for k in ("score", "probability", "confidence") if k in word), None)
    return Piece(
        text_in(word, "word", "text"),
        milliseconds(word.get("start")),
        milliseconds(word.get("end")),
        voice(word.get("speaker")),
        confidence(sure),
    )


def is_segment_list(value: object) -> bool:
    """What people dump of faster-whisper: its segments in a bare list."""
    return has(first(value), "start", "end", "text", "seek") or has(first(value), "start", "words")


def read_segment_list(value: object) -> Transcript:
    return Transcript(tuple(_segment(segment) for segment in objects(value)))


def is_chunks(value: object) -> bool:
    return has(first(within(value, "chunks")), "timestamp", "text")


def read_chunks(value: Values) -> Transcript:
    """The pipeline of Transformers: chunks of a word or of many; the last may have no end."""
    return Transcript(
        tuple(
            Stretch(
                (Piece(text_in(chunk, "text"), *_times(chunk)),),
                speaker=voice(chunk.get("speaker")),
            )
            for chunk in objects(value.get("chunks"))
        ),
        text_in(value, "language"),
    )


def _times(chunk: Values) -> tuple[int | None, int | None]:
    times = chunk.get("timestamp")
    if not isinstance(times, list) or len(times) != 2:
        return None, None
    return milliseconds(times[0]), milliseconds(times[1])


def is_whisper_cpp(value: object) -> bool:
    return has(first(within(value, "transcription")), "offsets", "text")


def read_whisper_cpp(value: Values) -> Transcript:
    """Segments, and in the full form tokens, which are parts of words."""
    language = within(value, "result", "language")
    return Transcript(
        tuple(_cpp_segment(segment) for segment in objects(value.get("transcription"))),
        language if isinstance(language, str) else "",
    )


def _cpp_segment(segment: Values) -> Stretch:
    whole = _cpp_piece(segment)
    speaker = None if segment.get("speaker") == "?" else voice(segment.get("speaker"))
    words = _joined([_cpp_piece(token) for token in objects(segment.get("tokens"))])
    # A character whose bytes were parted by tokens is whole in the text of the segment alone.
    same = _letters(word.text for word in words) == _letters([whole.text])
    return Stretch(tuple(words) if same else (whole,), whole.start, whole.end, speaker)


def _letters(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())


def _cpp_piece(values: Values) -> Piece:
    offsets = values_of(values.get("offsets"))
    return Piece(
        text_in(values, "text"),
        milliseconds(offsets.get("from"), MILLISECONDS),
        milliseconds(offsets.get("to"), MILLISECONDS),
        confidence=confidence(values.get("p")),
    )


def _joined(tokens: Sequence[Piece]) -> list[Piece]:
    """Words of their tokens: one begins at a space, or where the script writes none."""
    words: list[list[Piece]] = []
    for token in tokens:
        text = token.text
        if not text or (text.startswith(("[_", "<|")) and text.endswith(("]", "|>"))):
            continue
        begins = text[0].isspace() or not words or not spaced(words[-1][-1].text, text)
        if begins:
            words.append([token])
        else:
            words[-1].append(token)
    return list(_whole(words))


def _whole(words: Iterable[Sequence[Piece]]) -> Iterator[Piece]:
    for tokens in words:
        sure = [token.confidence for token in tokens if token.confidence is not None]
        yield Piece(
            "".join(token.text for token in tokens).strip(),
            tokens[0].start,
            tokens[-1].end,
            confidence=min(sure, default=None),
        )
