"""Writing in a single cue, setting its times, and putting it in another place on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from granite_studio.core.document import CueOverride, Document
from granite_studio.core.edits.marks import fix_cue
from granite_studio.core.edits.places import Place, find_word
from granite_studio.core.edits.text import replace_text
from granite_studio.core.unspaced import words_of

_ROWS = ("", "line:50%,center", "line:0")
_COLUMNS = ("align:left", "", "align:right")


def hand_made(document: Document, first: int, last: int) -> CueOverride:
    """What a person has fixed so far of the cue of these words; only its words if nothing."""
    known = (hand for hand in document.cue_overrides if (hand.first, hand.last) == (first, last))
    return next(known, CueOverride(first, last))


def retype_cue(
    document: Document, first: int, last: int, lines: Sequence[str], *, dash: str = "-"
) -> Document:
    """Make these the lines of the cue of these words; a cue without text goes, and its words.

    Words that stay keep their times. In a cue of several people each but the first begins with
    `dash`; ValueError where the dashes are not as many as the people.
    """
    return _retyped(document, hand_made(document, first, last), lines, dash)[0]


def split_retyped_cue(
    document: Document,
    first: int,
    last: int,
    lines: Sequence[str],
    behind: Sequence[str],
    *,
    dash: str = "-",
) -> Document:
    """Make two cues of the one of these words: `lines`, and those `behind` them.

    Where one of the two has no text it stays one cue.
    """
    hand = hand_made(document, first, last)
    after, ids, sizes = _retyped(document, hand, [*lines, *behind], dash)
    reached = len(sizes) - sum(bool(words_of(line)) for line in behind)
    return split_cue(after, ids, sum(sizes[: max(reached, 0)]))


def split_cue(document: Document, words: Sequence[int], second: int) -> Document:
    """Make two cues of the one of these words, by their ids; `second` is the place among them at
    which the second begins. At either end it stays one cue.

    When it was shown by hand, the first begins and the second ends as it did.
    """
    if not 0 < second < len(words):
        return document
    hand = hand_made(document, words[0], words[-1])
    for part, start, end in (
        (words[:second], hand.start, None),
        (words[second:], None, hand.end),
    ):
        breaks = None
        if hand.breaks is not None:
            breaks = tuple(word for word in hand.breaks if word in part[:-1])
        made = CueOverride(part[0], part[-1], start, end, breaks, hand.settings)
        document = fix_cue(document, made)
    return document


def _retyped(
    document: Document, hand: CueOverride, lines: Sequence[str], dash: str
) -> tuple[Document, list[int], list[int]]:
    """The document with these lines in the cue, the ids of its words, and how many each line has
    (its dash is none)."""
    start, end = find_word(document, hand.first), find_word(document, hand.last)
    texts = [words for line in lines if (words := words_of(line))]
    voices = {segment.speaker for segment in document.segments[start.row : end.row + 1]}
    if start.row < end.row and len(voices) > 1:
        return _retype_turns(document, hand, start, end, texts, dash.strip() or "-")
    flat = [word for line in texts for word in line]
    keeps_first = document.segments[start.row].id
    after = replace_text(document, start, Place(end.row, end.word + 1), " ".join(flat))
    if not flat:
        return after, [], []
    row = after.row_of(keeps_first)
    ids = [word.id for word in after.segments[row].words[start.word : start.word + len(flat)]]
    sizes = [len(line) for line in texts]
    return _with_lines(after, hand, ids, sizes), ids, sizes


def _retype_turns(
    document: Document,
    hand: CueOverride,
    start: Place,
    end: Place,
    texts: Sequence[Sequence[str]],
    dash: str,
) -> tuple[Document, list[int], list[int]]:
    turns: list[list[str]] = []
    sizes: list[int] = []
    for line in texts:
        words = list(line)
        if words[0].startswith(dash):
            words = [words[0].removeprefix(dash), *words[1:]] if words[0] != dash else words[1:]
            turns.append([])
        if not words:
            break
        if not turns:
            turns.append([])
        turns[-1] += words
        sizes.append(len(words))
    rows = range(start.row, end.row + 1)
    if len(turns) != len(rows) or not all(turns):
        raise ValueError(f"each of the {len(rows)} people needs a line that begins with “{dash}”")
    names = [document.segments[row].id for row in rows]
    ids: list[int] = []
    for name, turn, number in zip(names, turns, range(len(names)), strict=True):
        row = document.row_of(name)
        words_now = document.segments[row].words
        low = start.word if number == 0 else 0
        high = end.word + 1 if number == len(names) - 1 else len(words_now)
        document = replace_text(document, Place(row, low), Place(row, high), " ".join(turn))
        words_now = document.segments[document.row_of(name)].words
        ids += [word.id for word in words_now[low : low + len(turn)]]
    return _with_lines(document, hand, ids, sizes), ids, sizes


def _with_lines(
    document: Document, hand: CueOverride, ids: Sequence[int], sizes: Sequence[int]
) -> Document:
    """The cue of these words, so many on each line."""
    breaks, reached = [], 0
    for size in sizes[:-1]:
        reached += size
        breaks.append(ids[reached - 1])
    made = replace(hand, first=ids[0], last=ids[-1], breaks=tuple(breaks))
    return fix_cue(document, made)


def retime_cue(document: Document, first: int, last: int, start: int, end: int) -> Document:
    """Show the cue of these words from one time to another in ms, wherever they are spoken."""
    return fix_cue(document, replace(hand_made(document, first, last), start=start, end=end))


def place_cue(document: Document, first: int, last: int, alignment: int) -> Document:
    """Show the cue of these words at a place of the number pad: 2 is below, in the middle."""
    made = replace(hand_made(document, first, last), settings=settings_of(alignment))
    return fix_cue(document, made)


def settings_of(alignment: int | None) -> str:
    """WebVTT settings for a place on the number pad, empty for the usual one."""
    if alignment is None or not 1 <= alignment <= 9:
        return ""
    row, column = divmod(alignment - 1, 3)
    return f"{_ROWS[row]} {_COLUMNS[column]}".strip()


def alignment_of(settings: str) -> int | None:
    """The place on the number pad that such settings give; None where they say more."""
    return next((place for place in range(1, 10) if settings_of(place) == settings), None)
