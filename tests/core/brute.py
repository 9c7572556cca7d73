"""Short pieces of talk, and every legal way to cut them into cues, tried one after another."""

# Full-width signs look like others on purpose.
# ruff: noqa: RUF001

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import CueOverride, Document, Segment, Word
from granite_studio.core.measure import is_wide, lengths, line_limit
from granite_studio.core.styles import Style

Said = tuple[Word, int | None, int]
"""A word, who says it, and in which paragraph."""
FAR = 10**6
"""An id that no word of a piece has."""
NEVER = 10**6
"""More faults than any piece has: a cue that may not be."""


TEXTS = (
    *("I", "the", "a", "went", "to", "school", "because", "yesterday,", "extraordinarily"),
    *("fast.", "He", "said:", "nothing,", "but", "responsibilities", "came", "and", "we"),
    *("responded", "immediately.", "Yes.", "No,", "Oh"),
)
JAPANESE = (
    *(
        "国際的な",
        "協力を",
        "私は",
        "東京へ",
        "行きました。",
        "しかし、",
        "はい。",
        "いいえ、",
        "「世界」",
    ),
    *(
        "インターネットの",
        "ＮＨＫ",
        "重要である",
        "データを",
        "使って",
        "調べた。",
        "え？",
        "二〇二四年の",
    ),
)
MIXED = (
    *JAPANESE,
    *("NHK", "AI", "OpenStreetMap", "iPhone", "data", "3", "2024", "the", "research,", "Yes."),
)
LONG = (
    *MIXED,
    *("responsibilities", "extraordinarilyincomprehensible"),
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "インターナショナルコミュニケーションズ",
    "独立行政法人日本学術振興会学術情報分析センター",
    "スーパーカリフラジリスティックエクスピアリドーシャスの歌が大好き",
)
"""Words some of which are longer than a line, and the last one than two."""
PAUSES = (0, 0, 20, 60, 200, 500, 900, 1_200)
HURRIED = (0, 0, 20, 60)


def piece(seed: int, turns: int, longest: int = 9, *, texts: Sequence[str] = TEXTS) -> Document:
    """A few words of one or more speakers in turn, some much too fast, some with pauses; every
    third piece is so fast that cues have no room at all."""
    chance = random.Random(seed)
    is_hurried = chance.random() < 0.3
    words: list[list[Word]] = []
    speakers: list[int | None] = []
    time = chance.randrange(500)
    for turn in range(turns):
        words.append([])
        speakers.append(chance.choice([n for n in (1, 2, 3, None) if [n] != speakers[-1:]]))
        for number in range(chance.randint(1, longest if turn == 0 else 4)):
            text = chance.choice(texts)
            letter = chance.choice((0, 2, 8) if is_hurried else (25, 40, 60, 90))
            end = time + (0 if is_hurried else 40) + len(text) * letter
            words[-1].append(Word(100 * turn + number + 1, text, time, end))
            time = end + chance.choice(HURRIED if is_hurried else PAUSES)
    segments = [
        Segment(1_000 + row, tuple(said), speaker)
        for row, (said, speaker) in enumerate(zip(words, speakers, strict=True))
    ]
    return Document(tuple(segments), next_id=2_000)


def errors(cues: Sequence[Cue], style: Style) -> int:
    """How many faults these cues have by the checks that a person sees."""
    beside = zip([None, *cues], cues, [*cues[1:], None], strict=False)
    found = [problem for a, cue, b in beside for problem in problems(cue, a, b, style)]
    return sum(problem.severity is Severity.ERROR for problem in found)


def least_errors_of_all(document: Document, style: Style) -> int:
    """The fewest faults of all cuts, each cut and shaped as a whole: for very few words."""
    said = _said(document)
    ways = _ways(said, 0, style)
    shaped = (derive(replace(document, cue_overrides=way), style) for way in ways)
    return min(errors(cues, style) for cues in shaped if _all_fit(cues, said, style))


def _all_fit(cues: Sequence[Cue], said: Sequence[Said], style: Style) -> bool:
    place = {word.id: number for number, (word, _, _) in enumerate(said)}
    return all(_fits(cue, said[place[cue.first] : place[cue.last] + 1], style) for cue in cues)


def _ways(said: Sequence[Said], first: int, style: Style) -> Iterator[tuple[CueOverride, ...]]:
    if first == len(said):
        yield ()
    for end in range(first + 1, len(said) + 1):
        if _is_legal(said[first:end], style):
            cue = CueOverride(said[first][0].id, said[end - 1][0].id)
            for others in _ways(said, end, style):
                yield (cue, *others)


def least_errors(document: Document, style: Style) -> int:
    """The fewest faults of all cuts, shared cues and cues that wait among them.

    What comes behind a cue hangs on nothing but its end, so that each cue is tried once for each
    time at which it can begin; every one is shaped and judged as the program does.
    """
    return _Least(document, style).behind(0, None)


@dataclass(frozen=True)
class _Shaped:
    errors: int
    end: int


class _Least:
    def __init__(self, document: Document, style: Style) -> None:
        self.said = _said(document)
        self.style = style
        self._behind: dict[tuple[int, int], int] = {}
        self._shaped: dict[tuple[int, int, int], _Shaped] = {}

    def behind(self, first: int, reached: int | None) -> int:
        """The fewest faults from a word on where the cue before ends at `reached` in ms."""
        if first == len(self.said):
            return 0
        start = self.said[first][0].start
        if reached is not None:
            start = max(start, reached + self.style.gap_ms)
        if (first, start) not in self._behind:
            ways: list[int] = []
            for end in range(first + 1, len(self.said) + 1):
                if not _is_legal(self.said[first:end], self.style):
                    break  # nor is any longer one
                cue = self.shaped(first, end, start)
                if cue.errors == NEVER:
                    continue  # with more words it may be full-width text, and be legal
                ways.append(cue.errors + self.behind(end, cue.end))
            self._behind[first, start] = min(ways)
        return self._behind[first, start]

    def shaped(self, first: int, end: int, start: int) -> _Shaped:
        """A cue of these words that cannot begin before `start`, with its faults."""
        key = first, end, start
        if key not in self._shaped:
            segments = _as_segments(self.said[first:end])
            override = CueOverride(self.said[first][0].id, self.said[end - 1][0].id)
            overrides = [override]
            if start > self.said[first][0].start:
                front = Segment(FAR, (Word(FAR + 1, "…", 0, 0),), FAR)
                segments = [front, *segments]
                overrides.append(CueOverride(FAR + 1, FAR + 1, 0, start - self.style.gap_ms))
            if end < len(self.said):
                begin = self.said[end][0].start
                behind = Word(FAR + 2, "…", begin, begin + 10_000)
                segments.append(Segment(FAR + 3, (behind,), FAR + 4))
            document = Document(tuple(segments), cue_overrides=tuple(overrides), next_id=FAR + 5)
            cues = derive(document, self.style)
            place = next(n for n, cue in enumerate(cues) if cue.first == override.first)
            assert cues[place].start == start
            found = errors(cues[place : place + 1], self.style)
            legal = found if _fits(cues[place], self.said[first:end], self.style) else NEVER
            self._shaped[key] = _Shaped(legal, cues[place].end)
        return self._shaped[key]


def _said(document: Document) -> list[Said]:
    return [(w, segment.speaker, segment.id) for segment in document for w in segment.words]


def _as_segments(said: Sequence[Said]) -> list[Segment]:
    segments: dict[int, Segment] = {}
    for word, speaker, row in said:
        words = segments[row].words if row in segments else ()
        segments[row] = Segment(row, (*words, word), speaker)
    return list(segments.values())


def _is_legal(said: Sequence[Said], style: Style) -> bool:
    """Whether these words can be one cue: no long silence in it, no longer than the style allows,
    of one paragraph or two people."""
    words = [word for word, _, _ in said]
    if len(words) > 1 and max(word.end for word in words) - words[0].start > style.max_ms:
        return False
    if any(b.start - a.end >= style.pause_ms for a, b in pairwise(words)):
        return False
    rows = list(dict.fromkeys((row, speaker) for _, speaker, row in said))
    if len(rows) == 1:
        return True
    if len(rows) > 2 or style.lines < 2:
        return False
    (_, one), (_, two) = rows
    return None not in (one, two) and one != two


def _fits(cue: Cue, said: Sequence[Said], style: Style) -> bool:
    """Whether there are not too many lines, of two people one each, and none is too long, but for
    one long word."""
    limit = line_limit(style, wide=is_wide(cue.text))
    long = [
        line for line, width in zip(cue.lines, lengths(cue.lines), strict=True) if width > limit
    ]
    fits = set(long) <= {word.text for word, _, _ in said}
    most = 2 if len({row for _, _, row in said}) > 1 else style.lines
    return fits and (len(cue.lines) <= most or len(said) == 1)
