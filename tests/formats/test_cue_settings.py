"""Cue settings: understood like a browser, and turned into places and back."""

from granite_studio.formats.cue_settings import Settings, numpad_of, parse, settings_of


def test_settings_are_read_in_any_order_and_the_last_one_wins() -> None:
    assert parse(
        "align:end line:1,center position:10%,line-left size:35% align:start"
    ) == Settings(
        line=1,
        line_align="center",
        position=10,
        position_align="line-left",
        size=35,
        align="start",
    )


def test_nonsense_is_passed_over() -> None:
    text = "align:middle line:1.% line:--1 line:101% size:50 position:-1% vertical:RL region: foo"

    assert parse(text) == Settings()


def test_a_line_in_percent_does_not_count_rows() -> None:
    assert parse("line:10%") == Settings(line=10, snap=False)
    assert parse("line:-2") == Settings(line=-2)


def test_a_region_needs_a_cue_without_a_place_of_its_own() -> None:
    assert parse("region:left").region == "left"
    assert parse("region:left line:1").region == ""


def test_every_place_survives_a_way_through_settings() -> None:
    assert [numpad_of(settings_of(place)) for place in range(1, 10)] == [
        *(1, None, 3, 4, 5, 6, 7, 8, 9)
    ]


def test_places_follow_position_where_align_says_nothing() -> None:
    assert numpad_of("position:10%") == 1
    assert numpad_of("line:0 position:90%") == 9
    assert numpad_of("vertical:rl line:0") is None
