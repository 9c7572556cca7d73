"""Every test runs without a screen, and away from the person's own folders."""

import os
import signal
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")

# Models that other programs fetched are none of the tests' business.
os.environ["HF_HOME"] = str(Path(__file__).parent / "no-such-folder")
os.environ.pop("HF_HUB_CACHE", None)

# Started in the background, a shell's children are deaf to Ctrl+C, and so would be all that tests
# start to try it on.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recordings and files from elsewhere that lie beside the project, where they are present."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data is not on this machine")
    return SHARED


def pytest_configure() -> None:
    """Keep a handler of Qt's messages below the one that each test has.

    Where a test's is the only one, PySide calls nothing at all, and crashes, when a thread of the
    player that warned during the test gets its turn after it.
    """
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(lambda _kind, _context, message: print(message, file=sys.stderr))


def pytest_unconfigure() -> None:
    """Empty the clipboard: offscreen, Qt would free Python's data in it after Python has ended."""
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtGui import QGuiApplication

    qInstallMessageHandler(None)
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()
