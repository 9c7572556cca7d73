from dataclasses import replace

from docx import Document as Word
from PySide6.QtCore import Qt

from granite_studio import formats
from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, Segment, Span
from granite_studio.core.shots import Film
from granite_studio.core.styles import style
from granite_studio.core.timing import RATES
from granite_studio.services.styles import StyleKeeper
from granite_studio.store.project import Project
from granite_studio.ui.dialogs.export import ExportPanel
from tests.ui.panels.conftest import spoken

FILM = Film.of([2300, 90_000], 25)


def panel_of(qtbot, session, jobs, settings):
    panel = ExportPanel(session, jobs, settings, StyleKeeper(session.project.path.parent))
    qtbot.addWidget(panel)
    panel.show()
    return panel


def tick(panel, *names):
    for name, box in panel._formats._boxes.items():
        box.setChecked(name in names)


def test_it_writes_the_chosen_files_beside_the_project(
    qtbot, session, jobs, settings, tmp_path, document
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt", "docx")
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    expected = formats.dump("srt", formats.Content(document=document, style=style("general")))
    assert (tmp_path / "lighthouse.srt").read_bytes() == expected
    assert any("Helen" in p.text for p in Word(str(tmp_path / "lighthouse.docx")).paragraphs)
    assert settings.now.export_formats == ("srt", "docx")


def test_a_file_that_is_there_is_named_before_it_is_replaced(
    qtbot, session, jobs, settings, tmp_path
):
    (tmp_path / "lighthouse.vtt").write_text("old")
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "vtt")
    assert panel._note.text() == "Will be replaced: lighthouse.vtt"


def test_what_a_format_does_to_times_and_lines_is_said_once_the_cues_are_cut(
    qtbot, session, jobs, settings, document
):
    first = document.segments[0]
    long = " ".join(["the lighthouse keeper answered"] * 3)
    session.commit(edits.retype(document, 0, f"{first.text} {long}"), "Type")
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "scc")
    quick = panel._note.text()
    assert "wrapped anew" not in quick
    qtbot.waitUntil(lambda: "lines (wrapped anew)" in panel._note.text())
    tick(panel, "vtt")
    assert "wrapped" not in panel._note.text()


def test_a_folder_that_is_not_there_stops_the_export_with_a_sentence(
    qtbot, session, jobs, settings, tmp_path
):
    panel = panel_of(qtbot, session, jobs, settings)
    panel._folder.setText(str(tmp_path / "nowhere"))
    assert not panel._export.isEnabled()
    assert "does not exist" in panel._note.text()


def test_a_name_cannot_leave_the_folder(qtbot, session, jobs, settings, tmp_path):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "txt")
    panel._name.setText("../../etc/passwd")
    assert [path.parent for path in panel.targets] == [tmp_path]


def test_a_disk_that_refuses_is_told_and_what_was_written_before_is_named(
    qtbot, session, jobs, settings, tmp_path
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt", "vtt")
    (tmp_path / "lighthouse.vtt").mkdir()
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "lighthouse.vtt" in panel._note.text() and panel._export.isEnabled())
    assert "Written before that: lighthouse.srt" in panel._note.text()
    assert (tmp_path / "lighthouse.srt").exists()


def test_without_text_there_is_nothing_to_export(qtbot, session, jobs, settings):
    panel = panel_of(qtbot, session, jobs, settings)
    session.show(None)
    panel._look()
    assert not panel._export.isEnabled()
    assert "no text yet" in panel._note.text()


def test_a_translation_is_offered_beside_the_original_and_written(
    qtbot, session, jobs, settings, tmp_path
):
    panel = panel_of(qtbot, session, jobs, settings)
    assert not panel._language.isVisible()
    after = edits.set_translation(session.document, 2, "fr", "Soyez les bienvenus.")
    session.commit(after, "Translate")
    assert panel._language.isVisible()
    texts = [panel._language.itemText(n) for n in range(panel._language.count())]
    assert texts == ["Original (English)", "French"]
    panel._language.setCurrentIndex(1)
    assert panel._note.text().startswith(
        "2 paragraphs have no translation yet and are left out.\n"
    )
    tick(panel, "srt")
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    assert "Soyez les bienvenus." in (tmp_path / "lighthouse.fr.srt").read_text("utf-8-sig")
    panel._language.setCurrentIndex(0)
    assert panel._name.text() == "lighthouse"


def test_a_name_that_a_person_chose_stays_in_every_language(qtbot, session, jobs, settings):
    panel = panel_of(qtbot, session, jobs, settings)
    session.commit(edits.set_translation(session.document, 2, "fr", "Oui."), "Translate")
    panel._name.setText("mine")
    panel._language.setCurrentIndex(1)
    assert panel._name.text() == "mine"


def test_a_translation_that_goes_leaves_the_original_chosen(qtbot, session, jobs, settings):
    panel = panel_of(qtbot, session, jobs, settings)
    session.commit(edits.set_translation(session.document, 2, "fr", "Oui."), "Translate")
    panel._language.setCurrentIndex(1)
    session.undo()
    assert panel._language.currentData() == ""
    assert panel._name.text() == "lighthouse"
    assert not panel._language.isVisible()


def test_names_get_into_the_text_of_subtitles_where_that_is_ticked(
    qtbot, session, jobs, settings, tmp_path
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt", "vtt")
    assert not panel._speakers.isChecked()
    assert panel._note.text() == "Not in SubRip subtitles: 2 speakers' names."
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    assert "Helen" not in (tmp_path / "lighthouse.srt").read_text("utf-8")
    assert "<v Helen>" in (tmp_path / "lighthouse.vtt").read_text("utf-8")
    panel._speakers.click()
    assert panel._note.text().startswith("Names make lines longer than the list of cues says.")
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    assert "Helen: Good" in (tmp_path / "lighthouse.srt").read_text("utf-8")
    assert "<v Helen>" in (tmp_path / "lighthouse.vtt").read_text("utf-8")
    assert settings.now.names_in_text


def test_what_the_chosen_files_leave_out_is_named(qtbot, session, jobs, settings, document):
    missing = edits.set_untranscribed(document, [Span(2500, 4600), Span(12_000, 22_000)])
    session.commit(missing, "Hear")
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt", "vtt", "docx")
    assert panel._note.text() == (
        "Not in SubRip subtitles: 2 speakers' names and the marks on speech without text (0:12). "
        "Not in WebVTT subtitles: the marks on speech without text (0:12)."
    )
    tick(panel, "docx", "txt", "json")
    assert panel._note.text() == ""
    tick(panel, "srt")
    session.commit(edits.set_untranscribed(session.document, []), "Hear")
    assert panel._note.text() == "Not in SubRip subtitles: 2 speakers' names."


def test_what_a_word_layout_and_a_translation_leave_out_is_named(qtbot, session, jobs, settings):
    first, last = (
        session.document.segments[0].words[0].id,
        session.document.segments[0].words[1].id,
    )
    by_hand = replace(session.document, cue_overrides=(CueOverride(first, last),))
    session.commit(edits.set_translation(by_hand, by_hand.segments[0].id, "fr", "Oui."), "Edit")
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "docx")
    assert panel._note.text() == "Not in Word document: 1 cue made by hand and 1 translation."
    panel._word._layouts.setCurrentIndex(2)
    assert panel._note.text() == "Not in Word document: 1 translation."
    panel._word._layouts.setCurrentIndex(3)
    assert panel._note.text() == "Not in Word document: 1 cue made by hand."
    tick(panel, "srt")
    panel._language.setCurrentIndex(1)
    assert "Not in the translation: 1 cue made by hand." in panel._note.text()


def test_less_common_formats_are_in_a_menu_and_count_the_films_frames(
    qtbot, session, jobs, settings, tmp_path, document
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt")
    assert not panel._frame_rate.isVisible()
    assert panel._formats._more.text() == "More formats"
    tick(panel, "edl", "ttml")
    assert panel._formats._more.text() == "More formats: .ttml, .edl"
    assert panel._frame_rate.isVisible()
    panel._frame_rate.setCurrentIndex(panel._frame_rate.findData("30"))
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    content = formats.Content(
        document=document, style=style("general"), frame_rate=RATES["30"], title="lighthouse.wav"
    )
    assert (tmp_path / "lighthouse.edl").read_bytes() == formats.dump("edl", content)
    assert (tmp_path / "lighthouse.ttml").exists()
    assert settings.now.frame_rate == "30"


def test_a_word_document_has_a_layout_and_only_a_word_document(
    qtbot, session, jobs, settings, tmp_path
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt")
    assert not panel._word.isVisible()
    tick(panel, "docx")
    assert panel._word.isVisible()
    panel._word._layouts.setCurrentIndex(1)
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    [table] = Word(str(tmp_path / "lighthouse.docx")).tables
    assert table.rows[2].cells[4].text == "You are very welcome here."


def test_two_languages_are_offered_where_there_are_two(qtbot, session, jobs, settings, tmp_path):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "docx")
    layouts = panel._word._layouts
    bilingual = layouts.findText("Two languages side by side")
    item, reason = layouts.model().item(bilingual), panel._word._reason
    assert not item.isEnabled()
    assert reason.isVisible()
    assert item.toolTip() == reason.text() != ""
    session.commit(edits.set_translation(session.document, 2, "fr", "Oui."), "Translate")
    assert item.isEnabled()
    assert not reason.isVisible()
    assert item.toolTip() == ""
    layouts.setCurrentIndex(bilingual)
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    [table] = Word(str(tmp_path / "lighthouse.docx")).tables
    assert [cell.text for cell in table.rows[2].cells][2:] == [
        "You are very welcome here.",
        "Oui.",
    ]
    session.undo()
    assert layouts.currentIndex() == 0


def test_a_template_is_asked_for_filled_and_refused_with_a_sentence(
    qtbot, session, jobs, settings, tmp_path
):
    form = Word()
    form.add_paragraph("{{transcript}}")
    form.save(str(tmp_path / "form.docx"))
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "docx")
    panel._word._layouts.setCurrentIndex(4)
    assert panel._note.text() == "Choose a .docx file with fields as the template."
    assert not panel._export.isEnabled()
    panel._word._template.setText(str(tmp_path / "form.docx"))
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    texts = [each.text for each in Word(str(tmp_path / "lighthouse.docx")).paragraphs]
    assert texts[0] == "[00:00:01] Helen: Good morning, Raven Point."
    (tmp_path / "form.docx").write_bytes(b"no")
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "is not a Word document" in panel._note.text())


def test_speech_without_text_is_shown_in_subtitles_where_that_is_ticked(
    qtbot, session, jobs, settings, tmp_path, document
):
    panel = panel_of(qtbot, session, jobs, settings)
    tick(panel, "srt")
    assert not panel._gaps.isVisible()
    session.commit(edits.set_untranscribed(document, [Span(72_000, 82_000)]), "Hear")
    assert panel._gaps.isVisible()
    assert not panel._gaps.isChecked()
    assert "the marks on speech without text (0:10)" in panel._note.text()
    panel._gaps.click()
    assert panel._note.text() == "Not in SubRip subtitles: 2 speakers' names."
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    text = (tmp_path / "lighthouse.srt").read_text("utf-8")
    assert "00:01:12,000 --> 00:01:22,000\n[speech not transcribed]\n" in text
    assert settings.now.mark_gaps


def test_cues_are_cut_by_the_cuts_of_the_film_as_the_window_shows_them(
    qtbot, session, jobs, settings, tmp_path
):
    said = "When I was finished with the stairs he asked me to stay and there was nobody else."
    document = Document((Segment(90, spoken(1, 300, said)),), next_id=100)
    session.show(Project.create(tmp_path / "film.gstudio", document=document))
    panel = ExportPanel(session, jobs, settings, StyleKeeper(tmp_path), film=lambda: FILM)
    qtbot.addWidget(panel)
    tick(panel, "srt")
    qtbot.mouseClick(panel._export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in panel._note.text())
    texts = [cue.text for cue in formats.load(tmp_path / "film.srt").cues]
    assert texts == [cue.text for cue in derive(document, style("general"), FILM)]
    assert texts != [cue.text for cue in derive(document, style("general"))]
