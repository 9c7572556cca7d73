import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import tone, write_wav

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.cache import PeaksCache
from granite_studio.media.client import PeaksProgress
from granite_studio.media.peaks import Peaks, PeaksBuilder, dump, load


def peaks_of(samples, at_once=1000):
    """The pyramid of samples, added in portions of pairs."""
    rows = samples[: len(samples) // 256 * 256].reshape(-1, 256)
    builder = PeaksBuilder()
    for first in range(0, len(rows), at_once):
        part = rows[first : first + at_once]
        builder.add(part.min(axis=1), part.max(axis=1))
    return builder.finish(len(rows) * 16)


def noise(pairs, seed=1):
    return np.random.default_rng(seed).integers(-9999, 9999, pairs * 256).astype(np.int16)


def same(one, other):
    return one.duration_ms == other.duration_ms and all(
        np.array_equal(a, b)
        for level, their in zip(one.levels, other.levels, strict=True)
        for a, b in zip(level, their, strict=True)
    )


def test_each_level_holds_a_quarter_of_the_one_below():
    assert [len(low) for low, _ in peaks_of(noise(5000)).levels] == [5000, 1250, 313, 79, 20]


def test_one_column_holds_the_extremes_of_all():
    samples = noise(700)
    samples[100_000] = 20_000
    low, high = peaks_of(samples).columns(0, 700 * 16, 1)
    assert (low.tolist(), high.tolist()) == ([samples.min()], [20_000])


def test_columns_of_one_pair_are_the_pairs():
    samples = noise(100)
    low, high = peaks_of(samples).columns(160, 320, 10)
    rows = samples.reshape(-1, 256)[10:20]
    assert low.tolist() == rows.min(axis=1).tolist()
    assert high.tolist() == rows.max(axis=1).tolist()


def test_closer_than_a_pair_neighbours_share_it():
    low, _ = peaks_of(noise(100)).columns(160, 192, 8)
    assert len(set(low.tolist())) == 2
    assert low.tolist() == [low[0]] * 4 + [low[4]] * 4


def test_outside_of_the_recording_is_nothing():
    low, high = peaks_of(np.full(25_600, 7, dtype=np.int16)).columns(-1600, 3200, 3)
    assert high.tolist() == [0, 7, 0]
    assert low.tolist() == [0, 7, 0]
    assert peaks_of(noise(10)).columns(5000, 6000, 2)[0].tolist() == [0, 0]


def test_nothing_is_known_of_no_recording():
    assert PeaksBuilder().snapshot().columns(0, 100, 3)[0].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("start", "end", "width"), [(0, 0, 5), (5, 1, 5), (0, 5, 0)])
def test_an_empty_view_is_a_mistake(start, end, width):
    with pytest.raises(ValueError, match="columns from"):
        peaks_of(noise(10)).columns(start, end, width)


@given(
    st.integers(1, 3000),
    st.floats(-5000, 60_000),
    st.floats(1, 90_000),
    st.integers(1, 300),
    st.integers(0, 9),
)
def test_columns_together_show_every_pair_of_the_view(pairs, start, length, width, seed):
    samples = noise(pairs, seed)
    low, high = peaks_of(samples).columns(start, start + length, width)
    rows = samples.reshape(-1, 256)
    first = min(max(0, int(np.ceil(start / 16))), pairs)
    last = min(max(0, int((start + length) // 16)), pairs)
    assert (len(low), len(high)) == (width, width)
    assert (low <= high).all()
    if first < last:
        inside = rows[first:last]
        assert low.min() <= inside.min()
        assert high.max() >= inside.max()


@given(st.integers(1, 2000), st.integers(1, 400))
def test_how_sound_is_portioned_changes_nothing(pairs, portion):
    assert same(peaks_of(noise(pairs)), peaks_of(noise(pairs), portion))


def test_a_snapshot_stays_as_it_was():
    builder = PeaksBuilder()
    builder.add(np.full(3, -1, dtype=np.int16), np.full(3, 1, dtype=np.int16))
    early = builder.snapshot()
    for _ in range(5000):
        builder.add(np.full(7, -9, dtype=np.int16), np.full(7, 9, dtype=np.int16))
    assert early.duration_ms == 48
    assert early.columns(0, 200, 2)[1].tolist() == [1, 0]


def test_what_was_written_is_read():
    peaks = peaks_of(noise(3000))
    assert same(load(dump(peaks, 5, 6), 5, 6), peaks)


@pytest.mark.parametrize("place", [0, 10, 20, 30, 35, 40, -1])
def test_one_changed_byte_makes_a_file_useless(place):
    content = bytearray(dump(peaks_of(noise(30)), 5, 6))
    content[place] ^= 1
    assert load(bytes(content), 5, 6) is None


@given(st.binary(max_size=300))
def test_any_bytes_at_all_do_no_harm(content):
    assert load(content, 5, 6) is None


@given(st.integers(0, 200))
def test_a_cut_file_is_useless(length):
    content = dump(peaks_of(noise(60)), 5, 6)
    assert load(content[:length], 5, 6) is None


def all_peaks(reader, path, track=None):
    *progress, last = reader.peaks(path, CancelToken(), track=track)
    assert all(isinstance(event, PeaksProgress) for event in progress)
    assert isinstance(last, Peaks)
    return progress, last


def test_peaks_of_a_file_are_those_of_its_samples(fresh_reader, make_wav):
    samples = np.concatenate((tone(3), tone(2, loud=3000)))
    _, peaks = all_peaks(fresh_reader, make_wav(samples))
    assert peaks.duration_ms == 5000
    assert len(peaks.levels[0][0]) == 313  # the last pair stands for what is left
    assert same(
        Peaks(0, peaks.levels[:1]),
        Peaks(
            0,
            (
                (
                    np.minimum.reduceat(samples, np.arange(0, 80_000, 256)),
                    np.maximum.reduceat(samples, np.arange(0, 80_000, 256)),
                ),
            ),
        ),
    )


def test_peaks_grow_while_a_file_is_read(fresh_reader, make_wav):
    progress, last = all_peaks(fresh_reader, make_wav(noise(16_000 * 600 // 256)))
    assert len(progress) >= 2
    known = [event.peaks.duration_ms for event in progress]
    assert known == sorted(known)
    assert {event.total_ms for event in progress} == {last.duration_ms}


def test_the_second_time_peaks_come_from_the_cache(fresh_reader, make_wav):
    path = make_wav(tone(30))
    first = all_peaks(fresh_reader, path)
    again = all_peaks(fresh_reader, path)
    assert first[0]
    assert not again[0]
    assert same(first[1], again[1])


def test_a_moved_file_keeps_its_peaks_and_a_changed_one_does_not(fresh_reader, make_wav):
    path = make_wav(tone(30))
    all_peaks(fresh_reader, path)
    moved = path.rename(path.with_name("moved.wav"))
    assert not all_peaks(fresh_reader, moved)[0]
    write_wav(moved, tone(30, loud=5000))
    progress, peaks = all_peaks(fresh_reader, moved)
    assert progress
    assert peaks.columns(0, 30_000, 1)[1].tolist() == [5000]


def test_a_damaged_cache_is_made_again(fresh_reader, make_wav, tmp_path):
    path = make_wav(tone(30))
    _, peaks = all_peaks(fresh_reader, path)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    progress, again = all_peaks(fresh_reader, path)
    assert progress
    assert same(peaks, again)
    assert not all_peaks(fresh_reader, path)[0]


def test_a_cache_that_cannot_be_written_is_done_without(fresh_reader, make_wav, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    for _ in range(2):
        assert all_peaks(fresh_reader, make_wav(tone(3)))[1].duration_ms == 3000


def test_what_was_used_longest_ago_is_dropped_first(make_wav, tmp_path):
    import os

    cache = PeaksCache(tmp_path / "kept", most_bytes=2500)
    peaks = peaks_of(noise(250))  # 1036 bytes
    paths = [make_wav(tone(1, loud=n * 100 + 100), name=f"{n}.wav") for n in range(3)]
    for age, path in enumerate(paths[:2]):
        cache.write(path, None, peaks)
        newest = max((tmp_path / "kept").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (age, age))
    assert cache.read(paths[0], None) is not None  # used, so now the newest
    cache.write(paths[2], None, peaks)
    assert [cache.read(path, None) is not None for path in paths] == [True, False, True]


def test_tracks_are_kept_apart(fresh_reader, shared_data):
    path = shared_data / "badmedia" / "made" / "two_audio_one_subtitle.mkv"
    tone_track = all_peaks(fresh_reader, path, track=1)[1]
    speech_track = all_peaks(fresh_reader, path)[1]
    assert not same(tone_track, speech_track)
    assert same(tone_track, all_peaks(fresh_reader, path, track=1)[1])


def test_cancelled_peaks_leave_nothing_in_the_cache(fresh_reader, make_wav, tmp_path):
    cancel = CancelToken()
    events = fresh_reader.peaks(make_wav(noise(16_000 * 900 // 256)), cancel)
    assert isinstance(next(events), PeaksProgress)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)
    assert not list((tmp_path / "cache").glob("*"))


def test_what_cannot_be_read_has_no_peaks(fresh_reader, tmp_path):
    with pytest.raises(MediaError, match="is not there"):
        all_peaks(fresh_reader, tmp_path / "gone.wav")
