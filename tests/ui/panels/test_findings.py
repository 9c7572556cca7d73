import pytest

from granite_studio.core import edits
from granite_studio.core.document import Finding, Span
from granite_studio.ui import theme
from granite_studio.ui.findings import Findings


@pytest.fixture
def findings(session, playback, subtitles):
    document = session.document
    for start in (8000, 2000, 5000):
        finding = Finding("window-failed", Span(start, start + 100), f"Bad at {start}.")
        document = edits.add_finding(document, finding)
    session.commit(document, "Look")
    return Findings(session, playback, subtitles)


def shown(findings):
    return [findings._list.item(row).text() for row in range(findings._list.count())]


def test_they_are_listed_with_their_time(findings):
    assert shown(findings) == ["0:02   Bad at 2000.", "0:05   Bad at 5000.", "0:08   Bad at 8000."]


def test_one_that_goes_leaves_the_others_and_the_choice(findings, session):
    findings._list.setCurrentRow(2)
    rest = [f for f in session.document.findings if f.span.start != 5000]
    session.commit(edits.set_findings(session.document, rest), "Look")
    assert shown(findings) == ["0:02   Bad at 2000.", "0:08   Bad at 8000."]
    assert findings._list.currentItem().text() == "0:08   Bad at 8000."


def test_one_that_comes_stands_at_its_time(findings, session):
    finding = Finding("window-failed", Span(3000, 3100), "Bad at 3000.")
    session.commit(edits.add_finding(session.document, finding), "Look")
    assert shown(findings)[:2] == ["0:02   Bad at 2000.", "0:03   Bad at 3000."]


def test_another_theme_lists_them_anew(dressed, findings):
    before = shown(findings)
    theme.apply(dressed, "dark")
    assert shown(findings) == before
