"""Subtitle files become transcripts, and give their cues back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cues import derive, escape, to_captions
from granite_studio.core.document import Document, Media, Segment, Word, joined
from granite_studio.core.importing import from_captions, is_untimed
from granite_studio.core.styles import style, style_names
from granite_studio.core.unspaced import words_of
from tests.core.pictures import check, picture, times


def imported(*texts: str, step: int = 1000, gap: int = 0) -> Document:
    """Cues of `step` ms each."""
    cues = (
        Caption(n * (step + gap), n * (step + gap) + step, text) for n, text in enumerate(texts)
    )
    document = from_captions(Captions(tuple(cues)))
    check(document)
    return document


def lines(document: Document) -> list[tuple[str, ...]]:
    return [cue.lines for cue in derive(document, style())]


def test_cues_become_paragraphs_and_stay_cues() -> None:
    document = imported("The work began\nin March,", "and it goes on.")
    assert picture(document) == ["The work began in March, and it goes on."]
    assert lines(document) == [("The work began", "in March,"), ("and it goes on.",)]


def test_words_share_the_time_of_their_cue() -> None:
    document = imported("a bcd")
    assert times(document) == ["a 0-333", "bcd 333-1000"]
    assert all(word.estimated and word.source == "import" for word in document.words())
    assert not any(word.touched for word in document.words())


def test_a_pause_of_more_than_a_second_and_a_half_begins_a_paragraph() -> None:
    assert picture(imported("one", "two", gap=1500)) == ["one two"]
    assert picture(imported("one", "two", gap=1501)) == ["one", "two"]


def test_a_long_paragraph_ends_with_its_sentence_and_a_very_long_one_anyway() -> None:
    ten = "w w w w w w w w w w"
    document = imported(*[ten] * 4, f"{ten}ord.", *[ten] * 10)
    assert [len(segment.words) for segment in document] == [50, 80, 20]


def test_voice_tags_become_speakers() -> None:
    document = imported("<v Anna>Who pays?</v>", "<v.loud Ben &amp; Co>The <i>county</i>.", "Off.")
    assert picture(document) == ["Anna: Who pays?", "Ben & Co: The county.", "Off."]


def test_names_in_capitals_become_speakers_until_the_next_name() -> None:
    document = imported("ANNA: Who pays?", "And when?", "BEN BERG: The county.", gap=2000)
    assert picture(document) == ["ANNA: Who pays?", "ANNA: And when?", "BEN BERG: The county."]
    assert lines(document)[0] == ("Who pays?",)


def test_other_names_are_names_if_they_return() -> None:
    document = imported("Anna: Who pays?", "Note: nobody knows.", "Anna: Really?", gap=2000)
    assert picture(document) == ["Anna: Who pays?", "Anna: Note: nobody knows.", "Anna: Really?"]


def test_small_letters_of_any_script_are_no_name() -> None:
    text = "\u043f\u0440\u0438\u0432\u0435\u0442: \u0434\u0430"
    assert picture(imported(text)) == [text]
    assert picture(imported(f"{text.upper()}.")) == [f"{text.upper()}."]
    assert len(imported(f"{text.upper()}.").speakers) == 1


def test_times_and_addresses_are_no_names() -> None:
    document = imported("12:30: We begin.", "http://x.org is it.", gap=2000)
    assert picture(document) == ["12:30: We begin.", "http://x.org is it."]


def test_dashes_on_both_lines_part_two_voices() -> None:
    document = imported("So.", "- Who pays?\n- The county.", "I see.")
    assert picture(document) == ["So.", "Who pays?", "The county. I see."]
    assert lines(document)[1] == ("- Who pays?", "- The county.")


def test_dashes_with_names_give_both() -> None:
    document = imported("- ANNA: Who pays?\n- BEN: The county.")
    assert picture(document) == ["ANNA: Who pays?", "BEN: The county."]
    assert lines(document) == [("- Who pays?", "- The county.")]


def test_a_dash_alone_stays_in_the_text_and_begins_a_paragraph() -> None:
    assert picture(imported("One,", "- two\nthree")) == ["One,", "- two three"]


def test_one_voice_over_two_tags_keeps_its_lines() -> None:
    document = imported("<v Anna>One\n<v Anna>two")
    assert lines(document) == [("One", "two")]


def test_tags_ruby_notes_and_time_stamps_leave_and_escapes_are_undone() -> None:
    document = imported("<c.yellow>a</c> <00:00:00.500>&lt;b&gt; <ruby>漢<rt>かん</rt></ruby>")
    assert picture(document) == ["a <b> 漢"]


def test_settings_and_number_pad_places_stay_with_the_cue() -> None:
    captions = Captions(
        (
            Caption(0, 1000, "a", settings="line:0 align:left"),
            Caption(1000, 2000, "b", alignment=9),
            Caption(2000, 3000, "c", alignment=2),
        )
    )
    cues = derive(from_captions(captions), style())
    assert [cue.settings for cue in cues] == ["line:0 align:left", "line:0 align:right", ""]


def test_faulty_cues_are_mended_or_left_out() -> None:
    captions = Captions(
        (
            Block("NOTE", "hello"),
            Caption(5000, 4000, "backwards"),
            Caption(1000, 2000, "<i> </i>"),
            Caption(-5, 100, "before"),
            Caption(2000, 3000, "out of order"),
        )
    )
    document = from_captions(captions)
    check(document)
    assert picture(document) == ["out of order", "backwards"]
    last = derive(document, style())[-1]
    assert (last.start, last.end) == (5000, 6000)


def test_cues_at_the_same_time_stay_as_they_are() -> None:
    captions = Captions(
        (Caption(0, 5000, "- a\n- b"), Caption(2000, 4000, "c"), Caption(2000, 4000, "d"))
    )
    document = from_captions(captions)
    check(document)
    assert [(c.start, c.end, c.lines) for c in derive(document, style())] == [
        (0, 5000, ("- a", "- b")),
        (2000, 4000, ("c",)),
        (2000, 4000, ("d",)),
    ]


def test_language_and_recording_are_taken_over() -> None:
    media = Media("a.wav", 9000)
    document = from_captions(Captions((Caption(0, 1, "a"),)), language="de", media=media)
    assert (document.language, document.media) == ("de", media)


def test_nothing_becomes_nothing() -> None:
    assert from_captions(Captions()).segments == ()


def test_a_word_corrected_in_an_imported_cue_leaves_the_cue() -> None:
    document = imported("The see wall", "stands.")
    after = edits.retype(document, 0, "The sea wall still stands.")
    assert lines(after) == [("The sea wall still",), ("stands.",)]


word = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters=":-\u2010\u2011\u2012"),
    min_size=1,
).filter(lambda text: text[0] not in "\u2013\u2014\u2015" and words_of(text))
# Between two Japanese words no blank stands, so none comes back.
line = st.lists(word, min_size=1, max_size=5).map(lambda texts: joined(words_of(" ".join(texts))))


@st.composite
def subtitles(draw: st.DrawFn) -> Captions:
    """Cues of a sound file: in order, not at once, each with a time and a text."""
    time = 0
    cues = []
    for _ in range(draw(st.integers(0, 8))):
        time += draw(st.sampled_from([0, 0, 40, 700, 2000]))
        end = time + draw(st.integers(1, 7000))
        text = "\n".join(escape(part) for part in draw(st.lists(line, min_size=1, max_size=3)))
        if draw(st.booleans()):
            text = draw(st.sampled_from(["<v Anna>", "<v Ben>"])) + text
        cues.append(Caption(time, end, text, settings=draw(st.sampled_from(["", "line:0"]))))
        time = end
    return Captions(tuple(cues))


@settings(max_examples=300, deadline=None)
@given(subtitles(), st.sampled_from(style_names()))
def test_an_imported_file_gives_back_the_same_cues_in_every_style(
    captions: Captions, name: str
) -> None:
    document = from_captions(captions)
    check(document)
    assert to_captions(document, derive(document, style(name))) == captions


def test_a_text_without_times_is_told_from_one_with_some() -> None:
    def paragraph(number: int, start: int, *, estimated: bool = True) -> Segment:
        word = Word(number, "word", start, start + 500, estimated=estimated)
        return Segment(number + 100, (word,))

    guessed = (paragraph(1, 0), paragraph(2, 500))
    assert is_untimed(Document(guessed, next_id=300))
    assert not is_untimed(Document((paragraph(1, 0), paragraph(2, 700)), next_id=300))
    assert not is_untimed(Document((paragraph(1, 80), paragraph(2, 580)), next_id=300))
    assert not is_untimed(Document((paragraph(1, 0, estimated=False),), next_id=300))
    assert not is_untimed(Document())
