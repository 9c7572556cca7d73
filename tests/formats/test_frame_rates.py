"""Files that count frames and do not say how many there are in a second."""

from pathlib import Path

import pytest

from granite_studio import formats
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.errors import FormatError
from granite_studio.core.timing import RATES, Rate
from granite_studio.formats import FORMATS, Content
from granite_studio.formats.base import Source

LATE = Caption(36_000_000, 36_002_000, "Ten hours in.")
SHORT = Caption(6000, 8000, "Short.")
MARKED = "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:15 00:00:01:00\n"
TABLE = "Marker Name\tDescription\tIn\tOut\n\tHello\t00:00:00:15\t00:00:01:00\n"


def read(name: str, data: bytes, rate: Rate | None = None) -> Captions:
    reader = FORMATS[name].read
    assert reader is not None
    captions = reader(Source(data, "film", frame_rate=rate))
    assert isinstance(captions, Captions)
    return captions


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", ["edl", "resolve", "itt", "fcpxml", "otio"])
def test_what_is_written_at_a_rate_is_read_at_it_untold(name: str, rate: str) -> None:
    cues = Captions((SHORT, LATE))

    again = read(name, formats.dump(name, Content(captions=cues, frame_rate=RATES[rate])))

    frame = 1000 / float(RATES[rate].frames)
    for before, after in zip(cues.cues, again.cues, strict=True):
        assert abs(before.start - after.start) <= frame / 2 + 1
        assert abs(before.end - after.end) <= frame / 2 + 1
    assert not again.is_rate_guessed
    kept = rate.removesuffix(" DF") if name == "otio" else rate  # it knows no time codes
    assert again.frame_rate == RATES[kept]


@pytest.mark.parametrize(("name", "text"), [("edl", MARKED), ("premiere", TABLE)])
def test_a_rate_that_is_told_counts_where_the_file_says_none(name: str, text: str) -> None:
    guessed = read(name, text.encode())
    told = read(name, text.encode(), RATES["30"])

    assert (guessed.cues[0].start, guessed.is_rate_guessed) == (600, True)
    assert formats.guessed_rate(guessed) == "25"
    assert (told.cues[0].start, told.is_rate_guessed) == (500, False)
    assert formats.guessed_rate(told) == ""


def test_what_the_file_says_stands_before_what_is_told() -> None:
    data = formats.dump("edl", Content(captions=Captions((LATE,)), frame_rate=RATES["23.976"]))

    assert read("edl", data, RATES["30"]) == read("edl", data)


def test_a_list_that_drops_frames_is_at_29_97() -> None:
    text = f"FCM: DROP FRAME\n{MARKED}".replace("00:01:00\n", "10:00:00\n").encode()

    for told in (None, RATES["29.97"], RATES["25"]):
        captions = read("edl", text, told)
        assert (captions.frame_rate, captions.is_rate_guessed) == (RATES["29.97 DF"], False)
    assert read("edl", text, RATES["59.94 DF"]).frame_rate == RATES["59.94 DF"]


def test_dropped_numbers_of_a_list_of_markers_may_be_of_either_rate() -> None:
    content = Content(captions=Captions((SHORT,)), frame_rate=RATES["59.94 DF"])
    data = formats.dump("premiere", content)

    assert formats.guessed_rate(read("premiere", data)) == "29.97 DF"
    told = read("premiere", data, RATES["59.94 DF"])
    assert abs(told.cues[0].end - SHORT.end) <= 9
    assert not told.is_rate_guessed


def test_codes_that_do_not_exist_at_the_rate_that_is_told_are_a_fault() -> None:
    text = MARKED.replace("00:15 ", "00:29 ").encode()

    with pytest.raises(FormatError, match=r"at 25 frames a second .* do not exist"):
        read("edl", text, RATES["25"])


def test_a_table_of_clocks_counts_no_frames() -> None:
    captions = read("csv", b"start,end,text\n0:01.5,0:02.5,Hello\n")

    assert (captions.frame_rate, captions.is_rate_guessed) == (None, False)


@pytest.mark.parametrize(("code", "name"), [(";", "29.97 DF"), (":", "29.97")])
def test_scc_keeps_how_it_counts(code: str, name: str) -> None:
    data = formats.dump("scc", Content(captions=Captions((SHORT,)), frame_rate=RATES[name]))

    again = formats.dump("scc", Content(captions=read("scc", data)))

    assert again == data
    assert code.encode() in data.split(b"\t")[0][-3:]


def test_a_file_is_loaded_with_the_rate_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.edl"
    path.write_text(MARKED)

    loaded = formats.load(path, frame_rate=RATES["30"])

    assert isinstance(loaded, Captions)
    assert loaded.cues[0].start == 500
