"""Word error rate of the draft engine on English recordings with reference texts.

    python resources/benchmarks/draft_wer.py FOLDER

FOLDER holds recordings named `en_*`, each with its words in a `.txt` of the same name. Every
recording goes through `granite-studio transcribe` and `evaluate`, as a person would run them.
Writes `draft_wer.json` beside itself: errors by recording and over all words, and the speed.
The figures are those of PocketSphinx and say nothing of Granite.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

MEDIA = (".flac", ".wav", ".mp3", ".m4a", ".opus")


def main() -> None:
    folder = Path(sys.argv[1])
    recordings = sorted(
        path
        for path in folder.glob("en_*")
        if path.suffix in MEDIA and path.with_suffix(".txt").exists()
    )
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in recordings:
            out = Path(scratch) / "heard.json"
            run = ("transcribe", str(path), "-o", str(out), "--json")
            summary = json.loads(_granite_studio(*run, allowed=(0, 1)))
            scored = _granite_studio("evaluate", str(out), str(path.with_suffix(".txt")), "--json")
            score = json.loads(scored)
            seconds = summary["duration_ms"] / 1000
            rows.append({"recording": path.name, "seconds": seconds, **score})
            print(f"{path.name:36} {seconds:6.1f} s  WER {100 * score['wer']:5.1f} %")
    words = sum(row["words"] for row in rows)
    errors = sum(row["substitutions"] + row["deletions"] + row["insertions"] for row in rows)
    report = {
        "command": "python resources/benchmarks/draft_wer.py FOLDER",
        "date": datetime.now(UTC).date().isoformat(),
        "engine": "Draft (PocketSphinx, English)",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "recordings": len(rows),
        "seconds": round(sum(row["seconds"] for row in rows), 1),
        "words": words,
        "wer": round(errors / words, 4),
        "rows": rows,
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")
    print(f"{len(rows)} recordings, {words} words: WER {100 * errors / words:.1f} %")


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
