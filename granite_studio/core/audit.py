"""What a machine's text leaves out, and what it holds that nobody can have said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from granite_studio.core.document import Finding, Span, spaced
from granite_studio.core.heard import HeardWord

NO_SPEECH = "text-without-speech"
PACE = "speaking-rate"
LOOP = "loop"
CUT_OFF = "cut-off"
KINDS = frozenset({NO_SPEECH, PACE, LOOP, CUT_OFF})
"""Kinds of findings that the audit makes; a new audit of the same stretch replaces them."""

MISSED_MS = 1500
"""Speech this long in which no word begins or ends is speech without text: shorter is a cough, a
breath, or a word that was heard in the wrong place."""

_BESIDE_MS = 200
"""The detector clips soft first and last sounds, so words so near to speech are speech."""
_INVENTED_MS = 1000
"""Shorter text over silence is a word whose time is a little off."""
_APART_MS = 1000
"""Words with a longer silence between them are judged apart."""
_LONG_WORD_MS = 3000
"""A drawled word lasts a second and a half, as do the longest compounds."""
_TAIL_MS = 3000
"""So much speech behind the last word is more than a word that was missed: the text stopped."""
_TIMES = 4
"""People say a thing three times for emphasis."""
_RETRY_MS = 3000
"""Less speech without text is not worth hearing the window again."""


@dataclass(frozen=True, slots=True)
class _Script:
    """What is usual in a script, in its letters or signs."""

    fastest: int
    """Letters a second that nobody says. In real meetings with exact word times one person
    reaches 22 over a sentence, people who talk at once 28; Japanese news has 7 signs, the
    fastest talkers 12."""
    slowest: int
    """Letters a second in a long word, under which something is missing behind it."""
    sentence: int
    """Letters of a short sentence: what pace is measured over, as times of single words err."""
    digit: int
    """Letters that saying a digit takes: "1998" is a word of twenty."""
    phrase: int
    """The longest phrase that is looked for as a loop, in words or signs: eight words."""
    loop: int
    """The shortest loop, in words or signs. "No no no no no" and laughter are none."""


_LETTERS = _Script(fastest=35, slowest=2, sentence=60, digit=4, phrase=8, loop=8)
_SIGNS = _Script(fastest=18, slowest=1, sentence=30, digit=2, phrase=24, loop=16)
_WRITTEN_IN_SIGNS = frozenset({"ja", "zh"})


def audit(
    speech: Sequence[Span], words: Sequence[HeardWord], span: Span, *, language: str
) -> tuple[Finding, ...]:
    """What is wrong with the words of a window, or of a whole recording, in order of time.

    `speech` are the stretches in which somebody speaks, in order and apart; `words` may be in any
    order; `language` is a BCP 47 tag. Speech without text is not among the findings: `unheard`
    says where it is, and the document keeps it apart.
    """
    script = _SIGNS if language.partition("-")[0] in _WRITTEN_IN_SIGNS else _LETTERS
    spoken = [word for word in words if span.start <= (word.start + word.end) // 2 <= span.end]
    spoken.sort(key=attrgetter("start", "end"))
    found = [
        *_without_speech(speech, spoken),
        *_too_fast(spoken, script),
        *_too_slow(spoken, script),
        *_loops(spoken, script),
        *_cut_off(speech, spoken, span),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.span.start, finding.kind)))


def unheard(speech: Iterable[Span], words: Iterable[HeardWord]) -> tuple[Span, ...]:
    """Stretches of speech, long enough to hold words, that no word lies in.

    `speech` is in order and apart, `words` are in any order.
    """
    edges = sorted((word.start, word.end) for word in words)
    reached = list(accumulate((end for _, end in edges), max))
    missed = []
    first = 0
    for span in speech:
        while first < len(edges) and reached[first] <= span.start:
            first += 1
        at, place = span.start, first
        while place < len(edges) and edges[place][0] < span.end:
            if edges[place][0] - at >= MISSED_MS:
                missed.append(Span(at, edges[place][0]))
            at = max(at, edges[place][1])
            place += 1
        if span.end - at >= MISSED_MS:
            missed.append(Span(at, span.end))
    return tuple(missed)


def needs_retry(findings: Iterable[Finding], missed: Iterable[Span]) -> bool:
    """Whether a window should be heard once more, cut in another way.

    `missed` is what `unheard` says of it. Loops, text that stops or was invented, and much speech
    without text come from a model that lost its way, which another cut seldom repeats.
    """
    return any(finding.kind in KINDS for finding in findings) or (
        sum(span.end - span.start for span in missed) >= _RETRY_MS
    )


def trouble_ms(findings: Iterable[Finding], missed: Iterable[Span]) -> int:
    """How much of a window is in doubt, in ms: of two hearings of it, keep the one with less."""
    doubted = [finding.span for finding in findings if finding.kind in KINDS]
    joined = _joined(sorted((*doubted, *missed), key=attrgetter("start")))
    return sum(span.end - span.start for span in joined)


def _without_speech(speech: Sequence[Span], words: Sequence[HeardWord]) -> Iterator[Finding]:
    """Words over silence."""
    run: list[HeardWord] = []
    place = 0
    for word in words:
        while place < len(speech) and speech[place].end + _BESIDE_MS <= word.start:
            place += 1
        is_spoken = place < len(speech) and speech[place].start - _BESIDE_MS < word.end
        if run and (is_spoken or word.start - run[-1].end > _APART_MS):
            yield from _invented(run)
            run = []
        if not is_spoken:
            run.append(word)
    yield from _invented(run)


def _invented(run: Sequence[HeardWord]) -> Iterator[Finding]:
    if run and run[-1].end - run[0].start >= _INVENTED_MS:
        message = "There is text here, but nobody seems to speak; it may be invented."
        yield Finding(NO_SPEECH, Span(run[0].start, run[-1].end), message)


def _too_fast(words: Sequence[HeardWord], script: _Script) -> Iterator[Finding]:
    """The shortest runs as long as a sentence, where they are faster than anybody speaks."""
    fast: list[Span] = []
    sizes = [_size(word.text, script) for word in words]
    first = letters = 0
    for last, word in enumerate(words):
        letters += sizes[last]
        while letters - sizes[first] >= script.sentence:
            letters -= sizes[first]
            first += 1
        start, end = words[first].start, max(word.end, words[first].end)
        if letters >= script.sentence and letters * 1000 > script.fastest * (end - start):
            fast.append(Span(start, end))
    for span in _joined(fast):
        message = "There is more text here than anybody can say in this time; compare it."
        yield Finding(PACE, span, message)


def _too_slow(words: Sequence[HeardWord], script: _Script) -> Iterator[Finding]:
    for word in words:
        lasts = word.end - word.start
        letters = max(1, _size(word.text, script))
        if lasts >= _LONG_WORD_MS and letters * 1000 < script.slowest * lasts:
            message = f"“{word.text}” lasts {lasts / 1000:.0f} s here; words may be missing."
            yield Finding(PACE, Span(word.start, word.end), message)


def _size(text: str, script: _Script) -> int:
    """How many letters it takes to say this."""
    return sum(script.digit if sign.isdigit() else 1 for sign in text if sign.isalnum())


def _loops(words: Sequence[HeardWord], script: _Script) -> Iterator[Finding]:
    """The same phrase over and over; of a loop the shortest phrase counts."""
    forms, owners = _units(words)
    found: list[tuple[int, int]] = []
    for period in range(1, script.phrase + 1):
        least = max(script.loop, _TIMES * period)
        begin = 0
        for place in range(period, len(forms) + 1):
            if place < len(forms) and forms[place] == forms[place - period]:
                continue
            is_new = not any(first < place and begin < end for first, end in found)
            if place - begin >= least and is_new:
                found.append((begin, place))
                first, last = words[owners[begin]], words[owners[place - 1]]
                times = (place - begin) // period
                message = f"The same words come {times} times in a row here; hear if they do."
                yield Finding(LOOP, Span(first.start, max(first.end, last.end)), message)
            begin = place - period + 1


def _units(words: Sequence[HeardWord]) -> tuple[list[str], list[int]]:
    """What is compared, words or signs without case and punctuation, and each one's word."""
    forms: list[str] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        bare = "".join(sign for sign in word.text.casefold() if sign.isalnum())
        if bare:
            pieces = [bare] if spaced(bare, bare) else list(bare)
            forms += pieces
            owners += [index] * len(pieces)
    return forms, owners


def _cut_off(speech: Sequence[Span], words: Sequence[HeardWord], span: Span) -> Iterator[Finding]:
    """Text that stops while somebody goes on to speak."""
    if not words:
        return
    last = max(word.end for word in words)
    behind = [
        Span(max(each.start, last), min(each.end, span.end))
        for each in speech
        if each.end > last and each.start < span.end and last < span.end
    ]
    if sum(each.end - each.start for each in behind) >= _TAIL_MS:
        message = "The text stops here while somebody goes on speaking; hear this stretch again."
        yield Finding(CUT_OFF, Span(behind[0].start, behind[-1].end), message)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order of their starts, those that meet made one."""
    whole: Span | None = None
    for span in spans:
        if whole is not None and span.start <= whole.end:
            whole = Span(whole.start, max(whole.end, span.end))
            continue
        if whole is not None:
            yield whole
        whole = span
    if whole is not None:
        yield whole
