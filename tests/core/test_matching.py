"""A text put to what was heard."""

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cues import derive
from granite_studio.core.document import Document, EngineUse, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.core.importing import from_captions
from granite_studio.core.matching import from_text, matched, words_of
from granite_studio.core.styles import style

WHOLE = Span(0, 60_000)


def heard(text: str, start: int = 1000) -> Heard:
    """Words of 400 ms, a fifth of a second apart."""
    words = tuple(
        HeardWord(word, start + 600 * n, start + 600 * n + 400)
        for n, word in enumerate(text.split())
    )
    return Heard(WHOLE, (HeardTurn(words),), EngineUse("draft"), key="")


def times(document: Document) -> list[str]:
    return [
        f"{word.text} {word.start}-{word.end}{'?' if word.estimated else ''}"
        for word in document.words()
    ]


def test_a_text_becomes_paragraphs_with_their_speakers() -> None:
    found = from_text("ANNA: Good morning & welcome.\n\nTom: Yes.\nTom: Thank  you <all>.\n")
    names = {speaker.id: speaker.name for speaker in found.speakers}
    said = [(names.get(segment.speaker or 0), segment.text) for segment in found]
    assert said == [
        ("ANNA", "Good morning & welcome."),
        ("Tom", "Yes."),
        ("Tom", "Thank you <all>."),
    ]


def test_words_get_the_times_at_which_they_were_heard() -> None:
    document = from_text("Good morning, Helen.\nThank you.")
    after, found = matched(document, heard("good morning helen thank you"))
    assert found == 5
    assert times(after) == [
        *("Good 1000-1400", "morning, 1600-2000", "Helen. 2200-2600"),
        *("Thank 2800-3200", "you. 3400-3800"),
    ]
    assert [segment.text for segment in after] == [segment.text for segment in document]


def test_what_was_heard_otherwise_lies_between_what_was_found() -> None:
    after, found = matched(from_text("Mister Korshane said so."), heard("mister corsican said so"))
    assert found == 3
    word = list(after.words())[1]
    assert word.estimated
    assert 1400 <= word.start < word.end <= 2200


def test_no_word_is_added_or_left_out() -> None:
    document = from_text("one two three four five")
    after, found = matched(document, heard("one um er two five and then nothing more at all"))
    assert [word.text for word in after.words()] == ["one", "two", "three", "four", "five"]
    starts = [word.start for word in after.words()]
    assert starts == sorted(starts)
    assert found == 3
    nothing, none = matched(document, Heard(WHOLE, (), EngineUse("draft"), key=""))
    assert none == 0
    assert [word.text for word in nothing.words()] == [word.text for word in document.words()]


def test_cues_keep_their_words_and_lines_and_get_new_times() -> None:
    captions = Captions(
        (Caption(0, 900, "Good\nmorning."), Caption(30_000, 31_000, "Thank you all."))
    )
    document = from_captions(captions)
    after, _ = matched(document, heard("good morning thank you all"))
    cues = derive(after, style())
    assert [cue.lines for cue in cues] == [("Good", "morning."), ("Thank you all.",)]
    assert [cue.start for cue in cues] == [1000, 2200]
    assert cues[0].end <= cues[1].start


def test_a_transcript_can_be_what_was_heard() -> None:
    one, _ = matched(from_text("good morning"), heard("good morning"))
    again, found = matched(from_text("Good morning!"), words_of(one, WHOLE))
    assert found == 2
    assert times(again) == ["Good 1000-1400", "morning! 1600-2000"]
