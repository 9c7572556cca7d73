"""A hub on this machine, and no hub cache and no proxy of the person who runs the tests."""

import pytest

from granite_studio.engines import hub as hub_module
from tests.engines.fakehub import FakeHub, running


@pytest.fixture(autouse=True)
def own_network(tmp_path, monkeypatch):
    """Away from the person's proxies, tokens and caches; and nobody waits before trying again."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "HF_TOKEN", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setattr(hub_module, "PAUSES_S", (0.0,) * 5)


@pytest.fixture
def hub():
    with running(FakeHub()) as fake:
        yield fake
