"""Letters that fit the picture."""

import pytest

from granite_studio.core.looks import LARGE, MEDIUM, SMALL, fitted

USUAL = "a" * 42


@pytest.mark.parametrize("size", [SMALL, MEDIUM])
def test_usual_lines_fit_a_wide_picture(size: float) -> None:
    assert fitted(size, [USUAL, "short"], width=1920, height=1080) == size


def test_letters_give_way_where_the_longest_line_has_no_room() -> None:
    size = fitted(LARGE, ["short", USUAL], width=1920, height=1080)
    assert SMALL < size < LARGE
    upright = fitted(MEDIUM, [USUAL], width=1080, height=1920)
    assert upright * 1920 * 42 * 0.55 == pytest.approx(0.9 * 1080)


def test_full_width_letters_need_twice_the_room() -> None:
    latin = fitted(1, ["aaaaaaaaaa"], width=1920, height=1080)
    full = fitted(1, ["\u3042" * 10], width=1920, height=1080)
    assert full == pytest.approx(latin * 0.55)


def test_nothing_to_show_needs_no_room() -> None:
    assert fitted(LARGE, [], width=90, height=160) == LARGE
    assert fitted(LARGE, [""], width=90, height=160) == LARGE
