"""The styles that come with the program, and those that people write."""

import time
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.errors import FormatError
from granite_studio.core.style_text import MOST
from granite_studio.core.styles import (
    RULES,
    dump_style,
    load_style,
    own_styles,
    renamed,
    style,
    style_names,
)

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
    rules = list(RULES)
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


def test_a_whole_style_from_before_the_rule_on_shot_changes_is_read() -> None:
    start, end = TEXT.index("[shot_frames]"), TEXT.index("[dash]")
    guide = load_style(TEXT[:start] + TEXT[end:])
    assert guide == style()
    assert load_style(dump_style(guide)) == guide


def based(name: str, base: str) -> str:
    return f'name = "{name}"\ntitle = "{name}"\nbase = "{base}"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 5000, "nested too deep"),
        ("a = " + "9" * 5000, "cannot be read"),
        ("\ud800", "cannot be read"),
        (TEXT.replace('name = "general"', 'name = "../x"'), "name has letters, digits"),
        (TEXT.replace('name = "general"', f'name = "{"x" * 61}"'), "name has letters, digits"),
        (TEXT.replace("title = ", 'title = "\\u0007"#'), "control characters"),
        (TEXT.replace("title = ", f'title = "{"x" * 1001}"#'), "too long"),
        (TEXT.replace('value = "- "', f'value = "{"-" * 11}"'), "at most 10 letters"),
        (TEXT.replace("value = 17", "value = nan"), "“cps_warn” must be a number"),
        (TEXT.replace('mark = "N"', 'mark = "X"', 1), "mark of the style rule “wide_cpl”"),
        (based("x", "y"), "There is no subtitle style “y”"),
        (based("x", "general") + "[cpl]\nvalue = 40\n", "lacks a text for “reason”"),
        (based("x", "general") + "base2 = 1\n", "“base2” that is not known"),
        ('name = "x"\ntitle = "X"\nbase = 3\n', "lacks a text for “base”"),
    ],
)
def test_a_hostile_style_file_is_one_sentence(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message) as told:
        load_style(text)
    assert str(told.value).endswith(".")


def test_a_key_of_thousands_of_parts_is_read_soon() -> None:
    began = time.perf_counter()
    for key in (".".join(["a"] * 30_000), " . ".join(['"a"'] * 9000), "[" + "a." * 30_000 + "a]"):
        for text in (f"{key} = 1", f"a = {{ {key} = 1 }}"):
            with pytest.raises(FormatError, match="cannot be read"):
                load_style(text)
    assert time.perf_counter() - began < 2


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)


@given(
    st.sampled_from(style_names()),
    st.from_regex(r"\A\w(\w| |-){0,20}\w\Z"),
    words,
    st.lists(words, min_size=len(RULES), max_size=len(RULES)),
    st.integers(4, MOST),
    st.floats(20, MOST),
)
def test_what_is_written_is_read_back(
    name: str, new: str, title: str, reasons: list[str], cpl: int, speed: float
) -> None:
    guide = replace(
        style(name),
        name=" ".join(new.split()),
        title=title,
        reasons=tuple(zip(RULES, reasons, strict=True)),
        cpl=cpl,
        cps_error=speed,
        cps_warn=min(speed, 20),
    )
    assert load_style(dump_style(guide)) == guide


def test_a_persons_styles_stand_on_one_another_and_on_ours() -> None:
    known = own_styles(
        {"b.toml": based("b", "a"), "a.toml": based("a", "bbc"), "c.toml": based("c", "b")}
    )
    assert known.faults == ()
    assert sorted(known.own) == ["a", "b", "c"]
    assert known.get("c").word_ms == style("bbc").word_ms
    assert "c" in known
    assert "bbc" in known
    assert [guide.name for guide in known][:4] == ["general", "a", "b", "c"]


def test_a_broken_file_is_told_and_the_others_are_there() -> None:
    known = own_styles(
        {
            "again.toml": based("good", "general"),
            "bad.toml": "name = ",
            "good.toml": based("good", "bbc"),
            "in a ring.toml": based("ring", "round"),
            "lost.toml": based("lost", "nowhere"),
            "ours.toml": based("bbc", "general"),
            "round.toml": based("round", "ring"),
        }
    )
    assert list(known.own) == ["good"]
    assert known.places == {"good": "again.toml"}
    assert [fault.split(". ")[0] for fault in known.faults] == [
        "“bad.toml” is left out",
        "“good.toml” is left out",
        "“ours.toml” is left out",
        "“in a ring.toml” is left out",
        "“lost.toml” is left out",
        "“round.toml” is left out",
    ]
    assert "“again.toml” has the name “good” too" in known.faults[1]
    assert "stands on itself: give it another base." in known.faults[3]
    assert "no subtitle style “nowhere”" in known.faults[4]


def test_a_tower_of_styles_is_only_so_high() -> None:
    texts = {f"{n}.toml": based(f"s{n}", f"s{n + 1}") for n in range(400)}
    known = own_styles(texts | {"400.toml": based("s400", "general")})
    assert "s400" in known
    assert "s395" in known
    assert "More than 8 styles stand on one another" in known.faults[0]


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("Haus Nr. 5", (), "haus-nr-5"),
        ("  ", (), "style"),
        ("…", ("style",), "style-2"),
        ("字幕", (), "字幕"),
        ("x" * 300, (), "x" * 55),
        ("General", style_names(), "general-2"),
        ("BBC", style_names(), "bbc-2"),
    ],
)
def test_a_title_becomes_a_name_that_is_free(
    title: str, taken: tuple[str, ...], name: str
) -> None:
    assert renamed(style(), title, taken).name == name
