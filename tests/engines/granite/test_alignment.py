from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.engines.base import Emissions
from granite_studio.engines.granite.alignment import align, align_all, spelled

CLASSES = 348


def heard(*peaks, frames=200, classes=CLASSES, sure=0.95):
    """Blank everywhere but at (frame, text): there the text's letters, three frames apart.

    A class that is no Latin letter is written as chr of its number.
    """
    chances = np.full((frames, classes), (1 - sure) / max(classes - 1, 1))
    chances[:, 0] = sure
    for start, text in peaks:
        for frame, letter in enumerate(text):
            at = start + 3 * frame
            chances[at] = (1 - sure) / (classes - 1)
            chances[at, ord(letter)] = sure
    levels = np.clip(np.rint(-16 * np.log(chances)), 0, 255)
    return Emissions(levels.astype(np.uint8), 0.02)


def peaks(start, text):
    """Seconds of the first letter's beginning and the last one's end."""
    return start * 0.02, (start + 3 * (len(text) - 1) + 1) * 0.02


def near(word, start, text):
    """Whether a word begins at its first peak and ends less than 0.15 s behind its last."""
    first, last = peaks(start, text)
    return word.start_s == pytest.approx(first) and last <= word.end_s + 1e-9 < last + 0.15


def test_words_are_found_where_their_letters_peak():
    good, morning = align(["good", "morning"], heard((20, "good"), (60, "morning")))
    assert near(good, 20, "good")
    assert near(morning, 60, "morning")
    assert [good.text, morning.text] == ["good", "morning"]
    assert not good.estimated
    assert not morning.estimated


def test_in_flowing_speech_a_word_lasts_until_the_next_begins():
    one, two = align(["my", "name"], heard((20, "my name")))
    assert one.end_s == two.start_s == pytest.approx(0.58)


def test_a_pause_belongs_to_neither_word():
    one, two = align(["no", "boat"], heard((20, "no"), (120, "boat")))
    assert one.end_s == pytest.approx(0.62)
    assert two.start_s == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Hello,", "hello"),
        ("hello", "HELLO"),
        ("«Hello!»", "Hello"),
        ("naïve", "naive"),
        ("naive", "naïve"),
        ("NAÏVE", "naïve"),
        ("O'Brien-Smith,", "o'brien smith"),
        ("O\u2019Brien-Smith,", "obriensmith"),
        ("don't", "dont"),
        ("m\u02bcyach", "m'yach"),
        ("U.S.", "u s"),
        ("Mr.", "mister"),
        ("cœur", "coeur"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Straße", "straße"),
        ("ﬁne", "fine"),
        ("e\u0301te\u0301", "été"),
        ("bbc", "b b c"),
        ("aabb", "aabb"),
    ],
)
def test_a_word_as_shown_is_found_as_it_is_said(shown, said):
    before, word, after = align(
        ["we", shown, "on"], heard((10, "we"), (40, said), (140, "on"), frames=180)
    )
    assert near(before, 10, "we")
    assert near(word, 40, said)
    assert near(after, 140, "on")
    assert word.confidence > 0.9
    assert not word.estimated


@pytest.mark.parametrize("shown", ["112", "€50", "日本", "1/2", "1,994.", "&", "20-30"])
def test_what_letters_do_not_spell_takes_what_was_said_between_its_neighbours(shown):
    said = "fifty two"
    sound = heard((10, "there are"), (60, said), (100, "of them"))
    *before, number, of, _ = align(["There", "are", shown, "of", "them."], sound)
    assert near(number, 60, said)
    assert number.estimated
    assert number.confidence is None
    assert near(of, 100, "of")
    assert not any(word.estimated for word in (*before, of))


def test_a_number_with_letters_on_is_estimated_and_sure_of_its_letters():
    (word,) = align(["COVID-19"], heard((20, "covid nineteen")))
    assert near(word, 20, "covid nineteen")
    assert word.estimated
    assert word.confidence == pytest.approx(0.94, abs=0.02)


def test_neighbouring_unknowns_share_their_time_by_length():
    first, second, after = align(["2", "456", "boats"], heard((20, "twothree"), (100, "boats")))
    assert first.end_s == second.start_s
    assert (second.end_s - second.start_s) == pytest.approx(3 * (first.end_s - first.start_s))
    assert near(after, 100, "boats")


def test_japanese_that_the_head_spells_with_its_own_classes_is_found():
    sound = heard((20, "ok"), (60, "".join(map(chr, range(260, 268)))), (120, "ok"))
    one, word, two = align(["OK", "ありがとう", "OK"], sound)
    assert near(word, 60, "12345678")
    assert near(one, 20, "ok")
    assert near(two, 120, "ok")


@pytest.mark.parametrize("shown", ["—", "...", "", "♪", " "])
def test_what_makes_no_sound_comes_behind_the_word_before_it(shown):
    before, word, after = align(["yes", shown, "no"], heard((20, "yes"), (120, "no")))
    assert word.start_s == before.end_s
    assert word.end_s == pytest.approx(word.start_s + 0.1)
    assert word.estimated
    assert near(after, 120, "no")


def test_soundless_signs_at_the_edges_take_no_time():
    first, word, last = align(["—", "yes", "…"], heard((20, "yes")))
    assert first.start_s == first.end_s == word.start_s
    assert last.start_s == last.end_s == word.end_s


def test_speech_that_the_text_leaves_out_is_passed_over():
    one, two = align(["you", "know"], heard((10, "you"), (40, "uhm well"), (90, "know")))
    assert near(one, 10, "you")
    assert near(two, 90, "know")


def test_a_word_that_was_not_said_is_not_believed_and_moves_no_other():
    one, ghost, two = align(["good", "zebra", "day"], heard((20, "good"), (100, "day")))
    assert near(one, 20, "good")
    assert near(two, 100, "day")
    assert ghost.confidence < 0.05
    assert one.confidence > 0.9


def test_confidence_is_the_geometric_mean_of_the_letters_chances():
    sound = heard((20, "ab"), frames=60)
    sound.levels[20, ord("a")] = 0
    sound.levels[23, ord("b")] = 32
    (word,) = align(["ab"], sound)
    assert word.confidence == pytest.approx(np.exp(-1.0))


def test_text_that_does_not_belong_gets_low_confidence():
    words = align(["nobody", "said", "any", "such", "thing"], heard((20, "hello"), frames=120))
    assert len(words) == 5
    assert max(word.confidence for word in words) < 0.3


@pytest.mark.parametrize("frames", [0, 1, 3, 9])
def test_text_with_more_letters_than_frames_is_laid_out_evenly(frames):
    words = align(["somebody", "else"], heard(frames=frames))
    assert [word.estimated for word in words] == [True, True]
    assert [word.end_s for word in words] == pytest.approx([frames * 0.04 / 3, frames * 0.02])


def test_text_laid_out_lies_where_something_was_heard():
    (word,) = align(["..."], heard((20, "abc"), frames=100))
    assert (word.start_s, word.end_s) == pytest.approx((0.4, 0.54))


def test_silence_still_gives_each_word_a_place():
    words = align(["not", "a", "sound"], heard(frames=100))
    assert all(word.confidence < 0.05 for word in words)


def test_no_words_are_no_words():
    assert align([], heard((20, "abc"))) == ()


def test_a_head_of_one_class_spells_nothing():
    words = align(["any", "text"], heard(frames=50, classes=1, sure=1.0))
    assert [word.estimated for word in words] == [True, True]


def test_ten_minutes_in_one_window_are_aligned():
    text = " ".join(["lighthouse", "keeper", "below"] * 100)
    frames = 3 * len(text) + 40
    words = align(text.split(), heard((20, text), frames=frames))
    at = 0
    for word in words:
        at = text.index(word.text, at)
        assert near(word, 20 + 3 * at, word.text)


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["a", "the", "Mr.", "112", "—", "", "日本", "€50", "ll", "O'Brien"]),
    ),
    max_size=12,
)


@st.composite
def sounds(draw):
    frames = draw(st.integers(0, 60))
    classes = draw(st.sampled_from([1, 2, 40, 98, 200, CLASSES]))
    kind = draw(st.sampled_from(["noise", "silence", "flat"]))
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    levels = {
        "noise": chance.integers(0, 256, (frames, classes), np.uint8),
        "silence": np.tile(np.array([0] + [255] * (classes - 1), np.uint8), (frames, 1)),
        "flat": np.full((frames, classes), 255, np.uint8),
    }[kind]
    return Emissions(levels, 0.02)


@given(TEXTS, sounds())
def test_any_text_over_any_sound_gives_ordered_words_inside_it(texts, sound):
    words = align(texts, sound)
    assert [word.text for word in words] == texts
    edges = [0.0, *(at for word in words for at in (word.start_s, word.end_s))]
    edges.append(len(sound.levels) * sound.frame_s)
    assert all(one <= other + 1e-9 for one, other in pairwise(edges))
    assert all(word.confidence is None or 0 <= word.confidence <= 1 for word in words)
    assert all(word.estimated or word.confidence is not None for word in words)


@given(st.lists(st.tuples(TEXTS, sounds()), max_size=5))
def test_many_windows_at_once_give_what_each_gives_alone(texts):
    assert align_all(texts) == tuple(align(words, sound) for words, sound in texts)


@given(sounds())
def test_any_sound_can_be_spelled(sound):
    assert spelled(sound) == spelled(sound).strip()


def test_letters_alone_are_spelled_without_repeats_and_blanks():
    sound = heard((20, "hello  you "), (100, chr(300)))
    sound.levels[21] = sound.levels[20]  # a letter that lasts
    assert spelled(sound) == "hello you"
