"""Cues of a long document that is being opened: the first of them before the last are known."""

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.checks import Checker, Severity
from granite_studio.core.cues import derive
from granite_studio.core.importing import from_captions
from granite_studio.store.project import Project
from granite_studio.ui.findings import Findings

TEXTS = ("Good morning,\nRaven Point.", "A very long line that no guide of any house allows here.")


def long(count=2000):
    """The cues of a feature film."""
    cues = (Caption(3000 * n, 3000 * n + 900, TEXTS[n % 2]) for n in range(count))
    return from_captions(Captions(tuple(cues)))


def test_the_first_cues_come_before_all_are_known(qtbot, tmp_path, session, subtitles):
    known = []
    subtitles.changed.connect(lambda: known.append(subtitles.cues))
    session.show(Project.create(tmp_path / "film.gstudio", document=long()))
    assert subtitles.is_opening
    assert 0 < len(subtitles.cues) < 1000
    qtbot.waitUntil(lambda: not subtitles.is_opening)
    whole = derive(session.document, subtitles.style)
    assert subtitles.cues == whole
    assert all(first == whole[: len(first)] for first in known)
    assert len(set(map(len, known))) > 3


def test_findings_are_listed_once_all_cues_are_known(
    qtbot, tmp_path, session, playback, subtitles
):
    findings = Findings(session, playback, subtitles)
    qtbot.addWidget(findings)
    session.show(Project.create(tmp_path / "film.gstudio", document=long()))
    assert findings.rows == ()
    checked = Checker(subtitles.style).check(derive(session.document, subtitles.style))
    bad = [p for _, found in checked for p in found if p.severity is Severity.ERROR]
    qtbot.waitUntil(lambda: len(findings.rows) == len(bad) > 0)


def test_cues_judged_a_part_at_a_time_are_judged_as_all_at_once(subtitles):
    cues = derive(long(90), subtitles.style)
    at_once = Checker(subtitles.style).check(cues)
    checker = Checker(subtitles.style)
    steps = 1
    while not checker.prepare(cues, count=7):
        steps += 1
    assert steps == 13
    assert checker.check(cues) == at_once
    edited = (*cues[:40], *cues[41:])
    assert checker.prepare(edited, count=7)
    assert checker.check(edited) == Checker(subtitles.style).check(edited)
