"""Says in the window what goes on: banners, the foot of the window, its title."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from granite_studio.core.document import Change, Document
from granite_studio.services.session import Session
from granite_studio.ui.studio import Studio


class Teller(QObject):
    """Listens to every part and turns what it hears into plain words; changes nothing."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio.window)
        self._studio = studio
        self._window = studio.window
        self._banners = studio.window.banners
        self._bar = studio.window.job_bar
        self._session: Session = studio.session
        self._connect()
        self._tell_project()

    def _connect(self) -> None:
        studio, bar = self._studio, self._bar
        self._session.replaced.connect(self._tell_project)
        self._session.changed.connect(self._tell_change)
        self._session.saved.connect(self._tell_saved)
        self._session.save_failed.connect(self._tell_unsaved)
        studio.hearing.started.connect(lambda: bar.show_started(self.tr("Starting …")))
        studio.hearing.progress.connect(bar.show_progress)
        studio.hearing.problem.connect(lambda text: self._warn("hearing", text, "bad"))
        studio.hearing.ended.connect(self._tell_heard)
        studio.findings.counted.connect(bar.show_findings)
        studio.recording.problem.connect(self._tell_unreadable)
        studio.playback.failed.connect(lambda text: self._warn("playback", text, "warning"))
        studio.playback.noticed.connect(bar.show_notice)
        studio.opening.waiting.connect(self._tell_waiting)
        studio.opening.failed.connect(lambda text: self._warn("opening", text, "bad"))
        studio.opening.opened.connect(lambda path: self._banners.clear("opening"))
        studio.project.noticed.connect(bar.show_notice)

    @Slot()
    def _tell_project(self) -> None:
        """Another project is open, or none."""
        session, window = self._session, self._window
        project = session.project
        self._banners.clear_all()
        self._bar.show_project(project is not None)
        window.show_project(project is not None)
        if project is None:
            window.setWindowTitle(self.tr("Granite Studio"))
            return
        name = self.tr("{name} \N{EM DASH} Granite Studio").format(name=project.path.stem)
        window.setWindowTitle(name)
        self._tell_engine(session.document)
        self._bar.show_findings(len(self._studio.findings.rows))
        for number, notice in enumerate(project.notices):
            self._warn(f"notice {number}", notice, "warning")
        if project.is_read_only:
            self._bar.show_read_only()
            copy = (self.tr("Save a copy …"), self._studio.project.save_copy)
            own = (self.tr("Take over"), self._studio.opening.take_over)
            self._banners.show_banner(
                "read only",
                project.read_only_reason,
                kind="warning",
                buttons=(own, copy) if project.can_take_over else (copy,),
            )
        else:
            self._bar.show_saved()
        if session.document.media is not None and session.media_path is None:
            self._tell_missing(session.document.media.name)

    def _tell_missing(self, name: str) -> None:
        text = self.tr(
            "{name} is not where it was. The text can be read and corrected without it; to hear "
            "it, show where it is now."
        ).format(name=name)
        find = (self.tr("Find it …"), self._studio.project.find_recording)
        buttons = () if self._session.is_read_only else (find,)
        self._banners.show_banner("media", text, kind="warning", buttons=buttons)

    def _tell_unreadable(self, text: str) -> None:
        find = (self.tr("Choose another file …"), self._studio.project.find_recording)
        buttons = () if self._session.is_read_only else (find,)
        self._banners.show_banner("media", text, kind="bad", buttons=buttons)
        self._studio.timeline.set_sound_problem(text)

    def _tell_change(self, _before: Document, after: Document, change: Change) -> None:
        self._bar.show_saving()
        if change.head:
            self._tell_engine(after)

    def _tell_engine(self, document: Document) -> None:
        drafts = [engine.name for engine in document.engines if engine.draft]
        self._bar.show_draft(drafts[0] if drafts else "")

    @Slot()
    def _tell_saved(self) -> None:
        self._bar.show_saved()
        self._banners.clear("saving")

    @Slot(str)
    def _tell_unsaved(self, text: str) -> None:
        self._bar.show_unsaved()
        copy = (self.tr("Save a copy elsewhere …"), self._studio.project.save_copy)
        self._banners.show_banner("saving", text, kind="bad", buttons=(copy,), closable=False)

    @Slot(str)
    def _tell_heard(self, outcome: str) -> None:
        words = {
            "finished": self.tr("Everything was heard."),
            "cancelled": self.tr("Stopped; what was heard is kept, and Hear goes on from there."),
        }
        self._bar.show_idle(words.get(outcome, ""))
        if outcome == "finished":
            self._banners.clear("hearing")
            if not self._session.document.segments:
                self._bar.show_idle(self.tr("No speech was found in this recording."))

    @Slot(str)
    def _tell_waiting(self, text: str) -> None:
        self._window.welcome.set_waiting(text)
        self._bar.show_notice(text)

    def _warn(self, key: str, text: str, kind: str) -> None:
        self._banners.show_banner(key, text, kind=kind)

    def tell_failed(self, text: str) -> None:
        """What somebody asked for cannot be done."""
        self._warn("action", text, "bad")
