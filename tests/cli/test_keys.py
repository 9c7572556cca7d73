"""Keys of servers on the command line, and a run with a key that is found again nowhere."""

import io

import keyring
import pytest
from keyring.backends import fail

from granite_studio.engines import keys
from tests.engines.speech_server import SpeechServer
from tests.engines.test_keys import CANARY, SERVER, Memory


@pytest.fixture
def held(monkeypatch):
    """A keyring of the test's own."""
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    yield memory.held
    keyring.set_keyring(before)


def test_a_key_is_read_from_standard_input(command, held, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{CANARY}\n"))
    code, out, err = command("keys", "set", f"{SERVER}/v1/")
    assert (code, err) == (0, "")
    assert out == f"The key for {SERVER} is kept. Keys are kept in {Memory().name}.\n"
    assert keys.find(SERVER) == CANARY


def test_on_a_terminal_the_key_is_asked_for_unseen(command, held, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda prompt: f" {CANARY} ")
    assert command("keys", "set", SERVER)[0] == 0
    assert keys.find(SERVER) == CANARY


def test_a_key_is_forgotten_once(command, held):
    keys.store(SERVER, CANARY)
    assert command("keys", "forget", SERVER) == (0, f"The key for {SERVER} is forgotten.\n", "")
    code, out, err = command("keys", "forget", SERVER)
    assert (code, out) == (2, "")
    assert err == f"granite-studio: No key is kept for {SERVER}.\n"


def test_no_key_is_no_key(command, held, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, _, err = command("keys", "set", SERVER)
    assert (code, held) == (2, {})
    assert "No key came" in err


def test_without_a_keyring_the_sentence_names_the_environment(command, held, monkeypatch):
    keyring.set_keyring(fail.Keyring())
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{CANARY}\n"))
    code, out, err = command("keys", "set", SERVER)
    assert (code, out) == (2, "")
    assert "GRANITE_STUDIO_KEY" in err
    assert CANARY not in err


@pytest.mark.parametrize("arguments", [(), ("set",), ("show", SERVER), ("set", "http://8.8.8.8")])
def test_what_is_not_understood_is_one_sentence(command, held, arguments):
    code, out, err = command("keys", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("names", [("i.gstudio", "i.txt"), ("i.txt",)])
def test_a_run_with_a_key_leaves_it_nowhere(names, command, interview, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    server = SpeechServer()
    server.say(f"[Speaker 1]: Hello {CANARY}.", times="_ [T:50] hello [T:90]")
    try:
        code, out, err = command(
            *("transcribe", interview, "--engine", "remote", "--server", server.url),
            *(word for name in names for word in ("-o", tmp_path / name)),
        )
    finally:
        server.close()
    assert code == 1  # a single word in so much speech is worth a second look
    assert CANARY not in out + err
    assert "Hello ***." in (tmp_path / "i.txt").read_text()
    assert server.requests[-1].headers["authorization"] == f"Bearer {CANARY}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".gstudio" for path in files)  # the project, or the journal
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []
