import pytest

from granite_studio.core import edits
from granite_studio.core.audit import PACE
from granite_studio.core.document import Document, EngineUse, Finding, Span
from granite_studio.core.doubts import KIND as DOUBT
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.pipeline.passes import Settled
from granite_studio.pipeline.results import Failed
from granite_studio.pipeline.scribe import Scribe
from granite_studio.pipeline.seaming import Said
from granite_studio.pipeline.voices import Question


def heard(start, *speakers, lane=""):
    """A window of 4 s; each of these speakers says one word."""
    turns = tuple(
        HeardTurn(
            (HeardWord(f"word{start + place}", start + place, start + place + 400),), speaker
        )
        for place, speaker in zip(range(0, 4000, 1000), speakers, strict=False)
    )
    return Heard(Span(start, start + 4000), turns, EngineUse("test"), key=str(start), lane=lane)


def said(start, *speakers, findings=(), lane=""):
    one = heard(start, *speakers, lane=lane)
    return Said(one, one, findings=tuple(findings))


def doubt(start, kind=DOUBT):
    return Finding(kind, Span(start, start + 400), f"At {start}.")


@pytest.fixture
def scribe():
    return Scribe()


def written(scribe, *events, document=None):
    document = document or Document()
    for event in events:
        document = scribe.write(document, event)
    return document


def test_a_speaker_renamed_during_a_run_goes_on_under_the_new_name(scribe):
    document = written(scribe, said(0, "Speaker 1"))
    [speaker] = document.speakers
    document = edits.rename_speaker(document, speaker.id, "Anna")
    document = written(scribe, said(8000, "Speaker 1"), document=document)
    assert [found.name for found in document.speakers] == ["Anna"]
    assert document.segments[-1].speaker == speaker.id


def test_a_window_heard_anew_has_only_its_new_findings(scribe):
    other = Finding("translation", Span(0, 400), "Not of hearing.")
    document = written(
        scribe,
        said(0, None, findings=[doubt(0)]),
        said(8000, None, findings=[doubt(8000)]),
        Failed(Span(20_000, 24_000), "It could not be heard."),
    )
    document = edits.add_finding(document, other)
    assert len(document.findings) == 4
    after = written(
        scribe,
        said(0, None, findings=[doubt(0, PACE)]),
        said(20_000, None),
        document=document,
    )
    assert set(after.findings) == {doubt(0, PACE), doubt(8000), other}


def test_what_one_channel_says_leaves_the_findings_of_the_other(scribe):
    one = said(0, "Speaker 1", findings=[doubt(0)], lane="Speaker 1")
    two = said(500, "Speaker 2", findings=[doubt(500)], lane="Speaker 2")
    document = written(scribe, one, two, one)
    assert document.findings == (doubt(0), doubt(500))
    assert [word.text for word in document.words()] == ["word0", "word500"]


def test_in_a_failed_window_the_words_of_another_pass_stay_with_what_is_said_of_them(scribe):
    failed = Failed(Span(0, 4000), "It could not be heard.")
    document = written(scribe, said(0, None, findings=[doubt(0)]), failed)
    assert document.findings == (doubt(0), failed.finding)
    assert document.untranscribed == ()


def test_what_is_not_worth_a_look_goes_at_the_end(scribe):
    found = [doubt(0), doubt(1000)]
    document = written(scribe, said(0, None, None, findings=found), Settled(dropped={doubt(1000)}))
    assert document.findings == (doubt(0),)


def test_two_speakers_who_may_be_one_are_asked_about_under_the_names_they_have(scribe):
    settled = Settled(questions=(Question("Speaker 1", "Speaker 2", 0.8, Span(4000, 8000)),))
    document = written(scribe, said(0, "Speaker 1"), said(4000, "Speaker 2"))
    document = edits.rename_speaker(document, document.speakers[0].id, "Anna")
    document = written(scribe, settled, settled, document=document)
    [question] = document.findings
    assert question.alternatives == ("Anna", "Speaker 2")
    assert edits.unanswered(document, [question]) == (question,)
    merged = edits.take_alternative(document, question, 1)
    assert [speaker.name for speaker in merged.speakers] == ["Anna"]
    assert merged.findings == ()


def test_no_question_is_left_of_a_speaker_who_is_no_more(scribe):
    settled = Settled(questions=(Question("Speaker 1", "Speaker 2", 0.8, Span(4000, 8000)),))
    document = written(scribe, said(0, "Speaker 1"), settled)
    assert document.findings == ()
