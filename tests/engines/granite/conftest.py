"""One tiny checkpoint of each model, written once; tests leave them as they are.

Their weights are random: `tests/data/checkpoints` holds those that were trained.
"""

from pathlib import Path

import pytest

from tests.engines.granite import checkpoints


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.write_base(tmp_path_factory.mktemp("models") / "base")


@pytest.fixture(scope="session")
def plus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.write_plus(tmp_path_factory.mktemp("models") / "plus")


@pytest.fixture(scope="session")
def nar_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.write_nar(tmp_path_factory.mktemp("models") / "nar")
