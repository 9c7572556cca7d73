"""A transcript that was corrected elsewhere comes back, onto the words that are here.

Words that nobody changed keep id, times and confidence, so that cues, quotes, notes and
translations stay where they are. What changed on both sides since the export is told first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from granite_studio.core.document import Document
from granite_studio.core.edits.anchors import join_translations
from granite_studio.core.edits.splicing import splice
from granite_studio.core.errors import FormatError
from granite_studio.core.roundtrip.comparing import exported
from granite_studio.core.roundtrip.cue_pieces import exported_pieces, pieces_of, rows_of
from granite_studio.core.roundtrip.cue_writing import written_back
from granite_studio.core.roundtrip.differences import REFUSED, Difference, Side, renaming
from granite_studio.core.roundtrip.handed import Brought, Handed, Marker, handed_for
from granite_studio.core.roundtrip.naming import with_names
from granite_studio.core.roundtrip.pairing import Pairing
from granite_studio.core.roundtrip.translating import Translating


@dataclass(frozen=True, slots=True)
class Returned:
    """The document with the text that came back, and what differs: conflicts first, then by time.

    `knows_export` is False where the text does not say what was exported: then nobody can tell
    what the project changed since, and the text that came back is taken everywhere.
    """

    document: Document
    differences: tuple[Difference, ...]
    knows_export: bool

    @property
    def conflicts(self) -> int:
        """How much both sides changed."""
        return sum(each.conflict and each.deed not in REFUSED for each in self.differences)

    @property
    def refused(self) -> int:
        """How much cannot be taken."""
        return sum(each.deed in REFUSED for each in self.differences)


def returned(
    document: Document,
    brought: Brought,
    *,
    keep: Side = Side.RETURNED,
    earlier: Iterable[Document] = (),
) -> Returned:
    """Put a text that was corrected elsewhere onto the document it was exported from.

    Paragraphs may have been split, joined, moved, added and deleted; they stay in the order of
    the recording. What the project changed since the export, and the text did not, stays as the
    project has it. Where both changed a paragraph in other places, both changes are taken, if one
    of the `earlier` documents says what was exported. Else `keep` says whose text is taken, and
    the difference is a conflict; a paragraph that was deleted there and changed here stays. A
    name that was taken out changes nothing. A translation that stands beside the text is
    compared in the same way. So are rows of a table of cues; where their lines or their times are
    others, or rows were split, joined or added, they become cues made by hand. Raises
    `FormatError` for another recording's text.
    """
    steps = tuple(earlier)
    if brought.handed is not None and brought.handed.by_cue:
        return _by_cue(document, brought, brought.handed, keep, steps)
    marker = Marker.of(document)

    def bases(changed: Mapping[int, str]) -> Mapping[int, list[str]]:
        return exported(changed, steps, marker)

    pairing = Pairing(document, brought, keep, bases)
    after = document
    for kept, gone in pairing.joined:
        after = join_translations(after, kept, gone)
    next_id = next(pairing.ids)
    segments = tuple(segment for _, segment in pairing.ordered())
    if segments != document.segments:
        rows = len(document.segments)
        after = splice(after, 0, rows, segments, next_id=next_id, typed=True)
    changes = pairing.naming.changes(pairing.told, keeps_project=keep is Side.PROJECT)
    after = pairing.with_notes(with_names(after, changes))
    pairing.differences += [renaming(named) for named in changes if named.told.like]
    translating = Translating(document, brought, keep, steps)
    after = translating.taken_over(after, pairing)
    differences = [*pairing.differences, *translating.differences]
    return _told(after, differences, knows_export=handed_for(document, brought.handed) is not None)


def _by_cue(
    document: Document,
    brought: Brought,
    handed: Handed,
    keep: Side,
    earlier: tuple[Document, ...],
) -> Returned:
    """The same for rows of a table of cues. They are known by the words that their export held,
    so that they are of use for this recording alone."""
    if handed_for(document, handed) is None:
        raise FormatError(
            "The table of subtitles that came back was exported from another recording; choose "
            "the file that was exported from this project."
        )
    marker = Marker.of(document)
    pieces = pieces_of(document, handed)
    rows = rows_of(brought, handed, pieces)

    def bases(changed: Mapping[int, str]) -> Mapping[int, list[str]]:
        return exported_pieces(changed, pieces, handed, earlier, marker)

    pairing = Pairing(pieces.document, rows.brought, keep, bases)
    after, differences = written_back(document, brought, pieces, rows, pairing, keep)
    return _told(after, differences, knows_export=True)


def _told(
    document: Document, differences: Iterable[Difference], *, knows_export: bool
) -> Returned:
    told = sorted(differences, key=lambda each: (not each.conflict, each.start))
    return Returned(document, tuple(told), knows_export)
