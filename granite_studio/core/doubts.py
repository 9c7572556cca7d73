"""The few words most worth a look: those against which at least two signals speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from granite_studio.core.document import Finding, Span, joined
from granite_studio.core.forms import all_forms
from granite_studio.core.heard import Heard, HeardWord
from granite_studio.core.lining import Unit, units
from granite_studio.core.sentences import ends_sentence

KIND = "doubt"
UNSURE = 0.5
"""A confidence is the lower of what the sound and what the language made likely, from 0 to 1.
Below one half, all else together was likelier than the word."""
APART = 300
"""A word's own time and its aligned time disagree if their ends are further apart, in ms."""
_MOST_APART = 0.25
"""Where more of the own times disagree, that clock is wrong as a whole and tells nothing of one
word: the model loses seconds in silences."""
LEAST = 2
"""So many signals make a doubt."""
WORTH = 0.02
"""The share of a text's words that a person may be asked about."""
_KEYWORD = 4
"""Shorter keywords are near to too many words."""
_SHOWN = 6
"""A message quotes so many words at most."""
_LONG = 8
"""Where more words than these differ at once, one version lost or invented a stretch: no matter of
single words, so it is no signal."""
_NUMBERS = {2: "two", 3: "three", 4: "four"}
_TAIL = re.compile(r"[.,;:!?…\"”»)]+$")
_LEAD = re.compile(r"^[\"“„«(¿¡]+")


@dataclass(frozen=True, slots=True)
class Witness:
    """What one version says, lined up with the text: `units` from the text's words to its own."""

    engine: str
    words: tuple[HeardWord, ...]
    units: tuple[Unit, ...]
    own_times: bool = False

    @staticmethod
    def of(
        heard: Heard, text: Sequence[HeardWord], language: str, *, own_times: bool = False
    ) -> Witness:
        words = tuple(word for turn in heard.turns for word in turn.words)
        lined = units([word.text for word in text], [word.text for word in words], language)
        return Witness(heard.engine.name, words, tuple(_judged(lined)), own_times)


def worth(doubts: Iterable[tuple[Finding, int]], words: int) -> tuple[Finding, ...]:
    """The doubts of a whole text that a person should be asked about: the weightiest, in order.

    At most one for every fifty of its `words`, and one of a shorter text.
    """
    weightiest = sorted(doubts, key=lambda doubt: -doubt[1])[: max(1, round(WORTH * words))]
    return tuple(sorted((doubt for doubt, _ in weightiest), key=lambda doubt: doubt.span.start))


@dataclass(frozen=True, slots=True)
class _Near:
    """Words that are almost a keyword."""

    first: int
    last: int
    keyword: str


@dataclass(frozen=True, slots=True)
class _Signals:
    """What speaks against the words from `first` up to `last`."""

    first: int
    last: int
    heard: int = 0
    """Engines that heard something else; one twice, if another heard what it heard."""
    engines: int = 0
    nothing: bool = False
    """Whether these engines heard no word there."""
    unsure: bool = False
    times: bool = False
    keyword: bool = False
    boundary: bool = False

    @property
    def weight(self) -> int:
        return self.heard + self.unsure + self.times + self.keyword + self.boundary


def doubts(
    text: Sequence[HeardWord],
    speakers: Sequence[str | None],
    witnesses: Sequence[Witness],
    *,
    language: str,
    keywords: Sequence[str] = (),
) -> list[tuple[Finding, int]]:
    """Stretches of the text against which at least `LEAST` signals speak, each with their number.

    Signals are: another engine heard something else, and twice if a third one heard the same as
    it; the engine was unsure; the model's own time is another; a keyword is near; the speaker
    changes inside a sentence.
    """
    return _Doubts(text, speakers, witnesses, language, keywords).found()


class _Doubts:
    def __init__(
        self,
        text: Sequence[HeardWord],
        speakers: Sequence[str | None],
        witnesses: Sequence[Witness],
        language: str,
        keywords: Sequence[str],
    ) -> None:
        self._text = text
        self._speakers = speakers
        # A version without any word is one that failed, and says nothing of these words.
        self._witnesses = [witness for witness in witnesses if witness.words]
        self._language = language
        self._unsure = {
            place
            for place, word in enumerate(text)
            if word.confidence is not None and word.confidence < UNSURE
        }
        self._times = {place for witness in witnesses for place in _times_apart(text, witness)}
        self._boundaries = _boundaries(text, speakers)
        self._near = list(_near_misses([word.text for word in text], keywords, language))
        self._unit_of = [
            [index for index, unit in enumerate(w.units) for _ in range(unit.o1, unit.o2)]
            for w in self._witnesses
        ]

    def found(self) -> list[tuple[Finding, int]]:
        kept = [
            signals
            for first, last in self._stretches()
            if (signals := self._signals(first, last)).weight >= LEAST
        ]
        return [(self._finding(signals), signals.weight) for signals in self._adjacent(kept)]

    def _stretches(self) -> list[tuple[int, int]]:
        """Where any signal is: stretches of words that no version's wording is cut by."""
        seeds = [(place, place + 1) for place in self._unsure | self._times | self._boundaries]
        seeds += [(near.first, near.last) for near in self._near]
        for witness in self._witnesses:
            for unit in witness.units:
                if not unit.same and self._text:
                    # What only the witness heard is told with the word behind it.
                    first = min(unit.o1, len(self._text) - 1)
                    seeds.append((first, max(unit.o2, first + 1)))
        found: list[tuple[int, int]] = []
        for first, last in sorted(self._whole(*seed) for seed in set(seeds)):
            if found and first < found[-1][1]:
                found[-1] = (found[-1][0], max(last, found[-1][1]))
            else:
                found.append((first, last))
        return found

    def _whole(self, first: int, last: int) -> tuple[int, int]:
        """The stretch with all of the units it reaches into."""
        while True:
            begin, end = first, last
            for witness, at in zip(self._witnesses, self._unit_of, strict=True):
                begin = min(begin, witness.units[at[first]].o1)
                end = max(end, witness.units[at[last - 1]].o2)
            if (begin, end) == (first, last):
                return first, last
            first, last = begin, end

    def _signals(self, first: int, last: int) -> _Signals:
        places = range(first, last)
        said: dict[tuple[str, ...], set[str]] = {}
        for witness, at in zip(self._witnesses, self._unit_of, strict=True):
            if (wording := _wording(witness, at, first, last)) is not None:
                said.setdefault(self._form(wording), set()).add(witness.engine)
        engines = {engine for heard in said.values() for engine in heard}
        agreeing = {engine for heard in said.values() if len(heard) > 1 for engine in heard}
        return _Signals(
            first,
            last,
            len(engines) + len(agreeing),
            len(engines),
            not any(said),
            not self._unsure.isdisjoint(places),
            not self._times.isdisjoint(places),
            any(first <= near.first and near.last <= last for near in self._near),
            not self._boundaries.isdisjoint(places),
        )

    def _form(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(form.text for form in all_forms(list(words), self._language))

    def _adjacent(self, kept: Sequence[_Signals]) -> Iterator[_Signals]:
        """Stretches that touch in one turn as one."""
        before: _Signals | None = None
        for signals in kept:
            touches = before is not None and before.last == signals.first
            if before and touches and self._is_one_turn(signals.first - 1, signals.first + 1):
                before = self._signals(before.first, signals.last)
                continue
            if before:
                yield before
            before = signals
        if before:
            yield before

    def _is_one_turn(self, first: int, last: int) -> bool:
        return len(set(self._speakers[first:last])) == 1

    def _finding(self, signals: _Signals) -> Finding:
        first, last = signals.first, signals.last
        words = self._text[first:last]
        start = min(word.start for word in words)
        span = Span(start, max(start, *(word.end for word in words)))
        others = self._alternatives(first, last) if self._is_one_turn(first, last) else []
        quoted = f"“{_short(others[0])}”" if others else f"“{_short(joined(_texts(words)))}”"
        opening = f"Perhaps {quoted}" if others else f"Listen to {quoted} again"
        return Finding(KIND, span, f"{opening}: {_reasons(signals)}.", tuple(others))

    def _alternatives(self, first: int, last: int) -> list[str]:
        """What else may have been said, the likeliest first, written as the place is written."""
        votes: dict[tuple[str, ...], set[str]] = {}
        written: dict[tuple[str, ...], str] = {}
        place = _texts(self._text[first:last])
        begins = first == 0 or ends_sentence(self._text[first - 1].text)
        for near in self._near:
            if first <= near.first and near.last <= last:
                wording = [
                    *place[: near.first - first],
                    *near.keyword.split(),
                    *place[near.last - first :],
                ]
                form = self._form(wording)
                votes.setdefault(form, set()).add("")
                written.setdefault(form, _signed(wording, place))
        for witness, at in zip(self._witnesses, self._unit_of, strict=True):
            said = _wording(witness, at, first, last)
            if said:
                form = self._form(said)
                votes.setdefault(form, set()).add(witness.engine)
                cased = _in_case(said, place, witness.words, begins=begins)
                written.setdefault(form, _signed(cased, place))
        here = self._form(place)
        likeliest = sorted(votes, key=lambda form: -len(votes[form]))
        return [written[form] for form in likeliest if form and form != here]


def _texts(words: Iterable[HeardWord]) -> list[str]:
    return [word.text for word in words]


def _judged(lined: Iterable[Unit]) -> Iterator[Unit]:
    """Units, but that those too long to tell anything are taken apart into words that stand for
    themselves alone."""
    for unit in lined:
        if unit.same or max(unit.o2 - unit.o1, unit.t2 - unit.t1) <= _LONG:
            yield unit
        else:
            for place in range(unit.o1, unit.o2):
                yield Unit(True, place, place + 1, unit.t1, unit.t1)


def _wording(witness: Witness, at: Sequence[int], first: int, last: int) -> list[str] | None:
    """What a witness has for the words of a stretch; None where it says the same or nothing."""
    one, two = at[first], at[last - 1]
    if one and witness.units[one - 1].o2 == first == witness.units[one - 1].o1:
        one -= 1  # what only the witness heard, before these words
    if last == len(at) and two + 1 < len(witness.units):
        two += 1
    inside = witness.units[one : two + 1]
    if all(unit.same for unit in inside):
        return None
    if any(unit.same and unit.t1 == unit.t2 for unit in inside):
        return None
    return [word.text for word in witness.words[inside[0].t1 : inside[-1].t2]]


def _times_apart(text: Sequence[HeardWord], witness: Witness) -> set[int]:
    """Words whose end the witness measured elsewhere; the end is what the model writes."""
    if not witness.own_times:
        return set()
    compared, apart = 0, set()
    for unit in witness.units:
        if not unit.same or unit.o2 - unit.o1 != 1 or unit.t2 - unit.t1 != 1:
            continue
        ours, theirs = text[unit.o1], witness.words[unit.t1]
        if not (ours.estimated or theirs.estimated):
            compared += 1
            if abs(ours.end - theirs.end) > APART:
                apart.add(unit.o1)
    return apart if len(apart) <= _MOST_APART * compared else set()


def _boundaries(text: Sequence[HeardWord], speakers: Sequence[str | None]) -> set[int]:
    """Words that another speaker goes on with, inside a sentence of a text that has sentences."""
    ends = [ends_sentence(word.text) for word in text]
    if not any(ends):
        return set()
    return {
        place
        for place, (one, two) in enumerate(pairwise(speakers), 1)
        if one != two and one is not None and two is not None and not ends[place - 1]
    }


def _near_misses(text: Sequence[str], keywords: Sequence[str], language: str) -> Iterator[_Near]:
    """Words that a third of a keyword's letters, or less, parts from it."""
    pieces = all_forms(text, language) if keywords else []
    texts = [piece.text for piece in pieces]
    for keyword in keywords:
        parts = [form.text for form in all_forms(keyword.split(), language)]
        sought = "".join(parts)
        if len(sought) < _KEYWORD:
            continue
        found = [
            (far, count, first)
            for count in {max(1, len(parts) - 1), len(parts), len(parts) + 1}
            for first in range(len(pieces) - count + 1)
            if (far := _distance(texts[first : first + count], sought)) is not None
        ]
        taken: set[int] = set()
        for far, count, first in sorted(found):
            places = range(first, first + count)
            if taken.isdisjoint(places):
                taken.update(places)
                if far:
                    yield _Near(pieces[first].first, pieces[places[-1]].last + 1, keyword)


def _distance(pieces: Sequence[str], sought: str) -> int | None:
    """How many letters part these pieces from a keyword, or None for more than a third of it."""
    found, most = "".join(pieces), len(sought) // 3
    if abs(len(found) - len(sought)) > most or len(set(sought).difference(found)) > most:
        return None
    far = _letters_apart(found, sought)
    return far if far <= most else None


@lru_cache(maxsize=4096)
def _letters_apart(one: str, two: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(two) + 1))
    for count, letter in enumerate(one, 1):
        corner, row[0] = row[0], count
        for place, other in enumerate(two, 1):
            step = corner + (letter != other)
            corner, row[place] = row[place], min(step, row[place] + 1, row[place - 1] + 1)
    return row[-1]


def _in_case(
    said: Sequence[str], place: Sequence[str], witness: Sequence[HeardWord], *, begins: bool
) -> list[str]:
    """What a witness said with capital letters where the place has them."""
    words = list(said)
    is_cased = any(word.text != word.text.lower() for word in witness)
    if not is_cased and len(words) == len(place):
        words = [
            _capital(word) if _is_capital(here) else word
            for word, here in zip(words, place, strict=True)
        ]
    if begins and _is_capital(place[0]):
        words[0] = _capital(words[0])
    return words


def _is_capital(word: str) -> bool:
    return next((sign.isupper() for sign in word if sign.isalpha()), False)


def _capital(word: str) -> str:
    at = next((at for at, sign in enumerate(word) if sign.isalpha()), 0)
    return word[:at] + word[at : at + 1].upper() + word[at + 1 :]


def _signed(words: Sequence[str], place: Sequence[str]) -> str:
    """Words written out, with the signs around them that the place has."""
    lead, tail = _LEAD.search(place[0]), _TAIL.search(place[-1])
    text = _TAIL.sub("", _LEAD.sub("", joined(words)))
    return (lead[0] if lead else "") + text + (tail[0] if tail else "")


def _short(text: str) -> str:
    words = text.split()
    return text if len(words) <= _SHOWN else " ".join(words[:_SHOWN]) + " …"


def _reasons(signals: _Signals) -> str:
    what = "nothing here" if signals.nothing else "it differently"
    who = f"{_NUMBERS.get(signals.engines, 'several')} models"
    reasons = [
        (f"{who if signals.engines > 1 else 'another model'} heard {what}", signals.engines),
        ("the model was unsure", signals.unsure),
        ("its times disagree", signals.times),
        ("it is close to a keyword", signals.keyword),
        ("the speaker changes inside the sentence", signals.boundary),
    ]
    *first, last = [reason for reason, holds in reasons if holds]
    return f"{', '.join(first)} and {last}" if first else last
