"""What a frame finds in the arrays of turns and words, and what it paints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from granite_studio.core import edits
from granite_studio.core.cues import Cue
from granite_studio.core.document import Document, difference
from granite_studio.core.edits import Place
from granite_studio.ui import theme
from granite_studio.ui.timeline.colours import BODY, tint
from granite_studio.ui.timeline.content import Cues
from granite_studio.ui.timeline.lanes import Blocks, Index, lanes_of
from granite_studio.ui.timeline.layout import LANE, LEAST_WAVE, lay_out
from granite_studio.ui.timeline.picture import Stretch, hatch, mixed, paint_wave, sound
from granite_studio.ui.timeline.ruler import label, spacing
from tests.ui.timelines import ANNA, BEN, CONVERSATION, talk

WHITE, BLACK = np.uint32(0xFFFFFFFF), np.uint32(0xFF000000)


def blocks(*pairs: tuple[int, int]) -> Blocks:
    return Blocks.from_pairs(pairs)


def columns(of: Blocks, *edges: int) -> list[int]:
    return [int(block) for block in of.columns(np.array(edges, np.float64))]


def test_a_column_shows_the_block_that_lies_in_it() -> None:
    assert columns(blocks((10, 20), (25, 30)), 0, 10, 20, 30, 40) == [-1, 0, 1, -1]


def test_a_block_narrower_than_a_column_is_not_lost() -> None:
    assert columns(blocks((12, 13)), 0, 10, 20) == [-1, 0]


def test_of_two_blocks_in_one_column_the_later_start_shows() -> None:
    assert columns(blocks((0, 100), (11, 12)), 10, 20) == [1]


def test_nothing_is_found_where_there_are_no_blocks() -> None:
    assert columns(blocks(), 0, 10, 20) == [-1, -1]
    assert blocks().at(5) is None
    assert list(blocks().within(0, 100)) == []


def test_a_long_block_is_found_behind_a_short_one_that_began_later() -> None:
    found = blocks((0, 100), (10, 20))

    assert found.at(15) == 1
    assert found.at(50) == 0
    assert list(found.within(50, 60)) == [0, 1]


def test_an_end_belongs_to_what_follows() -> None:
    assert blocks((0, 10), (10, 20)).at(10) == 1


def test_each_speaker_has_a_lane_and_nobody_comes_last() -> None:
    lanes = lanes_of(CONVERSATION, Index.of(CONVERSATION.segments), "No speaker")

    assert [(lane.speaker, lane.name, lane.rows.tolist()) for lane in lanes] == [
        (ANNA, "Anna", [0]),
        (BEN, "Ben", [1]),
        (None, "No speaker", [2]),
    ]


def test_without_turns_that_lack_a_speaker_nobody_has_no_lane() -> None:
    document = edits.assign_speaker(CONVERSATION, [2], BEN)

    lanes = lanes_of(document, Index.of(document.segments), "No speaker")

    assert [lane.name for lane in lanes] == ["Anna", "Ben"]


EDITS = st.lists(
    st.sampled_from(
        (
            lambda d: edits.split(d, Place(0, 1)) if len(d.segments[0].words) > 1 else d,
            lambda d: edits.merge(d, 0) if len(d.segments) > 1 else d,
            lambda d: edits.retype(d, len(d.segments) - 1, "Nobody pays us at all."),
            lambda d: edits.retype(d, 0, "We know."),
            lambda d: edits.assign_speaker(d, [0], BEN),
            lambda d: edits.move_boundary(d, 1, 1) if len(d.segments) > 1 else d,
            lambda d: edits.retime_segment(d, 0, 5000, 6000),
        )
    ),
    max_size=8,
)


@given(EDITS)
def test_arrays_spliced_along_edits_are_those_of_the_document(steps: list) -> None:  # type: ignore[type-arg]
    document: Document = CONVERSATION
    index = Index.of(document.segments)
    for step in steps:
        after = step(document)
        index = index.spliced(after, difference(document, after))
        document = after

    fresh = Index.of(document.segments)
    for name in Index.__slots__:
        assert getattr(index, name).tolist() == getattr(fresh, name).tolist(), name


def test_a_stretch_knows_its_columns() -> None:
    stretch = Stretch(start=1000, ms=10, columns=100)

    assert stretch.end == 2000
    assert stretch.column(1000) == 0
    assert stretch.column(1995) == 99
    assert stretch.cut(990, 1031) == slice(0, 3)
    assert stretch.cut(1500, 1501) == slice(50, 51)


def test_the_wave_is_painted_between_its_lowest_and_highest_sample() -> None:
    picture = np.zeros((8, 2), np.uint32)

    paint_wave(
        picture,
        np.array([-0.5, 0], np.float32),
        np.array([0.5, 1], np.float32),
        wave=np.full(2, BLACK),
        behind=np.full(2, WHITE),
        gain=1,
    )

    assert (picture[:, 0] == [WHITE, WHITE, BLACK, BLACK, BLACK, BLACK, WHITE, WHITE]).all()
    assert (picture[:4, 1] == BLACK).all()
    assert (picture[5:, 1] == WHITE).all()


def test_silence_is_a_thin_line_in_the_middle() -> None:
    picture = np.zeros((8, 1), np.uint32)
    nothing = np.zeros(1, np.float32)

    paint_wave(picture, nothing, nothing, wave=np.full(1, BLACK), behind=np.full(1, WHITE), gain=9)

    assert (picture[:3] == WHITE).all()
    assert (picture[3:5] != WHITE).all()
    assert (picture[5:] == WHITE).all()


def test_stripes_lie_only_in_the_columns_asked_for() -> None:
    picture = np.full((3, 6), WHITE)

    hatch(picture, np.array([False, True, True, True, False, False]), BLACK, phase=0, size=1)

    assert (picture == BLACK).astype(int).tolist() == [
        [0, 0, 0, 1, 0, 0],
        [0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
    ]


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mixed(BLACK, WHITE, 0) == BLACK
    assert mixed(BLACK, WHITE, 1) == WHITE
    assert mixed(BLACK, WHITE, 0.5) == 0xFF7F7F7F


def test_the_outline_follows_the_peaks_at_any_zoom() -> None:
    peaks = talk(quiet=(1000, 2000))
    for ms in (1, 5, 16, 50):
        low, high = sound(peaks, Stretch(0, ms, 3000 // ms))
        assert high[1500 // ms] < 0.01 < 0.2 < high[500 // ms], ms
        assert low[1500 // ms] > -0.01 > -0.2 > low[500 // ms], ms


def test_the_wave_takes_what_the_lanes_leave() -> None:
    layout = lay_out(300, 3)

    assert (layout.cues.bottom, layout.cues.top) == (300, 276)
    assert [band.top for band in layout.lanes] == [204, 228, 252]
    assert (layout.wave.top, layout.wave.bottom) == (0, 204)
    assert layout.hidden == 0


def test_lanes_that_do_not_fit_are_scrolled() -> None:
    layout = lay_out(150, 5, scrolled=30)

    assert layout.speakers.height == 2 * LANE
    assert layout.wave.height == 150 - 24 - 2 * LANE >= LEAST_WAVE
    assert layout.hidden == 3 * LANE
    assert layout.lanes[1].top == layout.speakers.top


def test_the_ruler_counts_as_people_do() -> None:
    assert spacing(10_000, 1600) == (1000, 100)
    assert spacing(60_000, 1600) == (5000, 1000)
    assert spacing(3_600_000, 1600) == (300_000, 60_000)
    assert spacing(36_000_000, 1600) == (3_600_000, 600_000)


def test_the_ruler_is_no_finer_than_it_needs_to_be() -> None:
    assert label(761_000, 1000) == "12:41"
    assert label(761_300, 100) == "12:41.3"
    assert label(761_320, 20) == "12:41.32"


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_speakers_colour(colours: theme.Theme) -> None:
    for colour in (*colours.speakers, colours.quiet):
        body = QColor.fromRgb(int(tint(colours, colour, BODY)))
        assert contrast(colours.text, body) >= 4.5
    assert contrast(colours.red, colours.base) >= 4.5
    assert contrast(colours.base, colours.text) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    """As WCAG 2 defines it."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return brighter / darker


def cue(number: int, start: int) -> Cue:
    return Cue(number, number, start, start + 500, ("Yes.",))


@given(st.lists(st.lists(st.builds(cue, st.integers(1, 9), st.integers(0, 9)), max_size=9)))
def test_cues_that_follow_others_lie_where_they_would_alone(lists: list[list[Cue]]) -> None:
    shown = Cues()
    for cues in lists:
        shown = shown.changed(tuple(cues))
        alone = Cues.of(tuple(cues))
        assert shown.items == alone.items
        assert shown.blocks.starts.tolist() == alone.blocks.starts.tolist()
        assert shown.blocks.ends.tolist() == alone.blocks.ends.tolist()
