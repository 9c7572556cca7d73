"""The timeline as a person uses it: what it shows, how it scrolls, what it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_studio.core import edits
from granite_studio.core.document import Document, Finding, Span
from granite_studio.core.edits import Place
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles
from granite_studio.ui.timeline.timeline import Timeline
from tests.ui.timelines import ALT, BEN, CONTROL, CONVERSATION, SHIFT, Desktop, talk


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path, dressed: QApplication) -> Iterator[Desktop]:
    made = Desktop(tmp_path)
    qtbot.addWidget(made.timeline)
    with qtbot.waitExposed(made.timeline):
        pass
    made.scale(5)
    yield made
    made.close()


class Playing(Playback):
    """Plays when the test says so, without a recording."""

    running = True

    @property
    def is_playing(self) -> bool:
        return self.running


def colour_at(desktop: Desktop, ms: float, place: str | int) -> QColor:
    colour: QColor = desktop.view.grab().toImage().pixelColor(desktop.at(ms, place))
    return colour


def test_without_a_project_a_sentence_says_what_to_do(qtbot: QtBot) -> None:
    session = Session()
    timeline = Timeline(session, Playback(), Subtitles(session))
    qtbot.addWidget(timeline)
    timeline.show()

    assert timeline._empty.isVisible()
    assert "Open a recording" in timeline._empty.text()


def test_a_project_takes_the_place_of_the_sentence(desktop: Desktop) -> None:
    assert not desktop.timeline._empty.isVisible()
    assert desktop.view.isVisible()


def test_a_turn_is_drawn_in_its_speakers_lane_and_in_no_other(desktop: Desktop) -> None:
    base = theme.current().base

    assert colour_at(desktop, 2750, 1) != base
    assert colour_at(desktop, 2750, 0) == base
    assert colour_at(desktop, 3700, 1) == base


def test_speech_without_text_is_red_and_hatched(desktop: Desktop) -> None:
    desktop.timeline.set_peaks(talk())
    document = edits.set_untranscribed(desktop.document, [Span(4700, 4950)])
    desktop.session.commit(document, "Audit")

    image = desktop.view.grab().toImage()
    point = desktop.at(4800)
    assert image.pixelColor(point) == theme.current().red
    bottom = desktop.view.layout_now.wave.bottom + 24 - 8
    seen = {image.pixelColor(point.x() + n, bottom).name() for n in range(12)}
    assert len(seen) == 2


def test_a_change_of_speaker_moves_the_turn_to_another_lane(desktop: Desktop) -> None:
    before = colour_at(desktop, 1600, 1)

    desktop.session.commit(edits.assign_speaker(desktop.document, [0], BEN), "Assign")

    assert colour_at(desktop, 1600, 1) != before


def test_undo_draws_what_was_there_before(desktop: Desktop) -> None:
    before = desktop.view.grab().toImage()
    desktop.session.commit(edits.retype(desktop.document, 0, "They did not know."), "Type")
    changed = desktop.view.grab().toImage()
    desktop.session.undo()

    assert changed != before
    assert desktop.view.grab().toImage() == before


def test_light_and_dark_follow_the_palette(desktop: Desktop, dressed: QApplication) -> None:
    theme.apply(dressed, "dark")
    assert colour_at(desktop, 4900, 0) == theme.DARK.base

    theme.apply(dressed, "light")
    assert colour_at(desktop, 4900, 0) == theme.LIGHT.base


# scrolling and zooming


def test_the_wheel_scrolls(desktop: Desktop) -> None:
    desktop.wheel(desktop.at(2000), -1)

    assert desktop.view.start == pytest.approx(600)
    assert desktop.view.span == pytest.approx(5000)


def test_it_cannot_be_scrolled_past_either_end(desktop: Desktop) -> None:
    desktop.wheel(desktop.at(2000), 5)
    assert desktop.view.start == 0

    desktop.wheel(desktop.at(2000), -1000)
    assert desktop.view.start + desktop.view.span == pytest.approx(60_000)


@pytest.mark.parametrize("modifier", [CONTROL, ALT])
def test_the_wheel_zooms_at_the_pointer(desktop: Desktop, modifier: Qt.KeyboardModifier) -> None:
    point = desktop.at(2000)

    desktop.wheel(point, 2, modifier, sideways=modifier is ALT)

    assert desktop.view.span == pytest.approx(5000 / 1.25**2)
    assert desktop.view.frame.ms(point.x()) == pytest.approx(2000, abs=5)


def test_shift_and_the_wheel_make_the_wave_taller(desktop: Desktop) -> None:
    desktop.wheel(desktop.at(2000), 1, SHIFT)

    assert desktop.timeline._desk.content.gain == 1.25
    desktop.wheel(desktop.at(2000), -5, SHIFT)
    assert desktop.timeline._desk.content.gain == 1


def test_the_middle_button_pans(desktop: Desktop) -> None:
    desktop.scale(5, start=10_000)

    desktop.drag(desktop.at(12_000), desktop.at(11_000), button=Qt.MouseButton.MiddleButton)

    assert desktop.view.start == pytest.approx(11_000, abs=5)


def test_keys_scroll_zoom_and_jump(desktop: Desktop, qtbot: QtBot) -> None:
    def press(key: Qt.Key) -> None:
        QTest.keyClick(desktop.view, key)

    press(Qt.Key.Key_Right)
    assert desktop.view.start == pytest.approx(500)
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Plus)
    assert desktop.view.span == pytest.approx(5000 / 1.5, abs=1)
    press(Qt.Key.Key_Minus)
    press(Qt.Key.Key_End)
    assert desktop.playback.position == 60_000
    assert desktop.timeline.shown.end == 60_000
    press(Qt.Key.Key_Home)
    assert (desktop.playback.position, desktop.view.start) == (0, 0)


def test_the_whole_recording_and_the_selection_can_be_shown(desktop: Desktop) -> None:
    desktop.timeline.zoom_fit()
    assert desktop.timeline.shown == Span(0, 60_000)

    desktop.double_click(desktop.at(2700, 1))
    desktop.timeline.zoom_selection()
    shown = desktop.timeline.shown
    assert (shown.start, shown.end) == pytest.approx((2080, 3520), abs=2)


def test_resizing_keeps_the_scale(desktop: Desktop) -> None:
    desktop.timeline.resize(744, 300)

    assert desktop.view.frame.pixel_ms == pytest.approx(5)
    assert desktop.view.start == 0


def test_a_click_on_the_map_goes_there(desktop: Desktop, qtbot: QtBot) -> None:
    minimap = desktop.timeline._minimap
    middle = minimap.rect().center()

    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=middle)

    assert desktop.playback.position == pytest.approx(30_000, abs=100)
    assert desktop.view.sees(30_000)


def test_dragging_the_frame_on_the_map_scrolls_without_a_seek(
    desktop: Desktop, qtbot: QtBot
) -> None:
    minimap = desktop.timeline._minimap
    start = minimap.rect().center()
    start.setX(20)
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=start)
    for x in (200, 400, 520):
        start.setX(x)
        QTest.mouseMove(minimap, start)
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=start)

    assert desktop.playback.position == 0
    assert desktop.view.start == pytest.approx(500 * 60, abs=200)


def test_more_speakers_than_fit_can_be_scrolled(desktop: Desktop, qtbot: QtBot) -> None:
    document = desktop.document
    for number in range(9):
        document, _speaker = edits.add_speaker(document, f"Guest {number}")
    desktop.session.commit(document, "Add guests")

    bar = desktop.timeline._lanes_bar
    assert bar.isVisible()
    QTest.keyClick(desktop.view, Qt.Key.Key_Down)
    assert bar.value() == 24
    top = desktop.view.layout_now.speakers.top
    assert desktop.view.layout_now.lanes[1].top == top


# the playhead


def test_the_playhead_is_drawn_where_it_plays(desktop: Desktop) -> None:
    desktop.playback.seek(3700)

    assert colour_at(desktop, 3700, 1) == theme.current().playhead


def test_moving_the_playhead_paints_only_a_few_pixels_and_not_the_wave(desktop: Desktop) -> None:
    desktop.timeline.set_peaks(talk())
    desktop.playback.seek(1000)
    QApplication.processEvents()
    drawing = desktop.view._drawing
    frame, image = drawing._frame, drawing._image

    desktop.playback.seek(1100)
    QApplication.processEvents()

    assert drawing._frame is frame
    assert drawing._image is image


def playing(desktop: Desktop) -> Playing:
    playback = Playing()
    desktop.timeline._playback = desktop.timeline._desk.playback = playback
    playback.moved.connect(desktop.timeline._follow)
    playback.playing_changed.connect(desktop.timeline._release)
    return playback


def test_while_playing_the_page_turns_before_the_end_is_reached(desktop: Desktop) -> None:
    playback = playing(desktop)

    playback.seek(4600)
    assert desktop.view.start == 0
    playback.seek(4800)
    assert desktop.view.start == pytest.approx(4300)


def test_without_following_the_page_stays(desktop: Desktop) -> None:
    desktop.timeline.set_follow(False)
    playing(desktop).seek(9000)

    assert desktop.view.start == 0


def test_who_looks_elsewhere_is_left_there_until_the_playhead_comes_back(
    desktop: Desktop,
) -> None:
    playback = playing(desktop)
    playback.seek(1000)
    desktop.wheel(desktop.at(2000), -20)
    looking = desktop.view.start

    playback.seek(1016)
    assert desktop.view.start == looking > 5000

    playback.playing_changed.emit(True)
    playback.seek(1032)
    assert desktop.view.sees(1032)


def test_a_seek_from_elsewhere_is_brought_into_view(desktop: Desktop) -> None:
    desktop.playback.seek(40_000)

    assert desktop.view.sees(40_000)


# selecting


def test_a_click_seeks(desktop: Desktop) -> None:
    desktop.click(desktop.at(3700))

    assert desktop.playback.position == 3700


def test_dragging_the_ruler_moves_the_playhead(desktop: Desktop) -> None:
    desktop.drag(desktop.at(1000, "ruler"), desktop.at(2500, "ruler"))

    assert desktop.playback.position == 2500
    assert desktop.timeline.span is None


def test_a_double_click_selects_the_word_and_goes_to_its_start(
    desktop: Desktop, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(desktop.timeline.place_selected) as chosen:
        desktop.double_click(desktop.at(2700, 1))

    assert chosen.args == [Place(1, 1)]
    assert desktop.playback.position == 2500


def test_zoomed_out_a_double_click_selects_the_turn(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.scale(20)
    with qtbot.waitSignal(desktop.timeline.place_selected) as chosen:
        desktop.double_click(desktop.at(2700, 1))

    assert chosen.args == [Place(1, 0)]
    assert desktop.playback.position == 2200


def test_a_double_click_on_a_cue_selects_it(desktop: Desktop, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desktop.timeline.cue_selected) as chosen:
        desktop.double_click(desktop.at(4300, "cues"))

    assert chosen.args == [31]


def test_the_chosen_word_stays_chosen_when_rows_move(desktop: Desktop) -> None:
    desktop.double_click(desktop.at(2700, 1))

    desktop.session.commit(edits.split(desktop.document, Place(0, 1)), "Split")

    chosen = desktop.timeline._desk.content.selected
    assert (chosen.row, chosen.word) == (2, 1)


def test_dragging_over_the_sound_selects_a_span(desktop: Desktop, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desktop.timeline.span_selected) as selected:
        desktop.drag(desktop.at(3600), desktop.at(500), modifiers=SHIFT)

    assert selected.args == [500, 3600]
    assert desktop.timeline.span == Span(500, 3600)


def test_a_span_snaps_to_words_unless_shift_is_held(desktop: Desktop) -> None:
    desktop.drag(desktop.at(985), desktop.at(2020))

    assert desktop.timeline.span == Span(1000, 2000)


def test_the_end_of_a_span_can_be_dragged(desktop: Desktop) -> None:
    desktop.drag(desktop.at(500), desktop.at(3600), modifiers=SHIFT)
    desktop.drag(desktop.at(3600), desktop.at(3800), modifiers=SHIFT)

    assert desktop.timeline.span == Span(500, 3800)


def test_shift_and_control_click_set_the_ends_of_a_span(desktop: Desktop) -> None:
    desktop.drag(desktop.at(500), desktop.at(3600), modifiers=SHIFT)

    desktop.click(desktop.at(700), SHIFT)
    desktop.click(desktop.at(3900), CONTROL)

    assert desktop.timeline.span == Span(700, 3900)


def test_a_click_or_escape_gives_the_span_up(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.drag(desktop.at(500), desktop.at(3600))
    with qtbot.waitSignal(desktop.timeline.span_cleared):
        desktop.click(desktop.at(800))
    assert desktop.timeline.span is None

    desktop.drag(desktop.at(500), desktop.at(3600))
    QTest.keyClick(desktop.view, Qt.Key.Key_Escape)
    assert desktop.timeline.span is None


def test_the_menu_is_asked_for_with_the_moment_below_the_pointer(
    desktop: Desktop, qtbot: QtBot
) -> None:
    point = desktop.at(2700, 1)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, desktop.viewport.mapToGlobal(point)
    )
    with qtbot.waitSignal(desktop.timeline.context_requested) as asked:
        QApplication.sendEvent(desktop.viewport, event)

    assert asked.args[1] == 2700
    assert desktop.timeline._desk.content.selected.row == 1


# what it says


def notice(desktop: Desktop) -> str:
    return desktop.timeline._desk.content.sound_notice


def test_missing_sound_is_explained(desktop: Desktop) -> None:
    assert "not where it was" in notice(desktop)
    desktop.timeline.set_sound_problem("This recording has no sound.")
    assert notice(desktop) == "This recording has no sound."


def test_a_transcript_without_a_recording_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, Document(CONVERSATION.segments, CONVERSATION.speakers))
    qtbot.addWidget(desktop.timeline)

    assert "no recording" in notice(desktop)
    desktop.close()


def test_reading_tells_how_far_it_has_come_and_is_quiet_when_done(desktop: Desktop) -> None:
    desktop.timeline.set_peaks(talk(duration=15_000), total_ms=60_000)
    assert "25 %" in notice(desktop)

    desktop.timeline.set_peaks(talk())
    assert notice(desktop) == ""


def test_names_that_are_cut_short_are_told_in_full(desktop: Desktop) -> None:
    layout = desktop.view.layout_now

    assert desktop.timeline._gutter.name_at(layout.lanes[1].top + 24 + 5) == "Ben"
    assert desktop.timeline._gutter.name_at(5) == ""


def test_hovering_tells_the_whole_of_what_lies_there(desktop: Desktop) -> None:
    from granite_studio.ui.timeline.hits import described

    found = Finding("odd", Span(1000, 1200), "Two people at once.")
    desktop.session.commit(edits.set_findings(desktop.document, [found]), "Audit")
    content, frame = desktop.timeline._desk.content, desktop.view.frame

    assert (
        described(content, frame, QPointF(desktop.at(2700, 1)))
        == "00:00:02.700\nBen\nWho pays you?"
    )
    assert (
        described(content, frame, QPointF(desktop.at(1100))) == "00:00:01.100\nTwo people at once."
    )
    assert described(content, frame, QPointF(desktop.at(50_000))) == "00:00:50.000"


def test_every_control_has_an_accessible_name(desktop: Desktop) -> None:
    from PySide6.QtWidgets import QToolButton

    for button in desktop.timeline.findChildren(QToolButton):
        assert button.accessibleName()
    for widget in (desktop.timeline, desktop.view, desktop.timeline._minimap):
        assert widget.accessibleName()


def test_building_the_module_does_not_load_pyqtgraph() -> None:
    import subprocess
    import sys

    code = "import sys, granite_studio.ui.timeline.timeline; print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_closing_the_project_shows_the_sentence_again(desktop: Desktop) -> None:
    desktop.session.show(None)

    assert desktop.timeline._empty.isVisible()


def test_space_is_taken_before_the_windows_shortcuts(desktop: Desktop) -> None:
    from PySide6.QtGui import QKeyEvent

    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier(0))
    event.ignore()
    QApplication.sendEvent(desktop.view, event)

    assert event.isAccepted()
