"""A project keeps everything: the transcript, its history, what was heard, and where media is."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from granite_studio.core.document import Document
from granite_studio.core.errors import MediaError, ProjectError
from granite_studio.core.history import LIMIT, History
from granite_studio.store import database, rows
from granite_studio.store.project import Project, project_path_for
from tests.store.pictures import (
    heard,
    paragraphs,
    picture,
    random_edit,
    with_everything,
    with_paragraph,
    with_text,
)


def commit(
    project: Project, document: Document, label: str = "Type", merge_key: str | None = None
) -> None:
    before = project.history.document
    project.record(before, project.history.commit(document, label, merge_key))


def test_every_fact_of_a_document_comes_back(place: Path) -> None:
    document = with_everything()
    Project.create(place, document=document).close()
    with Project.open(place) as project:
        assert project.history.document == document
        assert project.notices == ()
        assert not project.is_read_only


def test_a_fact_that_an_edit_changed_comes_back(place: Path) -> None:
    with Project.create(place, document=Document()) as project:
        commit(project, with_everything())
    with Project.open(place) as project:
        assert project.history.document == with_everything()
        assert project.history.steps[0].document == Document()


def test_undo_and_redo_survive_a_restart(place: Path) -> None:
    one, two, three = paragraphs("one"), paragraphs("two"), paragraphs("three")
    with Project.create(place, document=one) as project:
        commit(project, two, "First")
        commit(project, three, "Second")
        project.move_to(project.history.undo())
    with Project.open(place) as project:
        assert project.history.document == two
        assert (project.history.undo_label, project.history.redo_label) == ("First", "Second")
        project.move_to(project.history.redo())
    with Project.open(place) as project:
        assert project.history.document == three


def test_a_commit_after_undo_forgets_the_undone_steps(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"), "First")
        commit(project, paragraphs("three"), "Second")
        project.move_to(project.history.undo())
        commit(project, paragraphs("four"), "Third")
    with Project.open(place) as project:
        assert [step.label for step in project.history.steps] == ["", "First", "Third"]
        assert project.history.document == paragraphs("four")


def test_commits_under_one_merge_key_are_one_step_of_several_rows(place: Path) -> None:
    with Project.create(place, document=paragraphs("start")) as project:
        document = project.history.document
        for number in range(4):
            document = with_paragraph(document, number + 1, f"window {number}")
            commit(project, document, "Transcribe", "run 1")
    with Project.open(place) as project:
        assert [step.label for step in project.history.steps] == ["", "Transcribe"]
        assert project.history.document == document
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT step FROM log").fetchall() == [(1,)] * 4
    connection.close()


def test_steps_share_the_segments_that_did_not_change(place: Path) -> None:
    with Project.create(place, document=paragraphs("one", "two", "three")) as project:
        commit(project, with_text(project.history.document, 1, "zwei"))
    with Project.open(place, read_only=True) as project:
        before, after = (step.document.segments for step in project.history.steps)
        assert before[0] is after[0]
        assert before[1] is not after[1]
        assert before[2] is after[2]


@pytest.mark.parametrize("seed", range(12))
def test_any_walk_of_edits_survives_closing_and_being_killed(place: Path, seed: int) -> None:
    dice = random.Random(seed)
    project = Project.create(place, document=with_everything())
    for turn in range(6):
        for _ in range(dice.randint(1, 25)):
            act = dice.randrange(8)
            if act == 0:
                project.move_to(project.history.undo())
            elif act == 1:
                project.move_to(project.history.redo())
            elif act == 2:
                project.history.seal()
            else:
                edited = random_edit(project.history.document, dice)
                commit(project, edited, f"Edit {act}", dice.choice((None, "a", "b")))
        project.flush()
        expected = picture(project.history)
        copy = place.with_name(f"killed{turn}.gstudio")
        shutil.copyfile(place, copy)
        shutil.copyfile(f"{place}-wal", f"{copy}-wal")
        with Project.open(copy) as killed:
            assert picture(killed.history) == expected
        project.close()
        project = Project.open(place)
        assert picture(project.history) == expected
    project.close()


def test_the_history_keeps_its_limit_and_the_log_stays_short(place: Path) -> None:
    with Project.create(place, document=paragraphs("start")) as project:
        for number in range(LIMIT + 2 * rows.SLACK + 5):
            commit(project, with_text(project.history.document, 0, f"t{number}"), f"{number}")
        expected = picture(project.history)
    assert len(expected[0]) == LIMIT + 1
    with Project.open(place) as project:
        assert picture(project.history) == expected
    with sqlite3.connect(place) as connection:
        steps = connection.execute("SELECT count(*) FROM log").fetchone()[0]
    connection.close()
    assert LIMIT <= steps < LIMIT + rows.SLACK


def test_undo_reaches_the_oldest_step_after_the_base_has_moved(place: Path) -> None:
    with Project.create(place, document=with_everything()) as project:
        for number in range(LIMIT + rows.SLACK + 20):
            commit(project, random_edit(project.history.document, random.Random(number)), "Edit")
        for _ in range(LIMIT):
            project.move_to(project.history.undo())
        expected = picture(project.history)
    with Project.open(place) as project:
        assert picture(project.history) == expected
        assert project.history.undo_label is None


def test_a_closed_project_is_a_single_file(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"))
    assert os.listdir(place.parent) == [place.name]
    Project.open(place, read_only=True).close()
    assert os.listdir(place.parent) == [place.name]


def test_results_are_kept_by_key_with_the_splice_that_applies_them(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        before = project.history.document
        step = project.history.commit(paragraphs("two"), "Transcribe", "run")
        project.record(before, step, [heard("a"), heard("b", "und so", 500)])
        project.put_result(heard("c"))
        project.put_result(heard("a", "anew"))
        assert set(project.results()) == {"a", "b", "c"}
    with Project.open(place, read_only=True) as project:
        assert project.results() == {
            "a": heard("a", "anew"),
            "b": heard("b", "und so", 500),
            "c": heard("c"),
        }


def test_a_result_without_a_key_is_refused(place: Path) -> None:
    with (
        Project.create(place, document=Document()) as project,
        pytest.raises(ValueError, match="key"),
    ):
        project.put_result(heard(""))


def test_other_stages_keep_what_json_can_say(place: Path) -> None:
    with Project.create(place, document=Document()) as project:
        project.put_stage("speech", "12-abc", [[0, 900], [1200, 1900]])
        project.put_stage("speech", "12-abc", [[0, 901]])
        assert project.stage("speech", "12-abc") == [[0, 901]]
    with Project.open(place) as project:
        assert project.stage("speech", "12-abc") == [[0, 901]]
        assert project.stage("speech", "other") is None
        assert project.stages("speech") == {"12-abc": [[0, 901]]}


def test_named_versions_keep_the_transcript_as_it_was(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        version = project.name_version("Sent to Anna")
        commit(project, paragraphs("two"))
        assert project.version_document(version.id) == paragraphs("one")
    with Project.open(place) as project:
        assert project.versions() == (version,)
        assert project.version_document(version.id) == paragraphs("one")
        assert project.history.document == paragraphs("two")
        with pytest.raises(KeyError):
            project.version_document(99)


def test_a_commit_never_merges_across_a_named_version(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"), "Type", "word 1")
        project.name_version("Here")
        commit(project, paragraphs("three"), "Type", "word 1")
        assert len(project.history.steps) == 3
        expected = picture(project.history)
    with Project.open(place) as project:
        assert picture(project.history) == expected


def test_save_as_copies_everything_and_leaves_the_project_where_it_is(place: Path) -> None:
    copy = place.with_name("copy.gstudio")
    with Project.create(place, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"))
        project.put_result(heard("a"))
        version = project.name_version("V")
        project.save_as(copy)
        commit(project, paragraphs("three"))
        assert project.path == place
        expected = picture(History(project.history.steps[:-1]))
    with Project.open(copy) as project:
        assert picture(project.history) == expected
        assert project.results() == {"a": heard("a")}
        assert project.versions() == (version,)
    assert sorted(os.listdir(place.parent)) == ["copy.gstudio", "talk.gstudio"]


def test_save_as_replaces_a_file_but_not_a_project_in_use(place: Path) -> None:
    other = place.with_name("other.gstudio")
    Project.create(other, document=paragraphs("other")).close()
    with Project.create(place, document=paragraphs("one")) as project:
        with Project.open(other), pytest.raises(ProjectError, match=r"other\.gstudio"):
            project.save_as(other)
        project.save_as(other)
    with Project.open(other) as project:
        assert project.history.document == paragraphs("one")


def test_a_read_only_project_can_be_saved_elsewhere(place: Path) -> None:
    copy = place.with_name("copy.gstudio")
    with Project.create(place, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"))
        project.flush()
        with Project.open(place) as second:
            assert second.is_read_only
            second.save_as(copy)
    with Project.open(copy) as project:
        assert project.history.document == paragraphs("two")
        assert not project.is_read_only


def test_a_read_only_project_refuses_changes_in_a_sentence(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    with Project.open(place, read_only=True) as project:
        with pytest.raises(ProjectError, match="reading only"):
            commit(project, paragraphs("two"))
        with pytest.raises(ProjectError, match="reading only"):
            project.name_version("V")


def test_what_is_read_is_of_one_moment_while_another_writes(place: Path) -> None:
    with Project.create(place, document=paragraphs("none")) as project:
        commit(project, paragraphs("one"))
        project.flush()
        with database.reading(place) as reader:
            position = rows.read_position(reader)
            commit(project, paragraphs("two"))
            project.flush()
            assert rows.read_position(reader) == position
            assert rows.read_history(reader).document == paragraphs("one")
        with database.reading(place) as reader:
            assert rows.read_history(reader).document == paragraphs("two")


WRITE_ON_AND_ON = """
import sys
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.pictures import paragraphs
number = 0
while True:
    with Project.open(Path(sys.argv[1])) as project:
        for _ in range(3):
            number += 1
            before = project.history.document
            step = project.history.commit(paragraphs(f"e{number}"), "Type", None)
            project.record(before, step)
    print(number, flush=True)
"""


def test_a_project_that_another_process_opens_writes_and_closes_reads_as_sound(
    place: Path,
) -> None:
    Project.create(place, document=paragraphs("e0")).close()
    code = [sys.executable, "-P", "-c", WRITE_ON_AND_ON, str(place)]
    repository = Path(__file__).parents[2]
    with subprocess.Popen(
        code, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(repository)}
    ) as other:
        try:
            assert other.stdout
            other.stdout.readline()
            seen = set()
            for _ in range(60):
                with Project.open(place, read_only=True) as project:
                    seen.add(project.history.document.segments[0].words[0].text)
            assert other.poll() is None
        finally:
            other.kill()
    assert len(seen) > 1


def test_create_refuses_to_write_over_a_project(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    with pytest.raises(ProjectError, match="is there already"):
        Project.create(place, document=Document())
    with Project.open(place) as project:
        assert project.history.document == paragraphs("one")


def test_create_is_not_disturbed_by_the_log_of_a_deleted_project(place: Path) -> None:
    project = Project.create(place, document=paragraphs("old"))
    commit(project, paragraphs("older"))
    project.flush()
    shutil.copyfile(f"{place}-wal", place.with_name("wal"))
    project.close()
    place.unlink()
    place.with_name("wal").rename(f"{place}-wal")
    Project.create(place, document=paragraphs("new")).close()
    with Project.open(place) as project:
        assert project.history.document == paragraphs("new")


def test_every_durable_transaction_is_acknowledged_in_order(place: Path) -> None:
    told: list[ProjectError | None] = []
    with Project.create(place, document=paragraphs("one")) as project:
        project.on_saved = told.append
        commit(project, paragraphs("two"))
        project.move_to(project.history.undo())
        project.flush()
        assert told == [None, None]


def test_a_listener_that_fails_stops_nothing(place: Path) -> None:
    def fail(error: ProjectError | None) -> None:
        raise RuntimeError("gone")

    with Project.create(place, document=paragraphs("one")) as project:
        project.on_saved = fail
        commit(project, paragraphs("two"))
        commit(project, paragraphs("three"))
    with Project.open(place) as project:
        assert project.history.document == paragraphs("three")


def test_closing_twice_is_closing_once(place: Path) -> None:
    project = Project.create(place, document=paragraphs("one"))
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        commit(project, paragraphs("two"))


def recording(place: Path, content: bytes = b"RIFF" * 1000) -> Path:
    place.write_bytes(content)
    return place


def test_media_moved_together_with_the_project_is_found(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "sound").mkdir(parents=True)
    media = recording(old / "sound" / "talk.wav")
    Project.create(old / "talk.gstudio", document=Document(), media_path=media).close()
    old.rename(new)
    with Project.open(new / "talk.gstudio") as project:
        assert project.media_path == new / "sound" / "talk.wav"
        assert project.notices == ()


def test_a_project_moved_alone_still_finds_its_media(tmp_path: Path) -> None:
    media = recording(tmp_path / "talk.wav")
    Project.create(tmp_path / "talk.gstudio", document=Document(), media_path=media).close()
    (tmp_path / "away").mkdir()
    moved = (tmp_path / "talk.gstudio").rename(tmp_path / "away" / "talk.gstudio")
    with Project.open(moved) as project:
        assert project.media_path == media


def test_renamed_media_beside_the_project_is_found_by_its_content(place: Path) -> None:
    media = recording(place.with_name("talk.wav"))
    Project.create(place, document=Document(), media_path=media).close()
    recording(place.with_name("decoy.wav"), b"LIFF" * 1000)
    renamed = media.rename(place.with_name("interview 7.wav"))
    with Project.open(place) as project:
        assert project.media_path == renamed
    with Project.open(place, read_only=True) as project:
        assert project.media_path == renamed


def test_the_text_opens_without_its_media(place: Path) -> None:
    media = recording(place.with_name("talk.wav"))
    Project.create(place, document=paragraphs("one"), media_path=media).close()
    media.unlink()
    with Project.open(place) as project:
        assert (project.media_path, project.notices) == (None, ())
        assert project.history.document == paragraphs("one")


def test_media_that_changed_in_place_is_told(place: Path) -> None:
    media = recording(place.with_name("talk.wav"))
    Project.create(place, document=Document(), media_path=media).close()
    recording(media, b"other" * 999)
    with Project.open(place) as project:
        assert project.media_path == media
        assert "has changed since" in project.notices[0]


def test_media_that_was_only_touched_is_the_same(place: Path) -> None:
    media = recording(place.with_name("talk.wav"))
    Project.create(place, document=Document(), media_path=media).close()
    os.utime(media, ns=(1, 1))
    with Project.open(place) as project:
        assert (project.media_path, project.notices) == (media, ())


def test_relinking_says_when_the_recording_is_another(place: Path) -> None:
    media = recording(place.with_name("talk.wav"))
    other = recording(place.with_name("other.wav"), b"other" * 9)
    with Project.create(place, document=Document(), media_path=media) as project:
        with pytest.raises(ProjectError, match="not the recording of this project"):
            project.relink(other)
        assert project.media_path == media
        project.relink(other, anyway=True)
        assert project.media_path == other
    with Project.open(place) as project:
        assert project.media_path == other


def test_a_recording_that_is_not_there_cannot_be_linked(place: Path) -> None:
    with pytest.raises(MediaError, match="cannot be found"):
        Project.create(place, document=Document(), media_path=place.with_name("no.wav"))
    assert os.listdir(place.parent) == []


def test_saved_elsewhere_the_media_is_linked_from_there(tmp_path: Path) -> None:
    media = recording(tmp_path / "talk.wav")
    (tmp_path / "there").mkdir()
    copy = tmp_path / "there" / "talk.gstudio"
    with Project.create(
        tmp_path / "talk.gstudio", document=Document(), media_path=media
    ) as project:
        project.save_as(copy)
    tmp_path.joinpath("moved").mkdir()
    media.rename(tmp_path / "moved" / "talk.wav")
    (tmp_path / "there").rename(tmp_path / "moved" / "there")
    with Project.open(tmp_path / "moved" / "there" / "talk.gstudio") as project:
        assert project.media_path == tmp_path / "moved" / "talk.wav"


def test_a_project_goes_beside_its_recording(place: Path) -> None:
    assert project_path_for(place.with_name("talk.wav")) == place


def test_two_recordings_of_one_stem_get_a_project_each(place: Path) -> None:
    media = recording(place.with_name("talk.mp3"))
    Project.create(place, document=Document(), media_path=media).close()
    assert project_path_for(media) == place
    assert project_path_for(place.with_name("talk.wav")) == place.with_name("talk.wav.gstudio")


def test_a_long_name_leaves_room_for_the_side_files(place: Path) -> None:
    media = recording(place.with_name("ü" * 125 + ".wav"))
    path = project_path_for(media)
    assert len(os.fsencode(path.name)) <= 247
    with Project.create(path, document=paragraphs("one"), media_path=media) as project:
        commit(project, paragraphs("two"))
    with pytest.raises(ProjectError, match="too long"):
        Project.open(place.with_name("x" * 250))


@pytest.mark.parametrize("name", ["ä é.gstudio", "50% off?#1.gstudio", "日本.gstudio", "a'b;c&d"])
def test_any_file_name_will_do(place: Path, name: str) -> None:
    path = place.with_name(name)
    with Project.create(path, document=paragraphs("one")) as project:
        commit(project, paragraphs("two"))
    with Project.open(path) as project:
        assert project.history.document == paragraphs("two")
    assert os.listdir(place.parent) == [name]


def test_a_link_to_a_project_opens_the_project_itself(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    link = place.with_name("link.gstudio")
    link.symlink_to(place)
    with Project.open(link) as project:
        assert project.path == place
        with Project.open(place) as second:
            assert second.is_read_only
