import json

import pytest

from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.store.project import Project

CTM = "a 1 0.0 0.4 who NA lex anna\na 1 0.5 0.4 paid NA lex anna\na 1 1.5 0.5 Tom NA lex tom\n"
RTTM = "SPEAKER a 1 0 0.9 <NA> <NA> anna <NA> <NA>\nSPEAKER a 1 1.5 0.5 <NA> <NA> tom <NA> <NA>\n"
SRT = "1\n00:00:00,000 --> 00:00:00,900\nWho paid?\n\n2\n00:00:01,500 --> 00:00:02,000\nTom.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"ref.ctm": CTM, "ref.rttm": RTTM, "ref.srt": SRT, "ref.txt": "Who paid? Tom.\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    words = (Word(1, "Who", 30, 430), Word(2, "played?", 530, 930), Word(3, "Tom.", 1480, 2000))
    document = Document(
        (Segment(4, words[:2], 6), Segment(5, words[2:], 7)),
        (Speaker(6, "Speaker 1"), Speaker(7, "Speaker 2")),
        next_id=8,
    )
    Project.create(tmp_path / "hyp.gstudio", document=document).close()
    return tmp_path


def test_all_that_both_sides_carry_is_a_row_of_the_table(command, folder):
    code, out, _ = command("evaluate", "hyp.gstudio", "ref.ctm")
    assert code == 0
    assert out.splitlines() == [
        "WER                   33.3 %  1 substituted, 0 missing, 0 added, of 3 words",
        "CER                   25.0 %  1 substituted, 0 missing, 2 added, of 12 characters",
        "cpWER                 33.3 %  Speaker 1 is anna, Speaker 2 is tom",
        "WDER                   0.0 %  0 of 3 words with the wrong speaker",
        "DER                    5.7 %  0.0 s missed, 0.1 s false alarm, 0.0 s confused, of 1.4 s",
        "DER, collar 0.25 s     0.0 %  0.0 s missed, 0.0 s false alarm, 0.0 s confused, of 0.4 s",
        "starts of words        25 ms  mean 25 ms, nine of ten within 30 ms; "
        "within 50 ms 100.0 %, 100 ms 100.0 %, 200 ms 100.0 %, of 2 words",
        "ends of words          15 ms  mean 15 ms, nine of ten within 30 ms; "
        "within 50 ms 100.0 %, 100 ms 100.0 %, 200 ms 100.0 %, of 2 words",
        "missing speech         0.0 s  in 0 places, of 1.4 s of speech",
    ]


def test_json_has_the_same_figures_and_says_what_is_lacking(command, folder):
    code, out, _ = command("evaluate", "hyp.gstudio", "ref.txt", "--json")
    found = json.loads(out)
    assert (code, found["language"], found["unit"]) == (0, "en", "word")
    assert found["words"] == {
        "rate": 1 / 3,
        "total": 3,
        "hits": 2,
        "substitutions": 1,
        "deletions": 0,
        "insertions": 0,
    }
    assert found["diarisation"] is None
    assert "diarisation: ref.txt carries no times of speakers" in found["not_measured"]


def test_speakers_and_times_may_stand_in_files_of_their_own(command, folder):
    code, out, _ = command(
        *("evaluate", "hyp.gstudio", "ref.txt", "--rttm", "ref.rttm", "--words", "ref.ctm"),
        "--json",
    )
    found = json.loads(out)
    assert (code, found["word_times"]["starts"]["median_ms"]) == (0, 25)
    assert found["diarisation"]["false_alarm_ms"] == 50
    assert found["missing_speech"]["speech_ms"] == 1400


@pytest.mark.parametrize("name", ["ref.ctm", "ref.srt", "ref.txt", "ref.stm", "ref.TextGrid"])
def test_a_reference_may_be_any_file_of_words(command, folder, name):
    if not (folder / name).exists():
        command("convert", "ref.ctm", name)
    code, out, _ = command("evaluate", "ref.ctm", name, "--json")
    assert (code, json.loads(out)["words"]["rate"]) == (0, 0)


def test_two_files_of_turns_can_be_compared(command, folder):
    (folder / "hyp.rttm").write_text(RTTM.replace("tom", "anna"))
    code, out, _ = command("evaluate", "hyp.rttm", "ref.rttm")
    assert code == 0
    assert "DER                   35.7 %" in out
    assert "not measured: word errors: ref.rttm carries no words" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("ref.ctm", "nowhere.ctm"),
        ("ref.ctm", "ref.ctm", "--rttm", "ref.ctm"),
        ("ref.ctm", "ref.ctm", "--words", "ref.wav"),
        ("bad.ctm", "ref.ctm"),
        ("ref.ctm", "empty.txt"),
        ("ref.ctm",),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(command, folder, arguments):
    (folder / "bad.ctm").write_text("a 1 0.5\n")
    (folder / "empty.txt").touch()
    code, out, err = command("evaluate", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("granite-studio: ")
