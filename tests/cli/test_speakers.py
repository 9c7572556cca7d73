"""`convert` and `export` with turns: opened by themselves, and put onto words."""

import pytest

from granite_studio import formats
from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.store.project import Project

TURNS = (
    "SPEAKER roof 1 0.400 0.900 <NA> <NA> Anna <NA> <NA>\n"
    "SPEAKER roof 1 1.500 0.900 <NA> <NA> THOMAS <NA> <NA>\n"
)
CTM = "".join(
    f"roof 1 {at} 0.3 {word}\n"
    for at, word in ((0.4, "how"), (0.8, "much?"), (1.6, "a"), (2.0, "lot."), (9.0, "So."))
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "turns.rttm").write_text(TURNS)
    (tmp_path / "words.ctm").write_text(CTM)
    words = tuple(
        Word(n, text, n * 400, n * 400 + 300)
        for n, text in enumerate(["how", "much?", "a", "lot"], start=1)
    )
    document = Document((Segment(20, words, 21),), (Speaker(21, "Thomas"),), next_id=30)
    Project.create(tmp_path / "roof.gstudio", document=document).close()
    return tmp_path


def picture(path):
    document = formats.load(path)
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(segment.speaker), segment.text) for segment in document]


@pytest.mark.parametrize("name", ["a.eaf", "a.TextGrid", "a.json", "a.docx", "a.srt"])
def test_turns_are_converted_and_it_is_said_that_they_have_no_words(command, folder, name):
    code, _, err = command("convert", folder / "turns.rttm", folder / name)
    assert code == 0
    assert "turns without words are written as “…”." in err
    read = formats.load(folder / name)
    if isinstance(read, Document):
        assert [(who, text) for who, text in picture(folder / name)] == [
            ("Anna", "…"),
            ("THOMAS", "…"),
        ]
    else:
        assert [(cue.start, cue.text) for cue in read.cues] == [
            (400, "Anna: …"),
            (1500, "THOMAS: …"),
        ]


def test_turns_come_back_whole_and_without_a_remark(command, folder):
    code, _, err = command("convert", folder / "turns.rttm", folder / "again.rttm")
    assert (code, err) == (0, "")
    again = (folder / "again.rttm").read_text()
    assert again.replace(" recording ", " roof ") == TURNS


def test_words_get_the_speakers_of_turns(command, folder):
    code, _, err = command(
        *("convert", folder / "words.ctm", folder / "a.json", "--speakers", folder / "turns.rttm")
    )
    assert code == 0
    assert err == (
        "granite-studio: Speakers from “turns.rttm”: 4 of 5 words changed theirs. "
        "Words in no turn kept theirs: 1.\n"
    )
    assert picture(folder / "a.json") == [
        ("Anna", "how much?"),
        ("THOMAS", "a lot."),
        (None, "So."),
    ]


def test_subtitles_get_names_and_keep_their_cues(command, folder):
    (folder / "a.srt").write_text(
        "1\n00:00:00,300 --> 00:00:01,300\nhow\nmuch?\n\n"
        "2\n00:00:01,500 --> 00:00:02,600\na lot.\n\n"
    )
    command("convert", folder / "a.srt", folder / "b.srt", "--speakers", folder / "turns.rttm")
    assert [(cue.start, cue.end) for cue in formats.load(folder / "b.srt").cues] == [
        (300, 1300),
        (1500, 2600),
    ]
    assert "Anna: how" in (folder / "b.srt").read_text()


def test_a_project_is_exported_with_them_and_stays_as_it_is(command, folder):
    code, *_ = command(
        *("export", folder / "roof.gstudio", "-o", folder / "a.json"),
        *("--speakers", folder / "turns.rttm"),
    )
    assert code == 0
    assert picture(folder / "a.json") == [("Anna", "how much? a"), ("Thomas", "lot")]
    with Project.open(folder / "roof.gstudio", read_only=True) as project:
        assert len(project.history.document.segments) == 1


def test_a_file_that_tells_of_no_turns_is_refused(command, folder):
    code, _, err = command(
        *("convert", folder / "words.ctm", folder / "a.json", "--speakers", folder / "words.ctm")
    )
    assert code == 2
    assert "“words.ctm” has no SPEAKER line in it; choose an RTTM file." in err
    assert not (folder / "a.json").exists()
