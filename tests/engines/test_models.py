"""Which models are here, what is ready, and the sentence for everything that is not."""

import importlib.util
import os
from pathlib import Path

import pytest

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, manifest, models
from granite_studio.engines.base import Options
from granite_studio.engines.manifest import FileFact, Manifest
from granite_studio.engines.models import find, folder_of, installed, ready, why_not
from tests.engines import modelfolders

PLUS = "ibm-granite/granite-speech-4.1-2b-plus"
BASE = "ibm-granite/granite-speech-4.1-2b"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "models"
    made.mkdir()
    return made


@pytest.fixture(autouse=True)
def torch_is_there(monkeypatch):
    monkeypatch.setattr(models, "_is_there", lambda module: True)


def put(folder, model_id, kind, *, salt=0):
    """A finished download of this model."""
    place = modelfolders.write(folder / model_id.replace("/", "--"), kind, salt=salt)
    manifest.write(place, Manifest(model_id, COMMIT, {"config.json": FileFact(2, "ab")}))
    return place


def put_in_cache(tmp_path, model_id, kind, *, commit=COMMIT, ref="main"):
    """This model as the hub library keeps it: links to blobs."""
    place = tmp_path / "hf" / "hub" / f"models--{model_id.replace('/', '--')}"
    snapshot = place / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (place / "blobs").mkdir(exist_ok=True)
    for name, data in modelfolders.files_of(kind).items():
        blob = place / "blobs" / f"{commit[:4]}-{name}"
        blob.write_bytes(data)
        os.symlink(blob, snapshot / name)
    if ref:
        (place / "refs").mkdir(exist_ok=True)
        (place / "refs" / ref).write_text(commit)
    return snapshot


def refusal(engine, wanted, folder, options=None):
    with pytest.raises(EngineError) as caught:
        ready(engine, wanted, folder, options=options)
    return str(caught.value)


# The table


def test_every_model_belongs_to_an_engine_that_names_it():
    assert [(model.engine, model.id) for model in models.MODELS] == [
        (entry.name, entry.model) for entry in catalog.ENTRIES if entry.model
    ]


def test_a_model_is_found_by_its_engine_and_by_its_id():
    assert find("granite-plus").id == PLUS
    assert find(BASE).engine == "granite-base"


def test_a_model_of_somebody_else_is_taken_by_its_id():
    assert find("somebody/granite-speech-swiss").title == "somebody/granite-speech-swiss"


@pytest.mark.parametrize("name", ["draft", "", "../x", "a/../b", "/etc/passwd", "a--b/c", "a/b/c"])
def test_what_is_no_model_is_told(name):
    with pytest.raises(EngineError, match="choose one of granite-plus, granite-base"):
        find(name)


# What is here


def test_nothing_is_here_at_first(folder):
    assert installed(folder) == ()


def test_a_missing_models_folder_holds_nothing(tmp_path):
    assert installed(tmp_path / "nowhere") == ()


def test_a_finished_download_is_here(folder):
    place = put(folder, PLUS, "plus")
    (found,) = installed(folder)
    assert (found.id, found.folder, found.commit, found.engine) == (
        PLUS,
        place,
        COMMIT,
        "granite-plus",
    )
    assert found.is_ours
    assert not found.trouble
    assert found.bytes == sum(path.stat().st_size for path in place.iterdir())


def test_an_unfinished_download_is_not_here(folder):
    place = put(folder, PLUS, "plus")
    (place / "granite-studio.json").unlink()
    assert installed(folder) == ()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"id": "../x", "files": {}}', "[" * 9999]
)
def test_a_download_whose_manifest_is_damaged_counts_as_unfinished(folder, text):
    place = put(folder, PLUS, "plus")
    (place / "granite-studio.json").write_text(text)
    assert installed(folder) == ()


def test_a_damaged_model_is_here_with_its_trouble(folder):
    place = put(folder, PLUS, "plus")
    weights = (place / "model.safetensors").read_bytes()
    (place / "model.safetensors").write_bytes(weights[:-1])
    (found,) = installed(folder)
    assert "is cut short" in found.trouble


def test_a_folder_is_looked_at_again_only_when_its_files_changed(folder, monkeypatch):
    looked = []
    inspect = models.inspect
    monkeypatch.setattr(models, "inspect", lambda path: looked.append(path) or inspect(path))
    place = put(folder, PLUS, "plus")
    installed(folder)
    installed(folder)
    assert looked == [place]
    (place / "tokenizer.json").write_bytes(b'{"other": 1}')
    installed(folder)
    assert looked == [place, place]


def test_a_model_that_another_program_fetched_is_here_and_not_ours(folder, tmp_path):
    snapshot = put_in_cache(tmp_path, BASE, "base")
    (found,) = installed(folder)
    assert (found.id, found.folder, found.engine) == (BASE, snapshot, "granite-base")
    assert not found.is_ours


def test_our_own_copy_goes_before_the_cache(folder, tmp_path):
    put_in_cache(tmp_path, BASE, "base")
    place = put(folder, BASE, "base")
    assert [found.folder for found in installed(folder)] == [place]


def test_other_models_in_the_cache_are_passed_over(folder, tmp_path):
    snapshot = put_in_cache(tmp_path, "openai/whisper-tiny", "base")
    (snapshot / "config.json").unlink()
    (snapshot / "config.json").write_text('{"model_type": "whisper"}')
    (tmp_path / "hf" / "hub" / "models--strange").mkdir()
    (tmp_path / "hf" / "hub" / "version.txt").write_text("1")
    assert installed(folder) == ()


def test_of_a_pinned_model_only_the_pinned_snapshot_counts(folder, tmp_path):
    nar = find("granite-nar")
    put_in_cache(tmp_path, nar.id, "nar", commit="7d20732d" + "0" * 32)
    assert installed(folder) == ()
    pinned = put_in_cache(tmp_path, nar.id, "nar", commit=nar.revision + "0" * 28, ref="")
    assert [found.folder for found in installed(folder)] == [pinned]


# What is ready


def test_the_draft_engine_is_always_ready(folder):
    assert ready("draft", None, folder).model is None
    assert ready("draft", None, folder).revision == "pocketsphinx-5.1 en-us, voices 1"
    assert ready("auto", None, folder).entry.name == "draft"


def test_the_draft_engine_takes_no_model(folder):
    assert "brings its own model" in refusal("draft", PLUS, folder)


def test_a_remote_engine_takes_the_name_that_its_server_knows(folder):
    found = ready("remote", "ibm/speech", folder)
    assert (found.entry.name, found.model) == ("remote", "ibm/speech")


def test_a_downloaded_model_makes_its_engine_ready(folder):
    place = put(folder, PLUS, "plus")
    found = ready("granite-plus", None, folder)
    assert (found.entry.name, found.model) == ("granite-plus", str(place))
    assert why_not(found.entry, folder) is None


def test_the_revision_names_the_weights_and_not_where_they_lie(folder, tmp_path):
    put(folder, PLUS, "plus")
    elsewhere = modelfolders.write(tmp_path / "copy", "plus")
    other = modelfolders.write(tmp_path / "other", "plus", salt=1)
    revision = ready("granite-plus", None, folder).revision
    assert ready("granite-plus", str(elsewhere), folder).revision == revision
    assert ready("granite-plus", str(other), folder).revision != revision


def test_auto_takes_the_best_that_is_here(folder):
    put(folder, "ibm-granite/granite-speech-4.1-2b-nar", "nar")
    assert ready("auto", None, folder).entry.name == "granite-nar"
    put(folder, BASE, "base")
    assert ready("auto", None, folder).entry.name == "granite-base"
    put(folder, PLUS, "plus")
    assert ready("auto", None, folder).entry.name == "granite-plus"


def test_auto_takes_the_best_that_can_do_what_is_asked(folder):
    put(folder, PLUS, "plus")
    put(folder, BASE, "base")
    options = Options(language="ja")
    assert ready("auto", None, folder, options=options).entry.name == "granite-base"


def test_auto_says_which_model_would_do_what_is_asked(folder):
    sentence = refusal("auto", None, folder, Options(language="ja"))
    assert sentence.startswith("Granite Speech 4.1 needs its model, which is not here")


def test_auto_says_when_nothing_can_do_what_is_asked(folder):
    sentence = refusal("auto", None, folder, Options(language="ru"))
    assert "cannot hear the language 'ru'" in sentence


def test_auto_with_a_model_takes_the_engine_that_runs_it(folder, tmp_path):
    place = modelfolders.write(tmp_path / "mine", "nar")
    found = ready("auto", str(place), folder)
    assert (found.entry.name, found.model) == ("granite-nar", str(place))


def test_a_model_is_asked_for_by_its_id(folder):
    place = put(folder, "somebody/swiss", "plus")
    assert ready("granite-plus", "somebody/swiss", folder).model == str(place)
    assert ready("granite-plus", None, folder).model == str(place)


def test_the_model_the_engine_was_written_for_goes_before_others(folder):
    put(folder, "a/swiss", "plus")
    place = put(folder, PLUS, "plus")
    assert ready("granite-plus", None, folder).model == str(place)


def test_a_model_that_is_not_here_is_answered_with_what_to_click_and_type(folder):
    for wanted in (None, PLUS):
        sentence = refusal("granite-plus", wanted, folder)
        assert "download it (4.2 GB) in Preferences under Models" in sentence
        assert "`granite-studio models download granite-plus`" in sentence


def test_an_unknown_model_is_answered_with_its_id(folder):
    sentence = refusal("granite-plus", "somebody/swiss", folder)
    assert "`granite-studio models download somebody/swiss`" in sentence


def test_a_model_of_another_engine_is_refused_with_the_engine_that_fits(folder, tmp_path):
    place = modelfolders.write(tmp_path / "mine", "base")
    sentence = refusal("granite-plus", str(place), folder)
    assert "is Granite Speech 4.1, which Granite Speech 4.1 Plus cannot run" in sentence
    assert "choose the engine granite-base for it" in sentence


@pytest.mark.parametrize("wanted", ["nowhere", "/no/such/folder", "./x", "a/b/c"])
def test_what_is_neither_folder_nor_id_is_told(folder, wanted):
    assert "neither a model folder nor a hub id" in refusal("granite-plus", wanted, folder)


def test_a_folder_that_holds_no_model_is_told(folder, tmp_path):
    assert "it has no config.json" in refusal("granite-plus", str(tmp_path), folder)


def test_a_damaged_model_says_so_everywhere(folder):
    place = put(folder, PLUS, "plus")
    (place / "model.safetensors").write_bytes(b"")
    assert "is cut short" in refusal("granite-plus", None, folder)
    assert "is cut short" in why_not(catalog.find("granite-plus"), folder)
    assert "is cut short" in refusal("auto", PLUS, folder)
    assert ready("auto", None, folder).entry.name == "draft"


def test_without_torch_the_sentence_is_about_torch(folder, monkeypatch):
    monkeypatch.setattr(models, "_is_there", lambda module: module != "torch")
    put(folder, PLUS, "plus")
    for wanted in (None, PLUS):
        sentence = refusal("granite-plus", wanted, folder)
        assert "needs PyTorch, which this installation does not have" in sentence
    assert "PyTorch" in refusal("auto", PLUS, folder)
    assert ready("auto", None, folder).entry.name == "draft"


def test_draft_and_remote_lack_nothing(folder):
    assert why_not(catalog.find("draft"), folder) is None
    assert why_not(catalog.find("remote"), folder) is None


def test_a_folder_of_the_home_folder_is_understood(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    modelfolders.write(tmp_path / "mine", "plus")
    assert ready("granite-plus", "~/mine", folder).model == str(tmp_path / "mine")


def test_a_models_place_is_inside_the_models_folder():
    assert folder_of(find(PLUS), Path("m")) == Path("m/ibm-granite--granite-speech-4.1-2b-plus")


def test_the_parts_that_are_asked_for_are_those_of_this_installation():
    assert all(importlib.util.find_spec(module) for module in models._PARTS)
