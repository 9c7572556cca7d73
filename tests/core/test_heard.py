"""What a machine heard gets into a transcript, and never over what a person did."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.document import Document, EngineUse, Translation
from granite_studio.core.edits import Place
from granite_studio.core.heard import Heard
from tests.core.pictures import DRAFT, GRANITE, check, heard, ids, picture, times, transcript
from tests.core.strategies import WINDOW, WINDOWS, documents, window_at, windows

COUNTED = settings(max_examples=4000, deadline=None)


def said(document: Document) -> Counter[tuple[str, str]]:
    return Counter((word.text, word.source) for word in document.words())


@COUNTED
@given(documents(), windows())
def test_touched_words_survive_byte_for_byte(document: Document, window: Heard) -> None:
    after = edits.apply_heard(document, window)
    left = set(after.words())
    assert all(word in left for word in document.words() if word.touched)
    check(after)


@COUNTED
@given(documents(), windows())
def test_hearing_the_same_window_twice_doubles_nothing(document: Document, window: Heard) -> None:
    once = edits.apply_heard(document, window)
    twice = edits.apply_heard(once, window)
    assert said(twice) <= said(once)
    assert window.again or said(twice) == said(once)


@COUNTED
@given(documents(), windows())
def test_words_outside_the_window_stay(document: Document, window: Heard) -> None:
    span = window.span
    left = set(edits.apply_heard(document, window).words())
    for word in document.words():
        assert span.start <= word.start < span.end or word in left


@COUNTED
@given(st.data(), documents(only_touched=True), st.permutations(range(WINDOWS)))
def test_windows_in_any_order_give_the_same_words(
    data: st.DataObject, document: Document, order: list[int]
) -> None:
    heards = [data.draw(window_at(n * WINDOW, engine=GRANITE)) for n in range(WINDOWS)]
    forward, shuffled = document, document
    for window in heards:
        forward = edits.apply_heard(forward, window)
    for number in order:
        shuffled = edits.apply_heard(shuffled, heards[number])
    assert said(forward) == said(shuffled)


@COUNTED
@given(documents(), windows())
def test_no_heard_word_overlaps_a_touched_one_in_its_paragraph(
    document: Document, window: Heard
) -> None:
    check(edits.apply_heard(document, window))  # a segment refuses words that overlap
