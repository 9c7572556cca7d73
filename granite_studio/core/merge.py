"""One transcript of a window out of what several passes heard in it, by one engine or more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, groupby, pairwise
from operator import attrgetter

from granite_studio.core.bytime import by_time
from granite_studio.core.document import Finding, Span
from granite_studio.core.doubts import Witness, doubts
from granite_studio.core.edits.fitting import shared
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.lining import Unit, units
from granite_studio.core.sentences import ends_sentence

MISSED = 1_500
"""A stretch of so many ms without a word may hold words that another engine heard."""
_NEAR = 300
"""So many ms beside a word belong to it: another wording of it is no missed word."""
_LONGEST = 350
"""What a word gets at most that nobody timed, in ms: what is left may hold missed words."""


class Role(StrEnum):
    """What a version is there for; the first in this order that there is gives the text."""

    TEXT = "text"
    SPEAKERS = "speakers"
    WITNESS = "witness"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Version:
    """One engine's result of one window, and what it is there for."""

    role: Role
    heard: Heard


@dataclass(frozen=True, slots=True)
class Merged:
    """The words of a window in turns, and the places that are worth a look, in order.

    `weights` say how many signals speak for each doubt (see `core.doubts`).
    """

    turns: tuple[HeardTurn, ...]
    doubts: tuple[Finding, ...]
    weights: tuple[int, ...] = ()


def merged(versions: Sequence[Version], *, language: str, keywords: Sequence[str] = ()) -> Merged:
    """One text of one window, with the speakers, times and second opinions of all versions.

    The text and its times are those of the first version in the order of `Role`. Where that has
    no word for `MISSED` ms and another version has, those words are taken, with their engine as
    `source`. Who speaks is what the SPEAKERS version says, word by word. Without a TEXT version
    the speakers' words get the times of the TIMES version where that measured them; with one,
    those times are only compared. A result of these turns names the first version's engine.
    """
    ordered = sorted(versions, key=lambda version: list(Role).index(version.role))
    if not ordered:
        return Merged((), ())
    text, *others = ordered
    line = _line(text.heard)
    for other in others:
        if other.role is Role.TIMES and text.role is Role.SPEAKERS:
            line = _with_times(line, _line(other.heard), text.heard.span, language)
    for other in others:
        line = _with_missed(line, _line(other.heard), text.heard, other.heard, language)
    for other in others:
        if other.role is Role.SPEAKERS:
            line = _with_voices(line, _line(other.heard), language)
    words = [said.word for said in line]
    witnesses = [
        Witness.of(version.heard, words, language, own_times=version.role is Role.TIMES)
        for version in ordered
    ]
    speakers = [said.speaker for said in line]
    found = doubts(words, speakers, witnesses, language=language, keywords=keywords)
    return Merged(
        tuple(_turns(line)),
        tuple(finding for finding, _ in found),
        tuple(weight for _, weight in found),
    )


def timed(text: Heard, heard: Heard, *, language: str) -> tuple[HeardTurn, ...]:
    """The turns of a text, its words at the times at which an engine heard them.

    No word is added or left out; those that were not heard share the room between their
    neighbours and are `estimated`.
    """
    return tuple(_turns(_with_times(_line(text), _line(heard), text.span, language)))


@dataclass(frozen=True, slots=True)
class _Said:
    """A word, who said it, and the number of its turn."""

    word: HeardWord
    speaker: str | None
    turn: int


def _line(heard: Heard) -> list[_Said]:
    return [
        _Said(word, turn.speaker, number)
        for number, turn in enumerate(heard.turns)
        for word in turn.words
    ]


def _turns(line: Sequence[_Said]) -> Iterator[HeardTurn]:
    for _, group in groupby(line, key=lambda said: (said.turn, said.speaker)):
        turn = list(group)
        yield HeardTurn(tuple(said.word for said in turn), turn[0].speaker)


def _units(ours: Sequence[_Said], theirs: Sequence[_Said], language: str) -> list[Unit]:
    return units([said.word.text for said in ours], [said.word.text for said in theirs], language)


# ---- nothing spoken is missing


def _with_missed(
    line: list[_Said], theirs: list[_Said], heard: Heard, other: Heard, language: str
) -> list[_Said]:
    """The line, and in its long holes the words that another engine heard there."""
    source = other.engine.name if other.engine.name != heard.engine.name else ""
    if not line:
        return [_moved(said, said, heard.span, source) for said in theirs]
    result: list[_Said] = []
    beside, reached = line[0], heard.span.start
    for unit in _units(line, theirs, language):
        here, there = line[unit.o1 : unit.o2], theirs[unit.t1 : unit.t2]
        end = line[unit.o2].word.start if unit.o2 < len(line) else heard.span.end
        at = 0
        # As many words as we have, or fewer, are these in another wording.
        lacks = not unit.same and len(there) > len(here)
        for place, until in enumerate([*(said.word.start for said in here), end]):
            if lacks and until - reached >= MISSED:
                hole = Span(reached, until)
                taken, at = _missed(there, at, hole, alone=not here)
                result += [_moved(said, beside, hole, source) for said in taken]
            if place < len(here):
                beside = here[place]
                result.append(beside)
                reached = max(reached, beside.word.end)
    return result


def _missed(
    there: Sequence[_Said], at: int, hole: Span, *, alone: bool
) -> tuple[list[_Said], int]:
    """Words from place `at` on that lie in a hole, and the place behind them.

    Where the words around the hole agree, all between them were said in it, whatever their times.
    """
    if alone:
        return list(there), len(there)
    taken: list[_Said] = []
    while at < len(there) and there[at].word.start < hole.end - _NEAR:
        if there[at].word.start >= hole.start + _NEAR and there[at].word.end <= hole.end:
            taken.append(there[at])
        at += 1
    return taken, at


def _moved(said: _Said, beside: _Said, hole: Span, source: str) -> _Said:
    """A taken word in the turn of the word beside it, with its times inside the hole."""
    word = said.word
    start = min(max(word.start, hole.start), hole.end)
    end = min(max(word.end, start), hole.end)
    estimated = word.estimated or (start, end) != (word.start, word.end)
    word = replace(word, start=start, end=end, estimated=estimated, source=word.source or source)
    return _Said(word, beside.speaker, beside.turn)


# ---- who speaks


def _with_voices(line: list[_Said], theirs: list[_Said], language: str) -> list[_Said]:
    """The line in the turns of another version that knows the speakers."""
    if not line or all(said.speaker is None for said in theirs):
        return line
    known: list[str | None] = [None] * len(line)
    for unit in _units(line, theirs, language):
        labels = [said.speaker for said in theirs[unit.t1 : unit.t2]]
        count = unit.o2 - unit.o1
        if unit.same or len(set(labels)) == 1:
            for step in range(count if labels else 0):
                known[unit.o1 + step] = labels[step * len(labels) // count]
    voices = _all_known(line, known, theirs)
    turns = accumulate((a != b for a, b in pairwise(voices)), initial=0)
    return [
        replace(said, speaker=speaker, turn=turn)
        for said, speaker, turn in zip(line, voices, turns, strict=True)
    ]


def _all_known(
    line: Sequence[_Said], known: list[str | None], theirs: Sequence[_Said]
) -> list[str | None]:
    """The speaker of every word: that of a word beside it in the same sentence, else by time."""
    ends = [ends_sentence(said.word.text) for said in line]
    before = list(known)
    for place in range(1, len(line)):
        if before[place] is None and not ends[place - 1]:
            before[place] = before[place - 1]
    after = list(known)
    for place in range(len(line) - 2, -1, -1):
        if after[place] is None and not ends[place]:
            after[place] = after[place + 1]
    if all(one is not None and one == two for one, two in zip(before, after, strict=True)):
        return before
    spans, labels = _spoken(theirs)
    nearest = [labels[turn] for turn in by_time([said.word for said in line], spans)]
    voices: list[str | None] = []
    for place, (one, two, near) in enumerate(zip(before, after, nearest, strict=True)):
        if one is None or two is None or one == two:
            voices.append(one or two or near)
            continue
        # The sentence goes from one voice to another here: back is never right.
        is_over = place > 0 and known[place - 1] is None and voices[-1] == two
        voices.append(two if is_over or near == two else one)
    return voices


def _spoken(theirs: Sequence[_Said]) -> tuple[list[Span], list[str | None]]:
    """When each turn with a speaker was spoken, and by whom."""
    spans, labels = [], []
    for speaker, group in groupby(theirs, key=attrgetter("speaker")):
        if speaker is not None:
            words = [said.word for said in group]
            start = min(word.start for word in words)
            spans.append(Span(start, max(start, *(word.end for word in words))))
            labels.append(speaker)
    return spans, labels


# ---- the model's own times


def _with_times(line: list[_Said], theirs: list[_Said], span: Span, language: str) -> list[_Said]:
    """The line at the times that another version measured; other words between those."""
    measured: list[Span | None] = [None] * len(line)
    around: list[Span | None] = [None] * len(line)
    for unit in _units(line, theirs, language):
        there = [said.word for said in theirs[unit.t1 : unit.t2]]
        if not there:
            continue
        whole = Span(there[0].start, max(there[0].start, there[-1].end))
        around[unit.o1 : unit.o2] = [whole] * (unit.o2 - unit.o1)
        if not unit.same or any(word.estimated for word in there):
            continue
        if unit.o2 - unit.o1 == 1:
            measured[unit.o1] = whole
        elif unit.o2 - unit.o1 == len(there):
            for place, word in enumerate(there, unit.o1):
                measured[place] = Span(word.start, max(word.start, word.end))
    return _timed(line, measured, around, span)


def _timed(
    line: Sequence[_Said],
    measured: Sequence[Span | None],
    around: Sequence[Span | None],
    span: Span,
) -> list[_Said]:
    """Words at their measured times, and runs without such times in the room between them."""
    result: list[_Said] = []
    reached = span.start
    for has_time, group in groupby(range(len(line)), key=lambda at: measured[at] is not None):
        places = list(group)
        if has_time:
            for place in places:
                time = measured[place]
                assert time is not None
                start = min(max(time.start, reached), span.end)
                reached = min(max(time.end, start), span.end)
                word = replace(line[place].word, start=start, end=reached, estimated=False)
                result.append(replace(line[place], word=word))
            continue
        following = measured[places[-1] + 1] if places[-1] + 1 < len(line) else None
        until = max(reached, min(following.start if following else span.end, span.end))
        run = [line[place] for place in places]
        hints = [hint for place in places if (hint := around[place]) is not None]
        result += _in_room(run, Span(reached, until), hints)
        reached = max(reached, result[-1].word.end)
    return result


def _in_room(run: Sequence[_Said], room: Span, hints: Sequence[Span]) -> list[_Said]:
    """Words at their own times if these were measured and fit; else they share the room, or what
    of it the words took that stand for them elsewhere."""
    words = [said.word for said in run]
    edges = [room.start, *(edge for word in words for edge in (word.start, word.end)), room.end]
    if edges == sorted(edges) and not any(word.estimated for word in words):
        return list(run)
    start, end = room.start, room.end
    if hints:
        start = min(max(min(hint.start for hint in hints), start), end)
        end = min(max(max(hint.end for hint in hints), start), end)
    end = min(end, start + _LONGEST * len(words))
    times = shared([word.text for word in words], start, end)
    return [
        replace(said, word=replace(said.word, start=begin, end=stop, estimated=True))
        for said, (begin, stop) in zip(run, times, strict=True)
    ]
