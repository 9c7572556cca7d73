"""Whatever a person and a machine do, undo and redo lead through sound documents."""

import pytest

from granite_studio.core import edits
from granite_studio.core.document import Document, Finding, Span, Word
from granite_studio.core.edits import Place
from granite_studio.core.history import History, Step
from granite_studio.core.translation import mark_of
from tests.core.pictures import check, transcript
from tests.core.test_random_walk import Walk

MACHINE = ("hear", "hear", "machine_translation", "machine_finding")


class Two(Walk):
    """Draws edits of a person, or of a machine."""

    def machine_translation(self, document: Document) -> Document:
        segment = document.segments[self.row(document)]
        source = mark_of(segment.words)
        return edits.add_translation(document, segment.id, "de", self.text(3), source=source)

    def machine_finding(self, document: Document) -> Document:
        kept = document.findings[self.random.randint(0, 1) :]
        finding = Finding("doubt", Span(0, self.random.randint(1, 9)), "Listen.")
        return edits.set_findings(document, dict.fromkeys((*kept, finding)))

    def person(self) -> list[str]:
        mine = {name for name in vars(Walk) if name[0] != "_"}
        return sorted(
            mine - {"text", "row", "place", "range", "word", "speaker", "all", "hear", "media"}
        )


def touched(document: Document) -> set[Word]:
    return {word for word in document.words() if word.touched}


def sound(history: History) -> None:
    steps = history.steps
    for step in steps:
        check(step.document)
        assert step.since is None or step.since < step.number
    assert [step.number for step in steps] == [*range(steps[0].number, steps[-1].number + 1)]
    ids = [step.document.next_id for step in steps]
    assert ids == sorted(ids)


@pytest.mark.parametrize("seed", range(6))
def test_a_person_and_a_machine_in_one_history(seed: int) -> None:
    walk = Two(seed)
    history = History([Step(transcript("one two three", "ANNA: four five", "six seven"))])
    passed = refused = kept = 0
    run = ""
    for turn in range(300):
        if turn % 20 == 0:
            history.end(run)
            run = walk.random.choice("ab")
            history.begin(run)
        act = walk.random.random()
        before = history.document
        if not before.segments:
            history.commit(edits.insert(before, Place(0, 0), "begin again here"), "Begin")
        elif act < 0.3:
            label, deed = history.undo_label, history.deed
            below = history.raise_deed()
            top = history.step
            assert top.label == label or label is None
            assert history.document is before
            if below is None:
                refused += top.since is not None
            else:
                passed += 1
                assert top.since is None
            history.undo()
            if label is not None:
                assert history.redo_label == label
                assert history.redo().document is before
                history.undo()
            if below is not None:
                written = set(deed.document.words()) - set(below.document.words())
                assert touched(before) - touched(history.document) <= written
        elif act < 0.4:
            history.redo()
        elif act < 0.7:
            after = getattr(walk, walk.random.choice(walk.person()))(before)
            history.commit(after, f"Person {turn}", walk.random.choice((None, "type")))
        else:
            after = getattr(walk, walk.random.choice(MACHINE))(before)
            could = len(history.undone)
            history.commit(after, "Machine", run)
            kept += len(history.undone)
            assert len(history.undone) <= could
        sound(history)
    assert passed > 3
    assert refused
    assert kept
