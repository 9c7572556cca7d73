"""What the tests of long recordings stand on: the maker, and the comparison with what was said."""

from granite_studio.core.document import Span
from tests.long_recordings import made, proof

VOICE, OTHER = "slt", "rms"


def words(text, start=0.0, speaker=VOICE):
    """A word each half second."""
    return [
        proof.Word(word, start + 0.5 * place, start + 0.5 * place + 0.4, speaker)
        for place, word in enumerate(text.split())
    ]


SAID = words("the old keeper closed the door")
WINDOWS = (Span(0, 1450), Span(1450, 3000))


def alone(first="the old keeper", second="closed the door"):
    return [(WINDOWS[0], words(first)), (WINDOWS[1], words(second, 1.5))]


def test_a_transcript_that_says_what_its_windows_say_lost_nothing():
    heard = words("The old keeper closed a door.")
    assert proof.seams(SAID, heard, alone(second="closed a door")) == proof.Seams((), ())


def test_a_word_that_a_window_heard_and_the_transcript_has_not_is_lost():
    heard = [*words("the old"), *words("closed the door", 1.5)]
    assert proof.seams(SAID, heard, alone()).lost == (SAID[2],)


def test_a_word_that_stands_there_twice_is_added_unless_its_window_said_it_twice():
    twice = proof.Word("keeper", 1.45, 1.5)
    heard = [*words("the old keeper"), twice, *words("closed the door", 1.5)]
    assert proof.seams(SAID, heard, alone()).added == (twice,)
    stutters = [(WINDOWS[0], heard[:4]), alone()[1]]
    assert proof.seams(SAID, heard, stutters).added == ()


def test_a_word_that_only_one_of_two_windows_heard_rightly_may_be_lost():
    overlapping = [
        (Span(0, 2000), words("the old keeper clothes")),
        (Span(1450, 3000), words("closed the door", 1.5)),
    ]
    heard = words("the old keeper clothes the door")
    assert proof.seams(SAID, heard, overlapping) == proof.Seams((), ())


def test_words_across_the_edge_of_a_window_are_torn_and_their_neighbours_are_at_a_boundary():
    assert proof.torn(SAID, [Span(0, 1200), Span(1200, 3000)]) == [SAID[2]]
    assert proof.at_boundaries(SAID, WINDOWS) == {SAID[2], SAID[3]}


def test_speakers_count_under_one_naming_of_them_all():
    said = [*words("one two three"), *words("four five", 1.5, OTHER)]
    heard = [*words("one two three", 0, "A"), *words("four five", 1.5, "A")]
    pairs = proof.paired(said, heard)
    assert proof.right_speakers(pairs) == 0.6
    assert proof.right_speakers_apart(pairs, WINDOWS) == 1.0


def test_word_times_are_compared_where_the_word_is_right():
    heard = [proof.Word("the", 0.03, 0.4), proof.Word("bold", 0.9, 0.9)]
    errors = proof.time_errors(proof.paired(SAID[:2], heard))
    assert [round(error, 2) for error in errors] == [0.0, 0.03]


def test_a_seed_gives_the_same_words_at_the_same_times_again(tmp_path):
    one, other = (made(tmp_path / name, 60) for name in ("one.wav", "other.wav"))
    assert one.words == other.words
    assert one.path.stat().st_size == 44 + 60 * 16_000 * 2
    assert {word.speaker for word in one.words} == {VOICE, OTHER}
    assert all(a.end <= b.start for a, b in zip(one.words, one.words[1:], strict=False))
