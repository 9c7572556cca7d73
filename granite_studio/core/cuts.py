"""Words that make a cue, and its lines, as the search or a person has cut them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from granite_studio.core.dialogue import Head, shared_lines
from granite_studio.core.document import CueOverride, Segment, Word, joined
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import is_wide
from granite_studio.core.partition import Run
from granite_studio.core.phrasing import cut_costs
from granite_studio.core.styles import Style

Part = tuple[Segment, Sequence[Word]]
"""A paragraph, and the words of it that are meant."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Words that make one cue, before its time is shaped.

    `start` and `end` are those that a person set, else those of the sound; `override` is the fact
    in the transcript that made it, if a person did.
    """

    first: int
    last: int
    start: int
    end: int
    lines: tuple[str, ...]
    speaker: int | None
    words: int
    sound: int
    """When the last of the words ends."""
    voice: int | None
    """When the first of them begins, where that was measured."""
    override: CueOverride | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether a person set when it begins."""
        return self.override is not None and self.override.start is not None


def cut_by_hand(
    parts: Sequence[Part],
    override: CueOverride,
    style: Style,
    language: str,
) -> Cut:
    """The cue that an override makes of these words, which may come from several paragraphs."""
    speakers = [segment.speaker for segment, _ in parts]
    # Two unknown voices in a row are two people: one person's words would be one paragraph.
    dashed = len(parts) > 1 and any(a != b or a is None for a, b in pairwise(speakers))
    lines: list[str] = []
    words = [word for _, said in parts for word in said]
    pieces = [said for _, said in parts] if dashed else [words]
    for place, said in enumerate(pieces):
        if override.breaks is None:
            room = max(style.lines // len(pieces), 1)
            texts = [word.text for word in said]
            ruler = Ruler(texts, style)
            scale = ruler.scale(wide=is_wide("".join(word.text for word in words)))
            own = ruler.lines_on(scale, 0, len(texts), cut_costs(texts, language), room)
        else:
            own = _broken_after(said, override.breaks)
        lines += [style.dash_before(place) + own[0], *own[1:]] if dashed else own
    return Cut(
        words[0].id,
        words[-1].id,
        words[0].start if override.start is None else override.start,
        words[-1].end if override.end is None else override.end,
        tuple(lines),
        speakers[0] if len(set(speakers)) == 1 else None,
        len(words),
        words[-1].end,
        _voice(words[0]),
        override,
    )


def cut_run(
    run: Run,
    head: Head | None,
    spans: Sequence[tuple[int, int]],
    speaker: int | None,
    style: Style,
) -> Iterator[Cut]:
    """The cues of a run that these stretches of its words make."""
    for first, end in spans:
        said = run.words[first:end]
        if head and end > len(run.words):
            two = head.words[: end - len(run.words)]
            both = shared_lines(said, two, style)
            last = max(said[-1].end, two[-1].end)
            ids, times = (said[0].id, two[-1].id), (said[0].start, last)
            yield Cut(*ids, *times, both, None, end - first, last, _voice(said[0]))
        else:
            lines = tuple(run.ruler.lines(first, end, run.costs, style.lines))
            ids, times = (said[0].id, said[-1].id), (said[0].start, said[-1].end)
            sound, voice = said[-1].end, _voice(said[0])
            yield Cut(*ids, *times, lines, speaker, end - first, sound, voice)


def _voice(word: Word) -> int | None:
    return None if word.estimated else word.start


def _broken_after(words: Sequence[Word], breaks: Sequence[int]) -> list[str]:
    lines: list[list[str]] = [[]]
    for word in words:
        lines[-1].append(word.text)
        if word.id in breaks:
            lines.append([])
    return [joined(line) for line in lines if line]
