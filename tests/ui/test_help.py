"""Help names every key there is."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidget
from pytestqt.qtbot import QtBot

from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.dialogs.help import HelpPanel
from granite_studio.ui.studio import Studio


def lines(panel: HelpPanel) -> list[str]:
    (tree,) = panel.findChildren(QTreeWidget)
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    items = [group.child(row) for group in groups if group for row in range(group.childCount())]
    shown = [item for item in items if item and not item.isHidden()]
    return [f"{item.text(0)}: {item.text(1)}" for item in shown]


def test_every_key_is_listed(qtbot: QtBot, dressed: QApplication) -> None:
    panel = HelpPanel(ACTIONS)
    qtbot.addWidget(panel)
    assert len(lines(panel)) == sum(bool(row.keys) for row in ACTIONS)
    assert "Back 5 seconds: F1" in lines(panel)
    assert "Speaker 4: Ctrl+4" in lines(panel)


def test_a_key_can_be_looked_up(qtbot: QtBot, dressed: QApplication) -> None:
    panel = HelpPanel(ACTIONS)
    qtbot.addWidget(panel)
    QTest.keyClicks(panel.findChildren(QLineEdit)[0], "f9")
    assert [line.split(":")[0] for line in lines(panel)] == [
        "Hear",
        "Hear from here first",
        "Hear the selection again",
        "Stop hearing",
        "Hear options",
    ]


def test_every_panel_of_its_own_opens_once_and_can_stay_open(opened: Studio) -> None:
    for name in opened.dialogs:
        first = opened.show_dialog(name)
        assert first.isVisible()
        assert opened.show_dialog(name) is first
        first.close()
