"""Measure the Granite engines with random weights of their true size: speed, and nothing else.

    python resources/benchmarks/engines.py [--device cpu] [--batch 1] [--seconds 10]

Runs `granite-studio bench engines --random` for NAR, base and Plus, each in a process of its own,
with transformers' own `generate` on the same weights beside base and Plus. A model takes 9 GB of
memory on a processor, 5 GB on a GPU. Writes `engines.json` beside itself, under the device's name.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MODELS = ("nar", "base", "plus")
TARGET = Path(__file__).with_suffix(".json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", default="1")
    parser.add_argument("--seconds", default="10")
    parser.add_argument("--repeats", default="3")
    asked = parser.parse_args()
    options = [f"--{name}={value}" for name, value in vars(asked).items()]
    report: dict[str, Any] = {
        "command": " ".join(["python resources/benchmarks/engines.py", *options]),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }
    for name in MODELS:
        bench = [sys.executable, "-m", "granite_studio", "bench", "engines", "--random", name]
        told = subprocess.run([*bench, *options, "--json"], check=True, stdout=subprocess.PIPE)
        report[name] = json.loads(told.stdout)
        print(f"{name}: {report[name]}", flush=True)
    known = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    known[asked.device] = report
    TARGET.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
