"""When a cue that the style cut begins and ends, between its sound and the cues beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from granite_studio.core.cuts import Cut
from granite_studio.core.measure import is_wide, lengths, speed_limits
from granite_studio.core.shots import Film
from granite_studio.core.showing import SHOWN
from granite_studio.core.standing import HEARD_MS, straddled
from granite_studio.core.styles import Style
from granite_studio.core.timing import snap, snap_down, snap_up


@dataclass(frozen=True, slots=True)
class Shaper:
    """Gives cuts their times by a style and the shot changes of a film."""

    style: Style
    film: Film | None

    def times(self, cuts: Sequence[Cut], place: int, reached: int) -> tuple[int, int]:
        """When the cue of the cut at a place begins and ends in ms, where those before it end at
        `reached` at the latest."""
        style, here = self.style, cuts[place]
        following = cuts[place + 1] if place + 1 < len(cuts) else None
        hand, start = here.override, here.start
        if not here.is_pinned:
            opens = self._opens(here, cuts[place - 1] if place else None)
            start = max(opens, snap_up(reached + style.gap_ms, style.rate))
            if following and following.is_pinned and start >= following.start:
                start = here.start  # fixed cues leave no room: better in time than far away
        if hand and hand.end is not None:
            return start, max(hand.end, start + 1)
        return start, self._free_end(here, start, following)

    def _opens(self, cut: Cut, before: Cut | None) -> int:
        """When a cue would begin by itself: with a frame, but where a person set it; and with a
        cut of the film, where else the one in front would be held over it up to this one."""
        if cut.is_pinned:
            return cut.start
        opens = snap(cut.start, self.style.rate) if self.style.rate else cut.start
        if before is None or cut.override or before.override or not self.film:
            return opens
        shot = straddled(before.start, opens, self.style, self.film)
        is_held = self._is_held(self._wanted(before, before.start), opens)
        if shot is None or not is_held or not self._is_over(before, before.start, shot):
            return opens
        begins = snap_up(shot, self.style.rate)
        return begins if opens - begins <= self.style.early_ms else opens

    def _is_over(self, cut: Cut, start: int, end: int) -> bool:
        """Whether a cue that begins then has said all by another time and was there as long as it
        takes to see and read it."""
        least = max(self.style.min_ms, self.style.word_ms * cut.words, self._to_read(cut))
        return end >= cut.sound - HEARD_MS and end - start >= least

    def _to_read(self, cut: Cut) -> int:
        comfortable, _ = speed_limits(self.style, wide=is_wide("".join(cut.lines)))
        return math.ceil(sum(lengths(cut.lines)) * 1000 / comfortable)

    def _free_end(self, cut: Cut, start: int, following: Cut | None) -> int:
        """Long enough to be seen and read, as far as the next cue allows."""
        style, rate, sound = self.style, self.style.rate, max(cut.end, start + 1)
        wanted = self._wanted(cut, start)
        latest = max(snap_up(sound, rate), snap_down(start + style.max_ms, rate))
        wanted = min(snap_up(wanted, rate), latest)
        if following is None:
            return self._before_shot(cut, start, wanted)
        opens = self._opens(following, cut)
        if self._is_held(wanted, opens):
            wanted = min(snap_down(opens - style.gap_ms, rate), latest)
        else:
            wanted = self._before_shot(cut, start, wanted)
        if following.is_pinned:
            if start >= following.start:
                return sound
            return wanted if wanted > start else following.start
        return max(wanted, snap_up(start + SHOWN, rate))

    def _wanted(self, cut: Cut, start: int) -> int:
        """When a cue that begins then has been heard, seen and, as far as it may linger, read."""
        style, sound = self.style, max(cut.end, start + 1)
        return max(
            sound,
            start + style.min_ms,
            start + style.word_ms * cut.words,
            min(start + self._to_read(cut), sound + style.linger_ms),
        )

    def _is_held(self, wanted: int, opens: int) -> bool:
        """Whether only a flicker would be left up to a cue that opens then."""
        return wanted > opens - max(self.style.chain_ms, self.style.gap_ms)

    def _before_shot(self, cut: Cut, start: int, end: int) -> int:
        """An end, or the cut of the film before it that the cue would straddle without need."""
        shot = straddled(start, end, self.style, self.film) if self.film else None
        if shot is None or not self._is_over(cut, start, shot):
            return end
        return snap_down(shot, self.style.rate)
