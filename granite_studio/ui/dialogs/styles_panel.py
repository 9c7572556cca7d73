"""Edit styles: the list of subtitle styles, a form for one of them, and files to share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.checks import Checker, Severity
from granite_studio.core.errors import FormatError
from granite_studio.core.files import atomic_write
from granite_studio.core.shots import Film
from granite_studio.core.styles import DEFAULT, SUFFIX, Style, dump_style
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.services.styles import StyleKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_choice, ask_open, ask_save, ask_sure, ask_text
from granite_studio.ui.dialogs.parts import line
from granite_studio.ui.dialogs.style_form import StyleForm
from granite_studio.ui.subtitles import Subtitles

_REST_MS = 500
"""So long a hand rests before what it changed is kept."""
_NAME = Qt.ItemDataRole.UserRole


class StylesPanel(QDialog):
    """What is changed in a style of the person's own is kept a moment later; there is nothing to
    confirm. Below the form stands what the open project would be by the style."""

    def __init__(
        self,
        styles: StyleKeeper,
        session: Session,
        settings: SettingsKeeper,
        parent: QWidget | None = None,
        *,
        film: Film | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it cuts all cues once more
        self.setWindowTitle(self.tr("Subtitle styles"))
        self.resize(theme.GRID * 116, theme.GRID * 84)
        self._styles = styles
        self._settings = settings
        self._cues = Subtitles(session, self)
        self._cues.set_film(film)
        self._rows: list[tuple[str, str]] = []
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Subtitle styles"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSpacing(2)
        self._list.currentItemChanged.connect(self._show)
        self._title = QLabel()
        self._title.setFont(theme.font(theme.current().large, bold=True))
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._kind = line(quiet=True)
        self._form = StyleForm()
        self._told = line()
        self._count = line()
        self._buttons = {
            name: self._button(text, deed)
            for name, text, deed in (
                ("duplicate", self.tr("Duplicate"), self._duplicate),
                ("rename", self.tr("Rename …"), self._ask_title),
                ("delete", self.tr("Delete …"), self._ask_delete),
                ("import", self.tr("Import …"), self._ask_file),
                ("export", self.tr("Export …"), self._ask_place),
                ("use", self.tr("Use this style"), self._use),
            )
        }
        self._lay_out()
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self.keep)
        self._form.edited.connect(self._rest.start)
        self._cues.changed.connect(self._tell_count)
        styles.changed.connect(self._list_all)
        settings.changed.connect(self._offer)
        self._list_all()
        self.choose(settings.now.style)

    @property
    def chosen(self) -> Style:
        """The style that is shown, as it is kept."""
        item = self._list.currentItem()
        return self._styles.now.get(item.data(_NAME) if item else DEFAULT)

    def choose(self, name: str) -> None:
        """Show this style, if there is one of that name."""
        for row in range(self._list.count()):
            if self._list.item(row).data(_NAME) == name:
                self._list.setCurrentRow(row)

    def keep(self) -> None:
        """Keep what is in the form now, or say why that cannot be."""
        self._rest.stop()
        new = self._form.guide
        if new.name not in self._styles.now.own or new == self._styles.now.own[new.name]:
            self._say("")
        elif self._done(lambda: self._styles.keep(new)):
            self._cues.set_style(self.chosen)

    def done(self, result: int) -> None:
        """Close it; what was changed last is kept first."""
        self._keep_the_last()
        super().done(result)

    def _button(self, text: str, deed: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)  # Return in a field is not meant for it
        button.clicked.connect(lambda _checked=False: deed())
        return button

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.GRID)
        left.addWidget(self._list, 1)
        for names in (("duplicate", "rename"), ("import", "export"), ("delete",)):
            row = QHBoxLayout()
            row.setSpacing(theme.GRID)
            for name in names:
                row.addWidget(self._buttons[name], 1)
            left.addLayout(row)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._form)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID * 2)
        foot.addWidget(self._count, 1)
        foot.addWidget(self._buttons["use"])
        right = QVBoxLayout()
        right.setSpacing(theme.GRID)
        right.addWidget(self._title)
        right.addWidget(self._kind)
        right.addWidget(area, 1)
        right.addWidget(self._told)
        right.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(*(theme.GRID * 2,) * 4)
        whole.setSpacing(theme.GRID * 2)
        whole.addLayout(left, 3)
        whole.addLayout(right, 5)

    def _list_all(self) -> None:
        """List the styles anew; the same one stays chosen, or the general one."""
        name, known = self.chosen_name, self._styles.now
        rows = [(guide.name, guide.title) for guide in known]
        if rows == self._rows:
            return
        self._rows = rows
        self._list.blockSignals(True)
        self._list.clear()
        for guide in known:
            item = QListWidgetItem(guide.title)
            item.setData(_NAME, guide.name)
            item.setToolTip(escape(guide.title))
            if guide.name in known.own:
                font = QFont(self._list.font())
                font.setBold(True)
                item.setFont(font)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self.choose(name)
        self._list.blockSignals(False)
        if self.chosen_name != name:
            self._show()
        self._offer()

    @property
    def chosen_name(self) -> str:
        """The name of the style that is shown; empty where none is."""
        item = self._list.currentItem()
        return item.data(_NAME) if item else ""

    def _show(self, *_items: object) -> None:
        """Show the chosen style."""
        self._keep_the_last()
        guide, is_own = self.chosen, self.chosen_name in self._styles.now.own
        self._form.show_style(guide, is_own=is_own)
        self._title.setText(guide.title)
        self._kind.setText(
            self.tr("Your own, named {name} on the command line").format(name=guide.name)
            if is_own
            else self.tr("Comes with the program: duplicate it to change it")
        )
        self._say("\n".join(self._styles.now.faults))
        self._cues.set_style(guide)
        self._offer()

    def _keep_the_last(self) -> None:
        """What was changed a moment ago is not lost when another style is looked at."""
        if self._rest.isActive():
            self.keep()

    def _offer(self, *_anything: object) -> None:
        is_own = self.chosen_name in self._styles.now.own
        self._buttons["rename"].setEnabled(is_own)
        self._buttons["delete"].setEnabled(is_own)
        self._buttons["use"].setEnabled(self._settings.now.style != self.chosen_name)

    def _tell_count(self) -> None:
        cues = self._cues.cues
        checker = Checker(self._cues.style, self._cues.film)
        found = [each for _, faults in checker.check(cues) for each in faults]
        errors = sum(problem.severity is Severity.ERROR for problem in found)
        self._count.setText(
            self.tr("By this style: {cues} cues, {errors} errors, {warnings} warnings").format(
                cues=len(cues), errors=errors, warnings=len(found) - errors
            )
            if cues
            else ""
        )

    def _duplicate(self) -> None:
        guide = self.chosen
        title = self.tr("{title}, copy").format(title=guide.title)
        self._done(lambda: self.choose(self._styles.duplicate(guide.name, title).name))

    def _ask_title(self) -> None:
        name, title = self.chosen_name, self.chosen.title
        ask_text(
            self,
            self.tr("Rename the style"),
            self.tr("What is the style called?"),
            lambda text: self.rename(name, text),
            text=title,
        )

    def rename(self, name: str, title: str) -> None:
        """Give one of the person's styles another title."""
        was_used = self._settings.now.style == name

        def rename() -> None:
            new = self._styles.rename(name, title).name
            if was_used:
                self._settings.change(style=new)
            self.choose(new)

        self._done(rename)

    def _ask_delete(self) -> None:
        guide = self.chosen
        ask_sure(
            self,
            self.tr("Delete “{title}”?").format(title=guide.title),
            self.tr("Its file is deleted. Where it is in use, the general style takes its place."),
            self.tr("Delete"),
            lambda: self.delete(guide.name),
        )

    def delete(self, name: str) -> None:
        """Delete the file of one of the person's styles."""
        if self._settings.now.style == name:
            self._settings.change(style=DEFAULT)
        self._done(lambda: self._styles.remove(name))

    def _ask_file(self) -> None:
        ask_open(
            self,
            self.tr("Import styles"),
            [self.tr("Subtitle styles (*{ending})").format(ending=SUFFIX)],
            self.take,
        )

    def take(self, paths: list[Path]) -> None:
        """Keep copies of the styles in these files; says which are none, and which are there
        already. Where a name is that of another style of the person's, it is asked what to do."""
        self._keep_the_last()
        there, said, clashing = list[str](), list[str](), list[Style]()
        for path in paths:
            try:
                new = self._styles.read(path)
                if twin := self._styles.twin(new):
                    self.choose(twin.name)
                    there.append(self.tr("“{title}” is there already.").format(title=twin.title))
                elif new.name in self._styles.now.own:
                    clashing.append(new)
                else:
                    self.choose(self._styles.take(new).name)
            except FormatError as error:
                said.append(self.tr("{file}: {error}").format(file=path.name, error=error))
        self._say("\n".join(said + there), is_bad=bool(said))
        if clashing:
            self._ask_instead(clashing)

    def _ask_instead(self, clashing: list[Style]) -> None:
        names = ", ".join(f"“{guide.name}”" for guide in clashing)
        ask_choice(
            self,
            self.tr("Import styles"),
            self.tr("You have other styles of these names: {names}").format(names=names),
            (self.tr("Keep both, the new one under another name"), self.tr("Replace mine")),
            lambda place: self._take(clashing, instead=place == 1),
        )

    def _take(self, clashing: list[Style], *, instead: bool) -> None:
        """Keep these styles, in place of those of their names or beside them."""

        def keep(new: Style) -> None:
            if instead:
                self._styles.keep(new)
            kept = new if instead else self._styles.take(new)
            self.choose(kept.name)
            self._show()  # another style may stand where this one stood

        self._keep_the_last()
        for new in clashing:
            if not self._done(partial(keep, new)):
                return

    def _ask_place(self) -> None:
        guide = self.chosen
        ask_save(
            self,
            self.tr("Export the style"),
            Path.home() / f"{guide.name}{SUFFIX}",
            [self.tr("Subtitle styles (*{ending})").format(ending=SUFFIX)],
            lambda path: self.write(guide, path),
        )

    def write(self, guide: Style, path: Path) -> None:
        """Write the style to a file that somebody else can import."""
        self._done(lambda: atomic_write(path, dump_style(guide).encode()))

    def _use(self) -> None:
        self._keep_the_last()
        self._settings.change(style=self.chosen_name)

    def _done(self, deed: Callable[[], object]) -> bool:
        """Do it, or say why it cannot be done; whether it was."""
        try:
            deed()
        except FormatError as error:
            self._say(str(error))
            return False
        self._say("")
        return True

    def _say(self, text: str, *, is_bad: bool = True) -> None:
        self._told.setProperty("bad", is_bad)
        self._told.style().polish(self._told)
        self._told.setText(text)
        self._told.setVisible(bool(text))
