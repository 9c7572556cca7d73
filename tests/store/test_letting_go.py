"""A project that is closed goes at once, with all its words."""

import gc
import weakref

from granite_studio.core.document import Document, Segment, Word
from granite_studio.store.project import Project


def test_a_closed_project_is_gone_without_the_collector(tmp_path):
    document = Document((Segment(2, (Word(1, "yes", 0, 400),)),), next_id=5)
    gc.disable()
    try:
        project = Project.create(tmp_path / "short.gstudio", document=document)
        gone = weakref.ref(project)
        project.close()
        del project
        assert gone() is None
    finally:
        gc.enable()
