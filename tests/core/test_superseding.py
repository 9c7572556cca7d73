"""Another text in place of the one that is there."""

from granite_studio.core import edits
from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Finding,
    Highlight,
    Media,
    Note,
    Segment,
    Span,
    Speaker,
    TranslatedText,
    Translation,
    Word,
)

MEDIA = Media("talk.wav", 9000, "print")
OLD = Document(
    segments=(Segment(3, (Word(1, "Old", 0, 500),), 2),),
    speakers=(Speaker(2, "Anna"),),
    media=MEDIA,
    untranscribed=(Span(600, 900),),
    findings=(Finding("doubt", Span(0, 500), "Is it old?"),),
    next_id=10,
)
NEW = Document(
    segments=(Segment(4, (Word(1, "New", 0, 400), Word(2, "words", 400, 800)), 3),),
    speakers=(Speaker(3, "Ben"),),
    media=Media("other", 1),
    cue_overrides=(CueOverride(1, 2, breaks=(1,)),),
    emphases=(Emphasis(2, 2, "i"),),
    highlights=(Highlight(5, 1, 2),),
    notes=(Note(6, 2, "so?"),),
    translations=(Translation("fr", (TranslatedText(4, "Nouveaux mots"),)),),
    next_id=7,
)


def test_everything_of_the_text_comes_under_ids_that_were_never_given() -> None:
    after = edits.supersede(OLD, NEW)
    assert after == Document(
        segments=(Segment(13, (Word(10, "New", 0, 400), Word(11, "words", 400, 800)), 12),),
        speakers=(Speaker(12, "Ben"),),
        media=MEDIA,
        cue_overrides=(CueOverride(10, 11, breaks=(10,)),),
        emphases=(Emphasis(11, 11, "i"),),
        highlights=(Highlight(14, 10, 11),),
        notes=(Note(15, 11, "so?"),),
        translations=(Translation("fr", (TranslatedText(13, "Nouveaux mots"),)),),
        next_id=16,
    )


def test_a_text_without_speakers_or_cues_is_just_words() -> None:
    plain = Document(segments=(Segment(2, (Word(1, "So", 0, 9),)),), next_id=3)
    after = edits.supersede(OLD, plain)
    assert after.segments == (Segment(11, (Word(10, "So", 0, 9),)),)
    assert (after.speakers, after.findings, after.untranscribed) == ((), (), ())
