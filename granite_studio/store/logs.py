"""The local log: one rotating file a part of the program, and nothing leaves the machine."""

from __future__ import annotations

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from granite_studio.store import places

_KEPT = 3
_BYTES = 1_000_000


def path_of(name: str) -> Path:
    """Where the log of this part ("window", "command", "engine", "media") lies."""
    return places.log_dir() / f"{name}.log"


def start(name: str) -> None:
    """Send this process's log, and the trace of a hard crash, to the log of this part.

    Where the folder cannot be written the program runs without a log, and says so on the log's
    own terms: a warning on stderr.
    """
    root = logging.getLogger()
    try:
        handler = RotatingFileHandler(
            path_of(name), maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
        )
        crash = path_of(f"{name}-crash").open("a", encoding="utf-8")
    except OSError as error:
        root.warning("no log is kept: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable(crash)
