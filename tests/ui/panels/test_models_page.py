"""Models: asked for once, fetched in view or out of it, chosen, refused and removed."""

import shutil
from collections import namedtuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMessageBox

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, models
from granite_studio.services.settings import SettingsKeeper
from granite_studio.ui.dialogs.models_page import ModelsPage
from granite_studio.ui.dialogs.preferences import PreferencesPanel
from granite_studio.ui.dialogs.server_card import ServerCard

PLUS = models.find("granite-plus")


class Keys:
    """A keyring that holds one key."""

    def __init__(self):
        self.held = {}

    def store(self, server, key):
        self.held[server] = key

    def forget(self, server):
        if self.held.pop(server, None) is None:
            raise EngineError(f"No key is kept for {server}.")

    def where(self):
        return "Keys are kept in a box."


@pytest.fixture
def keys():
    return Keys()


@pytest.fixture
def server(settings, jobs, keys):
    def served(address, _cancel):
        if "closed" in address:
            raise EngineError("The server cannot be reached; check its address.")
        return ("granite-speech", "whisper") if "8000" in address else ()

    return ServerCard(settings, jobs, keys, served)


@pytest.fixture
def page(qtbot, settings, styles, fetching, server):
    page = ModelsPage(settings, fetching, server, lambda: ("draft", "CPU, 1 thread"))
    panel = PreferencesPanel(settings, styles, page)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_models()
    return page


def press(page, engine, name):
    button = page.cards[engine].button(name)
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(page, engine):
    """The names of the buttons that can be pressed."""
    names = ("download", "cancel", "show", "choose", "forget", "remove")
    return [name for name in names if not page.cards[engine].button(name).isHidden()]


def answer(page, text):
    """Press a button of the question on show; returns what was asked."""
    (box,) = [box for box in page.findChildren(QMessageBox) if box.isVisible()]
    asked = f"{box.text()} {box.informativeText()}"
    (button,) = [b for b in box.buttons() if b.text().replace("&", "") == text]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return asked


def begin(qtbot, page, fetching):
    """Download Plus as far as its half."""
    press(page, "granite-plus", "download")
    answer(page, "Download")
    qtbot.waitUntil(lambda: fetching.of(PLUS.id).done > 0)


def finish(qtbot, fetching, hub):
    with qtbot.waitSignal(fetching.changed):
        hub.gate.set()


def test_every_engine_says_what_it_is_and_whether_it_is_here(page):
    assert page.cards["draft"].text == (
        "Draft (PocketSphinx, English)\n"
        "\N{BLACK CIRCLE} ready\n"
        "English. Speakers, word times, a draft without punctuation, with many wrong words.\n"
        "Part of the program, licence BSD, ran last on CPU, 1 thread"
    )
    assert page.cards["granite-plus"].text == (
        "Granite Speech 4.1 Plus\n"
        "\N{WHITE CIRCLE} not here\n"
        "English, French, German, Spanish, Portuguese. Speakers, punctuation, keywords, word "
        "times.\n"
        "4.2 GB, licence Apache 2.0"
    )
    assert [*page.cards, "remote"] == [entry.name for entry in catalog.ENTRIES]
    assert shown(page, "draft") == []
    assert shown(page, "granite-plus") == ["download", "choose"]


def test_nothing_is_fetched_before_it_is_agreed_to(page, hub):
    press(page, "granite-plus", "download")
    asked = answer(page, "Cancel")
    assert "Download Granite Speech 4.1 Plus?" in asked
    assert "4.2 GB are fetched from huggingface.co" in asked
    assert hub.asked == []


def test_a_download_is_shown_and_ends_in_a_ready_engine(qtbot, page, fetching, hub):
    begin(qtbot, page, fetching)
    card = page.cards["granite-plus"]
    assert "downloading" in card.text
    assert "2.1 of 4.2 GB, 35 MB a second, 1 min left" in card.text
    assert shown(page, "granite-plus") == ["cancel"]
    finish(qtbot, fetching, hub)
    assert "\N{BLACK CIRCLE} ready" in card.text
    assert str(models.folder_of(PLUS, fetching.folder)) in card.text
    assert shown(page, "granite-plus") == ["show", "choose", "remove"]


def test_several_downloads_wait_for_one_another(qtbot, page, fetching):
    begin(qtbot, page, fetching)
    press(page, "granite-nar", "download")
    answer(page, "Download")
    assert "waiting" in page.cards["granite-nar"].text


def test_a_download_that_was_cancelled_can_be_resumed_without_a_question(
    qtbot, page, fetching, hub
):
    begin(qtbot, page, fetching)
    press(page, "granite-plus", "cancel")
    card = page.cards["granite-plus"]
    assert "unfinished" in card.text
    assert "0.0 of 4.2 GB" in card.text
    assert shown(page, "granite-plus") == ["download", "show", "choose", "remove"]
    assert card.button("download").text() == "Resume"
    press(page, "granite-plus", "download")
    finish(qtbot, fetching, hub)
    assert "ready" in card.text


def test_a_failed_download_says_why(qtbot, page, fetching, hub):
    hub.failure = "The hub cannot be reached; check the network and go on."
    begin(qtbot, page, fetching)
    finish(qtbot, fetching, hub)
    assert hub.failure in page.cards["granite-plus"].text
    assert page.cards["granite-plus"].button("download").text() == "Resume"


def test_a_download_goes_on_while_the_panel_is_closed(qtbot, page, fetching, hub):
    begin(qtbot, page, fetching)
    page.window().close()
    finish(qtbot, fetching, hub)
    page.window().show()
    assert "ready" in page.cards["granite-plus"].text


def test_what_does_not_fit_on_the_disk_is_not_begun(page, hub, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**10, 9 * 10**9, 10**9))
    press(page, "granite-plus", "download")
    assert "no room for it: free another 3.2 GB" in page.cards["granite-plus"].text
    assert hub.asked == []


def test_a_folder_elsewhere_can_be_chosen_and_forgotten(page, settings, plus_folder):
    page.choose_folder("granite-plus", plus_folder)
    assert settings.now.model("granite-plus") == str(plus_folder)
    assert f"in {plus_folder}" in page.cards["granite-plus"].text
    assert "ready" in page.cards["granite-plus"].text
    assert shown(page, "granite-plus") == ["show", "choose", "forget"]
    press(page, "granite-plus", "forget")
    assert settings.now.models == ()
    assert "not here" in page.cards["granite-plus"].text


def test_a_folder_that_does_not_fit_is_refused_with_a_sentence(
    page, settings, plus_folder, tmp_path
):
    page.choose_folder("granite-nar", plus_folder)
    assert "is Granite Speech 4.1 Plus, which" in page.cards["granite-nar"].text
    page.choose_folder("granite-nar", tmp_path)
    assert "has no config.json" in page.cards["granite-nar"].text
    assert settings.now.models == ()


def test_a_model_is_removed_when_that_is_meant(qtbot, page, fetching, hub):
    hub.gate.set()
    with qtbot.waitSignal(fetching.changed):
        fetching.start(PLUS)
    press(page, "granite-plus", "remove")
    assert "are deleted from" in answer(page, "Cancel")
    press(page, "granite-plus", "remove")
    with qtbot.waitSignal(fetching.changed):
        answer(page, "Remove")
    assert not models.folder_of(PLUS, fetching.folder).exists()
    assert "not here" in page.cards["granite-plus"].text


def test_engine_and_device_are_kept(page, settings):
    by_name = {combo.accessibleName(): combo for combo in page.findChildren(QComboBox)}
    engine, device = by_name["Engine"], by_name["Runs on"]
    engine.activated.emit(engine.findData("granite-nar"))
    device.activated.emit(device.findData("cpu"))
    assert (settings.now.engine, settings.now.device) == ("granite-nar", "cpu")
    assert (engine.currentData(), device.currentData()) == ("granite-nar", "cpu")


def test_everything_is_reached_by_the_keyboard_and_has_a_name(qtbot, page):
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    kinds = (QAbstractButton, QComboBox, QLineEdit)
    usable = [
        part
        for kind in kinds
        for part in page.findChildren(kind)
        if part.isVisible() and part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    names = {part.accessibleName() for part in usable}
    assert {"Download Granite Speech 4.1 Plus", "Address of the server", "Runs on"} <= names
    assert "" not in names
    reached = set()
    usable[0].setFocus()
    for _ in range(3 * len(usable)):
        reached.add(page.window().focusWidget())
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
    assert set(usable) <= reached


def test_return_in_a_field_presses_no_button(page, server, settings):
    server._address.setText("http://localhost:8000")
    QTest.keyClick(server._address, Qt.Key.Key_Return)
    assert settings.now.server == "http://localhost:8000"
    assert page.findChildren(QMessageBox) == []
    assert page.window().isVisible()


def test_the_focus_stays_on_the_card_when_its_button_goes(qtbot, page, fetching):
    begin(qtbot, page, fetching)
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    cancel = page.cards["granite-plus"].button("cancel")
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Space)
    assert page.cards["granite-plus"].button("download").hasFocus()


def test_a_server_is_kept_in_its_usual_form_and_tested(qtbot, settings, server):
    qtbot.addWidget(server)
    server._address.setText(" https://Speech.example.org:8000/v1/ ")
    server.test()
    qtbot.waitUntil(lambda: "answers" in server.answer)
    assert settings.now.server == "https://speech.example.org:8000"
    assert server.answer == "The server answers. It serves: granite-speech, whisper."
    server._model.activated.emit(server._model.findData("whisper"))
    assert settings.now.model("remote") == "whisper"
    server._model.activated.emit(0)
    assert settings.now.model("remote") is None


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://example.org", "unencrypted"),
        ("https://key@example.org", "no name, key or query"),
        ("https://closed.example.org", "cannot be reached"),
        ("https://empty.example.org", "serves no model"),
    ],
)
def test_what_is_wrong_with_a_server_is_said(qtbot, server, address, told):
    qtbot.addWidget(server)
    server._address.setText(address)
    server.test()
    qtbot.waitUntil(lambda: told in server.answer)


def test_a_key_goes_to_the_keyring_and_nowhere_else(qtbot, server, keys, settings, tmp_path):
    qtbot.addWidget(server)
    server._address.setText("https://example.org")
    server._key.setText("sk-secret")
    server.keep_key()
    qtbot.waitUntil(lambda: server.answer == "Keys are kept in a box.")
    assert keys.held == {"https://example.org": "sk-secret"}
    assert server._key.text() == ""
    assert "secret" not in (tmp_path / "settings.json").read_text()
    server.forget_key()
    qtbot.waitUntil(lambda: server.answer == "The key is forgotten.")
    assert keys.held == {}
    server.forget_key()
    qtbot.waitUntil(lambda: "No key is kept" in server.answer)


def test_the_page_outlives_a_change_of_colours_and_settings(page, settings, tmp_path):
    settings.change(theme="dark", models=("granite-nar=/gone",))
    assert "cannot be used" in page.cards["granite-nar"].text
    assert SettingsKeeper(tmp_path / "settings.json").now.models == ("granite-nar=/gone",)
