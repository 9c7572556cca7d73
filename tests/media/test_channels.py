"""Which recordings have a person on each channel, and what one channel alone sounds like."""

from importlib import resources

import numpy as np
import pytest
import soundfile
from recordings import listen, silence, tone

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media.channels import compared
from granite_studio.media.downmix import OneChannel
from granite_studio.media.values import RATE, Channels, SoundWindow

TURN = 4 * RATE


@pytest.fixture(scope="module")
def voices():
    """Forty seconds of speech, whose turns of four seconds go to two people by turns."""
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16", stop=10 * TURN)
    is_left = (np.arange(len(sound)) // TURN) % 2 == 0
    return np.where(is_left, sound, 0), np.where(is_left, 0, sound)


def room(voices, bleed_db, left_gain=1.0, noise=4.0):
    """Two microphones that hear the other person so much more softly, and some noise."""
    (one, other), bleed = voices, 10 ** (-bleed_db / 20)
    rng = np.random.default_rng(4)
    channels = left_gain * (one + bleed * other), other + bleed * one
    return np.stack(
        [np.rint(c + rng.normal(0, noise, len(c))).astype(np.int16) for c in channels], axis=1
    )


def are_people(reader, path):
    return reader.channels(path, CancelToken()).are_people


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("diarization/stereo_two_channels.wav", True),
        ("badmedia/made/stereo_phase_inverted.wav", False),
        ("badmedia/made/stereo_right_only.wav", False),
        ("badmedia/made/surround_5.1.flac", False),
        ("badmedia/made/au.au", False),
        ("badmedia/made/silence_10s.wav", False),
    ],
)
def test_two_channels_are_people_only_if_each_has_speech_of_its_own(
    reader, shared_data, name, expected
):
    assert are_people(reader, shared_data / name) is expected


@pytest.mark.parametrize(
    ("bleed_db", "expected"), [(40, True), (20, True), (10, False), (3, False)]
)
def test_microphones_that_hear_everybody_are_not_people(
    reader, make_wav, voices, bleed_db, expected
):
    assert are_people(reader, make_wav(room(voices, bleed_db))) is expected


def test_one_microphone_may_be_set_louder(reader, make_wav, voices):
    assert are_people(reader, make_wav(room(voices, 25, left_gain=0.2)))


def test_the_same_sound_at_two_levels_with_noise_is_one_person(reader, make_wav, voices):
    both = sum(voices)
    noise = np.random.default_rng(4).normal(0, 60, len(both))
    faint = np.rint(both / 6 + noise).astype(np.int16)
    assert not are_people(reader, make_wav(np.stack((both, faint), axis=1)))


def test_music_beside_speech_is_no_person(reader, make_wav, voices):
    both = sum(voices)
    chords = tone(40, hertz=220) + tone(40, hertz=277)
    assert not are_people(reader, make_wav(np.stack((both, chords), axis=1)))


def test_a_long_recording_is_judged_by_a_sample(reader, make_wav, voices):
    told = reader.channels(make_wav(np.tile(room(voices, 30), (15, 1))), CancelToken())
    assert told.are_people
    assert max(told.speech_ms) < 240_000


def test_too_little_speech_says_nothing():
    speaks = np.zeros((1000, 2), dtype=bool)
    speaks[:30, 0] = speaks[30:60, 1] = True
    found = compared(np.random.default_rng(1).normal(0, 20, (1000, 2)), speaks)
    assert found == Channels(2, speech_ms=(960, 960))


def test_a_channel_alone_holds_its_own_person(reader, make_wav, voices):
    path = make_wav(np.stack(voices, axis=1))
    for channel in (0, 1):
        heard, _ = listen(reader, path, channel=channel)
        assert np.mean(heard == voices[channel]) > 0.99  # but a moment around each turn
        part, _ = listen(reader, path, channel=channel, start=5000, end=9000)
        assert np.array_equal(part[RATE:], heard[6 * RATE : 9 * RATE])


def test_windows_of_a_channel_hold_its_person_alone(reader, make_wav, voices):
    path = make_wav(room(voices, 25))
    for channel in (0, 1):
        events = reader.windows(path, CancelToken(), longest_ms=12_000, channel=channel)
        found = [event for event in events if isinstance(event, SoundWindow)]
        spoken = [place for w in found for s in w.speech for place in range(s.start, s.end)]
        own = [(place * 16 // TURN) % 2 == channel for place in spoken]
        assert np.mean(own) > 0.95
        assert len(spoken) > 10_000


def test_the_other_persons_voice_from_afar_is_silence():
    own = np.concatenate((tone(1), tone(1, loud=1000)))
    other = np.concatenate((silence(1), tone(1, hertz=300)))
    heard = OneChannel(0).mono(np.stack((own, other), axis=1))
    assert np.array_equal(heard[:14_000], own[:14_000])
    assert not heard[18_000:].any()


def test_who_speaks_at_the_same_time_is_kept():
    own, other = tone(1, loud=3000), tone(1, hertz=300)
    assert np.array_equal(OneChannel(0).mono(np.stack((own, other), axis=1)), own)


def test_blocks_join_without_a_click():
    both = np.stack((tone(2, loud=1000), np.concatenate((silence(1.01), tone(0.99)))), axis=1)
    one = OneChannel(0)
    parts = np.concatenate([one.mono(both[:16_000]), one.mono(both[16_000:])])
    steps = np.abs(np.diff(parts.astype(int)))
    assert steps.max() <= np.abs(np.diff(both[:, 0].astype(int))).max() + 100


def test_a_channel_that_is_not_there_is_refused_in_words(reader, make_wav):
    path = make_wav(np.stack((tone(1), tone(1)), axis=1))
    with pytest.raises(MediaError) as told:
        listen(reader, path, channel=2)
    assert str(told.value) == "“a.wav” has no channel 3; hear all its channels together."


def test_a_track_that_is_not_there_is_refused_in_words(reader, make_wav):
    with pytest.raises(MediaError, match="has no audio track 7; choose another track"):
        reader.channels(make_wav(tone(1)), CancelToken(), track=7)
