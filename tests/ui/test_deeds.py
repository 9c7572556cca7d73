"""What is done to cues, findings and the project from anywhere in the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Finding, Span
from granite_studio.store.project import Project
from granite_studio.ui import acting
from granite_studio.ui.studio import Studio


def cues(studio: Studio) -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, " ".join(cue.lines)) for cue in studio.subtitles.cues]


def texts(studio: Studio) -> list[str]:
    return [text for _, _, text in cues(studio)]


def change(qtbot: QtBot, studio: Studio, deed: Callable[[], None]) -> None:
    with qtbot.waitSignal(studio.subtitles.changed):
        deed()


def test_the_cue_starts_and_ends_now(qtbot: QtBot, opened: Studio) -> None:
    opened.playback.seek(300)
    change(qtbot, opened, opened.cue_deeds.set_start)
    opened.playback.seek(900)
    change(qtbot, opened, opened.cue_deeds.set_end)
    assert cues(opened)[0][:2] == (300, 900)


def test_between_two_cues_it_is_the_next_that_starts_now(qtbot: QtBot, opened: Studio) -> None:
    document, cue = opened.session.document, opened.subtitles.cues[0]
    shorter = edits.retime_cue(document, cue.first, cue.last, cue.start, cue.start + 300)
    change(qtbot, opened, lambda: opened.session.commit(shorter, "Shorten"))
    second = cues(opened)[1][2]
    opened.playback.seek(cues(opened)[0][1] + 100)
    change(qtbot, opened, opened.cue_deeds.set_start)
    assert cues(opened)[1][0::2] == (cues(opened)[0][1] + 100, second)


def test_what_nothing_comes_of_is_said(opened: Studio) -> None:
    document, last = opened.session.document, opened.subtitles.cues[-1]
    shorter = edits.retime_cue(document, last.first, last.last, last.start, last.start + 300)
    opened.session.commit(shorter, "Shorten")
    before = opened.session.document
    for position, deed, told in (
        (0, opened.cue_deeds.set_end, "No cue has begun"),
        (last.start + 400, opened.cue_deeds.set_start, "The last cue is over"),
        (0, opened.cue_deeds.split, "between two of its words"),
        (last.start + 10, lambda: opened.cue_deeds.merge([]), "There is no next cue"),
    ):
        opened.playback.seek(position)
        deed()
        assert told in opened.window.job_bar.text
    assert opened.session.document is before


def test_a_cue_that_was_changed_a_moment_ago_is_not_taken_for_the_old_one(opened: Studio) -> None:
    opened.playback.seek(700)
    opened.cue_deeds.split()
    opened.playback.seek(200)
    opened.cue_deeds.merge([])
    assert texts(opened)[0] == "The sea wall"
    opened.subtitles.catch_up()
    assert texts(opened)[0] == "The sea wall was built in March."


def test_a_cue_is_split_at_the_word_heard_now(qtbot: QtBot, opened: Studio) -> None:
    first = texts(opened)[0]
    assert first == "The sea wall was built in March."
    opened.playback.seek(700)
    change(qtbot, opened, opened.cue_deeds.split)
    assert texts(opened)[:2] == ["The sea wall", "was built in March."]


def test_a_cue_is_merged_with_the_next_and_let_go_again(qtbot: QtBot, opened: Studio) -> None:
    before = texts(opened)
    opened.playback.seek(300)
    change(qtbot, opened, lambda: opened.cue_deeds.merge([]))
    assert len(opened.subtitles.cues) == len(before) - 1
    change(qtbot, opened, lambda: opened.cue_deeds.release(opened.subtitles.cues[:1]))
    assert texts(opened) == before


def test_cues_can_be_walked(opened: Studio) -> None:
    starts = [start for start, _, _ in cues(opened)]
    opened.cue_deeds.go_to_next()
    assert opened.playback.position == starts[0]
    opened.cue_deeds.go_to_next()
    assert opened.playback.position == starts[1]
    opened.cue_deeds.go_to_previous()
    assert opened.playback.position == starts[0]


def test_a_cue_can_be_played_by_itself(qtbot: QtBot, opened: Studio) -> None:
    opened.playback.seek(300)
    opened.cue_deeds.play()
    qtbot.waitUntil(lambda: opened.playback.is_playing)
    qtbot.waitUntil(lambda: not opened.playback.is_playing)
    assert opened.playback.position == cues(opened)[0][1]


@pytest.fixture
def found(qtbot: QtBot, opened: Studio) -> Studio:
    """The project with a failed window and two stretches of speech without text."""
    document = edits.set_untranscribed(
        opened.session.document, (Span(3800, 3900), Span(1500, 1600))
    )
    finding = Finding("window-failed", Span(2500, 2600), "This stretch could not be heard.")
    opened.session.commit(edits.add_finding(document, finding), "Look")
    return opened


def bad(studio: Studio) -> list[tuple[int, str]]:
    return [(row.start, row.text) for row in studio.findings.rows if row.is_bad]


def test_findings_stand_in_order_of_time(found: Studio) -> None:
    assert bad(found) == [
        (1500, "Speech without text, 0.1 s"),
        (2500, "This stretch could not be heard."),
        (3800, "Speech without text, 0.1 s"),
    ]
    assert f"{len(found.findings.rows)} findings" in found.window.job_bar.text


def test_findings_are_stepped_through_round_and_round(found: Studio) -> None:
    starts = [row.start for row in found.findings.rows]
    seen = []
    for _ in range(len(starts) + 1):
        found.findings.go_to_next()
        seen.append(found.playback.position)
    assert seen[-1] == seen[0]
    found.findings.go_to_previous()
    assert found.playback.position == seen[-2]


def test_a_version_can_be_named_and_gone_back_to(qtbot: QtBot, opened: Studio) -> None:
    opened.project.name_version()
    dialog = opened.window.findChildren(QInputDialog)[0]
    dialog.setTextValue("before the check")
    dialog.accept()
    opened.session.commit(edits.retype(opened.session.document, 0, "Gone."), "Type")
    menu = QMenu()
    opened.project.fill_versions(menu)
    (version,) = menu.actions()
    assert version.text().startswith("before the check\t")
    version.trigger()
    assert opened.session.document.segments[0].text == "The sea wall was built in March."
    assert opened.session.undo_label == "Go back to “before the check”"


def test_a_copy_is_a_whole_project(qtbot: QtBot, opened: Studio, tmp_path: Path) -> None:
    from PySide6.QtWidgets import QFileDialog

    opened.project.save_copy()
    dialog = opened.window.findChildren(QFileDialog)[0]
    with qtbot.waitSignal(opened.project.noticed, timeout=10_000):
        dialog.fileSelected.emit(str(tmp_path / "mine"))
        dialog.accept()
    with Project.open(tmp_path / "mine.gstudio") as copy:
        assert len(copy.history.document.segments) == 3


def test_two_names_can_become_one_person(qtbot: QtBot, opened: Studio) -> None:
    opened.project.merge_speakers()
    dialog = opened.window.findChildren(QInputDialog)[0]
    dialog.setTextValue("Reporter is Anna Berg")
    dialog.accept()
    assert [speaker.name for speaker in opened.session.document.speakers] == ["Anna Berg"]


def test_saving_says_that_all_is_saved(opened: Studio) -> None:
    opened.project.save()
    assert opened.window.job_bar.text.startswith("Everything is saved")


def test_closing_goes_back_to_the_beginning(opened: Studio) -> None:
    opened.project.close()
    assert opened.window.welcome.isVisible()
    assert opened.playback.path is None
    assert opened.window.windowTitle() == "Granite Studio"


def short_cues(qtbot: QtBot, studio: Studio) -> list[tuple[int, int, str]]:
    """Two cues that a person made too short, with room behind them."""
    document = studio.session.document
    for cue in studio.subtitles.cues[:2]:
        hand = CueOverride(cue.first, cue.last, cue.start, cue.start + 300)
        document = edits.fix_cue(document, hand)
    change(qtbot, studio, lambda: studio.session.commit(document, "Shorten"))
    return cues(studio)


def test_a_cue_is_mended_at_the_playhead(qtbot: QtBot, opened: Studio) -> None:
    before = short_cues(qtbot, opened)
    opened.playback.seek(before[0][0] + 100)
    change(qtbot, opened, lambda: acting.mend_cue(opened))
    after = cues(opened)
    assert after[0][1] > before[0][1]
    assert after[1:] == before[1:]
    assert opened.session.undo_label == "Mend the cue"
    assert opened.window.job_bar.text.startswith("Shown ")


def test_a_cue_that_cannot_be_mended_says_so(opened: Studio) -> None:
    before = opened.session.document
    opened.playback.seek(300)
    acting.mend_cue(opened)
    assert opened.session.document is before
    assert "Only other words" in opened.window.job_bar.text


def asked_to_mend(qtbot: QtBot, studio: Studio) -> QMessageBox:
    """The question that is asked once it is known what can be mended."""
    before = studio.window.findChildren(QMessageBox)
    acting.mend_cues(studio)

    def asked() -> list[QMessageBox]:
        return [box for box in studio.window.findChildren(QMessageBox) if box not in before]

    qtbot.waitUntil(lambda: bool(asked()))
    return asked()[0]


def test_all_cues_are_mended_once_it_was_shown_what_would_change(
    qtbot: QtBot, opened: Studio
) -> None:
    before = short_cues(qtbot, opened)
    box = asked_to_mend(qtbot, opened)
    assert box.text() == "Mend 2 cues?"
    assert "0:00  Shown" in box.informativeText()
    mend = next(button for button in box.buttons() if button.text() == "Mend them")
    change(qtbot, opened, mend.click)
    assert all(new[1] > old[1] for new, old in zip(cues(opened)[:2], before[:2], strict=True))
    opened.session.undo()
    qtbot.waitUntil(lambda: cues(opened) == before)
    box = asked_to_mend(qtbot, opened)
    opened.session.commit(edits.retype(opened.session.document, 0, "Gone."), "Type")
    opened.subtitles.catch_up()
    changed = opened.session.document
    next(button for button in box.buttons() if button.text() == "Mend them").click()
    assert opened.session.document is changed
    assert "The cues have changed since" in opened.window.job_bar.text


def test_nothing_is_asked_of_cues_that_changed_while_they_were_looked_at(
    qtbot: QtBot, opened: Studio
) -> None:
    short_cues(qtbot, opened)
    acting.mend_cues(opened)
    assert opened.window.job_bar.text.startswith("Looking for what can be mended")
    opened.session.commit(edits.retype(opened.session.document, 0, "Gone."), "Type")
    qtbot.waitUntil(lambda: "The cues have changed since" in opened.window.job_bar.text)
    assert not opened.window.findChildren(QMessageBox)
