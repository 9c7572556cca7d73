"""One engine on the models page: its name, its state, what it can do, and its buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.engines.catalog import Entry
from granite_studio.services.choosing import Here, State
from granite_studio.services.fetching import Fetch
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import line
from granite_studio.ui.saying import can_do, share, size, wait

_LICENCES = {"draft": "BSD"}
_GRANITE = "Apache 2.0"


class EngineCard(QWidget):
    """Shows and asks. Only the buttons that do something now are there."""

    download_pressed = Signal()
    """Also for going on with a download that was stopped."""
    cancel_pressed = Signal()
    choose_pressed = Signal()
    forget_pressed = Signal()
    show_pressed = Signal()
    remove_pressed = Signal()

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self._shown: tuple[Here, Fetch | None, str, str] | None = None
        self._title = QLabel(entry.title)
        self._title.setFont(theme.ui_font(bold=True))
        self._state = QLabel()
        self._can = line(can_do(entry), quiet=True)
        self._facts = line("", quiet=True)
        self._problem = line("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of {title}").format(title=entry.title))
        self._pace = QLabel()
        self._pace.setProperty("quiet", True)
        self._buttons = self._make_buttons()
        self._lay_out()

    @property
    def text(self) -> str:
        """Everything it says now, for tests and screen readers."""
        parts = (self._title, self._state, self._can, self._facts, self._problem, self._pace)
        return "\n".join(part.text() for part in parts if part.text() and not part.isHidden())

    def button(self, name: str) -> QPushButton:
        """ "download", "cancel", "choose", "forget", "show" or "remove"."""
        return self._buttons[name]

    def tell(self, here: Here, fetch: Fetch | None, *, device: str, refusal: str) -> None:
        """Show this state; `device` is what the engine ran on last, if it ran, and `refusal` why
        what was asked last could not be done."""
        self._shown = here, fetch, device, refusal
        colours = theme.current()
        mark, words, ink = self._state_of(here, fetch)
        self._state.setText(f"{mark} {words}")
        self._state.setStyleSheet(f"color: {ink.name()}")
        facts = self._told_facts(here, fetch)
        if device and here.state is State.READY:
            facts = self.tr("{facts}, ran last on {device}").format(facts=facts, device=device)
        self._facts.setText(facts)
        self._facts.setVisible(bool(self._facts.text()))
        bad = refusal or (fetch.problem if fetch else "")
        reason = here.reason if here.state is State.UNUSABLE and not _moves(fetch) else ""
        self._problem.setText(bad or reason)
        self._problem.setVisible(bool(bad or reason))
        self._problem.setStyleSheet(f"color: {colours.red.name()}")
        self._tell_progress(fetch)
        self._offer(here, fetch)

    def take_focus(self) -> None:
        """Give the focus to the first button that can be pressed, if there is one."""
        for button in self._buttons.values():
            if not button.isHidden():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown is not None:
            here, fetch, device, refusal = self._shown
            self.tell(here, fetch, device=device, refusal=refusal)

    def _make_buttons(self) -> dict[str, QPushButton]:
        title = self.entry.title
        made = {}
        for name, text, said, signal in (
            ("download", self.tr("Download …"), self.tr("Download {title}"),
             self.download_pressed),
            ("cancel", self.tr("Cancel"), self.tr("Cancel the download of {title}"),
             self.cancel_pressed),
            ("show", self.tr("Show folder"), self.tr("Show the folder of {title}"),
             self.show_pressed),
            ("choose", self.tr("Choose folder …"), self.tr("Choose the folder of {title}"),
             self.choose_pressed),
            ("forget", self.tr("Forget folder"), self.tr("Forget the folder of {title}"),
             self.forget_pressed),
            ("remove", self.tr("Remove …"), self.tr("Remove {title}"), self.remove_pressed),
        ):  # fmt: skip
            button = QPushButton(text)
            button.setAccessibleName(said.format(title=title))
            button.setAutoDefault(False)  # Return in a field of the page is not meant for it
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
            made[name] = button
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GRID * 2)
        head.addWidget(self._title)
        head.addWidget(self._state)
        head.addStretch(1)
        pace = QHBoxLayout()
        pace.setSpacing(theme.GRID * 2)
        pace.addWidget(self._bar, 1)
        pace.addWidget(self._pace)
        deeds = QHBoxLayout()
        deeds.setSpacing(theme.GRID)
        for button in self._buttons.values():
            deeds.addWidget(button)
        deeds.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.GRID * 2, 0, theme.GRID * 2)
        rows.setSpacing(theme.GRID // 2)
        rows.addLayout(head)
        for part in (self._can, self._facts, self._problem):
            rows.addWidget(part)
        rows.addLayout(pace)
        rows.addSpacing(theme.GRID // 2)
        rows.addLayout(deeds)

    def _state_of(self, here: Here, fetch: Fetch | None) -> tuple[str, str, QColor]:
        """A mark, words and their colour."""
        colours = theme.current()
        if fetch is not None and not fetch.problem:
            words = self.tr("waiting") if fetch.is_waiting else self.tr("downloading")
            return "\N{DOWNWARDS ARROW}", words, colours.accent
        if here.state is State.READY:
            return "\N{BLACK CIRCLE}", self.tr("ready"), colours.green
        if here.state is State.UNFINISHED:
            return "\N{CIRCLE WITH LEFT HALF BLACK}", self.tr("unfinished"), colours.amber
        if here.state is State.UNUSABLE:
            return "\N{MULTIPLICATION X}", self.tr("cannot be used"), colours.red
        return "\N{WHITE CIRCLE}", self.tr("not here"), colours.quiet

    def _told_facts(self, here: Here, fetch: Fetch | None) -> str:
        """Size, licence and place."""
        facts = []
        if here.model is not None:
            begun = here.state is State.UNFINISHED and not _moves(fetch)
            amount = size(here.bytes if here.state is State.READY else here.model.bytes)
            facts.append(share(here.bytes, here.model.bytes) if begun else amount)
            facts.append(self.tr("licence {name}").format(name=_GRANITE))
        elif self.entry.name in _LICENCES:
            facts.append(self.tr("Part of the program"))
            facts.append(self.tr("licence {name}").format(name=_LICENCES[self.entry.name]))
        if here.place is not None:
            facts.append(self.tr("in {folder}").format(folder=here.place))
        return ", ".join(facts)

    def _tell_progress(self, fetch: Fetch | None) -> None:
        for part in (self._bar, self._pace):
            part.setVisible(_moves(fetch))
        if fetch is None:
            return
        self._bar.setValue(1000 * fetch.done // max(1, fetch.total))
        parts = [share(fetch.done, fetch.total)]
        if fetch.is_waiting:
            parts = [self.tr("waits for the others")]
        elif fetch.speed:
            parts.append(self.tr("{size} a second").format(size=size(round(fetch.speed))))
        if fetch.left_s is not None:
            parts.append(self.tr("{time} left").format(time=wait(fetch.left_s)))
        self._pace.setText(", ".join(parts))

    def _offer(self, here: Here, fetch: Fetch | None) -> None:
        """Show the buttons that do something now, the one most wanted in the accent colour."""
        moves, has_model = _moves(fetch), here.model is not None
        is_stuck = here.state is State.UNUSABLE and here.place is None  # no model would help
        lacks = has_model and here.state is not State.READY and not here.is_chosen
        download = self._buttons["download"]
        if here.model is not None:
            text = (
                self.tr("Resume")
                if here.state is State.UNFINISHED
                else self.tr("Download {size} …")
            )
            download.setText(text.format(size=size(here.model.bytes)))
        shown = {
            "download": lacks and not moves and not is_stuck,
            "cancel": moves,
            "show": has_model and here.place is not None and not moves,
            "choose": has_model and not moves and not is_stuck,
            "forget": has_model and here.is_chosen,
            "remove": has_model and here.is_ours and not moves,
        }
        focus = next((b for b in self._buttons.values() if b.hasFocus()), None)
        for name, is_shown in shown.items():
            self._buttons[name].setVisible(is_shown)
        if focus is not None and focus.isHidden():
            self.take_focus()


def _moves(fetch: Fetch | None) -> bool:
    """Whether the download goes on or waits for its turn."""
    return fetch is not None and not fetch.problem
