"""`cut` on projects, transcripts and subtitles, as somebody types it."""

import json
from dataclasses import replace

import pytest

from granite_studio import formats
from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, EngineUse, Segment, Span, Word
from granite_studio.core.shots import Film
from granite_studio.core.styles import style
from granite_studio.core.translation import translated
from granite_studio.store.project import Project

SAID = (
    "When I was finished with the stairs he asked me to stay. There was nobody else in the "
    "house, and the wind had blown all night long."
)
WORDS = tuple(
    Word(n, text, 300 * n, 300 * n + 280, 0.9, "draft") for n, text in enumerate(SAID.split(), 1)
)
PLAIN = Document(
    (Segment(90, WORDS),), engines=(EngineUse("Draft", draft=True),), next_id=100, language="en"
)
BY_HAND = replace(PLAIN, cue_overrides=(CueOverride(1, 3, 100, 2900, settings="line:0"),))


@pytest.fixture
def project(tmp_path):
    def make(document):
        path = tmp_path / "a.gstudio"
        Project.create(path, document=document).close()
        return path

    return make


def times(cues):
    return [(cue.start, cue.end) for cue in cues]


def test_a_project_is_cut_in_the_style_and_what_is_left_is_counted(command, project, tmp_path):
    code, out, told = command(
        "cut", project(PLAIN), "--style", "vertical", "-o", tmp_path / "a.srt"
    )
    expected = derive(PLAIN, style("vertical"))
    assert (code, out) == (0, "")
    assert times(formats.load(tmp_path / "a.srt").cues) == times(expected)
    assert told.startswith("granite-studio: ")
    assert f"warnings in {len(expected)} cues, by the style “" in told


def test_a_cue_made_by_hand_stays_unless_all_is_cut_anew(command, project, tmp_path):
    path, out = project(BY_HAND), tmp_path / "a.vtt"
    code, _, told = command("cut", path, "-o", out)
    assert code == 0
    assert "kept as made by hand: 1 of 3 cues, 1 against the style; --anew cuts" in told
    first = formats.load(out).cues[0]
    assert (first.start, first.end, first.settings) == (100, 2900, "line:0")
    code, _, told = command("cut", path, "-o", out, "--anew", "--overwrite")
    assert code == 0
    assert "with the cues made by hand go 1 place on the screen." in told
    assert "kept" not in told
    assert times(formats.load(out).cues) == times(derive(PLAIN, style()))


def test_a_transcript_is_cut_by_the_cuts_of_the_film(command, tmp_path):
    source, shots, out = (tmp_path / name for name in ("a.json", "a.shots", "a.srt"))
    formats.save(source, formats.Content(document=PLAIN))
    shots.write_text("# 25 frames a second\n2.300\n", encoding="utf-8")
    assert command("cut", source, "--shots", shots, "-o", out, "--style", "netflix-en")[0] == 0
    film = Film.of([2300], 25)
    by_film = derive(PLAIN, style("netflix-en").at(film.rate), film)
    assert times(formats.load(out).cues) == times(by_film)
    assert times(by_film) != times(derive(PLAIN, style("netflix-en")))


@pytest.mark.parametrize("rate", ["25", "30"])
def test_a_file_that_counts_frames_is_cut_by_them(command, project, tmp_path, rate):
    words = [Word(n, text, 970 * n, 970 * n + 730) for n, text in enumerate(SAID.split(), 1)]
    out = tmp_path / "a.stl"
    asked = ("-o", out, "--style", "netflix-en", "--frame-rate", rate)
    path = project(replace(PLAIN, segments=(Segment(90, tuple(words)),)))
    told = command("cut", path, *asked)[2]
    assert "0 errors and 0 warnings" in told
    assert command("check", out, "--style", "netflix-en")[:2] == (0, "")


def test_fix_cuts_a_project_by_the_same_cuts(command, project, tmp_path):
    shots, out = tmp_path / "a.shots", tmp_path / "a.srt"
    shots.write_text("# 25 frames a second\n2.300\n", encoding="utf-8")
    code, _, told = command("fix", project(PLAIN), "--shots", shots, "-o", out)
    assert code in (0, 1), told
    texts = [cue.text for cue in formats.load(out).cues]
    assert texts == [cue.text for cue in derive(PLAIN, style(), Film.of([2300], 25))]


def test_a_translation_is_cut_in_place_of_the_original(command, project, tmp_path):
    both = edits.set_translation(PLAIN, 90, "fr", "Il m'a demandé de rester.")
    path, out = project(both), tmp_path / "a.srt"
    for option in ("--language", "--translation"):
        assert command("cut", path, option, "fr", "-o", out, "--overwrite")[0] == 0
        assert times(formats.load(out).cues) == times(derive(translated(both, "fr"), style()))
    assert command("cut", path, "--language", "en", "-o", out, "--overwrite")[0] == 0
    assert formats.load(out).cues[0].text.startswith("When I was")
    code, _, told = command("cut", path, "--language", "de", "-o", tmp_path / "none.srt")
    assert (code, told.count("\n")) == (2, 1)
    assert "Nothing was translated to German" in told
    assert not (tmp_path / "none.srt").exists()


def test_subtitles_are_cut_only_when_that_is_asked_for(command, tmp_path):
    source, out = tmp_path / "a.srt", tmp_path / "b.srt"
    source.write_text(f"1\n00:00:01,000 --> 00:00:11,000\n{SAID}\n", encoding="utf-8")
    code, _, told = command("cut", source, "-o", out)
    assert (code, out.exists()) == (2, False)
    assert "“a.srt” is cut into cues already; add --anew" in told
    assert command("cut", source, "-o", out, "--anew", "--language", "en")[0] == 0
    cues = formats.load(out).cues
    assert len(cues) > 1
    assert " ".join(cue.text.replace("\n", " ") for cue in cues) == SAID


def test_it_goes_to_standard_output_and_says_what_the_format_cannot_hold(command, project):
    path = project(replace(BY_HAND, untranscribed=(Span(40_000, 55_000),)))
    code, out, told = command("cut", path, "-o", "-", "--format", "sbv")
    assert code == 0
    assert out.startswith("0:00:00.100,0:00:02.900\n")
    draft = "the remark that this is a draft"
    lost = f"1 cue's place, {draft} and the marks on speech without text (0:15)"
    assert f"Not in YouTube subtitles (SBV): {lost}." in told
    code, out, told = command("cut", path, "-o", "-", "--to", "srt", "--mark-gaps")
    assert "00:00:40,000 --> 00:00:55,000\n[speech not transcribed]\n" in out
    assert f"Not in SubRip subtitles: {draft}." in told
    code, out, told = command("cut", path, "-o", "-")
    assert (code, out) == (2, "")
    assert "Say with --to" in told


def test_a_draft_says_so_and_a_table_for_word_has_the_same_cues(command, project, tmp_path):
    path = project(BY_HAND)
    command("cut", path, "-o", tmp_path / "a.vtt")
    assert "NOTE Draft: " in (tmp_path / "a.vtt").read_text("utf-8")
    out = tmp_path / "a.docx"
    assert command("cut", path, "-o", out, "--anew", "--layout", "script-cues")[0] == 0
    assert out.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.gstudio", "-o", "a.srt"), "none.gstudio"),
        (("a.json", "-o", "a.nonsense"), "does not end in the name of a known format"),
        (("a.json", "-o", "a.srt", "--style", "nonsense"), "There is no subtitle style"),
        (("a.json", "-o", "a.srt", "--shots", "a.json"), "is no time in seconds"),
        (("a.json",), "-o"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    formats.save(tmp_path / "a.json", formats.Content(document=PLAIN))
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))
    code, out, told = command("cut", *arguments)
    assert (code, out, told.count("\n")) == (2, "", 1)
    assert sentence in told
    assert not (tmp_path / "a.srt").exists()


@pytest.mark.parametrize("name", ["a.srt", "a.scc", "a.stl"])
def test_cues_are_derived_once_for_all_that_is_done_with_them(
    command, tmp_path, monkeypatch, name
):
    made = []

    def derived(*given):
        made.append(derive(*given))
        return made[-1]

    source, project = tmp_path / "talk.srt", tmp_path / "a.gstudio"
    source.write_text("1\n00:00:01,000 --> 00:00:03,000\nThe harbour is old.\n")
    command("convert", source, project)
    monkeypatch.setattr("granite_studio.formats.base.derive", derived)

    code, _, told = command("cut", "--anew", project, "-o", tmp_path / name)

    assert code == 0
    assert "in 1 cues" in told
    assert len(made) == 1
