"""What is asked of an engine: only what it can do, kept at once, and a way out where it lacks."""

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton

from granite_studio.ui.dialogs.hear_options import HearOptions

BY_CHANNEL = "Hear each channel by itself, as one person's"
CARRY = "Let the model know the voices it heard before (slower)"


class Opened(QObject):
    """A recording as far as the options look at it."""

    settled = Signal()
    has_person_per_channel = False


@pytest.fixture
def hear(dressed):
    return QAction("Hear")


@pytest.fixture
def recording():
    return Opened()


@pytest.fixture
def options(qtbot, settings, session, fetching, hear, recording):
    panel = HearOptions(settings, session, fetching, hear, recording)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def plus(settings, plus_folder):
    """Plus is ready and chosen."""
    models = settings.now.with_model("granite-plus", str(plus_folder))
    settings.change(models=models, engine="granite-plus")


def combo(panel, name):
    return next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)


def rows(box):
    return [box.itemText(row) for row in range(box.count())]


def button(panel, text):
    return next(b for b in panel.findChildren(QPushButton) if b.text() == text)


def offered(panel):
    """The switches on show that are on, and those that are off."""
    boxes = [box for box in panel.findChildren(QCheckBox) if not box.isHidden()]
    return [b.text() for b in boxes if b.isChecked()], [
        b.text() for b in boxes if not b.isChecked()
    ]


def test_the_draft_can_tell_speakers_apart(options):
    on, _ = offered(options)
    assert on == ["Tell the speakers apart"]
    assert options.findChild(QLineEdit).isHidden()
    assert options.note == "Draft (PocketSphinx, English) will hear it."


def test_each_engine_says_whether_it_is_ready(options, plus):
    assert rows(combo(options, "Engine")) == [
        "The best that is ready",
        "Draft (PocketSphinx, English)",
        "Granite Speech 4.1 Plus",
        "Granite Speech 4.1 (not ready)",
        "Granite Speech 4.1 NAR (not ready)",
        "Granite Speech 5.0 TurboCTC (not ready)",
        "A remote server (not ready)",
    ]


def test_only_the_languages_of_the_engine_are_offered(options, plus):
    names = ["English", "French", "German", "Portuguese", "Spanish"]
    assert rows(combo(options, "Language spoken")) == names


def test_plus_can_be_asked_for_more(options, plus, settings):
    on, off = offered(options)
    assert on == ["Tell the speakers apart"]
    assert off == [CARRY, "Ask the model for word times too, as a check (slow)"]
    carry = next(b for b in options.findChildren(QCheckBox) if b.text() == CARRY)
    QTest.keyClick(carry, Qt.Key.Key_Space)
    assert settings.now.carried is True
    speakers = next(b for b in options.findChildren(QCheckBox) if "speakers" in b.text())
    QTest.keyClick(speakers, Qt.Key.Key_Space)
    assert settings.now.speakers is False
    assert CARRY not in offered(options)[0]


def test_keywords_are_parted_by_commas(options, plus, settings):
    field = options.findChild(QLineEdit)
    assert field.isVisible()
    field.setText(" Raven Point,, HMS Beagle ,Raven Point,")
    field.editingFinished.emit()
    assert settings.now.keywords == ("Raven Point", "HMS Beagle")
    assert field.text() == "Raven Point, HMS Beagle"


def test_what_keywords_cost_is_said(options, plus, settings):
    assert options.note == "Granite Speech 4.1 Plus will hear it."
    settings.change(keywords=("Raven Point",))
    assert options.note.endswith("For keywords and speakers it listens twice.")
    settings.change(speakers=False)
    assert options.note == "Granite Speech 4.1 Plus will hear it."


def test_only_the_base_model_can_leave_punctuation_out(options, settings):
    settings.change(engine="granite-base")
    assert offered(options) == (["Punctuation and capital letters"], [])


def test_a_plan_takes_the_place_of_one_engine_and_says_which_is_missing(options, plus, settings):
    plans = combo(options, "Plan")
    assert rows(plans) == [
        "One engine",
        "Instant (not ready)",
        "Interview",
        "Thorough (not ready)",
        "Plus with its own word times",
        "Draft",
    ]
    plans.activated.emit(plans.findData("interview"))
    assert settings.now.plan == "interview"
    assert combo(options, "Engine").isHidden()
    assert offered(options) == ([], [CARRY])
    assert options.note == "Text with punctuation, and who said it."
    assert button(options, "Hear").isEnabled()
    settings.change(plan="thorough")
    assert "Granite Speech 4.1 NAR needs its model" in options.note
    assert not button(options, "Hear").isEnabled()


def test_channels_are_offered_where_each_has_a_person(options, plus, settings, recording):
    assert BY_CHANNEL not in offered(options)[1]
    recording.has_person_per_channel = True
    recording.settled.emit()
    assert BY_CHANNEL in offered(options)[1]
    box = next(box for box in options.findChildren(QCheckBox) if box.text() == BY_CHANNEL)
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert settings.now.by_channel is True


def test_the_language_is_a_fact_about_the_recording(options, plus, session, settings):
    language = combo(options, "Language spoken")
    language.activated.emit(language.findData("de"))
    assert session.document.language == "de"
    assert session.undo_label == "Set the language"
    assert settings.now.language == "de"
    session.undo()
    assert language.currentData() == "en"


def test_an_engine_that_is_not_ready_says_why_and_leads_to_the_models(qtbot, options, settings):
    settings.change(engine="granite-base")
    assert "Granite Speech 4.1 needs its model, which is not here" in options.note
    assert not button(options, "Hear").isEnabled()
    with qtbot.waitSignal(options.models_pressed) as asked:
        QTest.mouseClick(button(options, "Models …"), Qt.MouseButton.LeftButton)
    assert asked.args == ["granite-base"]


def test_a_language_that_nothing_here_knows_is_told(options, session, settings):
    language = combo(options, "Language spoken")
    language.activated.emit(language.findData("ja"))
    assert "Granite Speech 4.1 needs its model" in options.note


def test_hear_begins_with_what_was_typed_last(qtbot, options, plus, hear, settings):
    options.findChild(QLineEdit).setText("Courchesne")
    with qtbot.waitSignal(hear.triggered):
        QTest.mouseClick(button(options, "Hear"), Qt.MouseButton.LeftButton)
    assert settings.now.keywords == ("Courchesne",)


def test_while_it_cannot_hear_the_button_waits(options, hear):
    hear.setEnabled(False)
    assert not button(options, "Hear").isEnabled()
    hear.setEnabled(True)
    assert button(options, "Hear").isEnabled()


def test_nothing_is_cut_off_when_more_is_offered(options, plus):
    assert options.height() >= options.layout().totalHeightForWidth(options.width())
