"""Edits of single cues: their lines, their times, their place; and of many cues in time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cues import Cue, derive
from granite_studio.core.document import Document
from granite_studio.core.importing import from_captions
from granite_studio.core.moving import at_rate, between, by, moved
from granite_studio.core.styles import style
from granite_studio.core.timing import RATES
from tests.core.pictures import transcript
from tests.core.strategies import TEXTS, documents

GENERAL = style()


def cues(document: Document) -> tuple[Cue, ...]:
    return derive(document, GENERAL)


def lines(document: Document) -> list[str]:
    return [" | ".join(cue.lines) for cue in cues(document)]


def retyped(document: Document, place: int, *new: str) -> Document:
    cue = cues(document)[place]
    return edits.retype_cue(document, cue.first, cue.last, new, dash=GENERAL.dash)


def imported() -> Document:
    texts = ("The wall stands.", "It stood\nfor years.", "No more.")
    return from_captions(
        Captions(tuple(Caption(n * 3000, n * 3000 + 2000, t) for n, t in enumerate(texts)))
    )


def test_the_lines_of_a_cue_are_written_in_place_and_its_words_keep_their_times() -> None:
    document = transcript("The wall stands. It stood for years.", step=500)
    assert lines(document) == ["The wall stands.", "It stood for years."]
    after = retyped(document, 1, "It has stood", "for years.")
    assert lines(after) == ["The wall stands.", "It has stood | for years."]
    times = {word.text: (word.start, word.end) for word in after.words()}
    assert times["for"] == (2500, 3000)
    assert times["stood"][1] <= 2500
    assert {w.id for w in document.words()} < {w.id for w in after.words()}


def test_a_cue_keeps_its_times_and_place_when_it_is_written_anew() -> None:
    document = imported()
    cue = cues(document)[1]
    document = edits.place_cue(document, cue.first, cue.last, 8)
    after = cues(retyped(document, 1, "It stood here for many years."))[1]
    assert (after.start, after.end) == (3000, 5000)
    assert after.settings == "line:0"
    assert after.lines == ("It stood here for many years.",)
    assert after.fixed


def test_a_cue_without_text_goes_and_the_others_stay() -> None:
    assert lines(retyped(imported(), 1, "", " ")) == ["The wall stands.", "No more."]
    assert retyped(retyped(retyped(imported(), 0), 0), 0).segments == ()


def test_writing_the_same_lines_fixes_them_and_nothing_else() -> None:
    document = transcript("The wall stands.", step=500)
    after = retyped(document, 0, "The wall stands.")
    assert after.segments == document.segments
    assert cues(after)[0].lines == cues(document)[0].lines


def test_two_people_in_a_cue_keep_a_line_and_a_dash_each() -> None:
    document = transcript("ANNA: Yes.", "BEN: No.", step=300)
    assert lines(document) == ["- Yes. | - No."]
    after = retyped(document, 0, "- Oh, yes.", "- Never.")
    assert lines(after) == ["- Oh, yes. | - Never."]
    assert [segment.text for segment in after.segments] == ["Oh, yes.", "Never."]
    assert [s.speaker for s in after.segments] == [s.speaker for s in document.segments]
    assert lines(retyped(document, 0, "Oh, yes.", "- Never.")) == lines(after)
    for wrong in (["Oh, yes."], ["- Oh", "- no", "- yes"], ["- Oh", "-"], ["Oh", "no"], []):
        with pytest.raises(ValueError, match="begins with “-”"):
            retyped(document, 0, *wrong)


def test_a_cue_is_split_where_the_text_is_parted_and_keeps_its_outer_times() -> None:
    document = imported()
    cue = cues(document)[1]
    after = edits.split_retyped_cue(
        document, cue.first, cue.last, ["It stood here"], ["for", "years."]
    )
    assert lines(after) == ["The wall stands.", "It stood here", "for | years.", "No more."]
    one, two = cues(after)[1:3]
    assert (one.start, two.end) == (3000, 5000)
    assert one.end < two.start
    whole = edits.split_retyped_cue(document, cue.first, cue.last, ["It stood"], [" "])
    assert lines(whole)[1] == "It stood"


@pytest.mark.parametrize(
    ("before", "behind", "parts"),
    [
        (["- Oh,"], ["yes.", "- No."], ["Oh,", "- yes. | - No."]),
        (["- Oh, yes."], ["- No."], ["Oh, yes.", "No."]),
    ],
)
def test_a_cue_of_two_people_is_split_where_its_text_is_parted(
    before: list[str], behind: list[str], parts: list[str]
) -> None:
    document = transcript("ANNA: Oh, yes.", "BEN: No.", step=300)
    cue = cues(document)[0]
    after = edits.split_retyped_cue(document, cue.first, cue.last, before, behind)
    assert lines(after) == parts


def test_a_cue_is_split_between_its_two_people() -> None:
    document = transcript("ANNA: Yes.", "BEN: No.", step=300)
    words = [word.id for word in document.words()]
    cue = cues(document)[0]
    document = edits.place_cue(document, cue.first, cue.last, 8)
    after = edits.split_cue(document, words, 1)
    assert lines(after) == ["Yes.", "No."]
    assert [cue.settings for cue in cues(after)] == ["line:0", "line:0"]
    assert edits.split_cue(document, words, 0) is document


def test_a_cue_is_shown_when_a_person_says() -> None:
    document = transcript("The wall stands.", step=500)
    cue = cues(document)[0]
    after = edits.retime_cue(document, cue.first, cue.last, 200, 2600)
    assert [(cue.start, cue.end) for cue in cues(after)] == [(200, 2600)]
    assert after.segments == document.segments
    with pytest.raises(ValueError, match="cannot run"):
        edits.retime_cue(document, cue.first, cue.last, 2600, 200)


@pytest.mark.parametrize("place", range(1, 10))
def test_each_place_of_the_number_pad_has_its_settings(place: int) -> None:
    assert edits.alignment_of(edits.settings_of(place)) == place


def test_settings_that_say_more_than_a_place_are_none() -> None:
    assert edits.alignment_of("position:10%") is None
    assert edits.settings_of(0) == edits.settings_of(None) == ""


def test_all_cues_move_and_the_words_of_imported_ones_with_them() -> None:
    document = imported()
    after = moved(document, cues(document), by(1500))
    assert [(cue.start, cue.end) for cue in cues(after)] == [
        (1500, 3500),
        (4500, 6500),
        (7500, 9500),
    ]
    assert [w.start for w in after.words()] == [w.start + 1500 for w in document.words()]
    early = moved(document, cues(document)[:1], by(-500))
    assert cues(early)[0].start == 0


def test_words_that_were_heard_stay_where_they_are_said() -> None:
    document = transcript("The wall stands.", step=500)
    after = moved(document, cues(document), by(250))
    assert after.segments == document.segments
    assert [cue.start for cue in cues(after)] == [250]


def test_two_points_put_all_cues_right() -> None:
    document = imported()
    after = moved(document, cues(document), between(((0, 1000), (6000, 7300))))
    assert [cue.start for cue in cues(after)] == [1000, 4150, 7300]
    for wrong in (((0, 10), (0, 20)), ((0, 10), (5, 10)), ((5, 0), (0, 10))):
        with pytest.raises(ValueError, match="first point"):
            between(wrong)


def test_film_at_another_rate_keeps_its_frames() -> None:
    document = imported()
    after = moved(document, cues(document), at_rate(RATES["25"], RATES["24"]))
    assert [cue.start for cue in cues(after)] == [0, 3125, 6250]


@settings(max_examples=100, deadline=None)
@given(documents(), st.integers(-3000, 3000))
def test_moved_cues_are_where_they_were_moved(document: Document, ms: int) -> None:
    before = cues(document)
    after = moved(document, before, by(ms))
    found = {(cue.first, cue.last): cue for cue in cues(after)}
    for cue in before:
        assert found[cue.first, cue.last].start == max(cue.start + ms, 0)
    for segment in after.segments:
        assert all(a.end <= b.start for a, b in pairwise(segment.words))
    assert sorted(w.id for w in document.words()) == sorted(w.id for w in after.words())


@settings(max_examples=200, deadline=None)
@given(documents(), st.data())
def test_whatever_is_written_in_a_cue_is_its_text(document: Document, data: st.DataObject) -> None:
    found = cues(document)
    if not found:
        return
    place = data.draw(st.integers(0, len(found) - 1))
    new = data.draw(st.lists(st.lists(st.sampled_from(TEXTS), min_size=1), min_size=1, max_size=3))
    cue = found[place]
    if cue.speaker is None and any(line.startswith("- ") for line in cue.lines):
        return
    texts = [" ".join(words) for words in new]
    after = edits.retype_cue(document, cue.first, cue.last, texts)
    kept = [one for one in cues(after) if one.fixed]
    assert len(kept) == 1
    assert "".join(kept[0].lines).replace(" ", "") == "".join(texts).replace(" ", "")
    assert len(kept[0].lines) == len(texts)
