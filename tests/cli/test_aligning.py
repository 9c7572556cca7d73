"""A text put to its recording by the draft engine, as somebody types it."""

import json
import zipfile
from pathlib import Path

import numpy as np
from docx import Document as Word

from granite_studio import formats
from granite_studio.store.project import Project

TRUTH = json.loads(
    (Path(__file__).parents[1] / "data" / "sample" / "interview.words.json").read_text("utf-8")
)["words"]
SAID = [word for word in TRUTH if word["end"] < 15]


def script(path):
    """The words of the first fifteen seconds, a line for each speaker's turn."""
    lines, speaker = [], None
    for word in SAID:
        if word["speaker"] != speaker:
            speaker = word["speaker"]
            lines.append(f"{speaker}:")
        lines[-1] += f" {word['w']}"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return path


def late(document):
    """By how many ms the starts of words that were found are wrong."""
    words = list(document.words())
    assert [word.text for word in words] == [word["w"] for word in SAID]
    return [
        abs(word.start - 1000 * said["start"])
        for word, said in zip(words, SAID, strict=True)
        if not word.estimated
    ]


def test_a_script_gets_the_times_of_its_words(command, interview, tmp_path):
    out = tmp_path / "aligned.json"
    text = script(tmp_path / "script.txt")
    code, _, told = command("align", interview, text, "-o", out, "--engine", "draft")
    assert code == 0, told
    document = formats.load(out)
    errors = late(document)
    assert len(errors) > 0.6 * len(SAID)
    assert np.median(errors) < 100
    assert f"of {len(SAID)} words were found" in told
    assert [speaker.name for speaker in document.speakers] == ["HELEN"]


def test_subtitles_that_are_late_come_in_time_with_their_lines(command, interview, tmp_path):
    first = command("align", interview, script(tmp_path / "a.txt"), "-o", tmp_path / "a.srt")
    assert first[0] == 0
    cues = formats.load(tmp_path / "a.srt").cues
    moved = (tmp_path / "a.srt").read_text("utf-8").replace("00:00:", "00:01:")
    (tmp_path / "late.srt").write_text(moved, encoding="utf-8")
    code, _, told = command(
        "align", interview, tmp_path / "late.srt", "-o", tmp_path / "mended.srt"
    )
    assert code == 0, told
    mended = formats.load(tmp_path / "mended.srt").cues
    assert [cue.text for cue in mended] == [cue.text for cue in cues]
    assert all(abs(a.start - b.start) < 300 for a, b in zip(cues, mended, strict=True))


def test_a_project_can_be_made_of_a_text_and_its_recording(command, interview, tmp_path):
    out = tmp_path / "a.gstudio"
    text = script(tmp_path / "a.txt")
    assert command("align", interview, text, "-o", out)[0] == 0
    with Project.open(out, read_only=True) as project:
        assert len(late(project.history.document)) > 0.6 * len(SAID)
        assert project.media_path == interview
    assert command("align", interview, text, "-o", out)[0] == 2


def test_headings_of_a_script_are_left_out_and_counted(command, interview, tmp_path):
    page = Word()
    page.add_heading("The lighthouse", level=0)
    page.add_paragraph("Contents", style="TOC Heading")
    page.add_heading("First part", level=1)
    page.add_heading(" ", level=2)
    page.add_paragraph(" ".join(word["w"] for word in SAID))
    page.save(str(tmp_path / "script.docx"))
    out = tmp_path / "a.json"
    code, _, told = command("align", interview, tmp_path / "script.docx", "-o", out)
    assert code == 0, told
    assert told.endswith("in the sound. Headings left out, which nobody says: 2.\n")
    assert len(late(formats.load(out))) > 0.6 * len(SAID)


def test_a_script_in_another_document_needs_times_as_the_help_says(command, interview, tmp_path):
    path = tmp_path / "script.odt"
    said = "<text:h>The lighthouse</text:h><text:p>Nobody lives there now.</text:p>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("styles.xml", "<styles/>")
        archive.writestr(
            "content.xml",
            f'<a xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{said}</a>',
        )
    code, _, told = command("align", interview, path, "-o", tmp_path / "a.srt")
    assert code == 2
    assert "is text without times" in told
    _, out, _ = command("align", "--help")
    assert "PDF (both without their headings), another transcript that has times" in (
        " ".join(out.split())
    )


def test_a_text_of_something_else_is_told(command, interview, tmp_path):
    text = tmp_path / "other.txt"
    text.write_text("Quarterly figures exceeded expectations throughout.", encoding="utf-8")
    code, _, told = command("align", interview, text, "-o", tmp_path / "a.srt")
    assert code == 1
    assert "another recording" in told


def test_what_cannot_be_aligned_is_one_sentence(command, interview, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("\n \n", encoding="utf-8")
    for arguments, sentence in (
        ((interview, empty, "-o", tmp_path / "a.srt"), "holds no words"),
        ((interview, tmp_path / "none.txt", "-o", tmp_path / "a.srt"), "is not there"),
        ((interview, empty, "-o", tmp_path / "a.nonsense"), "name of a known format"),
    ):
        code, out, told = command("align", *arguments)
        assert (code, out) == (2, "")
        assert sentence in told
    assert not (tmp_path / "a.srt").exists()
