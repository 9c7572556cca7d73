"""Preferences: they take effect as they are changed, so there is nothing to confirm."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from granite_studio.services.settings import SettingsKeeper
from granite_studio.services.styles import StyleKeeper
from granite_studio.store import logs, places
from granite_studio.ui import theme
from granite_studio.ui.dialogs.models_page import ModelsPage
from granite_studio.ui.style_box import StyleBox


class PreferencesPanel(QDialog):
    """Three pages: how it looks and plays, which engines there are, and where things are kept."""

    def __init__(
        self,
        settings: SettingsKeeper,
        styles: StyleKeeper,
        models: ModelsPage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._styles = styles
        self._models = models
        self.setWindowTitle(self.tr("Preferences"))
        self.resize(theme.GRID * 88, theme.GRID * 80)
        self._pages = QTabWidget()
        self._pages.setDocumentMode(True)
        self._pages.setAccessibleName(self.tr("Preferences"))
        self._pages.addTab(self._general(), self.tr("General"))
        self._pages.addTab(models, self.tr("Engines and models"))
        self._pages.addTab(self._files(), self.tr("Files"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._pages)

    def show_models(self, engine: str = "") -> None:
        """Turn to the page of the models, at this engine if one is named."""
        self._pages.setCurrentWidget(self._models)
        self._models.reveal(engine)

    def _general(self) -> QWidget:
        page, form = _page()
        now = self._settings.now
        looks = [
            (self.tr("As the desktop"), "system"),
            (self.tr("Light"), "light"),
            (self.tr("Dark"), "dark"),
        ]
        form.addRow(self.tr("Look"), self._choice("theme", self.tr("Look"), looks))
        form.addRow(self.tr("Subtitle style"), self._style_box())
        rewind = QDoubleSpinBox()
        rewind.setAccessibleName(self.tr("Rewind on resume"))
        rewind.setRange(0, 5)
        rewind.setSingleStep(0.5)
        rewind.setDecimals(1)
        rewind.setSuffix(self.tr(" s"))
        rewind.setValue(now.rewind_ms / 1000)
        rewind.valueChanged.connect(lambda s: self._settings.change(rewind_ms=round(s * 1000)))
        form.addRow(self.tr("Rewind on resume"), rewind)
        seeks = QCheckBox(self.tr("A click on a word moves the playhead there"))
        seeks.setChecked(now.click_seeks)
        seeks.toggled.connect(lambda on: self._settings.change(click_seeks=on))
        form.addRow("", seeks)
        return page

    def _files(self) -> QWidget:
        page, form = _page()
        rows = (
            (self.tr("Projects"), self.tr("Beside the recording, or in the data folder")),
            (self.tr("Data"), str(places.data_dir())),
            (self.tr("Models"), str(places.models_dir())),
            (self.tr("Waveforms, journals"), str(places.cache_dir())),
            (self.tr("Settings"), str(places.config_dir())),
            (self.tr("Logs"), str(logs.path_of("window").parent)),
        )
        for name, text in rows:
            label = QLabel(text)
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            form.addRow(name, label)
        note = QLabel(
            self.tr(
                "Everything stays on this machine. Nothing is sent anywhere, unless you choose a "
                "remote server to hear with."
            )
        )
        note.setWordWrap(True)
        note.setProperty("quiet", True)
        form.addRow("", note)
        return page

    def _style_box(self) -> QComboBox:
        box = StyleBox()
        box.follow(self._styles, self._settings.now.style)
        box.activated.connect(lambda row: self._settings.change(style=box.itemData(row)))
        self._settings.changed.connect(lambda now: box.choose(now.style))
        return box

    def _choice(self, setting: str, name: str, choices: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(getattr(self._settings.now, setting))))
        combo.activated.connect(
            lambda row: self._settings.change(**{setting: combo.itemData(row)})
        )
        return combo


def _page() -> tuple[QWidget, QFormLayout]:
    inside = QWidget()
    form = QFormLayout(inside)
    form.setContentsMargins(*(theme.GRID * 3,) * 4)
    form.setHorizontalSpacing(theme.GRID * 2)
    form.setVerticalSpacing(theme.GRID * 3 // 2)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    return area, form
