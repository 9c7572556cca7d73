"""The command `shots`: the cuts of a film, found or brought, as a list and in a project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from granite_studio.cli import targets
from granite_studio.cli.common import Bar
from granite_studio.cli.recordings import refuse_text
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import FormatError, MediaError, ProjectError
from granite_studio.core.files import atomic_write, fingerprint
from granite_studio.core.shots import dump_shots
from granite_studio.media.client import MediaReader
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.pipeline.results import Progress
from granite_studio.store import logs, places
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project

_LISTS = (".txt", ".shots")
"""How the names of lists end, which the window reads and writes too."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=Path,
        metavar="VIDEO|PROJECT|LIST",
        help="whose cuts: a video, a project that keeps them or has a video, or a .txt with them",
    )
    parser.add_argument(
        "-o", dest="target", type=Path, metavar="LIST", help="where to write them (default: here)"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="PROJECT",
        help="the project of the video, which keeps them and is cut by them from then on",
    )
    targets.add_overwrite_argument(parser)
    parser.set_defaults(work=_shots)


def _shots(options: argparse.Namespace) -> int:
    if options.target is not None:
        inputs = (options.source, options.into)
        targets.check_outputs([options.target], inputs, overwrite=options.overwrite)
    if options.into is None:
        found = _found(options.source)
    else:
        with Project.open(options.into) as project:
            found = _kept(options.source, project)
        told = f"{len(found.times)} cuts are in {options.into.name}."
        print(f"granite-studio: {told}", file=sys.stderr)
    text = dump_shots(found.times, found.fps)
    if options.target is not None:
        atomic_write(options.target, text.encode())
    elif options.into is None:
        print(text, end="")
    return 0


def _kept(source: Path, project: Project) -> Shots:
    """The cuts that this leads to, which the project keeps now. Raises `StudioError`."""
    if project.is_read_only:
        raise ProjectError(project.read_only_reason)
    media, name = project.history.document.media, project.path.name
    if media is None:
        raise FormatError(f"“{name}” has no recording that could have cuts; choose another one.")
    is_list = source.suffix.lower() in _LISTS
    if not is_list and _recording(source) != media.fingerprint:
        raise FormatError(
            f"“{source.name}” has not the recording of “{name}”, so that cuts would be at wrong "
            "times; name the one that belongs to it."
        )
    found = _found(source, fps=_fps_of(project) if is_list else 0.0)
    if is_list:
        found = within(found, media.duration)
    if found != keeping.kept(project, media.fingerprint):
        keeping.keep(project, media.fingerprint, found, by_hand=is_list)
        project.flush()
    return found


def within(found: Shots, duration: int) -> Shots:
    """Those before the end of a film of so many ms; how many come after it is said on standard
    error. Raises `FormatError` when all do."""
    kept = keeping.within(found, duration)
    if beyond := len(found.times) - len(kept.times):
        told = f"Cuts left out, since they come after the film's end: {beyond}."
        print(f"granite-studio: {told}", file=sys.stderr)
    return kept


def _recording(source: Path) -> str:
    """The fingerprint of this video, or of the recording of this project."""
    if source.suffix.lower() != SUFFIX:
        return fingerprint(source)
    with Project.open(source, read_only=True) as project:
        media = project.history.document.media
        return media.fingerprint if media else ""


def _fps_of(project: Project) -> float:
    """The pictures a second of the film of this project, 0 where nobody knows."""
    media = project.history.document.media
    if known := keeping.kept(project, media.fingerprint) if media else None:
        return known.fps
    if project.media_path is None:
        return 0.0
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    try:
        video = reader.probe(project.media_path).video
    except MediaError:
        return 0.0
    finally:
        reader.close()
    return video.fps if video else 0.0


def listed(path: Path, *, fps: float = 0.0) -> Shots:
    """As `keeping.read_list`; says on standard error that the frame rate is a guess, if it is."""
    found = keeping.read_list(path, fps=fps)
    if found.is_rate_guessed:
        print(
            f"granite-studio: “{path.name}” does not say how many frames a second its film has; "
            f"{found.fps:g} are assumed (“# 24 frames a second” as its first line says another).",
            file=sys.stderr,
        )
    return found


def _found(source: Path, *, fps: float = 0.0) -> Shots:
    """The cuts that this holds or keeps, else those of the video, found by looking at it. `fps`
    are the pictures a second where a list does not say."""
    ending = source.suffix.lower()
    if ending in _LISTS:
        return listed(source, fps=fps)
    if (known := keeping.kept_beside(source)) is not None:
        return known
    return _looked_for(_video(source) if ending == SUFFIX else source)


def _video(project_path: Path) -> Path:
    """The video of this project. Raises `FormatError` where it is not found."""
    with Project.open(project_path, read_only=True) as project:
        if project.media_path is not None:
            return project.media_path
    raise FormatError(
        f"“{project_path.name}” keeps no shot changes, and its recording is not found; "
        "name the recording, or find them in the window."
    )


def _looked_for(video: Path) -> Shots:
    """The cuts of a video, found by looking at all its pictures."""
    refuse_text(video)
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    bar = Bar(video.name)
    try:
        total = reader.probe(video).duration_ms
        for event in reader.shots(video, CancelToken()):
            if isinstance(event, Shots):
                found = event
            else:
                bar.show(Progress(min(event.done_ms, total), total, "Looking"))
    finally:
        bar.end()
        reader.close()
    return found
