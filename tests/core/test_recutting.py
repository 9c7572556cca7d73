"""After edits the cues are those of a cut from nothing, with cues that two people share."""

import random
from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.cues import Deriver, derive
from granite_studio.core.document import CueOverride, Document, Segment
from granite_studio.core.styles import style
from tests.core.brute import LONG, TEXTS, piece
from tests.core.pictures import transcript


def edited(document: Document, chance: random.Random) -> Document:
    """Another word, another speaker, a paragraph less, or a cue made by hand or no more so."""
    row = chance.randrange(len(document.segments))
    segment = document.segments[row]
    match chance.randrange(6):
        case 0:
            first = replace(segment.words[0], text=chance.choice((*TEXTS, *LONG)))
            words = (first, *segment.words[1:])
            return _with_row(document, row, replace(segment, words=words))
        case 1:
            speaker = chance.choice((1, 2, None))
            return _with_row(document, row, replace(segment, speaker=speaker))
        case 2 if row and not document.cue_overrides:
            return _with_row(document, row)
        case 3:
            return replace(document, cue_overrides=document.cue_overrides[1:])
        case 4 if len(segment.words) > 1:
            return edits.split(document, edits.Place(row, chance.randrange(1, len(segment.words))))
        case _:
            words = segment.words[: chance.randint(1, 3)]
            start = chance.choice((None, words[0].start + 20))
            end = chance.choice((None, words[-1].end + 300))
            return edits.fix_cue(document, CueOverride(words[0].id, words[-1].id, start, end))


def _with_row(document: Document, row: int, *segments: Segment) -> Document:
    rows = [*document.segments[:row], *segments, *document.segments[row + 1 :]]
    return replace(document, segments=tuple(rows))


@pytest.mark.parametrize("name", ["general", "netflix-nl", "bbc", "vertical", "netflix-ja"])
def test_after_any_edits_the_cues_are_those_of_a_cut_from_nothing(name: str) -> None:
    guide, shared = style(name), 0
    for seed in range(60):
        chance = random.Random(seed)
        document = piece(seed, turns=9, texts=LONG if seed % 3 == 0 else TEXTS)
        deriver = Deriver(guide)
        for _ in range(10):
            if chance.random() < 0.3:
                deriver.prepare(document, words=chance.randrange(12))
            else:
                cues = deriver.derive(document)
                assert cues == derive(document, guide), seed
                shared += sum(len(cue.lines) > 1 and cue.speaker is None for cue in cues)
            document = edited(document, chance)
    assert shared > 100


def test_an_edit_leaves_shared_cues_far_away_the_same_objects() -> None:
    document = transcript(*["ANNA: Yes", "BEN: and no"] * 40, step=300)
    deriver = Deriver(style())
    before = deriver.derive(document)
    after = deriver.derive(edits.retype(document, 40, "Oh"))
    kept = {id(cue) for cue in before}
    assert len(before) == 40
    assert sum(id(cue) not in kept for cue in after) <= 3
    assert deriver.derive(document) == before
