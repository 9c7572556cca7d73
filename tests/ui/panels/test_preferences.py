from PySide6.QtWidgets import QComboBox, QLabel

from granite_studio.engines import catalog
from granite_studio.store import logs
from granite_studio.ui.dialogs.log_view import LogPanel
from granite_studio.ui.dialogs.preferences import PreferencesPanel


def panel_of(qtbot, settings):
    panel = PreferencesPanel(settings)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def combo(panel, name):
    return next(c for c in panel.findChildren(QComboBox) if c.accessibleName() == name)


def test_a_choice_takes_effect_at_once(qtbot, settings):
    panel = panel_of(qtbot, settings)
    look = combo(panel, "Look")
    with qtbot.waitSignal(settings.changed) as told:
        look.activated.emit(look.findData("dark"))
    assert told.args[0].theme == settings.now.theme == "dark"


def test_it_lists_every_engine_and_says_which_is_ready(qtbot, settings):
    panel = panel_of(qtbot, settings)
    texts = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert all(entry.title in texts for entry in catalog.ENTRIES)
    assert texts.count("not in this version") == 4
    engines = combo(panel, "Engine")
    assert [engines.itemData(row) for row in range(engines.count())] == ["auto", "draft"]


def test_the_log_panel_shows_the_end_of_a_log(qtbot, dressed, monkeypatch, tmp_path):
    monkeypatch.setattr(logs, "path_of", lambda name: tmp_path / f"{name}.log")
    (tmp_path / "engine.log").write_text("the engine stopped\n")
    panel = LogPanel()
    qtbot.addWidget(panel)
    assert panel._text.toPlainText() == "Nothing was logged here yet."
    panel._which.setCurrentIndex(panel._which.findData("engine"))
    assert panel._text.toPlainText() == "the engine stopped\n"
