"""The quality report as a page and as a table, with texts that strangers wrote."""

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.cues import Cue
from granite_studio.core.errors import FormatError
from granite_studio.core.quality import faults, quality
from granite_studio.core.styles import load_style, style
from granite_studio.formats import report

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table></body></html>",
    "<!-- ]]> &lt;b&gt; &#0; -->",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
    "\u202eevil\u0007\u0000 \x1b[31m",
    "=HYPERLINK(1)",
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "figure",
    "figcaption", "span", "ul", "li", "b", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Page(HTMLParser):
    """What tags and texts a page has; a tag that is not closed in its order is a mistake."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(data.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def judged(*texts, guide=None):
    guide = guide or style()
    cues = [
        Cue(1, 2, 1000 * n, 1000 * n + 400, tuple(text.split("\n")), fixed=True)
        for n, text in enumerate(texts)
    ]
    return quality(cues, guide, faults(cues, guide))


def test_a_page_says_what_there_is_to_say():
    page = Page(report.write_html(judged("No.", "x" * 50), title="a.srt", date="2026-11-21"))
    said = " ".join(" ".join(page.texts).split())
    assert "a.srt 2026-11-21 2 cues, 00:00:00 on screen: 4 errors and 0 warnings" in said
    assert "0 % of the cues break no rule." in said
    assert "Style: General, 42 characters by 2 lines" in said
    assert "Shortest time: 2 errors, the worst first" in said
    assert "A line of 50 characters, 42 allowed." in said
    assert style().reason("cpl") in said


def test_a_page_without_cues_or_faults_is_a_page():
    assert "There are no cues." in Page(report.write_html(judged(), title="x")).texts
    good = judged("Yes.", guide=load_style(LENIENT))
    assert "100 % of the cues break no rule." in "".join(
        Page(report.write_html(good, title="x")).texts
    )


LENIENT = """name = "x"\ntitle = "X"\nbase = "general"
[min_ms]\nvalue = 0\nreason = "None."\n[cps_error]\nvalue = 900\nreason = "None."
"""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    said = text.translate(dict.fromkeys(range(32)))
    head = f"name = 'x'\nbase = 'general'\ntitle = '''{said}'''\n"
    guide = load_style(f"{head}[min_ms]\nvalue = 900\nreason = '''{said}'''")
    page = Page(report.write_html(judged(text, text * 9, guide=guide), title=text, date=text))
    assert set(page.tags) <= ALLOWED
    assert page.tags.count("style") == 1
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for _, value in page.attributes if "alert" in value or "url" in value]
    shown = "".join("\ufffd" if sign < " " else sign for sign in text)
    assert page.texts.count(shown) >= 2
    assert said in page.texts


def test_a_page_loads_and_runs_nothing():
    data = report.write_html(judged("No."), title="x").decode()
    assert "default-src 'none'" in data
    for word in ("http:", "https:", "url(", "@import", "<script", "<link", "src="):
        assert word not in data


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=20))
def test_any_text_makes_a_sound_page_and_a_sound_table(texts, title):
    made = judged(*texts)
    assert set(Page(report.write_html(made, title=title)).tags) <= ALLOWED
    rows = list(csv.DictReader(io.StringIO(report.write_csv(made).decode(), newline="")))
    assert len(rows) == len(made.faults)


def test_a_table_has_a_row_for_each_finding_the_worst_first():
    made = judged("=1+1", "x" * 50, "y" * 60)
    rows = list(csv.DictReader(io.StringIO(report.write_csv(made).decode())))
    assert [row["rule"] for row in rows] == [fault.rule for fault in made.faults]
    assert [row["text"][0] for row in rows if row["rule"] == "cpl"] == ["y", "x"]
    assert "'=1+1" in [row["text"] for row in rows]


@pytest.mark.parametrize("name", ["out.txt", "out", "html"])
def test_another_ending_is_told(name):
    with pytest.raises(FormatError, match=r"use \.html or \.csv\.$"):
        report.writer_for(Path(name))


def test_an_ending_may_be_in_capitals():
    assert report.writer_for(Path("A.HTML")) is report.write_html
