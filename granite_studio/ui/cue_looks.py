"""Italics, colours and places of the chosen cues, or of the words chosen in the transcript."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu

from granite_studio.ui.acting import Call, translated

if TYPE_CHECKING:
    from granite_studio.core.cues import Cue
    from granite_studio.core.document import Document
    from granite_studio.core.edits import Place
    from granite_studio.ui.studio import Studio

    Range = tuple[Place, Place]

_NAMES = {
    "white": "White",
    "lime": "Green",
    "cyan": "Cyan",
    "red": "Red",
    "yellow": "Yellow",
    "magenta": "Magenta",
    "blue": "Blue",
    "black": "Black",
}
_PLACES = (
    (8, "Above"),
    (7, "Above, left"),
    (9, "Above, right"),
    (5, "In the middle"),
    (4, "In the middle, left"),
    (6, "In the middle, right"),
    (2, "Below"),
    (1, "Below, left"),
    (3, "Below, right"),
)


def chosen_cues(studio: Studio) -> list[Cue]:
    """The cues that are selected in the list; else the one at the playhead, if there is one."""
    studio.subtitles.catch_up()
    cue = studio.subtitles.at(studio.playback.position)
    return studio.cues.chosen() or ([cue] if cue else [])


def split(studio: Studio) -> None:
    """Part a cue at the cursor where it is being written, else at the playhead."""
    if not studio.cues.split_in_text():
        studio.cue_deeds.split()


def merge(studio: Studio) -> None:
    """Make one cue of the chosen ones; what is being written in one of them is taken first."""
    studio.cues.finish_writing()
    studio.subtitles.catch_up()
    studio.cue_deeds.merge(studio.cues.chosen())


def release(studio: Studio) -> None:
    """Let the style cut the chosen cues; what is being written in one of them is taken first."""
    studio.cues.finish_writing()
    studio.cue_deeds.release(chosen_cues(studio))


def toggle(tag: str) -> Call:
    """Give the chosen words this look, or take it off where all of them have it."""

    def act(studio: Studio) -> None:
        from granite_studio.core import edits

        document = studio.session.document
        ranges = _chosen(studio)
        has_it = bool(ranges) and all(edits.has_emphasis(document, *r, tag) for r in ranges)
        change = partial(edits.plain if has_it else edits.emphasize, tag=tag)
        _commit(studio, ranges, change)

    return act


def fill_colours(studio: Studio, menu: QMenu) -> None:
    """List the colours that subtitles can have, and none."""
    from granite_studio.core.emphasis import COLOURS

    for name, value in COLOURS.items():
        swatch = QPixmap(16, 16)
        swatch.fill(QColor(f"#{value}"))
        action = menu.addAction(QIcon(swatch), translated(_NAMES[name]))
        action.triggered.connect(lambda _on, tag=f"c.{name}": _colour(studio, tag))
    menu.addSeparator()
    menu.addAction(translated("No colour")).triggered.connect(lambda: _colour(studio, ""))


def fill_places(studio: Studio, menu: QMenu) -> None:
    """List the nine places on screen; that of the first chosen cue is marked."""
    from granite_studio.core import edits

    cues = chosen_cues(studio)
    now = edits.alignment_of(cues[0].settings) if cues else None
    for alignment, text in _PLACES:
        if text in ("In the middle", "Below"):
            menu.addSeparator()
        action = menu.addAction(translated(text))
        action.setCheckable(True)
        action.setChecked(alignment == now)
        action.triggered.connect(lambda _on, place=alignment: _place(studio, place))


def _colour(studio: Studio, tag: str) -> None:
    from granite_studio.core import edits
    from granite_studio.core.emphasis import COLOURS

    if tag:
        _commit(studio, _chosen(studio), partial(edits.emphasize, tag=tag))
        return

    def without(document: Document, start: Place, end: Place) -> Document:
        for name in COLOURS:
            document = edits.plain(document, start, end, f"c.{name}")
        return document

    _commit(studio, _chosen(studio), without)


def _place(studio: Studio, alignment: int) -> None:
    from granite_studio.core import edits

    document, cues = studio.session.document, chosen_cues(studio)
    for cue in cues:
        document = edits.place_cue(document, cue.first, cue.last, alignment)
    studio.session.commit(document, translated("Put a cue in another place"))
    told = translated("Place on screen of {count} cues: {place}.")
    name = translated(dict(_PLACES)[alignment]).lower()
    studio.window.job_bar.show_notice(told.format(count=len(cues), place=name))


def _chosen(studio: Studio) -> list[Range]:
    from granite_studio.core import edits

    selection = studio.transcript.selection
    is_in_list = studio.cues.isAncestorOf(QApplication.focusWidget() or studio.transcript)
    if selection is not None and not is_in_list:
        return [selection]
    document = studio.session.document
    ranges = []
    for cue in chosen_cues(studio):
        last = edits.find_word(document, cue.last)
        ranges.append((edits.find_word(document, cue.first), edits.Place(last.row, last.word + 1)))
    return ranges


def _commit(
    studio: Studio, ranges: list[Range], change: Callable[[Document, Place, Place], Document]
) -> None:
    document = studio.session.document
    for start, end in ranges:
        document = change(document, start, end)
    studio.session.commit(document, translated("Change how words look"))
