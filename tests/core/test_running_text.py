"""Words and running text, by the rules and by the short ways that common text takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.document import Word, joined, spaced, tokens

SIGNS = st.sampled_from(
    "ab é\u00a0\u00ad \t\n\x85\u2028\u3000\x1c\x00\x7f東「。\uff21\U00020000\ud800"
)
SPACES = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
HIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@given(st.text(SIGNS | st.characters(), max_size=12))
def test_words_are_parted_at_spaces_and_what_cannot_be_shown_goes(text: str) -> None:
    wanted = [word for word in SPACES.split(HIDDEN.sub("", text)) if word]
    assert tokens(text) == wanted
    if wanted == [text]:
        assert Word(1, text, 0, 1).text == text
    else:
        with pytest.raises(ValueError, match="is not one word"):
            Word(1, text, 0, 1)


@given(st.lists(st.text(SIGNS, max_size=3), max_size=5))
def test_a_space_stands_between_words_but_those_of_scripts_without(texts: list[str]) -> None:
    line = "".join(
        f" {text}" if place and spaced(texts[place - 1], text) else text
        for place, text in enumerate(texts)
    )
    assert joined(iter(texts)) == line
