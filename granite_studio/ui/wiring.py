"""Who hears whom in the window."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from granite_studio.core.errors import ProjectError
from granite_studio.core.shots import Film
from granite_studio.core.styles import DEFAULT
from granite_studio.ui.action_set import ActionSet
from granite_studio.ui.dropping import take as take_dropped
from granite_studio.ui.main_window import Panels
from granite_studio.ui.review_deeds import show_words
from granite_studio.ui.shot_deeds import stop as stop_pictures
from granite_studio.ui.side_telling import SideTeller
from granite_studio.ui.studio import Studio
from granite_studio.ui.telling import Teller
from granite_studio.ui.transcript.spoken import spoken_at
from granite_studio.ui.transcript_panel import TranscriptPanel

_OPENED_MS = 2000
"""By then even a long project is open and drawn."""

_TIMELINE_MENU = (
    "listen.span", "listen.hear_span", "", "cues.make", "cues.split", "cues.merge", "cues.start",
    "cues.end", "cues.release", "", "view.zoom_selection", "view.zoom_in", "view.zoom_out",
    "view.zoom_fit",
)  # fmt: skip
_LISTED = ("cues.list_all", "cues.list_findings", "cues.list_errors", "cues.list_by_hand")
_CUES_MENU = (
    "listen.span", "", "cues.split", "cues.merge", "cues.mend", "cues.release", "", "cues.italic",
    "cues.bold", "cues.underline", "cues.colour", "cues.place", "", "cues.move", "cues.kept",
)  # fmt: skip


def connect(studio: Studio, actions: ActionSet) -> None:
    """Let the parts hear one another. Their own connections are older, in the order in which they
    were built."""
    window = studio.window
    window.place(
        Panels(
            transcript=TranscriptPanel(
                studio.session,
                studio.hearing,
                studio.transcript,
                studio.find_bar,
                actions.actions["listen.hear"],
            ),
            cues=studio.cues,
            findings=studio.findings,
            translation=studio.translation,
            video=studio.video,
            timeline=studio.timeline,
        )
    )
    teller = Teller(studio)
    SideTeller(studio)
    actions.failed.connect(teller.tell_failed)
    actions.connect_studio(studio)
    studio.media_bar.set_engine_menu(actions.submenu("listen.engine"))
    studio.translation.set_action(actions.actions["cues.translate"])
    studio.findings.set_actions(actions.actions)
    studio.transcript.place_changed.connect(lambda _place: _leave_soon(studio))
    studio.playback.snap = lambda ms: _word_start(studio, ms)
    studio.recording.drawn.connect(
        lambda peaks, total: studio.timeline.set_peaks(peaks, total_ms=total)
    )
    studio.shots.changed.connect(partial(_show_shots, studio))
    studio.timeline.place_selected.connect(studio.transcript.reveal)
    studio.timeline.cue_selected.connect(studio.cues.choose)
    studio.timeline.context_requested.connect(
        lambda point, _ms: actions.popup(_TIMELINE_MENU, point)
    )
    studio.findings.went_to.connect(partial(show_words, studio))
    studio.video.pressed.connect(actions.actions["listen.play"].trigger)
    studio.cues.menu_asked.connect(partial(actions.popup, _CUES_MENU))
    studio.cues.columns_asked.connect(actions.submenu("cues.columns").popup)
    studio.cues.refused.connect(teller.tell_failed)
    studio.cues.style_chosen.connect(lambda name: studio.settings.change(style=name))
    window.job_bar.stop_pressed.connect(actions.actions["listen.stop"].trigger)
    window.job_bar.stop_pressed.connect(window.job_bar.show_stopping)
    window.job_bar.side.stop_pressed.connect(partial(stop_pictures, studio))
    window.job_bar.findings_pressed.connect(window.show_findings)
    window.welcome.open_pressed.connect(studio.opening.ask)
    window.welcome.sample_pressed.connect(studio.opening.open_sample)
    window.welcome.recent_pressed.connect(studio.opening.open_project)
    window.welcome.models_pressed.connect(actions.actions["listen.models"].trigger)
    window.open_requested.connect(partial(take_dropped, studio))
    window.may_close = partial(_may_close, studio)
    window.closing.connect(lambda: studio.memory.keep_places(window.layout_state()))
    studio.opening.opened.connect(lambda path: _remember(studio, path))
    studio.settings.changed.connect(lambda _now: _configure(studio))
    studio.styles.changed.connect(partial(_configure, studio))
    studio.cues.set_styles(studio.styles, actions.actions["cues.edit_styles"])
    studio.cues.set_sieve(
        actions.actions["cues.list_findings"], [actions.actions[name] for name in _LISTED]
    )
    studio.findings.judged.connect(studio.cues.listed.set_found)
    _configure(studio)
    _spare_collector(studio)


def _show_shots(studio: Studio) -> None:
    known = studio.shots.known
    times = known.times if known else ()
    studio.timeline.set_shots(times)
    studio.subtitles.set_film(Film.of(times, known.fps) if known else None)


def _spare_collector(studio: Studio) -> None:
    """Keep Python's collector from looking through the words of the open project.

    It would do so every few hundred edits, and stop the window for a tenth of a second each time;
    and while its cues are cut, for longer. A project that is closed goes without the collector.
    """
    opened = QTimer(studio.window, interval=_OPENED_MS, singleShot=True)
    opened.timeout.connect(gc.freeze)
    studio.session.replaced.connect(gc.freeze)
    studio.session.replaced.connect(opened.start)


def _configure(studio: Studio) -> None:
    """Let every part follow the person's settings."""
    settings = studio.settings.now
    studio.playback.rewind_ms = settings.rewind_ms
    studio.opening.language = settings.language
    studio.transcript.seek_on = "click" if settings.click_seeks else "double-click"
    studio.cues.set_columns(settings.cue_columns)
    known = studio.styles.now
    guide = known.get(settings.style if settings.style in known else DEFAULT)
    if guide != studio.subtitles.guide:
        studio.subtitles.set_style(guide)


def _leave_soon(studio: Studio) -> None:
    """Align what was typed once the cursor is elsewhere, when the key that moved it is done."""

    def leave() -> None:
        segments, row = studio.session.document.segments, studio.transcript.place.row
        studio.aligning.leave(segments[row].id if row < len(segments) else None)

    QTimer.singleShot(0, studio.window, leave)


def _word_start(studio: Studio, ms: int) -> int:
    """The start of the word that is heard at this moment, else the moment itself."""
    document = studio.session.document
    place = spoken_at(document, ms)
    if place is None:
        return ms
    return min(ms, document.segments[place.row].words[place.word].start)


def _remember(studio: Studio, path: Path) -> None:
    studio.memory.add_recent(path)
    studio.window.welcome.set_recent(studio.memory.recent)


def _may_close(studio: Studio) -> bool:
    """Whether all is on the disk; if not, a banner asks what to do."""
    try:
        if studio.session.project is not None:
            studio.session.project.flush()
    except ProjectError as error:
        copy = (studio.window.tr("Save a copy elsewhere …"), studio.project.save_copy)
        anyway = (studio.window.tr("Close and lose the last changes"), studio.window.abandon)
        studio.window.banners.show_banner(
            "saving", str(error), kind="bad", buttons=(copy, anyway), closable=False
        )
        return False
    return True
