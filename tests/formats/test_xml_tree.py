"""XML of strangers: a tree of what is there, and nothing that a file declares."""

from __future__ import annotations

import pytest

from granite_studio.core.errors import FormatError
from granite_studio.formats import xml_tree
from granite_studio.formats.xml_tree import Element, XmlError


def parse(text: str, doctype: str | None = None) -> Element:
    return Element.parse(text.encode(), "x.xml", cure="save it again", doctype=doctype)


def test_text_and_elements_stay_in_their_order_with_namespaces_spelled_out() -> None:
    root = parse("<a xmlns='urn:x' xml:id='1' b='&lt;'>one<p:c xmlns:p='urn:y'>two</p:c>é</a>")

    assert root == Element(
        "urn:x a",
        {"http://www.w3.org/XML/1998/namespace id": "1", "b": "<"},
        ["one", Element("urn:y c", {}, ["two"]), "é"],
    )
    assert root.said() == "onetwoé"


def test_elements_are_found_in_the_files_order() -> None:
    root = parse("<a><b><c/></b> <d/><b/></a>")

    assert [element.name for element in root.below()] == ["b", "c", "d", "b"]
    assert [element.name for element in root.elements] == ["b", "d", "b"]
    assert root.first("b") == Element("b", {}, [Element("c", {})])
    assert root.first("c") is None


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        "<!DOCTYPE a []>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a PUBLIC "x" "http://example.com/x.dtd">',
        "<!DOCTYPE b>",
    ],
)
def test_a_document_type_is_refused_unless_it_says_nothing(doctype: str) -> None:
    assert parse("<!DOCTYPE a><a/>", doctype="a") == Element("a", {})
    for allowed in (None, "a"):
        with pytest.raises(FormatError) as refusal:
            parse(f"{doctype}<a>&b;</a>", allowed)
        assert str(refusal.value) == (
            "“x.xml” declares a document type of its own, which may be harmful; save it again."
        )


@pytest.mark.parametrize(
    "text", ["", "plain", "<a>", "<a></b>", "<a>&b;</a>", "<a/><a/>", "<p:a/>"]
)
def test_what_is_not_whole_is_told_with_its_line(text: str) -> None:
    with pytest.raises(XmlError) as refusal:
        parse("\n" + text)

    assert str(refusal.value) == "“x.xml” is not whole XML (line 2); save it again."


@pytest.mark.parametrize("name", ["utf-16", "latin-1", "big5", "rot13", "x"])
def test_a_file_is_utf_8_whatever_it_says(name: str) -> None:
    assert parse(f'<?xml version="1.0" encoding="{name}"?><a>é</a>').said() == "é"


def test_trees_made_to_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deepest = xml_tree.DEEPEST
    assert len(list(parse("<a>" * deepest + "</a>" * deepest).below())) == deepest - 1
    monkeypatch.setattr(xml_tree, "MOST_ELEMENTS", 100)

    for text in ("<a>" * (deepest + 1), "<a>" + "<b/>" * 100):
        with pytest.raises(FormatError, match="holds more elements, or deeper ones,"):
            parse(text)


def test_comments_are_handed_over_and_no_part_of_the_tree() -> None:
    said = list[str]()

    root = Element.parse(
        b"<!--one--><a>x<!-- two -->y<![CDATA[<!--no-->]]></a>",
        "x.xml",
        cure="save it again",
        commented=said.append,
    )

    assert said == ["one", " two "]
    assert root.said() == "xy<!--no-->"


def test_names_are_made_once_for_all_elements_with_the_same_attributes() -> None:
    met = list[str]()

    def named(name: str) -> str:
        met.append(name)
        return name.upper()

    text = b'<a><b x="1" y="2"/><b x="3" y="4"/><b y="5"/><B/></a>'
    root = Element.parse(text, "x.xml", cure="save it again", named=named)

    assert [(each.name, each.attributes) for each in root.below()] == [
        ("B", {"X": "1", "Y": "2"}),
        ("B", {"X": "3", "Y": "4"}),
        ("B", {"Y": "5"}),
        ("B", {}),
    ]
    assert sorted(met) == ["B", "a", "b", "x", "y"]
