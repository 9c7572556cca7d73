"""The video with its subtitles: in the pictures or as a track, how they look, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio import formats
from granite_studio.core.errors import StudioError
from granite_studio.core.looks import LARGE, MEDIUM, SMALL, Look, fitted
from granite_studio.core.translation import languages, translated
from granite_studio.engines.catalog import language_name
from granite_studio.media import burning as files
from granite_studio.media.kinds import BURNT, TRACKS
from granite_studio.services.burning import Burning
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_save
from granite_studio.ui.dialogs.parts import DeedDialog
from granite_studio.ui.recording import Recording
from granite_studio.ui.subtitles import Subtitles


class BurnPanel(DeedDialog):
    """Writes what the window shows at the moment of the click; then closes."""

    def __init__(
        self,
        session: Session,
        burning: Burning,
        subtitles: Subtitles,
        recording: Recording,
        settings: SettingsKeeper,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Save video with subtitles"),
            self.tr("Save video"),
            parent,
            note_height=theme.GRID * 6,
        )
        self._session = session
        self._burning = burning
        self._recording = recording
        self._subtitles = subtitles
        self._settings = settings
        self._proposed = ""
        self._in_pictures = QRadioButton(self.tr("In the pictures, where everybody sees them"))
        self._in_pictures.setChecked(True)
        self._as_track = QRadioButton(self.tr("As a track that viewers can switch off"))
        self._language = self._combo(self.tr("Language"), [])
        self._size = self._combo(
            self.tr("Size of the letters"),
            [
                (self.tr("Small"), SMALL),
                (self.tr("As in the window"), MEDIUM),
                (self.tr("Large"), LARGE),
            ],
        )
        self._size.setCurrentIndex(1)
        self._ground = self._combo(
            self.tr("Behind the letters"),
            [
                (self.tr("A shade, as in the window"), True),
                (self.tr("Only a dark outline"), False),
            ],
        )
        self._replaces = QCheckBox(self.tr("Leave out the track of this language that is there"))
        self._speakers = QCheckBox(self.tr("Speaker names in the text of subtitles"))
        self._speakers.clicked.connect(lambda on: settings.change(names_in_text=on))
        self._path = QLineEdit()
        self._path.setAccessibleName(self.tr("File to write"))
        self._lay_out()
        self._path.textChanged.connect(self._look)
        self._as_track.toggled.connect(self._propose)
        self._language.currentIndexChanged.connect(self._propose)
        self._replaces.toggled.connect(self._look)
        self._size.currentIndexChanged.connect(self._look)
        session.replaced.connect(self._path.clear)
        for signal in (
            *(session.replaced, session.changed, subtitles.changed, settings.changed),
            *(burning.started, burning.ended),
        ):
            signal.connect(self.look_soon)

    @property
    def target(self) -> Path:
        """The file that would be written now."""
        return Path(self._path.text().strip()).expanduser()

    def set_target(self, path: Path) -> None:
        self._path.setText(str(path))

    def start(self) -> None:
        """Begin, if it can be done."""
        if not self._start.isEnabled():
            return
        asked = self._asked()
        try:
            self._burning.start(
                self._content(),
                asked.target,
                as_track=asked.as_track,
                language=asked.language,
                replaces=asked.replaces,
                look=Look(
                    self._size.currentData(),
                    self._ground.currentData(),
                    QFontInfo(theme.ui_font()).family(),
                ),
            )
        except StudioError as error:
            self._say(str(error), is_bad=True)
        else:
            self.close()

    def _asked(self) -> files.Burning:
        """What would be written now; where the subtitles are for ffmpeg is not known yet."""
        return files.Burning(
            self._session.media_path or Path(),
            Path("subtitles"),
            self.target,
            self._as_track.isChecked(),
            self._language.currentData() or self._session.document.language,
            self._replaces.isChecked() and self._replaces.isVisibleTo(self),
        )

    def _content(self) -> formats.Content:
        document = self._session.document
        if tag := self._language.currentData():
            document = translated(document, tag)
        return formats.Content(
            document=document,
            style=self._subtitles.style,
            film=self._subtitles.film,
            speaker_names=self._speakers.isChecked() or None,
        )

    def look(self) -> None:
        """Start from the open project, and the choices of the last time."""
        document = self._session.document
        chosen = self._language.currentData()
        self._language.blockSignals(True)
        self._language.clear()
        original = language_name(document.language)
        self._language.addItem(self.tr("Original ({language})").format(language=original), "")
        for tag in languages(document):
            self._language.addItem(language_name(tag), tag)
        self._language.setCurrentIndex(max(0, self._language.findData(chosen)))
        self._language.blockSignals(False)
        self._form.setRowVisible(self._language, self._language.count() > 1)
        self._speakers.setChecked(self._settings.now.names_in_text)
        self._propose()

    def _propose(self) -> None:
        """A name beside the project, until somebody chooses another."""
        for box in (self._size, self._ground):
            self._form.setRowVisible(box, not self._as_track.isChecked())
        project, video = self._session.project, self._session.media_path
        if project is not None and video is not None:
            kinds = tuple(TRACKS) if self._as_track.isChecked() else BURNT
            # Matroska holds any sound as it is.
            ending = video.suffix.lower() if video.suffix.lower() in kinds else ".mkv"
            tag = self._language.currentData()
            name = self.tr("{name} subtitled").format(name=project.path.stem)
            name = f"{name}.{tag}" if tag else name
            usual = str(project.path.with_name(f"{name}{ending}"))
            if self._path.text() in ("", self._proposed):
                self._path.setText(usual)
            self._proposed = usual
        self._look()

    def _look(self, *_anything: object) -> None:
        """Say what would be written, or what stands against it."""
        info, asked = self._recording.info, self._asked()
        is_doubled = info is not None and asked.as_track and asked.held(info).can_replace
        self._form.setRowVisible(self._replaces, is_doubled)
        problem = self._problem()
        self._start.setEnabled(not problem)
        self._say(problem or self._told(), is_bad=bool(problem))

    def _problem(self) -> str:
        video, target = self._session.media_path, self.target
        if video is None or not self._session.document.segments:
            return self.tr("There is no video here, or no text to show in it.")
        if self._burning.is_running:
            return self.tr("A video is being written already; wait for it or stop it first.")
        if not target.name:
            return self.tr("Choose where to write the video.")
        try:
            files.find_ffmpeg()
            files.check_target(self._asked())
        except StudioError as error:
            return str(error)
        return ""

    def _told(self) -> str:
        said = [
            self.tr("Cut by the style “{style}”, as in the window.").format(
                style=self._subtitles.style.title
            )
        ]
        if self._as_track.isChecked():
            said.append(self.tr("The pictures stay as they are."))
        else:
            said.append(self.tr("The pictures are written anew, which takes a while."))
            if self._is_too_large():
                said.append(
                    self.tr("The letters are made smaller, so that the longest line has room.")
                )
        said.append(self._lost())
        if self._recording.info is not None:
            said += files.changes(self._asked(), self._recording.info)
        if self.target.exists():
            said.append(self.tr("{name} will be replaced.").format(name=self.target.name))
        return " ".join(filter(None, said))

    def _lost(self) -> str:
        """What viewers do not get of the text, or nothing."""
        from granite_studio.pipeline.burning import viewed

        content = self._content()
        known = viewed(content, self.target, as_track=self._as_track.isChecked())
        return formats.sentence([known], content)

    def _is_too_large(self) -> bool:
        """Whether letters of the chosen size leave no room for the longest line."""
        info = self._recording.info
        if info is None or info.video is None:
            return False
        lines = (text for cue in self._subtitles.cues for text in cue.lines)
        size: float = self._size.currentData()
        return fitted(size, lines, width=info.video.width, height=info.video.height) < size

    def _ask(self) -> None:
        kinds = tuple(TRACKS) if self._as_track.isChecked() else BURNT
        patterns = " ".join(f"*{ending}" for ending in kinds)
        filters = (self.tr("Videos ({patterns})").format(patterns=patterns),)
        title = self.tr("Save video with subtitles")
        ask_save(self, title, self.target, filters, self.set_target)

    def _combo(self, name: str, choices: list[tuple[str, float | bool]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        for text, value in choices:
            combo.addItem(text, value)
        return combo

    def _lay_out(self) -> None:
        choose = QPushButton(self.tr("Choose …"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._ask)
        place = QHBoxLayout()
        place.setSpacing(theme.GRID)
        place.addWidget(self._path, 1)
        place.addWidget(choose)
        ways = QVBoxLayout()
        ways.setSpacing(theme.GRID)
        for way in (self._in_pictures, self._as_track):
            ways.addWidget(way)
        self._form.addRow(self.tr("Subtitles"), ways)
        self._form.addRow(self.tr("Language"), self._language)
        self._form.addRow(self.tr("Size of the letters"), self._size)
        self._form.addRow(self.tr("Behind the letters"), self._ground)
        self._form.addRow("", self._replaces)
        self._form.addRow("", self._speakers)
        self._form.addRow(self.tr("File"), place)
        self._frame()
