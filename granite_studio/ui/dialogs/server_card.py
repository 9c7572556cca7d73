"""The remote server on the models page: its address, its key, and whether it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.engines import address
from granite_studio.services.choosing import REMOTE
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import form, line


class Keys(Protocol):
    """Where the keys of servers are kept, as `engines.keys`; each may take a while."""

    def store(self, server: str, key: str) -> None: ...
    def forget(self, server: str) -> None: ...
    def where(self) -> str: ...


class ServerCard(QWidget):
    """Talks to the server and to the keyring on a background thread, and only when told to."""

    def __init__(
        self,
        settings: SettingsKeeper,
        jobs: Jobs,
        keys: Keys,
        served: Callable[[str, CancelToken], tuple[str, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._jobs = jobs
        self._keys = keys
        self._served = served
        self._job: Job | None = None
        self._title = QLabel(self.tr("A remote server"))
        self._title.setFont(theme.ui_font(bold=True))
        self._state = QLabel()
        self._about = line(
            self.tr(
                "A vLLM server of your own that runs Granite Speech. While it is chosen, the "
                "sound of your recordings is sent to it."
            ),
            quiet=True,
        )
        self._address = self._edit(self.tr("Address of the server"), "https://example.org:8000")
        self._address.editingFinished.connect(self._keep_address)
        self._key = self._edit(self.tr("Key of the server"), "")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.returnPressed.connect(self.keep_key)
        self._key.textChanged.connect(self._offer)
        self._model = QComboBox()
        self._model.setAccessibleName(self.tr("Model of the server"))
        self._model.activated.connect(self._keep_model)
        self._keep = self._button(self.tr("Keep key"), self.keep_key)
        self._forget = self._button(self.tr("Forget key"), self.forget_key)
        self._test = self._button(self.tr("Test"), self.test)
        self._test.setAccessibleName(self.tr("Test the server"))
        self._answer = line(quiet=True)
        self._lay_out()
        settings.changed.connect(self._tell)
        self._tell()

    @property
    def answer(self) -> str:
        """What came of the last test or of the last deed with the key."""
        return self._answer.text()

    def test(self) -> None:
        """Ask the server what it serves."""
        if not self._keep_address():
            return
        server = self._settings.now.server

        def work(cancel: CancelToken) -> Iterator[tuple[str, ...]]:
            yield self._served(server, cancel)

        self._run(self.tr("Asking the server …"), work, self._tell_served)

    def keep_key(self) -> None:
        """Put the key that was typed into the keyring, and no copy of it anywhere else."""
        key = self._key.text().strip()
        if not key or not self._keep_address():
            return
        server = self._settings.now.server
        self._key.clear()

        def work(_cancel: CancelToken) -> Iterator[str]:
            self._keys.store(server, key)
            yield self._keys.where()

        self._run(self.tr("Keeping the key …"), work, self._say)

    def forget_key(self) -> None:
        server = self._settings.now.server

        def work(_cancel: CancelToken) -> Iterator[str]:
            self._keys.forget(server)
            yield forgotten

        forgotten = self.tr("The key is forgotten.")
        self._run(self.tr("Forgetting the key …"), work, self._say)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tell()

    def _edit(self, name: str, hint: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setPlaceholderText(hint)
        return edit

    def _button(self, text: str, deed: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)  # Return in a field is not meant for it
        button.clicked.connect(lambda _checked=False: deed())
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GRID * 2)
        head.addWidget(self._title)
        head.addWidget(self._state)
        head.addStretch(1)
        fields = form()
        fields.addRow(self.tr("Address"), _row(self._address, self._test))
        fields.addRow(self.tr("Key"), _row(self._key, self._keep, self._forget))
        fields.addRow(self.tr("Model"), self._model)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.GRID * 2, 0, theme.GRID * 2)
        rows.setSpacing(theme.GRID // 2)
        rows.addLayout(head)
        rows.addWidget(self._about)
        rows.addSpacing(theme.GRID)
        rows.addLayout(fields)
        rows.addWidget(self._answer)

    def _tell(self) -> None:
        """Show what the settings say."""
        settings, colours = self._settings.now, theme.current()
        has_server = bool(settings.server)
        words = self.tr("\N{BLACK CIRCLE} set") if has_server else self.tr("\N{WHITE CIRCLE} none")
        ink = colours.green if has_server else colours.quiet
        self._state.setText(words)
        self._state.setStyleSheet(f"color: {ink.name()}")
        if not self._address.hasFocus():
            self._address.setText(settings.server)
        chosen = settings.model(REMOTE)
        known = [self._model.itemData(row) for row in range(self._model.count())]
        if None not in known:
            self._model.insertItem(0, self.tr("The first that it serves"), None)
        if chosen is not None and chosen not in known:
            self._model.addItem(chosen, chosen)
        self._model.setCurrentIndex(max(0, self._model.findData(chosen)))
        self._offer()

    def _offer(self) -> None:
        has_address, is_free = bool(self._address.text().strip()), self._job is None
        self._test.setEnabled(is_free)
        self._forget.setEnabled(has_address and is_free)
        self._keep.setEnabled(has_address and is_free and bool(self._key.text().strip()))

    def _keep_address(self) -> bool:
        """Whether there is an address that can be used; if not, it is said why."""
        text = self._address.text().strip()
        try:
            server = address.normal(text) if text else ""
        except StudioError as error:
            self._say(str(error), is_bad=True)
            return False
        self._settings.change(server=server)
        return bool(server)

    def _keep_model(self, row: int) -> None:
        chosen = self._settings.now.with_model(REMOTE, self._model.itemData(row))
        self._settings.change(models=chosen)

    def _run(
        self,
        waiting: str,
        work: Callable[[CancelToken], Iterator[object]],
        answered: Callable[..., None],
    ) -> None:
        if self._job is not None:
            return
        self._say(waiting)
        job = self._job = self._jobs.start(waiting, work)
        job.yielded.connect(answered)
        job.failed.connect(self._tell_failure)
        job.ended.connect(self._end)
        self._offer()

    def _end(self) -> None:
        self._job = None
        self._offer()

    def _tell_served(self, models: tuple[str, ...]) -> None:
        if not models:
            self._say(self.tr("The server answers, but serves no model."), is_bad=True)
            return
        self._model.clear()
        for name in models:
            self._model.addItem(name, name)
        self._tell()
        names = ", ".join(models)
        self._say(self.tr("The server answers. It serves: {names}.").format(names=names))

    def _tell_failure(self, error: Exception) -> None:
        is_known = isinstance(error, StudioError)
        self._say(
            str(error) if is_known else self.tr("An unexpected error; the log has more."),
            is_bad=True,
        )

    def _say(self, text: str, *, is_bad: bool = False) -> None:
        colours = theme.current()
        self._answer.setStyleSheet(f"color: {(colours.red if is_bad else colours.quiet).name()}")
        self._answer.setText(text)


def _row(field: QWidget, *buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.GRID)
    row.addWidget(field, 1)
    for button in buttons:
        row.addWidget(button)
    return row
