"""From a recording to exported files, as a journalist goes."""

from PySide6.QtCore import Qt

from granite_studio import formats
from granite_studio.core import edits
from granite_studio.core.styles import style
from granite_studio.store.project import Project
from granite_studio.ui.dialogs.export import ExportPanel


def test_hear_correct_name_undo_redo_and_export(person, media, qtbot):
    person.open(media)
    session = person.studio.session
    assert person.text() == []
    assert person.hear() == "finished"
    heard = person.text()
    assert "good morning" in heard[0]

    person.select("good morning")
    person.type("Good morning.")
    assert person.text()[0].startswith("Good morning. ")

    person.place_caret("with me is")
    person.press(Qt.Key.Key_Return)
    assert person.text()[1].startswith("with me is")
    assert len(person.text()) == len(heard) + 1

    rows = range(len(session.document.segments))
    with_speaker, helen = edits.add_speaker(session.document, "Speaker 1")
    session.commit(edits.assign_speaker(with_speaker, rows, helen.id), "Assign")
    session.commit(edits.rename_speaker(session.document, helen.id, "Helen Marsh"), "Rename")
    assert "Helen Marsh" in {speaker.name for speaker in session.document.speakers}

    corrected = session.document
    for _ in range(3):
        person.do("edit.undo")
    assert person.text()[0].startswith("Good morning. ")
    assert len(person.text()) == len(heard)
    for _ in range(3):
        person.do("edit.redo")
    assert session.document == corrected

    person.do("file.export")
    panel = person.window.findChild(ExportPanel)
    for name, box in panel._formats._boxes.items():
        box.setChecked(name in ("srt", "json"))
    panel._speakers.click()
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._note.text().startswith("Written"), timeout=10_000)
    content = formats.Content(document=corrected, style=style("general"), speaker_names=True)
    assert media.with_suffix(".srt").read_bytes() == formats.dump("srt", content)
    assert formats.load(media.with_suffix(".json")) == corrected
    assert "Helen Marsh" in media.with_suffix(".srt").read_text("utf-8")

    project = media.with_suffix(".gstudio")
    person.program.shut_down()
    with Project.open(project, read_only=True) as found:
        assert found.history.document == corrected
        assert found.history.undo_label == "Rename"


def test_the_work_of_yesterday_is_there_with_its_history(person, media):
    person.open(media)
    person.hear()
    person.select("good morning")
    person.type("Bonjour")
    before = person.text()
    person.do("file.close")
    assert person.studio.session.project is None
    person.open(media)
    assert person.text() == before
    person.do("edit.undo")
    assert person.text()[0].startswith("good morning")


def test_subtitles_dropped_with_their_recording_keep_their_cues(person, media):
    srt = media.with_suffix(".srt")
    srt.write_text(
        "1\n00:00:00,600 --> 00:00:05,000\nGood morning. My name\nis Ellen Marsh.\n\n"
        "2\n00:00:16,000 --> 00:00:19,500\n- You are very welcome.\n\n",
        encoding="utf-8",
    )
    person.open(srt, media)
    assert person.text()[0].startswith("Good morning. My name is Ellen Marsh.")
    person.select("Ellen")
    person.type("Helen")
    cues = person.studio.subtitles
    person.qtbot.waitUntil(lambda: "Helen" in cues.cues[0].text, timeout=5000)
    first = cues.cues[0]
    assert (first.start, first.end) == (600, 5000)
    assert first.lines == ("Good morning. My name", "is Helen Marsh.")
    assert person.studio.session.media_path == media


def test_a_recording_that_moved_leaves_the_text_editable_and_can_be_found(person, media, tmp_path):
    person.open(media)
    person.hear()
    person.do("file.close")
    elsewhere = tmp_path / "elsewhere.wav"
    media.rename(elsewhere)
    person.open(media.with_suffix(".gstudio"))
    assert person.studio.session.media_path is None
    assert person.studio.window.banners.isVisible()
    person.select("good morning")
    person.type("Hello")
    assert person.text()[0].startswith("Hello")
    person.studio.project.relink(elsewhere)
    assert person.studio.session.media_path == elsewhere


def test_a_project_open_elsewhere_can_be_read_and_not_changed(person, media, tmp_path):
    person.open(media)
    person.hear()
    person.do("file.close")
    path = media.with_suffix(".gstudio")
    holder = Project.open(path)
    try:
        person.open(path)
        before = person.text()
        assert person.studio.session.is_read_only
        person.place_caret("good")
        person.type("xyz")
        assert person.text() == before
        assert person.studio.window.banners.isVisible()
    finally:
        holder.close()


def test_things_that_are_no_recording_are_refused_with_a_sentence(person, tmp_path):
    told = []
    person.studio.opening.failed.connect(told.append)
    for name, content in (
        ("a.wav", b"no sound"),
        ("b.gstudio", b"no project"),
        ("c.srt", b"\0\1"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with person.qtbot.waitSignal(person.studio.opening.failed, timeout=20_000):
            person.window.open_requested.emit([path])
        person.qtbot.waitUntil(lambda: not person.studio.opening.is_busy)
    assert len(told) == 3
    assert all(sentence.endswith((".", "!")) for sentence in told)
    assert person.studio.session.project is None


def test_cancelling_keeps_the_words_and_hearing_goes_on_where_it_stopped(person, media):
    person.open(media)
    once = person.studio.session.changed.connect(lambda *_: person.studio.hearing.cancel())
    assert person.hear() == "cancelled"
    kept = " ".join(person.text())
    assert kept
    person.studio.session.changed.disconnect(once)
    assert person.hear() == "finished"
    assert " ".join(person.text()).startswith(kept)
    assert "visitors" in person.text()[-1]


def test_hearing_turns_to_the_playhead_and_comes_back_for_the_rest(person, media, qtbot):
    person.open(media)
    studio, starts = person.studio, []

    def note(_before, after, _change):
        starts.extend(word.start for word in after.words() if word.start not in starts)

    studio.session.changed.connect(note)
    studio.playback.seek(12_000)
    outcomes = []
    studio.hearing.ended.connect(outcomes.append)
    person.do("listen.hear")
    person.do("listen.hear_from_here")
    qtbot.waitUntil(lambda: outcomes == ["cancelled", "finished"], timeout=120_000)
    assert starts[0] > 4_000
    assert min(starts) < 2_000
    person.text()
