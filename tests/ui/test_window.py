"""The window: places that are remembered, words about what goes on, files dropped on it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from granite_studio.engines import download, models
from granite_studio.pipeline.results import Progress
from granite_studio.ui.banner import Banners
from granite_studio.ui.dialogs.models_page import ModelsPage
from granite_studio.ui.job_bar import JobBar
from granite_studio.ui.main_window import MainWindow
from granite_studio.ui.memory import Memory
from granite_studio.ui.studio import Studio
from granite_studio.ui.welcome import Welcome
from tests.hubs import Hub


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Whether the window took what was dropped on it."""
    data = QMimeData()
    data.setUrls(urls)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, none))
    return True


def test_what_is_dropped_is_asked_for(qtbot: QtBot, dressed: QApplication) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.open_requested) as asked:
        assert drop(window, QUrl.fromLocalFile("/a/talk.mp3"), QUrl.fromLocalFile("/a/talk.srt"))
    assert asked.args == [[Path("/a/talk.mp3"), Path("/a/talk.srt")]]


def test_addresses_of_the_web_are_not_taken(qtbot: QtBot, dressed: QApplication) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    assert not drop(window, QUrl("https://example.org/talk.mp3"))


def test_with_nothing_open_it_tells_how_to_begin(studio: Studio) -> None:
    assert studio.window.welcome.isVisible()
    assert not any(dock.isVisible() for dock in studio.window.docks.values())


def test_a_project_brings_its_panels(opened: Studio) -> None:
    assert not opened.window.welcome.isVisible()
    assert all(dock.isVisible() for dock in opened.window.docks.values())
    assert opened.transcript.isVisible()
    assert opened.window.windowTitle() == "tone \N{EM DASH} Granite Studio"


def test_in_the_subtitles_layout_cues_and_transcript_change_places(opened: Studio) -> None:
    width = opened.transcript.width()
    opened.window.use_layout("subtitles")
    assert opened.cues.isVisible()
    assert opened.cues.width() > 400
    assert opened.transcript.isVisible()
    opened.window.use_layout("interview")
    assert abs(opened.transcript.width() - width) < 40


def test_places_are_remembered(qtbot: QtBot, opened: Studio) -> None:
    window = opened.window
    window.docks["timeline"].hide()
    kept = window.layout_state()
    window.docks["timeline"].show()
    window.use_layout("subtitles")
    opened.project.close()
    window.restore_layout_state(kept)
    window.show_project(True)
    assert window.layout_name == "interview"
    assert not window.docks["timeline"].isVisible()


def test_everything_that_can_be_used_has_a_name(opened: Studio) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSlider, QAbstractItemView)
    parts = [
        part
        for kind in kinds
        for part in opened.window.findChildren(kind)
        if part.focusPolicy() != Qt.FocusPolicy.NoFocus and part.window() is opened.window
    ]
    nameless = [
        f"{type(part).__name__} in {type(part.parent()).__name__}"
        for part in parts
        if not part.accessibleName() and not (isinstance(part, QAbstractButton) and part.text())
    ]
    assert nameless == []


def test_one_key_goes_from_panel_to_panel(opened: Studio) -> None:
    opened.transcript.setFocus()
    visited = []
    for _ in range(4):
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_F6)
        focus = opened.window.focusWidget()
        panels = {"video": opened.video, "cues": opened.cues, "timeline": opened.timeline}
        here = [
            name for name, panel in panels.items() if panel is focus or panel.isAncestorOf(focus)
        ]
        visited.append(here[0] if here else "transcript")
    assert visited == ["video", "cues", "timeline", "transcript"]


def test_a_window_whose_project_cannot_be_saved_stays_until_that_is_meant(opened: Studio) -> None:
    assert opened.session.project is not None
    opened.session.project.path.unlink()
    opened.transcript.new_speaker_here()
    assert not opened.window.close()
    assert "tone.gstudio" in opened.window.banners.text("saving")
    opened.window.abandon()
    assert not opened.window.isVisible()


def test_nonsense_about_places_changes_nothing(opened: Studio) -> None:
    opened.window.restore_layout_state({"layout": "sideways", "geometry": "?", "interview": "!"})
    assert opened.window.layout_name == "interview"


def test_the_findings_can_be_brought_to_the_front(opened: Studio) -> None:
    assert not opened.findings.isVisible()
    opened.window.show_findings()
    assert opened.findings.isVisible()


def test_work_is_shown_with_its_share_and_device(qtbot: QtBot, dressed: QApplication) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.show_started("Starting")
    bar.show_progress(Progress(30_000, 60_000, "Hearing", "CPU, 1 thread"))
    assert bar.text == "Hearing 50 % | CPU, 1 thread"
    bar.show_idle("Done.")
    assert bar.text == "Done."


def test_a_remark_takes_the_room_of_the_kind_of_text_where_it_has_none(qtbot: QtBot) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.show_project(True)
    bar.show_draft("Draft (PocketSphinx, English)")
    bar.show_findings(0)
    bar.show_saved()
    told = "Undo waits until this ends or is stopped. " * 2
    bar.show_notice(told)
    bar.resize(1600, 32)
    bar.show()
    assert "Text: Draft" in bar.text
    bar.resize(640, 32)
    assert "Text: Draft" not in bar.text
    assert told in bar.text
    assert bar.minimumSizeHint().width() < 640
    assert any(label.toolTip() == told for label in bar.findChildren(QLabel))
    bar.show_notice("")
    assert "Text: Draft" in bar.text


def test_the_bar_tells_that_all_is_saved(qtbot: QtBot, opened: Studio) -> None:
    opened.transcript.new_speaker_here()
    qtbot.waitUntil(lambda: "| saved " in opened.window.job_bar.text)


def test_a_disk_that_refuses_is_told_until_it_takes_everything(opened: Studio) -> None:
    opened.session.save_failed.emit("The disk is full; make room.")
    assert opened.window.banners.text("saving") == "The disk is full; make room."
    assert "not saved" in opened.window.job_bar.text
    opened.session.saved.emit()
    assert opened.window.banners.text("saving") == ""


def test_a_banner_can_be_closed_or_acted_on(qtbot: QtBot, dressed: QApplication) -> None:
    banners = Banners()
    qtbot.addWidget(banners)
    banners.resize(600, 100)
    asked: list[str] = []
    banners.show_banner("a", "It moved.", buttons=(("Find it", lambda: asked.append("find")),))
    banners.show_banner("b", "It is read only.", kind="warning")
    QTest.mouseClick(banners.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert asked == ["find"]
    QTest.mouseClick(banners.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert (banners.text("a"), banners.text("b")) == ("", "It is read only.")
    banners.clear_all()
    assert banners.isHidden()


def test_a_banner_that_goes_leaves_the_focus_to_the_transcript(opened: Studio) -> None:
    banners = opened.window.banners
    banners.show_banner("a", "It moved.", buttons=(("Find it", lambda: banners.clear("a")),))
    button = banners.findChildren(QPushButton)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert opened.transcript.hasFocus()


def test_the_same_banner_is_not_said_twice(qtbot: QtBot, dressed: QApplication) -> None:
    banners = Banners()
    qtbot.addWidget(banners)
    banners.show_banner("a", "One.")
    banners.show_banner("a", "Two.")
    assert banners.text("a") == "Two."
    assert [b.text() for b in banners.findChildren(QPushButton)] == []


def test_recent_projects_can_be_opened(qtbot: QtBot, dressed: QApplication) -> None:
    welcome = Welcome()
    qtbot.addWidget(welcome)
    welcome.set_recent([Path("/a/talk.gstudio"), Path("/a/other.gstudio")])
    first = welcome.findChildren(QToolButton)[0]
    assert first.text() == "talk"
    with qtbot.waitSignal(welcome.recent_pressed) as pressed:
        QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert pressed.args == [Path("/a/talk.gstudio")]


def test_recent_projects_of_one_name_are_told_apart(qtbot: QtBot, dressed: QApplication) -> None:
    welcome = Welcome()
    qtbot.addWidget(welcome)
    welcome.set_recent([Path("/may/talk.gstudio"), Path("/june/talk.gstudio")])
    told = [button.text() for button in welcome.findChildren(QToolButton)]
    assert told == ["talk (may)", "talk (june)"]


def test_without_a_model_the_welcome_page_offers_one(
    qtbot: QtBot, studio: Studio, plus_folder: Path
) -> None:
    welcome = studio.window.welcome
    labels = " ".join(label.text() for label in welcome.findChildren(QLabel))
    assert "Ready. Hears English word by word: a first draft to correct." in labels
    assert "Adds punctuation, speakers and four more languages" in labels
    assert "4.2 GB, fetched once" in labels
    (get,) = [b for b in welcome.findChildren(QPushButton) if b.text() == "Get it …"]
    QTest.mouseClick(get, Qt.MouseButton.LeftButton)
    assert studio.window.findChild(ModelsPage).isVisible()
    with_plus = studio.settings.now.with_model("granite-plus", str(plus_folder))
    studio.settings.change(models=with_plus)

    def says(begin: str) -> bool:
        shown = [label for label in welcome.findChildren(QLabel) if label.isVisible()]
        return any(label.text().startswith(begin) for label in shown)

    qtbot.waitUntil(lambda: says("Ready. English, French, German"))
    assert not says("Not here yet")


def test_new_recordings_have_the_language_that_was_chosen_last(
    qtbot: QtBot, studio: Studio, tone: Path
) -> None:
    studio.settings.change(language="de")
    with qtbot.waitSignals([studio.opening.opened, studio.recording.settled], timeout=20_000):
        studio.opening.open_media(tone)
    assert studio.session.document.language == "de"


def test_the_memory_keeps_the_latest_first(tmp_path: Path) -> None:
    one, two = tmp_path / "one.gstudio", tmp_path / "two.gstudio"
    one.touch()
    two.touch()
    memory = Memory(tmp_path / "window.json")
    for path in (one, two, one, tmp_path / "gone.gstudio"):
        memory.add_recent(path)
    memory.keep_places({"layout": "subtitles"})
    again = Memory(tmp_path / "window.json")
    assert again.recent == (one, two)
    assert again.places == {"layout": "subtitles"}


@pytest.mark.parametrize("text", ["", "[]", '{"recent": 3}', "\0", '{"recent": [], "places": []}'])
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text)
    assert Memory(tmp_path / "window.json").recent == ()


def test_a_device_with_a_long_reason_does_not_widen_the_window(
    qtbot: QtBot, dressed: QApplication
) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    device = "CPU, 2 threads, float32 (" + "no room on the GPU, which has 3 GB free; " * 3 + ")"
    bar.show_started("Starting")
    bar.show_progress(Progress(0, 60_000, "Hearing", device))
    assert bar.text.startswith("Hearing 0 % | CPU, 2 threads, float32")
    assert device not in bar.text
    assert bar.minimumSizeHint().width() < 800


def test_a_download_is_told_of_though_its_page_is_closed(
    qtbot: QtBot,
    plus_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    hub = Hub(plus_folder)
    hub.gate.set()
    hub.failure = "The hub cannot be reached; go on later."
    monkeypatch.setattr(download, "download", hub.download)
    studio = request.getfixturevalue("studio")
    with qtbot.waitSignal(studio.fetching.changed):
        studio.fetching.start(models.find("granite-plus"))
    assert studio.window.banners.text("models") == hub.failure
    hub.failure = ""
    with qtbot.waitSignal(studio.fetching.arrived):
        studio.fetching.start(models.find("granite-plus"))
    assert studio.window.banners.text("models") == ""
    assert studio.window.job_bar.text == "Granite Speech 4.1 Plus is here and ready."
