"""What can be asked about the pictures: shot changes, and a video with its subtitles.

Read before the first paint, as the table of actions is: what brings numpy is imported inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from granite_studio.core.errors import StudioError
from granite_studio.ui import acting as a
from granite_studio.ui.acting import translated
from granite_studio.ui.asking import ask_open, ask_save

if TYPE_CHECKING:
    from granite_studio.ui.studio import Studio


def is_working(studio: Studio) -> bool:
    """Whether something is done with the pictures that can be stopped."""
    return studio.shots.is_running or studio.burning.is_running


def stop(studio: Studio) -> None:
    """Stop what is done with the pictures; nothing of it is kept."""
    studio.window.job_bar.side.show_stopping()
    for work in (studio.shots, studio.burning):
        work.cancel()


def can_find(studio: Studio) -> bool:
    return _has_pictures(studio) and not is_working(studio)


def can_bring(studio: Studio) -> bool:
    return a.may_edit(studio) and not studio.shots.is_running


def can_hand_on(studio: Studio) -> bool:
    return studio.shots.known is not None


def can_burn(studio: Studio) -> bool:
    return _has_pictures(studio) and a.has_text(studio) and not is_working(studio)


def why_not_find(studio: Studio) -> str:
    """Why shot changes cannot be looked for now."""
    info = studio.recording.info
    if studio.session.project is None:
        return translated("Open a video first.")
    if studio.session.media_path is None:
        return translated("There is no recording here to look at.")
    if info is None:
        return translated("The recording has not been read yet.")
    if info.video is None:
        return translated("This recording has no pictures.")
    return translated("Wait for the work on the picture that goes on, or stop it.")


def why_not_burn(studio: Studio) -> str:
    """Why no video can be saved now."""
    if _has_pictures(studio) and not a.has_text(studio):
        return translated("There is no text yet to show in it.")
    return why_not_find(studio)


def find(studio: Studio) -> None:
    """Look for shot changes in the background."""
    studio.shots.start()


def bring(studio: Studio) -> None:
    """Ask for a list of shot changes, and use it in place of what is known."""
    project = studio.session.project
    ask_open(
        studio.window,
        translated("Import shot changes"),
        (_filter(), translated("All files (*)")),
        lambda paths: bring_list(studio, paths[0]),
        folder=project.path.parent if project else None,
    )


def hand_on(studio: Studio) -> None:
    """Ask where to, and write the shot changes as a list."""
    project = studio.session.project
    if project is not None:
        start = project.path.with_name(f"{project.path.stem} shots.txt")
        title = translated("Export shot changes")
        ask_save(studio.window, title, start, (_filter(),), lambda path: _hand_on(studio, path))


def bring_list(studio: Studio, path: Path) -> None:
    """Use the shot changes of this list in place of what is known, and say how many."""
    from granite_studio.pipeline.shots import read_list

    banners = studio.window.banners
    try:
        info = studio.recording.info
        shots = read_list(path, fps=info.video.fps if info and info.video else 0.0)
        beyond = studio.shots.bring(shots)
    except StudioError as error:
        banners.show_banner("shots", str(error), kind="bad")
        return
    banners.clear("shots")
    told = translated("{count} shot changes were imported from {name}.")
    told = told.format(count=len(shots.times) - beyond, name=path.name)
    if beyond:
        left = translated("Left out, since they come after the film's end: {count}.")
        told = f"{told} {left.format(count=beyond)}"
    if shots.is_rate_guessed:
        guess = translated("They do not say how many frames a second there are; {fps} is taken.")
        told = f"{told} {guess.format(fps=f'{shots.fps:g}')}"
    studio.window.job_bar.show_notice(told)


def _hand_on(studio: Studio, path: Path) -> None:
    from granite_studio.core.files import atomic_write
    from granite_studio.core.shots import dump_shots

    shots = studio.shots.known
    if shots is None:
        return
    try:
        atomic_write(path, dump_shots(shots.times, shots.fps).encode())
    except StudioError as error:
        studio.window.banners.show_banner("shots", str(error), kind="bad")
        return
    studio.window.banners.clear("shots")
    told = translated("{count} shot changes are in {name}.")
    studio.window.job_bar.show_notice(told.format(count=len(shots.times), name=path.name))


def _filter() -> str:
    return translated("Lists of shot changes ({patterns})").format(patterns="*.txt *.shots")


def _has_pictures(studio: Studio) -> bool:
    info = studio.recording.info
    return studio.session.media_path is not None and info is not None and info.video is not None
