"""What a text that comes back from Word would change, to look at before it is taken over."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from granite_studio import formats
from granite_studio.core.align import align
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document
from granite_studio.core.errors import StudioError
from granite_studio.core.roundtrip.differences import REFUSED, Deed, Difference, Side
from granite_studio.core.roundtrip.handed import Brought
from granite_studio.core.roundtrip.returning import Returned, returned
from granite_studio.core.timing import short_clock
from granite_studio.formats.docx_reading import brought
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import line

_SHOWN = 500
"""So many differences are listed; who made more will not read them one by one."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A text that came back, and what comes of it on this document."""

    came: Brought
    before: Document
    keep: Side
    result: Returned


class ReturnPanel(QDialog):
    """Reads a file in the background, lists the differences and commits them in one step."""

    def __init__(
        self, session: Session, jobs: Jobs, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._jobs = jobs
        self._path = path
        self._found: _Found | None = None
        self.setWindowTitle(self.tr("Bring back from Word"))
        self.resize(theme.GRID * 96, theme.GRID * 72)
        self._sum = line(self.tr("Reading {name} …").format(name=path.name))
        self._side = QComboBox()
        self._side.addItem(self.tr("take the text that came back"), Side.RETURNED)
        self._side.addItem(self.tr("keep the text of the project"), Side.PROJECT)
        self._side.currentIndexChanged.connect(self.compare)
        self._side_row = self._with_label(self.tr("Where both changed the same words:"))
        self._list = QTextBrowser()
        self._list.setAccessibleName(self.tr("Differences"))
        self._list.setOpenLinks(False)
        self._take = QPushButton(self.tr("Take over"))
        self._take.setProperty("primary", True)
        self._take.setDefault(True)
        self._take.setEnabled(False)
        self._take.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._take)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        rows.addWidget(self._sum)
        rows.addWidget(self._side_row)
        rows.addWidget(self._list, 1)
        rows.addLayout(foot)
        session.replaced.connect(self.reject)
        self.compare()

    @property
    def _chosen_side(self) -> Side:
        return Side(self._side.currentData())  # Qt gives it back as a text

    def compare(self) -> None:
        """Read the file, if that has not been done, and say what would change."""
        before, keep = self._session.document, self._chosen_side
        project, found, path = self._session.project, self._found, self._path
        earlier = [step.document for step in reversed(project.history.steps)] if project else []

        def work(cancel: CancelToken) -> Iterator[_Found]:
            limit = formats.by_name("docx").limit
            came = found.came if found else brought(formats.source(path, limit=limit))
            cancel.check()
            result = returned(before, came, keep=keep, earlier=earlier)
            yield _Found(came, before, keep, result)

        self._take.setEnabled(False)
        job = self._jobs.start(self.tr("Bring back from Word"), work)
        job.yielded.connect(self._show)
        job.failed.connect(self._refuse)
        self.finished.connect(job.cancel)

    def accept(self) -> None:
        """Make what is shown the document; compare again if that changed meanwhile."""
        found = self._found
        if found is None:
            return
        if self._session.document is not found.before:
            self._sum.setText(self.tr("The transcript has changed meanwhile; comparing again …"))
            self.compare()
            return
        self._session.seal()
        self._session.commit(found.result.document, self.tr("Bring back from Word"))
        super().accept()

    def _with_label(self, text: str) -> QWidget:
        row = QWidget()
        label = QLabel(text)
        label.setBuddy(self._side)
        self._side.setAccessibleName(text)
        places = QHBoxLayout(row)
        places.setContentsMargins(0, 0, 0, 0)
        places.setSpacing(theme.GRID)
        places.addWidget(label)
        places.addWidget(self._side)
        places.addStretch(1)
        row.hide()
        return row

    def _show(self, found: _Found) -> None:
        if found.keep is not self._chosen_side:
            return  # another choice was made meanwhile, and another answer is on its way
        self._found = found
        result = found.result
        said = [self._counted(result)]
        if not result.knows_export:
            said.append(
                self.tr(
                    "The file does not say what was exported, so what you changed in the project "
                    "since then cannot be told apart: the text that came back is taken everywhere."
                )
            )
        self._sum.setText(" ".join(said))
        self._side_row.setVisible(result.conflicts > 0)
        shown = [self._told(each) for each in result.differences[:_SHOWN]]
        if len(result.differences) > _SHOWN:
            more = self.tr("and {count} more").format(count=len(result.differences) - _SHOWN)
            shown.append(f"<p>{html.escape(more)}</p>")
        self._list.setHtml("".join(shown))
        self._take.setEnabled(result.document is not found.before)

    def _refuse(self, error: Exception) -> None:
        text = str(error) if isinstance(error, StudioError) else self.tr("An unexpected error.")
        self._sum.setText(text)

    def _counted(self, result: Returned) -> str:
        if not result.differences:
            return self.tr("Nothing is different: {name} says what the transcript says.").format(
                name=self._path.name
            )
        told = self.tr("Differences in {name}: {count}.").format(
            count=len(result.differences), name=self._path.name
        )
        if result.conflicts:
            both = self.tr("Changed in the project as well: {count}.").format(
                count=result.conflicts
            )
            told = f"{told} {both}"
        if result.refused:
            stay = self.tr("Times that cannot be taken: {count}.").format(count=result.refused)
            told = f"{told} {stay}"
        return told

    def _told(self, difference: Difference) -> str:
        """A difference as rich text; what strangers wrote is escaped."""
        colours = theme.current()
        head = " \N{MIDDLE DOT} ".join(
            filter(
                None,
                (
                    short_clock(difference.start),
                    difference.speaker,
                    difference.language,
                    self._deed(difference),
                ),
            )
        )
        colour = (colours.amber if difference.conflict else colours.quiet).name()
        text = _compared(difference.old, difference.new, colours)
        return (
            f'<p style="margin: 12px 0 2px 0; color: {colour}">{html.escape(head)}</p>'
            f'<p style="margin: 0">{text}</p>'
        )

    def _deed(self, difference: Difference) -> str:
        named = {
            Deed.CHANGED: self.tr("changed"),
            Deed.ADDED: self.tr("added"),
            Deed.DELETED: self.tr("deleted"),
            Deed.KEPT: self.tr("deleted there and changed here: it stays"),
            Deed.SPLIT: self.tr("begins a new paragraph"),
            Deed.JOINED: self.tr("joined with the next"),
            Deed.BORDER: self.tr("took words over from its neighbour"),
            Deed.MOVED: self.tr("moved: it stays where it was said"),
            Deed.SPEAKER: self.tr("another speaker"),
            Deed.RENAMED: self.tr("speaker renamed everywhere"),
            Deed.NOTE: self.tr("a remark"),
            Deed.TRANSLATION: self.tr("another translation"),
            Deed.CUE: self.tr("begins a new cue"),
            Deed.LINES: self.tr("other lines"),
            Deed.TIMES: self.tr("other times"),
            Deed.UNREADABLE: self.tr("a time that cannot be read: the cue keeps its times"),
            Deed.BACKWARDS: self.tr("a time that is out of order: the cue keeps its times"),
            Deed.SHORT: self.tr("too short to be seen: the cue keeps its times"),
        }[difference.deed]
        if not difference.conflict or difference.deed in (Deed.KEPT, *REFUSED):
            return named
        project = self._chosen_side is Side.PROJECT
        if difference.deed in (Deed.TRANSLATION, Deed.LINES, Deed.TIMES):
            both = (
                self.tr("changed on both sides: the project's stays")
                if project
                else self.tr("changed on both sides: what came back is taken")
            )
            return f"{named} \N{MIDDLE DOT} {both}"
        if project:
            return self.tr("changed on both sides: the project's text stays")
        return self.tr("changed on both sides: the text that came back is taken")


def _compared(old: str, new: str, colours: theme.Theme) -> str:
    """Both texts in one: what went is struck out, what came is underlined; a bar parts lines."""
    before, after = (text.replace("\n", " | ").split() for text in (old, new))
    parts: list[str] = []
    for code in align(before, after):
        gone = html.escape(" ".join(before[code.i1 : code.i2]))
        come = html.escape(" ".join(after[code.j1 : code.j2]))
        if code.kind == "equal":
            parts.append(come)
            continue
        if gone:
            parts.append(f'<s style="color: {colours.red.name()}">{gone}</s>')
        if come:
            parts.append(f'<u style="color: {colours.green.name()}">{come}</u>')
    return " ".join(parts)
