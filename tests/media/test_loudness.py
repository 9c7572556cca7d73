import numpy as np
import pytest
from recordings import silence, tone

from granite_studio.media.loudness import gain_for, levels


def test_levels_are_decibels_below_full_scale():
    sound = np.concatenate((tone(0.32, loud=32_767, hertz=500), silence(0.32)))
    assert levels(sound).tolist() == [3] * 10 + [120] * 10


def test_a_part_at_the_end_has_its_level():
    assert levels(np.full(600, 32_767, dtype=np.int16)).tolist() == [0, 0]


def test_no_sound_has_no_levels():
    assert levels(silence(0)).tolist() == []


@pytest.mark.parametrize(
    ("loud", "gain"),
    [
        (20_000, 1.0),  # loud enough
        (1000, 2.3),  # to 26 dB below full scale
        (30, 76.8),
        (10, 100.0),  # never more than 40 dB
    ],
)
def test_quiet_speech_is_brought_to_a_usual_level(loud, gain):
    assert gain_for(tone(2, loud=loud)) == pytest.approx(gain, rel=0.05)


def test_a_peak_never_clips():
    sound = tone(2, loud=1000)
    sound[100] = 32_000
    assert gain_for(sound) == 1.0


def test_silence_stays_silence():
    assert gain_for(silence(2)) == 1.0
    assert gain_for(silence(0)) == 1.0
