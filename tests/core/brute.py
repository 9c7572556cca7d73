"""Every legal way to cut words into cues, tried one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import CueOverride, Document, Segment, Word
from granite_studio.core.styles import Style


def errors(cues: Sequence[Cue], style: Style) -> int:
    """How many faults these cues have by the checks that a person sees."""
    beside = zip([None, *cues], cues, [*cues[1:], None], strict=False)
    found = [problem for a, cue, b in beside for problem in problems(cue, a, b, style)]
    return sum(problem.severity is Severity.ERROR for problem in found)


def least_errors(document: Document, style: Style) -> int:
    """The fewest faults of all cuts within paragraphs, each shaped as the program shapes cues.

    A cut is legal where no cue goes on over a long silence or lasts longer than the style allows.
    """
    ways = [list(_ways(segment.words, style)) for segment in document.segments]
    return min(
        errors(derive(replace(document, cue_overrides=sum(way, ())), style), style)
        for way in product(*ways)
    )


def _ways(words: Sequence[Word], style: Style) -> Iterator[tuple[CueOverride, ...]]:
    for mask in range(1 << (len(words) - 1)):
        inner = [place for place in range(1, len(words)) if mask >> (place - 1) & 1]
        parts = [words[a:b] for a, b in pairwise([0, *inner, len(words)])]
        if all(_is_legal(part, style) for part in parts):
            yield tuple(CueOverride(part[0].id, part[-1].id) for part in parts)


def _is_legal(words: Sequence[Word], style: Style) -> bool:
    is_long = len(words) > 1 and words[-1].end - words[0].start > style.max_ms
    return not is_long and all(b.start - a.end < style.pause_ms for a, b in pairwise(words))


def least_errors_of_turn(words: Sequence[Word], style: Style, following: int) -> int:
    """The fewest faults of all cuts of one turn, for more words than can be tried one by one.

    A cue's faults hang on its own words and on where the next one begins in ms, `following` for
    the last: so the best way from a word on is the best of all cues that may begin there.
    """
    count = len(words)
    least = [0] * (count + 1)
    for first in reversed(range(count)):
        ways = []
        for end in range(first + 1, count + 1):
            if not _is_legal(words[first:end], style):
                break
            begin = words[end].start if end < count else following
            ways.append(_errors_alone(words[first:end], begin, style) + least[end])
        least[first] = min(ways)
    return least[0]


def _errors_alone(words: Sequence[Word], following: int, style: Style) -> int:
    behind = Word(10**6, "…", following, following + 10_000)
    segments = (Segment(10**6 + 1, tuple(words), 1), Segment(10**6 + 2, (behind,), 2))
    override = CueOverride(words[0].id, words[-1].id)
    cues = derive(Document(segments, cue_overrides=(override,), next_id=10**6 + 3), style)
    return errors(cues, style) - errors(cues[1:], style)
