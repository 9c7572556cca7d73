"""What can be asked of the engines: to hear, to be chosen, and to be looked at.

Read before the first paint, as the table of actions is: what brings numpy is imported inside.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from granite_studio.core.document import Span
from granite_studio.ui.acting import choose, chosen_span, translated

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from granite_studio.ui.studio import Studio


def hear(studio: Studio) -> None:
    """Hear what has not been heard yet."""
    _hear(studio, None)


def hear_from_here(studio: Studio) -> None:
    """Hear from the playhead on, and what is before it last; a run going on turns there."""
    first, project = studio.playback.position, studio.session.project

    def go_on(outcome: str) -> None:
        if outcome == "cancelled" and studio.session.project is project:
            _hear(studio, None, first=first)

    if studio.hearing.is_running:
        studio.hearing.ended.connect(go_on, Qt.ConnectionType.SingleShotConnection)
        studio.hearing.cancel()
    else:
        _hear(studio, None, first=first)


def hear_span(studio: Studio) -> None:
    """Hear the selected stretch again."""
    span = chosen_span(studio)
    if span is not None:
        _hear(studio, span)


def hear_finding(studio: Studio) -> None:
    """Hear what the chosen finding is about again, with what is said around it."""
    from granite_studio.core import edits

    row = studio.findings.chosen
    if row is not None:
        _hear(studio, edits.stretch_to_hear(studio.session.document, row.span))


def _hear(studio: Studio, span: Span | None, *, first: int = 0) -> None:
    """Hear as the settings say; what stands against it is said beside the way to change it."""
    from granite_studio.core.errors import EngineError
    from granite_studio.services.choosing import passes_now

    settings, language = studio.settings.now, studio.session.document.language
    banners = studio.window.banners
    try:
        passes = passes_now(settings, language, studio.fetching.folder)
        by_channel = settings.by_channel and studio.recording.has_person_per_channel
        studio.hearing.start(
            passes,
            device=settings.device,
            span=span,
            first=first,
            channels=2 if by_channel else 1,
        )
    except EngineError as error:
        change = (translated("Hear options …"), lambda: studio.show_dialog("hear"))
        banners.show_banner("engine", str(error), kind="bad", buttons=(change,))
    else:
        banners.clear("engine")


def fill_engines(studio: Studio, menu: QMenu) -> None:
    """All there are; one that is not ready leads to where that can be changed."""
    from granite_studio.engines import catalog  # brings numpy: not before the first paint
    from granite_studio.services.choosing import why_not

    settings = studio.settings.now
    folder = studio.fetching.folder
    problems = {entry.name: why_not(settings, entry, folder) for entry in catalog.ENTRIES}
    titles = {entry.name: entry.title for entry in catalog.ENTRIES}
    for name, title in {catalog.AUTO: translated("The best that is ready"), **titles}.items():
        problem = problems.get(name)
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(name == settings.engine)
        if problem is None:
            action.triggered.connect(partial(choose, studio, "engine", name))
        else:
            action.setText(translated("{title} (not ready) …").format(title=title))
            action.setToolTip(problem)
            action.triggered.connect(partial(show_models, studio, name))
    menu.addSeparator()
    options = menu.addAction(translated("Hear options …"))
    options.triggered.connect(partial(_show_dialog, studio, "hear"))


def show_models(studio: Studio, engine: str = "", _checked: bool = False) -> None:
    """Open the page of the models, at this engine."""
    from granite_studio.ui.dialogs.preferences import PreferencesPanel

    panel = studio.show_dialog("preferences")
    if isinstance(panel, PreferencesPanel):
        panel.show_models(engine)


def _show_dialog(studio: Studio, name: str, _checked: bool = False) -> None:
    studio.show_dialog(name)
