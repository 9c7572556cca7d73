"""Part words into cues at the least cost: as few faults as can be, then the best places to cut.

The search goes from the left, run by run. What a run hands on to the next is a `State`, so that
after an edit a run is searched anew only where its words changed or the state in front of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter
from typing import TypeAlias

from granite_studio.core.dialogue import Head
from granite_studio.core.document import Word
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import lengths, width
from granite_studio.core.pausing import weights
from granite_studio.core.phrasing import SENTENCE
from granite_studio.core.scale import Scale
from granite_studio.core.showing import SHOWN, needed_ms, shown_ms
from granite_studio.core.styles import Style

FAULT = 1e7
"""What it costs that a cue is too fast to read or too short to see: more than all good places can
make up for."""

# What else makes a way of cutting dear. Found by reading cut interviews, not measured on viewers.
_SHARED = 1_000  # two people in a cue: only where that leaves fewer faults
_LINE = 120  # each line of text in such a cue, so that of two the shorter turns share one
_PART = 3  # so many times dearer is a cut in a sentence whose first words stand in such a cue
_CUE = 10  # each cue, so that there are few
_FULL = 20  # a full cue; the square of its share for others, so that neighbours are alike
_SHORT = 40  # no time to be shown at all; its share for what falls short of the minimum
_FAST, _FASTEST = 2, 40  # each character a second above the limit, and all of them

_MOST = 4
"""So many ways lead to one place at most, where cue after cue has to wait."""

Label: TypeAlias = tuple[int, int, float]
"""A way up to a run: how many words of it the cue in front took; when its first cue can begin in
ms where that has to wait, else 0; and what the way costs more than the cheapest."""
State: TypeAlias = tuple[Label, ...]
START: State = ((0, 0, 0.0),)

_Link: TypeAlias = "int | tuple[int, _Link]"
"""The last cue's first word and the way up to it; at the front of the run, the label's place."""
_Way: TypeAlias = tuple[float, float, _Link]
"""When the next cue can begin in ms, the cost, and the step before."""
_Step: TypeAlias = tuple[float, float, tuple[int, _Link]]
"""A way on which the next cue is known to begin with a word."""
_Second: TypeAlias = tuple[int, int, float, float, float, float, float]
"""Of a shared cue's second line: the node behind it, when its sound ends in ms, its characters, up
to when a gap behind it is not closed, when it has to go, its price, and what it may cost with all
before."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one person without a long silence or a cue made by hand among them.

    `costs` are those of `phrasing.cut_costs`. `following` is when the cue behind begins in ms,
    None where there is none, and `is_pinned` whether a person set that.
    """

    words: Sequence[Word]
    costs: Sequence[int]
    ruler: Ruler
    following: int | None = None
    is_pinned: bool = False

    def read(self, first: int, end: int, style: Style) -> float:
        """The characters of a cue of these words, without spaces at which its lines break."""
        return sum(lengths(self.ruler.lines(first, end, self.costs, style.lines)))


@dataclass(frozen=True, slots=True)
class Found:
    """Where the search has come to behind a run, and how each label was reached."""

    ends: State
    links: Sequence[tuple[int, _Link]]

    def way(self, chosen: int) -> tuple[int, list[tuple[int, int]]]:
        """The way to a label of `ends`: the place of the label in front that it comes from, and
        for each cue its first word and the index behind its last, beyond the run for a shared
        one."""
        end, link = self.links[chosen]
        spans: list[tuple[int, int]] = []
        while not isinstance(link, int):
            first, link = link
            spans.append((first, end))
            end = first
        return link, spans[::-1]


def search(
    run: Run, head: Head | None, begins: State, style: Style, shots: Sequence[int] = ()
) -> Found:
    """Find the cheapest ways to cut a run, by dynamic programming.

    `head` is what the last words can share a cue with, `begins` are the ways that lead up to the
    run, and `shots` the cuts of the film in ms, in order.
    """
    if begins == START and not head and _is_one_cue(run, style, shots):
        return Found(START, ((len(run.words), (0, 0)),))
    ways = _Ways(run, head, style, shots)
    ways.enter(begins)
    for node in range(len(run.words)):
        for start, cost, back in ways.to(node):
            ways.extend(start, cost, (node, back))
    if head:
        ways.share(head)
    return ways.leave()


class _Ways:
    """The ways to cut the words of a run up to each of its nodes.

    The nodes are the places between the words of the run and, beyond its end, behind the words
    that the next person may have on the second line of a shared cue. Each node has the cheapest
    way there; where a cue without room makes the next one wait, also the ways with no more faults
    that wait longer, since a longer wait can close a gap, and those that wait less.
    """

    def __init__(self, run: Run, head: Head | None, style: Style, shots: Sequence[int]) -> None:
        self._run, self._style, self._shots = run, style, shots
        nodes = len(run.words) + (len(head.words) if head else 0) + 1
        self._total = [inf] * nodes
        self._back: list[_Link] = [0] * nodes
        self._waiting: defaultdict[int, list[_Way]] = defaultdict(list)
        self._measure()
        if head:
            self._begins += head.begins
        is_pinned = head.is_pinned if head else run.is_pinned
        self._pinned = nodes - 1 if is_pinned else -1

    def _measure(self) -> None:
        """What the words have to do with the time and cost of every cue."""
        run, style, words = self._run, self._style, self._run.words
        starts: list[float] = [word.start for word in words]
        begins = [*starts[1:], inf if run.following is None else run.following]
        sound = [word.end for word in words]
        pauses, self._within = weights(words, begins, run.costs, style, self._shots)
        closed = max(style.chain_ms, style.gap_ms)
        self._tables = (
            sound,
            [end + style.linger_ms for end in sound],
            [needed_ms(number, style) for number in range(1, len(words) + 1)],
            [begin - closed for begin in begins],
            [begin - style.gap_ms for begin in begins],
            [
                _CUE + cost - pause + before
                for cost, pause, before in zip(run.costs, pauses, self._within, strict=False)
            ],
            self._total,
            self._back,
        )
        self._begins = [starts[0], *begins]

    def to(self, node: int) -> list[_Way]:
        """The ways that lead to a node, without those than which another is better in all."""
        cost, waiting = self._total[node], self._waiting.get(node)
        ways = [] if cost == inf else [(self._begins[node], cost, self._back[node])]
        if waiting:
            least = inf if cost == inf else round(cost / FAULT)
            for way in sorted(waiting, key=itemgetter(0, 1)):
                number = round(way[1] / FAULT)
                if number <= least and not (ways and ways[-1][0] == way[0]):
                    ways.append(way)
                    least = number
        return ways[-_MOST:]  # those with the fewest faults

    def enter(self, begins: State) -> None:
        """Take over the ways that lead to the run."""
        for place, (taken, start, cost) in enumerate(begins):
            if start > self._begins[taken]:
                self._waiting[taken].append((start, cost, place))
            else:
                self._lead(taken, cost, place)

    def extend(self, start: float, cost: float, link: tuple[int, _Link]) -> None:
        """Try every cue that begins with a word, at this time in ms."""
        sound, lingers, needed, closes, room, last_costs, total, back = self._tables
        run, style, first = self._run, self._style, link[0]
        shortest, front = style.min_ms, cost - self._within[first]
        longest = run.words[first].start + style.max_ms
        latest = max(start + style.max_ms, sound[first])
        for low, high, left, unsure, scale, faults in run.ruler.bands(first):
            right, fastest = scale.ends, scale.fastest
            weight = _FULL / (scale.limit * style.lines) ** 2
            base = front + FAULT * faults
            for last in range(low, high):
                if sound[last] > longest and last > first:
                    return
                characters = right[last] - left
                cost = base + last_costs[last] + weight * characters * characters
                shown: float = start + needed[last - first]
                if lingers[last] > shown:
                    shown = lingers[last]
                if shown > latest:
                    shown = latest
                if shown > closes[last]:
                    shown = room[last] if room[last] < latest else latest
                shown -= start
                if unsure and self._is_close(last + 1, characters, unsure, shown, fastest):
                    characters = run.read(first, last + 1, style)
                if shown < SHOWN:
                    self._squeeze(last + 1, (start, cost, link), shown, characters, fastest)
                    continue
                if shown < shortest or characters * 1000 > fastest * shown:
                    cost += self._price(characters, shown, fastest)
                if cost < total[last + 1]:
                    total[last + 1] = cost
                    back[last + 1] = link

    def share(self, head: Head) -> None:
        """Try the cues of the last words and the first ones of the next person, but those that
        cost more than a cue for each."""
        run, count = self._run, len(self._run.words)
        alone = head.faults_alone(self._style)
        for wide in head.kinds:
            scale = run.ruler.scale(wide=wide)
            right = scale.ends[-1] + width(self._style.dash_before(0), wide=wide)
            seconds = self._seconds(head, scale, alone)
            for first in reversed(range(count)):
                line = right - scale.begins[first]
                if line > scale.limit:
                    break
                if run.words[first].start > head.words[0].start:
                    continue
                fit = seconds
                if len(head.kinds) > 1:
                    here = run.ruler.balance(first, count)
                    fit = [s for s in seconds if (here + head.balance(s[0] - count) > 0) is wide]
                within = self._within[count - 1] - self._within[first]
                for start, cost, back in self.to(first):
                    self._share_from((start, cost + within, (first, back)), line, scale, fit)

    def _seconds(self, head: Head, scale: Scale, alone: Sequence[float]) -> list[_Second]:
        """The second lines below one that is measured with this scale."""
        count, style = len(self._run.words), self._style
        sound = self._run.words[-1].end
        apart = self._total[count] + _SHARED / 2  # more than a cue costs without faults
        closed = max(style.chain_ms, style.gap_ms)
        widths = head.widths(style, wide=scale.is_wide)
        pauses, within = weights(head.words, head.begins, head.costs, style, self._shots)
        prices = [
            _SHARED + _CUE + _PART * cost - pause + before
            for cost, pause, before in zip(head.costs, pauses, within, strict=False)
        ]
        return [
            (
                count + place,
                max(sound, word.end),
                characters,
                begin - closed,
                begin - style.gap_ms,
                price,
                apart + FAULT * faults,
            )
            for place, (word, characters, begin, price, faults) in enumerate(
                zip(head.words, widths, head.begins, prices, alone, strict=True), 1
            )
            if characters <= scale.limit
        ]

    def _share_from(
        self, way: _Step, line: float, scale: Scale, seconds: Sequence[_Second]
    ) -> None:
        """Try every second line below one of so many characters, to which a way leads."""
        start, before, link = way
        style, total, first, fastest = self._style, self._total, link[0], scale.fastest
        longest = self._run.words[first].start + style.max_ms
        weight = _LINE / scale.limit
        least, word_ms = max(style.min_ms, style.linger_ms + 1), style.word_ms
        for node, sound, second, closes, room, price, most in seconds:
            if before + price >= most:
                continue
            if sound > longest:
                return
            latest = max(start + style.max_ms, sound)
            shown = start + max(least, word_ms * (node - first))
            if sound + style.linger_ms > shown:
                shown = sound + style.linger_ms
            if shown > latest:
                shown = latest
            if shown > closes:
                shown = room if room < latest else latest
            shown -= start
            characters = line + second
            cost = before + price + weight * characters
            if shown < SHOWN:
                self._squeeze(node, (start, cost, link), shown, characters, fastest)
            elif cost < most and cost < total[node]:
                cost += self._price(characters, shown, fastest)
                if cost < most:
                    self._lead(node, cost, link)

    def _squeeze(
        self, node: int, way: _Step, shown: float, characters: float, fastest: float
    ) -> None:
        """A cue up to a node that has less than `SHOWN`: mostly it makes the next one wait."""
        start, cost, link = way
        following = self._begins[node]
        if node == self._pinned:
            # What a person placed does not wait.
            cost += 2 * FAULT if start >= following else 0
            ms = shown if shown > 0 else max(following - start, 1)
            self._lead(node, cost + self._price(characters, ms, fastest), link)
            return
        cost += self._price(characters, SHOWN, fastest)
        waits = start + SHOWN + self._style.gap_ms
        # Of two voices at once the one that begins first does not wait for the other.
        if self._run.words[link[0]].start <= following < waits:
            self._waiting[node].append((waits, cost, link))
        else:
            self._lead(node, cost, link)

    def _is_close(
        self, node: int, characters: float, unsure: float, shown: float, fastest: float
    ) -> bool:
        """Whether it hangs on so many characters that a cue up to a node is too fast to read."""
        most = fastest * max(shown, SHOWN)
        return node == self._pinned or characters * 1000 > most >= (characters - unsure) * 1000

    def _lead(self, node: int, cost: float, link: _Link) -> None:
        """A way leads to a node and its next cue does not have to wait."""
        if cost < self._total[node]:
            self._total[node] = cost
            self._back[node] = link

    def _price(self, characters: float, shown: float, fastest: float) -> float:
        """What the faults of a cue cost that is shown for so many ms."""
        price, shortest = 0.0, self._style.min_ms
        if characters * 1000 > fastest * shown:
            price += FAULT + min(_FAST * (characters * 1000 / shown - fastest), _FASTEST)
        if shown < shortest:
            price += FAULT + _SHORT * (shortest - shown) / shortest
        return price

    def leave(self) -> Found:
        """Hand on what leads out of the run."""
        count = len(self._run.words)
        labels: list[Label] = []
        links: list[tuple[int, _Link]] = []
        for node in range(count, len(self._total)):
            for start, cost, link in self.to(node):
                waits = int(start) if start > self._begins[node] else 0
                labels.append((node - count, waits, cost))
                links.append((node, link))
        least = min(cost for _, _, cost in labels)
        # Rounded, so that what was in front does not show in the last digits.
        ends = tuple((taken, waits, round(cost - least, 6)) for taken, waits, cost in labels)
        return Found(ends, links)


def _is_one_cue(run: Run, style: Style, shots: Sequence[int]) -> bool:
    """Whether the words of a run are one sentence that makes one cue without faults."""
    count, start, end = len(run.words), run.words[0].start, run.words[-1].end
    if SENTENCE in run.costs[:-1] or end - start > style.max_ms:
        return False
    if style.straddle_ms and bisect_right(shots, start) < bisect_left(shots, end):
        return False
    scale = run.ruler.scale_of(0, count)
    if scale.reaches[-1][0] < count or scale.has_fault(0, count):
        return False
    behind = inf if run.following is None else run.following
    shown = shown_ms(start, end, needed_ms(count, style), behind, style)
    is_slow = scale.ends[-1] * 1000 <= scale.fastest * shown
    return is_slow and shown >= max(style.min_ms, SHOWN)
