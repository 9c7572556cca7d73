"""The smallest change that makes a cue keep its style: another end, other lines, or a place by a
cut of the film."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Severity, problems
from granite_studio.core.cues import Cue
from granite_studio.core.cuetext import escape, plain
from granite_studio.core.document import CueOverride, Document
from granite_studio.core.lines import Ruler
from granite_studio.core.measure import length, speed_limits
from granite_studio.core.phrasing import cut_costs
from granite_studio.core.shots import Film, put
from granite_studio.core.styles import Style
from granite_studio.core.unspaced import words_of

_REBROKEN = 250
"""Other line breaks weigh as much as an end that moves by so many ms."""

Faults = tuple[int, int]
"""How many rules are broken: errors, and warnings."""


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

    Each fix takes a fault away and brings none, for the cue and its neighbours, once those before
    it are made. Only what a person made is mended: the others are as the style cut them. A cue
    stays as long as it takes to see it, or the style's `linger_ms` longer than it was, or up to
    the next one where only a flicker would be left, but no longer. With a `language` ("de") lines
    are broken where that language likes it; those of cues at `firm` places stay. Starts stay too,
    but by the cuts of a `film` all cues are put, those that the style cut as well.
    """
    mended, said = list(cues), dict[int, str]()
    waiting = deque(range(len(cues)))
    while waiting:  # not for ever: each move but the first of a cue leaves fewer faults
        place = waiting.popleft()
        cue = cues[place]
        if found := _by_cut(cue, mended[place], _around(mended, place, style, film)):
            mended[place], said[place] = found, _moved(cue, found)
            waiting += [beside for beside in (place - 1, place + 1) if 0 <= beside < len(cues)]
    for place, cue in enumerate(mended[:]):
        around = _around(mended, place, style, film)
        if found := _better(cue, around, language, is_firm=place in firm):
            mended[place] = found
            said[place] = " ".join([*filter(None, [said.get(place)]), _message(cue, found)])
    return tuple(Fix(place, mended[place], said[place]) for place in sorted(said))


def fix(
    cues: Sequence[Cue],
    place: int,
    style: Style,
    *,
    language: str = "",
    film: Film | None = None,
) -> Fix | None:
    """What can be mended in one cue between its neighbours, as `fixes` does it."""
    around = _around(cues, place, style, film)
    cue, done = cues[place], list[str]()
    if found := _by_cut(cue, cue, around):
        done.append(_moved(cue, found))
        cue = found
    if found := _better(cue, around, language):
        done.append(_message(cue, found))
        cue = found
    return Fix(place, cue, " ".join(done)) if done else None


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
class _Around:
    """What a cue is judged by: its neighbours, the style, and the cuts of the film."""

    before: Cue | None
    after: Cue | None
    style: Style
    film: Film | None

    def faults(self, cue: Cue) -> Faults:
        """Of the cue, and of its neighbours beside it."""
        before, after, style, film = self.before, self.after, self.style, self.film
        found = [*problems(cue, before, after, style, film=film)]
        found += problems(before, None, cue, style) if before else ()
        found += problems(after, cue, None, style) if after else ()
        errors = sum(problem.severity is Severity.ERROR for problem in found)
        return errors, len(found) - errors


def _around(cues: Sequence[Cue], place: int, style: Style, film: Film | None) -> _Around:
    before = cues[place - 1] if place else None
    return _Around(before, cues[place + 1] if place + 1 < len(cues) else None, style, film)


def _better(cue: Cue, around: _Around, language: str, *, is_firm: bool = False) -> Cue | None:
    """A cue that a person made, with the best lines and an end that a rule could want, if it is
    better; the lines of one that `is_firm` stay."""
    if not cue.fixed:
        return None
    lines = [cue.lines] if is_firm else [cue.lines, _rebroken(cue, around.style, language)]
    least = around.faults(cue)
    best: tuple[Faults, int, Cue] | None = None
    if least == (0, 0):
        return None
    ends = sorted({cue.end, *_ends(cue, around.after, around.style)})
    for candidate in (
        replace(cue, end=e, lines=each) for each in dict.fromkeys(lines) for e in ends
    ):
        faults = around.faults(candidate)
        change = abs(candidate.end - cue.end) + _REBROKEN * (candidate.lines != cue.lines)
        if not all(now <= then for now, then in zip(faults, least, strict=True)):
            continue
        if faults != least and (best is None or (faults, change) < best[:2]):
            best = faults, change, candidate
    return best[2] if best else None


def _by_cut(cue: Cue, now: Cue, around: _Around) -> Cue | None:
    """The cue put by cuts of the film, where that breaks no more rules than the one that stands
    in its place now, and fewer if that one was put already."""
    ways = put(cue, around.before, around.after, around.film, around.style) if around.film else ()
    candidates = [other for other in ways if other != now]
    if not candidates:
        return None
    errors, doubts = least = around.faults(now)
    for candidate in candidates:
        found = around.faults(candidate)
        if found[0] <= errors and found[1] <= doubts and (now is cue or found < least):
            return candidate
    return None


def _ends(cue: Cue, after: Cue | None, style: Style) -> Iterator[int]:
    comfortable, fastest = speed_limits(cue.text, style)
    signs = sum(map(length, cue.lines))
    seen = max(style.min_ms, style.word_ms * len(cue.text.split()))
    wanted = [
        cue.start + style.min_ms,
        cue.start + style.max_ms,
        cue.start + seen,
        *(cue.start + math.ceil(signs * 1000 / speed) for speed in (comfortable, fastest)),
    ]
    latest = max(cue.end + style.linger_ms, cue.start + seen)
    if after is not None:
        close = after.start - style.gap_ms
        wanted.append(close)
        # Where only a flicker would be left, it stays until the next one.
        latest = close if latest > after.start - style.chain_ms else min(latest, close)
    yield from (end for end in wanted if cue.start < end <= latest)
    if latest > cue.start:
        yield latest


def _rebroken(cue: Cue, style: Style, language: str) -> tuple[str, ...]:
    """The same words on other lines. Where each line is somebody else's, they stay."""
    dash = style.dash.strip()
    if dash and sum(line.startswith(dash) for line in cue.lines) >= style.dashes:
        return cue.lines
    words = [word for line in cue.lines for word in words_of(line)]
    if not words:
        return cue.lines
    costs = cut_costs(words, language)
    return tuple(Ruler(words, style).lines(0, len(words), costs, style.lines))


def _message(cue: Cue, better: Cue) -> str:
    done = []
    if better.end != cue.end:
        way = "longer" if better.end > cue.end else "shorter"
        done.append(f"shown {abs(better.end - cue.end) / 1000:.2f} s {way}")
    if better.lines != cue.lines:
        count = len(better.lines)
        done.append(f"broken anew into {count} line{'s' if count > 1 else ''}")
    text = " and ".join(done)
    return f"{text[0].upper()}{text[1:]}."


def _moved(old: Cue, new: Cue) -> str:
    edges = [
        f"{verb} {abs(after - before) / 1000:.2f} s {'later' if after > before else 'earlier'}"
        for verb, before, after in (("begins", old.start, new.start), ("ends", old.end, new.end))
        if before != after
    ]
    return f"By the shot change it {' and '.join(edges)}."
