"""Shot changes in the window: found once, kept, drawn, snapped to, handed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.cli import commands
from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Media
from granite_studio.core.files import fingerprint
from granite_studio.core.fixing import fixes
from granite_studio.core.styles import style
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.pipeline.results import Progress
from granite_studio.store import logs
from granite_studio.store.project import Project
from granite_studio.ui import acting, theme
from granite_studio.ui.cues.model import CueModel
from granite_studio.ui.dialogs.quality_panel import QualityPanel
from granite_studio.ui.job_bar import JobBar
from granite_studio.ui.studio import Studio
from granite_studio.ui.timeline.colours import pixel
from granite_studio.ui.timeline.hits import described
from tests.media.test_shots import film
from tests.ui.conftest import transcript
from tests.ui.timelines import SHIFT, Desktop

FIND, IMPORT, EXPORT = "cues.find_shots", "cues.import_shots", "cues.export_shots"
CUTS = (1000, 2600)


def film_project(folder: Path, *, frames: int = 100) -> Path:
    """A project of a silent film of 4 s with cuts at 1 s and 2.6 s, and three paragraphs."""
    video = film(folder / "film.mp4", {25, 65}, frames)
    document = replace(transcript(), media=Media("film.mp4", 4000, fingerprint(video)))
    path = folder / "film.gstudio"
    with Project.create(path, document=document, media_path=video):
        pass
    return path


@pytest.fixture
def shown(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Studio:
    """The whole program with the film's project open."""
    open_project(qtbot, studio, film_project(tmp_path))
    return studio


def open_project(qtbot: QtBot, studio: Studio, path: Path) -> None:
    with qtbot.waitSignals([studio.opening.opened, studio.recording.settled], timeout=20_000):
        studio.opening.open_project(path)
    qtbot.waitUntil(lambda: not studio.recording.is_reading)
    qtbot.waitUntil(lambda: bool(studio.subtitles.cues))


def find(qtbot: QtBot, program: Program) -> None:
    program.frame.actions.refresh()
    with qtbot.waitSignal(program.studio.shots.ended, timeout=30_000):
        program.frame.actions.actions[FIND].trigger()


def test_shot_changes_are_found_told_and_drawn(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    bar = shown.window.job_bar
    seen: list[str] = []
    shown.shots.progress.connect(lambda _progress: seen.append(bar.text))
    find(qtbot, program)
    assert shown.shots.known == Shots(CUTS, 25.0)
    assert any(text.startswith("Looking for shot changes ") for text in seen)
    assert bar.text.startswith("2 shot changes were found")
    assert bar.side.isHidden()
    assert tuple(shown.timeline._desk.content.shots) == CUTS


def test_those_that_the_command_line_kept_are_shown(
    qtbot: QtBot, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "start", lambda name: None)  # it stays open to the end
    path = film_project(tmp_path)
    assert commands.main(["shots", str(tmp_path / "film.mp4"), "--into", str(path)]) == 0
    open_project(qtbot, studio, path)
    assert studio.shots.known == Shots(CUTS, 25.0)
    assert studio.subtitles.shots == CUTS


def test_the_next_opening_shows_them_at_once_and_decodes_nothing(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    find(qtbot, program)
    shown.project.close()
    assert shown.shots.known is None
    assert len(shown.timeline._desk.content.shots) == 0
    with qtbot.waitSignal(shown.session.replaced, timeout=20_000):
        shown.opening.open_project(tmp_path / "film.gstudio")
    assert shown.shots.known == Shots(CUTS, 25.0)
    assert tuple(shown.timeline._desk.content.shots) == CUTS


def test_without_pictures_the_action_says_why(program: Program, opened: Studio) -> None:
    program.frame.actions.refresh()
    action = program.frame.actions.actions[FIND]
    assert not action.isEnabled()
    assert action.toolTip().endswith("This recording has no pictures.")
    assert program.frame.actions.actions[IMPORT].isEnabled()
    assert not program.frame.actions.actions[EXPORT].isEnabled()


def test_a_search_can_be_stopped(
    qtbot: QtBot, program: Program, studio: Studio, tmp_path: Path
) -> None:
    open_project(qtbot, studio, film_project(tmp_path, frames=400))
    actions = program.frame.actions
    actions.refresh()
    with qtbot.waitSignal(studio.shots.started):
        actions.actions[FIND].trigger()
    actions.refresh()
    assert not actions.actions[FIND].isEnabled()
    assert actions.actions["cues.stop_pictures"].isVisible()
    with qtbot.waitSignal(studio.shots.ended, timeout=30_000) as ended:
        studio.window.job_bar.side.stop_pressed.emit()
    assert ended.args == ["cancelled"]
    assert studio.shots.known is None
    assert studio.window.job_bar.text.startswith("Stopped")


def choose(studio: Studio, path: Path) -> None:
    """Answer the file dialog that is open."""
    dialog = studio.window.findChildren(QFileDialog)[-1]
    if dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
        dialog.fileSelected.emit(str(path))
    else:
        dialog.filesSelected.emit([str(path)])
    dialog.reject()


def test_a_list_is_imported_kept_and_exported_again(
    program: Program, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "cuts.txt").write_text("# 24 frames a second\n3.5\n1.25\n")
    actions = program.frame.actions
    actions.actions[IMPORT].trigger()
    choose(opened, tmp_path / "cuts.txt")
    assert opened.shots.known == Shots((1250, 3500), 24.0)
    assert opened.window.job_bar.text.startswith("2 shot changes were imported from cuts.txt")
    actions.refresh()
    actions.actions[EXPORT].trigger()
    choose(opened, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text() == "# 24 frames a second\n1.250\n3.500\n"
    assert opened.session.project is not None
    assert keeping.kept(opened.session.project, "") == opened.shots.known


def test_a_list_that_does_not_say_a_rate_has_that_of_the_film_or_one_that_is_told(
    program: Program, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "cuts.txt").write_text("1.25\n")
    program.frame.actions.actions[IMPORT].trigger()
    choose(opened, tmp_path / "cuts.txt")
    info = opened.recording.info
    known = info.video.fps if info and info.video else 0.0
    assert opened.shots.known == Shots((1250,), known or 25.0)
    told = "They do not say how many frames a second there are; 25 is taken."
    assert (told in opened.window.job_bar.text) is (known == 0)


def test_cuts_beyond_the_end_of_the_film_are_left_out_and_counted(
    program: Program, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "cuts.txt").write_text("1.25\n3.9\n4.0\n90\n")
    program.frame.actions.actions[IMPORT].trigger()
    choose(opened, tmp_path / "cuts.txt")
    assert opened.shots.known == Shots((1250, 3900), 25.0)
    assert opened.window.job_bar.text.startswith(
        "2 shot changes were imported from cuts.txt. Left out, since they come after the film's "
        "end: 2."
    )
    (tmp_path / "cuts.txt").write_text("70\n90\n")
    program.frame.actions.actions[IMPORT].trigger()
    choose(opened, tmp_path / "cuts.txt")
    assert "All 2 shot changes come after" in opened.window.banners.text("shots")
    assert opened.shots.known == Shots((1250, 3900), 25.0)


def test_a_list_that_is_none_is_one_sentence(
    program: Program, opened: Studio, tmp_path: Path
) -> None:
    (tmp_path / "cuts.txt").write_text("1.0\nsoon\n")
    program.frame.actions.actions[IMPORT].trigger()
    choose(opened, tmp_path / "cuts.txt")
    assert "Line 2 of cuts.txt is no time" in opened.window.banners.text("shots")
    assert opened.shots.known is None


def shorten(qtbot: QtBot, studio: Studio, start: int, end: int) -> None:
    """Make the first cue one by hand with these times."""
    words = [word.id for word in studio.session.document.segments[0].words]
    hand = CueOverride(words[0], words[-1], start, end)
    with qtbot.waitSignal(studio.subtitles.changed):
        studio.session.commit(edits.fix_cue(studio.session.document, hand), "Set")


def test_mending_puts_cues_by_the_shot_changes(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    shorten(qtbot, shown, 100, 1500)
    shown.shots.bring(Shots((200, 3900), 25.0))
    shown.playback.seek(300)
    with qtbot.waitSignal(shown.subtitles.changed):
        acting.mend_cue(shown)
    assert shown.subtitles.cues[0].start == 200
    assert shown.session.undo_label == "Mend the cue"
    with qtbot.waitSignal(shown.subtitles.changed):
        shown.session.undo()
    subtitles = shown.subtitles
    made = fixes(subtitles.cues, subtitles.style, film=subtitles.film)
    assert made[0].cue.start == 200
    assert made[0].message.endswith("By the shot change it begins 0.10 s later.")


def test_the_grid_and_the_report_say_what_stands_beside_a_shot_change(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    shorten(qtbot, shown, 300, 1500)
    shown.shots.bring(Shots((200, 3900), 25.0))
    model = shown.cues._table.model()
    assert isinstance(model, CueModel)
    assert not any(problem.rule == "shot_frames" for problem in model.problems(0))
    shown.subtitles.set_style(style("netflix-en"))
    told = [problem.message for problem in model.problems(0) if problem.rule == "shot_frames"]
    assert [text.partition(". ")[0] for text in told] == ["Begins 3 frames after a shot change"]
    panel = shown.dialogs["quality"]()
    assert isinstance(panel, QualityPanel)
    qtbot.addWidget(panel)
    qtbot.waitUntil(lambda: panel.quality is not None)
    assert panel.quality is not None
    found = [each for each in panel.quality.faults if each.rule == "shot_frames"]
    fault = next(each for each in found if each.cue == 1)
    assert fault.fix.startswith("By the shot change it begins 0.10 s earlier.")
    shown.playback.seek(350)
    with qtbot.waitSignal(shown.subtitles.changed):
        acting.mend_cue(shown)
    assert not any(problem.rule == "shot_frames" for problem in model.problems(0))


def test_another_recording_has_other_shot_changes(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    find(qtbot, program)
    media = replace(shown.session.document.media or Media("", 0), fingerprint="other")
    shown.session.commit(edits.set_media(shown.session.document, media), "Relink")
    assert shown.shots.known is None
    shown.session.undo()
    assert shown.shots.known == Shots(CUTS, 25.0)


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path, dressed: QApplication) -> Iterator[Desktop]:
    made = Desktop(tmp_path)
    qtbot.addWidget(made.timeline)
    with qtbot.waitExposed(made.timeline):
        pass
    made.scale(5)
    yield made
    made.close()


def test_the_edge_of_a_cue_snaps_to_a_shot_change(desktop: Desktop) -> None:
    desktop.timeline.set_shots([700])
    first = desktop.subtitles.cues[0]
    desktop.drag(desktop.at(first.start, "cues"), desktop.at(715, "cues"))
    assert desktop.document.cue_overrides[0].start == 700
    desktop.drag(desktop.at(700, "cues"), desktop.at(715, "cues"), SHIFT)
    assert desktop.document.cue_overrides[0].start == 715


def test_the_edge_of_a_word_does_not(desktop: Desktop) -> None:
    desktop.timeline.set_shots([1600])
    desktop.drag(desktop.at(1700, 0), desktop.at(1610, 0))
    assert desktop.document.segments[0].words[2].start == 1610


def wave(desktop: Desktop) -> np.ndarray:
    """The pixels of the wave's band."""
    frame = desktop.view.frame
    picture = desktop.view._drawing
    picture.picture(frame)
    return picture._pixels[frame.rows(frame.layout.wave)]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_stand_out_in_light_and_dark(
    desktop: Desktop, mode: str, qapp: QApplication
) -> None:
    theme.apply(qapp, mode)
    desktop.timeline.set_shots([1000, 3000])
    QApplication.sendPostedEvents(None, QEvent.Type.PaletteChange)
    drawn = wave(desktop)
    colours = theme.current()
    column = round(desktop.view.frame.x(1000))
    assert (drawn[:, column] == pixel(colours.text)).sum() > len(drawn) // 3
    assert (drawn[:, column + 3] == pixel(colours.text)).sum() == 0
    theme.apply(qapp, "light")


def test_marks_close_together_are_ticks(desktop: Desktop) -> None:
    desktop.timeline.set_shots(range(0, 60_000, 12))
    drawn = wave(desktop)
    colour = pixel(theme.current().text)
    assert (drawn[-1] == colour).sum() > drawn.shape[1] // 3
    assert (drawn[0] == colour).sum() == 0
    desktop.timeline.set_shots(())
    assert (wave(desktop)[-1] == colour).sum() == 0


def test_pointing_at_a_mark_says_what_it_is(desktop: Desktop) -> None:
    desktop.timeline.set_shots([1000])
    content, frame = desktop.timeline._desk.content, desktop.view.frame
    assert described(content, frame, QPointF(desktop.at(1000))) == "00:00:01.000\nShot change"
    assert described(content, frame, QPointF(desktop.at(1100))) == "00:00:01.100"


def test_two_works_at_once_have_room_in_a_small_window(
    qtbot: QtBot, dressed: QApplication
) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.show_started("Starting")
    bar.show_progress(Progress(30_000, 60_000, "Hearing", "CPU, 1 thread"))
    bar.side.show_started("Starting")
    bar.side.show_progress(Progress(20_000, 60_000, "Writing"))
    assert bar.text == "Hearing 50 % | CPU, 1 thread | Writing 33 %"
    assert bar.minimumSizeHint().width() < 800
