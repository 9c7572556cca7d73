"""How the program looks: its colours in light and dark, its two text sizes and its icons."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from granite_studio.ui.stylesheet import stylesheet

if TYPE_CHECKING:
    from granite_studio.core.document import Document

GRID = 8
"""Every margin and gap is a whole or half multiple of this many pixels."""

MODES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one mode. Text in any of them has at least 4.5:1 contrast on `base`.

    `window` is the frame around the work and `base` the page that holds it; `quiet` is for words
    of second rank and `line` for hairlines. `red` means speech without text and errors, `amber`
    doubts and style warnings, `green` that all is well; the `_soft` ones lie behind text.
    The `chosen_` ones stand for them on `selection`: ask `on_selection`. `spoken` lies behind the
    word that is playing. `wave` draws sound, `wave_quiet` sound that
    does not matter now. `speakers` are Okabe and Ito's colours, darkened or lightened to be read.
    """

    is_dark: bool
    window: QColor
    base: QColor
    text: QColor
    quiet: QColor
    line: QColor
    accent: QColor
    accent_text: QColor
    selection: QColor
    spoken: QColor
    playhead: QColor
    red: QColor
    red_soft: QColor
    amber: QColor
    amber_soft: QColor
    chosen_quiet: QColor
    chosen_red: QColor
    chosen_amber: QColor
    green: QColor
    wave: QColor
    wave_quiet: QColor
    speakers: tuple[QColor, ...]
    small: int = 13
    """Height of the words on controls, in pixels that are independent of the screen."""
    large: int = 17
    """Height of the words that are read for long: transcript, titles."""

    def on_selection(self, ink: QColor) -> QColor:
        """What stands for this colour where `selection` lies behind it."""
        pairs = (
            (self.quiet, self.chosen_quiet),
            (self.red, self.chosen_red),
            (self.amber, self.chosen_amber),
        )
        return next((chosen for plain, chosen in pairs if plain == ink), ink)

    def speaker(self, document: Document, speaker_id: int | None) -> QColor:
        """The colour of this speaker: by place in the list of speakers; `quiet` for nobody."""
        for place, speaker in enumerate(document.speakers):
            if speaker.id == speaker_id:
                return self.speakers[place % len(self.speakers)]
        return self.quiet


def _colours(*names: str) -> tuple[QColor, ...]:
    return tuple(QColor(name) for name in names)


LIGHT = Theme(
    is_dark=False,
    window=QColor("#f3f4f7"),
    base=QColor("#ffffff"),
    text=QColor("#1c2027"),
    quiet=QColor("#5a6472"),
    line=QColor("#dde0e7"),
    accent=QColor("#4a4fc4"),
    accent_text=QColor("#ffffff"),
    selection=QColor("#c9ccf6"),
    spoken=QColor("#e4e6fc"),
    playhead=QColor("#4a4fc4"),
    red=QColor("#b3261e"),
    red_soft=QColor("#fbe3e1"),
    amber=QColor("#835300"),
    amber_soft=QColor("#fbefd3"),
    chosen_quiet=QColor("#4b5462"),
    chosen_red=QColor("#a51f18"),
    chosen_amber=QColor("#764a00"),
    green=QColor("#12704d"),
    wave=QColor("#6b7688"),
    wave_quiet=QColor("#bcc4cf"),
    speakers=_colours(
        "#0064a6", "#b04a00", "#007355", "#9c3a74", "#177489", "#8a5e00", "#666200", "#565e69"
    ),
)

DARK = Theme(
    is_dark=True,
    window=QColor("#17191e"),
    base=QColor("#1f2229"),
    text=QColor("#e7e9ee"),
    quiet=QColor("#9ea7b5"),
    line=QColor("#333842"),
    accent=QColor("#a3a8ff"),
    accent_text=QColor("#14162b"),
    selection=QColor("#454a86"),
    spoken=QColor("#34375c"),
    playhead=QColor("#b3b7ff"),
    red=QColor("#ff8a80"),
    red_soft=QColor("#4a2322"),
    amber=QColor("#f2b84b"),
    amber_soft=QColor("#43351a"),
    chosen_quiet=QColor("#c0c8d4"),
    chosen_red=QColor("#ffb0a8"),
    chosen_amber=QColor("#f4be58"),
    green=QColor("#5fcb9b"),
    wave=QColor("#8a94a6"),
    wave_quiet=QColor("#4a515e"),
    speakers=_colours(
        "#6cb2f2", "#f28b50", "#45c79c", "#e29bc4", "#7fd0f0", "#edb13c", "#e8de5a", "#b6bdc8"
    ),
)


def current() -> Theme:
    """The theme in force, told from the application's palette; read again on `PaletteChange`."""
    is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if is_dark else LIGHT


def apply(app: QApplication, mode: str) -> None:
    """Dress the whole program: "light", "dark", or "system" for what the desktop prefers.

    Raises ValueError for another mode. For "system", call again when the style hints say that
    the colour scheme changed.
    """
    if mode not in MODES:
        raise ValueError(f"no theme is called {mode!r}")
    scheme = {
        "light": Qt.ColorScheme.Light,
        "dark": Qt.ColorScheme.Dark,
        "system": Qt.ColorScheme.Unknown,
    }[mode]
    app.styleHints().setColorScheme(scheme)  # for title bars; several platforms ignore it
    if mode == "system":
        scheme = app.styleHints().colorScheme()
    theme = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    sheet = stylesheet({name: str(value) for name, value in _css(theme).items()})
    if app.styleSheet() == sheet:
        return  # dressing every widget anew takes a moment, and settings change often
    app.setFont(font(theme.small))
    palette = _palette(theme)
    app.setPalette(palette)
    # Fusion draws the outline of these in a shade of the window: unseen on a dark one.
    palette.setColor(QPalette.ColorRole.Window, theme.quiet.lighter(140))
    for kind in ("QCheckBox", "QRadioButton", "QAbstractSpinBox"):
        app.setPalette(palette, kind)  # type: ignore[arg-type]  # the stub wants bytes
    app.setStyleSheet(sheet)


def font(pixels: int, *, bold: bool = False) -> QFont:
    """The desktop's own typeface at this height in pixels, as a point size so that it scales."""
    made = QFont(QGuiApplication.font())
    screen = QGuiApplication.primaryScreen()
    made.setPointSizeF(pixels * 72 / (screen.logicalDotsPerInchY() if screen else 96))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def ui_font(*, bold: bool = False) -> QFont:
    """For controls, lists and labels."""
    return font(current().small, bold=bold)


def reading_font(*, bold: bool = False) -> QFont:
    """For the transcript and other text that is read for long."""
    return font(current().large, bold=bold)


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """An icon of the Material Design set by its name ("play", "content-cut"), in `text` or this.

    The first call loads the icon font, some tenths of a second: never before the first paint.
    Fetch icons again on `PaletteChange`.
    """
    theme = current()
    made: QIcon = _icons().icon(
        f"mdi6.{name}",
        color=(colour or theme.text).name(),
        color_disabled=theme.wave_quiet.name(),
    )
    return made


def app_icon() -> QIcon:
    """The program's own: bars of sound on a plate, drawn for every size that desktops ask for."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 64, size / 64)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LIGHT.accent)
        painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14)
        painter.setBrush(LIGHT.accent_text)
        for place, height in enumerate((14, 34, 22, 40, 16)):
            bar = QRectF(11 + place * 9, 32 - height / 2, 6, height)
            painter.drawRoundedRect(bar, 3, 3)
        painter.end()
        made.addPixmap(pixmap)
    return made


@functools.cache
def _icons() -> Any:
    from qtawesome.iconic_font import IconicFont

    class OneFont(IconicFont):  # type: ignore[misc]
        """Loads the one set in use; `qtawesome.icon` would load twelve."""

        def __init__(self) -> None:
            super().__init__()
            folder = Path(self._get_fonts_directory())
            glyphs = next(folder.glob("materialdesignicons6-webfont-*.ttf"))
            names = next(folder.glob("materialdesignicons6-webfont-charmap-*.json"))
            self.load_font("mdi6", glyphs.name, names.name)

    return OneFont()


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.base,
        role.ButtonText: theme.text,
        role.BrightText: theme.red,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.ToolTipBase: theme.text,
        role.ToolTipText: theme.base,
        role.PlaceholderText: theme.quiet,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent,
        role.Light: theme.base,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.wave_quiet,
        role.Shadow: theme.line,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, colour)
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.wave_quiet)
    return palette


def _css(theme: Theme) -> dict[str, str]:
    """The colours as the style sheet names them, with the shades that only it needs."""
    hover = QColor(theme.text)
    hover.setAlphaF(0.07)
    pressed = QColor(theme.text)
    pressed.setAlphaF(0.13)
    names = (
        "window base text quiet line accent accent_text selection red red_soft amber amber_soft "
        "wave_quiet"
    )
    colours = {name: getattr(theme, name).name() for name in names.split()}
    colours["hover"] = f"rgba({hover.red()}, {hover.green()}, {hover.blue()}, {hover.alpha()})"
    colours["pressed"] = (
        f"rgba({pressed.red()}, {pressed.green()}, {pressed.blue()}, {pressed.alpha()})"
    )
    return colours
