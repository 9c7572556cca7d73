"""Which paragraph of a project each of a text that came back is, and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from granite_studio.core.align import align
from granite_studio.core.document import Document, Note, Segment
from granite_studio.core.errors import FormatError
from granite_studio.core.roundtrip.comparing import (
    New,
    Old,
    is_like,
    loose,
    merged,
    news_of,
    old_of,
)
from granite_studio.core.roundtrip.differences import Deed, Difference, Side, deed_of
from granite_studio.core.roundtrip.handed import Brought, Marker, handed_for
from granite_studio.core.roundtrip.naming import Naming, Told
from granite_studio.core.roundtrip.refitting import Fit, Text, refitted

_FEW = 20
"""A text of so many words of which hardly one is here belongs to another recording."""
_ALONE = 4
"""A paragraph of so many words that stands elsewhere was moved, whatever time it shows."""
_MOST = 20
"""So many paragraphs are compared with one another where nothing says which is which."""
_COMMON = 4
"""One word in so many is here, or the text belongs to another recording."""

Gap = tuple[range, range]
"""Old and new paragraphs, by their places, that stand between the same ones."""


Bases = Callable[[Mapping[int, str]], Mapping[int, Sequence[str]]]
"""Gives the words of paragraphs as they were exported, by their ids, for their marks."""


class Pairing:
    """Finds for each paragraph that came back which one it was, and what became of it.

    `segments` are the paragraphs that there are then, each with its number in the text that came
    back, 0 where it stays as the project has it. Raises `FormatError` for another recording's
    text.
    """

    def __init__(self, document: Document, brought: Brought, keep: Side, bases: Bases) -> None:
        marker, handed = Marker.of(document), brought.handed
        self._document = document
        self._keep = keep
        self._handed = handed_for(document, handed)
        self._old = [old_of(segment, marker, self._handed) for segment in document]
        self._rows = {segment.id: row for row, segment in enumerate(document)}
        self._new = list(news_of(brought, self._old, document))
        self.ids = count(document.next_id)
        self.naming = Naming(document, self._handed)
        self.differences: list[Difference] = []
        self.segments: list[tuple[int, Segment]] = []
        self.told: list[Told] = []
        self.joined: list[tuple[int, int]] = []
        self.kept: list[Told] = []
        changed = {old.segment.id: old.key for old in self._old if old.changed}
        self._exported = bases(changed) if changed else {}
        self.merged: set[int] = set()
        self._pair()

    def _pair(self) -> None:
        gaps: list[Gap] = []
        codes = align([old.key for old in self._old], [new.key for new in self._new])
        for code in codes:
            olds, news = range(code.i1, code.i2), range(code.j1, code.j2)
            if code.kind != "equal":
                gaps.append((olds, news))
                continue
            for i, j in zip(olds, news, strict=True):
                self._put(self._new[j], self._old[i].segment, self._old[i].segment)
        moved = self._moved(gaps)
        self._check(gaps, moved)
        for i, j in moved.items():
            self._reconcile([i], [j])
            self._gap([i], [j], i, is_moved=True)
        there = set(moved.values())
        gone = self._gone()
        for olds, news in gaps:
            left = [j for j in news if j not in there and not self._is_gone(j, gone)]
            here = [i for i in olds if i not in moved]
            self._reconcile(here, left)
            self._gap(here, left, olds.start)

    # ---- which paragraph is which

    def _moved(self, gaps: Sequence[Gap]) -> dict[int, int]:
        """Old paragraphs that stand in another order there, each with its new one."""
        by_key: dict[str, list[int]] = defaultdict(list)
        by_time: dict[int, list[int]] = defaultdict(list)
        for i in (i for olds, _ in gaps for i in olds):
            by_time[self._old[i].segment.start // 1000].append(i)
        for i in (i for olds, _ in reversed(gaps) for i in reversed(olds)):
            by_key[self._old[i].key].append(i)
        partner: dict[int, int] = {}
        taken: set[int] = set()
        for j in (j for _, news in gaps for j in news):
            new, start = self._new[j], self._new[j].came.start
            timed = by_time.get(start // 1000, [])[:_MOST] if start is not None else []
            free = self._same(new, [i for i in timed if i not in taken])
            # "Yes." is said often: without its time only a longer text is surely the same one.
            same = by_key.get(new.key, []) if len(new.texts) >= _ALONE else []
            while free is None and same:
                i = same.pop()
                free = None if i in taken else i
            if free is not None:
                partner[j] = free
                taken.add(free)
        moved: dict[int, int] = {}
        for olds, news in gaps:
            # What stands in the same order, alone or among others, was not moved.
            order = [partner.get(j, -1) for j in news]
            stays = {
                i for code in align(olds, order) if code.kind == "equal"
                for i in olds[code.i1 : code.i2]
            }  # fmt: skip
            moved |= {partner[j]: j for j in news if j in partner and partner[j] not in stays}
        return moved

    def _same(self, new: New, timed: Sequence[int]) -> int | None:
        """Which of these paragraphs is this one: the one that says the same, or nearly so."""
        same = (i for i in timed if self._old[i].key == new.key)
        alike = (i for i in timed if is_like(self._old[i].texts, new.texts))
        return next(chain(same, alike), None)

    def _gone(self) -> Counter[str]:
        """The marks of paragraphs that were exported and that the project took out since."""
        texts = self._handed.texts if self._handed else {}
        return Counter(mark for i, mark in texts.items() if i not in self._rows)

    def _is_gone(self, j: int, gone: Counter[str]) -> bool:
        """Whether a new paragraph is as it was exported, while the project took it out."""
        if gone[self._new[j].key] < 1:
            return False
        gone[self._new[j].key] -= 1
        return True

    def _check(self, gaps: Sequence[Gap], moved: dict[int, int]) -> None:
        """Raise `FormatError` for a text that is not of this recording."""
        words = sum(len(new.texts) for new in self._new)
        if not words:
            raise FormatError("The text that came back holds no words; choose the edited file.")
        there = set(moved.values())
        foreign = 0
        for olds, news in gaps:
            known = Counter(loose(w.text) for i in olds for w in self._old[i].segment.words)
            said = Counter(
                loose(text) for j in news if j not in there for text in self._new[j].texts
            )
            foreign += (said - known).total()
        if words > _FEW and (words - foreign) * _COMMON < words:
            raise FormatError(
                "The text that came back has hardly a word in common with this transcript; "
                "choose the file that was exported from this project."
            )

    def _reconcile(self, olds: Sequence[int], news: Sequence[int]) -> None:
        """Take both sides' changes where these are in other places of one paragraph."""
        bases = {i: self._exported.get(self._old[i].segment.id) for i in olds}
        few = len(news) <= _MOST
        starts = {j: self._new[j].came.start for j in news}
        alike = [
            (i, j)
            for i, base in bases.items()
            for j, start in (starts.items() if base else ())
            if few or start == self._old[i].segment.start // 1000 * 1000
            if base and is_like(base, self._new[j].texts)
        ]
        for i, j in alike:
            base, old = bases[i], self._old[i]
            if base and sum(i == one or j == two for one, two in alike) == 1:
                words = merged(base, old.texts, self._new[j].texts)
                if words:
                    self._new[j] = replace(self._new[j], texts=tuple(words))
                    self.merged.add(old.segment.id)

    # ---- what becomes of the paragraphs

    def _put(self, new: New, segment: Segment, like: Segment | None) -> None:
        self.segments.append((new.number, segment))
        self.told.append(Told(new.number, segment, like, new.name))

    def _gap(
        self, olds: list[int], news: list[int], place: int, *, is_moved: bool = False
    ) -> None:
        """Paragraphs of the project, by their rows, and what they became."""
        by_number = {self._new[j].number: self._new[j] for j in news}
        refit = refitted(
            self._document,
            olds,
            [Text(new.number, new.texts, new.came.start) for new in by_number.values()],
            self.ids,
            place=place,
            staying=frozenset(i for i in olds if self._old[i].fresh),
        )
        for segment in refit.left:
            self._keep_or_delete(self._old[self._rows[segment.id]])
        for fits in refit.groups:
            self._group(fits, by_number, is_moved=is_moved)

    def _keep_or_delete(self, old: Old) -> None:
        """A paragraph of which no word came back."""
        segment = old.segment
        if old.fresh or old.changed:
            self.segments.append((0, segment))
        if not old.fresh:
            deed = Deed.KEPT if old.changed else Deed.DELETED
            self.differences.append(
                Difference(
                    deed,
                    self._rows[segment.id] + 1,
                    segment.start,
                    old=segment.text,
                    speaker=self.naming.name(segment.speaker),
                    conflict=old.changed,
                )
            )

    def _group(self, fits: list[Fit], news: dict[int, New], *, is_moved: bool) -> None:
        """New paragraphs that share old ones."""
        sources = {source.id: source for fit in fits for source in fit.sources}
        bases = {fit.base.id for fit in fits if fit.base}
        is_same = len(sources) == len(fits) == 1 and fits[0].old == fits[0].new
        olds = [self._old[self._rows[source]] for source in sources]
        changed = any(old.changed or old.fresh for old in olds)
        conflict = changed and not is_same and not self.merged.issuperset(sources)
        for fit in fits:
            name = news[fit.number].name
            self._tell(fit, deed_of(fit, bases, is_moved=is_moved), conflict, name)
        if conflict and self._keep is Side.PROJECT:
            self.segments += ((0, source) for source in sources.values())
            self.kept += [Told(fit.number, fit.base, fit.base, "") for fit in fits if fit.base]
            return
        for fit in fits:
            like = fit.base or next(iter(fit.sources), None)
            if fit.base is None:
                segment = Segment(next(self.ids), fit.words, like.speaker if like else None)
            else:
                segment = replace(fit.base, words=fit.words)
                rest = (source.id for source in fit.sources if source.id not in bases)
                self.joined += [(segment.id, other) for other in rest]
            self._put(news[fit.number], segment, like)

    def _tell(self, fit: Fit, deed: Deed | None, conflict: bool, shown: str) -> None:
        if deed is None:
            return
        like = fit.base or next(iter(fit.sources), None)
        self.differences.append(
            Difference(
                deed,
                fit.number,
                fit.words[0].start,
                fit.old,
                fit.new,
                self.naming.name(like.speaker) if like else shown,
                conflict,
            )
        )

    # ---- the document

    def ordered(self) -> list[tuple[int, Segment]]:
        """All paragraphs by their start; those of one moment stand as they did, new ones behind
        what they stood behind in the text that came back."""
        ranks: dict[int, float] = dict(self._rows)
        row = -1.0
        for number, segment in sorted(self.segments, key=lambda each: each[0]):
            if not number:
                continue  # it stands where it stood, and nothing new stands behind it
            row = ranks.setdefault(segment.id, int(row) + 0.5 if row >= 0 else -0.5)
        self.segments.sort(key=lambda each: (each[1].start, ranks[each[1].id], each[0]))
        return self.segments

    def with_notes(self, document: Document) -> Document:
        """The document with the remarks that it does not have yet at their paragraphs."""
        numbers = {new.number: new for new in self._new if new.came.notes}
        if not numbers:
            return document
        said: dict[int, list[str]] = defaultdict(list)
        for note in document.notes:
            said[note.word].append(" ".join(note.text.split()))
        notes, next_id = list(document.notes), document.next_id
        for told in self.told:
            words = told.segment.words
            known = [text for word in words for text in said.get(word.id, ())]
            for place, text in numbers[told.number].came.notes if told.number in numbers else ():
                if (shown := " ".join(text.split())) in known:
                    known.remove(shown)
                    continue
                word = words[min(max(place, 0), len(words) - 1)]
                notes.append(Note(next_id, word.id, text))
                next_id += 1
                self.differences.append(Difference(Deed.NOTE, told.number, word.start, new=text))
        if len(notes) == len(document.notes):
            return document
        return replace(document, notes=tuple(notes), next_id=next_id)
