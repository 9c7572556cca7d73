"""The subtitle styles that can be chosen now: the program's, and those a person keeps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_studio.core.styles import Style, Styles, renamed
from granite_studio.store import styles


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

    def take(self, path: Path) -> Style:
        """Keep a copy of the style in this file, and give it. Raises as `keep`."""
        new = self._now.load(styles.read_text(path))
        if new.name in self._now:
            new = renamed(new, new.title, self._now)
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
