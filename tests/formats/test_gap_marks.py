"""Speech without text in files that are written: noted in WebVTT, shown where that is asked."""

from dataclasses import replace

import pytest

from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.core.translation import translated
from granite_studio.formats import FORMATS, Content, Kind, Labels, Source, dump, losses
from granite_studio.formats.markup import plain

WORDS = tuple(Word(n, f"word{n}", 500 * n, 500 * n + 400) for n in range(1, 5))
LATER = tuple(Word(n, f"word{n}", 59_500 + 500 * n, 59_900 + 500 * n) for n in range(5, 9))
GAP = Span(20_000, 58_500)
DOCUMENT = Document((Segment(10, WORDS), Segment(11, LATER)), untranscribed=(GAP,), next_id=100)
NAMES = [name for name, known in FORMATS.items() if known.kind is Kind.CAPTIONS]
READ = [name for name in NAMES if FORMATS[name].read]
MARK = "[speech not transcribed]"


def test_webvtt_has_a_note_in_its_place_whatever_is_asked_for():
    text = dump("vtt", Content(document=DOCUMENT)).decode()
    note = "NOTE Speech without text: 00:00:20.000 - 00:00:58.500\n\n"
    assert text.count("NOTE") == 1
    before, behind = text.split(note)
    assert "word4" in before
    assert "word5" in behind
    assert MARK not in text
    assert note in dump("vtt", Content(document=DOCUMENT, mark_gaps=True)).decode()


@pytest.mark.parametrize("name", READ)
def test_every_format_of_cues_shows_it_where_that_is_asked_for(name):
    read = FORMATS[name].read
    assert read is not None
    content = Content(document=DOCUMENT, mark_gaps=True)
    cues = read(Source(dump(name, content), f"a{FORMATS[name].extensions[0]}")).cues
    marks = [cue for cue in cues if " ".join(plain(cue.text).split()) == MARK]
    assert len(cues) == 3
    assert len(marks) == 1
    assert abs(marks[0].start - GAP.start) <= 60
    assert abs(marks[0].end - GAP.end) <= 60


@pytest.mark.parametrize("name", NAMES)
def test_it_is_said_to_be_left_out_unless_it_is_shown(name):
    lost = "the marks on speech without text (0:38)"
    assert lost in losses(FORMATS[name], Content(document=DOCUMENT))
    assert losses(FORMATS[name], Content(document=DOCUMENT, mark_gaps=True)) == ()
    whole = replace(DOCUMENT, untranscribed=())
    shown, not_shown = (Content(document=whole, mark_gaps=marks) for marks in (True, False))
    assert dump(name, shown) == dump(name, not_shown)


def test_it_is_said_in_the_readers_language_and_harmless_whatever_that_holds():
    labels = Labels(gap="Ohne Text", untranscribed="<b>nicht\n\n2 --> 3")
    content = Content(document=DOCUMENT, mark_gaps=True, labels=labels)
    read = FORMATS["vtt"].read
    assert read is not None
    captions = read(Source(dump("vtt", content)))
    assert [plain(cue.text) for cue in captions.cues][1] == f"[{labels.untranscribed}]"
    assert len(captions.cues) == 3


def test_a_translation_shows_it_too():
    content = Content(document=translated(DOCUMENT, "fr"), mark_gaps=True)
    assert [cue.text for cue in content.as_captions().cues] == [MARK]
