"""The cues as rows of a table."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon

from granite_studio.core import edits
from granite_studio.core.checks import Problem, Severity, problems
from granite_studio.core.cues import Cue, cps
from granite_studio.core.document import Document, alike
from granite_studio.core.emphasis import Tags
from granite_studio.core.errors import StudioError
from granite_studio.core.measure import lengths
from granite_studio.core.styles import Style
from granite_studio.core.timing import parse_clock, short_clock
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.subtitles import Subtitles

Index = QModelIndex | QPersistentModelIndex
NUMBER, START, END, DURATION, GAP, CPS, CPL, TEXT = range(8)
EDITABLE = (START, END, DURATION, TEXT)
FIGURES = {"end": END, "length": DURATION, "gap": GAP, "cps": CPS, "cpl": CPL}
"""The columns that a person may want or not, as settings name them."""
CueRole = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CueModel(QAbstractTableModel):
    """Follows `Subtitles`. Rows that did not change stay rows, so the selection stays too.

    All cues are rows, or those alone that `list_only` names; places count all cues.
    Lines and times can be set; each change is a step of the session's history.
    """

    refused = Signal(str)
    """What was written cannot be: a sentence."""

    def __init__(self, session: Session, subtitles: Subtitles, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._subtitles = subtitles
        self._all = self._cues = subtitles.cues
        self._places: Sequence[int] = range(len(self._all))
        self._firsts: frozenset[int] | None = None
        self._titles = (
            self.tr("#"),
            self.tr("Start"),
            self.tr("End"),
            self.tr("Length"),
            self.tr("Gap"),
            self.tr("CPS"),
            self.tr("CPL"),
            self.tr("Text"),
        )
        self._tips = (
            self.tr("Number of the cue"),
            self.tr("When it comes on screen"),
            self.tr("When it goes"),
            self.tr("For how many seconds it stays"),
            self.tr("Seconds from its end to the start of the next one"),
            self.tr("Characters a second that a viewer has to read"),
            self.tr("Characters in its longest line"),
            self.tr("What is on screen"),
        )
        subtitles.changed.connect(self._follow)

    @property
    def style(self) -> Style:
        return self._subtitles.style

    @property
    def latest(self) -> str:
        """The time of the last cue as it is shown, as wide as any."""
        return _time(self._all[-1].end) if self._all else ""

    def cue(self, row: int) -> Cue:
        return self._cues[row]

    def row_of(self, place: int) -> int:
        """The row of the cue at this place among all; -1 where it has none."""
        row = bisect_left(self._places, place)
        return row if row < len(self._places) and self._places[row] == place else -1

    def list_only(self, firsts: frozenset[int] | None) -> None:
        """Make rows only of the cues that begin with these words; None: of all."""
        self._firsts = firsts
        cues, places = self._sifted(self._all)
        if places != self._places:
            self.beginResetModel()
            self._cues, self._places = cues, places
            self.endResetModel()

    def runs(self, row: int) -> list[list[tuple[Tags, str]]] | None:
        """The lines of a cue in runs of one look; None where nothing is emphasised."""
        looks, cue = self._subtitles.looks, self._cues[row]
        return looks.lines(cue.first, cue.last, cue.lines) if looks else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() in EDITABLE and not self._session.is_read_only:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was written in a cell; `refused` says why it cannot be."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        cue, column, written = self._cues[index.row()], index.column(), str(value).strip()
        if written == str(self.data(index, role)).strip():
            return False
        if column == TEXT:
            return self.write(cue, written)
        try:
            start, end = self._times(cue, column, written)
            after = edits.retime_cue(self._session.document, cue.first, cue.last, start, end)
            self._session.commit(after, self.tr("Set a cue's times"))
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        except ValueError as error:
            self.refused.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return False
        self._subtitles.catch_up()
        return True

    def write(self, cue: Cue, text: str) -> bool:
        """Make this the text of a cue, wherever its words are now; whether that could be."""
        lines = text.strip().split("\n")
        return self._rewrite(
            self.tr("Write in a cue"),
            lambda document: edits.retype_cue(
                document, cue.first, cue.last, lines, dash=self.style.dash
            ),
        )

    def part(self, cue: Cue, text: str, behind: str) -> bool:
        """Make two cues of one, with these texts; whether that could be."""
        lines, others = text.split("\n"), behind.split("\n")
        return self._rewrite(
            self.tr("Split cue"),
            lambda document: edits.split_retyped_cue(
                document, cue.first, cue.last, lines, others, dash=self.style.dash
            ),
        )

    def _rewrite(self, label: str, edit: Callable[[Document], Document]) -> bool:
        try:
            self._session.commit(edit(self._session.document), label)
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        except KeyError:
            self.refused.emit(
                self.tr("The words of this cue were heard anew meanwhile. Write in it again.")
            )
            return False
        except ValueError as error:
            self.refused.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return False
        self._subtitles.catch_up()
        return True

    def _times(self, cue: Cue, column: int, written: str) -> tuple[int, int]:
        """From when to when a cue is shown once this is written in one of its cells."""
        ms = parse_clock(written)
        if column == START:
            start, end = ms, cue.end
        else:
            start, end = cue.start, cue.start + ms if column == DURATION else ms
        if end <= start:
            raise ValueError(self.tr("a cue cannot end before it begins"))
        return start, end

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._cues)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == TEXT else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._shown(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == TEXT else _RIGHT
        if column == NUMBER and self._cues[row].fixed:
            if role == Qt.ItemDataRole.DecorationRole:
                return theme.icon("pencil-outline", theme.current().quiet)
            if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                number = self._places[row] + 1
                return self.tr("Cue {number}, made by hand").format(number=number)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = "<br>".join(html.escape(problem.message) for problem in self.problems(row))
            return f"<qt>{told}</qt>" if told else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.DecorationRole and column == TEXT:
            return self._mark(row)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == TEXT:
            messages = (problem.message for problem in self.problems(row))
            return " ".join([*self._cues[row].lines, *messages])
        if role == CueRole:
            return self._cues[row]
        return None

    def problems(self, row: int) -> tuple[Problem, ...]:
        """What the style says against the cue in this row."""
        place = self._places[row]
        before = self._all[place - 1] if place else None
        after = self._all[place + 1] if place + 1 < len(self._all) else None
        style, film = self._subtitles.style, self._subtitles.film
        return problems(self._cues[row], before, after, style, film=film)

    def _shown(self, row: int, column: int) -> str:
        cue, place = self._cues[row], self._places[row]
        match column:
            case 0:
                return str(place + 1)
            case 1:
                return _time(cue.start)
            case 2:
                return _time(cue.end)
            case 3:
                return f"{(cue.end - cue.start) / 1000:.2f}"
            case 4:
                following = self._all[place + 1 : place + 2]
                return f"{(following[0].start - cue.end) / 1000:.2f}" if following else ""
            case 5:
                return f"{cps(cue):.0f}"
            case 6:
                return f"{max(lengths(cue.lines), default=0):g}"
            case _:
                return cue.text

    def _colour(self, row: int, column: int) -> QColor | None:
        """Figures that break a rule take its colour; the icon and the tip say the same."""
        rules = {
            CPS: ("cps", "wide_cps"),
            CPL: ("cpl", "wide_cpl"),
            DURATION: ("min_ms", "max_ms", "word_ms"),
            GAP: ("overlap", "gap_ms", "chain_ms"),
        }
        if column in (NUMBER, START, END):
            return theme.current().quiet
        for problem in self.problems(row) if column in rules else ():
            if any(problem.rule.startswith(rule) for rule in rules[column]):
                is_bad = problem.severity is Severity.ERROR
                return theme.current().red if is_bad else theme.current().amber
        return None

    def _mark(self, row: int) -> QIcon | None:
        found = self.problems(row)
        if not found:
            return None
        is_bad = any(problem.severity is Severity.ERROR for problem in found)
        colours = theme.current()
        if is_bad:
            return theme.icon("alert-circle-outline", colours.red)
        return theme.icon("alert-outline", colours.amber)

    def _follow(self) -> None:
        """Change as few rows as possible: equal cues at both ends are the same rows."""
        old, (new, places) = self._cues, self._sifted(self._subtitles.cues)
        head, tail = alike(old, new)
        removed, added = len(old) - head - tail, len(new) - head - tail
        kept = min(removed, added)
        if removed > kept:
            self.beginRemoveRows(QModelIndex(), head + kept, head + removed - 1)
            self._all, self._cues, self._places = self._subtitles.cues, new, places
            self.endRemoveRows()
        elif added > kept:
            self.beginInsertRows(QModelIndex(), head + kept, head + added - 1)
            self._all, self._cues, self._places = self._subtitles.cues, new, places
            self.endInsertRows()
        self._all, self._cues, self._places = self._subtitles.cues, new, places
        # Problems look at neighbours, and another style judges all: repainting is cheap.
        if new:
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, TEXT))

    def _sifted(self, cues: tuple[Cue, ...]) -> tuple[tuple[Cue, ...], Sequence[int]]:
        """Those of these cues that are rows, and their places among them."""
        if self._firsts is None:
            return cues, range(len(cues))
        places = tuple(n for n, cue in enumerate(cues) if cue.first in self._firsts)
        return tuple(cues[place] for place in places), places


def _time(ms: int) -> str:
    """As 12:41.320, or 1:02:03.500 from an hour on: short, so that all columns have room."""
    return f"{short_clock(ms)}.{ms % 1000:03}"
