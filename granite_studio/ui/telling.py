"""Says in the window what goes on: banners, the foot of the window, its title."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from granite_studio.core.document import Change, Document
from granite_studio.pipeline.translate import Failed as Untranslated
from granite_studio.services.choosing import State, engines_here
from granite_studio.services.session import Session
from granite_studio.ui.engine_deeds import show_models
from granite_studio.ui.saying import can_do, share, size
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
        self._session.undo_refused.connect(self._tell_undo_waits)
        studio.hearing.started.connect(lambda: bar.show_started(self.tr("Starting …")))
        studio.hearing.progress.connect(bar.show_progress)
        studio.hearing.problem.connect(lambda text: self._warn("hearing", text, "bad"))
        studio.hearing.ended.connect(self._tell_heard)
        for work in (studio.translating, studio.aligning):
            work.started.connect(lambda: bar.show_started(self.tr("Starting …")))
            work.progress.connect(bar.show_progress)
        studio.translating.problem.connect(lambda text: self._warn("translating", text, "bad"))
        studio.translating.ended.connect(self._tell_translated)
        studio.aligning.problem.connect(lambda text: self._warn("aligning", text, "bad"))
        studio.aligning.ended.connect(self._tell_aligned)
        studio.findings.counted.connect(bar.show_findings)
        studio.recording.problem.connect(self._tell_unreadable)
        studio.playback.failed.connect(lambda text: self._warn("playback", text, "warning"))
        studio.playback.noticed.connect(bar.show_notice)
        studio.opening.waiting.connect(self._tell_waiting)
        studio.opening.failed.connect(lambda text: self._warn("opening", text, "bad"))
        studio.opening.opened.connect(lambda path: self._banners.clear("opening"))
        studio.project.noticed.connect(bar.show_notice)
        studio.printing.noticed.connect(bar.show_notice)
        studio.cue_deeds.refused.connect(bar.show_notice)
        studio.timeline.refused.connect(bar.show_notice)
        for signal in (studio.settings.changed, studio.fetching.changed):
            signal.connect(self._tell_engines)
        studio.settings.changed.connect(self._tell_styles)
        studio.styles.changed.connect(self._tell_styles)
        studio.fetching.changed.connect(self._tell_fetch)
        studio.fetching.arrived.connect(self._tell_arrived)

    def _tell_styles(self, _settings: object = None) -> None:
        """Files that are no style, and the loss of the one that was chosen."""
        known, chosen = self._studio.styles.now, self._studio.settings.now.style
        told = [*known.faults]
        if chosen not in known:
            told.append(
                self.tr(
                    "There is no subtitle style “{name}” any more: the general one is used until "
                    "you choose another."
                ).format(name=chosen)
            )
        if told:
            self._banners.show_banner("styles", " ".join(told), kind="warning")
        else:
            self._banners.clear("styles")

    @Slot()
    def _tell_project(self) -> None:
        """Another project is open, or none."""
        session, window = self._session, self._window
        project = session.project
        self._banners.clear_all()
        self._tell_styles()
        self._bar.show_project(project is not None)
        window.show_project(project is not None)
        if project is None:
            window.setWindowTitle(self.tr("Granite Studio"))
            self._tell_engines()
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

    @Slot()
    def _tell_undo_waits(self) -> None:
        """Why undo does nothing now, and when it will."""
        told = self.tr("Undo waits until this ends or is stopped.")
        if self._session.deed.label:
            told = self.tr(
                "Undo waits until this ends or is stopped: it is about the same words as your "
                "last change."
            )
        self._bar.show_notice(told)

    @Slot()
    def _tell_engines(self) -> None:
        """What the welcome page says of the engines, and of the one that is worth getting."""
        if self._session.project is not None:
            return
        here = engines_here(self._studio.settings.now, self._studio.fetching.folder)
        ready = [one for one in here if one.state is State.READY]
        told = []
        for one in sorted(ready, key=lambda one: one.entry.capabilities.draft):
            remark = self.tr("Ready. {abilities}").format(abilities=can_do(one.entry))
            if one.entry.capabilities.draft:
                remark = self.tr("Ready. Hears English word by word: a first draft to correct.")
            told.append((one.entry.title, remark, True))
        best = next(one for one in here if one.model is not None)
        if best.model is None or any(one.model is not None for one in ready):
            self._window.welcome.set_engines(told)
            return
        offer = self.tr("Get it …")
        remark = self.tr(
            "Not here yet. Adds punctuation, speakers and four more languages, with far fewer "
            "mistakes. {size}, fetched once; it then works without a network."
        ).format(size=size(best.model.bytes))
        if best.state is State.UNFINISHED:
            offer = self.tr("Go on …")
            arrived = share(best.bytes, best.model.bytes)
            remark = self.tr("Not whole yet: {share} are here.").format(share=arrived)
        elif best.state is State.UNUSABLE:
            offer, remark = self.tr("See the models …"), best.reason
        self._window.welcome.set_engines([*told, (best.entry.title, remark, False)], offer)

    @Slot(str)
    def _tell_fetch(self, model_id: str) -> None:
        """A download that failed is told, for its page may be closed."""
        fetch = self._studio.fetching.of(model_id)
        if fetch is None or not fetch.problem:
            self._banners.clear("models")
            return
        see = (self.tr("See the models …"), lambda: show_models(self._studio))
        self._banners.show_banner("models", fetch.problem, kind="bad", buttons=(see,))

    @Slot(str)
    def _tell_arrived(self, title: str) -> None:
        self._bar.show_notice(self.tr("{title} is here and ready.").format(title=title))

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
        if self._session.is_by_person:  # what was said before is over
            self._banners.clear("action")
            self._bar.show_notice("")
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
    def _tell_translated(self, outcome: str) -> None:
        words = {
            "finished": self.tr("Everything was translated."),
            "cancelled": self.tr("Stopped; what was translated is kept, and Translate goes on."),
        }
        if outcome == "finished":
            self._banners.clear("translating")
            if any(f.kind == Untranslated.KIND for f in self._session.document.findings):
                words[outcome] = self.tr("Translated, but for paragraphs that the findings name.")
        self._bar.show_idle(words.get(outcome, ""))

    @Slot(str)
    def _tell_aligned(self, outcome: str) -> None:
        if outcome == "finished":
            self._banners.clear("aligning")
        words = {"finished": self.tr("The words are where they are said.")}
        self._bar.show_idle(words.get(outcome, ""))

    @Slot(str)
    def _tell_waiting(self, text: str) -> None:
        self._window.welcome.set_waiting(text)
        self._bar.show_notice(text)

    def _warn(self, key: str, text: str, kind: str) -> None:
        self._banners.show_banner(key, text, kind=kind)

    def tell_failed(self, text: str) -> None:
        """What somebody asked for cannot be done."""
        self._warn("action", text, "bad")
