"""The one way machine words get into a transcript, beside and never over what a person did."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby, pairwise
from operator import attrgetter

from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.core.edits.anchors import join_translations
from granite_studio.core.edits.incoming import PAUSE, Incoming, Kept, received, runs
from granite_studio.core.edits.marks import set_untranscribed
from granite_studio.core.edits.speakers import add_speaker, clean_name
from granite_studio.core.edits.splicing import splice
from granite_studio.core.edits.weaving import Paragraph, Row, Voice, goes_on, woven
from granite_studio.core.heard import Heard

SPECK = 500
"""What is left without text beside kept words is not worth a look if it is shorter, in ms."""
IMPORTED = "import"
"""The source of words out of a subtitle file: only a person's wish to hear again replaces them."""
WAITING = "…"
"""The one word of a paragraph of which it is known who speaks and when, and not yet what."""
NEAR = 2_000
"""A mark on a word that gives way goes to a new word at most so many milliseconds away."""


def apply_heard(
    document: Document, heard: Heard, *, voices: Mapping[str, int] | None = None
) -> Document:
    """Put what a machine heard in one window into the transcript.

    Words that a person touched stay as they are, and heard words that say the same (see `Kept`)
    give way to them. Other words that start in the window give way to the heard ones, except that
    a draft never replaces what a better engine heard, imported words stay unless `heard.again`,
    and a window in which nothing was heard takes nothing away unless `heard.again`. Applying a
    plain result once more changes nothing, so a word a person deleted stays deleted; only where a
    person deleted all words of a window would they return, and there the project's journal, which
    gives every key once, sees to it.

    Paragraphs that wait for their words (see `is_waiting`) give way as far as the window reaches;
    who speaks in them says what is heard there, unless the machine knows a name.

    Speech in the window that is still without text is `heard.unheard`, but for what kept words
    cover. Paragraphs end at turns, at pauses of a second, and with the sentence once they are
    long. Speaker labels become speakers by name; a name that a person gave outlives "Speaker 1"
    where words give way. `voices` says which speaker a label has meant so far in this run, so
    that a renamed "Speaker 1" goes on under the new name.
    """
    words = received(heard)
    lane = _lane(document, heard, voices or {})
    if words or heard.again:
        document = _cut_waiting(document, heard.span, lane)
    rows = _affected(document, heard, bool(words), lane)
    new = Kept(*_kept_words(rows, heard.span)).beside(words)
    result = document
    if not _is_applied(rows, words, new, heard):
        result = _written(document, rows, new, heard, voices or {})
    if words:
        result = _credited(result, heard, rows)
    kept = [word for row in rows if not row.waits for word in row.kept]
    return set_untranscribed(result, _untranscribed(document.untranscribed, heard, kept))


def is_waiting(segment: Segment) -> bool:
    """Whether this paragraph, out of a file that tells of turns alone, waits for its words."""
    if len(segment.words) > 1:
        return False
    (word,) = segment.words
    return (
        word.text == WAITING and word.source == IMPORTED and not (word.touched or word.estimated)
    )


def _cut_waiting(document: Document, span: Span, lane: frozenset[int] | None) -> Document:
    """Cut paragraphs that wait where the window begins and ends: what is outside waits on."""
    edges = (span.start, span.end)
    cut = {
        row: segment
        for row, segment in enumerate(document.segments)
        if is_waiting(segment)
        and any(segment.start < edge < segment.end for edge in edges)
        and (lane is None or segment.speaker in lane)
    }
    if not cut:
        return document
    ids = count(document.next_id)
    first, last = min(cut), max(cut) + 1
    pieces: list[Segment] = []
    for row in range(first, last):
        segment = document.segments[row]
        pieces += _pieces(segment, edges, ids) if row in cut else (segment,)
    pieces.sort(key=attrgetter("start"))
    return splice(document, first, last - first, pieces, next_id=next(ids))


def _pieces(segment: Segment, edges: Sequence[int], ids: Iterator[int]) -> Iterator[Segment]:
    """A paragraph that waits in parts; the first one keeps the ids."""
    (word,) = segment.words
    inner = (edge for edge in edges if segment.start < edge < segment.end)
    for start, end in pairwise((segment.start, *inner, segment.end)):
        if start == segment.start:
            yield replace(segment, words=(replace(word, end=end),))
        else:
            piece = replace(word, id=next(ids), start=start, end=end)
            yield Segment(next(ids), (piece,), segment.speaker)


def _affected(
    document: Document, heard: Heard, any_words: bool, lane: frozenset[int] | None
) -> list[Row]:
    protected = _protection(document, heard)
    span = heard.span
    found: list[Row] = []
    for row, segment in enumerate(document.segments):
        if lane is not None and segment.speaker not in lane:
            continue
        # Words just outside count too: a person's word may stand for one heard at the edge.
        if segment.words[0].start >= span.end + PAUSE:
            break
        if segment.words[-1].end <= span.start - PAUSE:
            continue
        waits = is_waiting(segment)
        shielded = tuple(not waits and protected(word) for word in segment.words)
        inside = tuple(span.start <= word.start < span.end for word in segment.words)
        gives_way = any_words or heard.again
        stays = tuple(
            shield or not within or not gives_way
            for shield, within in zip(shielded, inside, strict=True)
        )
        found.append(Row(row, segment, shielded, inside, stays, waits))
    return found


def _lane(document: Document, heard: Heard, voices: Mapping[str, int]) -> frozenset[int] | None:
    """The speakers whose words alone may give way, or None for everybody's."""
    if not heard.lane:
        return None
    named = {s.id for s in document.speakers if s.name == clean_name(heard.lane)}
    return frozenset(named | {voices[label] for label in voices if label == heard.lane})


def _protection(document: Document, heard: Heard) -> Callable[[Word], bool]:
    """Which words the heard ones may not replace."""
    if heard.again:
        return lambda word: word.touched
    better = {IMPORTED}
    if heard.engine.draft:
        better |= {engine.name for engine in document.engines if not engine.draft}
    return lambda word: word.touched or word.source in better


def _kept_words(rows: Sequence[Row], span: Span) -> tuple[list[list[Word]], list[Word]]:
    """Protected words in and around the window, in stretches; and words that reach into it."""
    stretches: list[list[Word]] = []
    alone: list[Word] = []
    for row in rows:
        for shielded, group in groupby(
            zip(row.segment.words, row.protected, strict=True), key=lambda pair: pair[1]
        ):
            words = [word for word, _ in group]
            if shielded:
                near = [
                    word
                    for word in words
                    if word.start < span.end + PAUSE and word.end > span.start - PAUSE
                ]
                stretches.append(near)
            else:
                alone += [word for word in words if word.start < span.start < word.end]
    return stretches, alone


def _is_applied(
    rows: Sequence[Row], words: Sequence[Incoming], new: Sequence[Incoming], heard: Heard
) -> bool:
    """Whether this very result is in the transcript, but for words a person took out."""
    going = [word for row in rows for word in row.going]
    if not going:
        return not new
    if heard.again:
        return False

    def facts(said: Iterable[Word]) -> set[tuple[object, ...]]:
        return {(word.text, word.start, word.end, word.source) for word in said}

    there, given = facts(going), facts(incoming.word for incoming in new)
    if heard.rejoined:
        return there == given
    return there <= given | facts(incoming.word for incoming in words)


def _written(
    document: Document,
    rows: Sequence[Row],
    new: Sequence[Incoming],
    heard: Heard,
    voices: Mapping[str, int],
) -> Document:
    """Put the paragraphs woven of kept and heard words in the place of the rows."""
    paragraphs = woven(rows, new, heard.span, speakers=document.speakers, voices=voices)
    document, speakers = _speakers(document, paragraphs)
    ids = count(document.next_id)
    going = [word for row in rows for word in row.going]
    fresh = _segments(paragraphs, speakers, rows, ids)
    first, last = _region(document, heard.span, rows)
    replaced = {row.row for row in rows}
    beside = [document.segments[row] for row in range(first, last) if row not in replaced]
    pieces = sorted([*beside, *fresh], key=lambda segment: segment.start)
    if not any(word.source == heard.engine.name for word in going):
        document, pieces = _joined_at_seams(document, pieces, heard)
    moved = _moved(going, [word for segment in fresh for word in segment.words], heard.span)
    return splice(document, first, last - first, pieces, next_id=next(ids), moved=moved)


def _speakers(
    document: Document, paragraphs: Iterable[Paragraph]
) -> tuple[Document, dict[Voice, int | None]]:
    """The speakers of these paragraphs, those added that were not in the transcript."""
    speakers: dict[Voice, int | None] = {None: None}
    for paragraph in paragraphs:
        voice = paragraph.voice
        if isinstance(voice, str):
            document, speaker = add_speaker(document, voice)
            speakers[voice] = speaker.id
        elif voice is not None:
            speakers[voice] = voice
    return document, speakers


def _segments(
    paragraphs: Iterable[Paragraph],
    speakers: Mapping[Voice, int | None],
    rows: Sequence[Row],
    ids: Iterator[int],
) -> list[Segment]:
    """Segments of these paragraphs. Words and paragraphs that were there keep their ids."""
    known = {replace(word, id=0): word for row in rows for word in row.going}
    gone = {row.segment.words[0].id: row.segment for row in rows if not any(row.stays)}
    segments: list[Segment] = []
    for paragraph in paragraphs:
        words = tuple(
            known.pop(word) if word in known else word if word.id else replace(word, id=next(ids))
            for word in paragraph.words
        )
        base = paragraph.base or gone.get(words[0].id)
        speaker = speakers[paragraph.voice]
        base_id = base.id if base else next(ids)
        segments.append(Segment(base_id, words, speaker))
    return segments


def _region(document: Document, span: Span, rows: Sequence[Row]) -> tuple[int, int]:
    """The rows from the one before those that reach into the window to the one behind them."""
    if rows:
        first, last = rows[0].row, rows[-1].row + 1
    else:
        first = last = bisect_left(document.segments, span.start, key=attrgetter("start"))
    return max(first - 1, 0), min(last + 1, len(document.segments))


def _joined_at_seams(
    document: Document, pieces: Sequence[Segment], heard: Heard
) -> tuple[Document, list[Segment]]:
    """Join paragraphs that only the edge of a window parts; the one that was there stays."""
    line: list[Segment] = []
    newest = document.next_id  # ids from here on are of paragraphs that this window made
    ends_new = False
    for piece in pieces:
        is_new = piece.id >= newest
        if not line or is_new == ends_new or not _is_seam(line[-1], piece, heard):
            line.append(piece)
        else:
            before = line[-1]
            kept, gone = (piece, before) if before.id >= newest else (before, piece)
            document = join_translations(document, kept.id, gone.id)
            line[-1] = replace(kept, words=(*before.words, *piece.words))
        ends_new = is_new
    return document, line


def _is_seam(before: Segment, after: Segment, heard: Heard) -> bool:
    """Whether one of these ends at the edge of the window and the other goes on behind it."""
    left, right = before.words[-1], after.words[0]
    return (
        any(left.start < edge <= right.start for edge in (heard.span.start, heard.span.end))
        and before.speaker == after.speaker
        and left.end <= right.start
        and goes_on(before.words, right.start)
        and all(
            any(word.source == heard.engine.name for word in segment.words)
            for segment in (before, after)
        )
    )


def _moved(going: Sequence[Word], new: Sequence[Word], span: Span) -> dict[int, int]:
    """For the marks on words that give way: the word now nearest in time."""
    kept = {word.id for word in new}
    heard = sorted(
        (word for word in new if span.start <= word.start < span.end), key=attrgetter("start")
    )
    starts = [word.start for word in heard]
    moved: dict[int, int] = {}
    for word in going:
        if word.id in kept or not heard:
            continue
        place = bisect_left(starts, word.start)
        nearest = min(
            heard[max(place - 1, 0) : place + 1], key=lambda other: abs(other.start - word.start)
        )
        if abs(nearest.start - word.start) <= NEAR:
            moved[word.id] = nearest.id
    return moved


def _credited(document: Document, heard: Heard, rows: Sequence[Row]) -> Document:
    """Name the engine; forget a draft engine of which no word is left."""
    engines = document.engines
    if heard.engine not in engines:
        engines = (*engines, heard.engine)
    gave_way = {word.source for row in rows for word in row.going}
    drafts = {engine.name for engine in engines if engine.draft and engine.name in gave_way}
    drafts.discard(heard.engine.name)
    if drafts:
        left = {word.source for word in document.words() if word.source in drafts}
        engines = tuple(engine for engine in engines if engine.name not in drafts - left)
    return document if engines == document.engines else replace(document, engines=engines)


def _untranscribed(before: Sequence[Span], heard: Heard, kept: Sequence[Word]) -> list[Span]:
    """Speech without text: as before outside the window, as this result says inside it."""
    window = heard.span
    missed = [
        Span(max(span.start, window.start), min(span.end, window.end))
        for span in heard.unheard
        if span.overlaps(window)
    ]
    for run in runs(sorted(kept, key=attrgetter("start"))):
        missed = [
            part
            for span in missed
            for part in _without(span, run)
            if part == span or part.end - part.start >= SPECK
        ]
    outside = [part for span in before for part in _without(span, window)]
    if heard.lane:  # the others' silence says nothing of theirs
        outside = [span for span in before if span not in missed]
    return sorted(outside + missed, key=attrgetter("start"))


def _without(span: Span, hole: Span) -> list[Span]:
    """What is left of a span."""
    if not span.overlaps(hole):
        return [span]
    parts = ((span.start, min(hole.start, span.end)), (max(hole.end, span.start), span.end))
    return [Span(start, end) for start, end in parts if start < end]
