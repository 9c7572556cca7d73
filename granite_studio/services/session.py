"""The open document: the only object that holds a document which changes over time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from granite_studio.core.document import Document, difference
from granite_studio.core.errors import ProjectError
from granite_studio.core.heard import Heard
from granite_studio.core.history import History, Step
from granite_studio.store.project import Project


class Session(QObject):
    """The document on screen, its history and the project file that keeps both.

    Every commit is on its way to the disk when `commit` returns; `saved` follows when it is
    durable, `save_failed` when the disk refuses it, and the project goes on trying.
    """

    changed = Signal(object, object, object)
    """before, after, `Change`"""
    replaced = Signal()
    """Another project (or none) is open now; `changed` is not sent for it."""
    leaving = Signal()
    """The open project is about to be closed: the last moment to commit what is being written."""
    undo_refused = Signal()
    """Undo was asked for while it `must_wait`."""
    saved = Signal()
    save_failed = Signal(str)

    _acknowledged = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._history = History()
        self._is_by_person = True
        self._acknowledged.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def document(self) -> Document:
        return self._history.document

    @property
    def project(self) -> Project | None:
        return self._project

    @property
    def media_path(self) -> Path | None:
        """Where the recording is, or None when there is none or it cannot be found."""
        return self._project.media_path if self._project else None

    @property
    def is_read_only(self) -> bool:
        return self._project is None or self._project.is_read_only

    @property
    def undo_label(self) -> str | None:
        return None if self.is_read_only else self._history.undo_label

    @property
    def must_wait(self) -> bool:
        """Whether there is something to undo, but not before a machine's run is over."""
        return not self.is_read_only and self._history.must_wait

    @property
    def redo_label(self) -> str | None:
        return None if self.is_read_only else self._history.redo_label

    @property
    def deed(self) -> Step:
        """The newest step that is a person's."""
        return self._history.deed

    @property
    def is_by_person(self) -> bool:
        """Whether a person made, undid or redid the last change, so that no work did it beside
        them."""
        return self._is_by_person

    def show(self, project: Project | None) -> None:
        """Make this project the open one and close the one before."""
        self.close()
        self._project = project
        self._history = project.history if project else History()
        if project:
            project.on_saved = self._acknowledged.emit
        self.replaced.emit()

    def close(self) -> None:
        """Write what is waiting and let the project go; returns when the file is whole."""
        if self._project:
            self.leaving.emit()
            self._project.close()  # when this raises, the project is still open and still told of
            self._project.on_saved = None
        self._project = None

    def commit(
        self,
        document: Document,
        label: str,
        merge_key: str | None = None,
        *,
        heard: Iterable[Heard] = (),
        by_person: bool = True,
    ) -> None:
        """Make this the document; what was `heard` for it is kept in the same transaction.

        `by_person` is False where nobody asked for it now; a run's commits never count as theirs.
        Raises `ProjectError` when the project is read-only.
        """
        if self._project is None or self._project.is_read_only:
            raise ProjectError("This project is open for reading only, so it cannot be changed.")
        before = self.document
        results = tuple(heard)
        if document is before and not results:
            return
        step = self._history.commit(document, label, merge_key)
        self._is_by_person = by_person and step.since is None
        self._record(before, step, results)

    def amend(self, document: Document, label: str) -> None:
        """Make this the document as part of a person's last step, so that undo takes back both.

        It is a step of its own where there is no last one, where steps can be redone, or where
        a machine changed the same words since. It does not count as done by the person.
        """
        if self.undo_label is None or self.redo_label is not None or self._project is None:
            self.commit(document, label, by_person=False)
        elif document is not self.document:
            before, below = self.document, self._history.raise_deed()
            if self._history.step is not self.deed:
                self.commit(document, label, by_person=False)
            elif below is None:
                self._is_by_person = False
                self._record(before, self._history.amend(document), ())
            else:
                self._is_by_person = False
                self._rewrite(below, self._history.amend(document))
                self._announce(before)

    def seal(self) -> None:
        """Let a person's next commit start an undo step of its own (the caret moved)."""
        self._history.seal()

    def begin(self, run: str) -> None:
        """Take commits under this merge key for a machine's until `end`.

        Undo takes back what a person did meanwhile before it takes back any of them.
        """
        self._history.begin(run)

    def end(self, run: str) -> None:
        self._history.end(run)

    def undo(self) -> None:
        """Take back what `undo_label` names; `undo_refused` where it has to wait for a run."""
        if self.must_wait:
            self.undo_refused.emit()
        if self.undo_label is None or self._project is None:
            return
        before, below = self.document, self._history.raise_deed()
        step = self._history.undo()
        if below is None:
            self._project.move_to(step)
        else:
            self._rewrite(below, step)
        self._is_by_person = True
        self._announce(before)

    def redo(self) -> None:
        if self.redo_label is None or self._project is None:
            return
        before = self.document
        self._project.move_to(self._history.redo())
        self._is_by_person = True
        self._announce(before)

    def _record(self, before: Document, step: Step, heard: tuple[Heard, ...]) -> None:
        assert self._project is not None
        self._project.record(before, step, heard, undone=self._history.undone)
        self._announce(before)

    def _rewrite(self, below: Step, current: Step) -> None:
        """Let the file have the steps in the order that they have now."""
        assert self._project is not None
        self._project.rewrite(below, self._history.following(below), current)

    def _announce(self, before: Document) -> None:
        if self.document is not before:
            self.changed.emit(before, self.document, difference(before, self.document))

    @Slot(object)
    def _tell(self, error: ProjectError | None) -> None:
        if error is None:
            self.saved.emit()
        else:
            self.save_failed.emit(str(error))
