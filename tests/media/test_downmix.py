import numpy as np
import pytest
from recordings import loudness, silence, tone

from granite_studio.media.downmix import Downmix


def mix(*channels):
    return Downmix().mono(np.stack(channels, axis=1))


def test_two_equal_channels_keep_their_level():
    assert np.array_equal(mix(tone(1), tone(1)), tone(1))


def test_full_scale_does_not_clip():
    loud = tone(1, loud=32_767)
    assert np.array_equal(mix(loud, loud), loud)


def test_a_channel_wired_the_wrong_way_round_does_not_silence_the_other():
    assert loudness(mix(tone(1), -tone(1))) == loudness(tone(1))


def test_nearly_wrong_is_wrong_too():
    assert loudness(mix(tone(1), -(tone(1) * 0.8).astype(np.int16))) == loudness(tone(1))


@pytest.mark.parametrize("speaking", range(6))
def test_one_channel_of_six_keeps_its_level(speaking):
    channels = [silence(1)] * 6
    channels[speaking] = tone(1)
    assert np.array_equal(mix(*channels), tone(1))


def test_two_speakers_at_two_microphones_are_both_heard():
    left = np.concatenate((tone(0.5), silence(0.5)))
    right = np.concatenate((silence(0.5), tone(0.5, hertz=300)))
    mixed = mix(left, right)
    assert loudness(mixed[:8000]) == pytest.approx(loudness(tone(1)) / 2, rel=0.01)
    assert loudness(mixed[8000:]) == pytest.approx(loudness(tone(1)) / 2, rel=0.01)


def test_a_channel_once_heard_stays_in_the_mix():
    downmix = Downmix()
    downmix.mono(np.stack((tone(1), tone(1)), axis=1))
    later = downmix.mono(np.stack((tone(1), silence(1)), axis=1))
    assert loudness(later) == pytest.approx(loudness(tone(1)) / 2, rel=0.01)


def test_faint_noise_is_no_voice():
    noise = np.random.default_rng(1).integers(-4, 5, 16_000).astype(np.int16)
    assert np.array_equal(mix(tone(1), noise), tone(1))


def test_silence_stays_silence():
    assert not mix(silence(1), silence(1)).any()


def test_one_channel_and_no_samples_are_let_through():
    assert np.array_equal(mix(tone(1)), tone(1))
    assert len(Downmix().mono(np.zeros((0, 2), dtype=np.int16))) == 0
