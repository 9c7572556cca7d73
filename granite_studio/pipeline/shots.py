"""The cuts of a recording as its project keeps them, so that nobody looks for them twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from granite_studio.core.errors import FormatError, ProjectError
from granite_studio.core.files import fingerprint
from granite_studio.core.schema_items import Fields
from granite_studio.core.shots import load_shots
from granite_studio.core.timing import short_clock
from granite_studio.media.shots import VERSION
from granite_studio.media.values import Shots
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project, project_path_for

STAGE = "shots"
"""Under which name a project keeps them, by the fingerprint of the recording."""
_BY_HAND = 0
"""In place of the detector's version, for a list that a person brought."""
_LARGEST_LIST = 10 << 20
_SLOWEST, _FASTEST, _USUAL_FPS = 1, 1000, 25.0


def keep(project: Project, recording: str, shots: Shots, *, by_hand: bool = False) -> None:
    """Keep the cuts of the recording with this fingerprint; raises `ProjectError`."""
    value = {
        "version": _BY_HAND if by_hand else VERSION,
        "times_ms": list(shots.times),
        "fps": shots.fps,
    }
    project.put_stage(STAGE, recording, value)


def kept(project: Project, recording: str) -> Shots | None:
    """The cuts kept for the recording with this fingerprint.

    None where there are none, or an older detector found them. Raises `ProjectError` when the
    project cannot be read.
    """
    value = project.stage(STAGE, recording)
    try:
        fields = Fields(value, STAGE)
        if fields.whole("version") not in (_BY_HAND, VERSION):
            return None
        times = {time for time in fields.items("times_ms") if type(time) is int and time >= 0}
    except FormatError:
        return None
    fps = fields.values.get("fps")
    if not (isinstance(fps, float | int) and _SLOWEST <= fps <= _FASTEST):
        fps = _USUAL_FPS
    return Shots(tuple(sorted(times)), float(fps))


def kept_beside(path: Path) -> Shots | None:
    """The cuts that this project keeps, or for a recording the project beside it."""
    is_project = path.suffix.lower() == SUFFIX
    try:
        place = path if is_project else project_path_for(path)
        if not is_project and not (path.is_file() and place.is_file()):
            return None
        with Project.open(place, read_only=True) as project:
            media = project.history.document.media
            recording = media.fingerprint if media else ""
            if not is_project and recording != fingerprint(path):
                return None
            return kept(project, recording)
    except ProjectError:
        if is_project:
            raise
        return None


def within(shots: Shots, duration: int) -> Shots:
    """Those before the end of a film of so many ms; all where its length is not known (0).

    Raises `FormatError` where all of them come after it.
    """
    times = tuple(time for time in shots.times if time < duration or not duration)
    if shots.times and not times:
        raise FormatError(
            f"All {len(shots.times)} shot changes come after the film's end at "
            f"{short_clock(duration)}, so they are probably those of another film; choose its own."
        )
    return replace(shots, times=times)


def read_list(path: Path, *, fps: float = 0.0) -> Shots:
    """The shot changes that a list holds, or a project keeps. Raises `StudioError`.

    Where a list does not say how many pictures a second it is about, they are `fps`, or guessed
    to be 25 where nobody knows those of the film (0).
    """
    from granite_studio import formats  # a tenth of a second: not before somebody asks

    if path.suffix.lower() != SUFFIX:
        text = formats.source(path, limit=_LARGEST_LIST).text()
        times, said = load_shots(text, name=path.name)
        return Shots(times, said or fps or _USUAL_FPS, is_rate_guessed=not (said or fps))
    found = kept_beside(path)
    if found is None:
        raise FormatError(
            f"“{path.name}” keeps no shot changes; find them in the window, or name its recording."
        )
    return found
