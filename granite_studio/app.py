"""Builds the window and all behind it, and runs it: the one module that knows every layer."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from granite_studio.core.errors import ProjectError
from granite_studio.core.styles import DEFAULT
from granite_studio.services.settings import SettingsKeeper
from granite_studio.store import places
from granite_studio.ui import theme
from granite_studio.ui.action_set import ActionSet
from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.main_window import MainWindow, Panels
from granite_studio.ui.memory import Memory
from granite_studio.ui.player.media_bar import MediaBar
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.studio import Studio

if TYPE_CHECKING:
    from granite_studio.engines.serving import EngineProcess
    from granite_studio.media.client import MediaReader
    from granite_studio.services.jobs import Jobs

log = logging.getLogger(__name__)

_OPENED_MS = 2000
"""By then even a long project is open and drawn."""

_TIMELINE_MENU = (
    "listen.span", "listen.hear_span", "", "cues.make", "cues.split", "cues.merge", "cues.start",
    "cues.end", "cues.release", "", "view.zoom_selection", "view.zoom_in", "view.zoom_out",
    "view.zoom_fit",
)  # fmt: skip
_CUES_MENU = (
    "listen.span", "", "cues.split", "cues.merge", "cues.mend", "cues.release", "", "cues.italic",
    "cues.bold", "cues.underline", "cues.colour", "cues.place", "", "cues.move", "cues.kept",
)  # fmt: skip


@dataclass(slots=True)
class Frame:
    """What is painted first: the empty window with its menus and bars."""

    window: MainWindow
    actions: ActionSet
    playback: Playback
    media_bar: MediaBar
    settings: SettingsKeeper
    memory: Memory


@dataclass(slots=True)
class Engine:
    """What works behind the window, in threads and child processes."""

    jobs: tuple[Jobs, ...]
    reader: MediaReader
    process: EngineProcess


def build_frame(settings: SettingsKeeper) -> Frame:
    """Build what the first paint needs, and nothing that takes long to load."""
    memory = Memory(places.config_dir() / "window.json")
    window = MainWindow()
    actions = ActionSet(window)
    actions.fill_menu_bar(window.menuBar())
    playback = Playback(window)
    media_bar = MediaBar(playback, actions.actions)
    window.place_bar(media_bar, actions.actions["view.palette"])
    window.welcome.set_recent(memory.recent)
    return Frame(window, actions, playback, media_bar, settings, memory)


def furnish(frame: Frame) -> tuple[Studio, Engine]:
    """Build the panels and everything behind them, and connect it all."""
    from granite_studio.engines import download
    from granite_studio.engines.serving import EngineProcess
    from granite_studio.media.client import MediaReader
    from granite_studio.services.aligning import Aligning
    from granite_studio.services.burning import Burning
    from granite_studio.services.fetching import Fetching
    from granite_studio.services.hearing import Hearing
    from granite_studio.services.jobs import Jobs
    from granite_studio.services.matching import Matching
    from granite_studio.services.session import Session
    from granite_studio.services.shots import ShotChanges
    from granite_studio.services.styles import StyleKeeper
    from granite_studio.services.translating import Translating
    from granite_studio.store import logs
    from granite_studio.ui.cue_deeds import CueDeeds
    from granite_studio.ui.cues.cue_list import CueList
    from granite_studio.ui.findings import Findings
    from granite_studio.ui.opening import Opening
    from granite_studio.ui.palette import Palette
    from granite_studio.ui.player.video_view import VideoView
    from granite_studio.ui.printing import Printing
    from granite_studio.ui.project_deeds import ProjectDeeds
    from granite_studio.ui.recording import Recording
    from granite_studio.ui.subtitles import Subtitles
    from granite_studio.ui.timeline.timeline import Timeline
    from granite_studio.ui.transcript.find_bar import FindBar
    from granite_studio.ui.transcript.surface import TranscriptView
    from granite_studio.ui.translation.panel import TranslationPanel

    window, playback = frame.window, frame.playback
    session = Session(window)
    # A recording's outline must wait neither for an export nor for a transcription.
    engine_jobs, quick_jobs, sound_jobs, picture_jobs, model_jobs = all_jobs = tuple(
        Jobs(name, window) for name in ("engine", "quick", "sound", "pictures", "models")
    )
    reader = MediaReader(places.cache_dir(), logs.path_of("media"))
    process = EngineProcess(logs.path_of("engine"))
    subtitles = Subtitles(session, window)
    recording = Recording(session, playback, sound_jobs, reader, window)
    shots = ShotChanges(session, picture_jobs, reader, window)
    transcript = TranscriptView(session, playback)
    studio = Studio(
        window=window,
        media_bar=frame.media_bar,
        palette=Palette(frame.actions, window),
        session=session,
        playback=playback,
        subtitles=subtitles,
        recording=recording,
        hearing=Hearing(session, engine_jobs, reader, process, window),
        translating=Translating(session, engine_jobs, reader, process, window),
        aligning=Aligning(
            session, quick_jobs, engine_jobs, reader, process, places.cache_dir(), window
        ),
        matching=Matching(session, engine_jobs, reader, process, window),
        shots=shots,
        burning=Burning(session, picture_jobs, reader, window),
        fetching=Fetching(
            model_jobs,
            places.models_dir(),
            window,
            download=download.download,
            remove=download.remove,
        ),
        opening=Opening(session, quick_jobs, reader, window),
        project=ProjectDeeds(session, quick_jobs, recording, window),
        printing=Printing(session, quick_jobs, frame.settings, window),
        transcript=transcript,
        find_bar=FindBar(transcript),
        timeline=Timeline(session, playback, subtitles),
        cues=CueList(session, playback, subtitles),
        video=VideoView(session, playback, subtitles),
        findings=Findings(session, playback, subtitles),
        translation=TranslationPanel(session, playback),
        cue_deeds=CueDeeds(session, playback, subtitles, shots, window),
        settings=frame.settings,
        styles=StyleKeeper(places.styles_dir(), window),
        memory=frame.memory,
    )
    _connect(studio, frame)
    _add_dialogs(studio, frame, quick_jobs)
    return studio, Engine(all_jobs, reader, process)


class Program(QObject):
    """A furnished window: what `build` gives to tests and scripts, and `run` runs."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.window)
        self.frame = frame
        self.studio, self._engine = furnish(frame)
        for part in (frame.actions, frame.media_bar, frame.window.job_bar):
            part.dress()

    def shut_down(self) -> None:
        """Stop all work, write what waits, and end the child processes."""
        studio = self.studio
        for work in (studio.hearing, studio.translating, studio.aligning, studio.matching):
            work.cancel()
        studio.playback.open(None)
        for jobs in self._engine.jobs:
            jobs.shutdown()
        self._engine.process.close()
        self._engine.reader.close()
        project = studio.session.project
        try:
            studio.session.close()
        except ProjectError:
            log.exception("the last changes could not be written")
            if project is not None:
                project.close(abandon=True)


def build() -> Program:
    """Build everything at once, for tests and scripts. The application must be there."""
    return Program(build_frame(SettingsKeeper(places.config_dir() / "settings.json")))


def run(argv: list[str]) -> int:
    """Open the window on what the command line names; returns the exit code."""
    options = _parse(argv)
    if not _has_display():
        print(
            "There is no display here to open a window on; to work without one, "
            "see granite-studio --help.",
            file=sys.stderr,
        )
        return 2
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("granite-studio")
    app.setApplicationDisplayName("")  # the window's title has it already
    app.setDesktopFileName("granite-studio")
    settings = SettingsKeeper(places.config_dir() / "settings.json")
    theme.apply(app, "dark" if options.dark else settings.now.theme)
    frame = build_frame(settings)
    if options.screenshot is None:
        frame.window.restore_layout_state(frame.memory.places)
    if options.size is not None:
        frame.window.resize(options.size)
    running: list[Program] = []

    def go_on() -> None:
        try:
            running.append(_start(app, frame, options))
        except BaseException:
            app.exit(2)  # a window without panels is no use to anybody; the log says why
            raise

    # The panels load what is large; the person sees the window before that.
    frame.window.first_painted.connect(lambda: QTimer.singleShot(0, frame.window, go_on))
    frame.window.show()
    code = app.exec()
    for program in running:
        program.shut_down()
    return code


def _start(app: QApplication, frame: Frame, options: argparse.Namespace) -> Program:
    """Everything that follows the first paint."""
    from granite_studio.store import logs
    from granite_studio.ui.trouble import Trouble

    logs.start("window")
    sys.excepthook = Trouble(frame.window).tell
    program = Program(frame)
    app.setWindowIcon(theme.app_icon())
    settings = frame.settings

    def follow_desktop() -> None:
        if settings.now.theme == "system" and not options.dark:
            theme.apply(app, "system")

    app.styleHints().colorSchemeChanged.connect(follow_desktop)
    if not options.dark:
        settings.changed.connect(lambda now: theme.apply(app, now.theme))
    if options.screenshot is not None:
        from granite_studio.ui.shot import Shot

        Shot(program.studio, options.screenshot).finished.connect(app.exit)
    if options.paths:
        program.studio.opening.open_paths([Path(path) for path in options.paths])
    else:
        program.studio.recording.get_ready()
    return program


def _has_display() -> bool:
    """Without one Qt would end the process with a signal."""
    if sys.platform in ("win32", "darwin"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="granite-studio", usage="granite-studio [FILE]")
    parser.add_argument("paths", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--screenshot", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dark", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=_size, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _size(text: str) -> QSize:
    width, cross, height = text.partition("x")
    if not (cross and width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"a size is 1440x900, not {text!r}")
    return QSize(int(width), int(height))


def _connect(studio: Studio, frame: Frame) -> None:
    """Who hears whom. The order of the panels' own connections was set by `furnish`."""
    from granite_studio.ui.review_deeds import show_words
    from granite_studio.ui.shot_deeds import stop as stop_pictures
    from granite_studio.ui.side_telling import SideTeller
    from granite_studio.ui.telling import Teller
    from granite_studio.ui.transcript_panel import TranscriptPanel

    window, actions = studio.window, frame.actions
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
    window.open_requested.connect(studio.opening.open_paths)
    window.may_close = partial(_may_close, studio)
    window.closing.connect(lambda: studio.memory.keep_places(window.layout_state()))
    studio.opening.opened.connect(lambda path: _remember(studio, path))
    studio.settings.changed.connect(lambda _now: _configure(studio))
    studio.styles.changed.connect(partial(_configure, studio))
    studio.cues.set_styles(studio.styles, actions.actions["cues.edit_styles"])
    _configure(studio)
    _spare_collector(studio)


def _show_shots(studio: Studio) -> None:
    known = studio.shots.known
    times = known.times if known else ()
    studio.timeline.set_shots(times)
    studio.subtitles.set_shots(times)


def _spare_collector(studio: Studio) -> None:
    """Keep Python's collector from looking through the words of the open project.

    It would do so every few hundred edits, and stop the window for a tenth of a second each time.
    """
    opened = QTimer(studio.window, interval=_OPENED_MS, singleShot=True)
    opened.timeout.connect(gc.freeze)
    studio.session.replaced.connect(gc.unfreeze)
    studio.session.replaced.connect(opened.start)


def _configure(studio: Studio) -> None:
    """Let every part follow the person's settings."""
    settings = studio.settings.now
    studio.playback.rewind_ms = settings.rewind_ms
    studio.opening.language = settings.language
    studio.transcript.seek_on = "click" if settings.click_seeks else "double-click"
    known = studio.styles.now
    guide = known.get(settings.style if settings.style in known else DEFAULT)
    if guide != studio.subtitles.style:
        studio.subtitles.set_style(guide)


def _add_dialogs(studio: Studio, frame: Frame, quick: Jobs) -> None:
    """The panels with a window of their own, loaded when they are first wanted."""
    window, settings = studio.window, studio.settings

    def export() -> QWidget:
        from granite_studio.ui.dialogs.export import ExportPanel

        return ExportPanel(
            *(studio.session, quick, settings, studio.styles, window),
            shots=lambda: studio.subtitles.shots,
        )

    def hear() -> QWidget:
        from granite_studio.ui.dialogs.hear_options import HearOptions
        from granite_studio.ui.engine_deeds import show_models

        hear = frame.actions.actions["listen.hear"]
        panel = HearOptions(
            settings, studio.session, studio.fetching, hear, studio.recording, window
        )
        panel.models_pressed.connect(partial(show_models, studio))
        return panel

    def move() -> QWidget:
        from granite_studio.ui.dialogs.move_cues import MoveCues

        return MoveCues(
            studio.session, studio.subtitles, studio.playback, studio.cues.chosen, window
        )

    def kept() -> QWidget:
        from granite_studio.ui.dialogs.kept_cues import KeptCues

        return KeptCues(studio.session, studio.subtitles, studio.playback, window)

    def align() -> QWidget:
        from granite_studio.ui.dialogs.align_text import AlignPanel

        return AlignPanel(studio.session, studio.matching, settings, studio.fetching, window)

    def burn() -> QWidget:
        from granite_studio.ui.dialogs.burn import BurnPanel

        return BurnPanel(
            studio.session,
            studio.burning,
            studio.subtitles,
            studio.recording,
            settings,
            window,
        )

    def preferences() -> QWidget:
        from granite_studio.engines import greeting, keys
        from granite_studio.ui.dialogs.models_page import ModelsPage
        from granite_studio.ui.dialogs.preferences import PreferencesPanel
        from granite_studio.ui.dialogs.server_card import ServerCard

        server = ServerCard(settings, quick, keys, greeting.served)
        page = ModelsPage(settings, studio.fetching, server, lambda: studio.hearing.ran_on)
        studio.hearing.ended.connect(page.look)
        return PreferencesPanel(settings, studio.styles, page, window)

    def styles() -> QWidget:
        from granite_studio.ui.dialogs.styles_panel import StylesPanel

        return StylesPanel(studio.styles, studio.session, settings, window)

    def quality() -> QWidget:
        from granite_studio.ui.dialogs.quality_panel import QualityPanel

        return QualityPanel(studio.session, quick, studio.subtitles, window)

    def log_view() -> QWidget:
        from granite_studio.ui.dialogs.log_view import LogPanel

        return LogPanel(window)

    def help_panel() -> QWidget:
        from granite_studio.ui.dialogs.help import HelpPanel

        return HelpPanel(ACTIONS, window)

    studio.dialogs.update(
        {
            "export": export,
            "hear": hear,
            "align": align,
            "burn": burn,
            "preferences": preferences,
            "styles": styles,
            "quality": quality,
            "move": move,
            "kept": kept,
            "log": log_view,
            "help": help_panel,
        }
    )


def _leave_soon(studio: Studio) -> None:
    """Align what was typed once the cursor is elsewhere, when the key that moved it is done."""

    def leave() -> None:
        segments, row = studio.session.document.segments, studio.transcript.place.row
        studio.aligning.leave(segments[row].id if row < len(segments) else None)

    QTimer.singleShot(0, studio.window, leave)


def _word_start(studio: Studio, ms: int) -> int:
    """The start of the word that is heard at this moment, else the moment itself."""
    from granite_studio.ui.transcript.spoken import spoken_at

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
