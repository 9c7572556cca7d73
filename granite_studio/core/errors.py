"""Failures a person can do something about: each carries one sentence to show."""

from __future__ import annotations


class StudioError(Exception):
    """Something could not be done. The message says what is wrong and what to do about it."""


class MediaError(StudioError):
    """A recording cannot be read."""


class FormatError(StudioError):
    """A transcript or subtitle file cannot be read or written."""


class ProjectError(StudioError):
    """A project file cannot be opened or saved."""


class EngineError(StudioError):
    """An engine cannot do what was asked of it."""
