"""The export panel: which files, in which style, where to; it can stay open."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio import formats
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Change, Document
from granite_studio.core.errors import StudioError
from granite_studio.core.shots import Film
from granite_studio.core.timing import RATES
from granite_studio.core.translation import languages, texts_in, translated
from granite_studio.engines.catalog import language_name
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.services.styles import StyleKeeper
from granite_studio.ui import theme
from granite_studio.ui.dialogs.format_choice import FormatChoice
from granite_studio.ui.dialogs.reshaped import Files, Reshaped
from granite_studio.ui.dialogs.word_layout import WORD, WordLayout
from granite_studio.ui.style_box import StyleBox

_TIMECODES = ("paragraph", "minutes:1", "minutes:5", "off")


@dataclass(frozen=True, slots=True)
class _Written:
    """One file is on the disk."""

    path: Path


class ExportPanel(QDialog):
    """Writes the document as it is at the moment of the click, on a background thread.

    `film` tells the cuts that cues begin and end with; without it there are none.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: SettingsKeeper,
        styles: StyleKeeper,
        parent: QWidget | None = None,
        *,
        film: Callable[[], Film | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._film = film
        self._session = session
        self._jobs = jobs
        self._settings = settings
        self._styles = styles
        self._written: list[Path] = []
        self._reshaped = Reshaped(jobs, self)
        self._reshaped.told.connect(lambda told: self._say(self._notes(told)))
        self._proposed = ""
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(theme.GRID * 64)
        self._formats = FormatChoice(settings.now.export_formats)
        self._folder = QLineEdit()
        self._folder.setAccessibleName(self.tr("Folder"))
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("File name"))
        self._style = StyleBox()
        self._style.follow(styles)
        self._frame_rate = self._combo(self.tr("Frame rate"), [(name, name) for name in RATES])
        self._timecodes = self._combo(self.tr("Time codes"), self._timecode_choices())
        self._language = self._combo(self.tr("Language"), [])
        self._word = WordLayout()
        self._speakers = QCheckBox(self.tr("Speaker names in the text of subtitles"))
        self._speakers.setToolTip(
            self.tr(
                "Formats that have a place of their own for names, such as WebVTT, always have "
                "them. In others a cue begins with the name, which makes its line longer."
            )
        )
        self._gaps = QCheckBox(self.tr("Show speech without text in subtitles"))
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._note.setMinimumHeight(theme.GRID * 5)
        self._show_folder = QPushButton(self.tr("Show folder"))
        self._show_folder.clicked.connect(self._open_folder)
        self._show_folder.hide()
        self._export = QPushButton(self.tr("Export"))
        self._export.setProperty("primary", True)
        self._export.setDefault(True)
        self._export.clicked.connect(self.write)
        self._lay_out()
        self._recall()
        for edit in (self._folder, self._name):
            edit.textChanged.connect(self._look)
        self._formats.changed.connect(self._look)
        for box in (self._speakers, self._gaps):
            box.toggled.connect(self._look)
        for choice in (self._style, self._frame_rate):
            choice.currentIndexChanged.connect(self._look)
        self._language.currentIndexChanged.connect(self._follow_language)
        self._word.changed.connect(self._look)
        session.replaced.connect(self._recall)
        session.changed.connect(self._follow)
        self._look()

    @property
    def targets(self) -> tuple[Path, ...]:
        """The files that would be written now."""
        name = self._name.text().strip()
        folder = Path(self._folder.text()).expanduser()
        return tuple(
            folder / formats.safe_name(name, extension=known.extensions[0])
            for known in self._formats.chosen
        )

    def write(self) -> None:
        """Write all chosen files in the background and say how it went."""
        targets = self.targets
        if not targets or not self._export.isEnabled():
            return
        self._keep_choices()
        content, word = self._content(), self._word.choice
        original, language = self._session.document, self._language.currentData()

        def work(cancel: CancelToken) -> Iterator[_Written]:
            for path in targets:
                cancel.check()
                shown = content
                if path.suffix == WORD:
                    shown = word.dressed(content, original, language)
                formats.save(path, shown)
                yield _Written(path)

        self._written = []
        self._reshaped.stop()
        self._export.setEnabled(False)
        self._say(self.tr("Writing …"))
        job = self._jobs.start(self.tr("Export"), work)
        job.yielded.connect(lambda event: self._written.append(event.path))
        job.finished.connect(self._tell_done)
        job.failed.connect(self._tell_failure)
        job.ended.connect(lambda: self._export.setEnabled(bool(self.targets)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _content(self) -> formats.Content:
        """What would be written now, and how."""
        document = self._session.document
        if tag := self._language.currentData():
            document = translated(document, tag)
        return formats.Content(
            document=document,
            style=self._styles.now.get(self._style.currentData()),
            frame_rate=RATES[self._frame_rate.currentData()],
            speaker_names=self._speakers.isChecked() or None,
            film=self._film() if self._film else None,
            mark_gaps=self._gaps.isChecked(),
            timecodes=self._timecodes.currentData(),
            title=document.media.name if document.media else self._name.text(),
            date=datetime.date.today().isoformat(),
        )

    def _combo(self, name: str, choices: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        for text, value in choices:
            combo.addItem(text, value)
        return combo

    def _timecode_choices(self) -> list[tuple[str, str]]:
        texts = (
            self.tr("At every paragraph"),
            self.tr("Every minute"),
            self.tr("Every five minutes"),
            self.tr("None"),
        )
        return list(zip(texts, _TIMECODES, strict=True))

    def _lay_out(self) -> None:
        choose = QPushButton(self.tr("Choose …"))
        choose.clicked.connect(self._choose_folder)
        place = QHBoxLayout()
        place.setSpacing(theme.GRID)
        place.addWidget(self._folder, 1)
        place.addWidget(choose)
        form = QFormLayout()
        form.setHorizontalSpacing(theme.GRID * 2)
        form.setVerticalSpacing(theme.GRID * 3 // 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Files"), self._formats)
        form.addRow(self.tr("Language"), self._language)
        self._form = form
        form.addRow(self.tr("Subtitle style"), self._style)
        form.addRow("", self._speakers)
        form.addRow("", self._gaps)
        form.addRow(self.tr("Frame rate"), self._frame_rate)
        form.addRow(self.tr("Time codes in texts"), self._timecodes)
        form.addRow(self.tr("Word layout"), self._word)
        form.addRow(self.tr("Folder"), place)
        form.addRow(self.tr("File name"), self._name)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        foot.addStretch(1)
        foot.addWidget(self._show_folder)
        foot.addWidget(self._export)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        rows.addLayout(form)
        rows.addWidget(self._note)
        rows.addLayout(foot)

    def _recall(self) -> None:
        """Start from the open project's folder and name, and the choices of the last export."""
        settings = self._settings.now
        project = self._session.project
        if project is not None:
            self._folder.setText(str(project.path.parent))
            self._name.setText(project.path.stem)
            self._proposed = project.path.stem
        self._style.choose(settings.style)
        self._timecodes.setCurrentIndex(max(0, self._timecodes.findData(settings.timecodes)))
        rate = self._frame_rate.findData(settings.frame_rate)
        self._frame_rate.setCurrentIndex(max(0, rate))
        self._speakers.setChecked(settings.names_in_text)
        self._gaps.setChecked(settings.mark_gaps)
        self._show_folder.hide()
        self._offer_languages()

    def _offer_languages(self) -> None:
        """The original and every translation; the choice is only there where there is one."""
        chosen, there = self._language.currentData(), languages(self._session.document)
        self._language.blockSignals(True)
        self._language.clear()
        original = language_name(self._session.document.language)
        self._language.addItem(self.tr("Original ({language})").format(language=original), "")
        for tag in there:
            self._language.addItem(language_name(tag), tag)
        self._language.setCurrentIndex(max(0, self._language.findData(chosen)))
        self._language.blockSignals(False)
        self._follow_language()
        self._form.setRowVisible(self._language, bool(there))
        self._word.offer(translation=bool(there))

    def _follow_language(self) -> None:
        """Another language has a file name of its own, so that it takes no other's place."""
        project, tag = self._session.project, self._language.currentData()
        stem = project.path.stem if project else ""
        usual = f"{stem}.{tag}" if tag else stem
        if self._name.text() in (self._proposed, ""):
            self._name.setText(usual)
        self._proposed = usual
        self._look()

    def _follow(self, before: Document, after: Document, _change: Change) -> None:
        if before.translations is not after.translations or before.language != after.language:
            self._offer_languages()
        elif before.untranscribed is not after.untranscribed and self._export.isEnabled():
            self._look()

    def _keep_choices(self) -> None:
        self._settings.change(
            export_formats=self._formats.names,
            timecodes=self._timecodes.currentData(),
            frame_rate=self._frame_rate.currentData(),
            names_in_text=self._speakers.isChecked(),
            mark_gaps=self._gaps.isChecked(),
        )

    def _look(self) -> None:
        """Say what would be left out and replaced, or why nothing can be written."""
        self._reshaped.stop()
        in_frames = any(known.in_frames for known in self._formats.chosen)
        self._form.setRowVisible(self._frame_rate, in_frames)
        self._form.setRowVisible(self._gaps, bool(self._session.document.untranscribed))
        in_word = any(WORD in known.extensions for known in self._formats.chosen)
        self._form.setRowVisible(self._word, in_word)
        fault = self._word.fault if in_word else ""
        folder = Path(self._folder.text()).expanduser()
        targets = self.targets
        able = bool(targets and folder.is_dir() and self._name.text().strip())
        able = able and bool(self._session.document.segments) and not fault
        self._export.setEnabled(able)
        if not self._session.document.segments:
            self._say(self.tr("There is no text yet, so there is nothing to export."))
        elif not targets:
            self._say(self.tr("Choose at least one kind of file."))
        elif not folder.is_dir():
            self._say(self.tr("This folder does not exist; choose another one."), is_bad=True)
        elif fault:
            self._say(fault)
        else:
            files = self._files()
            self._say(self._notes(formats.told(files)))
            if self.isVisible():
                self._reshaped.ask(files)

    def _notes(self, told: str) -> str:
        """What is to be known before the files are written, which leave out what is `told`."""
        there = ", ".join(path.name for path in self.targets if path.exists())
        replaced = self.tr("Will be replaced: {names}").format(names=there) if there else ""
        if self._language.currentData():
            told = " ".join(filter(None, (formats.untranslated(self._session.document), told)))
        return "\n".join(filter(None, (self._left_out(), told, self._longer(), replaced)))

    def _left_out(self) -> str:
        """How many paragraphs have no text in the language that is chosen, or nothing."""
        document, tag = self._session.document, self._language.currentData()
        if not tag:
            return ""
        texts = texts_in(document, tag)
        count = sum(segment.id not in texts for segment in document)
        if not count:
            return ""
        return self.tr("{count} paragraphs have no translation yet and are left out.").format(
            count=count
        )

    def _files(self) -> Files:
        """The chosen formats, and what each would be given now."""
        content = self._content()
        in_word = self._in_word(content)
        return [
            (known, in_word if WORD in known.extensions else content)
            for known in self._formats.chosen
        ]

    def _longer(self) -> str:
        """That names make cues longer than they are in the window, where they do."""
        if self._speakers.isChecked() and any(
            known.names_in_text for known in self._formats.chosen
        ):
            return self.tr("Names make lines longer than the list of cues says.")
        return ""

    def _in_word(self, content: formats.Content) -> formats.Content:
        """What a Word document would show; a template that is none is told when it is filled."""
        original, language = self._session.document, self._language.currentData()
        try:
            return self._word.choice.dressed(content, original, language)
        except StudioError:
            return content

    def _say(self, text: str, *, is_bad: bool = False) -> None:
        colours = theme.current()
        self._note.setStyleSheet(f"color: {(colours.red if is_bad else colours.quiet).name()}")
        self._note.setText(text)

    def _tell_done(self) -> None:
        names = ", ".join(path.name for path in self._written)
        self._say(self.tr("Written: {names}").format(names=names))
        self._show_folder.show()

    def _tell_failure(self, error: Exception) -> None:
        text = str(error) if isinstance(error, StudioError) else self.tr("An unexpected error.")
        if self._written:
            names = ", ".join(path.name for path in self._written)
            text = f"{text} {self.tr('Written before that: {names}').format(names=names)}"
        self._say(text, is_bad=True)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder for the files"), self._folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _open_folder(self) -> None:
        if self._written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0].parent)))
