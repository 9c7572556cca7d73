"""The transcript on paper: to a printer, or as a PDF, laid out on a background thread."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write
from granite_studio.services.jobs import Job, Jobs, Work
from granite_studio.services.paper import TEXT_PT, draw, margins, paper, pdf
from granite_studio.services.session import Session
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui import theme
from granite_studio.ui.asking import ask_save
from granite_studio.ui.main_window import MainWindow

if TYPE_CHECKING:
    from granite_studio.formats import Content

SUFFIX = ".pdf"


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
        """Ask for a place and write a PDF there; says at once what it will not hold."""
        project = self._session.project
        if project is not None:
            self.noticed.emit(self._lost())
            filters = (self.tr("PDF documents ({patterns})").format(patterns=f"*{SUFFIX}"),)
            start = project.path.with_suffix(SUFFIX)
            ask_save(self._window, self.tr("Save as PDF"), start, filters, self.write_pdf)

    def write_pdf(self, path: Path) -> Job:
        """Write a PDF, whole or not at all, in place of what is there."""
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        page, title = self._page()
        font, size, lost = _font(), paper(), self._lost()

        def work(cancel: CancelToken) -> Iterator[str]:
            atomic_write(path, pdf(page, title, font, size, cancel))
            yield f"{self.tr('The PDF is in {path}.').format(path=path)} {lost}".rstrip()

        return self._start(self.tr("Save as PDF"), work)

    def ask_printer(self) -> None:
        """Ask for a printer and its options, and print."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._page()[1])
        printer.setPageMargins(margins(), QPageLayout.Unit.Millimeter)
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
        from granite_studio.formats.heads import title_of
        from granite_studio.formats.print_page import printable

        content = self._content()
        return printable(content), title_of(content)

    def _lost(self) -> str:
        """What paper cannot hold of the document, or nothing."""
        from granite_studio import formats

        return formats.sentence([formats.pdf.FORMAT], self._content())

    def _content(self) -> Content:
        from granite_studio import formats

        project = self._session.project
        return formats.Content(
            document=self._session.document,
            timecodes=self._settings.now.timecodes,
            title=project.path.stem if project else "",
            date=datetime.date.today().isoformat(),
        )

    def _start(self, title: str, work: Work) -> Job:
        self._window.banners.clear("printing")
        job = self._jobs.start(title, work)
        job.yielded.connect(lambda said: self.noticed.emit(said))
        job.failed.connect(self._tell_failure)
        return job

    def _tell_failure(self, error: Exception) -> None:
        text = str(error) if isinstance(error, StudioError) else self.tr("An unexpected error.")
        self._window.banners.show_banner("printing", text, kind="bad")


def _font() -> QFont:
    font = theme.reading_font()
    font.setPointSizeF(TEXT_PT)
    return font
