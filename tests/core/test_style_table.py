"""Every style that comes with the program, number by number."""

import pytest

from granite_studio.core.style_text import MARKS
from granite_studio.core.styles import RULES, Styles, load_style, style, style_names

TABLE = """
aegisub       40 2 15 30 13 7 1000  7000   0  83  500  350 1000 '- '
amazon        42 2 17 17 13 7 1000  7007   0  83  500  500 1000 '- '
ard           37 2 13 15 13 7 1000  7000   0  40  500  500 1000 '- '
ard-children  37 2  9 11 13 7 1000  7000   0  40  500  500 1000 '- '
arte          40 2 12 20 13 7 1000 10000   0 200  500  500 1000 '- '
bbc           37 2 16 18 13 7  300  7000 300   0 1000 1500 1500 '- '
bbc-upright   25 3 16 18 13 7  300  7000 300   0 1000 1500 1500 '- '
dutch         42 2 11 15 13 7 1400  7000   0 120  500  500 1000 '-'
france        36 2 12 15 13 7 1000  7000   0  80  500  500 1000 '- '
general       42 2 17 20 13 7 1000  7000   0  83  500  500 1000 '- '
subtitle-edit 43 2 15 25 13 7 1000  8000   0  24  500  500 1000 '- '
teletext      37 2 17 20 13 7 1000  7000   0  83  500  500 1000 '- '
une           37 2 15 15 13 7 1000  7000   0  83  500  500 1000 '- '
vertical      24 2 20 25 11 7  700  5000   0   0  500  300  700 '- '
"""
"""Name, and the rules in their order; the dash is quoted."""

NETFLIX = """
ar    42 20 17 23 20 -
de    42 17 13 20 17 -
es    42 17 13 20 17 - +
fi    42 17 13 20 17 -
fr    42 17 13 20 17 - +
hi    42 22 18 25 20 -
it    42 17 13 20 17 - +
nl    42 17 13 20 17 -
pl    42 17 13 20 17 - +
pt-br 42 17 13 20 17 - +
th    35 17 13 20 17 -
"""
"""Language, line, speed for adults, children, adults and children who do not hear; the dash, and
a plus where a space follows it."""

WIDE = """
ja                 26 13  4
ja-upright         22 11  4
ja-sdh             46 23  7
ko                 32 16 12
ko-children        32 16  9
ko-sdh             32 16 14
ko-sdh-children    32 16 11
zh                 32 16  9
zh-children        32 16  7
zh-sdh             32 16 11
zh-sdh-children    32 16  9
"""
"""Line of Latin letters and of full-width ones, and full-width ones a second."""

ENGLISH = {"": (17, 20), "-children": (13, 17), "-sdh": (20, 20), "-sdh-children": (17, 17)}
NETFLIX_TIMES = (833, 7000, 0, 83, 500, 500, 1000)


OTHERS = ("dashes", "shot_frames", "gap_frames", "late_ms", "early_ms", "straddle_ms")


def numbers(name):
    guide = style(name)
    return tuple(getattr(guide, rule) for rule in RULES if rule not in OTHERS)


@pytest.mark.parametrize("line", TABLE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_broadcasters_and_programs(line):
    facts, dash, _ = line.split("'")
    name, *values = facts.split()
    assert numbers(name) == (*map(float, values), dash)


@pytest.mark.parametrize("line", NETFLIX.strip().splitlines(), ids=lambda line: line.split()[0])
def test_netflix_in_most_languages(line):
    tag, cpl, *speeds, dash = line.removesuffix(" +").split()
    dash += " " if line.endswith("+") else ""
    kinds = ("", "-children", "-sdh", "-sdh-children")
    for kind, speed in zip(kinds, map(float, speeds), strict=True):
        expected = (int(cpl), 2, speed, speed, 13, 7, *NETFLIX_TIMES, dash)
        assert numbers(f"netflix-{tag}{kind}") == expected


@pytest.mark.parametrize(("kind", "speeds"), ENGLISH.items())
def test_netflix_in_english_has_older_pages(kind, speeds):
    assert numbers(f"netflix-en{kind}") == (42, 2, *speeds, 13, 7, *NETFLIX_TIMES, "-")


@pytest.mark.parametrize("line", WIDE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_netflix_in_full_width(line):
    name, cpl, wide_cpl, wide_cps = line.split()
    expected = (int(cpl), 2, 17, 20, int(wide_cpl), float(wide_cps), *NETFLIX_TIMES, "-")
    assert numbers(f"netflix-{name}") == expected


@pytest.mark.parametrize("name", style_names())
def test_netflix_alone_has_a_rule_for_shot_changes(name):
    assert style(name).shot_frames == (12 if name.startswith("netflix-") else 0)


@pytest.mark.parametrize("name", style_names())
def test_only_netflix_and_the_bbc_say_how_cues_stand_to_the_voice(name):
    guide = style(name)
    numbers = guide.late_ms, guide.early_ms, guide.straddle_ms
    if name.startswith("netflix-"):
        assert numbers == (83, 83, 0)
    else:
        assert numbers == ((2000, 1500, 500) if name.startswith("bbc") else (0, 0, 0))


@pytest.mark.parametrize("name", style_names())
def test_the_gap_is_of_frames_where_the_guide_has_it_so(name):
    others = {"ard": 1, "ard-children": 1, "dutch": 3}
    others |= dict.fromkeys(("arte", "bbc", "bbc-upright", "subtitle-edit", "vertical"), 0)
    assert style(name).gap_frames == others.get(name, 2)


def test_no_style_is_missing_from_these_tables():
    names = {line.split()[0] for line in TABLE.split("\n") if line}
    kinds = ("", "-children", "-sdh", "-sdh-children")
    tags = [line.split()[0] for line in NETFLIX.split("\n") if line]
    names |= {f"netflix-{tag}{kind}" for tag in (*tags, "en") for kind in kinds}
    names |= {f"netflix-{line.split()[0]}" for line in WIDE.split("\n") if line}
    assert set(style_names()) == names


@pytest.mark.parametrize("name", style_names())
def test_every_number_has_a_source_and_what_is_unverified_says_so(name):
    guide = style(name)
    assert [rule for rule, _ in guide.marks] == list(RULES)
    assert {mark for _, mark in guide.marks} <= MARKS.keys()
    told = {"arte": "SE", "amazon": "SE", "subtitle-edit": "SE", "teletext": "G", "une": "G"}
    assert guide.mark("cpl") == told.get(name, guide.mark("cpl"))


def test_titles_are_not_given_twice():
    titles = [guide.title for guide in Styles()]
    assert len(set(titles)) == len(titles) == len(style_names())


def test_reasons_say_the_number_in_words_where_they_name_a_limit():
    words = {4: "Four", 7: "Seven", 9: "Nine", 11: "Eleven", 12: "Twelve", 13: "Thirteen"}
    words |= {14: "Fourteen", 15: "Fifteen", 17: "Seventeen", 18: "Eighteen", 20: "Twenty"}
    words |= {22: "Twenty-two", 23: "Twenty-three", 25: "Twenty-five"}
    for guide in Styles():
        for rule in ("cps_error", "wide_cps"):
            reason = guide.reason(rule)
            if " is the limit " in reason:
                assert reason.startswith(f"{words[getattr(guide, rule)]} "), guide.name


def test_a_style_with_a_base_is_the_base_but_for_what_it_says():
    text = 'name = "x"\ntitle = "X"\nbase = "bbc"\n[cpl]\nvalue = 30\nreason = "Narrow."\n'
    guide, bbc = load_style(text), style("bbc")
    assert (guide.cpl, guide.reason("cpl"), guide.mark("cpl")) == (30, "Narrow.", "")
    assert (guide.min_ms, guide.source, guide.mark("min_ms")) == (300, bbc.source, "BBC")


def test_dutch_and_finnish_have_a_dash_before_the_second_speaker_only():
    alone = {name for name in style_names() if style(name).dashes == 1}
    kinds = ("", "-children", "-sdh", "-sdh-children")
    assert alone == {"dutch", *(f"netflix-{tag}{kind}" for tag in ("nl", "fi") for kind in kinds)}
