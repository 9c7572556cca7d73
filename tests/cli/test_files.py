import json

import pytest

from granite_studio import formats
from granite_studio.core.document import Document, EngineUse, Media, Segment, Speaker, Word
from granite_studio.store.project import Project

SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Good</i> morning\nRaven Point\n\n"


@pytest.fixture
def project(tmp_path):
    words = tuple(
        Word(n, text, n * 400, n * 400 + 300)
        for n, text in enumerate(
            ["the", "roof", "will", "cost", "sixty", "thousand", "dollars"], start=1
        )
    )
    document = Document(
        segments=(Segment(20, words, 21),),
        speakers=(Speaker(21, "Thomas"),),
        media=Media("roof.wav", 9000),
        engines=(EngineUse("Draft (PocketSphinx, English)", "5.1", draft=True),),
        next_id=30,
    )
    path = tmp_path / "roof.gstudio"
    Project.create(path, document=document).close()
    return path


def test_a_project_is_exported_in_several_formats_at_once(command, project, tmp_path):
    code, *_ = command(
        "export", project, "-o", tmp_path / "r.srt", "-o", tmp_path / "r.txt", "--style", "bbc"
    )
    assert code == 0
    assert "sixty thousand dollars" in (tmp_path / "r.txt").read_text()
    assert formats.load(tmp_path / "r.srt").cues[0].start == 400


def test_captions_are_converted_without_being_cut_anew(command, tmp_path):
    (tmp_path / "a.srt").write_text(SRT)
    code, *_ = command("convert", tmp_path / "a.srt", tmp_path / "a.vtt")
    assert code == 0
    [cue] = formats.load(tmp_path / "a.vtt").cues
    assert (cue.start, cue.end) == (1000, 2500)
    assert cue.text == "<i>Good</i> morning\nRaven Point"


def test_a_conversion_can_go_to_standard_output(command, tmp_path):
    (tmp_path / "a.srt").write_text(SRT)
    code, out, _ = command("convert", tmp_path / "a.srt", "-", "--to", "vtt")
    assert code == 0
    assert out.startswith("WEBVTT")


def test_info_tells_what_a_recording_and_a_project_hold(command, project, interview):
    code, out, _ = command("info", interview, "--json")
    facts = json.loads(out)
    assert (code, facts["duration_ms"], facts["tracks"][0]["rate"]) == (0, 15_000, 16_000)
    code, out, _ = command("info", project, "--json")
    facts = json.loads(out)
    assert (code, facts["words"], facts["speakers"]) == (0, 7, ["Thomas"])
    code, out, _ = command("info", project)
    assert "Thomas" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "nowhere.gstudio", "-o", "a.srt"),
        ("export", "text.gstudio", "-o", "a.srt"),
        ("convert", "nowhere.srt", "a.vtt"),
        ("convert", "text.srt", "a.nothing"),
        ("convert", "text.srt", "-"),
        ("convert", "text.docx", "a.vtt"),
        ("info", "nowhere.wav"),
        ("info", "text.txt"),
        ("models", "--colour"),
        (),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    for name in ("text.gstudio", "text.txt", "text.docx"):
        (tmp_path / name).write_text("just some text\n")
    (tmp_path / "text.srt").write_text(SRT)
    code, out, err = command(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("granite-studio: ")
    assert not (tmp_path / "a.vtt").exists()
    assert not (tmp_path / "a.srt").exists()


def test_the_help_of_convert_names_every_format(command):
    code, out, _ = command("convert", "--help")
    told = " ".join(out.split())
    assert code == 0
    for known in formats.FORMATS.values():
        assert f"{known.name} ({' '.join(known.extensions)})" in told


def test_doctor_finds_this_installation_whole(command):
    code, out, _ = command("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)}
    assert {
        "Qt",
        "Decoder",
        "Draft engine",
        "Device",
        "Granite engines",
        "Models",
        "Keys",
    } <= checks.keys()
    assert {check["name"]: check["cure"] for check in checks.values() if check["cure"]} == {}
    assert code == 0
    assert "torch" in checks["Device"]["found"]


def test_what_a_format_cannot_hold_is_said_before_it_is_written(command, tmp_path):
    source, target = tmp_path / "a.vtt", tmp_path / "a.srt"
    source.write_text("WEBVTT\n\nNOTE Check.\n\n00:01.000 --> 00:02.000\nYes.\n", "utf-8")
    code, _, told = command("convert", source, target)
    assert code == 0
    assert told == "granite-studio: Not in SubRip subtitles: 1 note.\n"
    assert command("convert", source, tmp_path / "b.vtt")[2] == ""


def test_the_format_can_be_named_where_the_file_does_not_tell_it(command, tmp_path):
    source, target = tmp_path / "a.srt", tmp_path / "a.text"
    source.write_text("1\n00:00:01,000 --> 00:00:02,000\nYes.\n", "utf-8")
    assert command("convert", source, target)[0] == 2
    assert command("convert", source, target, "--to", "vtt")[0] == 0
    assert target.read_text().startswith("WEBVTT")


def test_subtitles_become_a_project_that_the_window_opens(command, tmp_path):
    (tmp_path / "a.srt").write_text(SRT)
    code, out, err = command("convert", tmp_path / "a.srt", tmp_path / "a.gstudio")
    assert (code, out, err) == (0, "", "")
    with Project.open(tmp_path / "a.gstudio", read_only=True) as made:
        document = made.history.document
    assert [word.text for word in document.words()] == ["Good", "morning", "Raven", "Point"]
    assert (document.cue_overrides[0].start, document.cue_overrides[0].end) == (1000, 2500)
    code, out, err = command("convert", tmp_path / "a.srt", tmp_path / "a.gstudio")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "is there already" in err


def test_a_project_says_what_it_cannot_hold_of_subtitles(command, tmp_path):
    (tmp_path / "a.vtt").write_text("WEBVTT\n\nNOTE hello\n\n00:01.000 --> 00:02.000\nYes.\n")
    code, _, err = command("convert", tmp_path / "a.vtt", tmp_path / "a.gstudio")
    assert (code, err) == (0, "granite-studio: Not in Granite Studio project: 1 note.\n")


def test_commands_that_make_no_project_say_which_do(command, project, tmp_path):
    code, out, err = command("export", project, "-o", tmp_path / "b.gstudio")
    assert (code, out) == (2, "")
    assert err == (
        "granite-studio: “b.gstudio” would be a project, which granite-studio transcribe makes of "
        "a recording, align of a recording and its text, and convert of a text.\n"
    )
    code, out, err = command("convert", project, tmp_path / "b.srt")
    assert (code, out) == (2, "")
    assert "is a project; granite-studio export writes it in other formats." in err


TEXTS = {
    "a.srt": "a text (SubRip subtitles)",
    "a.pdf": "a text (PDF)",
    "a.docx": "a text (Word document)",
    "a.rttm": "who speaks when (RTTM speaker turns)",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "arguments",
    [
        ("info", "{text}"),
        ("transcribe", "{text}", "-o", "b.srt"),
        ("align", "{text}", "{text}", "-o", "b.srt"),
        ("shots", "{text}"),
        ("burn", "{text}", "a.srt", "-o", "b.mp4"),
        ("export", "{text}", "-o", "b.srt"),
        ("translate", "{text}", "--to", "fr"),
    ],
)
def test_a_text_in_place_of_a_recording_is_told_where_it_goes(
    command, tmp_path, monkeypatch, name, arguments
):
    monkeypatch.chdir(tmp_path)
    for each in TEXTS:
        (tmp_path / each).write_text(SRT)
    code, out, err = command(*(argument.format(text=name) for argument in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"“{name}” " in err
    assert TEXTS[name] in err
    assert "damaged" not in err


def test_a_conversion_takes_the_language_of_an_old_file(command, tmp_path):
    path = tmp_path / "a.srt"
    path.write_bytes(SRT.replace("Good", "ｱﾘｶﾞﾄｳ").encode("cp932"))
    assert command("convert", path, tmp_path / "a.vtt", "--language", "ja")[0] == 0
    assert "ｱﾘｶﾞﾄｳ" in (tmp_path / "a.vtt").read_text(encoding="utf-8")
