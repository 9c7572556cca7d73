"""Cues moved and stretched in time: by an amount, between two points, to another frame rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.cues import Cue
from granite_studio.core.moving import Moved, at_rate, between, by, moved
from granite_studio.core.timing import RATES, clock, parse_clock
from granite_studio.services.session import Session
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import form, line
from granite_studio.ui.player.playback import Playback
from granite_studio.ui.subtitles import Subtitles

_MOST_MS = 100 * 3_600_000
"""Subtitle formats write hours with two digits."""
_RATES = {name: rate for name, rate in RATES.items() if not rate.drop}


class MoveCues(QDialog):
    """Says first what the cues' times would be; moves them in one step."""

    def __init__(
        self,
        session: Session,
        subtitles: Subtitles,
        playback: Playback,
        chosen: Callable[[], list[Cue]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._subtitles = subtitles
        self._playback = playback
        self._chosen = chosen
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Move cues in time"))
        self._scope = QComboBox()
        self._scope.setAccessibleName(self.tr("Which cues"))
        self._ways = QTabWidget()
        self._ways.setAccessibleName(self.tr("How they move"))
        self._amount = self._field(self.tr("Seconds; a minus moves them earlier"), "0.5")
        self._points = [
            (self._field(self.tr("Time in the subtitles")), self._field(self.tr("Right time")))
            for _ in range(2)
        ]
        self._rates = (self._rate(self.tr("Rate until now")), self._rate(self.tr("New rate")))
        self._rates[1].setCurrentText("25")
        self._ways.addTab(self._amount_page(), self.tr("By an amount"))
        self._ways.addTab(self._points_page(), self.tr("Between two points"))
        self._ways.addTab(self._rates_page(), self.tr("To another frame rate"))
        self._told = line(quiet=True)
        self._told.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox()
        self._move = buttons.addButton(self.tr("Move"), QDialogButtonBox.ButtonRole.ActionRole)
        self._move.setProperty("primary", True)
        self._move.clicked.connect(self._take)
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(theme.GRID * 3,) * 4)
        rows.setSpacing(theme.GRID * 2)
        fields = form()
        fields.addRow(self.tr("Cues"), self._scope)
        rows.addLayout(fields)
        rows.addWidget(self._ways)
        rows.addWidget(self._told)
        rows.addStretch(1)
        rows.addWidget(buttons)
        self._move.setDefault(True)
        self.resize(theme.GRID * 76, 0)
        self._ways.currentChanged.connect(self._tell)
        self._scope.currentIndexChanged.connect(self._tell)
        subtitles.changed.connect(self._tell)
        self._fill()
        self._amount.selectAll()
        self.setFocusProxy(self._amount)

    def _amount_page(self) -> QWidget:
        page = QWidget()
        fields = form()
        fields.setContentsMargins(*(theme.GRID * 2,) * 4)
        fields.addRow(self.tr("Later by (s)"), self._amount)
        page.setLayout(fields)
        return page

    def _points_page(self) -> QWidget:
        """Two rows: a time as the subtitles have it, and the right one, from the playhead."""
        page = QWidget()
        fields = form()
        fields.setContentsMargins(*(theme.GRID * 2,) * 4)
        names = (self.tr("An early cue at"), self.tr("A late cue at"))
        for name, (old, new) in zip(names, self._points, strict=True):
            row = QHBoxLayout()
            row.setSpacing(theme.GRID)
            row.addWidget(old)
            row.addWidget(QLabel(self.tr("belongs to")))
            row.addWidget(new)
            here = QPushButton(self.tr("Playhead"))
            here.setToolTip(self.tr("Take the time at which the playhead stands"))
            here.setAutoDefault(False)
            here.clicked.connect(
                lambda _on=False, field=new: field.setText(clock(self._playback.position))
            )
            row.addWidget(here)
            fields.addRow(name, row)
        page.setLayout(fields)
        return page

    def _rates_page(self) -> QWidget:
        page = QWidget()
        fields = form()
        fields.setContentsMargins(*(theme.GRID * 2,) * 4)
        fields.addRow(self.tr("Made for (frames a second)"), self._rates[0])
        fields.addRow(self.tr("Shown with"), self._rates[1])
        page.setLayout(fields)
        return page

    def _field(self, name: str, text: str = "") -> QLineEdit:
        field = QLineEdit(text)
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setMinimumWidth(field.fontMetrics().horizontalAdvance(clock(0)) + theme.GRID * 4)
        field.textChanged.connect(self._tell)
        return field

    def _rate(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.addItems(list(_RATES))
        box.currentIndexChanged.connect(self._tell)
        return box

    def _fill(self) -> None:
        chosen, cues = self._chosen(), self._subtitles.cues
        self._scope.addItem(self.tr("All {count}").format(count=len(cues)))
        if 1 < len(chosen) < len(cues):
            self._scope.addItem(self.tr("The {count} chosen ones").format(count=len(chosen)))
            self._scope.setCurrentIndex(1)
        ends = list(chosen if len(chosen) > 1 else cues)
        for (old, new), cue in zip(self._points, ends[:1] + ends[-1:], strict=False):
            old.setText(clock(cue.start))
            new.setText(clock(cue.start))
        self._tell()

    def _cues(self) -> Sequence[Cue]:
        return self._chosen() if self._scope.currentIndex() == 1 else self._subtitles.cues

    def _way(self) -> Moved:
        """How times move as the fields say; ValueError with the reason where they say nothing."""
        match self._ways.currentIndex():
            case 0:
                try:
                    return by(round(float(self._amount.text().replace(",", ".")) * 1000))
                except (ValueError, OverflowError):
                    raise ValueError(self.tr("Write seconds, as 0.5 or -1.2.")) from None
            case 1:
                try:
                    early, late = (
                        (parse_clock(old.text()), parse_clock(new.text()))
                        for old, new in self._points
                    )
                except ValueError as error:
                    raise ValueError(f"{error}.") from None
                try:
                    return between((early, late))
                except ValueError:
                    told = self.tr("The early cue has to lie before the late one.")
                    raise ValueError(told) from None
            case _:
                old, new = (_RATES[box.currentText()] for box in self._rates)
                return at_rate(old, new)

    def _tell(self) -> None:
        """Say where the first and the last cue would be."""
        if not hasattr(self, "_move"):
            return
        cues = self._cues()
        can = bool(cues) and not self._session.is_read_only
        told = "" if cues else self.tr("There are no cues.")
        try:
            way = self._way()
        except ValueError as error:
            can, told = False, str(error)
        else:
            if cues and not 0 < way(cues[0].end) <= way(cues[-1].end) < _MOST_MS:
                can = False
                told = self.tr(
                    "Some of these cues would lie before the beginning, or after 100 hours. Move "
                    "them by less, or choose other cues."
                )
            elif cues and all(way(ms) == ms for ms in (cues[0].start, cues[-1].end)):
                can, told = False, self.tr("Every cue would stay where it is.")
            elif cues:
                told = self.tr(
                    "The first moves from {a} to {b}, the last from {c} to {d}."
                ).format(
                    a=clock(cues[0].start),
                    b=clock(way(cues[0].start)),
                    c=clock(cues[-1].start),
                    d=clock(way(cues[-1].start)),
                )
        self._told.setText(told)
        self._move.setEnabled(can)

    def _take(self) -> None:
        after = moved(self._session.document, self._cues(), self._way())
        self._session.commit(after, self.tr("Move cues in time"))
        self._subtitles.catch_up()
        self._told.setText(self.tr("The cues were moved. Moving them again adds to it."))
