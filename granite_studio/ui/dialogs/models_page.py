"""Engines and models: which are here, how to get them, and what they run on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.errors import StudioError
from granite_studio.engines import catalog, models
from granite_studio.services.choosing import REMOTE, Here, State, engines_here
from granite_studio.services.fetching import Fetching
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_folder, ask_sure
from granite_studio.ui.dialogs.engine_card import EngineCard
from granite_studio.ui.dialogs.parts import form, line, rule
from granite_studio.ui.dialogs.server_card import ServerCard
from granite_studio.ui.saying import size


class ModelsPage(QWidget):
    """Follows the settings and the downloads, and looks at the disk whenever it is shown."""

    def __init__(
        self,
        settings: SettingsKeeper,
        fetching: Fetching,
        server: ServerCard,
        ran_on: Callable[[], tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`ran_on` tells the engine of the last run and its device; both are empty before it."""
        super().__init__(parent)
        self._settings = settings
        self._fetching = fetching
        self._ran_on = ran_on
        self._here: dict[str, Here] = {}
        self._refused: dict[str, str] = {}
        self._engine = self._combo("engine", self.tr("Engine"))
        self._engine.addItem(self.tr("The best that is ready"), catalog.AUTO)
        for entry in catalog.ENTRIES:
            self._engine.addItem(entry.title, entry.name)
        self._device = self._combo("device", self.tr("Runs on"))
        for text, device in self._devices():
            self._device.addItem(text, device)
        self.cards = {e.name: self._card(e) for e in catalog.ENTRIES if e.name != REMOTE}
        self._room = line(quiet=True)
        self._lay_out(server)
        settings.changed.connect(self.look)
        fetching.moved.connect(self._tell_model)
        fetching.changed.connect(self.look)

    def look(self, _anything: object = None) -> None:
        """Look at the disk and the settings, and tell the state of everything."""
        if not self.isVisible():
            return  # showing it looks again
        settings = self._settings.now
        for here in engines_here(settings, self._fetching.folder):
            self._here[here.entry.name] = here
            self._tell(here.entry.name)
        for combo, value in ((self._engine, settings.engine), (self._device, settings.device)):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        free = shutil.disk_usage(self._fetching.folder).free
        self._room.setText(
            self.tr("Downloaded models are kept in {folder}, where {size} are free.").format(
                folder=self._fetching.folder, size=size(free)
            )
        )

    def reveal(self, engine: str) -> None:
        """Bring this engine into view, its first button ready for the keyboard."""
        card = self.cards.get(engine)
        if card is not None:
            self.look()  # the page may just have been built
            card.take_focus()
            self._area.ensureWidgetVisible(card, 0, theme.GRID * 2)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def _combo(self, setting: str, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.activated.connect(
            lambda row: self._settings.change(**{setting: combo.itemData(row)})
        )
        return combo

    def _devices(self) -> list[tuple[str, str]]:
        is_mac = sys.platform == "darwin"
        gpu = (self.tr("Apple GPU"), "mps") if is_mac else (self.tr("NVIDIA GPU"), "cuda")
        return [(self.tr("The fastest that is there"), "auto"), gpu, (self.tr("CPU"), "cpu")]

    def _card(self, entry: catalog.Entry) -> EngineCard:
        card = EngineCard(entry)
        for signal, deed in (
            (card.download_pressed, self._ask_download),
            (card.cancel_pressed, self._cancel),
            (card.choose_pressed, self._ask_folder),
            (card.forget_pressed, self._forget_folder),
            (card.show_pressed, self._show_folder),
            (card.remove_pressed, self._ask_remove),
        ):
            signal.connect(partial(deed, entry.name))
        return card

    def _lay_out(self, server: ServerCard) -> None:
        choices = form()
        choices.addRow(self.tr("Hear with"), self._engine)
        choices.addRow(self.tr("Runs on"), self._device)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(0)
        rows.addLayout(choices)
        rows.addSpacing(theme.GRID)
        rows.addWidget(
            line(
                self.tr(
                    "Granite models want an NVIDIA or Apple GPU. On a CPU they work too, but "
                    "often take longer than the recording plays."
                ),
                quiet=True,
            )
        )
        for card in (*self.cards.values(), server):
            rows.addSpacing(theme.GRID)
            rows.addWidget(rule())
            rows.addWidget(card)
        rows.addWidget(rule())
        rows.addSpacing(theme.GRID * 2)
        rows.addWidget(self._room)
        rows.addSpacing(theme.GRID)
        rows.addWidget(
            line(
                self.tr(
                    "Granite Studio uses the network only when you press Download here, and "
                    "while a remote server is chosen."
                ),
                quiet=True,
            )
        )
        rows.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    def _tell(self, name: str) -> None:
        if name not in self.cards or name not in self._here:
            return
        here = self._here[name]
        fetch = self._fetching.of(here.model.id) if here.model else None
        engine, device = self._ran_on()
        self.cards[name].tell(
            here,
            fetch,
            device=device if engine == name else "",
            refusal=self._refused.get(name, ""),
        )

    def _tell_model(self, model_id: str) -> None:
        for name, here in self._here.items():
            if here.model is not None and here.model.id == model_id:
                self._tell(name)

    def _ask_download(self, name: str) -> None:
        """Ask once; going on with a download that was begun was agreed to before."""
        here = self._here[name]
        model = here.model
        if model is None:
            return
        self._refused.pop(name, None)
        free = shutil.disk_usage(self._fetching.folder).free
        lacking = model.bytes - here.bytes - free
        if lacking > 0:
            self._refuse(
                name,
                self.tr("There is no room for it: free another {size} on this disk.").format(
                    size=size(lacking)
                ),
            )
        elif here.state is State.UNFINISHED:
            self._fetching.start(model)
        else:
            ask_sure(
                self,
                self.tr("Download {title}?").format(title=model.title),
                self.tr(
                    "{size} are fetched from huggingface.co, which learns your address and the "
                    "name of the model, and nothing else. {free} are free on this disk. It can "
                    "be stopped, and goes on where it stopped."
                ).format(size=size(model.bytes), free=size(free)),
                self.tr("Download"),
                partial(self._fetching.start, model),
            )

    def _cancel(self, name: str) -> None:
        model = self._here[name].model
        if model is not None:
            self._fetching.cancel(model.id)

    def _ask_folder(self, name: str) -> None:
        title = self.tr("Folder of {title}").format(title=catalog.find(name).title)
        ask_folder(self, title, partial(self.choose_folder, name), start=self._here[name].place)

    def choose_folder(self, name: str, folder: Path) -> None:
        """Use the model in this folder for this engine, if it is one that fits."""
        try:
            models.ready(name, str(folder), self._fetching.folder)
        except StudioError as error:
            self._refuse(name, str(error))
            return
        self._refused.pop(name, None)
        self._settings.change(models=self._settings.now.with_model(name, str(folder)))

    def _forget_folder(self, name: str) -> None:
        self._refused.pop(name, None)
        self._settings.change(models=self._settings.now.with_model(name, None))

    def _show_folder(self, name: str) -> None:
        place = self._here[name].place
        if place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def _ask_remove(self, name: str) -> None:
        here = self._here[name]
        if here.model is None:
            return
        ask_sure(
            self,
            self.tr("Remove {title}?").format(title=here.model.title),
            self.tr(
                "{size} are deleted from {folder}. Transcripts stay as they are; to hear with "
                "this engine again, the model has to be downloaded again."
            ).format(size=size(here.bytes), folder=here.place),
            self.tr("Remove"),
            partial(self._fetching.remove, here.model),
        )

    def _refuse(self, name: str, sentence: str) -> None:
        self._refused[name] = sentence
        self._tell(name)
