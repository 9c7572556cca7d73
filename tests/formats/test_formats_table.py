"""The table of formats, and the way from a path to a file and back."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from granite_studio import formats
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, EngineUse, Segment, Word
from granite_studio.core.errors import FormatError
from granite_studio.formats import (
    FORMATS,
    Content,
    Kind,
    by_extension,
    by_name,
    load,
    safe_name,
    save,
)

CAPTIONS = Captions((Caption(5000, 6000, "Hello"),))
FRAME_MS = 1000 / 24
DOCUMENT = Document((Segment(1, (Word(2, "Hello.", 0, 900),)),), next_id=3)


def test_names_and_extensions_are_unique() -> None:
    extensions = [e for known in formats.FORMATS.values() for e in known.extensions]

    assert len(set(extensions)) == len(extensions)
    assert list(formats.FORMATS) == [
        *("srt", "vtt", "docx", "odt", "txt", "md", "html", "json"),
        *("ctm", "stm", "textgrid", "rttm"),
        *(
            "ass",
            "sbv",
            "ttml",
            "ebu-tt-d",
            "itt",
            "stl",
            "scc",
            "csv",
            "tsv",
            "premiere",
            "resolve",
            "edl",
        ),
        *("fcpxml", "fcpxml-titles", "otio", "eaf", "otr"),
    ]
    assert all(name == known.name for name, known in formats.FORMATS.items())


@pytest.mark.parametrize("name", list(formats.FORMATS))
@pytest.mark.parametrize("content", [Content(captions=CAPTIONS), Content(document=DOCUMENT)])
def test_every_format_takes_both_families(name: str, content: Content) -> None:
    assert formats.dump(name, content)
    assert formats.dump(name, Content(document=Document())) is not None


@pytest.mark.parametrize("name", [n for n, known in formats.FORMATS.items() if known.read])
def test_what_is_saved_is_loaded(name: str, tmp_path: Path) -> None:
    known = by_name(name)
    path = tmp_path / f"A film{known.extensions[0].upper()}"

    save(
        path,
        Content(captions=CAPTIONS) if known.kind is Kind.CAPTIONS else Content(document=DOCUMENT),
    )

    read = load(path)
    if isinstance(read, Captions):
        [cue] = read.cues
        assert cue.text == "Hello"
        assert abs(cue.start - 5000) <= FRAME_MS / 2
        assert abs(cue.end - 6000) <= FRAME_MS / 2
    elif formats.Carries.WORD_TIMES in known.carries:
        assert [(w.text, w.start, w.end) for w in read.words()] == [("Hello.", 0, 900)]
    else:
        text = "…" if name == "rttm" else "Hello."
        assert [(w.text, w.start) for w in read.words()] == [(text, 0)]


def test_converting_captions_never_cuts_them_anew(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(
        "1\n00:00:01,000 --> 00:00:09,000\nA cue much too long for any style, all on a line.\n\n"
        "2\n00:00:02,000 --> 00:00:02,000\n<i>over</i>\nlapping\n"
    )

    save(tmp_path / "a.vtt", Content(captions=captions_in(tmp_path / "a.srt")))
    save(tmp_path / "b.srt", Content(captions=captions_in(tmp_path / "a.vtt")))

    assert (tmp_path / "b.srt").read_text() == (tmp_path / "a.srt").read_text()


def captions_in(path: Path) -> Captions:
    read = load(path)
    assert isinstance(read, Captions)
    return read


def test_subrip_cannot_say_that_a_text_is_a_draft_and_shows_nothing_of_it() -> None:
    draft = replace(DOCUMENT, engines=(EngineUse("draft", "", True),))

    assert formats.dump("srt", Content(document=draft)) == formats.dump(
        "srt", Content(document=DOCUMENT)
    )


def test_unknown_names_are_told_what_there_is() -> None:
    with pytest.raises(FormatError) as refusal:
        by_extension(Path("film.sub"))
    others = sum(len(known.extensions) for known in FORMATS.values() if not known.is_common)
    assert str(refusal.value) == (
        "“film.sub” does not end in the name of a known format; use .srt, .vtt, .webvtt, .docx, "
        ".odt, .txt, .md, .markdown, .html, .htm, .json, .json3 or "
        f"one of {others} others that `granite-studio convert --help` names."
    )
    with pytest.raises(FormatError) as refusal:
        by_name("sub")
    assert str(refusal.value) == (
        f"There is no format “sub”; use {', '.join([*FORMATS][:-1])} or {[*FORMATS][-1]}."
    )


def test_who_wants_a_pdf_is_told_where_one_is_made() -> None:
    with pytest.raises(FormatError) as refusal:
        by_extension(Path("talk.PDF"))

    assert str(refusal.value) == (
        "“talk.PDF” would be a PDF, which is made in the window (File > Save as PDF) or on the "
        "command line (granite-studio convert)."
    )


def test_a_format_without_reader_says_what_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "rttm", replace(FORMATS["rttm"], read=None))
    with pytest.raises(FormatError) as refusal:
        load(tmp_path / "a.rttm")

    assert str(refusal.value).startswith(
        "“a.rttm” cannot be opened, since RTTM speaker turns is only for export; "
        "choose .srt, .vtt, .webvtt, .docx, .odt, .txt, .md, .markdown, .html, .htm, .json, .json3"
    )


def test_files_that_cannot_be_read_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.srt").mkdir()
    with pytest.raises(FormatError, match=r"folder.srt” is a folder; name a file in it"):
        load(tmp_path / "folder.srt")
    with pytest.raises(FormatError, match=r"“none.srt” is not there"):
        load(tmp_path / "none.srt")
    with pytest.raises(FormatError):
        load(Path("nul\0.srt"))


def test_a_huge_file_is_refused_politely(tmp_path: Path) -> None:
    path = tmp_path / "big.srt"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 31)  # sparse: takes no room

    with pytest.raises(FormatError) as refusal:
        load(path)

    assert str(refusal.value) == (
        "“big.srt” is larger than 50 MB, more than such a file can sensibly hold; "
        "check that it is the right one."
    )


@pytest.mark.parametrize(("name", "head"), [("a.srt", "0:0->0:1\n"), ("a.vtt", "WEBVTT\n\n")])
def test_a_file_made_to_fill_the_memory_is_refused(name: str, head: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(head + "<b>" * 2_600_000)

    with pytest.raises(FormatError, match="more than 5,000,000 lines and tags"):
        load(path)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        save(tmp_path / "no such folder" / "a.srt", Content(captions=CAPTIONS))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Interview 3", "Interview 3.srt"),
        ("../../etc/passwd", "_.._etc_passwd.srt"),
        ("a:b/c\\d*?.mov", "a_b_c_d_.mov.srt"),
        ("CON", "_CON.srt"),
        ("con.tape", "_con.tape.srt"),
        ("COM¹", "_COM¹.srt"),
        ("Nul .x", "_Nul .x.srt"),
        ("Control", "Control.srt"),
        ("end... ", "end.srt"),
        (".hidden", "hidden.srt"),
        ("", "transcript.srt"),
        ("...", "transcript.srt"),
        ("a\n\tb\0c", "a_b_c.srt"),
        ("e\u0301", "é.srt"),
        ("evil\u202etxt.exe", "eviltxt.exe.srt"),
        ("\ud800x", "_x.srt"),
        ("~", "~.srt"),
    ],
)
def test_names_are_safe_on_every_system(text: str, name: str) -> None:
    assert safe_name(text, extension=".srt") == name


def test_long_names_are_cut_between_letters() -> None:
    name = safe_name("ü" * 300, extension=".webvtt")

    assert name == "ü" * 124 + ".webvtt"
    assert len(name.encode()) == 255
    assert len(safe_name("CON." + "x" * 300).encode()) == 255
