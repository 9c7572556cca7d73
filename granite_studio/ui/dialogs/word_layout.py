"""The part of the export panel that says how a Word document looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from granite_studio import formats
from granite_studio.core.document import Document
from granite_studio.formats import Content, Layout
from granite_studio.formats.docx_template import fields_said
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_open
from granite_studio.ui.dialogs.parts import line

WORD = ".docx"
_TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class WordChoice:
    """A layout, or a file with fields to be filled."""

    layout: Layout
    template: Path | None = None

    def dressed(self, content: Content, original: Document, language: str) -> Content:
        """The content as a Word document is to show it; beside the original stands `language`, or
        the first one. Raises `FormatError` for what is no template."""
        if self.template is not None:
            return replace(content, template=formats.template(self.template))
        if self.layout is Layout.BILINGUAL:
            return replace(content, document=original, layout=self.layout, beside=language)
        return replace(content, layout=self.layout)


class WordLayout(QWidget):
    """A list of layouts, and a field for the template where one is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layouts = QComboBox()
        self._layouts.setAccessibleName(self.tr("Word layout"))
        for text, value in (
            (self.tr("Interview"), Layout.INTERVIEW),
            (self.tr("Table of the paragraphs"), Layout.SCRIPT),
            (self.tr("Table of the subtitles"), Layout.CUES),
            (self.tr("Two languages side by side"), Layout.BILINGUAL),
            (self.tr("A template of your own"), _TEMPLATE),
        ):
            self._layouts.addItem(text, value)
        self._template = QLineEdit()
        self._template.setAccessibleName(self.tr("Template"))
        self._template.setPlaceholderText(self.tr("A .docx with fields"))
        self._template.setToolTip(
            self.tr("Its fields are filled: {fields}").format(fields=fields_said())
        )
        choose = QPushButton(self.tr("Choose …"))
        choose.setAccessibleName(self.tr("Choose a template"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        self._file = QWidget()
        place = QHBoxLayout(self._file)
        place.setContentsMargins(0, 0, 0, 0)
        place.setSpacing(theme.GRID)
        place.addWidget(self._template, 1)
        place.addWidget(choose)
        self._reason = line(
            self.tr("Two languages side by side need a translation; there is none yet."),
            quiet=True,
        )
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.GRID)
        rows.addWidget(self._layouts)
        rows.addWidget(self._reason)
        rows.addWidget(self._file)
        self._layouts.currentIndexChanged.connect(self._follow)
        self._template.textChanged.connect(self.changed)
        self._follow()

    @property
    def choice(self) -> WordChoice:
        """What is chosen now."""
        chosen = self._layouts.currentData()
        if chosen == _TEMPLATE:
            return WordChoice(Layout.INTERVIEW, Path(self._template.text().strip()).expanduser())
        return WordChoice(chosen)

    @property
    def fault(self) -> str:
        """Why nothing can be written as it is chosen, or nothing."""
        template = self.choice.template
        if template is None or (template.is_file() and template.suffix.lower() == WORD):
            return ""
        return self.tr("Choose a .docx file with fields as the template.")

    def offer(self, *, translation: bool) -> None:
        """Offer two languages where there are two, else say why not."""
        model = self._layouts.model()
        place = self._layouts.findData(Layout.BILINGUAL)
        if isinstance(model, QStandardItemModel):
            model.item(place).setEnabled(translation)
            model.item(place).setToolTip("" if translation else self._reason.text())
        self._reason.setVisible(not translation)
        if not translation and self._layouts.currentIndex() == place:
            self._layouts.setCurrentIndex(0)

    def _follow(self) -> None:
        self._file.setVisible(self._layouts.currentData() == _TEMPLATE)
        self.changed.emit()

    def _choose(self) -> None:
        filters = (self.tr("Word documents ({patterns})").format(patterns="*.docx"),)
        ask_open(
            self,
            self.tr("Template"),
            filters,
            lambda paths: self._template.setText(str(paths[0])),
        )
