from itertools import permutations

from granite_studio.core.document import EngineUse, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.pipeline.seaming import Said, Seams


def window(start, end, *words):
    """Words as (text, start); each takes a third of a second."""
    heard = tuple(HeardWord(text, at, at + 300) for text, at in words)
    result = Heard(Span(start, end), (HeardTurn(heard),), EngineUse("test"))
    return Said(result, result)


FIRST = window(0, 10_000, ("a", 7000), ("b", 8000), ("c", 8700), ("d", 9400), ("e", 9800))
SECOND = window(
    8000, 18_000, ("b", 8002), ("c", 8702), ("d", 9402), ("e", 9802), ("f", 15_000),
    ("g", 16_200), ("h", 17_000), ("i", 17_700),
)  # fmt: skip
THIRD = window(16_000, 20_000, ("g", 16_204), ("h", 17_004), ("i", 17_704), ("j", 19_000))
WINDOWS = ((FIRST, 0), (SECOND, 2000), (THIRD, 2000))


def left(said):
    """Each window's last word on the matter, by the end of the window."""
    return {
        one.result.span.end: [(w.text, w.start) for turn in one.heard.turns for w in turn.words]
        for one in said
    }


def test_overlapping_windows_hold_each_word_once():
    seams = Seams("en")
    found = left([one for said, overlap in WINDOWS for one in seams.take(said, overlap)])
    texts = [text for end in sorted(found) for text, _ in found[end]]
    assert texts == list("abcdefghij")


def test_whichever_window_comes_first_each_keeps_the_same_words():
    found = []
    for order in permutations(WINDOWS):
        seams = Seams("en")
        found.append(left([one for said, overlap in order for one in seams.take(said, overlap)]))
    assert found == [found[0]] * 6


def test_a_window_of_an_earlier_run_is_parted_when_its_neighbour_comes():
    seams = Seams("en")
    seams.know(FIRST, 0)
    seams.know(THIRD, 2000)
    spans = [one.heard.span for one in seams.take(SECOND, 2000)]
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert (spans[0].start, spans[-1].end) == (0, 20_000)
