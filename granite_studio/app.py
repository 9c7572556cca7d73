"""Builds the window and all behind it, and runs it: the one module that knows every layer."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QSize, QTimer
from PySide6.QtWidgets import QApplication

from granite_studio.core.errors import ProjectError
from granite_studio.services.settings import SettingsKeeper
from granite_studio.store import places
from granite_studio.ui import theme
from granite_studio.ui.action_set import ActionSet
from granite_studio.ui.main_window import MainWindow
from granite_studio.ui.memory import Memory
from granite_studio.ui.player.media_bar import MediaBar
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.studio import Studio

if TYPE_CHECKING:
    from granite_studio.engines.serving import EngineProcess
    from granite_studio.media.client import MediaReader
    from granite_studio.services.jobs import Jobs

log = logging.getLogger(__name__)


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
    from granite_studio.ui.dialogs.makers import makers
    from granite_studio.ui.findings import Findings
    from granite_studio.ui.mending import Mending
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
    from granite_studio.ui.wiring import connect

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
        cue_deeds=CueDeeds(session, playback, subtitles, window),
        mending=Mending(session, quick_jobs, subtitles, window),
        settings=frame.settings,
        styles=StyleKeeper(places.styles_dir(), window),
        memory=frame.memory,
    )
    connect(studio, frame.actions)
    studio.dialogs.update(makers(studio, frame.actions, quick_jobs))
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
    program.studio.opening.get_ready()
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
