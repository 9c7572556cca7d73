"""Names of speakers in subtitles: written where they were promised, and counted where shown."""

import re
from dataclasses import replace

import pytest

from granite_studio import formats
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import plain
from granite_studio.core.document import CueOverride, Document, Segment, Span, Speaker, Word
from granite_studio.formats import FORMATS, Content, Kind
from granite_studio.store.project import Project

IN_TEXT = ("fcpxml", "fcpxml-titles", "itt", "sbv", "scc", "srt", "stl")
APART = ("ass", "csv", "ebu-tt-d", "otio", "premiere", "resolve", "ttml", "tsv", "vtt")
FOR_CUTTERS = ("edl",)
"""Names are in its remarks, which no viewer reads and no style measures."""
TO_THE_MS = ("srt", "sbv", "vtt", "ttml", "ebu-tt-d", "csv", "tsv")
STYLES = ("netflix-en", "bbc", "general", "vertical")
SAID = "In the year of the storm a seven year plan was made to rebuild the wall by the harbour."
COUNTS = re.compile(r"([0-9]+) errors? and ([0-9]+) warnings? in ([0-9]+) cues")


def interview() -> Document:
    """Two people speak in turn, quickly enough that some cues break a rule in every style."""
    texts = [SAID.split() for _ in range(6)]
    segments, count = [], 0
    for turn, said in enumerate(texts):
        words = []
        for text in said:
            count += 1
            start = 240 * count + 400 * turn
            words.append(Word(count, text, start, start + 170))
        segments.append(Segment(900 + turn, tuple(words), 950 + turn % 2))
    speakers = (Speaker(950, "Bartholomew"), Speaker(951, "Rose & Tom"))
    by_hand = CueOverride(1, 9, breaks=(4,))
    return Document(
        tuple(segments), speakers=speakers, cue_overrides=(by_hand,), next_id=1000, language="en"
    )


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "wall.gstudio"
    Project.create(path, document=interview()).close()
    return path


def counts(told):
    return COUNTS.search(told).groups()


def target(tmp_path, name):
    return tmp_path / f"cut{FORMATS[name].extensions[0]}"


def checked(command, path, style):
    _, _, told = command("check", path, "--style", style)
    return counts(told)


@pytest.mark.parametrize("guide", STYLES)
@pytest.mark.parametrize("name", TO_THE_MS)
def test_the_file_has_as_many_faults_as_the_cut_said(command, project, tmp_path, name, guide):
    out = target(tmp_path, name)
    _, _, told = command("cut", project, "--style", guide, "-o", out)
    assert counts(told) == checked(command, out, guide)


@pytest.mark.parametrize("name", [name for name in TO_THE_MS if name in IN_TEXT])
@pytest.mark.parametrize("task", ["cut", "fix"])
def test_names_that_are_asked_for_are_counted(command, project, tmp_path, name, task):
    out = target(tmp_path, name)
    asked = (task, project, "--style", "netflix-en", "-o", out)
    _, _, bare = command(*asked)
    _, _, told = command(*asked, "--speaker-names", "--overwrite")
    assert b"Bartholomew: " in out.read_bytes()
    assert counts(told) == checked(command, out, "netflix-en")
    assert int(counts(told)[0]) > int(counts(bare)[0])
    assert "Names, which the cut did not count, make lines longer." in told
    assert "make lines longer" not in bare


def test_a_fix_promises_what_its_file_shows(command, project, tmp_path):
    srt, vtt = tmp_path / "a.srt", tmp_path / "a.vtt"
    _, _, told = command("fix", project, "--style", "netflix-en", "-o", srt)
    assert counts(told) == checked(command, srt, "netflix-en")
    assert "2 speakers' names" in told
    command("cut", project, "--style", "netflix-en", "-o", vtt)
    _, _, told = command("fix", vtt, "--style", "netflix-en", "-o", srt, "--overwrite")
    assert "Bartholomew: " in srt.read_text("utf-8")
    assert counts(told) == checked(command, srt, "netflix-en")


@pytest.mark.parametrize("options", [(), ("--no-speakers",)])
@pytest.mark.parametrize("task", ["cut", "export", "fix"])
def test_without_being_asked_names_are_no_text_and_it_is_told(
    command, project, tmp_path, task, options
):
    out = tmp_path / "a.srt"
    _, _, told = command(task, project, "-o", out, *options)
    assert "Bartholomew" not in out.read_text("utf-8")
    by_default = "2 speakers' names" in told
    assert by_default is ("--speaker-names" in told) is not options


@pytest.mark.parametrize("task", ["cut", "export", "fix"])
def test_a_format_with_a_place_for_names_has_them_unless_they_are_not_wanted(
    command, project, tmp_path, task
):
    out = tmp_path / "a.vtt"
    _, _, told = command(task, project, "-o", out)
    assert "<v Rose &amp; Tom>" in out.read_text("utf-8")
    assert "speakers' names" not in told
    command(task, project, "-o", out, "--no-speakers", "--overwrite")
    assert "Rose" not in out.read_text("utf-8")


def test_both_wishes_at_once_are_refused(command, project, tmp_path):
    code, _, told = command(
        "cut", project, "-o", tmp_path / "a.srt", "--speaker-names", "--no-speakers"
    )
    assert code == 2
    assert "not allowed with argument" in told


def test_every_format_of_cues_is_known_to_have_names_in_its_text_or_apart_from_it():
    cues = {name for name, known in FORMATS.items() if known.kind is Kind.CAPTIONS}
    assert {*IN_TEXT, *APART, *FOR_CUTTERS} == cues
    assert {name for name in cues if FORMATS[name].names_in_text} == {*IN_TEXT}


@pytest.mark.parametrize("name", [*IN_TEXT, *APART])
def test_a_name_is_in_the_text_only_where_it_was_asked_for(name):
    known = FORMATS[name]

    def shown(asked):
        content = Content(document=interview(), speaker_names=asked)
        read = known.read(formats.Source(known.dump(content), f"a{known.extensions[0]}"))
        return [plain(cue.text) for cue in read.cues]

    named = any(text.startswith("Bartholomew: ") for text in shown(True))
    assert named is known.names_in_text
    assert not any("Bartholomew" in text for text in shown(None))
    assert not any("Bartholomew" in text for text in shown(False))


def test_what_viewers_read_of_a_voice_is_its_name_in_formats_without_voices():
    captions = Captions(
        (Caption(0, 900, "<v.loud A &amp; B>Yes <i>so</i>,\n</v><v Tom>no."), Caption(0, 9, "a"))
    )
    shown, apart = (FORMATS[name].cues(Content(captions=captions)) for name in ("srt", "vtt"))
    assert [cue.lines for cue in shown] == [("A & B: Yes so,", "Tom: no."), ("a",)]
    assert [cue.lines for cue in apart] == [("Yes so,", "no."), ("a",)]


def test_turns_by_a_file_of_speakers_are_named_and_need_not_be(command, project, tmp_path):
    (tmp_path / "turns.rttm").write_text("SPEAKER roof 1 0.0 9.0 <NA> <NA> Ada <NA> <NA>\n")
    asked = ("export", project, "-o", tmp_path / "a.srt", "--speakers", tmp_path / "turns.rttm")
    command(*asked)
    assert "Ada: " in (tmp_path / "a.srt").read_text("utf-8")
    command(*asked, "--no-speakers", "--overwrite")
    assert "Ada: " not in (tmp_path / "a.srt").read_text("utf-8")


def test_speech_without_text_that_is_shown_is_counted_among_the_cues():
    document = replace(interview(), untranscribed=(Span(60_000, 70_000),))
    content = Content(document=document, mark_gaps=True)
    cues = FORMATS["srt"].cues(content)
    assert cues[-1].lines == ("[speech not transcribed]",)
    assert len(cues) == len(content.as_cues()) + 1


def test_names_are_mended_with_the_rest(command, project, tmp_path):
    out, again = tmp_path / "a.srt", tmp_path / "b.srt"
    asked = ("--style", "netflix-en", "-o")
    command("cut", project, *asked, tmp_path / "cut.srt", "--speaker-names")
    before = checked(command, tmp_path / "cut.srt", "netflix-en")
    _, _, told = command("fix", project, *asked, out, "--speaker-names")
    _, _, nothing = command("fix", out, *asked, again)
    assert counts(told) == checked(command, out, "netflix-en") < before
    assert "granite-studio: 0 of " in nothing
    assert out.read_bytes() == again.read_bytes()
