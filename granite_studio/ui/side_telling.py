"""Says at the foot of the window what is done with the pictures and with a text of one's own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from granite_studio.ui.studio import Studio


class SideTeller(QObject):
    """Turns what these works say into plain words; changes nothing."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio.window)
        self._studio = studio
        self._banners = studio.window.banners
        self._bar = studio.window.job_bar
        self._words = (0, 0)
        self._headings = 0
        shots, burning, matching = studio.shots, studio.burning, studio.matching
        for work in (shots, burning):
            work.started.connect(self._tell_side_started)
            work.progress.connect(self._bar.side.show_progress)
        shots.problem.connect(lambda text: self._warn("shots", text))
        shots.ended.connect(self._tell_found)
        burning.problem.connect(lambda text: self._warn("burning", text))
        burning.started.connect(lambda: self._banners.clear("shapeless"))
        burning.shapeless.connect(self._tell_shapeless)
        burning.ended.connect(self._tell_written)
        matching.started.connect(self._tell_matching)
        matching.progress.connect(self._bar.show_progress)
        matching.problem.connect(lambda text: self._warn("matching", text))
        matching.told.connect(self._note_words)
        matching.ended.connect(self._tell_matched)

    def _tell_side_started(self) -> None:
        self._bar.show_notice("")
        self._bar.side.show_started(self.tr("Starting …"))

    def _tell_found(self, outcome: str) -> None:
        self._bar.side.hide()
        known = self._studio.shots.known
        if outcome == "cancelled":
            self._bar.show_notice(self.tr("Stopped; no shot changes were looked for to the end."))
        elif outcome == "finished" and known is not None:
            self._banners.clear("shots")
            text = self.tr("{count} shot changes were found; they stand in the timeline.")
            self._bar.show_notice(text.format(count=len(known.times)))

    def _tell_shapeless(self, signs: str) -> None:
        text = self.tr(
            "No font here has a shape for these characters, so boxes stand in the pictures of the "
            "video: {signs}. Install a font that has them and save the video again."
        )
        self._banners.show_banner("shapeless", text.format(signs=signs), kind="warning")

    def _tell_written(self, outcome: str) -> None:
        self._bar.side.hide()
        target = self._studio.burning.target
        if outcome == "cancelled":
            self._bar.show_notice(self.tr("Stopped; no video was written."))
        elif outcome == "finished" and target is not None:
            self._banners.clear("burning")
            self._bar.show_notice(self.tr("The video is in {path}.").format(path=target))

    def _tell_matching(self) -> None:
        tip = self.tr("Stop; the text stays as it is")
        self._bar.show_started(self.tr("Starting …"), tip=tip)

    def _note_words(self, found: int, count: int, headings: int) -> None:
        self._words, self._headings = (found, count), headings

    def _tell_matched(self, outcome: str) -> None:
        from granite_studio.pipeline.script import LEAST

        said = {"cancelled": self.tr("Stopped; the text is as it was.")}
        if outcome == "finished":
            self._banners.clear("matching")
            found, count = self._words
            text = self.tr("{found} of {count} words were found in the sound.")
            said[outcome] = text.format(found=found, count=count)
            if self._headings:
                left = self.tr("Headings left out, which nobody says: {count}.")
                said[outcome] = f"{said[outcome]} {left.format(count=self._headings)}"
            if found < LEAST * count:
                self._banners.show_banner(
                    "matching",
                    self.tr(
                        "Few of its words were found in the sound, so the text may be that of "
                        "another recording. Undo brings back what was here before."
                    ),
                    kind="warning",
                    buttons=((self.tr("Undo"), self._undo),),
                )
        self._bar.show_idle(said.get(outcome, ""))

    def _undo(self) -> None:
        self._banners.clear("matching")
        self._studio.session.undo()

    def _warn(self, key: str, text: str) -> None:
        self._banners.show_banner(key, text, kind="bad")
