"""The draft engine on recordings with references: its words, its speakers and its times.

    python resources/benchmarks/draft_speech.py FOLDER...

A folder holds English recordings, and beside each its reference under the same name: `.stm`,
`.ctm` or `.txt`, and, where there are any, `.rttm` for who speaks when and `.ctm` or `.words.json`
(a list of `{"w", "start", "end"}`, seconds) for when each word is said. Names that begin with the
code of another language (`de_`, or `mul_` for several) are left out. Every recording goes through
`granite-studio transcribe --engine draft` and `granite-studio evaluate`, as a person would run
them. Writes `draft_speech.json` beside itself: what was measured of each recording, and of each
folder. The figures are those of PocketSphinx and say nothing of Granite.
"""

from __future__ import annotations

import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MEDIA = (".flac", ".wav", ".mp3", ".m4a", ".opus")
FOREIGN = re.compile(r"(?!en_)(?:[a-z]{2}|mul)_")
FEWEST_WORDS = 3
"""Of fewer nothing is said: to the normaliser a row of spoken digits is one number, one word."""


def main() -> None:
    rows = []
    for folder in map(Path, sys.argv[1:]):
        for path in sorted(folder.iterdir()):
            if path.suffix not in MEDIA or FOREIGN.match(path.name):
                continue
            if reference := _reference(path):
                rows.append(_measured(path, reference))
                print(_line(rows[-1]), flush=True)
                _write(rows)


def _write(rows: list[dict[str, Any]]) -> None:
    """After each recording: hearing them all takes a while."""
    folders = dict.fromkeys(row["folder"] for row in rows)
    report = {
        "command": "python resources/benchmarks/draft_speech.py FOLDER...",
        "date": datetime.now(UTC).date().isoformat(),
        "engine": "Draft (PocketSphinx, English)",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "folders": {name: _sum(row for row in rows if row["folder"] == name) for name in folders},
        "rows": rows,
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")


def _measured(path: Path, reference: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "heard.json"
        run = ("transcribe", str(path), "-o", str(out), "--engine", "draft", "--json")
        summary = json.loads(_granite_studio(*run, allowed=(0, 1)))
        against = ["evaluate", str(out), str(reference), "--language", "en", "--json"]
        if turns := _beside(path, (".rttm",)):
            against += ["--rttm", str(turns)]
        if words := _word_times(path, Path(scratch)):
            against += ["--words", str(words)]
        found = json.loads(_granite_studio(*against))
        speakers = len(json.loads(out.read_text(encoding="utf-8")).get("speakers", ()))
    if found["words"] and found["words"]["total"] < FEWEST_WORDS:
        found["words"] = found["speaker_words"] = None
    return {
        "folder": path.parent.name,
        "recording": path.name,
        "seconds": summary["duration_ms"] / 1000,
        "speakers_heard": speakers,
        **found,
    }


def _reference(path: Path) -> Path | None:
    """What was said; or who spoke when, where no file says just that."""
    text = path.with_suffix(".txt")
    # Lines such as "spk1: and so it begins" are no text to count words with.
    is_plain = text.exists() and not re.match(r"\w+: ", text.read_text(encoding="utf-8"))
    plain = (".txt",) if is_plain else ()
    return _beside(path, (".stm", ".ctm", *plain, ".rttm"))


def _beside(path: Path, endings: Iterable[str]) -> Path | None:
    return next(filter(Path.exists, map(path.with_suffix, endings)), None)


def _word_times(path: Path, scratch: Path) -> Path | None:
    """A file of word times that `evaluate` can read."""
    if found := _beside(path, (".ctm",)):
        return found
    source = path.with_suffix(".words.json")
    if not source.exists():
        return None
    read = json.loads(source.read_text(encoding="utf-8"))
    made = scratch / "words.ctm"
    lines = (
        f"a 1 {word['start']} {word['end'] - word['start']:.3f} {word['w']}\n"
        for word in (read["words"] if isinstance(read, dict) else read)
    )
    made.write_text("".join(lines), encoding="utf-8")
    return made


def _sum(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Rates over all the folder's words and speech; word times as medians over recordings."""
    told = list(rows)
    starts = [row["word_times"]["starts"] for row in told if row["word_times"]]
    return {
        "recordings": len(told),
        "seconds": round(sum(row["seconds"] for row in told), 1),
        "speakers_heard": any(row["speakers_heard"] for row in told),
        "wer": _rate(told, "words", ("substitutions", "deletions", "insertions"), "total"),
        "cer": _rate(told, "characters", ("substitutions", "deletions", "insertions"), "total"),
        "cpwer": _rate(told, "speaker_words", ("errors",), "words"),
        "wder": _rate(told, "wrong_speaker", ("wrong",), "words"),
        "der": _rate(told, "diarisation", _DER, "speech_ms"),
        "der_forgiving": _rate(told, "diarisation_forgiving", _DER, "speech_ms"),
        "missing_speech": _rate(told, "missing_speech", ("missing_ms",), "speech_ms"),
        "word_starts_median_ms": statistics.median(s["median_ms"] for s in starts)
        if starts
        else None,
    }


_DER = ("missed_ms", "false_alarm_ms", "confused_ms")


def _rate(rows: list[dict[str, Any]], measure: str, errors: Iterable[str], of: str) -> Any:
    """The share over the recordings it was measured of; None where it was of none."""
    there = [row[measure] for row in rows if row[measure]]
    total = sum(found[of] for found in there)
    wrong = sum(found[part] for found in there for part in errors)
    return round(wrong / total, 4) if total else None


def _line(row: dict[str, Any]) -> str:
    shares = (
        ("WER", row["words"]),
        ("WDER", row["wrong_speaker"]),
        ("DER", row["diarisation"]),
    )
    told = "  ".join(f"{name} {100 * found['rate']:5.1f} %" for name, found in shares if found)
    return f"{row['recording']:34} {row['seconds']:6.1f} s  {told}"


def _granite_studio(*arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "granite_studio", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode not in allowed:
        sys.exit(shown.stderr)
    return shown.stdout


if __name__ == "__main__":
    main()
