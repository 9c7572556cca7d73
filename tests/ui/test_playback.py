"""One clock for every view: it runs smoothly, never backwards, and stops where it should."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from granite_studio.ui.player.playback import Playback


@pytest.fixture
def playback(qtbot: QtBot) -> Iterator[Playback]:
    made = Playback()
    yield made
    made.open(None)


@pytest.fixture
def opened(qtbot: QtBot, playback: Playback, tone: Path) -> Playback:
    with qtbot.waitSignal(playback.duration_changed):
        playback.open(tone)
    return playback


def test_an_opened_file_is_paused_at_its_start(opened: Playback) -> None:
    assert (opened.position, opened.duration, opened.is_playing) == (0, 4000, False)


def test_while_playing_the_position_comes_often_and_never_backwards(
    qtbot: QtBot, opened: Playback
) -> None:
    seen: list[int] = []
    opened.moved.connect(seen.append)
    opened.play()
    qtbot.waitUntil(lambda: opened.position > 1000)
    assert seen == sorted(seen)
    assert len(seen) > 30  # more than the player's own twenty a second


def test_the_position_follows_the_clock_on_the_wall(qtbot: QtBot, opened: Playback) -> None:
    from PySide6.QtCore import QElapsedTimer

    opened.play()
    qtbot.waitUntil(lambda: opened.position > 100)
    clock = QElapsedTimer()
    clock.start()
    start = opened.position
    qtbot.waitUntil(lambda: opened.position > start + 1500)
    assert abs((opened.position - start) - clock.elapsed()) < 250


def test_a_seek_is_exact_and_at_once(qtbot: QtBot, opened: Playback) -> None:
    with qtbot.waitSignal(opened.moved) as moved:
        opened.seek(1234)
    assert moved.args == [1234]
    assert opened.position == 1234


def test_a_seek_stays_inside_the_recording(opened: Playback) -> None:
    opened.seek(-5)
    assert opened.position == 0
    opened.seek(99_999)
    assert opened.position == 4000


def test_steps_are_relative(opened: Playback) -> None:
    opened.seek(2000)
    opened.step(-500)
    assert opened.position == 1500


def test_a_span_stops_at_its_end(qtbot: QtBot, opened: Playback) -> None:
    opened.play_span(1000, 1400)
    qtbot.waitUntil(lambda: opened.is_playing)
    with qtbot.waitSignal(opened.playing_changed):
        pass
    assert (opened.position, opened.is_playing) == (1400, False)


def test_a_seek_while_a_span_plays_forgets_its_end(qtbot: QtBot, opened: Playback) -> None:
    opened.play_span(1000, 1200)
    opened.seek(1100)
    qtbot.waitUntil(lambda: opened.position > 1400)
    assert opened.is_playing


def test_resuming_goes_back_a_second(qtbot: QtBot, opened: Playback) -> None:
    opened.seek(1500)
    opened.play()
    qtbot.waitUntil(lambda: opened.position > 1600)
    opened.toggle()
    paused = opened.position
    qtbot.waitUntil(lambda: not opened.is_playing)
    with qtbot.waitSignal(opened.moved) as moved:
        opened.toggle()
    assert moved.args == [paused - 1000]


def test_the_rewind_can_be_drawn_to_a_word_start(qtbot: QtBot, opened: Playback) -> None:
    opened.snap = lambda ms: 300
    opened.seek(1500)
    opened.play()
    qtbot.waitUntil(lambda: opened.position > 1600)
    opened.toggle()
    qtbot.waitUntil(lambda: not opened.is_playing)
    with qtbot.waitSignal(opened.moved) as moved:
        opened.toggle()
    assert moved.args == [300]


def test_after_a_click_elsewhere_playing_begins_there_without_rewinding(
    qtbot: QtBot, opened: Playback
) -> None:
    opened.play()
    qtbot.waitUntil(lambda: opened.position > 100)
    opened.toggle()
    opened.seek(2000)
    opened.toggle()
    assert opened.position == 2000


def test_at_the_end_it_stops_and_playing_again_starts_from_the_top(
    qtbot: QtBot, opened: Playback
) -> None:
    opened.seek(3800)
    opened.play()
    qtbot.waitUntil(lambda: opened.position == 4000 and not opened.is_playing)
    opened.toggle()
    assert opened.position == 0


def test_double_speed_takes_half_the_time(qtbot: QtBot, opened: Playback) -> None:
    from PySide6.QtCore import QElapsedTimer

    opened.set_rate(2)
    opened.play()
    qtbot.waitUntil(lambda: opened.position > 200)
    clock, start = QElapsedTimer(), opened.position
    clock.start()
    qtbot.waitUntil(lambda: opened.position > start + 1600)
    assert 600 < clock.elapsed() < 1100


def test_the_rate_stays_between_half_and_double(qtbot: QtBot, opened: Playback) -> None:
    opened.set_rate(9)
    assert opened.rate == 2
    opened.set_rate(0.1)
    assert opened.rate == 0.5


def test_a_machine_without_sound_is_told_once_and_plays_on(qtbot: QtBot, opened: Playback) -> None:
    from PySide6.QtMultimedia import QMediaDevices

    said: list[str] = []
    opened.noticed.connect(said.append)
    for _ in range(2):
        opened.play()
        qtbot.waitUntil(lambda: opened.is_playing)
        opened.pause()
        qtbot.waitUntil(lambda: not opened.is_playing)
    assert len(said) == (0 if QMediaDevices.audioOutputs() else 1)


def test_broken_media_is_a_sentence(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"\0\1\2" * 999)
    with qtbot.waitSignal(playback.failed) as failed:
        playback.open(tmp_path / "broken.mp3")
    assert failed.args == ["broken.mp3 cannot be played here; the transcript can still be edited."]
    playback.toggle()
    assert not playback.is_playing


def test_a_duration_known_beforehand_stands_at_once(playback: Playback, tone: Path) -> None:
    playback.open(tone, duration=3999)
    playback.seek(2000)
    assert (playback.duration, playback.position) == (3999, 2000)


def test_a_seek_while_paused_shows_the_frame_of_that_very_moment(
    qtbot: QtBot, playback: Playback, film: Path
) -> None:
    greys: list[int] = []
    playback.frame.connect(lambda frame: greys.append(frame.toImage().pixelColor(9, 9).red()))
    with qtbot.waitSignal(playback.has_video_changed):
        playback.open(film)
    qtbot.waitUntil(lambda: bool(greys))
    playback.seek(1000)
    qtbot.waitUntil(lambda: abs(greys[-1] - 100) < 4)
    assert playback.position == 1000
    assert abs(greys[-1] - 100) < 3, "frame 25, not the one before"


def test_with_the_recording_missing_nothing_plays_but_the_moment_can_be_moved(
    playback: Playback,
) -> None:
    playback.open(None, duration=4000)
    playback.seek(500)
    playback.toggle()
    assert (playback.position, playback.is_playing) == (500, False)


def test_importing_it_does_not_load_multimedia() -> None:
    code = (
        "import sys, granite_studio.ui.player.playback;"
        "sys.exit('PySide6.QtMultimedia' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
