"""Every test of the store has folders of its own, and leaves no thread behind."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "home"
    for name in ("DATA", "CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    before = set(threading.enumerate())
    yield home
    assert set(threading.enumerate()) <= before, "a project was left open"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a test's project goes."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder / "talk.gstudio"
