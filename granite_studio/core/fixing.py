"""The smallest change that makes a cue keep its style: other times, other lines, or a place by a
cut of the film."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from granite_studio.core import wanted
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Problem, Severity, are_dashed, dashed, problems
from granite_studio.core.cues import Cue, Deriver
from granite_studio.core.cuetext import escape, plain
from granite_studio.core.document import CueOverride, Document
from granite_studio.core.lines import Ruler
from granite_studio.core.phrasing import cut_costs
from granite_studio.core.putting import Places
from granite_studio.core.shots import AWAY, Film
from granite_studio.core.styles import OVERLAP, Style
from granite_studio.core.unspaced import words_of

_REBROKEN = 250
"""Other line breaks weigh as much as an end that moves by so many ms."""
_ROUNDS = 10
"""So often a transcript is mended and cut again at most."""

_OF_LINES = ("lines", "cpl", "wide_cpl")
_NOT_OF_ENDS = (*_OF_LINES, "dash")
_STRADDLING = ("straddle_ms", False)
_OF_STARTS = ("late_ms", "early_ms", "straddle_ms")
_BEGIN = ("shot_frames", False), (OVERLAP, False), ("late_ms", False), ("early_ms", False)
"""What no other end of a cue can mend."""

Findings: TypeAlias = dict[tuple[str, bool], Problem]
"""What is wrong with a cue, by `Problem.key`."""
Faults: TypeAlias = tuple[int, int]
"""How many errors and warnings."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A cue that is better than the one at this place, and what was done in plain words."""

    place: int
    cue: Cue
    message: str


def cues_of(captions: Captions) -> tuple[Cue, ...]:
    """A subtitle file's cues as the checks take them; their words have no ids."""
    return tuple(
        Cue(0, 0, each.start, each.end, tuple(plain(each.text).split("\n")), fixed=True)
        for each in captions.cues
    )


def fixed(
    captions: Captions, style: Style, *, language: str = "", film: Film | None = None
) -> tuple[Captions, tuple[Fix, ...]]:
    """The subtitle file with its `fixes` made. Lines of a cue that has markup stay as they are."""
    texts = [caption.text for caption in captions.cues]
    marked = {n for n, text in enumerate(texts) if escape(plain(text)) != text}
    made = fixes(cues_of(captions), style, language=language, firm=marked, film=film)
    better = {fix.place: fix.cue for fix in made}
    items = list(captions.items)
    places = (n for n, item in enumerate(items) if isinstance(item, Caption))
    for number, (place, caption) in enumerate(zip(places, captions.cues, strict=True)):
        if number in better:
            cue = better[number]
            text = caption.text if number in marked else escape(cue.text)
            items[place] = replace(caption, start=cue.start, end=cue.end, text=text)
    return replace(captions, items=tuple(items)), made


def fixes(
    cues: Sequence[Cue],
    style: Style,
    *,
    language: str = "",
    firm: Container[int] = (),
    film: Film | None = None,
) -> tuple[Fix, ...]:
    """What can be mended in these cues, in order, without touching a word.

    Together they take faults away and bring none, but for an error of which a doubt is left;
    where they are made, there is nothing more to mend. Only what a person made is mended: the
    others are as the style cut them. A cue stays as long as it takes to see it, or the style's
    `linger_ms` behind its sound, or up to the next one where only a flicker would be left, but no
    longer. Where the `sound` of a cue is not known, it ends with the cue.
    With a `language` ("de") lines are broken where that language likes it; those of cues at `firm`
    places stay. Starts stay too, but where one is too far from the first word, or the cue goes on
    over a cut of the `film`; by these all cues are put, those that the style cut as well, unless
    the style has another rule for them than how far a cue is from a cut.
    """
    work = _Work(cues, style, film, language, firm)
    places: Collection[int] = range(len(cues))
    while places:  # each round leaves fewer findings
        moved = work.put({seam for place in places for seam in (place, place + 1)})
        # Where one is at another time, those beside it may have the room that they lacked.
        beside = {place + far for place in (*places, *moved) for far in (-1, 0, 1)}
        near = sorted(beside.intersection(range(len(cues))))
        places = {place for place in near if work.better(place)}
    return work.made()


def fix(
    cues: Sequence[Cue],
    place: int,
    style: Style,
    *,
    language: str = "",
    film: Film | None = None,
) -> tuple[Fix, ...]:
    """What can be mended in one cue, as `fixes` does it: mostly one fix. Where a cut of the film
    is between two cues, the edge of a neighbour moves too, if nothing else can be done."""
    first = max(place - 2, 0)
    work = _Work(cues[first : place + 3], style, film, language, ())
    here = place - first
    while work.put_one(here) or work.better(here):
        pass
    return tuple(replace(fix, place=fix.place + first) for fix in work.made())


def mended(document: Document, cues: Sequence[Cue], made: Sequence[Fix]) -> Document:
    """The transcript with these fixes of its `cues`, kept as if a person had made them."""
    known = {(hand.first, hand.last): hand for hand in document.cue_overrides}
    changed = {}
    for one in made:
        old = cues[one.place]
        key = old.first, old.last
        hand = known.get(key, CueOverride(*key, settings=old.settings))
        if one.cue.start != old.start:
            hand = replace(hand, start=one.cue.start, end=one.cue.end)
        if one.cue.end != old.end:
            hand = replace(hand, end=one.cue.end)
        if one.cue.lines != old.lines:
            hand = replace(hand, breaks=None)  # the style breaks lines as the fix does
        changed[key] = hand
    kept = (hand for key, hand in known.items() if key not in changed)
    return replace(document, cue_overrides=(*kept, *changed.values())) if changed else document


@dataclass(frozen=True, slots=True)
class Mended:
    """A transcript whose cues were mended, what was done to each of them, and whether a cue
    begins at another time than before."""

    document: Document
    made: tuple[Fix, ...]
    is_put: bool


def mending(document: Document, style: Style, film: Film | None = None) -> Iterator[Mended]:
    """The transcript with all its cues mended; yields what was reached so far, round by round.

    A cue that was mended makes the style cut its neighbours anew, which may let more be mended.
    """
    deriver = Deriver(style, film)
    done, is_put = dict[tuple[int, int], Fix](), False
    for _ in range(_ROUNDS):
        cues = deriver.derive(document)
        made = fixes(cues, style, language=document.language, film=film)
        if not made:
            return
        document = mended(document, cues, made)
        for one in made:
            key = one.cue.first, one.cue.last
            before = f"{done[key].message} " if key in done else ""
            done[key] = replace(one, message=before + one.message)
            is_put = is_put or one.cue.start != cues[one.place].start
        told = sorted(done.values(), key=lambda one: one.cue.start)
        yield Mended(document, tuple(told), is_put)


class _Work:
    """Cues that are being mended, and what was done to each."""

    def __init__(
        self,
        cues: Sequence[Cue],
        style: Style,
        film: Film | None,
        language: str,
        firm: Container[int],
    ) -> None:
        self._before = cues
        self._cues = list(cues)
        # By the cuts of a film cues are put in a style without a rule for them, too.
        is_judged = film is None or style.knows_shots
        self._style = style if is_judged else replace(style, shot_frames=AWAY)
        self._film = film
        self._language = language
        self._firm = firm
        self._by_cut: dict[int, tuple[int, int]] = {}

    def put(self, seams: Iterable[int]) -> set[int]:
        """Put cues by the cuts of the film at these seams of `Places`; those that moved."""
        if self._film is None or not self._style.shot_frames:
            return set()
        places = Places(self._cues, self._film, self._style)
        return self._follow(places, places.put(sorted(seams)))

    def put_one(self, place: int) -> set[int]:
        """Put one cue alone or, where that leads nowhere, with the edges that face it."""
        if self._film is None or not self._style.shot_frames:
            return set()
        others = {*range(len(self._cues))} - {place}
        alone = Places(self._cues, self._film, self._style, others)
        if moved := alone.put_run(place, place + 1):
            return self._follow(alone, moved)
        if not (alone.is_beside(place) or alone.is_beside(place + 1)):
            return set()
        places = Places(self._cues, self._film, self._style)
        moved = places.put_run(place, place + 1)
        return self._follow(places, moved) if place in moved else set()

    def better(self, place: int) -> bool:
        """Give a cue that a person made the best lines, and an end that a rule could want, where
        that is better; whether it was."""
        is_better = False
        while found := self._better(place):
            self._cues[place] = found
            is_better = True
        return is_better

    def made(self) -> tuple[Fix, ...]:
        """What became of the cues."""
        pairs = enumerate(zip(self._before, self._cues, strict=True))
        return tuple(
            Fix(place, now, _message(then, now, *self._by_cut.get(place, (0, 0))))
            for place, (then, now) in pairs
            if now != then
        )

    def _follow(self, places: Places, moved: set[int]) -> set[int]:
        for place in moved:
            cue, start, end = self._cues[place], places.starts[place], places.ends[place]
            begun, ended = self._by_cut.get(place, (0, 0))
            self._by_cut[place] = begun + start - cue.start, ended + end - cue.end
            self._cues[place] = replace(cue, start=start, end=end, fixed=True)
        return moved

    def _better(self, place: int) -> Cue | None:
        cue = self._cues[place]
        if not cue.fixed or not (now := self._findings(place, cue)):
            return None
        best: tuple[Faults, int, Cue] | None = None
        for change, candidate in self._candidates(place, cue, now):
            found = self._findings(place, candidate)
            if _STRADDLING in now and candidate.end < min(cue.end, cue.sound or cue.end):
                found[_STRADDLING] = now[_STRADDLING]  # what is said over a cut is not cut off
            if _is_less(found, now):
                rating = _counted(found), change
                if (best is None or rating < best[:2]) and not self._harms(place, candidate):
                    best = *rating, candidate
                    if not found:
                        break
        return best[2] if best else None

    def _candidates(self, place: int, cue: Cue, now: Findings) -> list[tuple[int, Cue]]:
        """Other times and lines that could be wanted, by how great the change is."""
        shapes = [(0, cue.lines)]
        is_broken = any(rule in _OF_LINES for rule, _ in now)
        if is_broken and place not in self._firm:
            other = _rebroken(cue, self._style, self._language)
            shapes += [(_REBROKEN, other)] if other != cue.lines else []
        if ("dash", False) in now and not cue.last and place not in self._firm:
            shapes.append((_REBROKEN, dashed(cue.lines, self._style)))
        before, after = self._beside(place)
        begun = [cue]
        if any(rule in _OF_STARTS for rule, _ in now):
            others = wanted.starts(cue, before, self._style, self._film)
            begun += [replace(cue, start=start) for start in others]
        is_of_end = any(key[0] not in _NOT_OF_ENDS and key not in _BEGIN for key in now)
        found: list[tuple[int, int, int, tuple[str, ...]]] = []
        for one in begun:
            far, ends = abs(one.start - cue.start), {cue.end}
            if is_of_end or far:
                ends.update(wanted.ends(one, after, self._style, self._film))
            for end, (weight, lines) in product(ends, shapes):
                found.append((far + abs(end - cue.end) + weight, one.start, end, lines))
        return [
            (far, replace(cue, start=start, end=end, lines=lines))
            for far, start, end, lines in sorted(found)[1:]
        ]

    def _harms(self, place: int, cue: Cue) -> bool:
        """Whether a cue in this place would bring findings of those beside it."""
        near = [other for other in (place - 1, place + 1) if 0 <= other < len(self._cues)]
        now = [self._findings(other, self._cues[other]) for other in near]
        here, self._cues[place] = self._cues[place], cue
        then = [self._findings(other, self._cues[other]) for other in near]
        self._cues[place] = here
        return any(after.keys() - before.keys() for before, after in zip(now, then, strict=True))

    def _findings(self, place: int, cue: Cue) -> Findings:
        """What is wrong with a cue in this place. What its end does to the next one is wrong with
        itself, too."""
        before, after = self._beside(place)
        found = problems(cue, before, after, self._style, film=self._film)
        return {problem.key: problem for problem in found}

    def _beside(self, place: int) -> tuple[Cue | None, Cue | None]:
        before = self._cues[place - 1] if place else None
        return before, self._cues[place + 1] if place + 1 < len(self._cues) else None


def _is_less(found: Findings, before: Findings) -> bool:
    """Whether findings have gone, none has come but a doubt for an error, and no error grew."""
    gone = {before[key].severity for key in before.keys() - found.keys()}
    come = {found[key].severity for key in found.keys() - before.keys()}
    if not gone or Severity.ERROR in come or (come and Severity.ERROR not in gone):
        return False
    errors = (key for key in found if found[key].severity is Severity.ERROR)
    return all(found[key].excess <= before[key].excess for key in errors)


def _counted(findings: Findings) -> Faults:
    errors = sum(problem.severity is Severity.ERROR for problem in findings.values())
    return errors, len(findings) - errors


def _rebroken(cue: Cue, style: Style, language: str) -> tuple[str, ...]:
    """The same words on other lines. Where each line is somebody else's, they stay."""
    dash = style.dash.strip()
    begun = sum(line.startswith(dash) for line in cue.lines) if dash else 0
    if are_dashed(cue.lines) or begun >= style.dashes:
        return cue.lines
    words = [word for line in cue.lines for word in words_of(line)]
    if not words:
        return cue.lines
    costs = cut_costs(words, language)
    return tuple(Ruler(words, style).lines(0, len(words), costs, style.lines))


def _message(old: Cue, new: Cue, begun: int, ended: int) -> str:
    """What was done to a cue, of which a cut moved the start and the end by so many ms."""
    edges = [
        f"{verb} {_time(ms)} {'later' if ms > 0 else 'earlier'}"
        for verb, ms in (("begins", begun), ("ends", ended))
        if ms
    ]
    moved, longer = new.start - old.start - begun, new.end - old.end - ended
    done = [f"begins {_time(moved)} {'later' if moved > 0 else 'earlier'}"] if moved else []
    if moved and longer:
        done.append(f"ends {_time(longer)} {'later' if longer > 0 else 'earlier'}")
    elif longer:
        done.append(f"shown {_time(longer)} {'longer' if longer > 0 else 'shorter'}")
    if new.lines != old.lines and are_dashed(old.lines):
        done.append("with the dashes of the style")
    elif new.lines != old.lines:
        count = len(new.lines)
        done.append(f"broken anew into {count} line{'s' if count > 1 else ''}")
    said = [f"By the shot change it {' and '.join(edges)}."] if edges else []
    if done:
        text = " and ".join(done)
        said.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(said)


def _time(ms: int) -> str:
    return f"{abs(ms)} ms" if abs(ms) < 10 else f"{abs(ms) / 1000:.2f} s"
