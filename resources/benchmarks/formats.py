"""Measure SRT and WebVTT against pysubs2, srt and webvtt-py: speed on 50,000 cues, and loss.

Run it as a script, with pysubs2 installed beside the development packages; it writes formats.json
beside itself. All take turns in every round on the same seeded cues; a ratio is the median over
the rounds. Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysubs2
import srt
import webvtt

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.formats import Content, Source, by_name, dump
from granite_studio.formats.markup import plain

SEED = 20261121
WORDS = (
    *("the", "harbour", "was", "cold", "and", "nobody", "knew", "why", "ships", "had", "gone"),
    *(
        "away",
        "before",
        "dawn",
        "Überraschung",
        "señor",
        "東京",
        "naïve",
        "it's",
        "1,000",
        "well-",
    ),
    *("known", "(laughs)", "really?"),
)
NASTY = (
    *(
        "-->",
        "->",
        "--",
        "\n",
        "\n\n",
        " ",
        "\t",
        "42",
        "1\n",
        "00:00:01",
        "{",
        "}",
        "\\",
        "&",
        "<",
    ),
    *("00:00:01,000 --> 00:00:02,000", "\n\n2\n00:00:03,000 --> 00:00:04,000\nmore\n"),
    *("00:00:01.000 --> 00:00:02.000", "<b>", "</b>", "<script>alert(1)</script>", "<v Anna>"),
    *("{\\p1}", "{\\an8}", "{ braces }", "\\N", "&amp;", "&lt;", "=cmd|' /C calc'!A0", "]]>"),
    *("WEBVTT", "NOTE", "STYLE", "\x01", "\x0b", "\x0c", "\x85", "\u2028", "\u202e", "\u2060"),
)
GOALS = {"write": 0.35, "read": 0.4}
SPAN = (timedelta(0), timedelta(seconds=1))

Lost = Callable[[str], bool]


def make_captions(cues: int) -> Captions:
    """Cues of one or two lines, every tenth in italics, some with entities; never overlapping."""
    chance = random.Random(SEED)
    made, reached = [], 0
    for number in range(cues):
        start = reached + chance.randint(80, 900)
        reached = start + chance.randint(800, 6000)
        lines = [
            " ".join(chance.choices(WORDS, k=chance.randint(3, 8)))
            for _ in range(chance.randint(1, 2))
        ]
        text = escape("\n".join(lines))
        text = f"<i>{text}</i>" if number % 10 == 0 else text
        made.append(Caption(start, reached, text + (" Q&amp;A" if number % 50 == 0 else "")))
    return Captions(tuple(made))


def programs(captions: Captions, name: str) -> dict[str, tuple[Callable[[], Any], ...]]:
    """For each program how it writes these cues and how it reads the file that we wrote."""
    content = Content(captions=captions)
    data = dump(name, content)
    text = data.decode()
    known = by_name(name)
    assert known.read is not None
    reader = known.read
    theirs = pysubs2.SSAFile.from_string(text, format_=name)
    table: dict[str, tuple[Callable[[], Any], ...]] = {
        "ours": (lambda: dump(name, content), lambda: reader(Source(data))),
        "pysubs2": (
            lambda: theirs.to_string(name),
            lambda: pysubs2.SSAFile.from_string(text, format_=name),
        ),
    }
    if name == "srt":
        cues = list(srt.parse(text))
        table["srt"] = (lambda: srt.compose(cues), lambda: list(srt.parse(text)))
    elif name == "vtt":
        file = webvtt.from_string(text)
        table["webvtt-py"] = (lambda: file.content, lambda: webvtt.from_string(text))
    return table


def seconds(act: Callable[[], Any]) -> float:
    gc.collect()
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measure_speed(captions: Captions, name: str, rounds: int) -> dict[str, Any]:
    table = programs(captions, name)
    taken: dict[str, dict[str, list[float]]] = {
        way: {program: [] for program in table} for way in GOALS
    }
    for _ in range(rounds):
        for number, way in enumerate(GOALS):
            for program, acts in table.items():
                taken[way][program].append(seconds(acts[number]))
    return {
        way: {
            "seconds": {p: round(statistics.median(times), 4) for p, times in by.items()},
            "ours_to": {
                program: round(
                    statistics.median(a / b for a, b in zip(by["ours"], times, strict=True)), 3
                )
                for program, times in by.items()
                if program != "ours"
            },
        }
        for way, by in taken.items()
    }


def hostile_texts(count: int) -> list[str]:
    chance = random.Random(SEED)
    texts = ("".join(chance.choices(NASTY, k=chance.randint(1, 6))) for _ in range(count * 2))
    return [text.strip() for text in texts if text.strip()][:count]


def lost_by_us(name: str) -> Lost:
    def is_lost(text: str) -> bool:
        known = by_name(name)
        assert known.read is not None
        cues = Captions((Caption(0, 1000, escape(text)), Caption(2000, 3000, "next")))
        read = known.read(Source(dump(name, Content(captions=cues))))
        assert isinstance(read, Captions)
        return [plain(cue.text) for cue in read.cues] != [text, "next"]

    return is_lost


def lost_by_pysubs2(name: str) -> Lost:
    def is_lost(text: str) -> bool:
        file = pysubs2.SSAFile()
        for start, said in ((0, text), (2000, "next")):
            event = pysubs2.SSAEvent(start, start + 1000)
            event.plaintext = said
            file.append(event)
        read = pysubs2.SSAFile.from_string(file.to_string(name), format_=name)
        return [event.plaintext.strip() for event in read] != [text, "next"]

    return is_lost


def lost_by_srt(text: str) -> bool:
    cues = [srt.Subtitle(1, *SPAN, text), srt.Subtitle(2, SPAN[1] * 2, SPAN[1] * 3, "next")]
    return [cue.content.strip() for cue in srt.parse(srt.compose(cues))] != [text, "next"]


def lost_by_webvtt(text: str) -> bool:
    file = webvtt.WebVTT()
    file.captions.append(webvtt.Caption("00:00:00.000", "00:00:01.000", text))
    file.captions.append(webvtt.Caption("00:00:02.000", "00:00:03.000", "next"))
    read = webvtt.from_string(file.content).captions
    return [cue.text.strip() for cue in read] != [text, "next"]


def measure_loss(count: int) -> dict[str, int]:
    """Of so many hostile texts, how many each program does not read back as it wrote them."""
    programs: dict[str, Lost] = {
        "ours srt": lost_by_us("srt"),
        "ours vtt": lost_by_us("vtt"),
        "pysubs2 srt": lost_by_pysubs2("srt"),
        "pysubs2 vtt": lost_by_pysubs2("vtt"),
        "srt": lost_by_srt,
        "webvtt-py": lost_by_webvtt,
    }
    return {name: sum(map(lost(act), hostile_texts(count))) for name, act in programs.items()}


def lost(act: Lost) -> Lost:
    """A program that gives up has lost the text too."""

    def is_lost(text: str) -> bool:
        try:
            return act(text)
        except Exception:  # noqa: BLE001 (whatever a foreign library raises)
            return True

    return is_lost


def table_lines(speed: dict[str, Any], loss: dict[str, int]) -> list[dict[str, Any]]:
    """One line of the results table for each thing measured."""
    lines: list[dict[str, Any]] = [
        {
            "id": "B9",
            "what": f"{way} {name}, times pysubs2",
            "ratio": measured[way]["ours_to"]["pysubs2"],
            "goal": goal,
            "met": measured[way]["ours_to"]["pysubs2"] <= goal,
        }
        for name, measured in speed.items()
        for way, goal in GOALS.items()
    ]
    ours = loss["ours srt"] + loss["ours vtt"]
    return [
        *lines,
        {"id": "B10", "what": "hostile texts lost", "ratio": ours, "goal": 0, "met": ours == 0},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cues", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--texts", type=int, default=1000)
    wanted = parser.parse_args()
    captions = make_captions(wanted.cues)
    speed = {name: measure_speed(captions, name, wanted.rounds) for name in ("srt", "vtt")}
    loss = measure_loss(wanted.texts)
    result = {
        "command": "python resources/benchmarks/formats.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "cues": wanted.cues,
        "rounds": wanted.rounds,
        "speed": speed,
        "hostile_texts": wanted.texts,
        "lost": loss,
        "results": table_lines(speed, loss),
    }
    text = json.dumps(result, indent=2)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
