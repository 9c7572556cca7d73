"""Whatever a person brings is opened, or answered with a sentence."""

import importlib
import shutil
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from granite_studio import formats
from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.formats import stl_head
from granite_studio.store.project import Project
from granite_studio.ui.studio import Studio

SRT = (
    "1\n00:00:00,500 --> 00:00:01,500\nGood morning.\n\n2\n00:00:02,000 --> 00:00:03,000\nHello.\n"
)


def bring(qtbot: QtBot, studio: Studio, *paths: Path) -> None:
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        studio.window.open_requested.emit(list(paths))
    qtbot.waitUntil(lambda: not studio.opening.is_busy)


def path_of(studio: Studio) -> Path:
    assert studio.session.project is not None
    return studio.session.project.path


def questions(studio: Studio) -> list[QMessageBox]:
    return [box for box in studio.window.findChildren(QMessageBox) if box.isVisible()]


def question(qtbot: QtBot, studio: Studio, path: Path) -> QMessageBox:
    """What is asked once this file was read."""
    studio.opening.open_paths([path])
    qtbot.waitUntil(lambda: bool(questions(studio)), timeout=20_000)
    (box,) = questions(studio)
    return box


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    (button,) = (button for button in box.buttons() if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def refusal(qtbot: QtBot, studio: Studio, path: Path) -> str:
    with qtbot.waitSignal(studio.opening.failed, timeout=20_000):
        studio.opening.open_paths([path])
    return studio.window.banners.text("opening")


def test_a_recording_gets_a_project_beside_it(qtbot: QtBot, studio: Studio, tone: Path) -> None:
    bring(qtbot, studio, tone)
    assert tone.with_suffix(".gstudio").exists()
    media = studio.session.document.media
    assert media is not None
    assert (media.name, media.duration) == ("tone.wav", 4000)
    qtbot.waitUntil(lambda: not studio.recording.is_reading)
    assert studio.playback.path == tone
    assert studio.memory.recent == (tone.with_suffix(".gstudio"),)


def test_a_recording_needs_no_ending(qtbot: QtBot, studio: Studio, tone: Path) -> None:
    bare = tone.with_suffix("")
    tone.rename(bare)
    bring(qtbot, studio, bare)
    media = studio.session.document.media
    assert media is not None
    assert (media.name, media.duration) == ("tone", 4000)


def test_what_the_first_file_needs_is_loaded_beside_the_window(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[str, bool]] = []

    def load(name: str) -> None:
        importlib.import_module(name)
        loaded.append((name, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr("granite_studio.ui.opening.import_module", load)
    studio.opening.get_ready()
    qtbot.waitUntil(lambda: len(loaded) == 3)
    assert not any(is_main for _, is_main in loaded)


def test_a_recording_with_a_project_opens_that(
    qtbot: QtBot, studio: Studio, project_file: Path
) -> None:
    bring(qtbot, studio, project_file.with_suffix(".wav"))
    assert [s.name for s in studio.session.document.speakers] == ["Anna Berg", "Reporter"]


def test_subtitles_come_with_the_recording_of_their_name(
    qtbot: QtBot, studio: Studio, tone: Path
) -> None:
    captions = tone.with_name("tone.en.srt")
    captions.write_text(SRT)
    bring(qtbot, studio, captions)
    document = studio.session.document
    assert [word.text for word in document.words()] == ["Good", "morning.", "Hello."]
    assert studio.session.media_path == tone
    assert [(cue.start, cue.end) for cue in studio.subtitles.cues] == [(500, 1500), (2000, 3000)]


def test_what_a_project_cannot_hold_of_subtitles_is_said(
    qtbot: QtBot, studio: Studio, tone: Path
) -> None:
    captions = tone.with_name("tone.en.srt")
    captions.write_text(SRT.replace("Hello.", '<font face="Arial">Hel<i>lo</i></font>.'))
    bring(qtbot, studio, captions)
    assert studio.session.project is not None
    (told,) = studio.session.project.notices
    assert "Not taken over from the file, since a project cannot hold it: 1 cue's styling." in told


def test_facts_of_an_stl_head_are_told(qtbot: QtBot, studio: Studio, tone: Path) -> None:
    head = Block(stl_head.KIND, "OPT: The Harbour\nCO: GBR\nCD: 240102")
    captions = Captions((head, Caption(500, 1500, "Hello there.")))
    path = tone.with_name("tone.en.stl")
    path.write_bytes(formats.dump("stl", formats.Content(captions=captions)))
    bring(qtbot, studio, path)
    assert studio.session.project is not None
    (told,) = studio.session.project.notices
    assert "cannot hold it: 3 facts of the EBU STL head." in told


def test_looks_that_a_reader_leaves_out_are_said(qtbot: QtBot, studio: Studio, tone: Path) -> None:
    captions = tone.with_name("tone.en.ttml")
    captions.write_text(
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"><body>'
        '<div><p begin="1s" end="2s" tts:fontSize="80%">Hello</p></div></body></tt>'
    )
    bring(qtbot, studio, captions)
    assert studio.session.project is not None
    (told,) = studio.session.project.notices
    assert "1 font size" in told


def test_a_guessed_frame_rate_is_said(qtbot: QtBot, studio: Studio, tone: Path) -> None:
    captions = tone.with_name("tone.en.edl")
    event = "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:15 00:00:01:00"
    captions.write_text(f"{event}\n* COMMENT: Hello\n")
    bring(qtbot, studio, captions)
    assert studio.session.project is not None
    (told,) = studio.session.project.notices
    assert "25 are assumed" in told


def test_a_file_that_is_wanted_while_another_opens_is_told(
    qtbot: QtBot, studio: Studio, tone: Path, project_file: Path
) -> None:
    studio.opening.open_project(project_file)
    with qtbot.waitSignal(studio.opening.failed) as told:
        studio.opening.open_project(project_file.with_name("other.gstudio"))
    assert "other.gstudio" in told.args[0]
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        pass


def test_subtitles_dropped_with_a_recording_belong_to_it(
    qtbot: QtBot, studio: Studio, tone: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "other name.srt"
    captions.write_text(SRT)
    bring(qtbot, studio, tone, captions)
    assert studio.session.media_path == tone


def test_subtitles_never_take_the_place_of_a_project(
    qtbot: QtBot, studio: Studio, project_file: Path
) -> None:
    captions = project_file.with_suffix(".srt")
    captions.write_text(SRT)
    bring(qtbot, studio, captions)
    assert path_of(studio).name == "tone 2.gstudio"
    with Project.open(project_file) as before:
        assert len(before.history.document.segments) == 3


def test_which_recording_belongs_to_subtitles_is_asked(
    qtbot: QtBot, studio: Studio, tone: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "film.srt"
    captions.write_text(SRT)
    box = question(qtbot, studio, captions)
    assert box.text() == "Which recording belongs to film.srt?"
    press(qtbot, box, "Choose the recording …")
    dialog = studio.window.findChildren(QFileDialog)[0]
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        dialog.filesSelected.emit([str(tone)])
        dialog.accept()
    assert studio.session.media_path == tone


def test_subtitles_without_a_recording_are_text_alone(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    captions = tmp_path / "film.srt"
    captions.write_text(SRT)
    box = question(qtbot, studio, captions)
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        press(qtbot, box, "Open without")
    assert len(list(studio.session.document.words())) == 3
    assert studio.session.media_path is None
    assert studio.playback.duration == 3000


def test_cancel_opens_no_subtitles_and_a_dismissed_file_dialog_asks_again(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    captions = tmp_path / "film.srt"
    captions.write_text(SRT)
    box = question(qtbot, studio, captions)
    press(qtbot, box, "Choose the recording …")
    studio.window.findChildren(QFileDialog)[0].reject()
    qtbot.waitUntil(lambda: any(other is not box for other in questions(studio)))
    (again,) = (other for other in questions(studio) if other is not box)
    again.reject()
    assert not studio.opening.is_busy
    assert studio.session.project is None
    assert not list(tmp_path.glob("*.gstudio"))


@pytest.mark.parametrize(
    ("name", "content"),
    [("broken.srt", b"\0" * 99), ("broken.json", b"{]"), ("empty.rttm", b"")],
)
def test_no_recording_is_asked_for_a_file_that_cannot_be_read(
    qtbot: QtBot, studio: Studio, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert name in refusal(qtbot, studio, tmp_path / name)
    qtbot.waitUntil(lambda: not studio.opening.is_busy)
    assert not questions(studio)
    assert not studio.window.findChildren(QFileDialog)


def test_the_sample_is_copied_to_where_it_can_be_kept(
    qtbot: QtBot, studio: Studio, home: Path
) -> None:
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        studio.opening.open_sample()
    assert path_of(studio).name == "interview.gstudio"
    assert path_of(studio).is_relative_to(home)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.mp3", b"\0\1\2" * 500),
        ("broken.gstudio", b"not a database" * 99),
        ("broken.srt", b"\0" * 99),
        ("broken.json", b"{]"),
        ("empty.wav", b""),
    ],
)
def test_what_is_broken_is_a_sentence_that_names_it(
    qtbot: QtBot, studio: Studio, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = refusal(qtbot, studio, path)
    assert name in said
    assert "\n" not in said
    assert "Error" not in said
    assert studio.session.project is None


def test_a_folder_is_not_a_recording(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    assert "talks" in refusal(qtbot, studio, tmp_path / "talks")


def test_what_is_not_there_is_said(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    assert "gone.mp3" in refusal(qtbot, studio, tmp_path / "gone.mp3")


def test_a_picture_without_sound_is_refused(qtbot: QtBot, studio: Studio, film: Path) -> None:
    assert "film.mp4" in refusal(qtbot, studio, film)


def test_a_failure_leaves_the_open_project_open(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"\0" * 99)
    refusal(qtbot, opened, tmp_path / "broken.mp3")
    assert path_of(opened).name == "tone.gstudio"
    assert not opened.session.is_read_only


def test_a_missing_recording_can_be_found_again(
    qtbot: QtBot, studio: Studio, project_file: Path
) -> None:
    moved = project_file.parent / "elsewhere" / "renamed.wav"
    moved.parent.mkdir()
    shutil.move(project_file.with_suffix(".wav"), moved)
    bring(qtbot, studio, project_file)
    assert "tone.wav is not where it was" in studio.window.banners.text("media")
    assert studio.playback.duration == 4000, "the timeline is as long as ever"
    studio.project.relink(moved)
    assert studio.window.banners.text("media") == ""
    qtbot.waitUntil(lambda: not studio.recording.is_reading, timeout=20_000)
    assert studio.playback.path == moved


def test_another_recording_is_only_taken_when_that_is_meant(
    qtbot: QtBot, opened: Studio, tone: Path
) -> None:
    other = tone.with_name("other.wav")
    other.write_bytes(tone.read_bytes() + b"\0\0")
    opened.project.relink(other)
    assert "is not the recording of this project" in opened.window.banners.text("media")
    assert opened.session.media_path == tone
    opened.project.relink(other, anyway=True)
    assert opened.session.media_path == other
    media = opened.session.document.media
    assert media is not None
    assert media.name == "other.wav"


def test_a_lock_that_another_computer_left_can_be_taken_over(
    qtbot: QtBot, studio: Studio, project_file: Path
) -> None:
    lock = project_file.with_name(project_file.name + "-lock")
    lock.write_text('{"pid": 1, "host": "somewhere-else", "time": 1700000000}')
    bring(qtbot, studio, project_file)
    assert studio.session.is_read_only
    take_over = studio.window.banners.findChildren(QPushButton)[0]
    assert take_over.text() == "Take over"
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        take_over.click()
    assert not studio.session.is_read_only
    assert studio.window.banners.text("read only") == ""


def test_a_second_window_may_only_read_and_says_so(
    qtbot: QtBot, studio: Studio, project_file: Path
) -> None:
    import subprocess

    code = (
        "import sys, pathlib; from granite_studio.store.project import Project;"
        "p = Project.open(pathlib.Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(project_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        bring(qtbot, studio, project_file)
        assert studio.session.is_read_only
        assert studio.window.banners.text("read only") != ""
        assert "read only" in studio.window.job_bar.text
        assert studio.transcript.isReadOnly()
        other.communicate(b"")
