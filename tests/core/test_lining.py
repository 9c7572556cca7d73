"""Lining up what two engines wrote."""

from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.lining import Unit, units

texts = st.lists(
    st.sampled_from(["a", "b", "twenty", "one", "21", "web", "site", "website", "-", "don't"]),
    max_size=12,
)


def lined(ours: str, theirs: str, language: str = "en") -> list[str]:
    """Every unit: "web site = website", or "sea / see" where they differ."""
    one, two = ours.split(), theirs.split()
    return [
        f"{' '.join(one[o1:o2])} {'=' if same else '/'} {' '.join(two[t1:t2])}".strip()
        for same, o1, o2, t1, t2 in units(one, two, language)
    ]


def test_only_what_sounds_otherwise_differs() -> None:
    assert lined("The cold sea.", "the cold see") == ["The = the", "cold = cold", "sea. / see"]


def test_words_written_together_and_apart_are_the_same() -> None:
    assert lined("a web site here", "the website here") == [
        "a / the",
        "web site = website",
        "here = here",
    ]
    assert lined("Donau Dampfer fahren", "Donaudampfer fahren", "de") == [
        "Donau Dampfer = Donaudampfer",
        "fahren = fahren",
    ]


def test_a_number_in_words_stands_for_its_digits() -> None:
    assert lined("press twenty one now", "press 21 now") == [
        "press = press",
        "twenty one = 21",
        "now = now",
    ]


def test_half_of_a_word_is_not_the_same() -> None:
    assert lined("well then", "well-known then") == ["well / well-known", "then = then"]


def test_what_only_one_has_stands_against_nothing() -> None:
    assert lined("so it is", "it is not") == ["so /", "it = it", "is = is", "/ not"]
    assert lined("", "it") == ["/ it"]
    assert units([], [], "en") == []


def test_signs_alone_belong_to_the_word_before_them() -> None:
    assert lined("yes - no", "yes no") == ["yes - = yes", "no = no"]


@settings(deadline=None)
@given(texts, texts)
def test_units_cover_both_texts_without_a_hole(ours: list[str], theirs: list[str]) -> None:
    found = units(ours, theirs, "en")
    o = t = 0
    was_same = True
    for unit in found:
        assert unit.same or was_same
        was_same = unit.same
        assert (unit.o1, unit.t1) == (o, t)
        assert unit.o2 >= o
        assert unit.t2 >= t
        assert (unit.o2, unit.t2) > (o, t)
        o, t = unit.o2, unit.t2
    assert (o, t) == (len(ours), len(theirs))


def test_a_unit_is_a_plain_tuple() -> None:
    assert units(["a"], ["a"], "en") == [Unit(True, 0, 1, 0, 1)]
