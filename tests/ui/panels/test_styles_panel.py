"""The dialog in which people make styles of their own."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox

from granite_studio.core.shots import Film
from granite_studio.core.styles import dump_style, load_style, style, style_names
from granite_studio.services.styles import StyleKeeper
from granite_studio.ui.dialogs.styles_panel import StylesPanel
from granite_studio.ui.style_box import StyleBox


@pytest.fixture
def panel(qtbot, session, settings, styles):
    panel = StylesPanel(styles, session, settings)
    panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def own(qtbot, panel, styles):
    """A copy of the BBC's style, chosen."""
    panel.choose("bbc")
    qtbot.mouseClick(panel._buttons["duplicate"], Qt.MouseButton.LeftButton)
    return styles.now.get("bbc-copy")


def titles(panel):
    return [panel._list.item(row).text() for row in range(panel._list.count())]


def test_all_styles_are_listed_and_ours_cannot_be_changed(panel):
    assert len(titles(panel)) == len(style_names())
    assert panel.chosen == style()
    panel.choose("arte")
    assert panel.chosen == panel._form.guide == style("arte")
    assert panel._form._numbers["cpl"].isReadOnly()
    assert panel._form._reasons["cpl"].isReadOnly()
    assert not panel._buttons["rename"].isEnabled()
    assert not panel._buttons["delete"].isEnabled()
    assert "Comes with the program" in panel._kind.text()


@pytest.mark.parametrize("width", [900, 1300])
def test_every_reason_is_shown_to_its_last_line(qtbot, panel, width):
    panel.resize(width, 700)
    line = panel.fontMetrics().lineSpacing()

    def hidden():
        found = panel._form._reasons.items()
        lines = {rule: text.document().size().height() for rule, text in found}
        return [rule for rule, text in found if text.viewport().height() < lines[rule] * line]

    qtbot.waitUntil(lambda: panel._form._reasons["cpl"].document().size().height() > 1)
    qtbot.waitUntil(lambda: not hidden())


def test_the_form_holds_every_style_as_it_is(panel):
    for name in style_names():
        panel.choose(name)
        assert panel._form.guide == style(name)


def test_a_copy_is_the_persons_own_and_comes_first(panel, own):
    assert own == replace(style("bbc"), name="bbc-copy", title="BBC, copy")
    assert panel.chosen == own
    assert titles(panel)[:2] == ["General, 42 characters by 2 lines", "BBC, copy"]
    assert "named bbc-copy on the command line" in panel._kind.text()


def test_a_changed_number_is_kept_without_its_mark(qtbot, panel, own, styles):
    number = panel._form._numbers["cpl"]
    with qtbot.waitSignal(styles.changed):
        number.setFocus()
        number.selectAll()
        QTest.keyClicks(number, "30")
        QTest.keyClick(number, Qt.Key.Key_Return)
    kept = styles.now.get("bbc-copy")
    assert (kept.cpl, kept.mark("cpl"), kept.mark("lines")) == (30, "", "BBC")
    assert panel.isVisible()


def test_typing_goes_on_while_it_is_kept(qtbot, panel, own, styles):
    reason = panel._form._reasons["cpl"]
    reason.selectAll()
    with qtbot.waitSignal(styles.changed):
        QTest.keyClicks(reason, "Because ")
    QTest.keyClicks(reason, "of us.")
    panel.keep()
    assert styles.now.get("bbc-copy").reason("cpl") == "Because of us."


def test_what_was_changed_last_is_kept_when_another_style_is_looked_at_or_it_is_closed(
    panel, own, styles
):
    panel._form._numbers["cpl"].setValue(31)
    panel.choose("arte")
    assert styles.now.get("bbc-copy").cpl == 31
    assert panel._form.guide == style("arte")
    panel.choose("bbc-copy")
    panel._form._dash.setText(">> ")
    panel.close()
    assert styles.now.get("bbc-copy").dash == ">> "


def test_a_contradiction_is_said_and_not_kept(panel, own, styles):
    panel._form._numbers["min_ms"].setValue(9000)
    panel.keep()
    assert "a lower limit lies above the upper one: “" in panel._told.text()
    assert panel._told.isVisible()
    assert styles.now.get("bbc-copy") == own
    panel._form._numbers["min_ms"].setValue(400)
    panel.keep()
    assert not panel._told.isVisible()
    assert styles.now.get("bbc-copy").min_ms == 400


def test_the_cuts_of_the_film_count_too(qtbot, session, settings, styles):
    counts = []
    for film in (None, Film.of((5010,), 25.0)):
        panel = StylesPanel(styles, session, settings, film=film)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(panel)
        panel.choose("netflix-en")
        counts.append(panel._cues.film)
    assert counts[0] is None
    assert counts[1].times == (5010,)


def test_the_cues_are_counted_by_the_edited_style(qtbot, panel, own):
    qtbot.waitUntil(lambda: "3 cues, 0 errors" in panel._count.text())
    panel._form._numbers["min_ms"].setValue(6000)
    panel.keep()
    qtbot.waitUntil(lambda: "3 cues, 2 errors" in panel._count.text())


def test_another_title_in_use_stays_in_use(qtbot, panel, own, settings, styles):
    qtbot.mouseClick(panel._buttons["use"], Qt.MouseButton.LeftButton)
    assert settings.now.style == "bbc-copy"
    assert not panel._buttons["use"].isEnabled()
    qtbot.mouseClick(panel._buttons["rename"], Qt.MouseButton.LeftButton)
    question = panel.findChild(QInputDialog)
    question.setTextValue("Our <b>house</b>")
    question.accept()
    assert settings.now.style == panel.chosen_name == "our-b-house-b"
    assert panel._title.text() == "Our <b>house</b>"
    assert list(styles.now.own) == ["our-b-house-b"]


def test_one_that_is_deleted_gives_way_to_the_general_one(qtbot, panel, own, settings, styles):
    settings.change(style="bbc-copy")
    qtbot.mouseClick(panel._buttons["delete"], Qt.MouseButton.LeftButton)
    question = panel.findChild(QMessageBox)
    yes = next(button for button in question.buttons() if button.text() == "Delete")
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert styles.now.own == {}
    assert settings.now.style == "general"
    assert panel.chosen == panel._form.guide == style()


def test_styles_are_shared_as_files(panel, own, styles, tmp_path):
    place = tmp_path / "shared.toml"
    panel.write(own, place)
    assert load_style(place.read_text("utf-8")) == own
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    panel.take([broken, place])
    assert "broken.toml: The style file cannot be read" in panel._told.text()
    assert "“BBC, copy” is there already." in panel._told.text()
    assert list(styles.now.own) == ["bbc-copy"]
    assert panel.chosen_name == "bbc-copy"


@pytest.mark.parametrize("instead", [False, True])
def test_another_style_of_a_known_name_is_asked_about(panel, own, styles, tmp_path, instead):
    place = tmp_path / "shared.toml"
    place.write_text(dump_style(replace(own, cpl=31)), encoding="utf-8")
    panel.take([place])
    assert styles.now.own == {"bbc-copy": own}
    question = panel.findChild(QInputDialog)
    assert "“bbc-copy”" in question.labelText()
    if instead:
        question.setTextValue(question.comboBoxItems()[1])
    question.accept()
    mine, theirs = own.cpl, 31
    widths = {name: guide.cpl for name, guide in styles.now.own.items()}
    assert widths == (
        {"bbc-copy": theirs} if instead else {"bbc-copy": mine, "bbc-copy-2": theirs}
    )
    assert panel.chosen_name == ("bbc-copy" if instead else "bbc-copy-2")
    assert panel._form.guide.cpl == theirs
    assert len(set(titles(panel))) == len(titles(panel))


def test_a_place_that_cannot_be_written_is_said(panel, own, tmp_path):
    panel.write(own, tmp_path / "no folder" / "x.toml")
    assert "could not be written" in panel._told.text()


def test_a_broken_file_is_said(qtbot, session, settings, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "bad.toml").write_text("nonsense")
    (folder / "good.toml").write_text(dump_style(replace(style(), name="good", title="Good")))
    panel = StylesPanel(StyleKeeper(folder), session, settings)
    qtbot.addWidget(panel)
    assert "Good" in titles(panel)
    assert "“bad.toml” is left out." in panel._told.text()


def test_a_wheel_over_the_form_changes_no_number(qtbot, panel, own):
    number = panel._form._numbers["cpl"]
    middle = QPointF(number.rect().center())
    turned = QWheelEvent(
        middle,
        QPointF(number.mapToGlobal(middle.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(number, turned)
    assert number.value() == 37


def test_every_field_has_a_name(panel):
    fields = (*panel._form._numbers.values(), *panel._form._reasons.values(), panel._form._dash)
    assert all(field.accessibleName() for field in fields)
    names = [field.accessibleName() for field in fields]
    assert len(set(names)) == len(names)


def test_the_box_follows_the_keeper(qtbot, styles):
    box = StyleBox()
    qtbot.addWidget(box)
    box.follow(styles, "arte")
    assert (box.currentData(), box.count()) == ("arte", len(style_names()))
    styles.duplicate("bbc", "House")
    assert box.currentData() == "arte"
    assert [box.itemData(row) for row in range(4)] == ["general", None, "house", None]
    box.choose("house")
    styles.remove("house")
    assert box.currentData() == "general"
