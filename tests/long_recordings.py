"""Long recordings made for a test by `packaging/tiny`, and what compares transcripts with them.

`LONG_RECORDING_SEED=7 pytest -k long` makes others than usual.
"""

import os
from pathlib import Path

import pytest

from tests.engines.granite.spoken import tiny

SEED = int(os.environ.get("LONG_RECORDING_SEED", "4"))
WINDOW_S = 12.0
"""The tiny models were not made for longer windows."""

hearing, proof = tiny("hearing"), tiny("proof")


def made(path: Path, seconds: float):
    """Write a recording and give what was said; the test is skipped where flite is not."""
    try:
        return tiny("long_recording").make(path, seconds, SEED)
    except OSError as error:
        pytest.skip(f"flite's libraries are not installed ({error})")
