"""The styles that come with the program, and those that people write."""

from dataclasses import fields
from importlib.resources import files

import pytest

from granite_studio.core.errors import FormatError
from granite_studio.core.styles import Style, load_style, style, style_names

TEXT = (files("granite_studio.resources") / "styles" / "general.toml").read_text("utf-8")


def test_the_general_style_is_the_default_and_comes_first() -> None:
    assert style_names()[0] == "general"
    assert style().name == "general"
    assert {"netflix-en", "netflix-de", "netflix-fr", "bbc", "ard", "france", "vertical"} <= set(
        style_names()
    )


@pytest.mark.parametrize("name", style_names())
def test_every_number_of_every_style_has_its_reason(name: str) -> None:
    guide = style(name)
    assert guide.name == name
    rules = [f.name for f in fields(Style) if f.name not in ("name", "title", "source", "reasons")]
    assert [rule for rule, _ in guide.reasons] == rules
    assert all(guide.reason(rule).endswith(".") for rule in rules)
    assert guide.reason("no such rule") == ""


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(FormatError, match="no subtitle style “netflix”: choose one of general, "):
        style("netflix")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "general"', 'name = "general', "cannot be read"),
        ('name = "general"', "", "lacks a text for “name”"),
        ("[cpl]", "[cpx]", "a rule “cpx” that is not known"),
        ("[cpl]\nvalue = 42", "[cpl]", "lacks the rule “cpl” with a value"),
        ("value = 42", "value = 42.5", "“cpl” must be a number from 4 to 100000"),
        ("value = 42", "value = true", "“cpl” must be a number"),
        ("value = 42", "value = 1", "“cpl” must be a number from 4"),
        ('value = "- "', "value = 3", "“dash” must be a text"),
        ("value = 1000\n", "value = 9000\n", "a lower limit lies above the upper one"),
        ("value = 17", "value = 21", "a lower limit lies above the upper one"),
    ],
)
def test_a_faulty_style_file_says_what_is_wrong(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(FormatError, match=message):
        load_style(TEXT.replace(old, new, 1))


def test_a_style_is_read_as_written() -> None:
    guide = load_style(TEXT.replace("value = 17", "value = 17.5", 1))
    assert (guide.cps_warn, guide.cpl, guide.dash) == (17.5, 42, "- ")
