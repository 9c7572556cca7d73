"""Everything that an action may reach, once the window has been built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from granite_studio.services.aligning import Aligning
    from granite_studio.services.burning import Burning
    from granite_studio.services.fetching import Fetching
    from granite_studio.services.hearing import Hearing
    from granite_studio.services.matching import Matching
    from granite_studio.services.session import Session
    from granite_studio.services.settings import SettingsKeeper
    from granite_studio.services.shots import ShotChanges
    from granite_studio.services.styles import StyleKeeper
    from granite_studio.services.translating import Translating
    from granite_studio.ui.cue_deeds import CueDeeds
    from granite_studio.ui.cues.cue_list import CueList
    from granite_studio.ui.findings import Findings
    from granite_studio.ui.main_window import MainWindow
    from granite_studio.ui.memory import Memory
    from granite_studio.ui.mending import Mending
    from granite_studio.ui.opening import Opening
    from granite_studio.ui.palette import Palette
    from granite_studio.ui.player.media_bar import MediaBar
    from granite_studio.ui.player.playback import Playback
    from granite_studio.ui.player.video_view import VideoView
    from granite_studio.ui.printing import Printing
    from granite_studio.ui.project_deeds import ProjectDeeds
    from granite_studio.ui.recording import Recording
    from granite_studio.ui.subtitles import Subtitles
    from granite_studio.ui.timeline.timeline import Timeline
    from granite_studio.ui.transcript.find_bar import FindBar
    from granite_studio.ui.transcript.surface import TranscriptView
    from granite_studio.ui.translation.panel import TranslationPanel


@dataclass(slots=True)
class Studio:
    """The parts by name. `app` fills it in; actions and stories read it."""

    window: MainWindow
    media_bar: MediaBar
    palette: Palette
    session: Session
    playback: Playback
    subtitles: Subtitles
    recording: Recording
    hearing: Hearing
    translating: Translating
    aligning: Aligning
    matching: Matching
    shots: ShotChanges
    burning: Burning
    fetching: Fetching
    opening: Opening
    project: ProjectDeeds
    printing: Printing
    transcript: TranscriptView
    find_bar: FindBar
    timeline: Timeline
    cues: CueList
    video: VideoView
    findings: Findings
    translation: TranslationPanel
    cue_deeds: CueDeeds
    mending: Mending
    settings: SettingsKeeper
    styles: StyleKeeper
    memory: Memory
    dialogs: dict[str, Callable[[], QWidget]] = field(default_factory=dict)
    """Panels that are made when they are first wanted: "export", "preferences", "help" ..."""
    _made: dict[str, QWidget] = field(default_factory=dict)

    def show_dialog(self, name: str) -> QWidget:
        """Show this panel beside the work; it can stay open."""
        dialog = self._made.get(name)
        if dialog is None:
            dialog = self._made[name] = self.dialogs[name]()
            dialog.destroyed.connect(lambda: self._made.pop(name, None))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        dialog.setFocus(Qt.FocusReason.OtherFocusReason)
        return dialog
