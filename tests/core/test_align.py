"""Lining up two texts."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.align import LARGE, Opcode, align

texts = st.lists(st.sampled_from("abcd"), max_size=30)


def test_a_changed_word_stands_between_the_kept_ones() -> None:
    assert align(["the", "see", "wall"], ["the", "sea", "wall"]) == (
        Opcode("equal", 0, 1, 0, 1),
        Opcode("replace", 1, 2, 1, 2),
        Opcode("equal", 2, 3, 2, 3),
    )


def test_words_put_in_and_taken_out_are_named_so() -> None:
    assert align("ab", "abc") == (Opcode("equal", 0, 2, 0, 2), Opcode("insert", 2, 2, 2, 3))
    assert align("abc", "bc") == (Opcode("delete", 0, 1, 0, 0), Opcode("equal", 1, 3, 0, 2))
    assert align("", "") == ()


def sound(old: list[str], new: list[str]) -> None:
    i = j = 0
    before = ""
    for kind, i1, i2, j1, j2 in align(old, new):
        assert (i1, j1) == (i, j)
        assert kind != before
        assert (kind == "equal") == (old[i1:i2] == new[j1:j2])
        assert (kind == "insert") == (i1 == i2)
        assert (kind == "delete") == (j1 == j2)
        i, j, before = i2, j2, kind
    assert (i, j) == (len(old), len(new))


@settings(deadline=None)
@given(texts, texts)
def test_opcodes_cover_both_texts_without_a_hole(old: list[str], new: list[str]) -> None:
    sound(old, new)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(2, 3000))
def test_long_texts_are_covered_too(seed: int, kinds: int) -> None:
    chance = random.Random(seed)
    old = [str(chance.randrange(kinds)) for _ in range(2 * LARGE)]
    new = [word for word in old if chance.random() > 0.1]
    for _ in range(50):
        new.insert(chance.randrange(len(new)), str(chance.randrange(kinds)))
    sound(old, new)


def test_a_whole_book_is_lined_up_quickly() -> None:
    chance = random.Random(1)
    old = [f"w{int(chance.paretovariate(0.6)) % 40_000}" for _ in range(100_000)]
    new = [word if chance.random() > 0.05 else "other" for word in old]
    begun = time.perf_counter()
    codes = align(old, new)
    assert time.perf_counter() - begun < 10
    kept = sum(i2 - i1 for kind, i1, i2, _, _ in codes if kind == "equal")
    assert kept > 0.9 * len(old)
