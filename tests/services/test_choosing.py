import dataclasses

import pytest

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, manifest, models
from granite_studio.engines.base import Options
from granite_studio.services import choosing
from granite_studio.services.choosing import State
from granite_studio.services.settings import Settings
from tests.engines import modelfolders

ALL = Settings(
    keywords=("Raven Point",),
    punctuation=False,
    speakers=False,
    own_times=True,
    carried=True,
    server="http://localhost:8000",
)


@pytest.fixture(scope="module")
def plus(tmp_path_factory):
    return modelfolders.write(tmp_path_factory.mktemp("elsewhere") / "plus", "plus")


@pytest.fixture(autouse=True)
def no_hub_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "models"
    made.mkdir()
    return made


def state(settings, name, folder):
    return next(h for h in choosing.engines_here(settings, folder) if h.entry.name == name)


def with_plus(settings, plus):
    return dataclasses.replace(settings, models=settings.with_model("granite-plus", str(plus)))


def test_without_models_the_draft_hears_english(folder):
    ready, options = choosing.ready_now(Settings(), "en", folder)
    assert (ready.entry.name, ready.model, options) == ("draft", None, Options())


def test_the_best_that_is_here_hears(folder, plus):
    ready, _ = choosing.ready_now(with_plus(Settings(), plus), "de", folder)
    assert (ready.entry.name, ready.model) == ("granite-plus", str(plus))


def test_a_language_that_needs_a_model_says_which(folder):
    with pytest.raises(EngineError, match=r"^Granite Speech 4\.1 needs its model"):
        choosing.ready_now(Settings(), "ja", folder)


def test_an_engine_that_was_chosen_is_not_replaced_by_another(folder, plus):
    chosen = dataclasses.replace(with_plus(Settings(), plus), engine="granite-nar")
    with pytest.raises(EngineError, match="NAR needs its model"):
        choosing.ready_now(chosen, "en", folder)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("draft", Options("de", speakers=False)),
        ("granite-nar", Options("de")),
        ("granite-base", Options("de", ("Raven Point",), punctuation=False)),
        (
            "granite-plus",
            Options("de", ("Raven Point",), speakers=False, own_times=True),
        ),
        (
            "remote",
            Options(
                "de",
                ("Raven Point",),
                punctuation=False,
                speakers=False,
                own_times=True,
                server="http://localhost:8000",
            ),
        ),
    ],
)
def test_only_what_an_engine_can_do_is_asked_of_it(name, asked):
    assert choosing.options_for(ALL, catalog.find(name), "de") == asked


def test_a_remote_engine_wants_a_server(folder):
    remote = catalog.find("remote")
    assert "No server" in choosing.why_not(Settings(), remote, folder)
    assert choosing.why_not(ALL, remote, folder) is None


def test_a_model_is_absent_then_unfinished_then_ready(folder, plus):
    absent = state(Settings(), "granite-plus", folder)
    assert (absent.state, absent.place, absent.bytes) == (State.ABSENT, None, 0)
    target = models.folder_of(absent.model, folder)
    target.mkdir()
    (target / "model.safetensors.part").write_bytes(b"half")
    begun = state(Settings(), "granite-plus", folder)
    assert (begun.state, begun.place, begun.bytes) == (State.UNFINISHED, target, 4)
    (target / "model.safetensors.part").unlink()
    for path in plus.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    manifest.write(target, manifest.Manifest(absent.model.id, "0" * 40))
    whole = state(Settings(), "granite-plus", folder)
    assert (whole.state, whole.place, whole.is_ours) == (State.READY, target, True)
    assert whole.bytes == sum(path.stat().st_size for path in target.iterdir())


def test_a_damaged_model_says_what_is_wrong(folder, plus):
    target = models.folder_of(models.find("granite-plus"), folder)
    target.mkdir()
    (target / "config.json").write_bytes((plus / "config.json").read_bytes())
    manifest.write(target, manifest.Manifest("ibm-granite/granite-speech-4.1-2b-plus", "0" * 40))
    found = state(Settings(), "granite-plus", folder)
    assert (found.state, found.place, found.is_ours) == (State.UNUSABLE, target, True)
    assert "cannot be used" in found.reason


def test_a_chosen_folder_is_taken_and_never_ours(folder, plus, tmp_path):
    found = state(with_plus(Settings(), plus), "granite-plus", folder)
    assert (found.state, found.place) == (State.READY, plus)
    assert found.is_chosen
    assert not found.is_ours
    gone = state(with_plus(Settings(), tmp_path / "gone"), "granite-plus", folder)
    assert (gone.state, gone.is_chosen) == (State.UNUSABLE, True)
    assert "is not there any more" in gone.reason
