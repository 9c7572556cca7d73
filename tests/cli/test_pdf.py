"""PDFs on the command line: read and written."""

import subprocess
import sys

import pytest

from granite_studio.cli import targets
from granite_studio.core.document import Document, Highlight, Segment, Word
from granite_studio.store.project import Project
from tests.formats.pdffiles import Text, column, pdf

SAID = "The sea wall was built in March, and it cost more than the whole harbour did before it."


def test_a_script_becomes_a_word_document(command, tmp_path):
    (tmp_path / "script.pdf").write_bytes(pdf(column(f"ANNA: {SAID}")))

    code, out, told = command("convert", tmp_path / "script.pdf", tmp_path / "a.docx")
    assert (code, out) == (0, "")
    assert told == (
        "granite-studio: “script.pdf” says no times, so they are guessed; granite-studio align "
        "finds the true ones in the recording.\n"
    )
    code, out, _ = command("convert", tmp_path / "a.docx", "-", "--to", "txt")

    assert code == 0
    assert f"ANNA: {SAID}" in out


def test_one_sentence_says_what_is_wrong(command, tmp_path):
    (tmp_path / "cut.pdf").write_bytes(pdf([Text(70, 700, SAID)])[:400])

    code, out, err = command("convert", tmp_path / "cut.pdf", tmp_path / "a.docx")

    assert (code, out) == (2, "")
    assert err == (
        "granite-studio: “cut.pdf” is damaged, or no whole PDF; save it again from where it was "
        "written.\n"
    )
    assert not (tmp_path / "a.docx").exists()


CUES = """1
00:00:01,000 --> 00:00:02,000
ANNA: <i>Yes.</i>

2
00:00:03,000 --> 00:00:04,000
ANNA: It is.
"""


@pytest.mark.parametrize("target", [("a.pdf",), ("-", "--to", "pdf")])
def test_one_is_written_without_a_screen(command, tmp_path, monkeypatch, target):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.srt").write_text(CUES)

    code, out, err = command("convert", "a.srt", *target)

    assert code == 0, err
    data = (tmp_path / "a.pdf").read_bytes() if target == ("a.pdf",) else out
    assert data[:5] in (b"%PDF-", "%PDF-")
    assert err == "granite-studio: Not in PDF: 2 cues' times and lines.\n"
    if target == ("a.pdf",):
        code, out, _ = command("convert", "a.pdf", "-", "--to", "txt")
        assert "[00:00:01] ANNA: Yes. It is." in out


def test_a_project_is_exported_and_cut_to_paper(command, tmp_path):
    words = tuple(Word(n, f"word{n}", 500 * n, 500 * n + 400) for n in range(1, 5))
    quote = Highlight(20, 1, 2, "costs")
    document = Document((Segment(10, words),), highlights=(quote,), next_id=30)
    Project.create(tmp_path / "a.gstudio", document=document).close()

    for command_line in (("export",), ("cut",)):
        target = tmp_path / f"{command_line[0]}.pdf"
        code, out, err = command(*command_line, tmp_path / "a.gstudio", "-o", target)

        assert (code, out) == (0, "")
        assert "Not in PDF" not in err
        _, html, _ = command("convert", target, "-", "--to", "html")
        assert "costs" in html
        assert target.read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_written_leaves_nothing(command, tmp_path):
    (tmp_path / "a.srt").write_text(CUES)

    code, out, err = command("convert", tmp_path / "a.srt", tmp_path / "nowhere" / "a.pdf")

    assert (code, out, err.count("\n")) == (2, "", 2)
    assert "nowhere" in err.splitlines()[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.srt", "folders"]


def test_a_printer_that_cannot_start_is_one_sentence(command, tmp_path, monkeypatch):
    (tmp_path / "a.srt").write_text(CUES)
    monkeypatch.setattr(targets, "PRINTER", "granite_studio.services.paper:nobody")

    code, out, err = command("convert", tmp_path / "a.srt", tmp_path / "a.pdf")

    assert (code, out) == (2, "")
    assert "The PDF could not be made; granite-studio doctor says" in err
    assert not (tmp_path / "a.pdf").exists()


def test_no_command_loads_qt():
    code = "import sys, granite_studio.cli.commands; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
