"""A subtitle style as a form: each rule with its number, its reason and where it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from granite_studio.core.style_text import MARKS, bounds
from granite_studio.core.styles import RULES, TITLES, Style, style
from granite_studio.ui import theme
from granite_studio.ui.dialogs.parts import form, line

_WIDE = theme.GRID * 28
_FRAME = 4
_SPEEDS = ("cps_warn", "cps_error", "wide_cps")
_STEPS = {"word_ms": 10, "gap_ms": 1, "chain_ms": 10}


def translated(text: str) -> str:
    """A text of `core.styles` in the person's language."""
    return QCoreApplication.translate("styles", text)


class StyleForm(QWidget):
    """Shows a style; one of the person's own can be changed."""

    edited = Signal()
    """A person changed something; `guide` has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = style()
        self._source = _Text(self.tr("Where the numbers come from"))
        self._numbers: dict[str, _Number] = {}
        self._dash = QLineEdit()
        self._dash.setAccessibleName(translated(TITLES["dash"]))
        self._dash.setFixedWidth(_WIDE)
        self._reasons: dict[str, _Text] = {}
        self._marks: dict[str, QLabel] = {}
        rows = form()
        rows.setContentsMargins(*(theme.GRID * 2,) * 4)
        rows.addRow(self.tr("Source"), self._source)
        for rule in RULES:
            rows.addRow(translated(TITLES[rule]), self._row(rule))
        self.setLayout(rows)
        self._source.textChanged.connect(self.edited)
        self._dash.textChanged.connect(self.edited)

    @property
    def guide(self) -> Style:
        """The style as it stands in the form; nobody has checked whether it can be kept.

        A number that a person changed has no mark any more.
        """
        values: dict[str, Any] = {"dash": self._dash.text()}
        for rule, number in self._numbers.items():
            values[rule] = number.value() if rule in _SPEEDS else round(number.value())
        same = {rule for rule in RULES if values[rule] == getattr(self._shown, rule)}
        return replace(
            self._shown,
            source=self._source.toPlainText(),
            reasons=tuple((rule, self._reasons[rule].toPlainText()) for rule in RULES),
            marks=tuple((rule, mark) for rule, mark in self._shown.marks if rule in same),
            **values,
        )

    def show_style(self, guide: Style, *, is_own: bool) -> None:
        """Show this style, to be changed if it `is_own`."""
        self.blockSignals(True)
        self._shown = guide
        self._source.show_text(guide.source, is_own=is_own)
        for rule, number in self._numbers.items():
            number.show_value(getattr(guide, rule), is_own=is_own)
        self._dash.setText(guide.dash)
        self._dash.setReadOnly(not is_own)
        for rule in RULES:
            self._reasons[rule].show_text(guide.reason(rule), is_own=is_own)
            mark = guide.mark(rule)
            told = translated(MARKS[mark]) if mark else ""
            self._marks[rule].setText(self.tr("From: {source}").format(source=told))
            self._marks[rule].setVisible(bool(mark))
        self.blockSignals(False)

    def _row(self, rule: str) -> QWidget:
        title = translated(TITLES[rule])
        self._reasons[rule] = _Text(self.tr("Reason: {rule}").format(rule=title))
        self._reasons[rule].textChanged.connect(self.edited)
        self._marks[rule] = line(quiet=True)
        held = QWidget()
        rows = QVBoxLayout(held)
        rows.setContentsMargins(0, 0, 0, theme.GRID)
        rows.setSpacing(theme.GRID // 2)
        rows.addWidget(self._dash if rule == "dash" else self._number(rule, title))
        rows.addWidget(self._reasons[rule])
        rows.addWidget(self._marks[rule])
        return held

    def _number(self, rule: str, title: str) -> QWidget:
        number = self._numbers[rule] = _Number(rule, self._unit(rule))
        number.setAccessibleName(title)
        number.valueChanged.connect(self.edited)
        return number

    def _unit(self, rule: str) -> str:
        if rule.endswith("_ms"):
            return self.tr(" ms")
        if rule in _SPEEDS:
            return self.tr(" characters a second")
        others = {"lines": self.tr(" lines"), "shot_frames": self.tr(" frames")} | {
            "gap_frames": self.tr(" frames"),
            "dashes": self.tr(" speakers"),
        }
        return others.get(rule, self.tr(" characters"))


class _Number(QDoubleSpinBox):
    """Whole numbers, but for speeds; written as short as they are."""

    def __init__(self, rule: str, unit: str) -> None:
        super().__init__()
        least, most = bounds(rule)
        plain = QLocale()
        plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        self.setLocale(plain)
        self.setRange(least, most)
        self.setDecimals(2 if rule in _SPEEDS else 0)
        self.setSingleStep(_STEPS.get(rule, 100 if rule.endswith("_ms") else 1))
        self.setSuffix(unit)
        self.setFixedWidth(_WIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def show_value(self, value: float, *, is_own: bool) -> None:
        self.setValue(value)
        self.setReadOnly(not is_own)
        buttons = QAbstractSpinBox.ButtonSymbols
        self.setButtonSymbols(buttons.UpDownArrows if is_own else buttons.NoButtons)

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 9)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that scrolls the form must not turn the numbers that pass under it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Text(QPlainTextEdit):
    """A sentence or two, as high as they are."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setProperty("field", True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width makes other lines, of which the document says nothing."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """This kind of document counts its height in lines."""
        lines = (
            max(1, round(self.document().size().height()))
            * QFontMetrics(self.font()).lineSpacing()
        )
        self.setFixedHeight(lines + 2 * round(self.document().documentMargin()) + _FRAME)

    def show_text(self, text: str, *, is_own: bool) -> None:
        self.setPlainText(text)
        self.setReadOnly(not is_own)
