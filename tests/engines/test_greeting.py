"""A server is asked which models it has, and nothing else."""

import keyring
import pytest
from keyring.backends import fail

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import keys
from granite_studio.engines.greeting import served
from tests.engines.speech_server import BASE, MODELS, PLUS, SpeechServer


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch):
    """The person's own keyring is left alone; keys come from the environment."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def server():
    server = SpeechServer()
    yield server
    server.close()


def test_a_server_tells_its_models(server, monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, "sk-secret-key")
    server.serve(PLUS, BASE)
    assert served(f"{server.url}/v1/", CancelToken()) == (PLUS, BASE)
    [request] = server.requests
    assert (request.path, request.body) == (MODELS, b"")
    assert request.headers["authorization"] == "Bearer sk-secret-key"


@pytest.mark.parametrize("data", [None, "x", [], [None, 3, {"id": 7}, {"id": ""}, {"id": "a\nb"}]])
def test_what_is_no_list_of_names_is_an_empty_one(server, data):
    server.answers[MODELS] = lambda request, handler: {"data": data}
    assert served(server.url, CancelToken()) == ()


def test_a_server_that_keeps_its_models_to_itself_is_told(server):
    server.fail(MODELS, 404, {"error": "nothing here"})
    with pytest.raises(EngineError, match=r"does not say which models it has \(status 404\)"):
        served(server.url, CancelToken())


def test_nobody_there_is_a_sentence(server):
    server.close()
    with pytest.raises(EngineError, match=r"^[A-Z0-9].*\.$"):
        served(server.url, CancelToken())


def test_cancelling_does_not_wait_for_the_answer(server):
    cancel = CancelToken()

    def slow(request, handler):
        cancel.cancel()
        server.released.wait(20)
        return {"data": []}

    server.answers[MODELS] = slow
    with pytest.raises(Cancelled):
        served(server.url, cancel)
