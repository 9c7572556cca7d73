"""`granite-studio translate` and what `export --translation` writes of it."""

import json

import pytest

from granite_studio import formats
from granite_studio.cli import translate
from granite_studio.core import edits
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.files import fingerprint
from granite_studio.engines import catalog, models
from granite_studio.engines.models import Ready
from granite_studio.engines.serving import EngineProcess
from granite_studio.store.project import Project


@pytest.fixture
def project(tmp_path, interview):
    """Three paragraphs of two seconds each."""
    segments = tuple(
        Segment(20 + n, (Word(30 + n, f"word{n}.", n * 3000, n * 3000 + 2000),)) for n in range(3)
    )
    media = Media(interview.name, 15_000, fingerprint(interview))
    path = tmp_path / "talk.gstudio"
    document = Document(segments, media=media, next_id=50)
    Project.create(path, document=document, media_path=interview).close()
    return path


@pytest.fixture
def engine(monkeypatch):
    """Choose which misbehaving engine runs in the place of Granite Speech."""

    def put(serve):
        monkeypatch.setattr(
            translate,
            "EngineProcess",
            lambda log: EngineProcess(log, serve=f"tests.pipeline.engines:{serve}"),
        )
        ready = Ready(catalog.find("granite-base"), None, "test")
        monkeypatch.setattr(models, "ready", lambda *_args, **_options: ready)

    return put


def french(path):
    with Project.open(path, read_only=True) as project:
        (lane,) = project.history.document.translations
        assert lane.language == "fr"
        return [text.text for text in lane.texts]


def test_a_project_is_translated_and_written_in_every_format_at_once(
    command, project, engine, tmp_path
):
    engine("translates")
    outputs = ("-o", tmp_path / "fr.srt", "-o", tmp_path / "fr.txt", "-o", tmp_path / "fr.json")
    code, out, err = command("translate", project, "--to", "fr", "--json", *outputs)
    assert (code, err) == (0, "")
    summary = json.loads(out)
    assert (summary["translated"], summary["untranslated"], summary["language"]) == (3, 0, "fr")
    assert french(project) == ["fr 22/1", "fr 24/2", "fr 24/2"]
    cues = formats.load(tmp_path / "fr.srt").cues
    assert [(cue.start, cue.text) for cue in cues] == [
        (0, "fr 22/1"),
        (3000, "fr 24/2"),
        (6000, "fr 24/2"),
    ]
    assert formats.load(tmp_path / "fr.json").language == "fr"


def test_the_same_command_again_asks_for_nothing(command, project, engine):
    engine("translates")
    command("translate", project, "--to", "fr")
    before = french(project)
    engine("never_ends")
    code, out, _ = command("translate", project, "--to", "fr", "--json")
    assert (code, json.loads(out)["translated"]) == (0, 0)
    assert french(project) == before


def test_what_the_engine_cannot_do_is_a_finding_and_the_rest_is_kept(command, project, engine):
    engine("dies_at_every_second_window")
    code, _, err = command("translate", project, "--to", "fr")
    assert code == 1
    assert "could not be translated" in err
    assert french(project) == ["bien", "bien"]


def test_an_export_takes_the_language_asked_for_and_says_what_it_leaves_out(
    command, project, tmp_path
):
    with Project.open(project) as opened:
        before = opened.history.document
        after = edits.set_translation(before, 21, "de", "Wort.")
        opened.record(before, opened.history.commit(after, "Translate"))
    code, _, err = command("export", project, "-o", tmp_path / "a.vtt", "--translation", "de")
    assert code == 1
    assert err == (
        "granite-studio: 2 of 3 paragraphs have no translation to German and are left out.\n"
    )
    (cue,) = formats.load(tmp_path / "a.vtt").cues
    assert (cue.start, cue.text) == (3000, "Wort.")


def test_a_language_that_is_not_there_is_refused_with_the_ones_that_are(
    command, project, tmp_path
):
    code, _, err = command("export", project, "-o", tmp_path / "a.vtt", "--translation", "fr")
    assert code == 2
    assert "Nothing was translated to French; there is no other language." in err
    assert not (tmp_path / "a.vtt").exists()


def test_a_project_without_its_recording_is_refused(command, engine, tmp_path):
    engine("translates")
    path = tmp_path / "text.gstudio"
    Project.create(path, document=Document()).close()
    code, _, err = command("translate", path, "--to", "fr")
    assert code == 2
    assert "is not where it was" in err


def test_an_engine_that_translates_nothing_is_refused(command, project):
    code, _, err = command("translate", project, "--to", "fr", "--engine", "draft")
    assert code == 2
    assert "translates nothing" in err
