"""`check` and `fix` on files and projects, as somebody types them."""

import csv
import io
import json
from importlib import resources

import pytest

from granite_studio import formats
from granite_studio.core.cues import derive
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.styles import style
from granite_studio.store import places
from granite_studio.store.project import Project
from tests.media.test_shots import film

BAD = """1
00:00:01,000 --> 00:00:01,400
=Yes

2
00:00:03,000 --> 00:00:09,000
When I was finished with the stairs, he asked me to stay.

3
00:00:20,000 --> 00:00:20,500
Far too much text for half a second

4
00:00:20,583 --> 00:00:23,000
The next one.
"""


@pytest.fixture
def srt(tmp_path):
    path = tmp_path / "bad.srt"
    path.write_text(BAD, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path):
    said = "When I was finished with the stairs he asked me to stay"
    words = tuple(
        Word(n, text, 300 * n, 300 * n + 280, 0.9, "draft")
        for n, text in enumerate(said.split(), 1)
    )
    document = Document((Segment(90, words),), next_id=100, language="en")
    path = tmp_path / "a.gstudio"
    Project.create(path, document=document).close()
    return path, document


def test_check_names_cue_rule_reason_and_fix(command, srt):
    code, out, told = command("check", srt, "--style", "netflix-en")
    assert code == 1
    lines = out.splitlines()
    assert lines[0].startswith("00:00:01.000 cue 1, error: Shown for 0.4 s, 0.833 s needed.")
    assert lines[0].endswith("Fix: Shown 0.43 s longer.")
    assert any(line.startswith("00:00:03.000 cue 2, error: A line of 57") for line in lines)
    assert "errors and" in told
    assert told.endswith("in 4 cues, by the style “Netflix, English”.\n")


def test_check_as_json_and_as_a_table(command, srt):
    _, out, _ = command("check", srt, "--json")
    told = json.loads(out)
    assert (told["style"], told["cues"]) == ("general", 4)
    first = told["findings"][0]
    assert (first["cue"], first["rule"], first["start_ms"]) == (1, "min_ms", 1000)
    assert first["fix"] == "Shown 0.60 s longer."
    _, out, _ = command("check", srt, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["rule"] for row in rows] == [found["rule"] for found in told["findings"]]
    assert rows[0]["text"] == "'=Yes"


def test_fix_mends_what_it_can_and_says_what_is_left(command, srt, tmp_path):
    out = tmp_path / "good.vtt"
    code, done, told = command("fix", srt, "-o", out, "--language", "en")
    assert code == 1
    assert len(done.splitlines()) == 2
    assert "2 of 4 cues mended; left are" in told
    first, second, third, fourth = formats.load(out).cues
    assert first.end == 2000
    assert second.text == "When I was finished with the stairs,\nhe asked me to stay."
    assert (third.start, third.end) == (20_000, 20_500)
    assert fourth.text == "The next one."
    assert command("check", out)[0] == 1
    rules = {found["rule"] for found in json.loads(command("check", out, "--json")[1])["findings"]}
    assert "cpl" not in rules


def test_a_good_file_is_done(command, tmp_path):
    path = tmp_path / "good.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:03,000\nGood morning.\n", encoding="utf-8")
    assert command("check", path)[0] == 0
    assert command("fix", path, "-o", tmp_path / "same.srt")[0] == 0
    assert (tmp_path / "same.srt").read_text() == path.read_text()


def test_a_project_is_cut_by_the_style_first(command, project, tmp_path):
    path, document = project
    cues = derive(document, style("vertical"))
    code, out, _ = command("check", path, "--style", "vertical", "--json")
    assert json.loads(out)["cues"] == len(cues) > 1
    assert code in (0, 1)
    assert command("fix", path, "--style", "vertical", "-o", tmp_path / "a.srt")[0] in (0, 1)
    assert [cue.start for cue in formats.load(tmp_path / "a.srt").cues] == [c.start for c in cues]


def test_a_style_of_ones_own_is_a_file(command, srt, tmp_path):
    house = tmp_path / "house.toml"
    styles = resources.files("granite_studio.resources") / "styles"
    text = (styles / "general.toml").read_text("utf-8")
    house.write_text(text.replace('name = "general"', 'name = "house"'), encoding="utf-8")
    assert json.loads(command("check", srt, "--style", house, "--json")[1])["style"] == "house"


def test_a_style_of_ones_own_is_known_by_its_name(command, srt, project, tmp_path):
    text = 'name = "house"\ntitle = "Haus"\nbase = "bbc"\n[cpl]\nvalue = 30\nreason = "So."\n'
    places.styles_dir().mkdir()
    (places.styles_dir() / "a.toml").write_text(text, encoding="utf-8")
    (places.styles_dir() / "b.toml").write_text("nonsense", encoding="utf-8")
    code, out, told = command("check", srt, "--style", "house", "--json")
    assert (code, json.loads(out)["style"]) == (1, "house")
    assert "“b.toml” is left out. The style file cannot be read" in told
    assert command("export", project[0], "-o", tmp_path / "a.srt", "--style", "house")[0] == 0
    assert all(
        len(line) <= 30
        for cue in formats.load(tmp_path / "a.srt").cues
        for line in cue.text.split("\n")
    )
    code, out, _ = command("check", "--styles")
    assert code == 0
    assert {"house Haus", "bbc BBC"} <= {" ".join(line.split()) for line in out.splitlines()}
    assert "b.toml" not in command("check", srt, "--style", "bbc")[2]
    more = tmp_path / "more.toml"
    more.write_text(text.replace("house", "more").replace("bbc", "house"), encoding="utf-8")
    assert json.loads(command("check", srt, "--style", more, "--json")[1])["style"] == "more"


def test_the_report_is_a_page_or_a_table(command, srt, tmp_path):
    page, table = tmp_path / "out.html", tmp_path / "out.csv"
    code, out, _ = command("check", srt, "--report", page, "--json")
    assert code == 1
    assert "A line of 57 characters, 42 allowed." in page.read_text("utf-8")
    command("check", srt, "--report", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert len(rows) == len(json.loads(out)["findings"])
    assert sorted(tmp_path.glob(".granite*")) == []


def test_a_report_that_cannot_be_written_leaves_nothing(command, srt, tmp_path):
    code, out, told = command("check", srt, "--report", tmp_path / "no folder" / "a.html")
    assert (code, out) == (2, "")
    assert "could not be written" in told


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "none.srt"), "is not there"),
        (("check", "bad.srt", "--style", "nonsense"), "There is no subtitle style"),
        (("check", "bad.srt", "--style", "none.toml"), "is not there"),
        (("check", "bad.srt", "--report", "out.pdf"), "use .html or .csv"),
        (("check", "bad.srt", "--report", "."), "“.” is a folder; name a file in it."),
        (("check", "bad.srt", "--report", "folder"), "“folder” is a folder; name a file in it."),
        (("fix", "bad.srt", "-o", "."), "“.” is a folder; name a file in it."),
        (("check", "."), "“.” is a folder; name a file in it."),
        (("shots", "."), "“.” is a folder"),
        (("convert", "bad.srt", "out.docx", "--template", "."), "“.” is a folder"),
        (("return", "none.gstudio", "."), "“.” is a folder"),
        (("fix", "bad.srt", "-o", "out.nonsense"), "does not end in the name of a known format"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    command, srt, tmp_path, monkeypatch, arguments, sentence
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    code, out, told = command(*arguments)
    assert code == 2
    assert sentence in told
    assert out == ""
    assert "Traceback" not in told


def test_cues_are_put_by_the_cuts_of_their_film(command, tmp_path):
    video = film(tmp_path / "film.mp4", {50}, 120)
    listed = tmp_path / "film.shots"
    assert command("shots", video, "-o", listed)[0] == 0
    assert listed.read_text() == "# 25 frames a second\n2.000\n"
    assert command("shots", video)[1] == listed.read_text()
    path, out = tmp_path / "a.srt", tmp_path / "b.srt"
    path.write_text(
        "1\n00:00:00,500 --> 00:00:01,900\nGood morning.\n\n"
        "2\n00:00:02,080 --> 00:00:04,000\n<i>Thank you.</i>\n",
        encoding="utf-8",
    )
    code, said, _ = command("check", path, "--shots", listed, "--style", "netflix-en")
    assert code == 1
    assert "cue 2, warning: Begins 2 frames after a shot change." in said
    assert "Fix: By the shot change it begins 0.08 s earlier." in said
    assert command("check", path, "--shots", listed)[0] == 1
    assert "shot change" not in command("check", path, "--shots", listed)[1]
    code, _, told = command("fix", path, "-o", out, "--shots", listed, "--style", "netflix-en")
    assert code == 0, told
    assert "1 of 2 cues mended" in told
    assert command("check", out, "--shots", listed, "--style", "netflix-en")[0] == 0
    assert [(cue.start, cue.end) for cue in formats.load(out).cues] == [(500, 1900), (2000, 4000)]


@pytest.mark.parametrize(("rate", "second"), [("25", "03,080"), ("30", "03,067")])
def test_two_frames_are_gap_enough_where_the_rate_is_known(command, tmp_path, rate, second):
    path, listed, out = (tmp_path / name for name in ("a.srt", "a.shots", "b.srt"))
    path.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nGood morning.\n\n"
        f"2\n00:00:{second} --> 00:00:05,000\nThank you.\n",
        encoding="utf-8",
    )
    listed.write_text(f"# {rate} frames a second\n20.000\n", encoding="utf-8")
    asked = ("check", path, "--style", "netflix-en")
    assert "needed. Two frames at 24 a second" in command(*asked)[1]
    assert command(*asked, "--shots", listed)[:2] == (0, "")
    assert command(*asked, "--frame-rate", rate)[:2] == (0, "")
    assert "Only" in command(*asked, "--shots", listed, "--frame-rate", "24")[1]
    told = command("fix", path, "-o", out, "--style", "netflix-en", "--frame-rate", "24")[2]
    assert "1 of 2 cues mended" in told
    assert formats.load(out).cues[0].end == 2958


def test_a_film_that_is_none_is_one_sentence(command, srt, tmp_path):
    code, out, told = command("shots", srt)
    assert (code, out) == (2, "")
    assert "is a text (SubRip subtitles) and not a recording" in told
    assert command("fix", srt, "-o", tmp_path / "a.srt", "--shots", srt)[0] == 2
