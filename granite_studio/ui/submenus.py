"""Menus inside menus that list what there is: files that were open, and styles."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from granite_studio.ui.acting import choose, translated

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from granite_studio.ui.studio import Studio

_AS_FITS = ("auto",)
_KIN = 4
"""A publisher with more styles than so many has a menu of its own."""


def fill_recent(studio: Studio, menu: QMenu) -> None:
    """List what was open lately."""
    from granite_studio.store.opening import SUFFIX

    for path in studio.memory.recent:
        if path.suffix == SUFFIX:
            name = path.stem.replace("&", "&&")
            action = menu.addAction(f"{name}\t{path.parent.name}")
            action.setToolTip(str(path))
            action.triggered.connect(partial(_open_recent, studio, path))
    if menu.isEmpty():
        menu.addAction(translated("Nothing was opened yet")).setEnabled(False)


def _open_recent(studio: Studio, path: Path, _checked: bool = False) -> None:
    studio.opening.open_project(path)


def fill_columns(studio: Studio, menu: QMenu) -> None:
    """List the figures of a cue that can have a column, as they are shown now."""
    is_free = studio.settings.now.cue_columns == _AS_FITS
    action = menu.addAction(translated("As many as there is room for"))
    action.setCheckable(True)
    action.setChecked(is_free)
    action.triggered.connect(partial(_show_columns, studio, _AS_FITS))
    menu.addSeparator()
    columns = studio.cues.columns()
    shown = [name for name, (_, is_shown) in columns.items() if is_shown]
    if not is_free:
        shown = [name for name in columns if name in studio.settings.now.cue_columns]
    for name, (title, _) in columns.items():
        others = tuple(each for each in columns if (each in shown) != (each == name))
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(name in shown)
        action.triggered.connect(partial(_show_columns, studio, others))


def _show_columns(studio: Studio, names: tuple[str, ...], _checked: bool = False) -> None:
    studio.settings.change(cue_columns=names)


def fill_styles(studio: Studio, menu: QMenu) -> None:
    """List the styles; those of a publisher with many are in a menu of their own."""
    for old in menu.findChildren(type(menu)):
        old.deleteLater()  # those of the last time, which clearing leaves
    kin = Counter(guide.title.partition(", ")[0] for guide in studio.styles.now)
    inner: dict[str, QMenu] = {}
    for guide in studio.styles.now:
        publisher, _, rest = guide.title.partition(", ")
        place, text = menu, guide.title
        if rest and kin[publisher] > _KIN:
            if publisher not in inner:
                inner[publisher] = menu.addMenu(publisher.replace("&", "&&"))
            place, text = inner[publisher], rest
        action = place.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(guide.name == studio.subtitles.style.name)
        action.triggered.connect(partial(choose, studio, "style", guide.name))
