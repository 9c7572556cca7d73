"""From a model that lies somewhere to a transcript with speakers."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog

from granite_studio.ui.dialogs.hear_options import HearOptions
from granite_studio.ui.dialogs.models_page import ModelsPage

CHECKPOINTS = Path(__file__).parents[1] / "data" / "checkpoints"


@pytest.fixture(autouse=True)
def no_hub_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)


@pytest.fixture
def plus():
    """A tiny Plus model that was trained to hear the sample interview."""
    folder = CHECKPOINTS / "plus"
    if not folder.is_dir():
        pytest.skip("the tiny trained Plus checkpoint is not there")
    return folder


def choose_folder(person, engine, folder):
    """Press "Choose folder …" of this engine and answer the desktop's dialog."""
    person.do("listen.models")
    page = person.window.findChild(ModelsPage)
    QTest.mouseClick(page.cards[engine].button("choose"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog)
    dialog.setDirectory(str(folder.parent))
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    return page


def test_a_model_from_a_folder_hears_words_and_speakers(person, media, plus):
    page = choose_folder(person, "granite-plus", plus)
    assert "\N{BLACK CIRCLE} ready" in page.cards["granite-plus"].text
    person.open(media)
    devices = []
    person.studio.hearing.progress.connect(lambda progress: devices.append(progress.device))
    assert person.hear() == "finished"
    text = " ".join(person.text())
    assert "good morning" in text.lower()
    document = person.studio.session.document
    assert document.speakers[0].name == "Speaker 1"
    assert all(segment.speaker is not None for segment in document.segments)
    assert all(0 <= word.start <= word.end <= 20_000 for word in document.words())
    assert [engine.name for engine in document.engines] == ["Granite Speech 4.1 Plus"]
    assert devices[-1].startswith(("CPU", "cuda"))
    assert person.studio.hearing.ran_on == ("granite-plus", devices[-1])
    assert f"ran last on {devices[-1]}" in page.cards["granite-plus"].text


def test_a_folder_without_a_model_changes_nothing(person, tmp_path):
    page = choose_folder(person, "granite-plus", tmp_path)
    assert "has no config.json" in page.cards["granite-plus"].text
    assert person.studio.settings.now.models == ()


def test_an_engine_without_its_model_leads_from_hear_to_the_models(person, media):
    person.open(media)
    person.do("listen.options")
    options = person.window.findChild(HearOptions)
    engines = next(c for c in options.findChildren(QComboBox) if c.accessibleName() == "Engine")
    engines.activated.emit(engines.findData("granite-plus"))
    assert "needs its model" in options.note
    options._models.click()
    page = person.window.findChild(ModelsPage)
    assert page.isVisible()
    engines.activated.emit(engines.findData("auto"))
    assert person.hear() == "finished"
    assert "good morning" in person.text()[0]
