"""Where a text is parted for somebody whose cursor stands inside a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.unspaced import edge_of_word


@pytest.mark.parametrize(
    ("marked", "parted"),
    [
        ("get many vis|itors", "get many |visitors"),
        ("get many visit|ors in", "get many visitors| in"),
        ("get |many visitors", "get |many visitors"),
        ("the end|. Then", "the end.| Then"),
        ("g|et many", "get| many"),
        ("many\nvisi|tors", "many\n|visitors"),
        ("visi|tors", "visi|tors"),
        ("|get many", "|get many"),
        ("get many|", "get many|"),
        ("日本|語です", "日本|語です"),
        ("ｺﾝ|ﾆﾁﾊ", "ｺﾝ|ﾆﾁﾊ"),
        ("안녕|하세요 여러분", "안녕하세요| 여러분"),
        ("สวั|สดี", "สวั|สดี"),
        ("שלום ל|ך", "שלום |לך"),
        ("so \N{GRINNING FACE}|\N{GRINNING FACE}", "so \N{GRINNING FACE}|\N{GRINNING FACE}"),
    ],
)
def test_the_nearest_edge_is_taken(marked: str, parted: str) -> None:
    text, place = marked.replace("|", ""), marked.index("|")
    found = edge_of_word(text, place)
    assert f"{text[:found]}|{text[found:]}" == parted


@given(st.text(alphabet="ab .\n日", max_size=12), st.integers(1, 11))
def test_no_word_is_parted_where_there_are_two(text: str, place: int) -> None:
    found = edge_of_word(text, place)
    is_between = bool(text[:place].strip() and text[place:].strip())
    if is_between and len(text.split()) > 1:
        assert text[:found].strip()
        assert text[found:].strip()
        assert set(text[found - 1 : found + 1]) & set(" \n日")
    elif not is_between:
        assert found == place
