"""Which way players write the lines of ASS files that are made here."""

import pytest

from granite_studio import formats
from granite_studio.core.captions import Caption, Captions
from granite_studio.formats import Content, Source


def style_of(captions: Captions) -> str:
    written = formats.by_name("ass").dump(Content(captions=captions)).decode("utf-8-sig")
    [style] = [line for line in written.split("\n") if line.startswith("Style: ")]
    return style


@pytest.mark.parametrize(
    ("text", "encoding"), [("Does it work?", "1"), ("האם זה עובד?", "-1"), ("هل يعمل؟", "-1")]
)
def test_lines_from_the_right_have_their_own_direction(text, encoding):
    assert style_of(Captions((Caption(0, 1000, text),))).endswith(f",50,{encoding}")


def test_styles_of_other_programs_stay(tmp_path):
    path = tmp_path / "a.ass"
    captions = Captions((Caption(0, 1000, "Yes."),))
    formats.save(path, Content(captions=captions))
    foreign = path.read_text("utf-8-sig").replace("Yes.", "האם זה עובד?")
    read = formats.by_name("ass").read(Source(foreign.encode()))
    assert style_of(read) == style_of(captions)
