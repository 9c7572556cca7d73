"""A person's own styles: a file for each in a folder of theirs."""

import os
from dataclasses import replace

import pytest

from granite_studio.core.errors import FormatError
from granite_studio.core.styles import dump_style, renamed, style
from granite_studio.store import places, styles

HOUSE = replace(style("bbc"), name="house", title="Our house", cpl=30)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "styles"
    place.mkdir()
    return place


def test_they_live_beside_the_settings(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "config_dir", lambda: tmp_path)
    folder = places.styles_dir()
    assert folder == tmp_path / "styles"
    assert styles.read(folder).own == {}
    styles.write(folder, styles.read(folder), HOUSE)
    assert list(styles.read(folder).own) == ["house"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FormatError, match="cannot be made"):
        styles.write(tmp_path / "file" / "styles", styles.read(tmp_path), HOUSE)


def test_what_is_written_is_there_and_takes_the_place_of_its_name(folder):
    styles.write(folder, styles.read(folder), HOUSE)
    assert styles.read(folder).own == {"house": HOUSE}
    styles.write(folder, styles.read(folder), replace(HOUSE, cpl=31))
    assert styles.read(folder).get("house").cpl == 31
    assert [path.name for path in folder.iterdir()] == ["house.toml"]


def test_a_file_of_another_name_keeps_its_name_and_nobody_elses_file_is_taken(folder):
    (folder / "shared by Ann.toml").write_text(dump_style(HOUSE), encoding="utf-8")
    (folder / "new.toml").write_text("not a style", encoding="utf-8")
    styles.write(folder, styles.read(folder), replace(HOUSE, cpl=31))
    styles.write(folder, styles.read(folder), replace(HOUSE, name="new", title="New"))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["new 2.toml", "new.toml", "shared by Ann.toml"]
    assert (folder / "new.toml").read_text() == "not a style"
    styles.remove(folder, styles.read(folder), "house")
    assert sorted(styles.read(folder).own) == ["new"]


def test_a_contradiction_is_told_and_nothing_is_written(folder):
    with pytest.raises(FormatError, match="a lower limit lies above the upper one"):
        styles.write(folder, styles.read(folder), replace(HOUSE, min_ms=9000))
    assert list(folder.iterdir()) == []


def test_broken_files_are_told_and_do_not_stop_the_others(folder):
    styles.write(folder, styles.read(folder), HOUSE)
    (folder / "folder.toml").mkdir()
    (folder / "large.toml").write_bytes(b"#" * (styles.LARGEST + 1))
    (folder / "old.toml").write_bytes("name = 'ä'".encode("latin-1"))
    (folder / "marked.toml").write_bytes(b"\xef\xbb\xbf" + dump_style(style()).encode())
    (folder / "no style.txt").write_text("x")
    known = styles.read(folder)
    assert list(known.own) == ["house"]
    told = " ".join(known.faults)
    assert len(known.faults) == 4
    assert "“folder.toml” is not there or not a file" in told
    assert "“large.toml” is too large for a style" in told
    assert "“old.toml” is not a text in UTF-8" in told
    assert "“marked.toml” is left out. A style that comes with the program" in told


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="anybody may write there")
def test_a_folder_that_is_write_protected_is_told(folder):
    styles.write(folder, styles.read(folder), HOUSE)
    folder.chmod(0o500)
    try:
        with pytest.raises(FormatError, match="cannot be deleted"):
            styles.remove(folder, styles.read(folder), "house")
    finally:
        folder.chmod(0o700)


def test_a_copy_has_a_name_of_its_own(folder):
    styles.write(folder, styles.read(folder), HOUSE)
    copy = renamed(HOUSE, "Our house", styles.read(folder))
    assert (copy.name, copy.title) == ("our-house", "Our house")
    styles.write(folder, styles.read(folder), copy)
    assert renamed(HOUSE, "Our house", styles.read(folder)).name == "our-house-2"
