"""A transcript on paper: a page of `formats.print_page` painted on a printer or into a PDF.

The window paints on a background thread, the command line in a child process of its own, so that
it needs no screen and loads nothing of Qt. The child takes a `(page, title)` and gives the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError

TEXT_PT = 10.5
_FOOT_PT = 8.5
_FOOT_LINES = 2.5
"""How many lines of the foot are kept free below the text."""
_MARGIN_MM = 20.0
_PDF_DPI = 300
_QUIET = "#595959"


def serve() -> Any:
    """The handler of a child process: takes a page and its title, gives the bytes of the PDF."""
    app = QGuiApplication(["granite-studio", "-platform", "offscreen"])
    return lambda task, cancel: _printed(app, task, cancel)


def _printed(app: QGuiApplication, task: tuple[str, str], cancel: CancelToken) -> Iterator[bytes]:
    page, title = task
    font = QFont(app.font())
    font.setPointSizeF(TEXT_PT)
    yield pdf(page, title, font, paper(), cancel)


def pdf(page: str, title: str, font: QFont, size: QPageSize, cancel: CancelToken) -> bytes:
    """The page as a PDF. Touches nothing of the window, so that any thread may call it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    writer.setTitle(title)
    writer.setCreator("Granite Studio")
    writer.setPageSize(size)
    writer.setPageMargins(margins(), QPageLayout.Unit.Millimeter)
    draw(writer, page, title, font, cancel)
    return bytes(buffer.data().data())


def draw(
    device: QPagedPaintDevice, page: str, title: str, font: QFont, cancel: CancelToken
) -> None:
    """Lay the page out and paint it, title and page number in the foot of each sheet.

    Raises `StudioError` where the device does not take it, and `Cancelled` between two sheets.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise StudioError(
            "The printer does not take the transcript; check that it is switched on, "
            "or save a PDF and print that."
        )
    try:
        _Sheets(device, page, title, font).paint(painter, cancel)
    finally:
        painter.end()


class _Sheets:
    """A page cut into sheets of a device's paper."""

    def __init__(self, device: QPagedPaintDevice, page: str, title: str, font: QFont) -> None:
        self._device = device
        self._title = title
        self._foot_font = QFont(font)
        self._foot_font.setPointSizeF(_FOOT_PT)
        self._foot = QFontMetricsF(self._foot_font, device)
        area = QRectF(device.pageLayout().paintRectPixels(device.logicalDpiX()))
        self._area = QRectF(0, 0, area.width(), area.height())
        self._height = self._area.height() - _FOOT_LINES * self._foot.height()
        self._document = QTextDocument()
        self._document.setDefaultFont(font)
        self._document.setDocumentMargin(0)
        self._document.documentLayout().setPaintDevice(device)
        self._document.setHtml(page)
        self._document.setPageSize(QSizeF(self._area.width(), self._height))

    def paint(self, painter: QPainter, cancel: CancelToken) -> None:
        count = self._document.pageCount()
        ranges = self._device.pageRanges()
        wanted = [n for n in range(1, count + 1) if ranges.isEmpty() or ranges.contains(n)]
        for number in wanted:
            cancel.check()
            if number != wanted[0]:
                self._device.newPage()
            self._paint_text(painter, number)
            self._paint_foot(painter, f"{number} / {count}")

    def _paint_text(self, painter: QPainter, number: int) -> None:
        top = (number - 1) * self._height
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(0, top, self._area.width(), self._height)
        # Paper is white, whatever the window's theme.
        context.palette = QPalette(QColor(Qt.GlobalColor.white))
        context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
        painter.save()
        painter.translate(0, -top)
        painter.setClipRect(context.clip)
        self._document.documentLayout().draw(painter, context)
        painter.restore()

    def _paint_foot(self, painter: QPainter, numbers: str) -> None:
        line = QRectF(self._area)
        line.setTop(line.bottom() - self._foot.height() * 1.2)
        painter.setFont(self._foot_font)
        painter.setPen(_QUIET)
        right = self._foot.horizontalAdvance(numbers)
        room = line.width() - right - self._foot.height()
        title = self._foot.elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.drawText(
            line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, numbers
        )


def margins() -> QMarginsF:
    """What is kept free around the text, in mm."""
    return QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)


def paper() -> QPageSize:
    """What lies in printers where the person lives."""
    is_american = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return QPageSize(QPageSize.PageSizeId.Letter if is_american else QPageSize.PageSizeId.A4)
