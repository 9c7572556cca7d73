import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from granite_studio.engines import keys
from granite_studio.store import logs, places
from granite_studio.ui.dialogs.log_view import LogPanel
from granite_studio.ui.dialogs.models_page import ModelsPage
from granite_studio.ui.dialogs.preferences import PreferencesPanel
from granite_studio.ui.dialogs.server_card import ServerCard


@pytest.fixture
def panel(qtbot, home, settings, styles, fetching, jobs):
    server = ServerCard(settings, jobs, keys, lambda _address, _cancel: ())
    page = ModelsPage(settings, fetching, server, lambda: ("", ""))
    panel = PreferencesPanel(settings, styles, page)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def combo(panel, name):
    return next(c for c in panel.findChildren(QComboBox) if c.accessibleName() == name)


def test_a_choice_takes_effect_at_once(qtbot, settings, panel):
    look = combo(panel, "Look")
    with qtbot.waitSignal(settings.changed) as told:
        look.activated.emit(look.findData("dark"))
    assert told.args[0].theme == settings.now.theme == "dark"


def test_the_models_are_a_page_that_can_be_turned_to(panel):
    page = panel.findChild(ModelsPage)
    assert not page.isVisible()
    panel.show_models("granite-nar")
    assert page.isVisible()
    assert not page.cards["granite-nar"].visibleRegion().isEmpty()
    assert page.cards["granite-nar"].button("download").hasFocus()


def test_it_says_where_models_are_kept(panel):
    texts = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert str(places.models_dir()) in texts


def test_the_log_panel_shows_the_end_of_a_log(qtbot, dressed, monkeypatch, tmp_path):
    monkeypatch.setattr(logs, "path_of", lambda name: tmp_path / f"{name}.log")
    (tmp_path / "engine.log").write_text("the engine stopped\n")
    panel = LogPanel()
    qtbot.addWidget(panel)
    assert panel._text.toPlainText() == "Nothing was logged here yet."
    panel._which.setCurrentIndex(panel._which.findData("engine"))
    assert panel._text.toPlainText() == "the engine stopped\n"
