"""What SCC and EBU STL make of times and lines is said before it is done, and only then."""

import pytest

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.formats import FORMATS, Content, dump, losses
from granite_studio.formats.base import Source

TWO_LINES = "The harbour is old, and the sea\nis older than the harbour wall."


def lost(name: str, *cues: Caption) -> tuple[str, ...]:
    return losses(FORMATS[name], Content(captions=Captions(cues)))


def again(name: str, *cues: Caption) -> tuple[Caption, ...]:
    read = FORMATS[name].read
    assert read is not None
    text = read(Source(dump(name, Content(captions=Captions(cues)))))
    assert isinstance(text, Captions)
    return text.cues


def test_nothing_is_named_where_nothing_happens() -> None:
    cues = (Caption(5000, 8000, TWO_LINES), Caption(9000, 12_000, TWO_LINES))

    assert lost("scc", *cues) == lost("stl", *cues) == ()


def test_a_caption_that_cannot_be_sent_in_time_comes_late_by_what_is_said() -> None:
    first, second = Caption(500, 3000, TWO_LINES), Caption(6000, 9000, "Yes.")

    shown = again("scc", first, second)[0]

    assert shown.start > 1000
    assert lost("scc", first, second) == (
        f"1 cue's start ({(shown.start - 500) / 1000:.2f} s later)",
        f"1 cue's end ({(shown.end - 3000) / 1000:.2f} s later)",
    )


def test_an_overlap_is_cut_short_by_what_is_said() -> None:
    cues = (Caption(5000, 9000, "One."), Caption(6000, 8000, "Two."))

    first = again("scc", *cues)[0]

    assert abs(first.end - 6000) <= 17
    assert lost("scc", *cues) == (f"1 cue's end ({(9000 - first.end) / 1000:.2f} s earlier)",)


def test_cues_that_begin_together_are_merged_and_said_to_be() -> None:
    cues = (
        Caption(5000, 8000, "One."),
        Caption(5000, 8000, "Two."),
        Caption(9000, 9900, "Three."),
    )

    assert len(again("scc", *cues)) == 2
    assert lost("scc", *cues) == ("2 cues of their own (merged with others)",)


@pytest.mark.parametrize(("name", "rows"), [("scc", 5), ("stl", 24)])
def test_a_cue_of_more_rows_than_a_screen_is_split_evenly(name: str, rows: int) -> None:
    cue = Caption(10_000, 30_000, "\n".join(f"row {n}" for n in range(rows)))

    screens = again(name, cue)

    assert [len(screen.text.split("\n")) for screen in screens] == [rows // 2, -(-rows // 2)]
    assert lost(name, cue) == ("1 cue in one piece (it is split)",)


@pytest.mark.parametrize(("name", "width"), [("scc", 32), ("stl", 99)])
def test_a_line_wider_than_the_screen_is_wrapped_and_said_to_be(name: str, width: int) -> None:
    cue = Caption(10_000, 16_000, f"{'a' * width} b")

    assert again(name, cue)[0].text.count("\n") == 1
    assert lost(name, cue) == ("1 cue's lines (wrapped anew)",)


def test_a_cue_without_text_is_not_shown_and_counted() -> None:
    assert lost("scc", Caption(5000, 8000, " ")) == ("1 cue without text",)


def test_five_rows_leave_time_to_send_what_follows() -> None:
    tall = Caption(10_000, 16_000, "\n".join("A row of some thirty characters" for _ in range(5)))
    follows = Caption(16_300, 20_000, TWO_LINES)

    assert abs(again("scc", tall, follows)[-1].start - 16_300) <= 17


def test_cues_of_a_document_are_cut_to_see_what_becomes_of_them_where_that_is_asked_for() -> None:
    words = tuple(Word(n, f"word{n}", 300 * n, 300 * n + 250) for n in range(1, 9))
    content = Content(document=Document((Segment(10, words),), next_id=100))

    assert losses(FORMATS["scc"], content) == ()
    assert "later" in losses(FORMATS["scc"], content, cut=True)[0]


def test_names_that_are_not_written_make_no_lines_wider() -> None:
    speaker = Speaker(50, "Somebody with a very long name indeed")
    words = (Word(1, "Unbelievable!", 5000, 8000),)
    document = Document((Segment(10, words, 50),), speakers=(speaker,), next_id=100)

    def told(*, names: bool | None) -> str:
        content = Content(document=document, speaker_names=names)
        return " ".join(losses(FORMATS["scc"], content, cut=True))

    assert "wrapped" in told(names=True)
    assert "wrapped" not in told(names=None)


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("scc", "<i>Hel</i>lo", "<i>Hel</i> lo"),
        ("scc", "<i>Hello</i>, you", "<i>Hello</i> , you"),
        ("scc", "Who <u>me</u>?", "Who <u>me</u> ?"),
        ("scc", "no <c.red><i>no</i></c>!", "no <c.red><i>no</i></c> !"),
        ("stl", "<c.red>Hel</c>lo", "<c.red>Hel</c> lo"),
        ("stl", "<c.bg_blue>Hel</c>lo", "<c.bg_blue>Hel</c> lo"),
    ],
)
def test_a_blank_that_a_change_of_look_puts_into_a_word_is_named(
    name: str, text: str, shown: str
) -> None:
    cue = Caption(5000, 8000, text)

    assert [cue.text for cue in again(name, cue)] == [shown]
    assert lost(name, cue) == ("1 cue's word (a change of look within a word shows as a blank)",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scc", "<i>Hello</i> you"),
        ("scc", "Hello <c.red><i>you</i></c>"),
        ("scc", "Hello\n<i>you,</i>"),
        ("scc", "<i>Hello, you</i>"),
        ("stl", "<i>Hel</i>lo"),
        ("stl", "Hel<u>lo</u>"),
        ("stl", "<c.red>Hello</c> you"),
    ],
)
def test_a_change_of_look_between_words_or_without_a_cell_of_its_own_is_not(
    name: str, text: str
) -> None:
    cue = Caption(5000, 8000, text)

    assert [cue.text for cue in again(name, cue)] == [text]
    assert lost(name, cue) == ()
