"""A thousand paragraphs translated one after another make a short log."""

from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.document import Document, Segment, TranslatedText, Translation, Word
from granite_studio.store import codec
from granite_studio.store.codec import DamagedError
from granite_studio.store.project import Project


def paragraphs(count):
    return Document(
        tuple(Segment(1000 + n, (Word(1 + n, "w", n, n),)) for n in range(count)), next_id=5000
    )


def test_one_more_text_is_all_that_is_written():
    before = edits.set_translation(paragraphs(3), 1000, "fr", "un")
    after = edits.set_translation(before, 1002, "fr", "trois")
    change = codec.head_change(before, after)
    source = after.translations[0].texts[1].source
    text = {"segment": 1002, "text": "trois", "source": source, "touched": True}
    assert change == {"translated": [[0, 1, 0, [text]]]}
    assert codec.apply_head(before, change) == after


def test_a_language_that_comes_or_goes_is_written_whole():
    before = paragraphs(2)
    after = edits.set_translation(before, 1000, "fr", "un")
    assert codec.apply_head(before, codec.head_change(before, after)) == after
    assert codec.apply_head(after, codec.head_change(after, before)) == before


def test_texts_in_two_languages_change_at_once():
    lanes = (
        Translation("de", (TranslatedText(1000, "eins"), TranslatedText(1001, "zwei"))),
        Translation("fr", (TranslatedText(1001, "deux"),)),
    )
    before = replace(paragraphs(2), translations=lanes)
    after = edits.merge(before, 0)
    assert codec.apply_head(before, codec.head_change(before, after)).translations == (
        Translation("de", (TranslatedText(1000, "eins zwei"),)),
        Translation("fr", (TranslatedText(1000, "deux"),)),
    )


@pytest.mark.parametrize(
    "change",
    [[[1, 0, 0, []]], [[-1, 0, 0, []]], [[0, 2, 0, []]], [[0, 0, 0, [{}]]], [[0]], [0], 0],
)
def test_a_change_that_does_not_fit_is_damage(change):
    before = edits.set_translation(paragraphs(1), 1000, "fr", "un")
    with pytest.raises(DamagedError):
        codec.apply_head(before, {"translated": change})


def test_a_project_comes_back_with_its_translations_and_every_step(tmp_path):
    path = tmp_path / "a.gstudio"
    with Project.create(path, document=paragraphs(20)) as project:
        for segment in project.history.document.segments:
            before = project.history.document
            after = edits.set_translation(before, segment.id, "fr", f"texte {segment.id}")
            project.record(before, project.history.commit(after, "Translate"))
        shown = project.history.steps
    with Project.open(path, read_only=True) as project:
        assert project.history.steps == shown
