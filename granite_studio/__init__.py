"""Granite Studio: from an interview to a correct transcript and well-timed subtitles."""

__version__ = "0.7.0"
