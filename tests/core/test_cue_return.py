"""A table of cues comes back onto any transcript it can be made of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, Media
from granite_studio.core.edits.speakers import clean_name
from granite_studio.core.roundtrip.cue_marks import handed_cues
from granite_studio.core.roundtrip.handed import Brought, CameRow
from granite_studio.core.roundtrip.returning import returned
from granite_studio.core.styles import style
from granite_studio.core.timing import clock
from tests.core import strategies
from tests.core.pictures import check

STYLE = style("general")
DEEDS = ["swap", "delete", "copy", "add", "join", "name", "time", "type"]


def came(document: Document) -> Brought:
    """The rows of the document as an export shows them."""
    cues = derive(document, STYLE)
    names = {speaker.id: clean_name(speaker.name) for speaker in document.speakers}
    rows = tuple(
        CameRow(
            cue.lines,
            names.get(cue.speaker, "") if cue.speaker is not None else "",
            clock(cue.start),
            clock(cue.end),
            number,
        )
        for number, cue in enumerate(cues, 1)
    )
    return Brought((), handed_cues(document, cues, STYLE), rows=rows)


def signs(texts: Iterable[str]) -> Counter[str]:
    """How often each sign is in these texts, beside spaces."""
    return Counter(sign for text in texts for sign in text if not sign.isspace())


def with_media(document: Document) -> Document:
    return replace(document, media=Media("a.wav", 10**7, "print"))


@settings(max_examples=100, deadline=None)
@given(strategies.documents())
def test_any_table_of_cues_that_nobody_changed_changes_nothing(document: Document) -> None:
    document = with_media(document)
    if document.segments:
        result = returned(document, came(document))
        assert result.differences == ()
        assert result.document is document


@st.composite
def with_hands(draw: st.DrawFn) -> Document:
    """A transcript with a few cues made by hand, over the borders of paragraphs too."""
    document = with_media(draw(strategies.documents()))
    ids = [word.id for word in document.words()]
    for _ in range(draw(st.integers(0, 3)) if len(ids) > 1 else 0):
        first = draw(st.integers(0, len(ids) - 1))
        last = min(first + draw(st.integers(0, 6)), len(ids) - 1)
        start = draw(st.sampled_from([None, 500, 3_000]))
        end = draw(st.sampled_from([None, 3_500, 9_000]))
        inside = draw(st.sets(st.sampled_from(ids[first : last + 1])))
        breaks = tuple(word for word in ids[first:last] if word in inside)
        made = CueOverride(ids[first], ids[last], start, end, breaks or None)
        document = edits.fix_cue(document, made)
    return document


@settings(max_examples=100, deadline=None)
@given(with_hands())
def test_cues_made_by_hand_come_back_unchanged_too(document: Document) -> None:
    if document.segments:
        result = returned(document, came(document))
        assert result.differences == ()
        assert result.document is document


@settings(max_examples=150, deadline=None)
@given(with_hands(), st.data())
def test_whatever_happens_to_the_rows_every_word_of_them_arrives(
    document: Document, data: st.DataObject
) -> None:
    if not document.segments:
        return
    brought = came(document)
    rows = list(brought.rows)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(rows) - 1, 0)))
        match data.draw(st.sampled_from(DEEDS)):
            case "swap" if len(rows) > 1:
                rows[at - 1], rows[at] = rows[at], rows[at - 1]
            case "delete" if len(rows) > 1:
                del rows[at]
            case "copy" if rows.count(rows[at]) < 3:  # more of one text is another text
                rows.insert(at, rows[at])
            case "add":
                rows.insert(at, CameRow(("sea wall", "harbour"), "Anna", "00:00:04.000", "x"))
            case "join" if at and not rows[at].lines[0].startswith("-"):
                both = (*rows[at - 1].lines, *rows[at].lines)
                rows[at - 1 : at + 1] = [replace(rows[at - 1], lines=both)]
            case "name":
                rows[at] = replace(
                    rows[at], speaker=data.draw(st.sampled_from(["Tom", "Anna", ""]))
                )
            case "time":
                time = data.draw(st.sampled_from(["", "soon", "00:00:01.000", "00:01:00.000"]))
                rows[at] = replace(rows[at], end=time, start=time if len(time) < 5 else "0:00")
            case "type":
                rows[at] = replace(rows[at], lines=(*rows[at].lines, "indeed"))
    result = returned(document, replace(brought, rows=tuple(rows)))
    check(result.document)
    assert signs(word.text for word in result.document.words()) == signs(
        line.removeprefix(STYLE.dash) for row in rows for line in row.lines
    )


@settings(max_examples=60, deadline=None)
@given(with_hands(), st.data())
def test_many_cues_are_fixed_at_once_as_one_after_another(
    document: Document, data: st.DataObject
) -> None:
    ids = [word.id for word in document.words()]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(ids)))))
    made = [
        CueOverride(ids[first], ids[last - 1], breaks=None)
        for first, last in pairwise(cuts)
        if data.draw(st.booleans())
    ]
    one_by_one = document
    for each in made:
        one_by_one = edits.fix_cue(one_by_one, each)
    at_once = edits.fix_cues(document, made)
    assert set(at_once.cue_overrides) == set(one_by_one.cue_overrides)
    check(at_once)
    assert edits.fix_cues(at_once, made) is at_once
