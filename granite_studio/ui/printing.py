"""The transcript on paper: to a printer, or as a PDF, laid out on a background thread."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QLocale,
    QMarginsF,
    QObject,
    QRectF,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
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
from granite_studio.core.files import atomic_write
from granite_studio.services.jobs import Job, Jobs, Work
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_save
from granite_studio.ui.main_window import MainWindow

SUFFIX = ".pdf"
_TEXT_PT, _FOOT_PT = 10.5, 8.5
_FOOT_LINES = 2.5
"""How many lines of the foot are kept free below the text."""
_MARGIN_MM = 20.0
_PDF_DPI = 300
_QUIET = "#595959"


class Printing(QObject):
    """Asks where to; what is printed is the document as it is at that moment."""

    noticed = Signal(str)
    """A sentence for the foot of the window."""

    def __init__(
        self, session: Session, jobs: Jobs, settings: SettingsKeeper, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._settings = settings
        self._window = window

    def save_pdf(self) -> None:
        """Ask for a place and write a PDF there."""
        project = self._session.project
        if project is not None:
            filters = (self.tr("PDF documents ({patterns})").format(patterns=f"*{SUFFIX}"),)
            start = project.path.with_suffix(SUFFIX)
            ask_save(self._window, self.tr("Save as PDF"), start, filters, self.write_pdf)

    def write_pdf(self, path: Path) -> Job:
        """Write a PDF, whole or not at all, in place of what is there."""
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        page, title = self._page()
        font, size = _font(), _paper()

        def work(cancel: CancelToken) -> Iterator[str]:
            atomic_write(path, pdf(page, title, font, size, cancel))
            yield self.tr("The PDF is in {path}.").format(path=path)

        return self._start(self.tr("Save as PDF"), work)

    def ask_printer(self) -> None:
        """Ask for a printer and its options, and print."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._page()[1])
        printer.setPageMargins(_margins(), QPageLayout.Unit.Millimeter)
        dialog = QPrintDialog(printer, self._window)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.accepted.connect(lambda _printer: self.print_on(printer))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def print_on(self, device: QPagedPaintDevice) -> Job:
        """Print on a device that is ready, with the paper and the pages that it is set to."""
        page, title = self._page()
        font = _font()

        def work(cancel: CancelToken) -> Iterator[str]:
            draw(device, page, title, font, cancel)
            yield self.tr("The transcript was sent to the printer.")

        return self._start(self.tr("Print"), work)

    def _page(self) -> tuple[str, str]:
        """What is printed, and its title."""
        from granite_studio import formats
        from granite_studio.formats.heads import title_of
        from granite_studio.formats.print_page import printable

        document, project = self._session.document, self._session.project
        content = formats.Content(
            document=document,
            timecodes=self._settings.now.timecodes,
            title=project.path.stem if project else "",
            date=datetime.date.today().isoformat(),
        )
        return printable(content), title_of(content)

    def _start(self, title: str, work: Work) -> Job:
        self._window.banners.clear("printing")
        job = self._jobs.start(title, work)
        job.yielded.connect(lambda said: self.noticed.emit(said))
        job.failed.connect(self._tell_failure)
        return job

    def _tell_failure(self, error: Exception) -> None:
        text = str(error) if isinstance(error, StudioError) else self.tr("An unexpected error.")
        self._window.banners.show_banner("printing", text, kind="bad")


def pdf(page: str, title: str, font: QFont, size: QPageSize, cancel: CancelToken) -> bytes:
    """The page as a PDF. Touches nothing of the window, so that any thread may call it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    writer.setTitle(title)
    writer.setCreator("Granite Studio")
    writer.setPageSize(size)
    writer.setPageMargins(_margins(), QPageLayout.Unit.Millimeter)
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


def _font() -> QFont:
    font = theme.reading_font()
    font.setPointSizeF(_TEXT_PT)
    return font


def _margins() -> QMarginsF:
    return QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)


def _paper() -> QPageSize:
    """What lies in printers where the person lives."""
    is_american = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return QPageSize(QPageSize.PageSizeId.Letter if is_american else QPageSize.PageSizeId.A4)
