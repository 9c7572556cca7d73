"""What a person fixed of the cues, and what of it no longer fits the words or the style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from granite_studio.core.checks import Problem, problems
from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document
from granite_studio.core.shots import Film
from granite_studio.core.styles import Style


@dataclass(frozen=True, slots=True)
class Kept:
    """A cue made by hand: the fact, the cue that it made, and what the style says against it.

    `cue` is None where the words do not follow one another any more, so that it makes none.
    """

    hand: CueOverride
    cue: Cue | None
    problems: tuple[Problem, ...] = ()

    @property
    def fits(self) -> bool:
        return self.cue is not None and not self.problems


def kept(
    document: Document, cues: Sequence[Cue], style: Style, film: Film | None = None
) -> list[Kept]:
    """All cues made by hand in order of their start, those that make no cue at the end."""
    hands = {(hand.first, hand.last): hand for hand in document.cue_overrides}
    found: list[Kept] = []
    for place, cue in enumerate(cues):
        if cue.fixed and (hand := hands.pop((cue.first, cue.last), None)):
            before = cues[place - 1] if place else None
            after = cues[place + 1] if place + 1 < len(cues) else None
            found.append(Kept(hand, cue, problems(cue, before, after, style, film=film)))
    return found + [Kept(hand, None) for hand in hands.values()]
