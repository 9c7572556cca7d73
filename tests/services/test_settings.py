import pytest

from granite_studio.services.settings import Settings, SettingsKeeper


def test_without_a_file_every_setting_has_its_default(qapp, tmp_path):
    assert SettingsKeeper(tmp_path / "settings.json").now == Settings()


def test_a_change_is_kept_for_the_next_start_and_told_once(qtbot, tmp_path):
    keeper = SettingsKeeper(tmp_path / "settings.json")
    told = []
    keeper.changed.connect(told.append)
    keeper.change(theme="dark", export_formats=("vtt",))
    keeper.change(theme="dark")
    assert told == [Settings(theme="dark", export_formats=("vtt",))]
    assert SettingsKeeper(tmp_path / "settings.json").now == told[0]


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "{", '{"theme": 7, "rewind_ms": "long", "extra": 1}', "\udcff"]
)
def test_nonsense_in_the_file_gives_defaults(qapp, tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert SettingsKeeper(path).now == Settings()


def test_an_unknown_setting_is_a_mistake_in_the_program(qapp, tmp_path):
    with pytest.raises(TypeError):
        SettingsKeeper(tmp_path / "settings.json").change(colour="red")


def test_an_engine_remembers_where_its_model_is(qapp, tmp_path):
    keeper = SettingsKeeper(tmp_path / "settings.json")
    keeper.change(models=keeper.now.with_model("granite-plus", "/models/a=b"))
    keeper.change(models=keeper.now.with_model("remote", "granite-speech"))
    again = SettingsKeeper(tmp_path / "settings.json").now
    assert again.models == ("granite-plus=/models/a=b", "remote=granite-speech")
    assert again.model("granite-plus") == "/models/a=b"
    assert again.model("granite-nar") is None
    assert again.with_model("granite-plus", "/other") == (
        "remote=granite-speech",
        "granite-plus=/other",
    )
    assert again.with_model("granite-plus", None) == ("remote=granite-speech",)
