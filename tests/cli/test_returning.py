"""A Word document that was edited goes back into its project, and how one is made."""

import io
import json
from dataclasses import replace

import docx
import pytest

from granite_studio.core import edits
from granite_studio.core.document import Media
from granite_studio.store.project import Project
from tests.core.pictures import picture, transcript

LINES = ("Anna: the roof will cost sixty thousand", "Tom: dollars or pounds")


@pytest.fixture
def project(tmp_path):
    document = replace(transcript(*LINES, gap=500), media=Media("roof.wav", 9000, "print"))
    path = tmp_path / "roof.gstudio"
    Project.create(path, document=document).close()
    return path


@pytest.fixture
def edited(command, project, tmp_path):
    """An export in which sixty became seventy."""
    path = tmp_path / "roof.docx"
    assert command("export", project, "-o", path)[0] == 0
    change(path, "sixty", "seventy")
    return path


def change(path, old, new):
    file = docx.Document(path)
    for paragraph in file.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace(old, new)
    file.save(path)


def text_of(path):
    with Project.open(path, read_only=True) as opened:
        return picture(opened.history.document), opened.history.undo_label


def correct(path, text):
    """Write the first paragraph anew in the project."""
    with Project.open(path) as opened:
        before = opened.history.document
        after = edits.retype(before, 0, text)
        opened.record(before, opened.history.commit(after, "Type"))


def test_an_edited_export_goes_back_in_one_step(command, project, edited):
    code, out, err = command("return", project, edited)
    assert code == 0
    assert out == (
        "00:00:00 paragraph 1 (Anna): changed\n"
        "  - the roof will cost sixty thousand\n"
        "  + the roof will cost seventy thousand\n"
    )
    assert err == "granite-studio: 1 difference. Undo takes it all back.\n"
    lines, label = text_of(project)
    assert lines == [LINES[0].replace("sixty", "seventy"), LINES[1]]
    assert label == "Bring back from Word"
    assert command("return", project, edited)[2] == "granite-studio: Nothing changed.\n"


def test_a_dry_run_writes_nothing(command, project, edited):
    code, out, err = command("return", project, edited, "--dry-run", "--json")
    assert code == 0
    assert json.loads(out) == {
        "changed": 1,
        "conflicts": 0,
        "knows_export": True,
        "differences": [
            {
                "deed": "changed",
                "paragraph": 1,
                "start_ms": 0,
                "old": "the roof will cost sixty thousand",
                "new": "the roof will cost seventy thousand",
                "speaker": "Anna",
                "conflict": False,
            }
        ],
    }
    assert "Nothing was written." in err
    assert text_of(project) == (list(LINES), None)


def test_what_both_changed_is_a_conflict(command, project, edited):
    correct(project, "the roof will cost sixteen thousand")
    code, out, err = command("return", project, edited, "--dry-run")
    assert (code, "changed on both sides" in out) == (0, True)
    assert "1 changed on both sides, where the text that came back is taken" in err
    assert command("return", project, edited, "--keep", "project")[0] == 0
    assert text_of(project)[0][0] == "Anna: the roof will cost sixteen thousand"
    assert command("return", project, edited)[0] == 0
    assert text_of(project)[0][0] == "Anna: the roof will cost seventy thousand"


def test_what_both_changed_in_other_places_is_taken_from_both(command, project, edited):
    correct(project, "this roof will cost sixty thousand")
    assert command("return", project, edited)[0] == 0
    assert text_of(project)[0][0] == "Anna: this roof will cost seventy thousand"


def test_other_files_are_refused_and_nothing_is_written(command, project, tmp_path):
    foreign = docx.Document()
    foreign.add_paragraph(" ".join(f"word{number}" for number in range(40)))
    foreign.save(tmp_path / "foreign.docx")
    (tmp_path / "text.odt").write_bytes(b"no")
    (tmp_path / "no.docx").write_bytes(b"no")
    for name, why in (
        ("foreign.docx", "hardly a word in common"),
        ("text.odt", "is not a .docx file"),
        ("no.docx", "is not a Word document"),
        ("none.docx", "is not there"),
    ):
        code, _, err = command("return", project, tmp_path / name)
        assert code == 2
        assert why in err
        assert err.count("\n") == 1
    assert text_of(project) == (list(LINES), None)


def test_the_layout_and_the_template_of_a_word_document_can_be_chosen(command, project, tmp_path):
    made = tmp_path / "made.docx"
    assert command("export", project, "-o", made, "--layout", "script")[0] == 0
    assert docx.Document(made).tables[0].rows[1].cells[4].text == LINES[0][6:]
    form = docx.Document()
    form.add_paragraph("{{title}}")
    form.add_paragraph("{{transcript}}")
    form.save(tmp_path / "form.docx")
    command("export", project, "-o", tmp_path / "made.json")
    source = tmp_path / "made.json"
    assert (
        command("convert", source, made, "--template", tmp_path / "form.docx", "--overwrite")[0]
        == 0
    )
    assert docx.Document(made).paragraphs[1].text == f"[00:00:00] {LINES[0]}"
    for options, why in (
        (("--template", tmp_path / "form.docm"), "save it as one, without macros"),
        (("--layout", "bilingual"), "no translation to stand beside"),
        (("--layout", "poster"), "--layout"),
    ):
        code, _, err = command("convert", source, tmp_path / "other.docx", *options)
        assert code == 2
        assert why in err
        assert not (tmp_path / "other.docx").exists()


def test_a_bilingual_table_names_the_language_beside(command, project, tmp_path):
    with Project.open(project) as opened:
        before = opened.history.document
        after = edits.set_translation(before, before.segments[0].id, "fr", "le toit")
        after = edits.set_translation(after, before.segments[0].id, "de", "das Dach")
        opened.record(before, opened.history.commit(after, "Translate"))
    made = tmp_path / "made.docx"
    assert (
        command("export", project, "-o", made, "--layout", "bilingual", "--beside", "de")[0] == 0
    )
    file = docx.Document(io.BytesIO(made.read_bytes()))
    assert [cell.text for cell in file.tables[0].rows[1].cells][2:] == [LINES[0][6:], "das Dach"]


def test_a_table_of_cues_goes_back_with_its_times_and_lines(command, project, tmp_path):
    made = tmp_path / "cues.docx"
    assert command("export", project, "-o", made, "--layout", "script-cues")[0] == 0
    assert command("return", project, made)[2] == "granite-studio: Nothing changed.\n"
    file = docx.Document(made)
    first, second = file.tables[0].rows[1:3]
    first.cells[4].paragraphs[0].runs[0].text = "the roof will\ncost sixty thousand"
    second.cells[2].paragraphs[0].runs[0].text = "later"
    file.save(made)
    code, out, err = command("return", project, made)
    assert code == 0
    assert "row 2 (Tom): a time that cannot be read; the cue keeps its times" in out
    assert "row 1 (Anna): other lines" in out
    assert "  + the roof will | cost sixty thousand" in out
    assert err == (
        "granite-studio: 2 differences, 1 with a time that cannot be taken. "
        "Undo takes it all back.\n"
    )
    report = json.loads(command("return", project, made, "--json")[1])
    assert (report["conflicts"], report["refused"]) == (0, 1)
    assert report["differences"][0]["deed"] == "unreadable-time"
    with Project.open(project, read_only=True) as opened:
        [hand] = opened.history.document.cue_overrides
    assert len(hand.breaks) == 1


def test_a_changed_translation_goes_back_with_its_language(command, project, tmp_path):
    with Project.open(project) as opened:
        before = opened.history.document
        after = edits.set_translation(before, before.segments[0].id, "fr", "le toit")
        opened.record(before, opened.history.commit(after, "Translate"))
    made = tmp_path / "two.docx"
    assert command("export", project, "-o", made, "--layout", "bilingual")[0] == 0
    change_cell(made, 3, "la toiture")
    code, out, _ = command("return", project, made)
    assert code == 0
    assert out == (
        "00:00:00 paragraph 1 (Anna, fr): another translation\n  - le toit\n  + la toiture\n"
    )
    with Project.open(project, read_only=True) as opened:
        [lane] = opened.history.document.translations
    assert (lane.texts[0].text, lane.texts[0].touched) == ("la toiture", True)


def change_cell(path, column, text):
    """Write over a cell of the first row of a table."""
    file = docx.Document(path)
    file.tables[0].rows[1].cells[column].paragraphs[0].runs[0].text = text
    file.save(path)


def test_an_unrelated_word_file_is_refused_unless_it_is_wanted(command, project, tmp_path):
    before = text_of(project)
    other = docx.Document()
    for line in ("Minutes of the garden club", "Nobody was there, and all agreed."):
        other.add_paragraph(line)
    path = tmp_path / "minutes.docx"
    other.save(path)
    code, _, err = command("return", project, path)
    assert code == 2
    assert "“minutes.docx” has another text than the project" in err
    assert "--anyway" in err
    assert text_of(project) == before
    assert command("return", project, path, "--dry-run")[0] == 0
    assert text_of(project) == before
    assert command("return", project, path, "--anyway")[0] == 0
    assert text_of(project) != before


def test_a_file_without_marks_of_an_export_is_refused_unless_it_is_wanted(
    command, project, tmp_path
):
    plain = docx.Document()
    for line in LINES:
        plain.add_paragraph(line.replace("sixty", "seventy"))
    path = tmp_path / "typed.docx"
    plain.save(path)
    code, _, err = command("return", project, path)
    assert code == 2
    assert "does not say what was exported to it" in err
    assert command("return", project, path, "--anyway")[0] == 0
    assert "seventy" in str(text_of(project))
