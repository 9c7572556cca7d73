"""The small style sheet over Fusion: flat buttons, quiet scroll bars, no boxes within boxes."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_SHEET = Template(
    """
QToolTip { color: $base; background: $text; border: 0; padding: 4px 8px; }

QMainWindow::separator, QSplitter::handle { background: $window; width: 5px; height: 5px; }
QMainWindow::separator:hover, QSplitter::handle:hover { background: $accent; }
QToolBar { background: $window; border: 0; padding: 0; spacing: 0; }
QStatusBar { background: $window; border: 0; }
QStatusBar::item { border: 0; }

QMenuBar { background: $window; padding: 0 4px; border: 0; }
QMenuBar::item { padding: 6px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $base; border: 1px solid $line; padding: 4px 0; }
QMenu::item { padding: 6px 24px 6px 12px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $quiet; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QMenu::icon { padding-left: 12px; }

QToolButton { border: 0; border-radius: 6px; padding: 4px 6px; background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border: 2px solid $accent; padding: 2px 4px; }
QToolButton:disabled { color: $quiet; }
QToolButton[quiet="true"] { color: $quiet; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton::menu-button { border: 0; width: 18px; border-radius: 6px; }
QToolButton::menu-button:hover { background: $hover; }

QPushButton { border: 1px solid $line; border-radius: 6px; padding: 6px 14px; background: $base;
    min-height: 18px; }
QPushButton:hover { border-color: $wave_quiet; background: $window; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $quiet; background: $window; }
QPushButton[primary="true"] { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $line; border-color: $line; color: $quiet; }

QPushButton[choice="true"] { text-align: left; padding: 4px 10px; }
QPushButton[choice="true"]:focus { padding: 3px 9px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QLineEdit { border: 1px solid $line; border-radius: 6px; padding: 4px 8px; background: $base;
    min-height: 18px; selection-background-color: $selection; selection-color: $text; }
QLineEdit:focus { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit[flat="true"] { border-color: transparent; background: transparent; }
QLineEdit[flat="true"]:hover { border-color: $line; }
QLineEdit[flat="true"]:focus { border-color: $accent; background: $base; }
QPlainTextEdit[field="true"] { border: 1px solid $line; border-radius: 6px; padding: 0 4px;
    background: $base; }
QPlainTextEdit[field="true"]:focus { border: 2px solid $accent; padding: 0 3px; }
QPlainTextEdit[field="true"]:read-only { background: $window; border-color: transparent; }
QTableWidget#rules::item { padding: 4px 8px; }
QFrame#rule { background: $line; }
QFrame#palette { background: $base; border: 1px solid $line; }

QTabWidget::pane { border: 0; }
QTabBar { background: $base; qproperty-drawBase: 0; border: 0; }
QTabBar::tab { background: transparent; color: $quiet; padding: 8px 4px 6px 4px;
    margin: 0 8px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { border-bottom: 2px solid $text; }

QHeaderView::section { background: $base; color: $quiet; border: 0;
    border-bottom: 1px solid $line; padding: 6px 4px; }
QAbstractScrollArea { border: 0; }
QAbstractItemView { background: $base; selection-background-color: $selection;
    selection-color: $text; outline: 0; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: 0; }
QScrollBar::handle { background: $wave_quiet; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 12px; margin: -4px 0;
    border-radius: 6px; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 8px; }

QProgressBar { border: 0; border-radius: 2px; background: $line; max-height: 4px;
    min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QLabel[quiet="true"] { color: $quiet; }
QLabel[bad="true"] { color: $red; }
"""
)


def stylesheet(colours: Mapping[str, str]) -> str:
    """The sheet with these colours; KeyError names one that is missing."""
    return _SHEET.substitute(colours)
