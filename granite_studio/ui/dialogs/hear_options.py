"""How Hear hears: engine, language, and what is asked of the model; it can stay open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core import edits
from granite_studio.core.document import Change, Document
from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog
from granite_studio.engines.catalog import Entry
from granite_studio.pipeline import plan
from granite_studio.services import choosing
from granite_studio.services.fetching import Fetching
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import form, line
from granite_studio.ui.recording import Recording


class HearOptions(QDialog):
    """Every change takes effect at once; the Hear button is the one of the menus."""

    models_pressed = Signal(str)
    """Somebody wants to see what is missing of this engine."""

    def __init__(
        self,
        settings: SettingsKeeper,
        session: Session,
        fetching: Fetching,
        hear: QAction,
        recording: Recording,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._session = session
        self._folder = fetching.folder
        self._hear = hear
        self._recording = recording
        self._meant: Entry | None = None
        self._can_run = False
        self.setWindowTitle(self.tr("Hear options"))
        self.setMinimumWidth(theme.GRID * 72)
        self._plan = self._combo(self.tr("Plan"))
        self._plan.activated.connect(lambda row: settings.change(plan=self._plan.itemData(row)))
        self._engine = self._combo(self.tr("Engine"))
        self._engine.activated.connect(
            lambda row: settings.change(engine=self._engine.itemData(row))
        )
        self._language = self._combo(self.tr("Language spoken"))
        self._language.activated.connect(self._keep_language)
        self._keywords = QLineEdit()
        self._keywords.setAccessibleName(self.tr("Keywords"))
        self._keywords.setPlaceholderText(self.tr("Courchesne, Raven Point, HMS Beagle"))
        self._keywords.setToolTip(self.tr("Names and terms to listen for, parted by commas"))
        self._keywords.editingFinished.connect(self._keep_keywords)
        self._punctuation = self._box("punctuation", self.tr("Punctuation and capital letters"))
        self._speakers = self._box("speakers", self.tr("Tell the speakers apart"))
        self._own_times = self._box(
            "own_times",
            self.tr("Ask the model for word times too, as a check (slow)"),
        )
        self._carried = self._box(
            "carried",
            self.tr("Let the model know the voices it heard before (slower)"),
        )
        self._carried.setToolTip(
            self.tr(
                "Each part of the recording is heard after a few seconds of those who spoke "
                "before, so that their labels go on; otherwise only sounds are compared."
            )
        )
        self._by_channel = self._box(
            "by_channel",
            self.tr("Hear each channel by itself, as one person's"),
        )
        self._note = line()
        self._models = self._button(self.tr("Models …"))
        self._models.setAccessibleName(self.tr("See the models"))
        self._models.clicked.connect(self._ask_models)
        self._start = self._button(self.tr("Hear"))
        self._start.setProperty("primary", True)
        self._start.setDefault(True)
        self._start.setToolTip(hear.toolTip())
        self._start.clicked.connect(self._press_hear)
        self._lay_out()
        for signal in (
            *(settings.changed, session.replaced, fetching.changed),
            recording.settled,
        ):
            signal.connect(self.look)
        session.changed.connect(self._follow)
        hear.changed.connect(self._offer)

    @property
    def note(self) -> str:
        """What is said of the engine that would run, or why none can."""
        return self._note.text()

    def look(self, *_anything: object) -> None:
        """Show the settings, and only what the engine that would run can do."""
        if not self.isVisible():
            return  # showing it looks again
        self._meant, sentence = self._what_would_run()
        self._fill_plans()
        self._fill_engines()
        self._fill_languages()
        settings, meant = self._settings.now, self._meant
        can = meant.capabilities if meant else None
        if not self._keywords.hasFocus():
            self._keywords.setText(", ".join(settings.keywords))
        self._form.setRowVisible(self._keywords, bool(can and can.keywords))
        for box, value, is_shown in (
            (self._punctuation, settings.punctuation, meant and choosing.may_be_plain(meant)),
            (self._speakers, settings.speakers, can and can.speakers),
            (self._own_times, settings.own_times, can and can.own_times),
        ):
            box.setChecked(value)
            self._form.setRowVisible(box, bool(is_shown) and not settings.plan)
        if settings.plan:
            may_carry = plan.find(settings.plan).may_carry
        else:
            may_carry = bool(can and can.carries and settings.speakers)
        self._carried.setChecked(settings.carried)
        self._form.setRowVisible(self._carried, may_carry)
        self._form.setRowVisible(self._engine, not settings.plan)
        self._by_channel.setChecked(settings.by_channel)
        self._form.setRowVisible(self._by_channel, self._recording.has_person_per_channel)
        self._tell(sentence)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    @property
    def _spoken(self) -> str:
        is_open = self._session.project is not None
        return self._session.document.language if is_open else self._settings.now.language

    def _follow(self, _before: Document, _after: Document, change: Change) -> None:
        if change.head:  # not at every key that is typed into the transcript
            self.look()

    def _what_would_run(self) -> tuple[Entry | None, str]:
        """The engine whose abilities are offered, and why it cannot run, or nothing."""
        settings = self._settings.now
        try:
            passes = choosing.passes_now(settings, self._spoken, self._folder)
        except EngineError as error:
            chosen = self._chosen
            return chosen[-1] if chosen else None, str(error)
        return passes[-1].ready.entry, ""

    @property
    def _chosen(self) -> tuple[Entry, ...]:
        """The engines that were chosen, in order; none where the best is to be found."""
        settings = self._settings.now
        if settings.plan:
            return plan.find(settings.plan).engines
        return () if settings.engine == catalog.AUTO else (catalog.find(settings.engine),)

    def _fill_plans(self) -> None:
        settings, folder = self._settings.now, self._folder
        choices = [(self.tr("One engine"), "")]
        for each in plan.PLANS:
            text = each.title
            if any(choosing.why_not(settings, entry, folder) for entry in each.engines):
                text = self.tr("{title} (not ready)").format(title=text)
            choices.append((text, each.name))
        _fill(self._plan, choices, settings.plan)

    def _fill_engines(self) -> None:
        settings, folder = self._settings.now, self._folder
        choices = [(self.tr("The best that is ready"), catalog.AUTO)]
        for entry in catalog.ENTRIES:
            text = entry.title
            if choosing.why_not(settings, entry, folder):
                text = self.tr("{title} (not ready)").format(title=text)
            choices.append((text, entry.name))
        _fill(self._engine, choices, settings.engine)

    def _fill_languages(self) -> None:
        """Those that the chosen engine knows; any engine's where the best is to be chosen."""
        entries, spoken = self._chosen or catalog.ENTRIES, self._spoken
        known = dict.fromkeys(tag for entry in entries for tag in entry.capabilities.languages)
        choices = sorted((catalog.language_name(tag), tag) for tag in known)
        if spoken not in known:
            choices.insert(0, (catalog.language_name(spoken), spoken))
        _fill(self._language, choices, spoken)
        is_fixed = self._session.project is not None and self._session.is_read_only
        self._language.setEnabled(not is_fixed)

    def _tell(self, sentence: str) -> None:
        colours = theme.current()
        self._can_run = not sentence
        self._note.setStyleSheet(f"color: {(colours.amber if sentence else colours.quiet).name()}")
        self._note.setText(sentence or self._what_to_expect())
        self._models.setVisible(not self._can_run)
        self._offer()
        wanted = self._rows.totalHeightForWidth(self.width())
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def _what_to_expect(self) -> str:
        settings, meant = self._settings.now, self._meant
        if meant is None:
            return ""
        if settings.plan:
            return plan.find(settings.plan).about
        said = [self.tr("{title} will hear it.").format(title=meant.title)]
        if settings.keywords and meant.name == choosing.BASE and settings.punctuation:
            said.append(self.tr("With keywords it cannot be asked for punctuation too."))
        can = meant.capabilities
        if settings.keywords and can.keywords and can.speakers and settings.speakers:
            said.append(self.tr("For keywords and speakers it listens twice."))
        return " ".join(said)

    def _offer(self) -> None:
        self._start.setEnabled(self._hear.isEnabled() and self._can_run)

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        return combo

    def _box(self, setting: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.clicked.connect(lambda on: self._settings.change(**{setting: on}))
        return box

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        self._form = form()
        self._form.addRow(self.tr("Plan"), self._plan)
        self._form.addRow(self.tr("Engine"), self._engine)
        self._form.addRow(self.tr("Language spoken"), self._language)
        self._form.addRow(self.tr("Keywords"), self._keywords)
        boxes = (self._punctuation, self._speakers, self._carried, self._own_times)
        for box in (*boxes, self._by_channel):
            self._form.addRow("", box)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._models)
        foot.addWidget(self._start)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        self._rows.setSpacing(theme.GRID * 2)
        self._rows.addLayout(self._form)
        self._rows.addStretch(1)
        self._rows.addLayout(foot)

    def _keep_language(self, row: int) -> None:
        """It is a fact about this recording, and a guess about the next one."""
        tag = self._language.itemData(row)
        if self._session.project is not None:
            document = edits.set_language(self._session.document, tag)
            self._session.commit(document, self.tr("Set the language"))
        self._settings.change(language=tag)

    def _keep_keywords(self) -> None:
        parts = (part.strip() for part in self._keywords.text().split(","))
        self._settings.change(keywords=tuple(dict.fromkeys(part for part in parts if part)))

    def _ask_models(self) -> None:
        self.models_pressed.emit(self._meant.name if self._meant else "")

    def _press_hear(self) -> None:
        self._keep_keywords()
        self._hear.trigger()


def _fill(combo: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
    """Give a list these rows, unless it has them: filling an open list would close it."""
    if [(combo.itemText(row), combo.itemData(row)) for row in range(combo.count())] != choices:
        combo.clear()
        for text, value in choices:
            combo.addItem(text, value)
    combo.setCurrentIndex(combo.findData(chosen))
