"""Which voices of a recording are one person's: clustering that keeps a window's labels apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from granite_studio.core.document import Span
from granite_studio.engines.voiceprint import ALIKE

Array = NDArray[np.float64]
Groups = list[list[int]]
"""Rows of voices by the person they are thought to belong to."""

NEARLY = 0.04
"""So near below `ALIKE` a person is asked."""
CARRIED = 0.04
"""A label that the model carried on from window to window counts for as much likeness."""
FOUNDING_S = 1.5
"""Less speech than this is put to who sounds nearest and makes no speaker of its own."""
SPEAKER_S = 3.0
"""A speaker found by sound alone says as much as this in the whole recording; where the number of
speakers is given, a quarter of an even share is enough."""
SPEAKER_SHARE = 0.005
"""And as this share of it, where the number of speakers is given."""
MOST_FOUNDING = 3_000
"""The longest voices decide who there is, and the others join them: so ten hours settle in a few
seconds and a hundred megabytes."""
SELDOM, HARDLY = 0.3, 0.03
"""Two who share no more of their windows than this, and whose middles are no further apart than
this, are one person: a label that mixes two voices must not part one of them in two."""
ROUNDS = 3

_MOST_TRIED = 4


@dataclass(frozen=True, slots=True)
class Voices:
    """All voices of a recording by time: vectors (n, d), seconds (n,) and windows as rows."""

    keys: tuple[tuple[Span, str | None], ...]
    vectors: Array
    seconds: Array
    windows: tuple[tuple[int, ...], ...]
    window_of: tuple[int, ...]
    carried: tuple[str | None, ...]
    """What the label of each row means, if it was carried from window to window."""

    def sums(self, groups: Groups) -> Array:
        """For each group its vectors, added up by their seconds; shape (groups, d)."""
        weighed = self.vectors * self.seconds[:, None]
        return np.array([weighed[group].sum(axis=0) for group in groups])

    def seconds_of(self, group: Sequence[int]) -> float:
        return float(self.seconds[group].sum())

    def fits(self, groups: Groups) -> float:
        """How alike the voices of each group are, by their seconds: the more, the better."""
        return float(np.linalg.norm(self.sums(groups), axis=1).sum())

    def likeness(self, sums: Array) -> Array:
        """How much each voice is like the middle of each of these; shape (n, groups)."""
        return self.vectors @ unit(sums).T

    def spoken_for(self, groups: Groups) -> Array:
        """What carried labels add to that, for the group that has most of such a label."""
        added = np.zeros((len(self.keys), len(groups)))
        group_of = {row: number for number, group in enumerate(groups) for row in group}
        for meaning in {meaning for meaning in self.carried if meaning is not None}:
            rows = [row for row, found in enumerate(self.carried) if found == meaning]
            share = np.zeros(len(groups))
            for row in rows:
                if row in group_of:
                    share[group_of[row]] += self.seconds[row]
            added[rows, int(share.argmax())] = CARRIED
        return added


def settled(voices: Voices, most: int | None) -> Groups:
    """Every voice with the speaker it is most like, window by window; the speakers by first
    appearance. Where there are more labels in a window than speakers, they make new ones, unless
    `most` says how many there are."""
    found = _settled(voices, None)
    if most is None:
        return found
    told = _settled(voices, most)
    return found if len(found) == most and voices.fits(found) > voices.fits(told) else told


def _settled(voices: Voices, most: int | None) -> Groups:
    groups = _founded(voices, most)
    left: list[int] = []
    likeness = np.zeros((0, 0))
    for _ in range(ROUNDS):
        likeness = voices.likeness(voices.sums(groups)) + voices.spoken_for(groups)
        placed: Groups = [[] for _ in groups]
        left = []
        for window in voices.windows:
            rows = list(window)
            who = assigned(likeness[rows], voices.seconds[rows].tolist())
            for row, at in zip(rows, who, strict=True):
                (left if at is None else placed[at]).append(row)
        if placed == groups:
            break
        groups = [group for group in placed if group]
    new: Groups = []
    for row in left:
        if most is not None:
            groups[int(likeness[row].argmax())].append(row)
            continue
        here = voices.window_of[row]
        home = (g for g in new if here not in {voices.window_of[other] for other in g})
        fits = next((g for g in home if voices.vectors[row] @ voices.vectors[g[0]] >= ALIKE), None)
        if fits is None:
            new.append([row])
        else:
            fits.append(row)
    return sorted((sorted(group) for group in [*groups, *new]), key=min)


def _founded(voices: Voices, most: int | None) -> Groups:
    """The groups that are speakers, of voices that are long enough to tell."""
    longest = np.argsort(-voices.seconds, kind="stable")[:MOST_FOUNDING]
    rows = np.sort(longest[voices.seconds[longest] >= FOUNDING_S])
    if len(rows) == 0:
        rows = longest[:1]
    groups = [[row] for row in rows.tolist()]
    if most is not None:
        merges = _merges(_distances(voices, groups), voices.seconds[rows], np.inf)
        together = merges[: _cut(voices.seconds[rows], merges, most)]
        return _by_seconds(voices, _joined(groups, together))[:most]
    # What made voices of one person unlike each other is less in the middle of several of them,
    # so those groups are compared again.
    found = len(groups) + 1
    while len(groups) < found:
        found = len(groups)
        weights = np.array([voices.seconds_of(group) for group in groups])
        groups = _joined(groups, _merges(_distances(voices, groups), weights, 1 - ALIKE))
    groups = _by_seconds(voices, groups)
    alike = _likeness(voices, groups)
    kept = [
        group
        for place, group in enumerate(groups)
        if voices.seconds_of(group) >= SPEAKER_S
        # Who is heard only once has to be unlike all the others.
        and (len(group) > 1 or alike[place, :place].max(initial=0.0) < ALIKE - NEARLY)
    ]
    return kept or groups[:1]


def _by_seconds(voices: Voices, groups: Groups) -> Groups:
    return sorted(groups, key=lambda group: (-voices.seconds_of(group), min(group)))


def _likeness(voices: Voices, groups: Groups) -> NDArray[np.float32]:
    """The inner products of the middles of groups, shape (n, n)."""
    middles = unit(voices.sums(groups)).astype(np.float32)
    return middles @ middles.T


def _distances(voices: Voices, groups: Groups) -> NDArray[np.float32]:
    """How far the middles of groups are apart, shape (n, n); infinitely, where they are two
    people for sure, and each from itself."""
    apart = 1 - _likeness(voices, groups)
    np.fill_diagonal(apart, np.inf)
    windows = [{voices.window_of[row] for row in group} for group in groups]
    groups_in: dict[int, list[int]] = {}
    for number, heard_in in enumerate(windows):
        for window in heard_in:
            groups_in.setdefault(window, []).append(number)
    together = Counter(pair for here in groups_in.values() for pair in combinations(here, 2))
    for (one, other), often in together.items():
        is_seldom = often <= SELDOM * min(len(windows[one]), len(windows[other]))
        if not is_seldom or apart[one, other] > HARDLY:
            apart[one, other] = apart[other, one] = np.inf
    return apart


def _joined(groups: Groups, merges: Iterable[tuple[float, int, int]]) -> Groups:
    left = dict(enumerate(groups))
    for _, one, gone in merges:
        left[one] = left[one] + left.pop(gone)
    return list(left.values())


def _cut(seconds: Array, merges: Sequence[tuple[float, int, int]], most: int) -> int:
    """After how many merges there are `most` groups that say enough to be speakers.

    Voices that are like no other, a laugh or a jingle, stay alone to the end; they are not those
    who speak.
    """
    total = float(seconds.sum())
    enough = max(min(SPEAKER_S, total / (4 * most)), SPEAKER_SHARE * total)
    said = seconds.copy()
    speakers = int((said >= enough).sum())
    best, at = min(speakers, most), 0
    for number, (_, one, gone) in enumerate(merges, start=1):
        speakers -= int(said[one] >= enough) + int(said[gone] >= enough)
        said[one] += said[gone]
        speakers += int(said[one] >= enough)
        if min(speakers, most) >= best:
            best, at = min(speakers, most), number
    return at


def _merges(
    apart: NDArray[np.float32], weights: Array, limit: float
) -> list[tuple[float, int, int]]:
    """Average-link clustering: which two come together at which distance, closest first; the
    second of them is no more then.

    `apart` (n, n) is used up; infinite between what may never be together, and then between
    groups with such members. Chains of nearest neighbours (Murtagh 1983) find the merges of the
    plain algorithm in n² steps, since no merge brings a group nearer to a third.
    """
    weights = weights.copy()
    heights = np.zeros(len(apart))
    left = set(range(len(apart)))
    first = 0
    chain: list[int] = []
    merges: list[tuple[float, int, int]] = []
    while left:
        while first not in left:
            first += 1
        chain = chain or [first]
        tip = chain[-1]
        near = int(apart[tip].argmin())
        if len(chain) > 1 and apart[tip, chain[-2]] <= apart[tip, near]:
            near = chain[-2]
        far = float(apart[tip, near])
        if far > limit or far == np.inf:
            left.discard(chain.pop())
        elif len(chain) == 1 or near != chain[-2]:
            chain.append(near)
        else:
            del chain[-2:]
            one, gone = min(tip, near), max(tip, near)
            share = weights[one] / (weights[one] + weights[gone])
            line = share * apart[one] + (1 - share) * apart[gone]
            line[[one, gone]] = np.inf
            apart[one] = apart[:, one] = line
            apart[gone] = apart[:, gone] = np.inf
            weights[one] += weights[gone]
            left.discard(gone)
            # Never below what it is made of, as rounding might have it: the order must hold.
            heights[one] = max(far, heights[one], heights[gone])
            merges.append((float(heights[one]), one, gone))
    return sorted(merges, key=lambda merge: merge[0])


def assigned(likeness: Array, seconds: Sequence[float]) -> list[int | None]:
    """A speaker of its own for each label of a window, so that all together are most alike.

    `likeness` has shape (labels, speakers). Where there are too few speakers, the labels with
    least speech get None. All combinations are tried for the four with most speech.
    """
    labels, speakers = likeness.shape
    who: list[int | None] = [None] * labels
    order = sorted(range(labels), key=lambda row: (-seconds[row], row))[:speakers]
    first, rest = order[:_MOST_TRIED], order[_MOST_TRIED:]
    # Nobody needs more choices than there are labels: the others cannot take more away.
    choices = [np.argsort(-likeness[row], kind="stable")[: len(first)].tolist() for row in first]
    best = max(
        (chosen for chosen in product(*choices) if len(set(chosen)) == len(chosen)),
        key=lambda chosen: float(likeness[first, list(chosen)].sum()),
    )
    for row, at in zip(first, best, strict=True):
        who[row] = at
    for row in rest:
        free = [at for at in range(speakers) if at not in who]
        who[row] = max(free, key=lambda at: float(likeness[row, at]))
    return who


def unit(sums: Sequence[Array] | Array) -> Array:
    """These vectors at length 1, shape (n, d); one of no length stays as it is."""
    lines = np.asarray(sums)
    units: Array = lines / np.maximum(np.linalg.norm(lines, axis=1, keepdims=True), 1e-12)
    return units
