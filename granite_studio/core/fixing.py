"""The smallest change that makes a cue keep its style: another end, or other lines."""

from __future__ import annotations

import math
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
    captions: Captions, style: Style, *, language: str = ""
) -> tuple[Captions, tuple[Fix, ...]]:
    """The subtitle file with its `fixes` made. Lines of a cue that has markup stay as they are."""
    texts = [caption.text for caption in captions.cues]
    marked = {n for n, text in enumerate(texts) if escape(plain(text)) != text}
    made = fixes(cues_of(captions), style, language=language, firm=marked)
    better = {fix.place: fix.cue for fix in made}
    items = list(captions.items)
    places = (n for n, item in enumerate(items) if isinstance(item, Caption))
    for number, (place, caption) in enumerate(zip(places, captions.cues, strict=True)):
        if number in better:
            text = caption.text if number in marked else escape(better[number].text)
            items[place] = replace(caption, end=better[number].end, text=text)
    return replace(captions, items=tuple(items)), made


def retimed(captions: Captions, cues: Sequence[Cue]) -> Captions:
    """The subtitle file with the times of these cues, which are as many as its own."""
    times = iter(cues)
    items = (
        replace(item, start=cue.start, end=cue.end)
        if isinstance(item, Caption) and (cue := next(times))
        else item
        for item in captions.items
    )
    return replace(captions, items=tuple(items))


def fixes(
    cues: Sequence[Cue], style: Style, *, language: str = "", firm: Container[int] = ()
) -> tuple[Fix, ...]:
    """What can be mended in these cues, in order, without touching a word or a start.

    Each fix takes a fault away and brings none, for the cue and its neighbours, once those before
    it are made. Only what a person made is mended: the others are as the style cut them. A cue
    stays as long as it takes to see it, or the style's `linger_ms` longer than it was, or up to
    the next one where only a flicker would be left, but no longer. With a `language` ("de") lines
    are broken where that language likes it; those of cues at `firm` places stay.
    """
    found = []
    mended = list(cues)
    for place in range(len(cues)):
        one = fix(mended, place, style, language=language, is_firm=place in firm)
        if one is not None:
            mended[place] = one.cue
            found.append(one)
    return tuple(found)


def fix(
    cues: Sequence[Cue], place: int, style: Style, *, language: str = "", is_firm: bool = False
) -> Fix | None:
    """What can be mended in one cue between its neighbours, as `fixes` does it."""
    cue = cues[place]
    if not cue.fixed:
        return None
    before = cues[place - 1] if place else None
    after = cues[place + 1] if place + 1 < len(cues) else None
    lines = [cue.lines] if is_firm else [cue.lines, _rebroken(cue, style, language)]
    better = _better(cue, before, after, style, lines)
    return Fix(place, better, _message(cue, better)) if better else None


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


def _better(
    cue: Cue,
    before: Cue | None,
    after: Cue | None,
    style: Style,
    lines: Sequence[tuple[str, ...]],
) -> Cue | None:
    """The cue with the best of these lines and an end that a rule could want, if it is better."""
    least = _faults(cue, before, after, style)
    best: tuple[Faults, int, Cue] | None = None
    if least == (0, 0):
        return None
    ends = sorted({cue.end, *_ends(cue, after, style)})
    for candidate in (
        replace(cue, end=e, lines=each) for each in dict.fromkeys(lines) for e in ends
    ):
        faults = _faults(candidate, before, after, style)
        change = abs(candidate.end - cue.end) + _REBROKEN * (candidate.lines != cue.lines)
        if not all(now <= then for now, then in zip(faults, least, strict=True)):
            continue
        if faults != least and (best is None or (faults, change) < best[:2]):
            best = faults, change, candidate
    return best[2] if best else None


def _faults(cue: Cue, before: Cue | None, after: Cue | None, style: Style) -> Faults:
    """Of the cue, and of its neighbours beside it."""
    found = [*problems(cue, before, after, style)]
    found += problems(before, None, cue, style) if before else ()
    found += problems(after, cue, None, style) if after else ()
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    return errors, len(found) - errors


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
