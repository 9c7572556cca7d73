"""Time zero, gaps, overlaps, seeking, channels and what a decoder must refuse."""

import os
import stat
import struct
import threading

import numpy as np
import pytest
from recordings import (
    listen,
    loud_from,
    loudness,
    outcome,
    silence,
    tone,
    write_joined,
    write_stamped,
    write_wav,
)

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import decoding, opening
from granite_studio.media.values import AudioTrack, SoundRequest, VideoInfo


def refusal(reader, path):
    with pytest.raises(MediaError) as told:
        listen(reader, path)
    return str(told.value)


def test_plain_sound_arrives_bit_for_bit(reader, make_wav):
    samples = tone(2.5)
    heard, end = listen(reader, make_wav(samples))
    assert np.array_equal(heard, samples)
    assert (end.duration_ms, end.claimed_ms, end.damaged) == (2500, 2500, 0)


def test_other_rates_keep_level_and_length(reader, make_wav):
    for rate in (8000, 11_025, 44_100, 48_000, 96_000):
        heard, end = listen(reader, make_wav(tone(2, rate), rate))
        assert end.duration_ms == 2000
        assert loudness(heard) == pytest.approx(loudness(tone(2)), rel=0.01)


def test_a_gap_in_time_stamps_is_silence(reader, tmp_path):
    path = tmp_path / "gap.mkv"
    write_stamped(path, [(0, tone(1)), (4, tone(1))])
    heard, end = listen(reader, path)
    assert end.duration_ms == 5000
    assert loudness(heard[:16_000]) == pytest.approx(loudness(heard[64_000:]), rel=0.01)
    assert not heard[16_100:63_900].any()


def test_wobbling_time_stamps_move_nothing(reader, tmp_path):
    path = tmp_path / "wobble.mkv"
    samples = tone(2)
    pieces = [
        (tenth / 10 + 0.01 * (tenth % 3), samples[tenth * 1600 : tenth * 1600 + 1600])
        for tenth in range(20)
    ]
    write_stamped(path, pieces)
    assert np.array_equal(listen(reader, path)[0], samples)


def test_a_short_step_back_in_time_is_an_overlap(reader, tmp_path):
    path = tmp_path / "overlap.ts"
    write_joined(path, [(0, tone(2)), (1.5, silence(2))])
    heard, end = listen(reader, path)
    assert end.duration_ms == pytest.approx(3500, abs=80)
    assert end.damaged == 0
    assert loudness(heard[16_000:32_000]) == pytest.approx(loudness(tone(1)), rel=0.01)
    assert np.abs(heard[34_000:]).max() < 30


def test_a_long_step_back_in_time_is_a_new_beginning(reader, tmp_path):
    path = tmp_path / "again.ts"
    write_joined(path, [(0, silence(3)), (0, tone(1))])
    heard, end = listen(reader, path)
    assert end.duration_ms == pytest.approx(4000, abs=120)
    assert end.damaged == 1
    assert loud_from(heard) == pytest.approx(3000, abs=120)


def test_a_step_of_hours_does_not_make_hours_of_silence(reader, tmp_path):
    path = tmp_path / "jump.mkv"
    write_stamped(path, [(0, tone(3)), (50_000, tone(1))])
    _, end = listen(reader, path)
    assert (end.duration_ms, end.damaged) == (4000, 1)


def test_a_step_far_past_the_claimed_end_makes_no_silence(reader, tmp_path):
    path = tmp_path / "jump.mkv"
    write_stamped(path, [(0, tone(3)), (500, tone(1))])
    content = path.read_bytes()
    claim = content.index(b"\x44\x89\x88") + 3  # the duration in the header
    path.write_bytes(content[:claim] + struct.pack(">d", 4000.0) + content[claim + 8 :])
    _, end = listen(reader, path)
    assert (end.duration_ms, end.damaged) == (4000, 1)


def test_a_recording_longer_than_two_days_is_refused(monkeypatch, make_wav):
    monkeypatch.setattr(opening, "LONGEST_MS", 3000)
    with pytest.raises(MediaError, match="is longer than 48 hours; cut it"):
        list(decoding.sound(SoundRequest(make_wav(silence(5))), CancelToken()))


@pytest.mark.parametrize(
    "name", ["mp3_named.wav", "vbr_no_xing.mp3", "video_h264.mp4", "adts.aac"]
)
def test_a_stretch_is_the_same_sound_as_in_the_whole(monkeypatch, shared_data, name):
    monkeypatch.setattr(decoding, "FIRST_SEEK_MS", 1000)
    path = shared_data / "badmedia" / "made" / name

    def samples(**stretch):
        *blocks, _ = decoding.sound(SoundRequest(path, **stretch), CancelToken())
        return blocks[0].start_ms, np.concatenate([block.samples for block in blocks])

    _, whole = samples()
    assert samples(start=5210, end=7345)[0] == 5210
    part = samples(start=5210, end=7345)[1].astype(int)
    assert len(part) == 2135 * 16
    assert np.abs(part - whole[5210 * 16 : 7345 * 16]).max() < 300


def test_a_stretch_past_the_end_holds_nothing(reader, make_wav):
    heard, _ = listen(reader, make_wav(tone(2)), start=60_000, end=61_000)
    assert len(heard) == 0


def test_a_channel_that_joins_later_starts_no_new_time(reader, shared_data):
    path = shared_data / "badmedia" / "flac" / "uncommon 02 - increasing number of channels.flac"
    _, end = listen(reader, path)
    assert end.duration_ms == pytest.approx(14_486, abs=20)


def test_the_default_track_is_heard_and_another_can_be_chosen(reader, shared_data):
    path = shared_data / "badmedia" / "made" / "two_audio_one_subtitle.mkv"
    info = reader.probe(path)
    assert [track.is_default for track in info.tracks] == [False, True]
    assert info.track == info.tracks[1]
    assert loud_from(listen(reader, path)[0]) > 70
    assert loud_from(listen(reader, path, track=info.tracks[0].index)[0]) < 10
    with pytest.raises(MediaError, match="has no audio track 7; choose another track"):
        listen(reader, path, track=7)


def test_a_video_says_what_it_is(reader, shared_data):
    info = reader.probe(shared_data / "badmedia" / "made" / "video_29.97_drop.mp4")
    assert info.video == VideoInfo("h264", 320, 180, pytest.approx(29.97, abs=0.01))
    assert info.tracks == (AudioTrack(1, "aac", 1, 16_000, "und", "", True),)
    assert (info.duration_ms, info.start_ms) == (11_000, 0)


def test_a_cover_picture_is_no_video(reader, shared_data):
    assert reader.probe(shared_data / "badmedia" / "made" / "cover_art.mp3").video is None


def test_a_video_without_sound_can_be_looked_at(reader, shared_data):
    info = reader.probe(shared_data / "badmedia" / "made" / "video_without_audio.mp4")
    assert (info.tracks, info.track) == ((), None)
    assert info.video is not None


def test_cancelling_ends_decoding(make_wav):
    cancel = CancelToken()
    events = decoding.sound(SoundRequest(make_wav(tone(30))), cancel)
    next(events)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)


@pytest.mark.parametrize(
    "name",
    [
        'with "double quotes".wav',
        "back\\slash.wav",
        "line\nbreak.wav",
        "colon: question? star*.wav",
        "a" * 251 + ".wav",
        "%d %s 100%.wav",
        "http:example.wav",
        "pipe:0.wav",
        "-i.wav",
        b"\xe9.wav",
    ],
)
def test_a_file_may_have_any_name(reader, tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    write_wav(path, tone(1))
    assert listen(reader, path)[1].duration_ms == 1000


def test_a_path_may_be_long(reader, tmp_path):
    path = tmp_path.joinpath(*["folder of a long path"] * 15)
    path.mkdir(parents=True)
    write_wav(path / "a.wav", tone(1))
    assert listen(reader, path / "a.wav")[1].duration_ms == 1000


def test_a_name_that_cannot_be_shown_is_written_with_marks(reader, tmp_path):
    path = tmp_path / os.fsdecode(b"\xe9\n.wav")
    path.write_bytes(b"no sound")
    assert refusal(reader, path).startswith(
        "“\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.wav”"
    )


def test_what_is_no_file_is_refused_in_words(reader, tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "empty.wav").touch()
    assert refusal(reader, tmp_path) == (
        f"“{tmp_path.name}” is a folder; open one of the recordings in it."
    )
    assert refusal(reader, tmp_path / "gone.wav") == (
        "“gone.wav” is not there; find where it was moved and open it."
    )
    assert refusal(reader, tmp_path / "empty.wav") == (
        "“empty.wav” is empty; copy it again from where it was recorded."
    )
    assert refusal(reader, tmp_path / "pipe.wav") == (
        "“pipe.wav” is not an ordinary file; save the recording as a file first."
    )


def test_a_file_that_may_not_be_read_is_refused_in_words(make_wav):
    path = make_wav(tone(1))
    path.chmod(0)
    myself = os.geteuid()
    if myself == 0:
        os.seteuid(65_534)  # root may read everything
    try:
        with pytest.raises(MediaError) as told:
            opening.check_file(path)
    finally:
        os.seteuid(myself)
    assert str(told.value) == (
        "“a.wav” may not be read by you; ask its owner, or copy it to a folder of your own."
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.mp3", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n"),
        ("list.wav", "ffconcat version 1.0\nfile '{secret}'\n"),
        ("list.ogg", "ffconcat version 1.0\nfile secret.wav\n"),
        ("list.mp4", "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n"),
        ("list.mkv", '<?xml version="1.0"?><MPD><BaseURL>{secret}</BaseURL></MPD>'),
        ("list.asf", "[Reference]\nRef1={secret}\n"),
        ("list.avi", "http://127.0.0.1:9/secret.wav"),
    ],
)
def test_a_list_of_other_files_opens_none_of_them(reader, tmp_path, name, content):
    write_wav(tmp_path / "secret.wav", tone(1))
    path = tmp_path / name
    path.write_text(content.format(secret=tmp_path / "secret.wav"), encoding="utf-8")
    assert "damaged or not a recording" in refusal(reader, path)


def header(channels=1, rate=16_000, bits=16, claim=32_000, kind=1, align=None):
    align = channels * bits // 8 if align is None else align
    fields = (kind, channels, rate, (rate * align) & 0xFFFFFFFF, align & 0xFFFF, bits)
    format_ = struct.pack("<4sIHHIIHH", b"fmt ", 16, *fields)
    data = struct.pack("<4sI", b"data", claim)
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + format_ + data + bytes(3200)


@pytest.mark.parametrize(
    "content",
    [
        header(channels=65_535),
        header(channels=0),
        header(rate=0),
        header(rate=0xFFFFFFFF),
        header(bits=0xFFFF),
        header(kind=0x11, bits=4, align=50_000),  # IMA ADPCM, as overflows libsndfile 1.2.2
        header(kind=0xFFFE),
        b"fLaC\x00\xff\xff\xff" + bytes(200),
        b"OggS" + bytes(23) + b"\xff" * 300,
        b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\xff\xff\xff\xffmoov" + b"\xff" * 64,
        b"\x1aE\xdf\xa3\x01" + b"\xff" * 100,
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"\xff\xfb\x90\x00" * 20,
    ],
)
def test_absurd_headers_end_in_sound_or_a_sentence(reader, tmp_path, content):
    path = tmp_path / "absurd.wav"
    path.write_bytes(content)
    assert outcome(reader, path) < 1000


def test_an_endless_claim_is_no_claim(reader, tmp_path):
    path = tmp_path / "interrupted.wav"
    path.write_bytes(header(claim=0xFFFFFFFF))
    assert reader.probe(path).duration_ms in (0, 100)
    assert listen(reader, path)[1].duration_ms == 100


def test_a_file_that_grows_while_it_is_read_does_no_harm(reader, make_wav):
    path = make_wav(tone(20))
    events = reader.sound(path, CancelToken())
    next(events)
    with path.open("ab") as file:
        file.write(bytes(32_000))
    assert list(events)[-1].duration_ms == 20_000


def test_a_file_that_vanishes_while_it_is_read_is_read_on(reader, make_wav):
    path = make_wav(tone(20))
    events = reader.sound(path, CancelToken())
    next(events)
    path.unlink()
    assert list(events)[-1].duration_ms == 20_000


def test_several_recordings_are_read_side_by_side(reader, make_wav):
    paths = [make_wav(tone(n + 1), name=f"{n}.wav") for n in range(4)]
    ends = {}

    def read(path):
        ends[path.name] = listen(reader, path)[1].duration_ms

    threads = [threading.Thread(target=read, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == {"0.wav": 1000, "1.wav": 2000, "2.wav": 3000, "3.wav": 4000}


def test_the_file_itself_is_never_touched(reader, make_wav):
    path = make_wav(tone(1))
    path.chmod(stat.S_IRUSR)
    before = path.read_bytes(), path.stat().st_mtime_ns
    listen(reader, path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
