"""What can be done with the open project: keep versions, copy it, find its recording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QMenu

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Media
from granite_studio.core.errors import ProjectError, StudioError
from granite_studio.core.files import fingerprint
from granite_studio.services.jobs import Jobs
from granite_studio.services.session import Session
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project, Version
from granite_studio.ui.asking import ask_choice, ask_open, ask_save, ask_text
from granite_studio.ui.main_window import MainWindow
from granite_studio.ui.opening import recording_filters
from granite_studio.ui.recording import Recording


class ProjectDeeds(QObject):
    """Asks where it must; every method does nothing while no project is open."""

    noticed = Signal(str)
    """A sentence for the foot of the window."""

    def __init__(
        self, session: Session, jobs: Jobs, recording: Recording, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._recording = recording
        self._window = window

    def save(self) -> None:
        """Everything is saved as it is done; make sure, and say so. Raises `ProjectError`."""
        project = self._session.project
        if project is not None:
            project.flush()
            self._session.seal()
            self.noticed.emit(
                self.tr("Everything is saved: each change is, the moment it is made.")
            )

    def save_copy(self) -> None:
        """Ask for a place and write a whole copy there, in the background."""
        project = self._session.project
        if project is None:
            return
        start = project.path.with_name(f"{project.path.stem} copy{SUFFIX}")
        filters = (self.tr("Projects ({patterns})").format(patterns=f"*{SUFFIX}"),)
        ask_save(
            self._window,
            self.tr("Save a copy"),
            start,
            filters,
            lambda path: self._copy(project, path),
        )

    def name_version(self) -> None:
        """Ask for a name under which the transcript as it is now can be found again."""
        ask_text(
            self._window,
            self.tr("Name this version"),
            self.tr("What is the transcript at this point? (“before the fact check”)"),
            self._name_version,
        )

    def fill_versions(self, menu: QMenu) -> None:
        """List the named versions, the latest first."""
        project = self._session.project
        for version in reversed(project.versions() if project else ()):
            at = QLocale().toString(
                QDateTime.fromMSecsSinceEpoch(version.at), QLocale.FormatType.ShortFormat
            )
            name = version.name.replace("&", "&&")
            action = menu.addAction(f"{name}\t{at}")
            action.triggered.connect(partial(self._go_back, version))
            action.setEnabled(not self._session.is_read_only)
        if menu.isEmpty():
            menu.addAction(self.tr("No version has a name yet")).setEnabled(False)

    def find_recording(self) -> None:
        """Ask where the recording is now."""
        project = self._session.project
        if project is not None:
            media = self._session.document.media
            title = self.tr("Where is {name}?").format(
                name=media.name if media else self.tr("the recording")
            )
            ask_open(
                self._window,
                title,
                recording_filters(),
                lambda paths: self.relink(paths[0]),
                folder=project.path.parent,
            )

    def bring_back(self) -> None:
        """Ask for an export that was edited in Word, and show what it would change."""
        project = self._session.project
        if project is not None:
            ask_open(
                self._window,
                self.tr("Bring back from Word"),
                (self.tr("Word documents ({patterns})").format(patterns="*.docx"),),
                lambda paths: self.show_returned(paths[0]),
                folder=project.path.parent,
            )

    def show_returned(self, path: Path) -> None:
        """Show what this edited export would change, to be taken over or not."""
        from granite_studio.ui.dialogs.returning import ReturnPanel

        ReturnPanel(self._session, self._jobs, path, self._window).open()

    def ask_turns(self) -> None:
        """Ask for a file that tells who speaks when, and give the words those speakers."""
        project = self._session.project
        if project is not None:
            ask_open(
                self._window,
                self.tr("Speakers from RTTM"),
                (self.tr("Turns of speakers ({patterns})").format(patterns="*.rttm"),),
                lambda paths: self.read_turns(paths[0]),
                folder=project.path.parent,
            )

    def read_turns(self, path: Path) -> None:
        """Read turns in the background, and put them onto the words that are there then."""
        from granite_studio import formats
        from granite_studio.formats import rttm

        project, banners = self._session.project, self._window.banners

        def work(cancel: CancelToken) -> Iterator[list[edits.Turn]]:
            yield rttm.read_spoken(formats.source(path))

        def assign(turns: list[edits.Turn]) -> None:
            if self._session.project is project and not self._session.is_read_only:
                banners.clear("turns")
                self._assign(turns, path.name)

        job = self._jobs.start(self.tr("Speakers from RTTM"), work)
        job.yielded.connect(assign)
        job.failed.connect(lambda error: banners.show_banner("turns", str(error), kind="bad"))

    def relink(self, path: Path, *, anyway: bool = False) -> None:
        """Make this file the project's recording; asks before one with another content is used."""
        project = self._session.project
        banners = self._window.banners
        if project is None:
            return
        try:
            project.relink(path, anyway=anyway)
        except ProjectError as error:
            again = (self.tr("Use it anyway"), partial(self.relink, path, anyway=True))
            other = (self.tr("Choose another …"), self.find_recording)
            banners.show_banner("media", str(error), kind="warning", buttons=(again, other))
            return
        except StudioError as error:
            other = (self.tr("Choose another …"), self.find_recording)
            banners.show_banner("media", str(error), kind="bad", buttons=(other,))
            return
        banners.clear("media")
        self._note_media(path)
        self._recording.reload()

    def merge_speakers(self) -> None:
        """Ask which two names belong to one person, and make them one."""
        speakers = self._session.document.speakers
        pairs = [(gone, kept) for gone in speakers for kept in speakers if gone is not kept]
        if not pairs or self._session.is_read_only:
            return
        says = self.tr("{gone} is {kept}")
        ask_choice(
            self._window,
            self.tr("Same person"),
            self.tr("Who is the same person? The first name gives way to the second."),
            [says.format(gone=gone.name, kept=kept.name) for gone, kept in pairs],
            lambda place: self._merge(pairs[place][0].id, pairs[place][1].id),
        )

    def close(self) -> None:
        """Close the project. Raises `ProjectError` when the disk refuses; it then stays open."""
        if self._session.project is not None:
            self._session.project.flush()
            self._session.show(None)

    def _assign(self, turns: list[edits.Turn], name: str) -> None:
        document = self._session.document
        done = edits.assign_turns(document, turns)
        self._session.commit(done.document, self.tr("Speakers from RTTM"))
        self._session.seal()
        told = self.tr("Speakers from {name}: {changed} of {total} words changed theirs.")
        total = sum(len(segment.words) for segment in document)
        told = told.format(name=name, changed=done.changed, total=total)
        if done.outside:
            kept = self.tr("Words in no turn kept theirs: {count}.").format(count=done.outside)
            told = f"{told} {kept}"
        self.noticed.emit(told)

    def _merge(self, gone: int, kept: int) -> None:
        document = self._session.document
        if document.speaker(gone) and document.speaker(kept):
            after = edits.merge_speakers(document, gone, kept)
            self._session.commit(after, self.tr("Merge speakers"))

    def _name_version(self, name: str) -> None:
        project = self._session.project
        if project is not None and not project.is_read_only:
            project.name_version(name)
            self._session.seal()
            self.noticed.emit(self.tr("This version is kept as “{name}”.").format(name=name))

    def _go_back(self, version: Version, _checked: bool = False) -> None:
        project = self._session.project
        if project is None:
            return
        document = self._session.document
        before = project.version_document(version.id)
        # Ids given since then must not be given again.
        after = replace(before, next_id=max(before.next_id, document.next_id))
        label = self.tr("Go back to “{name}”").format(name=version.name)
        self._session.commit(after, label)
        self.noticed.emit(
            self.tr("This is “{name}”; undo takes you back.").format(name=version.name)
        )

    def _note_media(self, path: Path) -> None:
        document = self._session.document
        duration = document.media.duration if document.media else 0
        media = Media(path.name, duration, fingerprint(path))
        if document.media is None or document.media.fingerprint != media.fingerprint:
            media = replace(media, duration=0)  # read anew
        after = edits.set_media(document, media)
        self._session.commit(after, self.tr("Find the recording"))

    def _copy(self, project: Project, path: Path) -> None:
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)

        def work(cancel: CancelToken) -> Iterator[Path]:
            project.save_as(path)
            yield path

        job = self._jobs.start(self.tr("Save a copy"), work)
        job.yielded.connect(
            lambda done: self.noticed.emit(self.tr("A copy is in {path}.").format(path=done))
        )
        job.failed.connect(
            lambda error: self._window.banners.show_banner("copy", str(error), kind="bad")
        )
