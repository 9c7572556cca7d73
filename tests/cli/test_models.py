"""`granite-studio models`, against a hub on this machine."""

import json

import pytest

from granite_studio.engines import hub as hub_module
from tests.engines import modelfolders
from tests.engines.fakehub import FakeHub, breaks_off, running, says

PLUS = "ibm-granite/granite-speech-4.1-2b-plus"
NAR = "ibm-granite/granite-speech-4.1-2b-nar"


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setattr(hub_module, "PAUSES_S", (0.0,) * 5)
    with running(FakeHub()) as fake:
        fake.add(PLUS, modelfolders.files_of("plus"))
        yield fake


@pytest.fixture
def folder(command):
    """The models folder."""
    from granite_studio.store import places

    return places.models_dir()


def listed(command):
    code, out, _ = command("models", "list", "--json")
    assert code == 0
    return json.loads(out)


def test_at_first_only_the_draft_engine_is_ready(command):
    engines = {row["name"]: row["ready"] for row in listed(command)["engines"]}
    assert engines == {
        "draft": True,
        "granite-plus": False,
        "granite-base": False,
        "granite-nar": False,
        "granite-ctc": False,
        "remote": False,
    }
    assert listed(command)["models"] == []


def test_the_bare_command_lists_too(command):
    _, out, _ = command("models")
    assert "granite-plus not ready  Granite Speech 4.1 Plus" in out
    assert json.loads(command("models", "--json")[1]) == listed(command)


def test_a_download_makes_its_engine_ready(command, hub, folder):
    code, out, err = command("models", "download", "granite-plus", "--hub", hub.url)
    assert (code, err) == (0, "")
    assert out.startswith(f"{PLUS}, 0.0 GB, commit 0123456789ab, in {folder}")
    assert out.endswith("it runs with --engine granite-plus.\n")
    rows = listed(command)
    assert [row["name"] for row in rows["engines"] if row["ready"]] == ["draft", "granite-plus"]
    assert [(row["id"], row["is_ours"], row["trouble"]) for row in rows["models"]] == [
        (PLUS, True, "")
    ]


def test_a_download_that_broke_off_is_told_and_goes_on(command, hub, folder):
    hub.faults["model.safetensors"] = [breaks_off(1000), says(404)]
    code, out, err = command("models", "download", PLUS, "--hub", hub.url)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert list(listed(command)["unfinished"]) == [PLUS]
    assert (
        "`models download ibm-granite/granite-speech-4.1-2b-plus` goes on" in command("models")[1]
    )
    assert command("models", "download", PLUS, "--hub", hub.url)[0] == 0
    assert hub.asked("model.safetensors") == [0, 1000, 1000]
    assert listed(command)["unfinished"] == {}


def test_a_download_that_turns_out_damaged_says_so(command, hub):
    files = modelfolders.files_of("plus")
    hub.add(PLUS, {**files, "model.safetensors": files["model.safetensors"][:-1]})
    code, _, err = command("models", "download", PLUS, "--hub", hub.url)
    assert code == 2
    assert "is cut short" in err
    assert "is cut short" in command("models")[1]


def test_a_whole_model_passes_its_check(command, hub):
    command("models", "download", PLUS, "--hub", hub.url)
    for name in (PLUS, "granite-plus"):
        code, out, err = command("models", "check", name)
        assert (code, err) == (0, "")
        assert "it is whole, and every hash is right" in out


def test_a_changed_model_is_a_finding(command, hub, folder):
    command("models", "download", PLUS, "--hub", hub.url)
    weights = next(folder.rglob("model.safetensors"))
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + b"\xff")
    code, out, err = command("models", "check", "granite-plus")
    assert (code, out) == (1, "")
    assert "is damaged (model.safetensors); download it again" in err


def test_a_folder_is_checked_without_hashes(command, tmp_path):
    place = modelfolders.write(tmp_path / "mine", "nar")
    code, out, _ = command("models", "check", place)
    assert code == 0
    assert "it is whole, and there are no hashes to compare" in out
    (place / "model.safetensors").unlink()
    code, _, err = command("models", "check", place)
    assert code == 1
    assert "it has no weights" in err


def test_removing_gives_the_room_back(command, hub, folder):
    command("models", "download", PLUS, "--hub", hub.url)
    code, out, _ = command("models", "remove", "granite-plus")
    assert (code, out) == (0, f"{PLUS} was deleted.\n")
    assert list(folder.iterdir()) == []


def test_where_the_models_lie(command, folder):
    assert command("models", "where") == (0, f"{folder}\n", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("download", "whisper"), "There is no model 'whisper'"),
        (("download", "../x"), "There is no model '../x'"),
        (("remove", "granite-nar"), "is not in the models folder"),
        (("check", "granite-nar"), "is not here; download it"),
        (("check", "nowhere"), "neither a model folder nor a hub id"),
        (("download", PLUS, "--hub", "http://hub.invalid"), "not an encrypted address"),
        (("fly",), "invalid choice"),
        (("download",), "required"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command, arguments, sentence):
    code, out, err = command("models", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


def test_an_interrupted_download_can_be_gone_on_with(command, hub, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("granite_studio.cli.models._show", interrupt)
    code, _, err = command("models", "download", PLUS, "--hub", hub.url)
    assert code == 130
    assert "Run the same command again to go on from here" in err
