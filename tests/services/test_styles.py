"""The keeper of the styles that can be chosen: what it tells is on the disk."""

from dataclasses import replace

import pytest

from granite_studio.core.errors import FormatError
from granite_studio.core.styles import dump_style, style
from granite_studio.services.styles import StyleKeeper


@pytest.fixture
def keeper(qapp, tmp_path):
    return StyleKeeper(tmp_path)


def test_a_copy_is_kept_for_the_next_start_and_told(qtbot, keeper, tmp_path):
    with qtbot.waitSignal(keeper.changed):
        copy = keeper.duplicate("bbc", "House")
    assert copy == replace(style("bbc"), name="house", title="House")
    assert StyleKeeper(tmp_path).now.get("house") == copy


def test_another_title_is_another_name_and_leaves_no_file_behind(keeper, tmp_path):
    keeper.duplicate("bbc", "House")
    keeper.keep(replace(keeper.now.get("house"), cpl=30))
    new = keeper.rename("house", "Hall")
    assert (new.name, new.cpl) == ("hall", 30)
    assert list(keeper.now.own) == ["hall"]
    assert [path.name for path in tmp_path.iterdir()] == ["hall.toml"]
    assert keeper.rename("hall", "HALL").name == "hall"
    assert keeper.now.get("hall").title == "HALL"


def test_a_file_of_somebody_else_gets_a_free_name(keeper, tmp_path):
    path = tmp_path / "from Ann.txt"
    path.write_text(dump_style(replace(style("arte"), cpl=39)), encoding="utf-8")
    new = keeper.read(path)
    assert keeper.twin(new) is None
    kept = keeper.take(new)
    assert (kept.name, kept.title, kept.cpl) == ("arte-2", f"{new.title} (2)", 39)
    assert keeper.now.get("arte").cpl == 40
    assert keeper.twin(new) == kept
    assert keeper.twin(replace(new, cpl=38)) is None
    assert keeper.take(replace(new, cpl=38)).name == "arte-3"
    assert keeper.twin(style("bbc")) == style("bbc")
    assert keeper.twin(replace(style("bbc"), name="hall", title="Hall")) is None


def test_a_file_that_is_no_style_changes_nothing(qtbot, keeper, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("name = 3")
    with qtbot.assertNotEmitted(keeper.changed), pytest.raises(FormatError):
        keeper.read(path)
    assert keeper.now.own == {}


def test_one_that_is_deleted_is_gone(keeper, tmp_path):
    keeper.duplicate("bbc", "House")
    keeper.remove("house")
    assert keeper.now.own == {}
    assert list(tmp_path.iterdir()) == []
