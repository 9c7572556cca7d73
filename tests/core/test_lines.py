"""Words on lines, measured by all the text of their cue."""

import pytest

from granite_studio.core.lines import Ruler
from granite_studio.core.measure import is_wide, lengths
from granite_studio.core.styles import style


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Tokyo 東京"], [8]),
        (["OK", "東京へ行く"], [1, 5]),
        (["NHKの", "番組です"], [2.5, 4]),
        (["I said 東京", "and 大阪"], [9, 6]),
        (["…", "—"], [1, 1]),
        ([], []),
    ],
)
def test_all_lines_of_a_cue_are_measured_by_one_rule(
    lines: list[str], expected: list[float]
) -> None:
    assert lengths(lines) == expected


def test_signs_and_dashes_do_not_say_of_what_kind_a_text_is() -> None:
    assert is_wide("-AI 東京都!!!!")
    assert not is_wide("-AI is 東京。。。。")
    assert not is_wide("♪♪")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東京都立中央図書館の開館時間", ["東京都立中央図書館の開館時", "間"]),
        ("東京都立中央図書館の開館時。", ["東京都立中央図書館の開館", "時。"]),
        ("東京都立中央図書館の開館時。」", ["東京都立中央図書館の開館", "時。」"]),
        ("東京都立中央図書館の開館「時", ["東京都立中央図書館の開館", "「時"]),
        ("東京都立中央図書館の開館 NHK", ["東京都立中央図書館の開館", "NHK"]),
        ("。" * 14, ["。" * 13, "。"]),
    ],
)
def test_a_long_full_width_word_is_cut_where_signs_allow(text: str, expected: list[str]) -> None:
    ruler = Ruler(text.split(), style("netflix-ja"))
    assert ruler.scale(wide=True).chopped(text) == expected


def test_a_word_longer_than_a_line_has_one_of_its_own() -> None:
    words = ["we", "saw", "Donaudampfschifffahrtsgesellschaftskapitän", "there"]
    guide = style("vertical")
    ruler = Ruler(words, guide)
    assert ruler.lines(0, 3, [40, 18, 18, 0], 2) == ["we saw", words[2]]
    faults = {last: band[5] for band in ruler.bands(0) for last in range(*band[:2])}
    assert faults == {0: 0, 1: 0, 2: 1}


def test_in_full_width_text_such_a_word_shares_lines() -> None:
    words = ["私は", "独立行政法人日本学術振興会長", "の", "人です。"]
    ruler = Ruler(words, style("netflix-ja"))
    lines = ruler.lines(0, 4, [18, 18, 18, 0], 2)
    assert lines == ["私は独立行政法人日本学術振", "興会長の人です。"]
    assert not any(band[5] for band in ruler.bands(0))
