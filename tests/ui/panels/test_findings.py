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


def test_doubt_is_amber_and_missing_text_is_red(findings, session):
    kinds = ("doubt", "loop", "cut-off", "speaking-rate", "text-without-speech", "window-doubtful")
    found = [Finding(kind, Span(1000 + n, 2000), kind) for n, kind in enumerate(kinds)]
    found.append(Finding("window-failed", Span(9000, 9100), "window-failed"))
    document = edits.set_untranscribed(session.document, [Span(9500, 9900)])
    session.commit(edits.set_findings(document, found), "Look")
    rows = [row for row in findings.rows if row.can_be_kept]
    assert [row.text for row in rows if not row.is_bad] == list(kinds)
    assert [row.text for row in rows if row.is_bad] == [
        "window-failed",
        "Speech without text, 0.4 s",
    ]


def test_the_chosen_row_stays_in_sight_when_its_answers_need_room(qtbot, findings, session):
    doubt = Finding("doubt", Span(9000, 9250), "Last.", ("one", "two", "three"))
    many = [Finding("cut-off", Span(n, n + 1), f"Stop {n}.") for n in range(40)]
    session.commit(edits.set_findings(session.document, [*many, doubt]), "Look")
    qtbot.addWidget(findings)
    findings.resize(300, 330)
    findings.show()
    findings._go_to(40)
    item = findings._list.item(40)
    qtbot.waitUntil(lambda: findings._answers.height() > 100)
    qtbot.waitUntil(
        lambda: findings._list.viewport().rect().contains(findings._list.visualItemRect(item))
    )


def test_an_answered_finding_leaves_the_choice_to_nobody(findings, session):
    findings.go_to_next()
    session.commit(edits.set_findings(session.document, []), "Look")
    assert findings.chosen is None
