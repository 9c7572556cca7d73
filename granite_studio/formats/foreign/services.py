"""Transcripts of the large services: AWS, Google, Azure, IBM, Deepgram, AssemblyAI, Speechmatics
and Rev.ai."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from granite_studio.formats.foreign.pieces import Piece, Stretch, Transcript, attached, dressed
from granite_studio.formats.foreign.values import (
    MILLISECONDS,
    SECONDS,
    TICKS,
    Values,
    channel,
    confidence,
    differ,
    first,
    has,
    milliseconds,
    objects,
    text_in,
    values_of,
    voice,
    within,
)

NEAR = 10
"""Results that are looked into to tell who wrote them."""

_OPENING = frozenset("¿¡([{«„“")


def is_aws(value: object) -> bool:
    item = first(_aws_items(value))
    return has(item, "alternatives", "type") and has(first(item["alternatives"]), "content")


def read_aws(value: object) -> Transcript:
    """AWS Transcribe: items with their times as text, speakers and channels beside them."""
    found = objects(within(value, "results", "channel_labels", "channels"))
    channels = [part for part in found if objects(part.get("items"))]
    speakers = _aws_speakers(value)
    language = within(value, "results", "language_code")
    if len(channels) < 2:
        stretches = [Stretch(_aws_words(objects(_aws_items(value)), speakers))]
    else:
        stretches = [
            Stretch(
                _aws_words(objects(part["items"]), {}),
                speaker=channel(part.get("channel_label"), of_several=True),
            )
            for part in channels
        ]
    return Transcript(tuple(stretches), language if isinstance(language, str) else "")


def _aws_items(value: object) -> object:
    return value if isinstance(value, list) else within(value, "results", "items")


def _aws_speakers(value: object) -> dict[str, str | None]:
    """Speakers by the time at which a word starts, as the file writes it."""
    segments = objects(within(value, "results", "speaker_labels", "segments"))
    return {
        text_in(item, "start_time"): voice(item.get("speaker_label"))
        for segment in segments
        for item in objects(segment.get("items"))
    }


def _aws_words(items: Sequence[Values], speakers: dict[str, str | None]) -> tuple[Piece, ...]:
    return tuple(attached((_aws_piece(item, speakers), _aws_side(item)) for item in items))


def _aws_piece(item: Values, speakers: dict[str, str | None]) -> Piece:
    heard = first(item.get("alternatives"))
    return Piece(
        text_in(heard, "content"),
        milliseconds(item.get("start_time")),
        milliseconds(item.get("end_time")),
        voice(item.get("speaker_label")) or speakers.get(text_in(item, "start_time")),
        confidence(heard.get("confidence")),
    )


def _aws_side(item: Values) -> str:
    if item.get("type") != "punctuation":
        return ""
    return (
        "next" if text_in(first(item.get("alternatives")), "content") in _OPENING else "previous"
    )


def is_google(value: object) -> bool:
    result = next((part for part in _google_results(value) if part.get("alternatives")), {})
    heard = first(result.get("alternatives"))
    return "timestamps" not in heard and (
        has(heard, "transcript") or has(first(heard.get("words")), "word")
    )


def _google_results(value: object) -> list[Values]:
    if has(value, "response"):
        value = within(value, "response")
    return objects(within(value, "results"))


def read_google(value: object) -> Transcript:
    """Google Speech-to-Text, versions 1 and 2: results that follow one another.

    Where version 1 tells speakers, its last result holds all words once more, with them.
    """
    results = [part for part in _google_results(value) if first(part.get("alternatives"))]
    several = differ(part.get("channelTag") for part in results)
    stretches = [_google_stretch(part, of_several=several) for part in results]
    last = stretches[-1:]
    if len(stretches) > 1 and any(piece.speaker for piece in last[0].pieces):
        starts = [piece.start for piece in last[0].pieces if piece.start is not None]
        before = [p.start for s in stretches[:-1] for p in s.pieces if p.start is not None]
        if starts and (not before or min(starts) <= min(before)):
            stretches = last
    language = next((text_in(part, "languageCode", "language_code") for part in results), "")
    return Transcript(tuple(stretches), language)


def _google_stretch(result: Values, *, of_several: bool) -> Stretch:
    heard = first(result.get("alternatives"))
    words = tuple(_google_word(word) for word in objects(heard.get("words")))
    speaker = channel(result.get("channelTag"), of_several=of_several)
    if words:
        return Stretch(words, speaker=speaker)
    end = _either(result, "resultEndTime", "resultEndOffset", "result_end_time")
    return Stretch((Piece(text_in(heard, "transcript"), end=end),), speaker=speaker)


def _google_word(word: Values) -> Piece:
    """A word; a start of 0 is left out, as zeros are in protocol buffers."""
    return Piece(
        text_in(word, "word"),
        _either(
            {"start_time": 0} | word, "startTime", "startOffset", "start_offset", "start_time"
        ),
        _either(word, "endTime", "endOffset", "end_time", "end_offset"),
        voice(
            word.get("speakerLabel") or word.get("speakerTag") or word.get("speaker_tag") or None
        ),
        confidence(word.get("confidence")) or None,
    )


def _either(values: Values, *names: str) -> int | None:
    return next((milliseconds(values[name]) for name in names if name in values), None)


def is_deepgram(value: object) -> bool:
    return has(first(within(value, "results", "channels")), "alternatives")


def read_deepgram(value: Values) -> Transcript:
    channels = objects(within(value, "results", "channels"))
    stretches = [
        Stretch(
            tuple(
                _deepgram_word(w) for w in objects(first(part.get("alternatives")).get("words"))
            ),
            speaker=channel(number, of_several=len(channels) > 1),
        )
        for number, part in enumerate(channels, start=1)
    ]
    language = text_in(first(channels), "detected_language")
    return Transcript(tuple(stretches), language)


def _deepgram_word(word: Values) -> Piece:
    return Piece(
        text_in(word, "punctuated_word", "word"),
        milliseconds(word.get("start")),
        milliseconds(word.get("end")),
        voice(word.get("speaker")),
        confidence(word.get("confidence")),
    )


def is_assemblyai(value: object) -> bool:
    has_words = has(first(within(value, "words")), "text", "start", "confidence")
    has_turns = has(first(within(value, "utterances")), "words", "start")
    return (has_words and has(value, "id", "status")) or has_turns


def read_assemblyai(value: Values) -> Transcript:
    """AssemblyAI: milliseconds; utterances, where it told speakers, are paragraphs."""
    turns = objects(value.get("utterances"))
    words = objects(value.get("words"))
    several = differ(part.get("channel") for part in turns or words)
    language = text_in(value, "language_code")
    if not turns:
        line = tuple(_assemblyai_word(word, of_several=several) for word in words)
        return Transcript((Stretch(line),), language)
    stretches = tuple(
        Stretch(
            tuple(_assemblyai_word(w, of_several=several) for w in objects(turn.get("words"))),
            speaker=channel(turn.get("channel"), of_several=several) or voice(turn.get("speaker")),
        )
        for turn in turns
    )
    return Transcript(stretches, language, paragraphs=True)


def _assemblyai_word(word: Values, *, of_several: bool) -> Piece:
    return Piece(
        text_in(word, "text"),
        milliseconds(word.get("start"), MILLISECONDS),
        milliseconds(word.get("end"), MILLISECONDS),
        channel(word.get("channel"), of_several=of_several) or voice(word.get("speaker")),
        confidence(word.get("confidence")),
    )


def is_ibm(value: object) -> bool:
    return any(
        isinstance(first(result.get("alternatives")).get("timestamps"), list)
        for result in _ibm_results(value)[:NEAR]
    )


def _ibm_results(value: object) -> list[Values]:
    """The results; a job that was asked for later has them one level deeper."""
    outer = objects(within(value, "results"))
    inner = [result for part in outer for result in objects(part.get("results"))]
    return inner or outer


def read_ibm(value: Values) -> Transcript:
    """IBM Watson: words as [text, from, to], confidences and speakers in lists beside them."""
    labels = objects(value.get("speaker_labels"))
    for part in objects(value.get("results")):
        labels += objects(part.get("speaker_labels"))
    speakers = {milliseconds(label.get("from")): voice(label.get("speaker")) for label in labels}
    return Transcript(
        tuple(
            Stretch(tuple(_ibm_words(first(result.get("alternatives")), speakers)))
            for result in _ibm_results(value)
            if result.get("final") is not False
        )
    )


def _ibm_words(heard: Values, speakers: dict[int | None, str | None]) -> Iterator[Piece]:
    times, sure = heard.get("timestamps"), heard.get("word_confidence")
    rows = times if isinstance(times, list) else []
    sures = sure if isinstance(sure, list) and len(sure) == len(rows) else [None] * len(rows)
    for row, measure in zip(rows, sures, strict=True):
        if isinstance(row, list) and len(row) == 3 and isinstance(row[0], str):
            start, end = milliseconds(row[1]), milliseconds(row[2])
            known = measure[1] if isinstance(measure, list) and len(measure) == 2 else None
            yield Piece(row[0], start, end, speakers.get(start), confidence(known))


def is_speechmatics(value: object) -> bool:
    item = first(within(value, "results"))
    return has(item, "alternatives", "type", "start_time") and has(value, "format")


def read_speechmatics(value: Values) -> Transcript:
    """Speechmatics' json-v2: words and the signs that belong to them; "UU" is nobody known."""
    items = objects(value.get("results"))
    lanes: dict[str | None, list[Values]] = {}
    for item in items:
        name = item.get("channel")
        lanes.setdefault(name if isinstance(name, str) else None, []).append(item)
    several = len(lanes) > 1
    stretches = tuple(
        Stretch(
            tuple(attached((_speechmatics_piece(i), _speechmatics_side(i)) for i in lane)),
            speaker=channel(name, of_several=several),
        )
        for name, lane in lanes.items()
    )
    language = within(value, "metadata", "transcription_config", "language")
    return Transcript(stretches, language if isinstance(language, str) else "")


def _speechmatics_piece(item: Values) -> Piece:
    heard = first(item.get("alternatives"))
    speaker = heard.get("speaker")
    return Piece(
        text_in(heard, "content"),
        milliseconds(item.get("start_time")),
        milliseconds(item.get("end_time")),
        None if speaker == "UU" else voice(speaker),
        confidence(heard.get("confidence")),
    )


def _speechmatics_side(item: Values) -> str:
    if item.get("type") != "punctuation":
        return ""
    return text_in(item, "attaches_to") or "previous"


def is_azure(value: object) -> bool:
    return has(first(within(value, "recognizedPhrases")), "nBest") or has(
        first(within(value, "phrases")), "offsetMilliseconds", "text"
    )


def read_azure(value: Values) -> Transcript:
    """Azure: batch transcription in ticks of 100 ns, fast transcription in milliseconds."""
    phrases = objects(value.get("recognizedPhrases")) or objects(value.get("phrases"))
    several = differ(phrase.get("channel") for phrase in phrases)
    stretches = tuple(_azure_phrase(phrase, of_several=several) for phrase in phrases)
    return Transcript(stretches, next((text_in(phrase, "locale") for phrase in phrases), ""))


def _azure_phrase(phrase: Values, *, of_several: bool) -> Stretch:
    heard = first(phrase.get("nBest")) or phrase
    text = text_in(heard, "display", "text", "lexical")
    shown = [_azure_piece(word) for word in objects(heard.get("displayWords"))]
    words = shown or dressed([_azure_piece(word) for word in objects(heard.get("words"))], text)
    whole = replace(_azure_piece(phrase), text=text)
    speaker = voice(phrase.get("speaker"))
    return Stretch(
        tuple(words) or (whole,),
        whole.start,
        whole.end,
        speaker or channel(phrase.get("channel"), of_several=of_several),
    )


def _azure_piece(values: Values) -> Piece:
    start, length = _azure_time(values, "offset"), _azure_time(values, "duration")
    end = None if start is None or length is None else start + length
    text = text_in(values, "displayText", "word", "text")
    return Piece(text, start, end, confidence=confidence(values.get("confidence")))


def _azure_time(values: Values, name: str) -> int | None:
    times = (
        milliseconds(values.get(f"{name}Milliseconds"), MILLISECONDS),
        milliseconds(values.get(f"{name}InTicks"), TICKS),
        milliseconds(values.get(name), SECONDS),
    )
    return next((time for time in times if time is not None), None)


def is_rev(value: object) -> bool:
    return has(first(within(value, "monologues")), "elements")


def read_rev(value: Values) -> Transcript:
    """Rev.ai: monologues are paragraphs; a sign that begins with a space stands by itself."""
    return Transcript(
        tuple(
            Stretch(
                tuple(attached(_rev_elements(part))),
                speaker=voice(within(part, "speaker_info", "display_name"))
                or voice(part.get("speaker")),
            )
            for part in objects(value.get("monologues"))
        ),
        text_in(values_of(value), "language"),
        paragraphs=True,
    )


def _rev_elements(part: Values) -> Iterator[tuple[Piece, str]]:
    for element in objects(part.get("elements")):
        text = text_in(element, "value")
        is_sign = element.get("type") == "punct"
        if text.strip():
            yield (
                Piece(
                    text,
                    milliseconds(element.get("ts")),
                    milliseconds(element.get("end_ts")),
                    confidence=confidence(element.get("confidence")),
                ),
                ("none" if text[0].isspace() else "previous") if is_sign else "",
            )
