"""Opening whatever a person brings: a recording, a project, a transcript or subtitles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from granite_studio.core import edits
from granite_studio.core.bulk import collector_at_rest
from granite_studio.core.cancel import CancelToken
from granite_studio.core.captions import Captions
from granite_studio.core.document import Document, Media
from granite_studio.core.errors import MediaError, ProjectError, StudioError
from granite_studio.core.files import fingerprint
from granite_studio.core.importing import from_captions, is_untimed
from granite_studio.media.client import MediaReader
from granite_studio.services.jobs import Job, Jobs
from granite_studio.services.session import Session
from granite_studio.store import places
from granite_studio.store.opening import SUFFIX
from granite_studio.store.project import Project, project_path_for
from granite_studio.ui.asking import ask_open, ask_way

SOUNDS = "*.mp3 *.m4a *.wav *.flac *.ogg *.opus *.aac *.wma *.aiff *.aif *.amr *.ac3 *.mka *.caf"
FILMS = "*.mp4 *.mkv *.mov *.avi *.webm *.mpg *.mpeg *.ts *.mts *.m4v *.wmv *.3gp *.ogv *.mxf"
_RECORDED = frozenset(pattern.removeprefix("*") for pattern in f"{SOUNDS} {FILMS}".split())
_SAMPLE = "interview.flac"
_NEEDED = ("granite_studio.formats", "numpy.ma", "PySide6.QtMultimedia")
"""What takes a tenth of a second or so to load; the timeline's `unique` asks for numpy's."""

Work = Callable[[CancelToken], Iterator[Any]]


class Opening(QObject):
    """Reads in the background and hands the session a project; one thing at a time."""

    waiting = Signal(str)
    """What is being opened, or nothing when that is over."""
    opened = Signal(Path)
    """A project of this path is shown."""
    failed = Signal(str)
    """A sentence."""

    def __init__(self, session: Session, jobs: Jobs, reader: MediaReader, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._reader = reader
        self._window = window
        self._job: Job | None = None
        self.language = "en"
        """Spoken in recordings that are opened for the first time, until somebody says else."""

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    def get_ready(self) -> None:
        """Load what the first file will need, before somebody waits for it."""

        def work(cancel: CancelToken) -> Iterator[None]:
            for name in _NEEDED:
                import_module(name)
            yield from ()

        self._jobs.start(self.tr("Get ready to open"), work)

    def ask(self) -> None:
        """Let the person choose what to open."""
        captions = " ".join(f"*{ending}" for ending in sorted(caption_endings()))
        everything = f"*{SUFFIX} {SOUNDS} {FILMS} {captions}"
        filters = (
            self.tr("All that can be opened ({patterns})").format(patterns=everything),
            self.tr("Projects ({patterns})").format(patterns=f"*{SUFFIX}"),
            self.tr("Recordings ({patterns})").format(patterns=f"{SOUNDS} {FILMS}"),
            self.tr("Transcripts and subtitles ({patterns})").format(patterns=captions),
            self.tr("All files (*)"),
        )
        ask_open(self._window, self.tr("Open"), filters, self.open_paths)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open what was dropped or chosen: captions with their recording, or the first file."""
        plain = [path for path in paths if path.suffix.lower() in (SUFFIX, *_RECORDED)]
        others = [path for path in paths if path not in plain]
        if others:
            recorded = [path for path in plain if is_recording(path)]
            self.import_captions(others[0], recorded[0] if recorded else None)
        elif plain and plain[0].suffix.lower() == SUFFIX:
            self.open_project(plain[0])
        elif plain:
            self.open_media(plain[0])

    def open_project(self, path: Path) -> None:
        if not self._is_open(path):
            self._start(path.name, lambda cancel: iter([Project.open(path)]))

    def take_over(self) -> None:
        """Open the project again for writing, past a lock that another computer left behind."""
        project = self._session.project
        if project is not None and project.can_take_over:
            path = project.path
            self._start(path.name, lambda cancel: iter([Project.open(path, take_over=True)]))

    def open_media(self, path: Path) -> None:
        """Open the project of this recording, or make one beside it."""
        if not self._is_open(project_path_for(path)):
            self._start(path.name, lambda cancel: iter([self._project_of(path, cancel)]))

    def open_sample(self) -> None:
        """Open the interview that the program brings along, in a folder where it can be kept."""
        path = sample_place()

        def work(cancel: CancelToken) -> Iterator[Project]:
            if not path.exists():
                source = files("granite_studio.resources").joinpath("samples", _SAMPLE)
                with as_file(source) as found:
                    shutil.copyfile(found, path)
            yield self._project_of(path, cancel)

        if not self._is_open(project_path_for(path)):
            self._start(_SAMPLE, work)

    def import_captions(self, path: Path, media: Path | None) -> None:
        """Make a project of a transcript or subtitles, to be corrected against their recording.

        The file is read first, so that nobody is asked about one that cannot be. Without a
        recording it is looked for beside the file, then asked for; a person who has none gets the
        text alone. What has no ending of a text may be a recording.
        """
        found = media or _recording_beside(path)
        read: list[Document | Captions | None] = []

        def work(cancel: CancelToken) -> Iterator[Document | Captions | None]:
            from granite_studio import formats

            with collector_at_rest():
                text = formats.load(path) if path.suffix.lower() in caption_endings() else None
            yield text

        def go_on() -> None:
            match read:
                case [None]:
                    self.open_media(path)
                case [Document() | Captions() as text] if found is None:
                    self._ask_recording(path, text)
                case [Document() | Captions() as text]:
                    self._import(path, text, found)

        job = self._start(path.name, work, take=read.append)
        if job is not None:
            job.ended.connect(go_on)

    def _ask_recording(self, path: Path, read: Document | Captions) -> None:
        """Ask for the recording of what was read, or whether it is to be opened without one."""
        choose = (
            self.tr("Choose the recording …"),
            lambda: ask_open(
                self._window,
                self.tr("Which recording belongs to {name}?").format(name=path.name),
                recording_filters(),
                lambda paths: self._import(path, read, paths[0]),
                refused=lambda: self._ask_recording(path, read),
                folder=path.parent,
            ),
        )
        alone = (self.tr("Open without"), lambda: self._import(path, read, None))
        ask_way(
            self._window,
            self.tr("Which recording belongs to {name}?").format(name=path.name),
            self.tr(
                "With its recording the text can be heard while you correct it. Without, it is "
                "the text alone; File > Find the recording adds the sound later. Cancel opens "
                "nothing."
            ),
            (choose, alone),
        )

    def _import(self, path: Path, read: Document | Captions, recording: Path | None) -> None:
        lost = self.tr(
            "Not taken over from the file, since a project cannot hold it: {parts}. The file "
            "itself stays as it is."
        )

        waiting = self.tr(
            "It is known who speaks when, but not what is said: each turn shows “…” until it is "
            "heard or written."
        )

        untimed = self.tr(
            "The file says no times, so those shown are guessed: “Align a script or subtitles to "
            "the sound” finds the true ones."
        )

        guessed = self.tr(
            "The file does not say how many frames its time codes count in a second; {rate} are "
            "assumed, so compare the last times with the recording."
        )

        def work(cancel: CancelToken) -> Iterator[Project]:
            from granite_studio import formats

            media = self._media(recording, cancel) if recording else None
            place = _free(project_path_for(recording or path))
            with collector_at_rest():
                if isinstance(read, Document):
                    document = edits.set_media(read, media) if media else read
                else:
                    document = from_captions(read, media=media)
                project = Project.create(place, document=document, media_path=recording)
            if isinstance(read, Captions) and (parts := _lost(read)):
                project.notices = (*project.notices, lost.format(parts=parts))
            if rate := formats.guessed_rate(read):
                project.notices = (*project.notices, guessed.format(rate=rate))
            if any(map(edits.is_waiting, document)):
                project.notices = (*project.notices, waiting)
            if isinstance(read, Document) and is_untimed(read):
                project.notices = (*project.notices, untimed)
            yield project

        self._start(path.name, work)

    def _project_of(self, path: Path, cancel: CancelToken) -> Project:
        project = project_path_for(path)
        if project.exists():
            return Project.open(project)
        document = Document(language=self.language, media=self._media(path, cancel))
        return Project.create(project, document=document, media_path=path)

    def _media(self, path: Path, cancel: CancelToken) -> Media:
        """What the project has to know of a recording; `MediaError` if it cannot be heard."""
        info = self._reader.probe(path, cancel)
        if not info.tracks:
            raise MediaError(f"“{path.name}” has no sound; choose another file.")
        return Media(path.name, info.duration_ms, fingerprint(path))

    def _is_open(self, path: Path) -> bool:
        project = self._session.project
        return project is not None and project.path == path.resolve()

    def _start(
        self, name: str, work: Work, *, take: Callable[[Any], None] | None = None
    ) -> Job | None:
        """Work in the background unless something is opened now; `take` gets what it yields."""
        if self._job is not None:
            told = self.tr("Another file is being opened; open “{name}” after it.")
            self.failed.emit(told.format(name=name))
            return None
        self.waiting.emit(self.tr("Opening {name} …").format(name=name))
        job = self._jobs.start(self.tr("Open"), work)
        self._job = job
        job.yielded.connect(take or self._show)
        job.failed.connect(self._report)
        job.ended.connect(self._end)
        return job

    def _show(self, project: Project) -> None:
        try:
            if self._session.project is not None:
                self._session.project.flush()
        except ProjectError as error:
            project.close()
            self.failed.emit(str(error))
            return
        self._session.show(project)
        self.opened.emit(project.path)

    def _report(self, error: Exception) -> None:
        if isinstance(error, StudioError):
            self.failed.emit(str(error))
        else:
            self.failed.emit(
                self.tr("That could not be opened because of an unexpected error; see Help > Log.")
            )

    def _end(self) -> None:
        self._job = None
        self.waiting.emit("")


def recording_filters() -> tuple[str, str]:
    """How a file dialog is told to show recordings."""
    recordings = QCoreApplication.translate("Opening", "Recordings ({patterns})")
    return (
        recordings.format(patterns=f"{SOUNDS} {FILMS}"),
        QCoreApplication.translate("Opening", "All files (*)"),
    )


def is_recording(path: Path) -> bool:
    """Whether this has the ending of a sound or a film."""
    return path.suffix.lower() in _RECORDED


def caption_endings() -> frozenset[str]:
    """The endings of files that hold text with times and can be read."""
    from granite_studio import formats  # a tenth of a second: not before the first paint

    return frozenset(ending for known in formats.READABLE for ending in known.extensions)


def sample_place() -> Path:
    """Where the sample interview is kept for this person."""
    folder = places.data_dir() / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / _SAMPLE


def _lost(captions: Captions) -> str:
    """What a project cannot hold of these, or nothing."""
    from granite_studio import formats

    return formats.listed(formats.PROJECT, formats.Content(captions=captions))


def _recording_beside(path: Path) -> Path | None:
    """The one recording of the same name in the same folder."""
    try:
        neighbours = list(path.parent.iterdir())
    except OSError:
        return None
    for stem in (path.stem, Path(path.stem).stem):  # talk.srt, talk.en.srt
        near = [other for other in neighbours if other.stem == stem]
        found = [other for other in near if other.suffix.lower() in _RECORDED]
        if len(found) == 1:
            return found[0]
    return None


def _free(path: Path) -> Path:
    """This path, or the first numbered one that nobody uses."""
    number, place = 2, path
    while place.exists():
        place = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return place
