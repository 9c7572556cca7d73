"""What becomes of files that are dropped on the window: the open project takes what is made for
it, and the rest is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from granite_studio.core.errors import StudioError
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import project_path_for
from granite_studio.ui import acting as a
from granite_studio.ui.acting import translated
from granite_studio.ui.asking import ask_way
from granite_studio.ui.opening import caption_endings, is_recording
from granite_studio.ui.shot_deeds import bring_list
from granite_studio.ui.translation.deeds import can_align_text

if TYPE_CHECKING:
    from granite_studio.ui.studio import Studio

_TURNS, _WORD, _SHOTS, _TEXT = ".rttm", ".docx", ".shots", ".txt"


def take(studio: Studio, paths: Sequence[Path]) -> None:
    """Give one file to the open project, if it is made for one; open what else was dropped, and
    say what was left alone."""
    if len(paths) == 1 and _give(studio, paths[0]):
        return
    _tell_left(studio, paths)
    studio.opening.open_paths(paths)


def _give(studio: Studio, path: Path) -> bool:
    """Let the open project have this file, or ask whether it should; whether that is so."""
    if _is_list_of_shots(path):
        _for_project(studio, path, lambda: bring_list(studio, path))
        return True
    project = studio.session.project
    if project is None:
        return False
    place = project_path_for(path) if is_recording(path) else path
    if project.path == place.resolve() and studio.session.media_path is not None:
        studio.window.job_bar.show_notice(translated("This is open already."))
        return True
    if path.suffix.lower() == _TURNS and a.has_text(studio):
        _for_project(studio, path, lambda: studio.project.read_turns(path))
        return True
    if path.suffix.lower() == _WORD and a.may_change_text(studio):
        _ask_word(studio, path)
        return True
    if is_recording(path) and studio.session.media_path is None and a.may_edit(studio):
        _ask_recording(studio, path)
        return True
    if not a.has_text(studio) and path.suffix.lower() in caption_endings():
        return _give_text(studio, path)
    return False


def _for_project(studio: Studio, path: Path, deed: Callable[[], None]) -> None:
    """Do it, or say why the open project cannot have this file."""
    if studio.session.project is None:
        told = translated("Open the recording that “{name}” belongs to, then drop it once more.")
    elif not a.may_edit(studio):
        told = translated("This project cannot be changed, so nothing was taken from “{name}”.")
    else:
        deed()
        return
    studio.window.job_bar.show_notice(told.format(name=path.name))


def _ask_word(studio: Studio, path: Path) -> None:
    ask_way(
        studio.window,
        translated("Was “{name}” exported from this project?").format(name=path.name),
        translated(
            "Changes that were made in Word can be put back onto the transcript; you see them "
            "first. A text of its own becomes another project."
        ),
        (
            (translated("Show its changes"), lambda: studio.project.show_returned(path)),
            _alone(studio, path),
        ),
    )


def _ask_recording(studio: Studio, path: Path) -> None:
    ask_way(
        studio.window,
        translated("Is “{name}” the recording of this project?").format(name=path.name),
        translated("The project has no sound now. A recording of its own becomes another one."),
        (
            (translated("Use it here"), lambda: studio.project.relink(path)),
            _alone(studio, path),
        ),
    )


def _give_text(studio: Studio, path: Path) -> bool:
    """Ask what a text is to the open recording, of which nothing is written down yet."""
    media = studio.session.media_path
    if media is None or path.suffix.lower() == _TURNS:
        studio.opening.import_captions(path, media)
        return True
    if not can_align_text(studio):
        return False
    ask_way(
        studio.window,
        translated("What is “{name}” to this recording?").format(name=path.name),
        translated(
            "Opened with the recording, it keeps the times that it has, in another project. Put "
            "to the sound, its words get the times at which they are heard."
        ),
        (
            (translated("Open it with this recording"), lambda: _import(studio, path, media)),
            (translated("Put it to the sound …"), lambda: _align(studio, path)),
        ),
    )
    return True


def _import(studio: Studio, path: Path, media: Path) -> None:
    studio.opening.import_captions(path, media)


def _align(studio: Studio, path: Path) -> None:
    from granite_studio.ui.dialogs.align_text import AlignPanel

    panel = studio.show_dialog("align")
    if isinstance(panel, AlignPanel):
        panel.choose(path)


def _alone(studio: Studio, path: Path) -> tuple[str, Callable[[], None]]:
    return translated("Open it by itself"), lambda: studio.opening.open_paths([path])


def _is_project(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX


def _is_list_of_shots(path: Path) -> bool:
    """Whether this holds times and nothing else, or means to."""
    from granite_studio.pipeline.shots import read_list

    if path.suffix.lower() == _SHOTS:
        return True
    try:
        return path.suffix.lower() == _TEXT and bool(read_list(path).times)
    except StudioError:
        return False


def _tell_left(studio: Studio, paths: Sequence[Path]) -> None:
    """Say once the first is open that others were not: a window holds one project."""
    recordings = [path for path in paths if is_recording(path)]
    texts = [path for path in paths if not (is_recording(path) or _is_project(path))]
    left = len(paths) - 1 - bool(recordings and texts)  # these two are opened together
    if left < 1 or studio.opening.is_busy:
        return
    told = translated("A window holds one project at a time; files that were not opened: {count}.")

    def tell() -> None:
        if not studio.opening.is_busy:  # a text is read first, and then made a project of
            studio.opening.waiting.disconnect(soon)
            later.deleteLater()
            studio.window.job_bar.show_notice(told.format(count=left))

    def soon(waiting: str) -> None:
        if not waiting:
            later.start()

    later = QTimer(studio.window, interval=0, singleShot=True)
    later.timeout.connect(tell)
    studio.opening.waiting.connect(soon)
