import logging
import os

import numpy as np
import pytest

from granite_studio.core.document import Span
from granite_studio.engines.base import Emissions
from granite_studio.pipeline.emissions import find, keep


def emissions(frames=10, level=3):
    return Emissions(np.full((frames, 5), level, np.uint8), 0.02)


def spans(found):
    return [(kept.span.start, kept.span.end) for kept in found]


def test_what_was_kept_is_found_where_it_lies(tmp_path):
    keep(tmp_path, "12-ab", "r1", Span(1000, 5000), emissions(200, 7))
    (kept,) = find(tmp_path, "12-ab", Span(2000, 2500))
    assert kept.span == Span(1000, 5000)
    assert kept.emissions.frame_s == 0.02
    assert kept.emissions.levels.shape == (200, 5)
    assert (kept.emissions.levels == 7).all()


def test_only_windows_of_this_recording_that_reach_into_the_span_are_found_in_order(tmp_path):
    for start in (8000, 0, 4000):
        keep(tmp_path, "12-ab", "r1", Span(start, start + 4000), emissions())
    keep(tmp_path, "34-cd", "r1", Span(0, 4000), emissions())
    assert spans(find(tmp_path, "12-ab", Span(3999, 4001))) == [(0, 4000), (4000, 8000)]
    assert spans(find(tmp_path, "12-ab", Span(4000, 8000))) == [(4000, 8000)]
    assert find(tmp_path, "56-ef", Span(0, 9000)) == ()


def test_the_last_hearing_of_a_stretch_counts(tmp_path):
    keep(tmp_path, "12-ab", "r1", Span(0, 4000), emissions(level=1))
    keep(tmp_path, "12-ab", "r2", Span(1000, 3000), emissions(level=2))
    age(tmp_path, "0-4000.*")
    (kept,) = find(tmp_path, "12-ab", Span(0, 4000))
    assert (kept.span, kept.emissions.levels[0, 0]) == (Span(1000, 3000), 2)


def test_of_windows_that_overlap_at_a_forced_cut_each_frame_is_given_once(tmp_path):
    for level, start in enumerate((0, 8000, 16_000), 1):
        keep(tmp_path, "12-ab", "r1", Span(start, start + 10_000), emissions(500, level))
        age(tmp_path, f"{start}-*", times=3 - level)
    found = find(tmp_path, "12-ab", Span(0, 30_000))
    assert spans(found) == [(0, 8000), (8000, 16_000), (16_000, 26_000)]
    assert [len(kept.emissions.levels) for kept in found] == [400, 400, 500]
    assert [kept.emissions.levels[0, 0] for kept in found] == [1, 2, 3]


def test_of_a_window_heard_anew_on_both_sides_the_middle_is_left(tmp_path):
    levels = np.arange(250, dtype=np.uint8).repeat(2).reshape(500, 1)
    keep(tmp_path, "12-ab", "r1", Span(10_000, 20_000), Emissions(levels, 0.02))
    age(tmp_path, "10000-*")
    for start in (8000, 18_000):
        keep(tmp_path, "12-ab", "r1", Span(start, start + 4000), emissions(200))
    _, middle, _ = find(tmp_path, "12-ab", Span(0, 30_000))
    assert middle.span == Span(12_000, 18_000)
    assert np.array_equal(middle.emissions.levels, levels[100:400])


def test_a_damaged_file_is_passed_over_and_named_in_the_log(tmp_path, caplog):
    keep(tmp_path, "12-ab", "r1", Span(0, 4000), emissions())
    (path,) = tmp_path.rglob("*.emissions")
    path.write_bytes(path.read_bytes()[:-3])
    with caplog.at_level(logging.WARNING):
        assert find(tmp_path, "12-ab", Span(0, 4000)) == ()
    assert path.name in caplog.text


@pytest.mark.parametrize("name", ["notes.txt", "9-1.00000000.emissions", "1-2.emissions"])
def test_other_files_in_the_folder_are_left_alone(tmp_path, name):
    keep(tmp_path, "12-ab", "r1", Span(0, 4000), emissions())
    (folder,) = (tmp_path / "emissions").iterdir()
    (folder / name).write_bytes(b"x")
    assert spans(find(tmp_path, "12-ab", Span(0, 9000))) == [(0, 4000)]


def test_a_folder_that_cannot_be_made_costs_nothing_but_the_cache(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file is in the way")
    with caplog.at_level(logging.WARNING):
        keep(tmp_path / "cache", "12-ab", "r1", Span(0, 4000), emissions())
    assert "not kept" in caplog.text
    assert find(tmp_path / "cache", "12-ab", Span(0, 4000)) == ()


def test_the_recording_unused_for_longest_goes_when_a_new_one_is_begun(tmp_path):
    for number, name in enumerate(("old", "middle", "new")):
        keep(tmp_path, name, "r1", Span(0, 4000), emissions())
        age(tmp_path, "*", times=3 - number)
    find(tmp_path, "old", Span(0, 4000))  # used again: now "middle" is the oldest
    (path, *_) = tmp_path.rglob("*.emissions")
    room = 2 * path.stat().st_size
    keep(tmp_path, "newest", "r1", Span(0, 4000), emissions(), most_bytes=room)
    left = [n for n in ("old", "middle", "new", "newest") if find(tmp_path, n, Span(0, 4000))]
    assert left == ["old", "new", "newest"]


def age(folder, pattern, times=1):
    """Set the clocks of the kept windows and of their recordings back."""
    for path in (folder / "emissions").rglob(pattern):
        past = path.stat().st_mtime_ns - times * 10**9
        os.utime(path, ns=(past, past))
