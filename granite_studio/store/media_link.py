"""Where a project's recording is: remembered three ways, found again when it has moved."""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from granite_studio.core.errors import FormatError, MediaError
from granite_studio.core.files import fingerprint
from granite_studio.core.schema_items import Fields
from granite_studio.store.codec import DamagedError

_MOST_SIBLINGS = 2000


@dataclass(frozen=True, slots=True)
class MediaLink:
    """A recording by its path from the project's folder, its full path, and what it held."""

    relative: str
    absolute: str
    fingerprint: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """The recording's path, or None; `is_changed` says that it no longer holds the same."""

    path: Path | None
    is_changed: bool = False


def link_to(media: Path, project: Path) -> MediaLink:
    """Describe this recording as seen from the project; `MediaError` if it cannot be read."""
    absolute = Path(os.path.abspath(media))
    try:
        state = absolute.stat()
        if not absolute.is_file():
            raise MediaError(f"“{media}” is not a recording; choose a file.")
    except (OSError, ValueError) as error:
        raise MediaError(f"“{media}” cannot be found; check that its disk is there.") from error
    relative = ""
    with contextlib.suppress(ValueError):  # another drive
        relative = Path(os.path.relpath(absolute, project.parent)).as_posix()
    return MediaLink(
        relative, str(absolute), fingerprint(absolute), state.st_size, state.st_mtime_ns
    )


def link_values(link: MediaLink) -> dict[str, object]:
    return asdict(link)


def link_from(values: object) -> MediaLink | None:
    """The link a project stored; `DamagedError` for anything else."""
    if values is None:
        return None
    try:
        fields = Fields(values, "media")
        return MediaLink(
            fields.text("relative"),
            fields.text("absolute"),
            fields.text("fingerprint"),
            fields.whole("size"),
            fields.whole("mtime_ns"),
        )
    except FormatError as error:
        raise DamagedError(str(error)) from error


def find(link: MediaLink, project: Path) -> Found:
    """Look where the recording was, beside the project, and among its neighbours by content."""
    known = [path for path in _known_places(link, project) if _is_file(path)]
    for path in known:
        if is_same(link, path):
            return Found(path)
    for path in _siblings(project):
        if path not in known and _size(path) == link.size and is_same(link, path):
            return Found(path)
    return Found(known[0], is_changed=True) if known else Found(None)


def is_same(link: MediaLink, path: Path) -> bool:
    """Whether this file holds the linked recording."""
    try:
        state = path.stat()
        if state.st_size != link.size:
            return False
        return state.st_mtime_ns == link.mtime_ns or fingerprint(path) == link.fingerprint
    except (OSError, MediaError):
        return False


def _known_places(link: MediaLink, project: Path) -> list[Path]:
    """A link from elsewhere may name anything, so only what can be a plain path is looked at."""
    places = []
    if link.relative:
        places.append(Path(os.path.abspath(project.parent / link.relative)))
        places.append(project.parent / Path(link.relative).name)
    if link.absolute:
        path = Path(link.absolute)
        places.append(path)
        places.append(project.parent / path.name)
    unique = dict.fromkeys(place for place in places if "\0" not in str(place))
    return [place for place in unique if not _is_strange_share(place, project)]


def _is_strange_share(path: Path, project: Path) -> bool:
    """Looking at a share would send the person's credentials to whoever made the project."""
    return path.drive.startswith("\\\\") and path.drive != project.drive


def _siblings(project: Path) -> list[Path]:
    """Files beside the project. Never its own: reading those would drop SQLite's locks."""
    try:
        with os.scandir(project.parent) as entries:
            paths = [Path(entry.path) for entry in islice(entries, _MOST_SIBLINGS)]
    except OSError:
        return []
    return [p for p in sorted(paths) if not p.name.startswith(project.name) and _is_file(p)]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
