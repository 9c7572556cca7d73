"""PDFs on the command line: read by `convert`, written by the window alone."""

import pytest

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


@pytest.mark.parametrize("target", [("a.pdf",), ("-", "--to", "pdf")])
def test_none_is_written(command, tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nYes.\n")

    code, out, err = command("convert", "a.srt", *target)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "made in the window (File > Save as PDF)" in err
    assert not (tmp_path / "a.pdf").exists()
