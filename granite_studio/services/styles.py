"""The subtitle styles that can be chosen now: the program's, and those a person keeps."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_studio.core.styles import Style, Styles, renamed
from granite_studio.store import styles

_NUMBERED = re.compile(r" \(\d+\)\Z")


class StyleKeeper(QObject):
    """The styles, and the folder that keeps a person's own; what is told is on the disk."""

    changed = Signal()
    """Other styles, or other numbers in one of them."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._now = styles.read(folder)

    @property
    def now(self) -> Styles:
        return self._now

    def keep(self, guide: Style, *, instead_of: str = "") -> None:
        """Write a style of the person's own; the one named `instead_of` gives way to it.

        Raises `FormatError`, and then everything is as it was.
        """
        styles.write(self._folder, self._now, guide)
        if instead_of in self._now.own and instead_of != guide.name:
            styles.remove(self._folder, self._now, instead_of)
        self._read()

    def duplicate(self, name: str, title: str) -> Style:
        """Keep a copy of this style under a title of its own, and give it. Raises as `keep`."""
        copy = renamed(self._now.get(name), title, self._now)
        self.keep(copy)
        return copy

    def read(self, path: Path) -> Style:
        """The style in this file; nothing is kept. Raises `FormatError`."""
        return self._now.load(styles.read_text(path))

    def twin(self, new: Style) -> Style | None:
        """The style there is that says the same, but for a name that `take` gave it."""
        for guide in self._now:
            is_titled = new.title in (guide.title, _NUMBERED.sub("", guide.title))
            if is_titled and replace(guide, name=new.name, title=new.title) == new:
                return guide
        return None

    def take(self, new: Style) -> Style:
        """Keep this style beside the others, under a name and a title that are free, and give it
        as it is kept. Raises as `keep`."""
        if new.name in self._now:
            titles = {guide.title for guide in self._now}
            numbered = (f"{new.title} ({number})" for number in count(2))
            title = next(text for text in chain([new.title], numbered) if text not in titles)
            new = renamed(new, title, self._now)
        self.keep(new)
        return new

    def rename(self, name: str, title: str) -> Style:
        """Give one of the person's styles another title, and a name after it. Raises as `keep`."""
        others = {guide.name for guide in self._now} - {name}
        new = renamed(self._now.own[name], title, others)
        self.keep(new, instead_of=name)
        return new

    def remove(self, name: str) -> None:
        """Delete one of the person's styles. Raises `FormatError`."""
        styles.remove(self._folder, self._now, name)
        self._read()

    def _read(self) -> None:
        self._now = styles.read(self._folder)
        self.changed.emit()
