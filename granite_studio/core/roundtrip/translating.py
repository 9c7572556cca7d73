"""Translations that stood beside a text, and what became of them elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from granite_studio.core.document import Document, TranslatedText, joined
from granite_studio.core.edits.translations import set_translations
from granite_studio.core.roundtrip.comparing import merged
from granite_studio.core.roundtrip.differences import Deed, Difference, Side
from granite_studio.core.roundtrip.handed import Brought, Marker, handed_for, plain
from granite_studio.core.roundtrip.naming import Told
from granite_studio.core.roundtrip.pairing import Pairing
from granite_studio.core.translation import texts_in
from granite_studio.core.unspaced import words_of


class Translating:
    """Compares the translations that came back with those of the project, and of its export.

    A translation that is as it was exported changes nothing; another one is a person's text. With
    `Side.PROJECT` what the project translated anew since stays. `differences` tell.
    """

    def __init__(
        self, document: Document, brought: Brought, keep: Side, earlier: Sequence[Document]
    ) -> None:
        self._language = brought.beside
        self._shown = {
            number: joined(words_of(came.other))
            for number, came in enumerate(brought.paragraphs, 1)
            if came.other is not None and brought.beside
        }
        self._keep = keep
        self._earlier = earlier
        self._marker = Marker.of(document)
        handed = handed_for(document, brought.handed)
        self._handed = handed if handed and handed.beside == brought.beside else None
        self._before = texts_in(document, self._language) if self._shown else {}
        self.differences: list[Difference] = []

    def taken_over(self, document: Document, pairing: Pairing) -> Document:
        """The document, of the paragraphs that this pairing found, with the translations."""
        if not self._shown:
            return document
        sources: dict[int, list[int]] = defaultdict(list)
        for kept, gone in pairing.joined:
            sources[kept].append(gone)
        here = texts_in(document, self._language)
        new: dict[int, str] = {}
        for told in (*pairing.told, *pairing.kept):
            shown, number = self._shown.get(told.number), told.segment.id
            current = here[number].text if number in here else ""
            if shown is None or plain(shown) == plain(current) or self._is_as_exported(told):
                continue
            conflict = any(map(self._is_changed, (number, *sources[number])))
            if conflict and (both := self._merged(number, current, shown)):
                shown, conflict = both, False
            self.differences.append(
                Difference(
                    Deed.TRANSLATION,
                    told.number,
                    told.segment.start,
                    current,
                    shown,
                    pairing.naming.name(told.segment.speaker),
                    conflict,
                    self._language,
                )
            )
            if not (conflict and self._keep is Side.PROJECT):
                new[number] = shown
        return set_translations(document, self._language, new) if new else document

    def _is_as_exported(self, told: Told) -> bool:
        """Whether nobody changed a translation there. A place for one that is empty says nothing
        where it is not known that there was one; nor does a copy beside the end of a split."""
        shown = self._shown[told.number]
        if self._handed is None or told.like is None:
            return not shown
        if not shown and told.segment.id != told.like.id:
            return True
        mark = self._handed.others.get(told.like.id)
        return (self._marker.mark(shown) if shown else None) == mark

    def _is_changed(self, number: int) -> bool:
        """Whether the project has another translation of a paragraph than was exported."""
        if self._handed is None or number not in self._handed.texts:
            return False
        text = self._before.get(number)
        mark = self._marker.mark(text.text) if text else None
        return mark != self._handed.others.get(number)

    def _merged(self, number: int, ours: str, theirs: str) -> str:
        """Both changes in one text, where an earlier document says what was exported and they are
        in other places; else nothing."""
        base = self._exported.get(number, "") if ours and theirs else ""
        return joined(merged(*map(words_of, (base, ours, theirs))) or ()) if base else ""

    @cached_property
    def _exported(self) -> dict[int, str]:
        """The translations as they were exported, as far as earlier documents know them."""
        marks = self._handed.others if self._handed else {}
        found: dict[int, str] = {}
        seen: dict[int, TranslatedText] = {}
        for document in self._earlier:
            for number, text in texts_in(document, self._language).items():
                if number in found or id(text) in seen:
                    continue
                seen[id(text)] = text
                if marks.get(number) == self._marker.mark(text.text):
                    found[number] = text.text
            if len(found) == len(marks):
                break
        return found
