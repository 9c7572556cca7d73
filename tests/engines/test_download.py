"""Downloads from a real server on this machine that behaves, and that misbehaves in every way."""

import hashlib
import json
import random
import shutil
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import download as module
from granite_studio.engines.download import check, download, remove
from granite_studio.engines.models import Model, find
from tests.engines.fakehub import (
    COMMIT,
    NEXT_COMMIT,
    FakeHub,
    breaks_off,
    knows_no_ranges,
    redirects,
    running,
    says,
    sends,
    stalls,
)

ID = "ibm-granite/granite-speech-4.1-2b-plus"
MODEL = Model(ID, "granite-plus", "Granite Speech 4.1 Plus")
WEIGHTS = random.Random(7).randbytes(300_000)
FILES = {
    "model.safetensors": WEIGHTS,
    "config.json": json.dumps({"model_type": "granite_speech_plus"}).encode(),
    "tokenizer.json": b'{"version": "1.0"}',
    "chat_template.jinja": b"{{ messages }}",
    "merges.txt": b"a b",
    "README.md": b"# A model",
    "LICENSE": b"Apache-2.0",
}
PAGE = b"<html><title>Welcome to Hotel Wi-Fi</title></html>"
CERTIFICATE = Path(__file__).parents[1] / "data" / "engines" / "self-signed.pem"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def served(hub):
    hub.add(ID, FILES)
    return hub


def fetch(hub, folder, cancel=None, *, model=MODEL, token=None):
    return list(download(model, folder, cancel or CancelToken(), endpoint=hub.url, token=token))


def stop_during(name, hub, folder):
    """Cancel as soon as something of this file has arrived."""
    cancel = CancelToken()
    for progress in download(MODEL, folder, cancel, endpoint=hub.url):
        if progress.file == name:
            cancel.cancel()


def refusal(hub, folder):
    with pytest.raises(EngineError) as caught:
        fetch(hub, folder)
    return str(caught.value)


def held(folder):
    """The model's files by name, with their content."""
    target = folder / "ibm-granite--granite-speech-4.1-2b-plus"
    return {path.name: path.read_bytes() for path in target.iterdir()} if target.exists() else {}


def manifest(folder):
    return json.loads(held(folder)["granite-studio.json"])


def parts(folder):
    return {name: len(data) for name, data in held(folder).items() if name.endswith(".part")}


def test_a_download_brings_the_files_and_writes_down_what_they_are(served, folder):
    fetch(served, folder)
    files = held(folder)
    del files["granite-studio.json"]
    assert files == FILES
    assert manifest(folder)["id"] == ID
    assert manifest(folder)["commit"] == COMMIT
    assert manifest(folder)["files"]["model.safetensors"] == {
        "size": 300_000,
        "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
    }
    assert set(manifest(folder)["files"]) == set(FILES)


def test_progress_goes_up_to_everything_and_names_the_file(served, folder, monkeypatch):
    monkeypatch.setattr(module, "_EVERY_S", 0.0)
    told = fetch(served, folder)
    total = sum(map(len, FILES.values()))
    amounts = [progress.done_bytes for progress in told]
    assert amounts == sorted(amounts)
    assert (told[-1].done_bytes, told[-1].total_bytes, told[-1].seconds_left) == (total, total, 0)
    assert "model.safetensors" in {progress.file for progress in told}


def test_code_and_pickles_and_other_heads_stay_where_they_are(served, folder):
    served.add(
        ID,
        {
            **FILES,
            "modeling_x.py": b"import os",
            "pytorch_model.bin": b"\x80",
            "out_llm.safetensors": b"head",
            ".gitattributes": b"*",
            "scores.yaml": b"a: 1",
        },
    )
    fetch(served, folder)
    assert set(manifest(folder)["files"]) == set(FILES)
    assert {asked.name for asked in served.log} == set(FILES)


def test_the_small_files_come_first(served, folder):
    fetch(served, folder)
    assert served.log[-1].name == "model.safetensors"


def test_a_broken_connection_goes_on_at_the_very_byte(served, folder):
    served.faults["model.safetensors"] = [breaks_off(100_000), breaks_off(50_000)]
    fetch(served, folder)
    assert served.asked("model.safetensors") == [0, 100_000, 150_000]
    assert held(folder)["model.safetensors"] == WEIGHTS


def test_a_later_download_goes_on_at_the_very_byte(served, folder):
    served.faults["model.safetensors"] = [breaks_off(123_456), says(404)]
    assert "does not have this model" in refusal(served, folder)
    assert list(parts(folder).values()) == [123_456]
    assert "granite-studio.json" not in held(folder)
    served.log.clear()
    fetch(served, folder)
    assert [(asked.name, asked.first) for asked in served.log] == [("model.safetensors", 123_456)]
    assert held(folder)["model.safetensors"] == WEIGHTS
    assert parts(folder) == {}


def test_a_server_without_ranges_sends_that_file_anew(served, folder):
    served.faults["model.safetensors"] = [breaks_off(100_000), knows_no_ranges]
    fetch(served, folder)
    assert served.asked("model.safetensors") == [0, 100_000]
    assert held(folder)["model.safetensors"] == WEIGHTS


def test_what_arrived_of_another_commit_is_not_gone_on_with(served, folder):
    served.faults["model.safetensors"] = [breaks_off(100_000), says(404)]
    refusal(served, folder)
    served.commit = NEXT_COMMIT
    served.add(ID, {**FILES, "model.safetensors": WEIGHTS[::-1]})
    served.log.clear()
    fetch(served, folder)
    assert served.asked("model.safetensors") == [0]
    assert held(folder)["model.safetensors"] == WEIGHTS[::-1]
    assert manifest(folder)["commit"] == NEXT_COMMIT
    assert parts(folder) == {}


def test_a_newer_commit_brings_only_what_differs_and_clears_what_went(served, folder):
    fetch(served, folder)
    served.commit = NEXT_COMMIT
    newer = {**FILES, "tokenizer.json": b'{"version": "2.0"}'}
    del newer["merges.txt"]
    served.add(ID, newer)
    served.log.clear()
    fetch(served, folder)
    assert [asked.name for asked in served.log] == ["tokenizer.json"]
    assert held(folder)["tokenizer.json"] == b'{"version": "2.0"}'
    assert "merges.txt" not in held(folder)


def test_a_whole_model_is_not_fetched_again(served, folder):
    fetch(served, folder)
    served.log.clear()
    fetch(served, folder)
    assert served.log == []


def test_a_download_mends_the_one_file_that_is_damaged(served, folder):
    fetch(served, folder)
    path = folder / "ibm-granite--granite-speech-4.1-2b-plus" / "model.safetensors"
    path.write_bytes(b"x" + WEIGHTS[1:])
    served.log.clear()
    fetch(served, folder)
    assert [asked.name for asked in served.log] == ["model.safetensors"]
    assert path.read_bytes() == WEIGHTS


def test_cancelling_keeps_what_has_arrived_even_while_the_server_says_nothing(served, folder):
    released = threading.Event()
    served.faults["model.safetensors"] = [stalls(200_000, released)]
    with pytest.raises(Cancelled):
        stop_during("model.safetensors", served, folder)
    assert not released.is_set()  # so nobody waited for the server
    released.set()
    arrived = next(iter(parts(folder).values()))
    assert 0 < arrived <= 200_000
    served.log.clear()
    fetch(served, folder)
    assert served.asked("model.safetensors") == [arrived]
    assert held(folder)["model.safetensors"] == WEIGHTS


def test_files_come_from_another_host_without_the_token(served, folder):
    with running(FakeHub()) as store:
        store.add(ID, FILES)
        target = f"{store.url}/{ID}/resolve/x/model.safetensors"
        served.faults["model.safetensors"] = [redirects(target)]
        fetch(served, folder, token="hf_secret")
        assert [asked.token for asked in store.log] == [None]
    assert {asked.token for asked in served.log} == {"Bearer hf_secret"}
    assert held(folder)["model.safetensors"] == WEIGHTS


def test_a_redirect_keeps_the_place_to_go_on_at(served, folder):
    with running(FakeHub()) as store:
        store.add(ID, FILES)
        target = redirects(f"{store.url}/{ID}/resolve/x/model.safetensors")
        store.faults["model.safetensors"] = [breaks_off(77_777)]
        served.faults["model.safetensors"] = [target, target]
        fetch(served, folder)
        assert store.asked("model.safetensors") == [0, 77_777]


@pytest.mark.parametrize("target", ["http://example.org/x", "file:///etc/passwd", "ftp://a/b"])
def test_a_redirect_to_an_address_without_encryption_is_refused(served, folder, target):
    served.faults["model.safetensors"] = [redirects(target)]
    assert "not an encrypted address" in refusal(served, folder)


def test_redirects_in_a_circle_end(served, folder):
    here = f"{served.url}/{ID}/resolve/x/model.safetensors"
    served.faults["model.safetensors"] = [redirects(here)] * 10
    assert "in circles" in refusal(served, folder)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_tried_again(served, folder, status):
    served.faults["revision"] = [says(status)] * 3
    served.faults["model.safetensors"] = [says(status, Retry_After="0")] * 3
    fetch(served, folder)
    assert held(folder)["model.safetensors"] == WEIGHTS


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(429, "too many requests; try again later"), (503, "out of order now (503)")],
)
def test_what_does_not_pass_is_told(served, folder, status, sentence):
    served.faults["model.safetensors"] = [says(status)] * 6
    assert sentence in refusal(served, folder)


def test_a_server_that_asks_for_long_patience_is_not_waited_for(served, folder):
    served.faults["revision"] = [says(429, Retry_After="600")]
    assert "try again in 10 min" in refusal(served, folder)


@pytest.mark.parametrize("status", [401, 403])
def test_a_model_behind_a_licence_says_what_to_do(served, folder, status):
    served.faults["config.json"] = [says(status)]
    assert "licence has to be accepted on its page" in refusal(served, folder)


def test_an_unknown_model_is_told(served, folder):
    with pytest.raises(EngineError, match="does not have this model or this revision"):
        fetch(served, folder, model=find("nobody/nothing"))


@pytest.mark.parametrize("what", ["revision", "tree", "config.json", "model.safetensors"])
def test_a_login_page_in_between_is_recognised(served, folder, what):
    served.faults[what] = [says(200, PAGE, "text/html; charset=utf-8")]
    assert "perhaps the login page of this network" in refusal(served, folder)
    assert "granite-studio.json" not in held(folder)


@pytest.mark.parametrize("what", ["revision", "tree"])
@pytest.mark.parametrize("body", [PAGE, b"[" * 100_000, b"null", b'{"sha": "main"}', b"[[]]"])
def test_an_answer_that_is_no_hubs_is_told(served, folder, what, body):
    served.faults[what] = [says(200, body, "application/json")]
    sentence = refusal(served, folder)
    assert "some other page answered" in sentence or "does not answer as the hub" in sentence


def test_a_listing_without_end_is_not_read_to_its_end(served, folder, monkeypatch):
    served.faults["tree"] = [says(200, b" " * (17 << 20), "application/json")]
    assert "some other page answered" in refusal(served, folder)


def test_wrong_content_is_deleted_and_told(served, folder):
    served.faults["model.safetensors"] = [sends(WEIGHTS[::-1])]
    assert "“model.safetensors” arrived damaged" in refusal(served, folder)
    assert parts(folder) == {}
    assert "model.safetensors" not in held(folder)


def test_a_small_file_is_checked_by_the_hash_that_git_gave_it(served, folder):
    served.faults["tokenizer.json"] = [sends(b'{"version": "6.6"}')]
    assert "“tokenizer.json” arrived damaged" in refusal(served, folder)


@pytest.mark.parametrize("other", [WEIGHTS[:-1], WEIGHTS + b"x", b""])
def test_a_file_of_another_size_is_told(served, folder, other):
    served.faults["model.safetensors"] = [sends(other)]
    assert "something else in place of “model.safetensors”" in refusal(served, folder)


def test_a_server_that_goes_on_elsewhere_is_told(served, folder):
    elsewhere = says(206, WEIGHTS[90_000:], Content_Range="bytes 90000-299999/300000")
    served.faults["model.safetensors"] = [breaks_off(100_000), elsewhere]
    assert "something else in place of" in refusal(served, folder)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/evil.json",
        "a/../../evil.json",
        "..\\evil.json",
        "C:\\evil.json",
        "nul.json",
    ],
)
def test_a_name_that_leads_elsewhere_stops_everything(served, folder, tmp_path, name):
    served.listing = [
        *(served.entry(own, data) for own, data in FILES.items()),
        served.entry(name, b"{}"),
    ]
    assert "which is no file of a model; nothing was downloaded" in refusal(served, folder)
    assert served.log == []
    assert list(tmp_path.rglob("evil*")) == []


@pytest.mark.parametrize("name", ["granite-studio.json", "nested/config.json", ".x.json"])
def test_a_name_that_is_no_models_file_is_passed_over(served, folder, name):
    served.listing = [
        *(served.entry(own, data) for own, data in FILES.items()),
        served.entry(name, b"{}"),
    ]
    fetch(served, folder)
    assert set(manifest(folder)["files"]) == set(FILES)
    assert len(served.log) == len(FILES)


def test_names_that_some_systems_take_for_one_are_refused(served, folder):
    served.add(ID, {**FILES, "Config.json": b"{}"})
    assert "does not answer as the hub does" in refusal(served, folder)


def test_another_kind_of_model_is_refused_before_its_weights_are_fetched(served, folder):
    served.add(ID, {**FILES, "config.json": b'{"model_type": "whisper"}'})
    assert "not a Granite Speech model; its weights were not fetched" in refusal(served, folder)
    assert served.asked("model.safetensors") == []


def test_a_model_of_pickles_has_nothing_to_fetch(served, folder):
    served.add(ID, {"config.json": FILES["config.json"], "pytorch_model.bin": b"\x80"})
    assert "no config.json and safetensors weights to fetch" in refusal(served, folder)


def test_a_pinned_revision_has_to_be_the_one_that_is_given(served, folder):
    pinned = Model(ID, "granite-nar", "NAR", revision="99a4df9007ac")
    with pytest.raises(EngineError, match="does not answer as the hub does"):
        fetch(served, folder, model=pinned)


def test_too_little_room_is_told_before_the_first_byte(served, folder, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 10, 1000))
    assert "has 0.0 GB free" in refusal(served, folder)
    assert served.log == []


def test_a_disk_that_fills_up_is_told_and_what_arrived_is_kept(served, folder, monkeypatch):
    resource = pytest.importorskip("resource")
    import signal

    monkeypatch.setattr(module, "_make_room", lambda target, missing: None)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        sentence = refusal(served, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "is full; free some space" in sentence
    fetch(served, folder)
    assert held(folder)["model.safetensors"] == WEIGHTS


def test_a_folder_that_cannot_be_made_is_told(served, tmp_path):
    (tmp_path / "models").write_bytes(b"a file")
    assert "cannot be written" in refusal(served, tmp_path / "models")


def test_a_host_that_is_not_there_means_offline():
    with pytest.raises(EngineError, match="cannot be found; this computer seems to be offline"):
        list(download(MODEL, Path("x"), CancelToken(), endpoint="https://hub.invalid"))


def test_a_server_that_does_not_listen_is_told(hub, folder):
    address = "https://127.0.0.1:9"
    with pytest.raises(EngineError, match=r"127\.0\.0\.1 cannot be reached; check the network"):
        list(download(MODEL, folder, CancelToken(), endpoint=address))


def test_a_proxy_that_refuses_is_told(hub, folder, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", hub.url)
    with pytest.raises(EngineError, match=r"The proxy refuses to reach hub\.invalid"):
        list(download(MODEL, folder, CancelToken(), endpoint="https://hub.invalid"))


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(folder):
    with running(FakeHub(), CERTIFICATE) as hub:
        hub.add(ID, FILES)
        assert "its certificate cannot be verified" in refusal(hub, folder)
        assert hub.log == []


def test_the_hub_itself_has_to_be_encrypted(folder):
    with pytest.raises(EngineError, match="not an encrypted address"):
        list(download(MODEL, folder, CancelToken(), endpoint="http://hub.invalid"))


def test_the_token_of_the_environment_goes_to_the_hub_alone(served, folder, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(served, folder)
    assert {asked.token for asked in served.log} == {None}
    monkeypatch.setattr(module, "HUB", served.url)
    fetch(served, folder / "again")
    assert "Bearer hf_secret" in {asked.token for asked in served.log}


def test_a_checked_model_is_right(served, folder):
    fetch(served, folder)
    told = list(check(folder / "ibm-granite--granite-speech-4.1-2b-plus", CancelToken()))
    assert told[-1].done_bytes == told[-1].total_bytes


def test_checking_names_what_is_damaged_and_what_is_missing(served, folder):
    fetch(served, folder)
    target = folder / "ibm-granite--granite-speech-4.1-2b-plus"
    (target / "model.safetensors").write_bytes(WEIGHTS[::-1])
    (target / "merges.txt").unlink()
    with pytest.raises(EngineError, match=r"is damaged \(merges.txt, model.safetensors\)"):
        list(check(target, CancelToken()))


def test_a_folder_of_other_origin_has_no_hashes(tmp_path):
    with pytest.raises(EngineError, match="was not downloaded by Granite Studio"):
        list(check(tmp_path, CancelToken()))


def test_removing_leaves_other_models_alone(served, folder):
    fetch(served, folder)
    (folder / "somebody--else").mkdir()
    remove(MODEL, folder)
    assert [path.name for path in folder.iterdir()] == ["somebody--else"]


def test_removing_what_is_not_there_is_told(folder):
    with pytest.raises(EngineError, match="is not in the models folder"):
        remove(MODEL, folder)


def test_removing_a_link_removes_the_link_alone(tmp_path, folder):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "config.json").write_bytes(b"{}")
    folder.mkdir()
    (folder / "ibm-granite--granite-speech-4.1-2b-plus").symlink_to(elsewhere)
    remove(MODEL, folder)
    assert list(folder.iterdir()) == []
    assert (elsewhere / "config.json").exists()


@pytest.mark.parametrize("name", ["../..", "a/..", "a/b/c", "a\\b"])
def test_nothing_outside_the_models_folder_can_be_meant(folder, name):
    with pytest.raises(EngineError, match="not a hub id"):
        remove(Model(name, "", ""), folder)
