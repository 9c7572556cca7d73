"""Write README.md beside itself: what the JSON files of the other scripts say, in one table.

python resources/benchmarks/table.py
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCRIPTS = (
    *("start", "opening", "peaks", "timeline", "typing_speed"),
    *("formats", "cues", "speech", "workers", "merge", "pipeline", "long_recording"),
    *("draft_speech", "interchange"),
)
Row = tuple[str, str, str, str, str, bool | None]
"""Id, what, goal, figure, ratio; and whether the goal is met, None where there is none."""

HEAD = """# What was measured

Each script here makes its own input from a seed, lets ours and a floor or a peer take turns in one
run, and writes its figures beside itself; `table.py` makes this page of them. None of them is a
test. Figures are medians. The machine has two cores and no GPU, and others worked on it too; there
was no screen, so Qt painted offscreen where nothing else is said. Only ratios mean anything on
another machine.
"""

NOTES = """
What misses its goal, and why it is left so for now:

- **All of an hour's MP3.** Each block is mixed to mono in a way that keeps its level, in a process
  of its own with limits, and drawn while it grows. The peer is the plainest loop that decodes and
  resamples. The first screen does not wait for any of that.
- **Peaks from samples** are made second by second as they are decoded; that is a hundredth of the
  time that decoding takes.
- **Our text surface against Qt's.** It draws names, times and marks, and lays out what is on show
  with Python; a bare QPlainTextEdit does nothing of the kind. Both are far below a frame.
- **Padding of large batches.** Windows of like length are taken out of a pool of eight batches, or
  an hour, so that text still comes in order. In an hour there are too few windows for batches of
  32: sorting all of them would not reach the goal either.
- **TTML and ASS.** pysubs2 keeps the fields of an ASS line as they stand, and of TTML text, times
  and italics. Ours makes of both what every other format is made of, with speakers, colours and
  places, and brings back what it read.
- **A single key in the whole window** may take a little longer than a frame: it came while
  the cues of 100,000 words were being cut again, which happens twice a second at most.
"""

ENGINES = """
## The Granite engines

`granite-studio bench engines` on random weights of the true size: **speed, and nothing of what
they hear**. RTFx is seconds of sound by seconds of work; "stock" is transformers' `generate` on
the same weights in the same run. **No GPU was at hand: CUDA, CUDA graphs, flash-attn, MPS and
batches of a GPU's size were never run.** The goals (three times stock on a GPU, NAR at 3,600 times
real time on an H200) are open. Our encoder works on whole blocks of 4 s, so that a window comes
out the same whatever it is heard with: one of 10 s costs as much as 12 s.

| device | model | stage | windows at once | RTFx | ours to this |
|---|---|---|---|---|---|
"""

LONG = """
## A long recording

Unseen sentences in several voices, with silences, noise and changes of level, through the program
with the tiny models of the tests. **They know some 430 words and say nothing of IBM's models**;
what counts is that windows, seams, times and names hold for all of it.

| what | figure |
|---|---|
"""

INTERCHANGE = """
## Files of other programs

Real files of libraries' test suites and of other tools, none of them part of the project, read as
`convert` does. "Came back" had the same times and words after it was written in its own format and
read again. What was refused, and the sentence that said why, is in `interchange.json`: files of
several recordings, texts without times, results of another library's tests, broken files. An STL
file with subtitles over one another comes back as what is on screen at each moment, and so does
not count.

| folder | files | of no format of ours | refused | read | came back |
|---|---|---|---|---|---|
"""

DRAFT = """
## The draft engine

`granite-studio transcribe --engine draft` and `granite-studio evaluate` on English recordings
that are not part of the project. **This is PocketSphinx with its small English model. It says
nothing of IBM Granite Speech.** Word starts are those of words that were heard right; DER forgives
0.25 s around each boundary of the reference; "-" is what no reference tells. Times of 0 ms say
that the reference's times were made by the same recogniser.

| recording | seconds | words | WER | median word start | within 100 ms | WDER | DER |
|---|---|---|---|---|---|---|---|
"""


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def start() -> list[Row]:
    found, rows = read("start"), list[Row]()
    for screen, title in (("offscreen", "offscreen"), ("xvfb", "under Xvfb")):
        for kind, told in found.get(screen, {}).items():
            what = f"start, {kind}, {title}: first painted window"
            figure = f"{told['ours_s']:.2f} s; all panels after {told['furnished_s']:.2f} s"
            ratio = f"{told['ratio']:.2f} of a bare Qt window"
            rows.append(("B1", what, "at most 4 of it", figure, ratio, told["met"]))
    stages = {
        "furnished": "with all panels",
        "opened_drawn_played": "after a recording was played",
    }
    for key, stage in stages.items():
        told = found["contents"][key]
        heavy = ", ".join(told["heavy"]) or "none"
        what = (
            "torch, transformers, av, onnxruntime, pocketsphinx, pandas, scipy in the window's "
            f"process, {stage}"
        )
        rows.append(("B2", what, "none", heavy, "", not told["heavy"]))
    furnished, played = (found["contents"][key]["rss_mb"] for key in stages)
    figure = f"{furnished:.0f} MB; {played:.0f} MB after a recording was played"
    rows.append(("B2", "memory, with all panels", "150 MB", figure, "", furnished <= 150))
    return rows


def sound() -> list[Row]:
    told, peaks = read("opening")["hour_of_mp3"], read("peaks")
    cold, pcm = told["without_a_ready_reader"], peaks["hour_from_pcm"]
    shares = (told["complete_to_decode_and_resample"], peaks["complete_to_decode_and_resample"])
    plain, memory = "of decoding and resampling alone", told["memory_open_mb"]
    mb = peaks["ten_hours"]["memory_bytes"] / 1e6
    first = f"{told['full_screen_s']:.2f} s (slowest {told['full_screen_slowest_s']:.2f} s)"
    late = f"{cold['full_screen_s']:.2f} s (slowest {cold['full_screen_slowest_s']:.2f} s)"
    again = f"{told['again_s']:.3f} s; {told['again_in_a_new_window_s']:.3f} s in a new window"
    hour = "one-hour MP3 opened in the window"
    return [
        ("B3", f"{hour}: first full screen of its wave", "0.5 s", first, "", told["met"]),
        ("B3", "the same right at the start of the program", "0.5 s", late, "", cold["met"]),
        ("B3", f"{hour}: opened again", "0.1 s", again, "", told["again_met"]),
        ("B3", f"{hour}: memory of the window", "300 MB", f"{memory:.0f} MB", "", memory <= 300),
        (
            *("B3", f"{hour}: all of its wave", "1.1 of it", f"{told['complete_s']:.1f} s"),
            *(f"{shares[0]:.2f} {plain}", shares[0] <= 1.1),
        ),
        (
            *("B3", "all of its wave, without a window", "1.1 of it"),
            *(f"{peaks['complete_s']:.1f} s", f"{shares[1]:.2f} {plain}", shares[1] <= 1.1),
        ),
        (
            *("B4", "peaks of an hour from its samples", "1.2 of it"),
            f"{pcm['ours_us'] / 1000:.0f} ms",
            f"{pcm['ratio']:.2f} of numpy's minima and maxima in one go",
            pcm["ratio"] <= 1.2,
        ),
        ("B4", "peaks of ten hours in memory", "12 MB", f"{mb:.1f} MB", "", mb <= 12),
    ]


def frames() -> list[Row]:
    """Over all zooms, from 10 s to 10 h on show."""
    rows = list[Row]()
    for kind in ("scroll", "zoom"):
        spans = [by[kind] for by in read("timeline")["frames"].values()]
        ours = [span["timeline"] for span in spans]
        scan, curve = (
            max(span["timeline"]["median_ms"] / span[peer]["median_ms"] for span in spans)
            for peer in ("scan", "curve")
        )
        slowest = max(span["max_ms"] for span in ours)
        figure = (
            f"{max(span['median_ms'] for span in ours):.1f} ms, p95 "
            f"{max(span['p95_ms'] for span in ours):.1f} ms, slowest {slowest:.1f} ms"
        )
        what = f"{kind} through 10 h, 100,000 words and 20,000 cues: a frame, at the worst zoom"
        ratio = (
            f"{scan:.2f} of scanning the wave alone by columns, {curve:.2f} of pyqtgraph's curve"
        )
        rows.append(("B5", what, "16 ms", figure, ratio, slowest < 16))
    return rows


def keys() -> list[Row]:
    rows = list[Row]()
    for count, told in read("typing_speed")["words"].items():
        words, ours = f"{int(count):,} words", told["ours"]
        what = f"key to painted letter, transcript and its project, {words}"
        is_met = ours["p95_ms"] <= 8 and ours["max_ms"] <= 16
        rows.append(("B6", what, "p95 8 ms, slowest 16 ms", _times(ours), "", is_met))
        plain, rich = told["alone_to_plain"], told["alone_to_rich"]
        is_long = count == "200000"
        goal = "1.5 of QPlainTextEdit" + (", 0.25 of QTextEdit" if is_long else "")
        ratio = f"{plain:.2f} of QPlainTextEdit, {rich:.2f} of QTextEdit"
        is_met = plain <= 1.5 and (rich <= 0.25 or not is_long)
        rows.append(
            ("B6", f"the text surface alone, {words}", goal, _times(told["alone"]), ratio, is_met)
        )
    told = read("opening")["project"]
    window, words = told["window"], f"{told['words']:,} words"
    ratio = f"{told['window_to_plain']:.1f} of a bare window with a QPlainTextEdit"
    is_met = window["median_ms"] < 16 and window["p95_ms"] < 16
    what = f"key to painted letter, the whole window, {words}, {told['findings']:,} findings"
    rows.append(("B6", what, "median and p95 16 ms", _times(window), ratio, is_met))
    seconds = told["open_to_editable_s"]
    figure = (
        f"{seconds:.2f} s; its cues after {told['open_to_cues_s']:.1f} s, "
        f"with no stop longer than {told['longest_work_while_opening_s']:.2f} s"
    )
    rows.append(("", f"project of {words} opened, to editable", "1 s", figure, "", seconds <= 1))
    return rows


def _times(told: dict[str, float]) -> str:
    median, most, slowest = (told[name] for name in ("median_ms", "p95_ms", "max_ms"))
    return f"{median:.1f} ms, p95 {most:.1f} ms, slowest {slowest:.1f} ms"


def others() -> list[Row]:
    rows: list[Row] = [
        (line["id"], line["what"], str(line["goal"]), "", str(line["ratio"]), line["met"])
        for line in read("formats")["results"]
    ]
    rows += [
        (line["id"], line["what"], line["goal"], line["figure"], line["ratio"], line["met"])
        for line in read("cues")["results"]
    ]
    speech, cancel = read("speech"), read("workers")["cancel_ms"]["p95"]
    ratio, is_same = speech["ours_to_package_sequence"], all(speech["equal_to_ours"].values())
    fast, best = speech["times_real_time"]["ours"], "of the package's quickest way, same spans"
    is_met = ratio <= 1 and is_same
    return [
        *rows,
        ("B13", "speech detection", "1", f"{fast} times real time", f"{ratio:.2f} {best}", is_met),
        ("B22", "cancel in a child process, p95", "2 s", f"{cancel:.2f} ms", "", cancel <= 2000),
    ]


def merging() -> list[Row]:
    seams, voices = read("merge")["seams"], read("merge")["voices"]
    hour, lost = seams["an_hour_ms"], seams["words_lost"]
    false = {name: lost[name] + count for name, count in seams["words_doubled"].items()}
    what = f"words lost or doubled at {seams['seams']:,} forced cuts that overlap by 2 s"
    peers = f"difflib {false['difflib']}, by time alone {false['time_alone']}"
    figure, ratio = f"{hour['ours']:.0f} ms", f"{hour['ours'] / hour['difflib']:.0f} of difflib"
    rows: list[Row] = [
        ("B15", what, "0", str(false["ours"]), peers, not false["ours"]),
        ("B15", "the seams of an hour", "50 ms", figure, ratio, hour["ours"] <= 50),
    ]
    ours, crossed = (voices["ms"][name] for name in ("ours", "ours_with_turns_that_overlap"))
    what = f"{voices['words']:,} words given to {voices['turns']:,} turns by time"
    figure = f"{ours / 1000:.2f} s; {crossed / 1000:.2f} s where turns overlap"
    ratio = f"{voices['ours_to_sweep']:.2f} of a plain sweep"
    return [*rows, ("B17", what, "0.3 s", figure, ratio, max(ours, crossed) <= 300)]


def hearing() -> list[Row]:
    found = read("pipeline")
    rows = list[Row]()
    for name, told in found["overhead"].items():
        what = f"{found['minutes']} min heard by an engine that sleeps, {name}"
        figure = f"{told['wall_s']:.1f} s; first words after {told['first_words_s']:.1f} s"
        ratio = f"{told['wall_to_ideal']:.2f} of the longer of reading alone and the engine alone"
        goal, is_met = "1.15 of the ideal", told["wall_to_ideal"] <= 1.15
        rows.append(("B18", what, goal, figure, ratio, is_met))
    for row in found["padding"]:
        what = f"padding in batches of {row['batch']}, windows of {row['longest_s']} s at most"
        came, least = (f"{100 * row[key]:.1f} %" for key in ("as_they_come", "all_sorted"))
        ratio = f"{came} as they come, {least} if all were sorted"
        figure = f"{100 * row['pipeline']:.1f} %"
        rows.append(("B19", what, "3 %", figure, ratio, row["pipeline"] <= 0.03))
    return rows


def table() -> str:
    text = "\n| id | what | goal | figure | ratio | met |\n|---|---|---|---|---|---|\n"
    measured = (start, sound, frames, keys, others, merging, hearing)
    for *cells, is_met in [row for rows in measured for row in rows()]:
        text += f"| {' | '.join(str(cell) for cell in cells)} | {_MET[is_met]} |\n"
    return text


_MET = {True: "yes", False: "**no**", None: ""}


def runs() -> str:
    """How, when and on what each script ran last."""
    text = "\n| command | run on | machine |\n|---|---|---|\n"
    for name in SCRIPTS:
        found = read(name)
        text += f"| `{found['command']}` | {found['date']} | {found['machine']} |\n"
    return text


def engines() -> str:
    text = ENGINES
    for told in read("engines").values():
        for name in ("nar", "base", "plus"):
            for row in told[name]["rows"]:
                ratio = _none_or(row["times_stock"], "{:.2f}")
                cells = (told[name]["device"], name, row["stage"], row["batch"])
                text += f"| {' | '.join(map(str, cells))} | {row['rtfx']:.2f} | {ratio} |\n"
        text += f"\n`{told['command']}`, {told['date']}, {told['machine']}.\n"
    return text


def long_recording() -> str:
    found, text = read("long_recording"), LONG
    torn, lost, added = (found[key] for key in ("words_torn", "lost_at_seams", "added_at_seams"))
    rows = [
        ("recording", f"{found['seconds']:.0f} s, {found['words']:,} words, seed {found['seed']}"),
        ("windows", f"{found['windows']}, of them {found['forced_cuts']} cut by force"),
        ("words that no window holds whole", torn),
        ("words lost, and words doubled, at the seams of windows", f"{len(lost)}, {len(added)}"),
        ("killed and resumed: the same words", _MET[found["resumed_is_equal"]]),
    ]
    for name in ("granite-nar", "granite-plus", "granite-plus, speakers carried"):
        told = found[name]
        late = f"{told['time_error_median_ms']:.0f} ms, p90 {told['time_error_p90_ms']:.0f} ms"
        wrong = f"{_percent(told['wrong_at_boundaries'])}, {_percent(told['wrong_elsewhere'])}"
        rows += [
            (f"tiny {name}: words wrong beside a boundary, and elsewhere", wrong),
            (f"tiny {name}: word times are wrong by", late),
            (f"tiny {name}: memory of the engine's process", f"{told['engine_mb']} MB"),
            (f"tiny {name}: from a cold start to the first text", f"{told['first_text_s']} s"),
        ]
        if "right_speaker" in told:
            apart = _percent(told["right_if_named_anew_in_each_window"])
            right = f"{_percent(told['right_speaker'])}; {apart} if named anew in each window"
            rows.append((f"tiny {name}: words given to who said them", right))
    return text + "".join(f"| {what} | {figure} |\n" for what, figure in rows)


def interchange() -> str:
    text = INTERCHANGE
    for name, told in read("interchange")["folders"].items():
        sums: dict[str, Counter[str]] = {}
        for row in told["rows"]:
            counts = {key: row[key] for key in row if key not in ("folder", "ending")}
            sums.setdefault(row["folder"], Counter()).update(counts)
        for folder, count in sorted(sums.items()):
            kinds = ("files", "of no format", "refused", "read", "came back")
            cells = " | ".join(str(count[kind]) for kind in kinds)
            text += f"| {name}/{folder} | {cells} |\n"
    return text


def draft() -> str:
    found, text = read("draft_speech"), DRAFT
    for name, told in found["folders"].items():
        for row in found["rows"]:
            if row["folder"] == name:
                text += _draft_line(row)
        wer, wder, der = (told[key] for key in ("wer", "wder", "der_forgiving"))
        start = told["word_starts_median_ms"]
        text += (
            f"| **{name}, all** | {told['seconds']:.1f} | | {_percent(wer)} "
            f"| {_none_or(start, '{:.0f} ms')} | | {_percent(wder)} | {_percent(der)} |\n"
        )
    return text


def _draft_line(row: dict[str, Any]) -> str:
    words, times = row["words"] or {}, (row["word_times"] or {}).get("starts") or {}
    wrong, turns = row["wrong_speaker"] or {}, row["diarisation_forgiving"] or {}
    cells = (
        *(row["recording"], f"{row['seconds']:.1f}", _none_or(words.get("total"), "{}")),
        *(_percent(words.get("rate")), _none_or(times.get("median_ms"), "{:.0f} ms")),
        *(_percent(times.get("within_100")), _percent(wrong.get("rate"))),
        _percent(turns.get("rate")),
    )
    return f"| {' | '.join(cells)} |\n"


def _percent(share: float | None) -> str:
    return _none_or(share if share is None else 100 * share, "{:.1f} %")


def _none_or(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def main() -> None:
    text = HEAD + table() + NOTES + engines() + long_recording() + interchange() + runs() + draft()
    (FOLDER / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
