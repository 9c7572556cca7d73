"""How signs are read stands in brackets wherever a format has no ruby."""

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.formats import FORMATS, Content, dump
from granite_studio.formats.base import Source

CUE = Caption(1000, 3000, "<ruby>漢字<rt>かんじ</rt></ruby>縦書き")
WITHOUT = ["srt", "ass", "sbv", "stl", "csv", "tsv", "premiere", "resolve", "edl", "fcpxml"]


@pytest.mark.parametrize("name", [*WITHOUT, "fcpxml-titles", "otio"])
def test_what_is_read_beside_the_signs_is_not_a_part_of_them(name: str) -> None:
    data = dump(name, Content(captions=Captions((CUE,))))

    wanted = "??(???)???" if name == "stl" else "漢字(かんじ)縦書き"
    known = FORMATS[name]
    if known.read is None:
        assert wanted in data.decode()
        return
    read = known.read(Source(data, f"x{known.extensions[0]}"))
    assert isinstance(read, Captions)
    assert [cue.text for cue in read.cues] == [wanted]
