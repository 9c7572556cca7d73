"""Keys of servers: what is kept where, and what is never said."""

import pickle
import traceback

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.backends.chainer import ChainerBackend

from granite_studio.core.errors import EngineError
from granite_studio.engines import keys
from granite_studio.engines.address import normal

CANARY = "sk-canary-7f3a9d52c1"
SERVER = "https://speech.example.org"


class Memory(KeyringBackend):
    """A keyring as a desktop has it."""

    priority = 5

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password

    def delete_password(self, service, username):
        del self.held[service, username]


class PlainFile(Memory):
    """One that protects nothing."""

    priority = 0.5


class Locked(Memory):
    """One that fails, and repeats in its words what it was given."""

    def get_password(self, service, username):
        raise OSError(f"cannot read {service} {username} {CANARY}")

    def set_password(self, service, username, password):
        raise ValueError(f"cannot write {password}")


@pytest.fixture
def use(monkeypatch):
    """Put this keyring in the place of the person's own."""
    before = keyring.get_keyring()
    monkeypatch.delenv(keys.VARIABLE, raising=False)

    def use(backend):
        keyring.set_keyring(backend)
        return backend

    yield use
    keyring.set_keyring(before)


def test_a_key_is_kept_found_replaced_and_forgotten(use):
    use(Memory())
    keys.store(SERVER, "first")
    keys.store(SERVER, CANARY)
    assert keys.find(SERVER) == CANARY
    keys.forget(SERVER)
    assert keys.find(SERVER) == ""


def test_each_server_has_a_key_of_its_own(use):
    use(Memory())
    keys.store(SERVER, CANARY)
    assert keys.find("https://other.example.org") == ""
    assert keys.find("https://speech.example.org:8443") == ""


def test_spellings_of_one_address_share_a_key(use):
    use(Memory())
    keys.store("https://Speech.Example.ORG:443/v1/", CANARY)
    assert keys.find(SERVER) == CANARY


def test_the_place_is_named(use):
    held = use(Memory())
    assert keys.where() == f"Keys are kept in {held.name}."


@pytest.mark.parametrize("backend", [fail.Keyring, PlainFile])
def test_without_a_real_keyring_only_the_environment_holds_a_key(use, monkeypatch, backend):
    held = use(backend())
    assert keys.find(SERVER) == ""
    with pytest.raises(EngineError, match=r"GRANITE_STUDIO_KEY .* Nothing was kept"):
        keys.store(SERVER, CANARY)
    with pytest.raises(EngineError, match="nothing to forget"):
        keys.forget(SERVER)
    assert not getattr(held, "held", None)
    assert "no keyring that the program could use" in keys.where()
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    assert keys.find(SERVER) == CANARY


def test_a_chain_of_keyrings_keeps_no_key_in_a_plain_file(use, monkeypatch):
    plain, real = PlainFile(), Memory()
    chain = ChainerBackend()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, real])
    use(chain)
    keys.store(SERVER, CANARY)
    assert (len(plain.held), len(real.held)) == (0, 1)


def test_with_a_keyring_the_environment_is_not_asked(use, monkeypatch):
    use(Memory())
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    assert keys.find(SERVER) == ""


def test_a_keyring_that_cannot_be_looked_at_is_none(use, monkeypatch):
    def broken():
        raise RuntimeError(CANARY)

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert "no keyring" in keys.where()


@pytest.mark.parametrize("deed", [keys.find, keys.forget, lambda s: keys.store(s, CANARY)])
def test_a_keyring_that_fails_is_told_without_its_words(use, deed):
    use(Locked())
    with pytest.raises(EngineError, match=r"The keyring did not do it \(\w+Error\)") as caught:
        deed(SERVER)
    told = "".join(traceback.format_exception(caught.value)) + repr(pickle.dumps(caught.value))
    assert CANARY not in told


def test_a_key_that_is_not_there_cannot_be_forgotten(use):
    use(Memory())
    with pytest.raises(EngineError, match=r"No key is kept for https://speech\.example\.org"):
        keys.forget(SERVER)


@pytest.mark.parametrize(
    "key", ["", " ", f"{CANARY}\n", f"{CANARY} x", f"{CANARY}\r\nX: y", "ключ", "x" * 5000]
)
def test_what_cannot_be_a_key_is_refused_without_repeating_it(use, monkeypatch, key):
    use(Memory())
    with pytest.raises(EngineError, match="cannot be a key") as caught:
        keys.store(SERVER, key)
    assert CANARY not in str(caught.value)
    use(fail.Keyring())
    if key:
        monkeypatch.setenv(keys.VARIABLE, key)
        with pytest.raises(EngineError, match="cannot be a key"):
            keys.find(SERVER)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://Speech.Example.org/ ", "https://speech.example.org"),
        ("https://speech.example.org.", "https://speech.example.org"),
        ("https://speech.example.org/v1", "https://speech.example.org"),
        ("https://speech.example.org/asr/v1/", "https://speech.example.org/asr"),
        ("https://h:8443", "https://h:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("http://10.1.2.3", "http://10.1.2.3"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://[FD00::0001]", "http://[fd00::1]"),
    ],
)
def test_addresses_have_one_form(given, kept):
    assert normal(given) == kept
    assert normal(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "http://speech.example.org",
        "http://8.8.8.8",
        "http://172.32.0.1",
        "http://[2001:db8::1]",
        "http://[::ffff:8.8.8.8]",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://0x7f.1",
    ],
)
def test_nothing_goes_unencrypted_beyond_the_own_network(given):
    with pytest.raises(EngineError, match="unencrypted; use https://"):
        normal(given)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "speech.example.org",
        "localhost:8000",
        "ftp://h",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://h:99999",
        "https://h:x",
        "https://[::1",
        "https://a b",
        "https://-a.example",
        "https://h/../x y",
        "https://h/%2e",
        "https://" + "a." * 200 + "b",
        "https://\udcff",
    ],
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(EngineError, match="address cannot be read; give it like"):
        normal(given)


@pytest.mark.parametrize(
    "given",
    [
        f"https://{CANARY}@h",
        f"https://user:{CANARY}@h",
        f"https://h?key={CANARY}",
        f"https://h#{CANARY}",
        f"http://127.0.0.1\\@{CANARY}",
    ],
)
def test_an_address_holds_no_key(given):
    with pytest.raises(EngineError, match="must hold no name, key or query") as caught:
        normal(given)
    assert CANARY not in str(caught.value)
