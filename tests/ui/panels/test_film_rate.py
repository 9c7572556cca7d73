"""Subtitles of the window keep to the frames of the film, once its rate is known."""

from granite_studio.core.shots import Film
from granite_studio.core.styles import style
from granite_studio.core.timing import RATES, snap


def test_the_style_is_made_for_the_rate_of_the_film_as_long_as_it_is_known(subtitles):
    subtitles.set_style(style("netflix-en"))
    assert subtitles.style.gap_ms == 83
    subtitles.set_film(Film((900_000,), RATES["25"]))
    assert subtitles.style.gap_ms == 80
    assert subtitles.guide == style("netflix-en")
    edges = [edge for cue in subtitles.cues for edge in (cue.start, cue.end)]
    assert edges != []
    assert all(snap(edge, RATES["25"]) == edge for edge in edges)
    subtitles.set_film(Film((900_000,), RATES["50"]))
    assert subtitles.style.gap_ms == 40
    subtitles.set_film(None)
    assert subtitles.style == style("netflix-en")
