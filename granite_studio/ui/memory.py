"""What the window remembers by itself from one start to the next: files and places of panels."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write

log = logging.getLogger(__name__)
_MOST = 12


class Memory:
    """A small JSON file. One that is missing or nonsense is an empty memory, never an error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent: list[Path] = []
        self._places: dict[str, str] = {}
        try:
            data = json.loads(path.read_text("utf-8"))
            self._recent = [Path(item) for item in data["recent"] if isinstance(item, str)]
            self._places = {str(key): str(value) for key, value in data["places"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("%s was not understood and is not used", path)

    @property
    def recent(self) -> tuple[Path, ...]:
        """What was open lately and is still there, the latest first."""
        return tuple(path for path in self._recent if path.exists())

    @property
    def places(self) -> Mapping[str, str]:
        """What `MainWindow.layout_state` gave."""
        return self._places

    def add_recent(self, path: Path) -> None:
        """Put this file first."""
        others = [other for other in self._recent if other != path]
        self._recent = [path, *others][:_MOST]
        self._write()

    def keep_places(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._write()

    def _write(self) -> None:
        data = {"recent": [str(path) for path in self._recent], "places": self._places}
        try:
            atomic_write(self._path, json.dumps(data, indent=1).encode(), follow=True)
        except StudioError as error:
            log.warning("the window's memory is not kept: %s", error)
