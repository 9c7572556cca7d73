"""Speech without text among cues: where it is noted and where it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.captions import Block, Caption
from granite_studio.core.document import Span
from granite_studio.core.gaps import with_gaps
from granite_studio.core.showing import SHOWN
from granite_studio.core.styles import style

GUIDE = style()  # a gap of 83 ms, 1 s at least
MARK = "[speech not transcribed]"


def shown(cues, *spans):
    captions = with_gaps(cues, spans, note="Speech without text", mark=MARK, style=GUIDE)
    return [(cue.start, cue.end) for cue in captions.cues if cue.text == MARK]


def test_each_span_is_noted_in_front_of_what_begins_with_it_or_later():
    cues = (Caption(0, 900, "One."), Caption(5000, 6000, "Two."), Caption(9000, 9900, "Three."))
    spans = (Span(723_000, 761_500), Span(5000, 8000))
    items = with_gaps(cues, spans, note="Speech without text", mark="", style=GUIDE).items
    assert items == (
        cues[0],
        Block("NOTE", "Speech without text: 00:00:05.000 - 00:00:08.000"),
        *cues[1:],
        Block("NOTE", "Speech without text: 00:12:03.000 - 00:12:41.500"),
    )


def test_a_span_that_no_cue_is_near_is_shown_whole():
    cues = (Caption(0, 900, "One."), Caption(9000, 9900, "Two."))
    assert shown(cues, Span(2000, 7000)) == [(2000, 7000)]
    assert shown((), Span(0, 7000), Span(7000, 9000)) == [(0, 7000), (7000 + GUIDE.gap_ms, 9000)]


def test_what_other_cues_leave_of_a_span_is_shown_with_the_gap_of_the_style():
    gap = GUIDE.gap_ms
    cues = (Caption(1000, 3000, "One."), Caption(6000, 7000, "Two."))
    assert shown(cues, Span(2000, 9000)) == [(3000 + gap, 6000 - gap), (7000 + gap, 9000)]


def test_a_short_one_stays_as_long_as_the_style_wants_and_the_next_cue_allows():
    least, gap = GUIDE.min_ms, GUIDE.gap_ms
    assert shown((), Span(2000, 2400)) == [(2000, 2000 + least)]
    assert shown((Caption(2700, 4000, "One."),), Span(2000, 2400)) == [(2000, 2700 - gap)]
    assert shown((Caption(2100, 4000, "One."),), Span(2000, 3000)) == []
    assert shown((Caption(1000, 4000, "One."),), Span(2000, 3000)) == []


@given(
    cues=st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 4000)), max_size=12),
    spans=st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 9000)), max_size=6),
)
def test_no_mark_overlaps_anything_and_a_second_of_speech_that_is_free_is_never_unseen(
    cues, spans
):
    said = [Caption(start, start + length, "said") for start, length in sorted(cues)]
    gaps = [Span(start, start + length) for start, length in spans]
    marks = shown(said, *gaps)
    all_shown = sorted([*marks, *((cue.start, cue.end) for cue in said)])
    for start, end in marks:
        others = [each for each in all_shown if each != (start, end)]
        assert end - start >= SHOWN
        assert all(end <= first or last <= start for first, last in others)
        assert any(span.start <= start < span.end for span in gaps)
    covered = {ms // 500 for first, last in all_shown for ms in range(first, last, 100)}
    for span in gaps:
        for second in range(span.start, span.end - 1000, 250):
            near = range(second // 500 - 1, (second + 1000) // 500 + 2)
            assert covered.intersection(near)
