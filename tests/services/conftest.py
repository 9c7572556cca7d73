"""A session on a real project file."""

import pytest

from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.services.session import Session
from granite_studio.store.project import Project


@pytest.fixture
def document():
    words = tuple(
        Word(n, text, n * 500, n * 500 + 400) for n, text in enumerate(["a", "b", "c", "d"], 1)
    )
    return Document((Segment(10, words),), media=Media("a.wav", 10_000), next_id=11)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.gstudio"


@pytest.fixture
def session(qapp, path, document):
    session = Session()
    session.show(Project.create(path, document=document))
    yield session
    session.close()
