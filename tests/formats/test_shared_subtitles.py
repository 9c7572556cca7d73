"""Files that other people and other programs made, against what they say should be read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import srt as srt_oracle
import webvtt

from granite_studio.core.captions import Block, Captions
from granite_studio.core.errors import FormatError
from granite_studio.formats import Content, load, srt, vtt
from granite_studio.formats.base import Source
from granite_studio.formats.cue_settings import Settings, parse
from granite_studio.formats.markup import plain

AGAINST_THE_W3C = {
    "vttjs/cue-settings/position/position-start-align.vtt": "the W3C now says line-left",
    "vttjs/cue-times/fraction-digits.vtt": "a short fraction is forgiven here, as webvtt-py does",
    "vttjs/cue-times/min-top-digits.vtt": "wpt/timings-too-long.vtt says minutes have two digits",
    "vttjs/integration/id.vtt": "wpt/arrows.vtt says that a cue may follow a lone arrow",
}
"""Expectations that cannot apply. The regions of vtt.js are those of an old draft, so they are
not compared either. The W3C's expectations hold no settings at all (every cue has the default
ones) and regions without names: settings are in a test of their own, regions are counted."""


@pytest.fixture
def subtitles(shared_data: Path) -> Path:
    return shared_data / "subtitles"


def said(captions: Captions) -> list[tuple[str, int, int, str]]:
    return [(cue.id, cue.start, cue.end, cue.text) for cue in captions.cues]


def placed(captions: Captions) -> list[tuple[object, ...]]:
    return [
        (
            settings.align,
            settings.size,
            "auto" if settings.line is None else settings.line,
            settings.line_align,
            settings.snap,
            "auto" if settings.position is None else settings.position,
            settings.vertical,
        )
        for settings in (parse(cue.settings) for cue in captions.cues)
    ]


def said_in_json(cue: dict[str, Any]) -> tuple[str, int, int, str]:
    start, end = ("start", "end") if "start" in cue else ("startTime", "endTime")
    return cue["id"], round(cue[start] * 1000), round(cue[end] * 1000), cue["text"]


def placed_in_json(cue: dict[str, Any]) -> tuple[object, ...]:
    """The settings as vtt.js names them, "middle" in the W3C's word of today."""
    names = ("align", "size", "line", "lineAlign", "snapToLines", "position", "vertical")
    return ("center" if cue["align"] == "middle" else cue["align"], *(cue[n] for n in names[1:]))


def read_vtt(path: Path) -> Captions:
    return vtt.read(Source(path.read_bytes(), path.name))


def sheets(captions: Captions, kind: str) -> int:
    """How many of these blocks count: those in front of the first cue."""
    count = 0
    for item in captions.items:
        if not isinstance(item, Block):
            break
        count += item.kind == kind
    return count


def test_the_w3cs_files_are_read_as_the_w3c_says(subtitles: Path) -> None:
    files = sorted((subtitles / "wpt").glob("*.vtt"))

    for path in files:
        expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
        if not expected["signature_ok"]:
            with pytest.raises(FormatError):
                read_vtt(path)
            continue
        captions = read_vtt(path)
        assert said(captions) == [said_in_json(cue) for cue in expected["cues"]], path.name
        assert sheets(captions, "STYLE") == expected["stylesheets"], path.name
        assert sheets(captions, "REGION") == len(expected["regions"]), path.name

    assert len(files) == 26


def test_settings_are_understood_as_the_w3c_tests_demand(subtitles: Path) -> None:
    def parsed(name: str) -> list[Settings]:
        return [parse(cue.settings) for cue in read_vtt(subtitles / "wpt" / name).cues]

    assert [settings.align for settings in parsed("settings-align.vtt")] == [
        *("center", "start", "center", "end", "left", "right"),
        *("end", "end", "end", "end", "end", "end", "center"),
    ]
    assert [settings.vertical for settings in parsed("settings-vertical.vtt")] == [
        *("", "lr", "rl", "lr", "", "", "", "")
    ]
    assert [settings.region for settings in parsed("settings-region.vtt")] == [
        *("foo", "bar", "bar", "invalid", "foo", "", "", "", "")
    ]
    assert parsed("settings-multiple.vtt") == [
        Settings("lr", 1, False, "start", 25, size=50, align="start"),
        Settings("rl", 1, True, "start", 100, size=0),
    ]


def test_cue_text_reads_as_the_w3c_says(subtitles: Path) -> None:
    """The trees of tags are a browser's business; what a viewer reads is ours."""
    cases = []
    for path in sorted((subtitles / "wpt" / "cue-text").glob("*.dat")):
        for case in path.read_text("utf-8").split("#data\n")[1:]:
            data, _, tree = case.partition("\n#errors\n#document-fragment\n")
            cases.append((unescaped(data), "".join(re.findall(r'"(.*)"', unescaped(tree)))))

    for data, text in cases:
        file = f"WEBVTT\n\n00:00.000 --> 00:01.000\n{data}\n"
        (cue,) = vtt.read(Source(file.encode("utf-8"))).cues
        assert plain(cue.text).replace("\n", "\\n") == text

    assert len(cases) == 39


def unescaped(text: str) -> str:
    """The escapes of these files, but for line ends inside expected text."""
    text = re.sub(r"\\u([0-9A-F]{4})", lambda match: chr(int(match.group(1), 16)), text)
    text = text.replace("\\x00", "\0")
    return text if text.startswith("| ") else text.replace("\\n", "\n")


def test_vtt_js_files_are_read_as_vtt_js_says(subtitles: Path) -> None:
    files = sorted((subtitles / "vttjs").rglob("*.json"))
    disagreed = set()

    for path in files:
        captions = read_vtt(path.with_suffix(".vtt"))
        cues = json.loads(path.read_text("utf-8"))["cues"]
        if [said(captions), placed(captions)] != [
            [said_in_json(cue) for cue in cues],
            [placed_in_json(cue) for cue in cues],
        ]:
            disagreed.add(path.with_suffix(".vtt").relative_to(subtitles).as_posix())

    assert disagreed == set(AGAINST_THE_W3C)
    assert len(files) == 73


def test_vtt_js_files_without_expectation_hold_what_can_be_seen_in_them(subtitles: Path) -> None:
    texts: dict[str, list[str]] = {}
    settings = set()
    for path in sorted((subtitles / "vttjs").rglob("*.vtt")):
        if not path.with_suffix(".json").exists():
            try:
                captions = read_vtt(path)
            except FormatError:
                texts.setdefault("refused", []).append(path.name)
                continue
            texts.setdefault(" ".join(cue.text for cue in captions.cues), []).append(path.name)
            if path.parent.parent.name == "cue-settings":
                settings |= {parse(cue.settings) for cue in captions.cues}

    assert {text: len(names) for text, names in texts.items()} == {
        "refused": 4,
        "Text": 23,
        "": 28,
        "Payload": 3,
        "text": 2,
        "Test": 1,
    }
    assert settings == {parse("")}  # every setting in them is faulty


def test_every_webvtt_file_comes_back_whole_and_webvtt_py_agrees(subtitles: Path) -> None:
    read, refused = 0, []
    for path in sorted(subtitles.rglob("*.vtt")):
        try:
            captions = read_vtt(path)
        except FormatError:
            refused.append(path.relative_to(subtitles).as_posix())
            continue
        file = vtt.write(Content(captions=captions))
        assert [
            (cue.start, cue.end, cue.text, cue.id, parse(cue.settings))
            for cue in vtt.read(Source(file)).cues
        ] == [
            (cue.start, cue.end, cue.text, cue.id, parse(without_arrows(cue.settings)))
            for cue in captions.cues
        ]
        assert [
            (cue.raw_text, cue.identifier or "")
            for cue in webvtt.from_string(file.decode()).captions
        ] == [(cue.text, cue.id) for cue in captions.cues], path
        read += 1

    assert read == 171
    assert refused == [
        "ttconv/vtt/invalid/bad-signature.vtt",
        "vttjs/file-layout/blank-file-with-bom.vtt",
        "vttjs/file-layout/bom-garbage-data.vtt",
        "vttjs/file-layout/newline-before-webvtt.vtt",
        "vttjs/file-layout/tab-after-bom-before-header.vtt",
        "webvttpy/invalid.vtt",
        "wpt/empty.vtt",
        "wpt/signature-formfeed.vtt",
        "wpt/signature-invalid.vtt",
        "wpt/signature-missing-whitespace.vtt",
        "wpt/signature-partial.vtt",
        "wpt/signature-two-boms.vtt",
    ]


def without_arrows(settings: str) -> str:
    return " ".join(token for token in settings.split() if "-->" not in token)


COUNTS = {
    "aeneas/sonnet001.srt": 15,
    "astisub/example-in.srt": 6,
    "astisub/example-in-html-entities.srt": 3,
    "astisub/example-out.srt": 6,
    "astisub/example-out-html-entities.srt": 3,
    "astisub/missing-sequence-in.srt": 6,
    "cdown/ascii.srt": 3,
    "mantas/srt_for_public_interface_test.srt": 2,
    "robust/arrow_variants.srt": 4,
    "robust/dots_for_commas.srt": 3,
    "robust/long_line.srt": 2,
    "robust/no_final_newline.srt": 3,
    "robust/overlapping_and_unsorted.srt": 3,
    "robust/tags_and_entities.srt": 3,
    "robust/unicode_line_separators.srt": 2,
    "subtitleedit/test2.srt": 2,
    "ttconv/srt/extended-tags.srt": 1,
    "webvttpy/missing_timeframe.srt": 4,
    "webvttpy/sample.srt": 5,
}


def test_every_subrip_file_gives_its_cues_and_comes_back_whole(subtitles: Path) -> None:
    counts, refused = {}, []
    for path in sorted(subtitles.rglob("*.srt")):
        name = path.relative_to(subtitles).as_posix()
        try:
            captions = load(path)
        except FormatError:
            refused.append(name)
            continue
        assert isinstance(captions, Captions)
        file = srt.write(Content(captions=captions))
        again = srt.read(Source(file)).cues
        fields = ("start", "end", "text", "alignment", "coordinates")
        assert [[getattr(cue, field) for field in fields] for cue in again] == [
            [getattr(cue, field) for field in fields] for cue in captions.cues
        ]
        assert len(list(srt_oracle.parse(file.decode()))) == len(captions.cues)
        if not name.startswith("encodings/"):
            counts[name] = len(captions.cues)

    assert counts == COUNTS
    assert refused == [
        "robust/binary_named.srt",
        "webvttpy/invalid_format1.srt",
        "webvttpy/invalid_format3.srt",
    ]


def test_go_astisub_rewrites_its_files_as_we_read_them(subtitles: Path) -> None:
    def cues(name: str) -> list[tuple[int, int, str]]:
        captions = load(subtitles / "astisub" / name)
        assert isinstance(captions, Captions)
        return [(cue.start, cue.end, cue.text) for cue in captions.cues]

    assert cues("example-in.srt") == cues("example-out.srt") == cues("missing-sequence-in.srt")
    assert cues("example-in-html-entities.srt") == cues("example-out-html-entities.srt")
    assert cues("example-in.vtt") == cues("example-out.vtt") == cues("example-in-non-utf8.vtt")


@pytest.mark.parametrize("hint", [True, False])
def test_old_encodings_are_read_like_their_references(subtitles: Path, hint: bool) -> None:
    files = sorted((subtitles / "encodings").glob("*.srt"))

    for path in files:
        reference = path.with_name(f"{path.name}.utf8.txt").read_bytes()
        assert load(path, language=path.name[:2] if hint else "") == srt.read(Source(reference))

    assert len(files) == 9


def test_pictures_of_subtitles_are_refused(subtitles: Path) -> None:
    data = (subtitles / "subtitleedit" / "sample_VodSub_nonStandardLength.sub").read_bytes()

    for reader in (srt, vtt):
        with pytest.raises(FormatError, match="is not a text file"):
            reader.read(Source(data, "x.srt"))
