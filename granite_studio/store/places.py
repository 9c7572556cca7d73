"""The folders of the person who uses the program, made when they are first asked for."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from granite_studio.core.errors import ProjectError

_NAME = "granite-studio"


def data_dir() -> Path:
    """What must last: backups, and projects whose recording's folder cannot be written."""
    return _made(platformdirs.user_data_path(_NAME, appauthor=False))


def cache_dir() -> Path:
    """What can be made again: peaks, journals of command-line runs."""
    return _made(platformdirs.user_cache_path(_NAME, appauthor=False))


def log_dir() -> Path:
    """What the program and its worker processes have to say."""
    return _made(platformdirs.user_log_path(_NAME, appauthor=False))


def config_dir() -> Path:
    """The person's settings and styles."""
    return _made(platformdirs.user_config_path(_NAME, appauthor=False))


def styles_dir() -> Path:
    """Subtitle styles of the person's own, a file for each; made with the first of them."""
    return config_dir() / "styles"


def backups_dir() -> Path:
    """Rolling backups, a folder for each project."""
    return _made(data_dir() / "backups")


def projects_dir() -> Path:
    """Projects of recordings in folders that cannot be written."""
    return _made(data_dir() / "projects")


def models_dir() -> Path:
    """Models of the engines, a folder for each, fetched when a person asks for them."""
    return _made(data_dir() / "models")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(
            f"The folder “{folder}” cannot be made ({error.strerror}); check who may write there."
        ) from error
    return folder
