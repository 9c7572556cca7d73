"""The language of a file goes along, from command to command."""

import json
import zipfile

import pytest

from granite_studio import formats
from granite_studio.core.edits import set_translation
from granite_studio.core.importing import from_captions

SRT = "1\n00:00:01,000 --> 00:00:02,500\nGuten Morgen.\n"
SAID = "WEBVTT\nLanguage: de\n\n00:01.000 --> 00:02.500\nGuten Morgen.\n"


def language_of(command, project):
    return json.loads(command("info", project, "--json")[1])["language"]


@pytest.fixture
def silent(tmp_path):
    path = tmp_path / "film.srt"
    path.write_text(SRT)
    return path


@pytest.fixture
def said(tmp_path):
    path = tmp_path / "film.vtt"
    path.write_text(SAID)
    return path


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.ttml", b'xml:lang="pt-BR"'),
        ("a.ebuttd.xml", b'xml:lang="pt-BR"'),
        ("a.itt", b'xml:lang="pt-BR"'),
        ("a.fcpxml", b"captionFormat=ITT.pt-BR"),
        ("a.stl", b"STL25.0100021"),
        ("a.html", b'lang="pt-BR"'),
        ("a.json", b'"language": "pt-BR"'),
    ],
)
@pytest.mark.parametrize("source", ["silent", "said"])
def test_the_language_that_is_named_is_written(command, tmp_path, request, source, name, written):
    path = request.getfixturevalue(source)
    code, *_ = command("convert", path, tmp_path / name, "--language", "pt-BR")
    assert code == 0
    assert written in (tmp_path / name).read_bytes()


def test_what_a_file_says_itself_is_written_and_nobody_complains(command, said, tmp_path):
    for name in ("a.ttml", "b.stl", "c.itt", "d.fcpxml"):
        assert command("convert", said, tmp_path / name) == (0, "", ""), name
        assert formats.load(tmp_path / name).language == "de", name
        said = tmp_path / name
    assert command("convert", said, tmp_path / "f.srt") == (0, "", "")


def test_a_project_is_in_the_language_of_its_file_or_the_one_that_is_named(
    command, said, silent, tmp_path
):
    for name, source, options, language in (
        ("a.gstudio", said, (), "de"),
        ("b.gstudio", said, ("--language", "fr"), "fr"),
        ("c.gstudio", silent, ("--language", "de"), "de"),
        ("d.gstudio", silent, (), "en"),
    ):
        code, *_ = command("convert", source, tmp_path / name, *options)
        assert (code, language_of(command, tmp_path / name)) == (0, language)
    assert command("export", tmp_path / "a.gstudio", "-o", tmp_path / "back.ttml")[0] == 0
    assert formats.load(tmp_path / "back.ttml").language == "de"


def test_a_transcript_is_in_the_language_that_is_named(command, said, tmp_path):
    transcript, other = tmp_path / "a.json", tmp_path / "b.json"
    command("convert", said, transcript)
    assert formats.load(transcript).language == "de"
    command("convert", transcript, other, "--language", "fr")
    assert formats.load(other).language == "fr"


def test_a_transcript_with_a_translation_to_a_language_stays_in_its_own(tmp_path, silent):
    document = from_captions(formats.load(silent, language="de"))
    document = set_translation(document, document.segments[0].id, "fr", "Bonjour.")
    path = tmp_path / "both.json"
    formats.save(path, formats.Content(document=document))
    assert formats.load(path, language="fr").language == "de"
    assert formats.load(path, language="it").language == "it"


def test_mended_subtitles_are_in_the_language_of_their_file(command, said, silent, tmp_path):
    out = tmp_path / "mended.ttml"
    for source, options, language in (
        (said, (), "de"),
        (said, ("--language", "fr"), "fr"),
        (silent, (), ""),
    ):
        assert command("fix", source, "-o", out, "--overwrite", *options)[0] == 0
        assert formats.load(out).language == language


def test_lines_break_as_the_language_of_the_file_likes_it(command, tmp_path):
    text = "Wir haben gestern nicht gewusst ob der Zug noch kommt oder ausgefallen ist."
    broken = {}
    for language in ("de", "en"):
        source, out = tmp_path / "long.vtt", tmp_path / "out.srt"
        source.write_text(f"WEBVTT\nLanguage: {language}\n\n00:01.000 --> 00:06.000\n{text}\n")
        command("fix", source, "-o", out, "--overwrite")
        broken[language] = formats.load(out).cues[0].text
    assert broken == {
        "de": "Wir haben gestern nicht gewusst ob der Zug\nnoch kommt oder ausgefallen ist.",
        "en": "Wir haben gestern nicht gewusst ob\nder Zug noch kommt oder ausgefallen ist.",
    }


def test_a_text_from_the_right_is_one_in_documents(command, tmp_path):
    source = tmp_path / "film.vtt"
    source.write_text("WEBVTT\n\n00:01.000 --> 00:02.500\nמה שלומך?!\n", encoding="utf-8")
    for name in ("a.html", "a.docx", "a.odt"):
        assert command("convert", source, tmp_path / name, "--language", "he")[0] == 0
    assert '<html lang="he" dir="rtl">' in (tmp_path / "a.html").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert b"<w:bidi/>" in archive.read("word/styles.xml")
    with zipfile.ZipFile(tmp_path / "a.odt") as archive:
        assert b'writing-mode="rl-tb"' in archive.read("styles.xml")
