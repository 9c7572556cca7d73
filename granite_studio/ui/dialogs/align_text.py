"""Which text is to be put to the sound, and what becomes of the one that is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.document import Document
from granite_studio.core.errors import EngineError, StudioError
from granite_studio.pipeline import plan
from granite_studio.pipeline.plan import Pass
from granite_studio.services.choosing import ready_now
from granite_studio.services.fetching import Fetching
from granite_studio.services.matching import Matching
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_open
from granite_studio.ui.dialogs.parts import DeedDialog
from granite_studio.ui.opening import caption_endings

_HEAR, _KNOWN = "hear", "known"
_MEASURED = 0.5
"""With so many of its words at measured times, the transcript tells what is said when."""


class AlignPanel(DeedDialog):
    """Puts a text to the sound of the open project."""

    def __init__(
        self,
        session: Session,
        matching: Matching,
        settings: SettingsKeeper,
        fetching: Fetching,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Align a text to the sound"),
            self.tr("Align"),
            parent,
            note_height=theme.GRID * 9,
        )
        self._session = session
        self._matching = matching
        self._settings = settings
        self._folder = fetching.folder
        self._passes: tuple[Pass, ...] = ()
        self._refusal = ""
        self._of_file = QRadioButton(self.tr("A script or subtitles from a file"))
        self._of_file.setChecked(True)
        self._of_here = QRadioButton(self.tr("The transcript that is here"))
        self._path = QLineEdit()
        self._path.setAccessibleName(self.tr("File of the text"))
        self._choose = QPushButton(self.tr("Choose …"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._ask)
        self._by = QComboBox()
        self._by.setAccessibleName(self.tr("How the words are found"))
        self._lay_out()
        self._path.textChanged.connect(self._look)
        self._of_file.toggled.connect(self._look)
        self._by.currentIndexChanged.connect(self._look)
        session.replaced.connect(self._path.clear)
        for signal in (
            *(session.replaced, session.changed, settings.changed, fetching.changed),
            *(matching.started, matching.ended),
        ):
            signal.connect(self.look_soon)

    def choose(self, path: Path) -> None:
        """Take the text of this file."""
        self._path.setText(str(path))
        self._of_file.setChecked(True)

    def start(self) -> None:
        """Begin, if it can be done."""
        if not self._start.isEnabled():
            return
        script = self._script
        passes = () if self._by.currentData() == _KNOWN and script else self._passes
        try:
            self._matching.start(script, passes, device=self._settings.now.device)
        except StudioError as error:
            self._say(str(error), is_bad=True)
        else:
            self.close()

    def look(self) -> None:
        """Offer what can be done with the transcript as it is now."""
        document = self._session.document
        has_text = bool(document.segments)
        self._of_here.setEnabled(has_text)
        if not has_text:
            self._of_file.setChecked(True)
        chosen = self._by.currentData()
        self._by.blockSignals(True)
        self._by.clear()
        self._by.addItem(self._hearing(), _HEAR)
        if _tells_times(document):
            self._by.addItem(self.tr("By the words that are here, at once"), _KNOWN)
        self._by.setCurrentIndex(max(0, self._by.findData(chosen)))
        self._by.blockSignals(False)
        self._look()

    @property
    def _script(self) -> Path | None:
        """The file that is chosen; None for the transcript that is here."""
        if not self._of_file.isChecked():
            return None
        return Path(self._path.text().strip()).expanduser()

    def _hearing(self) -> str:
        """Which engine would hear the recording, as a choice."""
        try:
            ready, options = ready_now(
                self._settings.now, self._session.document.language, self._folder
            )
        except EngineError as error:
            self._passes, self._refusal = (), str(error)
            return self.tr("By hearing the recording")
        self._passes, self._refusal = plan.only(ready, options), ""
        return self.tr("By hearing the recording: {engine}").format(engine=ready.entry.title)

    def _look(self) -> None:
        """Say what will happen, or what stands against it."""
        script = self._script
        for part in (self._path, self._choose):
            part.setEnabled(self._of_file.isChecked())
        self._form.setRowVisible(self._by, script is not None)
        hears = script is None or self._by.currentData() == _HEAR
        problem = self._problem(script, hears=hears)
        self._start.setEnabled(not problem and bool(script is None or self._path.text().strip()))
        self._say(problem or self._told(script, hears=hears), is_bad=bool(problem))

    def _problem(self, script: Path | None, *, hears: bool) -> str:
        if self._session.media_path is None or self._session.is_read_only:
            return self.tr("The recording is not here, or the project cannot be changed.")
        if self._matching.is_running:
            return self.tr("A text is being aligned already; wait for it or stop it first.")
        if script is not None and self._path.text().strip() and not script.is_file():
            return self.tr("There is no such file; choose another one.")
        return self._refusal if hears else ""

    def _told(self, script: Path | None, *, hears: bool) -> str:
        document = self._session.document
        count = len(document.segments)
        if script is None:
            said = self.tr(
                "No word changes. Every word gets the time at which it is heard, also where you "
                "set one; cues made by hand keep their words and lines. Undo brings the old times "
                "back."
            )
        elif not self._path.text().strip():
            said = self.tr(
                "Choose the text of this recording: plain text, a document or subtitles. Its "
                "words get the times at which they are heard."
            )
        elif count:
            said = self.tr(
                "The {count} paragraphs that are here give way to the text of “{name}”, and with "
                "them their speakers, cues, translations and findings. Undo brings them back."
            ).format(count=count, name=script.name)
        else:
            said = self.tr("The text of “{name}” becomes the transcript.").format(name=script.name)
        heard = self.tr("The whole recording is heard for this.") if hears else ""
        return f"{said} {heard}".strip()

    def _ask(self) -> None:
        texts = " ".join(f"*{ending}" for ending in sorted({".txt", *caption_endings()}))
        filters = (
            self.tr("Texts and subtitles ({patterns})").format(patterns=texts),
            self.tr("All files (*)"),
        )
        project = self._session.project
        ask_open(
            self,
            self.tr("The text of this recording"),
            filters,
            lambda paths: self.choose(paths[0]),
            folder=project.path.parent if project else None,
        )

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.setContentsMargins(theme.GRID * 3, 0, 0, 0)
        place.setSpacing(theme.GRID)
        place.addWidget(self._path, 1)
        place.addWidget(self._choose)
        texts = QVBoxLayout()
        texts.setSpacing(theme.GRID)
        texts.addWidget(self._of_file)
        texts.addLayout(place)
        texts.addWidget(self._of_here)
        self._form.addRow(self.tr("Text"), texts)
        self._form.addRow(self.tr("Times"), self._by)
        self._frame()


def _tells_times(document: Document) -> bool:
    """Whether most words have been measured in the sound, up to its end."""
    words = sum(len(segment.words) for segment in document)
    measured = sum(not word.estimated for word in document.words())
    return bool(words) and not document.untranscribed and measured >= _MEASURED * words
