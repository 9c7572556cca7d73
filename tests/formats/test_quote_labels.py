"""What quotes are about goes out with them and comes back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.document import Document, Emphasis, Highlight, Note
from granite_studio.formats import FORMATS, Content, dump
from granite_studio.formats.base import Source
from granite_studio.formats.heads import clean
from tests.core.pictures import transcript

NAMES = ("html", "odt", "md")
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
