import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import resources

import numpy as np
import pytest
import soundfile
from docx import Document as WordFile

from granite_studio import formats
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document
from granite_studio.store.project import Project

RATE = 16_000


def test_one_run_writes_every_format(command, interview, tmp_path):
    names = ("a.gstudio", "a.srt", "a.vtt", "a.docx", "a.txt", "a.json")
    outputs = [part for name in names for part in ("-o", tmp_path / name)]
    code, out, err = command("transcribe", interview, *outputs, "--json")
    assert code == 0
    assert err == (
        "granite-studio: Not in SubRip subtitles: 1 speaker's name and the remark that this is a "
        "draft. Names get into the text with --speaker-names.\n"
    )
    summary = json.loads(out)
    assert summary["draft"] is True
    assert summary["words"] > 25
    assert summary["findings"] == []
    document = formats.load(tmp_path / "a.json")
    assert isinstance(document, Document)
    assert document.is_draft
    assert document.media.name == "interview.wav"
    srt = formats.load(tmp_path / "a.srt")
    assert isinstance(srt, Captions)
    assert "good morning" in srt.cues[0].text
    assert b"NOTE Draft" in (tmp_path / "a.vtt").read_bytes()
    text = "\n".join(p.text for p in WordFile(str(tmp_path / "a.docx")).paragraphs)
    assert "Draft" in text
    assert "lighthouse" in text
    with Project.open(tmp_path / "a.gstudio", read_only=True) as project:
        assert project.media_path == interview
        assert [s.text for s in project.history.document] == [s.text for s in document]


def test_the_same_run_once_more_hears_nothing_again(command, interview, tmp_path):
    first, *_ = command("transcribe", interview, "-o", tmp_path / "a.srt")
    code, out, _ = command("transcribe", interview, "-o", tmp_path / "b.srt", "--json")
    assert (first, code) == (0, 0)
    assert json.loads(out)["heard_ms"] == 0
    one, other = formats.load(tmp_path / "a.srt"), formats.load(tmp_path / "b.srt")
    assert [(c.start, c.end, c.text) for c in one.cues] == [
        (c.start, c.end, c.text) for c in other.cues
    ]


def test_a_killed_run_resumes_to_the_text_of_an_uninterrupted_one(command, interview, tmp_path):
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    media = tmp_path / "minute.wav"
    soundfile.write(media, sound[: 60 * RATE], RATE)
    project = tmp_path / "killed.gstudio"
    child = subprocess.Popen(
        [sys.executable, "-m", "granite_studio", "transcribe", media, "-o", project],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _has_words(project):
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    with Project.open(project, read_only=True) as found:
        assert len(found.results()) > 0
    code, out, _ = command("transcribe", media, "-o", project, "-o", tmp_path / "a.srt", "--json")
    assert code == 0
    assert 0 < json.loads(out)["heard_ms"] < 55_000
    command("transcribe", media, "-o", tmp_path / "b.srt")
    assert (tmp_path / "a.srt").read_bytes() == (tmp_path / "b.srt").read_bytes()


def _has_words(path):
    if not path.exists():
        return False
    with Project.open(path, read_only=True) as project:
        return bool(project.history.document.segments)


def test_a_span_gives_the_words_of_that_span_alone(command, interview, tmp_path):
    code, *_ = command(
        "transcribe", interview, "-o", tmp_path / "a.json", "--start", "8", "--end", "0:15"
    )
    document = formats.load(tmp_path / "a.json")
    assert code == 0
    assert all(8000 <= word.start <= word.end <= 15_000 for word in document.words())
    assert "thomas" in " ".join(word.text for word in document.words())


def test_standard_output_takes_one_format_and_nothing_else(command, interview):
    code, out, _ = command("transcribe", interview, "-o", "-", "--format", "vtt")
    assert code == 0
    assert out.startswith("WEBVTT")


def test_several_recordings_go_to_a_folder(command, interview, tmp_path):
    second = tmp_path / "second.wav"
    second.write_bytes(interview.read_bytes())
    folder = tmp_path / "out"
    folder.mkdir()
    code, *_ = command("transcribe", interview, second, "--format", "srt,docx", "-d", folder)
    assert code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "interview.docx",
        "interview.srt",
        "second.docx",
        "second.srt",
    ]
    code, _, err = command("transcribe", interview, "--format", "srt", "-d", folder)
    assert code == 2
    assert "exists already; add --overwrite" in err


def test_silence_writes_empty_files_and_says_so(command, tmp_path):
    media = tmp_path / "silence.wav"
    soundfile.write(media, np.zeros(6 * RATE, dtype=np.int16), RATE)
    code, _, err = command("transcribe", media, "-o", tmp_path / "a.srt")
    assert code == 1
    assert "No speech was found" in err
    assert formats.load(tmp_path / "a.srt").cues == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.wav", "-o", "a.srt"), "nowhere.wav"),
        (("IT", "-o", "a.xyz"), "does not end in the name of a known format"),
        (("IT", "-o", "nowhere/a.srt"), "is not a folder"),
        (("IT",), "Say where the transcript goes"),
        (("IT", "IT", "-o", "a.srt"), "-o takes one recording"),
        (("IT", "-o", "a.srt", "--language", "de"), "Granite Speech.* needs its model"),
        (("IT", "-o", "a.srt", "--language", "de", "--engine", "draft"), "cannot hear German"),
        (("IT", "-o", "a.srt", "--engine", "granite-plus"), "models download granite-plus"),
        (("IT", "-o", "a.srt", "--engine", "vosk"), "There is no engine named"),
        (("IT", "-o", "a.srt", "--model", "folder"), "neither a model folder nor"),
        (("IT", "-o", "a.srt", "--engine", "draft", "--model", "x"), "brings its own model"),
        (("IT", "-o", "a.srt", "--start", "90"), "nothing to hear from 90 s"),
        (("IT", "-o", "a.srt", "--style", "mine"), "mine"),
        (("IT", "-o", "a.srt", "--timecodes", "hourly"), "--timecodes is paragraph, minutes:N"),
        (("IT", "-o", "IT"), "does not end in the name of a known format|recording itself"),
        (("text.wav", "-o", "a.srt"), "text.wav"),
        (("IT", "-o", "other.gstudio"), "belongs to another recording"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_no_file(
    command, interview, tmp_path, monkeypatch, arguments, sentence
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.wav").write_text("not sound at all\n")
    Project.create(tmp_path / "other.gstudio", document=Document()).close()
    code, out, err = command(
        "transcribe", *(interview if part == "IT" else part for part in arguments)
    )
    assert code == 2
    assert err.count("\n") == 1
    assert re.search(sentence, err)
    assert out == ""
    assert not (tmp_path / "a.srt").exists()


def test_ctrl_c_leaves_what_is_needed_to_resume(tmp_path):
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        media = folder / "interview.flac"
        project = tmp_path / "a.gstudio"
        child = subprocess.Popen(
            [sys.executable, "-m", "granite_studio", "transcribe", media, "-o", project],
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not _has_words(project):
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=10)
    assert child.returncode == 130
    assert err == "Stopped. Run the same command again to go on from here.\n"
    with Project.open(project) as found:
        assert not found.is_read_only
        assert found.results()
