"""What quotes are about goes out with them and comes back."""

import io
from dataclasses import replace

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.document import Document, Emphasis, Highlight, Note
from granite_studio.core.emphasis import Emphasised, Tags
from granite_studio.core.roundtrip.returning import returned
from granite_studio.formats import FORMATS, Content, Layout, dump
from granite_studio.formats.base import Source
from granite_studio.formats.docx_reading import brought
from granite_studio.formats.heads import clean
from tests.core.pictures import transcript

NAMES = ("html", "odt", "md", "docx")
LABELS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Cf")), max_size=20)


def quoted(*labels: str) -> Document:
    """Two quotes side by side and one that stands alone."""
    document = transcript("Anna: the sea wall was built in March", "Tom: how much", step=1000)
    ranges = ((1, 2), (3, 4), (8, 9))
    marks = (
        Highlight(100 + n, *ends, label)
        for n, (ends, label) in enumerate(zip(ranges, labels, strict=True))
    )
    return replace(document, highlights=tuple(marks), next_id=200)


def there_and_back(document: Document, name: str) -> list[tuple[str, str]]:
    """The quotes with their labels, once the document was written and read again."""
    data = dump(name, Content(document=document))
    read = FORMATS[name].read
    assert read
    back = read(Source(data, f"quotes.{name}"))
    assert isinstance(back, Document)
    return quotes_of(back)


def quotes_of(document: Document) -> list[tuple[str, str]]:
    words = list(document.words())
    places = {word.id: place for place, word in enumerate(words)}
    return [
        (" ".join(w.text for w in words[places[q.first] : places[q.last] + 1]), q.label)
        for q in document.highlights
    ]


@pytest.mark.parametrize("name", NAMES)
def test_quotes_side_by_side_keep_their_own_labels(name: str) -> None:
    document = quoted("costs", 'the "sea" <wall> & *so* on', "")
    assert there_and_back(document, name) == quotes_of(document)


@pytest.mark.parametrize("name", NAMES)
def test_a_label_stays_with_a_quote_that_has_looks_and_a_note(name: str) -> None:
    document = replace(
        quoted("costs", "", ""),
        emphases=(Emphasis(1, 1, "i"),),
        notes=(Note(150, 1, "Check."),),
    )
    assert there_and_back(document, name) == quotes_of(document)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(one=LABELS, two=LABELS)
def test_any_label_comes_back_as_one_line(name: str, one: str, two: str) -> None:
    labels = tuple(map(clean, (f"a{one}", f"b{two}", two)))
    assert [label for _, label in there_and_back(quoted(*labels), name)] == list(labels)


def test_a_word_document_says_in_the_margin_what_a_quote_is_about() -> None:
    document = replace(quoted("costs", "", ""), notes=(Note(150, 1, "Check."),))
    file = docx.Document(io.BytesIO(dump("docx", Content(document=document))))

    assert sorted((comment.author, comment.text) for comment in file.comments) == [
        ("", "Check."),
        ("Quote", "costs"),
    ]


def test_labels_do_not_come_back_from_word_as_notes() -> None:
    document = quoted("costs", "", "")
    came = brought(Source(dump("docx", Content(document=document)), "quotes.docx"))

    assert returned(document, came).document is document


@pytest.mark.parametrize("layout", [Layout.SCRIPT, Layout.CUES])
def test_tables_show_looks_quotes_and_notes_and_bring_them_back(layout: Layout) -> None:
    document = replace(
        quoted("costs", "", "wall"),
        emphases=(Emphasis(2, 5, "i"), Emphasis(4, 4, "c.yellow"), Emphasis(8, 9, "b")),
        notes=(Note(150, 3, "Check."), Note(151, 9, "Who?")),
    )

    file = FORMATS["docx"].read
    assert file
    back = file(Source(dump("docx", Content(document=document, layout=layout)), "x.docx"))

    assert isinstance(back, Document)
    assert quotes_of(back) == quotes_of(document)
    assert looks_of(back) == looks_of(document)
    assert notes_of(back) == notes_of(document)


def looks_of(document: Document) -> list[tuple[str, Tags]]:
    found = Emphasised(document)
    return [(word.text, found.tags(word.id)) for word in document.words()]


def notes_of(document: Document) -> list[tuple[str, str]]:
    texts = {word.id: word.text for word in document.words()}
    return [(texts[note.word], note.text) for note in document.notes]


def test_an_unchanged_table_of_cues_with_looks_changes_nothing() -> None:
    document = replace(
        quoted("costs", "", "wall"), emphases=(Emphasis(2, 5, "i"), Emphasis(8, 9, "b"))
    )
    content = Content(document=document, layout=Layout.CUES)
    came = brought(Source(dump("docx", content), "quotes.docx"))

    assert returned(document, came).document is document
